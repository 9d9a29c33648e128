/* rules_apply.c - labels for the records of a batch.
 *
 * A field is read once for all labels that look at it: one pass for all phrases.  Where its
 * values repeat (bios, names) it is coded, and then the phrases of each value are found once in
 * the life of its dictionary; so is the label, if it depends on that field alone.  A regex is
 * tried only where everything else of its rule holds.
 */
#include "labels/rules.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "labels/rules_plan.h"
#include "records/coder.h"

enum {
    FOUND_MAX = 1024 * 1024, /* words of phrases that are kept for a field, by record or value */
    SETS_MAX = 256           /* joined sets that a worker keeps */
};

/* Instead of a number of a choice: the label must be worked out for the record itself. */
#define CHOICE_SINGLE UINT16_MAX

/* One field, as a worker reads it. */
struct reading {
    struct coder *coder;
    struct dictionary_seen seen;
    uint64_t *found;   /* phrases by value */
    uint16_t *choices; /* by value and slot: of labels that read this field alone */
    uint32_t cap;      /* of both, in values */

    /* Of the batch at hand. */
    bool ready;
    const uint16_t *codes;     /* NULL: it is not coded */
    const struct slice *cells; /* then they are laid out */
    uint64_t *of_record;       /* phrases by record; NULL: too many to be kept */
    uint64_t *own;             /* room for those of one record */
    const struct batch_column *column;
};

/* Sets of names of a label that were joined before. */
struct joined {
    uint64_t *masks;
    struct slice *texts;
    size_t count;
};

struct rules_worker {
    const struct rules *rules;
    struct phrases_scratch *phrases;
    struct regex_scratch *regex;
    struct reading *readings; /* one a text of the rules */
    struct joined *joined;    /* one a label */
    size_t words;             /* of a set of phrases */
    uint64_t *found;          /* of a record, over several fields */
    bool *chosen;             /* for sets: by name */
    struct buffer text;
    struct arena arena; /* as long as the worker */
};

/* A record, or a value (record is not used then), on its way through the rules. */
struct work {
    const struct rules *rules;
    struct rules_worker *worker;
    struct batch *batch;
    size_t record;
    const struct slice *value; /* NULL: a record */
    bool single;               /* a value: it must be looked at record by record */
    bool refused;              /* a record */
};

/* ---- life ---- */

enum status rules_worker_new(const struct rules *rules, struct rules_worker **worker,
                             struct error *err)
{
    struct rules_worker *made = calloc(1, sizeof(*made));
    size_t names = 0;

    *worker = NULL;
    if (made == NULL)
        return error_no_memory(err);
    made->rules = rules;
    made->words = phrases_words(rules->phrases);
    for (size_t l = 0; l < rules->label_count; l++)
        if (rules->labels[l].name_count > names)
            names = rules->labels[l].name_count;
    made->readings = arena_calloc(&made->arena, rules->text_count, sizeof(*made->readings));
    made->joined = arena_calloc(&made->arena, rules->label_count, sizeof(*made->joined));
    made->chosen = arena_calloc(&made->arena, names, sizeof(*made->chosen));
    made->found = arena_calloc(&made->arena, made->words, sizeof(*made->found));
    bool ok = made->readings != NULL && made->joined != NULL && made->chosen != NULL &&
              made->found != NULL;
    enum status s =
        ok ? phrases_scratch_new(rules->phrases, &made->phrases, err) : error_no_memory(err);
    if (s == STATUS_OK)
        s = regex_scratch_new(&made->regex, err);
    for (size_t t = 0; s == STATUS_OK && t < rules->text_count; t++) {
        struct reading *reading = &made->readings[t];
        reading->own = arena_calloc(&made->arena, made->words, sizeof(*reading->own));
        s = reading->own == NULL ? error_no_memory(err) : coder_new(&reading->coder, err);
    }
    if (s != STATUS_OK) {
        rules_worker_free(made);
        return s;
    }
    *worker = made;
    return STATUS_OK;
}

void rules_worker_free(struct rules_worker *worker)
{
    if (worker == NULL)
        return;
    for (size_t t = 0; worker->readings != NULL && t < worker->rules->text_count; t++) {
        coder_free(worker->readings[t].coder);
        free(worker->readings[t].found);
        free(worker->readings[t].choices);
    }
    phrases_scratch_free(worker->phrases);
    regex_scratch_free(worker->regex);
    buffer_free(&worker->text);
    arena_free(&worker->arena);
    free(worker);
}

/* ---- one rule, one label ---- */

static bool any_found(const struct phrase_list *list, const uint64_t *found, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if ((list->mask[w] & found[w]) != 0)
            return true;
    return false;
}

static bool all_found(const struct phrase_list *list, const uint64_t *found, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if ((list->mask[w] & ~found[w]) != 0)
            return false;
    return true;
}

static enum status refuse(struct work *work, const struct rule *rule, const char *field,
                          enum regex_result result, struct error *err)
{
    const struct node *at = rule->regex_node;

    if (work->value != NULL) {
        work->single = true;
        return STATUS_OK;
    }
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

static struct slice text_of(const struct work *work, size_t text)
{
    const struct reading *reading = &work->worker->readings[text];

    if (work->value != NULL)
        return *work->value;
    if (reading->codes != NULL)
        return reading->column->dictionary->values[reading->codes[work->record]];
    return reading->cells[work->record];
}

/* Whether the regex of a rule matches in any field. */
static enum status regex_holds(struct work *work, const struct label *label,
                               const struct rule *rule, bool *holds, struct error *err)
{
    *holds = false;
    for (size_t f = 0; f < label->text_count && !*holds; f++) {
        enum regex_result result;
        enum status s = regex_match(rule->regex, work->worker->regex,
                                    text_of(work, label->texts[f]), &result, err);
        if (s != STATUS_OK)
            return s;
        if (result == REGEX_LIMIT || result == REGEX_NOT_UTF8)
            return refuse(work, rule, work->rules->texts[label->texts[f]].name, result, err);
        *holds = result == REGEX_YES;
    }
    return STATUS_OK;
}

static enum status rule_holds(struct work *work, const struct label *label, const struct rule *rule,
                              const uint64_t *found, bool *holds, struct error *err)
{
    const size_t words = work->worker->words;

    *holds = (rule->any.count == 0 || any_found(&rule->any, found, words)) &&
             (rule->all.count == 0 || all_found(&rule->all, found, words)) &&
             (rule->where == NULL || conditions_hold(rule->where, work->batch, work->record));
    if (!*holds || rule->regex == NULL)
        return STATUS_OK;
    return regex_holds(work, label, rule, holds, err);
}

static bool is_any(const uint64_t *found, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (found[w] != 0)
            return true;
    return false;
}

/* The first rule of which a phrase was found; rule_count if there is none. */
static size_t first_any(const struct label *label, const uint64_t *found, size_t words)
{
    size_t r = 0;
    if (!is_any(found, words))
        return label->rule_count;
    while (r < label->rule_count && !any_found(&label->rules[r].any, found, words))
        r++;
    return r;
}

/* The number of the choice: that of the first rule that holds. */
static enum status choose(struct work *work, const struct label *label, const uint64_t *found,
                          size_t *choice, struct error *err)
{
    *choice = label->rule_count;
    if (label->any_only) {
        *choice = first_any(label, found, work->worker->words);
        return STATUS_OK;
    }
    if (label->by_phrases && !is_any(found, work->worker->words))
        return STATUS_OK;
    for (size_t r = 0; r < label->rule_count; r++) {
        bool holds = false;
        enum status s = rule_holds(work, label, &label->rules[r], found, &holds, err);
        if (s != STATUS_OK || work->refused || work->single)
            return s;
        if (holds) {
            *choice = r;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

/* ---- fields ---- */

static void find_phrases(struct rules_worker *worker, struct slice text, uint64_t *found)
{
    memset(found, 0, worker->words * sizeof(*found));
    if (!slice_missing(text))
        phrases_match(worker->rules->phrases, worker->phrases, text, found);
}

static enum status reserve_values(struct reading *reading, uint32_t count, size_t words,
                                  size_t slots, struct error *err)
{
    if (count <= reading->cap)
        return STATUS_OK;
    uint32_t cap = reading->cap == 0 ? 64 : reading->cap;
    while (cap < count)
        cap *= 2;
    uint64_t *found = realloc(reading->found, cap * words * sizeof(*found) + 1);
    if (found == NULL)
        return error_no_memory(err);
    reading->found = found;
    uint16_t *choices = realloc(reading->choices, cap * slots * sizeof(*choices) + 1);
    if (choices == NULL)
        return error_no_memory(err);
    reading->choices = choices;
    reading->cap = cap;
    return STATUS_OK;
}

/* The labels of one value that depend on it alone. */
static enum status choose_for_value(const struct rules *rules, struct rules_worker *worker,
                                    size_t text, const struct slice *value, const uint64_t *found,
                                    uint16_t *choices, struct error *err)
{
    for (size_t l = 0; l < rules->label_count; l++) {
        const struct label *label = &rules->labels[l];
        struct work work = {.rules = rules, .worker = worker, .value = value};
        size_t choice;
        if (!label->remembers || label->texts[0] != text)
            continue;
        choices[label->slot] = CHOICE_SINGLE;
        if (!label->coded)
            continue;
        enum status s = choose(&work, label, found, &choice, err);
        if (s != STATUS_OK)
            return s;
        if (!work.single)
            choices[label->slot] = (uint16_t)choice;
    }
    return STATUS_OK;
}

/* What is kept by value, for the values that are new. */
static enum status read_values(const struct rules *rules, struct rules_worker *worker, size_t text,
                               const struct dictionary *d, struct error *err)
{
    struct reading *reading = &worker->readings[text];
    const size_t words = worker->words;
    const size_t slots = rules->texts[text].slot_count;
    (void)dictionary_changed(&reading->seen, d);
    enum status s = reserve_values(reading, d->count, words, slots, err);
    while (s == STATUS_OK && reading->seen.count < d->count) {
        uint32_t code = reading->seen.count;
        uint64_t *found = reading->found + code * words;
        find_phrases(worker, d->values[code], found);
        s = choose_for_value(rules, worker, text, &d->values[code], found,
                             reading->choices + code * slots, err);
        reading->seen.count++;
    }
    return s;
}

static enum status read_records(struct rules_worker *worker, struct reading *reading,
                                struct batch *batch, struct error *err)
{
    const size_t words = worker->words;
    reading->of_record = NULL;
    if (words == 0 || batch->record_count > FOUND_MAX / words)
        return STATUS_OK;
    reading->of_record =
        arena_calloc(&batch->arena, batch->record_count * words, sizeof(*reading->of_record));
    if (reading->of_record == NULL)
        return error_no_memory(err);
    phrases_match_many(worker->rules->phrases, worker->phrases, reading->cells, batch->record_count,
                       reading->of_record);
    return STATUS_OK;
}

static enum status read_text(const struct rules *rules, struct rules_worker *worker, size_t text,
                             struct batch *batch, struct error *err)
{
    struct reading *reading = &worker->readings[text];
    const size_t column = rules->texts[text].column;
    bool coded = false;
    if (reading->ready)
        return STATUS_OK;
    reading->ready = true;
    reading->codes = NULL;
    reading->cells = NULL;
    enum status s = coder_apply(reading->coder, batch, column, &coded, err);
    reading->column = &batch->columns[column];
    if (s != STATUS_OK)
        return s;
    if (coded && reading->column->dictionary->count <= FOUND_MAX / (worker->words + 1)) {
        reading->codes = reading->column->codes;
        return read_values(rules, worker, text, reading->column->dictionary, err);
    }
    reading->cells = batch_text(batch, column, err);
    return reading->cells == NULL ? STATUS_IO : read_records(worker, reading, batch, err);
}

/* The phrases of a record in one field. */
static const uint64_t *found_in(struct rules_worker *worker, struct reading *reading, size_t record)
{
    if (reading->codes != NULL)
        return reading->found + reading->codes[record] * worker->words;
    if (reading->of_record != NULL)
        return reading->of_record + record * worker->words;
    find_phrases(worker, reading->cells[record], reading->own);
    return reading->own;
}

/* ... in all fields of a label. */
static const uint64_t *found_for(struct rules_worker *worker, const struct label *label,
                                 size_t record)
{
    if (label->text_count == 1)
        return found_in(worker, &worker->readings[label->texts[0]], record);
    memset(worker->found, 0, worker->words * sizeof(*worker->found));
    for (size_t f = 0; f < label->text_count; f++) {
        const uint64_t *found = found_in(worker, &worker->readings[label->texts[f]], record);
        for (size_t w = 0; w < worker->words; w++)
            worker->found[w] |= found[w];
    }
    return worker->found;
}

/* ---- labels ---- */

/* The chosen names, joined; the text lives in the arena. */
static enum status join_names(struct rules_worker *worker, const struct label *label,
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

/* The same, remembered by the set of up to 64 names. */
static enum status join_set(struct rules_worker *worker, const struct label *label,
                            struct joined *joined, struct arena *arena, struct slice *value,
                            struct error *err)
{
    uint64_t mask = 0;
    if (label->name_count > 64)
        return join_names(worker, label, arena, value, err);
    for (size_t n = 0; n < label->name_count; n++)
        mask |= (uint64_t)worker->chosen[n] << n;
    if (joined->masks == NULL) {
        joined->masks = arena_calloc(&worker->arena, SETS_MAX, sizeof(*joined->masks));
        joined->texts = arena_calloc(&worker->arena, SETS_MAX, sizeof(*joined->texts));
        if (joined->masks == NULL || joined->texts == NULL)
            return error_no_memory(err);
    }
    size_t at = (size_t)(mask ^ mask >> 12) % SETS_MAX;
    if (joined->texts[at].data != NULL && joined->masks[at] == mask) {
        *value = joined->texts[at];
        return STATUS_OK;
    }
    if (joined->texts[at].data != NULL)
        return join_names(worker, label, arena, value, err);
    enum status s = join_names(worker, label, &worker->arena, value, err);
    if (s == STATUS_OK) {
        joined->masks[at] = mask;
        joined->texts[at] = *value;
    }
    return s;
}

static enum status label_set(struct work *work, size_t l, const uint64_t *found,
                             struct slice *value, struct error *err)
{
    const struct label *label = &work->rules->labels[l];
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
    return join_set(work->worker, label, &work->worker->joined[l], &work->batch->arena, value, err);
}

/* A label that is worked out for each record. */
static enum status label_records(const struct rules *rules, struct rules_worker *worker, size_t l,
                                 struct batch *batch, struct error *err)
{
    const struct label *label = &rules->labels[l];
    struct batch_column *column = &batch->columns[label->column];
    for (size_t r = 0; r < batch->record_count; r++) {
        struct work work = {.rules = rules, .worker = worker, .batch = batch, .record = r};
        size_t choice = label->rule_count;
        enum status s = STATUS_OK;
        if (batch->fates[r] == FATE_LIVE) {
            const uint64_t *found = found_for(worker, label, r);
            s = label->set ? label_set(&work, l, found, &column->cells[r], err)
                           : choose(&work, label, found, &choice, err);
        }
        if (s != STATUS_OK)
            return s;
        if (label->coded)
            column->codes[r] = (uint16_t)choice;
        else if (!label->set)
            column->cells[r] = label->choices.values[choice];
    }
    return STATUS_OK;
}

/* The number of the first rule of which a phrase was found, without a branch that the texts
 * decide; else of the `else`. */
static inline size_t first_of_few(const struct label *label, uint64_t found)
{
    size_t first = label->rule_count;
    for (size_t r = label->rule_count; r-- > 0;)
        first = (label->few_masks[r] & found) != 0 ? r : first;
    return first;
}

/* The same as label_records() where it is simple: a few rules, each of them `any`.  What becomes of
 * records that are taken out does not matter. */
static void label_records_few(const struct reading *reading, const struct label *label,
                              struct batch *batch)
{
    const uint64_t *found = reading->of_record;
    uint16_t *codes = batch->columns[label->column].codes;
    for (size_t r = 0; r < batch->record_count; r++)
        codes[r] = (uint16_t)first_of_few(label, found[r]);
}

/* A label that depends on one coded field alone: what is known by value, but for the few values
 * that refuse their records. */
static enum status label_values(const struct rules *rules, struct rules_worker *worker, size_t l,
                                struct batch *batch, struct error *err)
{
    const struct label *label = &rules->labels[l];
    const struct reading *reading = &worker->readings[label->texts[0]];
    const size_t slots = rules->texts[label->texts[0]].slot_count;
    const uint16_t *choices = reading->choices + label->slot;
    uint16_t *codes = batch->columns[label->column].codes;
    for (size_t r = 0; r < batch->record_count; r++) {
        struct work work = {.rules = rules, .worker = worker, .batch = batch, .record = r};
        size_t choice = choices[reading->codes[r] * slots];
        if (choice == CHOICE_SINGLE) {
            choice = label->rule_count;
            enum status s = STATUS_OK;
            if (batch->fates[r] == FATE_LIVE)
                s = choose(&work, label, found_for(worker, label, r), &choice, err);
            if (s != STATUS_OK)
                return s;
        }
        codes[r] = (uint16_t)choice;
    }
    return STATUS_OK;
}

static enum status prepare_label(const struct rules *rules, struct rules_worker *worker,
                                 const struct label *label, struct batch *batch, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t f = 0; s == STATUS_OK && f < label->text_count; f++)
        s = read_text(rules, worker, label->texts[f], batch, err);
    for (size_t r = 0; s == STATUS_OK && r < label->rule_count; r++)
        if (label->rules[r].where != NULL)
            s = conditions_prepare(label->rules[r].where, batch, err);
    if (s != STATUS_OK)
        return s;
    size_t column;
    s = label->coded ? batch_add_coded(batch, &label->choices, &column, err)
                     : batch_add_column(batch, &column, err);
    if (s == STATUS_OK && column != label->column)
        return error_set(err, STATUS_IO, "a batch has other fields than its header");
    /* Adding a column has moved the others. */
    for (size_t t = 0; t < rules->text_count; t++)
        worker->readings[t].column = &batch->columns[rules->texts[t].column];
    return s;
}

enum status rules_apply(const struct rules *rules, struct rules_worker *worker, struct batch *batch,
                        struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t t = 0; t < rules->text_count; t++)
        worker->readings[t].ready = false;
    for (size_t l = 0; s == STATUS_OK && l < rules->label_count; l++) {
        const struct label *label = &rules->labels[l];
        s = prepare_label(rules, worker, label, batch, err);
        if (s != STATUS_OK)
            break;
        const struct reading *alone =
            label->text_count == 1 ? &worker->readings[label->texts[0]] : NULL;
        if (label->coded && label->remembers && alone->codes != NULL)
            s = label_values(rules, worker, l, batch, err);
        else if (label->few && label->coded && alone != NULL && alone->codes == NULL &&
                 alone->of_record != NULL)
            label_records_few(alone, label, batch);
        else
            s = label_records(rules, worker, l, batch, err);
    }
    return s;
}
