#include "pictures/layout.h"

#include <math.h>
#include <string.h>

#include "pictures/layout_parts.h"
#include "pictures/wording.h"

enum { TITLE = 19, TITLE_LINE = 25, TITLE_LINES = 3, KEY_GLYPH = 38, KEY_LINES = 6 };

const char *frame_cut(struct frame *frame, double size, bool bold, const char *text, double width)
{
    const struct text_face face = {.size = size, .bold = bold};
    const char *cut = text == NULL ? NULL : text_cut(frame->arena, &face, text, width);
    if (cut == NULL)
        frame->failed = true;
    return cut == NULL ? "" : cut;
}

double frame_width(double size, bool bold, const char *text)
{
    const struct text_face face = {.size = size, .bold = bold};
    return text_width(&face, slice_of(text));
}

/* Lines from frame->y on; returns how many there were. */
static size_t put_lines(struct frame *frame, double x, double width, double size, double line,
                        bool bold, enum paint paint, size_t most, const char *text)
{
    const struct text_face face = {.size = size, .bold = bold};
    const char **lines = NULL;
    size_t count = 0;
    if (text != NULL)
        count = text_wrap(frame->arena, &face, text, width, most, &lines);
    if (lines == NULL)
        frame->failed = true;
    for (size_t i = 0; i < count; i++) {
        frame->y += line;
        canvas_text(frame->canvas, x, frame->y - line + size, ANCHOR_START, size, bold, paint,
                    lines[i]);
    }
    return count;
}

static void draw_head(struct frame *frame)
{
    double width = frame->canvas->width - 2 * LAYOUT_MARGIN;
    frame->y = LAYOUT_MARGIN - 4;
    put_lines(frame, LAYOUT_MARGIN, width, TITLE, TITLE_LINE, true, PAINT_INK, TITLE_LINES,
              frame->picture->title);
    frame->y += 6;
    if (frame->picture->panel_count == 0)
        put_lines(frame, LAYOUT_MARGIN, width, LAYOUT_TEXT, LAYOUT_LINE, false, PAINT_INK, 1,
                  "The table has no rows.");
}

static void draw_section(struct frame *frame, const struct picture_section *section)
{
    double width = frame->canvas->width - 2 * LAYOUT_MARGIN;
    const char *heading = wording_section(frame->arena, section);
    frame->section = section;
    frame_measure(frame);
    if (heading == NULL || heading[0] != '\0') {
        if (frame->picture->section_count > 1)
            canvas_line(frame->canvas, LAYOUT_MARGIN, frame->y, LAYOUT_MARGIN + width, frame->y,
                        PAINT_GRID, 1, NULL);
        frame->y += 6;
        put_lines(frame, LAYOUT_MARGIN, width, LAYOUT_TEXT, LAYOUT_LINE, false, PAINT_SOFT, 2,
                  heading);
        frame->y += 8;
    }
    for (size_t first = 0; first < section->count; first += frame->columns) {
        const struct picture_panel *panels = &frame->picture->panels[section->first + first];
        size_t left = section->count - first;
        size_t count = left < frame->columns ? left : frame->columns;
        frame_measure_row(frame, panels, count);
        for (size_t i = 0; i < count; i++) {
            double x = LAYOUT_MARGIN + (double)i * (frame->panel_width + LAYOUT_GAP);
            frame_draw_panel(frame, &panels[i], x, frame->y);
        }
        frame->y += frame_panel_height(frame) + LAYOUT_BELOW;
    }
}

/* ---- what it all means ---- */

enum key_sign {
    KEY_ANSWERS,
    KEY_SILENT,
    KEY_RATIO,
    KEY_ANY,
    KEY_TILTS,
    KEY_CALIBRATED,
    KEY_BESIDE,
    KEY_NOTHING
};

static void draw_sign(struct frame *frame, enum key_sign sign, double x, double y)
{
    switch (sign) {
    case KEY_ANSWERS:
        canvas_rect(frame->canvas, x, y - 5, 28, 10, PAINT_ANSWERS, PAINT_NONE, NULL);
        break;
    case KEY_SILENT:
        canvas_hatch(frame->canvas, x + 0.5, y - 5, 27, 10, NULL);
        break;
    case KEY_NOTHING:
        break;
    case KEY_RATIO:
        frame_range(frame, REACH_RATIO, x, x + 28, y, NULL);
        break;
    case KEY_ANY:
        frame_range(frame, REACH_ANY, x, x + 28, y, NULL);
        break;
    case KEY_CALIBRATED:
        frame_mark(frame, MARK_CALIBRATED, x + 14, y, NULL);
        break;
    case KEY_BESIDE:
        frame_mark(frame, MARK_BESIDE, x + 14, y, NULL);
        break;
    case KEY_TILTS:
        for (size_t i = 0; i < PICTURE_TILTS; i++)
            if (frame->picture->tilt_name[i] != NULL)
                frame_tilt(frame, i, x + 4 + 10 * (double)i, y, NULL);
        break;
    }
}

static void draw_key_line(struct frame *frame, enum key_sign sign, const char *text)
{
    double width = frame->canvas->width - 2 * LAYOUT_MARGIN - KEY_GLYPH;
    draw_sign(frame, sign, LAYOUT_MARGIN, frame->y + LAYOUT_TEXT - 4);
    put_lines(frame, LAYOUT_MARGIN + KEY_GLYPH, width, LAYOUT_TEXT, LAYOUT_LINE, false, PAINT_INK,
              KEY_LINES, text);
    frame->y += 4;
}

static void draw_left_out(struct frame *frame)
{
    const struct picture *picture = frame->picture;
    double width = frame->canvas->width - 2 * LAYOUT_MARGIN;
    const char *left_out = wording_left_out(frame->arena, picture);
    if (left_out == NULL || left_out[0] != '\0')
        put_lines(frame, LAYOUT_MARGIN, width, LAYOUT_TEXT, LAYOUT_LINE, true, PAINT_INK, 2,
                  left_out);
}

static void draw_key(struct frame *frame)
{
    const struct picture *picture = frame->picture;
    bool silent = false;
    for (size_t i = 0; i < picture->panel_count; i++)
        silent = silent || isfinite(picture->panels[i].participation);
    if (picture->panel_count > 0) {
        canvas_line(frame->canvas, LAYOUT_MARGIN, frame->y, frame->canvas->width - LAYOUT_MARGIN,
                    frame->y, PAINT_GRID, 1, NULL);
        frame->y += 10;
        draw_key_line(frame, KEY_ANSWERS, wording_answers(frame->arena, picture));
    }
    if (picture->panel_count > 0)
        draw_key_line(frame, silent ? KEY_SILENT : KEY_NOTHING,
                      wording_silent_key(frame->arena, picture));
    if (picture->shows[REACH_RATIO])
        draw_key_line(frame, KEY_RATIO, wording_reach(frame->arena, picture, REACH_RATIO));
    if (picture->shows[REACH_ANY])
        draw_key_line(frame, KEY_ANY, wording_reach(frame->arena, picture, REACH_ANY));
    if (picture->shows_tilts)
        draw_key_line(frame, KEY_TILTS, wording_tilts(frame->arena, picture));
    for (size_t i = 0; i < MARKS; i++)
        if (picture->shows_marks[i])
            draw_key_line(frame, i == MARK_CALIBRATED ? KEY_CALIBRATED : KEY_BESIDE,
                          wording_mark(frame->arena, picture, (enum picture_mark)i));
    draw_left_out(frame);
    frame->y += LAYOUT_MARGIN - 4;
}

/* ---- the whole ---- */

static size_t columns_that_fit(double inner, double least)
{
    double columns = floor((inner + LAYOUT_GAP) / (least + LAYOUT_GAP));
    return columns < 1 ? 1 : (size_t)columns;
}

static enum status choose_columns(struct frame *frame, size_t wanted, struct error *err)
{
    double inner = frame->canvas->width - 2 * LAYOUT_MARGIN;
    size_t most = 1;
    for (size_t i = 0; i < frame->picture->section_count; i++)
        if (frame->picture->sections[i].count > most)
            most = frame->picture->sections[i].count;
    size_t good = columns_that_fit(inner, LAYOUT_PANEL_GOOD);
    size_t chosen = most <= 4 ? (most + 1) / 2 : most <= 9 ? 3 : 4;
    if (most == 2)
        chosen = 2;
    if (chosen > good)
        chosen = good;
    if (wanted > 0) {
        if (wanted > columns_that_fit(inner, LAYOUT_PANEL_MIN))
            return error_set(err, STATUS_USAGE, "%zu columns need a width of %.0f at least", wanted,
                             (double)wanted * (LAYOUT_PANEL_MIN + LAYOUT_GAP) - LAYOUT_GAP +
                                 2 * LAYOUT_MARGIN);
        chosen = wanted;
    }
    frame->columns = chosen;
    frame->panel_width = (inner + LAYOUT_GAP) / (double)chosen - LAYOUT_GAP;
    return STATUS_OK;
}

static void draw_all(struct frame *frame)
{
    canvas_clear(frame->canvas);
    draw_head(frame);
    for (size_t i = 0; i < frame->picture->section_count; i++)
        draw_section(frame, &frame->picture->sections[i]);
    draw_key(frame);
}

static double rows_of_bars(const struct frame *frame)
{
    double rows = 0;
    for (size_t i = 0; i < frame->picture->section_count; i++) {
        const struct picture_section *section = &frame->picture->sections[i];
        size_t bars = 0;
        for (size_t p = 0; p < section->count; p++)
            if (frame->picture->panels[section->first + p].bar_count > bars)
                bars = frame->picture->panels[section->first + p].bar_count;
        rows += (double)(bars * ((section->count + frame->columns - 1) / frame->columns));
    }
    return rows;
}

enum status layout_draw(const struct picture *picture, const struct layout_options *options,
                        struct arena *arena, struct canvas *canvas, struct error *err)
{
    enum { STRETCH_MOST = 30 };
    struct frame frame = {.picture = picture, .canvas = canvas, .arena = arena};
    canvas->width = options->width > 0 ? options->width : LAYOUT_WIDTH;
    canvas->title = picture->title;
    canvas->description = wording_description(arena, picture);
    enum status s = choose_columns(&frame, options->columns, err);
    if (s != STATUS_OK)
        return s;
    draw_all(&frame);
    canvas->height = ceil(frame.y);
    double spare = options->height - canvas->height;
    if (options->height > 0 && spare < 0)
        return error_set(err, STATUS_USAGE,
                         "the picture needs a height of %.0f; fewer panels (--max-panels) or a "
                         "greater --width need less",
                         canvas->height);
    if (options->height > 0 && rows_of_bars(&frame) > 0) {
        frame.stretch = fmin(floor(spare / rows_of_bars(&frame)), STRETCH_MOST);
        draw_all(&frame);
    }
    if (options->height > 0)
        canvas->height = options->height;
    if (canvas->height > LAYOUT_MOST)
        return error_set(err, STATUS_USAGE,
                         "the picture would be %.0f pixels high, more than %d; show fewer groups "
                         "with --max-panels",
                         canvas->height, LAYOUT_MOST);
    bool failed = frame.failed || canvas->failed || canvas->description == NULL;
    return failed ? error_no_memory(err) : STATUS_OK;
}
