/* source_rows.h - the rows of a source as they lie in a batch's bytes.
 *
 * A source that can find rows without looking into cells leaves them where they are and only
 * notes where each cell ends.  Cells are read column by column when somebody asks for one
 * (batch_text()), so a column that nobody asks for costs nothing.
 *
 * Row r, column c lies between two borders, the bytes of a delimiter or a line end:
 *
 *     from  borders[r * columns + c - 1] + 1   (`first` for the first of all)
 *     to    borders[r * columns + c]
 *
 * The form says how these bytes mean a value.
 */
#ifndef BELL_RECORDS_SOURCE_ROWS_H
#define BELL_RECORDS_SOURCE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

struct source_rows;

struct row_form {
    /* The cells of a column, plain text or missing, for `count` records; row_of gives each one's
     * row, none below the one before; NULL: record i is row i.  Slices point into bytes or the
     * arena.  false: out of memory. */
    bool (*read)(const struct source_rows *rows, size_t column, const uint32_t *row_of,
                 size_t count, struct arena *arena, struct slice *cells);
    /* The value of one cell that source_rows_cell() gives; likewise.  For cells in rising order
     * next is 0 at first and then left alone; NULL: in any order. */
    struct slice (*value)(const struct source_rows *rows, struct slice cell, size_t column,
                          size_t *next, struct arena *arena, bool *no_memory);
    /* The bytes are those of a record stream and may be written as they stand. */
    bool stream;
    /* A cell that begins with this byte may mean something else than it says, and one in the last
     * column that ends in a CR; no other does.  NUL: any may. */
    char mark;
};

struct source_rows {
    const struct row_form *form; /* NULL: there are no rows */
    const char *bytes;           /* the batch's */
    size_t first;                /* where the first row begins in bytes */
    uint32_t *borders;           /* own memory, kept from batch to batch */
    size_t border_front;         /* entries of it in front of borders */
    size_t border_cap;           /* of all of it */
    size_t columns;
    size_t count;
    uint32_t *doubled; /* where quotes are doubled, ascending; own memory likewise */
    size_t doubled_count;
    size_t doubled_cap;
    bool quoted; /* there are quotes at all */
    /* Where backslashes stand, ascending; own memory likewise.  Not listed: there may be any. */
    uint32_t *escapes;
    size_t escape_count;
    size_t escape_cap;
    bool escapes_listed;
    bool escapes_numbered;    /* one may be by number: behind it stands what begins such a one */
    uint64_t escaped_columns; /* bit c % 64: column c may have escapes */

    /* Where the first row stands in its source; line 0: unknown. */
    uint64_t line;
    uint64_t offset;
    size_t lines; /* physical lines in all rows; count, if each has one */
    /* Rows are asked for in rising order mostly: the last answer, to go on from there. */
    size_t known_row;
    uint64_t known_line;
};

void source_rows_free(struct source_rows *rows);
/* Forgets the rows, keeps the memory. */
void source_rows_clear(struct source_rows *rows);

/* Room for so many borders, or escapes; what stands there stays.  false: out of memory. */
bool source_rows_reserve(struct source_rows *rows, size_t borders) BELL_CHECK;
bool source_rows_reserve_escapes(struct source_rows *rows, size_t escapes) BELL_CHECK;

static inline size_t source_rows_start(const struct source_rows *rows, size_t row)
{
    return row == 0 ? rows->first : (size_t)rows->borders[row * rows->columns - 1] + 1;
}

/* Behind its line end. */
static inline size_t source_rows_end(const struct source_rows *rows, size_t row)
{
    return (size_t)rows->borders[(row + 1) * rows->columns - 1] + 1;
}

/* The bytes from one cell of a row to another, as they stand. */
static inline struct slice source_rows_span(const struct source_rows *rows, size_t row,
                                            size_t first, size_t last)
{
    const size_t at = row * rows->columns;
    const size_t from = at + first == 0 ? rows->first : (size_t)rows->borders[at + first - 1] + 1;
    return (struct slice){rows->bytes + from, rows->borders[at + last] - from};
}

/* The bytes of a cell. */
static inline struct slice source_rows_cell(const struct source_rows *rows, size_t row,
                                            size_t column)
{
    return source_rows_span(rows, row, column, column);
}

/* The value of a cell, as form->value() has it, without asking where the bytes are the value. */
static inline struct slice source_rows_value(const struct source_rows *rows, size_t row,
                                             size_t column, size_t *next, struct arena *arena,
                                             bool *no_memory)
{
    const struct slice cell = source_rows_cell(rows, row, column);
    if (rows->form->mark != '\0' &&
        (cell.len == 0 || (cell.data[0] != rows->form->mark &&
                           (cell.data[cell.len - 1] != '\r' || column + 1 < rows->columns))))
        return cell;
    return rows->form->value(rows, cell, column, next, arena, no_memory);
}

/* The physical line where a row begins; needs rows->line. */
uint64_t source_rows_line(struct source_rows *rows, size_t row);

#endif
