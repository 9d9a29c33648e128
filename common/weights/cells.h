/* cells.h - which cell each record belongs to: a value of every field, and a base weight.
 *
 *     struct cell_columns columns = {.fields = ..., .base = ...};
 *     s = cell_worker_new(plan, &columns, budget, &worker, err);       // one a thread
 *     s = cell_worker_locate(worker, batch, at, err);                  // each batch
 *     for (each record) worker->counts[at[r]]++;                       // unless CELL_NONE
 *     cell_worker_free(worker);
 *
 * Cells are numbered by each worker as it meets them; what they are is told by cell_worker_key(),
 * and that is how tables of several workers are put together.  Memory grows with the combinations
 * of levels that occur, times distinct base weights, and not with records.
 *
 * Columns whose values repeat are looked at once a value (records/coder.h).
 */
#ifndef BELL_WEIGHTS_CELLS_H
#define BELL_WEIGHTS_CELLS_H

#include "base/budget.h"
#include "records/batch.h"
#include "weights/weight_plan.h"

#define CELL_NONE UINT32_MAX

/* Columns of the batches. */
struct cell_columns {
    const size_t *fields; /* by field of the plan */
    size_t base;          /* SCHEMA_NONE: there is none */
};

/* What a cell is: the number of its combination of values (place.h below), and the base weight in
 * millionths, 1 where there is none. */
struct cell_key {
    uint64_t place;
    int64_t base;
};

struct cell_worker {
    const struct weight_plan *plan;
    const struct cell_columns *columns;
    uint64_t *counts; /* of each cell, kept by the caller; new ones are 0 */
    uint32_t count;   /* cells */
    uint64_t refused; /* records */
    struct cell_parts *parts;
};

enum status cell_worker_new(const struct weight_plan *plan, const struct cell_columns *columns,
                            struct budget *budget, struct cell_worker **worker,
                            struct error *err) BELL_CHECK;
void cell_worker_free(struct cell_worker *worker); /* NULL is allowed */

/* at[record] is its cell; CELL_NONE: it was refused (a level that is missing or in no margin, as
 * plan->reject says; a base weight that is missing, no number, or below 0).  Past --max-memory
 * STATUS_IO. */
enum status cell_worker_locate(struct cell_worker *worker, struct batch *batch, uint32_t *at,
                               struct error *err) BELL_CHECK;
struct cell_key cell_worker_key(const struct cell_worker *worker, uint32_t cell);

/* Places: combinations of a value of each field, or none, as one number.  STATUS_USAGE if there are
 * more than a number can hold. */
enum status cell_place_check(const struct weight_plan *plan, struct error *err) BELL_CHECK;
/* The values (by field, WEIGHT_NO_VALUE: none) of a place. */
void cell_place_values(const struct weight_plan *plan, uint64_t place, uint32_t *values);

#endif
