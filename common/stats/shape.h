/* shape.h - one word for the form of a distribution over bands. */
#ifndef BELL_STATS_SHAPE_H
#define BELL_STATS_SHAPE_H

#include <stddef.h>

enum { SHAPE_SCORED_MIN = 30, SHAPE_BANDS_MIN = 3 };

/* The first that holds, counts being those of bands 1..K:
 *     flat               the largest is at most 1.25 times the smallest
 *     J, reverse-J, U    both ends lie above every inner band: J if the last is at least twice
 *                        the first, reverse-J if the first is at least twice the last, else U
 *     J, reverse-J       never falling (rising), and the high end at least twice the low end
 *     bell               never falling up to one inner peak (which may be several equal
 *                        neighbours), never rising behind it, both ends below it
 *     other
 * "" if n, the sum of the counts (given, since thirds add up to it only nearly), is below
 * SHAPE_SCORED_MIN, or there are fewer than SHAPE_BANDS_MIN bands.  Static text. */
const char *shape_name(const double *counts, size_t bands, double n);

#endif
