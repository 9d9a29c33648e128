#include "fields/unique.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024 };

void unique_init(struct unique *unique, struct budget *budget)
{
    *unique = (struct unique){.budget = budget};
}

void unique_free(struct unique *unique)
{
    budget_give(unique->budget, unique->slot_count * sizeof *unique->slots);
    free(unique->slots);
    unique_init(unique, unique->budget);
}

bool unique_hash(const struct slice *parts, size_t count, struct buffer *scratch,
                 struct hash128 *hash)
{
    buffer_clear(scratch);
    for (size_t i = 0; i < count; i++) {
        uint64_t length = slice_missing(parts[i]) ? UINT64_MAX : parts[i].len;
        if (!buffer_append(scratch, &length, sizeof length) ||
            !buffer_append_slice(scratch, parts[i]))
            return false;
    }
    *hash = hash128((struct slice){scratch->data, scratch->len});
    if (hash->low == 0 && hash->high == 0)
        hash->low = 1;
    return true;
}

static bool is_free(const struct hash128 *slot)
{
    return slot->low == 0 && slot->high == 0;
}

/* The slot that holds the hash, or the free one where it belongs. */
static struct hash128 *find(struct hash128 *slots, size_t slot_count, struct hash128 hash)
{
    size_t mask = slot_count - 1;
    for (size_t i = (size_t)hash.low & mask;; i = (i + 1) & mask) {
        struct hash128 *slot = &slots[i];
        if (is_free(slot) || (slot->low == hash.low && slot->high == hash.high))
            return slot;
    }
}

static enum status grow(struct unique *unique, struct error *err)
{
    size_t count = unique->slot_count == 0 ? FIRST_SLOTS : unique->slot_count * 2;
    if (count > SIZE_MAX / 2 / sizeof *unique->slots)
        return error_no_memory(err);
    enum status s =
        budget_take(unique->budget, count * sizeof *unique->slots, "keys of unique", err);
    if (s != STATUS_OK)
        return s;
    struct hash128 *slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        budget_give(unique->budget, count * sizeof *slots);
        return error_no_memory(err);
    }
    for (size_t i = 0; i < unique->slot_count; i++)
        if (!is_free(&unique->slots[i]))
            *find(slots, count, unique->slots[i]) = unique->slots[i];
    budget_give(unique->budget, unique->slot_count * sizeof *slots);
    free(unique->slots);
    unique->slots = slots;
    unique->slot_count = count;
    return STATUS_OK;
}

enum status unique_add(struct unique *unique, struct hash128 hash, bool *seen, struct error *err)
{
    if (unique->count >= unique->slot_count / 4 * 3) {
        enum status s = grow(unique, err);
        if (s != STATUS_OK)
            return s;
    }
    struct hash128 *slot = find(unique->slots, unique->slot_count, hash);
    *seen = !is_free(slot);
    if (!*seen) {
        *slot = hash;
        unique->count++;
    }
    return STATUS_OK;
}
