/* intern.h - texts to small numbers: 0, 1, 2 ... in the order of first sight.
 *
 * A hash table with a random key (SipHash), so that hostile keys cannot make it slow.  The
 * order of numbers is the caller's order of calls, never that of the hash.  Keys are copied
 * and live until intern_free().  Not for sharing between threads.
 */
#ifndef BELL_BASE_INTERN_H
#define BELL_BASE_INTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

#define INTERN_NONE UINT32_MAX

struct intern {
    struct arena arena;
    struct slice *keys; /* by number */
    uint64_t *hashes;   /* by number */
    uint32_t *slots;    /* number + 1; 0: free */
    uint32_t count;
    uint32_t key_cap;
    uint32_t slot_cap;
};

#define INTERN_INIT                                                                                \
    {                                                                                              \
        .arena = ARENA_INIT                                                                        \
    }

/* The number of key, made if it is new (*added, may be NULL); INTERN_NONE if memory is out.
 * A missing slice is a key of its own, unlike "". */
uint32_t intern_add(struct intern *intern, struct slice key, bool *added) BELL_CHECK;
/* The number of key, INTERN_NONE if it was never added. */
uint32_t intern_find(const struct intern *intern, struct slice key);
/* Bytes of memory held, for budget.h. */
uint64_t intern_held(const struct intern *intern);
void intern_free(struct intern *intern);

#endif
