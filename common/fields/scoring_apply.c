/* scoring_apply.c - the answers of a batch: pair by pair of codes where they repeat, else record by
 * record. */
#include "fields/scoring.h"

#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "fields/scoring_plan.h"
#include "records/coder.h"

/* So many pairs of codes are remembered. */
enum { PAIRS_MAX = 16 * 1024 };

/* Codes of coded.answers: not met yet, or to be looked at record by record (it is refused). */
enum { ANSWER_NEW = 0, ANSWER_SINGLE = 1, ANSWER_FIRST = 2 };

/* What becomes of an answer. */
struct verdict {
    enum scale_reading reading;
    int64_t millionths;        /* of a score */
    const struct scale *scale; /* NULL: none is chosen */
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
};

/* ---- life ---- */

enum status scoring_worker_new(struct scoring_worker **worker, struct error *err)
{
    struct scoring_worker *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
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
    coder_free(worker->coded.from);
    coder_free(worker->coded.by);
    free(worker->coded.answers);
    derived_free(&worker->coded.score);
    derived_free(&worker->coded.scale);
    derived_free(&worker->coded.unscored);
    free(worker);
}

/* The number of the scale for a value of `by`; choice_count if there is none. */
static size_t choose(const struct scoring *scoring, struct slice value)
{
    if (scoring->by == NULL)
        return 0;
    uint32_t number = slice_missing(value) ? INTERN_NONE : intern_find(&scoring->values, value);
    return number == INTERN_NONE ? scoring->choice_count : number;
}

static struct verdict judge(const struct scoring *scoring, struct slice by, struct slice answer)
{
    struct verdict verdict = {.reading = slice_missing(answer) ? SCALE_MISSING : SCALE_OFF};
    size_t choice = choose(scoring, by);
    if (choice == scoring->choice_count)
        return verdict;
    verdict.scale = scoring->choices[choice].scale;
    verdict.reading = scale_read(verdict.scale, slice_missing(answer) ? answer : slice_trim(answer),
                                 &verdict.millionths);
    return verdict;
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

static enum status score_records(const struct scoring *scoring, struct batch *batch,
                                 const size_t columns[3], struct error *err)
{
    const struct slice *from = batch_text(batch, scoring->from_column, err);
    const struct slice *by = NULL;
    if (from != NULL && scoring->by != NULL)
        by = batch_text(batch, scoring->by_column, err);
    if (from == NULL || (by == NULL && scoring->by != NULL))
        return STATUS_IO;
    for (size_t r = 0; r < batch->record_count; r++) {
        struct slice chooser = by == NULL ? SLICE_MISSING : by[r];
        struct added_cells cells;
        if (batch->fates[r] != FATE_LIVE)
            continue;
        const struct verdict verdict = judge(scoring, chooser, from[r]);
        enum status s = write_verdict(&verdict, &batch->arena, &cells, err);
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

static enum status new_answer(const struct scoring *scoring, struct coded *coded, struct slice by,
                              struct slice from, uint16_t *answer, struct error *err)
{
    const struct verdict verdict = judge(scoring, by, from);
    struct added_cells cells;
    *answer = ANSWER_SINGLE;
    if (refuses(scoring, &verdict))
        return STATUS_OK;
    enum status s = write_verdict(&verdict, &coded->score.arena, &cells, err);
    if (s != STATUS_OK)
        return s;
    *answer = (uint16_t)coded->score.own.count;
    return add_answer(coded, &cells) ? STATUS_OK : error_no_memory(err);
}

static enum status refuse_coded(const struct scoring *scoring, struct batch *batch, size_t record,
                                struct slice by, struct slice from, struct error *err)
{
    if (batch->fates[record] != FATE_LIVE)
        return STATUS_OK;
    const struct verdict verdict = judge(scoring, by, from);
    return refuse_off_scale(scoring, batch, record, verdict.scale, by, from, err);
}

static enum status score_codes(const struct scoring *scoring, struct coded *coded,
                               struct batch *batch, uint16_t *codes, struct error *err)
{
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
                s = new_answer(scoring, coded, chooser, value, &answer, err);
            coded->answers[pair] = answer;
            if (s == STATUS_OK && answer == ANSWER_SINGLE)
                s = refuse_coded(scoring, batch, r, chooser, value, err);
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
    s = score_codes(scoring, coded, batch, codes, err);
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
    return s == STATUS_OK && !done ? score_records(scoring, batch, columns, err) : s;
}
