/* weight_plan.h - what a study says of its weights, read and checked before any data is.
 *
 *     s = weight_plan_new(&options, &plan, err);
 *     weight_plan_free(plan);
 *
 * A margin says how many people (or which share of all) there are at each of its levels; a level is
 * a value of one field, or values of several (a joint margin: platform x age).  Fields are those
 * that margins go by.  The values of a field are numbered; values that `collapse` puts together
 * stand for one, in the records and in the margins.
 *
 * Read only once made, and shared by all threads.  Nodes of the options must outlive it.
 */
#ifndef BELL_WEIGHTS_WEIGHT_PLAN_H
#define BELL_WEIGHTS_WEIGHT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/intern.h"
#include "study/node.h"
#include "study/study.h"

struct weight_options {
    const struct study *study;
    const struct node *margins;  /* maps {by, file | counts | shares}, or texts: a file's name */
    const struct node *collapse; /* {field: {new value: [values]}}; NULL: none */
    const struct node *bounds;   /* two numbers, multiples of the mean weight; NULL: none */
    const struct node *total;    /* what the weights add up to; NULL: see solve.h */
    const struct node *base;     /* a field's name; NULL: none */
    const char *field;           /* that gets the weight */
    const struct node *field_at; /* for messages; may be NULL */
    bool trim;
    const struct node *trim_at;
    bool rescale; /* margins of other totals are brought to one */
    bool reject;  /* records without a level are refused; else they end the run */
};

/* What stands for a value in `level_of` of a field that no margin has. */
#define WEIGHT_NO_VALUE UINT32_MAX

struct weight_field {
    const char *name;
    const struct node *at; /* that named it first */
    struct intern values;  /* of margins and of collapse */
    uint32_t *level_of;    /* by number: the number of what it counts as */
    uint32_t *listed;      /* by number: the last margin that lists it, from 1; 0: none */
    uint32_t cap;          /* of both */
};

struct weight_margin {
    const char *name;      /* "platform x age", for messages */
    const struct node *at; /* for messages */
    const char *file;      /* side file; NULL: written in the study */
    size_t *fields;        /* numbers of fields of the plan */
    const char **field_names;
    size_t field_count;
    bool shares;          /* targets are shares, not people */
    struct intern levels; /* by the numbers of their values, packed (weight_plan_level) */
    double *targets;      /* by level, as they were given */
    const char **labels;  /* by level: "twitter x 55+" */
    const char **names;   /* the same escaped, for messages */
    uint32_t cap;         /* of these three */
    double sum;           /* of targets */
};

struct weight_plan {
    struct weight_field *fields;
    size_t field_count;
    struct weight_margin *margins;
    size_t margin_count;
    const char *base; /* NULL: none */
    const struct node *base_at;
    const char *field;
    const struct node *field_at;
    double total; /* 0: not given */
    bool bounded;
    double lower; /* multiples of the mean weight */
    double upper;
    bool trim;
    bool rescale;
    bool reject;
    struct arena arena;
};

/* STATUS_USAGE, with the place in the study or in the side file: a margin without levels, with a
 * level twice, with a number that is none; margins of other totals; shares that do not add up to 1;
 * a collapse or bounds that would do nothing. */
enum status weight_plan_new(const struct weight_options *options, struct weight_plan **plan,
                            struct error *err) BELL_CHECK;
void weight_plan_free(struct weight_plan *plan); /* NULL is allowed */

/* The level of a margin that a record has whose fields have these values (by field of the plan, as
 * level_of gives them); INTERN_NONE: none. */
uint32_t weight_plan_level(const struct weight_margin *margin, const uint32_t *values);
/* The value of a field as level_of has it; WEIGHT_NO_VALUE: missing, or in no margin. */
uint32_t weight_plan_value(const struct weight_field *field, struct slice text);

#endif
