#include "estimates/estimate.h"

#include <math.h>
#include <stdio.h>

#include "estimates/ladder.h"

static const char *const columns[] = {"assumption", "quantity", "band", "low",
                                      "value",      "high",     "kind", "note"};
enum { COLUMNS = sizeof columns / sizeof *columns };

bool estimate_header(struct buffer *csv, const struct table_names *names)
{
    struct csv_writer writer;
    bool ok = true;
    csv_writer_init(&writer, csv, false);
    for (size_t k = 0; ok && k < names->count; k++)
        ok = csv_writer_cell(&writer, slice_of(names->names[k]));
    for (size_t i = 0; ok && i < COLUMNS; i++)
        ok = csv_writer_cell(&writer, slice_of(columns[i]));
    return ok && csv_writer_end_row(&writer);
}

/* ---- rows ---- */

const char *ladder_number(char text[DOUBLE_TEXT_MAX], double value)
{
    double unit = value == 0 ? 1 : pow(10, 3 - floor(log10(fabs(value))));
    double rounded = round(value * unit) / unit;
    (void)double_format(text, isfinite(rounded) ? rounded : value);
    return text;
}

static bool put_number(struct csv_writer *csv, double value)
{
    char text[DOUBLE_TEXT_MAX];
    if (isnan(value))
        return csv_writer_cell(csv, SLICE_MISSING);
    if (isinf(value))
        return csv_writer_cell(csv, SLICE_LITERAL("none"));
    size_t len = double_format(text, value == 0 ? 0 : value); /* no "-0" */
    return csv_writer_cell(csv, (struct slice){text, len});
}

void ladder_put(struct ladder *ladder, const struct ladder_row *row)
{
    struct csv_writer *csv = &ladder->csv;
    if (!ladder->ok)
        return;
    if (ladder->key.len > 0)
        ladder->ok = buffer_append(csv->out, ladder->key.data, ladder->key.len);
    csv->cells = ladder->names->count; /* they are in place */
    ladder->ok = ladder->ok && csv_writer_cell(csv, slice_of(row->assumption)) &&
                 csv_writer_cell(csv, slice_of(row->quantity)) &&
                 csv_writer_cell(csv, row->band == NULL ? SLICE_MISSING : row->band->name) &&
                 put_number(csv, row->low) && put_number(csv, row->value) &&
                 put_number(csv, row->high) && csv_writer_cell(csv, slice_of(row->kind)) &&
                 csv_writer_cell(csv, slice_of(row->note)) && csv_writer_end_row(csv);
}

void ladder_value(struct ladder *ladder, const char *assumption, const char *quantity,
                  const struct table_band *band, double value, const char *kind, const char *note)
{
    const struct ladder_row row = {assumption, quantity,    band, (double)NAN,
                                   value,      (double)NAN, kind, note};
    ladder_put(ladder, &row);
}

void ladder_bounds(struct ladder *ladder, const char *assumption, struct question question,
                   struct interval bounds, const char *kind, const char *note)
{
    const struct ladder_row row = {assumption,
                                   question_name(question),
                                   ladder_band(ladder, question),
                                   bounds.low,
                                   (double)NAN,
                                   bounds.high,
                                   kind,
                                   note};
    ladder_put(ladder, &row);
}

void ladder_refuse(struct ladder *ladder, const char *assumption, const char *quantity,
                   const char *code, const char *note)
{
    char text[LADDER_TEXT_MAX];
    double none = (double)NAN;
    (void)snprintf(text, sizeof text, "%s%s%s", code, note[0] == '\0' ? "" : ": ", note);
    if (ladder->refusals->count++ == 0)
        (void)snprintf(ladder->refusals->first, ESTIMATE_REASON_MAX, "%.30s%s%.120s",
                       quantity == NULL ? "" : quantity, quantity == NULL ? "" : ": ",
                       strlen(text) < 120 ? text : code);
    const struct ladder_row row = {assumption, quantity, NULL, none, none, none, "refused", text};
    ladder_put(ladder, &row);
}

const struct table_band *ladder_band(const struct ladder *ladder, struct question question)
{
    return question.kind == QUESTION_SHARE ? &ladder->group->band[question.band] : NULL;
}

size_t ladder_questions(const struct ladder *ladder)
{
    return ladder->group->bands + 2;
}

struct question ladder_question(size_t number)
{
    if (number < 2)
        return (struct question){number == 0 ? QUESTION_MEAN : QUESTION_NET, 0};
    return (struct question){QUESTION_SHARE, number - 2};
}

/* ---- a group ---- */

static bool put_key(struct ladder *ladder)
{
    struct csv_writer writer;
    csv_writer_init(&writer, &ladder->key, false);
    for (size_t k = 0; k < ladder->names->count; k++) {
        if (!csv_writer_cell(&writer, ladder->group->key[k]))
            return false;
    }
    return true;
}

static enum status climb(struct ladder *ladder)
{
    static enum status (*const steps[])(struct ladder *) = {
        ladder_answers,      ladder_free,    ladder_ratios, ladder_tipping,
        ladder_correlations, ladder_weights, ladder_probe,  ladder_bell};
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && ladder->ok && i < sizeof steps / sizeof *steps; i++)
        s = steps[i](ladder);
    return s;
}

static const char *unusable(const struct table_group *group, const char **code)
{
    *code = group->bands == 0 ? "NO_SCORES" : group->bands == 1 ? "ONE_BAND" : "EMPTY";
    return group->bands == 0      ? "the row has no scores"
           : group->bands == 1    ? "a scale of one band says nothing"
           : !(group->scored > 0) ? "nobody answered, so nothing can be said of anybody"
                                  : NULL;
}

enum status estimate_group(const struct estimate_plan *plan, const struct table_names *names,
                           const struct table_group *group, struct buffer *csv,
                           struct estimate_refusals *refusals, struct error *err)
{
    struct ladder ladder = {.plan = plan,
                            .names = names,
                            .group = group,
                            .key = BUFFER_INIT,
                            .refusals = refusals,
                            .ok = true,
                            .err = err};
    const char *code = NULL;
    csv_writer_init(&ladder.csv, csv, false);
    ladder.ok = put_key(&ladder);
    enum status s = STATUS_OK;
    if (group->withheld || table_group_small(group, plan->min_cell)) {
        ladder_refuse(&ladder, NULL, NULL, "c", "");
    } else {
        const char *reason = unusable(group, &code);
        s = question_coverage(&ladder.coverage, group, err);
        if (s == STATUS_OK && reason == NULL)
            s = climb(&ladder);
        else if (s == STATUS_OK)
            s = ladder_answers(&ladder);
        if (s == STATUS_OK && reason != NULL)
            ladder_refuse(&ladder, NULL, NULL, code, reason);
        if (s == STATUS_DATA && group->line > 0 && err != NULL && err->file[0] == '\0')
            error_at(err, group->file, group->line, 0);
    }
    buffer_free(&ladder.key);
    return s == STATUS_OK && !ladder.ok ? error_no_memory(err) : s;
}
