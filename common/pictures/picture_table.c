#include <math.h>

#include "estimates/question.h"
#include "pictures/picture_parts.h"
#include "pictures/text_fit.h"
#include "stats/interval.h"

static enum status bound(struct picture *picture, struct picture_figure *figure,
                         const struct table_group *group, struct question question,
                         struct error *err)
{
    double ratio = picture->options.ratio;
    bool weighted = group->weighted != NULL;
    bool noise = !weighted && group->scored < QUESTION_FEW;
    struct interval free;
    struct interval within;
    enum status s = question_free(&free, group, question, err);
    if (s == STATUS_OK)
        s = noise ? question_ratio_noise(&within, group, question, ratio, INTERVAL_Z95, err)
                  : question_ratio(&within, group, question, weighted, ratio, err);
    if (s != STATUS_OK)
        return s;
    figure->reach[REACH_ANY] = (struct picture_range){free.low, free.high};
    figure->reach[REACH_RATIO] = (struct picture_range){within.low, within.high};
    picture->noise = picture->noise || noise;
    return STATUS_OK;
}

/* What bell-estimate says of the same table. */
static enum status add_bounds(struct picture *picture, struct picture_panel *panel,
                              const struct table_group *group, struct error *err)
{
    if (!isfinite(picture->options.ratio) || group->bands < 2 || !(group->scored > 0))
        return STATUS_OK;
    enum status s = bound(picture, &panel->mean, group, (struct question){QUESTION_MEAN, 0}, err);
    for (size_t b = 0; b < group->bands && s == STATUS_OK; b++)
        s = bound(picture, &panel->bars[b].share, group, (struct question){QUESTION_SHARE, b}, err);
    if (s == STATUS_DATA && err->file[0] == '\0')
        error_at(err, group->file, group->line, 0);
    return s;
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
        s = add_bounds(picture, panel, group, err);
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
