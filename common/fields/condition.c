#include "fields/condition.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "time/time_format.h"

/* An instant or a number as one value that can be compared: millionths, or nanoseconds. */
typedef __int128 rank;

struct term {
    enum condition_sign sign;
    const char *text; /* in the arena */
    rank value;
    const struct node *node;
};

struct condition {
    const char *field;  /* in the arena */
    struct term *terms; /* one must hold */
    size_t term_count;
    const struct node *node;
    size_t column;
    enum field_type type;
};

struct conditions {
    struct arena arena;
    struct condition *all;
    size_t count;
    size_t cap;
};

enum status conditions_new(struct conditions **conditions, struct error *err)
{
    *conditions = calloc(1, sizeof **conditions);
    return *conditions == NULL ? error_no_memory(err) : STATUS_OK;
}

void conditions_free(struct conditions *conditions)
{
    if (conditions == NULL)
        return;
    arena_free(&conditions->arena);
    free(conditions->all);
    free(conditions);
}

size_t conditions_count(const struct conditions *conditions)
{
    return conditions->count;
}

/* ---- reading ---- */

static bool is_ordered(enum condition_sign sign)
{
    return sign != CONDITION_EQUAL && sign != CONDITION_NOT_EQUAL;
}

/* Takes a sign off the front; false if there is none. */
static bool take_sign(struct slice *s, enum condition_sign *sign)
{
    static const struct {
        const char *text;
        enum condition_sign sign;
    } signs[] = {
        {"<=", CONDITION_LESS_EQUAL}, {">=", CONDITION_GREATER_EQUAL}, {"!=", CONDITION_NOT_EQUAL},
        {"==", CONDITION_EQUAL},      {"<", CONDITION_LESS},           {">", CONDITION_GREATER},
        {"=", CONDITION_EQUAL},
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t n = strlen(signs[i].text);
        if (s->len < n || memcmp(s->data, signs[i].text, n) != 0)
            continue;
        *sign = signs[i].sign;
        s->data += n;
        s->len -= n;
        return true;
    }
    return false;
}

static enum status place_error(const struct node *node, struct error *err, const char *text)
{
    if (node != NULL)
        return node_error(node, err, "%s", text);
    return error_set(err, STATUS_USAGE, "%s", text);
}

static enum status new_condition(struct conditions *conditions, struct slice field,
                                 size_t term_count, const struct node *node,
                                 struct condition **made, struct error *err)
{
    if (conditions->count == conditions->cap) {
        size_t cap = conditions->cap == 0 ? 8 : conditions->cap * 2;
        struct condition *all = realloc(conditions->all, cap * sizeof *all);
        if (all == NULL)
            return error_no_memory(err);
        conditions->all = all;
        conditions->cap = cap;
    }
    struct condition *condition = &conditions->all[conditions->count];
    *condition = (struct condition){.node = node, .term_count = term_count};
    condition->field = arena_copy(&conditions->arena, field.data, field.len);
    condition->terms = arena_calloc(&conditions->arena, term_count, sizeof *condition->terms);
    if (condition->field == NULL || condition->terms == NULL)
        return error_no_memory(err);
    conditions->count++;
    *made = condition;
    return STATUS_OK;
}

static enum status set_term(struct conditions *conditions, struct term *term,
                            enum condition_sign sign, struct slice value, const struct node *node,
                            struct error *err)
{
    *term = (struct term){.sign = sign, .node = node};
    term->text = arena_copy(&conditions->arena, value.data, value.len);
    if (term->text == NULL)
        return error_no_memory(err);
    if (value.len == 0 && is_ordered(sign))
        return place_error(node, err, "a value is wanted behind the sign, as in \">= 100\"");
    return STATUS_OK;
}

/* "twitter", ">= 100" */
static enum status read_term(struct conditions *conditions, struct term *term,
                             const struct node *node, struct error *err)
{
    const char *text = node_text(node);
    if (text == NULL)
        return node_error(node, err, "a value is wanted; for a missing one write \"\"");
    struct slice value = slice_of(text);
    struct slice behind = slice_trim(value);
    enum condition_sign sign = CONDITION_EQUAL;
    if (take_sign(&behind, &sign))
        value = slice_trim(behind);
    return set_term(conditions, term, sign, value, node, err);
}

static enum status add_entry(struct conditions *conditions, const char *field,
                             const struct node *value, struct error *err)
{
    size_t count = node_list_count(value);
    if (value->kind == NODE_MAP)
        return node_error(value, err, "a value, a list of values or a comparison is wanted");
    if (value->kind == NODE_LIST && count == 0)
        return node_error(value, err, "the list of values is empty: no record could hold");
    if (count == 0)
        return node_error(value, err, "a value is wanted; for a missing one write \"\"");
    struct condition *condition = NULL;
    enum status s = new_condition(conditions, slice_of(field), count, value, &condition, err);
    size_t differing = 0;
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        s = read_term(conditions, &condition->terms[i], node_list_item(value, i), err);
        differing += s == STATUS_OK && condition->terms[i].sign == CONDITION_NOT_EQUAL;
    }
    if (s == STATUS_OK && differing > 1)
        return node_error(value, err,
                          "one of several != always holds; write each in a map of its own: "
                          "[{%.60s: \"!= a\"}, {%.60s: \"!= b\"}]",
                          field, field);
    return s;
}

static enum status add_written(struct conditions *conditions, const char *text,
                               const struct node *node, struct error *err)
{
    size_t at = strcspn(text, "<>=!");
    struct slice field = slice_trim((struct slice){text, at});
    struct slice rest = slice_of(text + at);
    enum condition_sign sign;
    if (field.len == 0 || !take_sign(&rest, &sign)) {
        char shown[TEXT_ESCAPED_MAX];
        text_escape(shown, slice_of(text));
        const char *fmt = "'%s' is no condition; write FIELD=VALUE, or != < <= > >= for =";
        return node != NULL ? node_error(node, err, fmt, shown)
                            : error_set(err, STATUS_USAGE, fmt, shown);
    }
    struct condition *condition = NULL;
    enum status s = new_condition(conditions, field, 1, node, &condition, err);
    if (s != STATUS_OK)
        return s;
    return set_term(conditions, &condition->terms[0], sign, slice_trim(rest), node, err);
}

enum status conditions_add_text(struct conditions *conditions, const char *text, struct error *err)
{
    return add_written(conditions, text, NULL, err);
}

enum status conditions_add_node(struct conditions *conditions, const struct node *node,
                                struct error *err)
{
    enum status s = STATUS_OK;
    if (node == NULL)
        return STATUS_OK;
    if (node->kind == NODE_SCALAR && node_text(node) != NULL)
        return add_written(conditions, node_text(node), node, err);
    if (node->kind == NODE_MAP) {
        for (size_t i = 0; s == STATUS_OK && i < node->count; i++)
            s = add_entry(conditions, node->keys[i], node->items[i], err);
        return s;
    }
    for (size_t i = 0; s == STATUS_OK && i < node_list_count(node); i++) {
        const struct node *item = node_list_item(node, i);
        if (item->kind == NODE_LIST)
            return node_error(item, err, "a map of fields and values is wanted");
        s = conditions_add_node(conditions, item, err);
    }
    return s;
}

enum status conditions_add(struct conditions *conditions, const char *field,
                           enum condition_sign sign, const char *value, const struct node *node,
                           struct error *err)
{
    struct condition *condition = NULL;
    enum status s = new_condition(conditions, slice_of(field), 1, node, &condition, err);
    if (s != STATUS_OK)
        return s;
    return set_term(conditions, &condition->terms[0], sign, slice_of(value), node, err);
}

/* ---- values ---- */

static bool number_rank(struct slice text, rank *value)
{
    int64_t whole;
    int64_t millionths;
    if (number_parse_i64(text, &whole)) {
        *value = (rank)whole * DECIMAL_ONE;
        return true;
    }
    if (decimal_parse(text, &millionths) != DECIMAL_OK)
        return false;
    *value = millionths;
    return true;
}

/* Nanoseconds of the digits behind a point; what is finer is cut. */
static int64_t nanoseconds(struct slice fraction)
{
    int64_t value = 0;
    for (size_t i = 0; i < 9; i++)
        value = value * 10 + (i < fraction.len ? fraction.data[i] - '0' : 0);
    return value;
}

static bool time_rank(struct slice text, rank *value)
{
    int64_t seconds;
    struct slice fraction = SLICE_MISSING;
    if (!time_parse_rfc3339(text, &seconds, &fraction))
        return false;
    *value = (rank)seconds * 1000000000 + nanoseconds(fraction);
    return true;
}

static bool option_time_rank(const char *text, rank *value)
{
    int64_t seconds;
    if (!time_parse_option(text, NULL, &seconds))
        return false;
    struct slice fraction = SLICE_MISSING;
    const char *point = strpbrk(text, ".,");
    if (point != NULL)
        fraction = (struct slice){point + 1, strspn(point + 1, "0123456789")};
    *value = (rank)seconds * 1000000000 + nanoseconds(fraction);
    return true;
}

static bool is_number(enum field_type type)
{
    return type == FIELD_INT || type == FIELD_DECIMAL;
}

/* ---- binding ---- */

static enum status bind_term(const struct condition *condition, struct term *term,
                             struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    char text[512];
    bool good = true;
    if (term->text[0] == '\0')
        return STATUS_OK;
    if (is_number(condition->type)) {
        good = number_rank(slice_of(term->text), &term->value);
        (void)snprintf(text, sizeof text, "'%s' is not a number, but field %.100s is %s",
                       text_escape(shown, slice_of(term->text)), condition->field,
                       field_type_name(condition->type));
    } else if (condition->type == FIELD_TIME) {
        good = option_time_rank(term->text, &term->value);
        (void)snprintf(text, sizeof text,
                       "'%s' is not a time; write 2015-02-24 or 2015-02-24T19:35:52Z",
                       text_escape(shown, slice_of(term->text)));
    } else if (is_ordered(term->sign)) {
        good = false;
        (void)snprintf(text, sizeof text,
                       "field %.100s is %s, and only int, decimal and time can be compared with "
                       "< <= > >=; give it a type in ingest.fields",
                       condition->field, field_type_name(condition->type));
    }
    return good ? STATUS_OK : place_error(term->node, err, text);
}

enum status conditions_bind(struct conditions *conditions, const struct schema *schema,
                            struct error *err)
{
    for (size_t i = 0; i < conditions->count; i++) {
        struct condition *condition = &conditions->all[i];
        enum status s =
            node_require_field(condition->node, schema, condition->field, &condition->column, err);
        if (s != STATUS_OK)
            return s;
        condition->type = schema->fields[condition->column].type;
        for (size_t t = 0; t < condition->term_count; t++) {
            s = bind_term(condition, &condition->terms[t], err);
            if (s != STATUS_OK)
                return s;
        }
    }
    return STATUS_OK;
}

enum status conditions_prepare(const struct conditions *conditions, struct batch *batch,
                               struct error *err)
{
    for (size_t i = 0; i < conditions->count; i++)
        if (batch_text(batch, conditions->all[i].column, err) == NULL)
            return STATUS_IO;
    return STATUS_OK;
}

void conditions_reads(const struct conditions *conditions, bool *fields)
{
    for (size_t i = 0; i < conditions->count; i++)
        fields[conditions->all[i].column] = true;
}

/* ---- judging ---- */

static bool set_holds(struct slice set, const char *label)
{
    size_t n = strlen(label);
    while (set.len > 0) {
        const char *comma = memchr(set.data, ',', set.len);
        size_t len = comma == NULL ? set.len : (size_t)(comma - set.data);
        if (len == n && memcmp(set.data, label, n) == 0)
            return true;
        if (comma == NULL)
            break;
        set.data += len + 1;
        set.len -= len + 1;
    }
    return false;
}

static bool order_holds(enum condition_sign sign, rank a, rank b)
{
    switch (sign) {
    case CONDITION_EQUAL:
        return a == b;
    case CONDITION_NOT_EQUAL:
        return a != b;
    case CONDITION_LESS:
        return a < b;
    case CONDITION_LESS_EQUAL:
        return a <= b;
    case CONDITION_GREATER:
        return a > b;
    case CONDITION_GREATER_EQUAL:
        return a >= b;
    }
    return false;
}

static bool term_holds(const struct condition *condition, const struct term *term,
                       struct slice cell, bool ranked, rank value)
{
    if (term->text[0] == '\0')
        return (cell.len == 0) == (term->sign == CONDITION_EQUAL);
    if (slice_missing(cell))
        return false;
    if (is_number(condition->type) || condition->type == FIELD_TIME)
        return ranked && order_holds(term->sign, value, term->value);
    bool same =
        condition->type == FIELD_SET ? set_holds(cell, term->text) : slice_is(cell, term->text);
    return same == (term->sign == CONDITION_EQUAL);
}

static bool condition_holds(const struct condition *condition, struct slice cell)
{
    rank value = 0;
    bool ranked = false;
    if (!slice_missing(cell)) {
        if (is_number(condition->type))
            ranked = number_rank(cell, &value);
        else if (condition->type == FIELD_TIME)
            ranked = time_rank(cell, &value);
    }
    for (size_t t = 0; t < condition->term_count; t++)
        if (term_holds(condition, &condition->terms[t], cell, ranked, value))
            return true;
    return false;
}

bool conditions_hold(const struct conditions *conditions, const struct batch *batch, size_t record)
{
    for (size_t i = 0; i < conditions->count; i++) {
        const struct condition *condition = &conditions->all[i];
        if (!condition_holds(condition, batch->columns[condition->column].cells[record]))
            return false;
    }
    return true;
}
