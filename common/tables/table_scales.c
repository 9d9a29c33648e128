#include "tables/table_scales.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"

enum status table_scales_make(struct arena *arena, const char *name, const struct table_band *band,
                              size_t count, const struct table_scale **scale, struct error *err)
{
    if (count > BANDS_MAX)
        return error_set(err, STATUS_DATA, "more than %d bands", (int)BANDS_MAX);
    struct table_scale *made = arena_calloc(arena, 1, sizeof *made);
    double *scores = arena_calloc(arena, count + 1, sizeof *scores);
    struct table_band *bands = arena_calloc(arena, count + 1, sizeof *bands);
    if (made == NULL || scores == NULL || bands == NULL)
        return error_no_memory(err);
    made->points = true;
    for (size_t b = 0; b < count; b++) {
        char shown[TEXT_ESCAPED_MAX];
        (void)text_escape(shown, band[b].name);
        if (isnan(band[b].low) || isnan(band[b].high))
            return error_set(err, STATUS_USAGE,
                             "band '%s' has no end; name the scale, so that the ends are known",
                             shown);
        bands[b] = band[b];
        bands[b].score = band[b].low + (band[b].high - band[b].low) / 2;
        made->points = made->points && band[b].low == band[b].high;
        scores[b] = bands[b].score;
        if (b > 0 && !(scores[b] > scores[b - 1]))
            return error_set(err, STATUS_DATA,
                             "bands must rise, but band '%s' does not lie above the one before",
                             shown);
    }
    made->name = name;
    made->count = count;
    made->band = bands;
    made->scores = scores;
    made->lowest = count == 0 ? (double)NAN : bands[0].low;
    made->highest = count == 0 ? (double)NAN : bands[count - 1].high;
    *scale = made;
    return STATUS_OK;
}

enum status table_scales_from_bands(struct arena *arena, const char *name,
                                    const struct bands *bands, const struct table_scale **scale,
                                    struct error *err)
{
    struct table_band *list = arena_calloc(arena, bands->count + 1, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < bands->count; b++) {
        list[b].name = slice_of(bands->bands[b].name);
        list[b].low = bands->bands[b].low;
        list[b].high = bands->bands[b].high;
    }
    return table_scales_make(arena, name, list, bands->count, scale, err);
}

static enum status keep(struct table_scales *scales, const struct table_scale *scale,
                        struct error *err)
{
    if (scales->count == scales->cap) {
        size_t cap = scales->cap == 0 ? 8 : scales->cap * 2;
        const struct table_scale **list = realloc(scales->list, cap * sizeof *list);
        if (list == NULL)
            return error_no_memory(err);
        scales->list = list;
        scales->cap = cap;
    }
    scales->list[scales->count++] = scale;
    return STATUS_OK;
}

static bool among_names(const struct table_scales *scales, const struct bands *bands)
{
    bool all = bands != NULL;
    for (size_t b = 0; all && b < bands->count; b++) {
        size_t k = 0;
        while (k < scales->name_count && !slice_is(scales->names[k], bands->bands[b].name))
            k++;
        all = k < scales->name_count;
    }
    return all;
}

/* A table may have been cut in another way than a study, or nobody, says: into points. */
static enum status choose_bands(struct table_scales *scales, const struct scale *scale,
                                const struct bands **bands, struct error *err)
{
    static const struct bands_spec as_scale = {.kind = BANDS_AUTO};
    static const struct bands_spec as_points = {.kind = BANDS_POINTS};
    const struct bands *points = NULL;
    enum status s = bands_make(scales->bands == NULL ? &as_scale : scales->bands, scale,
                               &scales->arena, bands, err);
    if (s != STATUS_OK || scales->names == NULL || among_names(scales, *bands) ||
        scale->points == NULL)
        return s;
    s = bands_make(&as_points, scale, &scales->arena, &points, err);
    if (s == STATUS_OK && among_names(scales, points))
        *bands = points;
    return s;
}

static enum status from_scale(struct table_scales *scales, const struct scale *scale,
                              const struct table_scale **made, struct error *err)
{
    const struct bands *bands = NULL;
    const char *name = arena_copy(&scales->arena, scale->name, strlen(scale->name));
    if (name == NULL)
        return error_no_memory(err);
    enum status s = choose_bands(scales, scale, &bands, err);
    if (s == STATUS_OK)
        s = table_scales_from_bands(&scales->arena, name, bands, made, err);
    return s == STATUS_OK ? keep(scales, *made, err) : s;
}

/* LOW..HIGH or LOW..HIGH/STEP as a map of a study; NULL if it is none, or memory is out. */
static struct node *range_map(struct arena *arena, struct slice name)
{
    static const char place[] = "scale";
    const char *dots = NULL, *slash = NULL;
    for (size_t i = 0; i + 1 < name.len; i++) {
        if (dots == NULL && name.data[i] == '.' && name.data[i + 1] == '.')
            dots = name.data + i;
        if (name.data[i] == '/')
            slash = name.data + i;
    }
    const char *end = slash == NULL ? name.data + name.len : slash;
    if (dots == NULL || end < dots + 2)
        return NULL;
    struct slice low = {name.data, (size_t)(dots - name.data)};
    struct slice high = {dots + 2, (size_t)(end - dots - 2)};
    int64_t value;
    if (decimal_parse(low, &value) != DECIMAL_OK || decimal_parse(high, &value) != DECIMAL_OK)
        return NULL;
    struct node *map = node_new_map(arena, place);
    struct node *range = node_new_list(arena, place);
    struct node *from = node_new_scalar(arena, place, low, false);
    struct node *to = node_new_scalar(arena, place, high, false);
    if (map == NULL || range == NULL || from == NULL || to == NULL ||
        !node_append(arena, range, from) || !node_append(arena, range, to) ||
        !node_put(arena, map, "range", range))
        return NULL;
    if (slash != NULL) {
        struct slice step = {slash + 1, (size_t)(name.data + name.len - slash - 1)};
        struct node *node = node_new_scalar(arena, place, step, false);
        if (node == NULL || !node_put(arena, map, "step", node))
            return NULL;
    }
    return map;
}

static enum status look_up(struct table_scales *scales, const char *name,
                           const struct scale **scale, struct error *err)
{
    *scale = scales->study == NULL ? scale_builtin(name) : NULL;
    for (size_t i = 0; scales->study != NULL && i < scales->study->scale_count; i++) {
        if (strcmp(scales->study->scales[i]->name, name) == 0)
            *scale = scales->study->scales[i];
    }
    if (*scale == NULL)
        *scale = scale_builtin(name);
    if (*scale != NULL)
        return STATUS_OK;
    const struct node *map = range_map(&scales->arena, slice_of(name));
    if (map != NULL)
        return scale_make_inline(map, &scales->arena, scale, err);
    if (scales->study != NULL)
        return study_scale(scales->study, name, NULL, scale, err);
    char shown[TEXT_ESCAPED_MAX];
    return error_set(err, STATUS_USAGE,
                     "scale '%s' is not built in; the study that the table is from (-s) knows it",
                     text_escape(shown, slice_of(name)));
}

enum status table_scales_find(struct table_scales *scales, struct slice name,
                              const struct table_scale **scale, struct error *err)
{
    for (size_t i = 0; i < scales->count; i++) {
        if (slice_is(name, scales->list[i]->name)) {
            *scale = scales->list[i];
            return STATUS_OK;
        }
    }
    const struct scale *known = NULL;
    const char *text = arena_copy(&scales->arena, name.data, name.len);
    if (text == NULL)
        return error_no_memory(err);
    enum status s = look_up(scales, text, &known, err);
    return s == STATUS_OK ? from_scale(scales, known, scale, err) : s;
}

/* The name of the one scale under `scales`, or of the only one of the study's own; else NULL. */
static const char *only_name(const struct study *study, const struct node *score)
{
    const struct node *map = node_child(score, "scales");
    const char *name = NULL;
    if (map == NULL && node_child(score, "scale") == NULL)
        return study->scale_count == 1 ? study->scales[0]->name : NULL;
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        const char *next = node_text(map->items[i]);
        if (next == NULL || (name != NULL && strcmp(name, next) != 0))
            return NULL;
        name = next;
    }
    return map == NULL ? node_text(node_child(score, "scale")) : name;
}

enum status table_scales_default(struct table_scales *scales, const char *name,
                                 const struct table_scale **scale, struct error *err)
{
    *scale = NULL;
    if (name != NULL)
        return table_scales_find(scales, slice_of(name), scale, err);
    if (scales->study == NULL)
        return STATUS_OK;
    const struct node *score = node_child(study_section(scales->study, "normalize"), "score");
    if (node_list_count(node_child(score, "range")) > 0) {
        const struct scale *made = NULL;
        enum status s = scale_make_inline(score, &scales->arena, &made, err);
        return s == STATUS_OK ? from_scale(scales, made, scale, err) : s;
    }
    name = only_name(scales->study, score);
    return name == NULL ? STATUS_OK : table_scales_find(scales, slice_of(name), scale, err);
}

enum status table_scales_numeric(struct table_scales *scales, const struct slice *names,
                                 size_t count, const struct table_scale **scale, struct error *err)
{
    *scale = NULL;
    struct table_band *list = arena_calloc(&scales->arena, count + 1, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < count; b++) {
        list[b].name = names[b];
        if (!double_parse(names[b], &list[b].low))
            return STATUS_OK;
        list[b].high = list[b].low;
        if (b > 0 && list[b].low <= list[b - 1].low)
            return STATUS_OK;
    }
    return table_scales_make(&scales->arena, NULL, list, count, scale, err);
}

void table_scales_free(struct table_scales *scales)
{
    free(scales->list);
    arena_free(&scales->arena);
    scales->list = NULL;
    scales->count = scales->cap = 0;
}
