/* coder.c - an open table from keys to codes.  The hash looks at some bytes of a key only, and what
 * stops hostile values is that a search looks at PROBES_MAX slots and then gives up. */
#include "records/coder.h"

#include <stdlib.h>

#include "base/hash.h"

enum {
    SLOTS_FIRST = 256,
    PROBES_MAX = 24,
    LOOSEST = 8,             /* slots a key at most, but for a factor of 2 */
    BYTES_MAX = 1024 * 1024, /* of all values */
    TRIAL = 4096,            /* values looked up before it is judged */
    FRUITLESS_MAX = 4        /* times that it filled up too soon, in a row */
};

/* A key is what stands in a column: a value, or the bytes of a row that mean one.  It is found by
 * its length and its words, which a short one is known by; a longer one is then compared. */
struct slot {
    struct hash_words words;
    uint32_t len;  /* with a kind of key, so that it is not 0 unless the slot is free */
    uint32_t code; /* from 1; 0: free */
};

#define KEY_ROW UINT32_C(0x80000000)
#define KEY_VALUE UINT32_C(0x40000000)

struct coder {
    struct dictionary dictionary;
    struct arena arena; /* keys and values */
    struct slot *slots;
    uint32_t slot_cap;
    uint64_t *hashes;  /* by code */
    const char **keys; /* by code */
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
    free(coder->keys);
    coder->dictionary = (struct dictionary){.id = dictionary_new_id()};
    coder->slots = NULL;
    coder->hashes = NULL;
    coder->keys = NULL;
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
    const char **keys = realloc(coder->keys, cap * sizeof *keys);
    if (keys == NULL)
        return false;
    coder->keys = keys;
    coder->value_cap = cap;
    return true;
}

/* Where the keys of a batch come from. */
struct keys {
    const struct batch *batch;
    const struct batch_column *column; /* NULL: keys are values */
    const struct slice *cells;         /* NULL: they are bytes of rows */
    size_t first;                      /* of these: row columns */
    size_t last;
};

/* What a key means; in the arena if it is not the key itself. */
static struct slice value_of(struct coder *coder, const struct keys *keys, struct slice key,
                             bool *no_memory)
{
    const struct source_rows *rows = &keys->batch->rows;
    const struct batch_column *column = keys->column;
    if (keys->cells != NULL || column == NULL)
        return key;
    struct slice value =
        rows->form->value(rows, key, column->row_column, NULL, &coder->arena, no_memory);
    return batch_finished(column, value);
}

/* A copy of a value that lies in the key is a part of the key's copy. */
static struct slice moved(struct slice value, struct slice key, const char *copy)
{
    if (slice_missing(value) || value.data < key.data || value.data > key.data + key.len)
        return value;
    return (struct slice){copy + (value.data - key.data), value.len};
}

static bool all_collide(const struct coder *coder, uint64_t hash)
{
    for (uint32_t i = 0; i < PROBES_MAX; i++) {
        const struct slot *slot = &coder->slots[((uint32_t)hash + i) & (coder->slot_cap - 1)];
        if (coder->hashes[slot->code - 1] != hash)
            return false;
    }
    return true;
}

/* Keys crowd where this hash belongs, by chance: more room.  False: there is much of it, or all
 * have the same hash, so they are made to (the dictionary begins again); or memory is out. */
static bool make_loose(struct coder *coder, uint64_t hash, bool *no_memory)
{
    coder->full = coder->dictionary.count < coder->slot_cap / LOOSEST || all_collide(coder, hash);
    if (coder->full)
        return false;
    *no_memory = !grow_slots(coder);
    return !*no_memory;
}

/* A new key under the next code.  At most half of the slots are taken. */
static bool add_value(struct coder *coder, const struct keys *keys, struct slice key, uint64_t hash,
                      bool *no_memory)
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
    struct slice value = SLICE_MISSING;
    const char *copy = NULL;
    if (!slice_missing(key)) {
        copy = arena_copy(&coder->arena, key.data, key.len);
        value = value_of(coder, keys, key, no_memory);
        *no_memory = *no_memory || copy == NULL;
        if (*no_memory)
            return false;
        value = moved(value, key, copy);
    }
    d->values[d->count] = value;
    coder->hashes[d->count] = hash;
    coder->keys[d->count] = copy;
    d->count++;
    return true;
}

/* The code of a missing value, which stands in no slot. */
static bool code_missing(struct coder *coder, const struct keys *keys, uint16_t *code,
                         bool *no_memory)
{
    if (coder->missing == 0) {
        if (!add_value(coder, keys, SLICE_MISSING, 0, no_memory))
            return false;
        coder->missing = coder->dictionary.count;
    }
    *code = (uint16_t)(coder->missing - 1);
    return true;
}

static bool code_new(struct coder *coder, const struct keys *keys, struct slice key, uint64_t hash,
                     struct slot slot, uint16_t *code, bool *no_memory)
{
    if (key.len > CODER_TEXT_MAX || !add_value(coder, keys, key, hash, no_memory))
        return false;
    uint32_t mask = coder->slot_cap - 1;
    uint32_t at = (uint32_t)hash & mask;
    while (coder->slots[at].code != 0)
        at = (at + 1) & mask;
    slot.code = coder->dictionary.count;
    coder->slots[at] = slot;
    *code = (uint16_t)(slot.code - 1);
    return true;
}

static inline bool is_in_slot(const struct coder *coder, const struct slot *slot,
                              const struct slot *wanted, struct slice key)
{
    return slot->words.first == wanted->words.first && slot->words.last == wanted->words.last &&
           slot->len == wanted->len &&
           (key.len <= HASH_WORDS_MAX ||
            memcmp(coder->keys[slot->code - 1], key.data, key.len) == 0);
}

/* The slot of a key, or the free one where it belongs; NULL: neither in PROBES_MAX slots. */
static const struct slot *find_slot(const struct coder *coder, struct slice key, uint64_t hash,
                                    const struct slot *wanted)
{
    const uint32_t mask = coder->slot_cap - 1;
    uint32_t at = (uint32_t)hash & mask;
    for (unsigned probes = 0; probes < PROBES_MAX; probes++) {
        const struct slot *slot = &coder->slots[at];
        if (slot->code == 0 || is_in_slot(coder, slot, wanted, key))
            return slot;
        at = (at + 1) & mask;
    }
    return NULL;
}

/* The code of a key that is not in the slot where it is looked for first. */
static bool code_elsewhere(struct coder *coder, const struct keys *keys, struct slice key,
                           uint64_t hash, const struct slot *wanted, uint16_t *code,
                           bool *no_memory)
{
    const struct slot *slot = find_slot(coder, key, hash, wanted);
    while (slot == NULL && make_loose(coder, hash, no_memory))
        slot = find_slot(coder, key, hash, wanted);
    if (slot == NULL)
        return false;
    if (slot->code == 0)
        return code_new(coder, keys, key, hash, *wanted, code, no_memory);
    *code = (uint16_t)(slot->code - 1);
    return true;
}

/* False: the column cannot be coded, or memory is out. */
static inline bool code_key(struct coder *coder, const struct keys *keys, struct slice key,
                            struct hash_words words, uint32_t kind, uint16_t *code, bool *no_memory)
{
    const struct slot wanted = {.words = words, .len = (uint32_t)key.len | kind};
    const uint64_t hash = hash_quick(wanted.words, wanted.len);
    const struct slot *first = &coder->slots[(uint32_t)hash & (coder->slot_cap - 1)];
    if (!is_in_slot(coder, first, &wanted, key))
        return code_elsewhere(coder, keys, key, hash, &wanted, code, no_memory);
    *code = (uint16_t)(first->code - 1);
    return true;
}

/* Codes as many records as it can by the bytes of their rows; their number. */
static size_t code_rows(struct coder *coder, const struct keys *keys, uint16_t *codes,
                        bool *no_memory)
{
    const struct batch *batch = keys->batch;
    const struct source_rows *rows = &batch->rows;
    const size_t end = rows->count == 0 ? 0 : source_rows_end(rows, rows->count - 1);
    for (size_t i = 0; i < batch->record_count; i++) {
        const size_t row = batch->row_of == NULL ? i : batch->row_of[i];
        const struct slice key = source_rows_span(rows, row, keys->first, keys->last);
        const bool padded = (size_t)(key.data - rows->bytes) + HASH_WORDS_MAX <= end;
        if (key.len > CODER_TEXT_MAX ||
            !code_key(coder, keys, key, padded ? hash_words_padded(key) : hash_words(key), KEY_ROW,
                      &codes[i], no_memory))
            return i;
    }
    return batch->record_count;
}

/* The same by their values. */
static size_t code_cells(struct coder *coder, const struct keys *keys, uint16_t *codes,
                         bool *no_memory)
{
    const size_t count = keys->batch->record_count;
    for (size_t i = 0; i < count; i++) {
        const struct slice key = keys->cells[i];
        const bool good = slice_missing(key) ? code_missing(coder, keys, &codes[i], no_memory)
                                             : key.len <= CODER_TEXT_MAX &&
                                                   code_key(coder, keys, key, hash_words(key),
                                                            KEY_VALUE, &codes[i], no_memory);
        if (!good)
            return i;
    }
    return count;
}

/* *codes NULL: no. */
static enum status code_keys(struct coder *coder, const struct keys *keys, struct arena *arena,
                             uint16_t **codes, struct error *err)
{
    const size_t count = keys->batch->record_count;
    uint16_t *made = arena_alloc(arena, count * sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    bool no_memory = coder->slot_cap == 0 && !grow_slots(coder);
    size_t done = 0;
    if (!no_memory)
        done = keys->cells == NULL ? code_rows(coder, keys, made, &no_memory)
                                   : code_cells(coder, keys, made, &no_memory);
    if (no_memory)
        return error_no_memory(err);
    coder->asked += done;
    *codes = done < count ? NULL : made;
    return STATUS_OK;
}

static bool pays(struct coder *coder)
{
    if (!coder->given_up)
        judge(coder);
    return !coder->given_up;
}

enum status coder_apply(struct coder *coder, struct batch *batch, size_t column, bool *coded,
                        struct error *err)
{
    struct batch_column *col = &batch->columns[column];
    *coded = col->codes != NULL;
    if (*coded || !pays(coder))
        return STATUS_OK;
    struct keys keys = {
        .batch = batch, .column = col, .first = col->row_column, .last = col->row_column};
    if (col->cells != NULL || !col->in_rows) {
        keys.cells = batch_text(batch, column, err);
        if (keys.cells == NULL)
            return STATUS_IO;
    }
    enum status s = code_keys(coder, &keys, &batch->arena, &col->codes, err);
    *coded = col->codes != NULL;
    if (*coded)
        col->dictionary = &coder->dictionary;
    return s;
}

enum status coder_code_rows(struct coder *coder, struct batch *batch, size_t first, size_t last,
                            uint16_t **codes, struct error *err)
{
    const struct keys keys = {.batch = batch, .first = first, .last = last};
    *codes = NULL;
    return pays(coder) ? code_keys(coder, &keys, &batch->arena, codes, err) : STATUS_OK;
}

const struct dictionary *coder_dictionary(const struct coder *coder)
{
    return &coder->dictionary;
}
