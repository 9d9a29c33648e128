/* The event interface is used because the document interface has no limit of depth, shares
 * aliased nodes, and forgets the places of keys. */
#include "study/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "base/text.h"
#include "base/utf8.h"

struct frame {
    struct node *node;
    char *key; /* map: the key whose value comes next */
    uint64_t key_line;
    uint64_t key_column;
};

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    const char *file;
    struct slice text;
    struct frame frames[YAML_DEPTH_MAX];
    size_t depth;
    struct node *root;
    struct error *err;
};

static enum status fail(const struct reader *r, const yaml_mark_t *mark, const char *text)
{
    (void)error_set(r->err, STATUS_USAGE, "%s", text);
    error_at(r->err, r->file, mark->line + 1, mark->column + 1);
    return STATUS_USAGE;
}

/* Bad bytes have no mark, only an offset. */
static enum status fail_bytes(const struct reader *r, size_t offset)
{
    uint64_t line = 1;
    uint64_t column = 1;
    for (size_t i = 0; i < offset && i < r->text.len; i++) {
        unsigned char c = (unsigned char)r->text.data[i];
        if (c == '\n') {
            line++;
            column = 1;
        } else if ((c & 0xc0U) != 0x80U) {
            column++;
        }
    }
    unsigned char bad = offset < r->text.len ? (unsigned char)r->text.data[offset] : 0;
    if (bad >= 0x80)
        (void)error_set(r->err, STATUS_USAGE, "byte \\x%02X is no UTF-8; save the file as UTF-8",
                        bad);
    else
        (void)error_set(r->err, STATUS_USAGE, "byte \\x%02X may not stand in YAML", bad);
    error_at(r->err, r->file, line, column);
    return STATUS_USAGE;
}

static enum status fail_parser(const struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    char text[ERROR_TEXT_MAX];
    const char *problem = p->problem != NULL ? p->problem : "bad YAML";
    switch (p->error) {
    case YAML_MEMORY_ERROR:
        return error_no_memory(r->err);
    case YAML_READER_ERROR:
        return fail_bytes(r, p->problem_offset);
    default:
        break;
    }
    if (p->context != NULL)
        (void)snprintf(text, sizeof text, "%s (%s that began at line %zu, column %zu)", problem,
                       p->context, p->context_mark.line + 1, p->context_mark.column + 1);
    else
        (void)snprintf(text, sizeof text, "%s", problem);
    return fail(r, &p->problem_mark, text);
}

struct sorted_key {
    const char *key;
    size_t index;
};

static int compare_keys(const void *a, const void *b)
{
    const struct sorted_key *x = a;
    const struct sorted_key *y = b;
    int c = strcmp(x->key, y->key);
    return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static enum status check_duplicates(const struct reader *r, const struct node *map)
{
    if (map->count < 2)
        return STATUS_OK;
    struct sorted_key *keys = malloc(map->count * sizeof *keys);
    if (keys == NULL)
        return error_no_memory(r->err);
    for (size_t i = 0; i < map->count; i++)
        keys[i] = (struct sorted_key){map->keys[i], i};
    qsort(keys, map->count, sizeof *keys, compare_keys);
    size_t first = SIZE_MAX;
    size_t second = SIZE_MAX;
    for (size_t i = 1; i < map->count; i++)
        if (strcmp(keys[i - 1].key, keys[i].key) == 0 && keys[i].index < second) {
            first = keys[i - 1].index;
            second = keys[i].index;
        }
    free(keys);
    if (second == SIZE_MAX)
        return STATUS_OK;
    char shown[TEXT_ESCAPED_MAX];
    const struct node *one = map->items[first];
    const struct node *two = map->items[second];
    return node_key_error(two, r->err, "key '%s' stands here and in line %llu; leave one of them",
                          text_escape(shown, slice_of(map->keys[second])),
                          (unsigned long long)one->key_line);
}

/* Puts a finished or opened node where the innermost open container expects it. */
static enum status place(struct reader *r, struct node *node)
{
    if (r->depth == 0) {
        r->root = node;
        return STATUS_OK;
    }
    struct frame *top = &r->frames[r->depth - 1];
    bool done;
    if (top->node->kind == NODE_LIST) {
        done = node_append(r->arena, top->node, node);
    } else {
        node->key_line = top->key_line;
        node->key_column = top->key_column;
        done = node_add(r->arena, top->node, top->key, node);
        top->key = NULL;
    }
    return done ? STATUS_OK : error_no_memory(r->err);
}

static bool key_is_next(const struct reader *r)
{
    return r->depth > 0 && r->frames[r->depth - 1].node->kind == NODE_MAP &&
           r->frames[r->depth - 1].key == NULL;
}

static enum status on_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    struct slice text = {value, event->data.scalar.length};
    bool quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    const yaml_mark_t *mark = &event->start_mark;
    if (memchr(value, '\0', text.len) != NULL)
        return fail(r, mark, "a NUL byte may not stand in a text");
    if (key_is_next(r)) {
        struct frame *top = &r->frames[r->depth - 1];
        if (!quoted && slice_is(text, "<<"))
            return fail(r, mark, "merge keys (<<) are not allowed; write the keys out");
        top->key = arena_copy(r->arena, text.data, text.len);
        top->key_line = mark->line + 1;
        top->key_column = mark->column + 1;
        return top->key != NULL ? STATUS_OK : error_no_memory(r->err);
    }
    struct node *node = node_new_scalar(r->arena, r->file, text, quoted);
    if (node == NULL)
        return error_no_memory(r->err);
    node->line = mark->line + 1;
    node->column = mark->column + 1;
    return place(r, node);
}

static enum status on_open(struct reader *r, enum node_kind kind, const yaml_mark_t *mark)
{
    if (key_is_next(r))
        return fail(r, mark, "a key must be a plain word or text, not a list or a map");
    if (r->depth == YAML_DEPTH_MAX) {
        char text[80];
        (void)snprintf(text, sizeof text, "more than %d levels of lists and maps", YAML_DEPTH_MAX);
        return fail(r, mark, text);
    }
    struct node *node =
        kind == NODE_MAP ? node_new_map(r->arena, r->file) : node_new_list(r->arena, r->file);
    if (node == NULL)
        return error_no_memory(r->err);
    node->line = mark->line + 1;
    node->column = mark->column + 1;
    enum status s = place(r, node);
    if (s == STATUS_OK)
        r->frames[r->depth++] = (struct frame){.node = node};
    return s;
}

static enum status check_tag(const struct reader *r, const yaml_event_t *event)
{
    const yaml_char_t *tag = NULL;
    const yaml_char_t *anchor = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        tag = event->data.scalar.tag;
        anchor = event->data.scalar.anchor;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        tag = event->data.sequence_start.tag;
        anchor = event->data.sequence_start.anchor;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        tag = event->data.mapping_start.tag;
        anchor = event->data.mapping_start.anchor;
    }
    if (anchor != NULL)
        return fail(r, &event->start_mark,
                    "anchors (&name) are not allowed; write the value out "
                    "where it is needed, or put text with & in quotes");
    if (tag != NULL)
        return fail(r, &event->start_mark,
                    "tags (!name) are not allowed; put text with ! in quotes");
    return STATUS_OK;
}

static enum status on_event(struct reader *r, const yaml_event_t *event)
{
    enum status s = check_tag(r, event);
    if (s != STATUS_OK)
        return s;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return r->root == NULL ? STATUS_OK
                               : fail(r, &event->start_mark,
                                      "a second document begins here; only one is allowed");
    case YAML_ALIAS_EVENT:
        return fail(r, &event->start_mark,
                    "aliases (*name) are not allowed; write the value out, "
                    "or put text with * in quotes");
    case YAML_SCALAR_EVENT:
        return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(r, NODE_LIST, &event->start_mark);
    case YAML_MAPPING_START_EVENT:
        return on_open(r, NODE_MAP, &event->start_mark);
    case YAML_SEQUENCE_END_EVENT:
        r->depth--;
        return STATUS_OK;
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return check_duplicates(r, r->frames[r->depth].node);
    default:
        return STATUS_OK;
    }
}

static enum status read_events(struct reader *r)
{
    enum status s = STATUS_OK;
    bool end = false;
    while (s == STATUS_OK && !end) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event))
            return fail_parser(r);
        end = event.type == YAML_STREAM_END_EVENT;
        s = on_event(r, &event);
        yaml_event_delete(&event);
    }
    return s;
}

enum status yaml_parse(const char *name, struct slice text, struct arena *arena, struct node **root,
                       struct error *err)
{
    struct reader r = {.arena = arena, .err = err};
    *root = NULL;
    if (text.len > YAML_BYTES_MAX) {
        (void)error_set(err, STATUS_USAGE, "larger than 1 MiB, too large for a study file");
        error_at(err, name, 0, 0);
        return STATUS_USAGE;
    }
    r.file = arena_copy(arena, name, strlen(name));
    if (r.file == NULL || !yaml_parser_initialize(&r.parser))
        return error_no_memory(err);
    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0) {
        text.data += 3;
        text.len -= 3;
    }
    r.text = text;
    /* libyaml would blame the byte behind a cut character. */
    size_t valid = utf8_valid_prefix(text);
    if (valid < text.len) {
        yaml_parser_delete(&r.parser);
        return fail_bytes(&r, valid);
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.len > 0 ? text.data : ""),
                                 text.len);
    enum status s = read_events(&r);
    yaml_parser_delete(&r.parser);
    if (s == STATUS_OK && r.root == NULL)
        r.root = node_new_map(arena, r.file);
    if (s == STATUS_OK && r.root == NULL)
        return error_no_memory(err);
    /* A file of only `---` or comments holds one absent scalar. */
    if (s == STATUS_OK && r.root->kind == NODE_SCALAR && node_text(r.root) == NULL) {
        const struct node *empty = r.root;
        r.root = node_new_map(arena, r.file);
        if (r.root == NULL)
            return error_no_memory(err);
        r.root->line = empty->line;
        r.root->column = empty->column;
    }
    if (s == STATUS_OK)
        *root = r.root;
    return s;
}

static enum status read_bytes(int fd, const char *path, struct buffer *bytes, struct error *err)
{
    enum { CHUNK = 65536 };
    for (;;) {
        if (!buffer_reserve(bytes, CHUNK))
            return error_no_memory(err);
        ssize_t n = read(fd, bytes->data + bytes->len, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            enum status code = errno == EISDIR ? STATUS_USAGE : STATUS_IO;
            return error_set_errno(err, code, errno, "%s: cannot read", path);
        }
        if (n == 0)
            return STATUS_OK;
        bytes->len += (size_t)n;
        if (bytes->len > YAML_BYTES_MAX) {
            (void)error_set(err, STATUS_USAGE, "larger than 1 MiB, too large for a study file");
            error_at(err, path, 0, 0);
            return STATUS_USAGE;
        }
    }
}

enum status yaml_read_file(const char *path, struct arena *arena, struct node **root,
                           struct buffer *bytes, struct error *err)
{
    struct buffer own = BUFFER_INIT;
    struct buffer *text = bytes != NULL ? bytes : &own;
    *root = NULL;
    buffer_clear(text);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, STATUS_USAGE, errno, "%s: cannot open the file", path);
    enum status s = read_bytes(fd, path, text, err);
    (void)close(fd);
    if (s == STATUS_OK)
        s = yaml_parse(path, (struct slice){text->data != NULL ? text->data : "", text->len}, arena,
                       root, err);
    buffer_free(&own);
    return s;
}

/* A value from the command line has no line. */
static void clear_places(struct node *node)
{
    node->line = node->column = node->key_line = node->key_column = 0;
    for (size_t i = 0; node->kind != NODE_SCALAR && i < node->count; i++)
        clear_places(node->items[i]);
}

enum status yaml_parse_value(const char *option, const char *text, struct arena *arena,
                             struct node **value, struct error *err)
{
    struct slice trimmed = slice_trim(slice_of(text));
    *value = NULL;
    if (trimmed.len > 0 && (trimmed.data[0] == '[' || trimmed.data[0] == '{')) {
        enum status s = yaml_parse(option, trimmed, arena, value, err);
        if (s == STATUS_OK)
            clear_places(*value);
        return s;
    }
    const char *file = arena_copy(arena, option, strlen(option));
    if (file == NULL)
        return error_no_memory(err);
    *value = node_new_scalar(arena, file, slice_of(text), true);
    return *value != NULL ? STATUS_OK : error_no_memory(err);
}

static bool is_simple(const char *text)
{
    if (text[0] == '\0' || strcmp(text, "null") == 0)
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
              *c == '_' || (*c == '.' && c > text) || (*c == '/' && c > text) ||
              (*c == '-' && c > text)))
            return false;
    return true;
}

/* What YAML takes for a line break, or refuses, unless it is escaped. */
static bool needs_escape(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
           c == 0xfffe || c == 0xffff;
}

static bool write_text(struct buffer *out, const char *text)
{
    if (is_simple(text))
        return buffer_append_text(out, text);
    bool ok = buffer_append_byte(out, '"');
    struct slice rest = slice_of(text);
    while (rest.len > 0 && ok) {
        uint32_t c = 0;
        size_t n = utf8_decode(rest.data, rest.len, &c);
        if (n == 0) { /* no UTF-8: as it is, to be refused by whoever reads it */
            n = 1;
            c = 0xfffd;
        }
        if (c == '"' || c == '\\')
            ok = buffer_appendf(out, "\\%c", (int)c);
        else if (needs_escape(c))
            ok = buffer_appendf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
        else
            ok = buffer_append(out, rest.data, n);
        rest.data += n;
        rest.len -= n;
    }
    return ok && buffer_append_byte(out, '"');
}

bool yaml_write_flow(struct buffer *out, const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return node_text(node) == NULL ? buffer_append_byte(out, '~') : write_text(out, node->text);
    bool map = node->kind == NODE_MAP;
    bool ok = buffer_append_byte(out, map ? '{' : '[');
    for (size_t i = 0; i < node->count && ok; i++) {
        if (i > 0)
            ok = buffer_append_text(out, ", ");
        if (ok && map)
            ok = write_text(out, node->keys[i]) && buffer_append_text(out, ": ");
        ok = ok && yaml_write_flow(out, node->items[i]);
    }
    return ok && buffer_append_byte(out, map ? '}' : ']');
}
