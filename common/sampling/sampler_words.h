/* sampler_words.h - names, bios and texts for the sampler.
 *
 * Each function writes at `at`, which has SAMPLER_WORDS_MAX bytes, and returns the end of what
 * it wrote, without a NUL.  The texts are as messy as real ones: quotes, commas, newlines,
 * CRLF, tabs, backslashes, accents (composed or not), emoji, leading blanks, or nothing.
 */
#ifndef BELL_SAMPLING_SAMPLER_WORDS_H
#define BELL_SAMPLING_SAMPLER_WORDS_H

#include <stdint.h>

#include "sampling/random.h"

enum { SAMPLER_WORDS_MAX = 1024 };

enum sampler_kind {
    KIND_OFFICIAL,
    KIND_NEIGHBOURHOOD,
    KIND_INDIVIDUAL,
    KIND_ANONYMOUS,
    KIND_RETIRED,
    KIND_COUNT
};
enum sampler_mood { MOOD_BAD, MOOD_EVEN, MOOD_GOOD };

/* "official", ...: the labels that the rules of pipelines/sample.yaml give. */
const char *sampler_kind_name(enum sampler_kind kind);

/* A handle that no other number has. */
char *sampler_handle(char *at, struct random *r, enum sampler_kind kind, uint64_t number);
char *sampler_name(char *at, struct random *r, enum sampler_kind kind);
/* Handle and bio together always show the kind to a careful rule. */
char *sampler_bio(char *at, struct random *r, enum sampler_kind kind);
char *sampler_text(char *at, struct random *r, enum sampler_mood mood);

#endif
