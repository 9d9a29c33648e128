/* What n of N can say: published figures, inversion of each identity, and the refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "assert_near.h"
#include "stats/confidence.h"
#include "stats/counts.h"
#include "stats/coverage.h"

static uint64_t state = 40904;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double next_unit(void)
{
    return (double)(next_random() >> 11) * 0x1p-53;
}

static struct coverage of(double n, double population)
{
    struct coverage c;
    struct error err = ERROR_INIT;
    assert_int_equal(coverage_of(&c, n, population, &err), STATUS_OK);
    return c;
}

static void bad_numbers_are_refused(void **unused)
{
    (void)unused;
    struct coverage c;
    static const struct {
        double n, population;
        const char *word;
    } cases[] = {
        {10, 9, "smaller"},          {-1, 9, "number of answers"}, {0, -1, "population"},
        {(double)NAN, 9, "answers"}, {1, INFINITY, "population"},  {INFINITY, INFINITY, "finite"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(coverage_of(&c, cases[i].n, cases[i].population, &err), STATUS_DATA);
        assert_non_null(strstr(err.text, cases[i].word));
    }
    double n;
    struct error err = ERROR_INIT;
    assert_int_equal(counts_sum((double[]){1, 2, -3}, 3, &n, &err), STATUS_DATA);
    assert_non_null(strstr(err.text, "band 3"));
    assert_int_equal(counts_sum((double[]){1, (double)NAN}, 2, &n, &err), STATUS_DATA);
    assert_int_equal(counts_sum((double[]){1e308, 1e308}, 2, &n, &err), STATUS_DATA);
    assert_int_equal(counts_sum((double[]){5}, 1, &n, &err), STATUS_DATA);
    assert_int_equal(counts_sum((double[]){0, 0}, 2, &n, &err), STATUS_OK);
    assert_int_equal(counts_scores((double[]){1, 1}, 2, &err), STATUS_DATA);
    assert_int_equal(counts_scores((double[]){1, INFINITY}, 2, &err), STATUS_DATA);
    assert_int_equal(counts_any_scores((double[]){1, 0}, 2, &err), STATUS_OK);
}

static void nothing_is_defined_without_answers(void **unused)
{
    (void)unused;
    const double x[] = {1, 2}, none[] = {0, 0};
    for (int with = 0; with < 2; with++) {
        struct coverage c = of(0, with ? 100 : 0);
        struct coverage_defect defect;
        struct error err = ERROR_INIT;
        double implied;
        assert_true(isnan(c.fraction) && isnan(coverage_margin_worst_share(&c, 2)));
        assert_true(isnan(coverage_margin_mean(&c, 1, 2)));
        assert_true(isnan(coverage_bounds_mean(&c, (double)NAN, 1, 5).low));
        assert_true(isnan(coverage_bounds_share(&c, (double)NAN).high));
        assert_true(
            isnan(coverage_bounds_quantile(&c, x, none, 2, (struct probability){1, 2}).low));
        assert_int_equal(coverage_defect_of(&defect, &c, (double)NAN, (double)NAN, .1, &err),
                         STATUS_OK);
        assert_true(isnan(defect.implied_mean) && isnan(defect.n_eff) && isnan(defect.reduction));
        assert_int_equal(coverage_implied_share(&implied, &c, (double)NAN, .1, &err), STATUS_OK);
        assert_true(isnan(implied) && isnan(coverage_ddc(&c, 1, 2, 3)));
    }
}

static void all_answers_are_the_population(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3}, counts[] = {2, 3, 5};
    for (double n = 1; n <= 10; n += 9) {
        struct coverage c = of(n, n);
        struct coverage_defect defect;
        struct error err = ERROR_INIT;
        double implied;
        assert_true(coverage_margin_worst_share(&c, 2) == 0);
        assert_true(coverage_margin_mean(&c, (double)NAN, 2) == 0);
        struct interval mean = coverage_bounds_mean(&c, 2.5, 1, 3);
        assert_true(mean.low == 2.5 && mean.high == 2.5);
        struct interval share = coverage_bounds_share(&c, 0.25);
        assert_true(share.low == 0.25 && share.high == 0.25);
        assert_int_equal(coverage_defect_of(&defect, &c, 2.5, 1, 0.9, &err), STATUS_OK);
        assert_true(defect.implied_mean == 2.5 && defect.n_eff == n && defect.reduction == 0);
        assert_int_equal(coverage_implied_share(&implied, &c, 0.25, 0.9, &err), STATUS_OK);
        assert_within(implied, 0.25, 1e-15, "share");
        assert_true(isnan(coverage_ddc(&c, 1, 2, 3)));
    }
    struct coverage c = of(10, 10);
    struct interval median = coverage_bounds_quantile(&c, x, counts, 3, (struct probability){1, 2});
    assert_true(median.low == 2 && median.high == 2);
}

static void margins_as_in_the_books(void **unused)
{
    (void)unused;
    assert_within(confidence_z(0.95), INTERVAL_Z95, 1e-15, "z");
    assert_within(confidence_z_together(0.95, 5), 2.5758293035489, 1e-12, "z at 0.995");
    assert_true(isnan(confidence_z(1)) && isnan(confidence_z(0)) && isnan(confidence_z(-1)));
    assert_true(isnan(confidence_z((double)NAN)) && isnan(confidence_z_together(.95, 0)));
    struct coverage c = of(1000, 1e9);
    assert_within(coverage_margin_worst_share(&c, INTERVAL_Z95), 0.030990, 1e-6, "1000 answers");
    struct coverage few = of(5, 10);
    assert_within(coverage_margin_worst_share(&few, 2), 2 * sqrt(0.05 * 5 / 9), 1e-15, "5 of 10");
    struct coverage half = of(1000, 2000);
    assert_within(coverage_margin_mean(&half, 2, INTERVAL_Z95),
                  INTERVAL_Z95 * 2 / sqrt(1000) * sqrt(0.5), 1e-15, "half of all");
    assert_true(coverage_margin_share(&half, 1, INTERVAL_Z95) == 0);
}

/* The bounds are what is found if the silent all sit in one band, tried for every band. */
static void bounds_are_reached_by_some_population(void **unused)
{
    (void)unused;
    const double x[] = {-2, 0, 1, 1.5, 4};
    for (int round = 0; round < 300; round++) {
        double counts[5], n = 0;
        for (size_t i = 0; i < 5; i++)
            n += counts[i] = (double)(next_random() % 4 == 0 ? 0 : next_random() % 50);
        if (n <= 0)
            continue;
        double silent = (double)(next_random() % 100), population = n + silent;
        struct coverage c = of(n, population);
        struct probability p = {(unsigned)(1 + next_random() % 9), 10};
        double low = INFINITY, high = -INFINITY, low_mean = INFINITY, high_mean = -INFINITY;
        double seen = 0;
        for (size_t at = 0; at < 5; at++) {
            double sum = 0, below = 0, found = (double)NAN;
            seen += counts[at] * x[at] / n;
            for (size_t i = 0; i < 5; i++) {
                double people = counts[i] + (i == at ? silent : 0);
                sum += people * x[i];
                below += people;
                if (isnan(found) && below * 10 >= population * p.num)
                    found = x[i];
            }
            low = fmin(low, found);
            high = fmax(high, found);
            low_mean = fmin(low_mean, sum / population);
            high_mean = fmax(high_mean, sum / population);
        }
        struct interval quantile = coverage_bounds_quantile(&c, x, counts, 5, p);
        struct interval mean = coverage_bounds_mean(&c, seen, x[0], x[4]);
        assert_true(quantile.low == low && quantile.high == high);
        assert_within(mean.low, low_mean, 1e-12, "mean");
        assert_within(mean.high, high_mean, 1e-12, "mean");
        struct interval share = coverage_bounds_share(&c, counts[2] / n);
        assert_within(share.low, counts[2] / population, 1e-14, "share");
        assert_within(share.high, (counts[2] + silent) / population, 1e-14, "share");
    }
}

static void identity_and_its_inverse(void **unused)
{
    (void)unused;
    for (int round = 0; round < 500; round++) {
        double n = 1 + (double)(next_random() % 100000);
        struct coverage c = of(n, n + 1 + (double)(next_random() % 100000000));
        double rho = (next_unit() - 0.5) * 0.02, mean = 1 + 4 * next_unit();
        double sigma = 0.1 + next_unit();
        struct coverage_defect defect;
        struct error err = ERROR_INIT;
        assert_int_equal(coverage_defect_of(&defect, &c, mean, sigma, rho, &err), STATUS_OK);
        double back = coverage_ddc(&c, mean, defect.implied_mean, sigma);
        assert_within(back, rho, 1e-12, "rho");
        /* sigma^2 / error^2 */
        double n_eff = fmin(n, sigma * sigma / (defect.bias * defect.bias));
        assert_within(defect.n_eff / n_eff, 1, 1e-9, "n_eff");
        assert_within(defect.reduction, 1 - n_eff / n, 1e-9, "reduction");
        double mu = next_unit(), share;
        assert_int_equal(coverage_implied_share(&mu, &c, mu, rho, &err), STATUS_OK);
        assert_true(mu >= 0 && mu <= 1);
        /* forward again: the share of the answers that such a population gives */
        share = mu + rho * sqrt(mu * (1 - mu)) * sqrt(c.odds);
        double again;
        assert_int_equal(coverage_implied_share(&again, &c, fmin(fmax(share, 0), 1), rho, &err),
                         STATUS_OK);
        assert_within(again, mu, 1e-9, "share");
    }
}

static void correlations_at_their_ends(void **unused)
{
    (void)unused;
    struct coverage c = of(100, 1000);
    struct coverage_defect defect;
    struct error err = ERROR_INIT;
    double share;
    assert_int_equal(coverage_defect_of(&defect, &c, 3, 1, 1.01, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "correlation"));
    assert_int_equal(coverage_defect_of(&defect, &c, 3, 1, (double)NAN, &err), STATUS_USAGE);
    assert_int_equal(coverage_implied_share(&share, &c, .5, -2, &err), STATUS_USAGE);
    assert_int_equal(coverage_implied_share(&share, &c, 1.1, 0, &err), STATUS_DATA);
    assert_int_equal(coverage_defect_of(&defect, &c, 3, 1, 0, &err), STATUS_OK);
    assert_true(defect.bias == 0 && defect.n_eff == 100);
    assert_int_equal(coverage_implied_share(&share, &c, .3, 0, &err), STATUS_OK);
    assert_true(share == .3);
    /* nobody, or everybody, says yes: only a correlation of the other sign can hide the rest */
    const double ends[][3] = {{0, 0.5, 0}, {1, -0.5, 1}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(coverage_implied_share(&share, &c, ends[i][0], ends[i][1], &err),
                         STATUS_OK);
        assert_within(share, ends[i][2], 1e-15, "end");
    }
    assert_int_equal(coverage_implied_share(&share, &c, 0, -0.5, &err), STATUS_OK);
    assert_within(share, 0.25 * 9 / (1 + 0.25 * 9), 1e-15, "t / (1 + t)");
    /* a rare answer in a huge population: no digits may cancel */
    struct coverage huge = of(1e4, 1e13);
    assert_int_equal(coverage_implied_share(&share, &huge, 1e-6, 0.5, &err), STATUS_OK);
    assert_within(share / (1e-12 / (0.25 * 1e9)), 1, 1e-5, "p^2 / t");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_numbers_are_refused),
        cmocka_unit_test(nothing_is_defined_without_answers),
        cmocka_unit_test(all_answers_are_the_population),
        cmocka_unit_test(margins_as_in_the_books),
        cmocka_unit_test(bounds_are_reached_by_some_population),
        cmocka_unit_test(identity_and_its_inverse),
        cmocka_unit_test(correlations_at_their_ends),
    };
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
