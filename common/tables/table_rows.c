#include "tables/table_rows.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/utf8.h"
#include "records/csv_reader.h"

enum { CHUNK = 64 * 1024 };

struct queued {
    struct slice *cells;
    uint64_t line;
};

struct table_rows {
    const char *const *paths;
    size_t path_count;
    size_t next_path;
    struct input *input;
    const char *file; /* of the rows in the queue */
    struct csv_reader *reader;
    bool header_seen; /* of this file */
    struct slice *header;
    size_t column_count;
    struct queued *queue;
    size_t queue_count;
    size_t queue_cap;
    size_t queue_at;
    enum status failed; /* what is told once the queue is empty */
    struct error failure;
    struct arena names; /* header, names of files */
    struct arena cells; /* of the queue */
    char chunk[CHUNK];
};

enum status table_rows_begin(struct table_begun *begun, const char *path, struct error *err)
{
    *begun = (struct table_begun){.input = NULL};
    enum status s = input_open(&begun->input, path, INPUT_DEFAULT, err);
    size_t got = 1;
    while (s == STATUS_OK && got > 0 && begun->length < TABLE_HEAD) {
        s = input_read(begun->input, begun->head + begun->length, TABLE_HEAD - begun->length, &got,
                       err);
        begun->length += s == STATUS_OK ? got : 0;
    }
    if (s != STATUS_OK) {
        input_close(begun->input);
        begun->input = NULL;
        return s;
    }
    begun->stream = begun->length == TABLE_HEAD && memcmp(begun->head, "#bell", TABLE_HEAD) == 0;
    return STATUS_OK;
}

/* ---- records of the CSV reader ---- */

static enum status fault(struct table_rows *rows, uint64_t line, uint64_t column, struct error *err)
{
    error_at(err, rows->file, line, column);
    return STATUS_DATA;
}

static enum status check_record(struct table_rows *rows, const struct csv_record *record,
                                struct error *err)
{
    if (record->code != NULL) {
        (void)error_set(err, STATUS_DATA, "%s", record->reason);
        return fault(rows, record->line, record->column, err);
    }
    for (size_t i = 0; i < record->field_count; i++) {
        if (!utf8_valid(record->fields[i])) {
            (void)error_set(err, STATUS_DATA, "the text is not UTF-8");
            return fault(rows, record->line, i + 1, err);
        }
    }
    if (rows->header_seen && record->field_count != rows->column_count) {
        (void)error_set(err, STATUS_DATA, "%zu fields, but the header has %zu", record->field_count,
                        rows->column_count);
        return fault(rows, record->line, 0, err);
    }
    return STATUS_OK;
}

static struct slice *copy_cells(struct arena *arena, const struct csv_record *record)
{
    struct slice *cells = arena_calloc(arena, record->field_count + 1, sizeof *cells);
    for (size_t i = 0; cells != NULL && i < record->field_count; i++) {
        struct slice field = record->fields[i];
        if (field.len == 0)
            continue;
        cells[i] = (struct slice){arena_copy(arena, field.data, field.len), field.len};
        if (cells[i].data == NULL)
            return NULL;
    }
    return cells;
}

static enum status compare_header(struct table_rows *rows, const struct csv_record *record,
                                  struct error *err)
{
    bool same = record->field_count == rows->column_count;
    for (size_t i = 0; same && i < record->field_count; i++) {
        struct slice field = record->fields[i].len == 0 ? SLICE_MISSING : record->fields[i];
        same = slice_equal(field, rows->header[i]);
    }
    if (same)
        return STATUS_OK;
    (void)error_set(err, STATUS_DATA,
                    "the header is not that of %.200s; tables that are read "
                    "together have the same columns",
                    rows->paths[0]);
    return fault(rows, record->line, 0, err);
}

static enum status take_header(struct table_rows *rows, const struct csv_record *record,
                               struct error *err)
{
    rows->header_seen = true;
    if (rows->header != NULL)
        return compare_header(rows, record, err);
    rows->header = copy_cells(&rows->names, record);
    if (rows->header == NULL)
        return error_no_memory(err);
    rows->column_count = record->field_count;
    csv_reader_set_one_column(rows->reader, rows->column_count == 1);
    for (size_t i = 0; i < rows->column_count; i++) {
        for (size_t k = 0; k < i; k++) {
            char shown[TEXT_ESCAPED_MAX];
            if (!slice_equal(rows->header[i], rows->header[k]))
                continue;
            (void)error_set(err, STATUS_DATA, "two columns are called '%s'",
                            text_escape(shown, record->fields[i]));
            return fault(rows, record->line, i + 1, err);
        }
    }
    return STATUS_OK;
}

static enum status take(void *ctx, const struct csv_record *record, struct error *err)
{
    struct table_rows *rows = ctx;
    enum status s = check_record(rows, record, err);
    if (s != STATUS_OK)
        return s;
    if (!rows->header_seen)
        return take_header(rows, record, err);
    if (rows->queue_count == rows->queue_cap) {
        size_t cap = rows->queue_cap == 0 ? 256 : rows->queue_cap * 2;
        struct queued *queue = realloc(rows->queue, cap * sizeof *queue);
        if (queue == NULL)
            return error_no_memory(err);
        rows->queue = queue;
        rows->queue_cap = cap;
    }
    struct queued *row = &rows->queue[rows->queue_count];
    row->line = record->line;
    row->cells = copy_cells(&rows->cells, record);
    if (row->cells == NULL)
        return error_no_memory(err);
    rows->queue_count++;
    return STATUS_OK;
}

/* ---- files ---- */

/* The bytes that were read already stand at the front of the chunk. */
static enum status begin_file(struct table_rows *rows, struct table_begun *begun, struct error *err)
{
    static const struct csv_dialect dialect = CSV_DIALECT_CSV;
    rows->input = begun->input;
    begun->input = NULL;
    rows->header_seen = false;
    const char *name = input_name(rows->input);
    rows->file = arena_copy(&rows->names, name, strlen(name));
    if (rows->file == NULL)
        return error_no_memory(err);
    enum status s = csv_reader_new(&dialect, take, rows, &rows->reader, err);
    if (s != STATUS_OK)
        return s;
    csv_reader_set_one_column(rows->reader, rows->column_count == 1);
    size_t mark = begun->length >= 3 && memcmp(begun->head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    csv_reader_start_at(rows->reader, 1, mark);
    return csv_reader_feed(rows->reader, begun->head + mark, begun->length - mark, err);
}

static enum status open_next(struct table_rows *rows, struct error *err)
{
    struct table_begun begun;
    enum status s = table_rows_begin(&begun, rows->paths[rows->next_path++], err);
    return s == STATUS_OK ? begin_file(rows, &begun, err) : s;
}

static enum status end_file(struct table_rows *rows, struct error *err)
{
    enum status s = csv_reader_finish(rows->reader, err);
    csv_reader_free(rows->reader);
    rows->reader = NULL;
    input_close(rows->input);
    rows->input = NULL;
    if (s == STATUS_OK && !rows->header_seen) {
        (void)error_set(err, STATUS_DATA, "empty; a table begins with a header line");
        return fault(rows, 0, 0, err);
    }
    return s;
}

/* Reads on until there is a row, the header (if that is wanted), or nothing more. */
static enum status fill(struct table_rows *rows, bool header, struct error *err)
{
    rows->queue_count = rows->queue_at = 0;
    arena_reset(&rows->cells);
    enum status s = STATUS_OK;
    while (s == STATUS_OK && rows->queue_count == 0 && !(header && rows->header_seen)) {
        size_t got = 0;
        if (rows->input == NULL && rows->next_path == rows->path_count)
            break;
        if (rows->input == NULL) {
            s = open_next(rows, err);
            continue;
        }
        s = input_read(rows->input, rows->chunk, CHUNK, &got, err);
        if (s == STATUS_OK)
            s = got == 0 ? end_file(rows, err)
                         : csv_reader_feed(rows->reader, rows->chunk, got, err);
    }
    return s;
}

/* ---- the calls ---- */

enum status table_rows_open(struct table_rows **rows, struct table_begun *begun,
                            const char *const *paths, size_t path_count, struct error *err)
{
    struct table_rows *made = calloc(1, sizeof *made);
    if (made == NULL) {
        input_close(begun->input);
        return error_no_memory(err);
    }
    made->paths = paths;
    made->path_count = path_count;
    made->next_path = 1;
    enum status s = begin_file(made, begun, err);
    if (s == STATUS_OK && !made->header_seen)
        s = fill(made, true, err);
    if (s != STATUS_OK && made->queue_count > 0) { /* rows first, as they stand in the file */
        made->failed = s;
        if (err != NULL)
            made->failure = *err;
        s = STATUS_OK;
    }
    if (s != STATUS_OK) {
        table_rows_free(made);
        return s;
    }
    *rows = made;
    return STATUS_OK;
}

const struct slice *table_rows_header(const struct table_rows *rows, size_t *count)
{
    *count = rows->column_count;
    return rows->header;
}

const char *table_rows_file(const struct table_rows *rows)
{
    return rows->file;
}

enum status table_rows_next(struct table_rows *rows, struct table_row_cells *row, struct error *err)
{
    *row = (struct table_row_cells){.cells = NULL};
    if (rows->queue_at == rows->queue_count && rows->failed == STATUS_OK) {
        rows->failed = fill(rows, false, &rows->failure);
    }
    if (rows->queue_at < rows->queue_count) {
        const struct queued *next = &rows->queue[rows->queue_at++];
        *row = (struct table_row_cells){next->cells, rows->column_count, rows->file, next->line};
        return STATUS_OK;
    }
    if (rows->failed != STATUS_OK && err != NULL)
        *err = rows->failure;
    return rows->failed;
}

void table_rows_free(struct table_rows *rows)
{
    if (rows == NULL)
        return;
    csv_reader_free(rows->reader);
    input_close(rows->input);
    free(rows->queue);
    arena_free(&rows->names);
    arena_free(&rows->cells);
    free(rows);
}
