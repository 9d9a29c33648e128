#include <math.h>

#include "pictures/picture_parts.h"
#include "pictures/text_fit.h"
#include "stats/coverage.h"
#include "stats/selection.h"

static struct picture_range range_of(struct interval interval)
{
    return (struct picture_range){interval.low, interval.high};
}

/* Bounds of the mean: where bands are ranges, the silent and those who answered may stand at
 * either end of theirs. */
static enum status bound_mean(struct picture_figure *mean, const struct table_group *group,
                              const double *counts, const double *scores, double ratio, bool low,
                              struct error *err)
{
    struct interval bounds;
    enum status s = selection_bounds(&bounds, scores, counts, group->bands, ratio, err);
    if (s != STATUS_OK)
        return s;
    if (low)
        mean->reach[REACH_RATIO].low = bounds.low;
    else
        mean->reach[REACH_RATIO].high = bounds.high;
    return STATUS_OK;
}

static enum status bound_ratio(struct picture *picture, struct picture_panel *panel,
                               const struct table_group *group, const double *counts,
                               struct error *err)
{
    double ratio = picture->options.ratio;
    double *scores = arena_calloc(&picture->arena, group->bands, sizeof *scores);
    enum status s = scores == NULL ? error_no_memory(err) : STATUS_OK;
    for (size_t b = 0; b < group->bands && s == STATUS_OK; b++) {
        struct interval bounds;
        scores[b] = 1;
        s = selection_bounds(&bounds, scores, counts, group->bands, ratio, err);
        scores[b] = 0;
        panel->bars[b].share.reach[REACH_RATIO] = range_of(bounds);
    }
    for (int high = 0; high <= 1 && s == STATUS_OK; high++) {
        for (size_t b = 0; b < group->bands; b++)
            scores[b] = high ? group->band[b].high : group->band[b].low;
        s = bound_mean(&panel->mean, group, counts, scores, ratio, !high, err);
    }
    return s;
}

/* Whatever the silent think. */
static enum status bound_any(struct picture_panel *panel, const struct table_group *group,
                             struct error *err)
{
    struct coverage coverage;
    double there = isfinite(panel->people) ? panel->people : panel->scored;
    enum status s = coverage_of(&coverage, there, panel->population, err);
    if (s != STATUS_OK) {
        error_at(err, group->file, group->line, 0);
        return s;
    }
    for (size_t b = 0; b < group->bands; b++)
        panel->bars[b].share.reach[REACH_ANY] =
            range_of(coverage_bounds_share(&coverage, panel->bars[b].share.value));
    panel->mean.reach[REACH_ANY] =
        range_of(coverage_bounds_mean(&coverage, group->mean, group->lowest, group->highest));
    return STATUS_OK;
}

static enum status add_bounds(struct picture *picture, struct picture_panel *panel,
                              const struct table_group *group, const double *counts,
                              struct error *err)
{
    if (!isfinite(picture->options.ratio) || group->bands < 2 || !(group->scored > 0))
        return STATUS_OK;
    enum status s = bound_ratio(picture, panel, group, counts, err);
    return s == STATUS_OK && isfinite(group->population) ? bound_any(panel, group, err) : s;
}

static void set_counts(struct picture_panel *panel, const struct table_group *group)
{
    panel->withheld = group->withheld;
    panel->lowest = group->lowest;
    panel->highest = group->highest;
    panel->scored = group->withheld ? NAN : group->scored;
    panel->missing = group->missing;
    panel->off_scale = group->off_scale;
    panel->people = group->people;
    panel->population = group->population;
    if (isfinite(group->population) && group->population > 0 && !group->withheld)
        panel->participation =
            (isfinite(group->people) ? group->people : group->scored) / group->population;
    panel->weighted = group->weighted != NULL;
    if (isfinite(group->n_eff))
        panel->effective = group->n_eff;
}

enum status picture_group_texts(struct picture *picture, const struct table_names *names,
                                const struct table_group *group, const char **name,
                                const char **scale, struct error *err)
{
    size_t scale_at = names->scale ? names->by_count : names->count;
    struct slice *cells = arena_calloc(&picture->arena, names->count + 1, sizeof *cells);
    size_t count = 0;
    if (cells == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < names->count; i++)
        if (i != scale_at)
            cells[count++] = group->key[i];
    *scale = NULL;
    if (group->scale != NULL) {
        *scale = text_clean(&picture->arena, slice_of(group->scale), TEXT_NAME_MAX);
        if (*scale == NULL)
            return error_no_memory(err);
    }
    return picture_name(picture, cells, count, name, err);
}

static enum status add_group(struct picture *picture, const struct table_names *names,
                             const struct table_group *group, struct error *err)
{
    struct picture_panel *panel;
    size_t bars = group->withheld ? 0 : group->bands;
    enum status s = picture_add(picture, bars, &panel, err);
    if (s != STATUS_OK || panel == NULL)
        return s;
    const double *counts = group->weighted != NULL ? group->weighted : group->counts;
    double sum = 0;
    for (size_t b = 0; b < bars; b++)
        sum += counts[b];
    set_counts(panel, group);
    for (size_t b = 0; b < bars; b++) {
        panel->bars[b].name = text_clean(&picture->arena, group->band[b].name, TEXT_NAME_MAX);
        if (panel->bars[b].name == NULL)
            return error_no_memory(err);
        panel->bars[b].count = counts[b];
        panel->bars[b].share.value = sum > 0 ? counts[b] / sum : NAN;
    }
    panel->mean.value = group->withheld ? NAN : group->mean;
    if (!group->withheld)
        s = add_bounds(picture, panel, group, counts, err);
    return s == STATUS_OK
               ? picture_group_texts(picture, names, group, &panel->name, &panel->scale, err)
               : s;
}

enum status picture_from_table(struct picture *picture, struct table_reader *reader,
                               struct error *err)
{
    const struct table_names *names = table_reader_names(reader);
    struct slice *shown = arena_calloc(&picture->arena, names->count + 1, sizeof *shown);
    size_t count = 0;
    if (shown == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < names->count; i++)
        if (!names->scale || i != names->by_count)
            shown[count++] = slice_of(names->names[i]);
    enum status s = picture_set_by(picture, shown, count, err);
    const struct table_group *group = NULL;
    while (s == STATUS_OK) {
        s = table_reader_next(reader, &group, err);
        if (s != STATUS_OK || group == NULL)
            break;
        s = add_group(picture, names, group, err);
    }
    return s;
}
