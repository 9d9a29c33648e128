/* Limits of readiness against their definition, and against chance itself. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>

#include "assert_near.h"
#include "estimates/readiness.h"
#include "stats/interval.h"
#include "stats/selection.h"
#include "stats/sensitivity.h"

enum { BANDS_MAX = 11 };

static uint64_t state = 20240601;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double uniform(void)
{
    return (double)(next_random() >> 11) / 9007199254740992.0;
}

struct table {
    size_t bands;
    double x[BANDS_MAX];
    double counts[BANDS_MAX];
    double n;
};

static void make_table(struct table *t)
{
    t->bands = 2 + next_random() % (BANDS_MAX - 1);
    t->n = 0;
    for (size_t i = 0; i < t->bands; i++) {
        t->x[i] = (double)i + 1;
        t->counts[i] = next_random() % 4 == 0 ? 0.0 : (double)(next_random() % 300);
        t->n += t->counts[i];
    }
    t->counts[0] += 20;
    t->counts[t->bands - 1] += 20;
    t->n += 40;
}

static struct readiness_part part_of(const struct table *t)
{
    return (struct readiness_part){t->x, t->counts, t->bands, t->n, t->x[0]};
}

static double limit_of(const struct readiness_part *parts, size_t count, double t)
{
    struct error err = ERROR_INIT;
    double limit;
    assert_int_equal(readiness_limit(&limit, parts, count, t, INTERVAL_Z95, &err), STATUS_OK);
    assert_true(!isnan(limit));
    return limit;
}

/* The t-ratio of the mean of Y, as readiness.h defines it, answer by answer. */
static double t_ratio(const struct table *t, double score, double ratio)
{
    double pad = INTERVAL_Z95 * INTERVAL_Z95 / 2, n = t->n + pad, sum = 0, squares = 0;
    for (size_t i = 0; i < t->bands; i++) {
        double c = t->counts[i] + (i == 0 ? pad : 0), y = t->x[i] - score;
        y = y < 0 ? ratio * y : y;
        sum += c * y;
        squares += c * y * y;
    }
    double mean = sum / n, variance = (squares - n * mean * mean) / (n - 1);
    return mean / sqrt(variance / n);
}

static void is_where_the_t_ratio_says(void **unused)
{
    (void)unused;
    size_t seen = 0;
    for (int i = 0; i < 2000; i++) {
        struct table t;
        make_table(&t);
        double score = 1 + uniform() * (double)(t.bands - 1);
        struct readiness_part part = part_of(&t);
        double limit = limit_of(&part, 1, score);
        if (limit <= 0 || isinf(limit))
            continue;
        seen++;
        assert_within(t_ratio(&t, score, limit), INTERVAL_Z95, 1e-6 * (1 + limit), "t-ratio");
    }
    assert_true(seen > 500);
}

/* Without chance it is the tipping point of stats/. */
static void tip_is_the_tipping_point(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    for (int i = 0; i < 1000; i++) {
        struct table t;
        make_table(&t);
        double score = 1 + uniform() * (double)(t.bands - 1), tip, any;
        struct readiness_part part = part_of(&t);
        assert_int_equal(readiness_tip(&tip, &part, 1, score, &err), STATUS_OK);
        assert_int_equal(tipping_any(&any, t.x, t.counts, t.bands, score, &err), STATUS_OK);
        assert_near(tip >= 1 ? tip : 1 / tip, any, 1e-12, "tip");
        if (tip >= 1)
            assert_true(limit_of(&part, 1, score) < tip);
    }
}

/* Less is asked, more holds. */
static void is_monotone_in_the_number(void **unused)
{
    (void)unused;
    for (int i = 0; i < 1000; i++) {
        struct table a, b;
        make_table(&a);
        make_table(&b);
        for (size_t k = 0; k < b.bands; k++)
            b.x[k] = -b.x[k];
        struct readiness_part parts[2] = {part_of(&a), part_of(&b)};
        parts[1].worst = b.x[b.bands - 1];
        double before = INFINITY, before_two = INFINITY;
        for (double t = 1; t <= (double)a.bands; t += 0.125) {
            double now = limit_of(parts, 1, t);
            assert_true(now <= before);
            before = now;
        }
        for (double t = -3; i < 20 && t <= 3; t += 0.25) {
            double now = limit_of(parts, 2, t);
            assert_true(now <= before_two * (1 + 1e-12));
            before_two = now;
        }
    }
}

/* Two groups, chance left out: the bounds of the two just touch. */
static void two_touch(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    size_t seen = 0;
    for (int i = 0; i < 500; i++) {
        struct table a, b;
        make_table(&a);
        make_table(&b);
        double turned[BANDS_MAX];
        for (size_t k = 0; k < b.bands; k++)
            turned[k] = -b.x[k];
        struct readiness_part parts[2] = {part_of(&a),
                                          {turned, b.counts, b.bands, b.n, turned[b.bands - 1]}};
        double tip, limit;
        assert_int_equal(readiness_tip(&tip, parts, 2, 0, &err), STATUS_OK);
        limit = limit_of(parts, 2, 0);
        assert_true(limit <= tip);
        if (tip < 1)
            continue;
        seen++;
        struct interval low, high;
        assert_int_equal(selection_bounds(&low, a.x, a.counts, a.bands, tip, &err), STATUS_OK);
        assert_int_equal(selection_bounds(&high, b.x, b.counts, b.bands, tip, &err), STATUS_OK);
        assert_within(low.low, high.high, 1e-9, "bounds");
    }
    assert_true(seen > 100);
}

/* ---- chance ---- */

/* A population, and what of it answers if those above its mean are ratio times as ready. */
static void make_null(double *q, size_t bands, double ratio, double *t)
{
    double sum = 0, mean = 0, all = 0;
    double power = next_random() % 2 == 0 ? 1 : 4; /* even, or lumpy */
    for (size_t i = 0; i < bands; i++) {
        q[i] = pow(uniform(), power) + 1e-6;
        sum += q[i];
    }
    for (size_t i = 0; i < bands; i++)
        mean += q[i] / sum * (double)(i + 1);
    for (size_t i = 0; i < bands; i++) {
        q[i] *= (double)(i + 1) > mean ? ratio : 1;
        all += q[i];
    }
    for (size_t i = 0; i < bands; i++)
        q[i] /= all;
    *t = mean;
}

static void draw(double *counts, const double *q, size_t bands, size_t n)
{
    for (size_t i = 0; i < bands; i++)
        counts[i] = 0;
    for (size_t d = 0; d < n; d++) {
        double u = uniform();
        size_t k = 0;
        while (k + 1 < bands && u >= q[k])
            u -= q[k++];
        counts[k] += 1;
    }
}

/* A claim that is just false (the mean of everyone is t, and the selection as unequal as the
 * yardstick allows) is called supported in at most 2.5 % of samples, for one group and for two. */
static void a_false_claim_is_seldom_supported(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {30, 100, 400};
    static const double ratios[] = {1, 3, 10};
    for (size_t s = 0; s < 3; s++) {
        for (size_t r = 0; r < 3; r++) {
            size_t wrong[2] = {0, 0}, samples = 0;
            for (size_t p = 0; p < 100; p++) {
                size_t bands = 2 + next_random() % 6;
                double q[2][BANDS_MAX], x[2][BANDS_MAX], counts[2][BANDS_MAX], t[2];
                make_null(q[0], bands, ratios[r], &t[0]);
                make_null(q[1], bands, 1 / ratios[r], &t[1]);
                for (size_t k = 0; k < bands; k++) {
                    x[0][k] = (double)k + 1;
                    x[1][k] = -(double)(k + 1);
                }
                for (size_t d = 0; d < 60; d++, samples++) {
                    struct readiness_part parts[2] = {
                        {x[0], counts[0], bands, (double)sizes[s], x[0][0]},
                        {x[1], counts[1], bands, (double)sizes[s], x[1][bands - 1]}};
                    draw(counts[0], q[0], bands, sizes[s]);
                    draw(counts[1], q[1], bands, sizes[s]);
                    wrong[0] += limit_of(parts, 1, t[0]) >= ratios[r];
                    wrong[1] += limit_of(parts, 2, t[0] - t[1]) >= ratios[r];
                }
            }
            for (size_t i = 0; i < 2; i++) {
                double part = (double)wrong[i] / (double)samples;
                print_message("# %zu group(s), n %zu, ratio %g: %.4f called supported\n", i + 1,
                              sizes[s], ratios[r], part);
                assert_true(part <= 0.03); /* 2.5 %, and what 6000 samples leave open */
            }
        }
    }
}

/* ... and one that is true by far nearly always is. */
static void a_true_claim_is_supported(void **unused)
{
    (void)unused;
    const double q[] = {0.02, 0.03, 0.05, 0.3, 0.6}, x[] = {1, 2, 3, 4, 5};
    double counts[5];
    size_t right = 0;
    for (size_t d = 0; d < 400; d++) {
        struct readiness_part part = {x, counts, 5, 200, 1};
        draw(counts, q, 5, 200);
        right += limit_of(&part, 1, 3) >= 3;
    }
    assert_true(right > 390);
}

static void nobody_speaks_against(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    const double x[] = {0, 1}, counts[] = {0, 30};
    struct readiness_part part = {x, counts, 2, 30, 0};
    double tip;
    assert_int_equal(readiness_tip(&tip, &part, 1, 0.5, &err), STATUS_OK);
    assert_true(isinf(tip) != 0);
    /* 30 of 30: Wilson's lower limit is 0.886, odds 7.8. */
    double limit = limit_of(&part, 1, 0.5);
    assert_true(limit > 5 && limit < 7.8);
    assert_true(isinf(limit_of(&part, 1, 0)) != 0);
}

static void refusals(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    const double x[] = {0, 1}, none[] = {0, 0}, bad[] = {1, -1};
    struct readiness_part part = {x, none, 2, 0, 0};
    double limit;
    assert_refused(readiness_limit(&limit, &part, 1, 0.5, 1.96, &err), &err, "no answers");
    assert_refused(readiness_tip(&limit, &part, 1, 0.5, &err), &err, "no answers");
    part.counts = bad;
    struct readiness_part two[2] = {part, part};
    assert_refused(readiness_limit(&limit, two, 2, 0.5, 1.96, &err), &err, "band 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_where_the_t_ratio_says),
        cmocka_unit_test(tip_is_the_tipping_point),
        cmocka_unit_test(is_monotone_in_the_number),
        cmocka_unit_test(two_touch),
        cmocka_unit_test(a_false_claim_is_seldom_supported),
        cmocka_unit_test(a_true_claim_is_supported),
        cmocka_unit_test(nobody_speaks_against),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
