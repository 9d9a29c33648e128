#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "tables/table_reader_parts.h"

/* ---- what the ways of reading share ---- */

enum status table_cell_number(const struct table_row_cells *row, size_t column, double *value,
                              struct error *err)
{
    struct slice cell = row->cells[column];
    char shown[TEXT_ESCAPED_MAX];
    *value = (double)NAN;
    if (slice_missing(cell) || double_parse(cell, value))
        return STATUS_OK;
    (void)error_set(err, STATUS_DATA, "'%s' is not a number", text_escape(shown, cell));
    error_at(err, row->file, row->line, column + 1);
    return STATUS_DATA;
}

bool table_scale_named(const struct table_reader *reader)
{
    return reader->options.scale != NULL && !reader->options.scale_if_needed;
}

bool table_status_withheld(struct slice status)
{
    for (size_t i = 0; i < status.len; i++) {
        bool begins = i == 0 || status.data[i - 1] == ' ';
        bool ends = i + 1 == status.len || status.data[i + 1] == ' ';
        if (status.data[i] == 'c' && begins && ends)
            return true;
    }
    return false;
}

enum status table_room(struct table_reader *reader, size_t bands, struct error *err)
{
    if (bands <= reader->band_cap && reader->gathered != NULL)
        return STATUS_OK;
    size_t cap = reader->band_cap == 0 ? 16 : reader->band_cap;
    while (cap < bands)
        cap *= 2;
    for (size_t i = 0; i < 2; i++) {
        double *room = realloc(reader->room[i], cap * sizeof *room);
        if (room == NULL)
            return error_no_memory(err);
        reader->room[i] = room;
    }
    struct table_band *gathered = realloc(reader->gathered, cap * sizeof *gathered);
    if (gathered == NULL)
        return error_no_memory(err);
    reader->gathered = gathered;
    reader->band_cap = cap;
    return STATUS_OK;
}

bool table_group_small(const struct table_group *group, uint64_t min_cell)
{
    const double least = (double)min_cell;
    bool small = group->scored < least;
    for (size_t b = 0; b < group->bands; b++)
        small = small || (group->counts[b] > 0 && group->counts[b] < least);
    return small;
}

/* ---- opening ---- */

static enum status study_bands(struct table_reader *reader, struct error *err)
{
    const struct study *study = reader->options.study;
    reader->scales.study = study;
    reader->scales.bands = reader->options.bands;
    if (study == NULL || reader->options.bands != NULL)
        return STATUS_OK;
    const struct node *node = node_given(study_section(study, "aggregate"), "bands");
    reader->scales.bands = &reader->bands;
    return bands_read(node, &reader->arena, &reader->bands, err);
}

static enum status understand_csv(struct table_reader *reader, struct error *err)
{
    size_t count = 0;
    const struct slice *header = table_rows_header(reader->rows, &count);
    enum status s = table_layout_read(&reader->layout, header, count, &reader->arena, err);
    if (s == STATUS_OK && reader->layout.long_layout && table_scale_named(reader))
        s = error_set(err, STATUS_USAGE,
                      "a table in the long layout says its scale itself, so none is to be named");
    if (s == STATUS_OK && !reader->layout.long_layout)
        s = table_wide_open(reader, err);
    if (s != STATUS_OK)
        error_at(err, table_rows_file(reader->rows), 1, 0);
    reader->names = reader->layout.names;
    return s;
}

static bool list_names(struct buffer *out, const char *const *names, size_t count)
{
    char shown[TEXT_ESCAPED_MAX];
    bool ok = count > 0 || buffer_append_text(out, "none");
    for (size_t i = 0; ok && i < count; i++)
        ok =
            buffer_appendf(out, "%s%s", i == 0 ? "" : ", ", text_escape(shown, slice_of(names[i])));
    return ok;
}

/* A population that was given must be one of the table. */
static enum status other_groups(const struct table_reader *reader, struct error *err)
{
    const struct population *p = reader->options.population;
    struct buffer theirs = BUFFER_INIT, ours = BUFFER_INIT;
    enum status s = error_no_memory(err);
    if (list_names(&theirs, p->by, p->by_count) &&
        list_names(&ours, reader->names.names, reader->names.by_count))
        s = error_set(err, STATUS_USAGE,
                      "the groups of the population (%.200s) are not those of the table (%.200s)%s",
                      theirs.data, ours.data,
                      reader->names.by_count == 0 ? "; a table without groups needs its total"
                                                  : "");
    buffer_free(&theirs);
    buffer_free(&ours);
    return s;
}

static enum status fit_population(struct table_reader *reader, struct error *err)
{
    const struct table_names *names = &reader->names;
    bool given = reader->options.population != NULL;
    if (!given && reader->partials != NULL && !names->window)
        reader->options.population = reader->options.partials_population;
    const struct population *p = reader->options.population;
    if (p == NULL)
        return STATUS_OK;
    size_t *map = arena_calloc(&reader->arena, p->by_count + 1, sizeof *map);
    if (map == NULL)
        return error_no_memory(err);
    if (population_fits(p, names->names, names->by_count, map))
        reader->population_map = map;
    reader->population_total = names->by_count == 0;
    bool fits = reader->population_map != NULL || p->by_count == 0 ||
                (reader->population_total && p->total > 0);
    return given && !fits ? other_groups(reader, err) : STATUS_OK;
}

/* Either a stream that was begun, or rows. */
static enum status open_any(struct table_reader *reader, struct table_begun *stream,
                            const char *const *paths, size_t path_count, struct error *err)
{
    enum status s = study_bands(reader, err);
    if (s != STATUS_OK && stream != NULL)
        input_close(stream->input);
    if (s == STATUS_OK)
        s = stream != NULL ? table_partials_open(reader, stream, paths, path_count, err)
                           : understand_csv(reader, err);
    if (s != STATUS_OK)
        return s;
    reader->raw.key =
        arena_calloc(&reader->arena, reader->names.count + 1, sizeof *reader->raw.key);
    if (reader->raw.key == NULL)
        return error_no_memory(err);
    s = table_room(reader, 1, err);
    return s == STATUS_OK ? fit_population(reader, err) : s;
}

static enum status open_reader(struct table_reader **reader, struct table_rows *rows,
                               struct table_begun *stream, const char *const *paths,
                               size_t path_count, const struct table_reader_options *options,
                               struct error *err)
{
    struct table_reader *made = calloc(1, sizeof *made);
    if (made == NULL) {
        table_rows_free(rows);
        if (stream != NULL)
            input_close(stream->input);
        return error_no_memory(err);
    }
    made->options = *options;
    made->rows = rows;
    enum status s = open_any(made, stream, paths, path_count, err);
    if (s != STATUS_OK) {
        table_reader_free(made);
        return s;
    }
    *reader = made;
    return STATUS_OK;
}

enum status table_reader_open_rows(struct table_reader **reader, struct table_rows *rows,
                                   const struct table_reader_options *options, struct error *err)
{
    return open_reader(reader, rows, NULL, NULL, 0, options, err);
}

enum status table_reader_open(struct table_reader **reader, const char *const *paths,
                              size_t path_count, const struct table_reader_options *options,
                              struct error *err)
{
    static const char *const standard_input[] = {"-"};
    struct table_begun begun;
    if (path_count == 0) {
        paths = standard_input;
        path_count = 1;
    }
    enum status s = table_rows_begin(&begun, paths[0], err);
    if (s == STATUS_OK && begun.stream)
        return open_reader(reader, NULL, &begun, paths, path_count, options, err);
    struct table_rows *rows = NULL;
    if (s == STATUS_OK)
        s = table_rows_open(&rows, &begun, paths, path_count, err);
    return s == STATUS_OK ? table_reader_open_rows(reader, rows, options, err) : s;
}

const struct table_names *table_reader_names(const struct table_reader *reader)
{
    return &reader->names;
}

bool table_reader_from_partials(const struct table_reader *reader)
{
    return reader->partials != NULL;
}

/* ---- reading ---- */

enum status table_reader_next(struct table_reader *reader, const struct table_group **group,
                              struct error *err)
{
    bool end = false;
    *group = NULL;
    reader->raw.scale = NULL;
    reader->raw.counts = reader->raw.weights = NULL;
    enum status s = reader->partials != NULL     ? table_partials_next(reader, &end, err)
                    : reader->layout.long_layout ? table_long_next(reader, &end, err)
                                                 : table_wide_next(reader, &end, err);
    if (s != STATUS_OK || end)
        return s;
    s = table_checked(reader, err);
    if (s == STATUS_OK)
        *group = &reader->group;
    return s;
}

void table_reader_free(struct table_reader *reader)
{
    if (reader == NULL)
        return;
    table_rows_free(reader->rows);
    table_partials_free(reader->partials);
    table_scales_free(&reader->scales);
    free(reader->room[0]);
    free(reader->room[1]);
    free(reader->gathered);
    arena_free(&reader->texts);
    arena_free(&reader->arena);
    free(reader);
}
