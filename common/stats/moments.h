/* moments.h - mean, spread and form of a table value -> weight.
 *
 * All functions of stats/ take arrays in ascending order of value and compute in that order,
 * in double, so that the same table gives the same bits everywhere (the build forbids
 * contraction).  They know nothing of records, missing values or streams.  NaN is "not
 * defined"; double_format() prints it as an empty cell.
 */
#ifndef BELL_STATS_MOMENTS_H
#define BELL_STATS_MOMENTS_H

#include <stddef.h>

struct moments {
    double n; /* sum of the weights */
    double mean;
    double m2; /* central moments: sum of weight * (x - mean)^j, divided by n */
    double m3;
    double m4;
};

/* sum w x / sum w, taken from x[0] so that the mean of equal values is that value; NaN if the
 * weights sum to 0. */
double moments_mean(const double *x, const double *w, size_t count);
/* Moments about a mean that the caller knows (exactly, from integer sums). */
void moments_about(struct moments *moments, const double *x, const double *w, size_t count,
                   double mean);

/* Variance and standard deviation with divisor n - 1; NaN unless n > 1. */
double moments_variance(const struct moments *moments);
double moments_sd(const struct moments *moments);
/* g1 and g2, of the values as they are: m3 / m2^1.5 and m4 / m2^2 - 3.  NaN as below. */
double moments_plain_skewness(const struct moments *moments);
double moments_plain_kurtosis(const struct moments *moments);
/* G1 and G2 as Joanes and Gill (1998) name them; NaN unless n >= 4 and the values differ. */
double moments_skewness(const struct moments *moments);
double moments_kurtosis(const struct moments *moments);
/* Sarle's coefficient with the small-sample term of SAS; 5/9 for a uniform distribution.
 * High skewness alone raises it: it proves no second mode. */
double moments_bimodality(const struct moments *moments);

/* The same as sums, not divided by n: a state that can be added to another.  n = 0 is the empty
 * state, whatever else it holds. */
struct moment_sums {
    double n;
    double mean;
    double s2; /* sum of weight * (x - mean)^j */
    double s3;
    double s4;
};

struct moment_sums moments_sums(const struct moments *moments);
/* NaN but for n if n is 0. */
struct moments moments_of_sums(const struct moment_sums *sums);
/* Sums of both tables together (Pebay 2008).  Exact tables (value -> count) need it not: they are
 * merged as counts, without rounding. */
struct moment_sums moments_merge(const struct moment_sums *a, const struct moment_sums *b);

#endif
