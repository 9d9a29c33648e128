/* csv_source_rows.c - rows of regular text, left where they are until cells are asked for. */
#include "records/csv_source_parts.h"

#include "base/utf8.h"

/* A shorter stretch of rows before an oddity is not worth a batch of its own. */
enum { ROWS_MIN = 16 * 1024 };

/* ---- finding them (fill) ---- */

/* Has each record the header's number of fields? */
static bool even(const struct csv_source *source, const struct csv_index *index)
{
    const size_t columns = source->column_count;
    const char *data = source->text.data;
    if (index->count != index->records * columns)
        return false;
    for (size_t i = columns - 1; i < index->count; i += columns)
        if (data[index->positions[i]] != '\n')
            return false;
    return true;
}

static bool read_column(const struct source_rows *rows, size_t column, const uint32_t *row_of,
                        size_t count, struct arena *arena, struct slice *cells);

static struct slice read_value(const struct source_rows *rows, struct slice cell, size_t column,
                               size_t *next, struct arena *arena, bool *no_memory);

static const struct row_form csv_form = {
    .read = read_column, .value = read_value, .stream = false, .mark = '"'};

/* The batch gets the index' memory, and the index the batch's. */
static void hand_over(struct csv_source *source, size_t first)
{
    struct csv_index *index = &source->taken.index;
    struct batch *batch = source->gather.batch;
    const struct source_rows old = batch->rows;
    batch->rows = (struct source_rows){
        .form = &csv_form,
        .bytes = batch->bytes.data,
        .first = first,
        .borders = index->positions,
        .border_front = index->front,
        .border_cap = index->cap,
        .columns = source->column_count,
        .count = index->records,
        .doubled = index->doubled,
        .doubled_count = index->doubled_count,
        .doubled_cap = index->doubled_cap,
        .quoted = index->quoted,
        .line = csv_reader_line(source->reader),
        .offset = csv_reader_offset(source->reader),
        .lines = index->lines,
    };
    *index = (struct csv_index){
        .positions = old.borders,
        .front = old.border_front,
        .cap = old.border_cap,
        .doubled = old.doubled,
        .doubled_cap = old.doubled_cap,
    };
}

/* The batch gets the text up to `end`, and the source keeps what follows. */
static enum status split_text(struct csv_source *source, size_t end, struct error *err)
{
    struct batch *batch = source->gather.batch;
    struct slice rest = {source->text.data + end, source->text.len - end};
    buffer_clear(&batch->bytes);
    if (!buffer_append_slice(&batch->bytes, rest))
        return error_no_memory(err);
    struct buffer text = source->text;
    source->text = batch->bytes;
    source->text_done = 0;
    batch->bytes = text;
    batch->bytes.len = end;
    return STATUS_OK;
}

/* What the index says of the text behind its last record. */
static void keep_rest(struct csv_source *source)
{
    const struct csv_index *index = &source->taken.index;
    struct csv_rest *rest = &source->rest;
    rest->known = index->regular && index->behind <= CSV_INDEX_FRONT && index->doubled_behind == 0;
    rest->inside = index->inside;
    rest->count = index->behind;
    for (size_t i = 0; rest->known && i < rest->count; i++)
        rest->borders[i] = index->positions[index->count + i] - (uint32_t)index->end;
}

void csv_source_use_index(struct csv_source *source)
{
    const struct csv_taken *taken = &source->taken;
    const struct csv_rest *rest = &source->rest;
    struct csv_index *index = &source->taken.index;
    const bool quotes = csv_dialect_quotes(&source->options.dialect);
    const bool known = rest->known && !source->indexed && taken->from >= source->text_done;
    source->rest.known = false;
    source->indexed = false;
    if (!known)
        return;
    const struct slice left = {source->text.data + source->text_done,
                               taken->from - source->text_done};
    if (rest->inside != taken->place.inside)
        csv_ahead_turn(&source->ahead);
    if (!taken->scanned || rest->inside != taken->place.inside || !index->regular ||
        index->end == 0 || (left.len > 0 && left.data[left.len - 1] != taken->place.before))
        return;
    index->positions -= rest->count;
    index->front -= rest->count;
    index->count += rest->count;
    for (size_t i = 0; i < rest->count; i++)
        index->positions[i] = rest->borders[i] + (uint32_t)source->text_done;
    for (size_t i = 0; i < left.len; i++) {
        index->lines += left.data[i] == '\n';
        index->quoted = index->quoted || (quotes && left.data[i] == '"');
    }
    source->indexed = true;
    source->used_ahead++;
}

static enum status index_text(struct csv_source *source, struct error *err)
{
    const struct csv_text text = {.data = source->text.data,
                                  .from = source->text_done,
                                  .len = source->text.len,
                                  .delimiter = source->options.dialect.delimiter,
                                  .quotes = csv_dialect_quotes(&source->options.dialect),
                                  .start = CSV_PLACE_START};
    return source->indexed ? STATUS_OK : csv_scan_text(&text, &source->taken.index, err);
}

enum status csv_source_take_rows(struct csv_source *source, bool *taken, struct error *err)
{
    const struct csv_index *index = &source->taken.index;
    const size_t from = source->text_done;
    *taken = false;
    if (source->text.len == from)
        return STATUS_OK;
    enum status s = index_text(source, err);
    source->indexed = false;
    source->rest.known = false;
    if (s != STATUS_OK || index->end == 0)
        return s;
    const size_t size = index->end - from;
    if ((!index->regular && size < ROWS_MIN) || !even(source, index))
        return s;
    /* What was converted may hold marks of bad bytes, whose message names the encoding. */
    if (encoding_converts(source->encoding) &&
        !utf8_valid((struct slice){source->text.data + from, size}))
        return STATUS_OK;
    s = split_text(source, index->end, err);
    if (s != STATUS_OK)
        return s;
    const size_t lines = index->lines;
    keep_rest(source);
    hand_over(source, from);
    source->gather.batch->record_count = source->gather.batch->rows.count;
    csv_reader_pass(source->reader, lines, size);
    source->decoded += size;
    *taken = true;
    return STATUS_OK;
}

/* ---- their cells (parse, and whoever asks) ---- */

/* Quotes off; doubled ones made one.  at: the next entry of rows->doubled, which goes on. */
static inline bool unquote(const struct source_rows *rows, struct slice raw, size_t *at,
                           struct arena *arena, struct slice *cell)
{
    const size_t from = (size_t)(raw.data - rows->bytes);
    const size_t end = from + raw.len - 1; /* of the closing quote */
    while (*at < rows->doubled_count && rows->doubled[*at] < from)
        ++*at;
    if (*at == rows->doubled_count || rows->doubled[*at] >= end) {
        *cell = (struct slice){raw.data + 1, raw.len - 2};
        return true;
    }
    char *copy = arena_alloc(arena, raw.len);
    size_t len = 0;
    size_t done = from + 1;
    if (copy == NULL)
        return false;
    for (; *at < rows->doubled_count && rows->doubled[*at] < end; ++*at) {
        memcpy(copy + len, rows->bytes + done, rows->doubled[*at] - done);
        len += rows->doubled[*at] - done;
        done = (size_t)rows->doubled[*at] + 1;
    }
    memcpy(copy + len, rows->bytes + done, end - done);
    *cell = (struct slice){copy, len + (end - done)};
    return true;
}

static bool read_column(const struct source_rows *rows, size_t column, const uint32_t *row_of,
                        size_t count, struct arena *arena, struct slice *cells)
{
    const bool last = column + 1 == rows->columns;
    size_t doubled = 0;
    for (size_t i = 0; i < count; i++) {
        struct slice raw = source_rows_cell(rows, row_of == NULL ? i : row_of[i], column);
        if (last && raw.len > 0 && raw.data[raw.len - 1] == '\r')
            raw.len--;
        cells[i] = raw;
        if (rows->quoted && raw.len > 0 && raw.data[0] == '"' &&
            !unquote(rows, raw, &doubled, arena, &cells[i]))
            return false;
    }
    return true;
}

/* The first doubled quote at `from` or behind it. */
static size_t find_doubled(const struct source_rows *rows, size_t from)
{
    size_t low = 0;
    for (size_t high = rows->doubled_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (rows->doubled[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct slice read_value(const struct source_rows *rows, struct slice cell, size_t column,
                               size_t *next, struct arena *arena, bool *no_memory)
{
    if (column + 1 == rows->columns && cell.len > 0 && cell.data[cell.len - 1] == '\r')
        cell.len--;
    if (!rows->quoted || cell.len == 0 || cell.data[0] != '"')
        return cell;
    size_t found = 0;
    if (next == NULL) {
        found = find_doubled(rows, (size_t)(cell.data - rows->bytes));
        next = &found;
    }
    struct slice value = SLICE_MISSING;
    *no_memory = *no_memory || !unquote(rows, cell, next, arena, &value);
    return value;
}

static enum status take(void *ctx, const struct csv_record *record, struct error *err)
{
    return csv_gather_take(ctx, record, err);
}

static struct slice rows_text(const struct source_rows *rows)
{
    return (struct slice){rows->bytes + rows->first,
                          source_rows_end(rows, rows->count - 1) - rows->first};
}

/* The reference reader over the rows, to refuse those that are no UTF-8. */
static enum status read_again(const struct csv_source *source, struct batch *batch,
                              struct error *err)
{
    struct csv_reader *reader = NULL;
    struct buffer bytes = batch->bytes; /* the gather appends to the batch's */
    struct source_rows rows = batch->rows;
    const struct slice text = rows_text(&rows);
    struct csv_gather gather = {
        .options = &source->options,
        .encoding = NULL,
        .column_count = rows.columns,
        .file = batch->file,
        .batch = batch,
    };
    batch->bytes = (struct buffer)BUFFER_INIT;
    enum status s = csv_reader_new(&source->options.dialect, take, &gather, &reader, err);
    if (s == STATUS_OK) {
        csv_reader_start_at(reader, rows.line, rows.offset);
        s = csv_reader_feed(reader, text.data, text.len, err);
    }
    if (s == STATUS_OK)
        s = csv_reader_finish(reader, err);
    csv_reader_free(reader);
    source_rows_clear(&batch->rows);
    if (s == STATUS_OK)
        s = csv_gather_lay_out(&gather, err);
    csv_gather_free(&gather);
    buffer_free(&bytes);
    return s;
}

enum status csv_source_parse(const struct csv_source *source, struct batch *batch,
                             struct error *err)
{
    if (batch->rows.form == NULL)
        return STATUS_OK;
    if (!utf8_valid(rows_text(&batch->rows)))
        return read_again(source, batch, err);
    enum status s = batch_shape_rows(batch, err);
    batch->rows_are_raw = source->options.keep_raw;
    return s;
}
