/* bell: all filters behind one name; `bell run` and `bell pipe` chain them in one process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/check_study.h"
#include "cli/options.h"
#include "cli/program.h"
#include "cli/shell_words.h"
#include "cli/study_plan.h"
#include "registry.h"

/* Options and words of `bell run` and `bell pipe`; they have no stage of their own. */
static const struct filter filter_run = {
    .name = "run",
    .args_doc = "STUDY [FILE...]",
    .summary = "run a whole study in one process",
    .doc = "Runs the stages that STUDY has sections for, from ingest as far as aggregate, over "
           "all CPUs.  The table is the same as from the filters in a pipeline.",
    .common = "output compress text force threads rejects max-rejects max-memory key-file "
              "progress no-provenance quiet verbose check-study",
};

static const struct filter filter_pipe = {
    .name = "pipe",
    .args_doc = "'FILTER ARGS | FILTER ARGS ...'",
    .summary = "run filters written like a shell pipeline in one process",
    .doc = "Runs filters as a shell would run `bell-FILTER ARGS | bell-FILTER ARGS`, but in one "
           "process and over all CPUs.",
    .common = "threads progress quiet verbose",
};

/* ---- bell run ---- */

static enum status check_run(const struct settings *settings, struct error *err)
{
    return settings->operand_count > 0
               ? STATUS_OK
               : error_set(err, STATUS_USAGE, "which study? (bell run STUDY [FILE...])");
}

static enum status plan_study(struct study_plan *plan, const struct settings *run,
                              const struct study *study, struct error *err)
{
    const struct study_run whole = {
        .study = study,
        .study_path = run->operands[0],
        .files = run->operands + 1,
        .file_count = run->operand_count - 1,
        .to = settings_text(run, "to"),
        .output = run->common.output,
        .output_directory = settings_text(run, "output_directory"),
        .key_file = run->common.key_file,
        .no_provenance = run->common.no_provenance,
        .filters = filter_list,
        .filter_count = filter_list_count,
    };
    return study_plan_make(plan, &whole, err);
}

static enum status run_plan(struct study_plan *plan, const struct settings *whole,
                            const struct common_options *common, struct error *err)
{
    struct chain chain = {.steps = plan->steps,
                          .count = plan->count,
                          .threads = whole->common.threads > 0 ? (unsigned)whole->common.threads
                                                               : chain_cpus(),
                          .common = common,
                          .program = whole->program};
    return chain_run(&chain, err);
}

static enum status run_study(struct settings *run, struct study_plan *plan, struct error *err)
{
    struct study *study = NULL;
    enum status s = check_run(run, err);
    if (s == STATUS_OK)
        s = study_open(run->operands[0], &study, err);
    if (s == STATUS_OK && run->common.check_study) {
        s = check_study(study, filter_list, filter_list_count, err);
        study_free(study);
        return s;
    }
    if (s == STATUS_OK)
        s = plan_study(plan, run, study, err);
    if (s == STATUS_OK)
        s = run_plan(plan, run, &run->common, err);
    study_free(study);
    return s;
}

/* ---- bell pipe ---- */

static enum status plan_pipe(struct study_plan *plan, const struct shell_steps *steps,
                             struct error *err)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct shell_step *step = &steps->steps[i];
        const struct filter *filter = filter_by_name(step->words[0]);
        char shown[TEXT_ESCAPED_MAX];
        text_escape(shown, slice_of(step->words[0]));
        if (filter == NULL)
            return error_set(err, STATUS_USAGE, "no filter '%s' (see bell --help)", shown);
        if (filter->make_stage == NULL)
            return error_set(err, STATUS_USAGE, "bell-%s cannot stand in a pipe", filter->name);
        bool first = i == 0;
        if (!first && filter->input == FILTER_IN_SOURCE)
            return error_set(err, STATUS_USAGE, "bell-%s can only be the first step", filter->name);
        if (i + 1 < steps->count && filter->gathers)
            return error_set(err, STATUS_USAGE, "bell-%s can only be the last step", filter->name);
        enum status s = study_plan_add(plan, filter, (int)step->count, step->words, NULL, err);
        if (s != STATUS_OK)
            return s;
        if (!first && plan->steps[i].settings->operand_count > 0)
            return error_set(err, STATUS_USAGE,
                             "bell-%s reads what comes through the pipe, not files", filter->name);
    }
    return STATUS_OK;
}

/* The option by which a step that could pass records on puts out something else. */
static const char *output_form(const struct settings *settings)
{
    static const char *const forms[] = {"body", "count", "check"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (settings_flag(settings, forms[i]))
            return forms[i];
    return settings_text(settings, "to") != NULL ? "to" : NULL;
}

/* One process has one file of rejects, one limit, one output: each may be named once. */
static enum status join_common(const struct study_plan *plan, const struct settings *pipe,
                               struct common_options *common, struct error *err)
{
    *common = plan->steps[plan->count - 1].settings->common;
    common->quiet = common->quiet || pipe->common.quiet;
    common->verbose = common->verbose || pipe->common.verbose;
    common->progress = pipe->common.progress;
    for (size_t i = 0; i + 1 < plan->count; i++) {
        const struct common_options *step = &plan->steps[i].settings->common;
        if (step->check_study)
            return error_set(err, STATUS_USAGE, "--check-study has no place in a pipe");
        if (step->output != NULL)
            return error_set(err, STATUS_USAGE, "only the last step of a pipe has an --output");
        const char *form =
            plan->steps[i].filter->make_sink == NULL ? NULL : output_form(plan->steps[i].settings);
        if (form != NULL)
            return error_set(err, STATUS_USAGE,
                             "--%s puts out no records, so bell-%s can only be the last step", form,
                             plan->steps[i].filter->name);
        if (step->rejects != NULL && common->rejects != NULL)
            return error_set(err, STATUS_USAGE,
                             "--rejects may be given to one step of a pipe; it serves for all");
        if (step->rejects != NULL) {
            common->rejects = step->rejects;
            common->max_rejects = step->max_rejects;
            common->max_rejects_percent = step->max_rejects_percent;
        }
        if (step->max_memory != 0 &&
            (common->max_memory == 0 || step->max_memory < common->max_memory))
            common->max_memory = step->max_memory;
        common->verbose = common->verbose || step->verbose;
    }
    return STATUS_OK;
}

static enum status run_pipe(struct settings *pipe, struct study_plan *plan, struct error *err)
{
    struct shell_steps steps = {.count = 0};
    struct common_options common;
    if (pipe->operand_count != 1)
        return error_set(err, STATUS_USAGE,
                         "one argument is needed: 'ingest FILE | normalize ... | aggregate'");
    enum status s = shell_words_split(pipe->operands[0], &steps, err);
    if (s == STATUS_OK)
        s = plan_pipe(plan, &steps, err);
    if (s == STATUS_OK)
        s = join_common(plan, pipe, &common, err);
    if (s == STATUS_OK)
        s = run_plan(plan, pipe, &common, err);
    shell_words_free(&steps);
    return s;
}

/* ---- the program ---- */

static int run_door(const struct filter *door, int argc, char **argv,
                    enum status (*run)(struct settings *, struct study_plan *, struct error *))
{
    struct error err = ERROR_INIT;
    struct settings *settings = NULL;
    struct study_plan plan = {.count = 0}; /* outlives the error, which may name a step's program */
    char program[32];
    (void)snprintf(program, sizeof program, "bell %s", door->name);
    enum status s = program_begin(&err);
    if (s == STATUS_OK)
        s = options_parse(door, argc, argv, &settings, &err);
    if (s == STATUS_OK && settings != NULL)
        s = run(settings, &plan, &err);
    int code = program_end(program, s, &err);
    study_plan_free(&plan);
    settings_free(settings);
    return code;
}

static int show_help(void)
{
    struct error err = ERROR_INIT;
    printf("Usage: bell run STUDY [FILE...]\n"
           "  or:  bell pipe 'FILTER ARGS | FILTER ARGS ...'\n"
           "  or:  bell FILTER ARGS            the same as bell-FILTER ARGS\n\n"
           "Feedback in, distributions out.  The filters:\n");
    for (size_t i = 0; i < filter_list_count; i++)
        printf("  %-10s %s\n", filter_list[i]->name, filter_list[i]->summary);
    printf("\n`bell run --help`, `bell pipe --help` and `bell FILTER --help` show the options.\n");
    return program_end("bell", STATUS_OK, &err);
}

static int wrong_name(const char *name)
{
    struct error err = ERROR_INIT;
    char shown[TEXT_ESCAPED_MAX];
    const char *names[32] = {"run", "pipe"};
    size_t count = 2;
    for (size_t i = 0; i < filter_list_count && count < sizeof names / sizeof names[0]; i++)
        names[count++] = filter_list[i]->name;
    const char *nearest = text_nearest(name, names, count);
    text_escape(shown, slice_of(name));
    enum status s =
        nearest != NULL
            ? error_set(&err, STATUS_USAGE, "no filter '%s'; did you mean '%s'?", shown, nearest)
            : error_set(&err, STATUS_USAGE, "no filter '%s' (see bell --help)", shown);
    return program_end("bell", s, &err);
}

int main(int argc, char **argv)
{
    struct error err = ERROR_INIT;
    if (argc < 2)
        return program_end("bell", error_set(&err, STATUS_USAGE, "what? (see bell --help)"), &err);
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-?") == 0 || strcmp(name, "help") == 0)
        return show_help();
    if (strcmp(name, "--usage") == 0) {
        printf("Usage: bell run STUDY [FILE...] | pipe 'FILTER ARGS | ...' | FILTER ARGS\n");
        return program_end("bell", STATUS_OK, &err);
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("bell (bellpipe) %s\n", PACKAGE_VERSION);
        return program_end("bell", STATUS_OK, &err);
    }
    if (strcmp(name, "run") == 0)
        return run_door(&filter_run, argc - 1, argv + 1, run_study);
    if (strcmp(name, "pipe") == 0)
        return run_door(&filter_pipe, argc - 1, argv + 1, run_pipe);
    const struct filter *filter = filter_by_name(name);
    if (filter == NULL)
        return wrong_name(name);
    return program_main(filter, filter_list, filter_list_count, argc - 1, argv + 1);
}
