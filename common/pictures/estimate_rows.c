#include "pictures/estimate_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "pictures/text_fit.h"

enum column { ASSUMPTION, QUANTITY, BAND, LOW, VALUE, HIGH, KIND, NOTE };

/* One row. */
struct estimate {
    struct slice text[ESTIMATE_COLUMNS];
    double low;
    double value;
    double high;
};

static enum status at_row(const struct table_row_cells *row, enum status s, struct error *err)
{
    error_at(err, row->file, row->line, 0);
    return s;
}

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
    for (size_t i = 0; i < ESTIMATE_COLUMNS; i++)
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
        for (size_t t = 0; t < ESTIMATE_TILTS; t++)
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
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (slice_is(row->text[QUANTITY], facts[i].name))
            *facts[i].value = row->value;
}

static bool holds(struct slice text, const char *words)
{
    return text.len > 0 && memmem(text.data, text.len, words, strlen(words)) != NULL;
}

/* What bell-estimate says of its bounds. */
enum bound { BOUND_OTHER, BOUND_ANY, BOUND_RATIO, BOUND_NOISE, BOUND_WITHIN };

static enum bound read_bound(struct slice said, double *ratio)
{
    static const char front[] = "nobody is more than ";
    static const char back[] = " times as ready to answer as anybody else";
    static const char noise[] = "; with sampling noise";
    static const char within[] = "within a weighting group ";
    enum { WITHIN = sizeof within - 1 };
    bool grouped = said.len > WITHIN && memcmp(said.data, within, WITHIN) == 0;
    enum { FRONT = sizeof front - 1, BACK = sizeof back - 1 };
    if (holds(said, "none: ") && holds(said, "anything"))
        return BOUND_ANY;
    if (grouped) {
        said.data += WITHIN;
        said.len -= WITHIN;
    }
    if (said.len < FRONT + BACK || memcmp(said.data, front, FRONT) != 0)
        return BOUND_OTHER;
    const char *end = memmem(said.data, said.len, back, BACK);
    if (end == NULL ||
        !double_parse((struct slice){said.data + FRONT, (size_t)(end - said.data) - FRONT}, ratio))
        return BOUND_OTHER;
    struct slice rest = {end + BACK, (size_t)(said.data + said.len - (end + BACK))};
    if (grouped)
        return rest.len == 0 ? BOUND_WITHIN : BOUND_OTHER;
    return rest.len == 0 ? BOUND_RATIO : slice_is(rest, noise) ? BOUND_NOISE : BOUND_OTHER;
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
    double ratio = NAN;
    enum bound bound = read_bound(row->text[ASSUMPTION], &ratio);
    if (!isfinite(picture->options.ratio) || !isfinite(row->low) || !isfinite(row->high) ||
        bound == BOUND_OTHER)
        return STATUS_OK;
    if (bound != BOUND_ANY && ratio != picture->options.ratio)
        return other_ratio(e, ratio, err);
    if (e->facts.weighted && (bound == BOUND_RATIO || bound == BOUND_NOISE))
        return STATUS_OK;
    /* The row with sampling noise stands behind the one without, and is wider. */
    figure->reach[bound == BOUND_ANY ? REACH_ANY : REACH_RATIO] =
        (struct picture_range){row->low, row->high};
    e->ratio_found = e->ratio_found || bound != BOUND_ANY;
    picture->noise = picture->noise || bound == BOUND_NOISE;
    return STATUS_OK;
}

/* Weighted figures stand for those before them, and so do the bounds that follow. */
static void take_weighted(struct estimates *e, const struct estimate *row,
                          struct picture_figure *figure)
{
    e->facts.weighted = true;
    figure->value = row->value;
    figure->reach[REACH_RATIO] = (struct picture_range){NAN, NAN};
}

/* Of several calibrations the first that tells a mean is shown. */
static enum status take_calibrated(struct estimates *e, const struct estimate *row,
                                   struct picture_figure *figure, struct error *err)
{
    struct picture *picture = e->picture;
    struct slice said = row->text[ASSUMPTION];
    if (picture->mark_name[MARK_CALIBRATED] == NULL) {
        char *copy = arena_copy(&picture->arena, said.data, said.len);
        picture->mark_name[MARK_CALIBRATED] = text_clean(&picture->arena, said, 4 * TEXT_NAME_MAX);
        if (copy == NULL || picture->mark_name[MARK_CALIBRATED] == NULL)
            return error_no_memory(err);
        e->calibration = (struct slice){copy, said.len};
    }
    if (!slice_equal(said, e->calibration) || !isfinite(row->value))
        return STATUS_OK;
    figure->mark[MARK_CALIBRATED] = row->value;
    figure->chance = (struct picture_range){row->low, row->high};
    return STATUS_OK;
}

static enum status take_scenario(struct estimates *e, const struct estimate *row, double *tilt,
                                 struct error *err)
{
    bool added;
    uint32_t number = intern_add(&e->tilts, row->text[ASSUMPTION], &added);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    if (number < ESTIMATE_TILTS)
        tilt[number] = row->value;
    e->scenario_there = true;
    return STATUS_OK;
}

/* Keeps the first reason, without its codes. */
static enum status keep_reason(struct estimates *e, struct slice note, const char **reason,
                               struct error *err)
{
    const char *colon = note.len == 0 ? NULL : memmem(note.data, note.len, ": ", 2);
    if (*reason != NULL)
        return STATUS_OK;
    if (colon != NULL)
        note = (struct slice){colon + 2, (size_t)(note.data + note.len - (colon + 2))};
    *reason = text_clean(&e->texts, note, TEXT_NAME_MAX);
    return *reason != NULL ? STATUS_OK : error_no_memory(err);
}

/* What bell-estimate does not tell, and why: the group as a whole, or a scenario. */
static enum status take_refusal(struct estimates *e, const struct estimate *row, struct error *err)
{
    struct slice note = row->text[NOTE];
    if (holds(row->text[ASSUMPTION], "bell-shaped")) {
        e->scenario_refused = true;
        return keep_reason(e, note, &e->no_scenario, err);
    }
    if (!slice_missing(row->text[QUANTITY]))
        return STATUS_OK;
    if (slice_is(note, "c") || holds(note, "c: ")) {
        e->facts.withheld = true;
        return STATUS_OK;
    }
    return keep_reason(e, note, &e->no_estimate, err);
}

static enum status take_row(struct estimates *e, const struct estimate *row, struct error *err)
{
    struct picture_figure *figure;
    double *tilt = NULL;
    struct slice kind = row->text[KIND];
    bool observed = slice_is(kind, "observed");
    bool bound = slice_is(kind, "bound");
    bool calibrated = slice_is(kind, "calibrated");
    bool weighted = slice_is(kind, "weighted");
    if (slice_is(kind, "refused"))
        return take_refusal(e, row, err);
    if (observed)
        take_fact(e, row);
    if (weighted && slice_is(row->text[QUANTITY], "n_eff"))
        e->facts.effective = row->value;
    if (!observed && !weighted && !bound && !calibrated && !slice_is(kind, "scenario"))
        return STATUS_OK;
    enum status s = find_figure(e, row, &figure, &tilt, err);
    if (s != STATUS_OK || figure == NULL)
        return s;
    if (observed)
        figure->value = row->value;
    else if (weighted)
        take_weighted(e, row, figure);
    else if (bound)
        s = take_bound(e, row, figure, err);
    else if (calibrated)
        s = take_calibrated(e, row, figure, err);
    else
        s = take_scenario(e, row, tilt, err);
    return s;
}

enum status estimate_row_take(struct estimates *e, const struct table_row_cells *row,
                              struct error *err)
{
    struct estimate estimate;
    enum status s = read_row(e, row, &estimate, err);
    return s == STATUS_OK ? take_row(e, &estimate, err) : s;
}
