#include "fields/text_form.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/text.h"
#include "base/utf8.h"

/* utf8proc sorts a run of combining marks in quadratic time; no script stacks so many. */
enum { MARKS_MAX = 1000 };

/* Bytes in front of the first that is not ASCII, perhaps a few less. */
static size_t ascii_run(const char *data, size_t len)
{
    size_t at = 0;
    for (uint64_t word; len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, data + at, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    return at;
}

static bool is_ascii(struct slice text)
{
    size_t at = ascii_run(text.data, text.len);
    while (at < text.len && (unsigned char)text.data[at] < 0x80)
        at++;
    return at == text.len;
}

static enum status not_utf8(struct slice text, struct error *err)
{
    unsigned byte = (unsigned char)text.data[utf8_valid_prefix(text)];
    return error_set(err, STATUS_DATA, "byte \\x%02X is not UTF-8", byte);
}

static enum status check_marks(struct slice text, struct error *err)
{
    size_t run = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t character = 0;
        size_t n = utf8_decode(text.data + at, text.len - at, &character);
        if (n == 0)
            return not_utf8(text, err);
        const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)character);
        run = property->combining_class == 0 ? 0 : run + 1;
        if (run > MARKS_MAX)
            return error_set(err, STATUS_DATA, "more than %d combining marks in a row", MARKS_MAX);
        at += n;
    }
    return STATUS_OK;
}

static enum status map(struct arena *arena, utf8proc_option_t options, struct slice text,
                       struct slice *out, struct error *err)
{
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)text.data,
                                        (utf8proc_ssize_t)text.len, &made, options);
    if (len == UTF8PROC_ERROR_NOMEM)
        return error_no_memory(err);
    if (len < 0)
        return error_set(err, STATUS_DATA, "%s", utf8proc_errmsg(len));
    enum status s = STATUS_OK;
    if ((size_t)len != text.len || memcmp(made, text.data, text.len) != 0) {
        const char *copy = arena_copy(arena, made, (size_t)len);
        if (copy == NULL)
            s = error_no_memory(err);
        else
            *out = (struct slice){copy, (size_t)len};
    } else {
        *out = text;
    }
    free(made);
    return s;
}

/* Can this character neither change in NFC nor make a neighbour change?  Everything below U+0300;
 * above, what has no decomposition, no combining class, and is no second half of a composition
 * (in utf8proc's table: comb_index from 0x8000 on; the vowels and tails of Hangul are composed by
 * rule). */
static bool nfc_stands(uint32_t c)
{
    if (c < 0x300)
        return true;
    if (c >= 0x1160 && c <= 0x11ff)
        return false;
    const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)c);
    return p->combining_class == 0 && p->decomp_seqindex == UINT16_MAX &&
           (p->comb_index == UINT16_MAX || p->comb_index < 0x8000);
}

/* Is the text in NFC for certain?  Most texts are, and then nothing is decomposed. */
static bool nfc_already(struct slice text)
{
    size_t at = 0;
    while (at < text.len) {
        at += ascii_run(text.data + at, text.len - at);
        if (at == text.len)
            break;
        uint32_t c = (unsigned char)text.data[at];
        size_t n = c < 0x80 ? 1 : utf8_decode(text.data + at, text.len - at, &c);
        if (n == 0 || !nfc_stands(c))
            return false;
        at += n;
    }
    return true;
}

enum status text_form_nfc(struct arena *arena, struct slice text, struct slice *out,
                          struct error *err)
{
    if (slice_missing(text) || nfc_already(text)) {
        *out = text;
        return STATUS_OK;
    }
    enum status s = check_marks(text, err);
    return s == STATUS_OK ? map(arena, UTF8PROC_STABLE | UTF8PROC_COMPOSE, text, out, err) : s;
}

static char ascii_case(enum text_case to, char c)
{
    if (to == TEXT_CASE_UPPER)
        return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    return text_lower(c);
}

static enum status case_ascii(struct arena *arena, enum text_case to, struct slice text,
                              struct slice *out, struct error *err)
{
    size_t at = 0;
    while (at < text.len && ascii_case(to, text.data[at]) == text.data[at])
        at++;
    *out = text;
    if (at == text.len)
        return STATUS_OK;
    char *copy = arena_copy(arena, text.data, text.len);
    if (copy == NULL)
        return error_no_memory(err);
    for (; at < text.len; at++)
        copy[at] = ascii_case(to, copy[at]);
    out->data = copy;
    return STATUS_OK;
}

static enum status case_each(struct arena *arena, enum text_case to, struct slice text,
                             struct slice *out, struct error *err)
{
    if (text.len > SIZE_MAX / 4)
        return error_no_memory(err);
    if (!utf8_valid(text))
        return not_utf8(text, err);
    /* No simple mapping makes a character more than twice as long. */
    char *made = arena_alloc(arena, text.len * 4);
    if (made == NULL)
        return error_no_memory(err);
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t character = 0;
        size_t n = utf8_decode(text.data + at, text.len - at, &character);
        utf8proc_int32_t c = (utf8proc_int32_t)character;
        c = to == TEXT_CASE_UPPER ? utf8proc_toupper(c) : utf8proc_tolower(c);
        len += utf8_encode(made + len, (uint32_t)c);
        at += n;
    }
    *out = (struct slice){made, len};
    return STATUS_OK;
}

enum status text_form_case(struct arena *arena, enum text_case to, struct slice text,
                           struct slice *out, struct error *err)
{
    if (slice_missing(text)) {
        *out = text;
        return STATUS_OK;
    }
    if (is_ascii(text))
        return case_ascii(arena, to, text, out, err);
    if (to != TEXT_CASE_FOLD)
        return case_each(arena, to, text, out, err);
    if (!utf8_valid(text))
        return not_utf8(text, err);
    return map(arena, UTF8PROC_STABLE | UTF8PROC_CASEFOLD, text, out, err);
}
