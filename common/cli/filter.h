/* filter.h - what makes a program of bellpipe: its words for --help, its input, its stage.
 *
 * Each file of filters/ defines one `const struct filter filter_NAME`.  program.h runs one
 * alone; `bell run` and `bell pipe` chain several in one process.
 */
#ifndef BELL_CLI_FILTER_H
#define BELL_CLI_FILTER_H

#include "cli/settings.h"
#include "engine/stage.h"
#include "io/output.h"
#include "records/sink.h"
#include "records/source.h"

enum filter_input {
    FILTER_IN_NONE,   /* bell-sample */
    FILTER_IN_SOURCE, /* delimited files: bell-ingest */
    FILTER_IN_STREAM  /* record streams */
};

struct filter {
    const char *name;     /* "normalize"; the program is bell-normalize */
    const char *args_doc; /* "[FILE...]" */
    const char *summary;  /* one line, for bell --help */
    const char *doc;      /* a paragraph for --help */
    enum filter_input input;
    bool gathers;       /* puts out a table, not records */
    const char *common; /* the common options that it takes: long names joined by blanks */
    /* Makes the source of FILTER_IN_SOURCE; settings outlive it.  Else NULL: record streams. */
    enum status (*make_source)(const struct settings *settings, struct source *source,
                               struct error *err);
    /* Makes the stage; settings outlive it. */
    enum status (*make_stage)(const struct settings *settings, struct stage *stage,
                              struct error *err);
    /* Opens the output and makes what writes it, if that is no record stream; else NULL. */
    enum status (*make_sink)(const struct settings *settings, struct output **output,
                             struct sink *sink, struct error *err);
    /* A program that is no stage (bell-view --header, bell-sample) does its work here instead. */
    enum status (*run)(struct settings *settings, struct error *err);
};

#endif
