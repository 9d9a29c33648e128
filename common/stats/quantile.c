#include "stats/quantile.h"

#include <math.h>

#include "stats/ratio.h"

static uint64_t total_of(const uint64_t *counts, size_t count)
{
    uint64_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += counts[i];
    return n;
}

/* The value at rank (from 0) of the sorted records; *at goes on from where it was left. */
static int64_t value_at(const int64_t *values, const uint64_t *counts, size_t *at,
                        unsigned __int128 *before, unsigned __int128 rank)
{
    while (*before + counts[*at] <= rank)
        *before += counts[(*at)++];
    return values[*at];
}

double quantile_type7(const int64_t *values, const uint64_t *counts, size_t count,
                      struct probability p, int64_t unit)
{
    uint64_t n = total_of(counts, count);
    if (n == 0)
        return (double)NAN;
    unsigned __int128 place = (unsigned __int128)(n - 1) * p.num;
    unsigned __int128 rank = place / p.den;
    unsigned rest = (unsigned)(place % p.den);
    size_t at = 0;
    unsigned __int128 before = 0;
    int64_t low = value_at(values, counts, &at, &before, rank);
    if (rest == 0)
        return ratio(low, unit);
    int64_t high = value_at(values, counts, &at, &before, rank + 1);
    __int128 sum = (__int128)low * (p.den - rest) + (__int128)high * rest;
    return ratio(sum, (__int128)p.den * unit);
}

double quantile_type1(const int64_t *values, const uint64_t *counts, size_t count,
                      struct probability p, int64_t unit)
{
    uint64_t n = total_of(counts, count);
    if (n == 0)
        return (double)NAN;
    unsigned __int128 rank = ((unsigned __int128)n * p.num + p.den - 1) / p.den;
    size_t at = 0;
    unsigned __int128 before = 0;
    return ratio(value_at(values, counts, &at, &before, rank - 1), unit);
}

double quantile_weighted(const int64_t *values, const double *weights, size_t count,
                         struct probability p, int64_t unit)
{
    double all = 0;
    for (size_t i = 0; i < count; i++)
        all += weights[i];
    if (!(all > 0))
        return (double)NAN;
    double wanted = all * (double)p.num / (double)p.den;
    double near = 1e-12 * all;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(weights[i] > 0))
            continue;
        sum += weights[i];
        if (sum < wanted - near)
            continue;
        size_t next = i + 1;
        while (next < count && !(weights[next] > 0))
            next++;
        if (sum > wanted + near || next == count)
            return ratio(values[i], unit);
        return ratio((__int128)values[i] + values[next], 2 * (__int128)unit);
    }
    return (double)NAN; /* not reached: the last sum is all */
}

double quantile_of_weights(const int64_t *values, const unsigned __int128 *weights, size_t count,
                           struct probability p, bool nearest, int64_t unit)
{
    unsigned __int128 all = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        all += weights[i];
    for (size_t i = 0; i < count; i++) {
        sum += weights[i];
        if (weights[i] == 0 || sum * p.den < all * p.num)
            continue;
        if (nearest || sum * p.den > all * p.num)
            return ratio(values[i], unit);
        size_t next = i + 1; /* there is one, since p < 1 */
        while (weights[next] == 0)
            next++;
        return ratio((__int128)values[i] + values[next], 2 * (__int128)unit);
    }
    return (double)NAN; /* no weight at all */
}
