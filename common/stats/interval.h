/* interval.h - sampling limits of shares, as if the answers were a random sample.
 *
 * z is the quantile of the standard normal distribution that belongs to the confidence; the
 * caller gives it, so that nothing here needs its inverse.
 */
#ifndef BELL_STATS_INTERVAL_H
#define BELL_STATS_INTERVAL_H

#include <stddef.h>

#define INTERVAL_Z95 1.959963984540054 /* 95 %, two-sided */

struct interval {
    double low;
    double high;
};

/* Wilson (1927) for one share count/n; NaN if n is 0. */
struct interval interval_wilson(double count, double n, double z);
/* Goodman (1965), simultaneous over all bands: z at 1 - (1 - confidence) / (2 bands). */
void interval_goodman(struct interval *out, const double *counts, size_t bands, double z);

#endif
