/* estimate.h - what can be said of everyone in a group: the rows of bell-estimate.
 *
 *     ok = estimate_header(&csv, names);
 *     while (... table_reader_next ...)
 *         s = estimate_group(plan, names, group, &csv, &refused, err);    // appends to csv
 *
 * A row: the group's names, then `assumption`, `quantity`, `band`, `low`, `value`, `high`, `kind`,
 * `note`.  Each assumption is written out.  They come from the weakest to the strongest (the order
 * of the ladder): the answers alone; bounds without any assumption; bounds by a ratio of readiness,
 * and the ratios at which conclusions tip; bounds by a correlation; weighted figures; check samples
 * and what is learnt from them; the bell scenario.
 *
 * kind      observed     what came in
 *           noise limit  the margin if this were a random sample; under these words only
 *           bound        low and high, or a ratio in value
 *           weighted, calibrated, scenario
 *           refused      no number; note begins with the reasons' codes
 *
 * A refusal is a row, not an error: *refused counts them.  Errors are those of the input:
 * STATUS_DATA with file and line.  Safe from several threads, each with a buffer of its own.
 */
#ifndef BELL_ESTIMATES_ESTIMATE_H
#define BELL_ESTIMATES_ESTIMATE_H

#include "base/buffer.h"
#include "estimates/estimate_plan.h"

/* false: out of memory. */
bool estimate_header(struct buffer *csv, const struct table_names *names) BELL_CHECK;
/* reason (may be NULL): of the first refusal, if there is one. */
enum { ESTIMATE_REASON_MAX = 160 };
struct estimate_refusals {
    size_t count;
    char first[ESTIMATE_REASON_MAX]; /* its quantity and note */
};
enum status estimate_group(const struct estimate_plan *plan, const struct table_names *names,
                           const struct table_group *group, struct buffer *csv,
                           struct estimate_refusals *refusals, struct error *err) BELL_CHECK;

#endif
