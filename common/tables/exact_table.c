#include "tables/exact_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "stats/ratio.h"

enum { FEW = 16, CELLS_MIN = 4 };
#define CELLS_MAX (UINT32_C(1) << 30)

static uint32_t hash_of(int64_t value)
{
    return (uint32_t)hash64((struct slice){(const char *)&value, sizeof value});
}

static void place(struct exact_table *table, uint32_t number)
{
    uint32_t mask = table->slot_cap - 1;
    uint32_t at = hash_of(table->cells[number].value) & mask;
    while (table->slots[at] != 0)
        at = (at + 1) & mask;
    table->slots[at] = number + 1;
}

static void drop_slots(struct exact_table *table, struct budget *budget)
{
    budget_give(budget, (uint64_t)table->slot_cap * sizeof *table->slots);
    free(table->slots);
    table->slots = NULL;
    table->slot_cap = 0;
}

/* Slots for at least twice as many cells as there may be. */
static enum status build_slots(struct exact_table *table, struct budget *budget, struct error *err)
{
    uint32_t cap = table->cell_cap * 2;
    uint64_t bytes = (uint64_t)cap * sizeof *table->slots;
    enum status s = budget_take(budget, bytes, "values of groups", err);
    if (s != STATUS_OK)
        return s;
    uint32_t *slots = calloc(cap, sizeof *slots);
    if (slots == NULL) {
        budget_give(budget, bytes);
        return error_no_memory(err);
    }
    drop_slots(table, budget);
    table->slots = slots;
    table->slot_cap = cap;
    for (uint32_t i = 0; i < table->count; i++)
        place(table, i);
    return STATUS_OK;
}

static enum status grow(struct exact_table *table, struct budget *budget, struct error *err)
{
    uint32_t cap = table->cell_cap == 0 ? CELLS_MIN : table->cell_cap * 2;
    if (cap > CELLS_MAX)
        return error_set(err, STATUS_IO, "too many distinct values in one group");
    uint64_t more = (uint64_t)(cap - table->cell_cap) * sizeof *table->cells;
    enum status s = budget_take(budget, more, "values of groups", err);
    if (s != STATUS_OK)
        return s;
    struct exact_cell *cells = realloc(table->cells, cap * sizeof *cells);
    if (cells == NULL) {
        budget_give(budget, more);
        return error_no_memory(err);
    }
    table->cells = cells;
    table->cell_cap = cap;
    return cap > FEW ? build_slots(table, budget, err) : STATUS_OK;
}

static uint32_t find(const struct exact_table *table, int64_t value)
{
    if (table->slots == NULL) {
        uint32_t i = 0;
        while (i < table->count && table->cells[i].value != value)
            i++;
        return i;
    }
    uint32_t mask = table->slot_cap - 1;
    for (uint32_t at = hash_of(value) & mask; table->slots[at] != 0; at = (at + 1) & mask) {
        if (table->cells[table->slots[at] - 1].value == value)
            return table->slots[at] - 1;
    }
    return table->count;
}

enum status exact_table_put(struct exact_table *table, int64_t value, uint64_t count, uint32_t *at,
                            struct budget *budget, struct error *err)
{
    if (count > UINT64_MAX - table->total)
        return error_set(err, STATUS_DATA, "more than 2^64 records in one group");
    /* A sorted table has lost its slots; they are made again before it is searched. */
    if (table->slots == NULL && table->cell_cap > FEW) {
        enum status s = build_slots(table, budget, err);
        if (s != STATUS_OK)
            return s;
    }
    *at = find(table, value);
    if (*at == table->count) {
        if (table->count == table->cell_cap) {
            enum status s = grow(table, budget, err);
            if (s != STATUS_OK)
                return s;
        }
        table->cells[table->count++] = (struct exact_cell){.value = value, .count = 0};
        if (table->slots != NULL)
            place(table, *at);
    }
    table->cells[*at].count += count;
    table->total += count;
    return STATUS_OK;
}

enum status exact_table_add(struct exact_table *table, int64_t value, uint64_t count,
                            struct budget *budget, struct error *err)
{
    uint32_t at;
    return count == 0 ? STATUS_OK : exact_table_put(table, value, count, &at, budget, err);
}

enum status exact_table_merge(struct exact_table *to, const struct exact_table *from,
                              struct budget *budget, struct error *err)
{
    for (uint32_t i = 0; i < from->count; i++) {
        enum status s =
            exact_table_add(to, from->cells[i].value, from->cells[i].count, budget, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static int by_value(const void *a, const void *b)
{
    const struct exact_cell *x = a;
    const struct exact_cell *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

void exact_table_sort(struct exact_table *table, struct budget *budget)
{
    if (table->slots != NULL)
        drop_slots(table, budget);
    if (table->count > 1)
        qsort(table->cells, table->count, sizeof *table->cells, by_value);
}

__int128 exact_table_sum(const struct exact_table *table)
{
    __int128 sum = 0;
    for (uint32_t i = 0; i < table->count; i++)
        sum += (__int128)table->cells[i].value * (__int128)table->cells[i].count;
    return sum;
}

double exact_table_mean(const struct exact_table *table, int64_t origin)
{
    if (table->total == 0)
        return (double)NAN;
    __int128 sum = exact_table_sum(table) - (__int128)origin * table->total;
    return ratio(sum, (__int128)table->total * DECIMAL_ONE);
}

void exact_table_free(struct exact_table *table, struct budget *budget)
{
    drop_slots(table, budget);
    budget_give(budget, (uint64_t)table->cell_cap * sizeof *table->cells);
    free(table->cells);
    *table = (struct exact_table)EXACT_TABLE_INIT;
}
