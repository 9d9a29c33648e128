/* Reading ahead in threads against reading without, on files large enough for it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/codec.h"
#include "io/descriptor.h"
#include "io/input.h"

enum { BORDERS = 200 };

static uint64_t seed = 20264;
static char scratch[] = "/tmp/bell-test-ahead-XXXXXX";
static char file_path[64];
static char fifo_path[64];
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
    (void)snprintf(fifo_path, sizeof fifo_path, "%s/p", scratch);
    if (mkfifo(fifo_path, 0600) != 0)
        return -1;
    return codec_new(&codec, NULL) == STATUS_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    codec_free(codec);
    (void)unlink(file_path);
    (void)unlink(fifo_path);
    return rmdir(scratch);
}

/* ---- making files -------------------------------------------------------------------------- */

static void add(struct buffer *buf, const void *data, size_t len)
{
    assert_true(buffer_append(buf, data, len));
}

/* Lines that do not shrink below a half. */
static void make_text(struct buffer *text, size_t len)
{
    while (text->len < len)
        assert_true(buffer_appendf(text, "%u,good %u\n", next_random(), next_random() % 1000));
}

static void add_gzip(struct buffer *buf, size_t len)
{
    struct buffer text = BUFFER_INIT;
    make_text(&text, len);
    add(buf, "\x1f\x8b\x08\0\1\2\3\4\0\3", 10);
    size_t made;
    assert_true(buffer_reserve(buf, text.len + 1000));
    assert_int_equal(codec_deflate(codec, 1 + (int)(next_random() % 6), text.data, text.len,
                                   buf->data + buf->len, text.len + 1000, &made, NULL),
                     STATUS_OK);
    assert_true(made > 0);
    buf->len += made;
    uint32_t trailer[2] = {codec_crc32(0, text.data, text.len), (uint32_t)text.len};
    for (size_t i = 0; i < 8; i++)
        assert_true(buffer_append_byte(buf, (char)(trailer[i / 4] >> i % 4 * 8 & 0xff)));
    buffer_free(&text);
}

/* Blocks of all sizes, empty ones among them. */
static void add_bgzf(struct buffer *buf, size_t len, int level)
{
    struct buffer text = BUFFER_INIT;
    make_text(&text, len);
    size_t at = 0;
    while (at < text.len) {
        size_t n = next_random() % 4 == 0 ? next_random() % 3000 : BGZF_PAYLOAD_MAX;
        if (n > text.len - at)
            n = text.len - at;
        assert_int_equal(bgzf_append_block(codec, level, text.data + at, n, buf, NULL), STATUS_OK);
        at += n;
        if (next_random() % 20 == 0)
            assert_true(bgzf_append_end(buf));
    }
    assert_true(bgzf_append_end(buf));
    buffer_free(&text);
}

/* A block as large as can be that holds one letter, behind empty stored pieces. */
static void add_hollow_block(struct buffer *buf)
{
    enum { HOLLOW = 13000 };
    const size_t size = 18 + 5 * HOLLOW + 6 + 8;
    const uint32_t trailer[2] = {codec_crc32(0, "x", 1), 1};
    add(buf, bgzf_end_block, 16);
    assert_true(buffer_append_byte(buf, (char)((size - 1) & 0xff)));
    assert_true(buffer_append_byte(buf, (char)((size - 1) >> 8)));
    for (int i = 0; i < HOLLOW; i++)
        add(buf, "\0\0\0\xff\xff", 5);
    add(buf, "\1\1\0\xfe\xffx", 6);
    for (size_t i = 0; i < 8; i++)
        assert_true(buffer_append_byte(buf, (char)(trailer[i / 4] >> i % 4 * 8 & 0xff)));
}

static void write_file(const struct buffer *data)
{
    FILE *file = fopen(file_path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data->data, 1, data->len, file), data->len);
    assert_int_equal(fclose(file), 0);
}

/* ---- reading them -------------------------------------------------------------------------- */

struct result {
    enum status status;
    enum input_kind kind;
    struct buffer bytes;
    struct error err;
    uint32_t pieces;     /* a sum over the length of each read */
    bool lacks[BORDERS]; /* at every so many bytes, and at the end */
};

static void read_file(size_t cap, unsigned threads, struct result *result)
{
    struct input *in;
    char *room = malloc(cap);
    assert_non_null(room);
    *result = (struct result){.bytes = BUFFER_INIT};
    result->status = input_open(&in, file_path, threads, &result->err);
    assert_int_equal(result->status, STATUS_OK);
    size_t got = 1;
    uint64_t done = 0;
    while (result->status == STATUS_OK && got > 0) {
        result->status = input_read(in, room, cap, &got, &result->err);
        assert_true(got <= cap);
        add(&result->bytes, room, got);
        result->pieces = result->pieces * 31 + (uint32_t)got;
        assert_true(input_compressed_done(in) >= done);
        done = input_compressed_done(in);
    }
    assert_true(done <= input_compressed_size(in));
    for (int i = 0; i < 3; i++) { /* as often as one likes */
        struct error again = ERROR_INIT;
        assert_int_equal(input_read(in, room, cap, &got, &again), result->status);
        assert_int_equal(got, 0);
        assert_string_equal(again.text, result->err.text);
    }
    if (result->status == STATUS_OK)
        assert_int_equal(input_compressed_done(in), input_compressed_size(in));
    else
        assert_int_equal(result->err.offset, result->bytes.len);
    result->kind = input_kind(in);
    for (size_t i = 0; i < BORDERS; i++)
        result->lacks[i] = input_lacks_end_block(in, result->bytes.len * i / (BORDERS - 1));
    input_close(in);
    free(room);
}

static void assert_same(const struct result *a, const struct result *b)
{
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->bytes.len, b->bytes.len);
    if (a->bytes.len > 0)
        assert_memory_equal(a->bytes.data, b->bytes.data, a->bytes.len);
    assert_string_equal(a->err.text, b->err.text);
    assert_string_equal(a->err.file, b->err.file);
    assert_int_equal(a->err.offset, b->err.offset);
    assert_memory_equal(a->lacks, b->lacks, sizeof a->lacks);
}

/* Reads the file into rooms of every kind, without threads and with; all must give the same. */
static void expect_same(enum status status, const char *words)
{
    static const size_t caps[] = {262144, 100, 1000000, 70000};
    static const unsigned threads[] = {2, 3, 5, 100};
    struct result first = {.bytes = BUFFER_INIT};
    for (size_t i = 0; i < 4; i++) {
        struct result alone;
        struct result ahead;
        read_file(caps[i], 1, &alone);
        read_file(caps[i], threads[i], &ahead);
        assert_same(&alone, &ahead);
        assert_int_equal(alone.pieces, ahead.pieces);
        if (i == 0) {
            assert_int_equal(alone.status, status);
            if (strstr(alone.err.text, words) == NULL)
                fail_msg("expected \"%s\" in: %s", words, alone.err.text);
            first = alone;
        } else {
            assert_same(&first, &alone);
            buffer_free(&alone.bytes);
        }
        buffer_free(&ahead.bytes);
    }
    buffer_free(&first.bytes);
}

static void expect_file(struct buffer *data, enum status status, const char *words)
{
    write_file(data);
    buffer_free(data);
    expect_same(status, words);
}

static void test_good_files(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    add_gzip(&data, 3000000);
    expect_file(&data, STATUS_OK, "");
    for (int i = 0; i < 300; i++)
        add_gzip(&data, next_random() % 10000);
    add(&data, "\0\0\0\0", 4);
    expect_file(&data, STATUS_OK, "");
    for (int level = 0; level < 3; level++) {
        add_bgzf(&data, 2000000, level);
        expect_file(&data, STATUS_OK, "");
    }
    for (int i = 0; i < 40; i++)
        add_hollow_block(&data);
    assert_true(bgzf_append_end(&data));
    expect_file(&data, STATUS_OK, "");
    for (int i = 0; i < 20000; i++) /* end blocks only */
        assert_true(bgzf_append_end(&data));
    expect_file(&data, STATUS_OK, "");
    for (int i = 0; i < 10; i++) {
        add_bgzf(&data, next_random() % 300000, 1);
        add_gzip(&data, next_random() % 300000);
    }
    expect_file(&data, STATUS_OK, "");
}

static void test_missing_end_blocks(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    for (int i = 0; i < 6; i++) { /* parts joined with and without their end blocks */
        add_bgzf(&data, 200000, 1);
        if (i % 2 == 0)
            data.len -= BGZF_END_SIZE;
    }
    expect_file(&data, STATUS_OK, "");
    add_bgzf(&data, 2000000, 1);
    data.len -= BGZF_END_SIZE;
    expect_file(&data, STATUS_DAMAGED, "no BGZF end block");
    add_bgzf(&data, 1000000, 1);
    data.len -= BGZF_END_SIZE;
    add_gzip(&data, 1000);
    expect_file(&data, STATUS_DAMAGED, "gzip that is no BGZF begins");
}

static void test_damaged_files(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        struct buffer data = BUFFER_INIT;
        if (round % 4 < 2)
            add_gzip(&data, 1200000);
        else
            add_bgzf(&data, 1200000, (int)(round % 3));
        if (round % 5 == 0)
            add_gzip(&data, 300000);
        const char *words = "";
        size_t at = next_random() % data.len;
        if (round % 4 == 3) {
            data.len = data.len * 7 / 10 + at / 4;
            words = "cut short";
        } else if (round % 8 == 0) {
            add(&data, "garbage", 7);
            words = "are no gzip";
        } else {
            for (int i = 0; i < 4; i++)
                data.data[(at + (size_t)i) % data.len] ^= (char)(1 + next_random() % 255);
            words = "byte";
        }
        expect_file(&data, STATUS_DAMAGED, words);
    }
}

/* ---- threads ------------------------------------------------------------------------------- */

/* Threads of this process besides the first, and whether they all block all signals that can be
 * blocked. */
static unsigned other_threads(bool *deaf)
{
    *deaf = true;
    unsigned count = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (const struct dirent *entry = readdir(tasks); entry != NULL; entry = readdir(tasks)) {
        char path[300];
        char line[200];
        if (entry->d_name[0] == '.' || atol(entry->d_name) == (long)getpid())
            continue;
        (void)snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file == NULL) /* one that has just ended */
            continue;
        while (fgets(line, sizeof line, file) != NULL)
            if (strncmp(line, "SigBlk:", 7) == 0) {
                unsigned long long blocked = strtoull(line + 7, NULL, 16);
                /* INT, HUP, TERM, PIPE, ALRM, USR1 */
                *deaf = *deaf && (blocked & 0x7203) == 0x7203;
                count++;
            }
        (void)fclose(file);
    }
    (void)closedir(tasks);
    return count;
}

/* Threads while the file is read; sanitizers may have one of their own. */
static unsigned threads_used(unsigned threads)
{
    static char room[1000];
    struct input *in;
    size_t got;
    bool deaf;
    const unsigned before = other_threads(&deaf);
    assert_int_equal(input_open(&in, file_path, threads, NULL), STATUS_OK);
    (void)input_kind(in);
    assert_int_equal(other_threads(&deaf), before);
    assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
    unsigned during = other_threads(&deaf);
    assert_true(deaf || before > 0);
    input_close(in);
    /* A thread that was joined may stand in /proc a little longer. */
    for (unsigned tries = 0; tries < 1000 && other_threads(&deaf) > before; tries++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_int_equal(other_threads(&deaf), before);
    return during - before;
}

static void test_how_many_threads(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    make_text(&data, 1000000);
    write_file(&data);
    assert_int_equal(threads_used(8), 0);
    data.len = 0;
    add_bgzf(&data, 100000, 1);
    write_file(&data);
    assert_int_equal(threads_used(8), 0);
    add_bgzf(&data, 1000000, 1);
    write_file(&data);
    assert_int_equal(threads_used(0), 0);
    assert_int_equal(threads_used(1), 0);
    assert_int_equal(threads_used(2), 1);
    assert_int_equal(threads_used(4), 3);
    assert_int_equal(threads_used(500), 8);
    data.len = 0;
    add_gzip(&data, 1000000);
    write_file(&data);
    assert_int_equal(threads_used(1), 0);
    assert_int_equal(threads_used(2), 1);
    assert_int_equal(threads_used(4), 1);
    buffer_free(&data);
}

static void test_closed_early(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 60; round++) {
        struct buffer data = BUFFER_INIT;
        if (round % 2 == 0)
            add_gzip(&data, 700000);
        else
            add_bgzf(&data, 700000, 1);
        if (round % 3 == 0)
            data.data[data.len / 2] ^= 1;
        write_file(&data);
        buffer_free(&data);
        struct input *in;
        static char room[100000];
        size_t got;
        (void)alarm(20);
        assert_int_equal(input_open(&in, file_path, 2 + round % 7, NULL), STATUS_OK);
        for (unsigned reads = next_random() % 12; reads > 0; reads--)
            (void)!input_read(in, room, 1 + next_random() % sizeof room, &got, NULL);
        input_close(in);
        (void)alarm(0);
    }
}

/* What a FIFO has is given at once; closing does not wait for what it may yet get. */
static void test_fifo_that_falls_silent(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 12; round++) {
        int keep = open(fifo_path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
        assert_true(keep >= 0);
        struct buffer data = BUFFER_INIT;
        if (round % 2 == 0)
            add_gzip(&data, 20000);
        else
            add_bgzf(&data, 20000, (int)(round % 3));
        size_t part = round < 4 ? data.len : 30 + next_random() % (data.len - 30);
        assert_int_equal(write(keep, data.data, part), part);
        struct input *in;
        static char room[100000];
        size_t got = 0;
        size_t total = 0;
        (void)alarm(20);
        assert_int_equal(input_open(&in, fifo_path, 2 + round % 3, NULL), STATUS_OK);
        if (round < 4)
            while (total < 20000) {
                assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
                total += got;
            }
        else if (round % 2 == 0) {
            assert_int_equal(input_read(in, room, sizeof room, &got, NULL), STATUS_OK);
            assert_true(got > 0);
        }
        input_close(in);
        (void)alarm(0);
        assert_int_equal(close(keep), 0);
        buffer_free(&data);
    }
}

/* A read that waits ends when it is woken, and so does every read behind it. */
static void test_wake(void **state)
{
    (void)state;
    int keep = open(fifo_path, O_RDWR | O_CLOEXEC);
    int wake = descriptor_new_wake();
    char byte;
    assert_true(keep >= 0 && wake > STDERR_FILENO);
    assert_int_equal(write(keep, "x", 1), 1);
    (void)alarm(20);
    assert_int_equal(descriptor_read_unless(keep, (const int[2]){wake, -1}, &byte, 1), 1);
    descriptor_wake(wake);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(descriptor_read_unless(keep, (const int[2]){wake, -1}, &byte, 1), -1);
        assert_int_equal(errno, ECANCELED);
    }
    (void)alarm(0);
    assert_int_equal(close(wake), 0);
    assert_int_equal(close(keep), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_files),    cmocka_unit_test(test_missing_end_blocks),
        cmocka_unit_test(test_damaged_files), cmocka_unit_test(test_how_many_threads),
        cmocka_unit_test(test_closed_early),  cmocka_unit_test(test_fifo_that_falls_silent),
        cmocka_unit_test(test_wake),
    };
    return cmocka_run_group_tests_name("read ahead", tests, set_up, tear_down);
}
