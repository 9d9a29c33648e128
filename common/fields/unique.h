/* unique.h - which records were seen before: a set of 128-bit keyed hashes.
 *
 * 16 bytes a key in an open table that is never more than 3/4 full.  With n keys the chance
 * that any two differing keys are taken for equal is below n * n / 2^129.
 *
 * unique_hash() may be called from any thread; unique_add() in the order of the input, from one
 * thread at a time.
 */
#ifndef BELL_FIELDS_UNIQUE_H
#define BELL_FIELDS_UNIQUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/budget.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/slice.h"

struct unique {
    struct hash128 *slots; /* all zero: free */
    size_t slot_count;
    size_t count;
    struct budget *budget; /* may be NULL */
};

void unique_init(struct unique *unique, struct budget *budget);
/* The hash of several parts, each with its length in front, so that ("ab", "c") differs from
 * ("a", "bc"), and missing from empty.  scratch is the caller's, emptied first.  Never all
 * zero.  false: out of memory. */
bool unique_hash(const struct slice *parts, size_t count, struct buffer *scratch,
                 struct hash128 *hash) BELL_CHECK;
/* *seen: the key was there already.  STATUS_IO beyond --max-memory. */
enum status unique_add(struct unique *unique, struct hash128 hash, bool *seen,
                       struct error *err) BELL_CHECK;
void unique_free(struct unique *unique);

#endif
