/* Batches become the same lines, and the same blocks, as cell by cell and with the codec. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "io/stored_blocks.h"
#include "records/escape_put.h"
#include "records/stream_encode.h"
#include "records/stream_rows.h"

static uint64_t random_state = 42;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

/* ---- escapes ---- */

enum { TEXT_MAX = 200, OUT_MAX = 2 * TEXT_MAX + ESCAPE_SLACK };

/* Both ways of the same text: alone in memory of its own size, and amid other bytes. */
static void compare_escapes(const char *text, size_t len)
{
    char expected[OUT_MAX];
    char *lone = malloc(len + 1);
    char *amid = malloc(len + 64);
    char *out = malloc(2 * len + ESCAPE_SLACK);
    assert_true(lone != NULL && amid != NULL && out != NULL);
    memcpy(lone + 1, text, len); /* its end is the memory's end */
    memset(amid, '\\', len + 64);
    memcpy(amid + 32, text, len);
    const size_t want =
        (size_t)(escape_put_plain(expected, (struct slice){text, len}, SLICE_MISSING) - expected);
    escape_put_fn *put = escape_put_choose();
    assert_int_equal(put(out, (struct slice){lone + 1, len}, SLICE_MISSING) - out, want);
    assert_memory_equal(out, expected, want);
    assert_int_equal(put(out, (struct slice){amid + 32, len}, (struct slice){amid, len + 64}) - out,
                     want);
    assert_memory_equal(out, expected, want);
    assert_int_equal(put(out, (struct slice){lone + 1, len}, (struct slice){amid, len + 64}) - out,
                     want);
    assert_memory_equal(out, expected, want);
    free(lone);
    free(amid);
    free(out);
}

static void test_escape_plain(void **state)
{
    (void)state;
    char out[64];
    struct slice all = SLICE_LITERAL("a\\b\t\n\r\b\f\v\x0e\x07\xc3\xa9#\0z");
    const char *end = escape_put_plain(out, all, SLICE_MISSING);
    struct slice got = {out, (size_t)(end - out)};
    assert_true(slice_equal(got, SLICE_LITERAL("a\\\\b\\t\\n\\r\\b\\f\\v\x0e\x07\xc3\xa9#\0z")));
    end = escape_put_plain(out, SLICE_MISSING, SLICE_MISSING);
    assert_true(slice_equal((struct slice){out, (size_t)(end - out)}, SLICE_LITERAL("\\N")));
    end = escape_put_choose()(out, SLICE_MISSING, SLICE_MISSING);
    assert_true(slice_equal((struct slice){out, (size_t)(end - out)}, SLICE_LITERAL("\\N")));
}

/* Every byte at every place of short and longer texts, and all pairs of bytes that matter. */
static void test_escape_places(void **state)
{
    (void)state;
    static const char bytes[] = {'\\', '\t', '\n',   '\r', '\b',  '\f',
                                 '\v', '\0', '\xff', 'l',  '\x1c'};
    char text[TEXT_MAX];
    for (size_t len = 0; len <= 100; len++) {
        memset(text, 'x', len);
        compare_escapes(text, len);
        for (size_t at = 0; at < len; at++) {
            for (int byte = 0; len <= 40 && byte < 256; byte++) {
                text[at] = (char)byte;
                compare_escapes(text, len);
            }
            text[at] = bytes[next_random(sizeof bytes)];
            for (size_t other = at + 1; other < len; other++) {
                text[other] = bytes[next_random(sizeof bytes)];
                compare_escapes(text, len);
                text[other] = 'x';
            }
            text[at] = 'x';
        }
    }
}

static void test_escape_random(void **state)
{
    (void)state;
    static const char bytes[] = {'\\', '\t', '\n',   '\r', '\b',  '\f',
                                 '\v', '\0', '\xff', 'l',  '\x1c'};
    for (int round = 0; round < 50000; round++) {
        char text[TEXT_MAX];
        const size_t len = next_random(TEXT_MAX + 1);
        const uint32_t density = 1 + next_random(60);
        for (size_t i = 0; i < len; i++)
            text[i] = next_random(density) == 0 ? bytes[next_random(sizeof bytes)] : 'y';
        compare_escapes(text, len);
    }
}

/* ---- blocks ---- */

static void append_line(struct buffer *text, size_t len)
{
    for (size_t i = 1; i < len; i++)
        assert_true(buffer_append_byte(text, (char)('a' + i % 23)));
    assert_true(buffer_append_byte(text, '\n'));
}

static void compare_blocks(struct codec *codec, const size_t *lengths, size_t count)
{
    struct error err = ERROR_INIT;
    struct buffer text = BUFFER_INIT;
    struct buffer expected = BUFFER_INIT;
    struct buffer out = BUFFER_INIT;
    struct stored_blocks blocks;
    assert_true(buffer_append_text(&expected, "before"));
    assert_true(buffer_append_text(&out, "before"));
    assert_true(stored_blocks_begin(&blocks, &out));
    for (size_t i = 0; i < count; i++) {
        const size_t start = out.len;
        append_line(&text, lengths[i]);
        append_line(&out, lengths[i]);
        if (stored_blocks_full(&blocks, out.len))
            assert_true(stored_blocks_cut(&blocks, start));
    }
    assert_true(stored_blocks_end(&blocks));
    assert_int_equal(bgzf_append_text(codec, 0, text.data, text.len, &expected, &err), STATUS_OK);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(out.data, expected.data, out.len);
    buffer_free(&text);
    buffer_free(&expected);
    buffer_free(&out);
}

static void test_blocks(void **state)
{
    (void)state;
    enum { MAX = BGZF_PAYLOAD_MAX };
    static const size_t lengths[][4] = {
        {1},           {MAX},           {MAX + 1},          {MAX - 1, 1},       {MAX - 1, 2},
        {MAX, 1},      {1, MAX},        {1, MAX - 1},       {1, MAX + 1, 1},    {MAX * 3},
        {MAX * 3 + 1}, {5, MAX * 3, 7}, {5, MAX * 3 - 1},   {MAX * 2, MAX * 2}, {MAX + 5, MAX - 5},
        {MAX + 5, 9},  {MAX, MAX, MAX}, {MAX + 5, MAX - 4}, {2, 3, 4, 5},
    };
    struct error err = ERROR_INIT;
    struct codec *codec;
    assert_int_equal(codec_new(&codec, &err), STATUS_OK);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t count = 0;
        while (count < 4 && lengths[i][count] > 0)
            count++;
        compare_blocks(codec, lengths[i], count);
    }
    compare_blocks(codec, NULL, 0);
    for (int round = 0; round < 100; round++) {
        size_t some[300];
        const size_t count = next_random(300);
        for (size_t i = 0; i < count; i++)
            some[i] = 1 + next_random(next_random(20) == 0 ? MAX * 3 : 1200);
        compare_blocks(codec, some, count);
    }
    codec_free(codec);
}

/* ---- batches ---- */

static const char *const raw_cells[] = {
    "",   "ab",   "\\N",
    "#x", "\\\\", "a text of more than sixty-four bytes, which no short copy can take",
};
static const struct slice plain_cells[] = {
    {"", 0},
    {"tab\there", 8},
    {NULL, 0},
    {"#first", 6},
    {"back\\slash, and more than 32 bytes", 34},
    {"short", 5},
};

enum { KINDS = 6, ROW_COLUMNS = 4 };

/* A batch whose columns are of all sorts, some of whose records are gone and some marked. */
static void make_batch(struct batch *batch, const struct dictionary *dictionary)
{
    struct error err = ERROR_INIT;
    const size_t records = next_random(60);
    batch_init(batch);
    for (size_t i = 0; i < records * ROW_COLUMNS; i++) {
        const bool first = i % ROW_COLUMNS == 0;
        const char *cell = raw_cells[next_random(KINDS)];
        assert_true(buffer_append_text(&batch->bytes, first && cell[0] == '#' ? "y" : cell));
        assert_true(buffer_append_byte(&batch->bytes, (i + 1) % ROW_COLUMNS == 0 ? '\n' : '\t'));
    }
    batch->first = 1;
    if (records == 0)
        assert_true(buffer_append(&batch->bytes, "", 0));
    assert_int_equal(stream_parse_lines(batch, ROW_COLUMNS, &err), STATUS_OK);
    struct batch_column *before;
    const size_t columns = 1 + next_random(7);
    assert_int_equal(batch_replace_columns(batch, columns, &before, &err), STATUS_OK);
    for (size_t c = 0; c < columns; c++) {
        struct batch_column *column = &batch->columns[c];
        const uint32_t kind = next_random(6);
        if (kind < 3) {
            *column = before[kind == 0 ? next_random(ROW_COLUMNS) : c % ROW_COLUMNS];
        } else if (kind == 3) {
            column->unread = false;
            column->dictionary = dictionary;
            column->codes = arena_calloc(&batch->arena, records, sizeof *column->codes);
            for (size_t i = 0; i < records; i++)
                column->codes[i] = (uint16_t)next_random(KINDS);
        } else if (kind == 4) {
            column->unread = false;
            column->cells = arena_calloc(&batch->arena, records, sizeof *column->cells);
            for (size_t i = 0; i < records; i++)
                column->cells[i] = plain_cells[next_random(KINDS)];
        }
    }
    for (size_t c = 0; c < columns && records > 0; c++) {
        const uint32_t kind = batch->columns[c].unread ? 9 : next_random(6);
        if (kind == 0)
            assert_non_null(batch_text(batch, c, &err));
        else if (kind == 1)
            batch_change(batch, c, &err)[next_random((uint32_t)records)] = slice_of("changed");
    }
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < batch->record_count; i++)
            if (next_random(4) == 0)
                batch_drop(batch, i);
        if (next_random(2) == 0)
            assert_int_equal(batch_compact(batch, &err), STATUS_OK);
    }
}

static void test_batches(void **state)
{
    (void)state;
    struct slice values[KINDS];
    memcpy(values, plain_cells, sizeof values);
    const struct dictionary dictionary = {values, KINDS, dictionary_new_id()};
    size_t written = 0;
    for (int round = 0; round < 3000; round++) {
        struct error err = ERROR_INIT;
        struct batch batch;
        struct buffer expected = BUFFER_INIT;
        struct buffer text = BUFFER_INIT;
        make_batch(&batch, &dictionary);
        for (size_t i = 0; i < batch.record_count; i++) {
            for (size_t c = 0; batch.fates[i] == FATE_LIVE && c < batch.column_count; c++)
                assert_true((c == 0 || buffer_append_byte(&expected, '\t')) &&
                            stream_append_cell(&expected, &batch, c, i));
            assert_true(batch.fates[i] != FATE_LIVE || buffer_append_byte(&expected, '\n'));
        }
        assert_int_equal(stream_encode(&batch, &text, &err), STATUS_OK);
        assert_int_equal(text.len, expected.len);
        if (text.len > 0)
            assert_memory_equal(text.data, expected.data, text.len);
        written += text.len;
        batch_free(&batch);
        buffer_free(&expected);
        buffer_free(&text);
    }
    assert_true(written > 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escape_plain),  cmocka_unit_test(test_escape_places),
        cmocka_unit_test(test_escape_random), cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_batches),
    };
    return cmocka_run_group_tests_name("stream_encode", tests, NULL, NULL);
}
