/* coder.c - an open table from hash to code; the hash is a quick one, and what stops hostile values
 * is that a search looks at PROBES_MAX slots and then gives up. */
#include "records/coder.h"

#include <stdlib.h>

#include "base/hash.h"

enum {
    SLOTS_FIRST = 256,
    PROBES_MAX = 24,
    BYTES_MAX = 1024 * 1024, /* of all values */
    TRIAL = 4096,            /* values looked up before it is judged */
    FRUITLESS_MAX = 4        /* times that it filled up too soon, in a row */
};

/* A short text is known by its words, a longer one by its hash and then its bytes. */
struct slot {
    struct hash_words words; /* of a longer one: its hash, twice */
    uint32_t len;
    uint32_t code; /* from 1; 0: free */
};

struct coder {
    struct dictionary dictionary;
    struct arena arena; /* values */
    struct slot *slots;
    uint32_t slot_cap;
    uint64_t *hashes; /* by code */
    uint32_t value_cap;
    uint32_t missing; /* code of the missing value from 1; 0: not met */
    uint64_t asked;   /* since the dictionary began */
    unsigned fruitless;
    bool full; /* begins again with the next batch */
    bool given_up;
};

enum status coder_new(struct coder **coder, struct error *err)
{
    struct coder *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->dictionary.id = dictionary_new_id();
    *coder = made;
    return STATUS_OK;
}

/* All that it holds; the reckoning stays. */
static void forget(struct coder *coder)
{
    arena_free(&coder->arena);
    free(coder->dictionary.values);
    free(coder->slots);
    free(coder->hashes);
    coder->dictionary = (struct dictionary){.id = dictionary_new_id()};
    coder->slots = NULL;
    coder->hashes = NULL;
    coder->slot_cap = 0;
    coder->value_cap = 0;
    coder->missing = 0;
    coder->asked = 0;
    coder->full = false;
}

void coder_free(struct coder *coder)
{
    if (coder == NULL)
        return;
    forget(coder);
    free(coder);
}

/* Before a batch: does it pay? */
static void judge(struct coder *coder)
{
    uint32_t values = coder->dictionary.count;
    if (coder->full) {
        bool soon = coder->asked / 8 < values;
        coder->fruitless = soon ? coder->fruitless + 1 : 0;
        coder->given_up = coder->fruitless == FRUITLESS_MAX;
        forget(coder);
    } else if (coder->asked >= TRIAL && coder->asked / 4 < values) {
        coder->given_up = true;
        forget(coder);
    }
}

static bool grow_slots(struct coder *coder)
{
    uint32_t cap = coder->slot_cap == 0 ? SLOTS_FIRST : coder->slot_cap * 2;
    struct slot *slots = calloc(cap, sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t i = 0; i < coder->slot_cap; i++) {
        struct slot slot = coder->slots[i];
        if (slot.code == 0)
            continue;
        uint32_t at = (uint32_t)coder->hashes[slot.code - 1] & (cap - 1);
        while (slots[at].code != 0)
            at = (at + 1) & (cap - 1);
        slots[at] = slot;
    }
    free(coder->slots);
    coder->slots = slots;
    coder->slot_cap = cap;
    return true;
}

static bool grow_values(struct coder *coder)
{
    uint32_t cap = coder->value_cap == 0 ? 64 : coder->value_cap * 2;
    struct slice *values = realloc(coder->dictionary.values, cap * sizeof *values);
    if (values == NULL)
        return false;
    coder->dictionary.values = values;
    uint64_t *hashes = realloc(coder->hashes, cap * sizeof *hashes);
    if (hashes == NULL)
        return false;
    coder->hashes = hashes;
    coder->value_cap = cap;
    return true;
}

/* A new value under the next code.  At most half of the slots are taken. */
static bool add_value(struct coder *coder, struct slice value, uint64_t hash, bool *no_memory)
{
    struct dictionary *d = &coder->dictionary;
    if (d->count == DICTIONARY_MAX || coder->arena.held > BYTES_MAX) {
        coder->full = true;
        return false;
    }
    *no_memory = (d->count == coder->value_cap && !grow_values(coder)) ||
                 (d->count >= coder->slot_cap / 2 && !grow_slots(coder));
    if (*no_memory)
        return false;
    struct slice kept = SLICE_MISSING;
    if (!slice_missing(value)) {
        kept = (struct slice){arena_copy(&coder->arena, value.data, value.len), value.len};
        *no_memory = kept.data == NULL;
        if (*no_memory)
            return false;
    }
    d->values[d->count] = kept;
    coder->hashes[d->count] = hash;
    d->count++;
    return true;
}

/* The code of a missing value, which stands in no slot. */
static bool code_missing(struct coder *coder, uint16_t *code, bool *no_memory)
{
    if (coder->missing == 0) {
        if (!add_value(coder, SLICE_MISSING, 0, no_memory))
            return false;
        coder->missing = coder->dictionary.count;
    }
    *code = (uint16_t)(coder->missing - 1);
    return true;
}

static bool code_new(struct coder *coder, struct slice value, uint64_t hash,
                     struct hash_words words, uint16_t *code, bool *no_memory)
{
    if (value.len > CODER_TEXT_MAX || !add_value(coder, value, hash, no_memory))
        return false;
    uint32_t mask = coder->slot_cap - 1;
    uint32_t at = (uint32_t)hash & mask;
    while (coder->slots[at].code != 0)
        at = (at + 1) & mask;
    coder->slots[at] = (struct slot){words, (uint32_t)value.len, coder->dictionary.count};
    *code = (uint16_t)(coder->dictionary.count - 1);
    return true;
}

/* False: the column cannot be coded, or memory is out. */
static inline bool code_value(struct coder *coder, struct slice value, uint16_t *code,
                              bool *no_memory)
{
    if (slice_missing(value))
        return code_missing(coder, code, no_memory);
    const bool is_short = value.len <= HASH_WORDS_MAX;
    struct hash_words words = {0, 0};
    uint64_t hash;
    if (is_short) {
        words = hash_words(value);
        hash = hash_quick_words(words, value.len);
    } else {
        hash = hash_quick(value);
        words = (struct hash_words){hash, hash};
    }
    uint32_t mask = coder->slot_cap - 1;
    uint32_t at = (uint32_t)hash & mask;
    for (unsigned probes = 0; coder->slot_cap > 0 && probes < PROBES_MAX; probes++) {
        const struct slot *slot = &coder->slots[at];
        if (slot->code == 0)
            return code_new(coder, value, hash, words, code, no_memory);
        if (slot->words.first == words.first && slot->words.last == words.last &&
            slot->len == value.len &&
            (is_short ||
             memcmp(coder->dictionary.values[slot->code - 1].data, value.data, value.len) == 0)) {
            *code = (uint16_t)(slot->code - 1);
            return true;
        }
        at = (at + 1) & mask;
    }
    coder->full = coder->slot_cap > 0;
    return coder->slot_cap == 0 && code_new(coder, value, hash, words, code, no_memory);
}

enum status coder_apply(struct coder *coder, struct batch *batch, size_t column, bool *coded,
                        struct error *err)
{
    *coded = batch->columns[column].codes != NULL;
    if (*coded)
        return STATUS_OK;
    if (!coder->given_up)
        judge(coder);
    if (coder->given_up)
        return STATUS_OK;
    const struct slice *cells = batch_text(batch, column, err);
    uint16_t *codes = arena_alloc(&batch->arena, batch->record_count * sizeof *codes);
    if (cells == NULL || codes == NULL)
        return error_no_memory(err);
    bool no_memory = false;
    size_t i = 0;
    while (i < batch->record_count && code_value(coder, cells[i], &codes[i], &no_memory))
        i++;
    if (no_memory)
        return error_no_memory(err);
    coder->asked += i;
    if (i < batch->record_count)
        return STATUS_OK;
    batch->columns[column].codes = codes;
    batch->columns[column].dictionary = &coder->dictionary;
    *coded = true;
    return STATUS_OK;
}
