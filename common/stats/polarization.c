#include "stats/polarization.h"

#include <math.h>

double polarization_esteban_ray(const double *x, const double *counts, size_t bands)
{
    double n = 0;
    for (size_t i = 0; i < bands; i++)
        n += counts[i];
    if (!(n > 0))
        return (double)NAN;
    double sum = 0;
    for (size_t i = 0; i < bands; i++) {
        double p = counts[i] / n;
        for (size_t j = 0; j < bands; j++)
            sum += p * p * (counts[j] / n) * fabs(x[i] - x[j]);
    }
    return sum;
}

double polarization_normalised(const double *x, const double *counts, size_t bands)
{
    if (bands < 2)
        return (double)NAN;
    return polarization_esteban_ray(x, counts, bands) / (0.25 * (x[bands - 1] - x[0]));
}
