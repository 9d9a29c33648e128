#include "stats/interval.h"

#include <math.h>

struct interval interval_wilson(double count, double n, double z)
{
    if (!(n > 0))
        return (struct interval){(double)NAN, (double)NAN};
    double p = count / n;
    double zz = z * z / n;
    double middle = p + zz / 2;
    double half = z * sqrt(p * (1 - p) / n + zz / (4 * n));
    double low = (middle - half) / (1 + zz);
    double high = (middle + half) / (1 + zz);
    /* Rounding must not print -1e-18 for a share of 0. */
    return (struct interval){low < 0 || count <= 0 ? 0 : low, high > 1 || count >= n ? 1 : high};
}

void interval_goodman(struct interval *out, const double *counts, size_t bands, double z)
{
    double n = 0;
    for (size_t i = 0; i < bands; i++)
        n += counts[i];
    double a = z * z;
    for (size_t i = 0; i < bands; i++) {
        double c = counts[i];
        if (!(n > 0)) {
            out[i] = (struct interval){(double)NAN, (double)NAN};
            continue;
        }
        double half = sqrt(a * (a + 4 * c * (n - c) / n));
        double low = (a + 2 * c - half) / (2 * (n + a));
        double high = (a + 2 * c + half) / (2 * (n + a));
        out[i] = (struct interval){low < 0 || c <= 0 ? 0 : low, high > 1 || c >= n ? 1 : high};
    }
}
