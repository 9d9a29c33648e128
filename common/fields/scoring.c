#include "fields/scoring.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/number.h"
#include "base/text.h"
#include "records/coder.h"
#include "study/keys.h"

enum unknown { UNKNOWN_ERROR, UNKNOWN_REJECT, UNKNOWN_MISSING };

/* Answers repeat; what was read is remembered, up to so many values of so many bytes, and so many
 * pairs of codes. */
enum { MEMO_VALUES = 4096, MEMO_BYTES = 64, PAIRS_MAX = 16 * 1024 };

/* Codes of coded.answers: not met yet, or to be looked at record by record (it is refused). */
enum { ANSWER_NEW = 0, ANSWER_SINGLE = 1, ANSWER_FIRST = 2 };

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

/* What becomes of an answer. */
struct verdict {
    enum scale_reading reading;
    int64_t millionths;        /* of a score */
    const struct scale *scale; /* NULL: none is chosen */
};

/* What one worker remembers of one scale. */
struct memo {
    struct intern values;
    struct verdict *verdicts; /* by number of values */
    size_t cap;
};

/* Answers under codes: the three fields that are added, each under the code of the answer. */
struct coded {
    struct coder *from;
    struct coder *by;
    uint64_t from_id; /* of the dictionaries that codes belong to */
    uint64_t by_id;
    uint16_t *answers; /* by (code of by) * from_cap + code of from: code of the answer */
    uint32_t from_cap;
    uint32_t by_cap;
    struct derived score;
    struct derived scale;
    struct derived unscored;
};

struct scoring_worker {
    struct coded coded;
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

void scoring_reads(const struct scoring *scoring, bool *fields)
{
    fields[scoring->from_column] = true;
    if (scoring->by != NULL)
        fields[scoring->by_column] = true;
}

enum status scoring_worker_new(const struct scoring *scoring, struct scoring_worker **worker,
                               struct error *err)
{
    struct scoring_worker *made =
        calloc(1, sizeof *made + scoring->choice_count * sizeof made->memos[0]);
    if (made == NULL)
        return error_no_memory(err);
    made->memo_count = scoring->choice_count;
    enum status s = coder_new(&made->coded.from, err);
    if (s == STATUS_OK)
        s = coder_new(&made->coded.by, err);
    if (s != STATUS_OK) {
        scoring_worker_free(made);
        return s;
    }
    *worker = made;
    return STATUS_OK;
}

void scoring_worker_free(struct scoring_worker *worker)
{
    if (worker == NULL)
        return;
    for (size_t i = 0; i < worker->memo_count; i++) {
        intern_free(&worker->memos[i].values);
        free(worker->memos[i].verdicts);
    }
    coder_free(worker->coded.from);
    coder_free(worker->coded.by);
    free(worker->coded.answers);
    derived_free(&worker->coded.score);
    derived_free(&worker->coded.scale);
    derived_free(&worker->coded.unscored);
    free(worker);
}

/* Few of many scales may be met: room is made when it is needed. */
static bool memo_reserve(struct memo *memo, size_t count)
{
    if (count <= memo->cap)
        return true;
    size_t cap = memo->cap == 0 ? 16 : memo->cap * 2;
    struct verdict *verdicts = realloc(memo->verdicts, cap * sizeof *verdicts);
    if (verdicts == NULL)
        return false;
    memo->verdicts = verdicts;
    memo->cap = cap;
    return true;
}

static struct verdict read_scale(const struct scale *scale, struct slice value)
{
    struct verdict verdict = {.scale = scale};
    verdict.reading = scale_read(scale, value, &verdict.millionths);
    return verdict;
}

/* The number of the scale for a value of `by`; choice_count if there is none. */
static size_t choose(const struct scoring *scoring, struct slice value)
{
    if (scoring->by == NULL)
        return 0;
    uint32_t number = slice_missing(value) ? INTERN_NONE : intern_find(&scoring->values, value);
    return number == INTERN_NONE ? scoring->choice_count : number;
}

/* Reads an answer, or remembers what was read. */
static enum status judge(const struct scoring *scoring, struct scoring_worker *worker,
                         struct slice by, struct slice answer, struct verdict *verdict,
                         struct error *err)
{
    if (!slice_missing(answer))
        answer = slice_trim(answer);
    size_t choice = choose(scoring, by);
    if (choice == scoring->choice_count) {
        *verdict = (struct verdict){.reading = slice_missing(answer) ? SCALE_MISSING : SCALE_OFF};
        return STATUS_OK;
    }
    const struct scale *scale = scoring->choices[choice].scale;
    struct memo *memo = &worker->memos[choice];
    if (answer.len > MEMO_BYTES ||
        (memo->values.count == MEMO_VALUES && intern_find(&memo->values, answer) == INTERN_NONE)) {
        *verdict = read_scale(scale, answer);
        return STATUS_OK;
    }
    bool added = false;
    if (!memo_reserve(memo, (size_t)memo->values.count + 1))
        return error_no_memory(err);
    uint32_t number = intern_add(&memo->values, answer, &added);
    if (number == INTERN_NONE)
        return error_no_memory(err);
    if (added)
        memo->verdicts[number] = read_scale(scale, answer);
    *verdict = memo->verdicts[number];
    return STATUS_OK;
}

/* A verdict as the three fields. */
struct added_cells {
    struct slice score;
    struct slice scale;
    struct slice unscored;
};

static enum status write_verdict(const struct verdict *verdict, struct arena *arena,
                                 struct added_cells *cells, struct error *err)
{
    *cells = (struct added_cells){SLICE_MISSING, SLICE_MISSING, SLICE_MISSING};
    if (verdict->scale != NULL)
        cells->scale = slice_of(verdict->scale->name);
    if (verdict->reading != SCALE_SCORE) {
        cells->unscored = verdict->reading == SCALE_MISSING ? SLICE_LITERAL("missing")
                                                            : SLICE_LITERAL("off_scale");
        return STATUS_OK;
    }
    char text[DECIMAL_TEXT_MAX];
    size_t len = decimal_format(text, verdict->millionths);
    cells->score = (struct slice){arena_copy(arena, text, len), len};
    return cells->score.data == NULL ? error_no_memory(err) : STATUS_OK;
}

static enum status refuse_off_scale(const struct scoring *scoring, struct batch *batch,
                                    size_t record, const struct scale *scale, struct slice by,
                                    struct slice answer, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    size_t before = batch->refusal_count;
    enum status s;
    if (scale != NULL)
        s = batch_refuse(batch, record, "scale", scoring->from, err, "'%s' is not on scale %s",
                         text_escape(shown, slice_trim(answer)), scale->name);
    else if (slice_missing(by))
        s = batch_refuse(batch, record, "scale", scoring->by, err,
                         "missing, so that no scale is chosen");
    else
        s = batch_refuse(batch, record, "scale", scoring->by, err,
                         "'%s' has no scale under score.scales", text_escape(shown, by));
    if (s == STATUS_OK && scoring->unknown == UNKNOWN_ERROR && batch->refusal_count > before)
        batch->refusals[before].fatal = true;
    return s;
}

static bool refuses(const struct scoring *scoring, const struct verdict *verdict)
{
    return verdict->reading == SCALE_OFF && scoring->unknown != UNKNOWN_MISSING;
}

/* ---- record by record ---- */

static enum status score_records(const struct scoring *scoring, struct scoring_worker *worker,
                                 struct batch *batch, const size_t columns[3], struct error *err)
{
    const struct slice *from = batch_text(batch, scoring->from_column, err);
    const struct slice *by = NULL;
    if (from != NULL && scoring->by != NULL)
        by = batch_text(batch, scoring->by_column, err);
    if (from == NULL || (by == NULL && scoring->by != NULL))
        return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++) {
        struct slice chooser = by == NULL ? SLICE_MISSING : by[r];
        struct verdict verdict;
        struct added_cells cells;
        if (batch->fates[r] != FATE_LIVE)
            continue;
        enum status s = judge(scoring, worker, chooser, from[r], &verdict, err);
        if (s == STATUS_OK)
            s = write_verdict(&verdict, &batch->arena, &cells, err);
        if (s == STATUS_OK && refuses(scoring, &verdict))
            s = refuse_off_scale(scoring, batch, r, verdict.scale, chooser, from[r], err);
        if (s != STATUS_OK)
            return s;
        batch->columns[columns[0]].cells[r] = cells.score;
        batch->columns[columns[1]].cells[r] = cells.scale;
        batch->columns[columns[2]].cells[r] = cells.unscored;
    }
    return STATUS_OK;
}

/* ---- by codes ---- */

static uint32_t room_for(uint32_t cap, uint32_t count)
{
    cap = cap == 0 ? 16 : cap;
    while (cap < count)
        cap *= 2;
    return cap;
}

/* Makes coded.answers fit the two dictionaries.  *fits false: there are too many pairs. */
static enum status follow(struct coded *coded, const struct dictionary *from,
                          const struct dictionary *by, bool *fits, struct error *err)
{
    const uint32_t by_count = by == NULL ? 1 : by->count;
    const uint64_t by_id = by == NULL ? 0 : by->id;
    const bool same = coded->from_id == from->id && coded->by_id == by_id;
    uint32_t from_cap = room_for(same ? coded->from_cap : 0, from->count);
    uint32_t by_cap = room_for(same ? coded->by_cap : 0, by_count);
    *fits = (uint64_t)from_cap * by_cap <= PAIRS_MAX;
    if (!*fits || (same && from_cap == coded->from_cap && by_cap == coded->by_cap))
        return STATUS_OK;
    uint16_t *answers = calloc((size_t)from_cap * by_cap, sizeof *answers);
    if (answers == NULL)
        return error_no_memory(err);
    free(coded->answers);
    coded->answers = answers;
    coded->from_id = from->id;
    coded->by_id = by_id;
    coded->from_cap = from_cap;
    coded->by_cap = by_cap;
    return STATUS_OK;
}

static bool add_answer(struct coded *coded, const struct added_cells *cells)
{
    return derived_add(&coded->score, cells->score) && derived_add(&coded->scale, cells->scale) &&
           derived_add(&coded->unscored, cells->unscored);
}

/* Begins the answers anew, before they outgrow codes; the pairs are met again. */
static bool begin_answers(struct coded *coded)
{
    const struct added_cells nothing = {SLICE_MISSING, SLICE_MISSING, SLICE_MISSING};
    const struct dictionary anew = {.id = dictionary_new_id()};
    derived_follow(&coded->score, &anew);
    derived_follow(&coded->scale, &anew);
    derived_follow(&coded->unscored, &anew);
    if (coded->answers != NULL)
        memset(coded->answers, 0, (size_t)coded->from_cap * coded->by_cap * sizeof *coded->answers);
    for (uint32_t code = 0; code < ANSWER_FIRST; code++)
        if (!add_answer(coded, &nothing))
            return false;
    return true;
}

static enum status new_answer(const struct scoring *scoring, struct scoring_worker *worker,
                              struct slice by, struct slice from, uint16_t *answer,
                              struct error *err)
{
    struct coded *coded = &worker->coded;
    struct verdict verdict;
    struct added_cells cells;
    enum status s = judge(scoring, worker, by, from, &verdict, err);
    *answer = ANSWER_SINGLE;
    if (s != STATUS_OK || refuses(scoring, &verdict))
        return s;
    s = write_verdict(&verdict, &coded->score.arena, &cells, err);
    if (s != STATUS_OK)
        return s;
    *answer = (uint16_t)coded->score.own.count;
    return add_answer(coded, &cells) ? STATUS_OK : error_no_memory(err);
}

static enum status refuse_coded(const struct scoring *scoring, struct scoring_worker *worker,
                                struct batch *batch, size_t record, struct slice by,
                                struct slice from, struct error *err)
{
    struct verdict verdict;
    if (batch->fates[record] != FATE_LIVE)
        return STATUS_OK;
    enum status s = judge(scoring, worker, by, from, &verdict, err);
    return s == STATUS_OK ? refuse_off_scale(scoring, batch, record, verdict.scale, by, from, err)
                          : s;
}

static enum status score_codes(const struct scoring *scoring, struct scoring_worker *worker,
                               struct batch *batch, uint16_t *codes, struct error *err)
{
    struct coded *coded = &worker->coded;
    const struct batch_column *from = &batch->columns[scoring->from_column];
    const struct batch_column *by =
        scoring->by == NULL ? NULL : &batch->columns[scoring->by_column];
    for (size_t r = 0; r < batch->record_count; r++) {
        size_t pair = (by == NULL ? 0 : (size_t)by->codes[r] * coded->from_cap) + from->codes[r];
        uint16_t answer = coded->answers[pair];
        if (answer < ANSWER_FIRST) {
            struct slice chooser =
                by == NULL ? SLICE_MISSING : by->dictionary->values[by->codes[r]];
            struct slice value = from->dictionary->values[from->codes[r]];
            enum status s = STATUS_OK;
            if (answer == ANSWER_NEW)
                s = new_answer(scoring, worker, chooser, value, &answer, err);
            coded->answers[pair] = answer;
            if (s == STATUS_OK && answer == ANSWER_SINGLE)
                s = refuse_coded(scoring, worker, batch, r, chooser, value, err);
            if (s != STATUS_OK)
                return s;
        }
        codes[r] = answer;
    }
    return STATUS_OK;
}

/* *done false: the values do not repeat. */
static enum status score_coded(const struct scoring *scoring, struct scoring_worker *worker,
                               struct batch *batch, bool *done, struct error *err)
{
    struct coded *coded = &worker->coded;
    enum status s = coder_apply(coded->from, batch, scoring->from_column, done, err);
    if (s == STATUS_OK && *done && scoring->by != NULL)
        s = coder_apply(coded->by, batch, scoring->by_column, done, err);
    if (s == STATUS_OK && *done)
        s = follow(coded, batch->columns[scoring->from_column].dictionary,
                   scoring->by == NULL ? NULL : batch->columns[scoring->by_column].dictionary, done,
                   err);
    if (s != STATUS_OK || !*done)
        return s;
    if ((coded->score.own.count == 0 || coded->score.own.count > UINT16_MAX - PAIRS_MAX) &&
        !begin_answers(coded))
        return error_no_memory(err);
    const struct dictionary *made[3] = {&coded->score.own, &coded->scale.own, &coded->unscored.own};
    size_t columns[3];
    for (size_t i = 0; s == STATUS_OK && i < 3; i++)
        s = batch_add_coded(batch, made[i], &columns[i], err);
    if (s != STATUS_OK)
        return s;
    uint16_t *codes = batch->columns[columns[0]].codes;
    s = score_codes(scoring, worker, batch, codes, err);
    for (size_t i = 1; i < 3 && batch->record_count > 0; i++)
        memcpy(batch->columns[columns[i]].codes, codes, batch->record_count * sizeof *codes);
    return s;
}

enum status scoring_apply(const struct scoring *scoring, struct scoring_worker *worker,
                          struct batch *batch, struct error *err)
{
    size_t columns[3];
    bool done = false;
    enum status s = score_coded(scoring, worker, batch, &done, err);
    for (size_t i = 0; s == STATUS_OK && !done && i < 3; i++)
        s = batch_add_column(batch, &columns[i], err);
    return s == STATUS_OK && !done ? score_records(scoring, worker, batch, columns, err) : s;
}
