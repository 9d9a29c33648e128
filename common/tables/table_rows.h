/* table_rows.h - rows of CSV files, one at a time, whatever the size of the files.
 *
 *     s = table_rows_begin(&begun, paths[0], err);       // is it a stream?  see .stream
 *     s = table_rows_open(&rows, &begun, paths, path_count, err);
 *     const struct slice *names = table_rows_header(rows, &count);
 *     while ((s = table_rows_next(rows, &row, err)) == STATUS_OK && row.cells != NULL)
 *         use(&row);
 *     table_rows_free(rows);
 *
 * Plain or gzip, with or without a byte order mark, strict RFC 4180, UTF-8.  Several files are
 * read one after the other; their headers must be the same.  An empty cell is missing.
 */
#ifndef BELL_TABLES_TABLE_ROWS_H
#define BELL_TABLES_TABLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "io/input.h"

enum { TABLE_HEAD = 5 };

/* An input of which a few bytes were read to see what it is. */
struct table_begun {
    struct input *input; /* whoever is given this closes it */
    char head[TABLE_HEAD];
    size_t length;
    bool stream; /* it begins with #bell */
};

struct table_row_cells {
    const struct slice *cells; /* NULL: no more rows; until the next call */
    size_t count;              /* as many as the header has */
    const char *file;          /* lives as long as the rows */
    uint64_t line;
};

struct table_rows;

enum status table_rows_begin(struct table_begun *begun, const char *path,
                             struct error *err) BELL_CHECK;
/* Reads the header.  paths are borrowed; begun is the first of them, and taken over, also when
 * this fails.  STATUS_DATA: no header line, or two columns of one name. */
enum status table_rows_open(struct table_rows **rows, struct table_begun *begun,
                            const char *const *paths, size_t path_count,
                            struct error *err) BELL_CHECK;
/* Live as long as the rows. */
const struct slice *table_rows_header(const struct table_rows *rows, size_t *count);
/* Where the header stands, for messages. */
const char *table_rows_file(const struct table_rows *rows);
enum status table_rows_next(struct table_rows *rows, struct table_row_cells *row,
                            struct error *err) BELL_CHECK;
void table_rows_free(struct table_rows *rows); /* NULL is allowed */

#endif
