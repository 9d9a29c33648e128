#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "io/codec.h"

static uint64_t seed = 20261;

static uint32_t next_random(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33);
}

enum pattern { ZEROS, NOISE, WORDS, PATTERNS };

static void make_data(unsigned char *data, size_t len, enum pattern pattern)
{
    static const char words[] = "good bad\tugly 12345\n";
    for (size_t i = 0; i < len; i++) {
        if (pattern == NOISE)
            data[i] = (unsigned char)next_random();
        else
            data[i] = pattern == ZEROS ? 0 : (unsigned char)words[next_random() % 19];
    }
}

/* What zlib itself reads in a whole gzip member; the length, or SIZE_MAX if it is not one. */
static size_t reference_gunzip(const unsigned char *data, size_t len, unsigned char *out,
                               size_t cap)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    z.next_in = (z_const Bytef *)data;
    z.avail_in = (uInt)len;
    z.next_out = out;
    z.avail_out = (uInt)cap;
    int result = inflate(&z, Z_FINISH);
    size_t made = result == Z_STREAM_END && z.avail_in == 0 ? cap - z.avail_out : SIZE_MAX;
    inflateEnd(&z);
    return made;
}

static void test_crc(void **state)
{
    (void)state;
    assert_int_equal(codec_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(codec_crc32(codec_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_int_equal(codec_crc32(7, NULL, 0), 7);
}

static void test_block_is_gzip_at_every_level(void **state)
{
    (void)state;
    static const size_t lens[] = {1, 2, 100, 5000, 65279, BGZF_PAYLOAD_MAX};
    static unsigned char data[BGZF_PAYLOAD_MAX];
    static unsigned char back[BGZF_BLOCK_MAX];
    struct codec *codec;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    for (int level = 0; level <= CODEC_LEVEL_MAX; level++)
        for (unsigned p = 0; p < PATTERNS; p++)
            for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
                struct buffer out = BUFFER_INIT;
                make_data(data, lens[i], (enum pattern)p);
                assert_int_equal(bgzf_append_block(codec, level, data, lens[i], &out, NULL), 0);
                assert_true(out.len <= BGZF_BLOCK_MAX);
                assert_true(out.len <= lens[i] + 31);
                const unsigned char *block = (const unsigned char *)out.data;
                assert_memory_equal(block, bgzf_end_block, 16);
                assert_int_equal(block[16] + 256 * block[17] + 1, out.len);
                assert_int_equal(reference_gunzip(block, out.len, back, sizeof back), lens[i]);
                assert_memory_equal(back, data, lens[i]);
                bool good = false;
                memset(back, 1, sizeof back);
                assert_int_equal(
                    codec_inflate(codec, block + 18, out.len - 26, back, lens[i], &good, NULL),
                    STATUS_OK);
                assert_true(good);
                assert_memory_equal(back, data, lens[i]);
                buffer_free(&out);
            }
    codec_free(codec);
}

static void test_stored_block_bytes(void **state)
{
    (void)state;
    static const unsigned char expected[] = {
        0x1f, 0x8b, 8,   4,   0,    0,    0,    0,    0,    0xff, 6,   0,   'B', 'C',
        2,    0,    39,  0,   1,    9,    0,    0xf6, 0xff, '1',  '2', '3', '4', '5',
        '6',  '7',  '8', '9', 0x26, 0x39, 0xf4, 0xcb, 9,    0,    0,   0};
    struct codec *codec;
    struct buffer out = BUFFER_INIT;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    assert_int_equal(bgzf_append_block(codec, 0, "123456789", 9, &out, NULL), STATUS_OK);
    assert_int_equal(out.len, sizeof expected);
    assert_memory_equal(out.data, expected, sizeof expected);
    buffer_free(&out);
    codec_free(codec);
}

static void test_block_limits(void **state)
{
    (void)state;
    static unsigned char data[BGZF_PAYLOAD_MAX + 1];
    struct codec *codec;
    struct buffer out = BUFFER_INIT;
    struct error err = ERROR_INIT;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    assert_true(buffer_append_text(&out, "keep"));
    assert_int_equal(bgzf_append_block(codec, 1, data, 0, &out, &err), STATUS_OK);
    assert_string_equal(out.data, "keep");
    assert_int_equal(bgzf_append_block(codec, 1, data, sizeof data, &out, &err), STATUS_IO);
    assert_string_equal(out.data, "keep");
    buffer_clear(&out);
    assert_true(bgzf_append_end(&out));
    assert_int_equal(out.len, 28);
    unsigned char byte;
    assert_int_equal(reference_gunzip((unsigned char *)out.data, 28, &byte, 1), 0);
    buffer_free(&out);
    codec_free(codec);
    codec_free(NULL);
}

/* Records of random length, now and then longer than a block. */
static void make_records(struct buffer *text, unsigned records, bool long_ones)
{
    for (unsigned i = 0; i < records; i++) {
        size_t len = next_random() % 300;
        if (long_ones && next_random() % 20 == 0)
            len = BGZF_PAYLOAD_MAX - 3 + next_random() % (next_random() % 2 == 0 ? 8 : 200000);
        assert_true(buffer_reserve(text, len + 1));
        for (size_t k = 0; k < len; k++)
            text->data[text->len++] = (char)('a' + next_random() % 20);
        assert_true(buffer_append_byte(text, '\n'));
    }
}

/* Unpacks blocks, checking each: not empty, and ending at a record end or inside one record. */
static void unpack(const struct buffer *packed, struct buffer *text)
{
    static unsigned char back[BGZF_BLOCK_MAX];
    const unsigned char *at = (const unsigned char *)packed->data;
    size_t left = packed->len;
    while (left > 0) {
        assert_true(left >= 28);
        size_t size = (size_t)at[16] + 256 * (size_t)at[17] + 1;
        assert_true(size <= left);
        size_t len = reference_gunzip(at, size, back, sizeof back);
        assert_true(len != SIZE_MAX && len > 0 && len <= BGZF_PAYLOAD_MAX);
        if (back[len - 1] != '\n')
            assert_null(memchr(back, '\n', len));
        assert_true(buffer_append(text, back, len));
        at += size;
        left -= size;
    }
}

static void test_text_blocks_end_at_records(void **state)
{
    (void)state;
    struct codec *codec;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    for (unsigned round = 0; round < 12; round++) {
        struct buffer text = BUFFER_INIT;
        struct buffer packed = BUFFER_INIT;
        struct buffer back = BUFFER_INIT;
        make_records(&text, next_random() % 1200, round % 3 == 2);
        assert_int_equal(
            bgzf_append_text(codec, (int)(round % 3), text.data, text.len, &packed, NULL),
            STATUS_OK);
        unpack(&packed, &back);
        assert_int_equal(back.len, text.len);
        if (text.len > 0)
            assert_memory_equal(back.data, text.data, text.len);
        buffer_free(&text);
        buffer_free(&packed);
        buffer_free(&back);
    }
    codec_free(codec);
}

static void test_inflate_refuses_what_is_not_whole(void **state)
{
    (void)state;
    static unsigned char data[3000];
    static unsigned char packed[4000];
    static unsigned char back[4000];
    struct codec *codec;
    bool good;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    for (int level = 0; level <= 9; level += 3) {
        size_t len;
        make_data(data, sizeof data, WORDS);
        assert_int_equal(
            codec_deflate(codec, level, data, sizeof data, packed, sizeof packed, &len, NULL),
            STATUS_OK);
        assert_true(len > 0);
        for (int more = -2; more <= 2; more++)
            for (int longer = -2; longer <= 2; longer++) {
                assert_int_equal(codec_inflate(codec, packed, len + (size_t)more, back,
                                               sizeof data + (size_t)longer, &good, NULL),
                                 0);
                assert_int_equal(good, more == 0 && longer == 0);
            }
        size_t made = 1;
        assert_int_equal(
            codec_deflate(codec, level, data, sizeof data, packed, len - 1, &made, NULL),
            STATUS_OK);
        assert_int_equal(made, 0);
    }
    codec_free(codec);
}

static void test_inflate_of_noise_does_not_crash(void **state)
{
    (void)state;
    static unsigned char data[2000];
    static unsigned char packed[3000];
    static unsigned char back[2000];
    struct codec *codec;
    bool good;
    unsigned refused = 0;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    for (unsigned i = 0; i < 3000; i++) {
        size_t len;
        make_data(data, sizeof data, WORDS);
        assert_int_equal(codec_deflate(codec, (int)(i % 10), data, sizeof data, packed,
                                       sizeof packed, &len, NULL),
                         STATUS_OK);
        for (unsigned k = 0; k <= i % 4; k++)
            packed[next_random() % len] ^= (unsigned char)(1u << next_random() % 8);
        assert_int_equal(codec_inflate(codec, packed, len, back, sizeof back, &good, NULL), 0);
        refused += !good;
    }
    assert_true(refused > 1000);
    codec_free(codec);
}

static void test_stream_in_pieces(void **state)
{
    (void)state;
    static unsigned char data[200000];
    static unsigned char packed[250000];
    static unsigned char back[200000];
    struct codec *codec;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    for (unsigned round = 0; round < 12; round++) {
        size_t len;
        make_data(data, sizeof data, (enum pattern)(round % PATTERNS));
        assert_int_equal(codec_deflate(codec, 1 + (int)round % 9, data, sizeof data, packed,
                                       sizeof packed, &len, NULL),
                         STATUS_OK);
        assert_true(len > 0);
        assert_int_equal(codec_stream_start(codec, NULL), STATUS_OK);
        const unsigned char *in = packed;
        unsigned char *out = back;
        enum codec_step step = CODEC_MORE;
        while (step == CODEC_MORE) {
            size_t in_left = 1 + next_random() % (1u << round);
            if (in_left > len - (size_t)(in - packed))
                in_left = len - (size_t)(in - packed);
            size_t out_left = 1 + next_random() % 5000;
            if (out_left > sizeof back - (size_t)(out - back))
                out_left = sizeof back - (size_t)(out - back);
            step = codec_stream(codec, &in, &in_left, &out, &out_left);
        }
        assert_int_equal(step, CODEC_END);
        assert_ptr_equal(in, packed + len);
        assert_ptr_equal(out, back + sizeof back);
        assert_memory_equal(back, data, sizeof data);
    }
    codec_free(codec);
}

static bool have(const char *program)
{
    char command[128];
    (void)snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

/* The programs of others must take what we write. */
static void test_other_programs_accept(void **state)
{
    (void)state;
    if (!have("gzip"))
        skip();
    char dir[] = "/tmp/bell-test-codec-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct codec *codec;
    assert_int_equal(codec_new(&codec, NULL), STATUS_OK);
    for (int level = 0; level <= CODEC_LEVEL_MAX; level += 3) {
        struct buffer text = BUFFER_INIT;
        struct buffer packed = BUFFER_INIT;
        make_records(&text, 3000, true);
        assert_int_equal(bgzf_append_text(codec, level, text.data, text.len, &packed, NULL), 0);
        assert_true(bgzf_append_end(&packed));
        char path[64];
        char command[512];
        (void)snprintf(path, sizeof path, "%s/x", dir);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
        assert_int_equal(fclose(file), 0);
        (void)snprintf(path, sizeof path, "%s/x.gz", dir);
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(packed.data, 1, packed.len, file), packed.len);
        assert_int_equal(fclose(file), 0);
        (void)snprintf(command, sizeof command, "cd %s && gzip -t x.gz && gzip -dc x.gz | cmp - x",
                       dir);
        assert_int_equal(system(command), 0);
        if (have("bgzip")) {
            (void)snprintf(command, sizeof command,
                           "cd %s && bgzip -t x.gz && bgzip -dc x.gz | cmp - x && bgzip -r x.gz",
                           dir);
            assert_int_equal(system(command), 0);
        }
        buffer_free(&text);
        buffer_free(&packed);
    }
    codec_free(codec);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r %s", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc),
        cmocka_unit_test(test_block_is_gzip_at_every_level),
        cmocka_unit_test(test_stored_block_bytes),
        cmocka_unit_test(test_block_limits),
        cmocka_unit_test(test_text_blocks_end_at_records),
        cmocka_unit_test(test_inflate_refuses_what_is_not_whole),
        cmocka_unit_test(test_inflate_of_noise_does_not_crash),
        cmocka_unit_test(test_stream_in_pieces),
        cmocka_unit_test(test_other_programs_accept),
    };
    return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
