/* side_file.h - small CSV files that stand beside a study: populations, groups that must
 * appear, labels.
 *
 *     struct side_file *file;
 *     s = side_file_open("uk.csv", &file, err);
 *     size_t col;
 *     s = side_file_column(file, "population", &col, err);
 *     for (size_t r = 0; r < side_file_rows(file); r++)
 *         use(side_file_cell(file, r, col));
 *     side_file_free(file);
 *
 * Strict RFC 4180 with a header, UTF-8, comma, LF or CRLF, a BOM allowed, empty lines skipped (with
 * one column they are empty cells), at most SIDE_FILE_BYTES_MAX bytes.  Names and values are exact,
 * blanks included.  Anything else is STATUS_USAGE with file and line; a file that cannot be read is
 * STATUS_USAGE as well if it is not there, else STATUS_IO.
 */
#ifndef BELL_STUDY_SIDE_FILE_H
#define BELL_STUDY_SIDE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

#define SIDE_FILE_BYTES_MAX (UINT64_C(64) << 20)

struct side_file;

enum status side_file_open(const char *path, struct side_file **file, struct error *err) BELL_CHECK;
/* The same from bytes in memory, which are copied. */
enum status side_file_parse(const char *name, struct slice bytes, struct side_file **file,
                            struct error *err) BELL_CHECK;
void side_file_free(struct side_file *file);

const char *side_file_name(const struct side_file *file);
size_t side_file_columns(const struct side_file *file);
/* The name of a column; lives as long as the file. */
struct slice side_file_column_name(const struct side_file *file, size_t column);
/* The column of that name; absent: STATUS_USAGE with the nearest name. */
enum status side_file_column(const struct side_file *file, const char *name, size_t *column,
                             struct error *err) BELL_CHECK;
size_t side_file_rows(const struct side_file *file);
/* A cell, never missing, maybe empty; lives as long as the file. */
struct slice side_file_cell(const struct side_file *file, size_t row, size_t column);
/* The physical line where a row begins, from 1, for messages. */
uint64_t side_file_line(const struct side_file *file, size_t row);

#endif
