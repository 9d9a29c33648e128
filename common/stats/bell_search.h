/* bell_search.h - the theta at which the bell model of bell_model.h is likeliest.
 *
 *     struct bell_point best;
 *     bell_search(&best, &data);            // data has passed bell_data_check()
 *     bool good = bell_settled(&best, p) && !bell_at_bound(best.theta, p, bands);
 *
 * Fisher scoring with Levenberg damping: (I + damp * diag I) step = score, no element of a step
 * beyond 2; a step that does not lower the likelihood is taken and damp divided by 5, else damp
 * is multiplied by 8; the end is where nothing changes by more than 1e-11 (1 + |theta|).  theta
 * stays in a box: mu in [1 - 2 (K - 1), K + 2 (K - 1)], sigma in [0.03, 6] (K - 1), the rest in
 * [-12, 12]. The likelihood has several tops: the search begins from 21 places, or 42 with
 * selection, fixed ones, so that the same counts give the same bits.  It ends where a climb has
 * reached the answers' own shares (to 1e-13), which no other can pass: often with no free bands.
 *
 * Source: Fisher scoring for a multinomial, damped after Marquardt (1963).
 *
 * Nothing is allocated and nothing fails: whether an end was reached is asked afterwards.  The sum
 * of the counts must be above 0.
 */
#ifndef BELL_STATS_BELL_SEARCH_H
#define BELL_STATS_BELL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/arrow.h"
#include "stats/bell_model.h"

/* Uphill from `start`, with at most `rounds` steps tried. */
void bell_climb(struct bell_point *point, const struct bell_data *data, const double *start,
                unsigned rounds);
/* The best of bell_climb() from all starts. */
void bell_search(struct bell_point *best, const struct bell_data *data);

/* The box, for the first `parameters` elements of theta. */
void bell_box(double *low, double *high, size_t parameters, size_t bands);
/* Does any element lie within 1e-6 of the box, or beyond? */
bool bell_at_bound(const double *theta, size_t parameters, size_t bands);
/* Is the score flat: below 1e-7 an answer? */
bool bell_settled(const struct bell_point *point, size_t parameters);
/* The information of one point as a matrix for arrow.h; matrix->blocks has room for 1. */
void bell_information(struct arrow *matrix, const struct bell_point *point, size_t parameters);

#endif
