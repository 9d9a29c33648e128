#include "stats/shape.h"

#include <stdbool.h>

static bool ends_above(const double *c, size_t k)
{
    for (size_t i = 1; i + 1 < k; i++) {
        if (c[i] >= c[0] || c[i] >= c[k - 1])
            return false;
    }
    return true;
}

static bool never_falls(const double *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (c[i + 1] < c[i])
            return false;
    }
    return true;
}

static bool never_rises(const double *c, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (c[i + 1] > c[i])
            return false;
    }
    return true;
}

static bool is_bell(const double *c, size_t k)
{
    size_t peak = 0;
    for (size_t i = 1; i < k; i++) {
        if (c[i] > c[peak])
            peak = i;
    }
    return c[0] < c[peak] && c[k - 1] < c[peak] && never_falls(c, 0, peak) &&
           never_rises(c, peak, k - 1);
}

const char *shape_name(const double *c, size_t k, double n)
{
    if (k < SHAPE_BANDS_MIN || n < SHAPE_SCORED_MIN)
        return "";
    double least = c[0], most = c[0];
    for (size_t i = 0; i < k; i++) {
        least = c[i] < least ? c[i] : least;
        most = c[i] > most ? c[i] : most;
    }
    double first = c[0], last = c[k - 1];
    if (most <= 1.25 * least)
        return "flat";
    if (ends_above(c, k))
        return last >= 2 * first ? "J" : first >= 2 * last ? "reverse-J" : "U";
    if (never_falls(c, 0, k - 1) && last >= 2 * first)
        return "J";
    if (never_rises(c, 0, k - 1) && first >= 2 * last)
        return "reverse-J";
    return is_bell(c, k) ? "bell" : "other";
}
