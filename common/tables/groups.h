/* groups.h - what is known of each group of a table: the state that threads, files and
 * machines merge.
 *
 * A group is named by a key of plan->key_count cells: the group columns in order, then the
 * scale, then the window (both missing where there is none).  Its state is a commutative
 * monoid; everything the CSV says is computed from the merged state.
 *
 *     struct groups groups;
 *     groups_init(&groups, &plan, budget);
 *     s = groups_find(&groups, key, &group, err);      // made if new; valid until the next find
 *     s = groups_add_score(&groups, group, millionths, 1, err);
 *     s = groups_merge(&all, &groups, err);
 *     groups_free(&groups);
 */
#ifndef BELL_TABLES_GROUPS_H
#define BELL_TABLES_GROUPS_H

#include "base/buffer.h"
#include "base/intern.h"
#include "tables/weight_sums.h"

/* What the states of one table hold; read only, shared by all workers, outlives them. */
struct groups_plan {
    size_t by_count;
    size_t key_count; /* by_count + 2: scale, window */
    size_t measure_count;
    bool people;
    bool votes;    /* persons also keep their scores (--vote person) */
    bool weighted; /* scores also keep sums of weights */
};

struct group_measure {
    struct exact_table values;
    uint64_t missing;
};

struct group {
    uint64_t records; /* scored + missing + off_scale where the stream has scores */
    uint64_t missing;
    uint64_t off_scale;
    struct exact_table scores;
    /* Number of a person (with votes: of a pair of person and score) -> records. */
    struct exact_table persons;
    struct group_measure *measures;
};

struct groups {
    const struct groups_plan *plan;
    struct budget *budget;
    struct intern keys; /* number of the group */
    struct group *states;
    struct weight_sums *weights; /* of the scores, by number of the group; NULL: not weighted */
    size_t state_cap;
    struct intern persons;
    uint64_t charged; /* bytes of the two interns taken from the budget so far */
    struct buffer scratch;
};

void groups_init(struct groups *groups, const struct groups_plan *plan, struct budget *budget);
void groups_free(struct groups *groups);
size_t groups_count(const struct groups *groups);

/* The group of a key (plan->key_count cells, copied), made if it is new. */
enum status groups_find(struct groups *groups, const struct slice *key, struct group **group,
                        struct error *err) BELL_CHECK;
/* Sums of the group's scores; NULL: not weighted. */
struct weight_sums *groups_weights(const struct groups *groups, const struct group *group);
/* The cells of a group's key; they live as long as groups. */
void groups_key(const struct groups *groups, size_t index, struct slice *key);

/* Counts a record, or `count` of them: records and, by kind, the rest. */
enum status groups_add_score(struct groups *groups, struct group *group, int64_t millionths,
                             uint64_t count, struct error *err) BELL_CHECK;
/* With plan->weighted this one instead; sum: of the weights of these records. */
enum status groups_add_weighted(struct groups *groups, struct group *group, int64_t millionths,
                                uint64_t count, const struct weight_sum *sum,
                                struct error *err) BELL_CHECK;
enum status groups_add_missing(struct group *group, uint64_t count, struct error *err) BELL_CHECK;
enum status groups_add_off_scale(struct group *group, uint64_t count, struct error *err) BELL_CHECK;
enum status groups_add_unmeasured(struct group *group, uint64_t count, struct error *err)
    BELL_CHECK; /* a record of a stream without scores */
/* A missing person is nobody: not counted.  score is read with votes only; NULL: none. */
enum status groups_add_person(struct groups *groups, struct group *group, struct slice person,
                              const int64_t *score, uint64_t count, struct error *err) BELL_CHECK;
/* value NULL: missing. */
enum status groups_add_measure(struct groups *groups, struct group *group, size_t measure,
                               const int64_t *value, uint64_t count, struct error *err) BELL_CHECK;

/* The person, and with votes the score (*scored false: none), behind a number in persons. */
struct slice groups_person(const struct groups *groups, int64_t number, bool *scored,
                           int64_t *score);

/* Adds what from holds to what to holds (same plan); from stays as it is. */
enum status groups_merge(struct groups *to, const struct groups *from,
                         struct error *err) BELL_CHECK;
/* Gives every group the same scale: groups that differ in nothing else become one.  Does nothing
 * if they have it already. */
enum status groups_unify_scale(struct groups *groups, struct slice scale,
                               struct error *err) BELL_CHECK;
/* Numbers of all groups in the order of their keys (bytes, missing first), by the window before
 * the scale if wanted; caller frees. */
enum status groups_order(const struct groups *groups, bool window_first, size_t **order,
                         struct error *err) BELL_CHECK;

#endif
