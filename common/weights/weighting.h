/* weighting.h - records to weights, in two runs over the same records.
 *
 *     s = weighting_new(&options, budget, &weighting, err);
 *     // first run
 *     s = weighting_open(weighting, header, err);          // adds the field
 *     s = weighting_worker_new(weighting, &worker, err);   // one a thread
 *     s = weighting_count(weighting, worker, batch, err);  // each batch
 *     s = weighting_gather(weighting, worker, err);        // each worker
 *     s = weighting_solve(weighting, err);
 *     // second run: open and workers as before, then
 *     s = weighting_apply(weighting, worker, batch, err);
 *     s = weighting_gather(weighting, worker, err);
 *     s = weighting_check(weighting, err);                 // the records were the same
 *     weighting_free(weighting);
 *
 * Cost: the table of cells (cells.h) does not grow with records, and what is worked out is worked
 * out on it.
 */
#ifndef BELL_WEIGHTS_WEIGHTING_H
#define BELL_WEIGHTS_WEIGHTING_H

#include "base/budget.h"
#include "records/batch.h"
#include "records/header.h"
#include "weights/solve.h"
#include "weights/weight_plan.h"

struct weighting;
struct weighting_worker;

enum status weighting_new(const struct weight_options *options, struct budget *budget,
                          struct weighting **weighting, struct error *err) BELL_CHECK;
void weighting_free(struct weighting *weighting); /* NULL is allowed */

/* STATUS_USAGE: a field that the margins go by is not there (or holds sets), or the new one is. */
enum status weighting_open(struct weighting *weighting, struct header *header,
                           struct error *err) BELL_CHECK;
/* Sets a flag for each field that is read. */
void weighting_reads(const struct weighting *weighting, bool *fields);
size_t weighting_field_count(const struct weighting *weighting); /* of the input */

enum status weighting_worker_new(const struct weighting *weighting,
                                 struct weighting_worker **worker, struct error *err) BELL_CHECK;
void weighting_worker_free(struct weighting_worker *worker); /* NULL is allowed */

enum status weighting_count(const struct weighting *weighting, struct weighting_worker *worker,
                            struct batch *batch, struct error *err) BELL_CHECK;
enum status weighting_apply(const struct weighting *weighting, struct weighting_worker *worker,
                            struct batch *batch, struct error *err) BELL_CHECK;
enum status weighting_gather(struct weighting *weighting, const struct weighting_worker *worker,
                             struct error *err) BELL_CHECK;

enum status weighting_solve(struct weighting *weighting, struct error *err) BELL_CHECK;
/* STATUS_DAMAGED if the second run did not meet the records of the first. */
enum status weighting_check(const struct weighting *weighting, struct error *err) BELL_CHECK;

/* After weighting_solve(). */
const struct weight_plan *weighting_plan(const struct weighting *weighting);
const struct weight_solution *weighting_solution(const struct weighting *weighting);

#endif
