/* random.h - numbers drawn from a seed: the same on every machine, for ever.
 *
 *     struct random r;
 *     random_seed(&r, 42);
 *     uint64_t die = 1 + random_below(&r, 6);
 *
 * xoshiro256** after the description by Blackman and Vigna, its state filled by splitmix64.
 * Whole numbers only: nothing depends on a floating-point unit.  Not for secrets.
 */
#ifndef BELL_SAMPLING_RANDOM_H
#define BELL_SAMPLING_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* One step of splitmix64; also a good way to mix the bits of a number. */
static inline uint64_t random_split(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline void random_seed(struct random *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->state[i] = random_split(&seed);
}

static inline uint64_t random_rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

static inline uint64_t random_next(struct random *r)
{
    uint64_t *s = r->state;
    const uint64_t result = random_rotate(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = random_rotate(s[3], 45);
    return result;
}

/* A number from 0 to n - 1 (n > 0).  The bias is below n / 2^64. */
static inline uint64_t random_below(struct random *r, uint64_t n)
{
    return (uint64_t)(((unsigned __int128)random_next(r) * n) >> 64);
}

/* True in `part` of 1000 cases. */
static inline bool random_chance(struct random *r, unsigned part)
{
    return random_below(r, 1000) < part;
}

#endif
