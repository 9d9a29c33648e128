/* plain_page.h - a page of plain text: headings, and paragraphs broken at 72 columns.
 *
 *     struct plain_page page = {.out = &buffer, .ok = true};
 *     page_heading(&page, "Who spoke");
 *     page_add(&page, "%s of %s people took part.", n, all);
 *     page_end(&page, 2);                         // the paragraph, indented by 2
 *     if (!page_close(&page)) -> out of memory
 *
 * Texts are collected until page_end() breaks them into lines at blanks, never between a number and
 * its "%".  Each added text is one or more sentences; a blank is put between two of them.
 * Columns are characters (UTF-8), not bytes.
 */
#ifndef BELL_ESTIMATES_PLAIN_PAGE_H
#define BELL_ESTIMATES_PLAIN_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

enum { PAGE_COLUMNS = 72 };

struct plain_page {
    struct buffer *out; /* the caller's */
    struct buffer text; /* of the paragraph so far */
    bool ok;            /* false: memory was out */
};

#define PLAIN_PAGE_INIT(buffer)                                                                    \
    {                                                                                              \
        .out = (buffer), .ok = true                                                                \
    }

/* Underlined, the line of `under`. */
void page_title(struct plain_page *page, const char *text, char under);
/* With an empty line in front. */
void page_heading(struct plain_page *page, const char *text);
void page_add(struct plain_page *page, const char *fmt, ...) BELL_PRINTF(2, 3);
/* Breaks what was added into lines; nothing was added: nothing. */
void page_end(struct plain_page *page, size_t indent);
/* Frees what the page holds; false if memory was out anywhere. */
bool page_close(struct plain_page *page) BELL_CHECK;

#endif
