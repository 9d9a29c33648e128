#include "estimates/reference.h"

#include <math.h>
#include <stdlib.h>

#include "estimates/kept_table.h"
#include "stats/transfer.h"

#define EXACT_TOTAL 1e12

/* A group that stands in both tables. */
struct pair {
    const struct kept_row *answers;
    const struct kept_row *probe;
    size_t set;
};

struct reference {
    struct kept_table *answers;
    struct kept_table *probe;
    struct pair *pairs;
    size_t pair_count;
    struct reference_set *sets;
    size_t set_count;
    struct arena arena;
};

static enum status at_file(enum status s, const struct kept_table *table, size_t line,
                           struct error *err)
{
    error_at(err, table->file, line, 0);
    return s;
}

static enum status check_names(const struct reference *r, struct error *err)
{
    const struct table_names *a = &r->answers->names, *b = &r->probe->names;
    bool same = a->count == b->count;
    for (size_t k = 0; same && k < a->count; k++)
        same = strcmp(a->names[k], b->names[k]) == 0;
    if (same)
        return STATUS_OK;
    return at_file(error_set(err, STATUS_USAGE,
                             "the group columns are not those of the answers of the reference "
                             "groups (%.200s)",
                             r->answers->file),
                   r->probe, 1, err);
}

static enum status find_set(struct reference *r, const struct kept_row *row, size_t *set,
                            struct error *err)
{
    for (*set = 0; *set < r->set_count; ++*set) {
        const struct reference_set *s = &r->sets[*set];
        if (kept_same_bands(s->band, s->bands, row->band, row->bands))
            return STATUS_OK;
    }
    struct reference_set *sets = realloc(r->sets, (r->set_count + 1) * sizeof *sets);
    if (sets == NULL)
        return error_no_memory(err);
    r->sets = sets;
    sets[r->set_count] = (struct reference_set){
        .band = row->band, .scores = row->scores, .bands = row->bands, .tau = (double)NAN};
    sets[r->set_count].answers = arena_calloc(&r->arena, row->bands, sizeof(double));
    sets[r->set_count].probe = arena_calloc(&r->arena, row->bands, sizeof(double));
    if (sets[r->set_count].answers == NULL || sets[r->set_count].probe == NULL)
        return error_no_memory(err);
    r->set_count++;
    return STATUS_OK;
}

/* A group without answers, or without a check sample, teaches nothing. */
static enum status pair_up(struct reference *r, struct error *err)
{
    r->pairs = arena_calloc(&r->arena, r->answers->count + 1, sizeof *r->pairs);
    if (r->pairs == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < r->answers->count; i++) {
        const struct kept_row *row = &r->answers->rows[i];
        const struct kept_row *probe = kept_table_at(r->probe, row->key);
        if (probe == NULL || !(row->n > 0) || !(probe->n > 0))
            continue;
        if (!kept_same_bands(row->band, row->bands, probe->band, probe->bands))
            return at_file(error_set(err, STATUS_USAGE,
                                     "the bands of the check sample are not those of the answers"),
                           r->probe, probe->line, err);
        struct pair *pair = &r->pairs[r->pair_count++];
        *pair = (struct pair){row, probe, 0};
        enum status s = find_set(r, row, &pair->set, err);
        if (s != STATUS_OK)
            return s;
        struct reference_set *set = &r->sets[pair->set];
        set->groups++;
        for (size_t b = 0; b < set->bands; b++) {
            set->answers[b] += row->counts[b];
            set->probe[b] += probe->counts[b];
        }
    }
    if (r->pair_count > 0)
        return STATUS_OK;
    return at_file(error_set(err, STATUS_USAGE,
                             "no group of it has answers in %.200s as well; both tables name the "
                             "same groups",
                             r->answers->file),
                   r->probe, 0, err);
}

/* Shares that are exact, with the groups' sizes to one another kept. */
static void make_exact(struct reference *r)
{
    for (size_t s = 0; s < r->set_count; s++) {
        struct reference_set *set = &r->sets[s];
        double total = 0;
        for (size_t b = 0; b < set->bands; b++)
            total += set->probe[b];
        for (size_t b = 0; b < set->bands; b++)
            set->probe[b] *= EXACT_TOTAL / total;
        for (size_t i = 0; i < r->pair_count; i++) {
            const struct kept_row *probe = r->pairs[i].probe;
            for (size_t b = 0; r->pairs[i].set == s && b < set->bands; b++)
                probe->counts[b] *= EXACT_TOTAL / total;
        }
    }
}

/* How far the groups of a set differ: it does not depend on the target. */
static enum status measure(const struct reference *r, size_t number,
                           const struct estimate_plan *plan, struct error *err)
{
    struct reference_set *set = &r->sets[number];
    if (!isnan(plan->tau)) {
        set->tau = plan->tau;
        return STATUS_OK;
    }
    size_t cells = set->groups * set->bands, g = 0;
    double *room = calloc(2 * cells + 2 * set->bands, sizeof *room);
    if (room == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < r->pair_count; i++) {
        for (size_t b = 0; r->pairs[i].set == number && b < set->bands; b++) {
            room[g * set->bands + b] = r->pairs[i].answers->counts[b];
            room[cells + g * set->bands + b] = r->pairs[i].probe->counts[b];
        }
        g += r->pairs[i].set == number;
    }
    const struct transfer_input in = {.reference = room,
                                      .probe = room + cells,
                                      .target = set->answers,
                                      .scores = set->scores,
                                      .groups = set->groups,
                                      .bands = set->bands,
                                      .form = plan->form,
                                      .z = plan->z,
                                      .tau = (double)NAN};
    struct transferred out;
    enum status s =
        transfer_calibrate(&in, room + 2 * cells, room + 2 * cells + set->bands, &out, err);
    free(room);
    if (s == STATUS_OK) {
        set->tau = sqrt(out.calibrated.tau2);
        set->measured = true;
    }
    if (s == STATUS_DATA && set->groups < TRANSFER_GROUPS_MIN)
        s = error_set(err, STATUS_USAGE,
                      "%zu reference group%s: how far groups differ is measured from at least %d; "
                      "give more of them, or tau",
                      set->groups, set->groups == 1 ? "" : "s", TRANSFER_GROUPS_MIN);
    return s == STATUS_OK ? s : at_file(s, r->answers, 0, err);
}

enum status reference_open(struct reference **reference, const struct estimate_plan *plan,
                           const struct table_reader_options *reading, struct error *err)
{
    struct reference *r = calloc(1, sizeof *r);
    if (r == NULL)
        return error_no_memory(err);
    enum status s = kept_table_read(&r->answers, plan->files.answers, reading,
                                    "the table of the reference groups", err);
    if (s == STATUS_OK)
        s = kept_table_read(&r->probe, plan->files.reference_probe, reading,
                            "the check sample of the reference groups", err);
    if (s == STATUS_OK)
        s = check_names(r, err);
    if (s == STATUS_OK)
        s = pair_up(r, err);
    if (s == STATUS_OK && plan->reference_exact)
        make_exact(r);
    for (size_t i = 0; s == STATUS_OK && i < r->set_count; i++)
        s = measure(r, i, plan, err);
    if (s != STATUS_OK) {
        reference_free(r);
        return s;
    }
    *reference = r;
    return STATUS_OK;
}

const struct reference_set *reference_find(const struct reference *reference,
                                           const struct table_group *group)
{
    for (size_t i = 0; i < reference->set_count; i++) {
        const struct reference_set *set = &reference->sets[i];
        if (kept_same_bands(set->band, set->bands, group->band, group->bands))
            return set;
    }
    return NULL;
}

enum status reference_calibrate(const struct reference_set *set, const struct estimate_plan *plan,
                                const struct table_group *group, double *weights, double *share,
                                struct calibrated *out, struct error *err)
{
    const struct calibration_input in = {.reference = set->answers,
                                         .probe = set->probe,
                                         .target = group->counts,
                                         .scores = group->scores,
                                         .bands = group->bands,
                                         .form = plan->form,
                                         .z = plan->z};
    enum status s = calibrate(&in, weights, share, out, err);
    if (s == STATUS_OK)
        calibration_widen(out, set->tau * set->tau, plan->z);
    return s;
}

void reference_free(struct reference *r)
{
    if (r == NULL)
        return;
    kept_table_free(r->answers);
    kept_table_free(r->probe);
    free(r->sets);
    arena_free(&r->arena);
    free(r);
}
