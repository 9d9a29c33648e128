/* escape_put.h - writes values in the escaped form of a record stream, found with vector
 * instructions where a byte must change.
 *
 *     // room for 2 * value.len + ESCAPE_SLACK bytes at `to`
 *     to = escape_put(to, value, around);
 *
 * What is written is what escape.h says.
 */
#ifndef BELL_RECORDS_ESCAPE_PUT_H
#define BELL_RECORDS_ESCAPE_PUT_H

#include "base/slice.h"

/* Bytes behind the escaped form that may be overwritten as well. */
enum { ESCAPE_SLACK = 32 };

/* For each byte: the letter behind the backslash, 0 if it stands for itself. */
extern const char escape_letters[256];

/* Returns the end of what was written; \N for a missing value.  around: bytes that may be read
 * besides those of the value, of which it is a part or not; missing if there are none. */
typedef char *escape_put_fn(char *to, struct slice value, struct slice around);

/* The fastest for this machine. */
escape_put_fn *escape_put_choose(void);

/* Byte by byte; for machines without vector instructions, and for tests. */
char *escape_put_plain(char *to, struct slice value, struct slice around);

#endif
