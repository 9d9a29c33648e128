/* explain_parts.h - inside explain: what the sections of a page share.  Only explain*.c include it.
 */
#ifndef BELL_ESTIMATES_EXPLAIN_PARTS_H
#define BELL_ESTIMATES_EXPLAIN_PARTS_H

#include "estimates/claim_text.h"
#include "estimates/explain.h"
#include "estimates/plain_number.h"
#include "estimates/plain_page.h"

/* People who gave a score, as far as they are known; several records of one person count once. */
double explain_people(const struct table_group *group);
/* Nobody is silent. */
bool explain_all(const struct table_group *group);
/* It is certain, or a check sample decided it. */
bool explain_settled(const struct explained *e);
/* A figure of the measure, kept apart from the target. */
const char *explain_figure(char out[PLAIN_MAX], const struct explained *e, double value,
                           enum plain_way way);

/* The target as it was typed. */
const char *explain_target(char out[PLAIN_MAX], const struct explained *e);

/* "95 %" */
const char *explain_confidence(char out[PLAIN_MAX], const struct explained *e);

/* The sections, in their order. */
void explain_verdict(struct plain_page *page, const struct explained *e);
void explain_who(struct plain_page *page, const struct explained *e);
void explain_quiet(struct plain_page *page, const struct explained *e);
void explain_bounds(struct plain_page *page, const struct explained *e);
void explain_readiness(struct plain_page *page, const struct explained *e);
void explain_probe(struct plain_page *page, const struct explained *e);
void explain_settle(struct plain_page *page, const struct explained *e);
void explain_publish(struct plain_page *page, const struct explained *e);

#endif
