#include "tables/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "records/schema.h"

/* Numbers of outcomes. */
enum { OUTCOME_MISSING, OUTCOME_OFF_SCALE, OUTCOME_UNMEASURED, OUTCOME_FIRST };

enum { ROOM_FIRST = 4 };
#define NO_NUMBER UINT32_MAX /* a score that is none */

enum status tally_init(struct tally *tally, size_t column_count, bool weighted, tally_pour_fn *pour,
                       void *to, struct error *err)
{
    *tally =
        (struct tally){.pour = pour, .to = to, .column_count = column_count, .weighted = weighted};
    tally->columns = calloc(column_count + 2, sizeof *tally->columns);
    tally->texts = calloc(column_count + 1, sizeof *tally->texts);
    tally->rooms = calloc(column_count + 1, sizeof *tally->rooms);
    tally->values = calloc(column_count + 1, sizeof *tally->values);
    if (tally->columns == NULL || tally->texts == NULL || tally->rooms == NULL ||
        tally->values == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < column_count + 2; i++)
        s = coder_new(&tally->columns[i].coder, err);
    if (s == STATUS_OK && weighted)
        s = coder_new(&tally->weight.coder, err);
    return s;
}

void tally_free(struct tally *tally)
{
    for (size_t i = 0; tally->columns != NULL && i < tally->column_count + 2; i++) {
        coder_free(tally->columns[i].coder);
        free(tally->columns[i].numbers);
    }
    for (size_t i = 0; tally->texts != NULL && i < tally->column_count; i++)
        intern_free(&tally->texts[i]);
    free(tally->columns);
    free(tally->texts);
    free(tally->rooms);
    free(tally->values);
    free(tally->places);
    free(tally->sums);
    coder_free(tally->weight.coder);
    free(tally->weights);
    intern_free(&tally->scores);
    *tally = (struct tally){.pour = NULL};
}

/* ---- numbers of values ---- */

/* Codes the column of the batch and makes room for the numbers of its values. */
static enum status follow(struct tally_column *column, struct batch *batch, size_t index,
                          bool *coded, struct error *err)
{
    enum status s = coder_apply(column->coder, batch, index, coded, err);
    if (s != STATUS_OK || !*coded)
        return s;
    const struct dictionary *d = batch->columns[index].dictionary;
    (void)dictionary_changed(&column->seen, d);
    if (d->count <= column->number_cap)
        return STATUS_OK;
    uint32_t cap = column->number_cap == 0 ? 64 : column->number_cap;
    while (cap < d->count)
        cap *= 2;
    uint32_t *numbers = realloc(column->numbers, cap * sizeof *numbers);
    if (numbers == NULL)
        return error_no_memory(err);
    column->numbers = numbers;
    column->number_cap = cap;
    return STATUS_OK;
}

static enum status number_texts(struct tally *tally, size_t i, const struct dictionary *d,
                                struct error *err)
{
    struct tally_column *column = &tally->columns[i];
    for (; column->seen.count < d->count; column->seen.count++) {
        uint32_t number = intern_add(&tally->texts[i], d->values[column->seen.count], NULL);
        if (number == INTERN_NONE)
            return error_no_memory(err);
        column->numbers[column->seen.count] = number;
    }
    tally->given_up = tally->given_up || tally->texts[i].count > TALLY_VALUES_MAX;
    return STATUS_OK;
}

/* A missing score has the number of a missing outcome until unscored is looked at. */
static enum status number_scores(struct tally *tally, struct tally_column *column,
                                 const struct dictionary *d, struct error *err)
{
    for (; column->seen.count < d->count; column->seen.count++) {
        struct slice value = d->values[column->seen.count];
        uint32_t *number = &column->numbers[column->seen.count];
        int64_t score;
        *number = OUTCOME_MISSING;
        if (slice_missing(value))
            continue;
        *number = NO_NUMBER;
        if (decimal_parse(value, &score) != DECIMAL_OK)
            continue;
        struct slice bytes = {(const char *)&score, sizeof score};
        uint32_t known = intern_add(&tally->scores, bytes, NULL);
        if (known == INTERN_NONE)
            return error_no_memory(err);
        *number = OUTCOME_FIRST + known;
    }
    return STATUS_OK;
}

static void number_unscored(struct tally_column *column, const struct dictionary *d)
{
    for (; column->seen.count < d->count; column->seen.count++)
        column->numbers[column->seen.count] = slice_is(d->values[column->seen.count], "off_scale")
                                                  ? OUTCOME_OFF_SCALE
                                                  : OUTCOME_MISSING;
}

static enum status number_all(struct tally *tally, struct batch *batch,
                              const struct tally_columns *columns, bool *coded, struct error *err)
{
    struct tally_column *score = &tally->columns[tally->column_count];
    enum status s = STATUS_OK;
    *coded = true;
    for (size_t i = 0; s == STATUS_OK && *coded && i < tally->column_count; i++) {
        size_t index = columns->columns[i];
        s = follow(&tally->columns[i], batch, index, coded, err);
        if (s == STATUS_OK && *coded)
            s = number_texts(tally, i, batch->columns[index].dictionary, err);
    }
    if (s == STATUS_OK && *coded && columns->score != SCHEMA_NONE) {
        s = follow(score, batch, columns->score, coded, err);
        if (s == STATUS_OK && *coded)
            s = number_scores(tally, score, batch->columns[columns->score].dictionary, err);
    }
    if (s == STATUS_OK && *coded && columns->unscored != SCHEMA_NONE) {
        s = follow(score + 1, batch, columns->unscored, coded, err);
        if (s == STATUS_OK && *coded)
            number_unscored(score + 1, batch->columns[columns->unscored].dictionary);
    }
    return s;
}

/* ---- places ---- */

static enum tally_kind kind_of(uint32_t outcome)
{
    return outcome >= OUTCOME_FIRST       ? TALLY_SCORE
           : outcome == OUTCOME_MISSING   ? TALLY_MISSING
           : outcome == OUTCOME_OFF_SCALE ? TALLY_OFF_SCALE
                                          : TALLY_UNMEASURED;
}

enum status tally_pour(struct tally *tally, struct error *err)
{
    for (size_t place = 0; place < tally->place_count; place++) {
        if (tally->places[place] == 0)
            continue;
        size_t rest = place / tally->outcome_room;
        uint32_t number = (uint32_t)(place % tally->outcome_room);
        struct tally_outcome outcome = {.kind = kind_of(number)};
        if (number >= OUTCOME_FIRST)
            memcpy(&outcome.score, tally->scores.keys[number - OUTCOME_FIRST].data,
                   sizeof outcome.score);
        for (size_t i = 0; i < tally->column_count; i++) {
            tally->values[i] = tally->texts[i].keys[rest % tally->rooms[i]];
            rest /= tally->rooms[i];
        }
        struct weight_sum *sum = tally->sums == NULL ? NULL : &tally->sums[place];
        enum status s =
            tally->pour(tally->to, tally->values, &outcome, tally->places[place], sum, err);
        if (s != STATUS_OK)
            return s;
        tally->places[place] = 0;
        if (sum != NULL)
            *sum = (struct weight_sum){.w = 0};
    }
    return STATUS_OK;
}

static bool fits(const struct tally *tally)
{
    bool fit = tally->places != NULL && tally->scores.count + OUTCOME_FIRST <= tally->outcome_room;
    for (size_t i = 0; fit && i < tally->column_count; i++)
        fit = tally->texts[i].count <= tally->rooms[i];
    return fit;
}

static uint32_t room_for(uint32_t room, uint32_t count)
{
    room = room == 0 ? ROOM_FIRST : room;
    while (room < count)
        room *= 2;
    return room;
}

/* Room for all numbers; gives up if that takes too many places. */
static enum status make_room(struct tally *tally, struct error *err)
{
    if (fits(tally))
        return STATUS_OK;
    enum status s = tally_pour(tally, err);
    if (s != STATUS_OK)
        return s;
    tally->outcome_room = room_for(tally->outcome_room, tally->scores.count + OUTCOME_FIRST);
    size_t places = tally->outcome_room;
    for (size_t i = 0; i < tally->column_count; i++) {
        tally->rooms[i] = room_for(tally->rooms[i], tally->texts[i].count);
        places = places > TALLY_PLACES_MAX ? places : places * tally->rooms[i];
    }
    free(tally->places);
    free(tally->sums);
    tally->places = NULL;
    tally->sums = NULL;
    tally->place_count = 0;
    tally->given_up = places > TALLY_PLACES_MAX;
    if (tally->given_up)
        return STATUS_OK;
    tally->places = calloc(places, sizeof *tally->places);
    if (tally->places == NULL)
        return error_no_memory(err);
    if (tally->weighted) {
        tally->sums = calloc(places, sizeof *tally->sums);
        if (tally->sums == NULL)
            return error_no_memory(err);
    }
    tally->place_count = places;
    return STATUS_OK;
}

/* The outcome of each record; false if one has a score that is no number. */
static bool find_outcomes(const struct tally *tally, const struct batch *batch,
                          const struct tally_columns *columns, uint32_t *at)
{
    const struct tally_column *score = &tally->columns[tally->column_count];
    const size_t count = batch->record_count;
    if (columns->score == SCHEMA_NONE) {
        for (size_t r = 0; r < count; r++)
            at[r] = OUTCOME_UNMEASURED;
        return true;
    }
    const uint16_t *scores = batch->columns[columns->score].codes;
    const uint16_t *unscored =
        columns->unscored == SCHEMA_NONE ? NULL : batch->columns[columns->unscored].codes;
    bool good = true;
    for (size_t r = 0; r < count; r++) {
        at[r] = score->numbers[scores[r]];
        good = good && at[r] != NO_NUMBER;
        if (at[r] == OUTCOME_MISSING && unscored != NULL)
            at[r] = score[1].numbers[unscored[r]];
    }
    return good;
}

static void count(struct tally *tally, const struct batch *batch,
                  const struct tally_columns *columns, uint32_t *at)
{
    size_t stride = tally->outcome_room;
    for (size_t i = 0; i < tally->column_count; i++) {
        const uint16_t *codes = batch->columns[columns->columns[i]].codes;
        const uint32_t *numbers = tally->columns[i].numbers;
        for (size_t r = 0; r < batch->record_count; r++)
            at[r] += numbers[codes[r]] * (uint32_t)stride;
        stride *= tally->rooms[i];
    }
    for (size_t r = 0; r < batch->record_count; r++)
        tally->places[at[r]]++;
}

/* ---- weights ---- */

static enum status number_weights(struct tally *tally, const struct dictionary *d,
                                  struct error *err)
{
    struct dictionary_seen *seen = &tally->weight.seen;
    (void)dictionary_changed(seen, d);
    if (d->count > tally->weight_cap) {
        uint32_t cap = tally->weight_cap == 0 ? 64 : tally->weight_cap;
        while (cap < d->count)
            cap *= 2;
        int64_t *weights = realloc(tally->weights, cap * sizeof *weights);
        if (weights == NULL)
            return error_no_memory(err);
        tally->weights = weights;
        tally->weight_cap = cap;
    }
    for (; seen->count < d->count; seen->count++) {
        int64_t *weight = &tally->weights[seen->count];
        if (weight_parse(d->values[seen->count], weight) != NULL)
            *weight = -1;
    }
    return STATUS_OK;
}

/* The weight of each record; *good false if one has none. */
static enum status find_weights(struct tally *tally, struct batch *batch, size_t column,
                                int64_t *weights, bool *good, struct error *err)
{
    const size_t count = batch->record_count;
    bool coded;
    *good = true;
    enum status s = coder_apply(tally->weight.coder, batch, column, &coded, err);
    if (s == STATUS_OK && coded) {
        s = number_weights(tally, batch->columns[column].dictionary, err);
        const uint16_t *codes = batch->columns[column].codes;
        for (size_t r = 0; s == STATUS_OK && r < count; r++) {
            weights[r] = tally->weights[codes[r]];
            *good = *good && weights[r] >= 0;
        }
        return s;
    }
    const struct slice *cells = s == STATUS_OK ? batch_text(batch, column, err) : NULL;
    if (cells == NULL)
        return s == STATUS_OK ? STATUS_IO : s;
    for (size_t r = 0; *good && r < count; r++)
        *good = weight_parse(cells[r], &weights[r]) == NULL;
    return STATUS_OK;
}

/* at: the places, as count() leaves them. */
static void add_weights(struct tally *tally, const int64_t *weights, const uint32_t *at,
                        size_t count)
{
    for (size_t r = 0; r < count; r++)
        weight_sum_count(&tally->sums[at[r]], weights[r]);
}

enum status tally_take(struct tally *tally, struct batch *batch,
                       const struct tally_columns *columns, bool *taken, struct error *err)
{
    *taken = false;
    if (tally->given_up)
        return STATUS_OK;
    bool coded;
    enum status s = number_all(tally, batch, columns, &coded, err);
    if (s != STATUS_OK || !coded)
        return s;
    s = make_room(tally, err);
    if (s != STATUS_OK || tally->given_up)
        return s;
    uint32_t *at = arena_alloc(&batch->arena, batch->record_count * sizeof *at);
    if (at == NULL)
        return error_no_memory(err);
    if (!find_outcomes(tally, batch, columns, at))
        return STATUS_OK;
    int64_t *weights = NULL;
    if (tally->weighted) {
        bool good;
        weights = arena_alloc(&batch->arena, batch->record_count * sizeof *weights);
        if (weights == NULL)
            return error_no_memory(err);
        s = find_weights(tally, batch, columns->weight, weights, &good, err);
        if (s != STATUS_OK || !good)
            return s;
    }
    count(tally, batch, columns, at);
    if (weights != NULL)
        add_weights(tally, weights, at, batch->record_count);
    *taken = true;
    return STATUS_OK;
}
