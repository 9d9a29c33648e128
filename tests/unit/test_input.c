#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/codec.h"
#include "io/input.h"

static uint64_t seed = 20262;
static char scratch[] = "/tmp/bell-test-input-XXXXXX";
static char file_path[64];
static struct codec *codec;

static uint32_t next_random(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33);
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(scratch) == NULL)
        return -1;
    (void)snprintf(file_path, sizeof file_path, "%s/f", scratch);
    return codec_new(&codec, NULL) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    codec_free(codec);
    (void)unlink(file_path);
    return rmdir(scratch);
}

/* --- making inputs ------------------------------------------------------------------------ */

static void add(struct buffer *buf, const void *data, size_t len)
{
    assert_true(buffer_append(buf, data, len));
}

static void add_u32(struct buffer *buf, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        assert_true(buffer_append_byte(buf, (char)(value >> 8 * i & 0xff)));
}

/* The compressed data and trailer of a member. */
static void add_body(struct buffer *buf, int level, const char *text, size_t len)
{
    size_t made;
    assert_true(buffer_reserve(buf, len + 1000));
    assert_int_equal(
        codec_deflate(codec, level, text, len, buf->data + buf->len, len + 1000, &made, NULL),
        STATUS_OK);
    assert_true(made > 0);
    buf->len += made;
    add_u32(buf, codec_crc32(0, text, len));
    add_u32(buf, (uint32_t)len);
}

static void add_gzip(struct buffer *buf, const char *text)
{
    add(buf, "\x1f\x8b\x08\0\1\2\3\4\0\3", 10);
    add_body(buf, 6, text, strlen(text));
}

/* Every optional part of a header; hcrc is added to the right sum. */
static void add_gzip_full(struct buffer *buf, const char *text, unsigned hcrc)
{
    size_t from = buf->len;
    add(buf, "\x1f\x8b\x08\x1f\1\2\3\4\0\3", 10);
    add(buf, "\7\0XX\3\0abc", 9);
    add(buf, "name", 5);
    add(buf, "a comment\n", 11);
    unsigned crc = (codec_crc32(0, buf->data + from, buf->len - from) + hcrc) & 0xffff;
    assert_true(buffer_append_byte(buf, (char)(crc & 0xff)));
    assert_true(buffer_append_byte(buf, (char)(crc >> 8)));
    add_body(buf, 6, text, strlen(text));
}

static void add_bgzf(struct buffer *buf, const char *text)
{
    assert_int_equal(bgzf_append_block(codec, 6, text, strlen(text), buf, NULL), STATUS_OK);
}

/* A block as others may write it: another extra field before BC, a file name. */
static void add_bgzf_odd(struct buffer *buf, const char *text)
{
    size_t from = buf->len;
    add(buf, "\x1f\x8b\x08\x0c\1\2\3\4\0\3", 10);
    add(buf, "\x0d\0XX\3\0abcBC\2\0??", 15);
    add(buf, "name", 5);
    add_body(buf, 6, text, strlen(text));
    size_t size = buf->len - from - 1;
    buf->data[from + 23] = (char)(size & 0xff);
    buf->data[from + 24] = (char)(size >> 8);
}

static void add_end(struct buffer *buf)
{
    assert_true(bgzf_append_end(buf));
}

/* --- reading them ------------------------------------------------------------------------- */

struct result {
    enum status status;
    enum input_kind kind;
    struct buffer bytes;
    struct error err;
};

static void read_path(const char *path, size_t cap, unsigned threads, struct result *result)
{
    struct input *in;
    char *room = malloc(cap);
    assert_non_null(room);
    *result = (struct result){.bytes = BUFFER_INIT};
    result->status = input_open(&in, path, threads, &result->err);
    assert_int_equal(result->status, STATUS_OK);
    size_t got = 1;
    while (result->status == STATUS_OK && got > 0) {
        result->status = input_read(in, room, cap, &got, &result->err);
        assert_true(got <= cap);
        add(&result->bytes, room, got);
    }
    assert_int_equal(got, 0);
    struct error again = ERROR_INIT;
    assert_int_equal(input_read(in, room, cap, &got, &again), result->status);
    assert_int_equal(got, 0);
    if (result->status != STATUS_OK) {
        assert_string_equal(again.text, result->err.text);
        assert_string_equal(result->err.file, input_name(in));
        assert_int_equal(result->err.offset, result->bytes.len);
    } else if (input_compressed_size(in) > 0) {
        assert_int_equal(input_compressed_done(in), input_compressed_size(in));
    }
    result->kind = input_kind(in);
    input_close(in);
    free(room);
}

static void write_file(const struct buffer *data)
{
    FILE *file = fopen(file_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data->len == 0 ? "" : data->data, 1, data->len, file), data->len);
    assert_int_equal(fclose(file), 0);
}

/* A pipe in packet mode gives each read just what one write put in. */
static void feed(int fd, const struct buffer *data, size_t most)
{
    size_t at = 0;
    while (at < data->len) {
        size_t n = 1 + next_random() % most;
        if (n > data->len - at)
            n = data->len - at;
        if (write(fd, data->data + at, n) != (ssize_t)n)
            _exit(1);
        at += n;
    }
    _exit(0);
}

static void read_pipe(const struct buffer *data, size_t most, size_t cap, unsigned threads,
                      struct result *result)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_DIRECT | O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        feed(ends[1], data, most);
    }
    int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    assert_true(saved >= 0);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(ends[0]), 0);
    read_path("-", cap, threads, result);
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(saved), 0);
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
}

static void assert_same(const struct result *a, const struct result *b)
{
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->kind, b->kind);
    if (a->status == STATUS_OK) {
        assert_int_equal(a->bytes.len, b->bytes.len);
        if (a->bytes.len > 0)
            assert_memory_equal(a->bytes.data, b->bytes.data, a->bytes.len);
    } else {
        assert_string_equal(a->err.text, b->err.text);
    }
}

/* Reads data through every door; all must agree.  The caller frees result->bytes. */
static void read_all_doors(const struct buffer *data, struct result *result)
{
    static const size_t caps[] = {1, 7, 100, 70000};
    write_file(data);
    read_path(file_path, 65536, 1, result);
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        struct result other;
        read_path(file_path, caps[i], 1, &other);
        assert_same(result, &other);
        buffer_free(&other.bytes);
        if (data->len > 20000)
            continue;
        read_pipe(data, i % 2 == 0 ? 1 : 7, caps[i], i < 2 ? 1 : 3, &other);
        assert_same(result, &other);
        assert_true(other.status == STATUS_OK || strcmp(other.err.file, "(standard input)") == 0);
        buffer_free(&other.bytes);
    }
}

/* Frees data. */
static void expect(struct buffer *data, enum input_kind kind, const char *text)
{
    struct result result;
    read_all_doors(data, &result);
    if (result.status != STATUS_OK)
        fail_msg("%s", result.err.text);
    assert_int_equal(result.kind, kind);
    assert_int_equal(result.bytes.len, strlen(text));
    if (result.bytes.len > 0)
        assert_memory_equal(result.bytes.data, text, result.bytes.len);
    buffer_free(&result.bytes);
    buffer_free(data);
}

static void expect_damage(struct buffer *data, const char *words)
{
    struct result result;
    read_all_doors(data, &result);
    assert_int_equal(result.status, STATUS_DAMAGED);
    if (strstr(result.err.text, words) == NULL)
        fail_msg("expected \"%s\" in: %s", words, result.err.text);
    buffer_free(&result.bytes);
    buffer_free(data);
}

/* --- tests -------------------------------------------------------------------------------- */

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
        cmocka_unit_test(test_damaged_gzip),
        cmocka_unit_test(test_garbage_behind),
        cmocka_unit_test(test_bgzf),
        cmocka_unit_test(test_missing_end_block),
        cmocka_unit_test(test_damaged_bgzf),
        cmocka_unit_test(test_large_bgzf),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_flipped_bits),
        cmocka_unit_test(test_noise_behind_the_magic),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_read_all),
        cmocka_unit_test(test_kind_before_reading),
        cmocka_unit_test(test_cannot_open),
        cmocka_unit_test(test_pipe_is_responsive),
    };
    return cmocka_run_group_tests_name("input", tests, set_up, tear_down);
}
