#include "fields/scoring.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "fields/scoring_plan.h"
#include "study/keys.h"

/* ---- making ---- */

static enum status add_choices(struct scoring *scoring, const struct study *study,
                               struct error *err)
{
    const struct node *scales = node_given(scoring->node, "scales");
    if (scoring->by == NULL)
        return node_error(scales, err, "scales without by: the field that chooses is not named");
    if (scales->kind != NODE_MAP || scales->count == 0)
        return node_error(scales, err, "a map of values of %s to scales is wanted", scoring->by);
    scoring->choices = arena_calloc(&scoring->arena, scales->count, sizeof *scoring->choices);
    if (scoring->choices == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < scales->count; i++) {
        const char *name = node_text(scales->items[i]);
        if (name == NULL)
            return node_error(scales->items[i], err, "the name of a scale is wanted");
        struct scale_choice *choice = &scoring->choices[scoring->choice_count++];
        if (intern_add(&scoring->values, slice_of(scales->keys[i]), NULL) == INTERN_NONE)
            return error_no_memory(err);
        enum status s = study_scale(study, name, scales->items[i], &choice->scale, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status add_only_choice(struct scoring *scoring, const struct study *study,
                                   struct error *err)
{
    const struct node *scale = node_given(scoring->node, "scale");
    scoring->choices = arena_calloc(&scoring->arena, 1, sizeof *scoring->choices);
    if (scoring->choices == NULL)
        return error_no_memory(err);
    scoring->choice_count = 1;
    if (scale != NULL)
        return study_scale(study, node_text(scale), scale, &scoring->choices[0].scale, err);
    return scale_make_inline(scoring->node, &scoring->arena, &scoring->choices[0].scale, err);
}

/* A scale by name has step and direction of its own: beside it these two would do nothing. */
static enum status check_range_keys(const struct scoring *scoring, const char *way,
                                    struct error *err)
{
    const struct node *step = node_given(scoring->node, "step");
    const struct node *reverse = node_given(scoring->node, "reverse");
    bool turned = false;
    if (step != NULL)
        return node_error(step, err,
                          "step goes with range, not with %s; give the scale a step under scales "
                          "of the study",
                          way);
    if (reverse != NULL && key_parse_flag(node_text(reverse), &turned) && turned)
        return node_error(reverse, err,
                          "reverse goes with range, not with %s; make a reversed scale under "
                          "scales of the study",
                          way);
    return STATUS_OK;
}

/* Exactly one way to say what the scale is. */
static enum status read_scales(struct scoring *scoring, const struct study *study,
                               struct error *err)
{
    static const char *const ways[] = {"scale", "range", "scales"};
    size_t given = 0;
    const char *first = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const struct node *way = node_given(scoring->node, ways[i]);
        if (way == NULL)
            continue;
        given++;
        if (first != NULL)
            return node_error(way, err, "score has both %s and %s; keep one", first, ways[i]);
        first = ways[i];
    }
    if (given == 0 && scoring->by != NULL)
        return node_error(scoring->by_node, err,
                          "by without scales: say which value has which "
                          "scale");
    if (given == 0)
        return node_error(scoring->node, err,
                          "score has no scale; name one (scale: stars5) or "
                          "give its range (range: [1, 5])");
    if (strcmp(first, "range") != 0) {
        enum status s = check_range_keys(scoring, first, err);
        if (s != STATUS_OK)
            return s;
    }
    if (strcmp(first, "scales") == 0)
        return add_choices(scoring, study, err);
    if (scoring->by != NULL)
        return node_error(scoring->by_node, err, "by goes with scales, not with %s", first);
    return add_only_choice(scoring, study, err);
}

static enum status read_keys(struct scoring *scoring, struct error *err)
{
    const struct node *node = scoring->node;
    scoring->from_node = node_child(node, "from");
    scoring->by_node = node_child(node, "by");
    scoring->from = node_text(scoring->from_node);
    scoring->by = node_text(scoring->by_node);
    if (scoring->from == NULL)
        return node_error(node, err,
                          "score has no from: name the field that holds the answer, as in "
                          "from: rating or --from=rating");
    const struct node *unknown = node_given(node, "unknown");
    const char *word = unknown == NULL ? "error" : node_text(unknown);
    if (word != NULL && strcmp(word, "error") == 0)
        scoring->unknown = UNKNOWN_ERROR;
    else if (word != NULL && strcmp(word, "reject") == 0)
        scoring->unknown = UNKNOWN_REJECT;
    else if (word != NULL && strcmp(word, "missing") == 0)
        scoring->unknown = UNKNOWN_MISSING;
    else
        return node_error(unknown, err, "unknown is error, reject or missing");
    return STATUS_OK;
}

enum status scoring_new(const struct node *node, const struct study *study,
                        struct scoring **scoring, struct error *err)
{
    struct scoring *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->node = node;
    enum status s = read_keys(made, err);
    if (s == STATUS_OK)
        s = read_scales(made, study, err);
    if (s != STATUS_OK) {
        scoring_free(made);
        return s;
    }
    *scoring = made;
    return STATUS_OK;
}

void scoring_free(struct scoring *scoring)
{
    if (scoring == NULL)
        return;
    intern_free(&scoring->values);
    arena_free(&scoring->arena);
    free(scoring);
}

/* ---- opening ---- */

static enum status add_scale_lines(const struct scoring *scoring, struct header *header,
                                   struct error *err)
{
    struct buffer line = BUFFER_INIT;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < scoring->choice_count; i++) {
        buffer_clear(&line);
        if (!scale_to_line(scoring->choices[i].scale, &line))
            s = error_no_memory(err);
        else if (!header_has_line(header, "scale", line.data))
            s = header_add_line(header, "scale", line.data, err);
    }
    buffer_free(&line);
    return s;
}

enum status scoring_open(struct scoring *scoring, struct header *header, struct error *err)
{
    static const struct {
        const char *name;
        enum field_type type;
    } added[] = {{"score", FIELD_DECIMAL}, {"scale", FIELD_STR}, {"unscored", FIELD_STR}};
    struct schema *schema = &header->schema;
    enum status s =
        node_require_field(scoring->from_node, schema, scoring->from, &scoring->from_column, err);
    if (s == STATUS_OK && scoring->by != NULL)
        s = node_require_field(scoring->by_node, schema, scoring->by, &scoring->by_column, err);
    for (size_t i = 0; s == STATUS_OK && i < 3; i++) {
        if (schema_find(schema, added[i].name) != SCHEMA_NONE)
            return error_set(err, STATUS_USAGE,
                             "the records have a field '%s' already; call it otherwise in "
                             "ingest.fields, since scoring adds one of that name",
                             added[i].name);
        s = schema_add(schema, added[i].name, added[i].type, NULL, err);
    }
    return s == STATUS_OK ? add_scale_lines(scoring, header, err) : s;
}

void scoring_reads(const struct scoring *scoring, bool *fields)
{
    fields[scoring->from_column] = true;
    if (scoring->by != NULL)
        fields[scoring->by_column] = true;
}
