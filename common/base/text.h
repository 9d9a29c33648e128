/* text.h - small services on text: data shown in messages, nearest names, shell quoting.
 *
 * Nothing here knows a locale: letters are ASCII, other bytes are left alone.
 */
#ifndef BELL_BASE_TEXT_H
#define BELL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/slice.h"

enum { TEXT_SHOWN_MAX = 60, TEXT_ESCAPED_MAX = TEXT_SHOWN_MAX * 4 + 4 };

/* Bytes of data as a message may show them: controls and invalid UTF-8 as \xHH, backslash
 * doubled, cut after TEXT_SHOWN_MAX bytes with "..." behind.  out has TEXT_ESCAPED_MAX bytes;
 * returns out. */
const char *text_escape(char out[TEXT_ESCAPED_MAX], struct slice s);
/* The same without a cut, appended to buf (for the raw column of rejects). */
bool text_escape_append(struct buffer *buf, struct slice s) BELL_CHECK;

/* The candidate with the smallest edit distance to word (letter case counts half), if it is
 * near enough to be a likely slip; else NULL.  The first of equals. */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* Appends word so that a POSIX shell reads it as one word, in quotes only where needed. */
bool text_shell_quote(struct buffer *buf, const char *word) BELL_CHECK;

/* ASCII lower case of one byte. */
char text_lower(char c);
/* Equal but for ASCII case. */
bool text_equal_fold(struct slice a, struct slice b);

#endif
