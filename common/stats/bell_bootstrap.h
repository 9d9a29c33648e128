/* bell_bootstrap.h - how far chance alone moves the mean of a bell scenario.
 *
 * Parametric bootstrap: tables of as many answers are drawn from the fitted shares of the
 * answers, each is fitted again from where the first fit ended (at most 80 steps), and the
 * percentiles of their means are the limits (Efron and Tibshirani 1993, section 13).
 *
 * Like the limits of bell_fit.h these know nothing of the tilt and hold only if the assumptions
 * do: A SCENARIO, NEVER AN ESTIMATE.
 *
 *     struct random r;                                  // sampling/random.h
 *     random_seed(&r, seed);
 *     struct bell_draws draws = {next_of, &r, 500};     // next_of(p): random_next(p)
 *     s = bell_bootstrap(&boot, &fit, &data, &options, &draws, err);
 *
 * The generator comes from above, for stats/ lies below sampling/; the same seed gives the same
 * tables as long as the binomial numbers of GSL, from which they are made, stay the same.
 */
#ifndef BELL_STATS_BELL_BOOTSTRAP_H
#define BELL_STATS_BELL_BOOTSTRAP_H

#include <stdint.h>

#include "stats/bell_fit.h"

enum { BELL_DRAWS_MIN = 200 };

struct bell_draws {
    uint64_t (*next)(void *state); /* 64 even random bits */
    void *state;                   /* the caller's */
    size_t count;                  /* of tables, at least BELL_DRAWS_MIN */
};

struct bell_bootstrap {
    double se;              /* standard deviation of the means, divisor draws - 1 */
    struct interval limits; /* percentiles, type 7 of Hyndman and Fan (1996) */
    double at_bound;        /* part of the draws whose fit ended at the box: near 0, or distrust */
};

/* One table of n answers (cut to a whole number) over bands of probability q, which sums to 1.
 * Also for tests; counts has `bands` elements. */
void bell_draw(double *counts, const double *q, size_t bands, double n,
               const struct bell_draws *draws);

/* fit is what bell_fit() made of the same data and options.  Without a fit (NaN) every figure is
 * NaN.  STATUS_DATA: fewer than BELL_DRAWS_MIN draws, or 2^53 answers and more, which a count
 * cannot hold; STATUS_IO: no memory. */
enum status bell_bootstrap(struct bell_bootstrap *boot, const struct bell_fit *fit,
                           const struct bell_data *data, const struct bell_options *options,
                           const struct bell_draws *draws, struct error *err) BELL_CHECK;

#endif
