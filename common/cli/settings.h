/* settings.h - all that a filter was told: its section of the study with the options of the
 * command line laid over it, the common options, and the operands.
 *
 * Made by options.h from argv (or from a step of `bell run` / `bell pipe`); read only after.
 * Every value was already checked against the key table (keys.h), so the typed getters cannot
 * fail: an absent key gives the default that stands in the table.  Paths are relative to the
 * section: "score.from".
 */
#ifndef BELL_CLI_SETTINGS_H
#define BELL_CLI_SETTINGS_H

#include "base/error.h"
#include "study/node.h"
#include "study/study.h"

struct common_options {
    const char *output;         /* NULL: standard output */
    int compress;               /* 0..9; -1: by destination (0 into a pipe, 1 into a file) */
    bool text;                  /* --text: plain text stream */
    bool force;                 /* -f */
    int threads;                /* 0: not given */
    const char *rejects;        /* NULL: none */
    uint64_t max_rejects;       /* UINT64_MAX: any number */
    double max_rejects_percent; /* negative: not given */
    uint64_t max_memory;        /* bytes; 0: default */
    const char *progress;       /* "auto", "never", "always" */
    const char *key_file;       /* NULL: none */
    bool no_provenance;
    bool no_end;
    bool quiet;
    bool verbose;
    bool check_study;
};

struct budget;
struct reread;

struct settings {
    const char *program;        /* "bell-normalize" */
    const char *section_name;   /* "normalize" */
    const struct study *study;  /* never NULL; without -s an empty one */
    const struct node *section; /* a map, never NULL, maybe empty */
    bool section_exists;        /* the study has the section, or an option of it was given */
    struct common_options common;
    char **operands;
    size_t operand_count;
    char *command;         /* canonical command line, for #program; NULL with --no-provenance */
    struct budget *budget; /* what --max-memory leaves; shared by the whole run (the caller's) */
    struct reread *reread; /* the inputs are read twice (io/reread.h; the caller's); NULL: once */
    /* aggregate: the study's tables, name -> section, each with the keys of aggregate that it
     * does not name itself, and with the options laid over it; NULL if the study has none.  To
     * read one: copy the struct settings and set section = tables->items[i]. */
    const struct node *tables;
    const char *output_directory; /* -O; NULL: not given */
};

/* The value as it stands; NULL if absent.  A list with a default (ingest.missing) is never
 * absent. */
const struct node *settings_node(const struct settings *settings, const char *path);
/* NULL if absent and without default. */
const char *settings_text(const struct settings *settings, const char *path);
bool settings_flag(const struct settings *settings, const char *path);
/* A KEY_WHOLE; 0 if absent and without default. */
int64_t settings_int(const struct settings *settings, const char *path);
/* A KEY_NUMBER in millionths; false if absent and without default. */
bool settings_decimal(const struct settings *settings, const char *path, int64_t *millionths);

#endif
