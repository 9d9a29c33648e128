#include "records/header.h"

#include <stdlib.h>

#include "base/buffer.h"

static bool line_key(struct buffer *key, const char *kind, const char *text)
{
    return buffer_append_text(key, kind) && buffer_append_byte(key, '\t') &&
           buffer_append_text(key, text);
}

static bool remember(struct header *header, const char *kind, const char *text)
{
    struct buffer key = BUFFER_INIT;
    bool ok = line_key(&key, kind, text) &&
              intern_add(&header->known, (struct slice){key.data, key.len}, NULL) != INTERN_NONE;
    header->line_bytes += key.len;
    buffer_free(&key);
    return ok;
}

enum status header_add_line(struct header *header, const char *kind, const char *text,
                            struct error *err)
{
    if (header->line_count == HEADER_LINES_MAX || header->line_bytes > HEADER_BYTES_MAX)
        return error_set(err, STATUS_DAMAGED,
                         "the header has over %d lines or 16 MiB (of how many parts is it made?)",
                         HEADER_LINES_MAX);
    if (header->line_count == header->line_cap) {
        size_t cap = header->line_cap == 0 ? 8 : header->line_cap * 2;
        struct header_line *lines = realloc(header->lines, cap * sizeof *lines);
        if (lines == NULL)
            return error_no_memory(err);
        header->lines = lines;
        header->line_cap = cap;
    }
    struct header_line line = {.kind = strdup(kind), .text = strdup(text)};
    if (line.kind == NULL || line.text == NULL || !remember(header, kind, text)) {
        free(line.kind);
        free(line.text);
        return error_no_memory(err);
    }
    header->lines[header->line_count++] = line;
    return STATUS_OK;
}

const char *header_line(const struct header *header, const char *kind)
{
    for (size_t i = 0; i < header->line_count; i++)
        if (strcmp(header->lines[i].kind, kind) == 0)
            return header->lines[i].text;
    return NULL;
}

bool header_has_line(const struct header *header, const char *kind, const char *text)
{
    /* Not a loop over the lines: thousands of parts, each with lines of its own, are joined. */
    struct buffer key = BUFFER_INIT;
    bool known = line_key(&key, kind, text) &&
                 intern_find(&header->known, (struct slice){key.data, key.len}) != INTERN_NONE;
    buffer_free(&key);
    return known;
}

enum status header_copy(struct header *to, const struct header *from, struct error *err)
{
    *to = (struct header)HEADER_INIT;
    enum status s = schema_copy(&to->schema, &from->schema, err);
    for (size_t i = 0; s == STATUS_OK && i < from->line_count; i++)
        s = header_add_line(to, from->lines[i].kind, from->lines[i].text, err);
    if (s != STATUS_OK)
        header_free(to);
    return s;
}

void header_free(struct header *header)
{
    schema_free(&header->schema);
    for (size_t i = 0; i < header->line_count; i++) {
        free(header->lines[i].kind);
        free(header->lines[i].text);
    }
    free(header->lines);
    intern_free(&header->known);
    *header = (struct header)HEADER_INIT;
}
