#include "stats/selection_noise.h"

#include <math.h>

#include "stats/selection.h"

/* The scores from one end of their range (upwards, or downwards with side -1). */
struct ends {
    const double *scores;
    const double *counts;
    size_t bands;
    double from;
    double side;
    double range;
};

static double off_of(const struct ends *e, size_t band)
{
    return e->side * (e->scores[band] - e->from);
}

/* mean phi = a - b U while no score lies between two neighbours: sums over scores above and not
 * above `edge`. */
static void line_at(const struct ends *e, double gamma, double n, double edge, double *a, double *b)
{
    *a = *b = 0;
    for (size_t i = 0; i < e->bands; i++) {
        double w = off_of(e, i) > edge ? gamma : 1;
        *a += w * e->counts[i] * off_of(e, i) / n;
        *b += w * e->counts[i] / n;
    }
}

/* The greatest root U of (b U - a)^2 = k U (range - U); NaN: none. */
static double root_of(double a, double b, double k, double range)
{
    double square = b * b + k, half = a * b + k * range / 2;
    double inside = half * half - square * a * a;
    if (!(inside >= 0))
        return (double)NAN;
    return (half + sqrt(inside)) / square;
}

/* The greatest score below `than`; 0 if there is none. */
static double next_below(const struct ends *e, double than)
{
    double best = 0;
    for (size_t i = 0; i < e->bands; i++) {
        double off = off_of(e, i);
        if (off < than && off > best)
            best = off;
    }
    return best;
}

/* The limit as a distance from e->from; at least `bound`. */
static double limit_of(const struct ends *e, double gamma, double n, double z, double bound)
{
    double k = z * z * gamma / n, top = e->range;
    while (top > bound) {
        double bottom = next_below(e, top), a, b;
        line_at(e, gamma, n, bottom, &a, &b);
        double root = root_of(a, b, k, e->range);
        if (root >= bottom && b * root >= a && root > bound)
            return fmin(root, top);
        top = bottom;
    }
    return bound;
}

enum status selection_noise(struct interval *limits, const double *scores, const double *counts,
                            size_t bands, double gamma, struct interval range, double z,
                            struct error *err)
{
    enum status s = selection_bounds(limits, scores, counts, bands, gamma, err);
    if (s == STATUS_OK && !(z > 0))
        s = error_set(err, STATUS_DATA, "the quantile of a confidence is above 0, not %g", z);
    if (s != STATUS_OK || isnan(limits->low))
        return s;
    double n = 0;
    for (size_t i = 0; i < bands; i++)
        n += counts[i];
    const struct interval bounds = *limits;
    struct ends e = {scores, counts, bands, range.low, 1, range.high - range.low};
    double high = range.low + limit_of(&e, gamma, n, z, bounds.high - range.low);
    e.from = range.high;
    e.side = -1;
    double low = range.high - limit_of(&e, gamma, n, z, range.high - bounds.low);
    limits->high = fmax(bounds.high, fmin(high, range.high));
    limits->low = fmin(bounds.low, fmax(low, range.low));
    return STATUS_OK;
}
