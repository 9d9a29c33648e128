#include "estimates/claim_report.h"

#include "estimates/claim_text.h"

enum status claim_report_begin(struct claim_report *report, const char *text, struct error *err)
{
    enum status s = claim_parse(&report->claim, text, &report->arena, err);
    if (s == STATUS_OK && report->each && report->claim.side_count == 2)
        s = error_set(err, STATUS_USAGE,
                      "--each judges each group by itself, but this claim compares two");
    return s;
}

void claim_report_end(struct claim_report *report)
{
    arena_free(&report->arena);
}

void claim_said_free(struct claim_said *said)
{
    buffer_free(&said->sentences);
    buffer_free(&said->reasons);
}

/* ---- plans ---- */

struct claim_rules claim_rules_of(const struct estimate_plan *plan)
{
    return (struct claim_rules){
        .yardstick = plan->yardstick, .confidence = plan->confidence, .z = plan->z};
}

enum status claim_probe_of(const struct claim_probe **probe, const struct estimate_plan *plan,
                           const struct table_group *group, struct arena *arena, struct error *err)
{
    *probe = NULL;
    if (!plan->probed || group->withheld || group->bands < 2)
        return STATUS_OK;
    struct claim_probe *made = arena_calloc(arena, 1, sizeof *made);
    double *counts = arena_calloc(arena, group->bands, sizeof *counts);
    if (made == NULL || counts == NULL)
        return error_no_memory(err);
    *made = (struct claim_probe){.counts = counts, .exact = plan->probe.exact};
    enum status s = estimate_plan_probe(plan, group, counts, &made->n, err);
    if (s == STATUS_OK && made->n > 0)
        *probe = made;
    return s;
}

/* ---- judging ---- */

static void withhold(struct table_group *group, const struct estimate_plan *plan)
{
    group->withheld = group->withheld || table_group_small(group, plan->min_cell);
}

struct judging {
    struct claim_report *report;
    const struct estimate_plan *plan;
    struct table_reader *reader;
};

static enum status judge_found(const struct judging *judging, const struct claim_found *found,
                               struct arena *arena, struct claim_said *said, struct error *err)
{
    struct claim_figures figures;
    struct claim_judgement judgement;
    const struct claim *claim = &judging->report->claim;
    struct claim_rules rules = claim_rules_of(judging->plan);
    enum status s = claim_figures(&figures, claim, found, arena, err);
    for (size_t i = 0; s == STATUS_OK && i < figures.count; i++)
        s = claim_probe_of(&rules.probes[i], judging->plan, figures.of[i].group, arena, err);
    if (s == STATUS_OK)
        s = claim_judge(&judgement, &figures, claim->op, &rules, err);
    if (s != STATUS_OK)
        return s;
    size_t from = said->sentences.len;
    bool ok = claim_sentence(&said->sentences, claim, found, &figures, &judgement, &rules) &&
              buffer_append_byte(&said->sentences, '\n');
    ok = ok &&
         buffer_append(&said->reasons, said->sentences.data + from, said->sentences.len - from) &&
         claim_reasons(&said->reasons, claim, found, &figures, &judgement, &rules);
    said->holds = said->holds && claim_holds(&judgement);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status judge_one(const struct judging *judging, struct claim_said *said,
                             struct error *err)
{
    struct claim_report *report = judging->report;
    struct table_reader *reader = judging->reader;
    struct claim_found found;
    struct table_group copies[2];
    enum status s = claim_find(&found, &report->claim, reader, &report->arena, err);
    if (s != STATUS_OK)
        return s;
    bool same = found.groups[0] == found.groups[1];
    for (size_t i = 0; i < report->claim.side_count; i++) {
        copies[i] = *found.groups[i];
        withhold(&copies[i], judging->plan);
        found.groups[i] = &copies[same ? 0 : i];
    }
    return judge_found(judging, &found, &report->arena, said, err);
}

static enum status judge_each(const struct judging *judging, struct claim_said *said,
                              struct error *err)
{
    struct claim_report *report = judging->report;
    struct table_reader *reader = judging->reader;
    const struct table_names *names = table_reader_names(reader);
    const struct claim_side *side = &report->claim.sides[0];
    const struct table_group *group = NULL;
    struct arena arena = ARENA_INIT;
    size_t judged = 0;
    enum status s = claim_columns(side->picks, side->pick_count, names, err);
    while (s == STATUS_OK && (s = table_reader_next(reader, &group, err)) == STATUS_OK &&
           group != NULL) {
        if (!claim_picks(side->picks, side->pick_count, names, group))
            continue;
        struct table_group copy = *group;
        struct claim_found found = {.groups = {&copy, NULL}};
        withhold(&copy, judging->plan);
        judged++;
        s = claim_label(&found.labels[0], names, group, &arena, err);
        if (s == STATUS_OK)
            s = judge_found(judging, &found, &arena, said, err);
        arena_reset(&arena);
    }
    if (s == STATUS_OK && judged == 0)
        s = error_set(err, STATUS_DATA, "the table has no such rows, so there is nothing to judge");
    arena_free(&arena);
    return s;
}

enum status claim_report_judge(struct claim_report *report, const struct estimate_plan *plan,
                               struct table_reader *reader, struct claim_said *said,
                               struct error *err)
{
    const struct judging judging = {report, plan, reader};
    said->holds = true;
    return report->each ? judge_each(&judging, said, err) : judge_one(&judging, said, err);
}
