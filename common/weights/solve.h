/* solve.h - from counted cells to weights.
 *
 *     s = weight_solve(plan, cells, count, &solution, err);
 *     // cells are sorted, and each has its weight
 *     weight_solution_free(&solution);
 *
 * A cell is a combination of levels and a base weight, with the number of its records.  The weights
 * of all records of a combination are their base weights times one factor, which stats/rake.h finds
 * from the sums of base weights; with one margin its first sweep is post-stratification.  Targets
 * in shares are shares of the total: plan->total, else that of the first margin in people, else the
 * sum of base weights (so that weights are 1 in the mean).  With plan->total, targets in people are
 * brought to it as well.
 *
 * Bounds are multiples of the mean weight over all records.  Weights beyond them are refused, or
 * trimmed (stats/trim.h).  Then weights are rounded to millionths, half to even.
 */
#ifndef BELL_WEIGHTS_SOLVE_H
#define BELL_WEIGHTS_SOLVE_H

#include "stats/kish.h"
#include "stats/trim.h"
#include "weights/cells.h"

/* Of one record: so sums of weights and of their squares are exact. */
#define WEIGHT_MAX INT64_C(1000000)

struct weight_cell {
    struct cell_key key;
    uint64_t rows;
    int64_t weight; /* of each, in millionths */
};

/* What became of a level of a margin. */
struct weight_level {
    uint64_t rows;
    double target;    /* what its weights should add up to */
    double weighted;  /* what they do, before rounding */
    __int128 rounded; /* and after, in millionths */
};

struct weight_solution {
    uint64_t rows;
    size_t combinations;
    __int128 sum;                 /* of all weights, in millionths */
    uint64_t zero;                /* records of weight 0: a target of 0, or a base weight of 0 */
    double lowest;                /* smallest weight of a record over the mean weight */
    struct kish kish;             /* of the weights as they are written */
    unsigned sweeps;              /* of raking; 1 for post-stratification */
    double off;                   /* how far the worst level was then off, over the total */
    bool trimmed;                 /* some weight was beyond the bounds */
    struct trimmed trim;          /* if so */
    double rounding;              /* what rounding did to a level's sum of weights, at most */
    struct weight_level **levels; /* margin by margin, level by level */
    size_t margin_count;
};

/* STATUS_DATA, with margin and level or the combination: no records, a level with a target and
 * without records, more records than people, no convergence, weights beyond bounds, above
 * WEIGHT_MAX or too small to be written. */
enum status weight_solve(const struct weight_plan *plan, struct weight_cell *cells, size_t count,
                         struct weight_solution *solution, struct error *err) BELL_CHECK;
void weight_solution_free(struct weight_solution *solution);

/* A weight in millionths, half to even; -1: above WEIGHT_MAX. */
int64_t weight_round(double weight);

#endif
