#include "cli/study_plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

enum { WORDS_MAX = 32 };

void study_plan_free(struct study_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        settings_free(plan->steps[i].settings);
}

enum status study_plan_add(struct study_plan *plan, const struct filter *filter, int argc,
                           char **argv, const struct study *study, struct error *err)
{
    if (plan->count == STUDY_PLAN_STEPS_MAX)
        return error_set(err, STATUS_USAGE, "more than %d steps", STUDY_PLAN_STEPS_MAX);
    struct chain_step *step = &plan->steps[plan->count];
    step->filter = filter;
    enum status s = options_parse_step(filter, argc, argv, study, &step->settings, err);
    plan->count += s == STATUS_OK;
    return s;
}

/* One word of a command line; options_parse_step() copies its words and changes none. */
static char *word(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void add_option(char **argv, int *argc, const char *option, const char *value)
{
    if (value == NULL)
        return;
    argv[(*argc)++] = word(option);
    argv[(*argc)++] = word(value);
}

static const struct filter *filter_named(const struct study_run *run, const char *name)
{
    for (size_t i = 0; i < run->filter_count; i++)
        if (strcmp(run->filters[i]->name, name) == 0)
            return run->filters[i];
    return NULL;
}

/* One step of the study, as if it had been started with -s STUDY and what concerns it. */
static enum status add_step(struct study_plan *plan, const char *name, const struct study_run *run,
                            bool last, struct error *err)
{
    bool ingest = strcmp(name, "ingest") == 0, aggregate = strcmp(name, "aggregate") == 0;
    size_t files = ingest ? run->file_count : 0;
    char **argv = calloc(files + WORDS_MAX, sizeof *argv);
    if (argv == NULL)
        return error_no_memory(err);
    int argc = 0;
    argv[argc++] = word(name);
    add_option(argv, &argc, "--study", run->study_path);
    if (run->no_provenance)
        argv[argc++] = word("--no-provenance");
    add_option(argv, &argc, "--key-file", ingest ? run->key_file : NULL);
    add_option(argv, &argc, "--output-directory", aggregate ? run->output_directory : NULL);
    add_option(argv, &argc, "--output", last ? run->output : NULL);
    for (size_t i = 0; aggregate && run->table_options != NULL && run->table_options[i] != NULL &&
                       argc + 1 < WORDS_MAX;
         i++)
        argv[argc++] = word(run->table_options[i]);
    if (files > 0)
        argv[argc++] = word("--");
    for (size_t i = 0; i < files; i++)
        argv[argc++] = run->files[i];
    enum status s = study_plan_add(plan, filter_named(run, name), argc, argv, run->study, err);
    free(argv);
    return s;
}

enum status study_plan_make(struct study_plan *plan, const struct study_run *run, struct error *err)
{
    static const char *const stages[] = {"ingest", "normalize", "classify", "weight", "aggregate"};
    enum { STAGES = sizeof stages / sizeof stages[0] };
    bool wanted[STAGES];
    size_t last = 0;
    for (size_t i = 0; i < STAGES; i++) {
        wanted[i] = i == 0 || study_section(run->study, stages[i]) != NULL ||
                    (i == STAGES - 1 && study_section(run->study, "tables") != NULL) ||
                    (run->to != NULL && strcmp(run->to, stages[i]) == 0);
        if (run->to != NULL && i > 0 && strcmp(run->to, stages[i - 1]) == 0)
            break;
        if (wanted[i])
            last = i;
    }
    for (size_t i = 0; i <= last; i++) {
        if (!wanted[i])
            continue;
        enum status s = add_step(plan, stages[i], run, i == last, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}
