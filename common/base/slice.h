/* slice.h - a piece of text that somebody else owns.
 *
 * A slice with data == NULL is a missing value (the \N of a record stream); an empty
 * text has a pointer and len 0.  Slices are not terminated by NUL.  Each function that
 * hands one out says how long it lives.
 */
#ifndef BELL_BASE_SLICE_H
#define BELL_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *data;
    size_t len;
};

#define SLICE_MISSING ((struct slice){NULL, 0})
#define SLICE_LITERAL(text) ((struct slice){"" text, sizeof(text) - 1})

static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text == NULL ? 0 : strlen(text)};
}

static inline bool slice_missing(struct slice s)
{
    return s.data == NULL;
}

/* Missing equals missing and nothing else. */
static inline bool slice_equal(struct slice a, struct slice b)
{
    if (a.data == NULL || b.data == NULL)
        return a.data == b.data;
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool slice_is(struct slice s, const char *text)
{
    return s.data != NULL && s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

/* Order of bytes; missing before everything. */
static inline int slice_compare(struct slice a, struct slice b)
{
    if (a.data == NULL || b.data == NULL)
        return (a.data != NULL) - (b.data != NULL);
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n == 0 ? 0 : memcmp(a.data, b.data, n);
    return c != 0 ? c : (a.len > b.len) - (a.len < b.len);
}

static inline bool slice_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without the ASCII blanks at both ends. */
static inline struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && slice_is_blank(s.data[0])) {
        s.data++;
        s.len--;
    }
    while (s.len > 0 && slice_is_blank(s.data[s.len - 1]))
        s.len--;
    return s;
}

#endif
