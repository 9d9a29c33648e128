/* The CSV source: headers, ragged rows, several files. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "csv_shown.h"
#include "records/csv_source.h"

static char directory[] = "/tmp/bell-csv-XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL ? -1 : 0;
}

static int remove_directory(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s/%d.csv", directory, i);
        (void)unlink(path);
    }
    return rmdir(directory);
}

static void write_file(int number, struct slice text, char path[64])
{
    (void)snprintf(path, 64, "%s/%d.csv", directory, number);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

/* Columns, rows and refusals of up to three files as text; an error as its message. */
static void put_batch(struct buffer *out, struct batch *batch, bool with_raw)
{
    size_t next = 0;
    for (size_t r = 0; r <= batch->record_count; r++) {
        for (; next < batch->refusal_count && batch->refusals[next].record == r; next++) {
            const struct refusal *refusal = &batch->refusals[next];
            assert_true(refusal->from_source);
            assert_int_equal(refusal->origin.length, refusal->raw.len);
            assert_true(buffer_appendf(
                out, "%s%s %u:%llu:%llu +%llu %s\n", refusal->code, refusal->fatal ? "!" : "",
                refusal->origin.file, (unsigned long long)refusal->origin.line,
                (unsigned long long)refusal->column, (unsigned long long)refusal->origin.offset,
                refusal->reason));
        }
        if (r == batch->record_count)
            break;
        struct error err = ERROR_INIT;
        struct origin origin;
        assert_true(batch_origin(batch, r, &origin));
        assert_true(buffer_appendf(out, "%u:%llu", origin.file, (unsigned long long)origin.line));
        for (size_t c = 0; c < batch->column_count; c++) {
            struct slice cell = batch_text(batch, c, &err)[r];
            put(out, "|", 1);
            put(out, slice_missing(cell) ? "~" : cell.data, slice_missing(cell) ? 1 : cell.len);
        }
        put(out, "\n", 1);
        if (with_raw)
            assert_int_equal(batch_raw(batch, r).len, origin.length);
    }
    assert_int_equal(next, batch->refusal_count);
}

static void read_files(const struct csv_source_options *options, const struct slice *texts,
                       size_t count, struct buffer *out)
{
    char paths[4][64];
    char *files[4];
    for (size_t i = 0; i < count; i++) {
        write_file((int)i, texts[i], paths[i]);
        files[i] = paths[i];
    }
    struct error err = ERROR_INIT;
    struct csv_source *source = NULL;
    enum status s = csv_source_open(options, files, count, &source, &err);
    bool end = false;
    size_t in = 0;
    size_t refused = 0;
    struct batch batch;
    batch_init(&batch);
    batch.sequence = 7;
    if (s == STATUS_OK) {
        size_t columns = 0;
        const struct slice *names = csv_source_columns(source, &columns);
        put_fields(out, names, columns);
    }
    while (s == STATUS_OK && !end) {
        s = csv_source_fill(source, &batch, &end, &err);
        if (s == STATUS_OK)
            s = csv_source_parse(source, &batch, &err);
        refused += batch.refusal_count;
        in += batch.record_count + batch.refusal_count;
        if (s == STATUS_OK)
            put_batch(out, &batch, options->keep_raw);
        assert_int_equal(batch.sequence, 7);
    }
    if (s != STATUS_OK) {
        const char *base = strrchr(err.file, '/');
        assert_true(buffer_appendf(out, "%d %s:%llu:%llu: %s\n", (int)s,
                                   base == NULL ? err.file : base + 1, (unsigned long long)err.line,
                                   (unsigned long long)err.column, err.text));
    } else {
        assert_true(buffer_appendf(out, "in=%zu refused=%zu blank=%llu\n", in, refused,
                                   (unsigned long long)csv_source_blank(source)));
    }
    batch_free(&batch);
    csv_source_close(source);
}

static void check_files(struct csv_source_options options, const struct slice *texts, size_t count,
                        const char *meant)
{
    for (int raw = 0; raw < 2; raw++) {
        for (size_t bytes = 1; bytes < 100; bytes += 9) {
            options.keep_raw = raw == 1;
            options.batch_bytes = bytes < 90 ? bytes : 0;
            struct buffer out = BUFFER_INIT;
            read_files(&options, texts, count, &out);
            assert_string_equal(out.data, meant);
            buffer_free(&out);
        }
    }
}

static void check_file(struct csv_source_options options, struct slice text, const char *meant)
{
    check_files(options, &text, 1, meant);
}

static void rows_become_batches(void **state)
{
    (void)state;
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    check_file(o, SLICE_LITERAL("a, b\n1,2\n\n3,\"4\n5\"\n6,7"),
               "<1:a><2: b>\n0:2|1|2\n0:4|3|4\n5\n0:6|6|7\nin=3 refused=0 blank=1\n");
    check_file(o,
               SLICE_LITERAL("\xEF\xBB\xBF"
                             "a\n1\n\n\xFF\n2\n"),
               "<1:a>\n0:2|1\n0:3|\nencoding 0:4:1 +8 byte \\xFF is not UTF-8; set encoding, for "
               "instance windows-1252\n0:5|2\nin=4 refused=1 blank=0\n");
    check_file(o, SLICE_LITERAL("a,b\n"), "<1:a><1:b>\nin=0 refused=0 blank=0\n");
    o.header = false;
    check_file(o, SLICE_LITERAL("1\"\n1,2\n3,4\n"),
               "<1:1><1:2>\nquote 0:1:1 +0 a quote inside a field that does not begin with one; "
               "try quoting: lenient or none\n0:2|1|2\n0:3|3|4\nin=3 refused=1 blank=0\n");
    o.header = true;
    o.skip_lines = 2;
    o.skip_records = 1;
    check_file(o, SLICE_LITERAL("\"x\nnote\r\na\nunit\n1\n2\n"),
               "<1:a>\n0:5|1\n0:6|2\nin=2 refused=0 blank=0\n");
    o = (struct csv_source_options)CSV_SOURCE_OPTIONS_INIT;
    o.encoding = "windows-1252";
    check_file(o, SLICE_LITERAL("a,b\n\xE9,\x81\n\xE9,2\n"),
               "<1:a><1:b>\nencoding 0:2:2 +4 a byte that is not valid in encoding windows-1252\n"
               "0:3|\xC3\xA9|2\nin=2 refused=1 blank=0\n");
}

static void ragged_rows(void **state)
{
    (void)state;
    const struct slice text = SLICE_LITERAL("a,b\n1\n1,2\n1,2,\n1,2,3\n");
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    check_file(o, text,
               "<1:a><1:b>\nragged! 0:2:1 +4 1 field where the header has 2\n0:3|1|2\n"
               "ragged! 0:4:3 +10 3 fields where the header has 2\n"
               "ragged! 0:5:3 +15 3 fields where the header has 2\nin=4 refused=3 blank=0\n");
    o.ragged = CSV_RAGGED_REJECT;
    check_file(o, text,
               "<1:a><1:b>\nragged 0:2:1 +4 1 field where the header has 2\n0:3|1|2\n"
               "ragged 0:4:3 +10 3 fields where the header has 2\n"
               "ragged 0:5:3 +15 3 fields where the header has 2\nin=4 refused=3 blank=0\n");
    o.ragged = CSV_RAGGED_PAD;
    check_file(o, text,
               "<1:a><1:b>\n0:2|1|~\n0:3|1|2\n0:4|1|2\n"
               "ragged 0:5:3 +15 3 fields where the header has 2\nin=4 refused=1 blank=0\n");
}

static void headers_that_are_wrong(void **state)
{
    (void)state;
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    check_file(o, SLICE_LITERAL(""), "1 0.csv:0:0: no header line\n");
    check_file(o, SLICE_LITERAL("\n\r\n"), "1 0.csv:0:0: no header line\n");
    check_file(o, SLICE_LITERAL("\na,b\"\n1,2\n"),
               "1 0.csv:2:2: header: a quote inside a field that does not begin with one; try "
               "quoting: lenient or none\n");
    check_file(o, SLICE_LITERAL("a,b\xE9\n"),
               "1 0.csv:1:2: header: byte \\xE9 is not UTF-8; set encoding, for instance "
               "windows-1252\n");
    check_file(
        o,
        SLICE_LITERAL("\x7F"
                      "ELF\0\0\n"),
        "1 0.csv:1:1: header: a NUL byte; is this a text file, and in the encoding given?\n");
    o.skip_lines = 5;
    check_file(o, SLICE_LITERAL("a\nb\n"), "1 0.csv:0:0: no header line\n");
    o.skip_lines = 0;
    o.header = false;
    check_file(o, SLICE_LITERAL("\n"),
               "1 0.csv:0:0: no records, so the number of columns is not known\n");
}

static void several_files(void **state)
{
    (void)state;
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    const struct slice good[] = {SLICE_LITERAL("a,b\n1,2"), SLICE_LITERAL("a,b\n"),
                                 SLICE_LITERAL("\"a\",b\r\n\r\n3,4\r\n")};
    check_files(o, good, 3, "<1:a><1:b>\n0:2|1|2\n2:3|3|4\nin=2 refused=0 blank=1\n");
    const struct slice no_header[] = {SLICE_LITERAL("1,2"), SLICE_LITERAL(""),
                                      SLICE_LITERAL("3,4\n")};
    o.header = false;
    check_files(o, no_header, 3, "<1:1><1:2>\n0:1|1|2\n2:1|3|4\nin=2 refused=0 blank=0\n");
}

static void headers_that_differ(void **state)
{
    (void)state;
    static const char *const others[] = {"a,c\n", "a\n"};
    for (size_t i = 0; i < 2; i++) {
        const struct slice texts[] = {SLICE_LITERAL("a,b\n1,2\n"), slice_of(others[i])};
        struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
        struct buffer out = BUFFER_INIT;
        read_files(&o, texts, 2, &out);
        assert_non_null(strstr(out.data, "\n1 1.csv:1:"));
        assert_non_null(strstr(out.data, "/0.csv"));
        buffer_free(&out);
    }
}

/* A header of many columns and rows of one byte: memory stays with the bytes, not the cells. */
static void wide_header_and_short_rows(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT;
    const size_t columns = 100000;
    const size_t rows = 3000;
    for (size_t i = 1; i < columns; i++)
        put(&text, ",", 1);
    for (size_t i = 0; i < rows; i++)
        put(&text, "\nx", 2);
    char path[64];
    write_file(0, (struct slice){text.data, text.len}, path);
    char *files[] = {path};
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    o.ragged = CSV_RAGGED_PAD;
    struct error err = ERROR_INIT;
    struct csv_source *source = NULL;
    assert_int_equal(csv_source_open(&o, files, 1, &source, &err), STATUS_OK);
    struct batch batch;
    batch_init(&batch);
    size_t seen = 0;
    for (bool end = false; !end;) {
        assert_int_equal(csv_source_fill(source, &batch, &end, &err), STATUS_OK);
        seen += batch.record_count;
        assert_true(batch.record_count * batch.column_count < 4 * 1024 * 1024);
    }
    assert_int_equal(seen, rows);
    batch_free(&batch);
    csv_source_close(source);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_batches),    cmocka_unit_test(ragged_rows),
        cmocka_unit_test(headers_that_are_wrong), cmocka_unit_test(several_files),
        cmocka_unit_test(headers_that_differ),    cmocka_unit_test(wide_header_and_short_rows),
    };
    return cmocka_run_group_tests_name("csv_source", tests, make_directory, remove_directory);
}
