/* Side files: random tables there and back, and every fault with its line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "study/side_file.h"

static void reads_a_population(void **state)
{
    static const char text[] = "\xef\xbb\xbfplatform,population\r\n\"twitter, x\",16700000\r\n"
                               "\r\n\"say \"\"hi\"\"\n2\",\n fb ,1";
    struct error err = ERROR_INIT;
    struct side_file *file;
    size_t col;
    (void)state;
    assert_int_equal(side_file_parse("uk.csv", (struct slice){text, sizeof text - 1}, &file, &err),
                     STATUS_OK);
    assert_int_equal(side_file_columns(file), 2);
    assert_int_equal(side_file_rows(file), 3);
    assert_int_equal(side_file_column(file, "population", &col, &err), STATUS_OK);
    assert_int_equal(col, 1);
    assert_true(slice_is(side_file_column_name(file, 0), "platform"));
    assert_true(slice_is(side_file_cell(file, 0, 0), "twitter, x"));
    assert_true(slice_is(side_file_cell(file, 0, 1), "16700000"));
    assert_true(slice_is(side_file_cell(file, 1, 0), "say \"hi\"\n2"));
    assert_true(slice_is(side_file_cell(file, 1, 1), ""));
    assert_true(slice_is(side_file_cell(file, 2, 0), " fb "));
    assert_int_equal(side_file_line(file, 0), 2);
    assert_int_equal(side_file_line(file, 1), 4);
    assert_int_equal(side_file_line(file, 2), 6);
    assert_int_equal(side_file_column(file, "poplation", &col, &err), STATUS_USAGE);
    assert_string_equal(err.text, "no column 'poplation'; did you mean 'population'?");
    assert_string_equal(err.file, "uk.csv");
    assert_int_equal(err.line, 1);
    side_file_free(file);
}

static void faults_have_lines(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        uint64_t line;
        const char *says;
    } cases[] = {
#define CASE(text, line, says) {text, sizeof text - 1, line, says}
        CASE("", 0, "needs a header"),
        CASE("\n\r\n", 0, "needs a header"),
        CASE("a,b\n1,2\n1\n", 3, "1 fields, but the header has 2"),
        CASE("a,b\n1,2,3\n", 2, "3 fields, but the header has 2"),
        CASE("a,b\n\"1\n,2\n", 2, "not closed"),
        CASE("a,b\n\"x\ny\",\"2\"z\n", 3, "behind a closing quote"),
        CASE("a,b\nx\"y,2\n", 2, "inside an unquoted field"),
        CASE("a,b\nx\ry,2\n", 2, "carriage return"),
        CASE("a,b\n1,2\r", 2, "carriage return"),
        CASE("a,b,a\n", 1, "two columns are called 'a'"),
        CASE("a,b\n1,\0\n", 2, "NUL"),
        CASE("a,b\n1,2\n1,\xff\n", 3, "no UTF-8"),
#undef CASE
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = ERROR_INIT;
        struct side_file *file;
        assert_int_equal(
            side_file_parse("f.csv", (struct slice){cases[i].text, cases[i].len}, &file, &err),
            STATUS_USAGE);
        if (err.line != cases[i].line || strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: %llu: %s", i, (unsigned long long)err.line, err.text);
        assert_null(file);
    }
}

static uint64_t seed = 314159265358979U;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % below;
}

static void random_cell(char *cell, size_t row, size_t col)
{
    static const char *const bits[] = {"a", "b", "\"", ",", "\n", "\r\n", " ", "é", "\r", "0"};
    cell[0] = '\0';
    /* A name of its own in the header; never a row that is empty. */
    if (row == 0 || col == 0)
        (void)sprintf(cell, "n%zu", col);
    for (uint32_t n = draw(5); n > 0; n--)
        (void)strcat(cell, bits[draw(10)]);
}

static void write_cell(struct buffer *out, const char *cell)
{
    bool quote = strpbrk(cell, "\",\r\n") != NULL || draw(4) == 0;
    bool ok = !quote || buffer_append_byte(out, '"');
    for (; *cell != '\0'; cell++)
        ok = ok && (*cell != '"' || buffer_append_byte(out, '"')) && buffer_append_byte(out, *cell);
    assert_true(ok && (!quote || buffer_append_byte(out, '"')));
}

static void random_tables_read_back(void **state)
{
    enum { ROWS = 8, COLS = 5 };
    static char cells[ROWS][COLS][40];
    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct buffer text = BUFFER_INIT;
        struct error err = ERROR_INIT;
        struct side_file *file;
        size_t rows = 1 + draw(ROWS - 1);
        size_t cols = 1 + draw(COLS);
        const char *end = draw(2) == 0 ? "\n" : "\r\n";
        for (size_t r = 0; r < rows; r++) {
            for (size_t c = 0; c < cols; c++) {
                random_cell(cells[r][c], r, c);
                if (c > 0)
                    assert_true(buffer_append_byte(&text, ','));
                write_cell(&text, cells[r][c]);
            }
            if (r + 1 < rows || draw(2) == 0)
                assert_true(buffer_append_text(&text, end));
        }
        if (side_file_parse("r.csv", (struct slice){text.data, text.len}, &file, &err) != STATUS_OK)
            fail_msg("%s in:\n%s", err.text, text.data);
        assert_int_equal(side_file_rows(file), rows - 1);
        assert_int_equal(side_file_columns(file), cols);
        for (size_t c = 0; c < cols; c++) {
            assert_true(slice_is(side_file_column_name(file, c), cells[0][c]));
            for (size_t r = 1; r < rows; r++)
                assert_true(slice_is(side_file_cell(file, r - 1, c), cells[r][c]));
        }
        side_file_free(file);
        buffer_free(&text);
    }
}

static void opens_files(void **state)
{
    char path[] = "/tmp/bell_side_XXXXXX";
    struct error err = ERROR_INIT;
    struct side_file *file;
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "account\nmet\n\n", 13), 13);
    (void)close(fd);
    assert_int_equal(side_file_open(path, &file, &err), STATUS_OK);
    /* With one column an empty line is an empty cell. */
    assert_int_equal(side_file_rows(file), 2);
    assert_true(slice_is(side_file_cell(file, 1, 0), ""));
    side_file_free(file);
    (void)unlink(path);
    assert_int_equal(side_file_open(path, &file, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "No such file"));
    assert_int_equal(side_file_open("/", &file, &err), STATUS_USAGE);
    assert_null(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_population),
        cmocka_unit_test(faults_have_lines),
        cmocka_unit_test(random_tables_read_back),
        cmocka_unit_test(opens_files),
    };
    return cmocka_run_group_tests_name("side_file", tests, NULL, NULL);
}
