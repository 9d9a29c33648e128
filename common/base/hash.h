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
#include "base/little_endian.h"
#include "base/slice.h"

struct hash128 {
    uint64_t low;
    uint64_t high;
};

enum status hash_init(struct error *err) BELL_CHECK;
uint64_t hash64(struct slice s);
struct hash128 hash128(struct slice s);

/* A quick hash of a text's ends, middle and length, under a key of its own.  It is not proof
 * against whoever chooses texts that differ elsewhere or so that ends and middle make up for each
 * other, or watches its answers: only where many equal hashes cost a bounded time, as in coder.c.
 *
 * A text of up to HASH_WORDS_MAX bytes is known by its two words and its length, so that whoever
 * keeps them need not look at the text again: they are its bytes, the first one lowest, and zeros.
 */
enum { HASH_WORDS_MAX = 16 };

struct hash_words {
    uint64_t first;
    uint64_t last;
};

/* Of a longer text. */
static inline struct hash_words hash_words_long(struct slice s)
{
    const uint64_t middle = get_u64(s.data + s.len / 2 - 4);
    return (struct hash_words){get_u64(s.data) + middle * UINT64_C(0x9e3779b97f4a7c15),
                               get_u64(s.data + s.len - 8)};
}

static inline struct hash_words hash_words(struct slice s)
{
    const unsigned char *p = (const unsigned char *)s.data;
    if (s.len > HASH_WORDS_MAX)
        return hash_words_long(s);
    if (s.len >= 8) { /* two shifts: one by 64 bits is not defined */
        const unsigned half = 4 * (unsigned)(HASH_WORDS_MAX - s.len);
        return (struct hash_words){get_u64(p), get_u64(p + s.len - 8) >> half >> half};
    }
    if (s.len >= 4)
        return (struct hash_words){get_u32(p) | (uint64_t)get_u32(p + s.len - 4) << 8 * (s.len - 4),
                                   0};
    if (s.len == 0)
        return (struct hash_words){0, 0};
    return (struct hash_words){p[0] | (uint64_t)p[s.len / 2] << 8 * (s.len / 2) |
                                   (uint64_t)p[s.len - 1] << 8 * (s.len - 1),
                               0};
}

/* The same without a branch for each length, where HASH_WORDS_MAX bytes may be read. */
static inline struct hash_words hash_words_padded(struct slice s)
{
    static const unsigned char mask[2 * HASH_WORDS_MAX] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                           0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                           0xff, 0xff, 0xff, 0xff};
    if (s.len > HASH_WORDS_MAX)
        return hash_words_long(s);
    const unsigned char *kept = mask + HASH_WORDS_MAX - s.len;
    return (struct hash_words){get_u64(s.data) & get_u64(kept),
                               get_u64(s.data + 8) & get_u64(kept + 8)};
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
