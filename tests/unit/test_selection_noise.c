/* Bounds with sampling noise: where their equation says, and how often they hold the truth. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>

#include "assert_near.h"
#include "stats/interval.h"
#include "stats/selection.h"
#include "stats/selection_noise.h"

enum { BANDS_MAX = 11 };

static uint64_t state = 4713;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double uniform(void)
{
    return (double)(next_random() >> 11) * 0x1p-53;
}

struct table {
    size_t bands;
    double x[BANDS_MAX];
    double counts[BANDS_MAX];
    double n;
};

/* mean phi + z sqrt(gamma (high - U)(U - low) / n) */
static double height(const struct table *t, double gamma, struct interval range, double z, double u)
{
    double phi = 0;
    for (size_t i = 0; i < t->bands; i++)
        phi += t->counts[i] * (t->x[i] > u ? gamma : 1) * (t->x[i] - u) / t->n;
    double inside = gamma * (range.high - u) * (u - range.low) / t->n;
    return phi + z * sqrt(inside > 0 ? inside : 0);
}

static void is_the_greatest_root(void **unused)
{
    struct error err = ERROR_INIT;
    (void)unused;
    for (unsigned round = 0; round < 4000; round++) {
        struct table t = {.bands = 2 + next_random() % (BANDS_MAX - 1)};
        double at = uniform() * 4 - 2, gamma = 1 + (double)(next_random() % 4) * uniform() * 5;
        for (size_t i = 0; i < t.bands; i++) {
            t.x[i] = at += 0.1 + uniform();
            t.counts[i] = next_random() % 3 == 0 ? 0 : (double)(next_random() % 30);
            t.n += t.counts[i];
        }
        if (!(t.n > 0))
            continue;
        struct interval range = {t.x[0] - (round % 2), t.x[t.bands - 1] + (round % 3)};
        struct interval bounds, limits;
        double z = 0.5 + uniform() * 3;
        assert_int_equal(selection_noise(&limits, t.x, t.counts, t.bands, gamma, range, z, &err),
                         STATUS_OK);
        assert_int_equal(selection_bounds(&bounds, t.x, t.counts, t.bands, gamma, &err), STATUS_OK);
        assert_true(limits.low <= bounds.low && limits.high >= bounds.high);
        assert_true(limits.low >= range.low - 1e-9 && limits.high <= range.high + 1e-9);
        /* Above the limit the line lies below 0; at it, at 0. */
        double width = range.high - range.low;
        for (unsigned step = 1; step <= 400; step++) {
            double u = limits.high + (range.high - limits.high) * step / 400;
            if (height(&t, gamma, range, z, u) > 1e-7 * width * gamma)
                fail_msg("round %u: still above 0 at %g beyond %g", round, u, limits.high);
        }
        if (limits.high > bounds.high + 1e-9 && limits.high < range.high - 1e-9)
            assert_near(height(&t, gamma, range, z, limits.high), 0, 1e-7 * width * gamma, "root");
    }
}

static void is_wilson_for_shares(void **unused)
{
    struct error err = ERROR_INIT;
    const struct interval range = {0, 1};
    (void)unused;
    for (unsigned n = 1; n <= 40; n++) {
        for (unsigned k = 0; k <= n; k++) {
            const double x[] = {0, 1}, counts[] = {n - k, k};
            struct interval limits, wilson = interval_wilson(k, n, INTERVAL_Z95);
            for (double gamma = 1; gamma < 20; gamma *= 3) {
                assert_int_equal(
                    selection_noise(&limits, x, counts, 2, gamma, range, INTERVAL_Z95, &err),
                    STATUS_OK);
                double high = gamma * wilson.high / (gamma * wilson.high + 1 - wilson.high);
                double low = wilson.low / (wilson.low + gamma * (1 - wilson.low));
                assert_near(limits.high, high, 1e-12, "high");
                assert_near(limits.low, low, 1e-12, "low");
            }
        }
    }
}

/* A population whose people below the mean are gamma times as ready: the truth is the very bound.
 * Shares of bands among the answers. */
static double at_the_bound(struct table *t, double *answers, double gamma, unsigned form)
{
    double sum = 0, mean = 0, all = 0, k = (double)t->bands;
    for (size_t i = 0; i < t->bands; i++) {
        double off = ((double)i - (k - 1) / 2) / (k / 5);
        t->x[i] = (double)i + 1;
        answers[i] = form == 0   ? (i == 0 || i + 1 == t->bands ? 3 : 1)
                     : form == 1 ? exp(-off * off / 2)
                     : form == 2 ? pow(0.5, (double)i)
                                 : pow(0.5, -(double)i);
        sum += answers[i];
    }
    for (size_t i = 0; i < t->bands; i++)
        mean += t->x[i] * answers[i] / sum;
    for (size_t i = 0; i < t->bands; i++) {
        answers[i] *= t->x[i] < mean ? gamma : 1;
        all += answers[i];
    }
    for (size_t i = 0; i < t->bands; i++)
        answers[i] /= all;
    return mean;
}

static double covered(struct table *t, const double *answers, double gamma, double truth)
{
    enum { DRAWS = 400 };
    struct error err = ERROR_INIT;
    const struct interval range = {1, (double)t->bands};
    unsigned held = 0;
    for (unsigned draw = 0; draw < DRAWS; draw++) {
        struct interval limits;
        for (size_t i = 0; i < t->bands; i++)
            t->counts[i] = 0;
        for (double left = t->n; left > 0; left--) {
            double u = uniform();
            size_t i = 0;
            while (i + 1 < t->bands && u >= answers[i])
                u -= answers[i++];
            t->counts[i]++;
        }
        assert_int_equal(
            selection_noise(&limits, t->x, t->counts, t->bands, gamma, range, INTERVAL_Z95, &err),
            STATUS_OK);
        held += limits.low <= truth && truth <= limits.high;
    }
    return held / (double)DRAWS;
}

static void holds_the_truth(void **unused)
{
    static const double sizes[] = {5, 30, 300}, gammas[] = {1, 3, 10};
    double total = 0;
    unsigned cases = 0;
    (void)unused;
    for (size_t bands = 2; bands <= BANDS_MAX; bands += 3) {
        for (unsigned k = 0; k < 36; k++) {
            struct table t = {.bands = bands, .n = sizes[k % 3]};
            double answers[BANDS_MAX], gamma = gammas[k / 3 % 3];
            double truth = at_the_bound(&t, answers, gamma, k / 9);
            double part = covered(&t, answers, gamma, truth);
            if (part < 0.93)
                fail_msg("%zu bands, form %u, gamma %g, n %g: held %g", bands, k / 9, gamma, t.n,
                         part);
            total += part;
            cases++;
        }
    }
    assert_true(total / cases > 0.97);
}

static void refusals(void **unused)
{
    const double x[] = {1, 2}, counts[] = {3, 4}, none[] = {0, 0};
    const struct interval range = {1, 2};
    struct interval limits;
    struct error err = ERROR_INIT;
    (void)unused;
    assert_int_equal(selection_noise(&limits, x, counts, 2, 0.5, range, 2, &err), STATUS_USAGE);
    assert_int_equal(selection_noise(&limits, x, counts, 2, 3, range, 0, &err), STATUS_DATA);
    assert_int_equal(selection_noise(&limits, x, none, 2, 3, range, 2, &err), STATUS_OK);
    assert_true(isnan(limits.low) && isnan(limits.high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_greatest_root), cmocka_unit_test(is_wilson_for_shares),
        cmocka_unit_test(holds_the_truth), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
