#include "records/csv_source_parts.h"

#include "base/utf8.h"

/* One record of the piece: where it lies in it, and its borders. */
struct regular {
    size_t start;
    size_t end; /* its LF included */
    const uint32_t *borders;
    size_t count;
};

/* Has each record the header's number of fields? */
static bool even(const struct csv_source *source, const char *data)
{
    const struct csv_index *index = &source->index;
    const size_t columns = source->column_count;
    if (index->count != index->records * columns)
        return false;
    for (size_t i = columns - 1; i < index->count; i += columns)
        if (data[index->positions[i]] != '\n')
            return false;
    return true;
}

static bool add_cells(struct csv_source *source, const char *data, const struct regular *record)
{
    const bool quotes = source->index.quoted && source->options.dialect.quoting != CSV_QUOTING_NONE;
    struct slice *cells = source->cells + source->cell_count;
    size_t start = record->start;
    for (size_t i = 0; i < record->count; i++) {
        size_t border = record->borders[i];
        struct slice raw = {data + start, border - start};
        if (i + 1 == record->count && raw.len > 0 && raw.data[raw.len - 1] == '\r')
            raw.len--;
        if (!csv_field_text(raw, quotes, &source->batch.arena, &cells[i]))
            return false;
        start = border + 1;
    }
    source->cell_count += record->count;
    return true;
}

static size_t count_lines(const char *data, size_t len)
{
    size_t lines = 0;
    const char *end = data + len;
    for (const char *p = data; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    return lines;
}

/* data: the piece's copy in the batch. */
static enum status add_rows(struct csv_source *source, const char *data, struct error *err)
{
    const struct csv_index *index = &source->index;
    const size_t columns = source->column_count;
    uint64_t line = csv_reader_line(source->reader);
    const uint64_t offset = csv_reader_offset(source->reader);
    struct regular record = {.end = 0, .borders = index->positions, .count = columns};
    for (size_t r = 0; r < index->records; r++, record.borders += columns) {
        record.start = record.end;
        record.end = (size_t)record.borders[columns - 1] + 1;
        const size_t len = record.end - record.start;
        enum status s = csv_source_make_room(source, columns, err);
        if (s != STATUS_OK)
            return s;
        struct row *row = &source->rows[source->row_count];
        *row = (struct row){
            .origin = {line, offset + record.start, len, (uint32_t)source->file},
            .first = source->cell_count,
            .count = columns,
            .raw = source->batch.bytes.len,
        };
        if (source->options.keep_raw) {
            if (!buffer_append(&source->batch.bytes, data + record.start, len))
                return error_no_memory(err);
            row->raw_len = len;
        }
        if (!add_cells(source, data, &record))
            return error_no_memory(err);
        source->row_count++;
        line += index->lines == index->records ? 1 : count_lines(data + record.start, len);
    }
    source->counts.in += index->records;
    source->batch_bytes += index->end;
    return STATUS_OK;
}

enum status csv_source_take_regular(struct csv_source *source, const char *data, size_t len,
                                    size_t *used, struct error *err)
{
    const struct csv_dialect *dialect = &source->options.dialect;
    const struct csv_index *index = &source->index;
    *used = 0;
    enum status s = csv_scan(data, len, dialect->delimiter, dialect->quoting != CSV_QUOTING_NONE,
                             &source->index, err);
    if (s != STATUS_OK || index->end == 0 || !index->regular || !even(source, data) ||
        !utf8_valid((struct slice){data, index->end}))
        return s;
    const char *copy = arena_copy(&source->batch.arena, data, index->end);
    if (copy == NULL)
        return error_no_memory(err);
    s = add_rows(source, copy, err);
    if (s == STATUS_OK)
        *used = index->end;
    return s;
}
