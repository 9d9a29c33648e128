#include "weights/weight_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "stats/rake.h"
#include "weights/amount.h"
#include "weights/margin.h"

/* ---- collapse ---- */

/* One new value and those that count as it. */
static enum status collapse_one(struct weight_field *field, const char *name,
                                const struct node *members, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    const uint32_t to = weight_field_add(field, slice_of(name));
    if (to == WEIGHT_NO_VALUE)
        return error_no_memory(err);
    if (node_list_count(members) == 0)
        return node_error(members, err, "collapse: '%s' has no values to stand for",
                          text_escape(shown, slice_of(name)));
    for (size_t i = 0; i < node_list_count(members); i++) {
        const struct node *item = node_list_item(members, i);
        const char *text = node_text(item);
        if (text == NULL)
            return node_error(item, err, "collapse: a value is empty");
        const uint32_t member = weight_field_add(field, slice_of(text));
        if (member == WEIGHT_NO_VALUE)
            return error_no_memory(err);
        if (member == to)
            continue;
        if (field->level_of[member] != member)
            return node_error(item, err, "collapse: '%s' is collapsed twice",
                              text_escape(shown, slice_of(text)));
        field->level_of[member] = to;
    }
    return STATUS_OK;
}

/* "55+: [55-64, 65+]" and "all: [55+, ...]": which is meant? */
static enum status check_chains(const struct weight_field *field, const struct node *map,
                                struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    for (uint32_t v = 0; v < field->values.count; v++)
        if (field->level_of[field->level_of[v]] != field->level_of[v])
            return node_error(map, err,
                              "collapse: '%s' is a new value and collapsed itself; collapse the "
                              "old values at once",
                              text_escape(shown, field->values.keys[field->level_of[v]]));
    return STATUS_OK;
}

static enum status read_collapse(struct weight_plan *plan, const struct node *node,
                                 struct error *err)
{
    for (size_t i = 0; node != NULL && i < node->count; i++) {
        const struct node *map = node->items[i];
        struct weight_field *field = weight_field_get(plan, node->keys[i], map);
        if (field == NULL)
            return error_no_memory(err);
        enum status s = STATUS_OK;
        for (size_t k = 0; s == STATUS_OK && k < map->count; k++)
            s = collapse_one(field, map->keys[k], map->items[k], err);
        if (s == STATUS_OK)
            s = check_chains(field, map, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

/* In one margin a new value stands for its old ones, or they for it, but not both. */
static enum status check_listed(const struct weight_plan *plan, size_t number, struct error *err)
{
    const struct weight_margin *margin = &plan->margins[number];
    char shown[TEXT_ESCAPED_MAX];
    char other[TEXT_ESCAPED_MAX];
    for (size_t i = 0; i < margin->field_count; i++) {
        const struct weight_field *field = &plan->fields[margin->fields[i]];
        for (uint32_t v = 0; v < field->values.count; v++) {
            const uint32_t to = field->level_of[v];
            if (to != v && field->listed[v] == number + 1 && field->listed[to] == number + 1)
                return node_error(margin->at, err,
                                  "margin '%s' lists both '%s' and '%s', which collapse counts "
                                  "as it; list one of the two",
                                  margin->name, text_escape(shown, field->values.keys[to]),
                                  text_escape(other, field->values.keys[v]));
        }
    }
    return STATUS_OK;
}

/* A collapse that meets no level of any margin is a slip. */
static enum status check_applied(const struct weight_plan *plan, const struct node *node,
                                 struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    for (size_t i = 0; node != NULL && i < node->count; i++) {
        const struct weight_field *field = NULL;
        for (size_t m = 0; m < plan->margin_count; m++)
            for (size_t k = 0; k < plan->margins[m].field_count; k++)
                if (strcmp(plan->margins[m].field_names[k], node->keys[i]) == 0)
                    field = &plan->fields[plan->margins[m].fields[k]];
        if (field == NULL)
            return node_key_error(node->items[i], err,
                                  "collapse: no margin goes by '%s', so there is nothing to "
                                  "collapse",
                                  text_escape(shown, slice_of(node->keys[i])));
        for (uint32_t v = 0; v < field->values.count; v++)
            if (field->level_of[v] != v && field->listed[v] == 0 &&
                field->listed[field->level_of[v]] == 0)
                return node_error(node->items[i], err, "collapse: no margin lists '%s'",
                                  text_escape(shown, field->values.keys[v]));
    }
    return STATUS_OK;
}

/* ---- margins ---- */

static bool same_fields(const struct weight_margin *a, const struct weight_margin *b)
{
    size_t same = 0;
    for (size_t i = 0; i < a->field_count; i++)
        for (size_t k = 0; k < b->field_count; k++)
            same += a->fields[i] == b->fields[k];
    return same == a->field_count && a->field_count == b->field_count;
}

static enum status read_margins(struct weight_plan *plan, const struct weight_options *options,
                                struct error *err)
{
    const size_t count = node_list_count(options->margins);
    if (count == 0)
        return error_set(err, STATUS_USAGE,
                         "no margins are given (margins: [FILE, ...] in the section weight of a "
                         "study, or --margins=FILE)");
    plan->margins = calloc(count, sizeof *plan->margins);
    if (plan->margins == NULL)
        return error_no_memory(err);
    for (size_t m = 0; m < count; m++) {
        const struct node *node = node_list_item(options->margins, m);
        plan->margin_count++;
        enum status s = margin_read(plan, options->study, node, m, err);
        if (s == STATUS_OK)
            s = check_listed(plan, m, err);
        if (s != STATUS_OK)
            return s;
        for (size_t k = 0; k < m; k++)
            if (same_fields(&plan->margins[k], &plan->margins[m]))
                return node_error(node, err, "two margins go by %s; which one holds?",
                                  plan->margins[m].name);
    }
    return STATUS_OK;
}

/* The total that a margin must have: 1 for shares, else that of the first one in people. */
static enum status check_total(const struct weight_margin *margin,
                               const struct weight_margin *first, struct error *err)
{
    const double total = margin->shares ? 1 : first->sum;
    char sum[DOUBLE_TEXT_MAX];
    char other[DOUBLE_TEXT_MAX];
    if (fabs(margin->sum - total) <= RAKE_SAME_TOTAL * total)
        return STATUS_OK;
    double_format(sum, margin->sum);
    double_format(other, total);
    if (margin->shares)
        return node_error(margin->at, err,
                          "margin '%s': its shares add up to %s, not to 1; correct them, or "
                          "rescale: true",
                          margin->name, sum);
    return node_error(margin->at, err,
                      "margin '%s' adds up to %s people, margin '%s' to %s; correct one of them, "
                      "or rescale: true",
                      margin->name, sum, first->name, other);
}

static enum status check_totals(const struct weight_plan *plan, struct error *err)
{
    const struct weight_margin *first = NULL;
    for (size_t m = 0; m < plan->margin_count; m++) {
        const struct weight_margin *margin = &plan->margins[m];
        first = first == NULL && !margin->shares ? margin : first;
        enum status s = plan->rescale ? STATUS_OK : check_total(margin, first, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

/* ---- the rest ---- */

static enum status read_bounds(struct weight_plan *plan, const struct weight_options *options,
                               struct error *err)
{
    const struct node *node = options->bounds;
    int64_t bound[2] = {0, 0};
    if (node_list_count(node) == 0)
        return !options->trim
                   ? STATUS_OK
                   : node_error(options->trim_at, err, "trim needs bounds to trim to: [0.2, 5]");
    bool good = node_list_count(node) == 2;
    for (size_t i = 0; good && i < 2; i++)
        good = decimal_parse(slice_of(node_text(node_list_item(node, i))), &bound[i]) == DECIMAL_OK;
    if (!good || bound[0] < 0 || bound[0] > DECIMAL_ONE || bound[1] < DECIMAL_ONE ||
        bound[0] == bound[1])
        return node_error(node, err,
                          "bounds are two multiples of the mean weight, one from 0 to 1 and one "
                          "from 1 up, for instance [0.2, 5]");
    plan->bounded = true;
    plan->lower = (double)bound[0] / DECIMAL_ONE;
    plan->upper = (double)bound[1] / DECIMAL_ONE;
    plan->trim = options->trim;
    return STATUS_OK;
}

static enum status read_names(struct weight_plan *plan, const struct weight_options *options,
                              struct error *err)
{
    const char *base = node_text(options->base);
    plan->field = arena_copy(&plan->arena, options->field, strlen(options->field));
    plan->field_at = options->field_at;
    if (base != NULL)
        plan->base = arena_copy(&plan->arena, base, strlen(base));
    plan->base_at = options->base;
    if (plan->field == NULL || (base != NULL && plan->base == NULL))
        return error_no_memory(err);
    if (plan->field[0] == '\0')
        return node_error(options->field_at, err, "field: the name of the new field is empty");
    return STATUS_OK;
}

static enum status read_total(struct weight_plan *plan, const struct node *node, struct error *err)
{
    const char *text = node_text(node);
    if (text == NULL)
        return STATUS_OK;
    if (!amount_parse(slice_of(text), &plan->total) || !(plan->total > 0))
        return node_error(node, err, "total '%s' is not a number above 0", text);
    return STATUS_OK;
}

static enum status read_all(struct weight_plan *plan, const struct weight_options *options,
                            struct error *err)
{
    plan->rescale = options->rescale;
    plan->reject = options->reject;
    enum status s = read_collapse(plan, options->collapse, err);
    if (s == STATUS_OK)
        s = read_margins(plan, options, err);
    if (s == STATUS_OK)
        s = check_applied(plan, options->collapse, err);
    if (s == STATUS_OK)
        s = check_totals(plan, err);
    if (s == STATUS_OK)
        s = read_bounds(plan, options, err);
    if (s == STATUS_OK)
        s = read_names(plan, options, err);
    return s == STATUS_OK ? read_total(plan, options->total, err) : s;
}

enum status weight_plan_new(const struct weight_options *options, struct weight_plan **plan,
                            struct error *err)
{
    struct weight_plan *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    enum status s = read_all(made, options, err);
    if (s != STATUS_OK) {
        weight_plan_free(made);
        return s;
    }
    *plan = made;
    return STATUS_OK;
}

void weight_plan_free(struct weight_plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t i = 0; i < plan->field_count; i++) {
        intern_free(&plan->fields[i].values);
        free(plan->fields[i].level_of);
        free(plan->fields[i].listed);
    }
    for (size_t m = 0; m < plan->margin_count; m++)
        margin_free(&plan->margins[m]);
    free(plan->fields);
    free(plan->margins);
    arena_free(&plan->arena);
    free(plan);
}

uint32_t weight_plan_level(const struct weight_margin *margin, const uint32_t *values)
{
    uint32_t key[WEIGHT_FIELDS_MAX];
    for (size_t i = 0; i < margin->field_count; i++)
        key[i] = values[margin->fields[i]];
    return intern_find(&margin->levels,
                       (struct slice){(const char *)key, margin->field_count * sizeof key[0]});
}

uint32_t weight_plan_value(const struct weight_field *field, struct slice text)
{
    const uint32_t number = slice_missing(text) ? INTERN_NONE : intern_find(&field->values, text);
    return number == INTERN_NONE ? WEIGHT_NO_VALUE : field->level_of[number];
}
