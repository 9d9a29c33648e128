/* phrases_parts.h - what the files of phrases.h share; nobody else includes it but their tests.
 *
 * phrases.c            takes phrases, and chooses the way for a text
 * phrases_characters.c what Unicode says of a character
 * phrases_automaton.c  Aho-Corasick: the plain reference, always right
 * phrases_lanes.c      the same over several texts at once
 * phrases_filter.c     which places of a text may begin a phrase, as tables for a vector search
 * phrases_scan.c       that search
 * phrases_place.c      the whole rule for one phrase at one place
 */
#ifndef BELL_LABELS_PHRASES_PARTS_H
#define BELL_LABELS_PHRASES_PARTS_H

#include "base/intern.h"
#include "base/little_endian.h"
#include "labels/phrases.h"

/* What is known of all phrases before anything is built. */
struct phrase {
    uint32_t len; /* folded */
    bool edge_before;
    bool edge_behind;
};

struct phrase_list {
    struct intern texts; /* folded, a run of blanks one space; by number */
    struct phrase *list; /* by number */
    size_t cap;
    size_t longest;       /* bytes, folded */
    uint32_t *characters; /* phrase_character() of the first ones, when all are added */
};

/* ---- characters ---- */

#define PHRASE_NONE UINT32_MAX
#define PHRASE_WORD UINT32_C(0x80000000) /* beside a folded character */

enum { PHRASE_ASCII = 0x80, PHRASE_CHARACTERS = 0x3000 /* judged once, in a table */ };

/* The folded character, a blank as a space, with PHRASE_WORD if it makes words. */
uint32_t phrase_character(uint32_t character);

static inline uint32_t phrase_look_up(const struct phrase_list *phrases, uint32_t character)
{
    return character < PHRASE_CHARACTERS ? phrases->characters[character]
                                         : phrase_character(character);
}

/* Whether other characters fold to this one, which is folded and not ASCII. */
bool phrase_has_variants(uint32_t character);

/* The character that ends before a place of the text which begins one; its bytes, 0 if there is
 * none or what is there is not UTF-8. */
size_t phrase_character_before(struct slice text, size_t place, uint32_t *character);
/* Whether a word character stands there. */
bool phrase_word_before(const struct phrase_list *phrases, struct slice text, size_t place);
/* Whether a word character stands at the front of the text. */
bool phrase_word_follows(const struct phrase_list *phrases, struct slice text);

/* ---- the automaton ---- */

struct phrase_automaton;

/* STATUS_USAGE past a bound of phrases.h.  phrases lives as long as it does. */
enum status phrase_automaton_new(struct phrase_automaton **automaton,
                                 const struct phrase_list *phrases, struct error *err) BELL_CHECK;
void phrase_automaton_free(struct phrase_automaton *automaton);
/* Bytes that a search needs to itself; mostly 0, and then the ring is NULL. */
size_t phrase_automaton_ring(const struct phrase_automaton *automaton);
void phrase_automaton_match(const struct phrase_automaton *automaton, uint8_t *ring,
                            struct slice text, uint64_t *found);

/* The same for many texts, several at once: found has `words` words for each. */
void phrase_automaton_match_many(const struct phrase_automaton *automaton, uint8_t *ring,
                                 const struct slice *texts, size_t count, size_t words,
                                 uint64_t *found);

/* ---- 8 bytes at once ---- */

#define PHRASE_EACH_BYTE UINT64_C(0x0101010101010101)

/* What ends a text: neither blank nor letter, and plain. */
#define PHRASE_DEL 0x7f

/* The bytes from a place before the end on, the first one lowest; DEL, which is neither blank nor
 * letter, behind the end. */
static inline uint64_t phrase_word_at(struct slice text, size_t place)
{
    size_t left = text.len - place;
    uint64_t word = 0;

    if (left >= sizeof(word))
        return get_u64(text.data + place);
    if (text.len >= sizeof(word)) {
        word = get_u64(text.data + text.len - sizeof(word)) >> 8 * (sizeof(word) - left);
    } else {
        for (size_t i = left; i-- > 0;)
            word = word << 8 | (unsigned char)text.data[place + i];
    }
    return word | PHRASE_EACH_BYTE * PHRASE_DEL << 8 * left;
}

/* Whether spaces are single and nothing else than visible ASCII stands in the 8 bytes. */
static inline bool phrase_is_plain(uint64_t word)
{
    uint64_t spaces = word ^ PHRASE_EACH_BYTE * ' ';
    uint64_t controls = word - PHRASE_EACH_BYTE * ' '; /* borrows reach only behind a control */

    spaces = (spaces - PHRASE_EACH_BYTE) & ~spaces; /* likewise */
    return ((word | controls | (spaces & spaces >> 8)) & PHRASE_EACH_BYTE * 0x80) == 0;
}

/* ---- one phrase at one place ---- */

/* Whether the phrase stands at this place of the text, by the whole rule of phrases.h.  The place
 * begins a character, or bytes that are not UTF-8.  known: so many bytes there are plain, and those
 * of the phrase so far.  *read: bytes of the text that were looked at, about. */
bool phrase_stands_at(const struct phrase_list *phrases, uint32_t id, struct slice text,
                      size_t place, size_t known, size_t *read);

/* ---- the filter ----
 *
 * Of each phrase the first FILTER_BYTES bytes are looked at, and at each of them the bytes that
 * may stand there.  The phrases are dealt out to 8 buckets, one bit each.  low[j][b & 15] |
 * high[j][b >> 4] has the bits of the buckets that do not let byte b stand at j, but for a few: a
 * place where a bit is missing at all j is a candidate for the phrases of that bucket.
 *
 * Two such tables: the plain one where only visible ASCII with single spaces stands at all j, and
 * letters in both cases are what may differ from the phrase; the other one allows the first byte
 * of any blank, or letter beyond ASCII, and then anything.
 *
 * A second look, at 8 bytes, tells which phrases of the bucket it can be; a third, at all bytes of
 * a short phrase of ASCII, mostly whether it stands there. */

enum {
    FILTER_BYTES = 6,
    FILTER_BUCKETS = 8,
    FILTER_GROUP = 8,
    FILTER_WHOLE = 32, /* bytes of a phrase that is looked at whole */
    FILTER_PHRASES_MAX = 500,
    FILTER_TEXTS = 64 /* looked at together */
};

struct phrase_front {
    uint8_t low[FILTER_BYTES][16];
    uint8_t high[FILTER_BYTES][16];
};

/* The second look at 8 phrases, side by side as a vector takes them: the first 8 bytes of each,
 * folded, those that count, and 0x20 at each letter. */
struct phrase_group {
    uint64_t bytes[FILTER_GROUP];
    uint64_t mask[FILTER_GROUP];
    uint64_t case_bits[FILTER_GROUP];
};

/* The third look: all bytes of a phrase, those that count, and 0x20 at each letter. */
struct phrase_whole {
    uint8_t bytes[FILTER_WHOLE];
    uint8_t mask[FILTER_WHOLE];
    uint8_t case_bits[FILTER_WHOLE];
    uint8_t len; /* 0: it is longer, or not of visible ASCII, so it cannot be looked at thus */
    bool edge_behind;
};

struct phrase_filter {
    const struct phrase_list *phrases;
    struct phrase_front plain_front;
    struct phrase_front other_front;
    uint8_t open;         /* buckets with phrases that ask for no edge in front */
    double price;         /* cycles a byte, as reckoned before */
    size_t bucket_groups; /* of each bucket */
    uint32_t *ids;        /* of phrases, bucket by bucket; PHRASE_NONE: a gap */
    /* Bucket by bucket.  In a plain text, of visible ASCII with single spaces, all bytes count; in
     * others those before the first blank and the first letter beyond ASCII. */
    struct phrase_group *plain;
    struct phrase_group *other;
    struct phrase_whole *wholes; /* as ids */
};

/* NULL in *filter: this machine has not the instructions, there are more than FILTER_PHRASES_MAX,
 * or, unless it is made always, the automaton is the better way for these phrases. */
enum status phrase_filter_new(struct phrase_filter **filter, const struct phrase_list *phrases,
                              bool always, struct error *err) BELL_CHECK;
void phrase_filter_free(struct phrase_filter *filter);
/* Whether it is likely faster than phrase_automaton_match_many(), too. */
bool phrase_filter_beats_lanes(const struct phrase_filter *filter);

/* Whether this machine has the instructions that the search needs. */
bool phrase_filter_supported(void);
/* Adds the phrases that stand in up to FILTER_TEXTS texts, found having `words` words for each.  A
 * bit for each text at which the automaton must look as well, because it has too many candidates
 * or odd letters, and found may lack some. */
uint64_t phrase_filter_match_some(const struct phrase_filter *filter, const struct slice *texts,
                                  size_t count, size_t words, uint64_t *found) BELL_CHECK;

struct phrases {
    struct phrase_list all;
    struct phrase_automaton *automaton; /* NULL: no phrases */
    struct phrase_filter *filter;       /* NULL: the automaton alone */
};

#endif
