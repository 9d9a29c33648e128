/* claim_report.h - from the text of a claim and a table to sentences: the work of bell-claim.
 *
 *     struct claim_report report = {.each = false};
 *     s = claim_report_begin(&report, "mean(score) > 3.5", err);
 *     s = claim_report_judge(&report, plan, reader, &said, err);
 *     claim_report_end(&report);                   // also after errors; said: claim_said_free()
 */
#ifndef BELL_ESTIMATES_CLAIM_REPORT_H
#define BELL_ESTIMATES_CLAIM_REPORT_H

#include "base/buffer.h"
#include "estimates/claim_judge.h"
#include "estimates/estimate_plan.h"

struct claim_report {
    bool each; /* each group that the claim fits, instead of just one */
    /* The rest is filled by the functions below. */
    struct claim claim;
    struct arena arena;
};

struct claim_said {
    bool holds;              /* every one that was judged */
    struct buffer sentences; /* a line each */
    struct buffer reasons;   /* the sentence and its reasons */
};

/* text outlives the report.  STATUS_USAGE: a claim that is none. */
enum status claim_report_begin(struct claim_report *report, const char *text,
                               struct error *err) BELL_CHECK;
/* Reads the table to its end.  Of the plan, which was opened on it: the yardstick, the confidence,
 * the check sample, and what is withheld. */
enum status claim_report_judge(struct claim_report *report, const struct estimate_plan *plan,
                               struct table_reader *reader, struct claim_said *said,
                               struct error *err) BELL_CHECK;
void claim_report_end(struct claim_report *report);
void claim_said_free(struct claim_said *said);

/* ---- also for others who judge by a plan ---- */

/* Without probes. */
struct claim_rules claim_rules_of(const struct estimate_plan *plan);
/* The check sample of a group; NULL: it has none.  It lives in the arena. */
enum status claim_probe_of(const struct claim_probe **probe, const struct estimate_plan *plan,
                           const struct table_group *group, struct arena *arena,
                           struct error *err) BELL_CHECK;

#endif
