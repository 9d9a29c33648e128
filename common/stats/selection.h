/* selection.h - what the population can look like if some answer more readily than others.
 *
 * Scores are any figure of a band whose mean over the population is asked for: x for the mean,
 * balance_scores() for the net, 1 in one band and 0 in the others for its share.  They need not
 * ascend.  Counts as counts_sum() has them.  The bounds hold for the answers as they are: the
 * sampling error of a small n is not in them.  If all counts are 0, they are NaN.
 */
#ifndef BELL_STATS_SELECTION_H
#define BELL_STATS_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stats/interval.h"

/* STATUS_USAGE unless 1 <= gamma < infinity. */
enum status selection_check_ratio(double gamma, struct error *err) BELL_CHECK;

/* The least and the greatest mean if any member of the population is at most `gamma` times as
 * likely to answer as any other (Aronow and Lee 2013): over all weights between 1 and gamma,
 * which weigh one end of the scores by gamma and the rest by 1.  gamma = 1: the mean twice.
 * STATUS_DATA for a bad table, STATUS_USAGE unless 1 <= gamma < infinity. */
enum status selection_bounds(struct interval *bounds, const double *scores, const double *counts,
                             size_t bands, double gamma, struct error *err) BELL_CHECK;

/* The same, but readiness never rises towards the middle: weights are greatest in the middle band
 * (both middle bands, weighed alike, if bands is even) and never rise away from it.  Within
 * selection_bounds(); wrong where readiness grows from one end to the other.  Best is gamma
 * on a run of bands over the middle and 1 elsewhere.  bands^2 steps. */
enum status selection_ushape_bounds(struct interval *bounds, const double *scores,
                                    const double *counts, size_t bands, double gamma,
                                    struct error *err) BELL_CHECK;

/* How many of a population of N keep silent in each band, if its shares are these: N P - c.
 * *feasible is false if a band would have fewer people than answers.  NaN and false if all counts
 * are 0.  STATUS_DATA for a bad table or a bad N (coverage_of()), and for shares that are not
 * 0..1 or do not add up to 1 (to 1e-9). */
enum status selection_silent(double *silent, bool *feasible, const double *counts,
                             const double *shares, size_t bands, double population,
                             struct error *err) BELL_CHECK;

#endif
