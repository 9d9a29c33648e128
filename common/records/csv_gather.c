#include "records/csv_gather.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

_Static_assert((int)CSV_RAW_MAX == (int)BATCH_RAW_MAX, "raw bytes of both ways are cut alike");

struct csv_gather_row {
    struct origin origin;
    size_t first; /* its first cell */
    size_t count;
    size_t raw; /* where its bytes begin in batch.bytes */
    size_t raw_len;
};

size_t csv_gather_undecoded(const struct csv_record *record)
{
    size_t i = 0;
    while (i < record->field_count && utf8_valid(record->fields[i]))
        i++;
    return i;
}

void csv_gather_undecoded_reason(const struct encoding *encoding, struct slice field, char *reason,
                                 size_t cap)
{
    if (encoding != NULL && encoding_converts(encoding)) {
        (void)snprintf(reason, cap, "a byte that is not valid in encoding %.60s",
                       encoding_name(encoding));
        return;
    }
    unsigned char byte = (unsigned char)field.data[utf8_valid_prefix(field)];
    (void)snprintf(reason, cap,
                   "byte \\x%02X is not UTF-8; set encoding, for instance windows-1252", byte);
}

static enum status refuse(struct csv_gather *gather, const struct csv_record *record,
                          const char *code, const char *reason, uint64_t column, bool fatal,
                          struct error *err)
{
    struct arena *arena = &gather->batch->arena;
    struct refusal refusal = {
        .record = gather->row_count,
        .from_source = true,
        .fatal = fatal,
        .weight = 1,
        .origin = {record->line, record->offset, record->length, gather->file},
        .column = column,
        .code = code,
    };
    refusal.reason = arena_copy(arena, reason, strlen(reason));
    refusal.raw.data = arena_copy(arena, record->raw.data, record->raw.len);
    refusal.raw.len = record->raw.len;
    if (refusal.reason == NULL || refusal.raw.data == NULL)
        return error_no_memory(err);
    gather->taken += record->raw.len;
    return batch_add_refusal(gather->batch, &refusal, err);
}

/* Room for one more row and so many cells. */
static enum status make_room(struct csv_gather *gather, size_t cells, struct error *err)
{
    if (gather->row_count == gather->row_cap) {
        size_t cap = gather->row_cap == 0 ? 1024 : gather->row_cap * 2;
        struct csv_gather_row *rows = realloc(gather->rows, cap * sizeof *rows);
        if (rows == NULL)
            return error_no_memory(err);
        gather->rows = rows;
        gather->row_cap = cap;
    }
    if (gather->cell_cap - gather->cell_count < cells) {
        size_t cap = gather->cell_cap * 2 + cells + 1024;
        struct slice *all = realloc(gather->cells, cap * sizeof *all);
        if (all == NULL)
            return error_no_memory(err);
        gather->cells = all;
        gather->cell_cap = cap;
    }
    return STATUS_OK;
}

static enum status add_row(struct csv_gather *gather, const struct csv_record *record, size_t count,
                           struct error *err)
{
    struct batch *batch = gather->batch;
    enum status s = make_room(gather, count, err);
    if (s != STATUS_OK)
        return s;
    struct csv_gather_row *row = &gather->rows[gather->row_count];
    *row = (struct csv_gather_row){
        .origin = {record->line, record->offset, record->length, gather->file},
        .first = gather->cell_count,
        .count = count,
        .raw = batch->bytes.len,
    };
    if (gather->options->keep_raw) {
        if (!buffer_append_slice(&batch->bytes, record->raw))
            return error_no_memory(err);
        row->raw_len = record->raw.len;
    }
    /* The reader lays the fields of a record out one behind the other. */
    const struct slice *last = &record->fields[record->field_count - 1];
    const char *base = record->fields[0].data;
    char *copy = arena_copy(&batch->arena, base, (size_t)(last->data + last->len - base));
    if (copy == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct slice field = record->fields[i];
        gather->cells[gather->cell_count++] = (struct slice){copy + (field.data - base), field.len};
    }
    gather->row_count++;
    gather->taken += record->length;
    return STATUS_OK;
}

static bool surplus_is_empty(const struct csv_record *record, size_t columns)
{
    for (size_t i = columns; i < record->field_count; i++)
        if (record->fields[i].len != 0)
            return false;
    return true;
}

enum status csv_gather_take(struct csv_gather *gather, const struct csv_record *record,
                            struct error *err)
{
    if (record->code != NULL)
        return refuse(gather, record, record->code, record->reason, record->column, false, err);
    char reason[160];
    size_t have = record->field_count;
    size_t want = gather->column_count;
    enum csv_ragged ragged = gather->options->ragged;
    if (have != want) {
        bool fits = ragged == CSV_RAGGED_PAD && (have < want || surplus_is_empty(record, want));
        (void)snprintf(reason, sizeof reason, "%zu field%s where the header has %zu", have,
                       have == 1 ? "" : "s", want);
        if (!fits)
            return refuse(gather, record, "ragged", reason, have < want ? have : want + 1,
                          ragged == CSV_RAGGED_ERROR, err);
    }
    size_t bad = csv_gather_undecoded(record);
    if (bad < have) {
        csv_gather_undecoded_reason(gather->encoding, record->fields[bad], reason, sizeof reason);
        return refuse(gather, record, "encoding", reason, bad + 1, false, err);
    }
    return add_row(gather, record, have < want ? have : want, err);
}

enum status csv_gather_lay_out(struct csv_gather *gather, struct error *err)
{
    struct batch *batch = gather->batch;
    enum status s = batch_shape(batch, gather->column_count, gather->row_count, true, err);
    if (s != STATUS_OK)
        return s;
    struct slice *raw = NULL;
    if (gather->options->keep_raw) {
        raw = arena_calloc(&batch->arena, gather->row_count, sizeof *raw);
        if (raw == NULL)
            return error_no_memory(err);
    }
    for (size_t r = 0; r < gather->row_count; r++) {
        const struct csv_gather_row *row = &gather->rows[r];
        batch->origins[r] = row->origin;
        if (raw != NULL)
            raw[r] = (struct slice){batch->bytes.data + row->raw, row->raw_len};
        for (size_t c = 0; c < row->count; c++)
            batch->columns[c].cells[r] = gather->cells[row->first + c];
    }
    batch->raws = raw;
    gather->row_count = 0;
    gather->cell_count = 0;
    gather->taken = 0;
    return STATUS_OK;
}

void csv_gather_free(struct csv_gather *gather)
{
    free(gather->rows);
    free(gather->cells);
    gather->rows = NULL;
    gather->cells = NULL;
}
