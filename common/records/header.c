#include "records/header.h"

#include <stdlib.h>

enum status header_add_line(struct header *header, const char *kind, const char *text,
                            struct error *err)
{
    if (header->line_count == header->line_cap) {
        size_t cap = header->line_cap == 0 ? 8 : header->line_cap * 2;
        struct header_line *lines = realloc(header->lines, cap * sizeof *lines);
        if (lines == NULL)
            return error_no_memory(err);
        header->lines = lines;
        header->line_cap = cap;
    }
    struct header_line line = {.kind = strdup(kind), .text = strdup(text)};
    if (line.kind == NULL || line.text == NULL) {
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
    for (size_t i = 0; i < header->line_count; i++)
        if (strcmp(header->lines[i].kind, kind) == 0 && strcmp(header->lines[i].text, text) == 0)
            return true;
    return false;
}

void header_remove_lines(struct header *header, const char *kind)
{
    size_t kept = 0;
    for (size_t i = 0; i < header->line_count; i++) {
        if (strcmp(header->lines[i].kind, kind) == 0) {
            free(header->lines[i].kind);
            free(header->lines[i].text);
        } else {
            header->lines[kept++] = header->lines[i];
        }
    }
    header->line_count = kept;
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
    *header = (struct header)HEADER_INIT;
}
