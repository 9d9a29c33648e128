#include "records/stream_rows.h"

#include "base/text.h"
#include "base/utf8.h"
#include "records/escape.h"
#include "records/stream_header.h"

/* As they stand. */
static void read_raw(const struct source_rows *rows, size_t column, const uint32_t *row_of,
                     size_t count, struct slice *cells)
{
    for (size_t i = 0; i < count; i++)
        cells[i] = source_rows_cell(rows, row_of == NULL ? i : row_of[i], column);
}

/* Cells in which escapes are looked for. */
static bool read_unlisted(struct arena *arena, size_t count, struct slice *cells)
{
    bool no_memory = false;
    for (size_t i = 0; i < count; i++)
        cells[i] = escape_read(arena, cells[i], &no_memory);
    return !no_memory;
}

static bool read_column(const struct source_rows *rows, size_t column, const uint32_t *row_of,
                        size_t count, struct arena *arena, struct slice *cells)
{
    bool no_memory = false;
    size_t next = 0; /* of the list of escapes */
    read_raw(rows, column, row_of, count, cells);
    if ((rows->escaped_columns >> (column & 63) & 1) == 0)
        return true;
    if (!rows->escapes_listed)
        return read_unlisted(arena, count, cells);
    for (size_t i = 0; i < count; i++) {
        const size_t from = (size_t)(cells[i].data - rows->bytes);
        while (next < rows->escape_count && rows->escapes[next] < from)
            next++;
        if (next < rows->escape_count && rows->escapes[next] < from + cells[i].len)
            cells[i] = escape_read(arena, cells[i], &no_memory);
    }
    return !no_memory;
}

static struct slice read_value(const struct source_rows *rows, struct slice cell, size_t column,
                               size_t *next, struct arena *arena, bool *no_memory)
{
    (void)rows;
    (void)column;
    (void)next;
    return escape_read(arena, cell, no_memory);
}

static const struct row_form stream_form = {
    .read = read_column, .value = read_value, .stream = true};

void stream_rows_take(struct batch *batch, const struct line_scan *scan)
{
    struct source_rows *rows = &batch->rows;
    batch->record_count = scan->lines;
    /* A line may be too long only where the text is. */
    if (!scan->regular || scan->end > STREAM_LINE_MAX) {
        source_rows_clear(rows);
        return;
    }
    rows->form = &stream_form;
    rows->columns = scan->columns;
    rows->count = scan->lines;
    /* The scan may have gone on behind the last record. */
    while (rows->escape_count > 0 && rows->escapes[rows->escape_count - 1] >= scan->end)
        rows->escape_count--;
}

static size_t count_cells(const char *line, const char *end)
{
    size_t cells = 1;
    for (; line < end; line++)
        cells += *line == '\t';
    return cells;
}

/* Unescaped, the line is longer than a record may be. */
static bool too_long(const char *line, const char *end)
{
    size_t len = (size_t)(end - line);
    if (len <= STREAM_LINE_MAX)
        return false;
    for (const char *p = line; (p = memchr(p, '\\', (size_t)(end - p))) != NULL && end - p > 1;
         p += 2)
        len--;
    return len > STREAM_LINE_MAX;
}

/* The borders of all lines.  One with another number of cells than `columns`, or that is too
 * long, is an error. */
static enum status find_borders(struct batch *batch, size_t columns, struct error *err)
{
    struct source_rows *rows = &batch->rows;
    const char *p = batch->bytes.data;
    const char *end = p + batch->bytes.len;
    uint32_t *to = rows->borders;
    for (size_t record = 0; p < end; record++) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        unsigned long long number = batch->first + record;
        if (too_long(p, lf))
            return error_set(err, STATUS_DAMAGED, "record %llu is over 16 MiB long", number);
        size_t cells = count_cells(p, lf);
        if (cells != columns)
            return error_set(err, STATUS_DAMAGED, "record %llu has %zu cells instead of %zu",
                             number, cells, columns);
        for (const char *tab = p; (tab = memchr(tab, '\t', (size_t)(lf - tab))) != NULL; tab++)
            *to++ = (uint32_t)(tab - batch->bytes.data);
        *to++ = (uint32_t)(lf - batch->bytes.data);
        p = lf + 1;
    }
    return STATUS_OK;
}

/* What the scan does, line by line and with a message for all that is wrong. */
static enum status read_lines(struct batch *batch, size_t columns, struct error *err)
{
    struct source_rows *rows = &batch->rows;
    const char *text = batch->bytes.data;
    const size_t len = batch->bytes.len;
    if (memchr(text, '\0', len) != NULL || memchr(text, '\r', len) != NULL)
        return error_set(err, STATUS_DAMAGED,
                         "records %llu to %llu: a raw NUL or carriage return in the record stream",
                         (unsigned long long)batch->first,
                         (unsigned long long)(batch->first + batch->record_count - 1));
    /* A line of n cells has n bytes at least: no more borders than bytes. */
    size_t most = batch->record_count > len / columns ? len : batch->record_count * columns;
    if (!source_rows_reserve(rows, most))
        return error_no_memory(err);
    enum status s = find_borders(batch, columns, err);
    rows->form = &stream_form;
    rows->columns = columns;
    rows->count = batch->record_count;
    rows->escapes_numbered = true;
    rows->escaped_columns = ~UINT64_C(0);
    return s;
}

static bool numbered(char behind)
{
    return behind == 'x' || (behind >= '0' && behind <= '7');
}

/* An escape by number stands in the bytes: the only kind that can make a NUL or break UTF-8. */
static bool has_numbered_escape(struct slice bytes)
{
    const char *end = bytes.data + bytes.len;
    for (const char *p = bytes.data;
         (p = memchr(p, '\\', (size_t)(end - p))) != NULL && end - p > 1; p += 2)
        if (numbered(p[1]))
            return true;
    return false;
}

static enum status check_numbered_escapes(struct batch *batch, struct error *err)
{
    const struct source_rows *rows = &batch->rows;
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t c = 0; c < rows->columns; c++) {
            struct slice cell = source_rows_cell(rows, i, c);
            if (cell.len == 0 || !has_numbered_escape(cell))
                continue;
            bool no_memory = false;
            struct slice text = escape_read(&batch->arena, cell, &no_memory);
            if (no_memory)
                return error_no_memory(err);
            char shown[TEXT_ESCAPED_MAX];
            if (!utf8_valid(text) || memchr(text.data, '\0', text.len) != NULL)
                return error_set(err, STATUS_DAMAGED,
                                 "record %llu: the escapes of '%s' make a NUL or no UTF-8",
                                 (unsigned long long)(batch->first + i), text_escape(shown, cell));
        }
    }
    return STATUS_OK;
}

enum status stream_rows_finish(struct batch *batch, size_t columns, struct error *err)
{
    struct source_rows *rows = &batch->rows;
    const struct slice text = {batch->bytes.data, batch->bytes.len};
    enum status s = STATUS_OK;
    if (rows->form == NULL)
        s = read_lines(batch, columns, err);
    if (s != STATUS_OK)
        return s;
    rows->bytes = text.data;
    if (rows->escapes_numbered && has_numbered_escape(text))
        s = check_numbered_escapes(batch, err);
    return s == STATUS_OK ? batch_shape_rows(batch, err) : s;
}

enum status stream_parse_lines(struct batch *batch, size_t columns, struct error *err)
{
    struct line_scan scan;
    line_scan_begin(&scan, &batch->rows, columns);
    enum status s = line_scan(&scan, &batch->rows, batch->bytes.data, batch->bytes.len, err);
    if (s != STATUS_OK)
        return s;
    stream_rows_take(batch, &scan);
    return stream_rows_finish(batch, columns, err);
}
