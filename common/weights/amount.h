/* amount.h - numbers of people and shares of a population, as tables of margins have them. */
#ifndef BELL_WEIGHTS_AMOUNT_H
#define BELL_WEIGHTS_AMOUNT_H

#include <stdbool.h>

#include "base/slice.h"

/* Digits, maybe a point and digits, no sign, no exponent, below 10^15.  Places that a double cannot
 * hold are allowed and come to nothing: 0.33333333333333331 is what programs write for a third. */
bool amount_parse(struct slice s, double *value);

#endif
