/* explain_report.h - pages of a whole table: the work of bell-estimate --explain.
 *
 *     s = explain_report(&text, reader, &options, err);
 *
 * One group: its page.  Several: a list of all, a line each, then their pages.  The memory is that
 * of the text, some 4 KiB a group.
 */
#ifndef BELL_ESTIMATES_EXPLAIN_REPORT_H
#define BELL_ESTIMATES_EXPLAIN_REPORT_H

#include "estimates/explain.h"

struct explain_report_options {
    struct explain_options page; /* the probe is set for each group by probe_of */
    const char *group;           /* "airline=United": only these (claim.h); NULL: all */
    double min_cell;             /* for partials, where nothing was withheld yet */
    /* The random check sample of a group; NULL, or no function: none. */
    const struct claim_probe *(*probe_of)(void *self, const struct table_group *group);
    void *self;
};

/* Reads the table to its end.  STATUS_USAGE: a group that is not there; else as explain_page(). */
enum status explain_report(struct buffer *out, struct table_reader *reader,
                           const struct explain_report_options *options,
                           struct error *err) BELL_CHECK;

#endif
