/* The filter, and the lanes of the automaton, against the automaton. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "phrase_finder.h"

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
        sure = phrase_filter_match_some(f->filter, &text, 1, words, alone) == 0;
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

enum { TOGETHER = 150 }; /* more than the filter takes at once */

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
        if (random_below(100) == 0)
            words = random_below(6000);                  /* searched in pieces */
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
        if (together.count == TOGETHER || random_below(40) == 0)
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

/* A phrase at each place round the borders of the pieces of a long text. */
static void test_filter_in_long_texts(void **state)
{
    static const char *const list[] = {"has been stolen", "rude", "#help", "\x7f", "x\x7f"};
    enum { LEN = 20000, PIECE = 8 * 1024 };
    uint32_t ids[5];
    char *text = malloc(LEN);
    (void)state;
    struct finder f = finder_open(list, 5, ids);

    assert_non_null(text);
    for (size_t at = PIECE - 60; at < 2 * PIECE + 40; at += at == PIECE + 40 ? PIECE - 120 : 1)
        for (size_t way = 0; way < 12; way++) {
            const char *phrase = list[way / 4];
            for (size_t i = 0; i < LEN; i++)
                text[i] = i % 12 == 11 ? ' ' : 'x';
            text[at - 1] = (way & 1) != 0 ? 'x' : '.';
            memcpy(text + at, phrase, strlen(phrase));
            text[at + strlen(phrase)] = (way & 2) != 0 ? 'x' : ' ';
            bool sure = compare_ways(&f, (struct slice){text, LEN});
            assert_true(sure || !phrase_filter_supported());
        }
    struct together together = {.count = 0};
    memcpy(text + PIECE - 100, list[0], strlen(list[0]));
    for (size_t len = PIECE - 80; len < PIECE + 10; len++) {
        together_add(&together, (struct slice){text, len}); /* one fills all the room there is */
        together_add(&together, (struct slice){text + PIECE - 101, 40});
        together_compare(&together, &f);
    }
    free(text);
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
    for (int t = 0; t < 25; t++) {
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
    /* The first one is too long to be looked at whole. */
    static const char *const list[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
                                       "a b",
                                       "a  c",
                                       "a d",
                                       "!!!!!!?",
                                       "aaaaaaaab"};
    uint32_t ids[6];
    char *text = malloc(LEN);
    (void)state;
    struct finder f = finder_open(list, 6, ids);

    assert_non_null(text);
    if (f.filter != NULL) {
        const struct slice all = {text, LEN};
        uint64_t found = 0;
        memset(text, '!', LEN);
        assert_int_equal(phrase_filter_match_some(f.filter, &all, 1, 1, &found), 1);
        memset(text, ' ', LEN);
        for (size_t i = 0; i < LEN; i += 1000)
            text[i] = 'a';
        assert_int_equal(phrase_filter_match_some(f.filter, &all, 1, 1, &found), 1);
        assert_int_equal(found, 0);
        memset(text, 'a', LEN);
        for (size_t i = 0; i < LEN; i += 48)
            text[i] = ' ';
        assert_int_equal(phrase_filter_match_some(f.filter, &all, 1, 1, &found), 1);
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
        cmocka_unit_test(test_filter_in_feedback),
        cmocka_unit_test(test_filter_at_each_place),
        cmocka_unit_test(test_filter_in_long_texts),
        cmocka_unit_test(test_filter_with_random_phrases),
        cmocka_unit_test(test_filter_gives_up),
        cmocka_unit_test(test_lanes_give_up),
        cmocka_unit_test(test_filter_if_it_pays),
        cmocka_unit_test(test_many_phrases),
    };

    if (hash_init(&err) != STATUS_OK)
        return 99;
    return cmocka_run_group_tests_name("phrase_filter", tests, NULL, NULL);
}
