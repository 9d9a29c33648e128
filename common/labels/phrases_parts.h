/* phrases_parts.h - what the files of phrases.h share; nobody else includes it but their tests.
 *
 * phrases.c            takes phrases, and chooses the way for a text
 * phrases_characters.c what Unicode says of a character
 * phrases_automaton.c  Aho-Corasick: the plain reference, always right
 * phrases_filter.c     which places of a text may begin a phrase, as tables for a vector search
 * phrases_scan.c       that search, and the full rule at each place it finds
 */
#ifndef BELL_LABELS_PHRASES_PARTS_H
#define BELL_LABELS_PHRASES_PARTS_H

#include "base/intern.h"
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

#define PHRASE_WORD UINT32_C(0x80000000) /* beside a folded character */

enum { PHRASE_ASCII = 0x80, PHRASE_CHARACTERS = 0x3000 /* judged once, in a table */ };

/* The folded character, a blank as a space, with PHRASE_WORD if it makes words. */
uint32_t phrase_character(uint32_t character);

static inline uint32_t phrase_look_up(const struct phrase_list *phrases, uint32_t character)
{
    return character < PHRASE_CHARACTERS ? phrases->characters[character]
                                         : phrase_character(character);
}

/* Whether a word character stands at the front of the text. */
bool phrase_word_follows(const struct phrase_list *phrases, struct slice text);

/* ---- the automaton ---- */

struct phrase_automaton;

/* STATUS_USAGE past a bound of phrases.h.  phrases lives as long as it does. */
enum status phrase_automaton_new(struct phrase_automaton **automaton,
                                 const struct phrase_list *phrases, struct error *err) BELL_CHECK;
void phrase_automaton_free(struct phrase_automaton *automaton);
/* Bytes that a search needs to itself; mostly 0. */
size_t phrase_automaton_ring(const struct phrase_automaton *automaton);
void phrase_automaton_match(const struct phrase_automaton *automaton, uint8_t *ring,
                            struct slice text, uint64_t *found);

#endif
