/* study_plan.h - the steps of a whole study, as `bell run` chains them.
 *
 *     struct study_plan plan = {.count = 0};
 *     s = study_plan_make(&plan, &run, err);
 *     ... chain_run() with plan.steps ...
 *     study_plan_free(&plan);              // after the error was printed: it may name a step
 */
#ifndef BELL_CLI_STUDY_PLAN_H
#define BELL_CLI_STUDY_PLAN_H

#include "cli/chain.h"

enum { STUDY_PLAN_STEPS_MAX = 64 };

struct study_plan {
    struct chain_step steps[STUDY_PLAN_STEPS_MAX];
    size_t count;
};

struct study_run { /* all of it the caller's; alive as long as the plan */
    const struct study *study;
    const char *study_path;
    char *const *files; /* of the first stage; none: standard input */
    size_t file_count;
    const char *to;               /* the last stage; NULL: as far as the study goes */
    const char *output;           /* of the last stage; NULL: standard output */
    const char *output_directory; /* of aggregate; NULL: none */
    const char *key_file;         /* NULL: none */
    bool no_provenance;
    const char *const *table_options;    /* words laid over aggregate; ends with NULL; NULL: none */
    const struct filter *const *filters; /* all there are */
    size_t filter_count;
};

/* Steps for the sections that the study has, from ingest to aggregate. */
enum status study_plan_make(struct study_plan *plan, const struct study_run *run,
                            struct error *err) BELL_CHECK;
/* One more step behind the others; study as in options_parse_step(). */
enum status study_plan_add(struct study_plan *plan, const struct filter *filter, int argc,
                           char **argv, const struct study *study, struct error *err) BELL_CHECK;
void study_plan_free(struct study_plan *plan);

#endif
