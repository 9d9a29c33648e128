#include "stats/agreement.h"

#include <math.h>
#include <stdbool.h>

/* Unimodality U of a pattern of empty and filled bands.  Triples are counted by their middle
 * and ends, not one by one: with p filled and e empty bands before a place, and q filled behind. */
static double unimodality(const bool *filled, size_t k, size_t filled_count)
{
    if (filled_count == 1)
        return 1;
    double one_one_zero = 0, zero_one_one = 0, one_zero_one = 0;
    size_t filled_before = 0, empty_before = 0;
    for (size_t j = 0; j < k; j++) {
        double behind = (double)(filled_count - filled_before - (filled[j] ? 1 : 0));
        double empty_behind = (double)(k - 1 - j) - behind;
        if (filled[j]) {
            one_one_zero += (double)filled_before * empty_behind;
            zero_one_one += (double)empty_before * behind;
            filled_before++;
        } else {
            one_zero_one += (double)filled_before * behind;
            empty_before++;
        }
    }
    double tu = one_one_zero + zero_one_one;
    if (tu + one_zero_one <= 0)
        return 0;
    double kk = (double)k;
    return ((kk - 2) * tu - (kk - 1) * one_zero_one) / ((kk - 2) * (tu + one_zero_one));
}

double agreement_eijk(const double *counts, size_t k)
{
    if (k < 3 || k > AGREEMENT_BANDS_MAX)
        return (double)NAN;
    double left[AGREEMENT_BANDS_MAX];
    bool filled[AGREEMENT_BANDS_MAX];
    double n = 0;
    for (size_t i = 0; i < k; i++) {
        left[i] = counts[i];
        n += counts[i];
    }
    if (!(n > 0))
        return (double)NAN;
    double a = 0;
    for (;;) {
        size_t s = 0;
        double layer = 0;
        for (size_t i = 0; i < k; i++) {
            filled[i] = left[i] > 0;
            if (filled[i] && (s == 0 || left[i] < layer))
                layer = left[i];
            s += filled[i] ? 1 : 0;
        }
        if (s == 0)
            return a;
        double weight = layer * (double)s / n;
        a += weight * unimodality(filled, k, s) * (1 - ((double)s - 1) / ((double)k - 1));
        for (size_t i = 0; i < k; i++)
            left[i] -= filled[i] ? layer : 0;
    }
}

double agreement_leik(const double *counts, size_t k)
{
    double n = 0;
    for (size_t i = 0; i < k; i++)
        n += counts[i];
    if (k < 2 || !(n > 0))
        return (double)NAN;
    double below = 0, sum = 0;
    for (size_t i = 0; i + 1 < k; i++) {
        below += counts[i];
        double f = below / n;
        sum += f < 0.5 ? f : 1 - f;
    }
    return 2 * sum / ((double)k - 1);
}
