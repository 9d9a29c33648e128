#include "weights/weighting.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "weights/cells.h"

struct weighting {
    struct weight_plan *plan;
    struct budget *budget;
    size_t *columns; /* of fields of the plan */
    struct cell_columns cell_columns;
    size_t field_count;

    struct intern keys; /* of cells, in the order of gathering */
    struct weight_cell *cells;
    uint32_t cap;
    uint64_t refused;
    uint64_t charged;

    struct weight_solution solution;
    bool solved;
    uint32_t *place; /* by number of a key: where the cell stands since it was solved */
    uint64_t *seen;  /* in the second run, by cell */
    uint64_t seen_refused;
    struct arena arena;
    struct dictionary weights; /* text of each cell's weight */
};

struct weighting_worker {
    struct cell_worker *cells;
    uint32_t *merged; /* second run: by cell of the worker, the cell of all */
    uint32_t merged_count;
    uint32_t cap;
};

/* ---- life ---- */

enum status weighting_new(const struct weight_options *options, struct budget *budget,
                          struct weighting **weighting, struct error *err)
{
    struct weighting *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->budget = budget;
    enum status s = weight_plan_new(options, &made->plan, err);
    if (s == STATUS_OK)
        s = cell_place_check(made->plan, err);
    if (s == STATUS_OK) {
        made->columns = calloc(made->plan->field_count, sizeof *made->columns);
        if (made->columns == NULL)
            s = error_no_memory(err);
    }
    if (s != STATUS_OK) {
        weighting_free(made);
        return s;
    }
    *weighting = made;
    return STATUS_OK;
}

void weighting_free(struct weighting *w)
{
    if (w == NULL)
        return;
    weight_plan_free(w->plan);
    weight_solution_free(&w->solution);
    intern_free(&w->keys);
    arena_free(&w->arena);
    budget_give(w->budget, w->charged);
    free(w->columns);
    free(w->cells);
    free(w->place);
    free(w->seen);
    free(w);
}

const struct weight_plan *weighting_plan(const struct weighting *w)
{
    return w->plan;
}

const struct weight_solution *weighting_solution(const struct weighting *w)
{
    return &w->solution;
}

/* ---- opening ---- */

static enum status open_field(struct weighting *w, size_t f, const struct schema *schema,
                              struct error *err)
{
    const struct weight_field *field = &w->plan->fields[f];
    enum status s = node_require_field(field->at, schema, field->name, &w->columns[f], err);
    if (s == STATUS_OK && schema->fields[w->columns[f]].type == FIELD_SET)
        s = node_error(field->at, err,
                       "field '%s' holds sets of labels; a margin goes by fields of one value",
                       field->name);
    return s;
}

enum status weighting_open(struct weighting *w, struct header *header, struct error *err)
{
    const struct weight_plan *plan = w->plan;
    struct schema *schema = &header->schema;
    enum status s = STATUS_OK;
    char shown[TEXT_ESCAPED_MAX];
    w->field_count = schema->count;
    w->cell_columns = (struct cell_columns){.fields = w->columns, .base = SCHEMA_NONE};
    for (size_t f = 0; s == STATUS_OK && f < plan->field_count; f++)
        s = open_field(w, f, schema, err);
    if (s == STATUS_OK && plan->base != NULL)
        s = node_require_field(plan->base_at, schema, plan->base, &w->cell_columns.base, err);
    if (s != STATUS_OK)
        return s;
    if (schema_find(schema, plan->field) != SCHEMA_NONE) {
        (void)error_set(err, STATUS_USAGE,
                        "the records have a field '%s' already; give the new one another name "
                        "(--field), or name that one as base",
                        text_escape(shown, slice_of(plan->field)));
        if (plan->field_at != NULL)
            error_at(err, plan->field_at->file, plan->field_at->line, plan->field_at->column);
        return STATUS_USAGE;
    }
    return schema_add(schema, plan->field, FIELD_DECIMAL, NULL, err);
}

void weighting_reads(const struct weighting *w, bool *fields)
{
    for (size_t f = 0; f < w->plan->field_count; f++)
        fields[w->columns[f]] = true;
    if (w->cell_columns.base != SCHEMA_NONE)
        fields[w->cell_columns.base] = true;
}

size_t weighting_field_count(const struct weighting *w)
{
    return w->field_count;
}

enum status weighting_worker_new(const struct weighting *w, struct weighting_worker **worker,
                                 struct error *err)
{
    struct weighting_worker *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    enum status s = cell_worker_new(w->plan, &w->cell_columns, w->budget, &made->cells, err);
    if (s != STATUS_OK) {
        free(made);
        return s;
    }
    *worker = made;
    return STATUS_OK;
}

void weighting_worker_free(struct weighting_worker *worker)
{
    if (worker == NULL)
        return;
    cell_worker_free(worker->cells);
    free(worker->merged);
    free(worker);
}

/* ---- batches ---- */

static enum status locate(struct weighting_worker *worker, struct batch *batch, uint32_t **at,
                          struct error *err)
{
    *at = arena_alloc(&batch->arena, batch->record_count * sizeof **at);
    if (*at == NULL)
        return error_no_memory(err);
    enum status s = cell_worker_locate(worker->cells, batch, *at, err);
    if (s != STATUS_OK)
        return s;
    uint64_t *counts = worker->cells->counts;
    for (size_t r = 0; r < batch->record_count; r++)
        if ((*at)[r] != CELL_NONE)
            counts[(*at)[r]]++;
    return STATUS_OK;
}

enum status weighting_count(const struct weighting *w, struct weighting_worker *worker,
                            struct batch *batch, struct error *err)
{
    uint32_t *at = NULL;
    (void)w;
    return locate(worker, batch, &at, err);
}

static struct slice key_bytes(const struct cell_key *key)
{
    return (struct slice){(const char *)key, sizeof *key};
}

static enum status other_records(struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "the second reading met other records than the first: something wrote to the "
                     "input meanwhile; nothing may, as it is read twice");
}

/* Finds for new cells of the worker those of all. */
static enum status follow_cells(const struct weighting *w, struct weighting_worker *worker,
                                struct error *err)
{
    const uint32_t count = worker->cells->count;
    if (count > worker->cap) {
        uint32_t *merged = realloc(worker->merged, (size_t)count * 2 * sizeof *merged);
        if (merged == NULL)
            return error_no_memory(err);
        worker->merged = merged;
        worker->cap = count * 2;
    }
    for (; worker->merged_count < count; worker->merged_count++) {
        const struct cell_key key = cell_worker_key(worker->cells, worker->merged_count);
        const uint32_t number = intern_find(&w->keys, key_bytes(&key));
        if (number == INTERN_NONE)
            return other_records(err);
        worker->merged[worker->merged_count] = w->place[number];
    }
    return STATUS_OK;
}

static enum status add_coded(const struct weighting *w, const struct weighting_worker *worker,
                             struct batch *batch, const uint32_t *at, struct error *err)
{
    size_t column = 0;
    enum status s = batch_add_coded(batch, &w->weights, &column, err);
    if (s != STATUS_OK)
        return s;
    uint16_t *codes = batch->columns[column].codes;
    for (size_t r = 0; r < batch->record_count; r++)
        codes[r] = at[r] == CELL_NONE ? 0 : (uint16_t)worker->merged[at[r]];
    return STATUS_OK;
}

static enum status add_cells(const struct weighting *w, const struct weighting_worker *worker,
                             struct batch *batch, const uint32_t *at, struct error *err)
{
    size_t column = 0;
    enum status s = batch_add_column(batch, &column, err);
    if (s != STATUS_OK)
        return s;
    struct slice *cells = batch->columns[column].cells;
    for (size_t r = 0; r < batch->record_count; r++)
        if (at[r] != CELL_NONE)
            cells[r] = w->weights.values[worker->merged[at[r]]];
    return STATUS_OK;
}

enum status weighting_apply(const struct weighting *w, struct weighting_worker *worker,
                            struct batch *batch, struct error *err)
{
    uint32_t *at = NULL;
    enum status s = locate(worker, batch, &at, err);
    if (s == STATUS_OK)
        s = follow_cells(w, worker, err);
    if (s != STATUS_OK)
        return s;
    return w->weights.count > 0 && w->weights.count <= DICTIONARY_MAX
               ? add_coded(w, worker, batch, at, err)
               : add_cells(w, worker, batch, at, err);
}

/* ---- putting together ---- */

static enum status charge(struct weighting *w, struct error *err)
{
    const uint64_t held = intern_held(&w->keys) + (uint64_t)w->cap * sizeof *w->cells;
    if (held <= w->charged)
        return STATUS_OK;
    enum status s = budget_take(w->budget, held - w->charged, "cells of weights", err);
    if (s == STATUS_OK)
        w->charged = held;
    return s;
}

static enum status add_cell(struct weighting *w, const struct cell_key *key, uint64_t rows,
                            struct error *err)
{
    bool added = false;
    if (w->keys.count == w->cap) {
        const uint32_t cap = w->cap == 0 ? 64 : w->cap * 2;
        struct weight_cell *cells = realloc(w->cells, cap * sizeof *cells);
        if (cells == NULL)
            return error_no_memory(err);
        w->cells = cells;
        w->cap = cap;
    }
    const uint32_t number = intern_add(&w->keys, key_bytes(key), &added);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    if (added)
        w->cells[number] = (struct weight_cell){.key = *key};
    w->cells[number].rows += rows;
    return added ? charge(w, err) : STATUS_OK;
}

enum status weighting_gather(struct weighting *w, const struct weighting_worker *worker,
                             struct error *err)
{
    enum status s = STATUS_OK;
    const struct cell_worker *cells = worker->cells;
    if (w->solved) {
        w->seen_refused += cells->refused;
        for (uint32_t c = 0; c < worker->merged_count; c++)
            w->seen[worker->merged[c]] += cells->counts[c];
        return STATUS_OK;
    }
    w->refused += cells->refused;
    for (uint32_t c = 0; s == STATUS_OK && c < cells->count; c++) {
        const struct cell_key key = cell_worker_key(cells, c);
        s = add_cell(w, &key, cells->counts[c], err);
    }
    return s;
}

/* The text of each weight, and where each cell stands now. */
static enum status write_weights(struct weighting *w, struct error *err)
{
    const size_t count = w->keys.count;
    w->weights.values = arena_calloc(&w->arena, count + 1, sizeof *w->weights.values);
    w->place = calloc(count + 1, sizeof *w->place);
    w->seen = calloc(count + 1, sizeof *w->seen);
    if (w->weights.values == NULL || w->place == NULL || w->seen == NULL)
        return error_no_memory(err);
    for (size_t c = 0; c < count; c++) {
        char text[DECIMAL_TEXT_MAX];
        const size_t len = decimal_format(text, w->cells[c].weight);
        const char *copy = arena_copy(&w->arena, text, len);
        if (copy == NULL)
            return error_no_memory(err);
        w->weights.values[c] = (struct slice){copy, len};
        w->place[intern_find(&w->keys, key_bytes(&w->cells[c].key))] = (uint32_t)c;
    }
    w->weights.count = (uint32_t)count;
    w->weights.id = dictionary_new_id();
    w->solved = true;
    return STATUS_OK;
}

enum status weighting_solve(struct weighting *w, struct error *err)
{
    enum status s = weight_solve(w->plan, w->cells, w->keys.count, &w->solution, err);
    return s == STATUS_OK ? write_weights(w, err) : s;
}

enum status weighting_check(const struct weighting *w, struct error *err)
{
    bool same = w->seen_refused == w->refused;
    for (uint32_t c = 0; same && c < w->keys.count; c++)
        same = w->seen[c] == w->cells[c].rows;
    return same ? STATUS_OK : other_records(err);
}
