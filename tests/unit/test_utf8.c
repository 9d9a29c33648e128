/* UTF-8: the plain check against the definition, the vectors against the plain check. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/utf8_vector.h"

enum { ROOM = 512 };

static uint64_t random_state = 20150224;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

static bool in(unsigned int byte, unsigned int first, unsigned int last)
{
    return byte >= first && byte <= last;
}

/* Table 3-7 of the Unicode Standard: the bytes of the character at p, 0 if it is ill-formed. */
static size_t by_definition(const unsigned char *p, size_t len)
{
    static const unsigned char rows[][3] = {/* first byte from, to, bytes */
                                            {0x00, 0x7f, 1},
                                            {0xc2, 0xdf, 2},
                                            {0xe0, 0xef, 3},
                                            {0xf0, 0xf4, 4}};

    for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
        size_t n = rows[r][2];
        if (!in(p[0], rows[r][0], rows[r][1]) || len < n)
            continue;
        unsigned int low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
        unsigned int high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
        bool good = n < 2 || in(p[1], low, high);
        for (size_t i = 2; i < n; i++)
            good = good && in(p[i], 0x80, 0xbf);
        return good ? n : 0;
    }
    return 0;
}

static void test_plain_by_definition(void **state)
{
    (void)state;
    for (uint32_t pair = 0; pair < 0x10000; pair++)
        for (uint32_t rest = 0; rest < 9; rest++) {
            static const unsigned char next[] = {0x7f, 0x80, 0xbf};
            unsigned char bytes[4] = {(unsigned char)(pair >> 8), (unsigned char)pair,
                                      next[rest / 3], next[rest % 3]};
            for (size_t len = 1; len <= 4; len++) {
                size_t want = 0, n = 1;
                while (want < len && (n = by_definition(bytes + want, len - want)) != 0)
                    want += n;
                struct slice s = {(const char *)bytes, len};
                if (utf8_valid_prefix_plain(s) != want)
                    fail_msg("%02x %02x %02x %02x, first %zu", bytes[0], bytes[1], bytes[2],
                             bytes[3], len);
            }
        }
}

static void compare(const char *text, size_t len)
{
    struct slice s = {text, len};
    size_t plain = utf8_valid_prefix_plain(s);

    if (utf8_valid_prefix(s) != plain)
        fail_msg("%zu bytes: first fault at %zu, not %zu", len, plain, utf8_valid_prefix(s));
    assert_int_equal(utf8_valid(s), plain == len);
}

static const char *const fillers[] = {"a", "\u00e9", "\u20ac", "\U0001f621"};

/* Valid text of exactly len bytes, of one kind of character or of all. */
static void fill(char *text, size_t len, uint32_t kind)
{
    size_t at = 0;

    while (at < len) {
        const char *c = fillers[kind < 4 ? kind : random_below(4)];
        size_t n = strlen(c);
        if (n > len - at) {
            c = "a";
            n = 1;
        }
        memcpy(text + at, c, n);
        at += n;
    }
}

/* All sequences of four of the bytes where a rule begins or ends, somewhere in valid text; all
 * sequences at the end of it, where they are cut. */
static void test_sequences(void **state)
{
    static const unsigned char bytes[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                          0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
                                          0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff};
    enum { N = sizeof(bytes) };
    char text[ROOM];
    (void)state;

    for (uint32_t four = 0; four < N * N * N * N; four++) {
        unsigned char sequence[4] = {bytes[four % N], bytes[four / N % N], bytes[four / N / N % N],
                                     bytes[four / N / N / N]};
        size_t before = 60 + random_below(70), behind = random_below(3) == 0 ? 0 : random_below(99);
        if (four % 16 == 0) /* what stands round it is not made anew each time */
            fill(text, sizeof(text), random_below(5));
        char saved[4];
        memcpy(saved, text + before, 4);
        memcpy(text + before, sequence, 4);
        compare(text, before + 1 + random_below(4) + behind);
        memcpy(text + before, saved, 4);
    }
}

/* Each single wrong byte at each place of texts of each length. */
static void test_each_place(void **state)
{
    char text[ROOM];
    (void)state;

    for (size_t len = 0; len < 330; len += len < 140 ? 1 : 7)
        for (uint32_t kind = 0; kind < 5; kind++) {
            fill(text, len, kind);
            compare(text, len);
            for (size_t at = 0; at < len; at++) {
                static const unsigned char wrong[] = {0x80, 0xc3, 0xe2, 0xed, 0xf0, 0xff, 'a'};
                char saved = text[at];
                text[at] = (char)wrong[random_below(sizeof(wrong))];
                compare(text, len);
                text[at] = saved;
            }
        }
}

/* Reads nothing outside the text: for sanitizers. */
static void test_exact_size(void **state)
{
    (void)state;
    for (size_t len = 1; len < 300; len++) {
        char *text = malloc(len);
        assert_non_null(text);
        fill(text, len, (uint32_t)(len % 5));
        compare(text, len);
        text[len - 1] = (char)0xe2;
        compare(text, len);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_by_definition),
        cmocka_unit_test(test_sequences),
        cmocka_unit_test(test_each_place),
        cmocka_unit_test(test_exact_size),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
