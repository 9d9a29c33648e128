/* The vector scan of CSV says what the reference reader says, or says nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/hash.h"

#define AGREE(condition) assert_true(condition)
#include "csv_agree.h"

/* Every text of up to 8 bytes over the bytes that matter, each at the border of a block too. */
static void every_pattern(scan_fn *scan, bool quotes, size_t longest)
{
    static const char bytes[] = {'a', ',', '"', '\r', '\n', '\0'};
    enum { KINDS = sizeof bytes };
    struct csv_index index = CSV_INDEX_INIT;
    struct reading reference = {.text = BUFFER_INIT};
    struct buffer text = BUFFER_INIT;
    struct compared seen = {0, 0};
    for (size_t len = 1; len <= longest; len++) {
        size_t patterns = 1;
        for (size_t i = 0; i < len; i++)
            patterns *= KINDS;
        for (size_t p = 0; p < patterns; p++) {
            char data[160];
            size_t before = p % 3 == 0 ? 0 : 64 - p % (len + 1);
            size_t at = before;
            memset(data, 'x', sizeof data);
            for (size_t rest = p, i = 0; i < len; i++, rest /= KINDS)
                data[at++] = bytes[rest % KINDS];
            data[at++] = '\n';
            compare(scan, (struct slice){data, at}, ',', quotes, &index, &reference, &text, &seen);
        }
    }
    assert_true(seen.regular > 100 && seen.odd > 100);
    csv_index_free(&index);
    buffer_free(&reference.text);
    buffer_free(&text);
}

static void test_patterns(void **state)
{
    (void)state;
    every_pattern(csv_scan, true, 8);
    every_pattern(csv_scan, false, 6);
    every_pattern(csv_scan_plain, true, 6);
}

static uint64_t random_state = 42;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

/* Longer texts, mostly sound, cut anywhere; both scans must agree in everything. */
static void test_random(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "a",     "bc",       ",",     "\n",         "\r\n",
        "\"q\"", "\"x,y\"",  ",\"\"", "\"a\"\"b\"", "\"line\nbreak\"",
        "  ",    "\xc3\xa9", ",,"};
    static const char *const odd[] = {"\"", "\r", "\n\n", "a\"b", "\"c\"d"};
    struct csv_index index = CSV_INDEX_INIT;
    struct csv_index plain = CSV_INDEX_INIT;
    struct reading reference = {.text = BUFFER_INIT};
    struct buffer text = BUFFER_INIT;
    struct compared seen = {0, 0};
    for (int round = 0; round < 20000; round++) {
        struct buffer data = BUFFER_INIT;
        size_t want = next_random(400);
        bool field_open = false;
        while (data.len < want) {
            const char *part = parts[next_random(sizeof parts / sizeof parts[0])];
            if (part[0] == '"' && field_open)
                part = "z";
            if (next_random(200) == 0)
                part = odd[next_random(sizeof odd / sizeof odd[0])];
            assert_true(buffer_append_text(&data, part));
            char last = data.data[data.len - 1];
            field_open = last != ',' && last != '\n';
            if (last == '"') {
                assert_true(buffer_append_byte(&data, next_random(3) == 0 ? '\n' : ','));
                field_open = false;
            }
        }
        struct error err = ERROR_INIT;
        bool quotes = round % 8 != 0;
        struct slice piece = {data.data, data.len};
        compare(csv_scan, piece, ',', quotes, &index, &reference, &text, &seen);
        assert_int_equal(csv_scan_plain(piece.data, piece.len, ',', quotes, &plain, &err),
                         STATUS_OK);
        assert_int_equal(plain.count, index.count);
        assert_int_equal(plain.records, index.records);
        assert_int_equal(plain.end, index.end);
        assert_int_equal(plain.lines, index.lines);
        assert_int_equal(plain.quoted, index.quoted);
        assert_int_equal(plain.regular, index.regular);
        assert_int_equal(plain.doubled_count, index.doubled_count);
        if (index.count > 0)
            assert_memory_equal(plain.positions, index.positions,
                                index.count * sizeof *index.positions);
        buffer_free(&data);
    }
    assert_true(seen.regular > 1000 && seen.odd > 1000);
    csv_index_free(&index);
    csv_index_free(&plain);
    buffer_free(&reference.text);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests_name("csv_scan", tests, NULL, NULL);
}
