/* weight_sums.h - weights of records, and their sums beside the cells of an exact table.
 *
 *     const char *fault = weight_parse(cell, &weight);             // NULL: fine
 *     weight_sum_count(&sum, weight);                              // a record more
 *     s = weight_sums_add(&sums, &table, value, count, &sum, budget, err);
 *     s = weight_sums_merge(&all, &all_table, &sums, &table, budget, err);
 *     s = weight_sums_sort(&sums, &table, budget, err);            // then sums.of[i] is of
 * cells[i] weight_sums_free(&sums, budget);
 *
 * A weight is a decimal of at most 6 places from 0 to WEIGHT_MOST, held in millionths, so sums of
 * weights and of their squares are whole numbers and merging them is exact.  The sums have the
 * numbers of the table's cells; whatever is added to one goes through here to both.
 */
#ifndef BELL_TABLES_WEIGHT_SUMS_H
#define BELL_TABLES_WEIGHT_SUMS_H

#include "tables/exact_table.h"
#include "base/slice.h"

#define WEIGHT_MOST INT64_C(1000000) /* in units */

/* Of some records, all of one value for instance. */
struct weight_sum {
    unsigned __int128 w;  /* of their weights, in millionths */
    unsigned __int128 w2; /* of the squares of these */
    uint64_t weightless;  /* records whose weight is 0 */
};

struct weight_sums {
    struct weight_sum *of; /* by number of the cell */
    uint32_t cap;
};

/* What is wrong with the cell, to stand behind it in a message ("is not a number"); NULL and the
 * weight in millionths if it is one. */
const char *weight_parse(struct slice cell, int64_t *weight);

/* Adds a record's weight: up to 2^47 of them fit. */
static inline void weight_sum_count(struct weight_sum *sum, int64_t weight)
{
    sum->w += (uint64_t)weight;
    sum->w2 += (unsigned __int128)weight * (unsigned __int128)weight;
    sum->weightless += weight == 0 ? 1 : 0;
}

/* Sums beyond 128 bits are STATUS_DATA. */
enum status weight_sum_add(struct weight_sum *to, const struct weight_sum *more,
                           struct error *err) BELL_CHECK;
/* Whether `count` records can have these sums; what came from outside may not be so. */
bool weight_sum_possible(const struct weight_sum *sum, uint64_t count);

/* `count` (above 0) records of one value, whose weights sum up to `sum`. */
enum status weight_sums_add(struct weight_sums *sums, struct exact_table *table, int64_t value,
                            uint64_t count, const struct weight_sum *sum, struct budget *budget,
                            struct error *err) BELL_CHECK;
enum status weight_sums_merge(struct weight_sums *sums, struct exact_table *table,
                              const struct weight_sums *from, const struct exact_table *from_table,
                              struct budget *budget, struct error *err) BELL_CHECK;
/* exact_table_sort() for both. */
enum status weight_sums_sort(struct weight_sums *sums, struct exact_table *table,
                             struct budget *budget, struct error *err) BELL_CHECK;
/* The sum over all cells. */
enum status weight_sums_total(const struct weight_sums *sums, const struct exact_table *table,
                              struct weight_sum *total, struct error *err) BELL_CHECK;
void weight_sums_free(struct weight_sums *sums, struct budget *budget);

#endif
