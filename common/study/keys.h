/* keys.h - the one table of all keys of a study file and all options of all filters.
 *
 * A row says where a key stands, what may be its value, its default, and whether it is an
 * option as well.  From the table come the checks of study files and their messages, the typed
 * getters of settings.h, the options with --help, the canonical command line, completion, and
 * the key section of bell-study(5).
 *
 * A path is the keys from the section down, joined by ".": "score.from".  In it "*" stands for
 * any key of a map, and "[]" for any item of a list of maps: "labels.*.rules[].any".
 * Section "" is the top level.  The sections "common", "claim", "sample", "view", "run" and "pipe"
 * hold options that no study file may name.
 */
#ifndef BELL_STUDY_KEYS_H
#define BELL_STUDY_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "study/node.h"

enum key_kind {
    KEY_TEXT,   /* a scalar */
    KEY_FLAG,   /* true/false, yes/no, on/off */
    KEY_WHOLE,  /* a whole number from 0 */
    KEY_NUMBER, /* a decimal of at most 6 places */
    KEY_CHOICE, /* one of the words in choices */
    KEY_LIST,   /* a list of scalars; one scalar counts as a list of one */
    KEY_MAP,    /* a map whose keys are rows of the table */
    KEY_MAPS,   /* a list of such maps; one map counts as a list of one */
    KEY_TREE,   /* anything; whoever reads it checks it */
    KEY_LATER   /* a section that is known by name only */
};

enum {
    KEY_SILENT = 1, /* cannot change a finished stream: not in the canonical command line */
    KEY_BLANKS = 2, /* list: the empty value of the option is one empty text, not no item */
    KEY_REPEAT = 4 /* tree, maps: the option may be repeated; its values make a list of texts, or of
                    * YAML where a value begins with "[" or "{" (maps: a text may stand for one) */
};

struct key {
    const char *section;
    const char *path;
    enum key_kind kind;
    const char *choices;  /* KEY_CHOICE: words joined by "|" */
    const char *fallback; /* default as text; NULL: none */
    const char *option;   /* long option; NULL: no option */
    char letter;          /* short option or 0 */
    const char *argument; /* for --help; a KEY_FLAG takes [=yes|no] */
    unsigned flags;       /* KEY_SILENT ... */
    const char *doc;      /* one line of plain English */
};

/* All rows, in the order of the manual and of the canonical command line. */
const struct key *keys_table(size_t *count);
/* The row of an exact path without "*" standing for anything; NULL if there is none. */
const struct key *key_find(const char *section, const char *path);

/* Checks a whole study file: sections, keys, kinds of values.  Unknown key: STATUS_USAGE with
 * file:line:column and the nearest known key. */
enum status keys_check_study(const struct node *root, struct error *err) BELL_CHECK;
/* Checks one section, for instance options laid over it. */
enum status keys_check_section(const char *section, const struct node *map,
                               struct error *err) BELL_CHECK;
/* Checks one value against its row. */
enum status key_check_value(const struct key *key, const struct node *value,
                            struct error *err) BELL_CHECK;

/* true/false, yes/no, on/off in any ASCII letter case; false if text is none of them. */
bool key_parse_flag(const char *text, bool *value);

/* Is word one of the choices ("csv|tsv")? */
bool key_choice_holds(const char *choices, const char *word);

/* Prints the key section of bell-study(5) as man(7) text. */
void keys_print_manual(FILE *out);

#endif
