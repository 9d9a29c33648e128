/* What input.h reads: plain text, gzip, BGZF, files and pipes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input_doors.h"

static void test_plain(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    expect(&data, INPUT_PLAIN, "");
    add(&data, "a", 1);
    expect(&data, INPUT_PLAIN, "a");
    add(&data, "\x1f,\x8b\n", 4);
    expect(&data, INPUT_PLAIN, "\x1f,\x8b\n");
    struct buffer text = BUFFER_INIT;
    for (int i = 0; i < 100000; i++)
        assert_true(buffer_appendf(&text, "line %d\n", i));
    add(&data, text.data, text.len);
    expect(&data, INPUT_PLAIN, text.data);
    buffer_free(&text);
    add(&data, "\x1f", 1);
    expect_damage(&data, "cut short");
}

static void test_gzip(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add_gzip(&data, "");
    expect(&data, INPUT_GZIP, "");
    add_gzip(&data, "one\n");
    add_gzip(&data, "");
    add_gzip(&data, "");
    add_gzip_full(&data, "two\n", 0);
    add_gzip(&data, "three\n");
    expect(&data, INPUT_GZIP, "one\ntwo\nthree\n");
    add_gzip(&data, "one\n");
    add(&data, "\0\0\0\0\0", 5);
    expect(&data, INPUT_GZIP, "one\n");
    struct buffer text = BUFFER_INIT;
    for (int i = 0; i < 100000; i++)
        assert_true(buffer_appendf(&text, "line %u\n", next_random()));
    add_gzip(&data, text.data);
    add_gzip(&data, "");
    expect(&data, INPUT_GZIP, text.data);
    buffer_free(&text);
}

static void test_long_names(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add(&data, "\x1f\x8b\x08\x18\0\0\0\0\0\3", 10);
    for (int text = 0; text < 2; text++) {
        for (int i = 0; i < 700000; i++)
            assert_true(buffer_append_byte(&data, 'n'));
        assert_true(buffer_append_byte(&data, '\0'));
    }
    add_body(&data, 1, "x", 1);
    expect(&data, INPUT_GZIP, "x");
}

static void test_bgzf(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add_end(&data);
    expect(&data, INPUT_BGZF, "");
    add_bgzf(&data, "one\n");
    add_end(&data); /* an empty block inside is no end */
    add_bgzf(&data, "two\n");
    add_end(&data);
    add_end(&data);
    expect(&data, INPUT_BGZF, "one\ntwo\n");
    add_bgzf_odd(&data, "one\n");
    add_bgzf_odd(&data, "");
    add_bgzf(&data, "two\n");
    add_end(&data);
    expect(&data, INPUT_BGZF, "one\ntwo\n");
    add_bgzf(&data, "one\n");
    add_end(&data);
    add_gzip(&data, "two\n");
    expect(&data, INPUT_BGZF, "one\ntwo\n");
    add_gzip(&data, "one\n");
    add_bgzf(&data, "two\n");
    add_end(&data);
    expect(&data, INPUT_GZIP, "one\ntwo\n");
    add_bgzf(&data, "one\n");
    add_end(&data);
    add(&data, "\0\0\0", 3);
    expect(&data, INPUT_BGZF, "one\n");
}

/* Blocks of the largest size, through rooms larger and smaller than they. */
static void test_large_bgzf(void **state)
{
    (void)state;
    for (int level = 0; level <= 1; level++) {
        struct buffer text = BUFFER_INIT;
        struct buffer data = BUFFER_INIT;
        for (int i = 0; i < 60000; i++)
            assert_true(buffer_appendf(&text, "%u\tline\n", next_random()));
        assert_int_equal(bgzf_append_text(codec, level, text.data, text.len, &data, NULL), 0);
        add_end(&data);
        expect(&data, INPUT_BGZF, text.data);
        buffer_free(&text);
    }
}

static void test_read_all(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    struct buffer all = BUFFER_INIT;
    struct error err = ERROR_INIT;
    add_gzip(&data, "12345");
    write_file(&data);
    assert_true(buffer_append_text(&all, "<"));
    assert_int_equal(input_read_all(file_path, 5, &all, &err), STATUS_OK);
    assert_string_equal(all.data, "<12345");
    assert_int_equal(input_read_all(file_path, 4, &all, &err), STATUS_DATA);
    assert_string_equal(err.file, file_path);
    assert_int_equal(input_path_size(file_path), data.len);
    assert_int_equal(input_path_size(scratch), 0);
    buffer_free(&all);
    buffer_free(&data);
}

static void test_kind_before_reading(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    struct input *in;
    char room[10];
    size_t got;
    add_bgzf(&data, "one");
    add_end(&data);
    write_file(&data);
    assert_int_equal(input_open(&in, file_path, INPUT_DEFAULT, NULL), STATUS_OK);
    assert_string_equal(input_name(in), file_path);
    assert_int_equal(input_compressed_size(in), data.len);
    assert_int_equal(input_compressed_done(in), 0);
    assert_int_equal(input_kind(in), INPUT_BGZF);
    assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
    assert_int_equal(got, 3);
    input_close(in);
    buffer_consume(&data, data.len - 5);
    data.len = 0;
    add(&data, "\x1f\x8b\x09", 3);
    write_file(&data);
    assert_int_equal(input_open(&in, file_path, INPUT_DEFAULT, NULL), STATUS_OK);
    assert_int_equal(input_kind(in), INPUT_GZIP);
    assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_DAMAGED);
    input_close(in);
    buffer_free(&data);
}

static void test_cannot_open(void **state)
{
    (void)state;
    struct input *in;
    struct error err = ERROR_INIT;
    assert_int_equal(input_open(&in, "/nonexistent/x", INPUT_DEFAULT, &err), STATUS_IO);
    assert_null(in);
    assert_string_equal(err.file, "/nonexistent/x");
    assert_string_equal(err.text, "cannot open: No such file or directory");
    assert_int_equal(input_open(&in, scratch, INPUT_DEFAULT, &err), STATUS_IO);
    assert_non_null(strstr(err.text, "is a directory"));
    int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    assert_int_equal(close(STDIN_FILENO), 0);
    enum status s = input_open(&in, "-", INPUT_DEFAULT, &err);
    struct input *file;
    enum status opened = input_open(&file, "/dev/null", INPUT_DEFAULT, NULL);
    bool free_slot = fcntl(STDIN_FILENO, F_GETFD) == -1;
    if (saved >= 0) {
        assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
        assert_int_equal(close(saved), 0);
    }
    assert_int_equal(s, STATUS_IO);
    assert_string_equal(err.file, "(standard input)");
    assert_int_equal(opened, STATUS_OK);
    assert_true(free_slot);
    input_close(file);
    input_close(NULL);
}

/* What a FIFO has is given at once, without waiting for more. */
static void test_pipe_is_responsive(void **state)
{
    (void)state;
    char path[80];
    (void)snprintf(path, sizeof path, "%s/fifo", scratch);
    assert_int_equal(mkfifo(path, 0600), 0);
    for (int kind = 0; kind < 3; kind++) {
        int keep = open(path, O_RDWR | O_CLOEXEC);
        assert_true(keep >= 0);
        struct input *in;
        char room[100000];
        size_t got;
        struct buffer data = BUFFER_INIT;
        if (kind == 0)
            add(&data, "line\n", 5);
        else if (kind == 1)
            add_gzip(&data, "line\n");
        else
            add_bgzf(&data, "line\n");
        assert_int_equal(write(keep, data.data, data.len), data.len);
        assert_int_equal(input_open(&in, path, INPUT_DEFAULT, NULL), STATUS_OK);
        assert_int_equal(input_compressed_size(in), 0);
        (void)alarm(20); /* a wait would hang here */
        assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
        (void)alarm(0);
        assert_int_equal(got, 5);
        input_close(in);
        assert_int_equal(close(keep), 0);
        buffer_free(&data);
    }
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_bgzf),
        cmocka_unit_test(test_large_bgzf),
        cmocka_unit_test(test_read_all),
        cmocka_unit_test(test_kind_before_reading),
        cmocka_unit_test(test_cannot_open),
        cmocka_unit_test(test_pipe_is_responsive),
    };
    return cmocka_run_group_tests_name("input", tests, set_up, tear_down);
}
