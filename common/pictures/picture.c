#include "pictures/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "pictures/text_fit.h"

void picture_init(struct picture *picture, const struct picture_options *options)
{
    *picture = (struct picture){.options = *options, .by = "", .arena = ARENA_INIT};
}

void picture_free(struct picture *picture)
{
    free(picture->panels);
    arena_free(&picture->arena);
    *picture = (struct picture){.by = ""};
}

void picture_figure_clear(struct picture_figure *figure)
{
    figure->value = NAN;
    for (size_t i = 0; i < REACHES; i++)
        figure->reach[i] = (struct picture_range){NAN, NAN};
    for (size_t i = 0; i < PICTURE_TILTS; i++)
        figure->tilt[i] = NAN;
    for (size_t i = 0; i < MARKS; i++)
        figure->mark[i] = NAN;
    figure->chance = (struct picture_range){NAN, NAN};
}

struct picture_panel picture_panel_empty(void)
{
    struct picture_panel panel = {.name = "",
                                  .lowest = NAN,
                                  .highest = NAN,
                                  .scored = NAN,
                                  .missing = NAN,
                                  .off_scale = NAN,
                                  .people = NAN,
                                  .population = NAN,
                                  .participation = NAN,
                                  .effective = NAN};
    picture_figure_clear(&panel.mean);
    return panel;
}

bool picture_range_known(const struct picture_range *range)
{
    return isfinite(range->low) && isfinite(range->high);
}

enum status picture_add(struct picture *picture, size_t bar_count, struct picture_panel **panel,
                        struct error *err)
{
    *panel = NULL;
    if (picture->panel_count >= picture->options.most) {
        picture->left_out++;
        return STATUS_OK;
    }
    if (picture->panel_count == picture->panel_cap) {
        size_t cap = picture->panel_cap == 0 ? 16 : picture->panel_cap * 2;
        struct picture_panel *more = realloc(picture->panels, cap * sizeof *more);
        if (more == NULL)
            return error_no_memory(err);
        picture->panels = more;
        picture->panel_cap = cap;
    }
    struct picture_bar *bars = arena_calloc(&picture->arena, bar_count + 1, sizeof *bars);
    if (bars == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < bar_count; i++) {
        bars[i] = (struct picture_bar){.name = "", .count = NAN};
        picture_figure_clear(&bars[i].share);
    }
    *panel = &picture->panels[picture->panel_count++];
    **panel = picture_panel_empty();
    (*panel)->bars = bars;
    (*panel)->bar_count = bar_count;
    return STATUS_OK;
}

static enum status join(struct picture *picture, const char *front, const struct slice *texts,
                        size_t count, const char *empty, const char **joined, struct error *err)
{
    struct buffer all = BUFFER_INIT;
    bool ok = buffer_append_text(&all, count > 0 ? front : "");
    for (size_t i = 0; i < count && ok; i++) {
        bool missing = slice_missing(texts[i]) || texts[i].len == 0;
        ok = (i == 0 || buffer_append_text(&all, ", ")) &&
             (missing ? buffer_append_text(&all, empty) : buffer_append_slice(&all, texts[i]));
    }
    *joined =
        ok ? text_clean(&picture->arena, (struct slice){all.data, all.len}, TEXT_NAME_MAX) : NULL;
    buffer_free(&all);
    return *joined != NULL ? STATUS_OK : error_no_memory(err);
}

enum status picture_name(struct picture *picture, const struct slice *cells, size_t count,
                         const char **name, struct error *err)
{
    return join(picture, "", cells, count, "(none)", name, err);
}

enum status picture_set_by(struct picture *picture, const struct slice *names, size_t count,
                           struct error *err)
{
    return join(picture, "by ", names, count, "(no name)", &picture->by, err);
}

/* ---- sections ---- */

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A panel without bars, empty or withheld, goes with any of its scale. */
static bool same_axis(const struct picture_panel *a, const struct picture_panel *b)
{
    if (!same_text(a->scale, b->scale))
        return false;
    if (a->bar_count == 0 || b->bar_count == 0)
        return true;
    bool same = a->bar_count == b->bar_count;
    for (size_t i = 0; i < a->bar_count && same; i++)
        same = strcmp(a->bars[i].name, b->bars[i].name) == 0;
    return same;
}

/* Panels of one scale beside each other, else in their order; list gets picture->panels anew. */
static void gather_sections(struct picture *picture, struct picture_panel *list, bool *taken)
{
    size_t done = 0;
    for (size_t i = 0; i < picture->panel_count; i++) {
        if (taken[i])
            continue;
        struct picture_section *section = &picture->sections[picture->section_count++];
        *section = (struct picture_section){.scale = picture->panels[i].scale, .first = done};
        const struct picture_panel *model = &picture->panels[i];
        for (size_t j = i; j < picture->panel_count; j++) {
            const struct picture_panel *panel = &picture->panels[j];
            if (taken[j] || !same_axis(model, panel))
                continue;
            if (model->bar_count == 0)
                model = panel;
            taken[j] = true;
            list[done++] = *panel;
        }
        section->count = done - section->first;
    }
    memcpy(picture->panels, list, picture->panel_count * sizeof *list);
}

static void widen(double *most, double value)
{
    if (isfinite(value) && (isnan(*most) || value > *most))
        *most = value;
}

static void widen_figure(const struct picture *picture, double *least, double *most,
                         const struct picture_figure *figure)
{
    double values[1 + 2 * REACHES + PICTURE_TILTS + MARKS + 2];
    size_t count = 0;
    values[count++] = figure->value;
    for (size_t i = 0; i < REACHES; i++) {
        values[count++] = figure->reach[i].low;
        values[count++] = figure->reach[i].high;
    }
    for (size_t i = 0; i < PICTURE_TILTS; i++)
        values[count++] = picture->options.tilts ? figure->tilt[i] : NAN;
    for (size_t i = 0; i < MARKS; i++)
        values[count++] = figure->mark[i];
    values[count++] = figure->chance.low;
    values[count++] = figure->chance.high;
    double below = -*least;
    for (size_t i = 0; i < count; i++) {
        widen(most, values[i]);
        widen(&below, -values[i]);
    }
    *least = -below;
}

/* The end of an axis of shares: the next round one above what is shown. */
static double round_share(double most)
{
    static const double ends[] = {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (most <= ends[i] * (1 + 1e-9))
            return ends[i];
    return 1;
}

static void set_axes(const struct picture *picture, struct picture_section *section)
{
    double most = 0;
    double least = 0;
    double low = NAN;
    double high = NAN;
    bool scale_known = true;
    section->lowest = INFINITY;
    section->highest = -INFINITY;
    for (size_t i = 0; i < section->count; i++) {
        const struct picture_panel *panel = &picture->panels[section->first + i];
        for (size_t b = 0; b < panel->bar_count; b++)
            widen_figure(picture, &least, &most, &panel->bars[b].share);
        widen_figure(picture, &low, &high, &panel->mean);
        if (!isfinite(panel->mean.value))
            continue;
        scale_known = scale_known && isfinite(panel->lowest) && isfinite(panel->highest);
        section->lowest = fmin(section->lowest, panel->lowest);
        section->highest = fmax(section->highest, panel->highest);
    }
    section->share_most = round_share(most);
    /* Without the ends of the scale: what is to be shown, where that is more than a point. */
    if (!scale_known || !isfinite(section->lowest) || !isfinite(section->highest)) {
        section->lowest = low;
        section->highest = high;
    }
    if (isfinite(section->lowest) && isfinite(low) && section->lowest > low)
        section->lowest = low;
    if (isfinite(section->highest) && isfinite(high) && section->highest < high)
        section->highest = high;
    if (!(section->highest > section->lowest))
        section->lowest = section->highest = NAN;
}

static void see_what_is_there(struct picture *picture)
{
    for (size_t i = 0; i < picture->panel_count; i++) {
        const struct picture_panel *panel = &picture->panels[i];
        picture->shows_people = picture->shows_people || isfinite(panel->people);
        for (size_t b = 0; b <= panel->bar_count; b++) {
            const struct picture_figure *figure =
                b < panel->bar_count ? &panel->bars[b].share : &panel->mean;
            for (size_t r = 0; r < REACHES; r++)
                picture->shows[r] = picture->shows[r] || picture_range_known(&figure->reach[r]);
            for (size_t m = 0; m < MARKS; m++)
                picture->shows_marks[m] = picture->shows_marks[m] || isfinite(figure->mark[m]);
            for (size_t t = 0; t < PICTURE_TILTS && picture->options.tilts; t++)
                picture->shows_tilts = picture->shows_tilts || isfinite(figure->tilt[t]);
        }
    }
}

static enum status make_title(struct picture *picture, struct error *err)
{
    struct buffer made = BUFFER_INIT;
    bool ok = true;
    if (picture->options.title != NULL)
        ok = buffer_append_text(&made, picture->options.title);
    else
        ok = buffer_append_text(&made, "How those who answered scored") &&
             (picture->by[0] == '\0' ||
              (buffer_append_text(&made, ", ") && buffer_append_text(&made, picture->by)));
    if (ok)
        picture->title =
            text_clean(&picture->arena, (struct slice){made.data, made.len}, TEXT_NAME_MAX);
    buffer_free(&made);
    return ok && picture->title != NULL ? STATUS_OK : error_no_memory(err);
}

enum status picture_finish(struct picture *picture, struct error *err)
{
    size_t count = picture->panel_count;
    struct picture_panel *list = calloc(count + 1, sizeof *list);
    bool *taken = calloc(count + 1, sizeof *taken);
    picture->sections = arena_calloc(&picture->arena, count + 1, sizeof *picture->sections);
    bool ok = list != NULL && taken != NULL && picture->sections != NULL;
    if (ok && count > 0)
        gather_sections(picture, list, taken);
    free(list);
    free(taken);
    if (!ok)
        return error_no_memory(err);
    see_what_is_there(picture);
    for (size_t i = 0; i < picture->section_count; i++)
        set_axes(picture, &picture->sections[i]);
    return make_title(picture, err);
}

bool picture_has_lane(const struct picture *picture)
{
    bool lane = picture->shows_tilts;
    for (size_t i = 0; i < REACHES; i++)
        lane = lane || picture->shows[i];
    for (size_t i = 0; i < MARKS; i++)
        lane = lane || picture->shows_marks[i];
    return lane;
}
