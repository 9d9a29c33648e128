/* dictionary.h - the values of a column that come back again and again, each under a code.
 *
 * A column of a batch may be coded: each record holds the code of its value, and what a stage
 * does to values is done once a value instead of once a record.  Codes are small and stable: a
 * dictionary outlives batches, only gains values at its end, and gets a new id when it starts
 * again and a code may mean something else than before.  So whoever keeps something by code looks
 * at the id first:
 *
 *     if (dictionary_changed(&seen, dictionary))
 *         ...forget what was kept by code
 *     for (; seen.count < dictionary->count; seen.count++)
 *         ...work out what is to be kept for dictionary->values[seen.count]
 *
 * Several codes may have equal values, and a value may be missing.  A dictionary belongs to one
 * worker and is not changed while a batch that refers to it is carried on.
 */
#ifndef BELL_RECORDS_DICTIONARY_H
#define BELL_RECORDS_DICTIONARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

/* Codes are uint16_t. */
enum { DICTIONARY_MAX = 16 * 1024 };

struct dictionary {
    struct slice *values; /* by code; plain text */
    uint32_t count;
    uint64_t id; /* from dictionary_new_id() */
};

/* What was seen of a dictionary. */
struct dictionary_seen {
    uint64_t id; /* 0: nothing yet */
    uint32_t count;
};

/* An id that no dictionary of this process has or had; never 0. */
uint64_t dictionary_new_id(void);

/* True if it is not the dictionary that was seen; seen then begins anew with it. */
static inline bool dictionary_changed(struct dictionary_seen *seen, const struct dictionary *d)
{
    if (seen->id == d->id)
        return false;
    *seen = (struct dictionary_seen){.id = d->id};
    return true;
}

/* A dictionary made of another one, value by value under the same codes: what a stage makes of a
 * column.
 *
 *     derived_follow(&derived, from);                  // begins anew if from did
 *     while (derived.own.count < from->count)
 *         ...derived_add(&derived, what it makes of from->values[derived.own.count])
 */
struct derived {
    struct dictionary own;
    uint64_t from;      /* id of the one it was made of */
    struct arena arena; /* for values that are new; emptied when it begins anew */
    uint32_t cap;
};

void derived_follow(struct derived *derived, const struct dictionary *from);
/* value is not copied.  false: out of memory. */
bool derived_add(struct derived *derived, struct slice value) BELL_CHECK;
/* So that the next derived_follow() begins anew. */
void derived_forget(struct derived *derived);
void derived_free(struct derived *derived);

#endif
