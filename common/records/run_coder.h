/* run_coder.h - codes columns that stand side by side in the rows of a stream, all at once.
 *
 * Score, scale and labels are neighbours, and together they have few values: one look at their
 * bytes gives the codes of all of them (dictionary.h).  A run coder belongs to one worker and
 * always gets the same columns:
 *
 *     struct run_coder *coder;
 *     s = run_coder_new(&coder, err);
 *     s = run_coder_apply(coder, batch, columns, count, err);    // each batch
 *     run_coder_free(coder);
 *
 * It codes what it can; the other columns stay as they are, for coder_apply().  So its use is
 * never needed for an answer, only for speed.
 */
#ifndef BELL_RECORDS_RUN_CODER_H
#define BELL_RECORDS_RUN_CODER_H

#include "records/batch.h"

struct run_coder;

enum status run_coder_new(struct run_coder **coder, struct error *err) BELL_CHECK;
void run_coder_free(struct run_coder *coder); /* NULL is allowed */

/* columns: of the batch, in any order; SCHEMA_NONE and doubles are passed over. */
enum status run_coder_apply(struct run_coder *coder, struct batch *batch, const size_t *columns,
                            size_t count, struct error *err) BELL_CHECK;

#endif
