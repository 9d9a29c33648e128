#include "fields/rewrite.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/intern.h"
#include "fields/text_form.h"
#include "records/coder.h"

enum step_kind { STEP_NFC, STEP_CASE, STEP_ALIAS };

/* What is done to one field. */
struct step {
    enum step_kind kind;
    const char *field;
    const struct node *node; /* for places of messages */
    size_t column;
    enum text_case to;
    struct intern from; /* alias: values to replace, by number ... */
    struct slice *into; /* ... and what to write instead */
};

struct rewrites {
    struct arena arena;
    struct step *steps; /* in the order of doing */
    size_t step_count;
};

struct step_work {
    struct coder *coder;
    struct derived made; /* of the values of the column */
};

struct rewrites_worker {
    size_t count;
    struct step_work steps[];
};

/* ---- making ---- */

static struct step *new_step(struct rewrites *self, enum step_kind kind, const char *field,
                             const struct node *node)
{
    struct step *steps = realloc(self->steps, (self->step_count + 1) * sizeof *steps);
    if (steps == NULL)
        return NULL;
    self->steps = steps;
    steps[self->step_count] =
        (struct step){.kind = kind, .field = field, .node = node, .from = INTERN_INIT};
    return &steps[self->step_count++];
}

static enum status make_nfc(struct rewrites *self, const struct node *list, struct error *err)
{
    for (size_t i = 0; i < node_list_count(list); i++) {
        const struct node *item = node_list_item(list, i);
        if (node_text(item) == NULL)
            return node_error(item, err, "the name of a field is wanted");
        if (new_step(self, STEP_NFC, node_text(item), item) == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

static enum status make_case(struct rewrites *self, const struct node *map, struct error *err)
{
    static const char *const words[] = {
        [TEXT_CASE_FOLD] = "fold", [TEXT_CASE_LOWER] = "lower", [TEXT_CASE_UPPER] = "upper"};
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        const char *word = node_text(map->items[i]);
        size_t to = 0;
        while (to < 3 && (word == NULL || strcmp(word, words[to]) != 0))
            to++;
        if (to == 3)
            return node_error(map->items[i], err, "case is fold, lower or upper");
        struct step *step = new_step(self, STEP_CASE, map->keys[i], map->items[i]);
        if (step == NULL)
            return error_no_memory(err);
        step->to = (enum text_case)to;
    }
    return STATUS_OK;
}

static enum status fill_alias(struct rewrites *self, struct step *step, const struct node *values,
                              struct error *err)
{
    step->into = arena_calloc(&self->arena, values->count, sizeof *step->into);
    if (step->into == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < values->count; i++) {
        const char *into = node_text(values->items[i]);
        if (into == NULL)
            return node_error(values->items[i], err,
                              "the value to write is wanted; for a missing one write \"\"");
        uint32_t number = intern_add(&step->from, slice_of(values->keys[i]), NULL);
        if (number == INTERN_NONE)
            return error_no_memory(err);
        step->into[number] = into[0] == '\0' ? SLICE_MISSING : slice_of(into);
    }
    return STATUS_OK;
}

static enum status make_alias(struct rewrites *self, const struct node *map, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && map != NULL && i < map->count; i++) {
        const struct node *values = map->items[i];
        if (values->kind != NODE_MAP)
            return node_error(values, err, "a map of values to their replacement is wanted");
        struct step *step = new_step(self, STEP_ALIAS, map->keys[i], values);
        if (step == NULL)
            return error_no_memory(err);
        s = fill_alias(self, step, values, err);
    }
    return s;
}

enum status rewrites_new(const struct node *nfc, const struct node *cases, const struct node *alias,
                         struct rewrites **rewrites, struct error *err)
{
    struct rewrites *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    enum status s = make_nfc(made, nfc, err);
    if (s == STATUS_OK)
        s = make_case(made, cases, err);
    if (s == STATUS_OK)
        s = make_alias(made, alias, err);
    if (s != STATUS_OK) {
        rewrites_free(made);
        return s;
    }
    *rewrites = made;
    return STATUS_OK;
}

void rewrites_free(struct rewrites *rewrites)
{
    if (rewrites == NULL)
        return;
    for (size_t i = 0; i < rewrites->step_count; i++)
        intern_free(&rewrites->steps[i].from);
    free(rewrites->steps);
    arena_free(&rewrites->arena);
    free(rewrites);
}

/* ---- opening ---- */

/* Numbers, times and sets have one form each, which no rewriting may break. */
enum status rewrites_open(struct rewrites *self, const struct schema *schema, struct error *err)
{
    for (size_t i = 0; i < self->step_count; i++) {
        struct step *step = &self->steps[i];
        enum status s = node_require_field(step->node, schema, step->field, &step->column, err);
        if (s != STATUS_OK)
            return s;
        enum field_type type = schema->fields[step->column].type;
        if (type != FIELD_STR && type != FIELD_ID)
            return node_error(step->node, err,
                              "field %.100s is %s; its text cannot be changed (only str and id)",
                              step->field, field_type_name(type));
    }
    return STATUS_OK;
}

void rewrites_reads(const struct rewrites *rewrites, bool *fields)
{
    for (size_t i = 0; i < rewrites->step_count; i++)
        fields[rewrites->steps[i].column] = true;
}

enum status rewrites_worker_new(const struct rewrites *rewrites, struct rewrites_worker **worker,
                                struct error *err)
{
    struct rewrites_worker *made =
        calloc(1, sizeof *made + rewrites->step_count * sizeof made->steps[0]);
    enum status s = made == NULL ? error_no_memory(err) : STATUS_OK;
    while (s == STATUS_OK && made->count < rewrites->step_count)
        s = coder_new(&made->steps[made->count++].coder, err);
    if (s != STATUS_OK) {
        rewrites_worker_free(made);
        return s;
    }
    *worker = made;
    return STATUS_OK;
}

void rewrites_worker_free(struct rewrites_worker *worker)
{
    for (size_t i = 0; worker != NULL && i < worker->count; i++) {
        coder_free(worker->steps[i].coder);
        derived_free(&worker->steps[i].made);
    }
    free(worker);
}

/* ---- batches ---- */

/* STATUS_DATA if the text is no UTF-8, or has no such form; fault then says why. */
static enum status rewrite_text(const struct step *step, struct arena *arena, struct slice *cell,
                                struct error *fault)
{
    if (step->kind == STEP_NFC)
        return text_form_nfc(arena, *cell, cell, fault);
    if (step->kind == STEP_CASE)
        return text_form_case(arena, step->to, *cell, cell, fault);
    uint32_t number = slice_missing(*cell) ? INTERN_NONE : intern_find(&step->from, *cell);
    if (number != INTERN_NONE)
        *cell = step->into[number];
    return STATUS_OK;
}

static enum status rewrite_records(const struct step *step, struct batch *batch, struct error *err)
{
    struct slice *cells = batch_change(batch, step->column, err);
    if (cells == NULL)
        return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++) {
        struct error fault = ERROR_INIT;
        enum status s = rewrite_text(step, &batch->arena, &cells[r], &fault);
        if (s == STATUS_DATA)
            s = batch_refuse(batch, r, "utf8", step->field, err, "%s", fault.text);
        else if (s != STATUS_OK)
            return error_set(err, s, "%s", fault.text);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

/* Once a value.  *done false: one of them is at fault, and its records must be found. */
static enum status rewrite_values(const struct step *step, struct step_work *work,
                                  struct batch_column *column, bool *done, struct error *err)
{
    const struct dictionary *from = column->dictionary;
    struct derived *made = &work->made;
    derived_follow(made, from);
    while (made->own.count < from->count) {
        struct slice value = from->values[made->own.count];
        struct error fault = ERROR_INIT;
        enum status s = rewrite_text(step, &made->arena, &value, &fault);
        *done = s == STATUS_OK;
        if (s == STATUS_DATA)
            return STATUS_OK;
        if (s != STATUS_OK)
            return error_set(err, s, "%s", fault.text);
        if (!derived_add(made, value))
            return error_no_memory(err);
    }
    *done = true;
    column->dictionary = &made->own;
    column->cells = NULL;
    column->in_rows = false;
    return STATUS_OK;
}

enum status rewrites_apply(const struct rewrites *rewrites, struct rewrites_worker *worker,
                           struct batch *batch, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < rewrites->step_count; i++) {
        const struct step *step = &rewrites->steps[i];
        struct step_work *work = &worker->steps[i];
        bool done = false;
        s = coder_apply(work->coder, batch, step->column, &done, err);
        if (s == STATUS_OK && done)
            s = rewrite_values(step, work, &batch->columns[step->column], &done, err);
        if (s == STATUS_OK && !done)
            s = rewrite_records(step, batch, err);
    }
    return s;
}
