/* Respondents only, and the margin that would be theirs if they were a random sample; then what
 * holds without any assumption. */
#include <math.h>

#include "estimates/ladder.h"

static const char what_came[] = "none: what came in";
static const char random_sample[] = "if this were a random sample";
static const char silent_free[] = "none: those who were silent may think anything";

static void observed(struct ladder *l, const char *quantity, double value, const char *note)
{
    if (!isnan(value))
        ladder_value(l, what_came, quantity, NULL, value, "observed", note);
}

static void put_counts(struct ladder *l)
{
    const struct table_group *g = l->group;
    bool people = !isnan(g->people);
    observed(l, "records", g->records, NULL);
    observed(l, "scored", g->scored, g->votes ? "one vote a person" : NULL);
    observed(l, "missing", g->missing, NULL);
    observed(l, "off_scale", g->off_scale, NULL);
    observed(l, "people", g->people, NULL);
    if (isnan(g->population)) {
        ladder_value(l, what_came, "population", NULL, (double)NAN, "observed",
                     "unknown, so participation and all that needs it are left out");
        return;
    }
    observed(l, "population", g->population, NULL);
    observed(l, "participation", l->coverage.fraction,
             people ? "people; shares and mean are of scored records" : NULL);
    observed(l, "silent", g->population - l->coverage.n, NULL);
}

/* A population that is not known makes no correction for how much of it came. */
static struct coverage margin_coverage(const struct ladder *l)
{
    struct coverage coverage = l->coverage;
    coverage.n = l->group->scored;
    if (isnan(coverage.population)) {
        coverage.population = 1e300;
        coverage.fraction = 0;
        coverage.silent = 1;
    }
    return coverage;
}

static void put_margins(struct ladder *l)
{
    const struct table_group *g = l->group;
    const struct coverage coverage = margin_coverage(l);
    static const char note[] = "these answers were not drawn at random";
    for (size_t i = 0; i < ladder_questions(l); i++) {
        struct question q = ladder_question(i);
        struct interval range = question_range(g, q);
        double value = question_answers(g, q, false), margin = 0;
        if (q.kind == QUESTION_SHARE) {
            margin = coverage_margin_share(&coverage, value, l->plan->z);
        } else {
            double scores[BANDS_MAX], n = g->scored, square = 0;
            question_scores(scores, g, q);
            for (size_t b = 0; q.kind == QUESTION_NET && b < g->bands; b++)
                square += g->counts[b] * (scores[b] - value) * (scores[b] - value);
            double sd = q.kind == QUESTION_NET ? sqrt(square / (n - 1)) : g->sd;
            margin = coverage_margin_mean(&coverage, sd, l->plan->z);
        }
        /* Of a share of 0 or 1 the formula says 0, which is no margin. */
        if (!isfinite(margin) || !(g->scored > 1) || (margin == 0 && coverage.silent > 0))
            continue;
        const struct ladder_row row = {random_sample,
                                       question_name(q),
                                       ladder_band(l, q),
                                       fmax(value - margin, range.low),
                                       value,
                                       fmin(value + margin, range.high),
                                       "noise limit",
                                       note};
        ladder_put(l, &row);
    }
}

enum status ladder_answers(struct ladder *l)
{
    const struct table_group *g = l->group;
    put_counts(l);
    if (g->bands == 0 || !(g->scored > 0))
        return STATUS_OK;
    for (size_t i = 0; i < ladder_questions(l); i++) {
        struct question q = ladder_question(i);
        ladder_value(l, what_came, question_name(q), ladder_band(l, q),
                     question_answers(g, q, false), "observed", NULL);
    }
    if (g->weighted == NULL) {
        observed(l, "median", g->median, NULL);
        put_margins(l);
    }
    return STATUS_OK;
}

enum status ladder_free(struct ladder *l)
{
    static const char no_noise[] = "no sampling noise: who answered is fully seen";
    const struct table_group *g = l->group;
    const char *note = no_noise;
    struct interval bounds;
    if (isnan(g->population))
        return STATUS_OK;
    if (table_group_repeats(g)) {
        ladder_refuse(l, silent_free, "mean", "REPEATS",
                      "some people are behind several records, so how many think what is not "
                      "known; count each once (unique of bell-normalize, or vote: person)");
        return STATUS_OK;
    }
    for (size_t i = 0; i < ladder_questions(l); i++) {
        struct question q = ladder_question(i);
        enum status s = question_free(&bounds, g, q, l->err);
        if (s != STATUS_OK)
            return s;
        ladder_bounds(l, silent_free, q, bounds, "bound", note);
    }
    enum status s = question_free_median(&bounds, g, l->err);
    const struct ladder_row row = {silent_free, "median",    NULL,    bounds.low,
                                   (double)NAN, bounds.high, "bound", note};
    if (s == STATUS_OK)
        ladder_put(l, &row);
    return s;
}
