/* phrases_automaton.h - the tables of the automaton, for the two searches that use them. */
#ifndef BELL_LABELS_PHRASES_AUTOMATON_H
#define BELL_LABELS_PHRASES_AUTOMATON_H

#include "labels/phrases_parts.h"

enum {
    ASCII_CLASS = 0xff, /* in automaton.ascii, with the two below */
    ASCII_WORD = 0x100,
    ASCII_BLANK = 0x200
};

struct phrase_automaton {
    const struct phrase_list *phrases;
    uint8_t class_of[256];        /* of a folded byte */
    uint16_t ascii[PHRASE_ASCII]; /* class of an unfolded one, ASCII_WORD, ASCII_BLANK */
    uint32_t class_count;
    uint32_t *table;
    uint32_t state_count;
    size_t state_cap;
    uint32_t hit_row; /* from here on rows have phrases to report */
    uint32_t *ends;   /* by state: number of the phrase that ends there, or PHRASE_NONE */
    uint32_t *link;   /* by state: the longest suffix state where a phrase ends; 0: none */
    size_t ring_size; /* a power of 2; 0: not needed */
};

#endif
