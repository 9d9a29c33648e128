/* The bell scenario: derivatives, shares that sum to 1, what the tilt does, refusals, recovery. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "assert_near.h"
#include "stats/arrow.h"
#include "stats/bell_fit.h"
#include "stats/bell_model.h"
#include "stats/bell_reasons.h"
#include "stats/bell_search.h"
#include "stats/chi_square.h"

static const struct bell_options plain = {.z = INTERVAL_Z95};
static const enum bell_model all_models[] = {BELL_NONE, BELL_SLOPE, BELL_ENDS, BELL_EVEN_ENDS,
                                             BELL_SLOPES};
enum { MODELS = sizeof all_models / sizeof all_models[0] };

/* Counts exactly as a theta expects them. */
static void expect_counts(double *counts, struct bell_data *data, const double *theta, double n)
{
    struct bell_point point;
    for (size_t k = 0; k < data->bands; k++)
        counts[k] = 0;
    data->counts = counts;
    bell_evaluate(&point, data, theta);
    for (size_t k = 0; k < data->bands; k++)
        counts[k] = n * point.answered[k];
}

static void shares_sum_to_one(void **state)
{
    (void)state;
    static const size_t scales[] = {2, 3, 5, 7, 11, 21, BELL_BANDS_MAX};
    static const double places[] = {-1000, -2, 0, 0.3, 0.5, 0.9, 1, 3, 1000};
    static const double widths[] = {1e-4, 0.03, 0.2, 1, 6, 1e4};
    double p[BELL_BANDS_MAX], by_mu[BELL_BANDS_MAX], by_log_sigma[BELL_BANDS_MAX];
    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
        for (size_t m = 0; m < sizeof places / sizeof places[0]; m++) {
            for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
                double length = (double)scales[s] - 1;
                double sum = 0, change = 0;
                bell_shares(p, by_mu, by_log_sigma, 1 + places[m] * length, log(widths[w] * length),
                            scales[s]);
                for (size_t k = 0; k < scales[s]; k++) {
                    assert_true(p[k] > 0 && isfinite(by_mu[k]) && isfinite(by_log_sigma[k]));
                    sum += p[k];
                    change += p[k] * by_mu[k];
                }
                assert_within(sum, 1, 1e-13, "sum of the shares");
                assert_within(change, 0, 1e-12 / widths[w], "change of that sum");
            }
        }
    }
}

/* The upper half is as exact as the lower: nothing is lost to 1 - nearly 1. */
static void both_tails_are_exact(void **state)
{
    (void)state;
    enum { K = 11 };
    double low[K], high[K], by_mu[K], by_log_sigma[K];
    bell_shares(low, by_mu, by_log_sigma, 1.3, log(0.6), K);
    bell_shares(high, by_mu, by_log_sigma, K + 1 - 1.3, log(0.6), K);
    assert_true(low[K - 1] < 1e-40);
    for (size_t k = 0; k < K; k++)
        assert_within(high[K - 1 - k] / low[k], 1, 1e-12, "a mirrored share");
}

static const double odd_counts[] = {311, 52, 77, 140, 133, 90, 260};
static const double odd_theta[] = {3.7, 0.3, 0.8, -0.4};

static void score_is_the_derivative(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        const struct bell_data data = {odd_counts, 7, all_models[m], 0.7};
        struct bell_point here, below, above;
        bell_evaluate(&here, &data, odd_theta);
        for (size_t i = 0; i < bell_parameters(data.model); i++) {
            double theta[BELL_PARAMETERS_MAX];
            const double step = 1e-5;
            memcpy(theta, odd_theta, sizeof theta);
            theta[i] = odd_theta[i] + step;
            bell_evaluate(&above, &data, theta);
            theta[i] = odd_theta[i] - step;
            bell_evaluate(&below, &data, theta);
            assert_within(here.score[i], (above.loglik - below.loglik) / (2 * step), 1e-5, "score");
        }
    }
}

/* Where the counts are as expected, the information is the falling of the score. */
static void information_is_the_curvature(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS; m++) {
        double counts[7];
        struct bell_data data = {counts, 7, all_models[m], -0.5};
        struct bell_point here, below, above;
        size_t p = bell_parameters(data.model);
        expect_counts(counts, &data, odd_theta, 1000);
        bell_evaluate(&here, &data, odd_theta);
        for (size_t j = 0; j < p; j++) {
            double theta[BELL_PARAMETERS_MAX];
            const double step = 1e-5;
            memcpy(theta, odd_theta, sizeof theta);
            theta[j] = odd_theta[j] + step;
            bell_evaluate(&above, &data, theta);
            theta[j] = odd_theta[j] - step;
            bell_evaluate(&below, &data, theta);
            for (size_t i = 0; i < p; i++) {
                assert_within(here.score[i], 0, 1e-9, "score where counts are expected");
                assert_within(here.info[i][j], (below.score[i] - above.score[i]) / (2 * step), 1e-4,
                              "information");
                assert_true(here.info[i][j] == here.info[j][i]);
            }
        }
        struct arrow_block blocks[2];
        struct arrow matrix = {.blocks = &blocks[0]}, factor = {.blocks = &blocks[1]};
        bell_information(&matrix, &here, p);
        assert_true(arrow_factor(&factor, &matrix, 0, 0));
    }
}

/* On fine bands a tilt is nothing but another mu. */
static void tilt_moves_mu(void **state)
{
    (void)state;
    enum { K = 101 };
    const double counts[K] = {0};
    const double h = (K - 1) / 2.0, sigma = 6, mu = 45;
    for (double tilt = -1.5; tilt <= 1.5; tilt += 0.5) {
        const struct bell_data tilted = {counts, K, BELL_NONE, tilt};
        const struct bell_data level = {counts, K, BELL_NONE, 0};
        const double there[] = {mu, log(sigma)};
        const double moved[] = {mu + tilt * sigma * sigma / h, log(sigma)};
        struct bell_point a, b;
        bell_evaluate(&a, &tilted, there);
        bell_evaluate(&b, &level, moved);
        for (size_t k = 0; k < K; k++)
            assert_within(a.answered[k], b.answered[k], 5e-5, "tilted share");
    }
}

/* The tilt cannot be seen: it moves the mean by a quarter of the scale and the likelihood by
 * next to nothing. */
static void tilt_is_not_identified(void **state)
{
    (void)state;
    enum { K = 7 };
    double counts[K];
    struct bell_data data = {counts, K, BELL_ENDS, 0};
    const double theta[] = {4.5, log(1.3), 1, 1.5};
    struct bell_fit low, high;
    expect_counts(counts, &data, theta, 6600);
    data.tilt = -1.5;
    assert_int_equal(bell_fit(&low, &data, &plain, NULL), STATUS_OK);
    data.tilt = 1.5;
    assert_int_equal(bell_fit(&high, &data, &plain, NULL), STATUS_OK);
    assert_int_equal(low.quality.reasons, 0);
    assert_int_equal(high.quality.reasons, 0);
    assert_within(low.mean - high.mean, 3 * 1.3 * 1.3 / 3, 0.1, "shift of the mean");
    assert_true(fabs(low.loglik - high.loglik) < 0.1);
}

static void known_parameters_come_back(void **state)
{
    (void)state;
    static const size_t scales[] = {5, 7, 11, 21};
    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
        for (size_t m = 0; m < MODELS; m++) {
            double counts[21];
            size_t k = scales[s];
            double length = (double)k - 1;
            const double theta[] = {1 + 0.55 * length, log(0.2 * length), 1.2, 0.7};
            struct bell_data data = {counts, k, all_models[m], 0.5};
            struct bell_fit fit;
            if (data.model == BELL_SLOPES)
                continue;
            expect_counts(counts, &data, theta, 1e6);
            assert_int_equal(bell_fit(&fit, &data, &plain, NULL), STATUS_OK);
            assert_false(bell_refused(fit.quality.reasons & ~(unsigned)BELL_SPARSE));
            for (size_t i = 0; i < fit.parameters; i++)
                assert_within(fit.theta[i], theta[i], 1e-6, "parameter");
            assert_within(fit.quality.g2, 0, 1e-6, "misfit");
            assert_within(fit.mu, theta[0], 1e-6, "mu");
            assert_within(fit.sigma, exp(theta[1]), 1e-6, "sigma");
            assert_true(fit.limits.low < fit.mean && fit.mean < fit.limits.high);
        }
    }
}

static void scores_only_rescale(void **state)
{
    (void)state;
    const struct bell_data data = {odd_counts, 7, BELL_ENDS, 0.5};
    const double percent[7] = {5, 20, 35, 50, 65, 80, 95};
    struct bell_options options = plain;
    struct bell_fit bands, scaled;
    assert_int_equal(bell_fit(&bands, &data, &options, NULL), STATUS_OK);
    options.scores = percent;
    assert_int_equal(bell_fit(&scaled, &data, &options, NULL), STATUS_OK);
    assert_within(scaled.mean, 5 + 15 * (bands.mean - 1), 1e-9, "mean");
    assert_within(scaled.se_mean, 15 * bands.se_mean, 1e-9, "its error");
    assert_int_equal(scaled.quality.reasons, bands.quality.reasons);
}

static void input_is_refused(void **state)
{
    (void)state;
    struct bell_fit fit;
    struct error err = ERROR_INIT;
    const double ok[5] = {10, 20, 30, 20, 10};
    const double below[5] = {10, 20, -1, 20, 10};
    const double unknown[5] = {10, 20, (double)NAN, 20, 10};
    const double falling[5] = {1, 2, 2, 3, 4};
    const struct bell_data one = {ok, 1, BELL_NONE, 0},
                           many = {ok, BELL_BANDS_MAX + 1, BELL_NONE, 0},
                           minus = {below, 5, BELL_NONE, 0}, none = {unknown, 5, BELL_NONE, 0},
                           steep = {ok, 5, BELL_NONE, (double)INFINITY},
                           good = {ok, 5, BELL_NONE, 0};
    const struct bell_options scores = {.scores = falling, .z = INTERVAL_Z95}, sure = {.z = 0};
    assert_int_equal(bell_fit(&fit, &one, &plain, &err), STATUS_DATA);
    assert_non_null(strstr(err.text, "1 band "));
    assert_int_equal(bell_fit(&fit, &many, &plain, &err), STATUS_DATA);
    assert_int_equal(bell_fit(&fit, &minus, &plain, &err), STATUS_DATA);
    assert_non_null(strstr(err.text, "band 3"));
    assert_int_equal(bell_fit(&fit, &none, &plain, &err), STATUS_DATA);
    assert_int_equal(bell_fit(&fit, &steep, &plain, &err), STATUS_DATA);
    assert_int_equal(bell_fit(&fit, &good, &scores, &err), STATUS_DATA);
    assert_int_equal(bell_fit(&fit, &good, &sure, &err), STATUS_DATA);
    assert_int_equal(bell_fit(&fit, &good, &plain, &err), STATUS_OK);
}

static unsigned reasons_of(const double *counts, size_t bands, enum bell_model model)
{
    const struct bell_data data = {counts, bands, model, 0};
    struct bell_fit fit;
    assert_int_equal(bell_fit(&fit, &data, &plain, NULL), STATUS_OK);
    return fit.quality.reasons;
}

static void scenarios_are_refused(void **state)
{
    (void)state;
    const double u[7] = {500, 40, 30, 20, 30, 40, 500};
    const double one[7] = {0, 0, 50, 0, 0, 0, 0};
    const double nothing[7] = {0};
    const double flat[5] = {1e9, 1, 1e9, 1, 1e9};
    assert_int_equal(reasons_of(u, 2, BELL_NONE), BELL_UNIDENT);
    assert_int_equal(reasons_of(u, 3, BELL_SLOPE), BELL_UNIDENT);
    assert_int_equal(reasons_of(u, 4, BELL_ENDS), BELL_UNIDENT);
    assert_true((reasons_of(u, 7, BELL_SLOPES) & BELL_TILT) != 0);
    assert_true((reasons_of(u, 7, BELL_ENDS) & BELL_BOUND) != 0);
    assert_true((reasons_of(one, 7, BELL_SLOPE) & BELL_SPARSE) != 0);
    assert_int_equal(reasons_of(nothing, 7, BELL_NONE), BELL_SPARSE);
    /* So far out in the tail GSL would end the program, were it not told otherwise. */
    assert_true((reasons_of(flat, 5, BELL_NONE) & BELL_GOF) != 0);
    assert_true(bell_refused(BELL_DF0 | BELL_WIDE));
    assert_false(bell_refused(BELL_DF0));
}

static void names_are_found(void **state)
{
    (void)state;
    static const char *const reasons[] = {"UNIDENT", "DF0", "TILT", "BOUND", "NOCONV",
                                          "COND",    "GOF", "WIDE", "SPARSE"};
    enum bell_model model;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        assert_string_equal(bell_reason_name(i), reasons[i]);
    assert_null(bell_reason_name(sizeof reasons / sizeof reasons[0]));
    for (size_t m = 0; m < MODELS; m++) {
        assert_true(bell_model_find(bell_model_name(all_models[m]), &model));
        assert_int_equal(model, all_models[m]);
    }
    assert_false(bell_model_find("E2", &model));
}

static void tails_of_chi_square(void **state)
{
    (void)state;
    assert_within(chi_square_tail(3.841458820694124, 1), 0.05, 1e-12, "5 % at 1 df");
    assert_within(chi_square_tail(10, 2), exp(-5), 1e-15, "2 df");
    assert_within(chi_square_tail(0, 3), 1, 0, "all of it");
    assert_within(chi_square_tail(1e300, 40), 0, 0, "nothing left");
    assert_within(chi_square_tail(1e5, 1e5), 0.4994, 1e-3, "many df");
    assert_true(isnan(chi_square_tail(1, 0)) && isnan(chi_square_tail((double)NAN, 2)));
}

static void response_is_scaled(void **state)
{
    (void)state;
    const struct bell_data data = {odd_counts, 7, BELL_ENDS, 0};
    struct bell_fit fit;
    double part[7], answers = 0;
    assert_int_equal(bell_fit(&fit, &data, &plain, NULL), STATUS_OK);
    assert_true(bell_fit_response(part, &fit, 1063, 50000));
    for (size_t k = 0; k < 7; k++)
        answers += 50000 * fit.shares[k] * part[k];
    assert_within(answers, 1063, 1e-8, "all answers");
    assert_within(log(part[6] / part[3]), fit.theta[3], 1e-9, "selection of the upper end");
    assert_false(
        bell_fit_response(part, &fit, 1063, 1063)); /* an end would answer more than once */
    assert_false(bell_fit_response(part, &fit, 1063, 1000));
    assert_true(isnan(part[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_sum_to_one),
        cmocka_unit_test(both_tails_are_exact),
        cmocka_unit_test(score_is_the_derivative),
        cmocka_unit_test(information_is_the_curvature),
        cmocka_unit_test(tilt_moves_mu),
        cmocka_unit_test(tilt_is_not_identified),
        cmocka_unit_test(known_parameters_come_back),
        cmocka_unit_test(scores_only_rescale),
        cmocka_unit_test(input_is_refused),
        cmocka_unit_test(scenarios_are_refused),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(tails_of_chi_square),
        cmocka_unit_test(response_is_scaled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
