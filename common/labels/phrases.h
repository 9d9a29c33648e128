/* phrases.h - finds words and phrases in text, all of them in one pass.
 *
 *     struct phrases *phrases;
 *     phrases_new(&phrases, err);
 *     phrases_add(phrases, slice_of("former officer"), &id, err);   // 0, 1, 2 ...
 *     phrases_build(phrases, err);
 *     // from here on it is never changed, and threads share it
 *     phrases_scratch_new(phrases, &scratch, err);                  // one a thread
 *     memset(found, 0, phrases_words(phrases) * sizeof(*found));
 *     phrases_match(phrases, scratch, text, found);
 *     if (phrases_has(found, id)) ...
 *
 * What matches:
 * - Letters are compared after simple case folding (statuses C and S of Unicode's
 *   CaseFolding.txt): one character stays one character, so "STRASSE" is not "straße", and
 *   neither the Turkish dotted I nor the dotless i is an "i".  Accents count; text and phrases
 *   are compared as they are composed (bell-normalize's nfc comes before).
 * - A word edge is the end of the text or a neighbour that is no letter, number, mark or `_`.
 *   A phrase whose first character is of those asks for an edge in front of it, one whose last
 *   is asks for one behind it; at "#help" or ":(" the other side asks for nothing.
 * - Blanks in a phrase match any run of blanks: the characters with Unicode's White_Space
 *   property, that is tab to carriage return, space, U+0085, U+00A0, U+1680, U+2000 to U+200A,
 *   U+2028, U+2029, U+202F, U+205F and U+3000.  Blanks round a phrase are dropped.
 * - All other characters stand for themselves ("ex-cop" has a hyphen).
 * - Bytes that are not UTF-8 match nothing and are word edges.
 *
 * The time for a text is in proportion to its length, whatever the phrases are.
 */
#ifndef BELL_LABELS_PHRASES_H
#define BELL_LABELS_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Bounds: memory of the matcher, and how many phrases may end in one another ("a b c", "b c",
 * "c"), without which a text could be made slow. */
enum { PHRASES_TABLE_MAX = 16 * 1024 * 1024, PHRASES_NESTED_MAX = 64 };

struct phrases;
struct phrases_scratch;

enum status phrases_new(struct phrases **phrases, struct error *err) BELL_CHECK;
/* The number of a phrase; one that is the same after folding gets the same number.  Empty or not
 * UTF-8: STATUS_USAGE, without a place. */
enum status phrases_add(struct phrases *phrases, struct slice phrase, uint32_t *id,
                        struct error *err) BELL_CHECK;
/* Makes the matcher; no phrases_add() after.  STATUS_USAGE past a bound above. */
enum status phrases_build(struct phrases *phrases, struct error *err) BELL_CHECK;
void phrases_free(struct phrases *phrases);

size_t phrases_count(const struct phrases *phrases);
/* 64-bit words of a set of phrases. */
size_t phrases_words(const struct phrases *phrases);

enum status phrases_scratch_new(const struct phrases *phrases, struct phrases_scratch **scratch,
                                struct error *err) BELL_CHECK;
void phrases_scratch_free(struct phrases_scratch *scratch);

/* Adds the phrases that stand in text to the set found. */
void phrases_match(const struct phrases *phrases, struct phrases_scratch *scratch,
                   struct slice text, uint64_t *found);

/* The same for many texts, faster if there are many phrases: adds those of texts[i] to the set at
 * found + i * phrases_words().  Texts may be missing. */
void phrases_match_many(const struct phrases *phrases, struct phrases_scratch *scratch,
                        const struct slice *texts, size_t count, uint64_t *found);
/* As phrases_match(), by the plain reference way alone. */
void phrases_match_plain(const struct phrases *phrases, struct phrases_scratch *scratch,
                         struct slice text, uint64_t *found);

static inline bool phrases_has(const uint64_t *found, uint32_t id)
{
    return (found[id / 64] >> (id % 64) & 1) != 0;
}

/* Simple case folding, and what a word is made of, character by character. */
uint32_t phrases_fold(uint32_t character);
bool phrases_is_word(uint32_t character);
bool phrases_is_blank(uint32_t character);

#endif
