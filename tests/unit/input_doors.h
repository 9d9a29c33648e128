/* input_doors.h - files of every kind, made block by block, and read by every door: as a file and
 * from a pipe, in pieces of any size, with and without threads. */
#ifndef BELL_TESTS_INPUT_DOORS_H
#define BELL_TESTS_INPUT_DOORS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "io/codec.h"
#include "io/input.h"

static uint64_t seed = 20262;
static char scratch[] = "/tmp/bell-test-input-XXXXXX";
static char file_path[64];
static struct codec *codec;

static inline uint32_t next_random(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33);
}

static inline int set_up(void **state)
{
    (void)state;
    if (mkdtemp(scratch) == NULL)
        return -1;
    (void)snprintf(file_path, sizeof file_path, "%s/f", scratch);
    return codec_new(&codec, NULL) == STATUS_OK ? 0 : -1;
}

static inline int tear_down(void **state)
{
    (void)state;
    codec_free(codec);
    (void)unlink(file_path);
    return rmdir(scratch);
}

/* --- making inputs ------------------------------------------------------------------------ */

static inline void add(struct buffer *buf, const void *data, size_t len)
{
    assert_true(buffer_append(buf, data, len));
}

static inline void add_u32(struct buffer *buf, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        assert_true(buffer_append_byte(buf, (char)(value >> 8 * i & 0xff)));
}

/* The compressed data and trailer of a member. */
static inline void add_body(struct buffer *buf, int level, const char *text, size_t len)
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

static inline void add_gzip(struct buffer *buf, const char *text)
{
    add(buf, "\x1f\x8b\x08\0\1\2\3\4\0\3", 10);
    add_body(buf, 6, text, strlen(text));
}

/* Every optional part of a header; hcrc is added to the right sum. */
static inline void add_gzip_full(struct buffer *buf, const char *text, unsigned hcrc)
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

static inline void add_bgzf(struct buffer *buf, const char *text)
{
    assert_int_equal(bgzf_append_block(codec, 6, text, strlen(text), buf, NULL), STATUS_OK);
}

/* A block as others may write it: another extra field before BC, a file name. */
static inline void add_bgzf_odd(struct buffer *buf, const char *text)
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

static inline void add_end(struct buffer *buf)
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

static inline void read_path(const char *path, size_t cap, unsigned threads, struct result *result)
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

static inline void write_file(const struct buffer *data)
{
    FILE *file = fopen(file_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data->len == 0 ? "" : data->data, 1, data->len, file), data->len);
    assert_int_equal(fclose(file), 0);
}

/* A pipe in packet mode gives each read just what one write put in. */
static inline void feed(int fd, const struct buffer *data, size_t most)
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

static inline void read_pipe(const struct buffer *data, size_t most, size_t cap, unsigned threads,
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

static inline void assert_same(const struct result *a, const struct result *b)
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
static inline void read_all_doors(const struct buffer *data, struct result *result)
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
static inline void expect(struct buffer *data, enum input_kind kind, const char *text)
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

static inline void expect_damage(struct buffer *data, const char *words)
{
    struct result result;
    read_all_doors(data, &result);
    assert_int_equal(result.status, STATUS_DAMAGED);
    if (strstr(result.err.text, words) == NULL)
        fail_msg("expected \"%s\" in: %s", words, result.err.text);
    buffer_free(&result.bytes);
    buffer_free(data);
}

#endif
