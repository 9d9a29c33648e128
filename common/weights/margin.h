/* margin.h - inside weight_plan: one margin out of a study or a side file.
 *
 * A side file has group columns and `population` or `share`; those of `by`, if that was given, else
 * all of them. */
#ifndef BELL_WEIGHTS_MARGIN_H
#define BELL_WEIGHTS_MARGIN_H

#include "weights/weight_plan.h"

enum { WEIGHT_FIELDS_MAX = 8 }; /* of one margin */

/* Reads node into plan->margins[number], and adds its fields and their values to the plan. */
enum status margin_read(struct weight_plan *plan, const struct study *study,
                        const struct node *node, size_t number, struct error *err) BELL_CHECK;
void margin_free(struct weight_margin *margin);

/* A field of the plan by its name, made if it is new; NULL if memory is out. */
struct weight_field *weight_field_get(struct weight_plan *plan, const char *name,
                                      const struct node *at);
/* The number of a value, made if it is new; WEIGHT_NO_VALUE if memory is out. */
uint32_t weight_field_add(struct weight_field *field, struct slice value);

#endif
