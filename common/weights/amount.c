#include "weights/amount.h"

#include <stddef.h>
#include <stdint.h>

enum { DIGITS_MAX = 18, PLACES_MAX = 22, WHOLE_MAX = 15 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool amount_parse(struct slice s, double *value)
{
    static const double powers[PLACES_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t number = 0;
    unsigned used = 0, whole = 0, places = 0;
    size_t digits = 0, at = 0;
    for (; at < s.len && is_digit(s.data[at]); at++, digits++) {
        number = number * 10 + (s.data[at] - '0');
        used += number > 0;
        whole += number > 0;
        if (whole > WHOLE_MAX)
            return false;
    }
    if (at < s.len && s.data[at] == '.') {
        for (at++; at < s.len && is_digit(s.data[at]); at++, digits++) {
            if (used == DIGITS_MAX || places == PLACES_MAX)
                continue;
            number = number * 10 + (s.data[at] - '0');
            used += number > 0;
            places++;
        }
    }
    *value = (double)number / powers[places];
    return at == s.len && digits > 0;
}
