/* Exact tables: any split, order and merging give the same table; sums do not overflow. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "tables/exact_table.h"

static uint64_t state;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void add(struct exact_table *table, int64_t value, uint64_t count)
{
    struct error err = ERROR_INIT;
    assert_int_equal(exact_table_add(table, value, count, NULL, &err), STATUS_OK);
}

static void assert_same(const struct exact_table *a, const struct exact_table *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->total, b->total);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_true(a->cells[i].value == b->cells[i].value);
        assert_true(a->cells[i].count == b->cells[i].count);
        if (i > 0)
            assert_true(a->cells[i - 1].value < a->cells[i].value);
    }
}

/* range distinct values at most, spread over both signs. */
static void check_splits(size_t records, uint64_t range, size_t parts)
{
    struct exact_table whole = EXACT_TABLE_INIT, merged = EXACT_TABLE_INIT;
    struct exact_table *part = calloc(parts, sizeof *part);
    struct error err = ERROR_INIT;
    assert_non_null(part);
    __int128 sum = 0;
    for (size_t i = 0; i < records; i++) {
        int64_t value = (int64_t)(next_random() % range) * 500000 - (int64_t)range * 250000;
        sum += value;
        add(&whole, value, 1);
        add(&part[next_random() % parts], value, 1);
    }
    for (size_t i = parts; i-- > 0;) {
        if (next_random() % 2 == 0)
            exact_table_sort(&part[i], NULL);
        assert_int_equal(exact_table_merge(&merged, &part[i], NULL, &err), STATUS_OK);
        exact_table_free(&part[i], NULL);
    }
    exact_table_sort(&whole, NULL);
    exact_table_sort(&merged, NULL);
    assert_same(&whole, &merged);
    assert_int_equal(whole.total, records);
    assert_true(exact_table_sum(&whole) == sum);
    add(&merged, 1, 1); /* adding goes on behind a sort */
    add(&merged, 1, 1);
    exact_table_sort(&merged, NULL);
    assert_int_equal(merged.count, whole.count + 1);
    exact_table_free(&whole, NULL);
    exact_table_free(&merged, NULL);
    free(part);
}

static void splits_merge_to_the_whole(void **unused)
{
    (void)unused;
    state = 20260102;
    for (int round = 0; round < 40; round++) {
        check_splits(200, 5, 3);
        check_splits(300, 17, 4);
        check_splits(1000, 700, 7);
    }
    check_splits(50000, 40000, 5);
}

static void sums_hold_the_largest_values(void **unused)
{
    (void)unused;
    struct exact_table table = EXACT_TABLE_INIT;
    int64_t largest = INT64_C(999999999999999999);
    add(&table, largest, UINT64_MAX / 2);
    add(&table, -largest, UINT64_MAX / 2);
    add(&table, 7, 1);
    assert_true(exact_table_sum(&table) == 7);
    assert_int_equal(table.total, UINT64_MAX);
    struct error err = ERROR_INIT;
    assert_int_equal(exact_table_add(&table, 1, 1, NULL, &err), STATUS_DATA);
    assert_int_equal(table.total, UINT64_MAX);
    exact_table_free(&table, NULL);
}

static void means_are_exact(void **unused)
{
    (void)unused;
    struct exact_table table = EXACT_TABLE_INIT;
    assert_true(isnan(exact_table_mean(&table, 0)));
    add(&table, 100000, 3); /* three times 0.1 */
    assert_true(exact_table_mean(&table, 0) == 0.1);
    add(&table, 200000, 3);
    assert_true(exact_table_mean(&table, 0) == 0.15);
    exact_table_free(&table, NULL);
}

static void budget_is_kept(void **unused)
{
    (void)unused;
    struct budget budget = {.limit = 4096};
    struct exact_table table = EXACT_TABLE_INIT;
    struct error err = ERROR_INIT;
    enum status s = STATUS_OK;
    int64_t value = 0;
    while (s == STATUS_OK && value < 100000)
        s = exact_table_add(&table, value++, 1, &budget, &err);
    assert_int_equal(s, STATUS_IO);
    assert_non_null(strstr(err.text, "--max-memory"));
    assert_true(value > 16 && value < 1000);
    exact_table_free(&table, &budget);
    assert_int_equal(budget.used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_merge_to_the_whole),
        cmocka_unit_test(sums_hold_the_largest_values),
        cmocka_unit_test(means_are_exact),
        cmocka_unit_test(budget_is_kept),
    };
    struct error err = ERROR_INIT;
    if (hash_init(&err) != STATUS_OK)
        return 1;
    return cmocka_run_group_tests_name("exact_table", tests, NULL, NULL);
}
