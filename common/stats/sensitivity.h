/* sensitivity.h - how much readier to answer must some be before a conclusion no longer holds.
 *
 * Counts as counts_sum() has them, scores x as counts_scores(); n and N count people.
 */
#ifndef BELL_STATS_SENSITIVITY_H
#define BELL_STATS_SENSITIVITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The bands that are taken to answer gamma times as readily as the others. */
enum extremes { EXTREMES_BOTH, EXTREMES_LOW, EXTREMES_HIGH };

struct sweep_row {
    double gamma;
    double mean;
    double net;    /* balance_net() */
    bool feasible; /* gamma <= sweep_limit() */
};

/* The greatest gamma with which no band would have fewer people than answers:
 * (N - extremes) / others; infinity if nobody answered in the others.  NaN if N is NaN (not
 * known) or all counts are 0.  STATUS_DATA for a bad table or a bad N (coverage_of()). */
enum status sweep_limit(double *limit, const double *counts, size_t bands, enum extremes extremes,
                        double population, struct error *err) BELL_CHECK;

/* The population if the extremes answer gamma times as readily: counts weighed 1/gamma there, 1
 * elsewhere; its share of each band in shares[].  limit: from sweep_limit(); NaN makes every gamma
 * feasible.  NaN if all counts are 0.  STATUS_DATA for a bad table, STATUS_USAGE unless
 * 1 <= gamma < infinity. */
enum status sweep_at(struct sweep_row *row, double *shares, const double *x, const double *counts,
                     size_t bands, enum extremes extremes, double gamma, double limit,
                     struct error *err) BELL_CHECK;

/* Tipping points: the ratio of readiness at which the mean of the scores (any, as in selection.h)
 * reaches t.  Infinity if no ratio does it: the conclusion holds.  NaN if all counts are 0, or the
 * mean lies at t whatever the ratio.  Errors as for selection_bounds(), t being finite.
 *
 * Of the extremes, all else alike: - sum over extremes c (s - t) / sum over others c (s - t), if
 * that is 1 or more.  Bands are those of the scale, from its low to its high end. */
enum status tipping_extremes(double *gamma, const double *scores, const double *counts,
                             size_t bands, enum extremes extremes, double t,
                             struct error *err) BELL_CHECK;
/* Of any pattern, where selection_bounds() begin to hold t: sum over s > t of c (s - t) against
 * sum over s < t of c (t - s), the larger by the smaller.  "If any group were Gamma times readier
 * to answer, the sign could flip" (as the E-value of VanderWeele and Ding 2017). */
enum status tipping_any(double *gamma, const double *scores, const double *counts, size_t bands,
                        double t, struct error *err) BELL_CHECK;

#endif
