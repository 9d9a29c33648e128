/* confidence.h - normal quantiles that belong to a confidence: the z of interval.h and others. */
#ifndef BELL_STATS_CONFIDENCE_H
#define BELL_STATS_CONFIDENCE_H

#include <stddef.h>

/* Two-sided: the quantile at (1 + confidence) / 2.  NaN unless 0 < confidence < 1. */
double confidence_z(double confidence);
/* For `bands` intervals that shall hold together (Bonferroni, as Goodman 1965 has it): the
 * quantile at 1 - (1 - confidence) / (2 bands).  NaN also for 0 bands. */
double confidence_z_together(double confidence, size_t bands);

#endif
