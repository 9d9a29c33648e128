#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

enum { ARENA_BLOCK = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t cap;
    alignas(max_align_t) char data[];
};

static struct arena_block *new_block(struct arena *arena, size_t size)
{
    size_t cap = arena->blocks == NULL ? ARENA_BLOCK : arena->blocks->cap * 2;
    if (cap > (size_t)ARENA_BLOCK * 64)
        cap = (size_t)ARENA_BLOCK * 64;
    if (cap < size)
        cap = size;
    if (cap > SIZE_MAX - sizeof(struct arena_block))
        return NULL;
    struct arena_block *block = malloc(sizeof *block + cap);
    if (block == NULL)
        return NULL;
    block->next = arena->blocks;
    block->used = 0;
    block->cap = cap;
    arena->blocks = block;
    arena->held += cap;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align)
        return NULL;
    size = (size + align - 1) / align * align;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->cap - block->used < size) {
        block = new_block(arena, size);
        if (block == NULL)
            return NULL;
    }
    void *piece = block->data + block->used;
    block->used += size;
    return piece;
}

void *arena_calloc(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *piece = arena_alloc(arena, count * size);
    if (piece != NULL)
        memset(piece, 0, count * size);
    return piece;
}

char *arena_copy(struct arena *arena, const void *data, size_t len)
{
    if (len == SIZE_MAX)
        return NULL;
    char *piece = arena_alloc(arena, len + 1);
    if (piece == NULL)
        return NULL;
    if (len > 0)
        memcpy(piece, data, len);
    piece[len] = '\0';
    return piece;
}

void arena_reset(struct arena *arena)
{
    struct arena_block *keep = NULL;
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        if (keep == NULL || block->cap > keep->cap) {
            free(keep);
            keep = block;
        } else {
            free(block);
        }
        block = next;
    }
    if (keep != NULL) {
        keep->next = NULL;
        keep->used = 0;
    }
    arena->blocks = keep;
    arena->held = keep == NULL ? 0 : keep->cap;
}

void arena_free(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct arena)ARENA_INIT;
}
