#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/number.h"
#include "base/text.h"
#include "pictures/picture_parts.h"
#include "pictures/text_fit.h"
#include "tables/table_scales.h"

enum { COLUMNS = 8, TILTS_MOST = 32 };

enum column { ASSUMPTION, QUANTITY, BAND, LOW, VALUE, HIGH, KIND, NOTE };

static const char *const column_names[COLUMNS] = {"assumption", "quantity", "band", "low",
                                                  "value",      "high",     "kind", "note"};

/* One row. */
struct estimate {
    struct slice text[COLUMNS];
    double low;
    double value;
    double high;
};

/* A band of the group that is being read. */
struct gathered {
    struct slice name;
    struct picture_figure share;
    double tilt[TILTS_MOST];
};

struct estimates {
    struct picture *picture;
    const struct picture_source *source;
    struct table_rows *rows;
    const struct slice *header;
    size_t keys;         /* group columns, before `assumption` */
    size_t scale;        /* which of them is the scale; keys: none */
    struct intern seen;  /* groups, so that none comes twice */
    struct buffer key;   /* of the group that is being read, as intern has it */
    bool begun;          /* there is such a group */
    struct slice *cells; /* its key */
    struct picture_panel facts;
    struct gathered *bands;
    size_t band_count;
    size_t band_cap;
    double mean_tilt[TILTS_MOST];
    struct intern tilts;  /* their assumptions */
    struct intern ratios; /* of bounds that are not shown */
    double **tilt_rows;   /* by panel: those of its bars, then of its mean */
    size_t tilt_row_count;
    struct table_scales scales;
    struct arena texts; /* of this group */
};

bool picture_is_estimates(const struct slice *header, size_t count)
{
    bool same = count >= COLUMNS;
    for (size_t i = 0; i < COLUMNS && same; i++)
        same = slice_is(header[count - COLUMNS + i], column_names[i]);
    return same;
}

static enum status at_row(const struct table_row_cells *row, enum status s, struct error *err)
{
    error_at(err, row->file, row->line, 0);
    return s;
}

/* ---- a row ---- */

static enum status read_number(const struct table_row_cells *row, struct slice cell, double *value,
                               struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    *value = NAN;
    if (slice_missing(cell) || cell.len == 0 || slice_is(cell, "none"))
        return STATUS_OK;
    if (double_parse(cell, value))
        return STATUS_OK;
    return at_row(
        row, error_set(err, STATUS_DATA, "'%s' is not a number", text_escape(shown, cell)), err);
}

static enum status read_row(const struct estimates *e, const struct table_row_cells *row,
                            struct estimate *out, struct error *err)
{
    for (size_t i = 0; i < COLUMNS; i++)
        out->text[i] = row->cells[e->keys + i];
    enum status s = read_number(row, out->text[LOW], &out->low, err);
    if (s == STATUS_OK)
        s = read_number(row, out->text[VALUE], &out->value, err);
    return s == STATUS_OK ? read_number(row, out->text[HIGH], &out->high, err) : s;
}

/* The figure that a row speaks of: the share of its band, or the mean; NULL: another. */
static enum status find_figure(struct estimates *e, const struct estimate *row,
                               struct picture_figure **figure, double **tilt, struct error *err)
{
    *figure = NULL;
    if (slice_is(row->text[QUANTITY], "mean")) {
        *figure = &e->facts.mean;
        *tilt = e->mean_tilt;
        return STATUS_OK;
    }
    if (!slice_is(row->text[QUANTITY], "share") || slice_missing(row->text[BAND]))
        return STATUS_OK;
    size_t b = 0;
    while (b < e->band_count && !slice_equal(e->bands[b].name, row->text[BAND]))
        b++;
    if (b == e->band_count) {
        if (b == PICTURE_BARS_MAX)
            return error_set(err, STATUS_DATA, "more than %d bands", PICTURE_BARS_MAX);
        if (b == e->band_cap) {
            size_t cap = b == 0 ? 16 : b * 2;
            struct gathered *more = realloc(e->bands, cap * sizeof *more);
            if (more == NULL)
                return error_no_memory(err);
            e->bands = more;
            e->band_cap = cap;
        }
        struct slice band = row->text[BAND];
        char *name = arena_copy(&e->texts, band.data, band.len);
        if (name == NULL)
            return error_no_memory(err);
        e->bands[b].name = (struct slice){name, band.len};
        picture_figure_clear(&e->bands[b].share);
        for (size_t t = 0; t < TILTS_MOST; t++)
            e->bands[b].tilt[t] = NAN;
        e->band_count++;
    }
    *figure = &e->bands[b].share;
    *tilt = e->bands[b].tilt;
    return STATUS_OK;
}

static void take_fact(struct estimates *e, const struct estimate *row)
{
    const struct {
        const char *name;
        double *value;
    } facts[] = {
        {"scored", &e->facts.scored},         {"missing", &e->facts.missing},
        {"off_scale", &e->facts.off_scale},   {"people", &e->facts.people},
        {"population", &e->facts.population}, {"participation", &e->facts.participation},
        {"n_eff", &e->facts.effective},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (slice_is(row->text[QUANTITY], facts[i].name))
            *facts[i].value = row->value;
}

static bool holds(struct slice text, const char *words)
{
    return text.len > 0 && memmem(text.data, text.len, words, strlen(words)) != NULL;
}

/* The number that stands before " times" in an assumption; NaN: none does. */
static double ratio_of(struct slice assumption)
{
    static const char times[] = " times";
    const char *at = assumption.len == 0
                         ? NULL
                         : memmem(assumption.data, assumption.len, times, sizeof times - 1);
    if (at == NULL)
        return NAN;
    const char *start = at;
    while (start > assumption.data && start[-1] != ' ')
        start--;
    double ratio;
    return double_parse((struct slice){start, (size_t)(at - start)}, &ratio) ? ratio : NAN;
}

/* Remembers what there is instead of the ratio that is to be shown. */
static enum status other_ratio(struct estimates *e, double ratio, struct error *err)
{
    char text[DOUBLE_TEXT_MAX];
    bool added;
    size_t len = double_format(text, ratio);
    return intern_add(&e->ratios, (struct slice){text, len}, &added) != INTERN_NONE
               ? STATUS_OK
               : error_no_memory(err);
}

static enum status take_bound(struct estimates *e, const struct estimate *row,
                              struct picture_figure *figure, struct error *err)
{
    struct picture *picture = e->picture;
    struct slice assumption = row->text[ASSUMPTION];
    if (!isfinite(picture->options.ratio) || !isfinite(row->low) || !isfinite(row->high) ||
        holds(assumption, "middle"))
        return STATUS_OK;
    double ratio = ratio_of(assumption);
    if (isfinite(ratio) && ratio != picture->options.ratio)
        return other_ratio(e, ratio, err);
    enum picture_reach reach = isfinite(ratio) ? REACH_RATIO : REACH_ANY;
    figure->reach[reach] = (struct picture_range){row->low, row->high};
    if (picture->assumes[reach] == NULL) {
        picture->assumes[reach] = text_clean(&picture->arena, assumption, TEXT_NAME_MAX);
        if (picture->assumes[reach] == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

static enum status take_row(struct estimates *e, const struct estimate *row, struct error *err)
{
    struct picture_figure *figure;
    double *tilt = NULL;
    struct slice kind = row->text[KIND];
    bool observed = slice_is(kind, "observed");
    if (observed || slice_is(kind, "weighted"))
        take_fact(e, row);
    if (!observed && !slice_is(kind, "bound") && !slice_is(kind, "scenario"))
        return STATUS_OK;
    enum status s = find_figure(e, row, &figure, &tilt, err);
    if (s != STATUS_OK || figure == NULL)
        return s;
    if (observed) {
        figure->value = row->value;
        return STATUS_OK;
    }
    if (slice_is(kind, "bound"))
        return take_bound(e, row, figure, err);
    bool added;
    uint32_t number = intern_add(&e->tilts, row->text[ASSUMPTION], &added);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    if (number < TILTS_MOST)
        tilt[number] = row->value;
    return STATUS_OK;
}

/* ---- a group ---- */

static enum status keep_tilts(struct estimates *e, size_t bars, struct error *err)
{
    double **more = realloc(e->tilt_rows, (e->tilt_row_count + 1) * sizeof *more);
    if (more == NULL)
        return error_no_memory(err);
    e->tilt_rows = more;
    double *all = arena_calloc(&e->picture->arena, (bars + 1) * TILTS_MOST, sizeof *all);
    if (all == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < bars; b++)
        memcpy(all + b * TILTS_MOST, e->bands[b].tilt, sizeof e->bands[b].tilt);
    memcpy(all + bars * TILTS_MOST, e->mean_tilt, sizeof e->mean_tilt);
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
    return s == STATUS_OK ? keep_tilts(e, e->band_count, err) : s;
}

static void clear_group(struct estimates *e)
{
    e->band_count = 0;
    arena_reset(&e->texts);
    e->facts = (struct picture_panel){.name = "",
                                      .lowest = NAN,
                                      .highest = NAN,
                                      .scored = NAN,
                                      .missing = NAN,
                                      .off_scale = NAN,
                                      .people = NAN,
                                      .population = NAN,
                                      .participation = NAN,
                                      .effective = NAN};
    picture_figure_clear(&e->facts.mean);
    for (size_t t = 0; t < TILTS_MOST; t++)
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
    if (!added)
        return at_row(row,
                      error_set(err, STATUS_DATA,
                                "the rows of one group must stand together, and "
                                "this one was there before"),
                      err);
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
    if (e->ratios.count == 0 || e->picture->assumes[REACH_RATIO] != NULL)
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

/* The first, the middle and the last scenario there is: three are enough to see a tilt. */
static enum status choose_tilts(struct estimates *e, struct error *err)
{
    struct picture *picture = e->picture;
    uint32_t count = e->tilts.count < TILTS_MOST ? e->tilts.count : TILTS_MOST;
    if (!picture->options.tilts)
        return STATUS_OK;
    if (count == 0)
        return error_set(err, STATUS_USAGE,
                         "%s holds no bell scenarios to show; see scenarios in bell-study(5)",
                         table_rows_file(e->rows));
    uint32_t chosen[PICTURE_TILTS] = {0, (count - 1) / 2, count - 1};
    for (size_t t = 0; t < PICTURE_TILTS; t++) {
        if (t > 0 && chosen[t] == chosen[t - 1])
            continue;
        picture->tilt_name[t] =
            text_clean(&picture->arena, e->tilts.keys[chosen[t]], TEXT_NAME_MAX);
        if (picture->tilt_name[t] == NULL)
            return error_no_memory(err);
        for (size_t p = 0; p < picture->panel_count; p++) {
            struct picture_panel *panel = &picture->panels[p];
            for (size_t b = 0; b < panel->bar_count; b++)
                panel->bars[b].share.tilt[t] = e->tilt_rows[p][b * TILTS_MOST + chosen[t]];
            panel->mean.tilt[t] = e->tilt_rows[p][panel->bar_count * TILTS_MOST + chosen[t]];
        }
    }
    return STATUS_OK;
}

static enum status read_rows(struct estimates *e, struct error *err)
{
    struct table_row_cells row;
    struct estimate estimate;
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
            s = read_row(e, &row, &estimate, err);
        if (s == STATUS_OK)
            s = take_row(e, &estimate, err);
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
    e->keys = count - COLUMNS;
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
