/* hash.h - keyed hashes (SipHash-2-4 of libsodium) under a key drawn once a process, and a quick
 * one for memories that may forget.
 *
 * hash_init() must have been called (main does) before the others.  Results differ from run
 * to run: never let them reach an output or an order.
 */
#ifndef BELL_BASE_HASH_H
#define BELL_BASE_HASH_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct hash128 {
    uint64_t low;
    uint64_t high;
};

enum status hash_init(struct error *err) BELL_CHECK;
uint64_t hash64(struct slice s);
struct hash128 hash128(struct slice s);

/* A quick hash of the two ends of a text and its length, under a key of its own.  It is not proof
 * against whoever can choose the middle, or watch its answers: only where many equal hashes cost a
 * bounded time, as in coder.c.
 *
 * A text of up to HASH_WORDS_MAX bytes is known by its two words and its length, so that whoever
 * keeps them need not look at the text again. */
enum { HASH_WORDS_MAX = 16 };

struct hash_words {
    uint64_t first;
    uint64_t last;
};

static inline uint64_t hash_read_64(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static inline struct hash_words hash_words(struct slice s)
{
    const char *p = s.data;
    if (s.len >= 8)
        return (struct hash_words){hash_read_64(p), hash_read_64(p + s.len - 8)};
    if (s.len >= 4) {
        uint32_t first;
        uint32_t last;
        memcpy(&first, p, sizeof first);
        memcpy(&last, p + s.len - 4, sizeof last);
        return (struct hash_words){first, last};
    }
    if (s.len == 0)
        return (struct hash_words){0, 0};
    const unsigned char *u = (const unsigned char *)p;
    return (struct hash_words){(uint64_t)u[0] << 16 | (uint64_t)u[s.len / 2] << 8 | u[s.len - 1],
                               0};
}

extern uint64_t hash_quick_key[2]; /* drawn by hash_init() */

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_quick(struct hash_words words, size_t len)
{
    return hash_fold(words.first ^ hash_quick_key[0], words.last ^ hash_quick_key[1] ^ len);
}

#endif
