#include "stats/ratio.h"

#include <math.h>
#include <stdint.h>

/* whole + rest / by as the nearest double. */
static double nearest(unsigned __int128 whole, unsigned __int128 rest, unsigned __int128 by)
{
    int shift = 0;
    for (; rest != 0 && whole >> 62 == 0; shift++) {
        rest *= 2;
        whole = whole * 2 + (rest >= by ? 1 : 0);
        rest -= rest >= by ? by : 0;
    }
    /* What is left lies far behind the last bit of a double: only that it is there counts. */
    return ldexp((double)(whole | (rest != 0 ? 1 : 0)), -shift);
}

double ratio(__int128 num, __int128 den)
{
    const __int128 exact = (__int128)1 << 53;
    if (num >= -exact && num <= exact && den <= exact)
        return (double)num / (double)den;
    unsigned __int128 size = num < 0 ? -(unsigned __int128)num : (unsigned __int128)num;
    unsigned __int128 by = (unsigned __int128)den;
    double value = nearest(size / by, size % by, by);
    return num < 0 ? -value : value;
}

/* The product in two halves of 128 bits, from products of 64 bits. */
static void multiply(unsigned __int128 a, unsigned __int128 b, unsigned __int128 half[2])
{
    unsigned __int128 a0 = (uint64_t)a, a1 = a >> 64, b0 = (uint64_t)b, b1 = b >> 64;
    unsigned __int128 low = a0 * b0;
    unsigned __int128 middle = a1 * b0 + (low >> 64);
    unsigned __int128 other = a0 * b1 + (uint64_t)middle;
    half[0] = (other << 64) | (uint64_t)low;
    half[1] = a1 * b1 + (middle >> 64) + (other >> 64);
}

double ratio_of_product(unsigned __int128 a, unsigned __int128 b, unsigned __int128 den)
{
    unsigned __int128 half[2], whole = 0, rest = 0;
    multiply(a, b, half);
    for (int bit = 255; bit >= 0; bit--) {
        const unsigned next = (unsigned)(half[bit / 128] >> (bit % 128) & 1);
        /* 2 rest + next against den, without a sum beyond 128 bits. */
        const unsigned over = rest >= den - rest - next ? 1 : 0;
        whole = whole * 2 + over;
        rest = over != 0 ? rest - (den - rest) + next : rest * 2 + next;
    }
    return nearest(whole, rest, den);
}
