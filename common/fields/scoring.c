#include "fields/scoring.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/number.h"
#include "base/text.h"
#include "study/keys.h"

enum unknown { UNKNOWN_ERROR, UNKNOWN_REJECT, UNKNOWN_MISSING };

/* Answers repeat; what was read is remembered, up to so many values of so many bytes. */
enum { MEMO_VALUES = 4096, MEMO_BYTES = 64 };

struct scale_choice {
    const struct scale *scale;
};

struct scoring {
    const struct node *node;
    const struct node *from_node;
    const struct node *by_node;
    const char *from;
    const char *by; /* NULL: one scale for all */
    enum unknown unknown;
    struct arena arena;
    struct scale_choice *choices; /* without by: one */
    size_t choice_count;
    struct intern values; /* of the field `by`, numbered as the choices */
    size_t from_column;
    size_t by_column;
};

struct answer {
    enum scale_reading reading;
    int64_t millionths;
    uint64_t batch;    /* for which text was stored */
    struct slice text; /* of the score, in that batch */
};

/* What one worker remembers of one scale. */
struct memo {
    struct intern values;
    struct answer *answers; /* by number of values */
    size_t cap;
};

struct scoring_worker {
    uint64_t batch; /* number of the batch, from 1 */
    size_t memo_count;
    struct memo memos[]; /* one a choice */
};

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

static enum status find_field(const struct schema *schema, const char *name,
                              const struct node *node, size_t *column, struct error *err)
{
    enum status s = schema_require(schema, name, column, err);
    if (s != STATUS_OK)
        error_at(err, node->file, node->line, node->column);
    return s;
}

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
        find_field(schema, scoring->from, scoring->from_node, &scoring->from_column, err);
    if (s == STATUS_OK && scoring->by != NULL)
        s = find_field(schema, scoring->by, scoring->by_node, &scoring->by_column, err);
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

/* ---- scoring ---- */

enum status scoring_worker_new(const struct scoring *scoring, struct scoring_worker **worker,
                               struct error *err)
{
    struct scoring_worker *made =
        calloc(1, sizeof *made + scoring->choice_count * sizeof made->memos[0]);
    if (made == NULL)
        return error_no_memory(err);
    made->memo_count = scoring->choice_count;
    *worker = made;
    return STATUS_OK;
}

void scoring_worker_free(struct scoring_worker *worker)
{
    if (worker == NULL)
        return;
    for (size_t i = 0; i < worker->memo_count; i++) {
        intern_free(&worker->memos[i].values);
        free(worker->memos[i].answers);
    }
    free(worker);
}

/* Few of many scales may be met: room is made when it is needed. */
static bool memo_reserve(struct memo *memo, size_t count)
{
    if (count <= memo->cap)
        return true;
    size_t cap = memo->cap == 0 ? 16 : memo->cap * 2;
    struct answer *answers = realloc(memo->answers, cap * sizeof *answers);
    if (answers == NULL)
        return false;
    memo->answers = answers;
    memo->cap = cap;
    return true;
}

/* The remembered answer, or *fresh filled; NULL if memory is out. */
static struct answer *read_answer(const struct scale *scale, struct memo *memo, struct slice value,
                                  struct answer *fresh)
{
    if (value.len > MEMO_BYTES ||
        (memo->values.count == MEMO_VALUES && intern_find(&memo->values, value) == INTERN_NONE)) {
        *fresh = (struct answer){.batch = 0};
        fresh->reading = scale_read(scale, value, &fresh->millionths);
        return fresh;
    }
    bool added = false;
    if (!memo_reserve(memo, (size_t)memo->values.count + 1))
        return NULL;
    uint32_t number = intern_add(&memo->values, value, &added);
    if (number == INTERN_NONE)
        return NULL;
    struct answer *answer = &memo->answers[number];
    if (added) {
        *answer = (struct answer){.batch = 0};
        answer->reading = scale_read(scale, value, &answer->millionths);
    }
    return answer;
}

static bool score_text(struct answer *answer, uint64_t batch_number, struct batch *batch)
{
    if (answer->batch == batch_number)
        return true;
    char text[DECIMAL_TEXT_MAX];
    struct slice made = {text, decimal_format(text, answer->millionths)};
    answer->batch = batch_number;
    return batch_store(batch, made, &answer->text);
}

/* The number of the scale for a record; choice_count if there is none. */
static size_t choose(const struct scoring *scoring, const struct batch *batch, size_t record)
{
    if (scoring->by == NULL)
        return 0;
    struct slice value = batch->columns[scoring->by_column].cells[record];
    uint32_t number = slice_missing(value) ? INTERN_NONE : intern_find(&scoring->values, value);
    return number == INTERN_NONE ? scoring->choice_count : number;
}

static enum status refuse_off_scale(const struct scoring *scoring, struct batch *batch,
                                    size_t record, const struct scale *scale, struct slice answer,
                                    struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    enum status s;
    if (scale != NULL) {
        s = batch_refuse(batch, record, "scale", scoring->from, err, "'%s' is not on scale %s",
                         text_escape(shown, answer), scale->name);
    } else {
        struct slice value = batch->columns[scoring->by_column].cells[record];
        if (slice_missing(value))
            s = batch_refuse(batch, record, "scale", scoring->by, err,
                             "missing, so that no scale is chosen");
        else
            s = batch_refuse(batch, record, "scale", scoring->by, err,
                             "'%s' has no scale under score.scales", text_escape(shown, value));
    }
    if (s == STATUS_OK && scoring->unknown == UNKNOWN_ERROR)
        batch->refusals[batch->refusal_count - 1].fatal = true;
    return s;
}

struct added_cells {
    struct slice *score;
    struct slice *scale;
    struct slice *unscored;
};

static enum status score_record(const struct scoring *scoring, struct scoring_worker *worker,
                                struct batch *batch, size_t record, const struct added_cells *cells,
                                struct error *err)
{
    struct slice value = batch->columns[scoring->from_column].cells[record];
    if (!slice_missing(value))
        value = slice_trim(value);
    size_t choice = choose(scoring, batch, record);
    const struct scale *scale = NULL;
    struct answer fresh = {.reading = slice_missing(value) ? SCALE_MISSING : SCALE_OFF};
    struct answer *answer = &fresh;
    if (choice < scoring->choice_count) {
        scale = scoring->choices[choice].scale;
        answer = read_answer(scale, &worker->memos[choice], value, &fresh);
        if (answer == NULL)
            return error_no_memory(err);
        cells->scale[record] = slice_of(scale->name);
    }
    switch (answer->reading) {
    case SCALE_SCORE:
        if (!score_text(answer, worker->batch, batch))
            return error_no_memory(err);
        cells->score[record] = answer->text;
        return STATUS_OK;
    case SCALE_MISSING:
        cells->unscored[record] = SLICE_LITERAL("missing");
        return STATUS_OK;
    case SCALE_OFF:
        break;
    }
    cells->unscored[record] = SLICE_LITERAL("off_scale");
    if (scoring->unknown == UNKNOWN_MISSING)
        return STATUS_OK;
    return refuse_off_scale(scoring, batch, record, scale, value, err);
}

enum status scoring_apply(const struct scoring *scoring, struct scoring_worker *worker,
                          struct batch *batch, struct error *err)
{
    size_t columns[3];
    if (batch_text(batch, scoring->from_column, err) == NULL)
        return STATUS_IO;
    if (scoring->by != NULL && batch_text(batch, scoring->by_column, err) == NULL)
        return STATUS_IO;
    for (size_t i = 0; i < 3; i++) {
        enum status s = batch_add_column(batch, &columns[i], err);
        if (s != STATUS_OK)
            return s;
    }
    const struct added_cells cells = {
        .score = batch->columns[columns[0]].cells,
        .scale = batch->columns[columns[1]].cells,
        .unscored = batch->columns[columns[2]].cells,
    };
    worker->batch++;
    for (size_t r = 0; r < batch->record_count; r++) {
        if (batch->fates[r] != FATE_LIVE)
            continue;
        enum status s = score_record(scoring, worker, batch, r, &cells, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}
