/* coder.h - finds out whether the values of a column repeat, and codes it if they do.
 *
 * Platforms, ratings, bios, labels come back again and again: what a stage does to such a column
 * it does once a value (dictionary.h).  A coder remembers the values of one column of one worker:
 *
 *     struct coder *coder;
 *     s = coder_new(&coder, err);
 *     s = coder_apply(coder, batch, column, &coded, err);     // each batch
 *     if (coded)
 *         // batch->columns[column].codes and .dictionary
 *     coder_free(coder);
 *
 * A column that is coded already stays as it is.  Where values seldom repeat, are long, or are
 * too many, the coder says no; after a trial it says so at once.  So its use is never needed for
 * an answer, only for speed.
 */
#ifndef BELL_RECORDS_CODER_H
#define BELL_RECORDS_CODER_H

#include "records/batch.h"

/* Longer values seldom come back. */
enum { CODER_TEXT_MAX = 512 };

struct coder;

enum status coder_new(struct coder **coder, struct error *err) BELL_CHECK;
void coder_free(struct coder *coder); /* NULL is allowed */

/* *coded false leaves the column laid out at most. */
enum status coder_apply(struct coder *coder, struct batch *batch, size_t column, bool *coded,
                        struct error *err) BELL_CHECK;

/* Codes the bytes of rows from one row column to another as one value, what stands between them
 * included: for run_coder.h.  *codes lie in the batch's arena; NULL: the coder says no. */
enum status coder_code_rows(struct coder *coder, struct batch *batch, size_t first, size_t last,
                            uint16_t **codes, struct error *err) BELL_CHECK;
const struct dictionary *coder_dictionary(const struct coder *coder);

#endif
