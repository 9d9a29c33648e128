/* Columns coded by runs have the values that they have when read one by one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "records/run_coder.h"
#include "records/schema.h"
#include "records/stream_rows.h"

enum { COLUMNS_MAX = 24, RECORDS = 400 };

static uint64_t random_state = 7;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

/* Values come from so many; the first are awkward ones. */
static void append_value(struct buffer *out, uint32_t variety)
{
    static const char *const awkward[] = {"\\N", "",  "a\\tb", "\\\\", "4",      "stars5",
                                          "\\N", "x", "\\\\N", "a",    "\\x23b", "b\\\\t"};
    const uint32_t value = next_random(variety);
    assert_true(value < sizeof awkward / sizeof awkward[0]
                    ? buffer_append_text(out, awkward[value])
                    : buffer_appendf(out, "value %u", value));
}

static void fill(struct batch *batch, const struct buffer *text, size_t columns)
{
    struct error err = ERROR_INIT;
    batch_reset(batch);
    assert_true(buffer_append_slice(&batch->bytes, (struct slice){text->data, text->len}));
    batch->record_count = RECORDS;
    assert_int_equal(stream_parse_lines(batch, columns, &err), STATUS_OK);
}

static size_t choose_columns(size_t columns, size_t *wanted)
{
    size_t count = 0;
    for (size_t c = 0; c < columns; c++)
        if (next_random(4) != 0)
            wanted[count++] = c;
    for (size_t i = count; i > 1; i--) {
        const size_t other = next_random((uint32_t)i);
        const size_t kept = wanted[i - 1];
        wanted[i - 1] = wanted[other];
        wanted[other] = kept;
    }
    wanted[count++] = SCHEMA_NONE;
    wanted[count] = wanted[0];
    return count + 1;
}

/* Returns how many columns were coded. */
static size_t compare(struct batch *batch, struct batch *plain, size_t columns)
{
    struct error err = ERROR_INIT;
    size_t coded = 0;
    for (size_t c = 0; c < columns; c++) {
        coded += batch->columns[c].codes != NULL;
        const struct slice *expected = batch_text(plain, c, &err);
        const struct slice *got = batch_text(batch, c, &err);
        assert_non_null(expected);
        assert_non_null(got);
        for (size_t r = 0; r < RECORDS; r++) {
            assert_int_equal(slice_missing(got[r]), slice_missing(expected[r]));
            assert_true(slice_equal(got[r], expected[r]));
        }
    }
    return coded;
}

/* Some batches with the same columns wanted; how many columns the last one had coded. */
static size_t run_batches(size_t columns, uint32_t variety, const size_t *wanted, size_t count,
                          size_t batches)
{
    struct error err = ERROR_INIT;
    struct batch batch;
    struct batch plain;
    struct buffer text = BUFFER_INIT;
    struct run_coder *coder;
    size_t coded = 0;
    batch_init(&batch);
    batch_init(&plain);
    assert_int_equal(run_coder_new(&coder, &err), STATUS_OK);
    for (size_t b = 0; b < batches; b++) {
        buffer_clear(&text);
        for (size_t r = 0; r < RECORDS; r++)
            for (size_t c = 0; c < columns; c++) {
                append_value(&text, variety);
                assert_true(buffer_append_byte(&text, c + 1 < columns ? '\t' : '\n'));
            }
        fill(&batch, &text, columns);
        fill(&plain, &text, columns);
        assert_int_equal(run_coder_apply(coder, &batch, wanted, count, &err), STATUS_OK);
        coded = compare(&batch, &plain, columns);
    }
    run_coder_free(coder);
    buffer_free(&text);
    batch_free(&batch);
    batch_free(&plain);
    return coded;
}

static void test_values(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        const size_t columns = 1 + next_random(COLUMNS_MAX);
        size_t wanted[COLUMNS_MAX + 2];
        const size_t count = choose_columns(columns, wanted);
        (void)run_batches(columns, 1 + next_random(14), wanted, count, 6);
    }
}

static void test_what_is_coded(void **state)
{
    (void)state;
    static const size_t neighbours[] = {3, 1, 2};
    static const size_t apart[] = {0, 2, 4};
    assert_int_equal(run_batches(6, 3, neighbours, 3, 2), 3);
    assert_int_equal(run_batches(6, 3, apart, 3, 2), 0);
    /* Too many values together: it gives up, and the values are still right. */
    assert_int_equal(run_batches(6, 5000, neighbours, 3, 30), 0);
}

/* A run that is one of many: no column is lost, whatever the place of the cut. */
static void test_long_runs(void **state)
{
    (void)state;
    size_t wanted[COLUMNS_MAX];
    for (size_t c = 0; c < COLUMNS_MAX; c++)
        wanted[c] = c;
    for (size_t columns = 15; columns <= COLUMNS_MAX; columns++) {
        const size_t coded = run_batches(columns, 1, wanted, columns, 2);
        assert_int_equal(coded, columns == 17 ? 16 : columns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_is_coded),
        cmocka_unit_test(test_long_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
