/* bell-estimate - what can be said of everyone, those who were silent included. */
#include <math.h>
#include <string.h>

#include "base/budget.h"
#include "base/number.h"
#include "cli/filter.h"
#include "estimates/estimate_table.h"
#include "estimates/explain_report.h"
#include "io/held_output.h"

struct estimate {
    struct settings *settings;
    struct budget budget;
    struct estimate_plan *plan;
    struct table_reader *reader;
    struct output *out;
    struct held_output *held;
    struct buffer csv; /* pages */
};

static enum status open_table(struct estimate *e, struct error *err)
{
    const struct settings *settings = e->settings;
    const struct table_reader_options reading = estimate_plan_reading(e->plan, &e->budget);
    enum status s = table_reader_open(&e->reader, (const char *const *)settings->operands,
                                      settings->operand_count, &reading, err);
    if (s == STATUS_OK)
        s = estimate_plan_open(e->plan, table_reader_names(e->reader), &e->budget, err);
    if (s == STATUS_OK)
        s = output_open(&e->out, settings->common.output, OUTPUT_DEFAULT, err);
    return s == STATUS_OK ? held_output_new(&e->held, e->out, err) : s;
}

static enum status put_text(void *to, const char *data, size_t len, struct error *err)
{
    return held_output_write(to, data, len, err);
}

static enum status write_rows(struct estimate *e, struct error *err)
{
    int threads = e->settings->common.threads;
    return estimate_table(e->plan, e->reader, threads > 0 ? (unsigned)threads : 1, put_text,
                          e->held, err);
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
    return s == STATUS_OK ? held_output_write(e->held, e->csv.data, e->csv.len, err) : s;
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
    if (s == STATUS_OK)
        s = held_output_pass(e.held, err);
    if (s == STATUS_OK) {
        struct output *done = e.out;
        e.out = NULL;
        s = output_commit(done, err);
    }
    held_output_free(e.held);
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
    .common = "study output threads max-memory",
    .run = estimate_run,
};
