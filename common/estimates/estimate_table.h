/* estimate_table.h - the rows of all groups of a table, by one thread or several.
 *
 *     s = estimate_table(plan, reader, threads, put, to, err);
 *
 * put() gets the CSV in pieces, header first, in the order of the table, whatever the number of
 * threads.  With plan->strict the first refused estimate is STATUS_DATA.  Memory depends on the
 * threads alone, not on the table.
 */
#ifndef BELL_ESTIMATES_ESTIMATE_TABLE_H
#define BELL_ESTIMATES_ESTIMATE_TABLE_H

#include "estimates/estimate.h"

typedef enum status estimate_put(void *to, const char *data, size_t len, struct error *err);

enum status estimate_table(const struct estimate_plan *plan, struct table_reader *reader,
                           unsigned threads, estimate_put *put, void *to,
                           struct error *err) BELL_CHECK;

#endif
