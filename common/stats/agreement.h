/* agreement.h - how far answers over ordered bands agree. */
#ifndef BELL_STATS_AGREEMENT_H
#define BELL_STATS_AGREEMENT_H

#include <stddef.h>

enum { AGREEMENT_BANDS_MAX = 1024 };

/* Agreement A of van der Eijk (2001): 1 all in one band, 0 even, -1 half at each end.  Counts
 * are whole numbers below 2^53.  NaN unless 3 <= bands <= AGREEMENT_BANDS_MAX and some count
 * is above 0. */
double agreement_eijk(const double *counts, size_t bands);
/* Ordinal dispersion D of Leik (1966): 0 all in one band, 1 half at each end.  NaN for fewer
 * than 2 bands or no counts. */
double agreement_leik(const double *counts, size_t bands);

#endif
