#include "weights/cells.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "records/coder.h"
#include "records/schema.h"

/* Places up to here are found in an array, others by a hash. */
enum { DENSE_MAX = 64 * 1024 };
/* Base weights that are none. */
#define BASE_MISSING (-1)
#define BASE_BAD (-2)

/* What is kept of a coded column, by code. */
struct coded {
    struct coder *coder;
    struct dictionary_seen seen;
    int64_t *known; /* number of the value, or base weight */
    uint32_t cap;
};

/* A combination of values that was met. */
struct met {
    uint64_t place;
    uint32_t fault; /* margin that has no such level; CELL_NONE: none */
    uint32_t cell;  /* without base weights */
};

struct cell_parts {
    struct coded *coded; /* one a field, and one for the base weight */
    uint32_t *dense;     /* by place: number + 1 of what was met; NULL: by hash */
    struct intern hashed;
    struct met *met;
    uint32_t met_count;
    uint32_t met_cap;
    struct intern based; /* cells with base weights: met number, base weight */
    struct cell_key *keys;
    uint32_t cap; /* of keys and counts */
    uint32_t *values;
    struct budget *budget;
    uint64_t charged;
};

/* ---- places ---- */

enum status cell_place_check(const struct weight_plan *plan, struct error *err)
{
    unsigned __int128 places = 1;
    for (size_t f = 0; f < plan->field_count; f++) {
        places *= (unsigned __int128)plan->fields[f].values.count + 1;
        if (places > UINT64_MAX)
            return error_set(err, STATUS_USAGE,
                             "weight: more combinations of levels than can be numbered; take "
                             "fewer fields");
    }
    return STATUS_OK;
}

void cell_place_values(const struct weight_plan *plan, uint64_t place, uint32_t *values)
{
    for (size_t f = 0; f < plan->field_count; f++) {
        const uint64_t room = (uint64_t)plan->fields[f].values.count + 1;
        const uint64_t value = place % room;
        values[f] = value == room - 1 ? WEIGHT_NO_VALUE : (uint32_t)value;
        place /= room;
    }
}

static int64_t digit_of(const struct weight_field *field, struct slice text)
{
    const uint32_t value = weight_plan_value(field, text);
    return value == WEIGHT_NO_VALUE ? field->values.count : value;
}

static int64_t base_of(struct slice text)
{
    int64_t millionths;
    if (slice_missing(text))
        return BASE_MISSING;
    return decimal_parse(text, &millionths) == DECIMAL_OK && millionths >= 0 ? millionths
                                                                             : BASE_BAD;
}

/* ---- life ---- */

enum status cell_worker_new(const struct weight_plan *plan, const struct cell_columns *columns,
                            struct budget *budget, struct cell_worker **worker, struct error *err)
{
    struct cell_worker *made = calloc(1, sizeof *made);
    struct cell_parts *parts = calloc(1, sizeof *parts);
    if (made == NULL || parts == NULL) {
        free(made);
        free(parts);
        return error_no_memory(err);
    }
    *made = (struct cell_worker){.plan = plan, .columns = columns, .parts = parts};
    uint64_t places = 1;
    for (size_t f = 0; f < plan->field_count && places <= DENSE_MAX; f++)
        places *= (uint64_t)plan->fields[f].values.count + 1;
    if (places <= DENSE_MAX)
        parts->dense = calloc(places, sizeof *parts->dense);
    parts->budget = budget;
    parts->coded = calloc(plan->field_count + 1, sizeof *parts->coded);
    parts->values = calloc(plan->field_count + 1, sizeof *parts->values);
    enum status s = STATUS_OK;
    if (parts->coded == NULL || parts->values == NULL ||
        (places <= DENSE_MAX && parts->dense == NULL))
        s = error_no_memory(err);
    for (size_t i = 0; s == STATUS_OK && i <= plan->field_count; i++)
        s = coder_new(&parts->coded[i].coder, err);
    if (s != STATUS_OK) {
        cell_worker_free(made);
        return s;
    }
    *worker = made;
    return STATUS_OK;
}

void cell_worker_free(struct cell_worker *worker)
{
    if (worker == NULL)
        return;
    struct cell_parts *parts = worker->parts;
    for (size_t i = 0; parts->coded != NULL && i <= worker->plan->field_count; i++) {
        coder_free(parts->coded[i].coder);
        free(parts->coded[i].known);
    }
    budget_give(parts->budget, parts->charged);
    intern_free(&parts->hashed);
    intern_free(&parts->based);
    free(parts->coded);
    free(parts->dense);
    free(parts->met);
    free(parts->keys);
    free(parts->values);
    free(parts);
    free(worker->counts);
    free(worker);
}

struct cell_key cell_worker_key(const struct cell_worker *worker, uint32_t cell)
{
    return worker->parts->keys[cell];
}

/* ---- new places and cells ---- */

static enum status charge(struct cell_parts *parts, struct error *err)
{
    const uint64_t held = intern_held(&parts->hashed) + intern_held(&parts->based) +
                          (uint64_t)parts->met_cap * sizeof *parts->met +
                          (uint64_t)parts->cap * (sizeof *parts->keys + sizeof(uint64_t));
    if (held <= parts->charged)
        return STATUS_OK;
    enum status s = budget_take(parts->budget, held - parts->charged, "cells of weights", err);
    if (s == STATUS_OK)
        parts->charged = held;
    return s;
}

static enum status new_cell(struct cell_worker *worker, struct cell_key key, uint32_t *cell,
                            struct error *err)
{
    struct cell_parts *parts = worker->parts;
    if (worker->count == parts->cap) {
        const uint32_t cap = parts->cap == 0 ? 64 : parts->cap * 2;
        struct cell_key *keys = realloc(parts->keys, cap * sizeof *keys);
        if (keys != NULL)
            parts->keys = keys;
        uint64_t *counts = realloc(worker->counts, cap * sizeof *counts);
        if (counts != NULL)
            worker->counts = counts;
        if (keys == NULL || counts == NULL)
            return error_no_memory(err);
        parts->cap = cap;
    }
    *cell = worker->count++;
    parts->keys[*cell] = key;
    worker->counts[*cell] = 0;
    return charge(parts, err);
}

/* The first margin without a level for these values. */
static uint32_t find_fault(const struct cell_worker *worker, uint64_t place)
{
    const struct weight_plan *plan = worker->plan;
    cell_place_values(plan, place, worker->parts->values);
    for (uint32_t m = 0; m < plan->margin_count; m++)
        if (weight_plan_level(&plan->margins[m], worker->parts->values) == INTERN_NONE)
            return m;
    return CELL_NONE;
}

static enum status new_met(struct cell_worker *worker, uint64_t place, struct error *err)
{
    struct cell_parts *parts = worker->parts;
    if (parts->met_count == parts->met_cap) {
        const uint32_t cap = parts->met_cap == 0 ? 64 : parts->met_cap * 2;
        struct met *met = realloc(parts->met, cap * sizeof *met);
        if (met == NULL)
            return error_no_memory(err);
        parts->met = met;
        parts->met_cap = cap;
    }
    struct met *met = &parts->met[parts->met_count++];
    *met = (struct met){.place = place, .fault = find_fault(worker, place), .cell = CELL_NONE};
    if (met->fault != CELL_NONE || worker->columns->base != SCHEMA_NONE)
        return charge(parts, err);
    return new_cell(worker, (struct cell_key){place, DECIMAL_ONE}, &met->cell, err);
}

/* The number of what was met at a place. */
static enum status find_met(struct cell_worker *worker, uint64_t place, uint32_t *number,
                            struct error *err)
{
    struct cell_parts *parts = worker->parts;
    bool added = false;
    if (parts->dense != NULL) {
        *number = parts->dense[place] - 1;
        if (parts->dense[place] != 0)
            return STATUS_OK;
        *number = parts->met_count;
        parts->dense[place] = *number + 1;
        added = true;
    } else {
        *number =
            intern_add(&parts->hashed, (struct slice){(const char *)&place, sizeof place}, &added);
        if (*number == INTERN_NONE)
            return error_no_memory(err);
    }
    return added ? new_met(worker, place, err) : STATUS_OK;
}

static enum status find_based(struct cell_worker *worker, uint32_t number, int64_t base,
                              uint32_t *cell, struct error *err)
{
    struct cell_parts *parts = worker->parts;
    const struct cell_key key = {number, base};
    bool added = false;
    const uint32_t found =
        intern_add(&parts->based, (struct slice){(const char *)&key, sizeof key}, &added);
    if (found == INTERN_NONE)
        return error_no_memory(err);
    *cell = found;
    if (!added)
        return STATUS_OK;
    return new_cell(worker, (struct cell_key){parts->met[number].place, base}, cell, err);
}

/* ---- columns ---- */

/* Codes a column, and works out what is not yet known of its values. */
static enum status follow(struct cell_worker *worker, size_t which, struct batch *batch,
                          size_t column, bool *coded, struct error *err)
{
    struct coded *c = &worker->parts->coded[which];
    enum status s = coder_apply(c->coder, batch, column, coded, err);
    if (s != STATUS_OK || !*coded)
        return s;
    const struct dictionary *d = batch->columns[column].dictionary;
    (void)dictionary_changed(&c->seen, d);
    if (d->count > c->cap) {
        uint32_t cap = c->cap == 0 ? 64 : c->cap;
        while (cap < d->count)
            cap *= 2;
        int64_t *known = realloc(c->known, cap * sizeof *known);
        if (known == NULL)
            return error_no_memory(err);
        c->known = known;
        c->cap = cap;
    }
    for (; c->seen.count < d->count; c->seen.count++) {
        const struct slice value = d->values[c->seen.count];
        c->known[c->seen.count] = which == worker->plan->field_count
                                      ? base_of(value)
                                      : digit_of(&worker->plan->fields[which], value);
    }
    return STATUS_OK;
}

static enum status add_field(struct cell_worker *worker, size_t f, struct batch *batch,
                             uint64_t stride, uint64_t *places, struct error *err)
{
    const size_t column = worker->columns->fields[f];
    bool coded = false;
    enum status s = follow(worker, f, batch, column, &coded, err);
    if (s != STATUS_OK)
        return s;
    if (coded) {
        const int64_t *known = worker->parts->coded[f].known;
        const uint16_t *codes = batch->columns[column].codes;
        for (size_t r = 0; r < batch->record_count; r++)
            places[r] += (uint64_t)known[codes[r]] * stride;
        return STATUS_OK;
    }
    const struct slice *cells = batch_text(batch, column, err);
    if (cells == NULL)
        return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++)
        places[r] += (uint64_t)digit_of(&worker->plan->fields[f], cells[r]) * stride;
    return STATUS_OK;
}

static enum status read_places(struct cell_worker *worker, struct batch *batch, uint64_t *places,
                               struct error *err)
{
    uint64_t stride = 1;
    enum status s = STATUS_OK;
    memset(places, 0, batch->record_count * sizeof *places);
    for (size_t f = 0; s == STATUS_OK && f < worker->plan->field_count; f++) {
        s = add_field(worker, f, batch, stride, places, err);
        stride *= (uint64_t)worker->plan->fields[f].values.count + 1;
    }
    return s;
}

static enum status read_bases(struct cell_worker *worker, struct batch *batch, int64_t *bases,
                              struct error *err)
{
    const size_t column = worker->columns->base;
    const size_t which = worker->plan->field_count;
    bool coded = false;
    enum status s = follow(worker, which, batch, column, &coded, err);
    if (s != STATUS_OK)
        return s;
    if (coded) {
        const uint16_t *codes = batch->columns[column].codes;
        for (size_t r = 0; r < batch->record_count; r++)
            bases[r] = worker->parts->coded[which].known[codes[r]];
        return STATUS_OK;
    }
    const struct slice *cells = batch_text(batch, column, err);
    if (cells == NULL)
        return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++)
        bases[r] = base_of(cells[r]);
    return STATUS_OK;
}

/* ---- refusals ---- */

/* The record's values of a margin: "twitter x 55+". */
static enum status show_values(const struct cell_worker *worker, const struct weight_margin *margin,
                               struct batch *batch, size_t record, char shown[TEXT_ESCAPED_MAX],
                               const char **missing, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    bool ok = buffer_append_text(&text, "");
    *missing = NULL;
    for (size_t i = 0; ok && i < margin->field_count; i++) {
        const struct slice *cells =
            batch_text(batch, worker->columns->fields[margin->fields[i]], err);
        if (cells == NULL) {
            buffer_free(&text);
            return STATUS_IO;
        }
        if (slice_missing(cells[record]) && *missing == NULL)
            *missing = margin->field_names[i];
        ok = (i == 0 || buffer_append_text(&text, " x ")) &&
             buffer_append_slice(&text, cells[record]);
    }
    if (ok)
        (void)text_escape(shown, (struct slice){text.data, text.len});
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status refuse_level(struct cell_worker *worker, struct batch *batch, size_t record,
                                uint32_t fault, struct error *err)
{
    const struct weight_margin *margin = &worker->plan->margins[fault];
    char shown[TEXT_ESCAPED_MAX];
    char name[TEXT_ESCAPED_MAX];
    const char *missing = NULL;
    const size_t before = batch->refusal_count;
    enum status s = show_values(worker, margin, batch, record, shown, &missing, err);
    if (s != STATUS_OK)
        return s;
    const char *advice =
        worker->plan->reject ? "" : "; add it to the margin, or collapse it, or missing: reject";
    text_escape(name, slice_of(margin->name));
    if (missing != NULL)
        s = batch_refuse(batch, record, "level", missing, err,
                         "missing, so that it has no level of margin '%s'%s", name,
                         worker->plan->reject ? "" : "; take missing: reject to leave it out");
    else
        s = batch_refuse(batch, record, "level",
                         margin->field_count == 1 ? margin->field_names[0] : NULL, err,
                         "'%s' is no level of margin '%s'%s", shown, name, advice);
    if (s == STATUS_OK && !worker->plan->reject && batch->refusal_count > before)
        batch->refusals[before].fatal = true;
    return s;
}

static enum status refuse_base(struct cell_worker *worker, struct batch *batch, size_t record,
                               struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    const struct slice *cells = batch_text(batch, worker->columns->base, err);
    if (cells == NULL)
        return STATUS_IO;
    if (slice_missing(cells[record]))
        return batch_refuse(batch, record, "weight", worker->plan->base, err,
                            "missing, where a base weight is wanted");
    return batch_refuse(batch, record, "weight", worker->plan->base, err,
                        "'%s' is no base weight: a number from 0, with at most 6 places",
                        text_escape(shown, cells[record]));
}

static enum status locate_one(struct cell_worker *worker, struct batch *batch, size_t record,
                              uint64_t place, const int64_t *bases, uint32_t *cell,
                              struct error *err)
{
    uint32_t number = 0;
    enum status s = find_met(worker, place, &number, err);
    if (s != STATUS_OK)
        return s;
    const struct met *met = &worker->parts->met[number];
    *cell = met->cell;
    if (met->fault == CELL_NONE && bases == NULL)
        return STATUS_OK;
    *cell = CELL_NONE;
    if (met->fault == CELL_NONE && bases[record] >= 0)
        return find_based(worker, number, bases[record], cell, err);
    worker->refused++;
    return met->fault != CELL_NONE ? refuse_level(worker, batch, record, met->fault, err)
                                   : refuse_base(worker, batch, record, err);
}

enum status cell_worker_locate(struct cell_worker *worker, struct batch *batch, uint32_t *at,
                               struct error *err)
{
    const size_t count = batch->record_count;
    uint64_t *places = arena_alloc(&batch->arena, count * sizeof *places);
    int64_t *bases = NULL;
    if (places == NULL)
        return error_no_memory(err);
    enum status s = read_places(worker, batch, places, err);
    if (s == STATUS_OK && worker->columns->base != SCHEMA_NONE) {
        bases = arena_alloc(&batch->arena, count * sizeof *bases);
        s = bases == NULL ? error_no_memory(err) : read_bases(worker, batch, bases, err);
    }
    for (size_t r = 0; s == STATUS_OK && r < count; r++)
        s = locate_one(worker, batch, r, places[r], bases, &at[r], err);
    return s;
}
