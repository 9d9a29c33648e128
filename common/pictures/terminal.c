#include "pictures/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <utf8proc.h>

#include "base/number.h"
#include "base/utf8.h"
#include "pictures/terminal_parts.h"
#include "pictures/wording.h"

enum { GAP = 4, PANEL_MIN = 30, LINES_MOST = 12 };

/* ---- the terminal ---- */

size_t terminal_width(int fd)
{
    uint64_t width = 0;
    struct winsize size;
    const char *said = getenv("COLUMNS");
    if (said == NULL || !number_parse_u64(slice_of(said), &width))
        width = 0;
    if (width == 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width == 0)
        width = TERMINAL_WIDTH;
    if (width < TERMINAL_WIDTH_MIN)
        return TERMINAL_WIDTH_MIN;
    return width < TERMINAL_WIDTH_MOST ? (size_t)width : TERMINAL_WIDTH_MOST;
}

bool terminal_has_colour(int fd)
{
    const char *refused = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fd) && (refused == NULL || refused[0] == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

/* ---- lines ---- */

/* Letters without their marks; "?" for what has no such letter, as wide as it was. */
static const char *to_ascii(struct page *page, const char *text)
{
    size_t len = strlen(text);
    char *out = arena_alloc(&page->arena, 8 * len + 1);
    size_t n = 0;
    uint32_t c;
    if (out == NULL)
        return NULL;
    for (size_t at = 0; at < len;) {
        utf8proc_int32_t parts[8];
        size_t bytes = utf8_decode(text + at, len - at, &c);
        at += bytes > 0 ? bytes : 1;
        utf8proc_ssize_t count = utf8proc_decompose_char(
            (utf8proc_int32_t)c, parts, 8,
            UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK, NULL);
        bool plain = count >= 0 && count <= 8;
        for (utf8proc_ssize_t i = 0; i < count && plain; i++)
            plain = parts[i] >= ' ' && parts[i] < 0x7f;
        for (utf8proc_ssize_t i = 0; i < count && plain; i++)
            out[n++] = (char)parts[i];
        for (int i = 0; !plain && i < utf8proc_charwidth((utf8proc_int32_t)c); i++)
            out[n++] = '?';
    }
    out[n] = '\0';
    return out;
}

const char *page_text(struct page *page, const char *text)
{
    if (text != NULL && page->options->ascii)
        text = to_ascii(page, text);
    if (text == NULL)
        page->failed = true;
    return text == NULL ? "" : text;
}

size_t page_width(const struct page *page, const char *text)
{
    return (size_t)text_width(&page->face, slice_of(text));
}

static void put_bytes(struct page *page, enum ink ink, const char *text, size_t width)
{
    static const char *const codes[] = {[INK_PLAIN] = "",
                                        [INK_BOLD] = "\033[1m",
                                        [INK_SOFT] = "\033[2m",
                                        [INK_ANSWERS] = "\033[36m",
                                        [INK_RANGE] = "\033[33m"};
    bool colour = page->options->colour && ink != INK_PLAIN && text[0] != '\0';
    bool ok = (!colour || buffer_append_text(&page->line, codes[ink])) &&
              buffer_append_text(&page->line, text) &&
              (!colour || buffer_append_text(&page->line, "\033[0m"));
    page->line_width += width;
    page->failed = page->failed || !ok;
}

void page_put(struct page *page, enum ink ink, const char *text)
{
    put_bytes(page, ink, text, page_width(page, text));
}

void page_put_glyph(struct page *page, enum ink ink, enum glyph glyph)
{
    static const char *const blocks[GLYPHS] = {
        [GLYPH_BLANK] = " ",           [GLYPH_SILENT] = "\u2591",   [GLYPH_ANY] = "\u2500",
        [GLYPH_ANY_LOW] = "\u251c",    [GLYPH_ANY_HIGH] = "\u2524", [GLYPH_ANY_POINT] = "\u2502",
        [GLYPH_RANGE] = "\u2501",      [GLYPH_AXIS] = "\u00b7",     [GLYPH_MEAN] = "\u25c6",
        [GLYPH_TILT_LOW] = "\u25c1",   [GLYPH_TILT] = "\u25cb",     [GLYPH_TILT_HIGH] = "\u25b7",
        [GLYPH_CALIBRATED] = "\u25a0", [GLYPH_BESIDE] = "\u25b2"};
    static const char *const plain[GLYPHS] = {
        [GLYPH_BLANK] = " ",      [GLYPH_SILENT] = ".",   [GLYPH_ANY] = "-",
        [GLYPH_ANY_LOW] = "|",    [GLYPH_ANY_HIGH] = "|", [GLYPH_ANY_POINT] = "|",
        [GLYPH_RANGE] = "=",      [GLYPH_AXIS] = ".",     [GLYPH_MEAN] = "*",
        [GLYPH_TILT_LOW] = "<",   [GLYPH_TILT] = "o",     [GLYPH_TILT_HIGH] = ">",
        [GLYPH_CALIBRATED] = "@", [GLYPH_BESIDE] = "^"};
    put_bytes(page, ink, page->options->ascii ? plain[glyph] : blocks[glyph], 1);
}

void page_pad(struct page *page, size_t to)
{
    while (page->line_width < to)
        page_put_glyph(page, INK_PLAIN, GLYPH_BLANK);
}

void page_put_bar(struct page *page, size_t eighths)
{
    static const char *const parts[] = {"",       "\u258f", "\u258e", "\u258d",
                                        "\u258c", "\u258b", "\u258a", "\u2589"};
    struct buffer bar = BUFFER_INIT;
    bool ascii = page->options->ascii;
    size_t whole = ascii ? (eighths + 4) / 8 : eighths / 8;
    bool ok = buffer_reserve(&bar, 1);
    for (size_t i = 0; i < whole && ok; i++)
        ok = buffer_append_text(&bar, ascii ? "#" : "\u2588");
    if (ok && !ascii && eighths % 8 > 0) {
        ok = buffer_append_text(&bar, parts[eighths % 8]);
        whole++;
    }
    if (ok && ascii && whole == 0 && eighths > 0) {
        ok = buffer_append_text(&bar, "|");
        whole = 1;
    }
    if (ok && whole > 0)
        put_bytes(page, INK_ANSWERS, bar.data, whole);
    page->failed = page->failed || !ok;
    buffer_free(&bar);
}

void page_end_line(struct page *page, struct text_block *block)
{
    while (page->line.len > 0 && page->line.data[page->line.len - 1] == ' ') {
        page->line.len--;
        page->line_width--;
    }
    if (block->count == block->cap) {
        size_t cap = block->cap == 0 ? 32 : block->cap * 2;
        struct text_line *more = realloc(block->lines, cap * sizeof *more);
        if (more == NULL) {
            page->failed = true;
            return;
        }
        block->lines = more;
        block->cap = cap;
    }
    const char *text =
        page->line.len == 0 ? "" : arena_copy(&page->arena, page->line.data, page->line.len);
    page->failed = page->failed || text == NULL;
    block->lines[block->count++] = (struct text_line){text == NULL ? "" : text, page->line_width};
    buffer_clear(&page->line);
    page->line_width = 0;
}

void page_put_lines(struct page *page, struct text_block *block, enum ink ink, size_t indent,
                    size_t width, size_t most, const char *text)
{
    const char **lines = NULL;
    size_t count =
        text_wrap(&page->arena, &page->face, text, (double)(width - indent), most, &lines);
    page->failed = page->failed || lines == NULL;
    for (size_t i = 0; i < count; i++) {
        page_pad(page, indent);
        page_put(page, ink, lines[i]);
        page_end_line(page, block);
    }
}

/* ---- the page ---- */

static enum status write_block(const struct page *page, const struct text_block *block,
                               struct buffer *out, struct error *err)
{
    bool ok = !page->failed;
    for (size_t i = 0; i < block->count && ok; i++)
        ok = buffer_append_text(out, block->lines[i].text) && buffer_append_byte(out, '\n');
    return ok ? STATUS_OK : error_no_memory(err);
}

/* Panels side by side: line by line. */
static void join_blocks(struct page *page, const struct text_block *blocks, size_t count,
                        struct text_block *all)
{
    size_t lines = 0;
    for (size_t i = 0; i < count; i++)
        lines = blocks[i].count > lines ? blocks[i].count : lines;
    for (size_t l = 0; l < lines; l++) {
        for (size_t i = 0; i < count; i++) {
            if (l >= blocks[i].count)
                continue;
            page_pad(page, i * (page->width + GAP));
            put_bytes(page, INK_PLAIN, blocks[i].lines[l].text, blocks[i].lines[l].width);
        }
        page_end_line(page, all);
    }
}

static void draw_section(struct page *page, const struct picture_section *section, size_t columns,
                         struct text_block *all)
{
    struct panel_room room;
    const char *heading = page_text(page, wording_section(&page->arena, section));
    panel_measure(page, section, &room);
    if (heading[0] != '\0') {
        page_put_lines(page, all, INK_SOFT, 0, page->options->width, LINES_MOST, heading);
        page_end_line(page, all);
    }
    for (size_t first = 0; first < section->count; first += columns) {
        size_t count = section->count - first < columns ? section->count - first : columns;
        struct text_block *blocks = calloc(count, sizeof *blocks);
        if (blocks == NULL) {
            page->failed = true;
            return;
        }
        panel_measure_row(page, &room, &page->picture->panels[section->first + first], count);
        for (size_t i = 0; i < count; i++)
            panel_draw(page, &room, &page->picture->panels[section->first + first + i], &blocks[i]);
        join_blocks(page, blocks, count, all);
        page_end_line(page, all);
        for (size_t i = 0; i < count; i++)
            free(blocks[i].lines);
        free(blocks);
    }
}

static void draw_key_line(struct page *page, struct text_block *all, enum ink ink,
                          const enum glyph glyphs[3], const char *text)
{
    enum { INDENT = 5 };
    const char **lines = NULL;
    size_t count = text_wrap(&page->arena, &page->face, page_text(page, text),
                             (double)(page->options->width - INDENT), LINES_MOST, &lines);
    page->failed = page->failed || lines == NULL;
    if (glyphs == NULL)
        page_put_bar(page, 24);
    for (size_t i = 0; i < 3 && glyphs != NULL; i++)
        page_put_glyph(page, ink, glyphs[i]);
    for (size_t i = 0; i < count; i++) {
        page_pad(page, INDENT);
        page_put(page, INK_PLAIN, lines[i]);
        page_end_line(page, all);
    }
}

static void draw_key(struct page *page, struct text_block *all)
{
    static const enum glyph silent[] = {GLYPH_SILENT, GLYPH_SILENT, GLYPH_SILENT};
    static const enum glyph nothing[] = {GLYPH_BLANK, GLYPH_BLANK, GLYPH_BLANK};
    static const enum glyph ratio[] = {GLYPH_RANGE, GLYPH_RANGE, GLYPH_RANGE};
    static const enum glyph any[] = {GLYPH_ANY_LOW, GLYPH_ANY, GLYPH_ANY_HIGH};
    static const enum glyph calibrated[] = {GLYPH_BLANK, GLYPH_CALIBRATED, GLYPH_BLANK};
    static const enum glyph beside[] = {GLYPH_BLANK, GLYPH_BESIDE, GLYPH_BLANK};
    enum glyph tilts[PICTURE_TILTS];
    const struct picture *picture = page->picture;
    struct arena *arena = &page->arena;
    bool known = false;
    for (size_t i = 0; i < PICTURE_TILTS; i++)
        tilts[i] = picture->tilt_name[i] != NULL ? (enum glyph)(GLYPH_TILT_LOW + i) : GLYPH_BLANK;
    for (size_t i = 0; i < picture->panel_count; i++)
        known = known || isfinite(picture->panels[i].participation);
    if (picture->panel_count == 0)
        page_put_lines(page, all, INK_PLAIN, 0, page->options->width, LINES_MOST,
                       "The table has no rows.");
    else
        draw_key_line(page, all, INK_ANSWERS, NULL, wording_answers(arena, picture));
    if (picture->panel_count > 0)
        draw_key_line(page, all, INK_SOFT, known ? silent : nothing,
                      wording_silent_key(arena, picture));
    if (picture->shows[REACH_RATIO])
        draw_key_line(page, all, INK_RANGE, ratio, wording_reach(arena, picture, REACH_RATIO));
    if (picture->shows[REACH_ANY])
        draw_key_line(page, all, INK_PLAIN, any, wording_reach(arena, picture, REACH_ANY));
    if (picture->shows_tilts)
        draw_key_line(page, all, INK_PLAIN, tilts, wording_tilts(arena, picture));
    for (size_t i = 0; i < MARKS; i++)
        if (picture->shows_marks[i])
            draw_key_line(page, all, INK_BOLD, i == MARK_CALIBRATED ? calibrated : beside,
                          wording_mark(arena, picture, (enum picture_mark)i));
    const char *left_out = page_text(page, wording_left_out(arena, picture));
    page_put_lines(page, all, INK_BOLD, 0, page->options->width, LINES_MOST, left_out);
}

enum status terminal_draw(const struct picture *picture, const struct terminal_options *options,
                          struct buffer *out, struct error *err)
{
    size_t columns = options->columns > 0 ? options->columns : 1;
    if (columns * (PANEL_MIN + GAP) - GAP > options->width)
        return error_set(err, STATUS_USAGE, "%zu columns need a width of %zu at least", columns,
                         columns * (PANEL_MIN + GAP) - GAP);
    struct page page = {.picture = picture,
                        .options = options,
                        .face = {.ascii = options->ascii},
                        .width = (options->width + GAP) / columns - GAP};
    struct text_block all = {.lines = NULL};
    page_put_lines(&page, &all, INK_BOLD, 0, options->width, LINES_MOST,
                   page_text(&page, picture->title));
    page_end_line(&page, &all);
    for (size_t i = 0; i < picture->section_count; i++)
        draw_section(&page, &picture->sections[i], columns, &all);
    draw_key(&page, &all);
    enum status s = write_block(&page, &all, out, err);
    free(all.lines);
    buffer_free(&page.line);
    arena_free(&page.arena);
    return s;
}
