#include "estimates/claim_judge.h"

#include <math.h>
#include <stdlib.h>

#include "estimates/readiness.h"

/* One way to read the figures: as a sum of means that shall be above t, with the scores turned
 * round for "below" and for what is taken away. */
struct direction {
    struct readiness_part parts[2];
    const struct table_group *groups[2];
    double observed[2]; /* turned round likewise */
    double *scores[2];
    size_t count;
    double t;
    bool strict;
};

/* What one direction comes to. */
struct finding {
    bool is_true; /* of what came in */
    bool certain;
    enum claim_ground ground;
    double worst; /* NaN: not known */
    double tip;
    double ratio;
};

static bool is_above(enum claim_op op)
{
    return op == CLAIM_ABOVE || op == CLAIM_AT_LEAST;
}

static enum claim_op opposite_of(enum claim_op op)
{
    switch (op) {
    case CLAIM_ABOVE:
        return CLAIM_AT_MOST;
    case CLAIM_AT_LEAST:
        return CLAIM_BELOW;
    case CLAIM_BELOW:
        return CLAIM_AT_LEAST;
    default:
        return CLAIM_ABOVE;
    }
}

/* ---- what cannot be judged ---- */

static double answers_of(const struct table_group *g)
{
    return table_group_repeats(g) && g->people < g->scored ? g->people : g->scored;
}

static enum claim_refusal refusal_of(const struct table_group *g)
{
    if (g->withheld)
        return CLAIM_WITHHELD;
    if (g->bands < 2)
        return CLAIM_NO_SCORES;
    if (!(answers_of(g) >= CLAIM_FEW))
        return CLAIM_TOO_FEW;
    double n = table_group_repeats(g) ? g->people : g->scored;
    return g->population < n ? CLAIM_TOO_MANY : CLAIM_NOT_REFUSED;
}

/* ---- one direction ---- */

static void direction_free(struct direction *d)
{
    free(d->scores[0]);
    free(d->scores[1]);
}

static enum status set_part(struct direction *d, size_t i, const struct claim_figure *f, bool above,
                            struct error *err)
{
    const struct table_group *g = f->group;
    d->scores[i] = calloc(g->bands, sizeof *d->scores[i]);
    if (d->scores[i] == NULL)
        return error_no_memory(err);
    for (size_t k = 0; k < g->bands; k++)
        d->scores[i][k] = above ? f->low[k] : -f->high[k];
    double n = answers_of(g);
    if (g->weighted != NULL && g->n_eff < n)
        n = g->n_eff;
    d->groups[i] = g;
    d->observed[i] = above ? f->observed : -f->observed;
    d->parts[i] = (struct readiness_part){.scores = d->scores[i],
                                          .counts = g->weighted != NULL ? g->weighted : g->counts,
                                          .bands = g->bands,
                                          .n_eff = n,
                                          .worst = above ? f->lowest : -f->highest};
    return STATUS_OK;
}

static enum status direction_make(struct direction *d, const struct claim_figures *figures,
                                  enum claim_op op, struct error *err)
{
    bool above = is_above(op);
    *d = (struct direction){.count = figures->count,
                            .t = above ? figures->number : -figures->number,
                            .strict = op == CLAIM_ABOVE || op == CLAIM_BELOW};
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < d->count; i++)
        s = set_part(d, i, &figures->of[i], (i == 0) == above, err);
    return s;
}

/* A sum that is nothing but rounding is 0. */
static bool beyond(double value, double t, bool strict)
{
    double away = value - t;
    if (fabs(away) <= 1e-12 * (fabs(value) + fabs(t)))
        away = 0;
    return strict ? away > 0 : away >= 0;
}

/* The mean of everyone if all who are silent stand at the worst end.  Unweighted: whom the weights
 * speak for is seen, not weighed. */
static double worst_mean(const struct direction *d, size_t i)
{
    const struct table_group *g = d->groups[i];
    double n = g->scored, sum = 0;
    if (table_group_repeats(g) || isnan(g->population))
        return (double)NAN;
    for (size_t k = 0; k < g->bands; k++)
        sum += g->counts[k] * d->parts[i].scores[k];
    bool plain = g->weighted == NULL;
    double mean = plain ? d->observed[i] : sum / n;
    return (n * mean + (g->population - n) * d->parts[i].worst) / g->population;
}

static void decide_certain(struct finding *f, const struct direction *d)
{
    double least = 0;
    bool all = true;
    f->worst = 0;
    for (size_t i = 0; i < d->count; i++) {
        least += d->parts[i].worst;
        f->worst += worst_mean(d, i);
        all = all && !(d->groups[i]->population > d->groups[i]->scored);
    }
    f->certain = true;
    if (beyond(least, d->t, d->strict))
        f->ground = CLAIM_BY_SCALE;
    else if (!isnan(f->worst) && beyond(f->worst, d->t, d->strict))
        f->ground = all ? CLAIM_BY_ALL : CLAIM_BY_BOUND;
    else
        f->certain = false;
}

static enum status find(struct finding *f, const struct claim_figures *figures, enum claim_op op,
                        double z, struct error *err)
{
    struct direction d;
    enum status s = direction_make(&d, figures, op, err);
    if (s == STATUS_OK)
        s = readiness_tip(&f->tip, d.parts, d.count, d.t, err);
    if (s == STATUS_OK)
        s = readiness_limit(&f->ratio, d.parts, d.count, d.t, z, err);
    if (s == STATUS_OK) {
        double observed = d.observed[0] + (d.count == 2 ? d.observed[1] : 0);
        f->is_true = beyond(observed, d.t, d.strict);
        decide_certain(f, &d);
    }
    direction_free(&d);
    return s;
}

/* ---- a random check sample ---- */

/* Does the sample alone decide for op, beyond chance?  Where only one of two groups has one, no. */
static enum status probe_holds(bool *holds, const struct claim_figures *figures, enum claim_op op,
                               const struct claim_rules *rules, struct error *err)
{
    struct direction d;
    *holds = false;
    bool exact = true;
    for (size_t i = 0; i < figures->count; i++) {
        if (rules->probes[i] == NULL)
            return STATUS_OK;
        if (!rules->probes[i]->exact && rules->probes[i]->n < CLAIM_FEW)
            return STATUS_OK;
        exact = exact && rules->probes[i]->exact;
    }
    enum status s = direction_make(&d, figures, op, err);
    for (size_t i = 0; s == STATUS_OK && i < d.count; i++) {
        d.parts[i].counts = rules->probes[i]->counts;
        d.parts[i].n_eff = rules->probes[i]->n;
    }
    double ratio = 0;
    if (s == STATUS_OK)
        s = exact ? readiness_tip(&ratio, d.parts, d.count, d.t, err)
                  : readiness_limit(&ratio, d.parts, d.count, d.t, rules->z, err);
    /* A ratio of just 1 without chance: it stands at the number itself. */
    *holds = exact && d.strict ? ratio > 1 + 1e-12 : ratio >= 1 - 1e-12 * exact;
    direction_free(&d);
    return s;
}

/* ---- the judgement ---- */

static enum claim_verdict by_ratio(const struct finding *f, double yardstick)
{
    if (f->certain)
        return CLAIM_CERTAIN;
    if (!f->is_true)
        return CLAIM_FALSE;
    return f->ratio >= yardstick ? CLAIM_SUPPORTED : CLAIM_UNSUPPORTED;
}

static bool refuse(struct claim_judgement *j, const struct claim_figures *figures)
{
    for (size_t i = 0; i < figures->count; i++) {
        j->refusal = refusal_of(figures->of[i].group);
        if (j->refusal == CLAIM_NOT_REFUSED)
            continue;
        j->verdict = CLAIM_REFUSED;
        j->refused_group = i;
        return true;
    }
    return false;
}

enum status claim_judge(struct claim_judgement *j, const struct claim_figures *figures,
                        enum claim_op op, const struct claim_rules *rules, struct error *err)
{
    double none = (double)NAN;
    *j = (struct claim_judgement){.observed = none, .worst = none, .tip = none, .ratio = none};
    if (refuse(j, figures))
        return STATUS_OK;
    struct finding claim, other;
    bool probed = false, against = false;
    enum status s = find(&claim, figures, op, rules->z, err);
    if (s == STATUS_OK)
        s = find(&other, figures, opposite_of(op), rules->z, err);
    if (s == STATUS_OK)
        s = probe_holds(&probed, figures, op, rules, err);
    if (s == STATUS_OK)
        s = probe_holds(&against, figures, opposite_of(op), rules, err);
    if (s != STATUS_OK)
        return s;
    for (size_t i = 0; i < figures->count; i++)
        j->repeated = j->repeated || table_group_repeats(figures->of[i].group);
    j->observed = figures->of[0].observed - (figures->count == 2 ? figures->of[1].observed : 0);
    j->worst = is_above(op) ? claim.worst : -claim.worst;
    j->opposite_worst = is_above(op) ? -other.worst : other.worst;
    j->tip = claim.tip;
    j->ratio = claim.ratio;
    j->opposite_ratio = other.ratio;
    j->ground = claim.certain ? claim.ground : other.ground;
    j->verdict = by_ratio(&claim, rules->yardstick);
    j->opposite = against ? CLAIM_PROBED : by_ratio(&other, rules->yardstick);
    if (other.certain)
        j->verdict = CLAIM_FALSE;
    else if (against && !claim.certain)
        j->verdict = CLAIM_PROBED_AGAINST;
    else if (probed && !claim.certain)
        j->verdict = CLAIM_PROBED;
    return STATUS_OK;
}

bool claim_holds(const struct claim_judgement *judgement)
{
    return judgement->verdict == CLAIM_CERTAIN || judgement->verdict == CLAIM_PROBED ||
           judgement->verdict == CLAIM_SUPPORTED;
}
