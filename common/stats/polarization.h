/* polarization.h - Esteban and Ray (1994). */
#ifndef BELL_STATS_POLARIZATION_H
#define BELL_STATS_POLARIZATION_H

#include <stddef.h>

/* ER = sum over i, j of p_i^(1+alpha) p_j |x_i - x_j| with alpha = 1; NaN if no counts. */
double polarization_esteban_ray(const double *x, const double *counts, size_t bands);
/* The same divided by its greatest value (half at each end of x): 0..1, whatever the scale.
 * NaN for fewer than 2 bands. */
double polarization_normalised(const double *x, const double *counts, size_t bands);

#endif
