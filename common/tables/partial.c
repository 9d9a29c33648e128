#include "tables/partial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

static const char measure_prefix[] = "measure:";

enum { FIELD, VALUE, COUNT, W, W2, WEIGHTLESS };

/* Where `field` stands. */
static size_t key_width(const struct partial_plan *plan)
{
    return plan->by_count + (plan->scale_column ? 1 : 0) + (plan->every != NULL ? 1 : 0);
}

size_t partial_width(const struct partial_plan *plan)
{
    return key_width(plan) + (plan->weight == NULL ? COUNT : WEIGHTLESS) + 1;
}

static bool append_list(struct buffer *out, const char *const *names, size_t count)
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = i == 0 || buffer_append_byte(out, ',');
        for (const char *c = names[i]; ok && *c != '\0'; c++) {
            if (*c == ',' || *c == '\\')
                ok = buffer_append_byte(out, '\\');
            ok = ok && buffer_append_byte(out, *c);
        }
    }
    return ok;
}

bool partial_line(const struct partial_plan *plan, struct buffer *out)
{
    return buffer_append_text(out, "by=") && append_list(out, plan->by, plan->by_count) &&
           buffer_appendf(out, "\tevery=%s\tzone=%s\tpeople=%s\tmeasures=",
                          plan->every == NULL ? "" : plan->every, plan->zone,
                          plan->people == NULL ? "" : plan->people) &&
           append_list(out, plan->measures, plan->measure_count) &&
           (plan->weight == NULL || buffer_appendf(out, "\tweight=%s", plan->weight)) &&
           buffer_append_text(out, "\tscales=") &&
           append_list(out, plan->scales, plan->scale_count) &&
           buffer_appendf(out, "\tscore=%s", plan->scored ? "yes" : "no");
}

static enum status add_fields(const struct partial_plan *plan, struct schema *schema,
                              struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < plan->by_count; i++)
        s = schema_add(schema, plan->by[i], plan->by_set[i] ? FIELD_SET : FIELD_STR, NULL, err);
    if (s == STATUS_OK && plan->scale_column)
        s = schema_add(schema, "scale", FIELD_STR, NULL, err);
    if (s == STATUS_OK && plan->every != NULL)
        s = schema_add(schema, "window", FIELD_STR, NULL, err);
    if (s == STATUS_OK)
        s = schema_add(schema, "field", FIELD_STR, NULL, err);
    if (s == STATUS_OK)
        s = schema_add(schema, "value", FIELD_STR, NULL, err);
    if (s == STATUS_OK)
        s = schema_add(schema, "count", FIELD_INT, NULL, err);
    static const char *const sums[] = {"w", "w2", "weightless"};
    for (size_t i = 0; s == STATUS_OK && plan->weight != NULL && i < 3; i++)
        s = schema_add(schema, sums[i], FIELD_STR, NULL, err); /* longer than an int may be */
    return s;
}

enum status partial_header(const struct partial_plan *plan, const struct header *from,
                           struct header *to, struct error *err)
{
    *to = (struct header)HEADER_INIT;
    struct buffer line = BUFFER_INIT;
    enum status s = add_fields(plan, &to->schema, err);
    for (size_t i = 0; s == STATUS_OK && i < from->line_count; i++) {
        if (strcmp(from->lines[i].kind, "partial") != 0)
            s = header_add_line(to, from->lines[i].kind, from->lines[i].text, err);
    }
    if (s == STATUS_OK)
        s = partial_line(plan, &line) ? header_add_line(to, "partial", line.data, err)
                                      : error_no_memory(err);
    buffer_free(&line);
    if (s != STATUS_OK)
        header_free(to);
    return s;
}

/* ---- reading the line back ---- */

/* The text behind "KEY=" as far as the next tab, NULL if the line has no such key. */
static char *copy_value(struct arena *arena, const char *line, const char *key)
{
    size_t len = strlen(key);
    for (const char *at = line; at != NULL; at = strchr(at, '\t')) {
        at += *at == '\t' ? 1 : 0;
        if (strncmp(at, key, len) == 0 && at[len] == '=')
            return arena_copy(arena, at + len + 1, strcspn(at + len + 1, "\t"));
        if (*at == '\0')
            break;
    }
    return NULL;
}

static enum status split_list(struct arena *arena, char *text, const char *const **names,
                              size_t *count, struct error *err)
{
    size_t most = 1;
    for (const char *c = text; *c != '\0'; c++)
        most += *c == ',' ? 1 : 0;
    const char **list = arena_calloc(arena, most, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    *names = list;
    *count = 0;
    if (*text == '\0')
        return STATUS_OK;
    char *out = text;
    list[(*count)++] = out;
    for (const char *in = text; *in != '\0'; in++) {
        if (*in == ',') {
            *out++ = '\0';
            list[(*count)++] = out;
            continue;
        }
        if (*in == '\\' && in[1] != '\0')
            in++;
        *out++ = *in;
    }
    *out = '\0';
    return STATUS_OK;
}

static enum status check_fields(const struct header *header, struct partial_plan *plan,
                                struct arena *arena, struct error *err)
{
    struct schema expected = SCHEMA_INIT;
    bool *set = arena_calloc(arena, plan->by_count + 1, sizeof *set);
    if (set == NULL)
        return error_no_memory(err);
    plan->by_set = set;
    const struct schema *schema = &header->schema;
    plan->scale_column =
        plan->by_count < schema->count && strcmp(schema->fields[plan->by_count].name, "scale") == 0;
    enum status s = add_fields(plan, &expected, err);
    bool same = expected.count == schema->count;
    for (size_t i = 0; s == STATUS_OK && same && i < schema->count; i++) {
        same = strcmp(schema->fields[i].name, expected.fields[i].name) == 0;
        if (i < plan->by_count)
            set[i] = schema->fields[i].type == FIELD_SET;
    }
    schema_free(&expected);
    if (s == STATUS_OK && !same)
        return error_set(err, STATUS_DATA,
                         "the fields of the partial are not those that its #partial line names");
    return s;
}

enum status partial_read_header(const struct header *header, struct arena *arena,
                                struct partial_plan *plan, struct error *err)
{
    *plan = (struct partial_plan){.by = NULL};
    const char *line = header_line(header, "partial");
    if (line == NULL)
        return error_set(err, STATUS_DATA,
                         "the input is no partial; --merge reads what --partial wrote");
    char *by = copy_value(arena, line, "by");
    char *every = copy_value(arena, line, "every");
    char *people = copy_value(arena, line, "people");
    char *measures = copy_value(arena, line, "measures");
    char *scales = copy_value(arena, line, "scales");
    char *score = copy_value(arena, line, "score");
    plan->zone = copy_value(arena, line, "zone");
    if (by == NULL || every == NULL || plan->zone == NULL || people == NULL || measures == NULL ||
        scales == NULL || score == NULL) {
        char shown[TEXT_ESCAPED_MAX];
        return error_set(err, STATUS_DATA, "the #partial line lacks something: '%s'",
                         text_escape(shown, slice_of(line)));
    }
    plan->every = *every == '\0' ? NULL : every;
    plan->people = *people == '\0' ? NULL : people;
    plan->weight = copy_value(arena, line, "weight");
    plan->scored = strcmp(score, "yes") == 0;
    enum status s = split_list(arena, by, &plan->by, &plan->by_count, err);
    if (s == STATUS_OK)
        s = split_list(arena, measures, &plan->measures, &plan->measure_count, err);
    if (s == STATUS_OK)
        s = split_list(arena, scales, &plan->scales, &plan->scale_count, err);
    if (s == STATUS_OK && plan->weight != NULL && (plan->measure_count > 0 || !plan->scored))
        return error_set(err, STATUS_DATA,
                         "the #partial line names a weight, but no scores, or measures beside it");
    return s == STATUS_OK ? check_fields(header, plan, arena, err) : s;
}

/* ---- writing rows ---- */

struct partial_row {
    struct slice field;
    struct slice value;
    uint64_t count;
    const struct weight_sum *sum; /* NULL: none */
};

struct row_list {
    struct partial_row *rows;
    size_t count;
    size_t cap;
    struct arena texts;
    struct budget *budget;
    uint64_t charged;
};

static enum status charge(struct row_list *list, struct error *err)
{
    uint64_t held = list->cap * sizeof *list->rows + list->texts.held;
    if (held <= list->charged)
        return STATUS_OK;
    enum status s = budget_take(list->budget, held - list->charged, "values of groups", err);
    if (s == STATUS_OK)
        list->charged = held;
    return s;
}

static enum status add_row(struct row_list *list, struct slice field, struct slice value,
                           uint64_t count, struct error *err)
{
    if (count == 0)
        return STATUS_OK;
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 64 : list->cap * 2;
        struct partial_row *rows = realloc(list->rows, cap * sizeof *rows);
        if (rows == NULL)
            return error_no_memory(err);
        list->rows = rows;
        list->cap = cap;
    }
    list->rows[list->count++] = (struct partial_row){field, value, count, NULL};
    return charge(list, err);
}

static enum status add_decimals(struct row_list *list, struct slice field,
                                const struct exact_table *table, const struct weight_sums *sums,
                                struct error *err)
{
    enum status s = STATUS_OK;
    for (uint32_t i = 0; s == STATUS_OK && i < table->count; i++) {
        char text[DECIMAL_TEXT_MAX];
        size_t len = decimal_format(text, table->cells[i].value);
        const char *kept = arena_copy(&list->texts, text, len);
        if (kept == NULL)
            return error_no_memory(err);
        s = add_row(list, field, (struct slice){kept, len}, table->cells[i].count, err);
        if (s == STATUS_OK && sums != NULL)
            list->rows[list->count - 1].sum = &sums->of[i];
    }
    return s;
}

static enum status add_scores(const struct partial_plan *plan, const struct groups *groups,
                              const struct group *group, struct row_list *list, struct error *err)
{
    if (!plan->scored)
        return add_row(list, SLICE_LITERAL("records"), SLICE_MISSING, group->records, err);
    enum status s = add_decimals(list, SLICE_LITERAL("score"), &group->scores,
                                 groups_weights(groups, group), err);
    if (s == STATUS_OK)
        s = add_row(list, SLICE_LITERAL("unscored"), SLICE_LITERAL("missing"), group->missing, err);
    if (s == STATUS_OK)
        s = add_row(list, SLICE_LITERAL("unscored"), SLICE_LITERAL("off_scale"), group->off_scale,
                    err);
    return s;
}

static enum status add_measures(const struct partial_plan *plan, const struct group *group,
                                struct row_list *list, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t m = 0; s == STATUS_OK && m < plan->measure_count; m++) {
        size_t len = sizeof measure_prefix - 1 + strlen(plan->measures[m]);
        char *name = arena_alloc(&list->texts, len + 1);
        if (name == NULL)
            return error_no_memory(err);
        (void)snprintf(name, len + 1, "%s%s", measure_prefix, plan->measures[m]);
        struct slice field = {name, len};
        s = add_row(list, field, SLICE_MISSING, group->measures[m].missing, err);
        if (s == STATUS_OK)
            s = add_decimals(list, field, &group->measures[m].values, NULL, err);
    }
    return s;
}

static enum status add_people(const struct groups *groups, const struct group *group,
                              struct row_list *list, struct error *err)
{
    enum status s = STATUS_OK;
    for (uint32_t i = 0; s == STATUS_OK && i < group->persons.count; i++) {
        bool scored;
        int64_t score;
        struct slice person = groups_person(groups, group->persons.cells[i].value, &scored, &score);
        s = add_row(list, SLICE_LITERAL("people"), person, group->persons.cells[i].count, err);
    }
    return s;
}

static int by_bytes(const void *a, const void *b)
{
    const struct partial_row *x = a;
    const struct partial_row *y = b;
    int c = slice_compare(x->field, y->field);
    return c != 0 ? c : slice_compare(x->value, y->value);
}

static enum status write_one(const struct partial_row *row, struct slice *behind, bool weighted,
                             const struct slice *cells, partial_sink *sink, void *to,
                             struct error *err)
{
    char room[4][INT128_TEXT_MAX];
    behind[FIELD] = row->field;
    behind[VALUE] = row->value;
    behind[COUNT] = (struct slice){room[0], number_format_u128(room[0], row->count)};
    for (size_t i = W; weighted && i <= WEIGHTLESS; i++)
        behind[i] = SLICE_MISSING;
    if (row->sum != NULL) {
        behind[W] = (struct slice){room[1], number_format_u128(room[1], row->sum->w)};
        behind[W2] = (struct slice){room[2], number_format_u128(room[2], row->sum->w2)};
        behind[WEIGHTLESS] =
            (struct slice){room[3], number_format_u128(room[3], row->sum->weightless)};
    }
    return sink(to, cells, err);
}

static enum status write_group(const struct partial_plan *plan, const struct groups *groups,
                               size_t index, struct row_list *list, struct slice *cells,
                               partial_sink *sink, void *to, struct error *err)
{
    const struct group *group = &groups->states[index];
    list->count = 0;
    arena_reset(&list->texts);
    enum status s = add_scores(plan, groups, group, list, err);
    if (s == STATUS_OK)
        s = add_people(groups, group, list, err);
    if (s == STATUS_OK)
        s = add_measures(plan, group, list, err);
    if (s != STATUS_OK)
        return s;
    if (list->count > 1)
        qsort(list->rows, list->count, sizeof *list->rows, by_bytes);
    for (size_t i = 0; s == STATUS_OK && i < list->count; i++)
        s = write_one(&list->rows[i], cells + key_width(plan), plan->weight != NULL, cells, sink,
                      to, err);
    return s;
}

/* Cells of a group's key as the partial has them. */
static void key_cells(const struct partial_plan *plan, const struct slice *key, struct slice *cells)
{
    size_t at = plan->by_count;
    for (size_t i = 0; i < plan->by_count; i++)
        cells[i] = key[i];
    if (plan->scale_column)
        cells[at++] = key[plan->by_count];
    if (plan->every != NULL)
        cells[at] = key[plan->by_count + 1];
}

enum status partial_write(const struct partial_plan *plan, struct groups *groups,
                          partial_sink *sink, void *to, struct error *err)
{
    struct row_list list = {.texts = ARENA_INIT, .budget = groups->budget};
    size_t *order = NULL;
    size_t count = groups_count(groups);
    struct slice *key = calloc(plan->by_count + 2, sizeof *key);
    struct slice *cells = calloc(partial_width(plan), sizeof *cells);
    enum status s = key == NULL || cells == NULL ? error_no_memory(err)
                                                 : groups_order(groups, false, &order, err);
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        groups_key(groups, order[i], key);
        key_cells(plan, key, cells);
        s = write_group(plan, groups, order[i], &list, cells, sink, to, err);
    }
    free(order);
    free(key);
    free(cells);
    free(list.rows);
    arena_free(&list.texts);
    budget_give(groups->budget, list.charged);
    return s;
}

/* ---- taking rows ---- */

static bool parse_value(struct slice text, int64_t *value)
{
    return !slice_missing(text) && decimal_parse(text, value) == DECIMAL_OK;
}

/* What a row counts. */
enum row_kind { ROW_SCORE, ROW_MISSING, ROW_OFF_SCALE, ROW_RECORDS, ROW_PERSON, ROW_MEASURE };

struct row {
    enum row_kind kind;
    size_t measure;
    bool valued; /* a measure that is not missing */
    int64_t value;
    struct slice person;
    uint64_t count;
    struct weight_sum sum; /* of a score with a weight */
};

static const char *read_sum(const struct slice *behind, struct row *row)
{
    struct weight_sum *sum = &row->sum;
    if (slice_missing(behind[W]) || slice_missing(behind[W2]) ||
        slice_missing(behind[WEIGHTLESS]) || !number_parse_u128(behind[W], &sum->w) ||
        !number_parse_u128(behind[W2], &sum->w2) ||
        !number_parse_u64(behind[WEIGHTLESS], &sum->weightless))
        return "w, w2 and weightless are not whole numbers";
    return weight_sum_possible(sum, row->count) ? NULL
                                                : "no records of that count have these sums of "
                                                  "weights";
}

static const char *read_measure(const struct partial_plan *plan, struct slice name,
                                struct slice value, struct row *row)
{
    row->kind = ROW_MEASURE;
    row->measure = 0;
    while (row->measure < plan->measure_count && !slice_is(name, plan->measures[row->measure]))
        row->measure++;
    if (row->measure == plan->measure_count)
        return "the #partial line names no such measure";
    row->valued = !slice_missing(value);
    return row->valued && !parse_value(value, &row->value) ? "the value is not a decimal number"
                                                           : NULL;
}

static const char *read_row(const struct partial_plan *plan, const struct slice *cells,
                            struct row *row)
{
    const struct slice *behind = cells + key_width(plan);
    struct slice field = behind[FIELD], value = behind[VALUE];
    size_t prefix = sizeof measure_prefix - 1;
    if (slice_missing(behind[COUNT]) || !number_parse_u64(behind[COUNT], &row->count) ||
        row->count == 0)
        return "the count is not a whole number above 0";
    if (slice_is(field, "score") && plan->scored) {
        row->kind = ROW_SCORE;
        if (!parse_value(value, &row->value))
            return "the value is not a decimal number";
        return plan->weight == NULL ? NULL : read_sum(behind, row);
    }
    if (slice_is(field, "unscored") && plan->scored) {
        row->kind = slice_is(value, "off_scale") ? ROW_OFF_SCALE : ROW_MISSING;
        return row->kind == ROW_OFF_SCALE || slice_is(value, "missing")
                   ? NULL
                   : "the value is neither missing nor off_scale";
    }
    if (slice_is(field, "records") && !plan->scored) {
        row->kind = ROW_RECORDS;
        return NULL;
    }
    if (slice_is(field, "people") && plan->people != NULL) {
        row->kind = ROW_PERSON;
        row->person = value;
        return slice_missing(value) ? "a person is missing" : NULL;
    }
    if (field.len >= prefix && memcmp(field.data, measure_prefix, prefix) == 0)
        return read_measure(plan, (struct slice){field.data + prefix, field.len - prefix}, value,
                            row);
    return "the field is none that a partial of this kind has";
}

static enum status add_to(struct groups *groups, const struct slice *key, const struct row *row,
                          struct error *err)
{
    struct group *group;
    enum status s = groups_find(groups, key, &group, err);
    if (s != STATUS_OK)
        return s;
    switch (row->kind) {
    case ROW_SCORE:
        return groups->plan->weighted
                   ? groups_add_weighted(groups, group, row->value, row->count, &row->sum, err)
                   : groups_add_score(groups, group, row->value, row->count, err);
    case ROW_MISSING:
        return groups_add_missing(group, row->count, err);
    case ROW_OFF_SCALE:
        return groups_add_off_scale(group, row->count, err);
    case ROW_RECORDS:
        return groups_add_unmeasured(group, row->count, err);
    case ROW_PERSON:
        return groups_add_person(groups, group, row->person, NULL, row->count, err);
    case ROW_MEASURE:
        break;
    }
    return groups_add_measure(groups, group, row->measure, row->valued ? &row->value : NULL,
                              row->count, err);
}

enum status partial_take(const struct partial_plan *plan, const struct slice *cells,
                         struct slice *key, struct groups *groups, struct groups *totals,
                         const char **fault, struct error *err)
{
    struct row row = {.measure = 0};
    *fault = read_row(plan, cells, &row);
    if (*fault != NULL)
        return STATUS_OK;
    size_t by = plan->by_count;
    for (size_t i = 0; i < by; i++)
        key[i] = cells[i];
    /* The table keeps a scale for each group, whether or not it is a column. */
    key[by] = plan->scale_column ? cells[by] : SLICE_MISSING;
    for (size_t i = 0; i < by && slice_missing(key[by]); i++) {
        if (strcmp(plan->by[i], "scale") == 0)
            key[by] = cells[i];
    }
    key[by + 1] = plan->every == NULL ? SLICE_MISSING : cells[by + (plan->scale_column ? 1 : 0)];
    enum status s = add_to(groups, key, &row, err);
    if (s == STATUS_OK && totals != NULL) {
        struct slice all[2] = {key[by], SLICE_MISSING};
        s = add_to(totals, all, &row, err);
    }
    return s;
}
