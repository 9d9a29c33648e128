#include "records/stream_encode.h"

#include <stdint.h>

#include "io/stored_blocks.h"
#include "records/escape.h"
#include "records/escape_put.h"

/* ---- single cells ---- */

/* A line must not begin with '#'.  That holds for an escaped cell as well: it may come from
 * another place in its record, where '#' stands for itself. */
static bool hash_first(struct slice cell)
{
    return cell.len > 0 && cell.data[0] == '#';
}

bool stream_append_record(struct buffer *text, const struct slice *cells, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        if (c > 0 && !buffer_append_byte(text, '\t'))
            return false;
        if (c == 0 && hash_first(cells[0]) && !buffer_append_byte(text, '\\'))
            return false;
        if (!escape_append(text, cells[c]))
            return false;
    }
    return buffer_append_byte(text, '\n');
}

/* It may be written as it came. */
static bool untouched(const struct batch *batch, const struct batch_column *column)
{
    return column->in_rows && batch->rows.form->stream && column->finish == NULL;
}

/* Written first in its record, and no more there: its "\#" has no reason any more. */
static bool hash_moved(struct slice cell)
{
    return cell.len > 1 && cell.data[0] == '\\' && cell.data[1] == '#';
}

bool stream_append_cell(struct buffer *text, const struct batch *batch, size_t column,
                        size_t record)
{
    const struct batch_column *col = &batch->columns[column];
    const bool raw = untouched(batch, col);
    struct slice cell = SLICE_MISSING;
    if (raw)
        cell = source_rows_cell(
            &batch->rows, batch->row_of == NULL ? record : batch->row_of[record], col->row_column);
    else if (col->cells != NULL)
        cell = col->cells[record];
    else if (col->codes != NULL)
        cell = col->dictionary->values[col->codes[record]];
    if (raw && column > 0 && col->row_column == 0 && hash_moved(cell))
        cell = (struct slice){cell.data + 1, cell.len - 1};
    if (column == 0 && hash_first(cell) && !buffer_append_byte(text, '\\'))
        return false;
    return raw ? buffer_append_slice(text, cell) : escape_append(text, cell);
}

/* ---- the plan of a record ---- */

enum part_kind {
    PART_ROWS,  /* some columns of the rows, with the tabs between them */
    PART_CODES, /* a dictionary's values, escaped */
    PART_READ,  /* a column of the rows, read and finished */
    PART_CELLS,
    PART_MISSING /* a column without values */
};

struct part {
    enum part_kind kind;
    size_t first; /* of the row columns */
    size_t last;
    bool moved; /* the first row column, at another place */
    const struct batch_column *column;
    size_t next; /* of source_rows_value() */
    const struct slice *cells;
    const uint16_t *codes;
    const struct slice *values;
    struct slice *escaped; /* by code, readable up to the next COPY_STEP; no data: not met yet */
};

/* Short texts are copied in steps of so many bytes, over what comes behind them. */
enum { COPY_STEP = 32, SLACK = 2 * COPY_STEP };

_Static_assert((int)SLACK >= (int)ESCAPE_SLACK, "room for escape_put()");

struct encoder {
    struct batch *batch;
    struct part *parts;
    size_t part_count;
    escape_put_fn *put;
    struct slice around;          /* the batch's bytes */
    struct buffer *out;           /* its len is brought up to date at record ends */
    struct stored_blocks *blocks; /* NULL: plain text */
};

/* The columns as parts; neighbours in rows that are neighbours here too are one. */
static enum status plan(struct encoder *e, struct error *err)
{
    struct batch *batch = e->batch;
    e->parts = arena_calloc(&batch->arena, batch->column_count, sizeof *e->parts);
    if (e->parts == NULL)
        return error_no_memory(err);
    for (size_t c = 0; c < batch->column_count; c++) {
        const struct batch_column *column = &batch->columns[c];
        const size_t row_column = column->row_column;
        struct part *part = &e->parts[e->part_count];
        if (untouched(batch, column)) {
            if (e->part_count > 0 && part[-1].kind == PART_ROWS &&
                part[-1].last + 1 == row_column) {
                part[-1].last = row_column;
                continue;
            }
            *part = (struct part){.kind = PART_ROWS,
                                  .first = row_column,
                                  .last = row_column,
                                  .moved = row_column == 0 && c > 0};
        } else if (column->codes != NULL && column->dictionary->count <= batch->record_count) {
            const struct dictionary *d = column->dictionary;
            *part = (struct part){.kind = PART_CODES, .codes = column->codes, .values = d->values};
            part->escaped = arena_calloc(&batch->arena, d->count, sizeof *part->escaped);
            if (part->escaped == NULL)
                return error_no_memory(err);
        } else if (column->unread) {
            *part = (struct part){.kind = PART_MISSING};
        } else if (column->in_rows && column->cells == NULL && column->codes == NULL) {
            *part = (struct part){.kind = PART_READ, .first = row_column, .column = column};
        } else {
            *part = (struct part){.kind = PART_CELLS, .cells = batch_text(batch, c, err)};
            if (part->cells == NULL)
                return err->code;
        }
        e->part_count++;
    }
    return STATUS_OK;
}

/* ---- records ---- */

/* Where a record is written. */
struct place {
    char *to;
    char *limit;
};

static struct place place_of(const struct buffer *out)
{
    return (struct place){out->data + out->len, out->data + out->cap - 1};
}

/* Room for `need` bytes and SLACK. */
static inline bool make_room(const struct encoder *e, struct place *place, size_t need)
{
    if ((size_t)(place->limit - place->to) >= need + SLACK)
        return true;
    e->out->len = (size_t)(place->to - e->out->data);
    if (!buffer_reserve(e->out, need + SLACK))
        return false;
    *place = place_of(e->out);
    return true;
}

static inline bool put_rows(const struct encoder *e, const struct part *part, size_t row,
                            struct place *place)
{
    const struct source_rows *rows = &e->batch->rows;
    struct slice first = source_rows_cell(rows, row, part->first);
    if (part->moved && hash_moved(first))
        first.data++;
    const size_t end = rows->borders[row * rows->columns + part->last];
    const size_t len = end - (size_t)(first.data - rows->bytes);
    if (!make_room(e, place, len))
        return false;
    if (len <= SLACK && e->around.len - end >= SLACK)
        memcpy(place->to, first.data, SLACK);
    else
        memcpy(place->to, first.data, len);
    place->to += len;
    return true;
}

static bool escape_value(const struct encoder *e, const struct part *part, size_t code)
{
    const struct slice value = part->values[code];
    char *text = arena_alloc(&e->batch->arena, value.len * 2 + SLACK);
    if (text == NULL)
        return false;
    const char *end = e->put(text, value, SLICE_MISSING);
    part->escaped[code] = (struct slice){text, (size_t)(end - text)};
    return true;
}

static inline bool put_code(const struct encoder *e, const struct part *part, size_t record,
                            struct place *place)
{
    const size_t code = part->codes[record];
    if (part->escaped[code].data == NULL && !escape_value(e, part, code))
        return false;
    const struct slice text = part->escaped[code];
    if (!make_room(e, place, text.len))
        return false;
    memcpy(place->to, text.data, COPY_STEP);
    if (text.len > COPY_STEP)
        memcpy(place->to + COPY_STEP, text.data + COPY_STEP, text.len - COPY_STEP);
    place->to += text.len;
    return true;
}

static inline bool put_value(const struct encoder *e, struct slice value, struct place *place)
{
    if (!make_room(e, place, value.len * 2))
        return false;
    place->to = e->put(place->to, value, e->around);
    return true;
}

static inline bool put_read(const struct encoder *e, struct part *part, size_t row,
                            struct place *place)
{
    bool no_memory = false;
    const struct slice value = source_rows_value(&e->batch->rows, row, part->first, &part->next,
                                                 &e->batch->arena, &no_memory);
    return !no_memory && put_value(e, batch_finished(part->column, value), place);
}

static inline bool put_part(const struct encoder *e, struct part *part, size_t record, size_t row,
                            struct place *place)
{
    switch (part->kind) {
    case PART_ROWS:
        return put_rows(e, part, row, place);
    case PART_CODES:
        return put_code(e, part, record, place);
    case PART_READ:
        return put_read(e, part, row, place);
    case PART_CELLS:
        return put_value(e, part->cells[record], place);
    case PART_MISSING:
    default:
        if (!make_room(e, place, 2))
            return false;
        place->to = e->put(place->to, SLICE_MISSING, SLICE_MISSING);
        return true;
    }
}

/* A line that began at `start`; place is where the next one goes. */
static inline bool end_line(const struct encoder *e, size_t start, struct place *place)
{
    struct buffer *out = e->out;
    char *line = out->data + start;
    if (line[0] == '#') {
        memmove(line + 1, line, (size_t)(place->to - line));
        line[0] = '\\';
        place->to++;
    }
    out->len = (size_t)(place->to - out->data);
    if (e->blocks == NULL || !stored_blocks_full(e->blocks, out->len))
        return true;
    if (!stored_blocks_cut(e->blocks, start))
        return false;
    *place = place_of(out);
    return true;
}

static bool put_records(const struct encoder *e)
{
    const struct batch *batch = e->batch;
    struct place place = place_of(e->out);
    for (size_t i = 0; i < batch->record_count; i++) {
        if (batch->fates[i] != FATE_LIVE)
            continue;
        const size_t start = e->out->len;
        const size_t row = batch->row_of == NULL ? i : batch->row_of[i];
        for (size_t p = 0; p < e->part_count; p++) {
            if (!put_part(e, &e->parts[p], i, row, &place))
                return false;
            *place.to++ = p + 1 < e->part_count ? '\t' : '\n';
        }
        if (!end_line(e, start, &place))
            return false;
    }
    return true;
}

static enum status encode(struct batch *batch, struct buffer *out, struct stored_blocks *blocks,
                          struct error *err)
{
    struct encoder e = {
        .batch = batch,
        .put = escape_put_choose(),
        .around = {batch->bytes.data, batch->bytes.len},
        .out = out,
        .blocks = blocks,
    };
    if (!buffer_reserve(out, SLACK))
        return error_no_memory(err);
    enum status s = plan(&e, err);
    if (s == STATUS_OK && !put_records(&e))
        s = error_no_memory(err);
    out->data[out->len] = '\0';
    return s;
}

enum status stream_encode(struct batch *batch, struct buffer *text, struct error *err)
{
    return encode(batch, text, NULL, err);
}

enum status stream_encode_stored(struct batch *batch, struct buffer *bytes, struct error *err)
{
    struct stored_blocks blocks;
    if (!stored_blocks_begin(&blocks, bytes))
        return error_no_memory(err);
    enum status s = encode(batch, bytes, &blocks, err);
    if (s == STATUS_OK && !stored_blocks_end(&blocks))
        s = error_no_memory(err);
    return s;
}
