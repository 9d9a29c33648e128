#include "time/canonical.h"

#include <string.h>

#include "time/calendar.h"

enum { FRACTION_MAX = 9 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool two_digits(const char *at, int *value)
{
    *value = (at[0] - '0') * 10 + (at[1] - '0');
    return is_digit(at[0]) && is_digit(at[1]);
}

bool time_is_canonical(struct slice value)
{
    enum { LEN = 20 };
    const char *t = value.data;
    int century;
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    if (value.len != LEN || t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' ||
        t[16] != ':' || t[19] != 'Z')
        return false;
    return two_digits(t, &century) && two_digits(t + 2, &year) && two_digits(t + 5, &month) &&
           two_digits(t + 8, &day) && two_digits(t + 11, &hour) && two_digits(t + 14, &minute) &&
           two_digits(t + 17, &second) && hour < 24 && minute < 60 && second < 60 &&
           calendar_valid(century * 100 + year, month, day);
}

static void put_digits(char *out, int value, int width)
{
    for (int i = width; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
}

size_t time_print_rfc3339(char out[TIME_TEXT_MAX], int64_t seconds, struct slice fraction)
{
    int64_t day = calendar_floor_div(seconds, CALENDAR_DAY);
    int second = (int)(seconds - day * CALENDAR_DAY);
    struct civil c = calendar_civil(day);
    memcpy(out, "0000-00-00T00:00:00", 19);
    put_digits(out, c.year, 4);
    put_digits(out + 5, c.month, 2);
    put_digits(out + 8, c.day, 2);
    put_digits(out + 11, second / 3600, 2);
    put_digits(out + 14, second / 60 % 60, 2);
    put_digits(out + 17, second % 60, 2);
    size_t len = 19;
    if (fraction.len > 0 && fraction.len <= FRACTION_MAX) {
        out[len++] = '.';
        memcpy(out + len, fraction.data, fraction.len);
        len += fraction.len;
    }
    out[len++] = 'Z';
    out[len] = '\0';
    return len;
}
