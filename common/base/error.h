/* error.h - one error: what went wrong and where.
 *
 * Calling sequence:
 *     struct error err = ERROR_INIT;
 *     enum status s = csv_open(..., &err);
 *     if (s != STATUS_OK)
 *         return s;                    // passed up unchanged; main() prints it
 *
 * A struct error owns nothing and needs no freeing: the text is held in place and
 * cut (never overrun) at ERROR_TEXT_MAX.  Bytes of data inside a text must have been
 * escaped with text_escape() (text.h) before.  The place is printed in front of the
 * text as FILE:LINE:COLUMN, as far as it is known.
 */
#ifndef BELL_BASE_ERROR_H
#define BELL_BASE_ERROR_H

#include <stdint.h>

#include "base/status.h"

enum { ERROR_TEXT_MAX = 768, ERROR_FILE_MAX = 256 };

struct error {
    enum status code;
    char file[ERROR_FILE_MAX]; /* "" if no file is meant */
    uint64_t line;             /* physical line, from 1; 0: unknown */
    uint64_t column;     /* number of the field (data) or column (study), from 1; 0: unknown */
    uint64_t offset;     /* bytes from the start of the decompressed input */
    const char *program; /* static or outliving the error: who says it; NULL: main() knows */
    char text[ERROR_TEXT_MAX];
};

#define ERROR_INIT                                                                                 \
    {                                                                                              \
        .code = STATUS_OK                                                                          \
    }

/* Fills err (place cleared) and returns code, so that a caller writes
 * `return error_set(err, STATUS_DATA, "...")`.  err may be NULL. */
enum status error_set(struct error *err, enum status code, const char *fmt, ...) BELL_PRINTF(3, 4);

/* The same with ": strerror(errnum)" behind the text. */
enum status error_set_errno(struct error *err, enum status code, int errnum, const char *fmt, ...)
    BELL_PRINTF(4, 5);

/* The one text for an allocation that failed: STATUS_IO, "out of memory". */
enum status error_no_memory(struct error *err);

/* Adds the place to a filled error.  file may be NULL (left as it was), line and column 0. */
void error_at(struct error *err, const char *file, uint64_t line, uint64_t column);

/* Writes "program: FILE:LINE:COLUMN: text\n" to standard error in one write; err->program, if
 * set, stands for program. */
void error_print(const char *program, const struct error *err);

#endif
