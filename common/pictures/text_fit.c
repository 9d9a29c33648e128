#include "pictures/text_fit.h"

#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { MARKS_MAX = 4 };

/* Widths from U+0020 to U+007E in thousandths of the size: at each place the wider one of two
 * common sans-serif faces. */
static const unsigned short ascii_widths[95] = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 556, 1015, 684, 686, 722, 770, 667,
    611, 778, 752, 295, 500, 667, 557, 863, 748, 787, 667, 787, 722, 667,  611, 732, 684, 989, 685,
    667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};

enum { OTHER_WIDTH = 800, WIDE_WIDTH = 1050, BOLD_PERCENT = 114 };

/* What stands for a character; 0: nothing. */
static uint32_t shown_as(uint32_t c)
{
    enum { ZWNJ = 0x200c, ZWJ = 0x200d, REPLACEMENT = 0xfffd };
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_CC:
        return c == '\t' || c == '\n' || c == '\r' ? ' ' : REPLACEMENT;
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return ' ';
    case UTF8PROC_CATEGORY_CF:
        return c == ZWNJ || c == ZWJ ? c : 0;
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
        return REPLACEMENT;
    case UTF8PROC_CATEGORY_CN:
        return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) ? REPLACEMENT : c;
    default:
        return c;
    }
}

static bool is_mark(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
           category == UTF8PROC_CATEGORY_MC || c == 0x200c || c == 0x200d;
}

/* The next character; a byte that is no UTF-8 counts as U+FFFD. */
static size_t next_character(struct slice text, size_t at, uint32_t *c)
{
    size_t n = utf8_decode(text.data + at, text.len - at, c);
    if (n > 0)
        return n;
    *c = 0xfffd;
    return 1;
}

char *text_clean(struct arena *arena, struct slice text, size_t most)
{
    size_t bytes = text.len < most * 4 ? text.len * 3 : most * 4 * (MARKS_MAX + 1);
    char *out = arena_alloc(arena, bytes + 5);
    if (out == NULL)
        return NULL;
    size_t len = 0;
    size_t characters = 0;
    size_t marks = 0;
    uint32_t c;
    for (size_t at = 0; at < text.len && len <= bytes;) {
        at += next_character(text, at, &c);
        c = shown_as(c);
        marks = is_mark(c) ? marks + 1 : 0;
        if (c == 0 || marks > MARKS_MAX)
            continue;
        if (marks == 0 && ++characters > most)
            break;
        len += utf8_encode(out + len, c);
    }
    out[len] = '\0';
    return out;
}

static double character_width(const struct text_face *face, uint32_t c)
{
    int columns = c == 0xad ? 0 : utf8proc_charwidth((utf8proc_int32_t)c);
    if (face->size <= 0)
        return columns;
    double thousandths = c >= 0x20 && c < 0x7f ? ascii_widths[c - 0x20]
                         : columns == 0        ? 0
                         : columns > 1         ? WIDE_WIDTH
                         : c < 0x600           ? OTHER_WIDTH
                                               : 1000;
    if (face->bold)
        thousandths *= BOLD_PERCENT / 100.0;
    return thousandths * face->size / 1000;
}

double text_width(const struct text_face *face, struct slice text)
{
    double width = 0;
    uint32_t c;
    for (size_t at = 0; at < text.len;) {
        at += next_character(text, at, &c);
        width += character_width(face, c);
    }
    return width;
}

/* Bytes from the start that are at most that wide, marks with what they stand on. */
static size_t fitting_bytes(const struct text_face *face, struct slice text, double width)
{
    uint32_t c;
    double used = 0;
    size_t at = 0;
    while (at < text.len) {
        size_t n = next_character(text, at, &c);
        double w = character_width(face, c);
        if (used + w > width + 1e-9)
            break;
        used += w;
        at += n;
    }
    return at;
}

const char *text_cut(struct arena *arena, const struct text_face *face, const char *text,
                     double width)
{
    struct slice all = slice_of(text);
    if (text_width(face, all) <= width + 1e-9)
        return text;
    const char *dots = face->ascii ? "..." : "\u2026";
    double room = width - text_width(face, slice_of(dots));
    if (room < 0)
        return "";
    size_t n = fitting_bytes(face, all, room);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    size_t tail = strlen(dots);
    char *out = arena_alloc(arena, n + tail + 1);
    if (out == NULL)
        return NULL;
    memcpy(out, text, n);
    memcpy(out + n, dots, tail + 1);
    return out;
}

/* Bytes of the line that text begins with, and in *next where the rest begins. */
static size_t line_bytes(const struct text_face *face, struct slice text, double width,
                         size_t *next)
{
    size_t fits = fitting_bytes(face, text, width);
    size_t end = fits;
    if (fits < text.len && text.data[fits] != ' ')
        while (end > 0 && text.data[end - 1] != ' ')
            end--;
    if (end == 0) { /* a word that is wider than the line; never an endless loop */
        uint32_t c;
        end = fits > 0 ? fits : next_character(text, 0, &c);
    }
    *next = end;
    while (*next < text.len && text.data[*next] == ' ')
        (*next)++;
    while (end > 0 && text.data[end - 1] == ' ')
        end--;
    return end;
}

size_t text_wrap(struct arena *arena, const struct text_face *face, const char *text, double width,
                 size_t most, const char ***lines)
{
    struct slice rest = slice_of(text);
    size_t count = 0;
    const char **list = arena_calloc(arena, most + 1, sizeof *list);
    *lines = NULL;
    if (list == NULL)
        return 0;
    while (rest.len > 0 && count < most) {
        size_t next = rest.len;
        size_t n = count + 1 == most ? rest.len : line_bytes(face, rest, width, &next);
        const char *line = arena_copy(arena, rest.data, n);
        if (line != NULL && count + 1 == most)
            line = text_cut(arena, face, line, width);
        if (line == NULL)
            return 0;
        list[count++] = line;
        rest.data += next;
        rest.len -= next;
    }
    *lines = list;
    return count;
}
