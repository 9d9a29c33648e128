/* scoring_plan.h - what scoring.c makes of a study's `score:` and scoring_apply.c follows; nobody
 * else includes it. */
#ifndef BELL_FIELDS_SCORING_PLAN_H
#define BELL_FIELDS_SCORING_PLAN_H

#include "base/arena.h"
#include "base/intern.h"
#include "fields/scoring.h"
#include "study/scale.h"

enum unknown { UNKNOWN_ERROR, UNKNOWN_REJECT, UNKNOWN_MISSING };

struct scale_choice {
    const struct scale *scale;
};

struct scoring {
    const struct node *node;
    const struct node *from_node;
    const struct node *by_node;
    const char *from;
    const char *by; /* NULL: one scale for all */
    enum unknown unknown;
    struct arena arena;
    struct scale_choice *choices; /* without by: one */
    size_t choice_count;
    struct intern values; /* of the field `by`, numbered as the choices */
    size_t from_column;
    size_t by_column;
};

#endif
