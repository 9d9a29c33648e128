#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

bool buffer_reserve(struct buffer *buf, size_t more)
{
    if (more >= SIZE_MAX - buf->len - 1)
        return false;
    size_t need = buf->len + more + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap < 64 ? 64 : buf->cap;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    char *data = realloc(buf->data, cap);
    if (data == NULL)
        return false;
    buf->data = data;
    buf->cap = cap;
    return true;
}

bool buffer_append(struct buffer *buf, const void *data, size_t len)
{
    if (!buffer_reserve(buf, len))
        return false;
    if (len > 0)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
    return true;
}

bool buffer_append_text(struct buffer *buf, const char *text)
{
    return buffer_append(buf, text, strlen(text));
}

bool buffer_append_slice(struct buffer *buf, struct slice s)
{
    return buffer_append(buf, s.data, s.len);
}

bool buffer_append_byte(struct buffer *buf, char byte)
{
    return buffer_append(buf, &byte, 1);
}

bool buffer_appendf(struct buffer *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || !buffer_reserve(buf, (size_t)n))
        return false;
    va_start(args, fmt);
    (void)vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, args);
    va_end(args);
    buf->len += (size_t)n;
    return true;
}

void buffer_consume(struct buffer *buf, size_t n)
{
    if (n == 0)
        return;
    memmove(buf->data, buf->data + n, buf->len - n);
    buf->len -= n;
    buf->data[buf->len] = '\0';
}

void buffer_clear(struct buffer *buf)
{
    buf->len = 0;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

void buffer_free(struct buffer *buf)
{
    free(buf->data);
    *buf = (struct buffer)BUFFER_INIT;
}

char *buffer_take(struct buffer *buf)
{
    char *data = buf->data;
    *buf = (struct buffer)BUFFER_INIT;
    return data;
}
