#include "stats/balance.h"

#include <float.h>
#include <math.h>

/* The sum of two decimals is rounded: 0.4 lies in the middle of 0.1 and 0.7 all the same. */
static double side_of(const double *x, size_t bands, size_t band)
{
    double first = x[0], last = x[bands - 1];
    double away = (x[band] - first) - (last - x[band]);
    if (fabs(away) <= 4 * DBL_EPSILON * (fabs(first) + fabs(last)))
        return 0;
    return away > 0 ? 1 : -1;
}

void balance_scores(double *sides, const double *x, size_t bands)
{
    for (size_t i = 0; i < bands; i++)
        sides[i] = side_of(x, bands, i);
}

static double sum_of(const double *counts, size_t bands)
{
    double n = 0;
    for (size_t i = 0; i < bands; i++)
        n += counts[i];
    return n;
}

double balance_net(const double *x, const double *counts, size_t bands)
{
    double n = sum_of(counts, bands), above = 0, below = 0;
    if (bands < 2 || !(n > 0))
        return (double)NAN;
    for (size_t i = 0; i < bands; i++) {
        double side = side_of(x, bands, i);
        above += side > 0 ? counts[i] : 0;
        below += side < 0 ? counts[i] : 0;
    }
    return (above - below) / n;
}

double balance_polarity(const double *counts, size_t bands)
{
    double n = sum_of(counts, bands);
    return bands >= 2 && n > 0 ? (counts[0] + counts[bands - 1]) / n : (double)NAN;
}

double balance_high_end(const double *counts, size_t bands)
{
    double ends = bands >= 2 ? counts[0] + counts[bands - 1] : 0;
    return ends > 0 ? counts[bands - 1] / ends : (double)NAN;
}
