/* aggregator.h - records (or partials) into the groups of one or several tables.
 *
 * The calls follow those of a stage (stage.h): open once, a worker a thread, process each batch,
 * gather each worker; then tables[i].groups hold everything.
 *
 *     struct aggregator a = {.tables = ..., .table_count = n, .budget = ...};   // settings filled
 *     s = aggregator_open(&a, header, err);
 *     s = aggregator_worker_new(&a, &worker, err);
 *     s = aggregator_process(&a, worker, batch, err);
 *     s = aggregator_gather(&a, worker, err);
 *     aggregator_worker_free(&a, worker);
 *     s = aggregator_scales(&a, header, &arena, &scales, &count, err);
 *     aggregator_close(&a);
 *
 * Fields it reads: the group columns, `time` for windows, hours and weekdays, `score`,
 * `scale` and `unscored` as bell-normalize writes them, the field of people, measures (int or
 * decimal), and weights (weight_sums.h).  A bad number or time, or a record without the weight
 * that a table asks for, refuses the record, for all tables alike.  A set as group
 * column counts a record under each of its labels, and under "(none)" if it has none.
 */
#ifndef BELL_TABLES_AGGREGATOR_H
#define BELL_TABLES_AGGREGATOR_H

#include "tables/distribution.h"
#include "tables/partial.h"
#include "records/batch.h"
#include "records/header.h"
#include "time/window.h"

/* Labels of several sets multiply; beyond this many groups a record is refused. */
enum { AGGREGATE_COMBINATIONS_MAX = 65536 };

enum group_source_kind { GROUP_FIELD, GROUP_SET, GROUP_HOUR, GROUP_WEEKDAY };

struct group_source {
    enum group_source_kind kind;
    size_t column;
};

struct aggregate_table {
    /* Filled by the caller.  With merge, by, windows, people, measures and weight come from the
     * partial; what was given besides must be the same. */
    struct distribution plan;
    const char *name;   /* of the study's table; NULL: the only one */
    const char *every;  /* NULL: no windows */
    const char *zone;   /* name */
    const char *people; /* NULL: none */
    struct node_place {
        const struct node *by, *people, *measures, *weight; /* for messages; may be NULL */
    } at;
    /* Filled by aggregator_open(). */
    struct group_source *sources;
    const bool *by_set;
    bool any_set;
    bool needs_time;
    bool countable;        /* a tally can do it: nothing but scores by texts */
    size_t *tally_columns; /* then: the group columns and the scale */
    size_t tally_count;
    struct time_zone *time_zone;
    struct window window;
    size_t people_column;
    size_t *measure_numbers; /* which of aggregator.numbers */
    size_t weight_column;
    size_t weight_number; /* likewise */
    struct groups_plan groups_plan;
    struct groups_plan totals_plan;
    struct groups groups;
    struct groups totals;
};

/* A column that is read as numbers, once for all tables. */
struct number_column {
    const char *name;
    size_t column;
    bool whole;
    bool weight; /* one that each record must have */
};

struct aggregator {
    struct aggregate_table *tables;
    size_t table_count; /* 1 with merge */
    struct budget *budget;
    bool merge; /* the input is partials */
    /* Filled by aggregator_open(). */
    bool scored;
    bool mixed_weights;            /* tables differ in the weight */
    struct number_column *numbers; /* the score first, if there is one */
    size_t number_count;
    size_t unscored_column; /* SCHEMA_NONE: absent, as the others */
    size_t scale_column;
    size_t time_column;
    struct partial_plan partial; /* merge */
    size_t field_count;          /* of the input */
    bool opened;
    struct arena arena;
};

struct aggregate_worker;

enum status aggregator_open(struct aggregator *aggregator, const struct header *header,
                            struct error *err) BELL_CHECK;
void aggregator_close(struct aggregator *aggregator);

enum status aggregator_worker_new(struct aggregator *aggregator, struct aggregate_worker **worker,
                                  struct error *err) BELL_CHECK;
void aggregator_worker_free(struct aggregator *aggregator, struct aggregate_worker *worker);
enum status aggregator_process(const struct aggregator *aggregator, struct aggregate_worker *worker,
                               struct batch *batch, struct error *err) BELL_CHECK;
/* Sets a flag for each field that is read. */
void aggregator_reads(const struct aggregator *aggregator, bool *fields);
enum status aggregator_gather(struct aggregator *aggregator, struct aggregate_worker *worker,
                              struct error *err) BELL_CHECK;

/* The scales of the header, in byte order of their names; a scale that a record names but the
 * header does not is STATUS_DATA.  None if there are no scores. */
enum status aggregator_scales(const struct aggregator *aggregator, const struct header *header,
                              struct arena *arena, const struct scale *const **scales,
                              size_t *count, struct error *err) BELL_CHECK;

/* What a partial of a table says in its header; scales as above. */
enum status aggregator_partial_plan(const struct aggregator *aggregator, size_t table,
                                    const struct scale *const *scales, size_t scale_count,
                                    struct arena *arena, struct partial_plan *plan,
                                    struct error *err) BELL_CHECK;

#endif
