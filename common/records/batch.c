#include "records/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void batch_init(struct batch *batch)
{
    *batch = (struct batch){.record_count = 0};
}

void batch_free(struct batch *batch)
{
    arena_free(&batch->arena);
    buffer_free(&batch->bytes);
    source_rows_free(&batch->rows);
    free(batch->refusals);
    batch_init(batch);
}

void batch_reset(struct batch *batch)
{
    arena_reset(&batch->arena);
    buffer_clear(&batch->bytes);
    source_rows_clear(&batch->rows);
    batch->row_of = NULL;
    batch->rows_are_raw = false;
    batch->record_count = 0;
    batch->column_count = 0;
    batch->columns = NULL;
    batch->origins = NULL;
    batch->raws = NULL;
    batch->fates = NULL;
    batch->marked = 0;
    batch->refusal_count = 0;
    batch->extra = NULL;
}

/* The parts that every record has. */
static enum status begin_records(struct batch *batch, size_t records, struct error *err)
{
    uint8_t *fates = arena_calloc(&batch->arena, records, sizeof *fates);
    if (fates == NULL)
        return error_no_memory(err);
    batch->record_count = records;
    batch->fates = fates;
    batch->origins = NULL;
    batch->raws = NULL;
    batch->rows_are_raw = false;
    batch->row_of = NULL;
    batch->marked = 0;
    return STATUS_OK;
}

enum status batch_shape(struct batch *batch, size_t columns, size_t records, bool with_origins,
                        struct error *err)
{
    struct batch_column *cols = arena_calloc(&batch->arena, columns, sizeof *cols);
    struct origin *origins = NULL;
    if (with_origins)
        origins = arena_calloc(&batch->arena, records, sizeof *origins);
    if (cols == NULL || (with_origins && origins == NULL))
        return error_no_memory(err);
    for (size_t c = 0; c < columns; c++) {
        cols[c].cells = arena_calloc(&batch->arena, records, sizeof *cols[c].cells);
        if (cols[c].cells == NULL)
            return error_no_memory(err);
    }
    enum status s = begin_records(batch, records, err);
    batch->columns = cols;
    batch->column_count = columns;
    batch->origins = origins;
    return s;
}

enum status batch_shape_rows(struct batch *batch, struct error *err)
{
    size_t columns = batch->rows.columns;
    struct batch_column *cols = arena_calloc(&batch->arena, columns, sizeof *cols);
    if (cols == NULL)
        return error_no_memory(err);
    for (size_t c = 0; c < columns; c++) {
        cols[c].in_rows = true;
        cols[c].row_column = (uint32_t)c;
    }
    batch->columns = cols;
    batch->column_count = columns;
    return begin_records(batch, batch->rows.count, err);
}

enum status batch_replace_columns(struct batch *batch, size_t columns, struct batch_column **before,
                                  struct error *err)
{
    struct batch_column *cols = arena_calloc(&batch->arena, columns, sizeof *cols);
    if (cols == NULL)
        return error_no_memory(err);
    for (size_t c = 0; c < columns; c++)
        cols[c].unread = true;
    *before = batch->columns;
    batch->columns = cols;
    batch->column_count = columns;
    return STATUS_OK;
}

/* Room for one more column, which is empty. */
static struct batch_column *new_column(struct batch *batch, size_t *index)
{
    size_t count = batch->column_count;
    struct batch_column *cols = arena_calloc(&batch->arena, count + 1, sizeof *cols);
    if (cols == NULL)
        return NULL;
    if (count > 0)
        memcpy(cols, batch->columns, count * sizeof *cols);
    batch->columns = cols;
    batch->column_count = count + 1;
    *index = count;
    return &cols[count];
}

enum status batch_add_column(struct batch *batch, size_t *index, struct error *err)
{
    struct slice *cells = arena_calloc(&batch->arena, batch->record_count, sizeof *cells);
    struct batch_column *column = cells == NULL ? NULL : new_column(batch, index);
    if (column == NULL)
        return error_no_memory(err);
    column->cells = cells;
    return STATUS_OK;
}

enum status batch_add_coded(struct batch *batch, const struct dictionary *dictionary, size_t *index,
                            struct error *err)
{
    uint16_t *codes = arena_alloc(&batch->arena, batch->record_count * sizeof *codes);
    struct batch_column *column = codes == NULL ? NULL : new_column(batch, index);
    if (column == NULL)
        return error_no_memory(err);
    column->codes = codes;
    column->dictionary = dictionary;
    return STATUS_OK;
}

struct slice *batch_column_text(struct batch *batch, struct batch_column *column, struct error *err)
{
    if (column->cells != NULL)
        return column->cells;
    if (column->unread) {
        error_set(err, STATUS_IO,
                  "a stage reads a field that it did not ask for; please report it");
        return NULL;
    }
    struct slice *cells = arena_alloc(&batch->arena, batch->record_count * sizeof *cells);
    if (cells == NULL) {
        error_no_memory(err);
        return NULL;
    }
    if (column->codes != NULL) {
        const struct slice *values = column->dictionary->values;
        for (size_t i = 0; i < batch->record_count; i++)
            cells[i] = values[column->codes[i]];
    } else if (batch->record_count > 0) {
        if (!batch->rows.form->read(&batch->rows, column->row_column, batch->row_of,
                                    batch->record_count, &batch->arena, cells)) {
            error_no_memory(err);
            return NULL;
        }
        for (size_t i = 0; column->finish != NULL && i < batch->record_count; i++)
            cells[i] = batch_finished(column, cells[i]);
    }
    column->cells = cells;
    return cells;
}

struct slice *batch_text(struct batch *batch, size_t column, struct error *err)
{
    return batch_column_text(batch, &batch->columns[column], err);
}

struct slice *batch_change(struct batch *batch, size_t column, struct error *err)
{
    struct slice *cells = batch_text(batch, column, err);
    batch->columns[column].codes = NULL;
    batch->columns[column].in_rows = false;
    return cells;
}

bool batch_origin(struct batch *batch, size_t record, struct origin *origin)
{
    if (batch->origins != NULL) {
        *origin = batch->origins[record];
        return true;
    }
    struct source_rows *rows = &batch->rows;
    if (rows->form == NULL || rows->line == 0)
        return false;
    size_t row = batch->row_of == NULL ? record : batch->row_of[record];
    size_t start = source_rows_start(rows, row);
    *origin = (struct origin){
        .line = source_rows_line(rows, row),
        .offset = rows->offset + (start - rows->first),
        .length = source_rows_end(rows, row) - start,
        .file = batch->file,
    };
    return true;
}

struct slice batch_raw(const struct batch *batch, size_t record)
{
    if (batch->raws != NULL)
        return batch->raws[record];
    if (!batch->rows_are_raw)
        return SLICE_MISSING;
    const struct source_rows *rows = &batch->rows;
    size_t row = batch->row_of == NULL ? record : batch->row_of[record];
    size_t start = source_rows_start(rows, row);
    size_t len = source_rows_end(rows, row) - start;
    return (struct slice){rows->bytes + start, len < BATCH_RAW_MAX ? len : BATCH_RAW_MAX};
}

bool batch_store(struct batch *batch, struct slice s, struct slice *copy)
{
    *copy = s;
    if (slice_missing(s))
        return true;
    copy->data = arena_copy(&batch->arena, s.data, s.len);
    return copy->data != NULL;
}

static void mark(struct batch *batch, size_t record, enum fate fate)
{
    if (batch->fates[record] == FATE_LIVE)
        batch->marked++;
    batch->fates[record] = (uint8_t)fate;
}

void batch_drop(struct batch *batch, size_t record)
{
    if (batch->fates[record] == FATE_LIVE)
        mark(batch, record, FATE_DROPPED);
}

enum status batch_refuse(struct batch *batch, size_t record, const char *code, const char *field,
                         struct error *err, const char *reason, ...)
{
    if (batch->fates[record] != FATE_LIVE)
        return STATUS_OK;
    char text[1024];
    va_list args;
    va_start(args, reason);
    int n = vsnprintf(text, sizeof text, reason, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    struct refusal refusal = {.record = record, .weight = 1, .code = code, .raw = SLICE_MISSING};
    refusal.reason = arena_copy(&batch->arena, text, len);
    if (field != NULL)
        refusal.field = arena_copy(&batch->arena, field, strlen(field));
    if (refusal.reason == NULL || (field != NULL && refusal.field == NULL))
        return error_no_memory(err);
    (void)batch_origin(batch, record, &refusal.origin);
    refusal.raw = batch_raw(batch, record);
    enum status s = batch_add_refusal(batch, &refusal, err);
    if (s == STATUS_OK)
        mark(batch, record, FATE_REFUSED);
    return s;
}

enum status batch_add_refusal(struct batch *batch, const struct refusal *refusal, struct error *err)
{
    if (batch->refusal_count == batch->refusal_cap) {
        size_t cap = batch->refusal_cap == 0 ? 16 : batch->refusal_cap * 2;
        struct refusal *refusals = realloc(batch->refusals, cap * sizeof *refusals);
        if (refusals == NULL)
            return error_no_memory(err);
        batch->refusals = refusals;
        batch->refusal_cap = cap;
    }
    batch->refusals[batch->refusal_count++] = *refusal;
    return STATUS_OK;
}

/* row_of, from when it is needed on. */
static bool number_rows(struct batch *batch)
{
    if (batch->row_of != NULL || batch->rows.form == NULL)
        return true;
    uint32_t *row_of = arena_alloc(&batch->arena, batch->record_count * sizeof *row_of);
    if (row_of == NULL)
        return false;
    for (size_t i = 0; i < batch->record_count; i++)
        row_of[i] = (uint32_t)i;
    batch->row_of = row_of;
    return true;
}

static void move_record(struct batch *batch, size_t from, size_t to)
{
    for (size_t c = 0; c < batch->column_count; c++) {
        struct batch_column *column = &batch->columns[c];
        if (column->cells != NULL)
            column->cells[to] = column->cells[from];
        if (column->codes != NULL)
            column->codes[to] = column->codes[from];
    }
    if (batch->row_of != NULL)
        batch->row_of[to] = batch->row_of[from];
    if (batch->origins != NULL)
        batch->origins[to] = batch->origins[from];
    if (batch->raws != NULL)
        batch->raws[to] = batch->raws[from];
}

enum status batch_compact(struct batch *batch, struct error *err)
{
    batch->refusal_count = 0;
    if (batch->marked == 0)
        return STATUS_OK;
    if (!number_rows(batch))
        return error_no_memory(err);
    size_t kept = 0;
    for (size_t i = 0; i < batch->record_count; i++) {
        if (batch->fates[i] != FATE_LIVE)
            continue;
        if (kept != i)
            move_record(batch, i, kept);
        kept++;
    }
    batch->record_count = kept;
    memset(batch->fates, FATE_LIVE, kept);
    batch->marked = 0;
    return STATUS_OK;
}
