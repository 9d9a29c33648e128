#include "tables/votes.h"

#include <stdlib.h>

struct ballot {
    struct slice person;
    bool scored;
    int64_t score;
    uint64_t records;
    uint64_t of; /* scored records of the person */
};

static int by_person(const void *a, const void *b)
{
    const struct ballot *x = a;
    const struct ballot *y = b;
    return slice_compare(x->person, y->person);
}

static int by_score(const void *a, const void *b)
{
    const struct ballot *x = a;
    const struct ballot *y = b;
    if (x->scored != y->scored)
        return x->scored ? -1 : 1;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return (x->of > y->of) - (x->of < y->of);
}

/* Ballots sorted by person: gives each the person's number of scored records. */
static void share_out(struct ballot *ballots, size_t count, struct votes *votes)
{
    for (size_t from = 0, to; from < count; from = to) {
        uint64_t scored = 0;
        for (to = from; to < count && slice_equal(ballots[to].person, ballots[from].person); to++)
            scored += ballots[to].scored ? ballots[to].records : 0;
        for (size_t i = from; i < to; i++)
            ballots[i].of = scored;
        votes->persons++;
        votes->voters += scored > 0 ? 1 : 0;
    }
}

/* Ballots sorted by score and n; those of equal score and n are added up as whole numbers. */
static void add_up(const struct ballot *ballots, size_t count, struct votes *votes)
{
    for (size_t from = 0, to; from < count && ballots[from].scored; from = to) {
        uint64_t records = 0;
        for (to = from;
             to < count && ballots[to].scored && ballots[to].score == ballots[from].score &&
             ballots[to].of == ballots[from].of;
             to++)
            records += ballots[to].records;
        if (votes->count == 0 || votes->values[votes->count - 1] != ballots[from].score) {
            votes->values[votes->count] = ballots[from].score;
            votes->weights[votes->count++] = 0;
        }
        votes->weights[votes->count - 1] +=
            (((unsigned __int128)records << 64) + ballots[from].of / 2) / ballots[from].of;
    }
}

enum status votes_count(const struct groups *groups, const struct group *group, struct votes *votes,
                        struct error *err)
{
    size_t count = group->persons.count;
    size_t room = count == 0 ? 1 : count;
    *votes = (struct votes){.budget = groups->budget};
    uint64_t held = room * (sizeof *votes->values + sizeof *votes->weights);
    uint64_t more = room * sizeof(struct ballot);
    enum status s = budget_take(groups->budget, held + more, "persons", err);
    if (s != STATUS_OK)
        return s;
    votes->charged = held;
    votes->values = calloc(room, sizeof *votes->values);
    votes->weights = calloc(room, sizeof *votes->weights);
    struct ballot *ballots = calloc(room, sizeof *ballots);
    if (votes->values == NULL || votes->weights == NULL || ballots == NULL) {
        s = error_no_memory(err);
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        const struct exact_cell *cell = &group->persons.cells[i];
        struct ballot *b = &ballots[i];
        b->person = groups_person(groups, cell->value, &b->scored, &b->score);
        b->records = cell->count;
    }
    qsort(ballots, count, sizeof *ballots, by_person);
    share_out(ballots, count, votes);
    qsort(ballots, count, sizeof *ballots, by_score);
    add_up(ballots, count, votes);
done:
    free(ballots);
    budget_give(groups->budget, more);
    if (s != STATUS_OK)
        votes_free(votes);
    return s;
}

void votes_free(struct votes *votes)
{
    free(votes->values);
    free(votes->weights);
    budget_give(votes->budget, votes->charged);
    *votes = (struct votes){.count = 0};
}
