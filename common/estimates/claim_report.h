/* claim_report.h - from the text of a claim and a table to sentences: the work of bell-claim.
 *
 *     struct claim_report report = {.each = false};
 *     s = claim_report_begin(&report, "mean(score) > 3.5", yardstick, err);
 *     s = claim_report_study(&report, study, err);
 *     s = claim_report_judge(&report, reader, &said, err);
 *     claim_report_end(&report);                   // also after errors; said: claim_said_free()
 */
#ifndef BELL_ESTIMATES_CLAIM_REPORT_H
#define BELL_ESTIMATES_CLAIM_REPORT_H

#include "base/buffer.h"
#include "estimates/claim_judge.h"
#include "study/study.h"

struct claim_report {
    bool each; /* each group that the claim fits, instead of just one */
    /* The rest is filled by the functions below. */
    struct claim claim;
    struct claim_rules rules;
    bool yardstick_given;
    int64_t min_cell; /* of the study, for partials, where nothing was withheld yet */
    struct arena arena;
};

struct claim_said {
    bool holds;              /* every one that was judged */
    struct buffer sentences; /* a line each */
    struct buffer reasons;   /* the sentence and its reasons */
};

/* text outlives the report.  yardstick: the option, or NULL.  STATUS_USAGE: a claim or a yardstick
 * that is none. */
enum status claim_report_begin(struct claim_report *report, const char *text,
                               const struct node *yardstick, struct error *err) BELL_CHECK;
/* What the study says that concerns claims: its yardstick, what it withholds. */
enum status claim_report_study(struct claim_report *report, const struct study *study,
                               struct error *err) BELL_CHECK;
/* Reads the table to its end. */
enum status claim_report_judge(struct claim_report *report, struct table_reader *reader,
                               struct claim_said *said, struct error *err) BELL_CHECK;
/* Marks a group of partials as withheld if bell-aggregate would not have shown it whole. */
void claim_withhold(struct table_group *group, double min_cell);
void claim_report_end(struct claim_report *report);
void claim_said_free(struct claim_said *said);

#endif
