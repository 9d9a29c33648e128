#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

static const char hex_digits[] = "0123456789ABCDEF";

/* Writes one character of s (or one bad byte) in shown form; out has room for 4 bytes.
 * Returns the bytes written, *used the bytes read. */
static size_t show_one(char *out, struct slice s, size_t *used)
{
    unsigned char byte = (unsigned char)s.data[0];
    *used = 1;
    if (byte == '\\') {
        out[0] = out[1] = '\\';
        return 2;
    }
    uint32_t character;
    size_t n = utf8_decode(s.data, s.len, &character);
    /* C1 controls would reach a terminal as controls, too. */
    bool control = n > 0 && (character < 0x20 || (character >= 0x7f && character < 0xa0));
    if (n > 0 && !control) {
        memcpy(out, s.data, n);
        *used = n;
        return n;
    }
    out[0] = '\\';
    out[1] = 'x';
    out[2] = hex_digits[byte >> 4];
    out[3] = hex_digits[byte & 15];
    return 4;
}

const char *text_escape(char out[TEXT_ESCAPED_MAX], struct slice s)
{
    size_t len = 0;
    size_t shown = 0;
    while (s.len > 0) {
        char piece[4];
        size_t used;
        size_t n = show_one(piece, s, &used);
        if (shown + used > TEXT_SHOWN_MAX) {
            memcpy(out + len, "...", 3);
            len += 3;
            break;
        }
        memcpy(out + len, piece, n);
        len += n;
        shown += used;
        s.data += used;
        s.len -= used;
    }
    out[len] = '\0';
    return out;
}

bool text_escape_append(struct buffer *buf, struct slice s)
{
    while (s.len > 0) {
        char piece[4];
        size_t used;
        size_t n = show_one(piece, s, &used);
        if (!buffer_append(buf, piece, n))
            return false;
        s.data += used;
        s.len -= used;
    }
    return true;
}

char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool text_equal_fold(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (text_lower(a.data[i]) != text_lower(b.data[i]))
            return false;
    return true;
}

enum { NEAREST_MAX = 96 };

/* Edit distance with neighbours swapped counted as one slip; whole steps cost 2, a change of
 * case or of '-', '_' and ' ' for one another costs 1. */
static unsigned slip_distance(const char *a, size_t la, const char *b, size_t lb)
{
    unsigned before[NEAREST_MAX + 1];
    unsigned last[NEAREST_MAX + 1];
    unsigned row[NEAREST_MAX + 1];
    for (size_t j = 0; j <= lb; j++) {
        last[j] = (unsigned)(2 * j);
        before[j] = last[j];
    }
    for (size_t i = 1; i <= la; i++) {
        row[0] = (unsigned)(2 * i);
        for (size_t j = 1; j <= lb; j++) {
            char x = a[i - 1];
            char y = b[j - 1];
            bool gaps = strchr("-_ ", x) != NULL && strchr("-_ ", y) != NULL;
            unsigned change = x == y ? 0 : (text_lower(x) == text_lower(y) || gaps ? 1 : 2);
            unsigned best = last[j - 1] + change;
            if (last[j] + 2 < best)
                best = last[j] + 2;
            if (row[j - 1] + 2 < best)
                best = row[j - 1] + 2;
            if (i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y && before[j - 2] + 2 < best)
                best = before[j - 2] + 2;
            row[j] = best;
        }
        memcpy(before, last, sizeof before);
        memcpy(last, row, (lb + 1) * sizeof row[0]);
    }
    return last[lb];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t len = strlen(word);
    const char *best = NULL;
    unsigned best_distance = 0;
    if (len == 0 || len > NEAREST_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]);
        if (other == 0 || other > NEAREST_MAX)
            continue;
        unsigned distance = slip_distance(word, len, candidates[i], other);
        /* Up to a slip in three letters, two slips at least for longer words. */
        size_t allowed = (len < other ? len : other) * 2 / 3 + 1;
        if (distance <= allowed && (best == NULL || distance < best_distance)) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}

bool text_shell_quote(struct buffer *buf, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:,=@%+";
    if (word[0] != '\0' && strspn(word, plain) == strlen(word))
        return buffer_append_text(buf, word);
    if (!buffer_append_byte(buf, '\''))
        return false;
    for (const char *p = word; *p != '\0'; p++) {
        bool ok = *p == '\'' ? buffer_append_text(buf, "'\\''") : buffer_append_byte(buf, *p);
        if (!ok)
            return false;
    }
    return buffer_append_byte(buf, '\'');
}
