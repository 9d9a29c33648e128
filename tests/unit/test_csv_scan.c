/* The vector scan of CSV says what the reference reader says, or says nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "records/csv_reader.h"
#include "records/csv_scan.h"

typedef enum status scan_fn(const char *data, size_t len, char delimiter, bool quotes,
                            struct csv_index *index, struct error *err);

struct reading {
    struct buffer text; /* fields and records, each closed by a byte that no input holds */
    size_t records;
    size_t refused;
    bool refused_first; /* the first record, or an empty line before it */
};

static enum status take(void *ctx, const struct csv_record *record, struct error *err)
{
    struct reading *reading = ctx;
    (void)err;
    reading->refused += record->code != NULL;
    reading->refused_first =
        reading->refused_first || (reading->records == 0 && record->code != NULL);
    reading->records++;
    for (size_t i = 0; record->code == NULL && i < record->field_count; i++)
        assert_true(buffer_append_slice(&reading->text, record->fields[i]) &&
                    buffer_append_byte(&reading->text, '\x01'));
    assert_true(buffer_append_byte(&reading->text, '\x02'));
    return STATUS_OK;
}

/* What the reference reader makes of the piece; blank lines are counted as refused. */
static void read_reference(struct slice piece, char delimiter, bool quotes, struct reading *reading)
{
    struct error err = ERROR_INIT;
    struct csv_reader *reader;
    const struct csv_dialect dialect = {.delimiter = delimiter,
                                        .quoting = quotes ? CSV_QUOTING_STRICT : CSV_QUOTING_NONE};
    buffer_clear(&reading->text);
    reading->refused = 0;
    reading->records = 0;
    reading->refused_first = piece.len > 0 && (piece.data[0] == '\n' || piece.data[0] == '\r');
    assert_int_equal(csv_reader_new(&dialect, take, reading, &reader, &err), STATUS_OK);
    assert_int_equal(csv_reader_feed(reader, piece.data, piece.len, &err), STATUS_OK);
    assert_int_equal(csv_reader_finish(reader, &err), STATUS_OK);
    reading->refused += (size_t)csv_reader_blank(reader);
    csv_reader_free(reader);
}

/* The same text from an index. */
static void read_index(const char *data, const struct csv_index *index, bool quotes,
                       struct buffer *text)
{
    struct arena arena = ARENA_INIT;
    size_t start = 0;
    buffer_clear(text);
    for (size_t i = 0; i < index->count; i++) {
        size_t border = index->positions[i];
        bool ends = data[border] == '\n';
        struct slice raw = {data + start, border - start};
        struct slice field;
        if (ends && raw.len > 0 && raw.data[raw.len - 1] == '\r')
            raw.len--;
        assert_true(csv_field_text(raw, quotes, &arena, &field));
        assert_true(buffer_append_slice(text, field) && buffer_append_byte(text, '\x01'));
        if (ends)
            assert_true(buffer_append_byte(text, '\x02'));
        start = border + 1;
    }
    arena_free(&arena);
}

struct compared {
    size_t regular;
    size_t odd;
};

/* In sound text each quote that follows another one inside a field is the second of two. */
static void compare_doubled(const char *data, const struct csv_index *index, bool quotes)
{
    size_t found = 0;
    size_t start = 0;
    for (size_t i = 0; i < index->count && quotes; i++) {
        size_t border = index->positions[i];
        for (size_t at = start + 1; data[start] == '"' && at + 1 < border; at++) {
            if (data[at] != '"' || data[at + 1] != '"')
                continue;
            assert_true(found < index->doubled_count);
            assert_int_equal(index->doubled[found++], ++at);
        }
        start = border + 1;
    }
    assert_int_equal(index->doubled_count, found);
}

/* What lies before index->end is the same to both. */
static void compare_rows(struct slice piece, char delimiter, bool quotes,
                         const struct csv_index *index, struct reading *reference,
                         struct buffer *text)
{
    assert_true(piece.data[index->end - 1] == '\n');
    read_reference((struct slice){piece.data, index->end}, delimiter, quotes, reference);
    size_t lines = 0;
    for (size_t i = 0; i < index->end; i++)
        lines += piece.data[i] == '\n';
    assert_int_equal(index->lines, lines);
    assert_int_equal(reference->refused, 0);
    assert_int_equal(reference->records, index->records);
    read_index(piece.data, index, quotes, text);
    assert_int_equal(text->len, reference->text.len);
    assert_memory_equal(text->data, reference->text.data, text->len);
    compare_doubled(piece.data, index, quotes);
}

static void compare(scan_fn *scan, struct slice piece, char delimiter, bool quotes,
                    struct csv_index *index, struct reading *reference, struct buffer *text,
                    struct compared *seen)
{
    struct error err = ERROR_INIT;
    assert_int_equal(scan(piece.data, piece.len, delimiter, quotes, index, &err), STATUS_OK);
    if (index->end > 0)
        compare_rows(piece, delimiter, quotes, index, reference, text);
    seen->regular += index->regular && index->end > 0;
    if (index->regular)
        return;
    seen->odd++;
    /* It may not shirk: the reader refuses the very record that follows. */
    read_reference((struct slice){piece.data + index->end, piece.len - index->end}, delimiter,
                   quotes, reference);
    assert_true(reference->refused_first);
}

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
