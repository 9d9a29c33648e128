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

/* A quick hash under the same key (products of 64 bits folded, some bytes a nanosecond).  It is
 * not proof against whoever can watch its answers: only where many equal hashes cost a bounded
 * time, as in coder.c. */
uint64_t hash_quick(struct slice s);

#endif
