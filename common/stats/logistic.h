/* logistic.h - logistic regression on a table of counts.
 *
 * Row i has yes_i and no_i cases; logit P(yes) = z_i' b.  Maximum likelihood by Newton's method
 * (iteratively reweighted least squares; McCullagh and Nelder 1989).  For few parameters: the
 * normal equations are solved by Cholesky's method in place.
 */
#ifndef BELL_STATS_LOGISTIC_H
#define BELL_STATS_LOGISTIC_H

#include <stddef.h>

#include "base/error.h"

enum { LOGISTIC_PARAMETERS_MAX = 4, LOGISTIC_STEPS_MAX = 100 };

struct logistic_fit {
    double b[LOGISTIC_PARAMETERS_MAX];
    /* Inverse of the information, parameters x parameters in the upper left corner. */
    double covariance[LOGISTIC_PARAMETERS_MAX][LOGISTIC_PARAMETERS_MAX];
    unsigned steps;
};

/* z is rows x parameters, row by row, its first column 1; yes and no above 0.  STATUS_DATA: the
 * parameters cannot be told apart by these rows, or no maximum in LOGISTIC_STEPS_MAX steps. */
enum status logistic_fit(const double *z, const double *yes, const double *no, size_t rows,
                         size_t parameters, struct logistic_fit *out, struct error *err) BELL_CHECK;

#endif
