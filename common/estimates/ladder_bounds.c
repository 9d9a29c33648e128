/* Bounds by a ratio of readiness and by a correlation, and the ratios at which conclusions tip. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "estimates/ladder.h"
#include "stats/balance.h"
#include "stats/sensitivity.h"

/* ---- ratios ---- */

struct words {
    char plain[LADDER_TEXT_MAX];
    char noise[LADDER_TEXT_MAX];
    char ushape[LADDER_TEXT_MAX];
};

static void say(struct words *words, double gamma)
{
    char ratio[DOUBLE_TEXT_MAX], base[LADDER_TEXT_MAX / 2];
    (void)snprintf(base, sizeof base,
                   "nobody is more than %s times as ready to answer as anybody "
                   "else",
                   ladder_number(ratio, gamma));
    (void)snprintf(words->plain, sizeof words->plain, "%s", base);
    (void)snprintf(words->noise, sizeof words->noise, "%s; with sampling noise", base);
    (void)snprintf(words->ushape, sizeof words->ushape,
                   "%s, and readiness never rises towards the middle of the scale", base);
}

static enum status put_ratio(struct ladder *l, struct question q, double gamma,
                             const struct words *words, bool yardstick)
{
    const struct table_group *g = l->group;
    bool few = g->scored < QUESTION_FEW;
    struct interval bounds;
    const char *note = few ? "without sampling noise" : NULL;
    enum status s = question_ratio(&bounds, g, q, false, gamma, l->err);
    if (s != STATUS_OK)
        return s;
    ladder_bounds(l, words->plain, q, bounds, "bound", note);
    if (!few || !yardstick)
        return STATUS_OK;
    s = question_ratio_noise(&bounds, g, q, gamma, l->plan->z, l->err);
    if (s == STATUS_OK)
        ladder_bounds(l, words->noise, q, bounds, "bound", NULL);
    return s;
}

/* The yardstick for all questions, the others for the mean and the net. */
enum status ladder_ratios(struct ladder *l)
{
    static const char few[] = "wrong where readiness grows from one end of the scale to the other; "
                              "without sampling noise";
    static const char many[] = "wrong where readiness grows from one end of the scale to the other";
    bool ushape = l->group->bands > 2;
    enum status s = STATUS_OK;
    struct words words;
    for (size_t i = 0; s == STATUS_OK && i < l->plan->gamma_count; i++) {
        double gamma = l->plan->gammas[i];
        size_t count = i == 0 ? ladder_questions(l) : 2;
        say(&words, gamma);
        for (size_t k = 0; s == STATUS_OK && k < count; k++)
            s = put_ratio(l, ladder_question(k), gamma, &words, i == 0);
        for (size_t k = 0; s == STATUS_OK && ushape && i == 0 && k < 2; k++) {
            struct interval bounds;
            s = question_ushape(&bounds, l->group, ladder_question(k), gamma, l->err);
            if (s == STATUS_OK)
                ladder_bounds(l, words.ushape, ladder_question(k), bounds, "bound",
                              l->group->scored < QUESTION_FEW ? few : many);
        }
    }
    return s;
}

/* ---- tipping ---- */

static const char weighted_any[] = "within a weighting group any part of the people is so much "
                                   "readier to answer than any other";

static void describe(const struct ladder *l, const char *what, double here, double target,
                     double ratio, char note[LADDER_TEXT_MAX])
{
    char a[DOUBLE_TEXT_MAX], b[DOUBLE_TEXT_MAX], c[DOUBLE_TEXT_MAX];
    const char *side = here > target ? "above" : "below";
    if (isnan(ratio))
        (void)snprintf(note, LADDER_TEXT_MAX, "the %s of the answers is the target %s itself", what,
                       ladder_number(a, target));
    else if (isinf(ratio))
        (void)snprintf(note, LADDER_TEXT_MAX, "the %s %s lies %s %s, and no ratio changes that",
                       what, ladder_number(a, here), side, ladder_number(b, target));
    else
        (void)snprintf(note, LADDER_TEXT_MAX, "the %s %s lies %s %s; yardstick %s: %s", what,
                       ladder_number(a, here), side, ladder_number(b, target),
                       ladder_number(c, l->plan->yardstick),
                       ratio < l->plan->yardstick || ratio == 1
                           ? "not supported by these answers alone"
                           : "outlasts it");
}

static void put_tipping(struct ladder *l, const char *pattern, const char *quantity,
                        const char *what, double here, double target, double ratio)
{
    char note[LADDER_TEXT_MAX + 32], assumption[LADDER_TEXT_MAX];
    describe(l, what, here, target, ratio, note);
    const size_t len = strlen(note);
    if (l->group->weighted != NULL)
        (void)snprintf(note + len, sizeof note - len, "; %s",
                       strcmp(pattern, weighted_any) == 0 ? "weighted" : "before weighting");
    (void)snprintf(assumption, sizeof assumption,
                   "at this ratio the %s could lie on the other side, if %s", what, pattern);
    ladder_value(l, assumption, quantity, NULL, ratio, "bound", note);
}

static enum status put_patterns(struct ladder *l, double here, double target)
{
    static const struct {
        enum extremes extremes;
        const char *pattern;
    } patterns[] = {
        {EXTREMES_BOTH, "both ends of the scale are so much readier to answer, all else alike"},
        {EXTREMES_LOW, "the low end of the scale is so much readier to answer, all else alike"},
        {EXTREMES_HIGH, "the high end of the scale is so much readier to answer, all else alike"}};
    const struct table_group *g = l->group;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        double ratio = 0;
        enum status s = tipping_extremes(&ratio, g->scores, g->counts, g->bands,
                                         patterns[i].extremes, target, l->err);
        if (s != STATUS_OK)
            return s;
        put_tipping(l, patterns[i].pattern, "tipping_ratio", "mean", here, target, ratio);
    }
    return STATUS_OK;
}

enum status ladder_tipping(struct ladder *l)
{
    static const char any[] = "any part of the people is so much readier to answer than any other";
    const struct table_group *g = l->group;
    const struct question mean = {QUESTION_MEAN, 0}, net = {QUESTION_NET, 0};
    double target = estimate_plan_target(l->plan, g), ratio = 0;
    double here = question_answers(g, mean, false);
    enum status s = STATUS_OK;
    if (target < g->lowest || target > g->highest) {
        ladder_refuse(l, NULL, "tipping_ratio", "TARGET", "the target is not on the scale");
    } else {
        s = question_tipping(&ratio, g, mean, false, target, l->err);
        if (s == STATUS_OK)
            put_tipping(l, any, "tipping_ratio", "mean", here, target, ratio);
        if (s == STATUS_OK && here != target)
            s = put_patterns(l, here, target);
    }
    if (s == STATUS_OK)
        s = question_tipping(&ratio, g, net, false, 0, l->err);
    if (s == STATUS_OK)
        put_tipping(l, any, "tipping_ratio_net", "net", question_answers(g, net, false), 0, ratio);
    return s;
}

/* ---- correlations ---- */

/* The answers' own spread, with divisor n. */
static double spread_of(const struct table_group *g)
{
    double mean = question_answers(g, (struct question){QUESTION_MEAN, 0}, false), square = 0;
    if (g->weighted == NULL && !isnan(g->sd))
        return g->sd * sqrt((g->scored - 1) / g->scored);
    for (size_t b = 0; b < g->bands; b++)
        square += g->counts[b] * (g->scores[b] - mean) * (g->scores[b] - mean);
    return sqrt(square / g->scored);
}

enum status ladder_correlations(struct ladder *l)
{
    static const char note[] = "the spread of the answers stands in for that of everyone";
    const struct table_group *g = l->group;
    const struct question mean = {QUESTION_MEAN, 0};
    struct interval whole;
    if (isnan(g->population) || !(l->coverage.n > 0))
        return STATUS_OK;
    enum status s = question_free(&whole, g, mean, l->err);
    double here = question_answers(g, mean, false), sigma = spread_of(g);
    for (size_t i = 0; s == STATUS_OK && i < l->plan->rho_count; i++) {
        char assumption[LADDER_TEXT_MAX], number[DOUBLE_TEXT_MAX];
        struct coverage_defect up, down;
        double rho = l->plan->rhos[i];
        s = coverage_defect_of(&up, &l->coverage, here, sigma, -rho, l->err);
        if (s == STATUS_OK)
            s = coverage_defect_of(&down, &l->coverage, here, sigma, rho, l->err);
        if (s != STATUS_OK)
            break;
        (void)snprintf(assumption, sizeof assumption,
                       "answering and opinion correlate by at most %s (data defect correlation)",
                       ladder_number(number, rho));
        struct interval bounds = {fmax(down.implied_mean, whole.low),
                                  fmin(up.implied_mean, whole.high)};
        ladder_value(l, assumption, "n_eff", NULL, up.n_eff, "bound",
                     "worth so many answers of a random sample, or more");
        ladder_bounds(l, assumption, mean, bounds, "bound", note);
    }
    return s;
}

/* ---- weights ---- */

static enum status put_weighted_tipping(struct ladder *l)
{
    const struct table_group *g = l->group;
    const struct question mean = {QUESTION_MEAN, 0}, net = {QUESTION_NET, 0};
    const double target = estimate_plan_target(l->plan, g);
    double ratio = 0;
    enum status s = STATUS_OK;
    if (target >= g->lowest && target <= g->highest) {
        s = question_tipping(&ratio, g, mean, true, target, l->err);
        if (s == STATUS_OK)
            put_tipping(l, weighted_any, "tipping_ratio", "mean", question_answers(g, mean, true),
                        target, ratio);
    }
    if (s == STATUS_OK)
        s = question_tipping(&ratio, g, net, true, 0, l->err);
    if (s == STATUS_OK)
        put_tipping(l, weighted_any, "tipping_ratio_net", "net", question_answers(g, net, true), 0,
                    ratio);
    return s;
}

enum status ladder_weights(struct ladder *l)
{
    static const char alike[] = "those who answer think like those of their weighting group who "
                                "are silent";
    const struct table_group *g = l->group;
    char assumption[LADDER_TEXT_MAX], ratio[DOUBLE_TEXT_MAX];
    if (g->weighted == NULL)
        return STATUS_OK;
    ladder_value(l, alike, "n_eff", NULL, g->n_eff, "weighted", "answers of equal weight");
    for (size_t i = 0; i < ladder_questions(l); i++) {
        struct question q = ladder_question(i);
        ladder_value(l, alike, question_name(q), ladder_band(l, q), question_answers(g, q, true),
                     "weighted", NULL);
    }
    ladder_value(l, alike, "median", NULL, g->median, "weighted", NULL);
    double margin = l->plan->z * g->sd / sqrt(g->n_eff), mean = g->mean;
    const struct ladder_row noise = {"if this were a random sample",
                                     "mean",
                                     NULL,
                                     fmax(mean - margin, g->lowest),
                                     mean,
                                     fmin(mean + margin, g->highest),
                                     "noise limit",
                                     "weighted, by n_eff; these answers were not drawn at random"};
    if (isfinite(margin))
        ladder_put(l, &noise);
    (void)snprintf(assumption, sizeof assumption,
                   "within a weighting group nobody is more than %s times as ready to answer as "
                   "anybody else",
                   ladder_number(ratio, l->plan->yardstick));
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < 2; i++) {
        struct interval bounds;
        s = question_ratio(&bounds, g, ladder_question(i), true, l->plan->yardstick, l->err);
        if (s == STATUS_OK)
            ladder_bounds(l, assumption, ladder_question(i), bounds, "bound",
                          "weighted; without sampling noise");
    }
    return s == STATUS_OK ? put_weighted_tipping(l) : s;
}
