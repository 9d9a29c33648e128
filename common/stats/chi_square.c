#include "stats/chi_square.h"

#include <math.h>
#include <pthread.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

static void let_gsl_return(void)
{
    (void)gsl_set_error_handler_off();
}

double chi_square_tail(double x, double df)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!(df > 0) || isnan(x) || pthread_once(&once, let_gsl_return) != 0)
        return (double)NAN;
    return x <= 0 ? 1 : gsl_cdf_chisq_Q(x, df);
}
