/* bell_pooled.h - the bell scenario for several groups that answer in the same manner.
 *
 * Each group has a bell of its own (mu, sigma); the selection, the parameters of eta in
 * bell_model.h, is common to all, and the tilt is stated.  That gives a test even where the
 * bands of one group would leave none, but the same blind spot: A SCENARIO, NEVER AN ESTIMATE, and
 * all groups may share a selection that the model cannot see.
 *
 *     struct bell_group *groups = ...;      // one a group, the caller's
 *     const struct bell_pool pool = {.counts = counts, .groups = g, .bands = k, .model =
 * BELL_ENDS}; s = bell_pooled(&fit, groups, &pool, &options, err);
 *
 * Formulas: the likelihoods of the groups multiply; damped Fisher scoring as in bell_search.h, but
 * no step beyond 1.5, from the fit without selection and from common parameters 0 and 1; free
 * bands are groups (K - 1) less 2 groups less the common parameters.  The information has the
 * form of arrow.h, so time and memory grow as the number of groups.
 */
#ifndef BELL_STATS_BELL_POOLED_H
#define BELL_STATS_BELL_POOLED_H

#include "stats/bell_fit.h"

struct bell_pool {
    const double *counts; /* groups by bands, row by row */
    size_t groups;        /* at least 1 */
    size_t bands;
    enum bell_model model;
    double tilt;
};

struct bell_group {
    double mu; /* in bands */
    double sigma;
    double mean; /* of the population, in the unit of the scores */
    double se_mean;
    struct interval limits;
    double shares[BELL_BANDS_MAX];   /* of the population */
    double answered[BELL_BANDS_MAX]; /* of the answers, as the model expects them */
};

struct bell_pooled {
    size_t common;                          /* parameters that the groups share: 0, 1 or 2 */
    double lambda[BELL_PARAMETERS_MAX - 2]; /* these, in the order of bell_model.h */
    double se_lambda[BELL_PARAMETERS_MAX - 2];
    double loglik;
    struct bell_quality quality; /* reasons of any group refuse all: they share a fit */
};

/* out has pool->groups elements.  STATUS_DATA: what bell_fit() refuses (the error says which
 * group, from 1), no group, a group without answers; STATUS_IO: no memory.  With more
 * parameters than bands nothing is fitted: STATUS_OK, BELL_UNIDENT, every figure NaN. */
enum status bell_pooled(struct bell_pooled *fit, struct bell_group *out,
                        const struct bell_pool *pool, const struct bell_options *options,
                        struct error *err) BELL_CHECK;

#endif
