/* counts.h - is this a table of bands that statistics can be made of?
 *
 * A table of bands is an array of scores, strictly ascending, and an array of counts of the same
 * length (whole, or sums of weights).  Every estimator that can refuse looks at its table with
 * these, so that all say the same of the same fault, and name the band, from 1.
 */
#ifndef BELL_STATS_COUNTS_H
#define BELL_STATS_COUNTS_H

#include <stddef.h>

#include "base/error.h"

/* The sum of the counts in *n, which may be 0.  STATUS_DATA for fewer than 2 bands, a count below
 * 0 or not finite, a sum that is not finite. */
enum status counts_sum(const double *counts, size_t bands, double *n, struct error *err) BELL_CHECK;
/* STATUS_DATA for fewer than 2 bands, a score that is not finite or not above the one before. */
enum status counts_scores(const double *x, size_t bands, struct error *err) BELL_CHECK;
/* The same for scores in any order, such as 1 for one band and 0 for the others: finite. */
enum status counts_any_scores(const double *scores, size_t bands, struct error *err) BELL_CHECK;

#endif
