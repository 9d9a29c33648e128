/* The chance that the simulations draw with, against exact probabilities. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../simulate/draws.h"

enum { DRAWS = 200000, COUNT_MAX = 200 };

/* Sum over the values of (seen - expected)^2 / expected, values of few expected taken together; of
 * as many degrees as it returns in *degrees. */
static double misfit(const uint64_t *seen, const double *p, size_t values, double *degrees)
{
    double sum = 0, rest_seen = 0, rest_expected = 0;
    *degrees = -1;
    for (size_t i = 0; i < values; i++) {
        const double expected = p[i] * DRAWS;
        if (expected < 10) {
            rest_seen += (double)seen[i];
            rest_expected += expected;
            continue;
        }
        sum += ((double)seen[i] - expected) * ((double)seen[i] - expected) / expected;
        *degrees += 1;
    }
    if (rest_expected >= 1) {
        sum += (rest_seen - rest_expected) * (rest_seen - rest_expected) / rest_expected;
        *degrees += 1;
    }
    return sum;
}

/* Within 5 standard deviations of chi-squared, which the fixed seed makes a matter of once. */
static void assert_fits(const uint64_t *seen, const double *p, size_t values)
{
    double degrees;
    const double sum = misfit(seen, p, values, &degrees);
    assert_true(degrees >= 1);
    assert_true(sum < degrees + 5 * sqrt(2 * degrees) + 10);
}

static void check_binomial(uint64_t n, double p, uint64_t seed)
{
    uint64_t seen[COUNT_MAX + 1] = {0};
    double exact[COUNT_MAX + 1];
    struct random r;
    random_seed(&r, seed);
    for (int i = 0; i < DRAWS; i++) {
        const uint64_t x = draws_binomial(&r, n, draws_parts(p));
        assert_true(x <= n);
        seen[x]++;
    }
    const double count = (double)n;
    for (uint64_t x = 0; x <= n; x++) {
        const double k = (double)x;
        exact[x] = exp(lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1) + k * log(p) +
                       (count - k) * log1p(-p));
    }
    assert_fits(seen, exact, n + 1);
}

static void test_binomial(void **state)
{
    (void)state;
    check_binomial(1, 0.25, 1);
    check_binomial(10, 0.5, 2);
    check_binomial(63, 0.03, 3);
    check_binomial(64, 0.7, 4);
    check_binomial(65, 0.9, 5);
    check_binomial(200, 0.31, 6);
}

/* The test above would see a coin that is off by a hundredth. */
static void test_a_wrong_coin_is_seen(void **state)
{
    (void)state;
    uint64_t seen[11] = {0};
    double exact[11];
    struct random r;
    double degrees;
    random_seed(&r, 7);
    for (int i = 0; i < DRAWS; i++)
        seen[draws_binomial(&r, 10, draws_parts(0.51))]++;
    for (int x = 0; x <= 10; x++)
        exact[x] = exp(lgamma(11) - lgamma(x + 1.0) - lgamma(11.0 - x) + 10 * log(0.5));
    assert_true(misfit(seen, exact, 11, &degrees) > 300);
}

static void test_binomial_ends(void **state)
{
    (void)state;
    struct random r;
    random_seed(&r, 8);
    assert_int_equal(draws_binomial(&r, 1000, 0), 0);
    assert_int_equal(draws_binomial(&r, 1000, DRAWS_ONE), 1000);
    assert_int_equal(draws_binomial(&r, 0, draws_parts(0.5)), 0);
    assert_int_equal(draws_parts(-1), 0);
    assert_int_equal(draws_parts(2), DRAWS_ONE);
    /* A million people: mean and variance. */
    double sum = 0, squares = 0;
    const double n = 1e6, p = 0.0066;
    for (int i = 0; i < 400; i++) {
        const double x = (double)draws_binomial(&r, 1000000, draws_parts(p)) - n * p;
        sum += x;
        squares += x * x;
    }
    const double variance = n * p * (1 - p);
    assert_true(fabs(sum / 400) < 5 * sqrt(variance / 400));
    assert_true(fabs(squares / 400 / variance - 1) < 5 * sqrt(2.0 / 400));
}

static void test_multinomial(void **state)
{
    (void)state;
    static const double weights[5] = {1, 0, 4, 2, 3};
    double mean[5] = {0}, product = 0;
    struct random r;
    random_seed(&r, 9);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t counts[5];
        uint64_t all = 0;
        draws_multinomial(&r, counts, weights, 5, 100);
        for (int k = 0; k < 5; k++) {
            all += counts[k];
            mean[k] += (double)counts[k] / DRAWS;
        }
        assert_int_equal(all, 100);
        assert_int_equal(counts[1], 0);
        product += ((double)counts[0] - 10) * ((double)counts[4] - 30) / DRAWS;
    }
    for (int k = 0; k < 5; k++) {
        const double p = weights[k] / 10;
        assert_true(fabs(mean[k] - 100 * p) <= 5 * sqrt(100 * p * (1 - p) / DRAWS));
    }
    assert_true(fabs(product - -100 * 0.1 * 0.3) < 0.2); /* covariance - n p q */
}

/* Two bands: the hypergeometric distribution. */
static void test_sample(void **state)
{
    (void)state;
    static const uint64_t people[3] = {30, 0, 50};
    uint64_t seen[31] = {0};
    double exact[31];
    struct random r;
    random_seed(&r, 10);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t sample[3];
        draws_sample(&r, sample, people, 3, 20);
        assert_int_equal(sample[0] + sample[2], 20);
        assert_int_equal(sample[1], 0);
        seen[sample[0]]++;
    }
    for (int x = 0; x <= 30; x++)
        exact[x] = x > 20 ? 0
                          : exp(lgamma(31) - lgamma(x + 1.0) - lgamma(31.0 - x) + lgamma(51) -
                                lgamma(21.0 - x) - lgamma(31.0 + x) - lgamma(81) + lgamma(21) +
                                lgamma(61));
    assert_fits(seen, exact, 31);
    uint64_t everyone[3];
    draws_sample(&r, everyone, people, 3, 1000);
    assert_memory_equal(everyone, people, sizeof people);
}

static void test_normal(void **state)
{
    (void)state;
    double sum = 0, squares = 0;
    struct random r;
    random_seed(&r, 11);
    for (int i = 0; i < DRAWS; i++) {
        const double x = draws_normal(&r);
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / DRAWS) < 5 / sqrt(DRAWS));
    assert_true(fabs(squares / DRAWS - 1) < 5 * sqrt(2.0 / DRAWS));
}

/* What the generator gave when this was written: the same seed gives the same draws for ever. */
static void test_same_for_ever(void **state)
{
    (void)state;
    static const double weights[4] = {1, 2, 3, 4};
    uint64_t counts[4], sample[4];
    struct random r;
    random_seed(&r, 20240601);
    draws_multinomial(&r, counts, weights, 4, 1000);
    draws_sample(&r, sample, counts, 4, 50);
    static const uint64_t first[4] = {106, 198, 304, 392}, second[4] = {6, 7, 18, 19};
    assert_memory_equal(counts, first, sizeof first);
    assert_memory_equal(sample, second, sizeof second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binomial),      cmocka_unit_test(test_a_wrong_coin_is_seen),
        cmocka_unit_test(test_binomial_ends), cmocka_unit_test(test_multinomial),
        cmocka_unit_test(test_sample),        cmocka_unit_test(test_normal),
        cmocka_unit_test(test_same_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
