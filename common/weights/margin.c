#include "weights/margin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "study/side_file.h"
#include "weights/amount.h"

#define JOINED " x " /* between the names of a joint margin */

/* A row as it is read, and where it stands. */
struct row {
    struct slice values[WEIGHT_FIELDS_MAX];
    struct slice amount;
    const struct node *node;      /* written in the study; NULL: in the file */
    const struct side_file *file; /* NULL: in the study */
    size_t number;                /* of the file */
};

struct reading {
    struct weight_plan *plan;
    struct weight_margin *margin;
    uint32_t number; /* of the margin, from 1 */
    struct error *err;
};

/* ---- fields and values ---- */

struct weight_field *weight_field_get(struct weight_plan *plan, const char *name,
                                      const struct node *at)
{
    for (size_t i = 0; i < plan->field_count; i++)
        if (strcmp(plan->fields[i].name, name) == 0)
            return &plan->fields[i];
    struct weight_field *more =
        realloc(plan->fields, (plan->field_count + 1) * sizeof *plan->fields);
    if (more == NULL)
        return NULL;
    plan->fields = more;
    const char *copy = arena_copy(&plan->arena, name, strlen(name));
    if (copy == NULL)
        return NULL;
    plan->fields[plan->field_count] = (struct weight_field){.name = copy, .at = at};
    return &plan->fields[plan->field_count++];
}

uint32_t weight_field_add(struct weight_field *field, struct slice value)
{
    bool added = false;
    if (field->values.count == field->cap) {
        const uint32_t cap = field->cap == 0 ? 16 : field->cap * 2;
        uint32_t *levels = realloc(field->level_of, cap * sizeof *levels);
        if (levels != NULL)
            field->level_of = levels;
        uint32_t *listed = realloc(field->listed, cap * sizeof *listed);
        if (listed != NULL)
            field->listed = listed;
        if (levels == NULL || listed == NULL)
            return WEIGHT_NO_VALUE;
        field->cap = cap;
    }
    const uint32_t number = intern_add(&field->values, value, &added);
    if (number == INTERN_NONE)
        return WEIGHT_NO_VALUE;
    if (added) {
        field->level_of[number] = number;
        field->listed[number] = 0;
    }
    return number;
}

/* ---- rows ---- */

static enum status row_error(struct reading *r, const struct row *row, const char *text,
                             struct slice cell)
{
    char shown[TEXT_ESCAPED_MAX];
    char name[TEXT_ESCAPED_MAX];
    text_escape(shown, cell);
    (void)text_escape(name, slice_of(r->margin->name));
    if (row->node != NULL)
        return node_error(row->node, r->err, "margin '%s': '%s' %s", name, shown, text);
    (void)error_set(r->err, STATUS_USAGE, "margin '%s': '%s' %s", name, shown, text);
    error_at(r->err, side_file_name(row->file), side_file_line(row->file, row->number), 0);
    return STATUS_USAGE;
}

/* "twitter x 55+", in the plan's arena; NULL if memory is out. */
static const char *join(struct reading *r, const uint32_t *values)
{
    struct buffer text = BUFFER_INIT;
    bool ok = buffer_append_text(&text, "");
    for (size_t i = 0; ok && i < r->margin->field_count; i++) {
        const struct weight_field *field = &r->plan->fields[r->margin->fields[i]];
        ok = (i == 0 || buffer_append_text(&text, JOINED)) &&
             buffer_append_slice(&text, field->values.keys[values[i]]);
    }
    const char *copy = ok ? arena_copy(&r->plan->arena, text.data, text.len) : NULL;
    buffer_free(&text);
    return copy;
}

static bool make_room(struct weight_margin *margin)
{
    if (margin->levels.count < margin->cap)
        return true;
    const uint32_t cap = margin->cap == 0 ? 16 : margin->cap * 2;
    double *targets = realloc(margin->targets, cap * sizeof *targets);
    if (targets != NULL)
        margin->targets = targets;
    const char **labels = realloc(margin->labels, cap * sizeof *labels);
    if (labels != NULL)
        margin->labels = labels;
    const char **names = realloc(margin->names, cap * sizeof *names);
    if (names != NULL)
        margin->names = names;
    if (targets == NULL || labels == NULL || names == NULL)
        return false;
    margin->cap = cap;
    return true;
}

static enum status name_level(struct reading *r, uint32_t level, const uint32_t *values)
{
    char shown[TEXT_ESCAPED_MAX];
    const char *label = join(r, values);
    if (label == NULL)
        return error_no_memory(r->err);
    text_escape(shown, slice_of(label));
    r->margin->labels[level] = label;
    r->margin->names[level] = arena_copy(&r->plan->arena, shown, strlen(shown));
    r->margin->targets[level] = 0;
    return r->margin->names[level] == NULL ? error_no_memory(r->err) : STATUS_OK;
}

/* Adds the amount to the level of the values; *twice: the same row stood there before. */
static enum status add_row(struct reading *r, const struct row *row, struct intern *seen)
{
    struct weight_margin *margin = r->margin;
    uint32_t raw[WEIGHT_FIELDS_MAX];
    uint32_t values[WEIGHT_FIELDS_MAX];
    double amount = 0;
    bool added = false;
    if (row->amount.len > 0 && row->amount.data[0] == '-')
        return row_error(r, row, "is below 0; a margin has numbers of people, or shares",
                         row->amount);
    if (!amount_parse(row->amount, &amount))
        return row_error(r, row, "is not a number of people or a share (digits, maybe a point)",
                         row->amount);
    for (size_t i = 0; i < margin->field_count; i++) {
        struct weight_field *field = &r->plan->fields[margin->fields[i]];
        if (row->values[i].len == 0)
            return row_error(r, row, "is an empty level", row->values[i]);
        raw[i] = weight_field_add(field, row->values[i]);
        if (raw[i] == WEIGHT_NO_VALUE)
            return error_no_memory(r->err);
        field->listed[raw[i]] = r->number;
        values[i] = field->level_of[raw[i]];
    }
    struct slice key = {(const char *)raw, margin->field_count * sizeof raw[0]};
    if (intern_add(seen, key, &added) == INTERN_NONE || !make_room(margin))
        return error_no_memory(r->err);
    if (!added)
        return row_error(r, row, "stands twice in it", row->values[0]);
    key.data = (const char *)values;
    const uint32_t level = intern_add(&margin->levels, key, &added);
    if (level == INTERN_NONE)
        return error_no_memory(r->err);
    enum status s = added ? name_level(r, level, values) : STATUS_OK;
    if (s == STATUS_OK) {
        margin->targets[level] += amount;
        margin->sum += amount;
    }
    return s;
}

/* ---- where rows stand ---- */

static enum status too_many_fields(struct reading *r)
{
    return node_error(r->margin->at, r->err, "a margin goes by at most %d fields",
                      WEIGHT_FIELDS_MAX);
}

/* The fields by their names, and the margin's own name. */
static enum status take_fields(struct reading *r, const struct slice *names, size_t count)
{
    struct weight_margin *margin = r->margin;
    struct buffer name = BUFFER_INIT;
    if (count == 0)
        return node_error(margin->at, r->err, "a margin needs a field to go by");
    if (count > WEIGHT_FIELDS_MAX)
        return too_many_fields(r);
    margin->fields = arena_calloc(&r->plan->arena, count, sizeof *margin->fields);
    margin->field_names = arena_calloc(&r->plan->arena, count, sizeof *margin->field_names);
    bool ok = margin->fields != NULL && margin->field_names != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        const char *copy = arena_copy(&r->plan->arena, names[i].data, names[i].len);
        const struct weight_field *field =
            copy == NULL ? NULL : weight_field_get(r->plan, copy, margin->at);
        ok = field != NULL && (i == 0 || buffer_append_text(&name, JOINED)) &&
             buffer_append_slice(&name, names[i]);
        if (!ok)
            break;
        margin->fields[i] = (size_t)(field - r->plan->fields);
        margin->field_names[i] = field->name;
    }
    margin->field_count = count;
    margin->name = ok ? arena_copy(&r->plan->arena, name.data, name.len) : NULL;
    buffer_free(&name);
    if (margin->name == NULL)
        return error_no_memory(r->err);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (margin->fields[i] == margin->fields[k])
                return node_error(margin->at, r->err, "a margin goes by '%s' twice",
                                  margin->field_names[i]);
    return STATUS_OK;
}

static enum status take_by(struct reading *r, const struct node *by)
{
    struct slice names[WEIGHT_FIELDS_MAX];
    const size_t count = node_list_count(by);
    if (count > WEIGHT_FIELDS_MAX)
        return too_many_fields(r);
    for (size_t i = 0; i < count; i++) {
        names[i] = slice_of(node_text(node_list_item(by, i)));
        if (names[i].len == 0)
            return node_error(by, r->err, "by: the name of a field is empty");
    }
    return take_fields(r, names, count);
}

/* The column of the amounts. */
static enum status find_amounts(struct reading *r, const struct side_file *file, size_t *column)
{
    bool found[2] = {false, false};
    for (size_t c = 0; c < side_file_columns(file); c++) {
        const struct slice name = side_file_column_name(file, c);
        for (size_t i = 0; i < 2; i++) {
            if (!slice_is(name, i == 0 ? "population" : "share"))
                continue;
            found[i] = true;
            *column = c;
        }
    }
    r->margin->shares = found[1];
    if (found[0] != found[1])
        return STATUS_OK;
    (void)error_set(r->err, STATUS_USAGE,
                    found[0] ? "has both columns, population and share; a margin takes one"
                             : "has neither a column population nor a column share");
    error_at(r->err, side_file_name(file), 1, 0);
    return STATUS_USAGE;
}

static enum status by_of_file(struct reading *r, const struct side_file *file, size_t amounts)
{
    struct slice names[WEIGHT_FIELDS_MAX];
    size_t count = 0;
    for (size_t c = 0; c < side_file_columns(file); c++) {
        if (c == amounts)
            continue;
        if (count == WEIGHT_FIELDS_MAX)
            return too_many_fields(r);
        names[count++] = side_file_column_name(file, c);
    }
    return take_fields(r, names, count);
}

static enum status take_file(struct reading *r, const struct side_file *file, const struct node *by,
                             struct intern *seen)
{
    size_t columns[WEIGHT_FIELDS_MAX];
    size_t amounts = 0;
    enum status s = find_amounts(r, file, &amounts);
    if (s == STATUS_OK)
        s = node_list_count(by) > 0 ? take_by(r, by) : by_of_file(r, file, amounts);
    for (size_t i = 0; s == STATUS_OK && i < r->margin->field_count; i++)
        s = side_file_column(file, r->margin->field_names[i], &columns[i], r->err);
    for (size_t n = 0; s == STATUS_OK && n < side_file_rows(file); n++) {
        struct row row = {.amount = side_file_cell(file, n, amounts), .file = file, .number = n};
        for (size_t i = 0; i < r->margin->field_count; i++)
            row.values[i] = side_file_cell(file, n, columns[i]);
        s = add_row(r, &row, seen);
    }
    return s;
}

static enum status read_file(struct reading *r, const struct study *study, const struct node *name,
                             const struct node *by, struct intern *seen)
{
    struct buffer path = BUFFER_INIT;
    struct side_file *file = NULL;
    enum status s = study_resolve_path(study, name, &path, r->err);
    if (s == STATUS_OK)
        s = side_file_open(path.data, &file, r->err);
    if (s == STATUS_OK)
        s = take_file(r, file, by, seen);
    if (s == STATUS_OK) {
        r->margin->file = arena_copy(&r->plan->arena, path.data, path.len);
        s = r->margin->file == NULL ? error_no_memory(r->err) : STATUS_OK;
    }
    side_file_free(file);
    buffer_free(&path);
    return s;
}

static enum status read_map(struct reading *r, const struct node *map, const struct node *by,
                            struct intern *seen)
{
    if (map->kind != NODE_MAP)
        return node_error(map, r->err, "the levels of a margin are a map of value to number");
    if (node_list_count(by) != 1)
        return node_error(map, r->err,
                          "a margin written out goes by one field (by: [FIELD]); for several "
                          "take a file");
    enum status s = take_by(r, by);
    for (size_t i = 0; s == STATUS_OK && i < map->count; i++) {
        const char *text = node_text(map->items[i]);
        struct row row = {.amount = text == NULL ? SLICE_LITERAL("") : slice_of(text),
                          .node = map->items[i]};
        row.values[0] = slice_of(map->keys[i]);
        s = add_row(r, &row, seen);
    }
    return s;
}

static enum status read_source(struct reading *r, const struct study *study,
                               const struct node *node, struct intern *seen)
{
    if (node->kind == NODE_SCALAR)
        return read_file(r, study, node, NULL, seen);
    const struct node *by = node_given(node, "by");
    const struct node *file = node_given(node, "file");
    const struct node *counts = node_given(node, "counts");
    const struct node *shares = node_given(node, "shares");
    if ((file != NULL) + (counts != NULL) + (shares != NULL) != 1)
        return node_error(node, r->err, "a margin needs one of file, counts and shares");
    if (file != NULL)
        return read_file(r, study, file, by, seen);
    r->margin->shares = shares != NULL;
    return read_map(r, shares != NULL ? shares : counts, by, seen);
}

enum status margin_read(struct weight_plan *plan, const struct study *study,
                        const struct node *node, size_t number, struct error *err)
{
    struct weight_margin *margin = &plan->margins[number];
    struct reading r = {.plan = plan, .margin = margin, .number = (uint32_t)number + 1, .err = err};
    struct intern seen = INTERN_INIT;
    margin->at = node;
    enum status s = read_source(&r, study, node, &seen);
    intern_free(&seen);
    if (s != STATUS_OK)
        return s;
    if (margin->levels.count == 0)
        return node_error(node, err, "margin '%s' has no levels", margin->name);
    if (!(margin->sum > 0))
        return node_error(node, err, "margin '%s': its levels add up to 0", margin->name);
    return STATUS_OK;
}

void margin_free(struct weight_margin *margin)
{
    intern_free(&margin->levels);
    free(margin->targets);
    free(margin->labels);
    free(margin->names);
}
