#include "estimates/plain_number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

enum { PLACES_MAX = 6, PERCENT_PLACES_MAX = 12 };

/* Digits of a whole number with a comma before each group of three. */
static void group_digits(char out[PLAIN_MAX], const char *digits)
{
    size_t used = 0, n = strlen(digits);
    for (size_t i = 0; i < n && used + 2 < PLAIN_MAX; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

const char *plain_count(char out[PLAIN_MAX], double value)
{
    char digits[PLAIN_MAX];
    /* Beyond what a table can hold. */
    if (!(fabs(value) < 1e18)) {
        (void)snprintf(out, PLAIN_MAX, "%g", value);
        return out;
    }
    (void)snprintf(digits, sizeof digits, "%.0f", fabs(value));
    bool minus = value < 0 && strcmp(digits, "0") != 0;
    group_digits(out + minus, digits);
    if (minus)
        out[0] = '-';
    return out;
}

const char *plain_many(char out[PLAIN_MAX], double value, const char *one, const char *many)
{
    plain_count(out, value);
    const char *word = strcmp(out, "1") == 0 ? one : many;
    size_t used = strlen(out);
    (void)snprintf(out + used, PLAIN_MAX - used, " %s", word);
    return out;
}

static void put(char out[PLAIN_MAX], double value, int places, enum plain_way way)
{
    double unit = pow(10, places);
    /* 4.2 times 10 is 42.000000000000001 at times. */
    double slip = 1e-9 * (1 + fabs(value));
    if (way == PLAIN_DOWN)
        value = floor(value * unit + slip) / unit;
    else if (way == PLAIN_UP)
        value = ceil(value * unit - slip) / unit;
    (void)snprintf(out, PLAIN_MAX, "%.*f", places, value);
    /* No minus before nothing. */
    if (out[0] == '-' && strspn(out + 1, "0.") == strlen(out + 1))
        memmove(out, out + 1, strlen(out));
}

/* With the fewest places, from `places`, at which value and beside are not the same text. */
static void put_apart(char out[PLAIN_MAX], double value, double beside, int places, int most,
                      enum plain_way way)
{
    char other[PLAIN_MAX];
    for (; places <= most; places++) {
        put(out, value, places, way);
        put(other, beside, places, PLAIN_NEAREST);
        /* What is equal but for rounding stays as it is. */
        if (strcmp(out, other) != 0 || isnan(beside) || fabs(value - beside) < 1e-9)
            return;
    }
}

/* "4.0" is "4", "99.40" is "99.4". */
static void drop_zeros(char *text)
{
    size_t n = strlen(text);
    if (strchr(text, '.') == NULL)
        return;
    while (text[n - 1] == '0')
        n--;
    text[text[n - 1] == '.' ? n - 1 : n] = '\0';
}

const char *plain_beside(char out[PLAIN_MAX], double value, double range, double beside,
                         enum plain_way way)
{
    put_apart(out, value, beside, range > 20 ? 1 : 2, PLACES_MAX, way);
    return out;
}

const char *plain_typed(char out[PLAIN_MAX], double value)
{
    (void)double_format(out, value);
    return out;
}

static int percent_places(double percent)
{
    double edge = percent < 50 ? percent : 100 - percent;
    if (edge >= 10 || edge <= 0)
        return 0;
    int places = edge >= 1 ? 1 : 2;
    while (places < PERCENT_PLACES_MAX && edge * pow(10, places) < 0.5)
        places++;
    return places;
}

const char *plain_percent(char out[PLAIN_MAX], double share, double beside, enum plain_way way)
{
    double percent = 100 * fabs(share);
    put_apart(out, 100 * share, 100 * beside, percent_places(percent > 100 ? 50 : percent),
              PERCENT_PLACES_MAX, way);
    drop_zeros(out);
    size_t used = strlen(out);
    (void)snprintf(out + used, PLAIN_MAX - used, " %%");
    return out;
}

const char *plain_points(char out[PLAIN_MAX], double difference)
{
    double points = 100 * difference;
    int places = 0;
    while (places < PLACES_MAX && points * pow(10, places) < 10 &&
           fabs(points - round(points * pow(10, places)) / pow(10, places)) > 1e-9)
        places++;
    put(out, points, places, PLAIN_UP);
    const char *word = strcmp(out, "1") == 0 ? "percentage point" : "percentage points";
    size_t used = strlen(out);
    (void)snprintf(out + used, PLAIN_MAX - used, " %s", word);
    return out;
}

const char *plain_one_in(char out[PLAIN_MAX], double share)
{
    if (!(share > 0 && share < 1)) {
        (void)snprintf(out, PLAIN_MAX, "%s", share > 0 ? "all" : "none");
        return out;
    }
    (void)snprintf(out, PLAIN_MAX, "1 in ");
    size_t used = strlen(out);
    /* 1 in 2.6 is neither 1 in 2 nor 1 in 3. */
    if (share > 0.1)
        (void)snprintf(out + used, PLAIN_MAX - used, "%.1f", 1 / share);
    else {
        char count[PLAIN_MAX];
        plain_count(count, 1 / share);
        memcpy(out + used, count, PLAIN_MAX - used - 1);
        out[PLAIN_MAX - 1] = '\0';
    }
    drop_zeros(out);
    return out;
}

/* Cut towards 0 (or away from it) at some places, unless that crosses the yardstick. */
static const char *cut_ratio(char out[PLAIN_MAX], double ratio, double yardstick, bool up)
{
    if (ratio >= 1000) {
        plain_count(out, up ? ceil(ratio) : floor(ratio));
        return out;
    }
    for (int places = ratio >= 10 ? 0 : 1; places <= PLACES_MAX; places++) {
        double unit = pow(10, places);
        double cut = (up ? ceil(ratio * unit - 1e-9) : floor(ratio * unit + 1e-9)) / unit;
        put(out, cut, places, PLAIN_NEAREST);
        if ((cut >= yardstick) == (ratio >= yardstick))
            break;
    }
    drop_zeros(out);
    return out;
}

const char *plain_ratio_down(char out[PLAIN_MAX], double ratio, double yardstick)
{
    return cut_ratio(out, ratio, yardstick, false);
}

const char *plain_ratio_up(char out[PLAIN_MAX], double ratio, double yardstick)
{
    return cut_ratio(out, ratio, yardstick, true);
}
