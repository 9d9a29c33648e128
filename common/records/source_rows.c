#include "records/source_rows.h"

#include <stdlib.h>
#include <string.h>

/* Where the memory of the borders begins. */
static uint32_t *border_memory(const struct source_rows *rows)
{
    return rows->borders == NULL ? NULL : rows->borders - rows->border_front;
}

void source_rows_free(struct source_rows *rows)
{
    free(border_memory(rows));
    free(rows->doubled);
    free(rows->escapes);
    *rows = (struct source_rows){.form = NULL};
}

void source_rows_clear(struct source_rows *rows)
{
    *rows = (struct source_rows){
        .borders = border_memory(rows),
        .border_cap = rows->border_cap,
        .doubled = rows->doubled,
        .doubled_cap = rows->doubled_cap,
        .escapes = rows->escapes,
        .escape_cap = rows->escape_cap,
    };
}

static bool list_reserve(uint32_t **list, size_t *cap, size_t count)
{
    if (count <= *cap)
        return true;
    size_t grown = *cap == 0 ? 1024 : *cap * 2;
    if (grown < count)
        grown = count;
    uint32_t *made = realloc(*list, grown * sizeof *made);
    if (made == NULL)
        return false;
    *list = made;
    *cap = grown;
    return true;
}

bool source_rows_reserve(struct source_rows *rows, size_t borders)
{
    return list_reserve(&rows->borders, &rows->border_cap, borders);
}

bool source_rows_reserve_escapes(struct source_rows *rows, size_t escapes)
{
    return list_reserve(&rows->escapes, &rows->escape_cap, escapes);
}

static size_t count_lines(const char *data, size_t len)
{
    size_t lines = 0;
    const char *end = data + len;
    for (const char *p = data; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    return lines;
}

uint64_t source_rows_line(struct source_rows *rows, size_t row)
{
    if (rows->lines == rows->count)
        return rows->line + row;
    if (rows->known_line == 0 || row < rows->known_row) {
        rows->known_row = 0;
        rows->known_line = rows->line;
    }
    size_t from = source_rows_start(rows, rows->known_row);
    size_t to = source_rows_start(rows, row);
    rows->known_line += count_lines(rows->bytes + from, to - from);
    rows->known_row = row;
    return rows->known_line;
}
