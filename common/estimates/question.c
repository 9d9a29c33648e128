#include "estimates/question.h"

#include <math.h>

#include "stats/balance.h"
#include "stats/selection.h"
#include "stats/selection_noise.h"
#include "stats/sensitivity.h"

static const double *counts_of(const struct table_group *group, bool weighted)
{
    return weighted ? group->weighted : group->counts;
}

const char *question_name(struct question question)
{
    static const char *const names[] = {"mean", "net", "share"};
    return names[question.kind];
}

enum end { END_LOW, END_MIDDLE, END_HIGH };

/* The figure of each band whose mean is asked for. */
static void scores_of(double *scores, const struct table_group *group, struct question question,
                      enum end end)
{
    double numbers[BANDS_MAX];
    for (size_t b = 0; b < group->bands; b++) {
        const struct table_band *band = &group->band[b];
        scores[b] = end == END_LOW ? band->low : end == END_HIGH ? band->high : band->score;
        if (question.kind == QUESTION_SHARE)
            scores[b] = b == question.band ? 1 : 0;
        numbers[b] = (double)b;
    }
    if (question.kind == QUESTION_NET)
        balance_scores(scores, numbers, group->bands);
}

void question_scores(double *scores, const struct table_group *group, struct question question)
{
    scores_of(scores, group, question, END_MIDDLE);
}

static double mean_of(const double *scores, const double *counts, size_t bands)
{
    double n = 0, sum = 0;
    for (size_t b = 0; b < bands; b++) {
        n += counts[b];
        sum += counts[b] * (scores[b] - scores[0]);
    }
    return n > 0 ? scores[0] + sum / n : (double)NAN;
}

bool question_ranges(const struct table_group *group)
{
    for (size_t b = 0; b < group->bands; b++) {
        if (group->band[b].low != group->band[b].high)
            return true;
    }
    return false;
}

double question_answers(const struct table_group *group, struct question question, bool weighted)
{
    double scores[BANDS_MAX];
    /* The table's own mean is exact, also where bands are ranges; with weights it is weighted. */
    if (question.kind == QUESTION_MEAN && weighted == (group->weighted != NULL))
        return group->mean;
    const double *counts = counts_of(group, weighted);
    scores_of(scores, group, question, END_MIDDLE);
    if (question.kind == QUESTION_MEAN)
        return mean_of(scores, counts, group->bands);
    double n = 0, sum = 0; /* as the table has its shares and its net */
    for (size_t b = 0; b < group->bands; b++) {
        n += counts[b];
        sum += counts[b] * scores[b];
    }
    return n > 0 ? sum / n : (double)NAN;
}

struct interval question_range(const struct table_group *group, struct question question)
{
    switch (question.kind) {
    case QUESTION_MEAN:
        return (struct interval){group->lowest, group->highest};
    case QUESTION_NET:
        return (struct interval){-1, 1};
    default:
        return (struct interval){0, 1};
    }
}

double question_middle(const struct table_group *group, struct question question)
{
    struct interval range = question_range(group, question);
    return range.low + (range.high - range.low) / 2;
}

/* Of those who have a score: one without is silent on what is asked.  NaN if N is not known. */
static enum status scored_coverage(struct coverage *coverage, const struct table_group *group,
                                   struct error *err)
{
    struct table_group scored = *group;
    scored.people = (double)NAN;
    if (table_group_repeats(group))
        scored.population = (double)NAN;
    return question_coverage(coverage, &scored, err);
}

enum status question_coverage(struct coverage *coverage, const struct table_group *group,
                              struct error *err)
{
    double none = (double)NAN;
    if (isnan(group->population)) {
        *coverage = (struct coverage){none, none, none, none, none};
        return STATUS_OK;
    }
    double n = isnan(group->people) ? group->scored : group->people;
    return coverage_of(coverage, n, group->population, err);
}

enum status question_free(struct interval *bounds, const struct table_group *group,
                          struct question question, struct error *err)
{
    struct coverage coverage;
    struct interval range = question_range(group, question);
    double low[BANDS_MAX], high[BANDS_MAX];
    *bounds = (struct interval){(double)NAN, (double)NAN};
    enum status s = scored_coverage(&coverage, group, err);
    if (s != STATUS_OK || !(group->scored > 0) || table_group_repeats(group))
        return s;
    scores_of(low, group, question, END_LOW);
    scores_of(high, group, question, END_HIGH);
    double from = mean_of(low, group->counts, group->bands);
    double to = mean_of(high, group->counts, group->bands);
    /* Unweighted the table's mean is exact, wherever in their bands the scores lie. */
    if (question.kind == QUESTION_MEAN && group->weighted == NULL)
        from = to = group->mean;
    bounds->low = coverage_bounds_mean(&coverage, from, range.low, range.high).low;
    bounds->high = question.kind == QUESTION_SHARE
                       ? coverage_bounds_share(&coverage, to).high
                       : coverage_bounds_mean(&coverage, to, range.low, range.high).high;
    return STATUS_OK;
}

enum status question_free_median(struct interval *bounds, const struct table_group *group,
                                 struct error *err)
{
    static const struct probability half = {1, 2};
    double numbers[BANDS_MAX], counts[BANDS_MAX];
    struct coverage coverage;
    *bounds = (struct interval){(double)NAN, (double)NAN};
    enum status s = scored_coverage(&coverage, group, err);
    if (s != STATUS_OK || !(group->scored > 0) || !(coverage.n > 0) || table_group_repeats(group))
        return s;
    for (size_t b = 0; b < group->bands; b++) {
        numbers[b] = (double)b;
        counts[b] = group->counts[b];
    }
    struct interval at = coverage_bounds_quantile(&coverage, numbers, counts, group->bands, half);
    bounds->low = group->band[(size_t)at.low].low;
    bounds->high = group->band[(size_t)at.high].high;
    return STATUS_OK;
}

/* The bounds by low ends below and by high ends above. */
typedef enum status bounds_fn(struct interval *bounds, const double *scores, const double *counts,
                              size_t bands, double gamma, struct error *err);

static enum status by_ends(struct interval *bounds, const struct table_group *group,
                           struct question question, const double *counts, double gamma,
                           bounds_fn *find, struct error *err)
{
    double scores[BANDS_MAX];
    struct interval high;
    scores_of(scores, group, question, END_LOW);
    enum status s = find(bounds, scores, counts, group->bands, gamma, err);
    if (s != STATUS_OK || question.kind != QUESTION_MEAN || !question_ranges(group))
        return s;
    scores_of(scores, group, question, END_HIGH);
    s = find(&high, scores, counts, group->bands, gamma, err);
    if (s == STATUS_OK)
        bounds->high = high.high;
    return s;
}

/* Within what holds in any case. */
static enum status cut(struct interval *bounds, const struct table_group *group,
                       struct question question, struct error *err)
{
    struct interval whole;
    enum status s = question_free(&whole, group, question, err);
    if (s == STATUS_OK && whole.low > bounds->low)
        bounds->low = whole.low;
    if (s == STATUS_OK && whole.high < bounds->high)
        bounds->high = whole.high;
    return s;
}

enum status question_ratio(struct interval *bounds, const struct table_group *group,
                           struct question question, bool weighted, double gamma, struct error *err)
{
    enum status s =
        by_ends(bounds, group, question, counts_of(group, weighted), gamma, selection_bounds, err);
    return s == STATUS_OK && !weighted ? cut(bounds, group, question, err) : s;
}

enum status question_ushape(struct interval *bounds, const struct table_group *group,
                            struct question question, double gamma, struct error *err)
{
    enum status s =
        by_ends(bounds, group, question, group->counts, gamma, selection_ushape_bounds, err);
    return s == STATUS_OK ? cut(bounds, group, question, err) : s;
}

enum status question_ratio_noise(struct interval *bounds, const struct table_group *group,
                                 struct question question, double gamma, double z,
                                 struct error *err)
{
    double scores[BANDS_MAX];
    struct interval range = question_range(group, question), high;
    scores_of(scores, group, question, END_LOW);
    enum status s =
        selection_noise(bounds, scores, group->counts, group->bands, gamma, range, z, err);
    if (s == STATUS_OK && question.kind == QUESTION_MEAN && question_ranges(group)) {
        scores_of(scores, group, question, END_HIGH);
        s = selection_noise(&high, scores, group->counts, group->bands, gamma, range, z, err);
        bounds->high = high.high;
    }
    return s == STATUS_OK ? cut(bounds, group, question, err) : s;
}

/* ---- tipping ---- */

enum status question_tipping(double *ratio, const struct table_group *group,
                             struct question question, bool weighted, double target,
                             struct error *err)
{
    double scores[BANDS_MAX];
    const double *counts = counts_of(group, weighted);
    double here = question_answers(group, question, weighted);
    *ratio = (double)NAN;
    if (isnan(here) || here == target)
        return STATUS_OK;
    double side = here > target ? 1 : -1;
    scores_of(scores, group, question, side > 0 ? END_LOW : END_HIGH);
    double worst = mean_of(scores, counts, group->bands);
    if (!(side * (worst - target) > 0)) {
        *ratio = 1;
        return STATUS_OK;
    }
    return tipping_any(ratio, scores, counts, group->bands, target, err);
}
