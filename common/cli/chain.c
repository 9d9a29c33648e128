#include "cli/chain.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/text.h"
#include "engine/pipeline.h"
#include "io/output.h"
#include "io/reread.h"
#include "records/stream_reader.h"
#include "records/stream_writer.h"

unsigned chain_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

static enum status make_source(const struct chain_step *step, struct source *source,
                               struct error *err)
{
    const struct settings *settings = step->settings;
    if (step->filter->make_source != NULL)
        return step->filter->make_source(settings, source, err);
    unsigned flags = settings->common.no_end ? STREAM_READER_NO_END : 0;
    enum status s = stream_reader_new(source, settings->operands, settings->operand_count, flags,
                                      (unsigned)settings->common.threads, err);
    if (s == STATUS_OK)
        stream_reader_again(source, settings->reread);
    return s;
}

static enum status make_stage(const struct chain_step *step, struct stage *stage, struct error *err)
{
    enum status s = step->filter->make_stage(step->settings, stage, err);
    if (s != STATUS_OK) {
        stage->ops = NULL;
        err->program = step->settings->program;
        return s;
    }
    stage->program = step->settings->program;
    stage->command = step->settings->command;
    return STATUS_OK;
}

static enum status make_sink(const struct chain *chain, struct output **output, struct sink *sink,
                             struct error *err)
{
    const struct common_options *common = chain->common;
    int level = 0;
    struct stream_writer *writer = NULL;
    enum status s = output_open(output, common->output, OUTPUT_DEFAULT, err);
    if (s == STATUS_OK)
        s = stream_choose_level(common->compress, common->text, common->force, *output, &level,
                                err);
    if (s == STATUS_OK)
        s = stream_writer_new(&writer, *output, level, err);
    if (s == STATUS_OK)
        *sink = stream_sink(writer);
    return s;
}

/* The stage that must see all records first; stage_count: there is none. */
static size_t seer(const struct pipeline *p)
{
    size_t k = 0;
    while (k < p->stage_count && p->stages[k].ops->again == NULL)
        k++;
    return k;
}

static enum status build_stages(const struct chain *chain, struct pipeline *p, struct error *err)
{
    p->stages = calloc(chain->count, sizeof *p->stages);
    if (p->stages == NULL)
        return error_no_memory(err);
    size_t seers = 0;
    for (size_t i = 0; i < chain->count; i++) {
        enum status s = make_stage(&chain->steps[i], &p->stages[i], err);
        if (s != STATUS_OK)
            return s;
        p->stage_count++;
        seers += p->stages[i].ops->again != NULL;
    }
    if (seers < 2)
        return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "two steps that must each see all records first cannot stand in one process; "
                     "put a pipe of the shell between them");
}

static enum status build(const struct chain *chain, struct pipeline *p, struct output **output,
                         struct reread **reread, struct error *err)
{
    const struct chain_step *last = &chain->steps[chain->count - 1];
    struct settings *first = chain->steps[0].settings;
    enum status s = build_stages(chain, p, err);
    if (s == STATUS_OK && seer(p) < p->stage_count)
        s = reread_new(reread, first->operand_count + 1, err);
    if (s != STATUS_OK)
        return s;
    first->reread = *reread;
    s = make_source(&chain->steps[0], &p->source, err);
    if (s != STATUS_OK || last->filter->gathers)
        return s;
    if (last->filter->make_sink != NULL)
        return last->filter->make_sink(last->settings, output, &p->sink, err);
    return make_sink(chain, output, &p->sink, err);
}

/* The run up to the stage that must see all records; then all is made ready for the second. */
static enum status run_first(const struct chain *chain, struct pipeline *p, size_t seeing,
                             struct reread *reread, struct error *err)
{
    char program[96];
    struct pipeline first = *p;
    (void)snprintf(program, sizeof program, "%s: first of two passes", chain->program);
    first.stage_count = seeing + 1;
    first.sink = (struct sink){.ops = NULL};
    first.counts = NULL;
    first.first = true;
    first.program = program;
    enum status s = pipeline_run(&first, err);
    free(first.counts);
    if (s != STATUS_OK)
        return s;
    p->source.ops->free(p->source.self);
    p->source.ops = NULL;
    reread_next(reread);
    s = make_source(&chain->steps[0], &p->source, err);
    for (size_t i = 0; s == STATUS_OK && i < seeing; i++) {
        stage_free(&p->stages[i]);
        s = make_stage(&chain->steps[i], &p->stages[i], err);
    }
    p->stages[seeing].ops = p->stages[seeing].ops->again;
    p->reported = seeing + 1;
    return s;
}

static void print_counts(const struct chain *chain, const struct pipeline *p)
{
    const struct common_options *common = chain->common;
    for (size_t k = 0; k < p->stage_count; k++) {
        const struct counts *c = &p->counts[k];
        if (common->verbose) {
            fprintf(stderr, "%s: in=%llu %s=%llu rejected=%llu dropped=%llu", p->stages[k].program,
                    (unsigned long long)c->in, p->stages[k].ops->finish != NULL ? "counted" : "out",
                    (unsigned long long)c->out, (unsigned long long)c->rejected,
                    (unsigned long long)c->dropped);
            if (c->blank != 0)
                fprintf(stderr, " blank=%llu", (unsigned long long)c->blank);
            fputc('\n', stderr);
        } else if (c->rejected != 0 && !common->quiet) {
            fprintf(stderr, "%s: %llu of %llu records refused, see %s\n", p->stages[k].program,
                    (unsigned long long)c->rejected, (unsigned long long)c->in, common->rejects);
        }
    }
}

/* A file that is written and one that is used otherwise, either NULL or "-": nothing. */
static enum status check_apart(const char *option, const char *written, const char *other,
                               const char *what, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    if (written == NULL || other == NULL || strcmp(written, "-") == 0 || strcmp(other, "-") == 0 ||
        !output_same_file(written, other))
        return STATUS_OK;
    return error_set(err, STATUS_USAGE, "%s would overwrite '%s', which is %s", option,
                     text_escape(shown, slice_of(other)), what);
}

static enum status check_inputs(const struct chain *chain, const char *option, const char *written,
                                struct error *err)
{
    const struct settings *first = chain->steps[0].settings;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < first->operand_count; i++)
        s = check_apart(option, written, first->operands[i], "an input", err);
    return s;
}

static enum status check_settings(const struct chain *chain, const char *option,
                                  const char *written, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < chain->count; i++) {
        const struct settings *settings = chain->steps[i].settings;
        s = check_apart(option, written, settings->study->path, "the study", err);
        if (s == STATUS_OK)
            s = check_apart(option, written, settings->common.key_file, "the key file", err);
    }
    return s;
}

/* A report (of bell-weight) that would take the place of another file of the run. */
static enum status check_report(const struct chain *chain, const struct settings *settings,
                                struct error *err)
{
    const char *report = settings_text(settings, "report");
    enum status s = check_inputs(chain, "--report", report, err);
    if (s == STATUS_OK)
        s = check_apart("--report", report, chain->common->output, "the output", err);
    if (s == STATUS_OK)
        s = check_apart("--report", report, chain->common->rejects, "the file of rejects", err);
    return s == STATUS_OK ? check_settings(chain, "--report", report, err) : s;
}

/* The rejects are written in place, so their file must be no other file of the run.  The output may
 * take the place of an input, as with sort(1), but not of what says how it is made. */
static enum status check_files(const struct chain *chain, struct error *err)
{
    const struct settings *first = chain->steps[0].settings;
    const struct common_options *common = chain->common;
    unsigned standard_inputs = 0;
    for (size_t i = 0; i < first->operand_count; i++)
        standard_inputs += strcmp(first->operands[i], "-") == 0;
    if (standard_inputs > 1)
        return error_set(err, STATUS_USAGE, "standard input (-) can be read only once");
    enum status s = check_inputs(chain, "--rejects", common->rejects, err);
    if (s == STATUS_OK)
        s = check_apart("--rejects", common->rejects, common->output, "the output", err);
    if (s == STATUS_OK)
        s = check_settings(chain, "--rejects", common->rejects, err);
    for (size_t i = 0; s == STATUS_OK && i < chain->count; i++)
        s = check_report(chain, chain->steps[i].settings, err);
    return s == STATUS_OK ? check_settings(chain, "-o", common->output, err) : s;
}

static enum status open_rejects(const struct chain *chain, struct pipeline *p, struct error *err)
{
    if (chain->common->rejects == NULL)
        return STATUS_OK;
    enum status s = rejects_open(&p->rejects, chain->common->rejects, err);
    /* Now that it is there, another spelling of its name shows. */
    return s == STATUS_OK ? check_files(chain, err) : s;
}

static enum status close_rejects(struct pipeline *p, enum status s, struct error *err)
{
    struct error late = ERROR_INIT;
    if (p->rejects == NULL)
        return s;
    enum status closed = rejects_close(p->rejects, s == STATUS_OK, &late);
    if (s != STATUS_OK || closed == STATUS_OK)
        return s;
    *err = late;
    return closed;
}

static void share_settings(const struct chain *chain, struct budget *budget)
{
    for (size_t i = 0; i < chain->count; i++) {
        struct settings *settings = chain->steps[i].settings;
        settings->budget = budget;
        /* Whoever named it, the file of rejects serves all steps: a source keeps raw bytes.  And
         * it reads ahead if there is more than one thread. */
        settings->common.rejects = chain->common->rejects;
        settings->common.threads = (int)chain->threads;
        settings->common.quiet = chain->common->quiet;
        settings->common.verbose = chain->common->verbose;
    }
}

enum status chain_run(const struct chain *chain, struct error *err)
{
    const struct common_options *common = chain->common;
    struct budget budget = {.limit =
                                common->max_memory != 0 ? common->max_memory : budget_default()};
    struct pipeline p = {.threads = chain->threads,
                         .max_rejects = common->max_rejects,
                         .max_rejects_percent = common->max_rejects_percent,
                         .progress = common->progress,
                         .program = chain->program};
    struct output *output = NULL;
    struct reread *reread = NULL;
    share_settings(chain, &budget);
    enum status s = check_files(chain, err);
    if (s == STATUS_OK)
        s = build(chain, &p, &output, &reread, err);
    if (s == STATUS_OK)
        s = open_rejects(chain, &p, err);
    if (s == STATUS_OK && reread != NULL)
        s = run_first(chain, &p, seer(&p), reread, err);
    if (s == STATUS_OK)
        s = pipeline_run(&p, err);
    s = close_rejects(&p, s, err);
    if (s == STATUS_OK && output != NULL)
        s = output_commit(output, err);
    else
        output_abort(output);
    if (s == STATUS_OK)
        print_counts(chain, &p);
    pipeline_free(&p);
    reread_free(reread);
    return s;
}

enum status chain_run_alone(const struct filter *filter, struct settings *settings,
                            struct error *err)
{
    struct chain_step step = {.filter = filter, .settings = settings};
    int threads = settings->common.threads;
    struct chain chain = {.steps = &step,
                          .count = 1,
                          .threads = threads > 0 ? (unsigned)threads : 1,
                          .common = &settings->common,
                          .program = settings->program};
    return chain_run(&chain, err);
}
