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
    every_pattern(scan_fast, true, 8);
    every_pattern(scan_fast, false, 6);
    every_pattern(scan_plain, true, 6);
}

static uint64_t random_state = 42;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

/* Text of parts, mostly sound, cut anywhere; one part in `rare` is odd (0: none), and records end
 * with CR LF sometimes. */
static void make_text(struct buffer *data, size_t want, uint32_t rare, bool crlf)
{
    static const char *const parts[] = {"a",      "bc",         ",",
                                        "\n",     "\"q\"",      "\"x,y\"",
                                        ",\"\"",  "\"a\"\"b\"", "\"line\nbreak\"",
                                        "\"\r\"", "  ",         "\xc3\xa9",
                                        ",,",     "\r\n"};
    static const char *const odd[] = {"\"", "\r", "\n\n", "a\"b", "\"c\"d", "\001"};
    const uint32_t kinds = sizeof parts / sizeof parts[0] - !crlf;
    bool field_open = false;
    while (data->len < want) {
        const char *part = parts[next_random(kinds)];
        if (part[0] == '"' && field_open)
            part = "z";
        if ((part[0] == '\n' || part[0] == '\r') &&
            (data->len == 0 || data->data[data->len - 1] == '\n'))
            part = "k"; /* no empty line */
        if (rare > 0 && next_random(rare) == 0)
            part = odd[next_random(sizeof odd / sizeof odd[0])];
        if (part[0] == '\001') /* stands for a NUL */
            assert_true(buffer_append_byte(data, '\0'));
        else
            assert_true(buffer_append_text(data, part));
        char last = data->data[data->len - 1];
        field_open = last != ',' && last != '\n';
        if (last == '"') {
            assert_true(buffer_append_byte(data, next_random(3) == 0 ? '\n' : ','));
            field_open = false;
        }
    }
}

static void compare_scans(struct slice piece, bool quotes, const struct csv_index *index,
                          struct csv_index *plain)
{
    struct error err = ERROR_INIT;
    assert_int_equal(scan_plain(piece.data, piece.len, ',', quotes, plain, &err), STATUS_OK);
    assert_int_equal(plain->count, index->count);
    assert_int_equal(plain->records, index->records);
    assert_int_equal(plain->end, index->end);
    assert_int_equal(plain->lines, index->lines);
    assert_int_equal(plain->quoted, index->quoted);
    assert_int_equal(plain->regular, index->regular);
    assert_int_equal(plain->doubled_count, index->doubled_count);
    if (index->count > 0)
        assert_memory_equal(plain->positions, index->positions,
                            index->count * sizeof *index->positions);
    if (index->doubled_count > 0)
        assert_memory_equal(plain->doubled, index->doubled,
                            index->doubled_count * sizeof *index->doubled);
}

/* The reference reader and both scans. */
static void test_random(void **state)
{
    (void)state;
    struct csv_index index = CSV_INDEX_INIT;
    struct csv_index plain = CSV_INDEX_INIT;
    struct reading reference = {.text = BUFFER_INIT};
    struct buffer text = BUFFER_INIT;
    struct compared seen = {0, 0};
    for (int round = 0; round < 20000; round++) {
        struct buffer data = BUFFER_INIT;
        make_text(&data, next_random(400), 200, round % 2 == 0);
        bool quotes = round % 8 != 0;
        struct slice piece = {data.data, data.len};
        compare(scan_fast, piece, ',', quotes, &index, &reference, &text, &seen);
        compare_scans(piece, quotes, &index, &plain);
        buffer_free(&data);
    }
    assert_true(seen.regular > 1000 && seen.odd > 1000);
    csv_index_free(&index);
    csv_index_free(&plain);
    buffer_free(&reference.text);
    buffer_free(&text);
}

/* Texts of several chunks, both scans: what is odd or rare may stand in any chunk. */
static void test_long(void **state)
{
    (void)state;
    struct csv_index index = CSV_INDEX_INIT;
    struct csv_index plain = CSV_INDEX_INIT;
    struct error err = ERROR_INIT;
    int regular = 0;
    for (int round = 0; round < 600; round++) {
        struct buffer data = BUFFER_INIT;
        make_text(&data, next_random(70000), round % 3 == 0 ? 30000 : 0, round % 8 == 0);
        struct slice piece = {data.data, data.len};
        assert_int_equal(scan_fast(piece.data, piece.len, ',', round % 16 != 1, &index, &err),
                         STATUS_OK);
        compare_scans(piece, round % 16 != 1, &index, &plain);
        regular += index.regular;
        buffer_free(&data);
    }
    assert_true(regular > 100 && regular < 590);
    /* A CR that ends a chunk, and no LF behind it. */
    enum { CHUNK = 16 * 1024 };
    struct buffer data = BUFFER_INIT;
    while (data.len < 2 * (size_t)CHUNK)
        assert_true(buffer_append_text(&data, "ab,cde\n"));
    for (size_t at = CHUNK - 70; at < CHUNK + 10; at++) {
        const char was = data.data[at];
        data.data[at] = '\r';
        struct slice piece = {data.data, data.len};
        assert_int_equal(scan_fast(piece.data, piece.len, ',', true, &index, &err), STATUS_OK);
        compare_scans(piece, true, &index, &plain);
        assert_true(index.regular == (data.data[at + 1] == '\n'));
        data.data[at] = was;
    }
    buffer_free(&data);
    csv_index_free(&index);
    csv_index_free(&plain);
}

/* The second part of a text, from a place that the quotes before it tell. */
static void scan_part(const struct csv_index *whole, struct csv_text text, bool plain)
{
    struct csv_index part = CSV_INDEX_INIT;
    struct error err = ERROR_INIT;
    struct csv_text before = text;
    size_t first = 0, first_doubled = 0;
    before.from = 0;
    before.len = text.from;
    text.start = (struct csv_place)CSV_PLACE_START;
    csv_place_pass(&text.start, &before);
    assert_int_equal(plain ? csv_scan_text_plain(&text, &part, &err)
                           : csv_scan_text(&text, &part, &err),
                     STATUS_OK);
    const size_t count = whole->count + whole->behind;
    const size_t doubled = whole->doubled_count + whole->doubled_behind;
    while (first < count && whole->positions[first] < text.from)
        first++;
    while (first_doubled < doubled && whole->doubled[first_doubled] < text.from)
        first_doubled++;
    assert_true(part.regular);
    assert_int_equal(part.inside, whole->inside);
    assert_int_equal(part.end, text.from < whole->end ? whole->end : 0);
    assert_int_equal(part.count + part.behind, count - first);
    assert_memory_equal(part.positions, whole->positions + first,
                        (count - first) * sizeof *part.positions);
    assert_int_equal(part.doubled_count + part.doubled_behind, doubled - first_doubled);
    assert_memory_equal(part.doubled, whole->doubled + first_doubled,
                        (doubled - first_doubled) * sizeof *part.doubled);
    assert_true(part.front >= CSV_INDEX_FRONT);
    if (part.end != 0)
        assert_int_equal(part.behind, whole->behind);
    csv_index_free(&part);
}

/* Regular texts cut in two. */
static void test_parts(void **state)
{
    (void)state;
    struct csv_index whole = CSV_INDEX_INIT;
    struct error err = ERROR_INIT;
    int regular = 0;
    for (int round = 0; round < 3000; round++) {
        struct buffer data = BUFFER_INIT;
        make_text(&data, 1 + next_random(round % 50 == 0 ? 70000 : 400), 0, round % 8 == 0);
        struct csv_text text = {data.data, 0, data.len, ',', round % 16 != 1, CSV_PLACE_START};
        assert_int_equal(csv_scan_text(&text, &whole, &err), STATUS_OK);
        for (int cut = 0; whole.regular && cut < 5; cut++) {
            text.from = next_random((uint32_t)data.len);
            scan_part(&whole, text, cut % 2 == 0);
        }
        regular += whole.regular;
        buffer_free(&data);
    }
    assert_true(regular > 1000);
    csv_index_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests_name("csv_scan", tests, NULL, NULL);
}
