/* readiness.h - up to which ratio of readiness to answer a statement about everyone still holds,
 * chance allowed for.
 *
 *     struct readiness_part part = {scores, counts, bands, n_eff, worst};
 *     s = readiness_limit(&ratio, &part, 1, t, INTERVAL_Z95, err);
 *
 * The statement: the mean over the population of the scores (any figure of a band, as in
 * selection.h) is above t.  For "below t" give -scores and -t; for a difference of two groups give
 * the second with -scores, so that the sum of both means is above t.
 *
 * One part.  Nobody is more than R times as ready to answer as anybody else: the least mean that
 * the answers leave is above t if and only if the mean over the answers of
 *     Y = s - t where s > t,    R (s - t) where s < t
 * is above 0 (selection.h: the best weights change at t itself).  So the ratio at which a
 * statement begins to fail is U / D, with U and D the mean pull above and below t (tipping_any());
 * and as Y is an ordinary mean of the answers, chance is allowed for by the t-ratio of that mean:
 *     limit = largest R with mean(Y) >= z sd(Y) / sqrt(n)
 * which is Fieller's (1954) lower limit of U / D, in closed form.
 *
 * That alone would fail where few or none of the answers lie below t: no spread is seen, and chance
 * would count for nothing.  Therefore z^2 / 2 answers are added at the worst end of the scale, the
 * half of those that Agresti and Coull (1998) add to a share that can hurt.  Of samples of 30 in
 * which a statement is just false, up to all pass without them, and at z = 1.96 less than 2.5 %
 * with them (two bands, exactly; more bands, drawn: tests/unit/test_readiness.c).
 *
 * Two parts: each has a pattern of readiness of its own, of ratio R at most, and chance of its own.
 * The limit is where  L_1 + L_2 - z sqrt(v_1 + v_2)  comes down to t, L being the least mean at R
 * and v its variance, linearised at the weights that give it; found by a walk up a grid of ratios
 * and bisection.
 *
 * Weighted tables: counts are sums of weights, and n_eff says what they are worth (Kish).
 */
#ifndef BELL_ESTIMATES_READINESS_H
#define BELL_ESTIMATES_READINESS_H

#include <stddef.h>

#include "base/error.h"

struct readiness_part { /* all of it the caller's */
    const double *scores;
    const double *counts;
    size_t bands;
    double n_eff; /* answers that chance is reckoned with; at most the sum of unweighted counts */
    double worst; /* the least score that anybody can have, also where nobody answered so */
};

/* Above this a two-part limit is not looked for any further: it is READINESS_MAX. */
#define READINESS_MAX 1e6

/* 1 or 2 parts.  *limit: below 1, the statement may be chance even if all are equally ready (0: at
 * any ratio); INFINITY: it holds at any ratio.  STATUS_DATA for a bad table, or one without
 * answers. */
enum status readiness_limit(double *limit, const struct readiness_part *parts, size_t part_count,
                            double t, double z, struct error *err) BELL_CHECK;

/* The same without chance: where the bounds touch t.  Below 1: the statement is false of what came
 * in. */
enum status readiness_tip(double *tip, const struct readiness_part *parts, size_t part_count,
                          double t, struct error *err) BELL_CHECK;

#endif
