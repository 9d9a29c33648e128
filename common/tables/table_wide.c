#include <math.h>

#include "base/text.h"
#include "tables/table_reader_parts.h"

/* Where the scale's bands stand among the columns; places[] NULL where they are not all there. */
static enum status place_bands(struct table_reader *reader, const struct table_scale *scale,
                               size_t **places, struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    size_t *at = arena_calloc(&reader->arena, scale->count + 1, sizeof *at);
    *places = NULL;
    if (at == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < scale->count; b++) {
        size_t k = 0;
        while (k < layout->band_count && !slice_equal(layout->bands[k], scale->band[b].name))
            k++;
        if (k == layout->band_count)
            return STATUS_OK;
        at[b] = k;
    }
    *places = at;
    return STATUS_OK;
}

static enum status other_bands(const struct table_reader *reader, const struct table_scale *scale,
                               struct error *err)
{
    struct buffer here = BUFFER_INIT, there = BUFFER_INIT;
    char shown[TEXT_ESCAPED_MAX];
    const struct table_layout *layout = &reader->layout;
    bool ok = true;
    for (size_t b = 0; ok && b < layout->band_count; b++)
        ok =
            buffer_appendf(&here, "%s%s", b == 0 ? "" : ", ", text_escape(shown, layout->bands[b]));
    for (size_t b = 0; ok && b < scale->count; b++)
        ok = buffer_appendf(&there, "%s%s", b == 0 ? "" : ", ",
                            text_escape(shown, scale->band[b].name));
    enum status s = error_no_memory(err);
    if (ok)
        s = error_set(err, STATUS_USAGE,
                      "the bands of the table (%.200s) are not those of scale %s (%.200s); the "
                      "study says under aggregate how its tables are cut into bands",
                      here.len == 0 ? "none" : here.data,
                      scale->name == NULL ? "" : text_escape(shown, slice_of(scale->name)),
                      there.len == 0 ? "none" : there.data);
    buffer_free(&here);
    buffer_free(&there);
    return s;
}

static enum status places_of(struct table_reader *reader, const struct table_scale *scale,
                             const size_t **at, struct error *err)
{
    for (size_t i = 0; i < reader->place_count; i++) {
        if (reader->places[i].scale == scale) {
            *at = reader->places[i].at;
            return STATUS_OK;
        }
    }
    struct table_places *more = arena_calloc(&reader->arena, reader->place_count + 1, sizeof *more);
    size_t *places = NULL;
    if (more == NULL)
        return error_no_memory(err);
    enum status s = place_bands(reader, scale, &places, err);
    if (s == STATUS_OK && places == NULL)
        s = other_bands(reader, scale, err);
    if (s != STATUS_OK)
        return s;
    if (reader->place_count > 0)
        memcpy(more, reader->places, reader->place_count * sizeof *more);
    more[reader->place_count] = (struct table_places){scale, places};
    reader->places = more;
    reader->place_count++;
    *at = places;
    return STATUS_OK;
}

/* Without a column scale all bands of the table are those of one. */
static bool same_bands(const struct table_layout *layout, const struct table_scale *scale)
{
    bool same = scale->count == layout->band_count;
    for (size_t b = 0; same && b < scale->count; b++)
        same = slice_equal(layout->bands[b], scale->band[b].name);
    return same;
}

static enum status name_the_scale(const struct table_layout *layout, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    return error_set(err, STATUS_USAGE,
                     "which numbers the bands of this table stand for (%s ...) does not show; name "
                     "the scale (--scale), or the study that the table is from (-s)",
                     text_escape(shown, layout->bands[0]));
}

enum status table_wide_open(struct table_reader *reader, struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    const struct table_reader_options *options = &reader->options;
    reader->scales.names = layout->bands;
    reader->scales.name_count = layout->band_count;
    if (layout->names.scale) {
        if (table_scale_named(reader))
            return error_set(err, STATUS_USAGE,
                             "the table has a column scale, so none is to be named");
        return STATUS_OK;
    }
    const struct table_scale *scale = NULL;
    enum status s = table_scales_default(&reader->scales, options->scale, &scale, err);
    if (s != STATUS_OK || layout->band_count == 0)
        return s;
    if (scale != NULL && same_bands(layout, scale)) {
        reader->fixed = scale;
        return STATUS_OK;
    }
    if (options->scale != NULL)
        return other_bands(reader, scale, err);
    /* The study's scale is not that of the table.  Names that are numbers speak for themselves, but
     * so would bands that are ranges, called 1, 2, 3: there the mean has to agree. */
    const struct table_scale *studys = scale;
    s = table_scales_numeric(&reader->scales, layout->bands, layout->band_count, &scale, err);
    if (s == STATUS_OK && scale != NULL &&
        (studys == NULL || layout->figure[TABLE_MEAN] != TABLE_NONE)) {
        reader->fixed = scale;
        reader->by_names = true;
        return STATUS_OK;
    }
    if (s != STATUS_OK)
        return s;
    return studys != NULL ? other_bands(reader, studys, err) : name_the_scale(layout, err);
}

static enum status place(const struct table_row_cells *row, enum status s, size_t column,
                         struct error *err)
{
    error_at(err, row->file, row->line, column);
    return s;
}

static enum status row_scale(struct table_reader *reader, const struct table_row_cells *row,
                             struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    reader->raw.scale = reader->fixed;
    if (!layout->names.scale)
        return STATUS_OK;
    size_t key = layout->names.by_count;
    struct slice name = reader->raw.key[key];
    if (slice_missing(name))
        return STATUS_OK;
    /* The total of a table that is grouped by its one scale. */
    if (slice_is(name, "(all)")) {
        reader->raw.scale = reader->place_count == 1 ? reader->places[0].scale : NULL;
        return STATUS_OK;
    }
    enum status s = table_scales_find(&reader->scales, name, &reader->raw.scale, err);
    return s == STATUS_OK ? s : place(row, s, layout->keys[key] + 1, err);
}

/* Counts (or weights) of the row's bands; cells of bands that are not its own must be blank. */
static enum status read_bands(struct table_reader *reader, const struct table_row_cells *row,
                              const size_t *columns, const size_t *at, double *out, size_t *blank,
                              struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    const struct table_scale *scale = reader->raw.scale;
    size_t own = scale == NULL ? 0 : scale->count, filled = 0;
    for (size_t b = 0; b < layout->band_count; b++)
        filled += !slice_missing(row->cells[columns[b]]);
    *blank = 0;
    for (size_t b = 0; b < own; b++) {
        enum status s = table_cell_number(row, columns[at[b]], &out[b], err);
        if (s != STATUS_OK)
            return s;
        if (isnan(out[b])) {
            *blank += 1;
        } else if (out[b] < 0) {
            (void)error_set(err, STATUS_DATA, "a count below 0");
            return place(row, STATUS_DATA, columns[at[b]] + 1, err);
        }
    }
    if (filled > own - *blank) {
        (void)error_set(err, STATUS_DATA, "a count in a band that is none of the row's scale");
        return place(row, STATUS_DATA, 0, err);
    }
    return STATUS_OK;
}

static enum status read_counts(struct table_reader *reader, const struct table_row_cells *row,
                               struct error *err)
{
    struct table_raw *raw = &reader->raw;
    const struct table_layout *layout = &reader->layout;
    const size_t *at = NULL;
    size_t blank = 0, blank_weights = 0;
    enum status s = STATUS_OK;
    if (raw->scale != NULL) {
        s = places_of(reader, raw->scale, &at, err);
        if (s != STATUS_OK)
            return place(row, s, 0, err);
        s = table_room(reader, raw->scale->count, err);
    }
    if (s == STATUS_OK)
        s = read_bands(reader, row, layout->counts, at, reader->room[0], &blank, err);
    bool weighted = layout->band_count > 0 && layout->weights[0] != TABLE_NONE;
    if (s == STATUS_OK && weighted)
        s = read_bands(reader, row, layout->weights, at, reader->room[1], &blank_weights, err);
    if (s != STATUS_OK || raw->scale == NULL)
        return s;
    if (weighted && blank != blank_weights) {
        (void)error_set(err, STATUS_DATA, "the row has counts without weights");
        return place(row, STATUS_DATA, 0, err);
    }
    if (blank != 0 && blank != raw->scale->count) {
        (void)error_set(err, STATUS_DATA, "some counts of the row are blank");
        return place(row, STATUS_DATA, 0, err);
    }
    raw->counts = blank == 0 ? reader->room[0] : NULL;
    raw->weights = blank == 0 && weighted ? reader->room[1] : NULL;
    return STATUS_OK;
}

enum status table_wide_next(struct table_reader *reader, bool *end, struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    struct table_raw *raw = &reader->raw;
    struct table_row_cells row;
    enum status s = table_rows_next(reader->rows, &row, err);
    *end = s == STATUS_OK && row.cells == NULL;
    if (s != STATUS_OK || *end)
        return s;
    raw->file = row.file;
    raw->line = row.line;
    for (size_t k = 0; k < layout->names.count; k++)
        raw->key[k] = row.cells[layout->keys[k]];
    for (size_t f = 0; s == STATUS_OK && f < TABLE_FIGURES; f++) {
        raw->figure[f] = (double)NAN;
        if (layout->figure[f] != TABLE_NONE)
            s = table_cell_number(&row, layout->figure[f], &raw->figure[f], err);
    }
    raw->withheld =
        layout->status != TABLE_NONE && table_status_withheld(row.cells[layout->status]);
    if (s == STATUS_OK)
        s = row_scale(reader, &row, err);
    return s == STATUS_OK ? read_counts(reader, &row, err) : s;
}
