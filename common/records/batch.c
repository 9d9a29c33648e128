#include "records/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "records/escape.h"

void batch_init(struct batch *batch)
{
    *batch = (struct batch){.record_count = 0};
}

void batch_free(struct batch *batch)
{
    arena_free(&batch->arena);
    buffer_free(&batch->bytes);
    free(batch->refusals);
    batch_init(batch);
}

void batch_reset(struct batch *batch)
{
    arena_reset(&batch->arena);
    buffer_clear(&batch->bytes);
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

enum status batch_shape(struct batch *batch, size_t columns, size_t records, bool with_origins,
                        struct error *err)
{
    struct batch_column *cols = arena_calloc(&batch->arena, columns, sizeof *cols);
    uint8_t *fates = arena_calloc(&batch->arena, records, sizeof *fates);
    struct origin *origins = NULL;
    if (with_origins)
        origins = arena_calloc(&batch->arena, records, sizeof *origins);
    if (cols == NULL || fates == NULL || (with_origins && origins == NULL))
        return error_no_memory(err);
    for (size_t c = 0; c < columns; c++) {
        cols[c].cells = arena_calloc(&batch->arena, records, sizeof *cols[c].cells);
        if (cols[c].cells == NULL)
            return error_no_memory(err);
    }
    batch->columns = cols;
    batch->column_count = columns;
    batch->record_count = records;
    batch->fates = fates;
    batch->origins = origins;
    batch->raws = NULL;
    batch->marked = 0;
    return STATUS_OK;
}

enum status batch_add_column(struct batch *batch, size_t *index, struct error *err)
{
    size_t count = batch->column_count;
    struct batch_column *cols = arena_calloc(&batch->arena, count + 1, sizeof *cols);
    struct slice *cells = arena_calloc(&batch->arena, batch->record_count, sizeof *cells);
    if (cols == NULL || cells == NULL)
        return error_no_memory(err);
    if (count > 0)
        memcpy(cols, batch->columns, count * sizeof *cols);
    cols[count].cells = cells;
    batch->columns = cols;
    batch->column_count = count + 1;
    *index = count;
    return STATUS_OK;
}

struct slice *batch_text(struct batch *batch, size_t column, struct error *err)
{
    struct batch_column *col = &batch->columns[column];
    if (!col->escaped)
        return col->cells;
    bool no_memory = false;
    for (size_t i = 0; i < batch->record_count; i++)
        col->cells[i] = escape_read(&batch->arena, col->cells[i], &no_memory);
    if (no_memory) {
        error_no_memory(err);
        return NULL;
    }
    col->escaped = false;
    return col->cells;
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
    if (batch->origins != NULL)
        refusal.origin = batch->origins[record];
    if (batch->raws != NULL)
        refusal.raw = batch->raws[record];
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

void batch_compact(struct batch *batch)
{
    batch->refusal_count = 0;
    if (batch->marked == 0)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < batch->record_count; i++) {
        if (batch->fates[i] != FATE_LIVE)
            continue;
        if (kept != i) {
            for (size_t c = 0; c < batch->column_count; c++)
                batch->columns[c].cells[kept] = batch->columns[c].cells[i];
            if (batch->origins != NULL)
                batch->origins[kept] = batch->origins[i];
            if (batch->raws != NULL)
                batch->raws[kept] = batch->raws[i];
        }
        kept++;
    }
    batch->record_count = kept;
    memset(batch->fates, FATE_LIVE, kept);
    batch->marked = 0;
}
