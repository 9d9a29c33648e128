#include "base/intern.h"

#include <stdlib.h>

#include "base/hash.h"

static uint64_t key_hash(struct slice key)
{
    return slice_missing(key) ? UINT64_C(0x9e3779b97f4a7c15) : hash64(key);
}

static uint32_t *find_slot(const struct intern *in, struct slice key, uint64_t hash)
{
    uint32_t mask = in->slot_cap - 1;
    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &in->slots[i];
        if (*slot == 0)
            return slot;
        uint32_t number = *slot - 1;
        if (in->hashes[number] == hash && slice_equal(in->keys[number], key))
            return slot;
    }
}

static bool grow_slots(struct intern *in)
{
    uint32_t cap = in->slot_cap == 0 ? 64 : in->slot_cap * 2;
    uint32_t *slots = cap == 0 ? NULL : calloc(cap, sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t n = 0; n < in->count; n++) {
        uint32_t i = (uint32_t)in->hashes[n] & (cap - 1);
        while (slots[i] != 0)
            i = (i + 1) & (cap - 1);
        slots[i] = n + 1;
    }
    free(in->slots);
    in->slots = slots;
    in->slot_cap = cap;
    return true;
}

static bool grow_keys(struct intern *in)
{
    uint32_t cap = in->key_cap == 0 ? 32 : in->key_cap * 2;
    struct slice *keys = realloc(in->keys, cap * sizeof *keys);
    if (keys == NULL)
        return false;
    in->keys = keys;
    uint64_t *hashes = realloc(in->hashes, cap * sizeof *hashes);
    if (hashes == NULL)
        return false;
    in->hashes = hashes;
    in->key_cap = cap;
    return true;
}

uint32_t intern_add(struct intern *in, struct slice key, bool *added)
{
    if (added != NULL)
        *added = false;
    /* At most half full: the runs of a linear probe stay short. */
    if (in->count >= in->slot_cap / 2 && (in->count >= UINT32_MAX / 4 || !grow_slots(in)))
        return INTERN_NONE;
    uint64_t hash = key_hash(key);
    uint32_t *slot = find_slot(in, key, hash);
    if (*slot != 0)
        return *slot - 1;
    if (in->count == in->key_cap && !grow_keys(in))
        return INTERN_NONE;
    struct slice kept = SLICE_MISSING;
    if (!slice_missing(key)) {
        kept.data = arena_copy(&in->arena, key.data, key.len);
        kept.len = key.len;
        if (kept.data == NULL)
            return INTERN_NONE;
    }
    in->keys[in->count] = kept;
    in->hashes[in->count] = hash;
    *slot = ++in->count;
    if (added != NULL)
        *added = true;
    return in->count - 1;
}

uint32_t intern_find(const struct intern *in, struct slice key)
{
    if (in->slot_cap == 0)
        return INTERN_NONE;
    uint32_t found = *find_slot(in, key, key_hash(key));
    return found == 0 ? INTERN_NONE : found - 1;
}

uint64_t intern_held(const struct intern *in)
{
    return in->arena.held + (uint64_t)in->key_cap * (sizeof *in->keys + sizeof *in->hashes) +
           (uint64_t)in->slot_cap * sizeof *in->slots;
}

void intern_free(struct intern *in)
{
    arena_free(&in->arena);
    free(in->keys);
    free(in->hashes);
    free(in->slots);
    *in = (struct intern)INTERN_INIT;
}
