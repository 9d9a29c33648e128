/* escape.h - the escapes of a record stream: those of PostgreSQL's COPY text.
 *
 * \\ \t \n \r \b \f \v, and \N for a missing value.  A backslash before any other byte
 * stands for that byte (so `\#` is "#"); octal and hexadecimal forms (\101, \x41) are read
 * as PostgreSQL reads them, but never written.
 */
#ifndef BELL_RECORDS_ESCAPE_H
#define BELL_RECORDS_ESCAPE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/slice.h"

/* Appends s in escaped form; \N for a missing value. */
bool escape_append(struct buffer *out, struct slice s) BELL_CHECK;
/* The meaning of an escaped cell: s itself where nothing is escaped, else a text in the arena.
 * \N gives a missing slice.  The result's data is NULL with *no_memory set if memory is out.
 * A lone backslash at the end stands for itself. */
struct slice escape_read(struct arena *arena, struct slice s, bool *no_memory);

#endif
