#include "stats/moments.h"

#include <math.h>

double moments_mean(const double *x, const double *w, size_t count)
{
    double n = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        n += w[i];
        sum += w[i] * (x[i] - x[0]);
    }
    return n > 0 ? x[0] + sum / n : (double)NAN;
}

void moments_about(struct moments *moments, const double *x, const double *w, size_t count,
                   double mean)
{
    double n = 0, s2 = 0, s3 = 0, s4 = 0;
    for (size_t i = 0; i < count; i++) {
        double d = x[i] - mean;
        double wd2 = w[i] * d * d;
        n += w[i];
        s2 += wd2;
        s3 += wd2 * d;
        s4 += wd2 * d * d;
    }
    *moments = (struct moments){.n = n, .mean = mean, .m2 = s2 / n, .m3 = s3 / n, .m4 = s4 / n};
}

double moments_sd(const struct moments *m)
{
    return m->n > 1 ? sqrt(m->m2 * m->n / (m->n - 1)) : (double)NAN;
}

double moments_skewness(const struct moments *m)
{
    if (!(m->n >= 4) || !(m->m2 > 0))
        return (double)NAN;
    return m->m3 / (m->m2 * sqrt(m->m2)) * sqrt(m->n * (m->n - 1)) / (m->n - 2);
}

double moments_kurtosis(const struct moments *m)
{
    if (!(m->n >= 4) || !(m->m2 > 0))
        return (double)NAN;
    double g2 = m->m4 / (m->m2 * m->m2) - 3;
    return (m->n - 1) / ((m->n - 2) * (m->n - 3)) * ((m->n + 1) * g2 + 6);
}

double moments_bimodality(const struct moments *m)
{
    double skewness = moments_skewness(m);
    double kurtosis = moments_kurtosis(m);
    double n1 = m->n - 1;
    double even = 3 * n1 * n1 / ((m->n - 2) * (m->n - 3));
    return (skewness * skewness + 1) / (kurtosis + even);
}
