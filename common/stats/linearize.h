/* linearize.h - standard error of a mean under weights that margins were used for.
 *
 * From sums over cells (rake.h says what a cell is), as R's package survey has it for a simple
 * random sample.  A cell has n rows, sums Sy and Syy of y and y^2, base weights b, weights g that
 * the margins gave and final weights w (the same unless trimmed); r = w / g.  With
 *     Nhat = sum w n       m = sum w Sy / Nhat       e = r (Sy - n m)       a = 0
 * each level l of a margin adds to the a of its cells
 *     post-stratified:   sum b e / sum b n           once
 *     raked:             sum (e - n a) / sum n       10 times, margin by margin
 * and then
 *     S1 = sum g (e - n a)
 *     S2 = sum g^2 (r^2 (Syy - 2 m Sy + n m^2) - 2 a e + n a^2)
 *     V  = (1 - n/N) n/(n-1) (S2 - S1^2/n) / Nhat^2
 *
 * The rows are taken for a random sample: selection that the margins do not explain is not in it.
 */
#ifndef BELL_STATS_LINEARIZE_H
#define BELL_STATS_LINEARIZE_H

#include <stddef.h>

#include "base/error.h"
#include "stats/rake.h"

enum linearize_method {
    LINEARIZE_PLAIN,          /* weights that no margin was used for */
    LINEARIZE_POSTSTRATIFIED, /* one margin, the strata */
    LINEARIZE_RAKED
};

struct linearize_input {        /* all of it the caller's; arrays of cells numbers */
    const double *rows;         /* n_c */
    const double *sum;          /* Sy */
    const double *sum_squares;  /* Syy */
    const double *base_weights; /* NULL: 1 */
    const double *weights;      /* final: those of rake() or poststratify(), or trimmed */
    const double *untrimmed;    /* those before trim(); NULL: the same */
    size_t cells;
    const struct rake_margin *margins; /* only their levels are read, each in range (rake.h) */
    size_t margin_count;
    enum linearize_method method;
    double population; /* N; INFINITY: no correction for a finite population */
};

struct linearized {
    double mean;
    double se; /* NaN for one row, and where trimming raised a weight of 0 */
};

/* STATUS_DATA: rows or weights that are none, no weight at all, more rows than people, not one
 * margin for LINEARIZE_POSTSTRATIFIED. */
enum status linearize_mean(const struct linearize_input *in, struct linearized *out,
                           struct error *err) BELL_CHECK;

#endif
