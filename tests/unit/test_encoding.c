/* Encodings to UTF-8, in pieces, and byte order marks. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "base/buffer.h"
#include "io/encoding.h"

static void decode(const char *name, struct slice in, size_t piece, struct buffer *out,
                   size_t *lead)
{
    struct error err = ERROR_INIT;
    struct encoding *enc = NULL;
    assert_int_equal(encoding_open(name, &enc, &err), STATUS_OK);
    for (size_t at = 0; at < in.len; at += piece) {
        size_t n = in.len - at < piece ? in.len - at : piece;
        assert_int_equal(encoding_feed(enc, in.data + at, n, out, &err), STATUS_OK);
    }
    assert_int_equal(encoding_finish(enc, out, &err), STATUS_OK);
    *lead = encoding_lead(enc);
    encoding_close(enc);
}

static void encodings_and_marks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct slice in;
        struct slice meant;
        size_t lead;
    } cases[] = {
        {"utf-8", SLICE_LITERAL("a\xC3\xA9"), SLICE_LITERAL("a\xC3\xA9"), 0},
        {"utf-8",
         SLICE_LITERAL("\xEF\xBB\xBF"
                       "a"),
         SLICE_LITERAL("a"), 3},
        {"utf-8", SLICE_LITERAL("\xEF\xBB"), SLICE_LITERAL("\xEF\xBB"), 0},
        {"UTF8", SLICE_LITERAL("\xFF"), SLICE_LITERAL("\xFF"), 0},
        {"utf-8",
         SLICE_LITERAL("\xFF\xFE"
                       "a\0\xE9\0"),
         SLICE_LITERAL("a\xC3\xA9"), 0},
        {"windows-1252", SLICE_LITERAL("\x80 \xE9"), SLICE_LITERAL("\xE2\x82\xAC \xC3\xA9"), 0},
        {"windows-1252", SLICE_LITERAL("\xEF\xBB\xBF\xC3\xA9"), SLICE_LITERAL("\xC3\xA9"), 3},
        {"windows-1252",
         SLICE_LITERAL("a\x81"
                       "b"),
         SLICE_LITERAL("a\xFF"
                       "b"),
         0},
        {"macintosh", SLICE_LITERAL("\x8E"), SLICE_LITERAL("\xC3\xA9"), 0},
        {"utf-16", SLICE_LITERAL("\xFE\xFF\0a\0\n"), SLICE_LITERAL("a\n"), 0},
        {"utf-16", SLICE_LITERAL("a\0\n\0"), SLICE_LITERAL("a\n"), 0},
        {"utf-16be", SLICE_LITERAL("\0a\xD8\0\0b"),
         SLICE_LITERAL("a\xFF"
                       "b"),
         0},
        {"utf-16le", SLICE_LITERAL("a\0b"), SLICE_LITERAL("a\xFF"), 0},
        {"utf-16le", SLICE_LITERAL("=\xD8\0\xDE"), SLICE_LITERAL("\xF0\x9F\x98\x80"), 0},
        {"utf-32", SLICE_LITERAL("\xFF\xFE\0\0a\0\0\0"), SLICE_LITERAL("a"), 0},
        {"shift_jis",
         SLICE_LITERAL("\x82\xA0"
                       "a"),
         SLICE_LITERAL("\xE3\x81\x82"
                       "a"),
         0},
        {"us-ascii", SLICE_LITERAL("a\xE9"), SLICE_LITERAL("a\xFF"), 0},
        {"utf-8", SLICE_LITERAL(""), SLICE_LITERAL(""), 0},
        {"utf-16", SLICE_LITERAL(""), SLICE_LITERAL(""), 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t piece = 1; piece <= 9; piece++) {
            struct buffer out = BUFFER_INIT;
            size_t lead = 99;
            decode(cases[i].name, cases[i].in, piece, &out, &lead);
            assert_int_equal(out.len, cases[i].meant.len);
            assert_int_equal(lead, cases[i].lead);
            if (out.len > 0)
                assert_memory_equal(out.data, cases[i].meant.data, out.len);
            buffer_free(&out);
        }
    }
}

static void unknown_encodings(void **state)
{
    (void)state;
    static const char *const names[] = {"klingon", "", "utf-16//IGNORE"};
    for (size_t i = 0; i < 3; i++) {
        struct error err = ERROR_INIT;
        struct encoding *enc = NULL;
        assert_int_equal(encoding_open(names[i], &enc, &err), STATUS_USAGE);
        assert_true(err.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_and_marks),
        cmocka_unit_test(unknown_encodings),
    };
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
