#include "ops.h"

#include <math.h>
#include <stdlib.h>

#include "stats/confidence.h"
#include "stats/counts.h"
#include "stats/coverage.h"
#include "stats/moments.h"

/* counts, their scores, and the population they come from. */
struct answers {
    size_t bands;
    double *counts;
    double *x;
    struct moments moments;
    struct coverage coverage;
};

static enum status read_answers(struct answers *a, const json_t *input, struct error *err)
{
    a->counts = ops_numbers(input, "counts", &a->bands);
    a->x = ops_scores(input, a->bands);
    double n;
    enum status s = counts_sum(a->counts, a->bands, &n, err);
    if (s == STATUS_OK)
        s = coverage_of(&a->coverage, n, ops_number(input, "N"), err);
    if (s != STATUS_OK)
        return s;
    moments_about(&a->moments, a->x, a->counts, a->bands, moments_mean(a->x, a->counts, a->bands));
    return STATUS_OK;
}

static void free_answers(struct answers *a)
{
    free(a->counts);
    free(a->x);
}

static void put_share_figures(json_t *got, const struct answers *a, double z)
{
    double *figures = calloc(3 * a->bands, sizeof *figures);
    for (size_t i = 0; figures != NULL && i < a->bands; i++) {
        double share = a->counts[i] / a->coverage.n;
        struct interval bounds = coverage_bounds_share(&a->coverage, share);
        figures[i] = coverage_margin_share(&a->coverage, share, z);
        figures[a->bands + i] = bounds.low;
        figures[2 * a->bands + i] = bounds.high;
    }
    if (figures != NULL) {
        ops_put_all(got, "moe_share", figures, a->bands);
        ops_put_all(got, "manski_share_lo", figures + a->bands, a->bands);
        ops_put_all(got, "manski_share_hi", figures + 2 * a->bands, a->bands);
    }
    free(figures);
}

static json_t *coverage(const json_t *input, struct error *err)
{
    struct answers a;
    json_t *got = NULL;
    if (read_answers(&a, input, err) == STATUS_OK) {
        double z = confidence_z(ops_number_or(input, "conf", 0.95));
        struct interval mean =
            coverage_bounds_mean(&a.coverage, a.moments.mean, a.x[0], a.x[a.bands - 1]);
        got = json_object();
        ops_put(got, "n", a.coverage.n);
        ops_put(got, "N", a.coverage.population);
        ops_put(got, "f", a.coverage.fraction);
        ops_put(got, "mean", a.moments.mean);
        ops_put(got, "moe_mean", coverage_margin_mean(&a.coverage, moments_sd(&a.moments), z));
        ops_put(got, "moe_share_worst", coverage_margin_worst_share(&a.coverage, z));
        ops_put(got, "manski_mean_lo", mean.low);
        ops_put(got, "manski_mean_hi", mean.high);
        put_share_figures(got, &a, z);
    }
    free_answers(&a);
    return got;
}

static json_t *meng(const json_t *input, struct error *err)
{
    struct answers a;
    json_t *got = NULL;
    struct coverage_defect defect;
    if (read_answers(&a, input, err) == STATUS_OK &&
        coverage_defect_of(&defect, &a.coverage, a.moments.mean, sqrt(a.moments.m2),
                           ops_number(input, "rho"), err) == STATUS_OK) {
        got = json_object();
        ops_put(got, "bias", defect.bias);
        ops_put(got, "implied_mean", defect.implied_mean);
        ops_put(got, "n_eff", defect.n_eff);
        ops_put(got, "pct_reduction", defect.reduction);
    }
    free_answers(&a);
    return got;
}

static json_t *meng_binary(const json_t *input, struct error *err)
{
    struct coverage c;
    double mu;
    if (coverage_of(&c, ops_number(input, "n"), ops_number(input, "N"), err) != STATUS_OK ||
        coverage_implied_share(&mu, &c, ops_number(input, "p"), ops_number(input, "rho"), err) !=
            STATUS_OK)
        return NULL;
    json_t *got = json_object();
    ops_put(got, "mu", mu);
    return got;
}

static json_t *ddc(const json_t *input, struct error *err)
{
    struct coverage c;
    if (coverage_of(&c, ops_number(input, "n"), ops_number(input, "N"), err) != STATUS_OK)
        return NULL;
    double rho = coverage_ddc(&c, ops_number(input, "est"), ops_number(input, "truth"),
                              ops_number(input, "sigma"));
    json_t *got = json_object();
    ops_put(got, "ddc", rho);
    ops_put(got, "n_eff", coverage_n_eff(&c, rho));
    return got;
}

const struct estimator_op coverage_ops[] = {{"coverage", coverage},
                                            {"meng", meng},
                                            {"meng_binary", meng_binary},
                                            {"ddc", ddc},
                                            {NULL, NULL}};
