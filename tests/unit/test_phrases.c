/* The automaton against a plain search, phrase by phrase and place by place; the filter against the
 * automaton. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "labels/phrases_parts.h"

enum { BROKEN = 0x7fffffff, CHARACTERS_MAX = 4096, WORDS_MAX = 8 };

static uint64_t random_state = 20150224;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

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

struct finder {
    struct phrases *phrases;
    struct phrases_scratch *scratch;
    struct phrase_filter *filter; /* made even if it does not pay; NULL: none on this machine */
};

static void finder_build(struct finder *f)
{
    struct error err = ERROR_INIT;

    assert_int_equal(phrases_build(f->phrases, &err), STATUS_OK);
    assert_int_equal(phrases_scratch_new(f->phrases, &f->scratch, &err), STATUS_OK);
    f->filter = NULL;
    if (phrases_count(f->phrases) > 0)
        assert_int_equal(phrase_filter_new(&f->filter, &f->phrases->all, true, &err), STATUS_OK);
}

static struct finder finder_open(const char *const *list, size_t count, uint32_t *ids)
{
    struct finder f;
    struct error err = ERROR_INIT;

    assert_int_equal(phrases_new(&f.phrases, &err), STATUS_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(phrases_add(f.phrases, slice_of(list[i]), &ids[i], &err), STATUS_OK);
    finder_build(&f);
    return f;
}

static void finder_close(struct finder *f)
{
    phrase_filter_free(f->filter);
    phrases_scratch_free(f->scratch);
    phrases_free(f->phrases);
}

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

/* Pieces chosen so that generated phrases overlap, nest and touch. */
static const char *const pieces[] = {
    "a",      "b",      "A",          "ab",         "ba",         "aab",      " ",
    " ",      "  ",     "\t",         "\n",         "\u00a0",     "\u3000",   "-",
    "_",      "#",      "!",          "1",          "\u00e9",     "\u00c9",   "e",
    "\u0301", "s",      "\u017f",     "\u03c2",     "\u03a3",     "\u212a",   "k",
    "\u023a", "\u2c65", "\U0001f621", "\U00010400", "\U00010428", "\u8b66",   "\u200b",
    "\u0130", ",",      "B",          "\xff",       "\xc3",       "\xe2\x80",
};
enum { PIECES = sizeof(pieces) / sizeof(*pieces), VALID_PIECES = PIECES - 3 };

static void make_text(struct buffer *out, uint32_t max, uint32_t kinds, uint32_t from)
{
    buffer_clear(out);
    uint32_t n = random_below(max + 1);
    for (uint32_t i = 0; i < n; i++)
        assert_true(buffer_append_text(out, pieces[from + random_below(kinds)]));
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

/* ---- the filter ---- */

/* The search of the filter and that of the automaton, in a copy of the exact size at any
 * alignment.  Whether the filter was sure of itself. */
static bool compare_ways(struct finder *f, struct slice text)
{
    uint64_t fast[WORDS_MAX] = {0}, plain[WORDS_MAX] = {0}, alone[WORDS_MAX] = {0};
    size_t words = phrases_words(f->phrases), shift = random_below(32);
    char *copy = malloc(shift + text.len + 1);
    bool sure = false;

    assert_true(words <= WORDS_MAX);
    assert_non_null(copy);
    char *data = text.len == 0 ? copy : realloc(copy, shift + text.len);
    assert_non_null(data);
    if (text.len > 0)
        memcpy(data + shift, text.data, text.len);
    text.data = data + shift;
    phrases_match_plain(f->phrases, f->scratch, text, plain);
    phrases_match(f->phrases, f->scratch, text, fast);
    if (f->filter != NULL) {
        sure = phrase_filter_match(f->filter, text, alone);
        if (sure)
            assert_memory_equal(alone, plain, sizeof(alone));
        for (size_t w = 0; w < words; w++) /* sure or not, what it found is there */
            assert_int_equal(alone[w] & ~plain[w], 0);
    }
    if (memcmp(fast, plain, sizeof(fast)) != 0)
        fail_msg("the ways differ in '%.*s'", (int)text.len, text.data);
    free(data);
    return sure;
}

enum { TOGETHER = 25 };

/* Texts that are searched together, each in memory of its exact size. */
struct together {
    struct slice texts[TOGETHER];
    char *copies[TOGETHER];
    size_t count;
};

static void together_add(struct together *t, struct slice text)
{
    char *copy = text.len == 0 ? NULL : malloc(text.len);

    assert_true(t->count < TOGETHER);
    if (text.len > 0) {
        assert_non_null(copy);
        memcpy(copy, text.data, text.len);
    }
    t->copies[t->count] = copy;
    t->texts[t->count++] = (struct slice){copy, text.len}; /* an empty one is missing */
}

static void together_compare(struct together *t, struct finder *f)
{
    uint64_t lanes[TOGETHER * WORDS_MAX] = {0}, chosen[TOGETHER * WORDS_MAX] = {0};
    size_t words = phrases_words(f->phrases);

    phrases_match_many(f->phrases, f->scratch, t->texts, t->count, chosen);
    if (f->phrases->automaton != NULL) {
        size_t size = phrase_automaton_ring(f->phrases->automaton);
        uint8_t *ring = size == 0 ? NULL : calloc(size, 1);
        assert_true(size == 0 || ring != NULL);
        phrase_automaton_match_many(f->phrases->automaton, ring, t->texts, t->count, words, lanes);
        free(ring);
    }
    for (size_t i = 0; i < t->count; i++) {
        uint64_t plain[WORDS_MAX] = {0};
        struct slice text = t->texts[i].data == NULL ? SLICE_LITERAL("") : t->texts[i];
        phrases_match_plain(f->phrases, f->scratch, text, plain);
        if (memcmp(plain, chosen + i * words, words * sizeof(*plain)) != 0 ||
            memcmp(plain, lanes + i * words, words * sizeof(*plain)) != 0)
            fail_msg("%zu texts together differ in '%.*s'", t->count, (int)text.len, text.data);
        free(t->copies[i]);
    }
    t->count = 0;
}

static const char *const feedback_phrases[] = {
    "report a burglary",
    "want to report",
    "has been stolen",
    "broken into",
    "suspicious",
    "thank you",
    "thanks",
    "great work",
    "well done",
    "rude",
    "why is",
    "why was",
    "how do i",
    "can you tell",
    "complaint",
    "anti-social behaviour",
    "still waiting",
    "pc",
    "ex",
    "i",
    "#help",
    ":(",
    "\u00a35",
    "caf\u00e9",
    "\u00e9clair",
    "\U0001f621",
    "don\u2019t know",
    "ex-cop",
    "officer's",
    "kk",
    "ss",
    "a b c d e f g h i j",
    "the the",
    "end\x7f",
    "the very end\x7f",
};

static const char *const feedback_words[] = {
    "report",
    "a",
    "burglary",
    "I",
    "want",
    "to",
    "has",
    "been",
    "STOLEN",
    "broken",
    "into",
    "suspicious",
    "suspiciously",
    "Thank",
    "you",
    "thanks",
    "great",
    "work",
    "Well",
    "done",
    "rude",
    "crude",
    "why",
    "is",
    "was",
    "how",
    "do",
    "i",
    "can",
    "tell",
    "complaint",
    "complaints",
    "anti-social",
    "behaviour",
    "still",
    "waiting",
    "PC",
    "ex",
    "#help",
    ":(",
    "\u00a35",
    "Caf\u00c9",
    "\u00c9clair",
    "\U0001f621",
    "don\u2019t",
    "know",
    "cop",
    "ex-cop",
    "officer's",
    "K\u212a",
    "\u212aK",
    "s\u017f",
    "\u017fS",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
    "j",
    "the",
    "police",
    "never",
    "_",
    "x1",
    "\u00e9",
    "\xff",
    "\xe2\x80",
    "\u0301",
    "\u8b66",
};
static const char *const feedback_gaps[] = {" ",  " ",  " ",      " ",      " ",   " ",
                                            "  ", "\t", "\u00a0", "\u3000", "\n ", ", ",
                                            ". ", "",   "-",      "\u200b"};
enum {
    PHRASES = sizeof(feedback_phrases) / sizeof(*feedback_phrases),
    WORDS = sizeof(feedback_words) / sizeof(*feedback_words),
    GAPS = sizeof(feedback_gaps) / sizeof(*feedback_gaps)
};

/* A phrase with other blanks than its own, now and then in upper case. */
static void append_phrase(struct buffer *text, const char *phrase, uint32_t gaps)
{
    bool upper = random_below(4) == 0;

    for (; *phrase != '\0'; phrase++) {
        bool ascii_letter = *phrase >= 'a' && *phrase <= 'z';
        if (*phrase == ' ')
            assert_true(buffer_append_text(text, feedback_gaps[random_below(gaps)]));
        else
            assert_true(
                buffer_append_byte(text, (char)(*phrase - (ascii_letter && upper ? 0x20 : 0))));
    }
}

static void test_filter_in_feedback(void **state)
{
    uint32_t ids[PHRASES];
    struct buffer text = BUFFER_INIT;
    struct together together = {.count = 0};
    int sure = 0;
    (void)state;
    struct finder f = finder_open(feedback_phrases, PHRASES, ids);

    for (int round = 0; round < 15000; round++) {
        uint32_t words = random_below(3) == 0 ? random_below(120) : random_below(20);
        uint32_t gaps = random_below(2) == 0 ? 5 : GAPS; /* plain texts as well */
        uint32_t kinds = random_below(2) == 0 ? 36 : WORDS;
        buffer_clear(&text);
        for (uint32_t w = 0; w < words; w++) {
            if (random_below(10) == 0)
                append_phrase(&text, feedback_phrases[random_below(PHRASES)], gaps);
            else
                assert_true(buffer_append_text(&text, feedback_words[random_below(kinds)]));
            assert_true(buffer_append_text(&text, feedback_gaps[random_below(gaps)]));
        }
        sure += compare_ways(&f, (struct slice){text.len == 0 ? "" : text.data, text.len});
        together_add(&together, (struct slice){text.data, text.len});
        if (together.count == TOGETHER || random_below(9) == 0)
            together_compare(&together, &f);
    }
    together_compare(&together, &f);
    assert_true(sure > 4000 || !phrase_filter_supported());
    assert_true(sure < 14500);
    buffer_free(&text);
    finder_close(&f);
}

/* Each phrase at each place of texts of each length round the steps of the vectors, between fillers
 * with and without an edge. */
static void test_filter_at_each_place(void **state)
{
    static const char *const fillers[] = {"x", " ", ".", "\u00e9", "\u2019"};
    uint32_t ids[PHRASES];
    struct buffer text = BUFFER_INIT;
    (void)state;
    struct finder f = finder_open(feedback_phrases, PHRASES, ids);

    for (uint32_t p = 0; p < PHRASES; p++)
        for (uint32_t before = 0; before < 70; before++)
            for (uint32_t side = 0; side < 5; side++) {
                static const uint32_t behind[] = {0, 1, 2, 3, 30, 31, 32, 33, 250, 290};
                buffer_clear(&text);
                for (uint32_t k = 0; k < before; k++)
                    assert_true(buffer_append_text(&text, k + 1 == before ? fillers[side] : "x"));
                assert_true(buffer_append_text(&text, feedback_phrases[p]));
                for (uint32_t k = behind[random_below(10)]; k > 0; k--)
                    assert_true(buffer_append_text(&text, fillers[random_below(5)]));
                compare_ways(&f, (struct slice){text.data, text.len});
            }
    buffer_free(&text);
    finder_close(&f);
}

static void compare_random_phrases(struct buffer *text, int *sure, int *unsure)
{
    char list[40][64];
    uint32_t made = 0, id;
    uint32_t kinds = random_below(3) > 0 ? VALID_PIECES : 2 + random_below(12);
    uint32_t from = random_below(VALID_PIECES - kinds + 1);
    struct together together = {.count = 0};
    struct finder f;
    struct error err = ERROR_INIT;

    assert_int_equal(phrases_new(&f.phrases, &err), STATUS_OK);
    for (uint32_t count = 1 + random_below(20); count > 0; count--) {
        make_text(text, 3 + random_below(8), kinds, from);
        if (text->len == 0 || text->len >= sizeof(list[0]) ||
            phrases_add(f.phrases, (struct slice){text->data, text->len}, &id, &err) != STATUS_OK)
            continue;
        memcpy(list[made++], text->data, text->len + 1);
    }
    finder_build(&f);
    for (int t = 0; t < TOGETHER; t++) {
        bool odd = random_below(4) == 0;
        make_text(text, random_below(8) == 0 ? 300 : 30, odd ? PIECES : kinds, odd ? 0 : from);
        for (uint32_t k = made == 0 ? 0 : random_below(4); k > 0; k--)
            assert_true(buffer_append_text(text, list[random_below(made)]));
        if (compare_ways(&f, (struct slice){text->len == 0 ? "" : text->data, text->len}))
            ++*sure;
        else
            ++*unsure;
        together_add(&together, (struct slice){text->data, text->len});
    }
    together_compare(&together, &f);
    finder_close(&f);
}

static void test_filter_with_random_phrases(void **state)
{
    struct buffer text = BUFFER_INIT;
    int sure = 0, unsure = 0;
    (void)state;

    for (int round = 0; round < 1000; round++)
        compare_random_phrases(&text, &sure, &unsure);
    buffer_free(&text);
    assert_true(unsure > 1000);
    assert_true(sure > 4000 || !phrase_filter_supported());
}

/* Texts made to be slow go to the automaton before much time is spent. */
static void test_filter_gives_up(void **state)
{
    enum { LEN = 1 << 20 };
    static const char *const list[] = {
        "aaaaaaaaaaaaaaaaaaaaaaaaab", "a b", "a  c", "a d", "!!!!?", "aaaaaaaab"};
    uint32_t ids[6];
    char *text = malloc(LEN);
    (void)state;
    struct finder f = finder_open(list, 6, ids);

    assert_non_null(text);
    if (f.filter != NULL) {
        uint64_t found = 0;
        memset(text, '!', LEN);
        assert_false(phrase_filter_match(f.filter, (struct slice){text, LEN}, &found));
        memset(text, ' ', LEN);
        for (size_t i = 0; i < LEN; i += 1000)
            text[i] = 'a';
        assert_false(phrase_filter_match(f.filter, (struct slice){text, LEN}, &found));
        assert_int_equal(found, 0);
        memset(text, 'a', LEN);
        for (size_t i = 0; i < LEN; i += 27)
            text[i] = ' ';
        assert_false(phrase_filter_match(f.filter, (struct slice){text, LEN}, &found));
        text[LEN - 2] = ' ';
        text[LEN - 1] = 'd';
        compare_ways(&f, (struct slice){text, LEN});
    }
    free(text);
    finder_close(&f);
}

/* A phrase that ends at each third byte, and each time a word character stands in front of it. */
static void test_lanes_give_up(void **state)
{
    enum { LEN = 3 << 16 };
    char phrase[3 << 10];
    const char *list[] = {phrase, "b"};
    uint32_t ids[2];
    char *text = malloc(LEN);
    struct together together = {.count = 0};
    (void)state;

    for (size_t i = 0; i < sizeof(phrase); i++)
        phrase[i] = i % 3 == 1 ? ' ' : 'a';
    phrase[sizeof(phrase) - 1] = '\0';
    assert_non_null(text);
    for (size_t i = 0; i < LEN; i++)
        text[i] = i % 3 == 2 ? ' ' : 'a';
    text[LEN - 1] = 'b';
    text[LEN - 3] = ' ';
    text[LEN - 2] = ' ';
    struct finder f = finder_open(list, 2, ids);
    for (int i = 0; i < 9; i++)
        together_add(&together, (struct slice){text, (size_t)(LEN - (i % 2) * 5)});
    together_compare(&together, &f);
    finder_close(&f);
    free(text);
}

/* Few phrases get a filter; so many that most words begin like one do not. */
static void test_filter_if_it_pays(void **state)
{
    static const char *const few[] = {"has been stolen", "broken into", "suspicious", "rude",
                                      "thank you",       "why is",      "#help",      "\U0001f621"};
    char list[26 * 26][8];
    const char *many[26 * 26];
    uint32_t ids[26 * 26];
    (void)state;

    for (int i = 0; i < 26 * 26; i++) {
        snprintf(list[i], sizeof(list[i]), "%c%c", 'a' + i / 26, 'a' + i % 26);
        many[i] = list[i];
    }
    struct finder f = finder_open(few, sizeof(few) / sizeof(*few), ids);
    assert_int_equal(f.phrases->filter != NULL, phrase_filter_supported());
    finder_close(&f);
    f = finder_open(many, 300, ids);
    assert_null(f.phrases->filter);
    assert_int_equal(f.filter != NULL, phrase_filter_supported());
    finder_close(&f);
    f = finder_open(many, 26 * 26, ids);
    assert_null(f.filter);
    finder_close(&f);
}

static void test_many_phrases(void **state)
{
    char list[400][16];
    const char *refs[400];
    uint32_t ids[400];
    struct buffer text = BUFFER_INIT;
    (void)state;

    for (unsigned p = 0; p < 400; p++) {
        snprintf(list[p], sizeof(list[p]), "%c%c%u", 'a' + p % 26, 'a' + p % 7, p * 7919 % 1000);
        refs[p] = list[p];
    }
    for (size_t count = 50; count <= 400; count += 50) {
        struct finder f = finder_open(refs, count, ids);
        for (int round = 0; round < 200; round++) {
            buffer_clear(&text);
            for (uint32_t n = random_below(30); n > 0; n--)
                assert_true(buffer_append_text(&text, refs[random_below(400)]) &&
                            buffer_append_text(&text, random_below(9) == 0 ? "x" : " "));
            compare_ways(&f, (struct slice){text.len == 0 ? "" : text.data, text.len});
        }
        finder_close(&f);
    }
    buffer_free(&text);
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
        cmocka_unit_test(test_filter_in_feedback),
        cmocka_unit_test(test_filter_at_each_place),
        cmocka_unit_test(test_filter_with_random_phrases),
        cmocka_unit_test(test_filter_gives_up),
        cmocka_unit_test(test_lanes_give_up),
        cmocka_unit_test(test_filter_if_it_pays),
        cmocka_unit_test(test_many_phrases),
    };

    if (hash_init(&err) != STATUS_OK)
        return 99;
    return cmocka_run_group_tests_name("phrases", tests, NULL, NULL);
}
