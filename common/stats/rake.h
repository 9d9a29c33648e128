/* rake.h - weights that meet several margins at once.
 *
 *     struct rake_margin margins[] = {
 *         {.name = "age", .level = age_of_cell, .target = people_by_age, .levels = 6}, ...};
 *     struct rake_input in = {.counts = c, .cells = n, .margins = margins, .margin_count = 2};
 *     struct raked out;
 *     s = rake(&in, fitted, weights, &out, &err);
 *
 * A table is a list of cells: rows that have the same level in every margin, and the same base
 * weight.  Each margin says which of its levels a cell has, so that a joint margin (platform x
 * age) is one more margin over the same cells, and empty cells need not be listed.
 *
 * Deming and Stephan (1940): from fitted = counts * base weight, each margin in turn multiplies
 * the cells of a level by target / current, until no margin is off by RAKE_TOLERANCE of its total.
 * The weight of a row is base weight * fitted / (counts * base weight).
 *
 * A cell without rows stays 0, and so does one whose level has the target 0.  Raking removes only
 * what the margins explain.
 */
#ifndef BELL_STATS_RAKE_H
#define BELL_STATS_RAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stats/kish.h"

#define RAKE_TOLERANCE 1e-12 /* of a total: when to stop */
#define RAKE_SAME_TOTAL 1e-9 /* of a total: how far those of two margins may lie apart */
enum { RAKE_SWEEPS_MAX = 1000 };

struct rake_margin {                /* all of it the caller's */
    const char *name;               /* in messages; NULL: its number, from 1 */
    const char *const *level_names; /* see refuse.h; NULL: numbers */
    const size_t *level;            /* of each cell, below levels */
    const double *target;           /* of each level, in people (or any unit that all share) */
    size_t levels;
};

struct rake_input {             /* all of it the caller's */
    const double *counts;       /* rows of each cell */
    const double *base_weights; /* of the rows of each cell; NULL: 1 */
    const struct rake_margin *margins;
    size_t cells;
    size_t margin_count;
    bool rescale; /* margins of other totals are scaled to the total of the first */
};

struct raked {
    double total;    /* of the first margin */
    unsigned sweeps; /* over all margins */
    double off;      /* how far the worst level is off, over total */
    struct kish kish;
};

/* Fills fitted and weights (cells of them; NULL: not wanted).  STATUS_DATA, with the margin and
 * the level: no rows, counts or targets that are none, totals that differ, a level with a target
 * and without rows, no convergence within RAKE_SWEEPS_MAX (then nothing is filled that may be
 * used). */
enum status rake(const struct rake_input *in, double *fitted, double *weights, struct raked *out,
                 struct error *err) BELL_CHECK;

#endif
