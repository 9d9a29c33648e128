/* The last sections of a page: what would settle it, what may be published. */
#include <math.h>

#include "estimates/explain_parts.h"
#include "stats/coverage.h"
#include "stats/moments.h"

/* The most that scores between two ends can spread: half at each. */
static double most_spread(const struct explained *e)
{
    return e->range / 2;
}

static void put_sizes(struct plain_page *page, const struct explained *e)
{
    const struct table_group *g = e->group;
    char sure[PLAIN_MAX], size[PLAIN_MAX], most[PLAIN_MAX], precision[PLAIN_MAX], sd[PLAIN_MAX];
    double z = e->options->rules.z;
    double at_most = explain_probe_size(most_spread(e), e->precision, g->population, z);
    if (e->share)
        (void)plain_points(precision, e->precision);
    else
        plain_typed(precision, e->precision);
    plain_many(most, at_most, "person", "people");
    bool spread = g->scored >= CLAIM_FEW && e->sd > 0 && !e->share;
    if (!spread) {
        page_add(page,
                 "%s would give %s among everyone to within %s (%s), however opinions spread.",
                 most, e->measure, precision, explain_confidence(sure, e));
        return;
    }
    double m = explain_probe_size(e->sd, e->precision, g->population, z);
    page_add(page,
             "%s would give %s among everyone to within %s (%s), if opinions spread "
             "as those of the answers do (a standard deviation of %s); %s however they spread.",
             plain_many(size, m, "person", "people"), e->measure, precision,
             explain_confidence(sure, e),
             plain_beside(sd, e->sd, e->range, (double)NAN, PLAIN_NEAREST), most);
}

/* What the check sample of the group itself shows. */
void explain_probe(struct plain_page *page, const struct explained *e)
{
    const struct claim_probe *probe = e->options->rules.probes[0];
    const struct claim_figure *f = &e->figures.of[0];
    char value[PLAIN_MAX], low[PLAIN_MAX], high[PLAIN_MAX], n[PLAIN_MAX], sure[PLAIN_MAX];
    if (probe == NULL || e->judgement.verdict == CLAIM_REFUSED)
        return;
    struct moments moments;
    const double *x = e->share ? f->low : e->group->scores;
    double mean = moments_mean(x, probe->counts, e->group->bands);
    moments_about(&moments, x, probe->counts, e->group->bands, mean);
    page_heading(page, probe->exact ? "What is known of everyone" : "The random check sample");
    explain_figure(value, e, mean, PLAIN_NEAREST);
    if (probe->exact) {
        page_add(page, "From elsewhere it is known that among everyone %s is %s.", e->measure,
                 value);
        page_end(page, 2);
        return;
    }
    double half = e->options->rules.z * moments_sd(&moments) / sqrt(probe->n);
    plain_many(n, probe->n, "person", "people");
    if (probe->n < CLAIM_FEW) {
        page_add(page, "A check sample (a \"probe\") of %s is too small to go by.", n);
    } else if (!(half > 0)) {
        page_add(page,
                 "In a check sample (a \"probe\") of %s, drawn by lot, %s is %s. All are alike, so "
                 "how far chance reaches does not show in it.",
                 n, e->measure, value);
    } else {
        page_add(page,
                 "In a check sample (a \"probe\") of %s, drawn by lot, %s is %s; among everyone "
                 "it lies between %s and %s (%s).",
                 n, e->measure, value, explain_figure(low, e, mean - half, PLAIN_DOWN),
                 explain_figure(high, e, mean + half, PLAIN_UP), explain_confidence(sure, e));
    }
    page_end(page, 2);
}

void explain_settle(struct plain_page *page, const struct explained *e)
{
    const struct claim_judgement *j = &e->judgement;
    page_heading(page, "What would settle it");
    if (explain_all(e->group) && j->verdict != CLAIM_REFUSED) {
        page_add(page, "Nothing more is needed: everybody answered.");
        page_end(page, 2);
        return;
    }
    const struct claim_probe *probe = e->options->rules.probes[0];
    if (probe != NULL && probe->exact && j->verdict != CLAIM_REFUSED) {
        page_add(page, "Nothing more is needed: the figure is known.");
        page_end(page, 2);
        return;
    }
    page_add(page, explain_settled(e)
                       ? "It is settled already. The figure itself would be known from a random "
                         "check sample"
                       : "A random check sample");
    page_add(page,
             "(a \"probe\"): people drawn by lot from all, and asked until nearly all of them "
             "have answered. One in which again only the willing answer settles nothing.");
    put_sizes(page, e);
    page_end(page, 2);
}

static void put_may(struct plain_page *page, const struct explained *e)
{
    struct buffer text = BUFFER_INIT;
    const struct claim_judgement *j = &e->judgement;
    bool ok = true;
    if (e->even && j->verdict == CLAIM_FALSE) {
        char n[PLAIN_MAX], value[PLAIN_MAX];
        page_add(page, "\"%s were given. Their figure, %s, points to neither side.\"",
                 plain_many(n, e->group->scored, "answer", "answers"),
                 explain_figure(value, e, j->observed, PLAIN_NEAREST));
        return;
    }
    ok = claim_sentence(&text, &e->claim, &e->found, &e->figures, j, &e->options->rules);
    page->ok = page->ok && ok;
    if (ok)
        page_add(page, "\"%s\"", text.data);
    buffer_free(&text);
}

/* A figure for everyone with a margin that belongs to random samples. */
static void put_may_not(struct plain_page *page, const struct explained *e)
{
    const struct table_group *g = e->group;
    char value[PLAIN_MAX], margin[PLAIN_MAX], n[PLAIN_MAX];
    double z = e->options->rules.z;
    double worth = explain_people(g) < g->scored ? explain_people(g) : g->scored;
    if (g->weighted != NULL && g->n_eff < worth)
        worth = g->n_eff;
    double half = z * e->sd / sqrt(worth);
    struct coverage coverage;
    struct error ignored = ERROR_INIT;
    if (g->weighted == NULL && !table_group_repeats(g) && !isnan(g->population) &&
        coverage_of(&coverage, g->scored, g->population, &ignored) == STATUS_OK)
        half = coverage_margin_mean(&coverage, e->sd, z);
    explain_figure(value, e, e->judgement.observed, PLAIN_NEAREST);
    if (e->share)
        plain_points(margin, half);
    else
        plain_beside(margin, half, e->range, 0, PLAIN_UP);
    page_add(page, "\"Among everyone %s is %s, give or take %s.\"", e->measure, value, margin);
    page_add(page,
             "That margin would hold if this were a random sample. It is not one: the %s came "
             "from people who chose to give them.",
             plain_many(n, g->scored, "answer", "answers"));
}

void explain_publish(struct plain_page *page, const struct explained *e)
{
    const struct claim_judgement *j = &e->judgement;
    page_heading(page, "May be published");
    put_may(page, e);
    page_end(page, 2);
    page_heading(page, "May not be published");
    if (j->verdict == CLAIM_REFUSED)
        page_add(page, "Any figure as one of everyone.");
    else if (explain_all(e->group))
        page_add(page, "This as a figure of anybody but the people who were counted here.");
    else if (e->sd > 0)
        put_may_not(page, e);
    else
        page_add(page, "\"Everybody thinks so.\" Only those who answered are known to.");
    page_end(page, 2);
}
