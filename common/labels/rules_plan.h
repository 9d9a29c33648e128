/* rules_plan.h - what rules.c makes of a study's labels and rules_apply.c follows; nobody else
 * includes it. */
#ifndef BELL_LABELS_RULES_PLAN_H
#define BELL_LABELS_RULES_PLAN_H

#include "base/arena.h"
#include "fields/condition.h"
#include "labels/phrases.h"
#include "labels/regex.h"
#include "labels/rules.h"
#include "study/keys.h"

#define GROUP_NONE SIZE_MAX

struct phrase_list {
    uint32_t *ids;
    size_t count;
};

struct rule {
    const struct node *node;
    struct slice label;
    size_t name; /* of a set: place of the label in label.names */
    struct phrase_list any;
    struct phrase_list all;
    struct regex *regex;
    const struct node *regex_node;
    struct conditions *where; /* NULL: none */
};

struct label {
    const char *name;
    const struct node *node;
    const struct node *from; /* NULL: only conditions */
    bool set;
    bool remembers; /* depends on the texts of `from` alone */
    struct slice otherwise;
    struct rule *rules;
    size_t rule_count;
    struct slice *names; /* of a set: its labels in byte order */
    size_t name_count;
    size_t group; /* GROUP_NONE: it reads no text */
    size_t slot;  /* in what is remembered of a text, if it remembers */
    size_t column;
};

/* Labels with the same `from`. */
struct group {
    size_t *fields; /* columns */
    const char **names;
    size_t field_count;
    size_t slot_count;
};

struct rules {
    struct arena arena;
    struct phrases *phrases;
    struct label *labels;
    size_t label_count;
    size_t label_cap;
    struct group *groups;
    size_t group_count;
};

#endif
