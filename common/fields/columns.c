#include "fields/columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct column_name {
    const char *name;
    size_t column;
};

static int compare_names(const void *a, const void *b)
{
    const struct column_name *x = a;
    const struct column_name *y = b;
    int c = strcmp(x->name, y->name);
    return c != 0 ? c : (x->column > y->column) - (x->column < y->column);
}

enum status columns_init(struct columns *columns, const struct schema *schema, struct error *err)
{
    size_t count = schema->count;
    *columns = (struct columns)COLUMNS_INIT;
    columns->names = calloc(count + 1, sizeof *columns->names);
    columns->sorted = calloc(count + 1, sizeof *columns->sorted);
    bool ok = columns->names != NULL && columns->sorted != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%zu", i + 1);
        const char *name = schema->fields[i].name;
        columns->names[i] = strdup(name[0] != '\0' ? name : number);
        ok = columns->names[i] != NULL;
        columns->sorted[i] = (struct column_name){columns->names[i], i};
        columns->count = i + 1;
    }
    if (!ok) {
        columns_free(columns);
        return error_no_memory(err);
    }
    qsort(columns->sorted, count, sizeof *columns->sorted, compare_names);
    return STATUS_OK;
}

void columns_free(struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        free(columns->names[i]);
    free(columns->names);
    free(columns->sorted);
    *columns = (struct columns)COLUMNS_INIT;
}

/* The first place in the sorted list that is not before (name, column). */
static size_t lower_bound(const struct columns *columns, const char *name, size_t column)
{
    const struct column_name key = {name, column};
    size_t low = 0;
    size_t high = columns->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare_names(&columns->sorted[mid], &key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static size_t find_from(const struct columns *columns, const char *name, size_t column)
{
    size_t at = lower_bound(columns, name, column);
    if (at == columns->count || strcmp(columns->sorted[at].name, name) != 0)
        return COLUMN_NONE;
    return columns->sorted[at].column;
}

size_t columns_find(const struct columns *columns, const char *name)
{
    return find_from(columns, name, 0);
}

size_t columns_same(const struct columns *columns, size_t column)
{
    return find_from(columns, columns->names[column], column + 1);
}

enum status columns_require(const struct columns *columns, const char *name,
                            const struct node *place, size_t *column, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    char other[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(name));
    *column = columns_find(columns, name);
    if (*column == COLUMN_NONE) {
        const char *nearest =
            text_nearest(name, (const char *const *)columns->names, columns->count);
        if (nearest == NULL || columns->private)
            return node_error(place, err, "the input has no column '%s'", shown);
        return node_error(place, err, "the input has no column '%s'; did you mean '%s'?", shown,
                          text_escape(other, slice_of(nearest)));
    }
    size_t second = columns_same(columns, *column);
    if (second != COLUMN_NONE)
        return node_error(place, err, "columns %zu and %zu are both called '%s'; use index",
                          *column + 1, second + 1, shown);
    return STATUS_OK;
}
