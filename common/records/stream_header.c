#include "records/stream_header.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "records/escape.h"

static bool append_fields(struct buffer *out, const struct schema *schema)
{
    if (!buffer_append_text(out, "#fields"))
        return false;
    for (size_t i = 0; i < schema->count; i++)
        if (!buffer_append_byte(out, '\t') || !escape_append(out, slice_of(schema->fields[i].name)))
            return false;
    if (!buffer_append_text(out, "\n#types"))
        return false;
    for (size_t i = 0; i < schema->count; i++)
        if (!buffer_append_byte(out, '\t') ||
            !buffer_append_text(out, field_type_name(schema->fields[i].type)))
            return false;
    return buffer_append_byte(out, '\n');
}

enum status stream_header_append(struct buffer *out, const struct header *header, struct error *err)
{
    bool ok =
        buffer_appendf(out, "#bell\t%d\n", STREAM_VERSION) && append_fields(out, &header->schema);
    for (size_t i = 0; ok && i < header->line_count; i++)
        ok = buffer_appendf(out, "#%s\t%s\n", header->lines[i].kind, header->lines[i].text);
    return ok ? STATUS_OK : error_no_memory(err);
}

enum status stream_end_append(struct buffer *out, const struct stream_end *end, struct error *err)
{
    bool ok = buffer_appendf(out, "#end\tin=%llu", (unsigned long long)end->in);
    if (end->counted != UINT64_MAX)
        ok = ok && buffer_appendf(out, "\tcounted=%llu", (unsigned long long)end->counted);
    ok = ok && buffer_appendf(out, "\tout=%llu\trejected=%llu\tdropped=%llu",
                              (unsigned long long)end->out, (unsigned long long)end->rejected,
                              (unsigned long long)end->dropped);
    if (end->blank != 0)
        ok = ok && buffer_appendf(out, "\tblank=%llu", (unsigned long long)end->blank);
    ok = ok && buffer_append_byte(out, '\n');
    return ok ? STATUS_OK : error_no_memory(err);
}

/* Cuts the text up to the next tab off rest. */
static struct slice next_part(struct slice *rest)
{
    const char *tab = rest->len == 0 ? NULL : memchr(rest->data, '\t', rest->len);
    struct slice part = *rest;
    if (tab == NULL) {
        *rest = SLICE_MISSING;
    } else {
        part.len = (size_t)(tab - rest->data);
        rest->len -= part.len + 1;
        rest->data = tab + 1;
    }
    return part;
}

static enum status take_version(struct slice rest, struct error *err)
{
    uint64_t version;
    char shown[TEXT_ESCAPED_MAX];
    if (!number_parse_u64(rest, &version))
        return error_set(err, STATUS_DAMAGED, "the #bell line has no version: '%s'",
                         text_escape(shown, rest));
    if (version != STREAM_VERSION)
        return error_set(err, STATUS_DAMAGED,
                         "a record stream of version %llu; this program reads version %d",
                         (unsigned long long)version, STREAM_VERSION);
    return STATUS_OK;
}

static enum status take_fields(struct header *header, struct slice rest, struct error *err)
{
    struct arena arena = ARENA_INIT;
    enum status s = STATUS_OK;
    while (s == STATUS_OK && !slice_missing(rest)) {
        bool no_memory = false;
        if (header->schema.count == STREAM_FIELDS_MAX) {
            s = error_set(err, STATUS_DAMAGED, "more than %d fields", STREAM_FIELDS_MAX);
            break;
        }
        struct slice name = escape_read(&arena, next_part(&rest), &no_memory);
        char *text = no_memory ? NULL : arena_copy(&arena, name.data, name.len);
        if (text == NULL)
            s = error_no_memory(err);
        else if (strlen(text) != name.len)
            s = error_set(err, STATUS_DAMAGED, "a field name holds a NUL");
        else if (name.len == 0)
            s = error_set(err, STATUS_DAMAGED, "a field without a name");
        else if (!utf8_valid(name))
            s = error_set(err, STATUS_DAMAGED, "a field name is not UTF-8");
        else
            s = schema_add(&header->schema, text, FIELD_STR, NULL, err);
    }
    arena_free(&arena);
    return s;
}

static enum status take_types(struct header *header, struct slice rest, struct error *err)
{
    size_t count = 0;
    for (; !slice_missing(rest); count++) {
        struct slice word = next_part(&rest);
        char shown[TEXT_ESCAPED_MAX];
        enum field_type type;
        if (!field_type_parse(word, &type))
            return error_set(err, STATUS_DAMAGED, "'%s' in the #types line is no type",
                             text_escape(shown, word));
        if (count < header->schema.count)
            header->schema.fields[count].type = type;
    }
    if (count != header->schema.count)
        return error_set(err, STATUS_DAMAGED, "%zu fields but %zu types", header->schema.count,
                         count);
    return STATUS_OK;
}

enum status stream_header_take(struct header *header, unsigned *stage, struct slice line,
                               struct error *err)
{
    static const char *const first[] = {"#bell", "#fields", "#types"};
    char shown[TEXT_ESCAPED_MAX];
    struct slice rest = line;
    struct slice kind = next_part(&rest);
    if (memchr(line.data, '\0', line.len) != NULL)
        return error_set(err, STATUS_DAMAGED, "a NUL in the header of the record stream");
    if (*stage < 3 && (!slice_is(kind, first[*stage]) || slice_missing(rest))) {
        if (*stage == 0)
            return error_set(err, STATUS_DAMAGED,
                             "not a record stream: it begins with '%s', not with #bell",
                             text_escape(shown, line));
        return error_set(err, STATUS_DAMAGED, "'%s' where the %s line should stand",
                         text_escape(shown, line), first[*stage]);
    }
    switch ((*stage)++) {
    case 0:
        return take_version(rest, err);
    case 1:
        return take_fields(header, rest, err);
    case 2:
        return take_types(header, rest, err);
    default:
        break;
    }
    if (kind.len < 2)
        return error_set(err, STATUS_DAMAGED, "an empty '#' line in the header");
    char *name = strndup(kind.data + 1, kind.len - 1);
    char *text = strndup(slice_missing(rest) ? "" : rest.data, rest.len);
    enum status s = name == NULL || text == NULL ? error_no_memory(err)
                                                 : header_add_line(header, name, text, err);
    free(name);
    free(text);
    return s;
}

bool stream_header_complete(unsigned stage)
{
    return stage >= 3;
}

/* The key of an #end line's part, NULL if it is none. */
static uint64_t *end_count(struct stream_end *end, struct slice key)
{
    if (slice_is(key, "in"))
        return &end->in;
    if (slice_is(key, "out"))
        return &end->out;
    if (slice_is(key, "rejected"))
        return &end->rejected;
    if (slice_is(key, "dropped"))
        return &end->dropped;
    if (slice_is(key, "counted"))
        return &end->counted;
    if (slice_is(key, "blank"))
        return &end->blank;
    return NULL;
}

enum status stream_end_parse(struct slice line, struct stream_end *end, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    *end =
        (struct stream_end){UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    struct slice rest = line;
    (void)next_part(&rest);
    while (!slice_missing(rest)) {
        struct slice part = next_part(&rest);
        const char *equals = part.len == 0 ? NULL : memchr(part.data, '=', part.len);
        size_t key_len = equals == NULL ? part.len : (size_t)(equals - part.data);
        uint64_t *count = end_count(end, (struct slice){part.data, key_len});
        if (equals == NULL || count == NULL || *count != UINT64_MAX ||
            !number_parse_u64((struct slice){equals + 1, part.len - key_len - 1}, count))
            return error_set(err, STATUS_DAMAGED,
                             "'%s' in the #end line is no count, or stands there twice",
                             text_escape(shown, part));
    }
    if (end->in == UINT64_MAX || end->out == UINT64_MAX || end->rejected == UINT64_MAX ||
        end->dropped == UINT64_MAX)
        return error_set(err, STATUS_DAMAGED, "the #end line lacks a count");
    if (end->blank == UINT64_MAX)
        end->blank = 0;
    uint64_t passed = end->counted != UINT64_MAX ? end->counted : end->out;
    /* Taken off one after the other, since a sum could wrap round. */
    if (passed > end->in || end->rejected > end->in - passed ||
        end->dropped != end->in - passed - end->rejected)
        return error_set(err, STATUS_DAMAGED, "the counts of the #end line do not add up: '%s'",
                         text_escape(shown, line));
    return STATUS_OK;
}

static bool append_shape(struct buffer *out, const struct schema *schema)
{
    for (size_t i = 0; i < schema->count; i++) {
        char shown[TEXT_ESCAPED_MAX];
        if (!buffer_appendf(out, "%s%s:%s", i == 0 ? "" : " ",
                            text_escape(shown, slice_of(schema->fields[i].name)),
                            field_type_name(schema->fields[i].type)))
            return false;
    }
    return true;
}

enum status stream_header_agree(const struct header *first, const char *first_name,
                                const struct header *next, const char *next_name, struct error *err)
{
    const struct schema *a = &first->schema;
    const struct schema *b = &next->schema;
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->fields[i].name, b->fields[i].name) == 0 &&
               a->fields[i].type == b->fields[i].type;
    if (same)
        return STATUS_OK;
    struct buffer left = BUFFER_INIT;
    struct buffer right = BUFFER_INIT;
    if (append_shape(&left, a) && append_shape(&right, b))
        error_set(err, STATUS_DAMAGED,
                  "streams with other fields cannot be joined: %s has [%.250s], %s has [%.250s]",
                  first_name, left.data == NULL ? "" : left.data, next_name,
                  right.data == NULL ? "" : right.data);
    else
        error_no_memory(err);
    buffer_free(&left);
    buffer_free(&right);
    return err == NULL ? STATUS_DAMAGED : err->code;
}
