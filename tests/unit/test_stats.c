/* Statistics against plain long double formulas, known values and properties. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/agreement.h"
#include "stats/balance.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/polarization.h"
#include "stats/quantile.h"
#include "stats/ratio.h"
#include "stats/shape.h"

enum { VALUES_MAX = 64, RECORDS_MAX = 4000 };

static uint64_t state = 77001;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void assert_near(double got, long double want, const char *what)
{
    long double size = fabsl(want) > 1 ? fabsl(want) : 1;
    if (!(fabsl((long double)got - want) <= 1e-12L * size))
        fail_msg("%s: got %.17g, want %.17Lg", what, got, want);
}

/* A random table value -> count, and the records that it stands for. */
struct sample {
    int64_t values[VALUES_MAX]; /* millionths */
    uint64_t counts[VALUES_MAX];
    double x[VALUES_MAX];
    double w[VALUES_MAX];
    size_t count;
    long double records[RECORDS_MAX];
    size_t n;
};

static void make_sample(struct sample *s)
{
    s->count = 1 + next_random() % (next_random() % 2 ? 5 : VALUES_MAX);
    s->n = 0;
    int64_t value = (int64_t)(next_random() % 20) * 500000 - 5000000;
    for (size_t i = 0; i < s->count; i++) {
        value += (int64_t)(1 + next_random() % 8) * 250000;
        s->values[i] = value;
        s->counts[i] = 1 + next_random() % 60;
        s->x[i] = (double)value / 1e6;
        s->w[i] = (double)s->counts[i];
        for (uint64_t k = 0; k < s->counts[i]; k++)
            s->records[s->n++] = (long double)value / 1e6L;
    }
}

static long double power_sum(const struct sample *s, long double mean, int power)
{
    long double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += powl(s->records[i] - mean, power);
    return sum;
}

static void moments_agree_with_records(void **unused)
{
    (void)unused;
    static struct sample s;
    int full = 0;
    for (int round = 0; round < 500; round++) {
        struct moments m;
        make_sample(&s);
        long double n = (long double)s.n, mean = 0;
        for (size_t i = 0; i < s.n; i++)
            mean += s.records[i] / n;
        moments_about(&m, s.x, s.w, s.count, moments_mean(s.x, s.w, s.count));
        assert_near(m.mean, mean, "mean");
        if (s.n > 1)
            assert_near(moments_sd(&m), sqrtl(power_sum(&s, mean, 2) / (n - 1)), "sd");
        else
            assert_true(isnan(moments_sd(&m)));
        if (s.n < 4 || s.count < 2) {
            assert_true(isnan(moments_skewness(&m)) && isnan(moments_bimodality(&m)));
            continue;
        }
        full++;
        long double m2 = power_sum(&s, mean, 2) / n;
        long double g1 = power_sum(&s, mean, 3) / n / powl(m2, 1.5L);
        long double g2 = power_sum(&s, mean, 4) / n / (m2 * m2) - 3;
        long double skew = g1 * sqrtl(n * (n - 1)) / (n - 2);
        long double kurt = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6);
        long double even = 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
        assert_near(moments_skewness(&m), skew, "skewness");
        assert_near(moments_kurtosis(&m), kurt, "kurtosis");
        assert_near(moments_bimodality(&m), (skew * skew + 1) / (kurt + even), "bimodality");
    }
    assert_true(full > 300);
}

static struct moment_sums sums_of(const double *x, const double *w, size_t count)
{
    struct moments m;
    moments_about(&m, x, w, count, moments_mean(x, w, count));
    return moments_sums(&m);
}

/* A table in two parts, one of which may be empty, and a single value far from all others. */
static void merged_moments_are_those_of_the_whole(void **unused)
{
    (void)unused;
    static struct sample s;
    for (int round = 0; round < 500; round++) {
        make_sample(&s);
        size_t cut = next_random() % (s.count + 1);
        if (s.count > 1 && round % 10 == 0) {
            s.x[s.count - 1] += 1000;
            cut = s.count - 1;
        }
        struct moment_sums whole = sums_of(s.x, s.w, s.count);
        struct moment_sums a = sums_of(s.x, s.w, cut);
        struct moment_sums b = sums_of(s.x + cut, s.w + cut, s.count - cut);
        struct moment_sums both = moments_merge(&a, &b), turned = moments_merge(&b, &a);
        struct moments m = moments_of_sums(&both), back = moments_of_sums(&turned);
        struct moments want = moments_of_sums(&whole);
        long double scale = 1 + (long double)whole.s2 / (long double)whole.n;
        assert_near(m.n, want.n, "n");
        assert_near(m.mean, want.mean, "mean");
        assert_near(m.m2, want.m2, "m2");
        assert_near(m.m3 / (double)(scale * sqrtl(scale)), want.m3 / (scale * sqrtl(scale)), "m3");
        assert_near(m.m4 / (double)(scale * scale), want.m4 / (scale * scale), "m4");
        assert_near(back.mean, want.mean, "mean, turned");
        assert_near(back.m4 / (double)(scale * scale), want.m4 / (scale * scale), "m4, turned");
    }
    struct moment_sums none = {0}, still = moments_merge(&none, &none);
    assert_true(still.n == 0 && isnan(moments_of_sums(&still).mean));
}

static void balance_of_sides_and_ends(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3, 4, 5}, counts[] = {10, 5, 100, 5, 40}, nothing[5] = {0};
    assert_near(balance_net(x, counts, 5), 30.0L / 160, "net");
    assert_near(balance_polarity(counts, 5), 50.0L / 160, "polarity");
    assert_near(balance_high_end(counts, 5), 0.8L, "high end");
    assert_near(balance_net(x, counts, 2), -5.0L / 15, "two bands have no middle");
    assert_true(isnan(balance_net(x, nothing, 5)) && isnan(balance_polarity(nothing, 5)));
    assert_true(isnan(balance_high_end(nothing, 5)) && isnan(balance_high_end(counts, 1)));
    /* (0.1 + 0.7) / 2 is below 0.4 as doubles go */
    double sides[3];
    balance_scores(sides, (double[]){0.1, 0.4, 0.7}, 3);
    assert_true(sides[0] == -1 && sides[1] == 0 && sides[2] == 1);
}

static void quantiles_agree_with_records(void **unused)
{
    (void)unused;
    static struct sample s;
    for (int round = 0; round < 500; round++) {
        make_sample(&s);
        for (unsigned num = 1; num < 20; num++) {
            struct probability p = {num, 20};
            long double h = (long double)((s.n - 1) * num) / 20;
            size_t low = (s.n - 1) * num / 20;
            size_t high = low + 1 < s.n ? low + 1 : low;
            long double seven =
                s.records[low] + (h - (long double)low) * (s.records[high] - s.records[low]);
            size_t rank = (s.n * num + 19) / 20;
            assert_near(quantile_type7(s.values, s.counts, s.count, p, 1000000), seven, "type 7");
            assert_near(quantile_type1(s.values, s.counts, s.count, p, 1000000),
                        s.records[rank - 1], "type 1");
            /* cumulative count >= n p, the mean of two neighbours on equality */
            long double weighted = s.records[rank - 1];
            if (s.n * num % 20 == 0)
                weighted = (weighted + s.records[rank]) / 2;
            assert_near(quantile_weighted(s.values, s.w, s.count, p, 1000000), weighted,
                        "weighted");
        }
    }
}

static void quantiles_of_known_tables(void **unused)
{
    (void)unused;
    const int64_t values[] = {1, 2, 3, 4};
    const uint64_t ones[] = {1, 1, 1, 1};
    const double thirds[] = {1.0 / 3, 1.0 / 3, 1.0 / 3, 1};
    const struct probability tenth = {1, 10}, half = {1, 2};
    assert_near(quantile_type7(values, ones, 4, tenth, 1), 1.3L, "R: quantile(1:4, .1)");
    assert_near(quantile_type7(values, ones, 4, half, 1), 2.5L, "R: quantile(1:4, .5)");
    assert_near(quantile_type1(values, ones, 4, half, 1), 2, "R: quantile(1:4, .5, type = 1)");
    /* three thirds make exactly half of two votes */
    assert_near(quantile_weighted(values, thirds, 4, half, 1), 3.5L, "thirds");
    assert_true(isnan(quantile_type7(values, ones, 0, half, 1)));
    assert_true(isnan(quantile_type1(values, ones, 0, half, 1)));
    assert_true(isnan(quantile_weighted(values, thirds, 0, half, 1)));
}

/* U of van der Eijk by looking at every triple, as the paper has it. */
static long double eijk_plainly(const double *counts, size_t k)
{
    long double v[16], n = 0, a = 0;
    for (size_t i = 0; i < k; i++) {
        v[i] = counts[i];
        n += v[i];
    }
    for (;;) {
        long double least = 0;
        int s = 0, tu = 0, tdu = 0;
        for (size_t i = 0; i < k; i++) {
            if (v[i] > 0) {
                least = s == 0 || v[i] < least ? v[i] : least;
                s++;
            }
        }
        if (s == 0)
            return a;
        for (size_t i = 0; i < k; i++) {
            for (size_t j = i + 1; j < k; j++) {
                for (size_t l = j + 1; l < k; l++) {
                    bool x = v[i] > 0, y = v[j] > 0, z = v[l] > 0;
                    tu += (x && y && !z) || (!x && y && z);
                    tdu += x && !y && z;
                }
            }
        }
        long double kk = (long double)k, t = (long double)(tu + tdu), u = 0;
        if (s == 1)
            u = 1;
        else if (t > 0)
            u = ((kk - 2) * tu - (kk - 1) * tdu) / ((kk - 2) * t);
        a += least * s / n * u * (1 - ((long double)s - 1) / (kk - 1));
        for (size_t i = 0; i < k; i++)
            v[i] -= v[i] > 0 ? least : 0;
    }
}

static void agreement_of_known_and_random_counts(void **unused)
{
    (void)unused;
    const double all_one[] = {0, 7, 0, 0, 0}, ends[] = {4, 0, 0, 0, 4}, even[] = {3, 3, 3, 3, 3};
    const double nothing[] = {0, 0, 0};
    assert_near(agreement_eijk(all_one, 5), 1, "all in one band");
    assert_near(agreement_eijk(ends, 5), -1, "half at each end");
    assert_near(agreement_eijk(even, 5), 0, "even");
    assert_near(agreement_leik(all_one, 5), 0, "all in one band");
    assert_near(agreement_leik(ends, 5), 1, "half at each end");
    assert_true(isnan(agreement_eijk(nothing, 3)) && isnan(agreement_leik(nothing, 3)));
    assert_true(isnan(agreement_eijk(even, 2)));
    for (int round = 0; round < 500; round++) {
        double counts[11], turned[11];
        size_t k = 3 + next_random() % 9;
        for (size_t i = 0; i < k; i++)
            counts[i] = next_random() % 4 == 0 ? 0 : (double)(next_random() % 100000);
        counts[next_random() % k] += 1;
        for (size_t i = 0; i < k; i++)
            turned[k - 1 - i] = counts[i];
        assert_near(agreement_eijk(counts, k), eijk_plainly(counts, k), "agreement");
        assert_near(agreement_eijk(turned, k), agreement_eijk(counts, k), "turned round");
        assert_near(agreement_leik(turned, k), agreement_leik(counts, k), "turned round");
    }
}

static void polarization_is_greatest_at_the_ends(void **unused)
{
    (void)unused;
    const double x[] = {1, 2, 3, 4, 5}, wide[] = {10, 20, 30, 40, 50};
    const double ends[] = {9, 0, 0, 0, 9}, one[] = {0, 3, 0, 0, 0}, nothing[5] = {0};
    assert_near(polarization_normalised(x, ends, 5), 1, "half at each end");
    assert_near(polarization_normalised(x, one, 5), 0, "all in one band");
    assert_true(isnan(polarization_esteban_ray(x, nothing, 5)));
    for (int round = 0; round < 300; round++) {
        double counts[5];
        long double n = 0, plain = 0;
        for (size_t i = 0; i < 5; i++)
            n += counts[i] = 1 + (double)(next_random() % 1000);
        for (size_t i = 0; i < 5; i++)
            for (size_t j = 0; j < 5; j++)
                plain += counts[i] / n * (counts[i] / n) * (counts[j] / n) * fabsl(x[i] - x[j]);
        assert_near(polarization_esteban_ray(x, counts, 5), plain, "Esteban-Ray");
        double normal = polarization_normalised(x, counts, 5);
        assert_near(polarization_normalised(wide, counts, 5), normal, "another unit");
        assert_true(normal > 0 && normal <= 1);
    }
}

static void wilson_limits_solve_their_equation(void **unused)
{
    (void)unused;
    for (int round = 0; round < 500; round++) {
        double n = 1 + (double)(next_random() % 5000);
        double c = (double)(next_random() % ((uint64_t)n + 1));
        struct interval i = interval_wilson(c, n, INTERVAL_Z95);
        assert_true(i.low >= 0 && i.low <= c / n && i.high >= c / n && i.high <= 1);
        /* a limit p is where the observed share lies z standard errors away */
        double ends[2] = {i.low, i.high};
        for (int e = 0; e < 2; e++) {
            double away = INTERVAL_Z95 * sqrt(ends[e] * (1 - ends[e]) / n);
            if (ends[e] > 0 && ends[e] < 1)
                assert_true(fabs(fabs(c / n - ends[e]) - away) < 1e-10);
        }
    }
    assert_true(interval_wilson(0, 10, INTERVAL_Z95).low == 0);
    assert_true(interval_wilson(10, 10, INTERVAL_Z95).high == 1);
    assert_true(isnan(interval_wilson(0, 0, INTERVAL_Z95).low));
    const double counts[] = {10, 20, 70};
    struct interval all[3];
    interval_goodman(all, counts, 3, INTERVAL_Z95);
    for (size_t b = 0; b < 3; b++) {
        struct interval one = interval_wilson(counts[b], 100, INTERVAL_Z95);
        assert_near(all[b].low, one.low, "Goodman at one band's z is Wilson");
        assert_near(all[b].high, one.high, "Goodman at one band's z is Wilson");
    }
}

static void shapes_by_the_rules_in_order(void **unused)
{
    (void)unused;
    static const struct {
        double counts[5];
        size_t bands;
        const char *name;
    } cases[] = {
        {{10, 10, 12, 11, 10}, 5, "flat"},
        {{10, 10, 12, 10, 12.5}, 5, "flat"},
        {{30, 5, 4, 5, 31}, 5, "U"},
        {{30, 5, 4, 5, 60}, 5, "J"},
        {{60, 5, 4, 5, 30}, 5, "reverse-J"},
        {{20, 3, 19}, 3, "U"},
        {{1, 2, 3, 10, 30}, 5, "J"},
        {{30, 10, 10, 2, 1}, 5, "reverse-J"},
        {{10, 12, 14, 16, 18}, 5, "other"}, /* rises, but not to twice */
        {{2, 10, 30, 10, 3}, 5, "bell"},
        {{2, 20, 20, 10, 3}, 5, "bell"},
        {{2, 30, 10, 3, 1}, 5, "bell"},
        {{2, 30, 10, 31, 1}, 5, "other"},
        {{30, 5, 30, 5, 31}, 5, "other"},
        {{5, 10, 5, 5, 4}, 5, ""}, /* 29 */
        {{20, 20}, 2, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double n = 0;
        for (size_t b = 0; b < cases[i].bands; b++)
            n += cases[i].counts[b];
        assert_string_equal(shape_name(cases[i].counts, cases[i].bands, n), cases[i].name);
    }
}

/* Also where numerator or denominator is beyond 2^53. */
static void ratios_are_rounded_once(void **unused)
{
    (void)unused;
    assert_true(ratio(0, 7) == 0);
    assert_true(ratio(1, 3) == 1.0 / 3);
    assert_true(ratio(-9999999, 3000000) == -3.333333);
    for (int64_t whole = 999999999999; whole > 999999999000; whole--) {
        assert_true(ratio((__int128)whole * 1000000, 1000000) == (double)whole);
        assert_true(ratio(-(__int128)whole * 3000000, 3000000) == -(double)whole);
        assert_true(ratio((__int128)whole * 1000000 + 123456, 1000000) ==
                    (double)((long double)whole + 0.123456L));
    }
    const __int128 two53 = (__int128)1 << 53;
    assert_true(ratio(two53 + 1, 1) == 0x1p53); /* ties go to even */
    assert_true(ratio(two53 + 3, 1) == 0x1p53 + 4);
    assert_true(ratio(((two53 + 1) << 60) + 1, (__int128)1 << 60) == 0x1p53 + 2);
    assert_true(ratio((__int128)1 << 120, (__int128)1 << 80) == 0x1p40);
    assert_true(ratio(1, (__int128)1 << 100) == 0x1p-100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_agree_with_records),
        cmocka_unit_test(merged_moments_are_those_of_the_whole),
        cmocka_unit_test(balance_of_sides_and_ends),
        cmocka_unit_test(quantiles_agree_with_records),
        cmocka_unit_test(quantiles_of_known_tables),
        cmocka_unit_test(agreement_of_known_and_random_counts),
        cmocka_unit_test(polarization_is_greatest_at_the_ends),
        cmocka_unit_test(wilson_limits_solve_their_equation),
        cmocka_unit_test(shapes_by_the_rules_in_order),
        cmocka_unit_test(ratios_are_rounded_once),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
