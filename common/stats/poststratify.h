/* poststratify.h - strata of known size, weighted to their sizes.
 *
 *     struct poststratify_input in = {.counts = c, .population = sizes, .strata = h, .bands = k};
 *     struct poststratified out;
 *     s = poststratify(&in, weights, share, &out, &err);
 *
 * Holt and Smith (1979), conditional on the numbers of answers n_h.  W_h = N_h / N:
 *     share_k = sum_h W_h c_hk / n_h       w_h = N_h / n_h
 *     se^2    = sum_h W_h^2 s_h^2 / n_h (1 - n_h / N_h)       s_h^2 with n_h - 1
 * The standard error takes the answers of a stratum for a random sample of it.  It removes only
 * what differs between strata.
 *
 * Several margins that are crossed (platform and age) are one list of strata here; margins that
 * are known one by one are raked (rake.h).
 */
#ifndef BELL_STATS_POSTSTRATIFY_H
#define BELL_STATS_POSTSTRATIFY_H

#include <stddef.h>

#include "base/error.h"
#include "stats/kish.h"

struct poststratify_input {          /* all of it the caller's */
    const double *counts;            /* answers, stratum by stratum: strata x bands */
    const double *population;        /* N_h: people, not shares */
    const double *scores;            /* of the bands, ascending; NULL: 1..bands */
    const char *const *strata_names; /* see refuse.h; NULL: numbers */
    size_t strata;
    size_t bands;
};

struct poststratified {
    double population; /* N */
    double mean;
    double se; /* NaN if a stratum has one answer: its spread is not known */
    struct kish kish;
    double design_effect; /* n / n_eff: by how much the weights raise the variance */
};

/* Fills weights (strata of them: people for each answer) and share (bands of them).  A stratum of
 * 0 people and 0 answers has the weight 0.  STATUS_DATA: fewer than 2 bands, counts that are
 * none, nobody at all, more answers than people in a stratum, a stratum with people and without
 * answers (named: it must be joined with another). */
enum status poststratify(const struct poststratify_input *in, double *weights, double *share,
                         struct poststratified *out, struct error *err) BELL_CHECK;

#endif
