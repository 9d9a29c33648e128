#include "estimates/plain_page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 2048 };

static size_t columns_of(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

static void put(struct plain_page *page, const char *text, size_t len)
{
    page->ok = page->ok && buffer_append(page->out, text, len);
}

static void put_many(struct plain_page *page, char c, size_t count)
{
    while (count-- > 0)
        put(page, &c, 1);
}

void page_title(struct plain_page *page, const char *text, char under)
{
    size_t len = strlen(text), width = columns_of(text, len);
    put(page, text, len);
    put(page, "\n", 1);
    put_many(page, under, width < PAGE_COLUMNS ? width : PAGE_COLUMNS);
    put(page, "\n", 1);
}

void page_heading(struct plain_page *page, const char *text)
{
    put(page, "\n", 1);
    put(page, text, strlen(text));
    put(page, "\n", 1);
}

void page_add(struct plain_page *page, const char *fmt, ...)
{
    char text[TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    page->ok = page->ok && (page->text.len == 0 || buffer_append_byte(&page->text, ' ')) &&
               buffer_append_text(&page->text, text);
}

/* The next word, with a "%" that stands behind it. */
static size_t word_at(const char *text)
{
    size_t n = strcspn(text, " ");
    if (text[n] == ' ' && text[n + 1] == '%')
        n += 1 + strcspn(text + n + 1, " ");
    return n;
}

void page_end(struct plain_page *page, size_t indent)
{
    size_t column = 0;
    if (!page->ok || page->text.len == 0)
        return;
    for (const char *at = page->text.data + strspn(page->text.data, " "); *at != '\0';) {
        size_t n = word_at(at), width = columns_of(at, n);
        if (column > 0 && column + 1 + width > PAGE_COLUMNS) {
            put(page, "\n", 1);
            column = 0;
        }
        if (column == 0)
            put_many(page, ' ', indent);
        else
            put(page, " ", 1);
        put(page, at, n);
        column += (column == 0 ? indent : 1) + width;
        at += n + strspn(at + n, " ");
    }
    put(page, "\n", 1);
    buffer_clear(&page->text);
}

bool page_close(struct plain_page *page)
{
    buffer_free(&page->text);
    return page->ok;
}
