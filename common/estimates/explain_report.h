/* explain_report.h - pages of a whole table: the work of bell-estimate --explain.
 *
 *     s = explain_report(&text, plan, reader, &ask, &refused, err);
 *
 * One group: its page.  Several: a list of all, a line each, then their pages.  The memory is that
 * of the text, some 4 KiB a group.
 */
#ifndef BELL_ESTIMATES_EXPLAIN_REPORT_H
#define BELL_ESTIMATES_EXPLAIN_REPORT_H

#include "estimates/estimate_plan.h"
#include "estimates/explain.h"

struct explain_ask {
    const char *group; /* "airline=United": only these (claim.h); NULL: all */
    double precision;  /* as in explain.h */
};

/* Reads the table, on which the plan was opened, to its end.  *refused: groups of which nothing can
 * be said.  STATUS_USAGE: a group that is not there; else as explain_page(). */
enum status explain_report(struct buffer *out, const struct estimate_plan *plan,
                           struct table_reader *reader, const struct explain_ask *ask,
                           size_t *refused, struct error *err) BELL_CHECK;

#endif
