/* buffer.h - bytes that grow.
 *
 *     struct buffer out = BUFFER_INIT;
 *     if (!buffer_append(&out, "x", 1))
 *         s = error_no_memory(err);
 *     buffer_free(&out);
 *
 * The buffer owns its bytes until buffer_free() or buffer_take().  After any call that
 * returned false it is as it was.  A buffer always has a NUL behind its last byte once
 * something was appended.
 */
#ifndef BELL_BASE_BUFFER_H
#define BELL_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "base/status.h"

struct buffer {
    char *data;
    size_t len;
    size_t cap;
};

#define BUFFER_INIT                                                                                \
    {                                                                                              \
        .data = NULL                                                                               \
    }

/* Makes room for more bytes behind len (and one NUL). */
bool buffer_reserve(struct buffer *buf, size_t more) BELL_CHECK;
bool buffer_append(struct buffer *buf, const void *data, size_t len) BELL_CHECK;
bool buffer_append_text(struct buffer *buf, const char *text) BELL_CHECK;
bool buffer_append_slice(struct buffer *buf, struct slice s) BELL_CHECK;
bool buffer_append_byte(struct buffer *buf, char byte) BELL_CHECK;
bool buffer_appendf(struct buffer *buf, const char *fmt, ...) BELL_CHECK BELL_PRINTF(2, 3);

/* Drops the first n bytes; the rest moves to the front. */
void buffer_consume(struct buffer *buf, size_t n);
/* Empties it, keeping the room. */
void buffer_clear(struct buffer *buf);
void buffer_free(struct buffer *buf);
/* Hands the text to the caller, who frees it with free(); the buffer is empty after.
 * NULL only if nothing was ever appended. */
char *buffer_take(struct buffer *buf);

#endif
