/* tally.h - counts the records of coded columns before they meet the groups.
 *
 * A table that only counts scores by texts needs no look at each record's group: with codes
 * (dictionary.h) a record is one place in an array of counts.  A tally belongs to one worker and
 * one table:
 *
 *     struct tally tally;
 *     s = tally_init(&tally, column_count, pour, to, err);
 *     s = tally_take(&tally, batch, &columns, &taken, err);    // each batch
 *     s = tally_pour(&tally, err);                             // when all batches are done
 *     tally_free(&tally);
 *
 * pour() gets each place with what was counted there, when the array must grow and at the end.
 * *taken false: the batch cannot be counted so (a column whose values do not repeat, a score or
 * weight that is none, too many combinations), and nothing of it was.
 *
 * A weighted tally has sums of weights beside the counts; weights need not repeat.
 */
#ifndef BELL_TABLES_TALLY_H
#define BELL_TABLES_TALLY_H

#include "base/intern.h"
#include "records/coder.h"
#include "tables/weight_sums.h"

/* Places of one tally: 8 bytes each, and 48 if weighted. */
enum { TALLY_PLACES_MAX = 128 * 1024, TALLY_VALUES_MAX = 16 * 1024 };

enum tally_kind { TALLY_SCORE, TALLY_MISSING, TALLY_OFF_SCALE, TALLY_UNMEASURED };

/* What a record may be: a score, or one of the kinds that have none. */
struct tally_outcome {
    enum tally_kind kind;
    int64_t score; /* millionths */
};

/* values: column_count texts, alive during the call.  sum NULL: not weighted. */
typedef enum status tally_pour_fn(void *to, const struct slice *values,
                                  const struct tally_outcome *outcome, uint64_t count,
                                  const struct weight_sum *sum, struct error *err);

/* A column whose values are numbered: one dimension of the array. */
struct tally_column {
    struct coder *coder;
    struct dictionary_seen seen;
    uint32_t *numbers; /* by code */
    uint32_t number_cap;
};

struct tally {
    tally_pour_fn *pour;
    void *to;
    struct tally_column *columns; /* column_count, then the score, then unscored */
    size_t column_count;
    struct intern *texts;  /* of each column: by number */
    uint32_t *rooms;       /* of each column: numbers that the array allows for */
    struct slice *values;  /* for pour() */
    struct intern scores;  /* bytes of an int64_t, numbered from OUTCOME_FIRST on */
    uint32_t outcome_room; /* as rooms */
    uint64_t *places;      /* the outcome is the fastest dimension */
    size_t place_count;
    struct weight_sum *sums;    /* by place; NULL: not weighted */
    struct tally_column weight; /* its numbers are not used */
    int64_t *weights;           /* by code; below 0: none */
    uint32_t weight_cap;
    bool weighted;
    bool given_up;
};

/* Columns of a batch; SCHEMA_NONE where there is none. */
struct tally_columns {
    const size_t *columns; /* column_count of them */
    size_t score;
    size_t unscored;
    size_t weight; /* of a weighted tally */
};

enum status tally_init(struct tally *tally, size_t column_count, bool weighted, tally_pour_fn *pour,
                       void *to, struct error *err) BELL_CHECK;
void tally_free(struct tally *tally); /* also of a tally that is all zeros */

/* All records of the batch must be live. */
enum status tally_take(struct tally *tally, struct batch *batch,
                       const struct tally_columns *columns, bool *taken,
                       struct error *err) BELL_CHECK;
enum status tally_pour(struct tally *tally, struct error *err) BELL_CHECK;

#endif
