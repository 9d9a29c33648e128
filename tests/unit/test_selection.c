/* Bounds, sweep and tipping points against every pattern of weights, and the refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "assert_near.h"
#include "stats/balance.h"
#include "stats/selection.h"
#include "stats/sensitivity.h"

enum { BANDS_MAX = 10 };

static uint64_t state = 1312;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

struct table {
    size_t bands;
    double x[BANDS_MAX];
    double sides[BANDS_MAX]; /* scores of the net */
    double one[BANDS_MAX];   /* scores of one band's share */
    double counts[BANDS_MAX];
    double n;
};

static void make_table(struct table *t)
{
    double at = (double)(next_random() % 10) - 5;
    t->n = 0;
    t->bands = 2 + next_random() % (BANDS_MAX - 1);
    size_t chosen = next_random() % t->bands;
    for (size_t i = 0; i < t->bands; i++) {
        t->x[i] = at += (double)(1 + next_random() % 4) / 2;
        t->one[i] = i == chosen;
        t->counts[i] = next_random() % 3 == 0 ? 0 : (double)(next_random() % 1000);
        t->n += t->counts[i];
    }
    if (t->n <= 0)
        t->n = t->counts[chosen] = 1;
    balance_scores(t->sides, t->x, t->bands);
}

static double weighted(const double *scores, const struct table *t, const double *w)
{
    double n = 0, sum = 0;
    for (size_t i = 0; i < t->bands; i++) {
        n += t->counts[i] * w[i];
        sum += t->counts[i] * w[i] * scores[i];
    }
    return sum / n;
}

/* Never rising away from the middle band, or from both of them weighed alike. */
static bool has_peak_in_middle(const double *w, size_t bands)
{
    size_t low = (bands - 1) / 2, high = bands / 2;
    bool good = w[low] == w[high];
    for (size_t i = 0; i < low; i++)
        good = good && w[i] <= w[i + 1];
    for (size_t i = high; i + 1 < bands; i++)
        good = good && w[i] >= w[i + 1];
    return good;
}

/* Weights of 1 and gamma in every pattern: the corners among which a linear program looks. */
static struct interval brute(const double *scores, const struct table *t, double gamma, bool ushape)
{
    struct interval all = {INFINITY, -INFINITY};
    for (unsigned pattern = 0; pattern < 1U << t->bands; pattern++) {
        double w[BANDS_MAX];
        for (size_t i = 0; i < t->bands; i++)
            w[i] = pattern >> i & 1 ? gamma : 1;
        if (ushape && !has_peak_in_middle(w, t->bands))
            continue;
        double mean = weighted(scores, t, w);
        all.low = fmin(all.low, mean);
        all.high = fmax(all.high, mean);
    }
    return all;
}

static void bounds_are_the_best_of_all_patterns(void **unused)
{
    (void)unused;
    static const double gammas[] = {1, 1.5, 2, 3, 20};
    struct error err = ERROR_INIT;
    for (int round = 0; round < 150; round++) {
        struct table t;
        make_table(&t);
        const double *const scores[] = {t.x, t.sides, t.one};
        double gamma = gammas[next_random() % 5];
        for (size_t i = 0; i < 3; i++) {
            struct interval any, ushape, want = brute(scores[i], &t, gamma, false);
            assert_int_equal(selection_bounds(&any, scores[i], t.counts, t.bands, gamma, &err),
                             STATUS_OK);
            assert_near(any.low, want.low, 1e-12, "low");
            assert_near(any.high, want.high, 1e-12, "high");
            want = brute(scores[i], &t, gamma, true);
            assert_int_equal(
                selection_ushape_bounds(&ushape, scores[i], t.counts, t.bands, gamma, &err),
                STATUS_OK);
            assert_near(ushape.low, want.low, 1e-12, "U, low");
            assert_near(ushape.high, want.high, 1e-12, "U, high");
        }
    }
}

/* Corners are enough: no weights between 1 and gamma lie outside the bounds. */
static void no_weights_lie_outside_the_bounds(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    for (int round = 0; round < 300; round++) {
        struct table t;
        struct interval any;
        double w[BANDS_MAX];
        make_table(&t);
        for (size_t i = 0; i < t.bands; i++)
            w[i] = 1 + 2 * (double)(next_random() % 1001) / 1000;
        assert_int_equal(selection_bounds(&any, t.x, t.counts, t.bands, 3, &err), STATUS_OK);
        double mean = weighted(t.x, &t, w);
        assert_true(mean >= any.low - 1e-12 && mean <= any.high + 1e-12);
    }
}

static void bounds_of_edges(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3}, counts[] = {30, 0, 10}, none[3] = {0}, alone[] = {0, 7, 0};
    struct interval b;
    struct error err = ERROR_INIT;
    assert_int_equal(selection_bounds(&b, x, counts, 3, 1, &err), STATUS_OK);
    assert_true(b.low == 1.5 && b.high == 1.5);
    assert_int_equal(selection_bounds(&b, x, counts, 3, 3, &err), STATUS_OK);
    assert_near(b.low, 1.2, 1e-12, "low");
    assert_near(b.high, 2, 1e-12, "high");
    assert_int_equal(selection_bounds(&b, x, none, 3, 3, &err), STATUS_OK);
    assert_true(isnan(b.low) && isnan(b.high));
    assert_int_equal(selection_ushape_bounds(&b, x, none, 3, 3, &err), STATUS_OK);
    assert_true(isnan(b.low) && isnan(b.high));
    /* whoever answered gave one score: its weight changes nothing */
    assert_int_equal(selection_bounds(&b, x, alone, 3, 20, &err), STATUS_OK);
    assert_true(b.low == 2 && b.high == 2);
    /* K = 2: both bands are the middle, and a U has nothing to move */
    assert_int_equal(selection_ushape_bounds(&b, x, (double[]){1, 3}, 2, 9, &err), STATUS_OK);
    assert_true(b.low == 1.75 && b.high == 1.75);
    assert_int_equal(selection_bounds(&b, x, (double[]){1, 3}, 2, 3, &err), STATUS_OK);
    assert_near(b.low, 1.5, 1e-12, "low");
    assert_near(b.high, 1.9, 1e-12, "high");
    assert_int_equal(selection_bounds(&b, x, counts, 3, 1e308, &err), STATUS_OK);
    assert_true(b.low == 1 && b.high == 3);
}

static void bad_tables_and_ratios_are_refused(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3}, counts[] = {1, 2, 3};
    const double bad_counts[] = {1, -2, 3}, bad_x[] = {1, (double)NAN, 3};
    const double bad_ratios[] = {0.99, 0, -1, (double)NAN, INFINITY};
    struct interval b;
    struct sweep_row row;
    double figure, shares[3];
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < 5; i++) {
        double gamma = bad_ratios[i];
        assert_int_equal(selection_bounds(&b, x, counts, 3, gamma, &err), STATUS_USAGE);
        assert_int_equal(selection_ushape_bounds(&b, x, counts, 3, gamma, &err), STATUS_USAGE);
        assert_int_equal(sweep_at(&row, shares, x, counts, 3, EXTREMES_BOTH, gamma, 9, &err),
                         STATUS_USAGE);
        assert_non_null(strstr(err.text, "ratio of readiness"));
    }
    assert_int_equal(selection_bounds(&b, x, bad_counts, 3, 2, &err), STATUS_DATA);
    assert_non_null(strstr(err.text, "band 2"));
    assert_int_equal(selection_bounds(&b, bad_x, counts, 3, 2, &err), STATUS_DATA);
    assert_int_equal(selection_bounds(&b, x, counts, 1, 2, &err), STATUS_DATA);
    assert_int_equal(sweep_at(&row, shares, bad_x, counts, 3, EXTREMES_BOTH, 2, 9, &err),
                     STATUS_DATA);
    assert_int_equal(sweep_limit(&figure, counts, 3, EXTREMES_BOTH, 5, &err), STATUS_DATA);
    assert_int_equal(tipping_extremes(&figure, x, bad_counts, 3, EXTREMES_BOTH, 2, &err),
                     STATUS_DATA);
    assert_int_equal(tipping_any(&figure, x, bad_counts, 3, 2, &err), STATUS_DATA);
    assert_int_equal(tipping_any(&figure, x, counts, 3, (double)NAN, &err), STATUS_USAGE);
}

static void silent_counts(void **unused)
{
    (void)unused;
    const double counts[] = {30, 40, 30}, even[] = {.3, .4, .3}, few[] = {.01, .5, .49};
    double silent[3];
    bool feasible;
    struct error err = ERROR_INIT;
    assert_int_equal(selection_silent(silent, &feasible, counts, even, 3, 1000, &err), STATUS_OK);
    assert_true(feasible);
    assert_near(silent[0] + silent[1] + silent[2], 900, 1e-12, "all the silent");
    assert_int_equal(selection_silent(silent, &feasible, counts, few, 3, 1000, &err), STATUS_OK);
    assert_true(!feasible && silent[0] < 0);
    /* N = n: nobody is silent, whatever the rounding of the shares */
    const double two[] = {1, 48}, of_two[] = {1.0 / 49, 48.0 / 49};
    assert_int_equal(selection_silent(silent, &feasible, two, of_two, 2, 49, &err), STATUS_OK);
    assert_true(feasible && silent[0] == 0 && silent[1] == 0);
    double thirds[] = {1.0 / 3, 1.0 / 3, 1.0 / 3}, seven[] = {7, 7, 7};
    assert_int_equal(selection_silent(silent, &feasible, seven, thirds, 3, 21, &err), STATUS_OK);
    assert_true(feasible && silent[0] == 0 && silent[1] == 0 && silent[2] == 0);
    assert_int_equal(selection_silent(silent, &feasible, counts, even, 3, 99, &err), STATUS_DATA);
    thirds[0] = 0.5;
    assert_int_equal(selection_silent(silent, &feasible, seven, thirds, 3, 21, &err), STATUS_DATA);
    thirds[0] = -0.1;
    assert_int_equal(selection_silent(silent, &feasible, seven, thirds, 3, 21, &err), STATUS_DATA);
    const double none[3] = {0};
    assert_int_equal(selection_silent(silent, &feasible, none, even, 3, 9, &err), STATUS_OK);
    assert_true(!feasible && isnan(silent[0]));
}

/* At the limit the band that is short of people has exactly as many as answered. */
static void sweep_is_feasible_up_to_its_limit(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    for (int round = 0; round < 300; round++) {
        struct table t;
        struct sweep_row row;
        double limit, shares[BANDS_MAX], silent[BANDS_MAX];
        bool feasible;
        make_table(&t);
        enum extremes e = (enum extremes)(next_random() % 3);
        double population = t.n * (1 + (double)(1 + next_random() % 50) / 10);
        assert_int_equal(sweep_limit(&limit, t.counts, t.bands, e, population, &err), STATUS_OK);
        if (isinf(limit))
            continue;
        assert_true(limit > 1);
        for (int beyond = 0; beyond < 2; beyond++) {
            double gamma = beyond ? limit * 1.01 : 1 + (limit - 1) * 0.99;
            double inside = 0;
            assert_int_equal(sweep_at(&row, shares, t.x, t.counts, t.bands, e, gamma, limit, &err),
                             STATUS_OK);
            assert_int_equal(
                selection_silent(silent, &feasible, t.counts, shares, t.bands, population, &err),
                STATUS_OK);
            inside += e != EXTREMES_HIGH ? t.counts[0] : 0;
            inside += e != EXTREMES_LOW ? t.counts[t.bands - 1] : 0;
            assert_true(row.feasible == (beyond == 0));
            assert_true(feasible == (beyond == 0 || inside <= 0));
        }
    }
}

static void sweep_of_edges(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3}, counts[] = {10, 5, 20}, none[3] = {0};
    double limit, shares[3];
    struct sweep_row row;
    struct error err = ERROR_INIT;
    assert_int_equal(sweep_limit(&limit, counts, 3, EXTREMES_BOTH, 35, &err), STATUS_OK);
    assert_true(limit == 1); /* N = n */
    assert_int_equal(sweep_at(&row, shares, x, counts, 3, EXTREMES_BOTH, 1, limit, &err),
                     STATUS_OK);
    assert_true(row.feasible);
    assert_near(row.net, 10.0 / 35, 1e-12, "net");
    assert_int_equal(sweep_at(&row, shares, x, counts, 3, EXTREMES_HIGH, 4, limit, &err),
                     STATUS_OK);
    assert_near(shares[2], 0.25, 1e-12, "share");
    assert_near(row.mean, 1.75, 1e-12, "mean");
    assert_true(!row.feasible);
    assert_int_equal(sweep_limit(&limit, counts, 3, EXTREMES_BOTH, (double)NAN, &err), STATUS_OK);
    assert_int_equal(sweep_at(&row, shares, x, counts, 3, EXTREMES_LOW, 50, limit, &err),
                     STATUS_OK);
    assert_true(isnan(limit) && row.feasible);
    /* K = 2: all are extremes, and nothing moves */
    assert_int_equal(sweep_limit(&limit, counts, 2, EXTREMES_BOTH, 35, &err), STATUS_OK);
    assert_true(isinf(limit));
    assert_int_equal(sweep_at(&row, shares, x, counts, 2, EXTREMES_BOTH, 9, limit, &err),
                     STATUS_OK);
    assert_near(row.mean, 4.0 / 3, 1e-12, "mean");
    assert_int_equal(sweep_at(&row, shares, x, none, 3, EXTREMES_BOTH, 2, limit, &err), STATUS_OK);
    assert_true(isnan(row.mean) && isnan(row.net) && isnan(shares[0]) && !row.feasible);
}

/* A ratio that tips the mean brings it to t, and a smaller one does not. */
static void tipping_points_tip(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    int tipped = 0;
    for (int round = 0; round < 500; round++) {
        struct table t;
        struct sweep_row row;
        struct interval b;
        double gamma, shares[BANDS_MAX];
        make_table(&t);
        enum extremes e = (enum extremes)(next_random() % 3);
        double at = t.x[0] + (t.x[t.bands - 1] - t.x[0]) * (double)(1 + next_random() % 9) / 10;
        assert_int_equal(tipping_any(&gamma, t.x, t.counts, t.bands, at, &err), STATUS_OK);
        if (isfinite(gamma)) {
            assert_int_equal(selection_bounds(&b, t.x, t.counts, t.bands, gamma, &err), STATUS_OK);
            assert_true(fabs(b.low - at) < 1e-9 || fabs(b.high - at) < 1e-9);
        }
        assert_int_equal(tipping_extremes(&gamma, t.x, t.counts, t.bands, e, at, &err), STATUS_OK);
        if (!isfinite(gamma))
            continue;
        tipped++;
        assert_int_equal(sweep_at(&row, shares, t.x, t.counts, t.bands, e, gamma, gamma, &err),
                         STATUS_OK);
        assert_true(fabs(row.mean - at) < 1e-9 * (1 + gamma));
    }
    assert_true(tipped > 50);
}

static void tipping_of_edges(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3}, none[3] = {0}, middle[] = {0, 5, 0};
    double sides[3], gamma;
    struct error err = ERROR_INIT;
    static const struct {
        double counts[3];
        double t, extremes, any;
    } cases[] = {
        {{0, 5, 5}, 1.5, INFINITY, INFINITY}, /* all above: no ratio */
        {{10, 5, 5}, 2, INFINITY, 2},         /* the others lie at t: extremes alone never */
        {{20, 10, 5}, 1.8, 5, 2},             /* (-16 + 6) against 2 */
        {{5, 10, 5}, 1.5, INFINITY, 5},       /* extremes pull as the others do */
        {{0, 7, 0}, 2, (double)NAN, (double)NAN},
        {{5, 9, 5}, 2, (double)NAN, 1},
        {{0, 0, 0}, 2, (double)NAN, (double)NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double want = cases[i].extremes;
        assert_int_equal(
            tipping_extremes(&gamma, x, cases[i].counts, 3, EXTREMES_BOTH, cases[i].t, &err),
            STATUS_OK);
        if (isfinite(want))
            assert_near(gamma, want, 1e-12, "extremes");
        else
            assert_true(isnan(want) ? isnan(gamma) : isinf(gamma));
        want = cases[i].any;
        assert_int_equal(tipping_any(&gamma, x, cases[i].counts, 3, cases[i].t, &err), STATUS_OK);
        if (isfinite(want))
            assert_near(gamma, want, 1e-12, "any");
        else
            assert_true(isnan(want) ? isnan(gamma) : isinf(gamma));
    }
    /* the others balance but for rounding: none, not a ratio of 1e16 */
    assert_int_equal(tipping_extremes(&gamma, (double[]){0, 0.1, 0.3, 0.9}, (double[]){1, 1, 1, 1},
                                      4, EXTREMES_BOTH, 0.2, &err),
                     STATUS_OK);
    assert_true(isinf(gamma));
    balance_scores(sides, x, 3);
    assert_int_equal(tipping_any(&gamma, sides, (double[]){10, 90, 35}, 3, 0, &err), STATUS_OK);
    assert_near(gamma, 3.5, 1e-12, "net: the larger side by the smaller");
    assert_int_equal(tipping_any(&gamma, sides, middle, 3, 0, &err), STATUS_OK);
    assert_true(isnan(gamma));
    assert_int_equal(tipping_any(&gamma, sides, none, 3, 0, &err), STATUS_OK);
    assert_true(isnan(gamma));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_the_best_of_all_patterns),
        cmocka_unit_test(no_weights_lie_outside_the_bounds),
        cmocka_unit_test(bounds_of_edges),
        cmocka_unit_test(bad_tables_and_ratios_are_refused),
        cmocka_unit_test(silent_counts),
        cmocka_unit_test(sweep_is_feasible_up_to_its_limit),
        cmocka_unit_test(sweep_of_edges),
        cmocka_unit_test(tipping_points_tip),
        cmocka_unit_test(tipping_of_edges),
    };
    return cmocka_run_group_tests_name("selection", tests, NULL, NULL);
}
