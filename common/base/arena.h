/* arena.h - memory that is given back all at once.
 *
 * An arena hands out pieces that live until arena_reset() or arena_free().  arena_reset()
 * keeps the largest block for the next round, so that a batch that is filled again and
 * again does not call malloc.  Not for sharing between threads.
 */
#ifndef BELL_BASE_ARENA_H
#define BELL_BASE_ARENA_H

#include <stddef.h>

#include "base/slice.h"
#include "base/status.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t held;                /* bytes in all blocks, for --max-memory */
};

#define ARENA_INIT                                                                                 \
    {                                                                                              \
        .blocks = NULL                                                                             \
    }

/* size bytes, aligned for any type; NULL if memory is out.  A size of 0 gives a pointer. */
void *arena_alloc(struct arena *arena, size_t size) BELL_CHECK;
/* count * size bytes, zeroed; NULL as well if the product overflows. */
void *arena_calloc(struct arena *arena, size_t count, size_t size) BELL_CHECK;
/* A copy, with a NUL behind it.  NULL if memory is out. */
char *arena_copy(struct arena *arena, const void *data, size_t len) BELL_CHECK;
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
