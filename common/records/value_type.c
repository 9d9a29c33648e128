#include "records/value_type.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(struct slice s, size_t at)
{
    size_t n = 0;
    while (at + n < s.len && is_digit(s.data[at + n]))
        n++;
    return n;
}

/* 1.2E+17, 1e5: what spreadsheets make of long ids, the last digits lost. */
static bool has_exponent(struct slice s)
{
    size_t at = s.len > 0 && (s.data[0] == '+' || s.data[0] == '-');
    size_t digits = count_digits(s, at);
    at += digits;
    if (at < s.len && s.data[at] == '.') {
        size_t more = count_digits(s, at + 1);
        at += 1 + more;
        digits += more;
    }
    if (digits == 0 || at == s.len || (s.data[at] != 'e' && s.data[at] != 'E'))
        return false;
    at++;
    if (at < s.len && (s.data[at] == '+' || s.data[at] == '-'))
        at++;
    digits = count_digits(s, at);
    return digits > 0 && at + digits == s.len;
}

static void canonical_id(struct slice in, struct slice *out, const char **reason)
{
    if (has_exponent(in)) {
        *reason = "is a number with an exponent, not an id: its last digits are lost";
        return;
    }
    *out = in;
    if (in.len > 2 && in.data[in.len - 2] == '.' && in.data[in.len - 1] == '0')
        out->len -= 2;
}

static enum status store(struct arena *arena, const char *text, size_t len, struct slice in,
                         struct slice *out, struct error *err)
{
    if (slice_equal(in, (struct slice){text, len})) {
        *out = in;
        return STATUS_OK;
    }
    *out = (struct slice){arena_copy(arena, text, len), len};
    return out->data == NULL ? error_no_memory(err) : STATUS_OK;
}

static enum status canonical_int(struct slice in, struct arena *arena, struct slice *out,
                                 const char **reason, struct error *err)
{
    int64_t value;
    if (!number_parse_i64(in, &value)) {
        size_t sign = in.len > 0 && (in.data[0] == '+' || in.data[0] == '-');
        size_t digits = count_digits(in, sign);
        int64_t millionths;
        if (digits > 0 && sign + digits == in.len)
            *reason = "is beyond 64 bits";
        else if (decimal_parse(in, &millionths) == DECIMAL_OK)
            *reason = "is not a whole number; take type decimal";
        else
            *reason = "is not a whole number";
        return STATUS_OK;
    }
    /* No sign but a minus, no leading zero: it stands as it would be written. */
    size_t sign = in.data[0] == '-';
    if (in.data[0] != '+' && (in.data[sign] != '0' || in.len == 1)) {
        *out = in;
        return STATUS_OK;
    }
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)value);
    return store(arena, text, n < 0 ? 0 : (size_t)n, in, out, err);
}

static enum status canonical_decimal(struct slice in, struct arena *arena, struct slice *out,
                                     const char **reason, struct error *err)
{
    int64_t millionths = 0;
    char text[DECIMAL_TEXT_MAX];
    switch (decimal_parse(in, &millionths)) {
    case DECIMAL_NOT_A_NUMBER:
        *reason = "is not a decimal number";
        return STATUS_OK;
    case DECIMAL_TOO_LARGE:
        *reason = "is not below 10^12";
        return STATUS_OK;
    case DECIMAL_TOO_FINE:
        *reason = "has more than 6 decimal places";
        return STATUS_OK;
    case DECIMAL_OK:
        break;
    }
    return store(arena, text, decimal_format(text, millionths), in, out, err);
}

static int compare_labels(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* Labels in order and once, joined; the arena keeps both lists. */
static enum status join_labels(struct slice *labels, size_t count, size_t room, struct arena *arena,
                               struct slice *out, struct error *err)
{
    char *text = arena_alloc(arena, room);
    size_t len = 0;
    if (text == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && slice_equal(labels[i], labels[i - 1]))
            continue;
        if (len > 0)
            text[len++] = ',';
        memcpy(text + len, labels[i].data, labels[i].len);
        len += labels[i].len;
    }
    *out = (struct slice){text, len};
    return STATUS_OK;
}

static enum status canonical_set(struct slice in, struct arena *arena, struct slice *out,
                                 struct error *err)
{
    size_t count = 1;
    for (size_t i = 0; i < in.len; i++)
        count += in.data[i] == ',';
    struct slice *labels = arena_calloc(arena, count, sizeof *labels);
    if (labels == NULL)
        return error_no_memory(err);
    size_t kept = 0;
    size_t used = 0;
    bool rising = true;
    for (size_t start = 0; start <= in.len;) {
        const char *comma = memchr(in.data + start, ',', in.len - start);
        size_t len = comma == NULL ? in.len - start : (size_t)(comma - (in.data + start));
        struct slice label = slice_trim((struct slice){in.data + start, len});
        start += len + 1;
        if (label.len == 0)
            continue;
        rising = rising && (kept == 0 || slice_compare(labels[kept - 1], label) < 0);
        used += label.len + (kept > 0);
        labels[kept++] = label;
    }
    if (rising && used == in.len) {
        *out = in;
        return STATUS_OK;
    }
    qsort(labels, kept, sizeof *labels, compare_labels);
    return join_labels(labels, kept, used, arena, out, err);
}

enum status value_canonical(enum field_type type, struct slice in, struct arena *arena,
                            struct slice *out, const char **reason, struct error *err)
{
    *reason = NULL;
    switch (type) {
    case FIELD_ID:
        canonical_id(in, out, reason);
        return STATUS_OK;
    case FIELD_INT:
        return canonical_int(in, arena, out, reason, err);
    case FIELD_DECIMAL:
        return canonical_decimal(in, arena, out, reason, err);
    case FIELD_SET:
        return canonical_set(in, arena, out, err);
    case FIELD_STR:
    case FIELD_TIME:
        break;
    }
    *out = in;
    return STATUS_OK;
}
