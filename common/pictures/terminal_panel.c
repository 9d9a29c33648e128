#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "pictures/figure_text.h"
#include "pictures/terminal_parts.h"
#include "pictures/wording.h"

enum {
    INDENT = 2,
    BETWEEN = 2,
    PLOT_MIN = 8,
    PLOT_GOOD = 16,
    NAME_LINES = 2,
    FACT_LINES = 3,
    PLOT_MOST = 200
};

/* ---- measuring ---- */

static void widest(const struct page *page, size_t *width, const char *text)
{
    size_t n = text == NULL ? 0 : page_width(page, text);
    if (n > *width)
        *width = n;
}

/* What is told in numbers beside the lane: the narrowest range that is known, else a mark. */
static const char *lane_text(struct page *page, const struct picture_figure *figure, bool percent)
{
    char text[FIGURE_TEXT_MAX];
    const struct picture_range *range = picture_range_known(&figure->reach[REACH_RATIO])
                                            ? &figure->reach[REACH_RATIO]
                                            : &figure->reach[REACH_ANY];
    if (picture_range_known(range))
        return page_text(page, wording_range(&page->arena, range, percent));
    double mark = isfinite(figure->mark[MARK_BESIDE]) ? figure->mark[MARK_BESIDE]
                                                      : figure->mark[MARK_CALIBRATED];
    (void)(percent ? figure_percent(text, mark) : figure_number(text, mark));
    return page_text(page, arena_copy(&page->arena, text, strlen(text)));
}

void panel_measure(struct page *page, const struct picture_section *section,
                   struct panel_room *room)
{
    const struct picture *picture = page->picture;
    char text[FIGURE_TEXT_MAX];
    size_t lane = 0;
    *room = (struct panel_room){.section = section};
    room->lane = picture_has_lane(picture);
    if (room->lane || isfinite(section->lowest))
        room->label = strlen("score");
    for (size_t i = 0; i < section->count; i++) {
        const struct picture_panel *panel = &picture->panels[section->first + i];
        for (size_t b = 0; b < panel->bar_count; b++) {
            widest(page, &room->label, page_text(page, panel->bars[b].name));
            widest(page, &room->value, figure_percent(text, panel->bars[b].share.value));
            widest(page, &lane, lane_text(page, &panel->bars[b].share, true));
        }
        widest(page, &lane, lane_text(page, &panel->mean, false));
        widest(page, &room->value, figure_number(text, panel->mean.value));
    }
    size_t most = page->width / 3;
    room->label = room->label < most ? room->label : most;
    size_t used = INDENT + room->label + BETWEEN + 1;
    size_t wider = lane > room->value ? lane : room->value;
    room->lane_text = page->width >= used + wider + PLOT_GOOD;
    room->value = room->lane_text ? wider : room->value;
    used += room->value;
    room->plot = page->width > used + PLOT_MIN ? page->width - used : PLOT_MIN;
    room->plot = room->plot < PLOT_MOST ? room->plot : PLOT_MOST;
}

static size_t lines_needed(struct page *page, const char *text, size_t most)
{
    const char **lines = NULL;
    size_t count = text_wrap(&page->arena, &page->face, page_text(page, text), (double)page->width,
                             most, &lines);
    page->failed = page->failed || lines == NULL;
    return count;
}

static const char *strip_text(struct page *page, const struct picture_panel *panel)
{
    char share[FIGURE_TEXT_MAX];
    char text[FIGURE_TEXT_MAX + 16];
    (void)snprintf(text, sizeof text, "%s %s", isfinite(panel->people) ? "took part" : "scored",
                   figure_percent(share, panel->participation));
    return page_text(page, arena_copy(&page->arena, text, strlen(text)));
}

static bool breaks_strip(struct page *page, const struct picture_panel *panel)
{
    return isfinite(panel->participation) &&
           INDENT + page_width(page, strip_text(page, panel)) + 2 +
                   page_width(page, page_text(page, wording_silent(&page->arena, panel, false))) >
               page->width;
}

void panel_measure_row(struct page *page, struct panel_room *room,
                       const struct picture_panel *panels, size_t count)
{
    const char *facts[WORDING_FACTS];
    room->name_lines = room->fact_lines = 0;
    room->broken = false;
    for (size_t i = 0; i < count; i++) {
        size_t lines = lines_needed(page, panels[i].name, NAME_LINES);
        room->name_lines = lines > room->name_lines ? lines : room->name_lines;
        size_t n = wording_facts(&page->arena, &panels[i], facts);
        page->failed = page->failed || n == SIZE_MAX;
        lines = 0;
        for (size_t f = 0; f < n && n != SIZE_MAX; f++)
            lines += lines_needed(page, facts[f], FACT_LINES);
        room->fact_lines = lines > room->fact_lines ? lines : room->fact_lines;
        room->broken = room->broken || breaks_strip(page, &panels[i]);
    }
}

/* ---- drawing ---- */

static void put_label(struct page *page, const struct panel_room *room, enum ink ink,
                      const char *text)
{
    const char *cut = text_cut(&page->arena, &page->face, text, (double)room->label);
    page->failed = page->failed || cut == NULL;
    page_pad(page, INDENT);
    page_put(page, ink, cut == NULL ? "" : cut);
    page_pad(page, INDENT + room->label + BETWEEN);
}

/* Behind the plot, at the right of the room for values. */
static void put_value(struct page *page, const struct panel_room *room, const char *text)
{
    size_t end = INDENT + room->label + BETWEEN + room->plot + 1 + room->value;
    size_t width = page_width(page, text);
    page_pad(page, end > width ? end - width : 0);
    page_put(page, INK_PLAIN, text);
}

struct text_axis {
    double low;
    double high;
    size_t cells;
};

static size_t cell_of(const struct text_axis *axis, double value)
{
    double part = (value - axis->low) / (axis->high - axis->low);
    double cell = floor(fmin(fmax(part, 0), 1) * (double)axis->cells);
    return cell >= (double)axis->cells ? axis->cells - 1 : (size_t)cell;
}

/* The last cell that a range reaches: one that ends between two cells does not begin the next. */
static size_t last_cell_of(const struct text_axis *axis, double value)
{
    double part = (value - axis->low) / (axis->high - axis->low);
    double cell = ceil(fmin(fmax(part, 0), 1) * (double)axis->cells) - 1;
    return cell < 0 ? 0 : (size_t)cell;
}

static void fill_range(const struct text_axis *axis, unsigned char *cells,
                       const struct picture_range *range, enum picture_reach reach)
{
    if (!picture_range_known(range))
        return;
    size_t first = cell_of(axis, range->low);
    size_t last = last_cell_of(axis, range->high);
    last = last < first ? first : last;
    for (size_t i = first; i <= last; i++)
        cells[i] = reach == REACH_ANY ? GLYPH_ANY : GLYPH_RANGE;
    if (reach == REACH_RATIO)
        return;
    cells[first] = GLYPH_ANY_LOW;
    cells[last] = GLYPH_ANY_HIGH;
    if (first == last)
        cells[first] = GLYPH_ANY_POINT;
}

static enum ink glyph_ink(unsigned char glyph)
{
    return glyph == GLYPH_RANGE        ? INK_RANGE
           : glyph == GLYPH_MEAN       ? INK_ANSWERS
           : glyph >= GLYPH_CALIBRATED ? INK_BOLD
           : glyph == GLYPH_AXIS       ? INK_SOFT
                                       : INK_PLAIN;
}

static void put_cells(struct page *page, const unsigned char *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        page_put_glyph(page, cells[i] == GLYPH_BLANK ? INK_PLAIN : glyph_ink(cells[i]),
                       (enum glyph)cells[i]);
}

static void put_lane(struct page *page, const struct panel_room *room, const struct text_axis *axis,
                     const struct picture_figure *figure, bool percent, struct text_block *block)
{
    unsigned char cells[PLOT_MOST] = {GLYPH_BLANK};
    fill_range(axis, cells, &figure->reach[REACH_ANY], REACH_ANY);
    fill_range(axis, cells, &figure->reach[REACH_RATIO], REACH_RATIO);
    for (size_t i = 0; i < PICTURE_TILTS && page->picture->shows_tilts; i++)
        if (isfinite(figure->tilt[i]))
            cells[cell_of(axis, figure->tilt[i])] = (unsigned char)(GLYPH_TILT_LOW + i);
    for (size_t i = 0; i < MARKS; i++)
        if (isfinite(figure->mark[i]))
            cells[cell_of(axis, figure->mark[i])] = (unsigned char)(GLYPH_CALIBRATED + i);
    put_label(page, room, INK_PLAIN, "");
    put_cells(page, cells, axis->cells);
    if (room->lane_text)
        put_value(page, room, lane_text(page, figure, percent));
    page_end_line(page, block);
}

static void put_axis(struct page *page, const struct panel_room *room, const char *caption,
                     const char *low, const char *high, struct text_block *block)
{
    size_t end = INDENT + room->label + BETWEEN + room->plot;
    put_label(page, room, INK_SOFT, caption);
    page_put(page, INK_SOFT, low);
    size_t width = page_width(page, high);
    page_pad(page, end > width ? end - width : 0);
    page_put(page, INK_SOFT, high);
    page_end_line(page, block);
}

static void put_bars(struct page *page, const struct panel_room *room,
                     const struct picture_panel *panel, struct text_block *block)
{
    char text[FIGURE_TEXT_MAX];
    struct text_axis axis = {0, room->section->share_most, room->plot};
    for (size_t i = 0; i < panel->bar_count; i++) {
        const struct picture_bar *bar = &panel->bars[i];
        put_label(page, room, INK_PLAIN, page_text(page, bar->name));
        if (isfinite(bar->share.value)) {
            double part = fmin(fmax(bar->share.value / axis.high, 0), 1);
            size_t eighths = (size_t)nearbyint(part * (double)(8 * room->plot));
            page_put_bar(page, eighths == 0 && part > 0 ? 1 : eighths);
            put_value(page, room, figure_percent(text, bar->share.value));
        }
        page_end_line(page, block);
        if (room->lane)
            put_lane(page, room, &axis, &bar->share, true, block);
    }
    if (room->lane && panel->bar_count > 0)
        put_axis(page, room, "share", "0 %", figure_short_percent(text, axis.high), block);
}

static void put_mean(struct page *page, const struct panel_room *room,
                     const struct picture_panel *panel, struct text_block *block)
{
    char text[FIGURE_TEXT_MAX];
    char low[FIGURE_TEXT_MAX];
    unsigned char cells[PLOT_MOST];
    const struct picture_section *section = room->section;
    struct text_axis axis = {section->lowest, section->highest, room->plot};
    (void)figure_number(text, panel->mean.value);
    put_label(page, room, INK_BOLD, "mean");
    if (!isfinite(section->lowest)) {
        put_value(page, room, text);
        page_end_line(page, block);
        return;
    }
    memset(cells, GLYPH_AXIS, sizeof cells);
    cells[cell_of(&axis, panel->mean.value)] = GLYPH_MEAN;
    put_cells(page, cells, axis.cells);
    put_value(page, room, text);
    page_end_line(page, block);
    if (room->lane)
        put_lane(page, room, &axis, &panel->mean, false, block);
    put_axis(page, room, "score", figure_short(low, axis.low), figure_short(text, axis.high),
             block);
}

/* Those who answered among all, true to scale. */
static void put_strip(struct page *page, const struct panel_room *room,
                      const struct picture_panel *panel, struct text_block *block)
{
    size_t cells = page->width - INDENT;
    size_t eighths = (size_t)nearbyint(panel->participation * (double)(8 * cells));
    if (eighths == 0 && panel->participation > 0)
        eighths = 1;
    page_pad(page, INDENT);
    page_put_bar(page, eighths < 8 * cells ? eighths : 8 * cells);
    while (page->line_width < page->width)
        page_put_glyph(page, INK_SOFT, GLYPH_SILENT);
    page_end_line(page, block);
    const char *silent = page_text(page, wording_silent(&page->arena, panel, false));
    page_pad(page, INDENT);
    page_put(page, INK_PLAIN, strip_text(page, panel));
    if (room->broken)
        page_end_line(page, block);
    page_pad(page, room->broken ? INDENT : page->width - page_width(page, silent));
    page_put(page, INK_PLAIN, silent);
    page_end_line(page, block);
}

static void fill_lines(struct page *page, struct text_block *block, size_t to)
{
    while (block->count < to && !page->failed)
        page_end_line(page, block);
}

void panel_draw(struct page *page, const struct panel_room *room, const struct picture_panel *panel,
                struct text_block *block)
{
    const char *facts[WORDING_FACTS];
    page_put_lines(page, block, INK_BOLD, 0, page->width, NAME_LINES, page_text(page, panel->name));
    fill_lines(page, block, room->name_lines);
    size_t count = wording_facts(&page->arena, panel, facts);
    page->failed = page->failed || count == SIZE_MAX;
    for (size_t i = 0; i < count && count != SIZE_MAX; i++)
        page_put_lines(page, block, INK_PLAIN, 0, page->width, FACT_LINES,
                       page_text(page, facts[i]));
    fill_lines(page, block, room->name_lines + room->fact_lines);
    if (isfinite(panel->participation))
        put_strip(page, room, panel, block);
    put_bars(page, room, panel, block);
    if (isfinite(panel->mean.value))
        put_mean(page, room, panel, block);
}
