#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "pictures/figure_text.h"
#include "pictures/layout_parts.h"
#include "pictures/wording.h"

enum {
    NAME = 14,
    NAME_LINE = 20,
    NAME_LINES = 2,
    FACT_LINES = 5,
    STRIP = 12,
    STRIP_ALL = 38, /* with its text */
    ROW = 18,
    ROW_LANE = 30,
    BAR = 12,
    LANE = 20, /* from the top of a row to the middle of its lane */
    AXIS = 20,
    SIDE_FROM = 520, /* width of a panel that has room for ranges in numbers */
    SIGN = 18
};

/* ---- measuring ---- */

static void widest(double *width, double size, bool bold, const char *text)
{
    if (text != NULL)
        *width = fmax(*width, frame_width(size, bold, text));
}

static size_t lines_needed(struct frame *frame, double size, bool bold, const char *text,
                           size_t most)
{
    const struct text_face face = {.size = size, .bold = bold};
    const char **lines = NULL;
    size_t count = text_wrap(frame->arena, &face, text, frame->panel_width, most, &lines);
    if (lines == NULL)
        frame->failed = true;
    return count;
}

static size_t fact_lines(struct frame *frame, const struct picture_panel *panel)
{
    const char *facts[WORDING_FACTS];
    size_t lines = 0;
    size_t count = wording_facts(frame->arena, panel, facts);
    if (count == SIZE_MAX) {
        frame->failed = true;
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        lines += lines_needed(frame, LAYOUT_TEXT, false, facts[i], FACT_LINES);
    return lines < FACT_LINES ? lines : FACT_LINES;
}

static void measure_side(struct frame *frame, const struct picture_figure *figure, bool percent)
{
    for (size_t r = 0; r < REACHES; r++)
        widest(&frame->side_width, LAYOUT_SMALL, false,
               wording_range(frame->arena, &figure->reach[r], percent));
}

static void measure_panel(struct frame *frame, const struct picture_panel *panel)
{
    char text[FIGURE_TEXT_MAX];
    frame->bars = panel->bar_count > frame->bars ? panel->bar_count : frame->bars;
    frame->strip = frame->strip || isfinite(panel->participation);
    frame->mean = frame->mean || (isfinite(panel->mean.value) && isfinite(frame->section->lowest));
    for (size_t i = 0; i < panel->bar_count; i++) {
        const struct picture_bar *bar = &panel->bars[i];
        widest(&frame->label_width, LAYOUT_TEXT, false, bar->name);
        widest(&frame->value_width, LAYOUT_TEXT, false, figure_percent(text, bar->share.value));
        measure_side(frame, &bar->share, true);
    }
    measure_side(frame, &panel->mean, false);
}

void frame_measure(struct frame *frame)
{
    const struct picture *picture = frame->picture;
    frame->bars = 0;
    frame->strip = frame->mean = false;
    frame->lane = picture_has_lane(picture);
    frame->label_width = frame_width(LAYOUT_TEXT, true, "mean");
    frame->value_width = frame->side_width = 0;
    for (size_t i = 0; i < frame->section->count; i++)
        measure_panel(frame, &picture->panels[frame->section->first + i]);
    frame->label_width = fmin(frame->label_width, 0.35 * frame->panel_width);
    frame->value_width += 6;
    if (frame->side_width > 0 && frame->panel_width >= SIDE_FROM)
        frame->side_width += SIGN + 14;
    else
        frame->side_width = 0;
}

void frame_measure_row(struct frame *frame, const struct picture_panel *panels, size_t count)
{
    frame->name_lines = frame->fact_lines = 0;
    for (size_t i = 0; i < count; i++) {
        size_t names = lines_needed(frame, NAME, true, panels[i].name, NAME_LINES);
        size_t facts = fact_lines(frame, &panels[i]);
        frame->name_lines = names > frame->name_lines ? names : frame->name_lines;
        frame->fact_lines = facts > frame->fact_lines ? facts : frame->fact_lines;
    }
}

static double row_height(const struct frame *frame)
{
    return (frame->lane ? ROW_LANE : ROW) + frame->stretch;
}

static double mean_height(const struct frame *frame)
{
    return 6 + (frame->lane ? ROW_LANE : ROW) + AXIS;
}

double frame_panel_height(const struct frame *frame)
{
    double height = (double)(frame->name_lines * NAME_LINE + frame->fact_lines * LAYOUT_LINE) + 6;
    if (frame->strip)
        height += STRIP_ALL;
    if (frame->bars > 0)
        height += (double)frame->bars * row_height(frame) + AXIS;
    return frame->mean ? height + mean_height(frame) : height;
}

/* ---- signs ---- */

void frame_range(struct frame *frame, enum picture_reach reach, double x1, double x2, double y,
                 const char *says)
{
    enum { CAP = 4 };
    if (x2 - x1 < 2) { /* never too small to be seen */
        double middle = (x1 + x2) / 2;
        x1 = middle - 1;
        x2 = middle + 1;
    }
    if (reach == REACH_RATIO) {
        canvas_line(frame->canvas, x1, y, x2, y, PAINT_RANGE, 7, says);
        return;
    }
    canvas_line(frame->canvas, x1, y, x2, y, PAINT_SOFT, 1.2, says);
    canvas_line(frame->canvas, x1, y - CAP, x1, y + CAP, PAINT_SOFT, 1.2, NULL);
    canvas_line(frame->canvas, x2, y - CAP, x2, y + CAP, PAINT_SOFT, 1.2, NULL);
}

void frame_mark(struct frame *frame, enum picture_mark mark, double x, double y, const char *says)
{
    static const enum canvas_shape shapes[MARKS] = {SHAPE_SQUARE, SHAPE_UP};
    canvas_mark(frame->canvas, shapes[mark], x, y, mark == MARK_BESIDE ? 9 : 7, PAINT_INK, says);
}

void frame_tilt(struct frame *frame, size_t tilt, double x, double y, const char *says)
{
    static const enum canvas_shape shapes[PICTURE_TILTS] = {SHAPE_LEFT, SHAPE_CIRCLE, SHAPE_RIGHT};
    canvas_mark(frame->canvas, shapes[tilt], x, y, 8, PAINT_PAPER, says);
}

/* ---- drawing ---- */

/* An axis: where it begins on the picture, how long it is, and what its ends stand for. */
struct axis {
    double x;
    double length;
    double low;
    double high;
    bool percent;
};

static double at(const struct axis *axis, double value)
{
    double part = (value - axis->low) / (axis->high - axis->low);
    return axis->x + axis->length * fmin(fmax(part, 0), 1);
}

static struct axis plot_axis(const struct frame *frame, double x)
{
    double left = frame->label_width + 8;
    return (struct axis){.x = x + left,
                         .length =
                             frame->panel_width - left - frame->value_width - frame->side_width,
                         .low = 0,
                         .high = frame->section->share_most,
                         .percent = true};
}

static double draw_texts(struct frame *frame, const struct picture_panel *panel, double x, double y)
{
    const struct text_face bold = {.size = NAME, .bold = true};
    const struct text_face plain = {.size = LAYOUT_TEXT};
    const char **lines = NULL;
    const char *facts[WORDING_FACTS];
    size_t count =
        text_wrap(frame->arena, &bold, panel->name, frame->panel_width, NAME_LINES, &lines);
    for (size_t i = 0; i < count; i++)
        canvas_text(frame->canvas, x, y + NAME + (double)i * NAME_LINE, ANCHOR_START, NAME, true,
                    PAINT_INK, lines[i]);
    y += (double)(frame->name_lines * NAME_LINE);
    count = wording_facts(frame->arena, panel, facts);
    size_t used = 0;
    for (size_t f = 0; f < count && count != SIZE_MAX; f++) {
        size_t n = text_wrap(frame->arena, &plain, facts[f], frame->panel_width, FACT_LINES - used,
                             &lines);
        for (size_t i = 0; i < n; i++, used++)
            canvas_text(frame->canvas, x, y + LAYOUT_TEXT + (double)used * LAYOUT_LINE,
                        ANCHOR_START, LAYOUT_TEXT, false, PAINT_INK, lines[i]);
    }
    return y + (double)(frame->fact_lines * LAYOUT_LINE) + 6;
}

/* Those who answered among all, true to scale. */
static void draw_strip(struct frame *frame, const struct picture_panel *panel, double x, double y)
{
    enum { SLIVER = 3, SMALL = 4, OVER = 3 };
    double width = frame->panel_width;
    if (!isfinite(panel->participation))
        return;
    char share[FIGURE_TEXT_MAX];
    char left[FIGURE_TEXT_MAX + 16];
    (void)snprintf(left, sizeof left, "%s %s", isfinite(panel->people) ? "took part" : "scored",
                   figure_percent(share, panel->participation));
    const char *answered = arena_copy(frame->arena, left, strlen(left));
    const char *silent = wording_silent(frame->arena, panel, false);
    double part = panel->participation * width;
    double over = part < SMALL ? OVER : 0; /* so small a part stands out of the strip */
    if (panel->participation > 0)
        part = fmax(part, SLIVER);
    canvas_hatch(frame->canvas, x + 0.5, y + 0.5, width - 1, STRIP, silent);
    canvas_rect(frame->canvas, x, y - over, fmin(part, width), STRIP + 1 + 2 * over, PAINT_ANSWERS,
                PAINT_NONE, answered);
    double room = width - frame_width(LAYOUT_SMALL, false, left) - 10;
    if (silent != NULL && frame_width(LAYOUT_SMALL, false, silent) > room)
        silent = wording_silent(frame->arena, panel, true);
    canvas_text(frame->canvas, x, y + STRIP + 15, ANCHOR_START, LAYOUT_SMALL, false, PAINT_INK,
                frame_cut(frame, LAYOUT_SMALL, false, answered, width));
    canvas_text(frame->canvas, x + width, y + STRIP + 15, ANCHOR_END, LAYOUT_SMALL, false,
                PAINT_INK, frame_cut(frame, LAYOUT_SMALL, false, silent, room));
}

/* Lines behind the bars, and what they stand for under them. */
static void draw_axis(struct frame *frame, const struct axis *axis, const char *caption, double x,
                      double top, double bottom)
{
    static const enum canvas_anchor anchors[] = {ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END};
    for (size_t i = 0; i < 3; i++) {
        char mark[FIGURE_TEXT_MAX];
        double value = axis->low + (axis->high - axis->low) * (double)i / 2;
        double tick = at(axis, value);
        canvas_line(frame->canvas, tick, top, tick, bottom, PAINT_GRID, 1, NULL);
        if (i == 1 && axis->length < 110)
            continue;
        (void)(axis->percent ? figure_short_percent(mark, value) : figure_short(mark, value));
        canvas_text(frame->canvas, tick, bottom + 13, anchors[i], LAYOUT_SMALL, false, PAINT_SOFT,
                    frame_cut(frame, LAYOUT_SMALL, false,
                              arena_copy(frame->arena, mark, strlen(mark)), axis->length / 2));
    }
    canvas_text(frame->canvas, x + frame->label_width, bottom + 13, ANCHOR_END, LAYOUT_SMALL, false,
                PAINT_SOFT, frame_cut(frame, LAYOUT_SMALL, false, caption, frame->label_width));
}

/* Ranges and scenarios in the lane at y; where there is room, the ranges in numbers beside it. */
static void draw_lane(struct frame *frame, const struct axis *axis,
                      const struct picture_figure *figure, double y, const char *says)
{
    static const enum picture_reach order[] = {REACH_RATIO, REACH_ANY};
    double side = axis->x + axis->length + frame->value_width + 10;
    for (size_t i = 0; i < REACHES; i++) {
        const struct picture_range *range = &figure->reach[order[i]];
        if (!picture_range_known(range))
            continue;
        frame_range(frame, order[i], at(axis, range->low), at(axis, range->high), y, says);
        if (frame->side_width <= 0)
            continue;
        double line = y - LANE + 10 + 14 * (double)i;
        frame_range(frame, order[i], side, side + SIGN - 6, line - 4, NULL);
        canvas_text(frame->canvas, side + SIGN, line, ANCHOR_START, LAYOUT_SMALL, false, PAINT_INK,
                    frame_cut(frame, LAYOUT_SMALL, false,
                              wording_range(frame->arena, range, axis->percent),
                              frame->side_width - SIGN));
    }
    for (size_t i = 0; i < PICTURE_TILTS && frame->picture->shows_tilts; i++)
        if (isfinite(figure->tilt[i]))
            frame_tilt(frame, i, at(axis, figure->tilt[i]), y, says);
    if (picture_range_known(&figure->chance))
        canvas_line(frame->canvas, at(axis, figure->chance.low), y, at(axis, figure->chance.high),
                    y, PAINT_INK, 3, says);
    for (size_t i = 0; i < MARKS; i++)
        if (isfinite(figure->mark[i]))
            frame_mark(frame, (enum picture_mark)i, at(axis, figure->mark[i]), y, says);
}

static void draw_bar(struct frame *frame, const struct axis *axis, const struct picture_bar *bar,
                     double x, double y)
{
    char text[FIGURE_TEXT_MAX];
    double height = BAR + frame->stretch * (frame->lane ? 0.6 : 0.8);
    double top = frame->lane ? y + 2 : y + (row_height(frame) - height) / 2;
    double middle = top + height / 2 + 4;
    const char *says = wording_figure(frame->arena, frame->picture, bar->name, &bar->share, true);
    canvas_text(frame->canvas, x + frame->label_width, middle, ANCHOR_END, LAYOUT_TEXT, false,
                PAINT_INK, frame_cut(frame, LAYOUT_TEXT, false, bar->name, frame->label_width));
    if (says == NULL)
        frame->failed = true;
    if (says == NULL || !isfinite(bar->share.value))
        return;
    double end = at(axis, bar->share.value);
    if (bar->share.value > 0)
        canvas_rect(frame->canvas, axis->x, top, fmax(end - axis->x, 0.75), height, PAINT_ANSWERS,
                    PAINT_NONE, says);
    (void)figure_percent(text, bar->share.value);
    canvas_text(frame->canvas, end + 5, middle, ANCHOR_START, LAYOUT_TEXT, false, PAINT_INK,
                frame_cut(frame, LAYOUT_TEXT, false, arena_copy(frame->arena, text, strlen(text)),
                          frame->value_width));
    draw_lane(frame, axis, &bar->share, y + LANE + frame->stretch * 0.8, says);
}

static void draw_mean(struct frame *frame, const struct picture_panel *panel, double x, double y)
{
    char text[FIGURE_TEXT_MAX];
    struct axis axis = plot_axis(frame, x);
    axis.low = frame->section->lowest;
    axis.high = frame->section->highest;
    axis.percent = false;
    double bottom = y + (frame->lane ? ROW_LANE : ROW);
    draw_axis(frame, &axis, "score", x, y, bottom);
    canvas_line(frame->canvas, axis.x, bottom, axis.x + axis.length, bottom, PAINT_SOFT, 1, NULL);
    if (!isfinite(panel->mean.value))
        return;
    const char *says = wording_figure(frame->arena, frame->picture, "mean", &panel->mean, false);
    if (says == NULL) {
        frame->failed = true;
        return;
    }
    double middle = y + 9;
    double mark = at(&axis, panel->mean.value);
    (void)figure_number(text, panel->mean.value);
    bool right = mark + 10 + frame_width(LAYOUT_TEXT, true, text) <= axis.x + axis.length;
    canvas_text(frame->canvas, x + frame->label_width, middle + 4, ANCHOR_END, LAYOUT_TEXT, true,
                PAINT_INK, frame_cut(frame, LAYOUT_TEXT, true, "mean", frame->label_width));
    canvas_mark(frame->canvas, SHAPE_DIAMOND, mark, middle, 11, PAINT_ANSWERS, says);
    canvas_text(frame->canvas, right ? mark + 10 : mark - 10, middle + 4,
                right ? ANCHOR_START : ANCHOR_END, LAYOUT_TEXT, true, PAINT_INK,
                frame_cut(frame, LAYOUT_TEXT, true, arena_copy(frame->arena, text, strlen(text)),
                          axis.length));
    draw_lane(frame, &axis, &panel->mean, y + LANE, says);
}

void frame_draw_panel(struct frame *frame, const struct picture_panel *panel, double x, double y)
{
    struct axis axis = plot_axis(frame, x);
    canvas_group(frame->canvas, panel->name[0] != '\0' ? panel->name : frame->picture->title);
    y = draw_texts(frame, panel, x, y);
    if (frame->strip) {
        draw_strip(frame, panel, x, y);
        y += STRIP_ALL;
    }
    if (panel->bar_count > 0) {
        double row = row_height(frame);
        double bottom = y + (double)frame->bars * row;
        draw_axis(frame, &axis, "share", x, y, bottom);
        for (size_t i = 0; i < panel->bar_count; i++)
            draw_bar(frame, &axis, &panel->bars[i], x, y + (double)i * row);
        canvas_line(frame->canvas, axis.x, y, axis.x, bottom, PAINT_SOFT, 1, NULL);
        y = bottom + AXIS;
        if (frame->mean)
            draw_mean(frame, panel, x, y + 6);
    }
    canvas_group_end(frame->canvas);
}
