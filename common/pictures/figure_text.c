#include "pictures/figure_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

enum { DIGITS = 3, PLACES_MAX = 9 };

/* Puts commas between thousands of the whole part of text, which is plain digits with an optional
 * sign and places. */
static void group_thousands(char out[FIGURE_TEXT_MAX], const char *text)
{
    size_t sign = text[0] == '-';
    size_t whole = sign + strspn(text + sign, "0123456789");
    size_t len = 0;
    for (size_t i = 0; text[i] != '\0' && len + 2 < FIGURE_TEXT_MAX; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0)
            out[len++] = ',';
        out[len++] = text[i];
    }
    out[len] = '\0';
}

/* DIGITS digits that matter, rounded in decimal; beyond them zeros. */
static void round_digits(char out[FIGURE_TEXT_MAX], double value)
{
    char text[FIGURE_TEXT_MAX];
    (void)snprintf(text, sizeof text, "%.*e", DIGITS - 1, fabs(value));
    const char *mark = strchr(text, 'e');
    int exponent = 0;
    for (const char *at = mark + 2; *at != '\0'; at++)
        exponent = exponent * 10 + (*at - '0');
    if (mark[1] == '-')
        exponent = -exponent;
    int places = DIGITS - 1 - exponent;
    if (places > PLACES_MAX || exponent > 15) {
        (void)snprintf(out, FIGURE_TEXT_MAX, "%.*g", DIGITS, value);
        return;
    }
    double unit = pow(10, -places);
    if (places < 0)
        value = nearbyint(value / unit) * unit;
    char plain[FIGURE_TEXT_MAX];
    (void)snprintf(plain, sizeof plain, "%.*f", places > 0 ? places : 0, value);
    group_thousands(out, plain);
}

const char *figure_number(char out[FIGURE_TEXT_MAX], double value)
{
    if (!isfinite(value))
        out[0] = '\0';
    else if (value == 0)
        (void)snprintf(out, FIGURE_TEXT_MAX, "0");
    else
        round_digits(out, value);
    return out;
}

const char *figure_count(char out[FIGURE_TEXT_MAX], double value)
{
    char plain[FIGURE_TEXT_MAX];
    if (!isfinite(value) || (value != nearbyint(value) && fabs(value) < 1000))
        return figure_number(out, value);
    if (fabs(value) > 1e18)
        return figure_number(out, value);
    (void)snprintf(plain, sizeof plain, "%.0f", value);
    group_thousands(out, plain);
    return out;
}

/* Without the sign. */
static void percent(char out[FIGURE_TEXT_MAX], double share)
{
    double value = share * 100;
    (void)figure_number(out, value);
    for (int places = 1; share < 1 && strncmp(out, "100", 3) == 0 && places <= 12; places++)
        (void)snprintf(out, FIGURE_TEXT_MAX, "%.*f", places, value);
    if (share < 1 && strncmp(out, "100", 3) == 0)
        (void)snprintf(out, FIGURE_TEXT_MAX, "99.999999999999");
}

const char *figure_percent(char out[FIGURE_TEXT_MAX], double share)
{
    char text[FIGURE_TEXT_MAX];
    out[0] = '\0';
    if (!isfinite(share))
        return out;
    percent(text, share);
    (void)snprintf(out, FIGURE_TEXT_MAX, "%.*s %%", FIGURE_TEXT_MAX - 4, text);
    return out;
}

static const char *from_to(char out[FIGURE_TEXT_MAX], const char *low, const char *high,
                           const char *unit)
{
    (void)snprintf(out, FIGURE_TEXT_MAX, "%.25s to %.25s%s", low, high, unit);
    return out;
}

const char *figure_percents(char out[FIGURE_TEXT_MAX], double low, double high)
{
    char a[FIGURE_TEXT_MAX];
    char b[FIGURE_TEXT_MAX];
    out[0] = '\0';
    if (!isfinite(low) || !isfinite(high))
        return out;
    percent(a, low);
    percent(b, high);
    return from_to(out, a, b, " %");
}

const char *figure_numbers(char out[FIGURE_TEXT_MAX], double low, double high)
{
    char a[FIGURE_TEXT_MAX];
    char b[FIGURE_TEXT_MAX];
    out[0] = '\0';
    if (!isfinite(low) || !isfinite(high))
        return out;
    return from_to(out, figure_number(a, low), figure_number(b, high), "");
}

const char *figure_short(char out[FIGURE_TEXT_MAX], double value)
{
    char text[DOUBLE_TEXT_MAX];
    text[double_format(text, value)] = '\0';
    if (strpbrk(text, "eE") != NULL || strlen(text) > 7)
        return figure_number(out, value);
    group_thousands(out, text);
    return out;
}

const char *figure_short_percent(char out[FIGURE_TEXT_MAX], double share)
{
    char text[FIGURE_TEXT_MAX];
    (void)figure_short(text, share * 100);
    (void)snprintf(out, FIGURE_TEXT_MAX, "%.*s %%", FIGURE_TEXT_MAX - 4, text);
    return out;
}
