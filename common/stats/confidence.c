#include "stats/confidence.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double confidence_z_together(double confidence, size_t bands)
{
    if (!(confidence > 0 && confidence < 1) || bands == 0)
        return (double)NAN;
    /* From the upper tail, whose small probability keeps its digits. */
    return gsl_cdf_ugaussian_Qinv((1 - confidence) / (2 * (double)bands));
}

double confidence_z(double confidence)
{
    return confidence_z_together(confidence, 1);
}
