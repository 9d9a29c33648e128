/* The bell scenario, a row of tilts: what everyone would think if feedback were bell-shaped. */
#include <math.h>
#include <stdio.h>

#include "estimates/ladder.h"
#include "stats/bell_fit.h"

/* What the answers are taken to be like, beside the tilt. */
static const char *readiness_of(enum bell_model model)
{
    switch (model) {
    case BELL_NONE:
        return "nobody's readiness to answer depends on how extreme the opinion is";
    case BELL_SLOPE:
        return "readiness to answer changes evenly from the middle to the ends of the scale";
    case BELL_EVEN_ENDS:
        return "both ends of the scale are alike in their readiness to answer";
    default:
        return "each end of the scale has a readiness to answer of its own";
    }
}

static void say(char text[LADDER_TEXT_MAX], enum bell_model model, double tilt)
{
    char times[DOUBLE_TEXT_MAX], number[DOUBLE_TEXT_MAX], lean[LADDER_TEXT_MAX / 2];
    if (tilt == 0)
        (void)snprintf(lean, sizeof lean, "neither side leans to answering");
    else
        (void)snprintf(lean, sizeof lean,
                       "the %s of the scale is %s times as ready as the %s by leaning alone",
                       tilt > 0 ? "top" : "bottom", ladder_number(times, exp(2 * fabs(tilt))),
                       tilt > 0 ? "bottom" : "top");
    (void)snprintf(text, LADDER_TEXT_MAX,
                   "feedback is bell-shaped in the population; %s; %s (tilt %s)",
                   readiness_of(model), lean, ladder_number(number, tilt));
}

static void put_reasons(struct ladder *l, const char *assumption, unsigned reasons)
{
    static const char *const words[] = {
        "more is asked than the bands can tell",
        "as many unknowns as bands: it fits whatever came, and cannot be tested",
        "the answers cannot show a tilt",
        "the best fit lies at the end of what was searched",
        "no best fit was found",
        "nearly undetermined",
        "does not fit the answers",
        "chance alone moves the mean too far",
        "a band has fewer than 5 answers"};
    char codes[LADDER_TEXT_MAX] = "", why[LADDER_TEXT_MAX] = "";
    const char *name;
    size_t c = 0, w = 0;
    for (size_t i = 0; (name = bell_reason_name(i)) != NULL; i++) {
        if ((reasons & (1U << i)) == 0 || (1U << i) == BELL_DF0)
            continue;
        c += (size_t)snprintf(codes + c, sizeof codes - c, "%s%s", c == 0 ? "" : " ", name);
        w += (size_t)snprintf(why + w, sizeof why - w, "%s%s", w == 0 ? "" : "; ", words[i]);
    }
    ladder_refuse(l, assumption, "mean", codes, why);
}

static void put_fit(struct ladder *l, const char *assumption, const struct bell_fit *fit)
{
    static const char chance[] = "low and high speak of chance alone, not of the tilt";
    static const char untested[] = "DF0: fits whatever came in, and cannot be tested; low and high "
                                   "speak of chance alone, not of the tilt";
    const struct table_group *g = l->group;
    bool df0 = (fit->quality.reasons & BELL_DF0) != 0;
    const struct ladder_row mean = {assumption, "mean",
                                    NULL,       fmax(fit->limits.low, g->lowest),
                                    fit->mean,  fmin(fit->limits.high, g->highest),
                                    "scenario", df0 ? untested : chance};
    double sides[BANDS_MAX], net = 0;
    ladder_put(l, &mean);
    question_scores(sides, g, (struct question){QUESTION_NET, 0});
    for (size_t b = 0; b < g->bands; b++)
        net += sides[b] * fit->shares[b];
    ladder_value(l, assumption, "net", NULL, net, "scenario", NULL);
    for (size_t b = 0; b < g->bands; b++)
        ladder_value(l, assumption, "share", &g->band[b], fit->shares[b], "scenario", NULL);
}

static enum status put_tilt(struct ladder *l, double tilt)
{
    const struct table_group *g = l->group;
    const struct bell_data data = {g->counts, g->bands, l->plan->model, tilt};
    const struct bell_options options = {g->scores, l->plan->z};
    double response[BELL_BANDS_MAX];
    char assumption[LADDER_TEXT_MAX];
    struct bell_fit fit;
    say(assumption, l->plan->model, tilt);
    if (g->bands > BELL_BANDS_MAX) {
        ladder_refuse(l, assumption, "mean", "BANDS", "more than 128 bands");
        return STATUS_OK;
    }
    /* What refuses whatever the fit says needs no fit, which takes its time. */
    unsigned before = bell_reasons_before(&data);
    if (g->bands > 2 && bell_refused(before)) {
        put_reasons(l, assumption, before);
        return STATUS_OK;
    }
    enum status s = bell_fit(&fit, &data, &options, l->err);
    if (s != STATUS_OK)
        return s;
    if (bell_refused(fit.quality.reasons))
        put_reasons(l, assumption, fit.quality.reasons);
    else if (!isnan(g->population) &&
             !bell_fit_response(response, &fit, l->coverage.n, g->population))
        ladder_refuse(l, assumption, "mean", "INFEASIBLE",
                      "a band would have fewer people than answers");
    else
        put_fit(l, assumption, &fit);
    return STATUS_OK;
}

enum status ladder_bell(struct ladder *l)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; l->plan->bell && s == STATUS_OK && i < l->plan->tilt_count; i++)
        s = put_tilt(l, l->plan->tilts[i]);
    return s;
}
