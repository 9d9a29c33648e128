/* question.h - what a group's answers say to one question, and what everyone may say to it.
 *
 * A question is the mean, the net, or the share of one band.  Everything is computed from a
 * struct table_group (table_reader.h); the formulas are those of stats/, here put to the bands,
 * weights and population of a table:
 *
 *     struct question mean = {QUESTION_MEAN, 0};
 *     double here = question_answers(group, mean, false);
 *     s = question_free(&bounds, group, mean, err);            // without any assumption
 *     s = question_ratio(&bounds, group, mean, false, 3, err); // at most 3 times as ready
 *     s = question_tipping(&ratio, group, mean, false, 3.5, err);
 *
 * Bands that are ranges: the lower bound of a mean takes their low ends, the upper one their high
 * ends, so that the bounds hold wherever in its band a score lies.  The net counts by number of
 * the band, as the table does.
 *
 * Figures are NaN where they are not defined: no scored records, or no population.  Groups must
 * have bands, and not be withheld.  n is people where the table counts them, else scored records.
 */
#ifndef BELL_ESTIMATES_QUESTION_H
#define BELL_ESTIMATES_QUESTION_H

#include "stats/coverage.h"
#include "tables/table_reader.h"

enum question_kind { QUESTION_MEAN, QUESTION_NET, QUESTION_SHARE };

struct question {
    enum question_kind kind;
    size_t band; /* of QUESTION_SHARE, from 0 */
};

/* Scored below this: bounds are also shown widened by sampling noise. */
enum { QUESTION_FEW = 1000 };

/* "mean", "net", "share". */
const char *question_name(struct question question);

/* The answers' own figure; weighted: by the weights of the table. */
double question_answers(const struct table_group *group, struct question question, bool weighted);
/* The number of each band whose mean is the figure (a range by its middle). */
void question_scores(double *scores, const struct table_group *group, struct question question);
/* Is any band a range? */
bool question_ranges(const struct table_group *group);
/* What any figure can be: the ends of the scale, -1..1, 0..1. */
struct interval question_range(const struct table_group *group, struct question question);
/* What it is compared with where nothing is said: the middle of the scale, 0, a half. */
double question_middle(const struct table_group *group, struct question question);

/* n of the population; NaN in it if that is unknown. */
enum status question_coverage(struct coverage *coverage, const struct table_group *group,
                              struct error *err) BELL_CHECK;

/* Without any assumption on the silent (coverage.h).  NaN where the population is not known, and
 * where some people are behind several records (table_group_repeats()). */
enum status question_free(struct interval *bounds, const struct table_group *group,
                          struct question question, struct error *err) BELL_CHECK;
/* The middle answer of everyone; a band's low end and a band's high end. */
enum status question_free_median(struct interval *bounds, const struct table_group *group,
                                 struct error *err) BELL_CHECK;

/* If nobody is more than gamma times as ready to answer as anybody else (selection.h).  With a
 * population, and unweighted, cut at question_free(), which holds in any case.  gamma = 1: the
 * answers' own figure twice (for ranges: from all low ends to all high ends). */
enum status question_ratio(struct interval *bounds, const struct table_group *group,
                           struct question question, bool weighted, double gamma,
                           struct error *err) BELL_CHECK;
/* The same, and readiness never rises towards the middle band. */
enum status question_ushape(struct interval *bounds, const struct table_group *group,
                            struct question question, double gamma, struct error *err) BELL_CHECK;
/* question_ratio() widened by sampling noise, for few answers (selection_noise.h).  z:
 * confidence.h. */
enum status question_ratio_noise(struct interval *bounds, const struct table_group *group,
                                 struct question question, double gamma, double z,
                                 struct error *err) BELL_CHECK;

/* How many times as ready must any one group be, before the figure may lie on the other side of
 * `target`: infinity if no ratio does it, NaN if the answers themselves lie at the target.  For
 * ranges by their worse ends; 1 if those lie beyond already. */
enum status question_tipping(double *ratio, const struct table_group *group,
                             struct question question, bool weighted, double target,
                             struct error *err) BELL_CHECK;

#endif
