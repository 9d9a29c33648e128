/* csv_writer.h - CSV out: RFC 4180 with LF, quotes only where they are needed.
 *
 *     struct csv_writer writer;
 *     csv_writer_init(&writer, &out, excel);
 *     ok = csv_writer_cell(&writer, a) && csv_writer_cell(&writer, b) &&
 *          csv_writer_end_row(&writer);
 *
 * Bytes are appended to the buffer, which stays the caller's; he may empty it between calls.
 * A cell is quoted if it holds the delimiter, a quote, CR or LF, or if it is empty and alone in
 * its row (an empty line is no record to most readers).  A missing cell is an empty one.
 *
 * excel: a UTF-8 byte order mark in front of the first row, and a ' in front of cells that
 * begin with = + - @ and are no numbers, so that no spreadsheet runs them as formulas.
 *
 * All functions return false only if memory is out.
 */
#ifndef BELL_RECORDS_CSV_WRITER_H
#define BELL_RECORDS_CSV_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/slice.h"

struct csv_writer {
    struct buffer *out;
    size_t cells;     /* of the row being written */
    bool alone_empty; /* the row so far is one empty cell */
    bool excel;
    bool begun;
    char delimiter; /* ',' unless changed after csv_writer_init() */
};

void csv_writer_init(struct csv_writer *writer, struct buffer *out, bool excel);
bool csv_writer_cell(struct csv_writer *writer, struct slice cell) BELL_CHECK;
bool csv_writer_end_row(struct csv_writer *writer) BELL_CHECK;

#endif
