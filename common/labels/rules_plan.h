/* rules_plan.h - what rules.c makes of a study's labels and rules_apply.c follows; nobody else
 * includes it. */
#ifndef BELL_LABELS_RULES_PLAN_H
#define BELL_LABELS_RULES_PLAN_H

#include "base/arena.h"
#include "fields/condition.h"
#include "labels/phrases.h"
#include "labels/regex.h"
#include "labels/rules.h"
#include "records/dictionary.h"
#include "study/keys.h"

struct phrase_list {
    uint32_t *ids;
    size_t count;
    uint64_t *mask; /* the same as a set; made by rules_open() */
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

enum { LABEL_FEW = 8 };

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
    size_t *texts; /* that it reads; numbers in rules.texts */
    size_t text_count;
    size_t slot; /* in what is remembered of a value of its only text, if it remembers */
    size_t column;
    bool coded;                    /* its values go out as codes of choices */
    bool by_phrases;               /* each rule asks for phrases, so that without any none holds */
    bool any_only;                 /* each rule is `any`, and nothing else */
    bool few;                      /* likewise, they are few, and a set of phrases is one word */
    uint64_t few_masks[LABEL_FEW]; /* then: the phrases of each rule */
    struct dictionary choices;     /* by rule its label, and behind the last the `else` */
};

/* A field that labels read. */
struct text {
    size_t column;
    const char *name;
    size_t slot_count; /* labels that read nothing else and remember */
};

struct rules {
    struct arena arena;
    struct phrases *phrases;
    struct label *labels;
    size_t label_count;
    size_t label_cap;
    struct text *texts;
    size_t text_count;
    size_t field_count; /* of the input */
};

#endif
