#include "tables/groups.h"

#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 4, SCORE_BYTES = 9 };
#define LENGTH_MISSING UINT32_MAX

void groups_init(struct groups *groups, const struct groups_plan *plan, struct budget *budget)
{
    *groups = (struct groups){.plan = plan,
                              .budget = budget,
                              .keys = INTERN_INIT,
                              .persons = INTERN_INIT,
                              .scratch = BUFFER_INIT};
}

void groups_free(struct groups *groups)
{
    for (size_t i = 0; i < groups->keys.count; i++) {
        struct group *group = &groups->states[i];
        exact_table_free(&group->scores, groups->budget);
        exact_table_free(&group->persons, groups->budget);
        for (size_t m = 0; group->measures != NULL && m < groups->plan->measure_count; m++)
            exact_table_free(&group->measures[m].values, groups->budget);
        free(group->measures);
        if (groups->weights != NULL)
            weight_sums_free(&groups->weights[i], groups->budget);
    }
    free(groups->states);
    free(groups->weights);
    intern_free(&groups->keys);
    intern_free(&groups->persons);
    buffer_free(&groups->scratch);
    budget_give(groups->budget, groups->charged);
    groups_init(groups, groups->plan, groups->budget);
}

size_t groups_count(const struct groups *groups)
{
    return groups->keys.count;
}

/* Takes from the budget what the interns and states have grown by. */
static enum status charge(struct groups *groups, const char *what, struct error *err)
{
    size_t state = sizeof *groups->states + (groups->plan->weighted ? sizeof *groups->weights : 0);
    uint64_t held = intern_held(&groups->keys) + intern_held(&groups->persons) +
                    (uint64_t)groups->state_cap * state +
                    (uint64_t)groups->keys.count * groups->plan->measure_count *
                        sizeof *groups->states->measures;
    if (held <= groups->charged)
        return STATUS_OK;
    enum status s = budget_take(groups->budget, held - groups->charged, what, err);
    if (s == STATUS_OK)
        groups->charged = held;
    return s;
}

static bool append_cell(struct buffer *out, struct slice cell)
{
    uint32_t len = slice_missing(cell) ? LENGTH_MISSING : (uint32_t)cell.len;
    return buffer_append(out, &len, LENGTH_BYTES) &&
           (cell.len == 0 || buffer_append(out, cell.data, cell.len));
}

static enum status make_room(struct groups *groups, struct error *err)
{
    if (groups->keys.count < groups->state_cap)
        return STATUS_OK;
    size_t cap = groups->state_cap == 0 ? 16 : groups->state_cap * 2;
    struct group *states = realloc(groups->states, cap * sizeof *states);
    if (states == NULL)
        return error_no_memory(err);
    groups->states = states;
    if (groups->plan->weighted) {
        struct weight_sums *weights = realloc(groups->weights, cap * sizeof *weights);
        if (weights == NULL)
            return error_no_memory(err);
        groups->weights = weights;
    }
    groups->state_cap = cap;
    return STATUS_OK;
}

static enum status find_packed(struct groups *groups, struct slice packed, struct group **group,
                               struct error *err)
{
    enum status s = make_room(groups, err);
    if (s != STATUS_OK)
        return s;
    bool added = false;
    uint32_t number = intern_add(&groups->keys, packed, &added);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    if (added) {
        struct group fresh = {.measures = NULL};
        size_t measures = groups->plan->measure_count;
        if (measures > 0)
            fresh.measures = calloc(measures, sizeof *fresh.measures);
        groups->states[number] = fresh;
        if (groups->weights != NULL)
            groups->weights[number] = (struct weight_sums){.cap = 0};
        if (measures > 0 && fresh.measures == NULL)
            return error_no_memory(err);
        s = charge(groups, "groups", err);
    }
    *group = &groups->states[number];
    return s;
}

enum status groups_find(struct groups *groups, const struct slice *key, struct group **group,
                        struct error *err)
{
    buffer_clear(&groups->scratch);
    for (size_t i = 0; i < groups->plan->key_count; i++) {
        if (!append_cell(&groups->scratch, key[i]))
            return error_no_memory(err);
    }
    struct slice packed = {groups->scratch.data, groups->scratch.len};
    return find_packed(groups, packed, group, err);
}

void groups_key(const struct groups *groups, size_t index, struct slice *key)
{
    const char *at = groups->keys.keys[index].data;
    for (size_t i = 0; i < groups->plan->key_count; i++) {
        uint32_t len;
        memcpy(&len, at, LENGTH_BYTES);
        at += LENGTH_BYTES;
        key[i] = len == LENGTH_MISSING ? SLICE_MISSING : (struct slice){at, len};
        at += key[i].len;
    }
}

static enum status count_records(struct group *group, uint64_t count, struct error *err)
{
    if (count > UINT64_MAX - group->records)
        return error_set(err, STATUS_DATA, "more than 2^64 records in one group");
    group->records += count;
    return STATUS_OK;
}

enum status groups_add_score(struct groups *groups, struct group *group, int64_t millionths,
                             uint64_t count, struct error *err)
{
    enum status s = count_records(group, count, err);
    if (s == STATUS_OK)
        s = exact_table_add(&group->scores, millionths, count, groups->budget, err);
    return s;
}

struct weight_sums *groups_weights(const struct groups *groups, const struct group *group)
{
    return groups->weights == NULL ? NULL : &groups->weights[group - groups->states];
}

enum status groups_add_weighted(struct groups *groups, struct group *group, int64_t millionths,
                                uint64_t count, const struct weight_sum *sum, struct error *err)
{
    enum status s = count_records(group, count, err);
    if (s == STATUS_OK)
        s = weight_sums_add(groups_weights(groups, group), &group->scores, millionths, count, sum,
                            groups->budget, err);
    return s;
}

enum status groups_add_missing(struct group *group, uint64_t count, struct error *err)
{
    enum status s = count_records(group, count, err);
    if (s == STATUS_OK)
        group->missing += count;
    return s;
}

enum status groups_add_off_scale(struct group *group, uint64_t count, struct error *err)
{
    enum status s = count_records(group, count, err);
    if (s == STATUS_OK)
        group->off_scale += count;
    return s;
}

enum status groups_add_unmeasured(struct group *group, uint64_t count, struct error *err)
{
    return count_records(group, count, err);
}

/* With votes a person is kept with each of his scores: score (or none) before the name. */
static enum status pack_vote(struct groups *groups, struct slice person, const int64_t *score,
                             struct slice *packed, struct error *err)
{
    int64_t value = score == NULL ? 0 : *score;
    char scored = score != NULL;
    buffer_clear(&groups->scratch);
    if (!buffer_append(&groups->scratch, &scored, 1) ||
        !buffer_append(&groups->scratch, &value, sizeof value) ||
        (person.len > 0 && !buffer_append(&groups->scratch, person.data, person.len)))
        return error_no_memory(err);
    *packed = (struct slice){groups->scratch.data, groups->scratch.len};
    return STATUS_OK;
}

static enum status add_packed_person(struct groups *groups, struct group *group,
                                     struct slice packed, uint64_t count, struct error *err)
{
    uint32_t number = intern_add(&groups->persons, packed, NULL);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    enum status s = charge(groups, "persons", err);
    if (s == STATUS_OK)
        s = exact_table_add(&group->persons, number, count, groups->budget, err);
    return s;
}

enum status groups_add_person(struct groups *groups, struct group *group, struct slice person,
                              const int64_t *score, uint64_t count, struct error *err)
{
    if (slice_missing(person))
        return STATUS_OK;
    if (groups->plan->votes) {
        enum status s = pack_vote(groups, person, score, &person, err);
        if (s != STATUS_OK)
            return s;
    }
    return add_packed_person(groups, group, person, count, err);
}

struct slice groups_person(const struct groups *groups, int64_t number, bool *scored,
                           int64_t *score)
{
    struct slice packed = groups->persons.keys[number];
    *scored = false;
    if (!groups->plan->votes)
        return packed;
    *scored = packed.data[0] != 0;
    memcpy(score, packed.data + 1, sizeof *score);
    return (struct slice){packed.data + SCORE_BYTES, packed.len - SCORE_BYTES};
}

enum status groups_add_measure(struct groups *groups, struct group *group, size_t measure,
                               const int64_t *value, uint64_t count, struct error *err)
{
    struct group_measure *m = &group->measures[measure];
    if (value != NULL)
        return exact_table_add(&m->values, *value, count, groups->budget, err);
    if (count > UINT64_MAX - m->missing)
        return error_set(err, STATUS_DATA, "more than 2^64 records in one group");
    m->missing += count;
    return STATUS_OK;
}

static enum status merge_state(struct groups *to, struct group *into, const struct groups *from,
                               const struct group *group, struct error *err)
{
    enum status s = count_records(into, group->records, err);
    if (s != STATUS_OK)
        return s;
    into->missing += group->missing; /* parts of records, so these cannot overflow */
    into->off_scale += group->off_scale;
    s = to->plan->weighted
            ? weight_sums_merge(groups_weights(to, into), &into->scores,
                                groups_weights(from, group), &group->scores, to->budget, err)
            : exact_table_merge(&into->scores, &group->scores, to->budget, err);
    for (uint32_t i = 0; s == STATUS_OK && i < group->persons.count; i++) {
        const struct exact_cell *cell = &group->persons.cells[i];
        s = add_packed_person(to, into, from->persons.keys[cell->value], cell->count, err);
    }
    for (size_t m = 0; s == STATUS_OK && m < to->plan->measure_count; m++) {
        s = groups_add_measure(to, into, m, NULL, group->measures[m].missing, err);
        if (s == STATUS_OK)
            s = exact_table_merge(&into->measures[m].values, &group->measures[m].values, to->budget,
                                  err);
    }
    return s;
}

enum status groups_merge(struct groups *to, const struct groups *from, struct error *err)
{
    for (size_t i = 0; i < from->keys.count; i++) {
        struct group *into = NULL;
        enum status s = find_packed(to, from->keys.keys[i], &into, err);
        if (s == STATUS_OK)
            s = merge_state(to, into, from, &from->states[i], err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static bool all_have_scale(const struct groups *groups, struct slice scale, struct slice *key)
{
    bool same = true;
    for (size_t i = 0; same && i < groups->keys.count; i++) {
        groups_key(groups, i, key);
        same = slice_equal(key[groups->plan->by_count], scale);
    }
    return same;
}

enum status groups_unify_scale(struct groups *groups, struct slice scale, struct error *err)
{
    struct groups joined;
    enum status s = STATUS_OK;
    struct slice *key = calloc(groups->plan->key_count, sizeof *key);
    groups_init(&joined, groups->plan, groups->budget);
    if (key == NULL)
        return error_no_memory(err);
    if (all_have_scale(groups, scale, key))
        goto done;
    for (size_t i = 0; s == STATUS_OK && i < groups->keys.count; i++) {
        struct group *into = NULL;
        groups_key(groups, i, key);
        key[groups->plan->by_count] = scale;
        s = groups_find(&joined, key, &into, err);
        if (s == STATUS_OK)
            s = merge_state(&joined, into, groups, &groups->states[i], err);
    }
    if (s == STATUS_OK) {
        struct groups old = *groups;
        *groups = joined;
        joined = old;
    }
done:
    free(key);
    groups_free(&joined);
    return s;
}

struct ordered {
    const char *key; /* packed */
    size_t by_count;
    size_t index;
    bool window_first;
};

static struct slice next_cell(const char **at)
{
    uint32_t len;
    memcpy(&len, *at, LENGTH_BYTES);
    *at += LENGTH_BYTES;
    struct slice cell = len == LENGTH_MISSING ? SLICE_MISSING : (struct slice){*at, len};
    *at += cell.len;
    return cell;
}

static int by_cells(const void *a, const void *b)
{
    const struct ordered *x = a;
    const struct ordered *y = b;
    const char *at_x = x->key, *at_y = y->key;
    for (size_t i = 0; i < x->by_count; i++) {
        int c = slice_compare(next_cell(&at_x), next_cell(&at_y));
        if (c != 0)
            return c;
    }
    struct slice scale_x = next_cell(&at_x), scale_y = next_cell(&at_y);
    int scale = slice_compare(scale_x, scale_y);
    int window = slice_compare(next_cell(&at_x), next_cell(&at_y));
    int first = x->window_first ? window : scale;
    return first != 0 ? first : x->window_first ? scale : window;
}

enum status groups_order(const struct groups *groups, bool window_first, size_t **order,
                         struct error *err)
{
    size_t n = groups->keys.count;
    uint64_t bytes = n * (sizeof(struct ordered) + sizeof **order);
    *order = NULL;
    enum status s = budget_take(groups->budget, bytes, "groups", err);
    if (s != STATUS_OK)
        return s;
    struct ordered *rows = calloc(n == 0 ? 1 : n, sizeof *rows);
    *order = calloc(n == 0 ? 1 : n, sizeof **order);
    if (rows == NULL || *order == NULL) {
        free(*order);
        *order = NULL;
        s = error_no_memory(err);
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        rows[i] =
            (struct ordered){groups->keys.keys[i].data, groups->plan->by_count, i, window_first};
    qsort(rows, n, sizeof *rows, by_cells);
    for (size_t i = 0; i < n; i++)
        (*order)[i] = rows[i].index;
done:
    budget_give(groups->budget, bytes);
    free(rows);
    return s;
}
