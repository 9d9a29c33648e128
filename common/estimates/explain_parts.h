/* explain_parts.h - inside explain: what all sections of a page know.  Only explain*.c include
 * it. */
#ifndef BELL_ESTIMATES_EXPLAIN_PARTS_H
#define BELL_ESTIMATES_EXPLAIN_PARTS_H

#include "estimates/claim_text.h"
#include "estimates/explain.h"
#include "estimates/plain_number.h"
#include "estimates/plain_page.h"

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

/* All that the sections say is worked out here.  Texts live in the arena. */
enum status explain_make(struct explained *e, const struct table_names *names,
                         const struct table_group *group, const struct explain_options *options,
                         struct arena *arena, struct error *err) BELL_CHECK;

/* People who gave a score, as far as they are known; several records of one person count once. */
double explain_people(const struct table_group *group);
/* Does one person stand behind several records? */
bool explain_repeats(const struct table_group *group);
/* Nobody is silent. */
bool explain_all(const struct table_group *group);
/* A figure of the measure, kept apart from the target. */
const char *explain_figure(char out[PLAIN_MAX], const struct explained *e, double value,
                           enum plain_way way);

/* The target as it was typed. */
const char *explain_target(char out[PLAIN_MAX], const struct explained *e);

/* The sections, in their order. */
void explain_verdict(struct plain_page *page, const struct explained *e);
void explain_who(struct plain_page *page, const struct explained *e);
void explain_quiet(struct plain_page *page, const struct explained *e);
void explain_bounds(struct plain_page *page, const struct explained *e);
void explain_readiness(struct plain_page *page, const struct explained *e);
void explain_settle(struct plain_page *page, const struct explained *e);
void explain_publish(struct plain_page *page, const struct explained *e);

#endif
