/* phrase_finder.h - phrases made ready, and texts made up, for the tests of the matcher.  After
 * cmocka.h. */
#ifndef BELL_TESTS_PHRASE_FINDER_H
#define BELL_TESTS_PHRASE_FINDER_H

#include "base/buffer.h"
#include "labels/phrases_parts.h"

enum { WORDS_MAX = 8 }; /* of a set of phrases */

static uint64_t random_state = 20150224;

static inline uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

struct finder {
    struct phrases *phrases;
    struct phrases_scratch *scratch;
    struct phrase_filter *filter; /* made even if it does not pay; NULL: none on this machine */
};

static inline void finder_build(struct finder *f)
{
    struct error err = ERROR_INIT;

    assert_int_equal(phrases_build(f->phrases, &err), STATUS_OK);
    assert_int_equal(phrases_scratch_new(f->phrases, &f->scratch, &err), STATUS_OK);
    f->filter = NULL;
    if (phrases_count(f->phrases) > 0)
        assert_int_equal(phrase_filter_new(&f->filter, &f->phrases->all, true, &err), STATUS_OK);
}

static inline struct finder finder_open(const char *const *list, size_t count, uint32_t *ids)
{
    struct finder f;
    struct error err = ERROR_INIT;

    assert_int_equal(phrases_new(&f.phrases, &err), STATUS_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(phrases_add(f.phrases, slice_of(list[i]), &ids[i], &err), STATUS_OK);
    finder_build(&f);
    return f;
}

static inline void finder_close(struct finder *f)
{
    phrase_filter_free(f->filter);
    phrases_scratch_free(f->scratch);
    phrases_free(f->phrases);
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

static inline void make_text(struct buffer *out, uint32_t max, uint32_t kinds, uint32_t from)
{
    buffer_clear(out);
    uint32_t n = random_below(max + 1);
    for (uint32_t i = 0; i < n; i++)
        assert_true(buffer_append_text(out, pieces[from + random_below(kinds)]));
}

#endif
