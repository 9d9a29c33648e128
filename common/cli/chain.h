/* chain.h - settings of one filter, or of several in a row, run as one process.
 *
 * This is the one place where a source, stages, a sink, the rejects and the output file come
 * together; a lone program, `bell run` and `bell pipe` all go through it.
 */
#ifndef BELL_CLI_CHAIN_H
#define BELL_CLI_CHAIN_H

#include "cli/filter.h"

struct chain_step {
    const struct filter *filter;
    struct settings *settings;
};

struct chain {
    struct chain_step *steps; /* steps[0] reads the input, the last one writes the output */
    size_t count;             /* from 1 */
    unsigned threads;         /* from 1 */
    const struct common_options *common; /* output, rejects, limits, verbosity of the whole */
    const char *program;                 /* for messages that belong to no step */
};

/* Runs it to the end and commits the output.  What went wrong carries the step's program. */
enum status chain_run(const struct chain *chain, struct error *err) BELL_CHECK;

/* A chain of one, with the threads of its own settings (1 if none were named). */
enum status chain_run_alone(const struct filter *filter, struct settings *settings,
                            struct error *err) BELL_CHECK;

/* Usable CPUs of this process. */
unsigned chain_cpus(void);

#endif
