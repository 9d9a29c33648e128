#include "records/escape.h"

#include <stdint.h>

#include "records/escape_put.h"

bool escape_append(struct buffer *out, struct slice s)
{
    if (s.len > SIZE_MAX / 4 || !buffer_reserve(out, s.len * 2 + ESCAPE_SLACK))
        return false;
    const char *end = escape_put_choose()(out->data + out->len, s, SLICE_MISSING);
    out->len = (size_t)(end - out->data);
    out->data[out->len] = '\0';
    return true;
}

static int octal_digit(char c)
{
    return c >= '0' && c <= '7' ? c - '0' : -1;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Reads up to most digits of a base at s.data[*at]; returns the byte. */
static char read_digits(struct slice s, size_t *at, int most, int (*digit)(char), int base)
{
    int value = 0;
    for (int n = 0; n < most && *at < s.len && digit(s.data[*at]) >= 0; n++)
        value = value * base + digit(s.data[(*at)++]);
    return (char)(value & 0xff);
}

/* The byte meant by what stands behind a backslash at s.data[*at - 1]. */
static char read_one(struct slice s, size_t *at)
{
    char c = s.data[(*at)++];
    switch (c) {
    case 't':
        return '\t';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    case 'x':
        if (*at < s.len && hex_digit(s.data[*at]) >= 0)
            return read_digits(s, at, 2, hex_digit, 16);
        return c;
    default:
        if (octal_digit(c) >= 0) {
            (*at)--;
            return read_digits(s, at, 3, octal_digit, 8);
        }
        return c;
    }
}

struct slice escape_read(struct arena *arena, struct slice s, bool *no_memory)
{
    if (s.len == 2 && s.data[0] == '\\' && s.data[1] == 'N')
        return SLICE_MISSING;
    const char *first = s.len == 0 ? NULL : memchr(s.data, '\\', s.len);
    if (first == NULL)
        return s;
    char *text = arena_alloc(arena, s.len);
    if (text == NULL) {
        *no_memory = true;
        return SLICE_MISSING;
    }
    size_t len = 0;
    size_t at = 0;
    for (const char *slash = first; slash != NULL;
         slash = at == s.len ? NULL : memchr(s.data + at, '\\', s.len - at)) {
        const size_t run = (size_t)(slash - s.data) - at;
        memcpy(text + len, s.data + at, run);
        len += run;
        at += run + 1;
        text[len++] = '\\'; /* as the last byte it stands for itself */
        if (at < s.len)
            text[len - 1] = read_one(s, &at);
    }
    memcpy(text + len, s.data + at, s.len - at);
    return (struct slice){text, len + s.len - at};
}
