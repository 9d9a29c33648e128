/* quantile.h - quantiles of a table value -> count.
 *
 * Values are whole numbers in units of 1/unit (for bellpipe millionths), ascending; the result
 * is in units.  The probability is the fraction num/den, 0 < num < den, den <= 1000, so that
 * the place of the quantile is found in whole numbers and never depends on rounding.
 * NaN if the table is empty.
 */
#ifndef BELL_STATS_QUANTILE_H
#define BELL_STATS_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct probability {
    unsigned num;
    unsigned den;
};

/* Type 7 of Hyndman and Fan (1996): linear between the order statistics at (n - 1) p. */
double quantile_type7(const int64_t *values, const uint64_t *counts, size_t count,
                      struct probability p, int64_t unit);
/* Type 1, nearest rank: the smallest value with cumulative count >= n p. */
double quantile_type1(const int64_t *values, const uint64_t *counts, size_t count,
                      struct probability p, int64_t unit);
/* The smallest value with cumulative weight W >= p W; on equality (to 1e-12 of the sum of the
 * weights, since weights such as 1/3 are not exact) the mean of it and the next value. */
double quantile_weighted(const int64_t *values, const double *weights, size_t count,
                         struct probability p, int64_t unit);
/* The same on weights that are whole numbers (of any unit; their sum below 2^117), so that equality
 * is equality.  nearest: without the mean, as type 1; that of weights that are all equal is type 1.
 */
double quantile_of_weights(const int64_t *values, const unsigned __int128 *weights, size_t count,
                           struct probability p, bool nearest, int64_t unit);

#endif
