#include "stats/ratio.h"

#include <math.h>

double ratio(__int128 num, __int128 den)
{
    const __int128 exact = (__int128)1 << 53;
    if (num >= -exact && num <= exact && den <= exact)
        return (double)num / (double)den;
    unsigned __int128 size = num < 0 ? -(unsigned __int128)num : (unsigned __int128)num;
    unsigned __int128 by = (unsigned __int128)den;
    unsigned __int128 whole = size / by;
    unsigned __int128 rest = size % by;
    int shift = 0;
    for (; rest != 0 && whole >> 62 == 0; shift++) {
        rest *= 2;
        whole = whole * 2 + (rest >= by ? 1 : 0);
        rest -= rest >= by ? by : 0;
    }
    /* What is left lies far behind the last bit of a double: only that it is there counts. */
    double value = ldexp((double)(whole | (rest != 0 ? 1 : 0)), -shift);
    return num < 0 ? -value : value;
}
