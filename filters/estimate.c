/* bell-estimate - what can be said of everyone, those who were silent included. */
#include <math.h>
#include <string.h>

#include "base/budget.h"
#include "base/number.h"
#include "cli/filter.h"
#include "estimates/estimate.h"
#include "estimates/explain_report.h"
#include "io/output.h"

struct estimate {
    struct settings *settings;
    struct budget budget;
    struct estimate_plan *plan;
    struct table_reader *reader;
    struct output *out;
    struct buffer csv;
};

enum { CHUNK = 256 * 1024 };

static enum status open_table(struct estimate *e, struct error *err)
{
    const struct settings *settings = e->settings;
    const struct table_reader_options reading = estimate_plan_reading(e->plan, &e->budget);
    enum status s = table_reader_open(&e->reader, (const char *const *)settings->operands,
                                      settings->operand_count, &reading, err);
    if (s == STATUS_OK)
        s = estimate_plan_open(e->plan, table_reader_names(e->reader), &e->budget, err);
    return s == STATUS_OK ? output_open(&e->out, settings->common.output, OUTPUT_DEFAULT, err) : s;
}

/* What is written goes to the file at once; into a pipe only when all is well. */
static enum status pass_on(struct estimate *e, struct error *err)
{
    if (!output_is_file(e->out) || e->csv.len < CHUNK)
        return STATUS_OK;
    enum status s = output_write(e->out, e->csv.data, e->csv.len, err);
    buffer_clear(&e->csv);
    return s;
}

static enum status refuse(const struct table_group *group, const struct estimate_refusals *refusals,
                          struct error *err)
{
    enum status s = error_set(err, STATUS_DATA, "refused: %s (--strict)", refusals->first);
    error_at(err, group->file, group->line, 0);
    return s;
}

static enum status write_rows(struct estimate *e, struct error *err)
{
    const struct table_names *names = table_reader_names(e->reader);
    struct estimate_refusals refusals = {.count = 0};
    enum status s = estimate_header(&e->csv, names) ? STATUS_OK : error_no_memory(err);
    while (s == STATUS_OK) {
        const struct table_group *group = NULL;
        s = table_reader_next(e->reader, &group, err);
        if (s != STATUS_OK || group == NULL)
            break;
        s = estimate_group(e->plan, names, group, &e->csv, &refusals, err);
        if (s == STATUS_OK && e->plan->strict && refusals.count > 0)
            s = refuse(group, &refusals, err);
        if (s == STATUS_OK)
            s = pass_on(e, err);
    }
    if (s == STATUS_OK && e->csv.len > 0)
        s = output_write(e->out, e->csv.data, e->csv.len, err);
    return s;
}

/* --explain: pages for people instead of rows. */
static enum status write_pages(struct estimate *e, struct error *err)
{
    int64_t precision = 0;
    size_t refused = 0;
    struct explain_ask ask = {.group = settings_text(e->settings, "group"),
                              .precision = (double)NAN};
    if (settings_decimal(e->settings, "precision", &precision))
        ask.precision = (double)precision / DECIMAL_ONE;
    enum status s = explain_report(&e->csv, e->plan, e->reader, &ask, &refused, err);
    if (s == STATUS_OK && e->plan->strict && refused > 0)
        s = error_set(err, STATUS_DATA, "nothing can be said of %zu of the groups (--strict)",
                      refused);
    return s == STATUS_OK ? output_write(e->out, e->csv.data, e->csv.len, err) : s;
}

/* An option that is accepted is applied; a key of the study may wait for its time. */
static enum status check_explain(const struct settings *settings, struct error *err)
{
    static const char *const only[] = {"group", "precision"};
    for (size_t i = 0; i < sizeof only / sizeof only[0]; i++) {
        const struct node *node = settings_node(settings, only[i]);
        if (node != NULL && node->line == 0 && !settings_flag(settings, "explain"))
            return node_error(node, err, "this goes with --explain");
    }
    return STATUS_OK;
}

static enum status estimate_run(struct settings *settings, struct error *err)
{
    struct estimate e = {.settings = settings, .csv = BUFFER_INIT};
    e.budget.limit =
        settings->common.max_memory != 0 ? settings->common.max_memory : budget_default();
    enum status s = check_explain(settings, err);
    if (s == STATUS_OK)
        s = estimate_plan_read(settings->study, settings->section, &e.plan, err);
    if (s == STATUS_OK)
        s = open_table(&e, err);
    if (s == STATUS_OK)
        s = settings_flag(settings, "explain") ? write_pages(&e, err) : write_rows(&e, err);
    if (s == STATUS_OK) {
        struct output *done = e.out;
        e.out = NULL;
        s = output_commit(done, err);
    }
    output_abort(e.out);
    buffer_free(&e.csv);
    table_reader_free(e.reader);
    estimate_plan_free(e.plan);
    return s;
}

const struct filter filter_estimate = {
    .name = "estimate",
    .args_doc = "[FILE...]",
    .summary = "what can be said of everyone, those who were silent included",
    .doc = "Reads the table of bell-aggregate (CSV, wide or long, or partials) and writes for each "
           "group what its answers say of everyone, from the weakest assumption to the strongest: "
           "the answers alone; bounds without any assumption; bounds if nobody is more than so "
           "many times as ready to answer as anybody else, and the ratio at which the conclusion "
           "turns; what a random check sample adds; and, if asked for, the bell scenario.  Each "
           "row says in words what it assumes.  --explain writes a page in plain English instead, "
           "for each group or for the one that --group names.",
    .input = FILTER_IN_NONE,
    .gathers = true,
    .common = "study output max-memory",
    .run = estimate_run,
};
