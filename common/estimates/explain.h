/* explain.h - a page in plain English about one group of a table, for someone who must decide.
 *
 *     const struct explain_options options = {.rules = {...}, .target = NAN, .precision = NAN,
 *                                             .correlation = EXPLAIN_CORRELATION};
 *     struct explained e;
 *     s = explain_make(&e, names, group, &options, &arena, err);   // all figures
 *     ok = explain_page(&text, &e);                                // a page of them
 *     ok = explain_line(&list, &e);                                // or a line of a list
 *
 * The conclusion that a page is about is the side of the target on which the answers stand: "the
 * mean score is above 3", or with two bands "the share of up is above 50 %".  It is judged by
 * claim_judge(), so that the page and bell-claim never say different things.
 *
 * The page holds, in this order: a verdict; who spoke for how many, and what those who did not say
 * what they think are (neutral, no opinion, absent); what holds whatever the silent think; how much
 * readier to answer one side would have to be for the conclusion to turn, with the yardstick;
 * what would settle it; a sentence that may be published and one that may not.
 *
 * What a random check sample must be for a precision: m0 = (z s / precision)^2, s being the
 * standard deviation of the answers (which may not be that of everyone: so the most that the scale
 * allows, half its length, is said as well), and of N people m = m0 / (1 + (m0 - 1) / N).  Rounded
 * up.
 */
#ifndef BELL_ESTIMATES_EXPLAIN_H
#define BELL_ESTIMATES_EXPLAIN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "estimates/claim_judge.h"
#include "tables/table_reader.h"

/* A data-defect correlation that is small by any measure: about that of large surveys which went
 * wrong by several points of a hundred. */
#define EXPLAIN_CORRELATION 0.005

struct explain_options {
    struct claim_rules rules; /* with the probe of this group, if it has one */
    double target;            /* in the numbers of the scale; NaN: its middle */
    double precision;         /* likewise, of a probe to come; NaN: a fortieth of the scale */
    double correlation;       /* above 0 */
};

struct explained {
    const struct table_group *group;
    const struct explain_options *options;
    const char *label;
    struct claim claim; /* the conclusion */
    struct claim_found found;
    struct claim_figures figures;
    struct claim_judgement judgement;
    bool share;    /* two bands: all is said as the share of the upper one */
    bool even;     /* the answers stand at the target itself: there is no conclusion */
    double target; /* of the measure: a score, or a share */
    double range;  /* likewise */
    double precision;
    double sd;             /* of the answers; NaN: not known */
    const char *statement; /* "the mean score is above 3" */
    const char *sentence;  /* "The mean score is above 3" */
    const char *measure;   /* "the mean score", "the share of up" */
};

/* Texts live in the arena; group and options are borrowed.  STATUS_USAGE: a target that is not on
 * the scale, or a precision that is none. */
enum status explain_make(struct explained *e, const struct table_names *names,
                         const struct table_group *group, const struct explain_options *options,
                         struct arena *arena, struct error *err) BELL_CHECK;

/* All of these append; false: out of memory. */
bool explain_page(struct buffer *out, const struct explained *e) BELL_CHECK;
/* For a list in front of several pages: the head once, then a line a group. */
bool explain_head(struct buffer *out) BELL_CHECK;
bool explain_line(struct buffer *out, const struct explained *e) BELL_CHECK;

/* How many people a probe needs: sd and precision in one unit, both above 0; population NaN: not
 * known. */
double explain_probe_size(double sd, double precision, double population, double z);

#endif
