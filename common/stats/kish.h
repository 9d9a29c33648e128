/* kish.h - what unequal weights cost.
 *
 * Kish's approximation (Survey Sampling, 1965): n_eff = (sum c w)^2 / sum c w^2, where c rows have
 * the weight w.  It holds where the weights have nothing to do with the answers; print it beside n
 * and the largest weight.
 */
#ifndef BELL_STATS_KISH_H
#define BELL_STATS_KISH_H

#include <stddef.h>

struct kish {
    double n;             /* rows: sum of the counts */
    double n_eff;         /* as many rows of equal weight; NaN if the weights sum to 0 */
    double max_over_mean; /* largest weight of a row over the mean weight; NaN likewise */
};

/* Weights and counts finite and not below 0; counts NULL: one row each. */
struct kish kish(const double *weights, const double *counts, size_t count);

#endif
