/* plain_number.h - numbers as people read them: "25,000", "0.05 %", "1 in 1,920", "4.2".
 *
 * Nothing is rounded to what it is not: a share that is not 0 never prints as "0 %", one that is
 * not 1 never as "100 %", and plain_beside() keeps a figure apart from the one it is compared
 * with.  All write at most PLAIN_MAX bytes, NUL included, and return out.  No NaN and no infinity
 * may come in, except where it is said.
 */
#ifndef BELL_ESTIMATES_PLAIN_NUMBER_H
#define BELL_ESTIMATES_PLAIN_NUMBER_H

#include <stddef.h>

enum { PLAIN_MAX = 48 };

/* A whole number in groups of three, rounded if it is none: "47,975,000". */
const char *plain_count(char out[PLAIN_MAX], double value);
/* "1 person", "25,000 people": the count and the word that fits it. */
const char *plain_many(char out[PLAIN_MAX], double value, const char *one, const char *many);
/* Which way a figure may be rounded: "at least 2.99" must not become "at least 3". */
enum plain_way { PLAIN_DOWN = -1, PLAIN_NEAREST, PLAIN_UP };

/* A score or difference on a scale of that range: two places, one if the range is above 20, and as
 * many more (up to 6) as set it apart from `beside` (NaN: nothing). */
const char *plain_beside(char out[PLAIN_MAX], double value, double range, double beside,
                         enum plain_way way);
/* The shortest text of a number that a person typed: "3.5". */
const char *plain_typed(char out[PLAIN_MAX], double value);
/* A part of 1 as a percentage: whole from 10 % to 90 %, finer towards both ends; as many more
 * places as set it apart from `beside` (NaN: nothing). */
const char *plain_percent(char out[PLAIN_MAX], double share, double beside, enum plain_way way);
/* A difference of shares, not below 0: "5 percentage points", "1 percentage point". */
const char *plain_points(char out[PLAIN_MAX], double difference);
/* "1 in 1,920"; one that is not below 1 is "all". */
const char *plain_one_in(char out[PLAIN_MAX], double share);

/* A ratio of readiness cut to what is certainly still within it (down) or beyond it (up), with as
 * many places as keep it on its side of the yardstick: "4.2", "12", "1,000". */
const char *plain_ratio_down(char out[PLAIN_MAX], double ratio, double yardstick);
const char *plain_ratio_up(char out[PLAIN_MAX], double ratio, double yardstick);

#endif
