/* bell-normalize - one form for texts, duplicates out, conditions, answers to scores. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/intern.h"
#include "base/text.h"
#include "cli/filter.h"
#include "fields/condition.h"
#include "fields/scoring.h"
#include "fields/text_form.h"
#include "fields/unique.h"
#include "time/time_format.h"

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

struct normalize {
    struct arena arena;
    struct step *steps; /* in the order of doing */
    size_t step_count;

    const struct node *unique_node; /* NULL: duplicates stay */
    bool whole_record;
    size_t *key_columns;
    size_t key_count;
    struct unique seen;

    struct conditions *keep;
    struct scoring *scoring; /* NULL: none */
};

struct normalize_worker {
    struct scoring_worker *scoring;
    struct buffer scratch;
    struct slice *parts; /* of a key */
};

/* Between process() and order(): the keys of a batch. */
struct keys {
    struct hash128 *hashes; /* one a record */
    bool *present;          /* false: never a duplicate */
};

/* ---- making ---- */

static struct step *new_step(struct normalize *self, enum step_kind kind, const char *field,
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

static enum status make_nfc(struct normalize *self, const struct node *list, struct error *err)
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

static enum status make_case(struct normalize *self, const struct node *map, struct error *err)
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

static enum status fill_alias(struct normalize *self, struct step *step, const struct node *values,
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

static enum status make_alias(struct normalize *self, const struct node *map, struct error *err)
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

static enum status make_keep(struct normalize *self, const struct settings *settings,
                             struct error *err)
{
    static const struct {
        const char *key;
        enum condition_sign sign;
    } bounds[] = {{"since", CONDITION_GREATER_EQUAL}, {"until", CONDITION_LESS}};
    int64_t at[2] = {INT64_MIN, INT64_MAX};
    enum status s = conditions_new(&self->keep, err);
    if (s == STATUS_OK)
        s = conditions_add_node(self->keep, settings_node(settings, "keep"), err);
    for (size_t i = 0; s == STATUS_OK && i < 2; i++) {
        const struct node *node = settings_node(settings, bounds[i].key);
        if (node == NULL)
            continue;
        if (!time_parse_option(node_text(node), NULL, &at[i])) {
            char shown[TEXT_ESCAPED_MAX];
            return node_error(node, err,
                              "'%s' is not a time; write 2015-02-24 or 2015-02-24T19:35:52Z",
                              text_escape(shown, slice_of(node_text(node))));
        }
        s = conditions_add(self->keep, "time", bounds[i].sign, node_text(node), node, err);
    }
    if (s == STATUS_OK && at[0] > at[1])
        s = node_error(settings_node(settings, "until"), err,
                       "until is before since: no record can be kept");
    return s;
}

static enum status make(struct normalize *self, const struct settings *settings, struct error *err)
{
    enum status s = make_nfc(self, settings_node(settings, "nfc"), err);
    if (s == STATUS_OK)
        s = make_case(self, settings_node(settings, "case"), err);
    if (s == STATUS_OK)
        s = make_alias(self, settings_node(settings, "alias"), err);
    if (s == STATUS_OK)
        s = make_keep(self, settings, err);
    const struct node *score = settings_node(settings, "score");
    if (s == STATUS_OK && score != NULL)
        s = scoring_new(score, settings->study, &self->scoring, err);
    const struct node *unique = settings_node(settings, "unique");
    if (node_list_count(unique) > 0)
        self->unique_node = unique;
    unique_init(&self->seen, settings->budget);
    return s;
}

/* ---- opening ---- */

static enum status find_field(const struct schema *schema, const char *name,
                              const struct node *node, size_t *column, struct error *err)
{
    enum status s = schema_require(schema, name, column, err);
    if (s != STATUS_OK)
        error_at(err, node->file, node->line, node->column);
    return s;
}

/* Numbers, times and sets have one form each, which no rewriting may break. */
static enum status open_steps(struct normalize *self, const struct schema *schema,
                              struct error *err)
{
    for (size_t i = 0; i < self->step_count; i++) {
        struct step *step = &self->steps[i];
        enum status s = find_field(schema, step->field, step->node, &step->column, err);
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

/* `origin` tells where a record stood, so that no two are alike: it is no part of the whole. */
static void whole_key(struct normalize *self, const struct schema *schema)
{
    for (size_t c = 0; c < schema->count; c++)
        if (strcmp(schema->fields[c].name, "origin") != 0)
            self->key_columns[self->key_count++] = c;
}

static enum status open_unique(struct normalize *self, struct header *header, struct error *err)
{
    const struct node *list = self->unique_node;
    const struct schema *schema = &header->schema;
    if (list == NULL)
        return STATUS_OK;
    size_t count = node_list_count(list);
    self->key_columns =
        arena_calloc(&self->arena, schema->count + count, sizeof *self->key_columns);
    if (self->key_columns == NULL)
        return error_no_memory(err);
    struct buffer key = BUFFER_INIT;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        const char *name = node_text(node_list_item(list, i));
        if (name == NULL)
            s = node_error(node_list_item(list, i), err, "the name of a field is wanted");
        else if (!buffer_appendf(&key, "%s%s", i == 0 ? "" : ",", name))
            s = error_no_memory(err);
        else if (count == 1 && strcmp(name, "all") == 0)
            self->whole_record = true;
        else
            s = find_field(schema, name, node_list_item(list, i),
                           &self->key_columns[self->key_count++], err);
    }
    if (s == STATUS_OK && self->whole_record)
        whole_key(self, schema);
    if (s == STATUS_OK)
        s = header_add_line(header, "unique", key.data, err);
    buffer_free(&key);
    return s;
}

static enum status normalize_open(void *ctx, struct header *header, struct error *err)
{
    struct normalize *self = ctx;
    enum status s = open_steps(self, &header->schema, err);
    if (s == STATUS_OK)
        s = open_unique(self, header, err);
    if (s == STATUS_OK)
        s = conditions_bind(self->keep, &header->schema, err);
    if (s == STATUS_OK && self->scoring != NULL)
        s = scoring_open(self->scoring, header, err);
    return s;
}

/* ---- batches ---- */

static void normalize_worker_free(void *ctx, void *state)
{
    struct normalize_worker *worker = state;
    (void)ctx;
    if (worker == NULL)
        return;
    scoring_worker_free(worker->scoring);
    buffer_free(&worker->scratch);
    free(worker->parts);
    free(worker);
}

static enum status normalize_worker_new(void *ctx, void **state, struct error *err)
{
    const struct normalize *self = ctx;
    struct normalize_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    worker->parts = calloc(self->key_count + 1, sizeof *worker->parts);
    if (worker->parts == NULL)
        s = error_no_memory(err);
    if (s == STATUS_OK && self->scoring != NULL)
        s = scoring_worker_new(self->scoring, &worker->scoring, err);
    if (s != STATUS_OK) {
        normalize_worker_free(ctx, worker);
        return s;
    }
    *state = worker;
    return STATUS_OK;
}

static enum status change_text(const struct step *step, struct batch *batch, size_t record,
                               struct slice *cell, struct error *err)
{
    struct error fault = ERROR_INIT;
    enum status s = step->kind == STEP_NFC
                        ? text_form_nfc(&batch->arena, *cell, cell, &fault)
                        : text_form_case(&batch->arena, step->to, *cell, cell, &fault);
    if (s == STATUS_DATA)
        return batch_refuse(batch, record, "utf8", step->field, err, "%s", fault.text);
    if (s != STATUS_OK)
        return error_set(err, s, "%s", fault.text);
    return STATUS_OK;
}

static enum status do_step(const struct step *step, struct batch *batch, struct error *err)
{
    struct slice *cells = batch_text(batch, step->column, err);
    if (cells == NULL)
        return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++) {
        if (step->kind != STEP_ALIAS) {
            enum status s = change_text(step, batch, r, &cells[r], err);
            if (s != STATUS_OK)
                return s;
        } else if (!slice_missing(cells[r])) {
            uint32_t number = intern_find(&step->from, cells[r]);
            if (number != INTERN_NONE)
                cells[r] = step->into[number];
        }
    }
    return STATUS_OK;
}

static enum status make_keys(const struct normalize *self, struct normalize_worker *worker,
                             struct batch *batch, struct error *err)
{
    struct keys *keys = arena_alloc(&batch->arena, sizeof *keys);
    if (keys == NULL)
        return error_no_memory(err);
    keys->hashes = arena_calloc(&batch->arena, batch->record_count, sizeof *keys->hashes);
    keys->present = arena_calloc(&batch->arena, batch->record_count, sizeof *keys->present);
    if (keys->hashes == NULL || keys->present == NULL)
        return error_no_memory(err);
    for (size_t k = 0; k < self->key_count; k++)
        if (batch_text(batch, self->key_columns[k], err) == NULL)
            return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++) {
        bool present = batch->fates[r] == FATE_LIVE;
        for (size_t k = 0; k < self->key_count; k++) {
            worker->parts[k] = batch->columns[self->key_columns[k]].cells[r];
            present = present && (self->whole_record || !slice_missing(worker->parts[k]));
        }
        keys->present[r] = present;
        if (present &&
            !unique_hash(worker->parts, self->key_count, &worker->scratch, &keys->hashes[r]))
            return error_no_memory(err);
    }
    batch->extra = keys;
    return STATUS_OK;
}

static enum status drop_unwanted(const struct normalize *self, struct batch *batch,
                                 struct error *err)
{
    if (conditions_count(self->keep) == 0)
        return STATUS_OK;
    enum status s = conditions_prepare(self->keep, batch, err);
    for (size_t r = 0; s == STATUS_OK && r < batch->record_count; r++)
        if (batch->fates[r] == FATE_LIVE && !conditions_hold(self->keep, batch, r))
            batch_drop(batch, r);
    return s;
}

static enum status normalize_process(void *ctx, void *state, struct batch *batch, struct error *err)
{
    const struct normalize *self = ctx;
    struct normalize_worker *worker = state;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < self->step_count; i++)
        s = do_step(&self->steps[i], batch, err);
    if (s == STATUS_OK && self->unique_node != NULL)
        s = make_keys(self, worker, batch, err);
    if (s == STATUS_OK)
        s = drop_unwanted(self, batch, err);
    if (s == STATUS_OK && self->scoring != NULL)
        s = scoring_apply(self->scoring, worker->scoring, batch, err);
    return s;
}

/* Duplicates are found here, where the first is known.  The keys are those of all records that
 * came as far as `unique`: one that `keep` or the scale took out later still is the first of its
 * kind, and a repetition of it is a repetition, whatever else is wrong with it. */
static enum status normalize_order(void *ctx, struct batch *batch, struct error *err)
{
    struct normalize *self = ctx;
    const struct keys *keys = batch->extra;
    if (self->unique_node == NULL)
        return STATUS_OK;
    for (size_t r = 0; r < batch->record_count; r++) {
        bool seen = false;
        if (!keys->present[r])
            continue;
        enum status s = unique_add(&self->seen, keys->hashes[r], &seen, err);
        if (s != STATUS_OK)
            return s;
        if (seen && batch->fates[r] == FATE_REFUSED)
            batch->fates[r] = FATE_DROPPED;
        else if (seen)
            batch_drop(batch, r);
    }
    return STATUS_OK;
}

static void normalize_free(void *ctx)
{
    struct normalize *self = ctx;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->step_count; i++)
        intern_free(&self->steps[i].from);
    free(self->steps);
    unique_free(&self->seen);
    conditions_free(self->keep);
    scoring_free(self->scoring);
    arena_free(&self->arena);
    free(self);
}

static const struct stage_ops normalize_ops = {
    .open = normalize_open,
    .worker_new = normalize_worker_new,
    .worker_free = normalize_worker_free,
    .process = normalize_process,
    .order = normalize_order,
    .free = normalize_free,
};

static enum status normalize_make_stage(const struct settings *settings, struct stage *stage,
                                        struct error *err)
{
    struct normalize *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_no_memory(err);
    enum status s = make(self, settings, err);
    if (s != STATUS_OK) {
        normalize_free(self);
        return s;
    }
    *stage = (struct stage){
        .ops = &normalize_ops,
        .self = self,
        .program = settings->program,
        .command = settings->command,
    };
    return STATUS_OK;
}

const struct filter filter_normalize = {
    .name = "normalize",
    .args_doc = "[FILE...]",
    .summary = "bring texts to one form, drop duplicates, turn answers into scores",
    .doc = "In this order: Unicode form NFC, letter case and aliases of fields; duplicates out, "
           "the first of them kept (unique); records out that do not meet the conditions (keep, "
           "since, until); answers read on a scale, which adds the fields score, scale and "
           "unscored.  Without any of these the records pass unchanged.",
    .input = FILTER_IN_STREAM,
    .gathers = false,
    .common = "study output compress text force threads rejects max-rejects max-memory progress "
              "no-provenance no-end quiet verbose",
    .make_stage = normalize_make_stage,
};
