/* Weights: what is one, sums that any split and order leave the same, and the figures that are
 * decided in whole numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/number.h"
#include "stats/quantile.h"
#include "stats/ratio.h"
#include "tables/weight_sums.h"

typedef unsigned __int128 u128;

static uint64_t state = 99;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void assert_weight(const char *cell, int64_t expected)
{
    int64_t weight = -7;
    assert_null(weight_parse(slice_of(cell), &weight));
    assert_true(weight == expected);
}

static void assert_no_weight(struct slice cell, const char *why)
{
    int64_t weight;
    const char *fault = weight_parse(cell, &weight);
    assert_non_null(fault);
    assert_string_equal(fault, why);
}

static void test_cells(void **unused)
{
    (void)unused;
    static const char large[] = "is above 1000000, the most that a weight may be";
    assert_weight("0", 0);
    assert_weight("-0", 0);
    assert_weight("1", 1000000);
    assert_weight("0.000001", 1);
    assert_weight("1.50000000", 1500000);
    assert_weight("1000000", INT64_C(1000000000000));
    assert_no_weight(slice_of("1000000.000001"), large);
    assert_no_weight(slice_of("1000000000000000000000"), large);
    assert_no_weight(slice_of("-1000000000000000000000"), "is below 0");
    assert_no_weight(slice_of("-0.000001"), "is below 0");
    assert_no_weight(slice_of("0.0000001"), "has more than 6 places");
    assert_no_weight(slice_of("1e3"), "is not a number");
    assert_no_weight(slice_of("nan"), "is not a number");
    assert_no_weight(slice_of(""), "is not a number");
    assert_no_weight(SLICE_MISSING, "is missing");
}

enum { VALUES = 300, PARTS = 5, RECORDS = 20000 };

struct half {
    struct exact_table table;
    struct weight_sums sums;
};

static void add(struct half *half, int64_t value, int64_t weight)
{
    struct error err = ERROR_INIT;
    struct weight_sum sum = {.w = 0};
    weight_sum_count(&sum, weight);
    assert_int_equal(weight_sums_add(&half->sums, &half->table, value, 1, &sum, NULL, &err),
                     STATUS_OK);
}

static void merge(struct half *to, const struct half *from)
{
    struct error err = ERROR_INIT;
    assert_int_equal(
        weight_sums_merge(&to->sums, &to->table, &from->sums, &from->table, NULL, &err), STATUS_OK);
}

static void sort(struct half *half)
{
    struct error err = ERROR_INIT;
    assert_int_equal(weight_sums_sort(&half->sums, &half->table, NULL, &err), STATUS_OK);
}

static void release(struct half *half)
{
    exact_table_free(&half->table, NULL);
    weight_sums_free(&half->sums, NULL);
}

/* Parts, some of them sorted on the way, against an array by value. */
static void check_merging(size_t distinct)
{
    static struct weight_sum expected[VALUES];
    static uint64_t counts[VALUES];
    struct half part[PARTS] = {{EXACT_TABLE_INIT, {.cap = 0}}};
    struct half all = {EXACT_TABLE_INIT, {.cap = 0}};
    for (size_t v = 0; v < distinct; v++) {
        expected[v] = (struct weight_sum){.w = 0};
        counts[v] = 0;
    }
    for (size_t i = 0; i < RECORDS; i++) {
        size_t v = next_random() % distinct;
        int64_t weight = next_random() % 4 == 0 ? 0 : (int64_t)(next_random() % 1000000000001);
        counts[v]++;
        expected[v].w += (u128)weight;
        expected[v].w2 += (u128)weight * (u128)weight;
        expected[v].weightless += weight == 0;
        struct half *to = &part[next_random() % PARTS];
        add(to, (int64_t)v - 100, weight);
        if (next_random() % 3000 == 0)
            sort(to);
    }
    for (size_t i = 0; i < PARTS; i++)
        merge(&all, &part[(i + 3) % PARTS]);
    sort(&all);
    size_t at = 0;
    struct weight_sum total = {.w = 0}, given;
    struct error err = ERROR_INIT;
    for (size_t v = 0; v < distinct; v++) {
        if (counts[v] == 0)
            continue;
        assert_true(all.table.cells[at].value == (int64_t)v - 100);
        assert_true(all.table.cells[at].count == counts[v]);
        assert_true(all.sums.of[at].w == expected[v].w);
        assert_true(all.sums.of[at].w2 == expected[v].w2);
        assert_true(all.sums.of[at].weightless == expected[v].weightless);
        assert_true(weight_sum_possible(&all.sums.of[at], counts[v]));
        total.w += expected[v].w;
        at++;
    }
    assert_int_equal(all.table.count, at);
    assert_int_equal(weight_sums_total(&all.sums, &all.table, &given, &err), STATUS_OK);
    assert_true(given.w == total.w);
    for (size_t i = 0; i < PARTS; i++)
        release(&part[i]);
    release(&all);
}

static void test_merging(void **unused)
{
    (void)unused;
    check_merging(1);
    check_merging(7);
    check_merging(16);
    check_merging(17);
    check_merging(VALUES);
}

static void test_limits(void **unused)
{
    (void)unused;
    struct error err = ERROR_INIT;
    struct weight_sum sum = {.w = ~(u128)0 - 5}, five = {.w = 5}, six = {.w = 6};
    assert_int_equal(weight_sum_add(&sum, &five, &err), STATUS_OK);
    assert_int_equal(weight_sum_add(&sum, &six, &err), STATUS_DATA);
    sum = (struct weight_sum){.w2 = ~(u128)0};
    assert_int_equal(weight_sum_add(&sum, &(struct weight_sum){.w2 = 1}, &err), STATUS_DATA);
}

static void test_possible(void **unused)
{
    (void)unused;
    const u128 most = (u128)1000000000000;
    assert_true(weight_sum_possible(&(struct weight_sum){0, 0, 3}, 3));
    assert_true(weight_sum_possible(&(struct weight_sum){2 * most, 2 * most * most, 1}, 3));
    assert_true(weight_sum_possible(&(struct weight_sum){3, 3, 0}, 3));
    assert_false(weight_sum_possible(&(struct weight_sum){0, 0, 4}, 3));
    assert_false(weight_sum_possible(&(struct weight_sum){1, 1, 3}, 3));
    assert_false(weight_sum_possible(&(struct weight_sum){2, 2, 0}, 3));
    assert_false(weight_sum_possible(&(struct weight_sum){3 * most + 1, 3 * most, 0}, 3));
    assert_false(weight_sum_possible(&(struct weight_sum){5, 4, 0}, 1));
    assert_false(weight_sum_possible(&(struct weight_sum){5, 6 * most, 0}, 1));
}

/* a b / den lies between the doubles beside the one given; where that can be seen in 128 bits. */
static void test_ratio_of_product(void **unused)
{
    (void)unused;
    assert_true(ratio_of_product(7, 6, 4) == 10.5);
    for (uint64_t n = 1; n < 4000; n += 7) /* n equal weights are worth n */
        assert_true(ratio_of_product((u128)n * 999983, (u128)n * 999983,
                                     (u128)n * 999983 * 999983) == (double)n);
    const u128 huge = (u128)1 << 103;
    assert_true(ratio_of_product(huge, huge, (u128)1 << 125) == ldexp(1, 81));
    assert_true(ratio_of_product(huge, huge + 1, (u128)1 << 126) == ldexp(1, 80));
    for (size_t i = 0; i < 3000; i++) {
        u128 a = next_random() >> (next_random() % 40), b = next_random() >> 34;
        u128 den = 1 + (next_random() >> (next_random() % 60));
        if (a * b / den >> 62 != 0)
            continue;
        assert_true(ratio_of_product(a, b, den) == ratio((__int128)(a * b), (__int128)den));
    }
}

/* Each unit of weight a record of its own. */
static double slow_quantile(const int64_t *values, const u128 *weights, size_t count,
                            struct probability p, bool nearest)
{
    u128 all = 0, sum = 0;
    for (size_t i = 0; i < count; i++)
        all += weights[i];
    for (size_t i = 0; i < count; i++) {
        for (u128 unit = 0; unit < weights[i]; unit++) {
            sum++;
            if (sum * p.den == all * p.num && unit + 1 == weights[i] && !nearest) {
                size_t next = i + 1;
                while (weights[next] == 0)
                    next++;
                return (double)(values[i] + values[next]) / 2;
            }
            if (sum * p.den >= all * p.num)
                return (double)values[i];
        }
    }
    return (double)NAN;
}

static void test_quantiles(void **unused)
{
    (void)unused;
    static const struct probability ps[] = {{1, 10}, {1, 2}, {9, 10}, {1, 3}};
    static const int64_t values[] = {-3, 0, 2, 5, 9, 40};
    size_t equal = 0;
    for (size_t round = 0; round < 20000; round++) {
        u128 weights[6], all = 0;
        size_t count = 1 + next_random() % 6;
        for (size_t i = 0; i < count; i++)
            all += weights[i] = next_random() % 3 == 0 ? 0 : next_random() % 8;
        for (size_t k = 0; k < 8; k++) {
            double given = quantile_of_weights(values, weights, count, ps[k / 2], k % 2, 1);
            double slow = slow_quantile(values, weights, count, ps[k / 2], k % 2);
            assert_true(given == slow || (all == 0 && isnan(given)));
            equal += given != floor(given);
        }
    }
    assert_true(equal > 100); /* the mean of neighbours was seen */
    /* A millionth decides. */
    const u128 half[] = {(u128)1 << 100, ((u128)1 << 100) - 1, 1};
    assert_true(quantile_of_weights(values, half, 3, ps[1], false, 1) == -1.5);
    const u128 more[] = {((u128)1 << 100) - 1, (u128)1 << 100, 0};
    assert_true(quantile_of_weights(values, more, 3, ps[1], false, 1) == 0);
}

static void test_whole_numbers(void **unused)
{
    (void)unused;
    static const char most[] = "340282366920938463463374607431768211455";
    char out[INT128_TEXT_MAX];
    u128 value;
    assert_true(number_parse_u128(slice_of(most), &value));
    assert_true(value == ~(u128)0);
    assert_int_equal(number_format_u128(out, value), sizeof most - 1);
    assert_memory_equal(out, most, sizeof most - 1);
    assert_false(number_parse_u128(slice_of("340282366920938463463374607431768211456"), &value));
    assert_false(number_parse_u128(slice_of(""), &value));
    assert_false(number_parse_u128(slice_of("-1"), &value));
    assert_int_equal(number_format_u128(out, 0), 1);
    assert_int_equal(out[0], '0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),         cmocka_unit_test(test_merging),
        cmocka_unit_test(test_limits),        cmocka_unit_test(test_possible),
        cmocka_unit_test(test_quantiles),     cmocka_unit_test(test_ratio_of_product),
        cmocka_unit_test(test_whole_numbers),
    };
    struct error err = ERROR_INIT;
    if (hash_init(&err) != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
