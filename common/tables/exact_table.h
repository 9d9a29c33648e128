/* exact_table.h - value -> count, exactly.
 *
 *     struct exact_table table = EXACT_TABLE_INIT;
 *     s = exact_table_add(&table, 4500000, 1, budget, err);
 *     s = exact_table_merge(&all, &table, budget, err);
 *     exact_table_sort(&all, budget);  // cells[0..count) ascending by value
 *     exact_table_free(&table, budget);
 *
 * Merging is adding counts: no order of adds and merges can be told from another once the
 * table is sorted.  A few values (a rating scale) are looked through one by one; many get a
 * keyed hash.  Values are any int64_t: scores and measures in millionths, or numbers of
 * persons.  Sums of weights are kept in an array beside the cells, under the same numbers
 * (weight_sums.h).  Not for sharing between threads.
 */
#ifndef BELL_TABLES_EXACT_TABLE_H
#define BELL_TABLES_EXACT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/error.h"

struct exact_cell {
    int64_t value;
    uint64_t count;
};

struct exact_table {
    struct exact_cell *cells; /* distinct values, in order of first sight until sorted */
    uint32_t *slots;          /* number of a cell + 1; 0: free; NULL while there are few */
    uint32_t count;
    uint32_t cell_cap;
    uint32_t slot_cap;
    uint64_t total; /* sum of the counts */
};

#define EXACT_TABLE_INIT                                                                           \
    {                                                                                              \
        .cells = NULL                                                                              \
    }

/* A sum of counts beyond 2^64 - 1 is STATUS_DATA; memory beyond the budget STATUS_IO. */
enum status exact_table_add(struct exact_table *table, int64_t value, uint64_t count,
                            struct budget *budget, struct error *err) BELL_CHECK;
/* The same with a count above 0; *at: the number of the value's cell. */
enum status exact_table_put(struct exact_table *table, int64_t value, uint64_t count, uint32_t *at,
                            struct budget *budget, struct error *err) BELL_CHECK;
enum status exact_table_merge(struct exact_table *to, const struct exact_table *from,
                              struct budget *budget, struct error *err) BELL_CHECK;
/* Ascending by value.  Values may be added afterwards; the order is then lost again. */
void exact_table_sort(struct exact_table *table, struct budget *budget);
/* Sum of value * count. */
__int128 exact_table_sum(const struct exact_table *table);
/* sum / total - origin in units (a value, and origin, is in millionths), rounded once; NaN if
 * empty. */
double exact_table_mean(const struct exact_table *table, int64_t origin);
void exact_table_free(struct exact_table *table, struct budget *budget);

#endif
