/* Weighting: properties on random tables, known figures, and what must be refused. */
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
#include "stats/kish.h"
#include "stats/linearize.h"
#include "stats/poststratify.h"
#include "stats/rake.h"
#include "stats/trim.h"

enum { LEVELS_MAX = 6, CELLS_MAX = LEVELS_MAX * LEVELS_MAX * LEVELS_MAX, ROUNDS = 200 };

static uint64_t state = 88003;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* from..to, both included */
static size_t pick(size_t from, size_t to)
{
    return from + (size_t)(next_random() % (to - from + 1));
}

/* ---- kish */

static void kish_of_equal_and_unequal_weights(void **unused)
{
    (void)unused;
    const double equal[] = {3, 3, 3}, counts[] = {1, 2, 7}, some[] = {1, 1, 4};
    struct kish k = kish(equal, counts, 3);
    assert_near(k.n_eff, 10, 1e-14, "equal");
    assert_near(k.max_over_mean, 1, 1e-14, "equal");
    k = kish(some, NULL, 3);
    assert_near(k.n_eff, 36.0 / 18, 1e-14, "one row each");
    assert_near(k.max_over_mean, 2, 1e-14, "largest over mean");
    const double huge[] = {1e200, 1e200};
    assert_near(kish(huge, NULL, 2).n_eff, 2, 1e-14, "huge");
    const double zero[] = {0, 0};
    assert_true(isnan(kish(zero, NULL, 2).n_eff));
    assert_true(isnan(kish(zero, NULL, 0).max_over_mean));
    /* A weight that no row has is not the largest. */
    const double none[] = {1, 100}, rows[] = {5, 0};
    assert_near(kish(none, rows, 2).max_over_mean, 1, 1e-14, "no row");
}

/* ---- post-stratification */

static void poststratified_weights_sum_to_the_population(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        enum { BANDS = 5 };
        double counts[LEVELS_MAX * BANDS], population[LEVELS_MAX], weights[LEVELS_MAX];
        double share[BANDS], total = 0, weighted = 0, all = 0;
        size_t strata = pick(1, LEVELS_MAX);
        for (size_t i = 0; i < strata * BANDS; i++)
            counts[i] = (double)pick(0, 40) + (i % BANDS == 2);
        for (size_t h = 0; h < strata; h++)
            total += population[h] = (double)pick(300, 100000);
        struct poststratify_input in = {
            .counts = counts, .population = population, .strata = strata, .bands = BANDS};
        struct poststratified out;
        assert_int_equal(poststratify(&in, weights, share, &out, NULL), STATUS_OK);
        for (size_t h = 0; h < strata; h++)
            for (size_t k = 0; k < BANDS; k++)
                weighted += weights[h] * counts[h * BANDS + k];
        for (size_t k = 0; k < BANDS; k++)
            all += share[k];
        assert_near(weighted, total, 1e-12, "sum of the weights");
        assert_near(all, 1, 1e-12, "sum of the shares");
        assert_true(out.design_effect >= 1 - 1e-12 && (out.se >= 0 || isnan(out.se)));
    }
}

static void poststratify_refuses(void **unused)
{
    (void)unused;
    const char *const names[] = {"north", "south"};
    double counts[] = {3, 4, 0, 0}, population[] = {100, 50}, weights[2], share[2];
    struct poststratify_input in = {
        .counts = counts, .population = population, .strata_names = names, .strata = 2, .bands = 2};
    struct poststratified out;
    struct error err = ERROR_INIT;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "stratum 'south'");
    in.strata_names = NULL;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "stratum 2");
    population[1] = 0; /* nobody there: no matter */
    assert_int_equal(poststratify(&in, weights, share, &out, &err), STATUS_OK);
    assert_near(out.mean, 1 + 4.0 / 7, 1e-14, "mean");
    assert_true(weights[1] >= 0 && weights[1] <= 0 && isfinite(out.se));
    population[1] = 50;
    counts[3] = 1;
    assert_int_equal(poststratify(&in, weights, share, &out, &err), STATUS_OK);
    assert_true(isnan(out.se) && isfinite(out.mean));
    population[0] = 0.4;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "not shares");
    population[0] = (double)INFINITY;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "finite");
    population[0] = 100;
    counts[2] = -1;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "stratum 2, band 1");
    counts[2] = (double)NAN;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "stratum 2, band 1");
    in.bands = 1;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "2 bands");
    in.bands = 2;
    in.strata = 0;
    assert_refused(poststratify(&in, weights, share, &out, &err), &err, "stratum");
}

/* ---- raking */

struct random_table {
    double counts[CELLS_MAX];
    double base[CELLS_MAX];
    double target[4][LEVELS_MAX * LEVELS_MAX];
    size_t level[4][CELLS_MAX];
    struct rake_margin margin[4];
    struct rake_input in;
};

/* Three margins and the first two crossed; targets from another random table, so that weights
 * which meet them exist.  Some cells are empty in both. */
static void make_table(struct random_table *t)
{
    size_t levels[3], cells = 1;
    memset(t, 0, sizeof *t);
    for (size_t m = 0; m < 3; m++)
        cells *= levels[m] = pick(2, LEVELS_MAX);
    for (size_t c = 0; c < cells; c++) {
        size_t rest = c;
        for (size_t m = 0; m < 3; m++) {
            t->level[m][c] = rest % levels[m];
            rest /= levels[m];
        }
        t->level[3][c] = t->level[0][c] * levels[1] + t->level[1][c];
        bool empty = pick(0, 9) == 0;
        t->counts[c] = empty ? 0 : (double)pick(1, 60);
        t->base[c] = (double)pick(1, 30) / 10;
        double people = empty ? 0 : (double)pick(500, 5000);
        for (size_t m = 0; m < 4; m++)
            t->target[m][t->level[m][c]] += people;
    }
    for (size_t m = 0; m < 4; m++)
        t->margin[m] = (struct rake_margin){.level = t->level[m],
                                            .target = t->target[m],
                                            .levels = m < 3 ? levels[m] : levels[0] * levels[1]};
    t->in = (struct rake_input){.counts = t->counts,
                                .base_weights = t->base,
                                .cells = cells,
                                .margins = t->margin,
                                .margin_count = 4};
}

static void raked_cells_give_each_margin(void **unused)
{
    (void)unused;
    static struct random_table t;
    static double fitted[CELLS_MAX], weights[CELLS_MAX];
    for (int round = 0; round < ROUNDS; round++) {
        struct raked out;
        struct error err = ERROR_INIT;
        make_table(&t);
        if (rake(&t.in, fitted, weights, &out, &err) != STATUS_OK)
            fail_msg("%s", err.text);
        for (size_t m = 0; m < 4; m++) {
            for (size_t l = 0; l < t.margin[m].levels; l++) {
                double sum = 0;
                for (size_t c = 0; c < t.in.cells; c++)
                    sum += t.level[m][c] == l ? weights[c] * t.counts[c] : 0;
                assert_near(sum, t.target[m][l], 1e-9, "a margin");
            }
        }
        for (size_t c = 0; c < t.in.cells; c++) {
            assert_true(weights[c] >= 0 && isfinite(weights[c]));
            assert_near(weights[c] * t.counts[c], fitted[c], 1e-12, "fitted");
            assert_true(t.counts[c] > 0 || (fitted[c] <= 0 && weights[c] <= 0));
        }
        assert_true(out.kish.n_eff <= out.kish.n * (1 + 1e-12) && out.sweeps >= 1);
    }
}

static void base_weights_are_not_left_out(void **unused)
{
    (void)unused;
    /* One margin: within a level, weights stay in the proportion of the base weights. */
    const double counts[] = {10, 10}, base[] = {1, 3}, target[] = {400};
    const size_t level[] = {0, 0};
    double weights[2];
    struct rake_margin margin = {.level = level, .target = target, .levels = 1};
    struct rake_input in = {
        .counts = counts, .base_weights = base, .cells = 2, .margins = &margin, .margin_count = 1};
    struct raked out;
    assert_int_equal(rake(&in, NULL, weights, &out, NULL), STATUS_OK);
    assert_near(weights[0], 10, 1e-14, "first");
    assert_near(weights[1], 30, 1e-14, "second");
}

/* 2 x 2 with names, for refusals. */
struct square {
    double counts[4];
    double rows[2];
    double columns[2];
    struct rake_margin margin[2];
    struct rake_input in;
};

static const size_t row_of[] = {0, 0, 1, 1}, column_of[] = {0, 1, 0, 1};
static const char *const ages[] = {"young", "old"};

static void make_square(struct square *s)
{
    *s = (struct square){.counts = {5, 6, 7, 8}, .rows = {30, 70}, .columns = {50, 50}};
    s->margin[0] = (struct rake_margin){
        .name = "age", .level_names = ages, .level = row_of, .target = s->rows, .levels = 2};
    s->margin[1] = (struct rake_margin){.level = column_of, .target = s->columns, .levels = 2};
    s->in = (struct rake_input){
        .counts = s->counts, .cells = 4, .margins = s->margin, .margin_count = 2};
}

static void rake_refuses(void **unused)
{
    (void)unused;
    struct square s;
    struct raked out;
    struct error err = ERROR_INIT;
    make_square(&s);
    s.counts[2] = s.counts[3] = 0;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "margin 'age', level 'old'");
    s.counts[2] = -1;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "cell 3");
    make_square(&s);
    s.columns[1] = 50.1;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "margin 2 to 100.1");
    s.columns[1] = (double)INFINITY;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "margin 2, level 2");
    s.columns[0] = s.columns[1] = 0;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "sum to 0");
    /* Only the diagonal: both margins cannot be met. */
    make_square(&s);
    s.counts[1] = s.counts[2] = 0;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "does not converge");
    assert_non_null(strstr(err.text, "margin "));
    /* What one margin sets to 0 another cannot raise. */
    s.rows[0] = 0;
    s.rows[1] = 100;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "margin 2, level 1");
    make_square(&s);
    memset(s.counts, 0, sizeof s.counts);
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "total weight of 0");
    make_square(&s);
    s.in.margin_count = 0;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "margin");
    make_square(&s);
    s.margin[0].levels = 1;
    s.rows[0] = 100;
    assert_refused(rake(&s.in, NULL, NULL, &out, &err), &err, "level 2 of 1");
}

static void margins_are_rescaled_on_request(void **unused)
{
    (void)unused;
    struct square s;
    struct raked out;
    double fitted[4];
    make_square(&s);
    s.columns[0] = 0.25; /* shares */
    s.columns[1] = 0.75;
    s.in.rescale = true;
    assert_int_equal(rake(&s.in, fitted, NULL, &out, NULL), STATUS_OK);
    assert_near(fitted[0] + fitted[1], 30, 1e-10, "the first margin");
    assert_near(fitted[1] + fitted[3], 75, 1e-10, "the second one");
    assert_near(out.total, 100, 1e-14, "total");
}

/* ---- trimming */

static void trimming_keeps_the_total(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        enum { COUNT = 40 };
        double weights[COUNT], counts[COUNT], out[COUNT], rows = 0, total = 0, after = 0;
        size_t count = pick(2, COUNT);
        for (size_t i = 0; i < count; i++) {
            weights[i] = exp((double)pick(0, 4000) / 1000);
            counts[i] = (double)pick(1, 50);
            rows += counts[i];
            total += counts[i] * weights[i];
        }
        struct trim_input in = {.weights = weights,
                                .counts = counts,
                                .count = count,
                                .lower = round % 2 == 0 ? 0 : total / rows / 4,
                                .upper = total / rows * (1 + (double)pick(5, 300) / 100)};
        struct trimmed trimmed;
        struct error err = ERROR_INIT;
        enum status s = trim(&in, out, &trimmed, &err);
        if (s != STATUS_OK) {
            assert_refused(s, &err, "leaves no row");
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            after += counts[i] * out[i];
            assert_true(out[i] <= in.upper && out[i] >= in.lower);
        }
        assert_near(after, total, 1e-12, "total");
        assert_near(trimmed.total, total, 1e-12, "total");
        assert_true((trimmed.rows_upper + trimmed.rows_lower > 0) == (trimmed.rounds > 0));
        if (in.lower <= 0)
            assert_true(trimmed.after.n_eff >= trimmed.before.n_eff * (1 - 1e-12));
    }
}

static void trim_says_what_was_lost(void **unused)
{
    (void)unused;
    double weights[] = {1, 1, 1, 9}, counts[] = {2, 2, 2, 2};
    struct trim_input in = {.weights = weights, .counts = counts, .count = 4, .upper = 6};
    struct trimmed out;
    struct error err = ERROR_INIT;
    assert_int_equal(trim(&in, weights, &out, &err), STATUS_OK); /* in place */
    assert_near(out.lost, 6, 1e-14, "lost");
    assert_near(out.rows_upper, 2, 1e-14, "rows");
    assert_near(weights[0], 2, 1e-14, "the others");
    assert_near(weights[3], 6, 1e-14, "the largest");
    assert_int_equal(out.rounds, 1);
    in.upper = 2.9;
    assert_refused(trim(&in, weights, &out, &err), &err, "must not lie below the mean");
    in.upper = (double)NAN;
    assert_refused(trim(&in, weights, &out, &err), &err, "upper limit");
    in.upper = (double)INFINITY;
    assert_int_equal(trim(&in, weights, &out, &err), STATUS_OK);
    assert_int_equal(out.rounds, 0);
    in.lower = 3.1;
    assert_refused(trim(&in, weights, &out, &err), &err, "above the mean");
    in.lower = -1;
    assert_refused(trim(&in, weights, &out, &err), &err, "cannot be trimmed");
    in.lower = 0;
    counts[1] = -2;
    assert_refused(trim(&in, weights, &out, &err), &err, "cell 2");
    in.counts = NULL;
    weights[2] = (double)NAN;
    assert_refused(trim(&in, weights, &out, &err), &err, "cell 3");
    in.count = 0;
    assert_refused(trim(&in, weights, &out, &err), &err, "no rows");
    double tight[] = {1, 1, 10};
    in = (struct trim_input){.weights = tight, .count = 3, .lower = 2, .upper = 5};
    assert_refused(trim(&in, tight, &out, &err), &err, "leaves no row");
}

/* ---- linearised standard errors */

static void plain_standard_error_is_that_of_a_sample(void **unused)
{
    (void)unused;
    /* 1 2 3 | 5 7 in two cells, equal weights: s / sqrt(n) sqrt(1 - n/N). */
    const double rows[] = {3, 2}, sum[] = {6, 12}, squares[] = {14, 74}, weights[] = {4, 4};
    struct linearize_input in = {.rows = rows,
                                 .sum = sum,
                                 .sum_squares = squares,
                                 .weights = weights,
                                 .cells = 2,
                                 .method = LINEARIZE_PLAIN,
                                 .population = 20};
    struct linearized out;
    struct error err = ERROR_INIT;
    double spread = 88 - 5 * 3.6 * 3.6;
    assert_int_equal(linearize_mean(&in, &out, &err), STATUS_OK);
    assert_near(out.mean, 3.6, 1e-14, "mean");
    assert_near(out.se, sqrt(spread / 4 / 5 * 0.75), 1e-13, "se");
    in.population = (double)INFINITY;
    assert_int_equal(linearize_mean(&in, &out, &err), STATUS_OK);
    assert_near(out.se, sqrt(spread / 4 / 5), 1e-13, "se");
    in.population = 4;
    assert_refused(linearize_mean(&in, &out, &err), &err, "5 rows from a population of 4");
    in.method = LINEARIZE_POSTSTRATIFIED;
    in.population = 20;
    assert_refused(linearize_mean(&in, &out, &err), &err, "one margin");
    const double none[] = {0, 0};
    in.weights = none;
    assert_refused(linearize_mean(&in, &out, &err), &err, "no rows");
    in.weights = weights;
    in.rows = (const double[]){1, 0};
    in.method = LINEARIZE_PLAIN;
    assert_int_equal(linearize_mean(&in, &out, &err), STATUS_OK);
    assert_true(isnan(out.se));
}

/* A margin that explains all of y leaves no error. */
static void margins_that_explain_everything_leave_no_error(void **unused)
{
    (void)unused;
    const double rows[] = {3, 2}, sum[] = {3, 10}, squares[] = {3, 50}, weights[] = {10, 20};
    const size_t level[] = {0, 1};
    struct rake_margin margin = {.level = level, .levels = 2};
    struct linearize_input in = {.rows = rows,
                                 .sum = sum,
                                 .sum_squares = squares,
                                 .weights = weights,
                                 .cells = 2,
                                 .margins = &margin,
                                 .margin_count = 1,
                                 .method = LINEARIZE_RAKED,
                                 .population = 70};
    struct linearized out;
    assert_int_equal(linearize_mean(&in, &out, NULL), STATUS_OK);
    assert_near(out.mean, 230.0 / 70, 1e-14, "mean");
    assert_true(out.se < 1e-7);
    in.method = LINEARIZE_POSTSTRATIFIED;
    assert_int_equal(linearize_mean(&in, &out, NULL), STATUS_OK);
    assert_true(out.se < 1e-7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kish_of_equal_and_unequal_weights),
        cmocka_unit_test(poststratified_weights_sum_to_the_population),
        cmocka_unit_test(poststratify_refuses),
        cmocka_unit_test(raked_cells_give_each_margin),
        cmocka_unit_test(base_weights_are_not_left_out),
        cmocka_unit_test(rake_refuses),
        cmocka_unit_test(margins_are_rescaled_on_request),
        cmocka_unit_test(trimming_keeps_the_total),
        cmocka_unit_test(trim_says_what_was_lost),
        cmocka_unit_test(plain_standard_error_is_that_of_a_sample),
        cmocka_unit_test(margins_that_explain_everything_leave_no_error),
    };
    return cmocka_run_group_tests_name("weighting", tests, NULL, NULL);
}
