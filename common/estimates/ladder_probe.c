/* A random check sample of the group itself; else what reference groups teach. */
#include <math.h>
#include <stdio.h>

#include "estimates/ladder.h"
#include "estimates/reference.h"
#include "stats/interval.h"

static const char drawn[] =
    "the check sample (probe) was drawn at random from this group, and all of it answered";
static const char published[] = "the published shares are those of this group";

static double mean_of(const struct table_group *g, struct question q, const double *shares)
{
    double scores[BANDS_MAX], n = 0, sum = 0;
    question_scores(scores, g, q);
    for (size_t b = 0; b < g->bands; b++) {
        n += shares[b];
        sum += shares[b] * scores[b];
    }
    return sum / n;
}

/* Limits of a random sample of n; shares by Wilson. */
static struct interval limits_of(const struct ladder *l, struct question q, const double *counts,
                                 double n, double mean)
{
    const struct table_group *g = l->group;
    struct interval range = question_range(g, q);
    double scores[BANDS_MAX], square = 0, size = g->population;
    question_scores(scores, g, q);
    if (q.kind == QUESTION_SHARE)
        return interval_wilson(counts[q.band], n, l->plan->z);
    for (size_t b = 0; b < g->bands; b++)
        square += counts[b] * (scores[b] - mean) * (scores[b] - mean);
    double left = !isnan(size) && size > n ? 1 - n / size : 1;
    double margin = l->plan->z * sqrt(square / (n - 1) / n * left);
    /* All alike: chance does not show in them. */
    if (square == 0 && left > 0)
        return (struct interval){(double)NAN, (double)NAN};
    return (struct interval){fmax(mean - margin, range.low), fmin(mean + margin, range.high)};
}

static const char *probe_note(const struct table_group *g, struct question q, bool exact,
                              bool alike)
{
    if (q.kind == QUESTION_MEAN && question_ranges(g))
        return "by the middles of the bands: within a band the scores are not known";
    if (exact)
        return "exact";
    return alike ? "all are alike, so how far chance reaches does not show"
                 : "limits speak of chance alone";
}

static void put_own(struct ladder *l, const double *counts, double n)
{
    const struct table_group *g = l->group;
    bool exact = l->plan->probe.exact;
    if (!exact)
        ladder_value(l, drawn, "n", NULL, n, "calibrated", "people in the check sample");
    for (size_t i = 0; i < ladder_questions(l); i++) {
        struct question q = ladder_question(i);
        double mean = mean_of(g, q, counts);
        struct interval limits = {(double)NAN, (double)NAN};
        if (!exact)
            limits = limits_of(l, q, counts, n, mean);
        const struct ladder_row row = {exact ? published : drawn,
                                       question_name(q),
                                       ladder_band(l, q),
                                       limits.low,
                                       mean,
                                       limits.high,
                                       "calibrated",
                                       probe_note(g, q, exact, isnan(limits.low))};
        ladder_put(l, &row);
    }
}

/* ---- reference groups ---- */

struct words {
    char assumption[LADDER_TEXT_MAX];
    char note[LADDER_TEXT_MAX];
};

static void say(struct words *words, const struct reference_set *set)
{
    char tau[DOUBLE_TEXT_MAX];
    (void)snprintf(words->assumption, sizeof words->assumption,
                   "who answers in this group is as in the %zu reference group%s with a check "
                   "sample (probe)",
                   set->groups, set->groups == 1 ? "" : "s");
    if (set->tau > 0)
        (void)snprintf(words->note, sizeof words->note,
                       "groups differ by a standard deviation of %s (%s)",
                       ladder_number(tau, set->tau), set->measured ? "measured" : "given");
    else
        (void)snprintf(words->note, sizeof words->note, "no transfer uncertainty%s",
                       set->measured ? ": none was measured between the groups" : "");
}

static void refuse(struct ladder *l, const struct words *words, const struct calibrated *out)
{
    char codes[64];
    struct error why = ERROR_INIT;
    (void)snprintf(codes, sizeof codes, "%s%s%s",
                   (out->flags & CALIBRATION_UNEVEN) != 0 ? "UNEVEN " : "",
                   (out->flags & CALIBRATION_FEW) != 0 ? "FEW " : "",
                   (out->flags & CALIBRATION_SMALL_PROBE) != 0 ? "SMALL_PROBE " : "");
    size_t len = strlen(codes);
    if (len > 0)
        codes[len - 1] = '\0';
    if (calibration_refuse(out, &why) == STATUS_OK)
        return;
    ladder_refuse(l, words->assumption, "mean", codes, why.text);
}

static void put_calibrated(struct ladder *l, const struct words *words,
                           const struct calibrated *out, const double *share)
{
    const struct table_group *g = l->group;
    const struct question net = {QUESTION_NET, 0};
    const struct ladder_row mean = {
        words->assumption,           "mean",       NULL,       fmax(out->low, g->lowest), out->mean,
        fmin(out->high, g->highest), "calibrated", words->note};
    ladder_put(l, &mean);
    ladder_value(l, words->assumption, "net", NULL, mean_of(g, net, share), "calibrated", NULL);
    for (size_t b = 0; b < g->bands; b++)
        ladder_value(l, words->assumption, "share", &g->band[b], share[b], "calibrated", NULL);
    ladder_value(l, words->assumption, "n_eff", NULL, out->n_eff, "calibrated",
                 "answers of equal weight");
}

static enum status put_reference(struct ladder *l)
{
    static const char transfer[] = "this group thinks as the reference groups do";
    const struct reference_set *set = reference_find(l->plan->reference, l->group);
    double weights[BANDS_MAX], share[BANDS_MAX];
    struct calibrated out;
    struct words words;
    if (set == NULL) {
        ladder_refuse(l, "who answers in this group is as in the reference groups", "mean",
                      "NO_REFERENCE", "no reference group has this scale");
        return STATUS_OK;
    }
    say(&words, set);
    struct error why = ERROR_INIT;
    enum status s = reference_calibrate(set, l->plan, l->group, weights, share, &out, &why);
    if (s == STATUS_DATA) {
        ladder_refuse(l, words.assumption, "mean", "UNFIT", why.text);
        return STATUS_OK;
    }
    if (s != STATUS_OK) {
        if (l->err != NULL)
            *l->err = why;
        return s;
    }
    if (out.flags != 0)
        refuse(l, &words, &out);
    else
        put_calibrated(l, &words, &out, share);
    if ((out.flags & CALIBRATION_SMALL_PROBE) != 0)
        return STATUS_OK;
    ladder_value(l, transfer, "mean", NULL, out.probe_mean, "calibrated",
                 "probe transfer: the mean of the reference groups' check samples");
    return STATUS_OK;
}

enum status ladder_probe(struct ladder *l)
{
    double counts[BANDS_MAX], n = 0;
    enum status s = estimate_plan_probe(l->plan, l->group, counts, &n, l->err);
    if (s != STATUS_OK)
        return s;
    if (n > 0 && !l->plan->probe.exact && n < CALIBRATION_PROBE_MIN)
        ladder_refuse(l, drawn, "mean", "SMALL_PROBE",
                      "the check sample has fewer than 30 answers");
    else if (n > 0)
        put_own(l, counts, n);
    else if (l->plan->reference != NULL)
        return put_reference(l);
    else if (l->plan->probed)
        ladder_refuse(l, drawn, "mean", "NO_PROBE", "the check sample has nobody of this group");
    return STATUS_OK;
}
