/* The scan of a record stream's lines finds what the definition says, in one piece or in several.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "records/line_scan.h"

typedef enum status scan_fn(struct line_scan *scan, struct source_rows *rows, const char *data,
                            size_t len, struct error *err);

struct expected {
    struct line_scan scan;
    uint32_t borders[512];
    uint32_t escapes[512];
    size_t escape_count;
    uint64_t escaped_columns;
    bool numbered;
};

static uint64_t random_state = 42;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

/* Word for word what line_scan.h says; texts of up to 512 bytes. */
static void define(const char *data, size_t len, size_t columns, struct expected *e)
{
    struct line_scan *s = &e->scan;
    size_t tabs = 0;
    *s = (struct line_scan){.columns = columns, .regular = true};
    bool twin = false;
    e->escape_count = 0;
    e->escaped_columns = 0;
    e->numbered = false;
    for (; s->at < len; s->at++) {
        const char c = data[s->at];
        s->marked = c == '#' && (s->at == 0 || data[s->at - 1] == '\n');
        if (s->marked)
            return;
        if (c == '\0' || c == '\r' || (c == '\t' && ++tabs == columns) ||
            (c == '\n' && tabs + 1 != columns))
            s->regular = false;
        if (c == '\\') {
            e->escapes[e->escape_count++] = (uint32_t)s->at;
            e->escaped_columns |= UINT64_C(1) << tabs % 64;
        }
        const bool opens = c == '\\' && !twin;
        twin = opens && s->at + 1 < len && data[s->at + 1] == '\\';
        if (opens && s->at + 1 < len && memchr("x01234567", data[s->at + 1], 9) != NULL)
            e->numbered = true;
        if (c == '\t' || c == '\n')
            e->borders[s->borders++] = (uint32_t)s->at;
        if (c == '\n') {
            tabs = 0;
            s->lines++;
            s->end = s->at + 1;
        }
    }
}

/* in_pieces: a backslash may have stood last in one. */
static void compare(const struct line_scan *scan, const struct source_rows *rows,
                    const struct expected *e, bool in_pieces)
{
    assert_int_equal(scan->at, e->scan.at);
    assert_int_equal(scan->lines, e->scan.lines);
    assert_int_equal(scan->end, e->scan.end);
    assert_int_equal(scan->marked, e->scan.marked);
    assert_int_equal(scan->regular, e->scan.regular);
    if (!scan->regular)
        return;
    assert_true(rows->escapes_listed);
    assert_int_equal(scan->borders, e->scan.borders);
    assert_int_equal(rows->escape_count, e->escape_count);
    assert_int_equal(rows->escaped_columns, e->escaped_columns);
    assert_true(rows->escapes_numbered == e->numbered || (rows->escapes_numbered && in_pieces));
    if (scan->borders > 0)
        assert_memory_equal(rows->borders, e->borders, scan->borders * sizeof *e->borders);
    if (e->escape_count > 0)
        assert_memory_equal(rows->escapes, e->escapes, e->escape_count * sizeof *e->escapes);
}

/* Every text of up to `longest` bytes over the bytes that matter, across the border of two blocks,
 * behind a line that is sound. */
static void every_pattern(scan_fn *scan, size_t longest)
{
    static const char bytes[] = {'x', '\t', '\n', '\r', '\0', '\\', '#'};
    enum { KINDS = sizeof bytes, LEN = 128 };
    struct source_rows rows = {.form = NULL};
    size_t regular = 0;
    for (size_t len = 1; len <= longest; len++) {
        size_t patterns = 1;
        for (size_t i = 0; i < len; i++)
            patterns *= KINDS;
        for (size_t p = 0; p < patterns; p++) {
            char data[LEN];
            const size_t columns = 1 + p % 3;
            size_t at = 64 - p % (len + 1);
            memset(data, 'a', sizeof data);
            memset(data + 10, '\t', columns - 1);
            data[20] = '\n';
            for (size_t rest = p, i = 0; i < len; i++, rest /= KINDS)
                data[at++] = bytes[rest % KINDS];
            struct line_scan found;
            struct expected e;
            struct error err = ERROR_INIT;
            line_scan_begin(&found, &rows, columns);
            assert_int_equal(scan(&found, &rows, data, LEN, &err), STATUS_OK);
            define(data, LEN, columns, &e);
            compare(&found, &rows, &e, false);
            regular += found.regular;
        }
    }
    assert_true(regular > 100);
    source_rows_free(&rows);
}

static void test_patterns(void **state)
{
    (void)state;
    every_pattern(line_scan, 8);
    every_pattern(line_scan_plain, 6);
}

/* Mostly sound lines of a number of columns, now and then something odd. */
static size_t make_text(char *data, size_t most, size_t columns)
{
    static const char odd[] = {'\0', '\r', '\t', '\n', '#'};
    const size_t len = next_random((uint32_t)most);
    const bool sound = next_random(3) == 0;
    size_t tabs = 0;
    for (size_t i = 0; i < len; i++) {
        const uint32_t dice = next_random(12);
        char c = "a7\\#\xc3xyz"[dice % 8];
        if (dice > 8)
            c = tabs + 1 == columns ? '\n' : '\t';
        if (c == '#' && (i == 0 || data[i - 1] == '\n') && next_random(20) > 0)
            c = 'a';
        if (!sound && next_random(80) == 0)
            c = odd[next_random(sizeof odd)];
        tabs = c == '\n' ? 0 : tabs + (c == '\t');
        data[i] = c;
    }
    return len;
}

/* Longer texts, given in pieces; nothing behind a piece may be read. */
static void random_texts(scan_fn *scan)
{
    struct source_rows rows = {.form = NULL};
    size_t regular = 0;
    size_t odd = 0;
    size_t marked = 0;
    for (int round = 0; round < 20000; round++) {
        char data[512];
        const size_t columns = 1 + next_random(next_random(9) == 0 ? 90 : 5);
        const size_t len = make_text(data, sizeof data, columns);
        struct line_scan found;
        struct expected e;
        struct error err = ERROR_INIT;
        line_scan_begin(&found, &rows, columns);
        for (size_t given = 0; given < len && !found.marked;) {
            given += 1 + next_random((uint32_t)(len - given));
            char *piece = malloc(given);
            assert_non_null(piece);
            memcpy(piece, data, given);
            assert_int_equal(scan(&found, &rows, piece, given, &err), STATUS_OK);
            free(piece);
        }
        define(data, len, columns, &e);
        compare(&found, &rows, &e, true);
        regular += found.regular && found.lines > 0;
        odd += !found.regular;
        marked += found.marked;
    }
    assert_true(regular > 1000 && odd > 1000 && marked > 1000);
    source_rows_free(&rows);
}

static void test_random(void **state)
{
    (void)state;
    random_texts(line_scan);
    random_texts(line_scan_plain);
}

/* Texts of many pieces: both ways say the same. */
static void test_long(void **state)
{
    (void)state;
    enum { LEN = 100 * 1024 };
    char *data = malloc(LEN);
    assert_non_null(data);
    size_t regular = 0;
    for (int round = 0; round < 200; round++) {
        const size_t columns = 1 + next_random(12);
        for (size_t i = 0, tabs = 0; i < LEN; i++) {
            const uint32_t dice = next_random(16);
            data[i] = dice > 2 ? 'a' : '\\';
            if (dice == 0)
                data[i] = tabs + 1 == columns ? '\n' : '\t';
            tabs = data[i] == '\n' ? 0 : tabs + (data[i] == '\t');
        }
        if (round % 4 == 1)
            data[next_random(LEN)] = "\t\n\r"[next_random(3)];
        if (round % 4 == 2)
            memcpy(data + next_random(LEN - 1), "\n#", 2);
        struct source_rows rows = {.form = NULL};
        struct source_rows plain_rows = {.form = NULL};
        struct line_scan found;
        struct line_scan plain;
        struct error err = ERROR_INIT;
        line_scan_begin(&found, &rows, columns);
        line_scan_begin(&plain, &plain_rows, columns);
        assert_int_equal(line_scan(&found, &rows, data, LEN, &err), STATUS_OK);
        assert_int_equal(line_scan_plain(&plain, &plain_rows, data, LEN, &err), STATUS_OK);
        assert_int_equal(found.at, plain.at);
        assert_int_equal(found.lines, plain.lines);
        assert_int_equal(found.end, plain.end);
        assert_int_equal(found.marked, plain.marked);
        assert_int_equal(found.regular, plain.regular);
        if (found.regular) {
            assert_int_equal(found.borders, plain.borders);
            assert_memory_equal(rows.borders, plain_rows.borders, found.borders * sizeof(uint32_t));
            assert_int_equal(rows.escape_count, plain_rows.escape_count);
            assert_memory_equal(rows.escapes, plain_rows.escapes,
                                rows.escape_count * sizeof(uint32_t));
            assert_int_equal(rows.escaped_columns, plain_rows.escaped_columns);
            regular++;
        }
        source_rows_free(&rows);
        source_rows_free(&plain_rows);
    }
    assert_true(regular > 50 && regular < 180);
    free(data);
}

/* Backslashes without end are not listed, and take no memory; the borders stay right. */
static void test_many_escapes(void **state)
{
    (void)state;
    enum { LEN = 4 * 1024 * 1024 };
    char *data = malloc(LEN);
    assert_non_null(data);
    memset(data, '\\', LEN);
    data[LEN / 2] = '\t';
    data[LEN - 1] = '\n';
    for (int plain = 0; plain < 2; plain++) {
        struct source_rows rows = {.form = NULL};
        struct line_scan found;
        struct error err = ERROR_INIT;
        line_scan_begin(&found, &rows, 2);
        assert_int_equal((plain ? line_scan_plain : line_scan)(&found, &rows, data, LEN, &err),
                         STATUS_OK);
        assert_true(found.regular && !rows.escapes_listed);
        assert_int_equal(found.borders, 2);
        assert_int_equal(rows.borders[0], LEN / 2);
        assert_int_equal(rows.borders[1], LEN - 1);
        assert_true(rows.escape_cap <= LEN / 8);
        source_rows_free(&rows);
    }
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_many_escapes),
    };
    return cmocka_run_group_tests_name("line_scan", tests, NULL, NULL);
}
