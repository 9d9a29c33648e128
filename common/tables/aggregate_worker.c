/* The part of aggregator.h that sees records: one worker, one thread. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "records/run_coder.h"
#include "tables/aggregator.h"
#include "tables/tally.h"
#include "time/time_format.h"

enum { LABELS_FIRST = 16 };

/* The labels of one set cell. */
struct label_list {
    struct slice *labels;
    size_t count;
    size_t cap;
    size_t at; /* odometer */
};

struct worker_table {
    const struct aggregate_table *table;
    struct groups groups;
    struct groups totals;
    struct tally tally; /* of a table that is countable */
    struct run_coder *runs;
    struct window_memo window_memo;
    struct zone_span zone_memo;
    int64_t window_key; /* of window_text */
    char window_text[WINDOW_TEXT_MAX];
    size_t window_len; /* 0: none yet */
    struct slice *key;
    struct label_list *sets; /* one a group column; only those of sets are used */
    char hour[2];
    char weekday[1];
};

struct aggregate_worker {
    struct worker_table *tables;
    size_t table_count;
    struct slice *cells; /* merge: one row */
};

/* The cells and numbers of the batch in hand. */
struct batch_view {
    struct slice *const *cells; /* by column; only those that were asked for */
    int64_t *const *numbers;    /* by number column */
    uint8_t *const *present;
    const int64_t *seconds;
    const uint8_t *timed;
    size_t record;
};

void aggregator_worker_free(struct aggregator *a, struct aggregate_worker *worker)
{
    if (worker == NULL)
        return;
    for (size_t i = 0; i < worker->table_count; i++) {
        struct worker_table *w = &worker->tables[i];
        groups_free(&w->groups);
        groups_free(&w->totals);
        tally_free(&w->tally);
        run_coder_free(w->runs);
        for (size_t k = 0; w->sets != NULL && k < a->tables[i].plan.by_count; k++)
            free(w->sets[k].labels);
        free(w->sets);
        free(w->key);
    }
    free(worker->tables);
    free(worker->cells);
    free(worker);
}

static enum status add_outcome(struct groups *groups, const struct slice *key,
                               const struct tally_outcome *outcome, uint64_t count,
                               const struct weight_sum *sum, struct error *err)
{
    struct group *group;
    enum status s = groups_find(groups, key, &group, err);
    if (s != STATUS_OK)
        return s;
    switch (outcome->kind) {
    case TALLY_SCORE:
        return sum == NULL ? groups_add_score(groups, group, outcome->score, count, err)
                           : groups_add_weighted(groups, group, outcome->score, count, sum, err);
    case TALLY_MISSING:
        return groups_add_missing(group, count, err);
    case TALLY_OFF_SCALE:
        return groups_add_off_scale(group, count, err);
    case TALLY_UNMEASURED:
        break;
    }
    return groups_add_unmeasured(group, count, err);
}

/* What a tally has counted, into the groups. */
static enum status pour(void *to, const struct slice *values, const struct tally_outcome *outcome,
                        uint64_t count, const struct weight_sum *sum, struct error *err)
{
    struct worker_table *w = to;
    const struct aggregate_table *t = w->table;
    const size_t by = t->plan.by_count;
    for (size_t i = 0; i < by; i++)
        w->key[i] = values[i];
    w->key[by] = t->tally_count > by ? values[by] : SLICE_MISSING;
    w->key[by + 1] = SLICE_MISSING;
    enum status s = add_outcome(&w->groups, w->key, outcome, count, sum, err);
    if (s == STATUS_OK && t->plan.total) {
        struct slice all[2] = {w->key[by], SLICE_MISSING};
        s = add_outcome(&w->totals, all, outcome, count, sum, err);
    }
    return s;
}

enum status aggregator_worker_new(struct aggregator *a, struct aggregate_worker **worker,
                                  struct error *err)
{
    struct aggregate_worker *new = calloc(1, sizeof *new);
    if (new == NULL)
        return error_no_memory(err);
    bool ok = true;
    new->tables = calloc(a->table_count, sizeof *new->tables);
    if (a->merge)
        new->cells = calloc(partial_width(&a->partial), sizeof *new->cells);
    ok = new->tables != NULL && (!a->merge || new->cells != NULL);
    new->table_count = new->tables == NULL ? 0 : a->table_count;
    for (size_t i = 0; i < new->table_count; i++) {
        const struct aggregate_table *t = &a->tables[i];
        struct worker_table *w = &new->tables[i];
        groups_init(&w->groups, &t->groups_plan, a->budget);
        groups_init(&w->totals, &t->totals_plan, a->budget);
        w->window_memo = (struct window_memo)WINDOW_MEMO_INIT;
        w->zone_memo = (struct zone_span)ZONE_SPAN_INIT;
        w->key = calloc(t->groups_plan.key_count, sizeof *w->key);
        w->sets = calloc(t->plan.by_count + 1, sizeof *w->sets);
        w->table = t;
        ok = ok && w->key != NULL && w->sets != NULL;
    }
    enum status s = ok ? STATUS_OK : error_no_memory(err);
    for (size_t i = 0; s == STATUS_OK && i < new->table_count; i++) {
        if (!a->tables[i].countable)
            continue;
        s = tally_init(&new->tables[i].tally, a->tables[i].tally_count,
                       a->tables[i].plan.weight != NULL, pour, &new->tables[i], err);
        if (s == STATUS_OK)
            s = run_coder_new(&new->tables[i].runs, err);
    }
    if (s != STATUS_OK) {
        aggregator_worker_free(a, new);
        return s;
    }
    *worker = new;
    return STATUS_OK;
}

/* ---- reading a batch's numbers and times ---- */

static const char *fault_text(enum decimal_fault fault)
{
    return fault == DECIMAL_TOO_LARGE  ? "is not below 10^12 in size"
           : fault == DECIMAL_TOO_FINE ? "has more than 6 places"
                                       : "is not a number";
}

static enum decimal_fault read_number(const struct number_column *column, struct slice cell,
                                      int64_t *value)
{
    if (!column->whole)
        return decimal_parse(cell, value);
    int64_t whole = 0;
    if (!number_parse_i64(cell, &whole))
        return DECIMAL_NOT_A_NUMBER;
    if (whole <= -MEASURE_LIMIT || whole >= MEASURE_LIMIT)
        return DECIMAL_TOO_LARGE;
    *value = whole * DECIMAL_ONE;
    return DECIMAL_OK;
}

static enum status read_numbers(const struct number_column *column, struct batch *batch,
                                const struct slice *cells, int64_t *values, uint8_t *present,
                                struct error *err)
{
    for (size_t r = 0; r < batch->record_count; r++) {
        if (slice_missing(cells[r]) || batch->fates[r] != FATE_LIVE)
            continue;
        enum decimal_fault fault = read_number(column, cells[r], &values[r]);
        present[r] = fault == DECIMAL_OK;
        if (fault == DECIMAL_OK)
            continue;
        char shown[TEXT_ESCAPED_MAX];
        enum status s = batch_refuse(batch, r, "type", column->name, err, "'%s' %s",
                                     text_escape(shown, cells[r]), fault_text(fault));
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status read_weights(const struct number_column *column, struct batch *batch,
                                const struct slice *cells, int64_t *values, uint8_t *present,
                                struct error *err)
{
    for (size_t r = 0; r < batch->record_count; r++) {
        if (batch->fates[r] != FATE_LIVE)
            continue;
        const char *fault = weight_parse(cells[r], &values[r]);
        present[r] = fault == NULL;
        if (fault == NULL)
            continue;
        char shown[TEXT_ESCAPED_MAX];
        enum status s =
            slice_missing(cells[r])
                ? batch_refuse(batch, r, "weight", column->name, err, "the weight is missing")
                : batch_refuse(batch, r, "weight", column->name, err, "'%s' %s",
                               text_escape(shown, cells[r]), fault);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status read_times(struct batch *batch, const struct slice *cells, int64_t *seconds,
                              uint8_t *timed, struct error *err)
{
    for (size_t r = 0; r < batch->record_count; r++) {
        if (slice_missing(cells[r]) || batch->fates[r] != FATE_LIVE)
            continue;
        timed[r] = time_parse_rfc3339(cells[r], &seconds[r], NULL);
        if (timed[r])
            continue;
        char shown[TEXT_ESCAPED_MAX];
        enum status s = batch_refuse(batch, r, "type", "time", err, "'%s' is not a time",
                                     text_escape(shown, cells[r]));
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

/* Unescapes a column once; SCHEMA_NONE is no column. */
static enum status want(struct batch *batch, struct slice **cells, size_t column, struct error *err)
{
    if (column == SCHEMA_NONE || cells[column] != NULL)
        return STATUS_OK;
    cells[column] = batch_text(batch, column, err);
    return cells[column] == NULL ? STATUS_IO : STATUS_OK;
}

static enum status want_all(const struct aggregator *a, struct batch *batch, struct slice **cells,
                            struct error *err)
{
    enum status s = want(batch, cells, a->unscored_column, err);
    if (s == STATUS_OK)
        s = want(batch, cells, a->scale_column, err);
    if (s == STATUS_OK)
        s = want(batch, cells, a->time_column, err);
    for (size_t i = 0; s == STATUS_OK && i < a->number_count; i++)
        s = want(batch, cells, a->numbers[i].column, err);
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++) {
        const struct aggregate_table *t = &a->tables[i];
        s = want(batch, cells, t->people_column, err);
        for (size_t k = 0; s == STATUS_OK && k < t->plan.by_count; k++) {
            if (t->sources[k].kind <= GROUP_SET)
                s = want(batch, cells, t->sources[k].column, err);
        }
    }
    return s;
}

static enum status open_view(const struct aggregator *a, struct batch *batch,
                             struct batch_view *view, struct error *err)
{
    size_t n = batch->record_count;
    struct slice **cells = arena_calloc(&batch->arena, batch->column_count + 1, sizeof *cells);
    int64_t **numbers = arena_calloc(&batch->arena, a->number_count + 1, sizeof *numbers);
    uint8_t **present = arena_calloc(&batch->arena, a->number_count + 1, sizeof *present);
    if (cells == NULL || numbers == NULL || present == NULL)
        return error_no_memory(err);
    enum status s = want_all(a, batch, cells, err);
    for (size_t i = 0; s == STATUS_OK && i < a->number_count; i++) {
        numbers[i] = arena_calloc(&batch->arena, n + 1, sizeof **numbers);
        present[i] = arena_calloc(&batch->arena, n + 1, sizeof **present);
        if (numbers[i] == NULL || present[i] == NULL)
            return error_no_memory(err);
        const struct number_column *column = &a->numbers[i];
        s = (column->weight ? read_weights : read_numbers)(column, batch, cells[column->column],
                                                           numbers[i], present[i], err);
    }
    *view = (struct batch_view){.cells = cells, .numbers = numbers, .present = present};
    if (s != STATUS_OK || a->time_column == SCHEMA_NONE)
        return s;
    int64_t *seconds = arena_calloc(&batch->arena, n + 1, sizeof *seconds);
    uint8_t *timed = arena_calloc(&batch->arena, n + 1, sizeof *timed);
    if (seconds == NULL || timed == NULL)
        return error_no_memory(err);
    view->seconds = seconds;
    view->timed = timed;
    return read_times(batch, cells[a->time_column], seconds, timed, err);
}

/* ---- the groups of a record ---- */

static struct slice window_cell(const struct aggregate_table *t, struct worker_table *w,
                                const struct batch_view *view)
{
    if (t->every == NULL || !view->timed[view->record])
        return SLICE_MISSING;
    int64_t key = window_of(&t->window, view->seconds[view->record], &w->window_memo);
    if (w->window_len == 0 || key != w->window_key) {
        w->window_len = window_text(&t->window, key, w->window_text);
        w->window_key = key;
    }
    return (struct slice){w->window_text, w->window_len};
}

static bool add_label(struct label_list *list, struct slice label)
{
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? LABELS_FIRST : list->cap * 2;
        struct slice *labels = realloc(list->labels, cap * sizeof *labels);
        if (labels == NULL)
            return false;
        list->labels = labels;
        list->cap = cap;
    }
    list->labels[list->count++] = label;
    return true;
}

/* Labels stand in byte order, so equal ones are neighbours.  More than a record may have are not
 * looked at: it is refused. */
static bool split_set(struct label_list *list, struct slice cell)
{
    list->count = 0;
    list->at = 0;
    while (cell.len > 0 && list->count <= AGGREGATE_COMBINATIONS_MAX) {
        const char *comma = memchr(cell.data, ',', cell.len);
        size_t len = comma == NULL ? cell.len : (size_t)(comma - cell.data);
        struct slice label = {cell.data, len};
        bool again = list->count > 0 && slice_equal(list->labels[list->count - 1], label);
        if (len > 0 && !again && !add_label(list, label))
            return false;
        cell.data += len + (comma == NULL ? 0 : 1);
        cell.len -= len + (comma == NULL ? 0 : 1);
    }
    return list->count > 0 || add_label(list, SLICE_LITERAL("(none)"));
}

/* Fills the key but for sets; *combinations: how many groups the record belongs to. */
static bool build_key(const struct aggregate_table *t, struct worker_table *w,
                      const struct batch_view *view, size_t *combinations)
{
    size_t r = view->record;
    *combinations = 1;
    for (size_t i = 0; i < t->plan.by_count; i++) {
        const struct group_source *source = &t->sources[i];
        bool timed = source->kind >= GROUP_HOUR && view->timed[r];
        w->key[i] = SLICE_MISSING;
        if (source->kind == GROUP_FIELD) {
            w->key[i] = view->cells[source->column][r];
        } else if (source->kind == GROUP_SET) {
            if (!split_set(&w->sets[i], view->cells[source->column][r]))
                return false;
            if (*combinations <= AGGREGATE_COMBINATIONS_MAX)
                *combinations *= w->sets[i].count;
        } else if (timed && source->kind == GROUP_HOUR) {
            window_hour_of_day(t->time_zone, view->seconds[r], &w->zone_memo, w->hour);
            w->key[i] = (struct slice){w->hour, sizeof w->hour};
        } else if (timed) {
            window_weekday(t->time_zone, view->seconds[r], &w->zone_memo, w->weekday);
            w->key[i] = (struct slice){w->weekday, sizeof w->weekday};
        }
    }
    return true;
}

/* Puts the next label of each set into the key, like the wheels of an odometer. */
static void set_labels(const struct aggregate_table *t, struct worker_table *w)
{
    bool carry = true;
    for (size_t i = 0; i < t->plan.by_count; i++) {
        if (t->sources[i].kind != GROUP_SET)
            continue;
        struct label_list *list = &w->sets[i];
        w->key[i] = list->labels[list->at];
        if (carry && ++list->at == list->count)
            list->at = 0;
        else
            carry = false;
    }
}

static enum status count_record(const struct aggregator *a, const struct aggregate_table *t,
                                const struct batch_view *view, struct groups *groups,
                                const struct slice *key, struct error *err)
{
    size_t r = view->record;
    struct group *group;
    const int64_t *score = NULL;
    enum status s = groups_find(groups, key, &group, err);
    if (s != STATUS_OK)
        return s;
    if (!a->scored) {
        s = groups_add_unmeasured(group, 1, err);
    } else if (view->present[0][r]) {
        struct weight_sum sum = {.w = 0};
        score = &view->numbers[0][r];
        if (t->plan.weight != NULL)
            weight_sum_count(&sum, view->numbers[t->weight_number][r]);
        s = t->plan.weight == NULL ? groups_add_score(groups, group, *score, 1, err)
                                   : groups_add_weighted(groups, group, *score, 1, &sum, err);
    } else if (a->unscored_column != SCHEMA_NONE &&
               slice_is(view->cells[a->unscored_column][r], "off_scale")) {
        s = groups_add_off_scale(group, 1, err);
    } else {
        s = groups_add_missing(group, 1, err);
    }
    if (s == STATUS_OK && t->people_column != SCHEMA_NONE)
        s = groups_add_person(groups, group, view->cells[t->people_column][r], score, 1, err);
    for (size_t m = 0; s == STATUS_OK && m < t->plan.measure_count; m++) {
        size_t number = t->measure_numbers[m];
        s = groups_add_measure(groups, group, m,
                               view->present[number][r] ? &view->numbers[number][r] : NULL, 1, err);
    }
    return s;
}

static enum status take_record(const struct aggregator *a, const struct aggregate_table *t,
                               struct worker_table *w, const struct batch_view *view,
                               struct error *err)
{
    size_t combinations;
    if (!build_key(t, w, view, &combinations))
        return error_no_memory(err);
    size_t by = t->plan.by_count;
    w->key[by] =
        a->scale_column == SCHEMA_NONE ? SLICE_MISSING : view->cells[a->scale_column][view->record];
    w->key[by + 1] = window_cell(t, w, view);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < combinations; i++) {
        if (t->any_set)
            set_labels(t, w);
        s = count_record(a, t, view, &w->groups, w->key, err);
    }
    if (s == STATUS_OK && t->plan.total) {
        struct slice all[2] = {w->key[by], SLICE_MISSING};
        s = count_record(a, t, view, &w->totals, all, err);
    }
    return s;
}

/* A record must be in all tables or in none, so what refuses it is looked for first. */
static enum status refuse_crowds(const struct aggregator *a, struct aggregate_worker *worker,
                                 struct batch *batch, struct batch_view *view, struct error *err)
{
    for (size_t i = 0; i < a->table_count; i++) {
        const struct aggregate_table *t = &a->tables[i];
        for (view->record = 0; t->any_set && view->record < batch->record_count; view->record++) {
            size_t combinations;
            if (batch->fates[view->record] != FATE_LIVE)
                continue;
            if (!build_key(t, &worker->tables[i], view, &combinations))
                return error_no_memory(err);
            enum status s = STATUS_OK;
            if (combinations > AGGREGATE_COMBINATIONS_MAX)
                s = batch_refuse(batch, view->record, "labels", NULL, err,
                                 "the labels of its sets make more than %d groups",
                                 AGGREGATE_COMBINATIONS_MAX);
            if (s != STATUS_OK)
                return s;
        }
    }
    return STATUS_OK;
}

static bool all_countable(const struct aggregator *a)
{
    for (size_t i = 0; i < a->table_count; i++)
        if (!a->tables[i].countable)
            return false;
    return true;
}

/* All columns of a table that are neighbours, with one look. */
static enum status code_neighbours(struct worker_table *w, struct batch *batch,
                                   const struct tally_columns *columns, struct error *err)
{
    const size_t count = w->tally.column_count;
    size_t *all = arena_alloc(&batch->arena, (count + 2) * sizeof *all);
    if (all == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++)
        all[i] = columns->columns[i];
    all[count] = columns->score;
    all[count + 1] = columns->unscored;
    return run_coder_apply(w->runs, batch, all, count + 2, err);
}

/* Tables that a tally takes; taken[i] of the others is false. */
static enum status count_tallies(const struct aggregator *a, struct aggregate_worker *worker,
                                 struct batch *batch, bool *taken, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && batch->marked == 0 && i < a->table_count; i++) {
        const struct aggregate_table *t = &a->tables[i];
        const struct tally_columns columns = {
            .columns = t->tally_columns,
            .score = a->scored ? a->numbers[0].column : SCHEMA_NONE,
            .unscored = a->unscored_column,
            .weight = t->weight_column,
        };
        if (t->countable && !worker->tables[i].tally.given_up)
            s = code_neighbours(&worker->tables[i], batch, &columns, err);
        if (s == STATUS_OK && t->countable)
            s = tally_take(&worker->tables[i].tally, batch, &columns, &taken[i], err);
    }
    return s;
}

static enum status process_records(const struct aggregator *a, struct aggregate_worker *worker,
                                   struct batch *batch, struct error *err)
{
    struct batch_view view;
    bool *taken = arena_calloc(&batch->arena, a->table_count, sizeof *taken);
    if (taken == NULL)
        return error_no_memory(err);
    /* What refuses a record is looked for before anything is counted; where all tables are
     * countable, with the same weight, that is only a bad score or weight, which no tally takes. */
    const bool only_counts = all_countable(a) && !a->mixed_weights;
    enum status s = STATUS_OK;
    if (only_counts)
        s = count_tallies(a, worker, batch, taken, err);
    bool rest = !only_counts;
    for (size_t i = 0; i < a->table_count; i++)
        rest = rest || !taken[i];
    if (s != STATUS_OK || !rest)
        return s;
    s = open_view(a, batch, &view, err);
    if (s == STATUS_OK)
        s = refuse_crowds(a, worker, batch, &view, err);
    if (s == STATUS_OK && !only_counts)
        s = count_tallies(a, worker, batch, taken, err);
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++) {
        for (view.record = 0; s == STATUS_OK && !taken[i] && view.record < batch->record_count;
             view.record++) {
            if (batch->fates[view.record] == FATE_LIVE)
                s = take_record(a, &a->tables[i], &worker->tables[i], &view, err);
        }
    }
    return s;
}

/* ---- partials ---- */

static enum status process_partial(const struct aggregator *a, struct aggregate_worker *worker,
                                   struct batch *batch, struct error *err)
{
    size_t width = partial_width(&a->partial);
    struct worker_table *w = &worker->tables[0];
    struct groups *totals = a->tables[0].plan.total ? &w->totals : NULL;
    struct slice **cells = arena_calloc(&batch->arena, batch->column_count + 1, sizeof *cells);
    if (cells == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    for (size_t c = 0; s == STATUS_OK && c < width; c++)
        s = want(batch, cells, c, err);
    for (size_t r = 0; s == STATUS_OK && r < batch->record_count; r++) {
        const char *fault = NULL;
        if (batch->fates[r] != FATE_LIVE)
            continue;
        for (size_t c = 0; c < width; c++)
            worker->cells[c] = cells[c][r];
        s = partial_take(&a->partial, worker->cells, w->key, &w->groups, totals, &fault, err);
        if (s == STATUS_OK && fault != NULL)
            s = batch_refuse(batch, r, "partial", NULL, err, "this is no row of a partial: %s",
                             fault);
    }
    return s;
}

enum status aggregator_process(const struct aggregator *a, struct aggregate_worker *worker,
                               struct batch *batch, struct error *err)
{
    return a->merge ? process_partial(a, worker, batch, err)
                    : process_records(a, worker, batch, err);
}

/* The first worker's state is taken as it is, the others' are merged into it. */
static enum status gather_groups(struct groups *to, struct groups *from, struct error *err)
{
    if (groups_count(to) == 0) {
        struct groups empty = *to;
        *to = *from;
        *from = empty;
        return STATUS_OK;
    }
    enum status s = groups_merge(to, from, err);
    groups_free(from);
    return s;
}

enum status aggregator_gather(struct aggregator *a, struct aggregate_worker *worker,
                              struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++) {
        if (a->tables[i].countable)
            s = tally_pour(&worker->tables[i].tally, err);
        if (s == STATUS_OK)
            s = gather_groups(&a->tables[i].groups, &worker->tables[i].groups, err);
        if (s == STATUS_OK)
            s = gather_groups(&a->tables[i].totals, &worker->tables[i].totals, err);
    }
    return s;
}
