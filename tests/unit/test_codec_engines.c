/* The two engines behind codec.h against each other; without ISA-L there is nothing to compare. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "io/codec_engine.h"

enum { DATA_MAX = 200000, PACKED_MAX = DATA_MAX + 1000, TAIL_MAX = 20 };
enum { ZLIB, ISAL, ENGINES };

static uint64_t seed = 20263;
static const struct codec_engine *engines[ENGINES];
static void *memories[ENGINES];
static unsigned char data[DATA_MAX];
static unsigned char packed[PACKED_MAX + TAIL_MAX];

static uint32_t next_random(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33);
}

static int set_up(void **state)
{
    (void)state;
    engines[ZLIB] = &codec_zlib;
    engines[ISAL] = codec_isal;
    for (int e = 0; e < ENGINES; e++) {
        memories[e] = engines[e] == NULL ? NULL : engines[e]->make();
        if (engines[e] != NULL && memories[e] == NULL)
            return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int e = 0; e < ENGINES; e++)
        if (memories[e] != NULL)
            engines[e]->destroy(memories[e]);
    return 0;
}

/* Text with repetitions far and near, of few or many different bytes; of one alone, some bits of
 * packed data are thousands of bytes. */
static void make_data(size_t len)
{
    const uint32_t bytes = next_random() % 4 == 0 ? 1 : 1 + next_random() % 256;
    for (size_t i = 0; i < len; i++) {
        size_t back = 1 + next_random() % (next_random() % 2 == 0 ? 20 : 40000);
        bool repeat = next_random() % 4 != 0 && back <= i;
        data[i] = (unsigned char)(repeat ? data[i - back] : next_random() % bytes);
    }
}

/* As zlib packs with settings that we do not use ourselves. */
static size_t pack_oddly(size_t len)
{
    static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE,
                                     Z_FIXED};
    z_stream z;
    memset(&z, 0, sizeof z);
    int level = (int)(next_random() % 10);
    int window = -(9 + (int)(next_random() % 7));
    int memory = 1 + (int)(next_random() % 9);
    assert_int_equal(
        deflateInit2(&z, level, Z_DEFLATED, window, memory, strategies[next_random() % 5]), Z_OK);
    z.next_in = data;
    z.avail_in = (uInt)(len / 2);
    z.next_out = packed;
    z.avail_out = PACKED_MAX;
    assert_int_equal(deflate(&z, next_random() % 2 == 0 ? Z_FULL_FLUSH : Z_PARTIAL_FLUSH), Z_OK);
    z.avail_in = (uInt)(len - len / 2);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t made = PACKED_MAX - z.avail_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return made;
}

/* data packed by any engine at any level. */
static size_t pack(size_t len)
{
    unsigned which = next_random() % 4;
    if (which == 0)
        return pack_oddly(len);
    int e = which == 1 ? ZLIB : ISAL;
    int level = 1 + (int)(next_random() % (unsigned)engines[e]->level_max);
    size_t made = 0;
    assert_int_equal(engines[e]->deflate(memories[e], level, data, len, packed, PACKED_MAX, &made),
                     CODEC_END);
    return made;
}

struct outcome {
    enum codec_step step;
    size_t used;
    size_t made;
    unsigned char bytes[DATA_MAX];
};

static struct outcome seen[ENGINES];

/* Streams len bytes of packed through engine e in pieces of at most in_most and out_most bytes,
 * each in memory of its own size, so that a sanitizer sees a step outside. */
static void stream(int e, size_t len, size_t in_most, size_t out_most, struct outcome *to)
{
    to->step = CODEC_MORE;
    to->used = to->made = 0;
    assert_true(engines[e]->stream_start(memories[e]));
    size_t offered = 0;
    for (;;) {
        size_t in_len = offered - to->used;
        size_t out_len = 1 + next_random() % out_most;
        if (out_len > DATA_MAX - to->made)
            out_len = DATA_MAX - to->made;
        const size_t in_before = in_len;
        const size_t out_before = out_len;
        unsigned char *in = malloc(in_len + (in_len == 0));
        unsigned char *out = malloc(out_len + (out_len == 0));
        assert_true(in != NULL && out != NULL);
        memcpy(in, packed + to->used, in_len);
        const unsigned char *in_at = in;
        unsigned char *out_at = out;
        to->step = engines[e]->stream(memories[e], &in_at, &in_len, &out_at, &out_len);
        assert_int_equal(in_at - in, in_before - in_len);
        assert_int_equal(out_at - out, out_before - out_len);
        memcpy(to->bytes + to->made, out, out_before - out_len);
        free(in);
        free(out);
        to->used += in_before - in_len;
        to->made += out_before - out_len;
        if (to->step != CODEC_MORE || (offered == len && out_len > 0 && out_len == out_before))
            return;
        if (out_len == 0 && out_before > 0)
            continue;
        if (out_len > 0) /* room is left, so all input must have been taken */
            assert_true(in_len == 0 || out_len < out_before);
        else if (offered == len)
            return;
        size_t more = 1 + next_random() % in_most;
        offered = more > len - offered ? len : offered + more;
    }
}

static void stream_both(size_t len, size_t in_most, size_t out_most)
{
    for (int e = 0; e < ENGINES; e++)
        stream(e, len, in_most, out_most, &seen[e]);
}

static bool whole(int e, size_t len, unsigned char *out, size_t out_len)
{
    return engines[e]->inflate(memories[e], packed, len, out, out_len) == CODEC_END;
}

static void expect_data(size_t len, size_t packed_len)
{
    static unsigned char out[DATA_MAX];
    for (int e = 0; e < ENGINES; e++) {
        assert_int_equal(seen[e].step, CODEC_END);
        assert_int_equal(seen[e].used, packed_len);
        assert_int_equal(seen[e].made, len);
        assert_memory_equal(seen[e].bytes, data, len);
        memset(out, 1, len);
        assert_true(whole(e, packed_len, out, len));
        assert_memory_equal(out, data, len);
        assert_false(whole(e, packed_len - 1, out, len));
        assert_false(whole(e, packed_len + 1, out, len));
        assert_false(whole(e, packed_len, out, len + 1));
        assert_true(len == 0 || !whole(e, packed_len, out, len - 1));
    }
}

static void test_good_data(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    static const size_t lens[] = {0, 1, 2, 3, 7, 100, 3000, 65280, 65536, DATA_MAX - 1};
    for (unsigned round = 0; round < 400; round++) {
        size_t len = lens[round % 10];
        if (round >= 100)
            len = next_random() % (round % 3 == 0 ? 100000 : 5000);
        make_data(len);
        size_t packed_len = pack(len);
        size_t tail = next_random() % TAIL_MAX;
        for (size_t i = 0; i < tail; i++)
            packed[packed_len + i] = (unsigned char)next_random();
        unsigned least = len > 5000 ? 8 : 0;
        stream_both(packed_len + tail, (size_t)1 << (least + next_random() % 10),
                    (size_t)1 << (least + next_random() % 10));
        expect_data(len, packed_len);
    }
}

/* The end is found to the byte whatever the pieces, and whatever stands behind it. */
static void test_end_in_all_pieces(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    for (unsigned round = 0; round < 40; round++) {
        size_t len = next_random() % 60;
        make_data(len);
        size_t packed_len = pack(len);
        for (size_t i = 0; i < TAIL_MAX; i++)
            packed[packed_len + i] = (unsigned char)(round % 3 == 0 ? 0 : next_random());
        for (size_t tail = 0; tail <= 9; tail += 3)
            for (size_t in_most = 1; in_most < 12; in_most++)
                for (size_t out_most = 1; out_most < 70; out_most += 1 + out_most / 3) {
                    stream_both(packed_len + tail, in_most, out_most);
                    expect_data(len, packed_len);
                }
    }
}

static void test_cut_does_not_end(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    static unsigned char out[DATA_MAX];
    for (unsigned round = 0; round < 30; round++) {
        size_t len = 1 + next_random() % 500;
        make_data(len);
        size_t packed_len = pack(len);
        for (size_t cut = 0; cut < packed_len; cut++) {
            stream_both(cut, 1 + next_random() % 50, 1 + next_random() % 200);
            for (int e = 0; e < ENGINES; e++) {
                assert_int_equal(seen[e].step, CODEC_MORE);
                assert_int_equal(seen[e].used, cut);
                assert_memory_equal(seen[e].bytes, data, seen[e].made);
                assert_false(whole(e, cut, out, len));
            }
        }
    }
}

/* What zlib takes, ISA-L takes, with the same bytes.  What zlib refuses, ISA-L refuses but for the
 * one oddity (codec_engine.h), which is rare. */
static void test_damage(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    static unsigned char out[DATA_MAX];
    unsigned refused = 0;
    unsigned let_pass = 0;
    for (unsigned round = 0; round < 4000; round++) {
        size_t len = 1 + next_random() % 2000;
        make_data(len);
        size_t packed_len = pack(len);
        size_t within = round % 2 == 0 || packed_len < 80 ? packed_len : 80;
        for (unsigned k = 0; k <= round % 3; k++)
            packed[next_random() % within] ^= (unsigned char)(1u << next_random() % 8);
        stream_both(packed_len, 1 + next_random() % 3000, 1 + next_random() % 4000);
        const struct outcome *z = &seen[ZLIB];
        const struct outcome *i = &seen[ISAL];
        if (z->step == CODEC_END) {
            assert_int_equal(i->step, CODEC_END);
            assert_int_equal(i->used, z->used);
            assert_int_equal(i->made, z->made);
            assert_memory_equal(i->bytes, z->bytes, z->made);
        }
        refused += z->step == CODEC_BROKEN && i->step == CODEC_BROKEN;
        let_pass += z->step == CODEC_BROKEN && i->step == CODEC_END;
        if (whole(ZLIB, packed_len, out, len))
            assert_true(whole(ISAL, packed_len, out, len));
    }
    assert_true(refused > 800);
    assert_true(let_pass * 20 < refused);
}

static void test_noise(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    unsigned refused = 0;
    for (unsigned round = 0; round < 10000; round++) {
        size_t len = 1 + next_random() % 300;
        for (size_t i = 0; i < len; i++)
            packed[i] = (unsigned char)next_random();
        packed[0] = (unsigned char)((packed[0] & ~6u) | next_random() % 3 << 1);
        stream_both(len, 1 + next_random() % 400, DATA_MAX);
        if (seen[ZLIB].step == CODEC_END) {
            assert_int_equal(seen[ISAL].step, CODEC_END);
            assert_int_equal(seen[ISAL].used, seen[ZLIB].used);
            assert_int_equal(seen[ISAL].made, seen[ZLIB].made);
            assert_memory_equal(seen[ISAL].bytes, seen[ZLIB].bytes, seen[ZLIB].made);
        }
        refused += seen[ISAL].step == CODEC_BROKEN;
    }
    assert_true(refused > 5000);
}

/* ---- streams made by hand, of fixed Huffman codes ------------------------------------------- */

static size_t bit_count;

static void put_bits(uint32_t bits, unsigned count)
{
    for (unsigned i = 0; i < count; i++, bit_count++) {
        if (bit_count % 8 == 0)
            packed[bit_count / 8] = 0;
        packed[bit_count / 8] |= (unsigned char)((bits >> i & 1) << bit_count % 8);
    }
}

static void put_code(uint32_t code, unsigned count)
{
    while (count-- > 0)
        put_bits(code >> count & 1, 1);
}

/* `count` literals, three bytes from `distance` (2^n + 1) back, the end. */
static size_t make_copy(size_t count, unsigned distance_symbol, unsigned extra_bits, uint32_t extra)
{
    put_bits(3, 3);
    for (size_t i = 0; i < count; i++)
        put_code(0x30 + 'a', 8);
    put_code(1, 7);
    put_code(distance_symbol, 5);
    put_bits(extra, extra_bits);
    put_code(0, 7);
    return (bit_count + 7) / 8;
}

static void expect_steps(size_t len, enum codec_step step)
{
    static unsigned char out[DATA_MAX];
    for (size_t out_most = 1; out_most < 100000; out_most *= 7) {
        stream_both(len, 1 + out_most % 50, out_most);
        for (int e = 0; e < ENGINES; e++) {
            assert_int_equal(seen[e].step, step);
            assert_int_equal(whole(e, len, out, seen[e].made), step == CODEC_END);
        }
    }
}

/* A distance that reaches before the stream must not find what an earlier stream has left. */
static void test_no_stale_history(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    for (size_t count = 0; count < 4; count++)
        for (unsigned distance = 1; distance <= 4; distance++) {
            make_data(100000);
            size_t len = pack(100000);
            stream_both(len, 5000, 5000);
            expect_data(100000, len);
            bit_count = 0;
            len = make_copy(count, distance - 1, 0, 0);
            expect_steps(len, distance <= count ? CODEC_END : CODEC_BROKEN);
        }
}

static void put_stored(size_t len)
{
    put_bits(0, 3);
    put_bits(0, (unsigned)(8 - bit_count % 8) % 8);
    put_bits((uint32_t)len, 16);
    put_bits(~(uint32_t)len, 16);
    for (size_t i = 0; i < len; i++)
        put_bits((uint32_t)i, 8);
}

/* The window is 32,768 bytes and not one more, at its beginning and far behind it. */
static void test_longest_distance(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    static const size_t before[] = {32767, 32768, 32769, 65535, 65535 + 32767};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        bit_count = 0;
        for (size_t left = before[i]; left > 0;) {
            size_t part = left > 65535 ? 65535 : left;
            put_stored(part);
            left -= part;
        }
        size_t len = make_copy(0, 29, 13, 8191);
        expect_steps(len, before[i] < 32768 ? CODEC_BROKEN : CODEC_END);
    }
}

static void test_codes_that_do_not_exist(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    for (unsigned symbol = 28; symbol < 32; symbol++) {
        bit_count = 0;
        put_stored(40000);
        size_t len = make_copy(3, symbol, symbol < 30 ? 13 : 0, 0);
        expect_steps(len, symbol < 30 ? CODEC_END : CODEC_BROKEN);
    }
    for (uint32_t code = 0xc5; code < 0xc8; code++) { /* of lengths: 285, 286, 287 */
        bit_count = 0;
        put_bits(3, 3);
        put_code(0x30 + 'a', 8);
        put_code(code, 8);
        put_code(0, 5);
        put_code(0, 7);
        expect_steps((bit_count + 7) / 8, code == 0xc5 ? CODEC_END : CODEC_BROKEN);
    }
    bit_count = 0;
    put_bits(7, 3); /* a fourth type of block */
    put_bits(0, 30);
    expect_steps((bit_count + 7) / 8, CODEC_BROKEN);
    bit_count = 0;
    put_stored(10);
    packed[3] ^= 1; /* a length that its complement denies */
    expect_steps(15, CODEC_BROKEN);
}

/* ---- the rest ------------------------------------------------------------------------------- */

static void test_crc(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    for (unsigned round = 0; round < 2000; round++) {
        size_t len = next_random() % (round % 50 == 0 ? DATA_MAX : 300);
        size_t at = next_random() % (DATA_MAX - len);
        uint32_t start = round % 3 == 0 ? 0 : next_random();
        for (size_t i = 0; i < len; i += 1 + next_random() % 7)
            data[at + i] = (unsigned char)next_random();
        assert_int_equal(codec_isal->crc32(start, data + at, len),
                         codec_zlib.crc32(start, data + at, len));
    }
}

/* What was packed before leaves no trace in the bytes of the next block. */
static void test_same_bytes_again(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    static unsigned char first[PACKED_MAX];
    static unsigned char block[BGZF_PAYLOAD_MAX];
    for (int level = 1; level <= codec_isal->level_max; level++)
        for (unsigned round = 0; round < 20; round++) {
            size_t len = 1 + next_random() % sizeof block;
            size_t sizes[2];
            make_data(len);
            memcpy(block, data, len);
            void *fresh = codec_isal->make();
            assert_non_null(fresh);
            assert_int_equal(
                codec_isal->deflate(fresh, level, block, len, first, PACKED_MAX, &sizes[0]),
                CODEC_END);
            codec_isal->destroy(fresh);
            make_data(BGZF_PAYLOAD_MAX);
            (void)pack(BGZF_PAYLOAD_MAX);
            assert_int_equal(codec_isal->deflate(memories[ISAL], level, block, len, packed,
                                                 PACKED_MAX, &sizes[1]),
                             CODEC_END);
            assert_int_equal(sizes[0], sizes[1]);
            assert_memory_equal(first, packed, sizes[0]);
        }
}

/* From level 4 on a codec packs as zlib does, whatever engine is in front. */
static void test_high_levels_are_of_zlib(void **state)
{
    (void)state;
    if (codec_isal == NULL)
        skip();
    static unsigned char other[PACKED_MAX];
    struct codec *codec;
    assert_int_equal(codec_new_with(&codec, codec_isal, NULL), STATUS_OK);
    make_data(60000);
    for (int level = 1; level <= CODEC_LEVEL_MAX; level++) {
        size_t sizes[2];
        const struct codec_engine *by = level <= 3 ? codec_isal : &codec_zlib;
        assert_int_equal(by->deflate(memories[level <= 3 ? ISAL : ZLIB], level, data, 60000, packed,
                                     PACKED_MAX, &sizes[0]),
                         CODEC_END);
        assert_int_equal(
            codec_deflate(codec, level, data, 60000, other, PACKED_MAX, &sizes[1], NULL), 0);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(packed, other, sizes[0]);
    }
    codec_free(codec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_data),
        cmocka_unit_test(test_end_in_all_pieces),
        cmocka_unit_test(test_cut_does_not_end),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_no_stale_history),
        cmocka_unit_test(test_longest_distance),
        cmocka_unit_test(test_codes_that_do_not_exist),
        cmocka_unit_test(test_crc),
        cmocka_unit_test(test_same_bytes_again),
        cmocka_unit_test(test_high_levels_are_of_zlib),
    };
    return cmocka_run_group_tests_name("codec engines", tests, set_up, tear_down);
}
