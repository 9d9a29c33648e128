/* terminal_parts.h - what terminal.c and terminal_panel.c share: lines that know their width. */
#ifndef BELL_PICTURES_TERMINAL_PARTS_H
#define BELL_PICTURES_TERMINAL_PARTS_H

#include "pictures/terminal.h"
#include "pictures/text_fit.h"

enum ink { INK_PLAIN, INK_BOLD, INK_SOFT, INK_ANSWERS, INK_RANGE };

struct text_line {
    const char *text;
    size_t width;
};

struct text_block {
    struct text_line *lines;
    size_t count;
    size_t cap;
};

struct page {
    const struct picture *picture;
    const struct terminal_options *options;
    struct text_face face;
    struct arena arena;
    size_t width;       /* of a panel */
    struct buffer line; /* the one that is being written */
    size_t line_width;
    bool failed; /* out of memory */
};

/* Characters, one column each, for bars, lanes and signs. */
enum glyph {
    GLYPH_BLANK,
    GLYPH_SILENT,
    GLYPH_ANY,
    GLYPH_ANY_LOW,
    GLYPH_ANY_HIGH,
    GLYPH_ANY_POINT,
    GLYPH_RANGE,
    GLYPH_AXIS,
    GLYPH_MEAN,
    GLYPH_TILT_LOW,
    GLYPH_TILT,
    GLYPH_TILT_HIGH,
    GLYPH_CALIBRATED,
    GLYPH_BESIDE,
    GLYPHS
};

/* Texts as this page can show them; "" where there is no memory. */
const char *page_text(struct page *page, const char *text);
size_t page_width(const struct page *page, const char *text);
/* Adds to the line.  Text must come from page_text(). */
void page_put(struct page *page, enum ink ink, const char *text);
void page_put_glyph(struct page *page, enum ink ink, enum glyph glyph);
void page_pad(struct page *page, size_t to); /* blanks up to that column */
/* A bar of so many eighths. */
void page_put_bar(struct page *page, size_t eighths);
/* The line goes to the block, without blanks at its end, and a new one begins. */
void page_end_line(struct page *page, struct text_block *block);
/* At most so many lines of text with an indent, broken at the width. */
void page_put_lines(struct page *page, struct text_block *block, enum ink ink, size_t indent,
                    size_t width, size_t most, const char *text);

/* What the panels of a section need. */
struct panel_room {
    const struct picture_section *section;
    size_t label; /* columns */
    size_t value;
    size_t plot;
    bool lane;
    bool lane_text; /* there is room for its numbers */
    /* Of panels side by side: how many lines the longest of each takes; 0: as each needs. */
    size_t name_lines;
    size_t fact_lines;
    bool broken; /* the numbers of the strip take two lines */
};

void panel_measure(struct page *page, const struct picture_section *section,
                   struct panel_room *room);
void panel_measure_row(struct page *page, struct panel_room *room,
                       const struct picture_panel *panels, size_t count);
void panel_draw(struct page *page, const struct panel_room *room, const struct picture_panel *panel,
                struct text_block *block);

#endif
