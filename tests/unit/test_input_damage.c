/* Inputs that are cut, changed, followed by something else, or made to be too much. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input_doors.h"

static void test_damaged_gzip(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add_gzip_full(&data, "one\n", 1);
    expect_damage(&data, "bad header CRC in the gzip member that begins at byte 0");
    for (int bit = 5; bit < 8; bit++) {
        add_gzip(&data, "one\n");
        data.data[3] = (char)(1 << bit);
        expect_damage(&data, "reserved header flags");
    }
    add_gzip(&data, "one\n");
    data.data[2] = 7;
    expect_damage(&data, "unknown compression method");
    add_gzip(&data, "one\n");
    size_t first = data.len;
    add_gzip(&data, "two\n");
    data.data[data.len - 5] ^= 1;
    char words[80];
    (void)snprintf(words, sizeof words, "bad CRC in the gzip member that begins at byte %zu",
                   first);
    expect_damage(&data, words);
    add_gzip(&data, "one\n");
    data.data[data.len - 1] ^= 1;
    expect_damage(&data, "bad size");
    add_gzip(&data, "one\n");
    data.data[10] = 7;
    expect_damage(&data, "bad compressed data");
}

static void test_garbage_behind(void **state)
{
    (void)state;
    static const char *const garbage[] = {"x", "\x1fx", "hello\n", "\x8b\x1f"};
    struct buffer data = BUFFER_INIT;
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        add_gzip(&data, "one\n");
        char words[80];
        (void)snprintf(words, sizeof words, "are no gzip, at byte %zu", data.len);
        add(&data, garbage[i], strlen(garbage[i]));
        expect_damage(&data, words);
        add_bgzf(&data, "one\n");
        add_end(&data);
        add(&data, garbage[i], strlen(garbage[i]));
        expect_damage(&data, "are no gzip");
        add_gzip(&data, "one\n");
        add(&data, "\0\0\0", 3);
        add(&data, garbage[i], strlen(garbage[i]));
        expect_damage(&data, "are no gzip");
    }
    add_gzip(&data, "one\n");
    add(&data, "\x1f", 1);
    expect_damage(&data, "cut short");
}

static void test_missing_end_block(void **state)
{
    (void)state;
    const char *words = "no BGZF end block";
    struct buffer data = BUFFER_INIT;
    add_bgzf(&data, "one\n");
    expect_damage(&data, words);
    add_bgzf(&data, "one\n");
    add_end(&data);
    add_bgzf(&data, "two\n");
    expect_damage(&data, words);
    add_bgzf(&data, "one\n");
    add_gzip(&data, "two\n");
    expect_damage(&data, words);
    add_gzip(&data, "one\n");
    add_bgzf(&data, "two\n");
    expect_damage(&data, words);
    add_bgzf(&data, "one\n");
    add(&data, "\0\0\0", 3);
    expect_damage(&data, words);
    add_bgzf_odd(&data, ""); /* empty, but not the end block */
    expect_damage(&data, words);
    add_end(&data);
    data.data[9] = 3; /* nor is one from another system */
    expect_damage(&data, words);
}

static void test_damaged_bgzf(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add_bgzf(&data, "one\n");
    size_t second = data.len;
    add_bgzf(&data, "two\n");
    add_end(&data);
    size_t whole = data.len;
    char words[80];
    data.data[whole - 28 - 5] ^= 1;
    (void)snprintf(words, sizeof words, "bad CRC in the gzip member that begins at byte %zu",
                   second);
    expect_damage(&data, words);
    for (int wrong = 0; wrong < 2; wrong++) {
        add_bgzf(&data, "one\n");
        add_end(&data);
        data.data[16] = wrong == 0 ? 3 : (char)(data.data[16] - 1);
        data.data[17] = 0;
        expect_damage(&data, "in the gzip member that begins at byte 0");
    }
    add_bgzf(&data, "one\n");
    data.data[data.len - 1] = 1;
    add_end(&data);
    expect_damage(&data, "bad size");
    add_bgzf(&data, "one\n");
    data.data[data.len - 4] = 3;
    add_end(&data);
    expect_damage(&data, "bad compressed data or size");
}

static void expect_cut(const struct buffer *data, size_t len)
{
    struct buffer part = BUFFER_INIT;
    add(&part, data->data, len);
    struct result result;
    write_file(&part);
    read_path(file_path, 65536, 1, &result);
    assert_int_equal(result.status, STATUS_DAMAGED);
    if (strstr(result.err.text, "cut short") == NULL)
        fail_msg("cut at %zu: %s", len, result.err.text);
    struct result other;
    read_pipe(&part, 7, 65536, 1 + len % 2, &other);
    assert_same(&result, &other);
    buffer_free(&other.bytes);
    buffer_free(&result.bytes);
    buffer_free(&part);
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add_bgzf(&data, "id\ttext\n");
    add_bgzf(&data, "1\tgood\n2\tbad\n");
    add_bgzf_odd(&data, "3\tugly\n");
    add_end(&data);
    for (size_t len = 1; len < data.len; len++)
        expect_cut(&data, len);
    buffer_free(&data);
    add_gzip_full(&data, "one\n", 0);
    size_t first = data.len;
    add_gzip_full(&data, "two\n", 0);
    for (size_t len = 1; len < data.len; len++)
        if (len != first) /* what is left there is a whole file */
            expect_cut(&data, len);
    buffer_free(&data);
}

static void test_flipped_bits(void **state)
{
    (void)state;
    const char *text = "one\t1\ntwo\t2\nthree\t3\n";
    unsigned seen = 0;
    for (unsigned round = 0; round < 6000; round++) {
        struct buffer data = BUFFER_INIT;
        if (round % 2 == 0) {
            add_bgzf(&data, "one\t1\ntwo\t2\n");
            add_bgzf(&data, "three\t3\n");
            add_end(&data);
        } else {
            add_gzip_full(&data, "one\t1\ntwo\t2\n", 0);
            add_gzip(&data, "three\t3\n");
        }
        for (unsigned k = 0; k <= round % 5; k++)
            data.data[next_random() % data.len] ^= (char)(1u << next_random() % 8);
        struct result result;
        write_file(&data);
        read_path(file_path, round % 3 == 0 ? 5 : 65536, 1, &result);
        if (result.status != STATUS_OK) {
            assert_int_equal(result.status, STATUS_DAMAGED);
            seen++;
        } else if (result.kind != INPUT_PLAIN) {
            assert_int_equal(result.bytes.len, strlen(text));
            assert_memory_equal(result.bytes.data, text, result.bytes.len);
        }
        buffer_free(&result.bytes);
        buffer_free(&data);
    }
    assert_true(seen > 4000);
}

static void test_noise_behind_the_magic(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        struct buffer data = BUFFER_INIT;
        add(&data, "\x1f\x8b\x08", 3);
        assert_true(buffer_append_byte(&data, (char)(next_random() % 32)));
        if (round % 2 == 0) {
            data.data[3] = 4;
            add(&data, "\0\0\0\0\0\xff\6\0BC\2\0", 12);
        }
        for (unsigned n = next_random() % 300; n > 0; n--)
            assert_true(buffer_append_byte(&data, (char)next_random()));
        struct result result;
        write_file(&data);
        read_path(file_path, 1 + next_random() % 1000, 1, &result);
        assert_int_equal(result.status, STATUS_DAMAGED);
        buffer_free(&result.bytes);
        buffer_free(&data);
    }
}

/* 64 MiB of zeros behind a few bytes cost no more than the room given. */
static void test_bomb(void **state)
{
    (void)state;
    enum { LEN = 64 * 1024 * 1024 };
    char *zeros = calloc(1, LEN);
    assert_non_null(zeros);
    struct buffer data = BUFFER_INIT;
    add(&data, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
    add_body(&data, 1, zeros, LEN);
    free(zeros);
    write_file(&data);
    buffer_free(&data);
    struct input *in;
    char room[4096];
    size_t got = 1;
    uint64_t total = 0;
    assert_int_equal(input_open(&in, file_path, INPUT_DEFAULT, NULL), STATUS_OK);
    while (got > 0) {
        assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
        total += got;
    }
    assert_int_equal(total, LEN);
    input_close(in);
    struct buffer all = BUFFER_INIT;
    struct error err = ERROR_INIT;
    assert_int_equal(input_read_all(file_path, 1000000, &all, &err), STATUS_DATA);
    assert_string_equal(err.text, "is larger than 1000000 bytes");
    assert_true(all.cap < 4000000);
    buffer_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_gzip),           cmocka_unit_test(test_garbage_behind),
        cmocka_unit_test(test_missing_end_block),      cmocka_unit_test(test_damaged_bgzf),
        cmocka_unit_test(test_cut_anywhere),           cmocka_unit_test(test_flipped_bits),
        cmocka_unit_test(test_noise_behind_the_magic), cmocka_unit_test(test_bomb),
    };
    return cmocka_run_group_tests_name("input_damage", tests, set_up, tear_down);
}
