/* The bell scenario over groups, its bootstrap, and the matrices that carry both. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "assert_near.h"
#include "sampling/random.h"
#include "stats/arrow.h"
#include "stats/bell_bootstrap.h"
#include "stats/bell_pooled.h"

static const struct bell_options plain = {.z = INTERVAL_Z95};
static const double table[] = {300,  686, 1960, 2198, 3402, 871, 1902, 3564,
                               1766, 670, 39,   226,  667,  727, 782};

static uint64_t next_of(void *state)
{
    return random_next(state);
}

static double between(struct random *r, double low, double high)
{
    return low + (high - low) * ((double)(random_next(r) >> 11) * 0x1p-53);
}

enum { BLOCKS = 5, ROWS = 2 * BLOCKS + ARROW_BORDER_MAX };

/* The same arrow as blocks and in full. */
static void make_arrow(struct arrow *arrow, double (*full)[ROWS], struct random *r)
{
    memset(full, 0, ROWS * sizeof *full);
    arrow->count = BLOCKS;
    arrow->border = ARROW_BORDER_MAX;
    for (size_t g = 0; g < BLOCKS; g++) {
        for (size_t i = 0; i < 2; i++) {
            for (size_t j = 0; j < 2; j++) {
                double side = between(r, -1, 1);
                arrow->blocks[g].side[i][j] = side;
                full[2 * g + i][2 * BLOCKS + j] = full[2 * BLOCKS + j][2 * g + i] = side;
                arrow->blocks[g].own[i][j] = full[2 * g + i][2 * g + j] = i == j ? 4 : -1.5;
            }
        }
    }
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++)
            arrow->corner[i][j] = full[2 * BLOCKS + i][2 * BLOCKS + j] = i == j ? 30 : 2;
}

static void arrows_are_solved(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 5);
    for (int round = 0; round < 20; round++) {
        struct arrow_block blocks[BLOCKS], room[BLOCKS];
        struct arrow matrix = {.blocks = blocks}, factor = {.blocks = room};
        double full[ROWS][ROWS], x[ROWS], v[ROWS], form = 0;
        make_arrow(&matrix, full, &r);
        for (size_t i = 0; i < ROWS; i++)
            x[i] = v[i] = between(&r, -3, 3);
        assert_true(arrow_factor(&factor, &matrix, 0.5, 10));
        arrow_solve(&factor, v);
        for (size_t i = 0; i < ROWS; i++) {
            double sum = 0.5 * fmax(full[i][i], 10) * v[i];
            for (size_t j = 0; j < ROWS; j++)
                sum += full[i][j] * v[j];
            assert_within(sum, x[i], 1e-12, "the matrix times the solution");
            form += x[i] * v[i];
        }
        assert_within(arrow_quadratic(&factor, x), form, 1e-12, "quadratic form");
    }
}

static void condition_of_arrows(void **state)
{
    (void)state;
    struct arrow_block blocks[3] = {{.own = {{4, 3}, {3, 9}}}};
    struct arrow matrix = {.blocks = &blocks[0], .count = 1}, scratch = {.blocks = &blocks[1]};
    assert_within(arrow_condition(&scratch, &matrix), (1 + 0.5) / (1 - 0.5), 1e-12,
                  "correlation 1/2");
    matrix.blocks[0].own[1][0] = 6;
    assert_true(isinf(arrow_condition(&scratch, &matrix)));
    matrix.blocks[0].own[0][0] = 0;
    assert_true(isinf(arrow_condition(&scratch, &matrix)));
    assert_false(arrow_factor(&scratch, &matrix, 0, 0));
}

static void one_group_is_a_fit(void **state)
{
    (void)state;
    const double counts[] = {311, 52, 77, 140, 133, 90, 260};
    const struct bell_data data = {counts, 7, BELL_ENDS, 0.5};
    const struct bell_pool pool = {counts, 1, 7, BELL_ENDS, 0.5};
    struct bell_fit fit;
    struct bell_pooled pooled;
    struct bell_group group;
    assert_int_equal(bell_fit(&fit, &data, &plain, NULL), STATUS_OK);
    assert_int_equal(bell_pooled(&pooled, &group, &pool, &plain, NULL), STATUS_OK);
    assert_within(pooled.loglik, fit.loglik, 1e-8, "likelihood");
    assert_within(group.mu, fit.mu, 1e-7, "mu");
    assert_within(group.sigma, fit.sigma, 1e-7, "sigma");
    assert_within(group.mean, fit.mean, 1e-7, "mean");
    assert_within(group.se_mean, fit.se_mean, 1e-7, "its error");
    for (size_t i = 0; i < 2; i++) {
        assert_within(pooled.lambda[i], fit.theta[2 + i], 1e-6, "selection");
        assert_within(pooled.se_lambda[i], fit.se[2 + i], 1e-6, "its error");
    }
    assert_within(pooled.quality.g2, fit.quality.g2, 1e-7, "misfit");
    assert_within(pooled.quality.condition, fit.quality.condition, 1e-4, "condition");
    assert_int_equal(pooled.quality.df, fit.quality.df);
    assert_int_equal(pooled.quality.reasons, fit.quality.reasons);
}

static void many_groups_come_back(void **state)
{
    (void)state;
    enum { G = 150, K = 5 };
    struct random r;
    double *counts = calloc(G * K, sizeof *counts);
    double *truth = calloc(G, 2 * sizeof *truth);
    struct bell_group *groups = calloc(G, sizeof *groups);
    assert_true(counts != NULL && truth != NULL && groups != NULL);
    random_seed(&r, 7);
    for (size_t g = 0; g < G; g++) {
        const double theta[] = {between(&r, 2.4, 3.6), log(between(&r, 0.8, 1.3)), 0.9, 1.4};
        const struct bell_data data = {counts + K * g, K, BELL_ENDS, 0};
        struct bell_point point;
        bell_evaluate(&point, &data, theta);
        truth[2 * g] = theta[0];
        truth[2 * g + 1] = bell_mean(&point, NULL, K, NULL);
        for (size_t k = 0; k < K; k++)
            counts[K * g + k] = 5000 * point.answered[k];
    }
    const struct bell_pool pool = {counts, G, K, BELL_ENDS, 0};
    struct bell_pooled fit;
    assert_int_equal(bell_pooled(&fit, groups, &pool, &plain, NULL), STATUS_OK);
    assert_int_equal(fit.quality.reasons, 0);
    assert_int_equal(fit.quality.df, G * (K - 3) - 2);
    assert_within(fit.lambda[0], 0.9, 1e-7, "lower end");
    assert_within(fit.lambda[1], 1.4, 1e-7, "upper end");
    for (size_t g = 0; g < G; g++) {
        assert_within(groups[g].mu, truth[2 * g], 1e-7, "mu");
        assert_within(groups[g].mean, truth[2 * g + 1], 1e-7, "mean");
        assert_true(groups[g].se_mean > 0 && groups[g].se_mean < 0.1);
    }
    free(groups);
    free(truth);
    free(counts);
}

static void pools_are_refused(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    struct bell_pooled fit;
    struct bell_group groups[3];
    double counts[15] = {0};
    const struct bell_pool empty = {table, 0, 5, BELL_ENDS, 0},
                           narrow = {table, 3, 1, BELL_NONE, 0},
                           three = {table, 3, 3, BELL_ENDS, 0}, good = {table, 3, 5, BELL_ENDS, 0},
                           slopes = {table, 3, 5, BELL_SLOPES, 0},
                           holed = {counts, 3, 5, BELL_ENDS, 0};
    assert_int_equal(bell_pooled(&fit, groups, &empty, &plain, &err), STATUS_DATA);
    assert_int_equal(bell_pooled(&fit, groups, &narrow, &plain, &err), STATUS_DATA);
    assert_int_equal(bell_pooled(&fit, groups, &three, &plain, &err), STATUS_OK);
    assert_int_equal(fit.quality.reasons, BELL_UNIDENT);
    assert_true(isnan(groups[2].mean));
    assert_int_equal(bell_pooled(&fit, groups, &slopes, &plain, &err), STATUS_OK);
    assert_true((fit.quality.reasons & BELL_TILT) != 0);
    memcpy(counts, table, sizeof counts);
    memset(counts + 5, 0, 5 * sizeof *counts);
    assert_int_equal(bell_pooled(&fit, groups, &holed, &plain, &err), STATUS_DATA);
    assert_non_null(strstr(err.text, "group 2"));
    counts[7] = -3;
    assert_int_equal(bell_pooled(&fit, groups, &holed, &plain, &err), STATUS_DATA);
    assert_non_null(strstr(err.text, "group 2: band 3"));
    assert_int_equal(bell_pooled(&fit, groups, &good, &plain, &err), STATUS_OK);
    assert_int_equal(fit.quality.reasons, 0);
}

static void draws_are_multinomial(void **state)
{
    (void)state;
    enum { ROUNDS = 4000 };
    struct random r;
    const struct bell_draws draws = {next_of, &r, 0};
    const double q[4] = {0.5, 0, 0.3, 0.2};
    double counts[4], sum[4] = {0}, squares[4] = {0};
    random_seed(&r, 11);
    for (int i = 0; i < ROUNDS; i++) {
        bell_draw(counts, q, 4, 500.9, &draws);
        assert_true(counts[0] + counts[1] + counts[2] + counts[3] == 500);
        for (size_t k = 0; k < 4; k++) {
            sum[k] += counts[k];
            squares[k] += (counts[k] - 500 * q[k]) * (counts[k] - 500 * q[k]);
        }
    }
    for (size_t k = 0; k < 4; k++) {
        assert_within(sum[k] / ROUNDS, 500 * q[k], 0.7, "mean of the draws");
        assert_within(squares[k] / ROUNDS, 500 * q[k] * (1 - q[k]), 10, "their variance");
    }
    bell_draw(counts, q, 4, 5e9, &draws); /* more than an int */
    assert_within(counts[0], 2.5e9, 5e5, "half of many");
    assert_true(counts[0] + counts[2] + counts[3] == 5e9);
}

static void bootstrap_agrees_with_the_information(void **state)
{
    (void)state;
    const double counts[] = {311, 52, 77, 140, 133, 90, 260};
    const struct bell_data data = {counts, 7, BELL_SLOPE, 0};
    struct random r;
    struct bell_draws draws = {next_of, &r, 400};
    struct bell_fit fit;
    struct bell_bootstrap one, two;
    struct error err = ERROR_INIT;
    assert_int_equal(bell_fit(&fit, &data, &plain, NULL), STATUS_OK);
    random_seed(&r, 3);
    assert_int_equal(bell_bootstrap(&one, &fit, &data, &plain, &draws, NULL), STATUS_OK);
    random_seed(&r, 3);
    assert_int_equal(bell_bootstrap(&two, &fit, &data, &plain, &draws, NULL), STATUS_OK);
    assert_memory_equal(&one, &two, sizeof one);
    assert_within(one.se / fit.se_mean, 1, 0.15, "standard error");
    assert_within(one.limits.low, fit.limits.low, 0.5 * fit.se_mean, "lower limit");
    assert_within(one.limits.high, fit.limits.high, 0.5 * fit.se_mean, "upper limit");
    assert_within(one.at_bound, 0, 0, "draws at the box");
    draws.count = BELL_DRAWS_MIN - 1;
    assert_int_equal(bell_bootstrap(&one, &fit, &data, &plain, &draws, &err), STATUS_DATA);
    draws.count = BELL_DRAWS_MIN;
    fit.mean = (double)NAN;
    assert_int_equal(bell_bootstrap(&one, &fit, &data, &plain, &draws, &err), STATUS_OK);
    assert_true(isnan(one.se) && isnan(one.limits.low));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrows_are_solved),
        cmocka_unit_test(condition_of_arrows),
        cmocka_unit_test(one_group_is_a_fit),
        cmocka_unit_test(many_groups_come_back),
        cmocka_unit_test(pools_are_refused),
        cmocka_unit_test(draws_are_multinomial),
        cmocka_unit_test(bootstrap_agrees_with_the_information),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
