/* Record streams: what is written is read again, and what is damaged is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "records/escape.h"
#include "records/stream_reader.h"
#include "records/stream_rows.h"
#include "records/stream_writer.h"

static char path[] = "/tmp/bell-test-stream.XXXXXX";

static uint64_t random_state = 42;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

/* A cell of nasty bytes, sometimes missing. */
static struct slice random_cell(struct arena *arena)
{
    static const char bytes[] = "ab#\\\t\n\r\b\f\vN.x7\xc3\xa9";
    if (next_random(6) == 0)
        return SLICE_MISSING;
    size_t len = next_random(9);
    char *text = arena_alloc(arena, len + 1);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = bytes[next_random(14)];
    return (struct slice){text, len};
}

static void write_file(const struct buffer *bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->data, 1, bytes->len, file), bytes->len);
    assert_int_equal(fclose(file), 0);
}

static void append_file(struct buffer *bytes)
{
    FILE *file = fopen(path, "rb");
    char piece[4096];
    size_t n;
    assert_non_null(file);
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        assert_true(buffer_append(bytes, piece, n));
    assert_int_equal(fclose(file), 0);
}

/* Writes records to path; level as for stream_writer_new. */
static void write_stream(int level, size_t columns, size_t records, const struct slice *cells)
{
    struct error err = ERROR_INIT;
    struct output *output;
    struct stream_writer *writer;
    struct codec *codec;
    struct header header = HEADER_INIT;
    struct batch batch;
    struct buffer text = BUFFER_INIT;
    struct buffer bytes = BUFFER_INIT;
    for (size_t c = 0; c < columns; c++) {
        char name[24];
        (void)snprintf(name, sizeof name, "f%zu", c);
        assert_int_equal(schema_add(&header.schema, name, FIELD_STR, NULL, &err), STATUS_OK);
    }
    assert_int_equal(header_add_line(&header, "scale", "s\tmin=1\tmax=5", &err), STATUS_OK);
    assert_int_equal(output_open(&output, path, OUTPUT_DEFAULT, &err), STATUS_OK);
    assert_int_equal(stream_writer_new(&writer, output, level, &err), STATUS_OK);
    assert_int_equal(stream_writer_begin(writer, &header, &err), STATUS_OK);
    assert_int_equal(codec_new(&codec, &err), STATUS_OK);
    batch_init(&batch);
    assert_int_equal(batch_shape(&batch, columns, records, false, &err), STATUS_OK);
    for (size_t i = 0; i < records; i++)
        for (size_t c = 0; c < columns; c++)
            batch.columns[c].cells[i] = cells[i * columns + c];
    assert_int_equal(stream_writer_encode(writer, codec, &batch, &text, &bytes, &err), STATUS_OK);
    assert_int_equal(stream_writer_put(writer, &bytes, &err), STATUS_OK);
    assert_int_equal(header_add_line(&header, "also", "late", &err), STATUS_OK);
    struct stream_end end = {records, records, 0, 0, UINT64_MAX, 0};
    assert_int_equal(stream_writer_end(writer, &header, &end, &err), STATUS_OK);
    assert_int_equal(output_commit(output, &err), STATUS_OK);
    stream_writer_free(writer);
    codec_free(codec);
    batch_free(&batch);
    buffer_free(&text);
    buffer_free(&bytes);
    header_free(&header);
}

/* Reads path to its end; cells (if not NULL) are compared.  The status of the reading. */
static enum status read_stream(size_t columns, const struct slice *cells, uint64_t *records,
                               struct header *header, struct error *err)
{
    char *names[] = {path};
    struct source source;
    struct batch batch;
    bool end = false;
    batch_init(&batch);
    *records = 0;
    assert_int_equal(stream_reader_new(&source, names, 1, 0, 1, err), STATUS_OK);
    enum status s = source.ops->open(source.self, header, err);
    while (s == STATUS_OK && !end) {
        batch_reset(&batch);
        s = source.ops->fill(source.self, &batch, &end, err);
        if (s != STATUS_OK || batch.record_count == 0)
            continue;
        s = source.ops->parse(source.self, &batch, err);
        for (size_t c = 0; s == STATUS_OK && cells != NULL && c < columns; c++) {
            const struct slice *got = batch_text(&batch, c, err);
            for (size_t i = 0; i < batch.record_count; i++)
                assert_true(slice_equal(got[i], cells[(*records + i) * columns + c]));
        }
        *records += batch.record_count;
    }
    batch_free(&batch);
    source.ops->free(source.self);
    return s;
}

static void test_round_trip(void **state)
{
    (void)state;
    for (int round = 0; round < 120; round++) {
        struct arena arena = ARENA_INIT;
        size_t columns = 1 + next_random(4);
        size_t records = next_random(400);
        struct slice *cells = calloc(columns * records + 1, sizeof *cells);
        assert_non_null(cells);
        for (size_t i = 0; i < columns * records; i++)
            cells[i] = random_cell(&arena);
        write_stream(round % 4 - 1, columns, records, cells);
        struct error err = ERROR_INIT;
        struct header header = HEADER_INIT;
        uint64_t read;
        assert_int_equal(read_stream(columns, cells, &read, &header, &err), STATUS_OK);
        assert_int_equal(read, records);
        assert_string_equal(header_line(&header, "also"), "late");
        assert_string_equal(header_line(&header, "scale"), "s\tmin=1\tmax=5");
        header_free(&header);
        free(cells);
        arena_free(&arena);
    }
}

/* Cut anywhere, in any packing, a stream of one part is refused with STATUS_DAMAGED. */
static void test_every_cut(void **state)
{
    (void)state;
    struct slice cells[] = {SLICE_LITERAL("one"), SLICE_LITERAL("#two"), SLICE_MISSING,
                            SLICE_LITERAL("")};
    for (int level = STREAM_LEVEL_TEXT; level <= 1; level++) {
        struct buffer whole = BUFFER_INIT;
        write_stream(level, 2, 2, cells);
        append_file(&whole);
        for (size_t cut = 0; cut < whole.len; cut++) {
            struct buffer part = whole;
            part.len = cut;
            write_file(&part);
            struct error err = ERROR_INIT;
            struct header header = HEADER_INIT;
            uint64_t read;
            assert_int_equal(read_stream(2, NULL, &read, &header, &err), STATUS_DAMAGED);
            assert_true(err.text[0] != '\0');
            header_free(&header);
        }
        buffer_free(&whole);
    }
}

static enum status read_text(const char *text, char *message)
{
    struct buffer bytes = BUFFER_INIT;
    struct error err = ERROR_INIT;
    struct header header = HEADER_INIT;
    uint64_t read;
    assert_true(buffer_append_text(&bytes, text));
    write_file(&bytes);
    enum status s = read_stream(1, NULL, &read, &header, &err);
    (void)snprintf(message, ERROR_TEXT_MAX, "%s", s == STATUS_OK ? "" : err.text);
    header_free(&header);
    buffer_free(&bytes);
    return s;
}

#define HEAD "#bell\t1\n#fields\ta\n#types\tstr\n"
#define END(n) "#end\tin=" n "\tout=" n "\trejected=0\tdropped=0\n"

static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        const char *message; /* a part of it */
    } cases[] = {
        {HEAD "x\ny\n" END("2"), STATUS_OK, ""},
        {HEAD END("0"), STATUS_OK, ""},
        {HEAD "x\n" END("1") HEAD "y\n" END("1"), STATUS_OK, ""},
        {"", STATUS_DAMAGED, "empty"},
        {"id,score\n1,2\n", STATUS_DAMAGED, "not a record stream"},
        {"#bell\t2\n", STATUS_DAMAGED, "version 2"},
        {HEAD "x\n", STATUS_DAMAGED, "without #end"},
        {HEAD "x\n#end\tin=1\tout=1\trejected=0\tdropped=0", STATUS_DAMAGED, "cut"},
        {HEAD "x\n" END("2"), STATUS_DAMAGED, "says 2 records, but 1"},
        {HEAD "x\n#end\tin=3\tout=1\trejected=1\tdropped=0\n", STATUS_DAMAGED, "add up"},
        {HEAD "x\n#end\tin=1\tout=1\n", STATUS_DAMAGED, "lacks"},
        {HEAD "x\ty\n" END("1"), STATUS_DAMAGED, "2 cells instead of 1"},
        {HEAD "x\n" END("1") "rest\n", STATUS_DAMAGED, "behind #end"},
        {HEAD "x\n" END("1") "rest", STATUS_DAMAGED, "behind the #end"},
        {HEAD "x\n" HEAD "y\n" END("1"), STATUS_DAMAGED, "no #end"},
        {HEAD END("0") "#bell\t1\n#fields\tb\n#types\tstr\n" END("0"), STATUS_DAMAGED, "[b:str]"},
        {HEAD END("0") "#bell\t1\n#fields\ta\n#types\tint\n" END("0"), STATUS_DAMAGED, "[a:int]"},
        {HEAD "x\xff\n" END("1"), STATUS_DAMAGED, "not UTF-8"},
        {HEAD "x\r\n" END("1"), STATUS_DAMAGED, "carriage return"},
        {"#bell\t1\n#fields\ta\n#types\tfloat\n" END("0"), STATUS_DAMAGED, "no type"},
        {"#bell\t1\n#fields\ta\tb\n#types\tstr\n" END("0"), STATUS_DAMAGED, "2 fields but 1"},
        {HEAD "x\n#strange\n" END("1"), STATUS_DAMAGED, "among the records"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char message[ERROR_TEXT_MAX];
        assert_int_equal(read_text(cases[i].text, message), cases[i].status);
        if (strstr(message, cases[i].message) == NULL)
            fail_msg("case %zu: '%s' lacks '%s'", i, message, cases[i].message);
    }
}

static void test_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *escaped;
        const char *text; /* NULL: missing */
    } cases[] = {
        {"plain", "plain"},   {"\\N", NULL},
        {"a\\tb", "a\tb"},    {"\\#x", "#x"},
        {"\\\\N", "\\N"},     {"\\101\\x42", "AB"},
        {"tail\\", "tail\\"}, {"\\xq", "xq"},
        {"\\7z", "\az"},      {"", ""},
    };
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool no_memory = false;
        struct slice got = escape_read(&arena, slice_of(cases[i].escaped), &no_memory);
        assert_false(no_memory);
        assert_true(slice_equal(got, slice_of(cases[i].text)));
    }
    arena_free(&arena);
}

static int make_file(void **state)
{
    (void)state;
    struct error err = ERROR_INIT;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0 || hash_init(&err) != STATUS_OK;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* Very many short lines under a very wide header: no cells are laid out for them. */
static void test_no_room_for_short_lines(void **state)
{
    (void)state;
    enum { LINES = 20000, COLUMNS = 20000 };
    struct error err = ERROR_INIT;
    struct batch batch;
    batch_init(&batch);
    for (size_t i = 0; i < LINES; i++)
        assert_true(buffer_append(&batch.bytes, "x\n", 2));
    batch.record_count = LINES;
    batch.first = 1;
    assert_int_equal(stream_parse_lines(&batch, COLUMNS, &err), STATUS_DAMAGED);
    assert_string_equal(err.text, "record 1 has 1 cells instead of 20000");
    assert_true(batch.arena.held < 1024 * 1024);
    batch_free(&batch);
}

/* Escapes found by the scan's list, and where there are too many to list. */
static void test_numbered_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        enum status status;
    } cases[] = {
        {"a\\101", STATUS_OK},
        {"\\x00", STATUS_DAMAGED},
        {"\\\\x00", STATUS_OK},
        {"\\\\\\x00", STATUS_DAMAGED},
        {"\\N", STATUS_OK},
        {"z\\xff", STATUS_DAMAGED},
        {"\\303\\251", STATUS_OK},
        {"\\303x", STATUS_DAMAGED},
        {"tail\\\tx0", STATUS_OK},
        {"\\#\\b\\7", STATUS_OK},
        {"\\\\\\\\\t\\0", STATUS_DAMAGED},
    };
    enum { MANY = 400 * 1024 };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int many = 0; many < 2; many++) {
            struct error err = ERROR_INIT;
            struct batch batch;
            batch_init(&batch);
            const size_t columns = 1 + (strchr(cases[i].cell, '\t') != NULL);
            for (size_t k = 0; many == 1 && k < MANY; k++)
                assert_true(buffer_append(&batch.bytes, "\\\\", 2));
            for (size_t k = 1; many == 1 && k < columns; k++)
                assert_true(buffer_append(&batch.bytes, "\t", 1));
            assert_true(many == 0 || buffer_append(&batch.bytes, "\n", 1));
            assert_true(buffer_append_text(&batch.bytes, cases[i].cell));
            assert_true(buffer_append(&batch.bytes, "\n", 1));
            batch.first = 1;
            assert_int_equal(stream_parse_lines(&batch, columns, &err), cases[i].status);
            assert_int_equal(batch.rows.escapes_listed, many == 0);
            assert_true(cases[i].status == STATUS_OK || strstr(err.text, "the escapes of") != NULL);
            batch_free(&batch);
        }
    }
}

/* The list of escapes only saves looking for them. */
static void test_listed_escapes(void **state)
{
    (void)state;
    enum { COLUMNS = 3 };
    for (int round = 0; round < 300; round++) {
        struct error err = ERROR_INIT;
        struct batch batch;
        batch_init(&batch);
        for (size_t i = 0; i < 50 * COLUMNS; i++) {
            static const char *const parts[] = {"",    "ab",        "\\N", "\\\\",
                                                "x\\", "\\t\\101z", "long"};
            if (next_random(2) == 0)
                assert_true(buffer_append_text(&batch.bytes, "c"));
            for (uint32_t n = next_random(3); n > 0; n--)
                assert_true(buffer_append_text(&batch.bytes, parts[next_random(7)]));
            assert_true(buffer_append_byte(&batch.bytes, i % COLUMNS == COLUMNS - 1 ? '\n' : '\t'));
        }
        batch.first = 1;
        assert_int_equal(stream_parse_lines(&batch, COLUMNS, &err), STATUS_OK);
        for (size_t c = 0; c < COLUMNS; c++) {
            struct slice listed[50];
            struct slice looked_up[50];
            struct source_rows *rows = &batch.rows;
            rows->escapes_listed = true;
            assert_true(rows->form->read(rows, c, NULL, 50, &batch.arena, listed));
            rows->escapes_listed = false;
            assert_true(rows->form->read(rows, c, NULL, 50, &batch.arena, looked_up));
            for (size_t i = 0; i < 50; i++)
                assert_true(slice_equal(listed[i], looked_up[i]));
        }
        batch_free(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_faults),         cmocka_unit_test(test_no_room_for_short_lines),
        cmocka_unit_test(test_escapes),        cmocka_unit_test(test_numbered_escapes),
        cmocka_unit_test(test_listed_escapes),
    };
    return cmocka_run_group_tests_name("stream", tests, make_file, remove_file);
}
