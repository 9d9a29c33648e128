#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "pictures/estimate_rows.h"
#include "pictures/text_fit.h"

static const char *const column_names[ESTIMATE_COLUMNS] = {
    "assumption", "quantity", "band", "low", "value", "high", "kind", "note"};

bool picture_is_estimates(const struct slice *header, size_t count)
{
    bool same = count >= ESTIMATE_COLUMNS;
    for (size_t i = 0; i < ESTIMATE_COLUMNS && same; i++)
        same = slice_is(header[count - ESTIMATE_COLUMNS + i], column_names[i]);
    return same;
}

/* ---- a group ---- */

static enum status keep_tilts(struct estimates *e, size_t bars, struct error *err)
{
    double **more = realloc(e->tilt_rows, (e->tilt_row_count + 1) * sizeof *more);
    if (more == NULL)
        return error_no_memory(err);
    e->tilt_rows = more;
    double *all = arena_calloc(&e->picture->arena, (bars + 1) * ESTIMATE_TILTS, sizeof *all);
    if (all == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < bars; b++)
        memcpy(all + b * ESTIMATE_TILTS, e->bands[b].tilt, sizeof e->bands[b].tilt);
    memcpy(all + bars * ESTIMATE_TILTS, e->mean_tilt, sizeof e->mean_tilt);
    e->tilt_rows[e->tilt_row_count++] = all;
    return STATUS_OK;
}

/* The ends of the scale, where somebody knows it. */
static enum status set_scale(struct estimates *e, struct picture_panel *panel, struct error *err)
{
    const struct table_scale *scale = NULL;
    struct error ignored = ERROR_INIT;
    struct slice named = e->scale < e->keys ? e->cells[e->scale] : SLICE_MISSING;
    enum status s = slice_missing(named)
                        ? table_scales_default(&e->scales, e->source->scale, &scale, &ignored)
                        : table_scales_find(&e->scales, named, &scale, &ignored);
    if (s == STATUS_IO)
        return error_no_memory(err);
    struct slice *names = arena_calloc(&e->texts, e->band_count + 1, sizeof *names);
    if (names == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < e->band_count; b++)
        names[b] = e->bands[b].name;
    if ((s != STATUS_OK || scale == NULL) && e->band_count > 0) {
        scale = NULL;
        s = table_scales_numeric(&e->scales, names, e->band_count, &scale, &ignored);
        if (s == STATUS_IO)
            return error_no_memory(err);
    }
    if (s == STATUS_OK && scale != NULL) {
        panel->lowest = scale->lowest;
        panel->highest = scale->highest;
    }
    if (!slice_missing(named))
        panel->scale = text_clean(&e->picture->arena, named, TEXT_NAME_MAX);
    else if (s == STATUS_OK && scale != NULL && scale->name != NULL)
        panel->scale = text_clean(&e->picture->arena, slice_of(scale->name), TEXT_NAME_MAX);
    else
        return STATUS_OK;
    return panel->scale != NULL ? STATUS_OK : error_no_memory(err);
}

static enum status set_remark(struct estimates *e, struct picture_panel *panel, struct error *err)
{
    struct picture *picture = e->picture;
    struct buffer text = BUFFER_INIT;
    bool ok = true;
    if (e->no_estimate != NULL)
        ok = buffer_appendf(&text, "no estimate: %s", e->no_estimate);
    else if (picture->options.tilts && e->no_scenario != NULL)
        ok = buffer_appendf(&text, "%s: %s",
                            e->scenario_there ? "not every scenario" : "no scenario",
                            e->no_scenario);
    if (ok && text.len > 0) {
        panel->remark =
            text_clean(&picture->arena, (struct slice){text.data, text.len}, TEXT_NAME_MAX);
        ok = panel->remark != NULL;
    }
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status end_group(struct estimates *e, struct error *err)
{
    struct picture *picture = e->picture;
    struct picture_panel *panel;
    struct slice *shown = arena_calloc(&e->texts, e->keys + 1, sizeof *shown);
    if (shown == NULL)
        return error_no_memory(err);
    enum status s = picture_add(picture, e->band_count, &panel, err);
    if (s != STATUS_OK || panel == NULL)
        return s;
    struct picture_bar *bars = panel->bars;
    size_t count = 0;
    *panel = e->facts;
    panel->bars = bars;
    panel->bar_count = e->band_count;
    for (size_t b = 0; b < e->band_count && s == STATUS_OK; b++) {
        bars[b].share = e->bands[b].share;
        bars[b].name = text_clean(&picture->arena, e->bands[b].name, TEXT_NAME_MAX);
        s = bars[b].name == NULL ? error_no_memory(err) : STATUS_OK;
    }
    for (size_t i = 0; i < e->keys; i++)
        if (i != e->scale)
            shown[count++] = e->cells[i];
    if (s == STATUS_OK)
        s = picture_name(picture, shown, count, &panel->name, err);
    if (s == STATUS_OK)
        s = set_scale(e, panel, err);
    if (s == STATUS_OK)
        s = set_remark(e, panel, err);
    return s == STATUS_OK ? keep_tilts(e, e->band_count, err) : s;
}

static void clear_group(struct estimates *e)
{
    e->band_count = 0;
    arena_reset(&e->texts);
    e->no_estimate = e->no_scenario = NULL;
    e->scenario_there = false;
    e->facts = picture_panel_empty();
    for (size_t t = 0; t < ESTIMATE_TILTS; t++)
        e->mean_tilt[t] = NAN;
}

static bool put_key(struct buffer *key, const struct slice *cells, size_t count)
{
    bool ok = true;
    buffer_clear(key);
    for (size_t i = 0; i < count && ok; i++)
        ok = buffer_appendf(key, "%zu:", slice_missing(cells[i]) ? 0 : cells[i].len) &&
             (cells[i].len == 0 || buffer_append_slice(key, cells[i]));
    return ok;
}

static enum status begin_group(struct estimates *e, const struct table_row_cells *row,
                               const struct buffer *key, struct error *err)
{
    bool added;
    struct slice text = {key->len > 0 ? key->data : "", key->len};
    clear_group(e);
    uint64_t before = intern_held(&e->seen);
    if (intern_add(&e->seen, text, &added) == INTERN_NONE)
        return error_no_memory(err);
    enum status s = budget_take(e->source->budget, intern_held(&e->seen) - before, "groups", err);
    if (s != STATUS_OK)
        return s;
    if (!added) {
        (void)error_set(err, STATUS_DATA,
                        "the rows of one group must stand together, and this one was there before");
        error_at(err, row->file, row->line, 0);
        return STATUS_DATA;
    }
    buffer_clear(&e->key);
    if (text.len > 0 && !buffer_append_slice(&e->key, text))
        return error_no_memory(err);
    for (size_t i = 0; i < e->keys; i++) {
        e->cells[i] = SLICE_MISSING;
        if (slice_missing(row->cells[i]))
            continue;
        char *copy = arena_copy(&e->texts, row->cells[i].data, row->cells[i].len);
        if (copy == NULL)
            return error_no_memory(err);
        e->cells[i] = (struct slice){copy, row->cells[i].len};
    }
    e->begun = true;
    return STATUS_OK;
}

/* ---- all of it ---- */

static enum status check_ratio(const struct estimates *e, struct error *err)
{
    if (e->ratios.count == 0 || e->ratio_found)
        return STATUS_OK;
    struct buffer list = BUFFER_INIT;
    bool ok = true;
    for (uint32_t i = 0; i < e->ratios.count && i < 12 && ok; i++)
        ok = (i == 0 || buffer_append_text(&list, ", ")) &&
             buffer_append_slice(&list, e->ratios.keys[i]);
    enum status s = ok ? error_set(err, STATUS_USAGE,
                                   "%s has ranges for readiness ratios of %s, not of %g; take one "
                                   "of them with --bounds",
                                   table_rows_file(e->rows), list.data, e->picture->options.ratio)
                       : error_no_memory(err);
    buffer_free(&list);
    return s;
}

/* Of "all have this in common; and this one leans so" the first part once, the second by tilt. */
static enum status name_tilt(struct picture *picture, size_t t, struct slice said,
                             struct error *err)
{
    const char *at = said.len == 0 ? NULL : memrchr(said.data, ';', said.len);
    struct slice own = said;
    if (at != NULL && at + 2 < said.data + said.len) {
        own = (struct slice){at + 2, (size_t)(said.data + said.len - (at + 2))};
        picture->tilts_assume = text_clean(
            &picture->arena, (struct slice){said.data, (size_t)(at - said.data)}, TEXT_NAME_MAX);
    }
    picture->tilt_name[t] = text_clean(&picture->arena, own, TEXT_NAME_MAX);
    return picture->tilt_name[t] != NULL ? STATUS_OK : error_no_memory(err);
}

/* The number behind "(tilt "; NaN: none. */
static double tilt_of(struct slice said)
{
    static const char front[] = "(tilt ";
    const char *at = said.len == 0 ? NULL : memmem(said.data, said.len, front, sizeof front - 1);
    const char *end = at == NULL ? NULL : memchr(at, ')', (size_t)(said.data + said.len - at));
    double tilt = NAN;
    if (end != NULL) {
        at += sizeof front - 1;
        if (!double_parse((struct slice){at, (size_t)(end - at)}, &tilt))
            tilt = NAN;
    }
    return tilt;
}

/* The strongest tilt to either side, and the one nearest to none: three are enough to see what a
 * tilt does. */
static void find_tilts(const struct estimates *e, uint32_t count, uint32_t chosen[PICTURE_TILTS])
{
    double best[PICTURE_TILTS] = {0, INFINITY, 0};
    for (size_t t = 0; t < PICTURE_TILTS; t++)
        chosen[t] = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        double tilt = tilt_of(e->tilts.keys[i]);
        if (tilt < best[0]) {
            best[0] = tilt;
            chosen[0] = i;
        }
        if (fabs(tilt) < best[1]) {
            best[1] = fabs(tilt);
            chosen[1] = i;
        }
        if (tilt > best[2]) {
            best[2] = tilt;
            chosen[2] = i;
        }
    }
    if (chosen[1] == chosen[0] || chosen[1] == chosen[2])
        chosen[1] = UINT32_MAX;
}

static enum status show_tilt(struct estimates *e, size_t t, uint32_t number, struct error *err)
{
    struct picture *picture = e->picture;
    enum status s = name_tilt(picture, t, e->tilts.keys[number], err);
    for (size_t p = 0; s == STATUS_OK && p < picture->panel_count; p++) {
        struct picture_panel *panel = &picture->panels[p];
        for (size_t b = 0; b < panel->bar_count; b++)
            panel->bars[b].share.tilt[t] = e->tilt_rows[p][b * ESTIMATE_TILTS + number];
        panel->mean.tilt[t] = e->tilt_rows[p][panel->bar_count * ESTIMATE_TILTS + number];
    }
    return s;
}

static enum status choose_tilts(struct estimates *e, struct error *err)
{
    uint32_t count = e->tilts.count < ESTIMATE_TILTS ? e->tilts.count : ESTIMATE_TILTS;
    uint32_t chosen[PICTURE_TILTS];
    enum status s = STATUS_OK;
    if (!e->picture->options.tilts || (count == 0 && e->scenario_refused))
        return STATUS_OK;
    if (count == 0)
        return error_set(err, STATUS_USAGE,
                         "%s holds no bell scenarios; bell-estimate --bell makes them",
                         table_rows_file(e->rows));
    find_tilts(e, count, chosen);
    for (size_t t = 0; t < PICTURE_TILTS && s == STATUS_OK; t++)
        if (chosen[t] != UINT32_MAX)
            s = show_tilt(e, t, chosen[t], err);
    return s;
}

static enum status read_rows(struct estimates *e, struct error *err)
{
    struct table_row_cells row;
    struct buffer key = BUFFER_INIT;
    enum status s = STATUS_OK;
    while (s == STATUS_OK) {
        s = table_rows_next(e->rows, &row, err);
        if (s != STATUS_OK || row.cells == NULL)
            break;
        if (!put_key(&key, row.cells, e->keys)) {
            s = error_no_memory(err);
            break;
        }
        bool same = e->begun && key.len == e->key.len &&
                    (key.len == 0 || memcmp(key.data, e->key.data, key.len) == 0);
        if (!same && e->begun)
            s = end_group(e, err);
        if (s == STATUS_OK && !same)
            s = begin_group(e, &row, &key, err);
        if (s == STATUS_OK)
            s = estimate_row_take(e, &row, err);
    }
    if (s == STATUS_OK && e->begun)
        s = end_group(e, err);
    buffer_free(&key);
    return s;
}

static enum status read_header(struct estimates *e, struct error *err)
{
    size_t count;
    e->header = table_rows_header(e->rows, &count);
    e->keys = count - ESTIMATE_COLUMNS;
    e->scale = e->keys;
    struct slice *shown = arena_calloc(&e->picture->arena, e->keys + 1, sizeof *shown);
    e->cells = arena_calloc(&e->picture->arena, e->keys + 1, sizeof *e->cells);
    if (shown == NULL || e->cells == NULL)
        return error_no_memory(err);
    size_t by = 0;
    /* `scale` stands behind the group columns proper, only `window` behind it. */
    for (size_t i = 0; i < e->keys; i++) {
        bool last = i + 1 == e->keys || (i + 2 == e->keys && slice_is(e->header[i + 1], "window"));
        if (slice_is(e->header[i], "scale") && last)
            e->scale = i;
        else
            shown[by++] = e->header[i];
    }
    return picture_set_by(e->picture, shown, by, err);
}

enum status picture_from_estimates(struct picture *picture, struct table_rows *rows,
                                   const struct picture_source *source, struct error *err)
{
    struct estimates e = {.picture = picture, .source = source, .rows = rows};
    e.scales.study = source->study;
    enum status s = read_header(&e, err);
    if (s == STATUS_OK)
        s = read_rows(&e, err);
    if (s == STATUS_OK)
        s = check_ratio(&e, err);
    if (s == STATUS_OK)
        s = choose_tilts(&e, err);
    budget_give(source->budget, intern_held(&e.seen));
    table_scales_free(&e.scales);
    intern_free(&e.seen);
    intern_free(&e.tilts);
    intern_free(&e.ratios);
    buffer_free(&e.key);
    free(e.bands);
    free(e.tilt_rows);
    arena_free(&e.texts);
    return s;
}
