#include <math.h>

#include "base/text.h"
#include "tables/table_reader_parts.h"

static bool same_key(const struct table_reader *reader, const struct table_row_cells *row)
{
    const struct table_layout *layout = &reader->layout;
    for (size_t k = 0; k < layout->names.count; k++) {
        if (!slice_equal(reader->raw.key[k], row->cells[layout->keys[k]]))
            return false;
    }
    return true;
}

static enum status keep(struct arena *arena, struct slice text, struct slice *copy,
                        struct error *err)
{
    *copy = SLICE_MISSING;
    if (slice_missing(text))
        return STATUS_OK;
    *copy = (struct slice){arena_copy(arena, text.data, text.len), text.len};
    return copy->data == NULL ? error_no_memory(err) : STATUS_OK;
}

static enum status begin_group(struct table_reader *reader, const struct table_row_cells *row,
                               struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    struct table_raw *raw = &reader->raw;
    arena_reset(&reader->texts);
    reader->gathered_count = 0;
    raw->file = row->file;
    raw->line = row->line;
    raw->withheld = false;
    enum status s = STATUS_OK;
    for (size_t k = 0; s == STATUS_OK && k < layout->names.count; k++)
        s = keep(&reader->texts, row->cells[layout->keys[k]], &raw->key[k], err);
    for (size_t f = 0; f < TABLE_FIGURES; f++)
        raw->figure[f] = (double)NAN;
    return s;
}

static enum status fault(const struct table_row_cells *row, size_t column, struct error *err)
{
    error_at(err, row->file, row->line, column);
    return STATUS_DATA;
}

/* The band of a row n or w, new if it is the first of that name. */
static enum status find_band(struct table_reader *reader, const struct table_row_cells *row,
                             size_t *band, struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    struct slice name = row->cells[layout->band];
    for (*band = 0; *band < reader->gathered_count; ++*band) {
        if (slice_equal(reader->gathered[*band].name, name))
            return STATUS_OK;
    }
    if (reader->gathered_count == BANDS_MAX) {
        (void)error_set(err, STATUS_DATA, "more than %d bands", (int)BANDS_MAX);
        return fault(row, layout->band + 1, err);
    }
    enum status s = table_room(reader, reader->gathered_count + 1, err);
    if (s != STATUS_OK)
        return s;
    struct table_band *new = &reader->gathered[*band];
    *new = (struct table_band){.name = SLICE_MISSING};
    reader->room[0][*band] = reader->room[1][*band] = (double)NAN;
    s = keep(&reader->texts, slice_missing(name) ? SLICE_LITERAL("") : name, &new->name, err);
    if (s == STATUS_OK)
        s = table_cell_number(row, layout->low, &new->low, err);
    if (s == STATUS_OK)
        s = table_cell_number(row, layout->high, &new->high, err);
    reader->gathered_count += s == STATUS_OK;
    return s;
}

static enum status take_row(struct table_reader *reader, const struct table_row_cells *row,
                            struct error *err)
{
    const struct table_layout *layout = &reader->layout;
    struct table_raw *raw = &reader->raw;
    struct slice quantity = row->cells[layout->quantity];
    double value = 0;
    size_t band = 0;
    if (slice_is(quantity, "status")) {
        raw->withheld = table_status_withheld(row->cells[layout->value]);
        return STATUS_OK;
    }
    bool count = slice_is(quantity, "n"), weight = slice_is(quantity, "w");
    size_t figure = 0;
    while (figure < TABLE_FIGURES && !slice_is(quantity, table_figure_names[figure]))
        figure++;
    if (!count && !weight && figure == TABLE_FIGURES)
        return STATUS_OK;
    enum status s = table_cell_number(row, layout->value, &value, err);
    if (s == STATUS_OK && (count || weight))
        s = find_band(reader, row, &band, err);
    if (s != STATUS_OK)
        return s;
    double *to = count    ? &reader->room[0][band]
                 : weight ? &reader->room[1][band]
                          : &raw->figure[figure];
    char shown[TEXT_ESCAPED_MAX];
    if (!isnan(*to)) {
        (void)error_set(err, STATUS_DATA, "the group has two rows of %s",
                        text_escape(shown, quantity));
        return fault(row, layout->quantity + 1, err);
    }
    if ((count || weight) && value < 0) {
        (void)error_set(err, STATUS_DATA, "a count below 0");
        return fault(row, layout->value + 1, err);
    }
    *to = value;
    return STATUS_OK;
}

static bool same_scale(const struct table_reader *reader, const struct table_scale *scale,
                       struct slice name)
{
    bool same = slice_is(name, scale->name == NULL ? "" : scale->name) &&
                scale->count == reader->gathered_count;
    for (size_t b = 0; same && b < scale->count; b++) {
        const struct table_band *x = &scale->band[b], *y = &reader->gathered[b];
        same = slice_equal(x->name, y->name) && x->low == y->low && x->high == y->high;
    }
    return same;
}

/* The group's scale, kept for the groups behind it: a table has few of them. */
static enum status know_scale(struct table_reader *reader, struct error *err)
{
    const struct table_names *names = &reader->layout.names;
    struct slice name = names->scale ? reader->raw.key[names->by_count] : SLICE_MISSING;
    if (slice_missing(name))
        name = SLICE_LITERAL("");
    for (size_t i = 0; i < reader->place_count; i++) {
        if (same_scale(reader, reader->places[i].scale, name)) {
            reader->raw.scale = reader->places[i].scale;
            return STATUS_OK;
        }
    }
    if (reader->place_count >= BANDS_MAX)
        return error_set(err, STATUS_DATA, "more than %d scales", (int)BANDS_MAX);
    struct table_places *more = arena_calloc(&reader->arena, reader->place_count + 1, sizeof *more);
    const char *kept = arena_copy(&reader->arena, name.data, name.len);
    if (more == NULL || kept == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    for (size_t b = 0; s == STATUS_OK && b < reader->gathered_count; b++)
        s = keep(&reader->arena, reader->gathered[b].name, &reader->gathered[b].name, err);
    if (s == STATUS_OK)
        s = table_scales_make(&reader->arena, name.len == 0 ? NULL : kept, reader->gathered,
                              reader->gathered_count, &reader->raw.scale, err);
    if (s != STATUS_OK)
        return s;
    if (reader->place_count > 0)
        memcpy(more, reader->places, reader->place_count * sizeof *more);
    more[reader->place_count++] = (struct table_places){reader->raw.scale, NULL};
    reader->places = more;
    return STATUS_OK;
}

static enum status end_group(struct table_reader *reader, struct error *err)
{
    struct table_raw *raw = &reader->raw;
    size_t counts = 0, weights = 0, n = reader->gathered_count;
    for (size_t b = 0; b < n; b++) {
        counts += isnan(reader->room[0][b]) ? 0 : 1;
        weights += isnan(reader->room[1][b]) ? 0 : 1;
    }
    raw->scale = NULL;
    raw->counts = raw->weights = NULL;
    if (n == 0)
        return STATUS_OK;
    bool weighted = weights > 0 || !isnan(raw->figure[TABLE_WEIGHTED]);
    enum status s = STATUS_OK;
    if (counts < n || (weighted && weights < n))
        s = error_set(err, STATUS_DATA,
                      "rows of this group are missing: each band has one for its count%s; the rows "
                      "of a group stand together",
                      weighted ? " and one for its weight" : "");
    if (s == STATUS_OK)
        s = know_scale(reader, err);
    if (s != STATUS_OK) {
        error_at(err, raw->file, raw->line, 0);
        return s;
    }
    raw->counts = reader->room[0];
    raw->weights = weighted ? reader->room[1] : NULL;
    return STATUS_OK;
}

enum status table_long_next(struct table_reader *reader, bool *end, struct error *err)
{
    enum status s = STATUS_OK;
    *end = false;
    if (!reader->pending_known)
        s = table_rows_next(reader->rows, &reader->pending, err);
    if (s != STATUS_OK)
        return s;
    *end = reader->pending.cells == NULL;
    if (*end)
        return STATUS_OK;
    s = begin_group(reader, &reader->pending, err);
    while (s == STATUS_OK) {
        s = take_row(reader, &reader->pending, err);
        if (s == STATUS_OK)
            s = table_rows_next(reader->rows, &reader->pending, err);
        if (s == STATUS_OK &&
            (reader->pending.cells == NULL || !same_key(reader, &reader->pending)))
            break;
    }
    reader->pending_known = s == STATUS_OK;
    return s == STATUS_OK ? end_group(reader, err) : s;
}
