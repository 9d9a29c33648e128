/* balance.h - answers above against answers below the middle, and at the ends, of bands.
 *
 * Scores x ascend strictly; the middle is (x_1 + x_K) / 2 and belongs to neither side.  Counts may
 * be shares.  NaN for fewer than 2 bands, or no counts.
 */
#ifndef BELL_STATS_BALANCE_H
#define BELL_STATS_BALANCE_H

#include <stddef.h>

/* 1, 0 or -1 for each band: above, at or below the middle.  The mean of these is the net. */
void balance_scores(double *sides, const double *x, size_t bands);
/* (counts above - counts below) / n: -1..1. */
double balance_net(const double *x, const double *counts, size_t bands);
/* Share of the first and last band together: the polarity of Schoenmueller, Netzer and Stahl
 * (2020). */
double balance_polarity(const double *counts, size_t bands);
/* Share of the last band in the first and last; NaN also if both are empty. */
double balance_high_end(const double *counts, size_t bands);

#endif
