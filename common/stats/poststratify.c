#include "stats/poststratify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/refuse.h"

static double score(const struct poststratify_input *in, size_t band)
{
    return in->scores == NULL ? (double)band + 1 : in->scores[band];
}

static enum status check_stratum(const struct poststratify_input *in, size_t h, double n,
                                 struct error *err)
{
    double population = in->population[h];
    char name[REFUSE_NAME_MAX];
    (void)refuse_name(name, "stratum", in->strata_names, h);
    if (n <= 0 && population > 0)
        return error_set(err, STATUS_DATA,
                         "%s: %.15g people and no answer, so nothing can stand for them; join it "
                         "with another stratum, or leave the margin out",
                         name, population);
    if (n > population)
        return error_set(err, STATUS_DATA,
                         "%s: %.15g answers from a population of %.15g; give numbers of people, "
                         "not shares, and answers of each person once",
                         name, n, population);
    return STATUS_OK;
}

static enum status check(const struct poststratify_input *in, double *n, struct poststratified *out,
                         struct error *err)
{
    if (in->bands < 2 || in->strata < 1)
        return error_set(err, STATUS_DATA,
                         "post-stratification of %zu strata and %zu bands: it needs at least one "
                         "stratum and 2 bands",
                         in->strata, in->bands);
    enum status s =
        refuse_counts(in->population, in->strata, "a population", "stratum", in->strata_names, err);
    out->population = 0;
    for (size_t h = 0; s == STATUS_OK && h < in->strata; h++) {
        const double *counts = in->counts + h * in->bands;
        char name[REFUSE_NAME_MAX];
        char kind[REFUSE_NAME_MAX + 8];
        (void)snprintf(kind, sizeof kind, "%s, band",
                       refuse_name(name, "stratum", in->strata_names, h));
        s = refuse_counts(counts, in->bands, "answers", kind, NULL, err);
        for (size_t k = 0; k < in->bands; k++)
            n[h] += counts[k];
        if (s == STATUS_OK)
            s = check_stratum(in, h, n[h], err);
        out->population += in->population[h];
    }
    if (s == STATUS_OK && !(out->population > 0 && isfinite(out->population)))
        return error_set(err, STATUS_DATA,
                         "all strata have a population of %g together; give numbers of people",
                         out->population);
    return s;
}

/* W_h^2 s_h^2 / n_h (1 - n_h / N_h) */
static double variance_part(const struct poststratify_input *in, size_t h, double n, double share)
{
    const double *counts = in->counts + h * in->bands;
    if (!(n > 1))
        return (double)NAN;
    double mean = 0, squares = 0;
    for (size_t k = 0; k < in->bands; k++)
        mean += counts[k] / n * score(in, k);
    for (size_t k = 0; k < in->bands; k++)
        squares += counts[k] * (score(in, k) - mean) * (score(in, k) - mean);
    return share * share * squares / (n - 1) / n * (1 - n / in->population[h]);
}

static void estimate(const struct poststratify_input *in, const double *n, double *weights,
                     double *share, struct poststratified *out)
{
    double variance = 0;
    for (size_t k = 0; k < in->bands; k++)
        share[k] = 0;
    for (size_t h = 0; h < in->strata; h++) {
        weights[h] = 0;
        if (!(n[h] > 0))
            continue;
        double part = in->population[h] / out->population;
        weights[h] = in->population[h] / n[h];
        variance += variance_part(in, h, n[h], part);
        for (size_t k = 0; k < in->bands; k++)
            share[k] += part * (in->counts[h * in->bands + k] / n[h]);
    }
    out->mean = 0;
    for (size_t k = 0; k < in->bands; k++)
        out->mean += share[k] * score(in, k);
    out->se = sqrt(variance);
    out->kish = kish(weights, n, in->strata);
    out->design_effect = out->kish.n / out->kish.n_eff;
}

enum status poststratify(const struct poststratify_input *in, double *weights, double *share,
                         struct poststratified *out, struct error *err)
{
    double *n = calloc(in->strata + 1, sizeof *n);
    if (n == NULL)
        return error_no_memory(err);
    enum status s = check(in, n, out, err);
    if (s == STATUS_OK)
        estimate(in, n, weights, share, out);
    free(n);
    return s;
}
