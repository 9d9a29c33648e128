#include "fields/field_map.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "fields/field_plan.h"

struct field_map_worker {
    struct zone_span *spans; /* one a field */
};

enum status field_map_worker_new(const struct field_map *map, struct field_map_worker **worker,
                                 struct error *err)
{
    *worker = calloc(1, sizeof **worker);
    if (*worker == NULL)
        return error_no_memory(err);
    (*worker)->spans = calloc(map->field_count + 1, sizeof *(*worker)->spans);
    if ((*worker)->spans != NULL)
        return STATUS_OK;
    free(*worker);
    *worker = NULL;
    return error_no_memory(err);
}

void field_map_worker_free(struct field_map_worker *worker)
{
    if (worker == NULL)
        return;
    free(worker->spans);
    free(worker);
}

/* What the batch was before it became fields. */
struct rows {
    size_t count;
    struct batch_column *columns; /* those that are read are laid out */
};

/* Trimmed; missing if it is spelt so. */
static inline struct slice clean(const struct field_map *map, struct slice value)
{
    if (slice_missing(value))
        return value;
    /* Most values have nothing to trim. */
    if (map->spec.trim && value.len > 0 &&
        ((unsigned char)value.data[0] <= ' ' || (unsigned char)value.data[value.len - 1] <= ' '))
        value = slice_trim(value);
    if ((map->missing_lengths & batch_length_bit(value.len)) == 0)
        return value;
    for (size_t i = 0; i < map->missing_count; i++)
        if (slice_equal(value, map->missing[i]))
            return SLICE_MISSING;
    return value;
}

static const char *source_name(const struct field_map *map, uint32_t file)
{
    const char *name = file < map->spec.source_count ? map->spec.sources[file] : "-";
    return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

static enum status refuse(const struct field_map *map, struct batch *batch, size_t row,
                          const struct mapped *field, size_t column, struct slice value,
                          const char *reason, struct error *err)
{
    const char *code = field->type == FIELD_TIME ? "time" : "type";
    char shown[TEXT_ESCAPED_MAX];
    size_t before = batch->refusal_count;
    enum status s;
    if (map->hidden[column])
        s = batch_refuse(batch, row, code, field->name, err, "the value (not shown) %s", reason);
    else
        s = batch_refuse(batch, row, code, field->name, err, "'%s' %s", text_escape(shown, value),
                         reason);
    if (s != STATUS_OK || batch->refusal_count == before)
        return s;
    struct refusal *refusal = &batch->refusals[batch->refusal_count - 1];
    refusal->column = column + 1;
    if (map->private)
        refusal->raw = SLICE_MISSING;
    return STATUS_OK;
}

static enum status no_zone_error(const struct field_map *map, struct batch *batch, size_t row,
                                 const struct mapped *field, size_t column, struct slice value,
                                 const char *reason, struct error *err)
{
    char name[TEXT_ESCAPED_MAX];
    char shown[TEXT_ESCAPED_MAX];
    text_escape(name, slice_of(field->name));
    if (map->hidden[column])
        error_set(err, STATUS_USAGE, "%s: the value (not shown) %s", name, reason);
    else
        error_set(err, STATUS_USAGE, "%s: '%s' %s", name, text_escape(shown, value), reason);
    struct origin o;
    if (batch_origin(batch, row, &o))
        error_at(err, source_name(map, o.file), o.line, column + 1);
    return STATUS_USAGE;
}

/* The value of a field in a row: of its columns the first that is not missing. */
static struct slice pick(const struct field_map *map, const struct rows *rows,
                         const struct mapped *field, size_t row, size_t *column)
{
    for (size_t i = 0; i < field->column_count; i++) {
        *column = field->columns[i];
        struct slice value = clean(map, rows->columns[*column].cells[row]);
        if (!slice_missing(value))
            return value;
    }
    return SLICE_MISSING;
}

static struct slice finish(const void *context, struct slice value)
{
    return clean(context, value);
}

/* A field that is just one column of text: it stays as it is, and is cleaned when it is read. */
static void map_sole(const struct field_map *map, const struct rows *rows, size_t f,
                     struct batch *batch)
{
    struct batch_column *column = &batch->columns[f];
    *column = rows->columns[map->fields[f].columns[0]];
    if (column->cells == NULL) {
        column->finish = finish;
        column->finish_context = map;
        column->finish_lengths = map->missing_lengths;
        return;
    }
    for (size_t r = 0; r < rows->count; r++)
        column->cells[r] = clean(map, column->cells[r]);
}

static enum status map_column(const struct field_map *map, const struct rows *rows, size_t f,
                              struct zone_span *span, struct batch *batch, struct error *err)
{
    const struct mapped *field = &map->fields[f];
    struct slice *out = batch->columns[f].cells;
    const bool plain = field->type == FIELD_STR && field->pseudonym == NULL;
    struct slice last_in = SLICE_MISSING;
    struct slice last_out = SLICE_MISSING;
    if (field->sole) {
        map_sole(map, rows, f, batch);
        return STATUS_OK;
    }
    for (size_t r = 0; r < rows->count; r++) {
        size_t column = 0;
        if (field->column_count == 0) {
            out[r] = field->constant;
            continue;
        }
        struct slice value = pick(map, rows, field, r, &column);
        if (plain || slice_missing(value)) {
            out[r] = value;
            continue;
        }
        /* Neighbours are often alike: days, persons, counts of nothing. */
        if (slice_equal(value, last_in)) {
            out[r] = last_out;
            continue;
        }
        if (batch->fates[r] != FATE_LIVE)
            continue;
        const char *reason;
        bool no_zone = false;
        enum status s =
            field_convert(field, value, span, &batch->arena, &out[r], &reason, &no_zone, err);
        if (s == STATUS_OK && no_zone)
            s = no_zone_error(map, batch, r, field, column, value, reason, err);
        else if (s == STATUS_OK && reason != NULL)
            s = refuse(map, batch, r, field, column, value, reason, err);
        if (s != STATUS_OK)
            return s;
        if (reason != NULL) {
            out[r] = SLICE_MISSING; /* a refused value goes nowhere */
            continue;
        }
        last_in = value;
        last_out = out[r];
    }
    return STATUS_OK;
}

/* Drops rows of which nothing is present; a study of constants alone has no such rows. */
static enum status drop_blank(const struct field_map *map, const struct rows *rows,
                              struct batch *batch, struct error *err)
{
    for (size_t f = 0; f < map->field_count; f++)
        if (batch_text(batch, f, err) == NULL && rows->count > 0)
            return STATUS_IO;
    for (size_t r = 0; r < rows->count; r++) {
        size_t looked_at = map->items.count;
        bool blank = true;
        for (size_t f = 0; blank && f < map->field_count; f++) {
            if (map->fields[f].column_count == 0)
                continue;
            looked_at++;
            blank = slice_missing(batch->columns[f].cells[r]);
        }
        for (size_t i = 0; blank && i < map->items.count; i++)
            blank = slice_missing(clean(map, rows->columns[map->items.items[i].column].cells[r]));
        if (blank && looked_at > 0)
            batch_drop(batch, r);
    }
    return STATUS_OK;
}

static enum status fill_origin(const struct field_map *map, struct batch *batch, size_t column,
                               struct error *err)
{
    struct slice *out = batch->columns[column].cells;
    struct origin last = {.line = 0};
    for (size_t r = 0; r < batch->record_count; r++) {
        struct origin o;
        if (!batch_origin(batch, r, &o))
            return STATUS_OK;
        if (r > 0 && o.line == last.line && o.file == last.file) {
            out[r] = out[r - 1];
            continue;
        }
        last = o;
        char number[32];
        const char *name = source_name(map, o.file);
        size_t len = strlen(name);
        int n = snprintf(number, sizeof number, ":%llu", (unsigned long long)o.line);
        char *text = arena_alloc(&batch->arena, len + (size_t)n);
        if (text == NULL)
            return error_no_memory(err);
        memcpy(text, name, len);
        memcpy(text + len, number, (size_t)n);
        out[r] = (struct slice){text, len + (size_t)n};
    }
    return STATUS_OK;
}

/* What stays of a row in the records that are made of it. */
static enum status spread_rows(const struct batch *rows, size_t n, struct batch *batch,
                               struct error *err)
{
    if (rows->rows.form != NULL) {
        batch->row_of = arena_alloc(&batch->arena, rows->record_count * n * sizeof(uint32_t));
        if (batch->row_of == NULL)
            return error_no_memory(err);
    }
    for (size_t k = 0; k < rows->record_count * n; k++) {
        size_t r = k / n;
        if (batch->row_of != NULL)
            batch->row_of[k] = rows->row_of == NULL ? (uint32_t)r : rows->row_of[r];
        if (rows->origins != NULL)
            batch->origins[k] = rows->origins[r];
        batch->fates[k] = rows->fates[r];
        batch->marked += rows->fates[r] != FATE_LIVE;
    }
    for (size_t i = 0; i < batch->refusal_count; i++) {
        batch->refusals[i].record *= n;
        batch->refusals[i].weight = n;
    }
    return STATUS_OK;
}

/* Rows of fields to a record an item; behind the fields the item's name and value. */
static enum status spread_items(const struct field_map *map, const struct rows *rows,
                                struct batch *batch, struct error *err)
{
    const size_t n = map->items.count;
    const size_t fields = map->field_count;
    for (size_t f = 0; f < fields; f++)
        if (!map->fields[f].unread && batch_text(batch, f, err) == NULL && rows->count > 0)
            return STATUS_IO;
    const struct batch from = *batch;
    if (rows->count > SIZE_MAX / n)
        return error_no_memory(err);
    enum status s = batch_shape(batch, fields + 2 + map->spec.origin, rows->count * n,
                                from.origins != NULL, err);
    if (s != STATUS_OK)
        return s;
    for (size_t f = 0; f < fields; f++) {
        batch->columns[f].unread = from.columns[f].unread;
        for (size_t r = 0; r < rows->count && !from.columns[f].unread; r++)
            for (size_t i = 0; i < n; i++)
                batch->columns[f].cells[r * n + i] = from.columns[f].cells[r];
    }
    for (size_t i = 0; i < n; i++) {
        const struct item *item = &map->items.items[i];
        const struct slice *cells = rows->columns[item->column].cells;
        for (size_t r = 0; r < rows->count; r++) {
            batch->columns[fields].cells[r * n + i] = slice_of(item->name);
            batch->columns[fields + 1].cells[r * n + i] = clean(map, cells[r]);
        }
    }
    return spread_rows(&from, n, batch, err);
}

/* Columns that a field or an item reads, unescaped (a source may leave that to be done). */
static enum status prepare_columns(const struct field_map *map, struct batch *batch,
                                   struct error *err)
{
    for (size_t f = 0; f < map->field_count; f++)
        for (size_t i = 0;
             i < map->fields[f].column_count && !map->fields[f].unread && !map->fields[f].sole; i++)
            if (batch_text(batch, map->fields[f].columns[i], err) == NULL)
                return STATUS_IO;
    for (size_t i = 0; i < map->items.count; i++)
        if (batch_text(batch, map->items.items[i].column, err) == NULL)
            return STATUS_IO;
    return STATUS_OK;
}

/* A column of its own for each field that is not just the source's. */
static enum status lay_out_fields(const struct field_map *map, struct batch *batch,
                                  struct error *err)
{
    for (size_t c = 0; c < batch->column_count; c++) {
        struct batch_column *column = &batch->columns[c];
        column->unread = c < map->field_count && map->fields[c].unread;
        if (column->unread || (c < map->field_count && map->fields[c].sole))
            continue;
        column->cells = arena_calloc(&batch->arena, batch->record_count, sizeof *column->cells);
        if (column->cells == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

enum status field_map_apply(const struct field_map *map, struct field_map_worker *worker,
                            struct batch *batch, struct error *err)
{
    if (batch->record_count > 0) {
        enum status s = prepare_columns(map, batch, err);
        if (s != STATUS_OK)
            return s;
    }
    struct rows rows = {.count = batch->record_count};
    const bool items = map->item_name != NULL;
    for (size_t i = 0; map->private && i < batch->refusal_count; i++)
        batch->refusals[i].raw = SLICE_MISSING;
    enum status s = batch_replace_columns(batch, map->field_count + (map->spec.origin && !items),
                                          &rows.columns, err);
    if (s == STATUS_OK)
        s = lay_out_fields(map, batch, err);
    for (size_t f = 0; s == STATUS_OK && f < map->field_count; f++)
        if (!map->fields[f].unread)
            s = map_column(map, &rows, f, &worker->spans[f], batch, err);
    if (s == STATUS_OK && map->spec.drop_blank)
        s = drop_blank(map, &rows, batch, err);
    /* Later stages refuse records, not rows. */
    if (s == STATUS_OK) {
        batch->raws = NULL;
        batch->rows_are_raw = false;
    }
    if (s == STATUS_OK && items)
        s = spread_items(map, &rows, batch, err);
    if (s == STATUS_OK && map->spec.origin)
        s = fill_origin(map, batch, batch->column_count - 1, err);
    return s;
}
