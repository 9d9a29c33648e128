#include "tables/weight_sums.h"

#include <stdlib.h>

#include "base/number.h"

enum { SUMS_MIN = 4 };

const char *weight_parse(struct slice cell, int64_t *weight)
{
    if (slice_missing(cell))
        return "is missing";
    switch (decimal_parse(cell, weight)) {
    case DECIMAL_OK:
        break;
    case DECIMAL_TOO_FINE:
        return "has more than 6 places";
    case DECIMAL_TOO_LARGE:
        *weight = cell.data[0] == '-' ? -1 : INT64_MAX;
        break;
    default:
        return "is not a number";
    }
    return *weight < 0                           ? "is below 0"
           : *weight > WEIGHT_MOST * DECIMAL_ONE ? "is above 1000000, the most that a weight may be"
                                                 : NULL;
}

enum status weight_sum_add(struct weight_sum *to, const struct weight_sum *more, struct error *err)
{
    if (__builtin_add_overflow(to->w, more->w, &to->w) ||
        __builtin_add_overflow(to->w2, more->w2, &to->w2) ||
        __builtin_add_overflow(to->weightless, more->weightless, &to->weightless))
        return error_set(err, STATUS_DATA, "the weights of one group are too many to be summed");
    return STATUS_OK;
}

bool weight_sum_possible(const struct weight_sum *sum, uint64_t count)
{
    const unsigned __int128 most = (unsigned __int128)WEIGHT_MOST * DECIMAL_ONE;
    if (sum->weightless > count)
        return false;
    /* Each of these weighs from a millionth to the most. */
    uint64_t weighed = count - sum->weightless;
    return sum->w >= weighed && sum->w <= weighed * most && sum->w2 >= sum->w &&
           sum->w2 / most <= sum->w;
}

/* Room for the sums of as many cells as the table has room for. */
static enum status make_room(struct weight_sums *sums, const struct exact_table *table,
                             struct budget *budget, struct error *err)
{
    if (table->cell_cap <= sums->cap)
        return STATUS_OK;
    uint64_t more = (uint64_t)(table->cell_cap - sums->cap) * sizeof *sums->of;
    enum status s = budget_take(budget, more, "weights of groups", err);
    if (s != STATUS_OK)
        return s;
    struct weight_sum *of = realloc(sums->of, table->cell_cap * sizeof *of);
    if (of == NULL) {
        budget_give(budget, more);
        return error_no_memory(err);
    }
    for (uint32_t i = sums->cap; i < table->cell_cap; i++)
        of[i] = (struct weight_sum){.w = 0};
    sums->of = of;
    sums->cap = table->cell_cap;
    return STATUS_OK;
}

enum status weight_sums_add(struct weight_sums *sums, struct exact_table *table, int64_t value,
                            uint64_t count, const struct weight_sum *sum, struct budget *budget,
                            struct error *err)
{
    uint32_t at;
    enum status s = exact_table_put(table, value, count, &at, budget, err);
    if (s == STATUS_OK)
        s = make_room(sums, table, budget, err);
    return s == STATUS_OK ? weight_sum_add(&sums->of[at], sum, err) : s;
}

enum status weight_sums_merge(struct weight_sums *sums, struct exact_table *table,
                              const struct weight_sums *from, const struct exact_table *from_table,
                              struct budget *budget, struct error *err)
{
    enum status s = STATUS_OK;
    for (uint32_t i = 0; s == STATUS_OK && i < from_table->count; i++)
        s = weight_sums_add(sums, table, from_table->cells[i].value, from_table->cells[i].count,
                            &from->of[i], budget, err);
    return s;
}

struct weighed_cell {
    struct exact_cell cell;
    struct weight_sum sum;
};

static int by_value(const void *a, const void *b)
{
    const struct weighed_cell *x = a;
    const struct weighed_cell *y = b;
    return (x->cell.value > y->cell.value) - (x->cell.value < y->cell.value);
}

enum status weight_sums_sort(struct weight_sums *sums, struct exact_table *table,
                             struct budget *budget, struct error *err)
{
    uint64_t bytes = (uint64_t)table->count * sizeof(struct weighed_cell);
    enum status s = budget_take(budget, bytes, "weights of groups", err);
    if (s != STATUS_OK)
        return s;
    struct weighed_cell *cells = calloc(table->count == 0 ? 1 : table->count, sizeof *cells);
    if (cells == NULL) {
        budget_give(budget, bytes);
        return error_no_memory(err);
    }
    for (uint32_t i = 0; i < table->count; i++)
        cells[i] = (struct weighed_cell){table->cells[i], sums->of[i]};
    qsort(cells, table->count, sizeof *cells, by_value);
    exact_table_sort(table, budget); /* values differ, so this gives the same order */
    for (uint32_t i = 0; i < table->count; i++)
        sums->of[i] = cells[i].sum;
    free(cells);
    budget_give(budget, bytes);
    return STATUS_OK;
}

enum status weight_sums_total(const struct weight_sums *sums, const struct exact_table *table,
                              struct weight_sum *total, struct error *err)
{
    enum status s = STATUS_OK;
    *total = (struct weight_sum){.w = 0};
    for (uint32_t i = 0; s == STATUS_OK && i < table->count; i++)
        s = weight_sum_add(total, &sums->of[i], err);
    return s;
}

void weight_sums_free(struct weight_sums *sums, struct budget *budget)
{
    budget_give(budget, (uint64_t)sums->cap * sizeof *sums->of);
    free(sums->of);
    *sums = (struct weight_sums){.cap = 0};
}
