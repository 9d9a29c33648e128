#include "records/dictionary.h"

#include <stdatomic.h>
#include <stdlib.h>

uint64_t dictionary_new_id(void)
{
    static _Atomic uint64_t last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

void derived_follow(struct derived *derived, const struct dictionary *from)
{
    if (derived->from == from->id)
        return;
    derived->from = from->id;
    derived->own.count = 0;
    derived->own.id = dictionary_new_id();
    arena_reset(&derived->arena);
}

bool derived_add(struct derived *derived, struct slice value)
{
    struct dictionary *own = &derived->own;
    if (own->count == derived->cap) {
        uint32_t cap = derived->cap == 0 ? 64 : derived->cap * 2;
        struct slice *values = realloc(own->values, cap * sizeof *values);
        if (values == NULL)
            return false;
        own->values = values;
        derived->cap = cap;
    }
    own->values[own->count++] = value;
    return true;
}

void derived_forget(struct derived *derived)
{
    derived->from = 0;
}

void derived_free(struct derived *derived)
{
    free(derived->own.values);
    arena_free(&derived->arena);
    *derived = (struct derived){.from = 0};
}
