/* trim.h - weights kept between two limits, their total unchanged.
 *
 * As trimWeights(strict = TRUE) of R's package survey: weights beyond a limit are set to it, and
 * what that takes from the total is added in equal parts to the rows that were not beyond one; and
 * so on until none is.  A row that was set to a limit in an earlier round takes its part as well.
 * Smaller variance is bought with bias: trimming undoes part of the adjustment,
 * so say what it took.
 */
#ifndef BELL_STATS_TRIM_H
#define BELL_STATS_TRIM_H

#include <stddef.h>

#include "base/error.h"
#include "stats/kish.h"

struct trim_input { /* all of it the caller's */
    const double *weights;
    const double *counts; /* rows of each weight; NULL: one each */
    size_t count;
    double lower; /* 0: none */
    double upper; /* INFINITY: none */
};

struct trimmed {
    double total;      /* sum of the weights of all rows, before and after */
    double lost;       /* weight taken from rows that were above upper, given to others */
    double rows_upper; /* rows that were cut to upper in some round */
    double rows_lower; /* rows that were raised to lower in some round */
    unsigned rounds;   /* 0: all weights lay within the limits */
    struct kish before;
    struct kish after;
};

/* Fills weights (count of them; may be in->weights).  STATUS_DATA: weights or counts that are
 * none, no weight at all, an upper limit below the mean weight or a lower one above it (no weights
 * within them have that total), limits that leave no row, or too few, to take what
 * was cut off. */
enum status trim(const struct trim_input *in, double *weights, struct trimmed *out,
                 struct error *err) BELL_CHECK;

#endif
