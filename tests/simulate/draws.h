/* draws.h - chance for the simulations: the same on every machine, and exact.
 *
 * Whole numbers only, from sampling/random.h.  A probability is a number of parts of 2^32.
 */
#ifndef BELL_TESTS_SIMULATE_DRAWS_H
#define BELL_TESTS_SIMULATE_DRAWS_H

#include <stddef.h>
#include <stdint.h>

#include "sampling/random.h"

#define DRAWS_ONE (UINT64_C(1) << 32)

/* The nearest number of parts; p is cut to 0..1. */
static inline uint64_t draws_parts(double p)
{
    return p >= 1 ? DRAWS_ONE : p > 0 ? (uint64_t)(p * 4294967296.0 + 0.5) : 0;
}

/* How many of n say yes, each with probability p.  64 of them are decided together: each compares
 * the bits of p with random ones until they differ, so this is n honest throws of a coin. */
static inline uint64_t draws_binomial(struct random *r, uint64_t n, uint64_t p)
{
    if (p >= DRAWS_ONE)
        return n;
    uint64_t count = 0;
    while (n > 0) {
        const uint64_t here = n < 64 ? n : 64;
        uint64_t undecided = here < 64 ? (UINT64_C(1) << here) - 1 : UINT64_MAX;
        uint64_t yes = 0;
        for (int bit = 31; bit >= 0 && undecided != 0; bit--) {
            const uint64_t word = random_next(r);
            if ((p >> bit) & 1) {
                yes |= undecided & ~word;
                undecided &= word;
            } else {
                undecided &= ~word;
            }
        }
        count += (uint64_t)__builtin_popcountll(yes);
        n -= here;
    }
    return count;
}

/* n over bands of the given weights (not all 0), by halves, so that the last bands cost as little
 * as the first. */
static inline void draws_multinomial(struct random *r, uint64_t *counts, const double *weights,
                                     size_t bands, uint64_t n)
{
    if (bands == 1) {
        counts[0] = n;
        return;
    }
    const size_t half = bands / 2;
    double low = 0, all = 0;
    for (size_t k = 0; k < bands; k++) {
        low += k < half ? weights[k] : 0;
        all += weights[k];
    }
    const uint64_t left = n == 0 ? 0 : draws_binomial(r, n, draws_parts(low / all));
    if (left == 0)
        for (size_t k = 0; k < half; k++)
            counts[k] = 0;
    else
        draws_multinomial(r, counts, weights, half, left);
    if (left == n)
        for (size_t k = half; k < bands; k++)
            counts[k] = 0;
    else
        draws_multinomial(r, counts + half, weights + half, bands - half, n - left);
}

/* A random sample without replacement: size people (at most as many as there are) out of bands of
 * so many people. */
static inline void draws_sample(struct random *r, uint64_t *sample, const uint64_t *people,
                                size_t bands, uint64_t size)
{
    uint64_t left = 0;
    for (size_t k = 0; k < bands; k++) {
        left += people[k];
        sample[k] = 0;
    }
    for (; size > 0 && left > 0; size--, left--) {
        uint64_t at = random_below(r, left);
        size_t k = 0;
        for (; at >= people[k] - sample[k]; k++)
            at -= people[k] - sample[k];
        sample[k]++;
    }
}

/* About normal, mean 0 and standard deviation 1: the sum of twelve even numbers less 6. */
static inline double draws_normal(struct random *r)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += (double)(random_next(r) >> 11) * 0x1p-53;
    return sum;
}

#endif
