/* The automaton against a plain search, phrase by phrase and place by place. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "phrase_finder.h"

enum { BROKEN = 0x7fffffff, CHARACTERS_MAX = 4096 };

/* ---- the plain version ---- */

struct characters {
    uint32_t list[CHARACTERS_MAX];
    size_t count;
};

static void characters_of(struct slice s, struct characters *out)
{
    out->count = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t c;
        size_t n = utf8_decode(s.data + i, s.len - i, &c);
        assert_true(out->count < CHARACTERS_MAX);
        out->list[out->count++] = n == 0 ? BROKEN : phrases_fold(c);
        i += n == 0 ? 1 : n;
    }
}

static bool plain_is_word(uint32_t c)
{
    return c != BROKEN && phrases_is_word(c);
}

static bool plain_is_blank(uint32_t c)
{
    return c != BROKEN && phrases_is_blank(c);
}

static bool plain_matches_at(const struct characters *text, size_t at,
                             const struct characters *want)
{
    size_t first = 0, last = want->count;

    while (plain_is_blank(want->list[first]))
        first++;
    while (plain_is_blank(want->list[last - 1]))
        last--;
    if (plain_is_word(want->list[first]) && at > 0 && plain_is_word(text->list[at - 1]))
        return false;
    for (size_t w = first; w < last; w++) {
        if (plain_is_blank(want->list[w])) {
            if (w > first && plain_is_blank(want->list[w - 1]))
                continue;
            if (at == text->count || !plain_is_blank(text->list[at]))
                return false;
            while (at < text->count && plain_is_blank(text->list[at]))
                at++;
        } else {
            if (at == text->count || text->list[at] != want->list[w])
                return false;
            at++;
        }
    }
    return !(plain_is_word(want->list[last - 1]) && at < text->count &&
             plain_is_word(text->list[at]));
}

static bool plain_finds(struct slice text, struct slice phrase)
{
    static struct characters t, p;

    characters_of(text, &t);
    characters_of(phrase, &p);
    for (size_t at = 0; at < t.count; at++)
        if (plain_matches_at(&t, at, &p))
            return true;
    return false;
}

/* ---- helpers ---- */

static bool finds_in(const char *phrase, struct slice text)
{
    uint32_t id;
    uint64_t found = 0;
    struct finder f = finder_open(&phrase, 1, &id);

    /* A copy of the exact size, so that a sanitizer sees a read behind the end. */
    char *copy = malloc(text.len == 0 ? 1 : text.len);
    assert_non_null(copy);
    memcpy(copy, text.data, text.len);
    phrases_match(f.phrases, f.scratch, (struct slice){copy, text.len}, &found);
    free(copy);
    uint64_t reference = 0;
    phrases_match_plain(f.phrases, f.scratch, text, &reference);
    finder_close(&f);
    assert_int_equal(reference != 0, plain_finds(text, slice_of(phrase)));
    assert_int_equal(found, reference);
    return found != 0;
}

static bool finds(const char *phrase, const char *text)
{
    return finds_in(phrase, slice_of(text));
}

/* ---- tests ---- */

static void test_words(void **state)
{
    (void)state;
    assert_true(finds("retired", "Retired police officer"));
    assert_true(finds("RETIRED", "now retired"));
    assert_false(finds("retired", "retiredness"));
    assert_false(finds("retired", "unretired"));
    assert_false(finds("retired", "retired_cop"));
    assert_false(finds("retired", "retired2"));
    assert_true(finds("retired", "(retired)"));
    assert_true(finds("retired", "#retired"));
    assert_true(finds("retired", "unretired, retired"));
    assert_true(finds("ex-cop", "I am an EX-COP."));
    assert_false(finds("ex-cop", "ex cop"));
    assert_false(finds("ex-cop", "sex-cop"));
    assert_false(finds("a", ""));
    assert_false(finds("to the very end\x7f", "to the very end")); /* DEL pads, inside */
    for (size_t len = 60; len < 70; len++) { /* where one way to remember gives over to another */
        char phrase[80], text[96];
        memset(phrase, 'w', len);
        phrase[len] = '\0';
        snprintf(text, sizeof(text), " %s", phrase);
        assert_true(finds(phrase, text));
        text[0] = 'x';
        assert_false(finds(phrase, text));
    }
}

static void test_blanks(void **state)
{
    (void)state;
    assert_true(finds("former officer", "a former   officer"));
    assert_true(finds("former officer", "former\n\t officer"));
    assert_true(finds("former officer", "former\u00a0\u3000officer"));
    assert_true(finds("former\u2009 officer", "former officer"));
    assert_true(finds("  former officer ", "xx,former officer"));
    assert_false(finds("former officer", "formerofficer"));
    assert_false(finds("former officer", "former-officer"));
    assert_false(finds("former officer", "former\u200bofficer")); /* of no width: not a blank */
    assert_true(finds("x \u3000y", "x  y"));
}

static void test_open_sides(void **state)
{
    (void)state;
    assert_true(finds("#help", "need#help now"));
    assert_false(finds("#help", "#helpful"));
    assert_true(finds(":(", "so sad:(("));
    assert_true(finds("?", "why?no"));
    assert_true(finds("c++", "c++x"));
    assert_false(finds("c++", "abc++"));
    assert_true(finds("\U0001f621", "angry\U0001f621\U0001f621mob"));
}

static void test_unicode(void **state)
{
    (void)state;
    assert_true(finds("caf\u00e9", "CAF\u00c9!"));
    assert_false(finds("cafe", "caf\u00e9"));
    assert_false(finds("cafe", "cafe\u0301")); /* a mark is part of the word */
    assert_true(finds("\u03c3\u03bf\u03c6\u03cc\u03c2", "\u03a3\u039f\u03a6\u038c\u03a3"));
    assert_true(finds("kelvin", "\u212aelvin"));
    assert_true(finds("stra\u00dfe", "STRA\u1e9eE"));
    assert_false(finds("strasse", "stra\u00dfe"));
    assert_false(finds("istanbul", "\u0130stanbul"));
    assert_false(finds("officer", "officer\u0661")); /* Arabic digit */
    assert_true(finds("officer", "\u2018officer\u2019"));
    assert_true(finds("\u8b66\u5bdf", "\u8b66\u5bdf\u3002"));
    assert_true(finds("\u2c65b", "\u023aB")); /* 2 bytes fold to 3 */
}

static void test_broken_utf8(void **state)
{
    (void)state;
    assert_true(finds("cop", "\xff"
                             "cop\xc3"));
    assert_false(finds("caf\u00e9", "caf\xc3"));
    assert_false(finds("\u00e9", "\xc3\x28\xa9"));
    assert_false(finds("a b", "a\xa0"
                              "b"));
    assert_true(finds_in("x", (struct slice){"\0x\0", 3}));
}

static void test_folding(void **state)
{
    static const uint32_t pairs[][2] = {
        {'A', 'a'},         {'Z', 'z'},       {'[', '['},       {0xc0, 0xe0},     {0xd7, 0xd7},
        {0xdf, 0xdf},       {0xb5, 0x3bc},    {0x130, 0x130},   {0x131, 0x131},   {0x17f, 's'},
        {0x1c4, 0x1c6},     {0x1c5, 0x1c6},   {0x345, 0x3b9},   {0x3c2, 0x3c3},   {0x1e9e, 0xdf},
        {0x1f88, 0x1f80},   {0x1fbc, 0x1fb3}, {0x2126, 0x3c9},  {0x212a, 'k'},    {0x212b, 0xe5},
        {0x10400, 0x10428}, {0xfb01, 0xfb01}, {0x24b6, 0x24d0}, {0x2160, 0x2170},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
        assert_int_equal(phrases_fold(pairs[i][0]), pairs[i][1]);
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        uint32_t folded = phrases_fold(c);
        /* Edges are judged on folded text, so folding may not turn a letter to a sign. */
        if (phrases_fold(folded) != folded || phrases_is_word(folded) != phrases_is_word(c) ||
            (phrases_is_blank(c) && folded != c))
            fail_msg("U+%04X folds to U+%04X", (unsigned)c, (unsigned)folded);
        /* What the filter is built on. */
        if (c >= 0x80 && (folded < 0x80) != (c == 0x17f || c == 0x212a))
            fail_msg("U+%04X folds to ASCII", (unsigned)c);
        if (folded != c && folded >= 0x80 && !phrase_has_variants(folded))
            fail_msg("U+%04X folds to U+%04X, too", (unsigned)c, (unsigned)folded);
    }
}

static void test_same_phrase_same_number(void **state)
{
    static const char *const list[] = {"Former  Officer", "former\tofficer ", "officer"};
    uint32_t ids[3];
    (void)state;
    struct finder f = finder_open(list, 3, ids);

    assert_int_equal(ids[0], 0);
    assert_int_equal(ids[1], 0);
    assert_int_equal(ids[2], 1);
    assert_int_equal(phrases_count(f.phrases), 2);
    finder_close(&f);
}

static void test_refusals(void **state)
{
    static const char *const bad[] = {"", " \t", "\u3000", "caf\xc3", "\xff"};
    struct error err = ERROR_INIT;
    struct phrases *phrases;
    uint32_t id;
    char text[128];
    (void)state;

    assert_int_equal(phrases_new(&phrases, &err), STATUS_OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        assert_int_equal(phrases_add(phrases, slice_of(bad[i]), &id, &err), STATUS_USAGE);
    assert_int_equal(phrases_count(phrases), 0);
    for (unsigned i = 0; i < 70000; i++) {
        snprintf(text, sizeof(text), "%u abcdefghijklmnopqrstuvwxyz %u", i, i * 7919);
        assert_int_equal(phrases_add(phrases, slice_of(text), &id, &err), STATUS_OK);
    }
    assert_int_equal(phrases_build(phrases, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "16 MiB"));
    phrases_free(phrases);

    for (int nested = PHRASES_NESTED_MAX; nested <= PHRASES_NESTED_MAX + 1; nested++) {
        struct buffer many = BUFFER_INIT;
        assert_int_equal(phrases_new(&phrases, &err), STATUS_OK);
        for (int i = 0; i < nested; i++) {
            assert_true(buffer_append_byte(&many, '!'));
            assert_int_equal(phrases_add(phrases, slice_of(many.data), &id, &err), STATUS_OK);
        }
        assert_int_equal(phrases_build(phrases, &err),
                         nested > PHRASES_NESTED_MAX ? STATUS_USAGE : STATUS_OK);
        phrases_free(phrases);
        buffer_free(&many);
    }
}

static void test_no_phrases(void **state)
{
    struct finder f = finder_open(NULL, 0, NULL);
    (void)state;

    assert_int_equal(phrases_words(f.phrases), 0);
    phrases_match(f.phrases, f.scratch, SLICE_LITERAL("text"), NULL);
    finder_close(&f);
}

static void compare_once(struct buffer *text, uint64_t *hits)
{
    char list[24][256];
    const char *refs[24];
    uint32_t ids[24];
    struct error err = ERROR_INIT;
    uint32_t count = 1 + random_below(24), made = 0;
    uint32_t longest = random_below(4) == 0 ? 60 : 6; /* beyond 64 bytes other code remembers */
    /* Few kinds of pieces make many overlaps; the whole list makes odd neighbours. */
    uint32_t kinds = random_below(3) == 0 ? VALID_PIECES : 2 + random_below(8);
    uint32_t from = random_below(VALID_PIECES - kinds + 1);
    struct phrases *phrases;
    struct phrases_scratch *scratch;

    assert_int_equal(phrases_new(&phrases, &err), STATUS_OK);
    while (count-- > 0) {
        make_text(text, longest, kinds, from);
        if (text->len == 0 || text->len >= sizeof(list[0]))
            continue;
        memcpy(list[made], text->data, text->len + 1);
        if (phrases_add(phrases, slice_of(list[made]), &ids[made], &err) == STATUS_OK) {
            refs[made] = list[made];
            made++;
        }
    }
    assert_int_equal(phrases_build(phrases, &err), STATUS_OK);
    assert_int_equal(phrases_scratch_new(phrases, &scratch, &err), STATUS_OK);
    for (int t = 0; t < 20; t++) {
        uint64_t found = 0;
        bool odd = random_below(4) == 0;
        make_text(text, 40, odd ? PIECES : kinds, odd ? 0 : from);
        if (made > 0 && random_below(2) == 0) {
            struct buffer more = BUFFER_INIT;
            for (uint32_t k = 1 + random_below(3); k > 0; k--) {
                assert_true(buffer_append_text(text, refs[random_below(made)]));
                make_text(&more, 2, odd ? PIECES : kinds, odd ? 0 : from);
                assert_true(buffer_append(text, more.data, more.len));
            }
            buffer_free(&more);
        }
        struct slice s = {text->len == 0 ? "" : text->data, text->len};
        phrases_match_plain(phrases, scratch, s, &found);
        for (uint32_t p = 0; p < made; p++) {
            bool plain = plain_finds(s, slice_of(refs[p]));
            if (phrases_has(&found, ids[p]) != plain)
                fail_msg("'%s' in '%.*s': plain search says %d", refs[p], (int)s.len, s.data,
                         (int)plain);
            *hits += plain;
        }
    }
    phrases_scratch_free(scratch);
    phrases_free(phrases);
}

static void test_against_plain_search(void **state)
{
    struct buffer text = BUFFER_INIT;
    uint64_t hits = 0;
    (void)state;

    for (int round = 0; round < 4000; round++)
        compare_once(&text, &hits);
    buffer_free(&text);
    /* The generator is worth something only if it makes both. */
    assert_true(hits > 10000);
}

int main(void)
{
    struct error err = ERROR_INIT;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_blanks),
        cmocka_unit_test(test_open_sides),
        cmocka_unit_test(test_unicode),
        cmocka_unit_test(test_broken_utf8),
        cmocka_unit_test(test_folding),
        cmocka_unit_test(test_same_phrase_same_number),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_phrases),
        cmocka_unit_test(test_against_plain_search),
    };

    if (hash_init(&err) != STATUS_OK)
        return 99;
    return cmocka_run_group_tests_name("phrases", tests, NULL, NULL);
}
