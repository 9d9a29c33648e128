/* rules_apply.c - labels for the records of a batch.
 *
 * The texts of a record are read once for all labels that have the same `from`: one pass for
 * all phrases, then the rules in order, a regex only where everything else of its rule holds.
 * What depends on these texts alone (the phrases found, labels without conditions) is
 * remembered by text, for bios and names come back again and again; a memory that is seldom
 * asked for what it holds is given up.
 */
#include "labels/rules.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/intern.h"
#include "labels/rules_plan.h"

enum {
    MEMO_TEXT_MAX = 512,              /* longer texts seldom come back */
    MEMO_ENTRIES_MAX = 65536,         /* then it is emptied */
    MEMO_BYTES_MAX = 4 * 1024 * 1024, /* likewise */
    MEMO_TRIAL = 8192                 /* lookups before it is judged */
};

/* What is known of a text, or of the several texts of a `from`. */
struct reading {
    uint64_t *found;      /* phrases */
    struct slice *values; /* by slot: of labels without conditions */
};

struct memo {
    struct intern keys;
    struct arena arena;        /* readings */
    struct reading **readings; /* by number of the key; NULL: refused */
    size_t cap;
    size_t bytes; /* of the readings */
    uint64_t asked;
    uint64_t known;
    bool given_up;
};

struct group_work {
    struct memo memo;
    struct reading own;            /* of a record that is not remembered */
    const struct reading *reading; /* of the record at hand; NULL: not yet read */
    struct slice **cells;          /* by field */
};

struct rules_worker {
    struct phrases_scratch *phrases;
    struct regex_scratch *regex;
    struct group_work *groups;
    size_t group_count;
    struct reading nothing; /* for labels without `from` */
    struct slice **labels;  /* cells of the new columns */
    bool *chosen;           /* for sets: by name */
    struct buffer text;     /* keys, sets */
    struct arena arena;
};

/* The record at hand. */
struct work {
    const struct rules *rules;
    struct rules_worker *worker;
    struct batch *batch;
    size_t record;
    bool refused;
};

static void memo_clear(struct memo *memo)
{
    intern_free(&memo->keys);
    memo->keys = (struct intern)INTERN_INIT;
    arena_reset(&memo->arena);
    memo->bytes = 0;
}

static void memo_free(struct memo *memo)
{
    intern_free(&memo->keys);
    arena_free(&memo->arena);
    free(memo->readings);
}

/* A memory that is full starts again, or ends if it knew too little. */
static void memo_judge(struct memo *memo)
{
    bool full = memo->keys.count >= MEMO_ENTRIES_MAX ||
                memo->bytes + intern_held(&memo->keys) > MEMO_BYTES_MAX;

    if (memo->asked >= MEMO_TRIAL && memo->known < memo->asked / 4)
        memo->given_up = true;
    if (full || memo->given_up) {
        memo_clear(memo);
        memo->asked = memo->known = 0;
    }
}

static size_t reading_size(size_t words, size_t slots)
{
    return sizeof(struct reading) + words * sizeof(uint64_t) + slots * sizeof(struct slice);
}

static bool reading_make(struct reading *reading, struct arena *arena, size_t words, size_t slots)
{
    reading->found = arena_calloc(arena, words, sizeof(*reading->found));
    reading->values = arena_calloc(arena, slots, sizeof(*reading->values));
    return reading->found != NULL && reading->values != NULL;
}

enum status rules_worker_new(const struct rules *rules, struct rules_worker **worker,
                             struct error *err)
{
    size_t words = phrases_words(rules->phrases);
    size_t names = 0;
    struct rules_worker *new = calloc(1, sizeof(*new));

    *worker = NULL;
    if (new == NULL)
        return error_no_memory(err);
    for (size_t l = 0; l < rules->label_count; l++)
        if (rules->labels[l].name_count > names)
            names = rules->labels[l].name_count;
    new->groups = arena_calloc(&new->arena, rules->group_count, sizeof(*new->groups));
    new->labels = arena_calloc(&new->arena, rules->label_count, sizeof(*new->labels));
    new->chosen = arena_calloc(&new->arena, names, sizeof(*new->chosen));
    bool ok = new->groups != NULL &&new->labels != NULL &&new->chosen !=
              NULL &&reading_make(&new->nothing, &new->arena, words, 0);
    for (size_t g = 0; ok && g < rules->group_count; g++) {
        struct group_work *group = &new->groups[new->group_count++];
        group->cells =
            arena_calloc(&new->arena, rules->groups[g].field_count, sizeof(*group->cells));
        ok = group->cells != NULL &&
             reading_make(&group->own, &new->arena, words, rules->groups[g].slot_count);
    }
    enum status s =
        ok ? phrases_scratch_new(rules->phrases, &new->phrases, err) : error_no_memory(err);
    if (s == STATUS_OK)
        s = regex_scratch_new(&new->regex, err);
    if (s != STATUS_OK) {
        rules_worker_free(new);
        return s;
    }
    *worker = new;
    return STATUS_OK;
}

void rules_worker_free(struct rules_worker *worker)
{
    if (worker == NULL)
        return;
    for (size_t g = 0; g < worker->group_count; g++)
        memo_free(&worker->groups[g].memo);
    phrases_scratch_free(worker->phrases);
    regex_scratch_free(worker->regex);
    buffer_free(&worker->text);
    arena_free(&worker->arena);
    free(worker);
}

static bool any_found(const struct phrase_list *list, const uint64_t *found)
{
    for (size_t i = 0; i < list->count; i++)
        if (phrases_has(found, list->ids[i]))
            return true;
    return false;
}

static bool all_found(const struct phrase_list *list, const uint64_t *found)
{
    for (size_t i = 0; i < list->count; i++)
        if (!phrases_has(found, list->ids[i]))
            return false;
    return true;
}

static enum status refuse(struct work *work, const struct rule *rule, const char *field,
                          enum regex_result result, struct error *err)
{
    const struct node *at = rule->regex_node;

    work->refused = true;
    if (result == REGEX_NOT_UTF8)
        return batch_refuse(work->batch, work->record, "utf8", field, err,
                            "the text is not UTF-8, so the regex of %s:%" PRIu64 ":%" PRIu64
                            " cannot read it",
                            at->file, at->line, at->column);
    return batch_refuse(work->batch, work->record, "regex", field, err,
                        "the regex of %s:%" PRIu64 ":%" PRIu64
                        " takes too many steps on this text; make it simpler",
                        at->file, at->line, at->column);
}

/* Whether the regex of a rule matches in any field. */
static enum status regex_holds(struct work *work, const struct label *label,
                               const struct rule *rule, bool *holds, struct error *err)
{
    const struct group *group = &work->rules->groups[label->group];
    struct slice *const *cells = work->worker->groups[label->group].cells;

    *holds = false;
    for (size_t f = 0; f < group->field_count && !*holds; f++) {
        enum regex_result result;
        enum status s =
            regex_match(rule->regex, work->worker->regex, cells[f][work->record], &result, err);
        if (s != STATUS_OK)
            return s;
        if (result == REGEX_LIMIT || result == REGEX_NOT_UTF8)
            return refuse(work, rule, group->names[f], result, err);
        *holds = result == REGEX_YES;
    }
    return STATUS_OK;
}

static enum status rule_holds(struct work *work, const struct label *label, const struct rule *rule,
                              const uint64_t *found, bool *holds, struct error *err)
{
    *holds = (rule->any.count == 0 || any_found(&rule->any, found)) &&
             all_found(&rule->all, found) &&
             (rule->where == NULL || conditions_hold(rule->where, work->batch, work->record));
    if (!*holds || rule->regex == NULL)
        return STATUS_OK;
    return regex_holds(work, label, rule, holds, err);
}

/* The chosen names, joined; the text lives in the arena. */
static enum status join_set(struct rules_worker *worker, const struct label *label,
                            struct arena *arena, struct slice *value, struct error *err)
{
    size_t count = 0;

    buffer_clear(&worker->text);
    for (size_t n = 0; n < label->name_count; n++) {
        if (!worker->chosen[n])
            continue;
        if (count++ > 0 && !buffer_append_byte(&worker->text, ','))
            return error_no_memory(err);
        if (!buffer_append_slice(&worker->text, label->names[n]))
            return error_no_memory(err);
    }
    if (count == 0) {
        *value = slice_missing(label->otherwise) ? SLICE_LITERAL("") : label->otherwise;
        return STATUS_OK;
    }
    const char *copy = arena_copy(arena, worker->text.data, worker->text.len);
    *value = (struct slice){copy, worker->text.len};
    return copy == NULL ? error_no_memory(err) : STATUS_OK;
}

static enum status choose_set(struct work *work, const struct label *label, const uint64_t *found,
                              struct arena *arena, struct slice *value, struct error *err)
{
    bool *chosen = work->worker->chosen;

    memset(chosen, 0, label->name_count * sizeof(*chosen));
    for (size_t r = 0; r < label->rule_count; r++) {
        const struct rule *rule = &label->rules[r];
        if (chosen[rule->name])
            continue;
        enum status s = rule_holds(work, label, rule, found, &chosen[rule->name], err);
        if (s != STATUS_OK || work->refused)
            return s;
    }
    return join_set(work->worker, label, arena, value, err);
}

static enum status choose(struct work *work, const struct label *label, const uint64_t *found,
                          struct arena *arena, struct slice *value, struct error *err)
{
    if (label->set)
        return choose_set(work, label, found, arena, value, err);
    for (size_t r = 0; r < label->rule_count; r++) {
        bool holds = false;
        enum status s = rule_holds(work, label, &label->rules[r], found, &holds, err);
        if (s != STATUS_OK || work->refused)
            return s;
        if (holds) {
            *value = label->rules[r].label;
            return STATUS_OK;
        }
    }
    *value = label->otherwise;
    return STATUS_OK;
}

static enum status read_texts(struct work *work, size_t g, struct reading *reading,
                              struct arena *arena, struct error *err)
{
    const struct rules *rules = work->rules;
    struct group_work *group = &work->worker->groups[g];
    enum status s = STATUS_OK;

    memset(reading->found, 0, phrases_words(rules->phrases) * sizeof(*reading->found));
    for (size_t f = 0; f < rules->groups[g].field_count; f++)
        if (!slice_missing(group->cells[f][work->record]))
            phrases_match(rules->phrases, work->worker->phrases, group->cells[f][work->record],
                          reading->found);
    for (size_t l = 0; l < rules->label_count && s == STATUS_OK && !work->refused; l++) {
        const struct label *label = &rules->labels[l];
        if (label->group == g && label->remembers)
            s = choose(work, label, reading->found, arena, &reading->values[label->slot], err);
    }
    return s;
}

/* The texts of a `from` as one; false if they are too long to be remembered. */
static bool make_key(struct work *work, size_t g, struct slice *key)
{
    const struct group *group = &work->rules->groups[g];
    struct slice *const *cells = work->worker->groups[g].cells;
    struct buffer *text = &work->worker->text;
    size_t total = 0;

    for (size_t f = 0; f < group->field_count; f++) {
        if (cells[f][work->record].len > MEMO_TEXT_MAX)
            return false;
        total += cells[f][work->record].len + 1 + sizeof(size_t);
    }
    *key = cells[0][work->record];
    if (group->field_count == 1)
        return true;
    if (total > MEMO_TEXT_MAX)
        return false;
    buffer_clear(text);
    for (size_t f = 0; f < group->field_count; f++) {
        struct slice cell = cells[f][work->record];
        if (!buffer_append_byte(text, slice_missing(cell) ? 0 : 1) ||
            !buffer_append(text, &cell.len, sizeof(cell.len)) || !buffer_append_slice(text, cell))
            return false;
    }
    *key = (struct slice){text->data, text->len};
    return true;
}

static bool memo_reserve(struct memo *memo, size_t count)
{
    if (count <= memo->cap)
        return true;
    size_t cap = memo->cap == 0 ? 64 : memo->cap * 2;
    struct reading **readings = realloc(memo->readings, cap * sizeof(*readings));
    if (readings == NULL)
        return false;
    memo->readings = readings;
    memo->cap = cap;
    return true;
}

/* Reads the record's texts for a group, or remembers them. */
static enum status read_group(struct work *work, size_t g, struct error *err)
{
    struct group_work *group = &work->worker->groups[g];
    struct memo *memo = &group->memo;
    struct slice key;
    bool added = false;

    if (!memo->given_up)
        memo_judge(memo);
    if (memo->given_up || !make_key(work, g, &key)) {
        group->reading = &group->own;
        return read_texts(work, g, &group->own, &work->batch->arena, err);
    }
    if (!memo_reserve(memo, (size_t)memo->keys.count + 1))
        return error_no_memory(err);
    uint32_t number = intern_add(&memo->keys, key, &added);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    memo->asked++;
    if (!added && memo->readings[number] != NULL) {
        memo->known++;
        group->reading = memo->readings[number];
        return STATUS_OK;
    }
    size_t words = phrases_words(work->rules->phrases);
    size_t slots = work->rules->groups[g].slot_count;
    struct reading *reading = arena_calloc(&memo->arena, 1, sizeof(*reading));
    if (reading == NULL || !reading_make(reading, &memo->arena, words, slots))
        return error_no_memory(err);
    memo->bytes += reading_size(words, slots);
    enum status s = read_texts(work, g, reading, &memo->arena, err);
    memo->readings[number] = s == STATUS_OK && !work->refused ? reading : NULL;
    group->reading = reading;
    return s;
}

static enum status label_record(struct work *work, struct error *err)
{
    struct rules_worker *worker = work->worker;

    for (size_t g = 0; g < worker->group_count; g++)
        worker->groups[g].reading = NULL;
    for (size_t l = 0; l < work->rules->label_count; l++) {
        const struct label *label = &work->rules->labels[l];
        struct slice *cell = &worker->labels[l][work->record];
        const struct reading *reading = &worker->nothing;
        enum status s = STATUS_OK;

        if (label->group != GROUP_NONE) {
            if (worker->groups[label->group].reading == NULL)
                s = read_group(work, label->group, err);
            reading = worker->groups[label->group].reading;
        }
        if (s != STATUS_OK || work->refused)
            return s;
        if (label->group == GROUP_NONE || !label->remembers)
            s = choose(work, label, reading->found, &work->batch->arena, cell, err);
        else if (!label->set)
            *cell = reading->values[label->slot];
        else if (!batch_store(work->batch, reading->values[label->slot], cell))
            s = error_no_memory(err); /* a copy: the memory may be emptied before the batch is */
        if (s != STATUS_OK || work->refused)
            return s;
    }
    return STATUS_OK;
}

static enum status prepare(const struct rules *rules, struct rules_worker *worker,
                           struct batch *batch, struct error *err)
{
    enum status s;

    for (size_t l = 0; l < rules->label_count; l++) {
        size_t column;
        s = batch_add_column(batch, &column, err);
        if (s != STATUS_OK)
            return s;
        if (column != rules->labels[l].column)
            return error_set(err, STATUS_IO, "a batch has other fields than its header");
    }
    for (size_t l = 0; l < rules->label_count; l++) {
        worker->labels[l] = batch_text(batch, rules->labels[l].column, err);
        if (worker->labels[l] == NULL)
            return err == NULL ? STATUS_IO : err->code;
        for (size_t r = 0; r < rules->labels[l].rule_count; r++) {
            if (rules->labels[l].rules[r].where == NULL)
                continue;
            s = conditions_prepare(rules->labels[l].rules[r].where, batch, err);
            if (s != STATUS_OK)
                return s;
        }
    }
    for (size_t g = 0; g < rules->group_count; g++) {
        for (size_t f = 0; f < rules->groups[g].field_count; f++) {
            worker->groups[g].cells[f] = batch_text(batch, rules->groups[g].fields[f], err);
            if (worker->groups[g].cells[f] == NULL)
                return err == NULL ? STATUS_IO : err->code;
        }
    }
    return STATUS_OK;
}

enum status rules_apply(const struct rules *rules, struct rules_worker *worker, struct batch *batch,
                        struct error *err)
{
    enum status s = prepare(rules, worker, batch, err);

    for (size_t r = 0; s == STATUS_OK && r < batch->record_count; r++) {
        struct work work = {.rules = rules, .worker = worker, .batch = batch, .record = r};
        if (batch->fates[r] == FATE_LIVE)
            s = label_record(&work, err);
    }
    return s;
}
