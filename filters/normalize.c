/* bell-normalize - one form for texts, duplicates out, conditions, answers to scores. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/filter.h"
#include "fields/condition.h"
#include "fields/rewrite.h"
#include "fields/scoring.h"
#include "fields/unique.h"
#include "time/time_format.h"

struct normalize {
    struct arena arena;
    struct rewrites *rewrites;
    size_t field_count; /* of the input */

    const struct node *unique_node; /* NULL: duplicates stay */
    bool whole_record;
    size_t *key_columns;
    size_t key_count;
    struct unique seen;

    struct conditions *keep;
    struct scoring *scoring; /* NULL: none */
};

struct normalize_worker {
    struct rewrites_worker *rewrites;
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
    enum status s = rewrites_new(settings_node(settings, "nfc"), settings_node(settings, "case"),
                                 settings_node(settings, "alias"), &self->rewrites, err);
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
            s = node_require_field(node_list_item(list, i), schema, name,
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
    self->field_count = header->schema.count;
    enum status s = rewrites_open(self->rewrites, &header->schema, err);
    if (s == STATUS_OK)
        s = open_unique(self, header, err);
    if (s == STATUS_OK)
        s = conditions_bind(self->keep, &header->schema, err);
    if (s == STATUS_OK && self->scoring != NULL)
        s = scoring_open(self->scoring, header, err);
    return s;
}

static void normalize_reads(void *ctx, const bool *wanted, bool *fields)
{
    const struct normalize *self = ctx;
    memcpy(fields, wanted, self->field_count * sizeof *fields);
    rewrites_reads(self->rewrites, fields);
    for (size_t k = 0; k < self->key_count; k++)
        fields[self->key_columns[k]] = true;
    conditions_reads(self->keep, fields);
    if (self->scoring != NULL)
        scoring_reads(self->scoring, fields);
}

/* ---- batches ---- */

static void normalize_worker_free(void *ctx, void *state)
{
    struct normalize_worker *worker = state;
    (void)ctx;
    if (worker == NULL)
        return;
    rewrites_worker_free(worker->rewrites);
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
    if (s == STATUS_OK)
        s = rewrites_worker_new(self->rewrites, &worker->rewrites, err);
    if (s == STATUS_OK && self->scoring != NULL)
        s = scoring_worker_new(&worker->scoring, err);
    if (s != STATUS_OK) {
        normalize_worker_free(ctx, worker);
        return s;
    }
    *state = worker;
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
    enum status s = rewrites_apply(self->rewrites, worker->rewrites, batch, err);
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
    rewrites_free(self->rewrites);
    unique_free(&self->seen);
    conditions_free(self->keep);
    scoring_free(self->scoring);
    arena_free(&self->arena);
    free(self);
}

static const struct stage_ops normalize_ops = {
    .open = normalize_open,
    .reads = normalize_reads,
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
