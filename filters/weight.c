/* bell-weight - weights that bring the records to known margins of a population. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/filter.h"
#include "io/output.h"
#include "study/keys.h"
#include "weights/weight_report.h"
#include "weights/weighting.h"

struct weight {
    const struct settings *settings;
    struct weighting *weighting; /* NULL: records pass unchanged */
    struct output *report;       /* NULL: none */
};

/* ---- making ---- */

static enum status read_options(struct weight *self, struct error *err)
{
    const struct settings *settings = self->settings;
    const struct weight_options options = {
        .study = settings->study,
        .margins = settings_node(settings, "margins"),
        .collapse = settings_node(settings, "collapse"),
        .bounds = settings_node(settings, "bounds"),
        .total = settings_node(settings, "total"),
        .base = settings_node(settings, "base"),
        .field = settings_text(settings, "field"),
        .field_at = settings_node(settings, "field"),
        .trim = settings_flag(settings, "trim"),
        .trim_at = settings_node(settings, "trim"),
        .rescale = settings_flag(settings, "rescale"),
        .reject = strcmp(settings_text(settings, "missing"), "reject") == 0,
    };
    /* A margin of the command line is a map whose keys nobody has looked at. */
    enum status s = keys_check_section("weight", settings->section, err);
    return s == STATUS_OK ? weighting_new(&options, settings->budget, &self->weighting, err) : s;
}

/* Other files that it must not be, chain.c looks after. */
static enum status check_report(const struct settings *settings, struct error *err)
{
    const char *report = settings_text(settings, "report");
    if (report == NULL || strcmp(report, "-") != 0 || settings->common.output != NULL)
        return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "the records and the report cannot both go to standard output: give "
                     "--report=FILE");
}

/* What is written must not be what the margins are read from. */
static enum status check_margin_files(const struct weight *self, struct error *err)
{
    const struct settings *settings = self->settings;
    const char *const written[] = {settings_text(settings, "report"), settings->common.output,
                                   settings->common.rejects};
    const struct weight_plan *plan = weighting_plan(self->weighting);
    char shown[TEXT_ESCAPED_MAX];
    for (size_t m = 0; m < plan->margin_count; m++)
        for (size_t i = 0; i < sizeof written / sizeof *written; i++)
            if (written[i] != NULL && plan->margins[m].file != NULL &&
                output_same_file(written[i], plan->margins[m].file))
                return error_set(err, STATUS_USAGE, "'%s' would be overwritten, which is a margin",
                                 text_escape(shown, slice_of(written[i])));
    return STATUS_OK;
}

/* ---- both runs ---- */

static enum status weight_open(void *ctx, struct header *header, struct error *err)
{
    struct weight *self = ctx;
    return weighting_open(self->weighting, header, err);
}

/* The report's file is opened before any data is read. */
static enum status count_open(void *ctx, struct header *header, struct error *err)
{
    struct weight *self = ctx;
    const char *report = settings_text(self->settings, "report");
    enum status s = weight_open(ctx, header, err);
    if (s == STATUS_OK && report != NULL)
        s = output_open(&self->report, report, OUTPUT_DEFAULT, err);
    return s;
}

static void weight_reads(void *ctx, const bool *wanted, bool *fields)
{
    const struct weight *self = ctx;
    memcpy(fields, wanted, weighting_field_count(self->weighting) * sizeof *fields);
    weighting_reads(self->weighting, fields);
}

static enum status weight_worker_new(void *ctx, void **state, struct error *err)
{
    const struct weight *self = ctx;
    struct weighting_worker *made = NULL;
    enum status s = weighting_worker_new(self->weighting, &made, err);
    *state = made;
    return s;
}

static void weight_worker_free(void *ctx, void *state)
{
    (void)ctx;
    weighting_worker_free(state);
}

static enum status weight_gather(void *ctx, void *state, struct error *err)
{
    struct weight *self = ctx;
    return weighting_gather(self->weighting, state, err);
}

static void weight_free(void *ctx)
{
    struct weight *self = ctx;
    if (self == NULL)
        return;
    weighting_free(self->weighting);
    output_abort(self->report);
    free(self);
}

/* ---- the first run: cells are counted, weights worked out ---- */

static enum status count_process(void *ctx, void *state, struct batch *batch, struct error *err)
{
    const struct weight *self = ctx;
    return weighting_count(self->weighting, state, batch, err);
}

static enum status count_finish(void *ctx, const struct header *header, const struct counts *counts,
                                struct error *err)
{
    struct weight *self = ctx;
    (void)header;
    (void)counts;
    return weighting_solve(self->weighting, err);
}

/* ---- the second run: each record gets its weight ---- */

static enum status apply_process(void *ctx, void *state, struct batch *batch, struct error *err)
{
    const struct weight *self = ctx;
    return weighting_apply(self->weighting, state, batch, err);
}

static enum status write_report(struct weight *self, struct error *err)
{
    struct buffer csv = BUFFER_INIT;
    if (self->report == NULL)
        return STATUS_OK;
    enum status s = weight_report_csv(weighting_plan(self->weighting),
                                      weighting_solution(self->weighting), &csv)
                        ? output_write(self->report, csv.data, csv.len, err)
                        : error_no_memory(err);
    buffer_free(&csv);
    if (s != STATUS_OK)
        return s;
    struct output *done = self->report;
    self->report = NULL;
    return output_commit(done, err);
}

static enum status say(const struct weight *self, struct error *err)
{
    const struct common_options *common = &self->settings->common;
    const struct weight_plan *plan = weighting_plan(self->weighting);
    const struct weight_solution *solution = weighting_solution(self->weighting);
    const char *program = self->settings->program;
    struct buffer text = BUFFER_INIT;
    bool ok = !common->verbose || weight_report_lines(plan, solution, program, &text);
    ok = ok && (common->quiet || weight_report_trimming(plan, solution, program, &text));
    if (ok && text.len > 0)
        (void)fputs(text.data, stderr);
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status apply_check(void *ctx, struct error *err)
{
    struct weight *self = ctx;
    enum status s = weighting_check(self->weighting, err);
    if (s == STATUS_OK)
        s = write_report(self, err);
    return s == STATUS_OK ? say(self, err) : s;
}

static const struct stage_ops apply_ops = {
    .open = weight_open,
    .reads = weight_reads,
    .worker_new = weight_worker_new,
    .worker_free = weight_worker_free,
    .process = apply_process,
    .gather = weight_gather,
    .check = apply_check,
    .free = weight_free,
};

static const struct stage_ops count_ops = {
    .open = count_open,
    .reads = weight_reads,
    .worker_new = weight_worker_new,
    .worker_free = weight_worker_free,
    .process = count_process,
    .gather = weight_gather,
    .finish = count_finish,
    .free = weight_free,
    .again = &apply_ops,
};

/* ---- without margins ---- */

static enum status pass_process(void *ctx, void *state, struct batch *batch, struct error *err)
{
    (void)ctx;
    (void)state;
    (void)batch;
    (void)err;
    return STATUS_OK;
}

static enum status pass_open(void *ctx, struct header *header, struct error *err)
{
    (void)ctx;
    (void)header;
    (void)err;
    return STATUS_OK;
}

static const struct stage_ops pass_ops = {
    .open = pass_open,
    .process = pass_process,
    .free = weight_free,
};

static enum status weight_make_stage(const struct settings *settings, struct stage *stage,
                                     struct error *err)
{
    struct weight *self = calloc(1, sizeof *self);
    if (self == NULL)
        return error_no_memory(err);
    self->settings = settings;
    enum status s = check_report(settings, err);
    if (s == STATUS_OK && settings->section_exists)
        s = read_options(self, err);
    if (s == STATUS_OK && self->weighting != NULL)
        s = check_margin_files(self, err);
    if (s != STATUS_OK) {
        weight_free(self);
        return s;
    }
    *stage = (struct stage){
        .ops = self->weighting == NULL ? &pass_ops : &count_ops,
        .self = self,
        .program = settings->program,
        .command = settings->command,
    };
    return STATUS_OK;
}

const struct filter filter_weight = {
    .name = "weight",
    .args_doc = "[FILE...]",
    .summary = "give records weights that meet known margins of the population",
    .doc =
        "Adds the field weight.  A margin says how many people there are at each level of a field, "
        "or of several: a CSV file with columns of these names and `population' (or `share').  "
        "With one margin records are post-stratified, with several they are raked.  The input is "
        "read twice; what comes through a pipe is kept, packed and sealed, in $TMPDIR meanwhile.  "
        "Without margins the records pass unchanged.",
    .input = FILTER_IN_STREAM,
    .gathers = false,
    .common = "study output compress text force threads rejects max-rejects max-memory progress "
              "no-provenance no-end quiet verbose",
    .make_stage = weight_make_stage,
};
