#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool number_parse_u64(struct slice s, uint64_t *value)
{
    if (s.len == 0)
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *value = v;
    return true;
}

bool number_parse_i64(struct slice s, int64_t *value)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    if (s.len > 0 && (s.data[0] == '-' || s.data[0] == '+')) {
        s.data++;
        s.len--;
    }
    uint64_t size;
    if (!number_parse_u64(s, &size) || size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *value = negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

enum decimal_fault decimal_parse(struct slice s, int64_t *millionths)
{
    size_t at = 0;
    bool negative = false;
    if (at < s.len && (s.data[at] == '-' || s.data[at] == '+'))
        negative = s.data[at++] == '-';
    int64_t whole = 0;
    size_t digits = 0;
    bool large = false;
    for (; at < s.len && s.data[at] >= '0' && s.data[at] <= '9'; at++, digits++) {
        whole = whole * 10 + (s.data[at] - '0');
        if (whole >= MEASURE_LIMIT) {
            large = true;
            whole = 0;
        }
    }
    int64_t part = 0;
    size_t places = 0;
    bool fine = false;
    if (at < s.len && s.data[at] == '.') {
        for (at++; at < s.len && s.data[at] >= '0' && s.data[at] <= '9'; at++, digits++) {
            if (places < 6) {
                part = part * 10 + (s.data[at] - '0');
                places++;
            } else if (s.data[at] != '0') {
                fine = true;
            }
        }
    }
    if (at != s.len || digits == 0)
        return DECIMAL_NOT_A_NUMBER;
    if (large)
        return DECIMAL_TOO_LARGE;
    if (fine)
        return DECIMAL_TOO_FINE;
    for (; places < 6; places++)
        part *= 10;
    int64_t value = whole * DECIMAL_ONE + part;
    *millionths = negative ? -value : value;
    return DECIMAL_OK;
}

/* Digits of an unsigned value in front of end; returns where they begin. */
static char *digits_before(char *end, unsigned __int128 value)
{
    do {
        *--end = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value != 0);
    return end;
}

static size_t format_millionths(char *out, size_t cap, __int128 millionths)
{
    bool negative = millionths < 0;
    unsigned __int128 size =
        negative ? 0 - (unsigned __int128)millionths : (unsigned __int128)millionths;
    char text[64];
    char *end = text + sizeof text;
    unsigned part = (unsigned)(size % DECIMAL_ONE);
    char *at = end;
    if (part != 0) {
        for (int i = 0; i < 6; i++) {
            *--at = (char)('0' + (int)(part % 10));
            part /= 10;
        }
        while (end[-1] == '0')
            end--;
        *--at = '.';
    }
    at = digits_before(at, size / DECIMAL_ONE);
    if (negative)
        *--at = '-';
    size_t len = (size_t)(end - at);
    if (len >= cap)
        len = cap - 1;
    memcpy(out, at, len);
    out[len] = '\0';
    return len;
}

size_t decimal_format(char *out, int64_t millionths)
{
    return format_millionths(out, DECIMAL_TEXT_MAX, millionths);
}

size_t int128_decimal_format(char *out, __int128 millionths)
{
    return format_millionths(out, INT128_TEXT_MAX, millionths);
}

static size_t skip_digits(struct slice s, size_t at)
{
    while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
        at++;
    return at;
}

bool double_is_form(struct slice s)
{
    size_t at = s.len > 0 && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0;
    size_t behind = skip_digits(s, at);
    size_t digits = behind - at;
    at = behind;
    if (at < s.len && s.data[at] == '.') {
        behind = skip_digits(s, at + 1);
        digits += behind - at - 1;
        at = behind;
    }
    if (digits == 0)
        return false;
    if (at < s.len && (s.data[at] == 'e' || s.data[at] == 'E')) {
        at++;
        if (at < s.len && (s.data[at] == '-' || s.data[at] == '+'))
            at++;
        behind = skip_digits(s, at);
        if (behind == at)
            return false;
        at = behind;
    }
    return at == s.len;
}

bool double_parse(struct slice s, double *value)
{
    enum { LONGEST = 400 };
    char text[LONGEST + 1];
    if (s.len > LONGEST || !double_is_form(s))
        return false;
    memcpy(text, s.data, s.len);
    text[s.len] = '\0';
    /* lint: strtod because no program sets a locale, and the grammar was checked. */
    double read = strtod(text, NULL);
    if (!isfinite(read))
        return false;
    *value = read;
    return true;
}

bool number_parse_u128(struct slice s, unsigned __int128 *value)
{
    const unsigned __int128 most = ~(unsigned __int128)0;
    unsigned __int128 v = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        unsigned digit = (unsigned)(s.data[i] - '0');
        if (v > (most - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *value = v;
    return s.len > 0;
}

size_t number_format_u128(char *out, unsigned __int128 value)
{
    char digits[INT128_TEXT_MAX];
    size_t len = 0;
    do {
        digits[len++] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value != 0);
    for (size_t i = 0; i < len; i++)
        out[i] = digits[len - 1 - i];
    return len;
}

bool number_parse_size(struct slice s, uint64_t *bytes)
{
    size_t digits = 0;
    while (digits < s.len && s.data[digits] >= '0' && s.data[digits] <= '9')
        digits++;
    uint64_t value;
    if (!number_parse_u64((struct slice){s.data, digits}, &value))
        return false;
    struct slice unit = {s.data + digits, s.len - digits};
    unsigned shift = 0;
    if (unit.len > 0 && !text_equal_fold(unit, SLICE_LITERAL("b"))) {
        static const char letters[] = "kmgt";
        const char *found = strchr(letters, text_lower(unit.data[0]));
        if (found == NULL)
            return false;
        shift = 10U * (unsigned)(found - letters + 1);
        unit.data++;
        unit.len--;
        if (unit.len != 0 && !text_equal_fold(unit, SLICE_LITERAL("b")) &&
            !text_equal_fold(unit, SLICE_LITERAL("ib")))
            return false;
    }
    if (value > UINT64_MAX >> shift)
        return false;
    *bytes = value << shift;
    return true;
}

/* The same of a whole number below 2^53. */
static int whole_digits(double value, char digits[24], int *exponent)
{
    int count = snprintf(digits, 24, "%llu", (unsigned long long)value);
    *exponent = count - 1;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

/* The fewest digits d.ddd and the power of ten that read back as value. */
static int shortest_digits(double value, char digits[24], int *exponent)
{
    char text[DOUBLE_TEXT_MAX];
    /* 15 digits of any number but the smallest come back as they were (DBL_DIG), so that fewer are
     * these without the zeros at their end. */
    for (int precision = value < DBL_MIN ? 0 : DBL_DIG - 1; precision <= 16; precision++) {
        /* No program calls setlocale(), so the C locale's point is certain here. */
        (void)snprintf(text, sizeof text, "%.*e", precision, value);
        /* lint: strtod because no program sets a locale, so its point is a point. */
        if (precision == 16 || strtod(text, NULL) == value)
            break;
    }
    int count = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (*p != '.')
            digits[count++] = *p;
    /* lint: strtol because snprintf wrote these digits. */
    *exponent = (int)strtol(p + 1, NULL, 10);
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

size_t double_format(char *out, double value)
{
    out[0] = '\0';
    if (!isfinite(value))
        return 0;
    char digits[24];
    int exponent;
    size_t len = 0;
    if (value < 0)
        out[len++] = '-';
    double size = fabs(value);
    int count = size < 0x1p53 && size == floor(size) ? whole_digits(size, digits, &exponent)
                                                     : shortest_digits(size, digits, &exponent);
    bool plain = exponent >= -5 && exponent < 16;
    int point = plain ? exponent : 0; /* digits in front of the point, less one */
    if (point < 0) {
        out[len++] = '0';
        out[len++] = '.';
        for (int i = -1; i > point; i--)
            out[len++] = '0';
    }
    for (int i = 0; i < count || i <= point; i++) {
        if (point >= 0 && i == point + 1)
            out[len++] = '.';
        out[len++] = i < count ? digits[i] : '0';
    }
    if (!plain)
        len += (size_t)snprintf(out + len, 8, "e%s%02d", exponent < 0 ? "-" : "+", abs(exponent));
    out[len] = '\0';
    return len;
}
