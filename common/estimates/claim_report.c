#include "estimates/claim_report.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "estimates/claim_text.h"
#include "stats/interval.h"

static enum status set_yardstick(struct claim_report *report, const struct node *node,
                                 struct error *err)
{
    int64_t value = 0;
    const char *text = node_text(node);
    if (text == NULL)
        return STATUS_OK;
    if (decimal_parse(slice_of(text), &value) != DECIMAL_OK || value < DECIMAL_ONE) {
        char shown[TEXT_ESCAPED_MAX];
        return node_error(node, err, "a yardstick is a ratio of readiness, 1 or more, not '%s'",
                          text_escape(shown, slice_of(text)));
    }
    report->rules.yardstick = (double)value / DECIMAL_ONE;
    report->yardstick_given = true;
    return STATUS_OK;
}

enum status claim_report_begin(struct claim_report *report, const char *text,
                               const struct node *yardstick, struct error *err)
{
    report->rules = (struct claim_rules){.yardstick = CLAIM_YARDSTICK, .z = INTERVAL_Z95};
    enum status s = claim_parse(&report->claim, text, &report->arena, err);
    if (s == STATUS_OK && report->each && report->claim.side_count == 2)
        s = error_set(err, STATUS_USAGE,
                      "--each judges each group by itself, but this claim compares two");
    return s == STATUS_OK ? set_yardstick(report, yardstick, err) : s;
}

enum status claim_report_study(struct claim_report *report, const struct study *study,
                               struct error *err)
{
    enum status s = STATUS_OK;
    if (!report->yardstick_given)
        s = set_yardstick(report, node_find(study->root, "estimate.yardstick"), err);
    const char *min_cell = node_text(node_find(study->root, "aggregate.min_cell"));
    if (min_cell != NULL && !number_parse_i64(slice_of(min_cell), &report->min_cell))
        report->min_cell = 0; /* the table of keys has checked it */
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

/* ---- judging ---- */

void claim_withhold(struct table_group *g, double min_cell)
{
    bool small = g->scored < min_cell;
    for (size_t i = 0; i < g->bands; i++)
        small = small || (g->counts[i] > 0 && g->counts[i] < min_cell);
    g->withheld = g->withheld || small;
}

static enum status judge_found(struct claim_report *report, const struct claim_found *found,
                               struct arena *arena, struct claim_said *said, struct error *err)
{
    struct claim_figures figures;
    struct claim_judgement judgement;
    enum status s = claim_figures(&figures, &report->claim, found, arena, err);
    if (s == STATUS_OK)
        s = claim_judge(&judgement, &figures, report->claim.op, &report->rules, err);
    if (s != STATUS_OK)
        return s;
    size_t from = said->sentences.len;
    bool ok = claim_sentence(&said->sentences, &report->claim, found, &figures, &judgement,
                             &report->rules) &&
              buffer_append_byte(&said->sentences, '\n');
    ok = ok &&
         buffer_append(&said->reasons, said->sentences.data + from, said->sentences.len - from) &&
         claim_reasons(&said->reasons, &report->claim, found, &figures, &judgement, &report->rules);
    said->holds = said->holds && claim_holds(&judgement);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status judge_one(struct claim_report *report, struct table_reader *reader,
                             struct claim_said *said, struct error *err)
{
    struct claim_found found;
    struct table_group copies[2];
    enum status s = claim_find(&found, &report->claim, reader, &report->arena, err);
    if (s != STATUS_OK)
        return s;
    bool same = found.groups[0] == found.groups[1];
    for (size_t i = 0; i < report->claim.side_count; i++) {
        copies[i] = *found.groups[i];
        if (table_reader_from_partials(reader))
            claim_withhold(&copies[i], (double)report->min_cell);
        found.groups[i] = &copies[same ? 0 : i];
    }
    return judge_found(report, &found, &report->arena, said, err);
}

static enum status judge_each(struct claim_report *report, struct table_reader *reader,
                              struct claim_said *said, struct error *err)
{
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
        if (table_reader_from_partials(reader))
            claim_withhold(&copy, (double)report->min_cell);
        judged++;
        s = claim_label(&found.labels[0], names, group, &arena, err);
        if (s == STATUS_OK)
            s = judge_found(report, &found, &arena, said, err);
        arena_reset(&arena);
    }
    if (s == STATUS_OK && judged == 0)
        s = error_set(err, STATUS_DATA, "the table has no such rows, so there is nothing to judge");
    arena_free(&arena);
    return s;
}

enum status claim_report_judge(struct claim_report *report, struct table_reader *reader,
                               struct claim_said *said, struct error *err)
{
    said->holds = true;
    return report->each ? judge_each(report, reader, said, err)
                        : judge_one(report, reader, said, err);
}
