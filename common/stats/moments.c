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

double moments_variance(const struct moments *m)
{
    return m->n > 1 ? m->m2 * m->n / (m->n - 1) : (double)NAN;
}

double moments_sd(const struct moments *m)
{
    return sqrt(moments_variance(m));
}

double moments_plain_skewness(const struct moments *m)
{
    if (!(m->n >= 4) || !(m->m2 > 0))
        return (double)NAN;
    return m->m3 / (m->m2 * sqrt(m->m2));
}

double moments_plain_kurtosis(const struct moments *m)
{
    if (!(m->n >= 4) || !(m->m2 > 0))
        return (double)NAN;
    return m->m4 / (m->m2 * m->m2) - 3;
}

double moments_skewness(const struct moments *m)
{
    return moments_plain_skewness(m) * sqrt(m->n * (m->n - 1)) / (m->n - 2);
}

double moments_kurtosis(const struct moments *m)
{
    double g2 = moments_plain_kurtosis(m);
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

struct moment_sums moments_sums(const struct moments *m)
{
    return (struct moment_sums){
        .n = m->n, .mean = m->mean, .s2 = m->m2 * m->n, .s3 = m->m3 * m->n, .s4 = m->m4 * m->n};
}

struct moments moments_of_sums(const struct moment_sums *s)
{
    double n = s->n;
    if (!(n > 0))
        return (struct moments){n, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
    return (struct moments){
        .n = n, .mean = s->mean, .m2 = s->s2 / n, .m3 = s->s3 / n, .m4 = s->s4 / n};
}

struct moment_sums moments_merge(const struct moment_sums *a, const struct moment_sums *b)
{
    if (!(a->n > 0) || !(b->n > 0))
        return a->n > 0 ? *a : *b;
    double na = a->n, nb = b->n, n = na + nb;
    /* Shares, since n^3 of a large table would lose its last digits, or overflow. */
    double pa = na / n, pb = nb / n;
    double d = b->mean - a->mean;
    double d2 = d * d;
    struct moment_sums all = {.n = n, .mean = a->mean + d * pb};
    all.s2 = a->s2 + b->s2 + d2 * na * pb;
    all.s3 = a->s3 + b->s3 + d2 * d * na * pb * (pa - pb) + 3 * d * (pa * b->s2 - pb * a->s2);
    all.s4 = a->s4 + b->s4 + d2 * d2 * na * pb * (pa * pa - pa * pb + pb * pb) +
             6 * d2 * (pa * pa * b->s2 + pb * pb * a->s2) + 4 * d * (pa * b->s3 - pb * a->s3);
    return all;
}
