/* bell-claim - does a statement about everyone hold, given who chose to answer? */
#include <stdio.h>
#include <string.h>

#include "base/budget.h"
#include "cli/filter.h"
#include "cli/study_table.h"
#include "estimates/claim_report.h"
#include "registry.h"

static bool is_study(const char *path)
{
    size_t n = strlen(path);
    return (n > 5 && strcmp(path + n - 5, ".yaml") == 0) ||
           (n > 4 && strcmp(path + n - 4, ".yml") == 0);
}

static enum status check_operands(const struct settings *settings, struct error *err)
{
    const struct common_options *common = &settings->common;
    if (settings->operand_count < 2)
        return error_set(err, STATUS_USAGE,
                         "a study or a table, and a claim are needed: bell claim table.csv "
                         "'mean(score) > 3.5'");
    bool study = is_study(settings->operands[0]);
    if (study && settings->study->path != NULL)
        return error_set(err, STATUS_USAGE, "-s goes with a table; '%s' is a study by itself",
                         settings->operands[0]);
    if (!study && (common->rejects != NULL || common->key_file != NULL))
        return error_set(err, STATUS_USAGE, "--%s goes with a study that is run, not with a table",
                         common->rejects != NULL ? "rejects" : "key-file");
    return STATUS_OK;
}

static enum status write_sentences(const struct settings *settings, const struct buffer *sentences,
                                   struct error *err)
{
    struct output *out = NULL;
    if (settings->common.quiet)
        return STATUS_OK;
    enum status s = output_open(&out, settings->common.output, OUTPUT_DEFAULT, err);
    if (s == STATUS_OK)
        s = output_write(out, sentences->data, sentences->len, err);
    if (s == STATUS_OK)
        return output_commit(out, err);
    output_abort(out);
    return s;
}

/* The section estimate of the study, with what the command line says laid over it. */
static enum status read_plan(struct estimate_plan **plan, const struct settings *settings,
                             const struct study *study, struct arena *arena, struct error *err)
{
    static const char *const laid_over[] = {"yardstick", "scale"};
    const struct node *section = study_section(study, "estimate");
    struct node *whole = node_new_map(arena, "");
    bool ok = whole != NULL;
    for (size_t i = 0; ok && section != NULL && i < section->count; i++)
        ok = node_put(arena, whole, section->keys[i], section->items[i]);
    for (size_t i = 0; ok && i < sizeof laid_over / sizeof laid_over[0]; i++) {
        struct node *value = node_copy(arena, settings_node(settings, laid_over[i]));
        ok = value == NULL || node_put(arena, whole, laid_over[i], value);
    }
    return ok ? estimate_plan_read(study, whole, plan, err) : error_no_memory(err);
}

/* Judges by the table at these paths, and says it.  A claim that does not hold is STATUS_DATA
 * without a message: all was said. */
static enum status judge(const struct settings *settings, const struct study *study,
                         const char *const *paths, size_t count, struct claim_report *report,
                         struct error *err)
{
    struct budget budget = {.limit = settings->common.max_memory != 0 ? settings->common.max_memory
                                                                      : budget_default()};
    struct table_reader *reader = NULL;
    struct estimate_plan *plan = NULL;
    struct claim_said said = {.holds = false};
    enum status s = read_plan(&plan, settings, study, &report->arena, err);
    if (s == STATUS_OK) {
        const struct table_reader_options reading = estimate_plan_reading(plan, &budget);
        s = table_reader_open(&reader, paths, count, &reading, err);
    }
    if (s == STATUS_OK)
        s = estimate_plan_open(plan, table_reader_names(reader), &budget, err);
    if (s == STATUS_OK)
        s = claim_report_judge(report, plan, reader, &said, err);
    table_reader_free(reader);
    estimate_plan_free(plan);
    if (s == STATUS_OK)
        s = write_sentences(settings, &said.sentences, err);
    if (s == STATUS_OK && settings->common.verbose)
        fprintf(stderr, "%s", said.reasons.data);
    if (s == STATUS_OK && !said.holds)
        s = error_set(err, STATUS_DATA, "%s", "");
    claim_said_free(&said);
    return s;
}

/* Runs the study into a table of its own first. */
static enum status judge_study(const struct settings *settings, struct claim_report *report,
                               struct error *err)
{
    struct study *study = NULL;
    struct study_table *table = NULL;
    enum status s = study_open(settings->operands[0], &study, err);
    if (s != STATUS_OK)
        return s;
    const struct study_run run = {.study = study,
                                  .study_path = settings->operands[0],
                                  .files = settings->operands + 2,
                                  .file_count = settings->operand_count - 2,
                                  .key_file = settings->common.key_file,
                                  .filters = filter_list,
                                  .filter_count = filter_list_count};
    s = study_table_make(&table, &run, settings, err);
    if (s == STATUS_OK) {
        const char *path = study_table_path(table);
        s = judge(settings, study, &path, 1, report, err);
    } else if (err->program != NULL) {
        /* Printed before the step that it names goes. */
        error_print(settings->program, err);
        s = error_set(err, s, "%s", "");
    }
    study_table_free(table);
    study_free(study);
    return s;
}

/* The first operand and those behind the claim. */
static enum status judge_tables(const struct settings *settings, struct claim_report *report,
                                struct error *err)
{
    const char **paths = arena_calloc(&report->arena, settings->operand_count, sizeof *paths);
    if (paths == NULL)
        return error_no_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < settings->operand_count; i++)
        if (i != 1)
            paths[count++] = settings->operands[i];
    return judge(settings, settings->study, paths, count, report, err);
}

static enum status claim_run(struct settings *settings, struct error *err)
{
    struct claim_report report = {.each = settings_flag(settings, "each")};
    enum status s = check_operands(settings, err);
    if (s == STATUS_OK)
        s = claim_report_begin(&report, settings->operands[1], err);
    if (s == STATUS_OK)
        s = is_study(settings->operands[0]) ? judge_study(settings, &report, err)
                                            : judge_tables(settings, &report, err);
    claim_report_end(&report);
    return s;
}

const struct filter filter_claim = {
    .name = "claim",
    .args_doc = "STUDY|TABLE CLAIM [FILE...]",
    .summary = "judge a statement about everyone",
    .doc = "Says in one line whether CLAIM holds for everyone, though people chose themselves to "
           "answer: whatever the silent think, or up to how unequal a readiness to answer, or not. "
           "Claims are mean(score) > 3.5, share(negative) < 30%, net > 0, or compare two groups: "
           "mean(score)[airline=United] < mean(score)[airline=Delta].  TABLE is a table or partial "
           "of bell-aggregate, with more of its kind behind the claim; STUDY, a .yaml file, is run "
           "over the FILEs first.  Ends with 0 if the claim holds, else with 1.",
    .input = FILTER_IN_NONE,
    .common = "study output threads rejects max-rejects max-memory key-file progress quiet verbose",
    .run = claim_run,
};
