#include "ops.h"

#include <stdlib.h>

#include "stats/agreement.h"
#include "stats/balance.h"
#include "stats/confidence.h"
#include "stats/counts.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/polarization.h"

static void put_moments(json_t *got, const struct moments *m)
{
    ops_put(got, "n", m->n);
    ops_put(got, "mean", m->mean);
    ops_put(got, "var", moments_variance(m));
    ops_put(got, "sd", moments_sd(m));
    ops_put(got, "skew_g1", moments_plain_skewness(m));
    ops_put(got, "kurt_g2", moments_plain_kurtosis(m));
    ops_put(got, "skew_G1", moments_skewness(m));
    ops_put(got, "kurt_G2", moments_kurtosis(m));
    ops_put(got, "bimodality", moments_bimodality(m));
}

static void put_forms(json_t *got, const double *x, const double *counts, size_t bands)
{
    ops_put(got, "polarity", balance_polarity(counts, bands));
    ops_put(got, "extreme_pos_share", balance_high_end(counts, bands));
    ops_put(got, "net", balance_net(x, counts, bands));
    ops_put(got, "agreement_A", agreement_eijk(counts, bands));
    ops_put(got, "leik_D", agreement_leik(counts, bands));
    ops_put(got, "esteban_ray", polarization_esteban_ray(x, counts, bands));
    ops_put(got, "esteban_ray_norm", polarization_normalised(x, counts, bands));
}

static void put_shares(json_t *got, const double *counts, size_t bands, double n, double confidence)
{
    struct interval *together = calloc(bands, sizeof *together);
    double *figures = calloc(5 * bands, sizeof *figures);
    if (together != NULL && figures != NULL) {
        interval_goodman(together, counts, bands, confidence_z_together(confidence, bands));
        for (size_t i = 0; i < bands; i++) {
            struct interval one = interval_wilson(counts[i], n, confidence_z(confidence));
            figures[i] = counts[i] / n;
            figures[bands + i] = one.low;
            figures[2 * bands + i] = one.high;
            figures[3 * bands + i] = together[i].low;
            figures[4 * bands + i] = together[i].high;
        }
        ops_put_all(got, "share", figures, bands);
        ops_put_all(got, "wilson_lo", figures + bands, bands);
        ops_put_all(got, "wilson_hi", figures + 2 * bands, bands);
        ops_put_all(got, "goodman_lo", figures + 3 * bands, bands);
        ops_put_all(got, "goodman_hi", figures + 4 * bands, bands);
    }
    free(together);
    free(figures);
}

static json_t *describe(const json_t *input, struct error *err)
{
    size_t bands;
    double *counts = ops_numbers(input, "counts", &bands);
    double *x = ops_scores(input, bands);
    json_t *got = NULL;
    double n;
    enum status s = counts_sum(counts, bands, &n, err);
    if (s == STATUS_OK)
        s = counts_scores(x, bands, err);
    if (s == STATUS_OK) {
        struct moments m;
        got = json_object();
        moments_about(&m, x, counts, bands, moments_mean(x, counts, bands));
        put_moments(got, &m);
        put_forms(got, x, counts, bands);
        put_shares(got, counts, bands, n, ops_number_or(input, "conf", 0.95));
    }
    free(counts);
    free(x);
    return got;
}

static struct moment_sums sums_of(const json_t *input, const char *key)
{
    size_t count;
    double *five = ops_numbers(input, key, &count);
    struct moment_sums sums = {0};
    if (count == 5)
        sums = (struct moment_sums){five[0], five[1], five[2], five[3], five[4]};
    free(five);
    return sums;
}

/* The values that `direct` was computed from are not in the case: both have to agree with it. */
static json_t *merge_moments(const json_t *input, struct error *err)
{
    (void)err;
    json_t *got = json_object();
    struct moment_sums a = sums_of(input, "a"), b = sums_of(input, "b");
    struct moment_sums ab = moments_merge(&a, &b), ba = moments_merge(&b, &a);
    const double merged[] = {ab.n, ab.mean, ab.s2, ab.s3, ab.s4};
    const double direct[] = {ba.n, ba.mean, ba.s2, ba.s3, ba.s4};
    ops_put_all(got, "merged", merged, 5);
    ops_put_all(got, "direct", direct, 5);
    return got;
}

const struct estimator_op describe_ops[] = {
    {"describe", describe}, {"merge_moments", merge_moments}, {NULL, NULL}};
