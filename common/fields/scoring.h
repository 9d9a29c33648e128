/* scoring.h - answers to scores: the `score:` of normalize.
 *
 * Adds three fields: `score` (decimal; missing if there is none), `scale` (the scale's name) and
 * `unscored` (missing beside a score, else `missing` or `off_scale`), and one #scale line a scale.
 * Answers are trimmed of ASCII blanks, then read by scale_read().
 *
 * With `by` the value of that field chooses the scale.  A record without an answer is `missing`
 * whatever that value is; one with an answer but without a scale is like one off its scale.
 *
 * What is off its scale: `unknown: error` refuses it and ends the run, `reject` refuses it,
 * `missing` passes it on as off_scale.  Code of refusals: "scale".
 *
 *     s = scoring_new(node, study, &scoring, err);
 *     s = scoring_open(scoring, header, err);            // fields and #scale lines
 *     s = scoring_worker_new(&worker, err);              // one a thread
 *     s = scoring_apply(scoring, worker, batch, err);    // adds and fills the columns
 */
#ifndef BELL_FIELDS_SCORING_H
#define BELL_FIELDS_SCORING_H

#include "base/error.h"
#include "records/batch.h"
#include "records/header.h"
#include "study/study.h"

struct scoring;
struct scoring_worker;

/* node and study outlive it.  STATUS_USAGE at its place if anything in the map is missing or does
 * not go together. */
enum status scoring_new(const struct node *node, const struct study *study,
                        struct scoring **scoring, struct error *err) BELL_CHECK;
/* STATUS_USAGE if a field is not there, or `score`, `scale` or `unscored` is there already. */
enum status scoring_open(struct scoring *scoring, struct header *header,
                         struct error *err) BELL_CHECK;
void scoring_free(struct scoring *scoring); /* NULL is allowed */

/* Sets a flag for each field that is read. */
void scoring_reads(const struct scoring *scoring, bool *fields);

enum status scoring_worker_new(struct scoring_worker **worker, struct error *err) BELL_CHECK;
void scoring_worker_free(struct scoring_worker *worker); /* NULL is allowed */
/* Only live records are scored.  Cells point into the batch, the worker or the scoring. */
enum status scoring_apply(const struct scoring *scoring, struct scoring_worker *worker,
                          struct batch *batch, struct error *err) BELL_CHECK;

#endif
