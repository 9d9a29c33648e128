#include "estimates/explain_report.h"

#include "estimates/claim_report.h"

struct report {
    const struct estimate_plan *plan;
    const struct explain_ask *ask;
    const struct table_names *names;
    const struct claim_pick *picks;
    size_t pick_count;
    struct buffer list;
    struct buffer pages;
    size_t count;
    size_t refused;
};

/* Of those that the plan asks for, one in the middle. */
static double correlation_of(const struct estimate_plan *plan)
{
    return plan->rho_count > 0 ? plan->rhos[(plan->rho_count - 1) / 2] : EXPLAIN_CORRELATION;
}

static enum status add_group(struct report *report, const struct table_group *given,
                             struct arena *arena, struct error *err)
{
    struct table_group group = *given;
    const struct estimate_plan *plan = report->plan;
    group.withheld = group.withheld || table_group_small(&group, plan->min_cell);
    struct explain_options options = {.rules = claim_rules_of(plan),
                                      .target = plan->target,
                                      .precision = report->ask->precision,
                                      .correlation = correlation_of(plan)};
    enum status s = claim_probe_of(&options.rules.probes[0], plan, &group, arena, err);
    if (s != STATUS_OK)
        return s;
    if (report->count++ > 0 && !buffer_append_text(&report->pages, "\n\n"))
        return error_no_memory(err);
    struct explained e;
    s = explain_make(&e, report->names, &group, &options, arena, err);
    if (s != STATUS_OK)
        return s;
    report->refused += e.judgement.verdict == CLAIM_REFUSED;
    bool ok = explain_line(&report->list, &e) && explain_page(&report->pages, &e);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status add_groups(struct report *report, struct table_reader *reader, struct error *err)
{
    struct arena arena = ARENA_INIT;
    const struct table_group *group = NULL;
    enum status s = explain_head(&report->list) ? STATUS_OK : error_no_memory(err);
    while (s == STATUS_OK && (s = table_reader_next(reader, &group, err)) == STATUS_OK &&
           group != NULL) {
        if (claim_picks(report->picks, report->pick_count, report->names, group))
            s = add_group(report, group, &arena, err);
        arena_reset(&arena);
    }
    arena_free(&arena);
    return s;
}

static enum status write_report(struct buffer *out, const struct report *report, struct error *err)
{
    bool ok = true;
    if (report->count == 0 && report->pick_count > 0)
        return error_set(err, STATUS_USAGE, "no group of the table is '%s'", report->ask->group);
    if (report->count == 0)
        ok = buffer_append_text(out, "The table has no rows, so nothing can be said.\n");
    if (report->count > 1)
        ok = buffer_append(out, report->list.data, report->list.len) &&
             buffer_append_text(out, "\n\n");
    if (ok && report->pages.len > 0)
        ok = buffer_append(out, report->pages.data, report->pages.len);
    return ok ? STATUS_OK : error_no_memory(err);
}

enum status explain_report(struct buffer *out, const struct estimate_plan *plan,
                           struct table_reader *reader, const struct explain_ask *ask,
                           size_t *refused, struct error *err)
{
    struct arena arena = ARENA_INIT;
    struct report report = {.plan = plan, .ask = ask, .names = table_reader_names(reader)};
    enum status s = STATUS_OK;
    if (ask->group != NULL)
        s = claim_parse_group(&report.picks, &report.pick_count, ask->group, &arena, err);
    if (s == STATUS_OK)
        s = claim_columns(report.picks, report.pick_count, report.names, err);
    if (s == STATUS_USAGE && err != NULL)
        error_at(err, "group", err->line, err->column);
    if (s == STATUS_OK)
        s = add_groups(&report, reader, err);
    if (s == STATUS_OK)
        s = write_report(out, &report, err);
    *refused = report.refused;
    buffer_free(&report.list);
    buffer_free(&report.pages);
    arena_free(&arena);
    return s;
}
