#include <math.h>
#include <string.h>

#include "base/text.h"
#include "pictures/picture_parts.h"
#include "pictures/text_fit.h"

static struct picture_panel *find_panel(struct picture *picture, const char *name,
                                        const char *scale)
{
    for (size_t i = 0; i < picture->panel_count; i++) {
        struct picture_panel *panel = &picture->panels[i];
        bool same_scale = panel->scale == NULL || scale == NULL || strcmp(panel->scale, scale) == 0;
        if (same_scale && strcmp(panel->name, name) == 0)
            return panel;
    }
    return NULL;
}

static enum status mark_panel(struct picture *picture, struct picture_panel *panel,
                              const struct table_group *group, struct error *err)
{
    const double *counts = group->weighted != NULL ? group->weighted : group->counts;
    double sum = 0;
    for (size_t b = 0; b < group->bands && counts != NULL; b++)
        sum += counts[b];
    if (group->withheld || panel->withheld || !(sum > 0))
        return STATUS_OK;
    panel->mean.mark[MARK_BESIDE] = group->mean;
    for (size_t b = 0; b < group->bands; b++) {
        const char *name = text_clean(&picture->arena, group->band[b].name, TEXT_NAME_MAX);
        if (name == NULL)
            return error_no_memory(err);
        for (size_t i = 0; i < panel->bar_count; i++)
            if (strcmp(panel->bars[i].name, name) == 0)
                panel->bars[i].share.mark[MARK_BESIDE] = counts[b] / sum;
    }
    return STATUS_OK;
}

static enum status mark_groups(struct picture *picture, struct table_reader *reader, size_t *marked,
                               struct error *err)
{
    const struct table_names *names = table_reader_names(reader);
    const struct table_group *group = NULL;
    enum status s = STATUS_OK;
    while (s == STATUS_OK) {
        const char *name = NULL;
        const char *scale = NULL;
        s = table_reader_next(reader, &group, err);
        if (s != STATUS_OK || group == NULL)
            break;
        s = picture_group_texts(picture, names, group, &name, &scale, err);
        struct picture_panel *panel = s == STATUS_OK ? find_panel(picture, name, scale) : NULL;
        *marked += panel != NULL;
        if (panel != NULL)
            s = mark_panel(picture, panel, group, err);
    }
    return s;
}

enum status picture_set_beside(struct picture *picture, const struct picture_source *source,
                               struct error *err)
{
    const struct table_reader_options options = {
        .study = source->study, .scale = source->scale, .budget = source->budget};
    struct table_reader *reader = NULL;
    const char *slash = strrchr(source->beside, '/');
    const char *file = slash != NULL && slash[1] != '\0' ? slash + 1 : source->beside;
    char shown[TEXT_ESCAPED_MAX];
    size_t marked = 0;
    enum status s = table_reader_open(&reader, &source->beside, 1, &options, err);
    if (s == STATUS_OK && table_reader_from_partials(reader))
        s = error_set(err, STATUS_USAGE, "%s is a partial, and must be a table",
                      text_escape(shown, slice_of(source->beside)));
    if (s == STATUS_OK)
        s = mark_groups(picture, reader, &marked, err);
    if (s == STATUS_OK && marked == 0 && picture->panel_count > 0)
        s = error_set(err, STATUS_DATA,
                      "%s has none of the groups that are drawn; both tables must have the same "
                      "group columns",
                      text_escape(shown, slice_of(source->beside)));
    if (s == STATUS_OK) {
        picture->mark_name[MARK_BESIDE] =
            text_clean(&picture->arena, slice_of(file), TEXT_NAME_MAX);
        if (picture->mark_name[MARK_BESIDE] == NULL)
            s = error_no_memory(err);
    }
    table_reader_free(reader);
    return s;
}
