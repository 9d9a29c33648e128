#include "study/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct node *node_child(const struct node *map, const char *key)
{
    if (map == NULL || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i], key) == 0)
            return map->items[i];
    return NULL;
}

const struct node *node_given(const struct node *map, const char *key)
{
    const struct node *child = node_child(map, key);
    bool absent = child != NULL && child->kind == NODE_SCALAR && node_text(child) == NULL;
    return absent ? NULL : child;
}

const struct node *node_find(const struct node *map, const char *path)
{
    const struct node *at = map;
    while (at != NULL) {
        const char *dot = strchr(path, '.');
        if (dot == NULL)
            return node_child(at, path);
        size_t len = (size_t)(dot - path);
        const struct node *next = NULL;
        if (at->kind == NODE_MAP)
            for (size_t i = 0; i < at->count && next == NULL; i++)
                if (strlen(at->keys[i]) == len && memcmp(at->keys[i], path, len) == 0)
                    next = at->items[i];
        at = next;
        path = dot + 1;
    }
    return NULL;
}

const char *node_text(const struct node *node)
{
    if (node == NULL || node->kind != NODE_SCALAR)
        return NULL;
    if (!node->quoted &&
        (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0))
        return NULL;
    return node->text;
}

size_t node_list_count(const struct node *node)
{
    if (node == NULL)
        return 0;
    if (node->kind == NODE_LIST)
        return node->count;
    if (node->kind == NODE_SCALAR)
        return node_text(node) != NULL;
    return 1;
}

const struct node *node_list_item(const struct node *node, size_t i)
{
    if (i >= node_list_count(node))
        return NULL;
    return node->kind == NODE_LIST ? node->items[i] : node;
}

static struct node *new_node(struct arena *arena, const char *file, enum node_kind kind)
{
    struct node *node = arena_calloc(arena, 1, sizeof *node);
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->file = file;
    return node;
}

struct node *node_new_scalar(struct arena *arena, const char *file, struct slice text, bool quoted)
{
    struct node *node = new_node(arena, file, NODE_SCALAR);
    if (node == NULL)
        return NULL;
    node->text = arena_copy(arena, text.data, text.len);
    node->quoted = quoted;
    return node->text == NULL ? NULL : node;
}

struct node *node_new_list(struct arena *arena, const char *file)
{
    return new_node(arena, file, NODE_LIST);
}

struct node *node_new_map(struct arena *arena, const char *file)
{
    return new_node(arena, file, NODE_MAP);
}

/* Room for one more.  The room is always the power of two at or above count, so that it need
 * not be written down. */
static bool make_room(struct arena *arena, struct node *node)
{
    if ((node->count & (node->count - 1)) != 0)
        return true;
    size_t cap = node->count == 0 ? 1 : node->count * 2;
    struct node **items = arena_calloc(arena, cap, sizeof(struct node *));
    if (items == NULL)
        return false;
    if (node->count > 0)
        memcpy(items, node->items, node->count * sizeof *items);
    if (node->kind == NODE_MAP) {
        char **keys = arena_calloc(arena, cap, sizeof(char *));
        if (keys == NULL)
            return false;
        if (node->count > 0)
            memcpy(keys, node->keys, node->count * sizeof *keys);
        node->keys = keys;
    }
    node->items = items;
    return true;
}

bool node_append(struct arena *arena, struct node *list, struct node *item)
{
    if (!make_room(arena, list))
        return false;
    list->items[list->count++] = item;
    return true;
}

bool node_add(struct arena *arena, struct node *map, const char *key, struct node *value)
{
    char *copy = arena_copy(arena, key, strlen(key));
    if (copy == NULL || !make_room(arena, map))
        return false;
    map->keys[map->count] = copy;
    map->items[map->count++] = value;
    return true;
}

bool node_put(struct arena *arena, struct node *map, const char *key, struct node *value)
{
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i], key) == 0) {
            map->items[i] = value;
            return true;
        }
    return node_add(arena, map, key, value);
}

/* Trees are at most YAML_DEPTH_MAX deep, so this cannot run away. */
static struct node *copy_children(struct arena *arena, struct node *node)
{
    size_t cap = 1;
    while (cap < node->count)
        cap *= 2;
    if (node->count == 0)
        return node;
    struct node **items = arena_calloc(arena, cap, sizeof(struct node *));
    char **keys = node->kind == NODE_MAP ? arena_calloc(arena, cap, sizeof(char *)) : NULL;
    if (items == NULL || (keys == NULL && node->kind == NODE_MAP))
        return NULL;
    for (size_t i = 0; i < node->count; i++) {
        items[i] =
            node->items[i]->kind == NODE_SCALAR ? node->items[i] : node_copy(arena, node->items[i]);
        if (items[i] == NULL)
            return NULL;
        if (keys != NULL)
            keys[i] = node->keys[i];
    }
    node->items = items;
    node->keys = keys;
    return node;
}

struct node *node_copy(struct arena *arena, const struct node *node)
{
    struct node *copy = new_node(arena, NULL, NODE_MAP);
    if (copy == NULL || node == NULL)
        return copy;
    *copy = *node;
    return node->kind == NODE_SCALAR ? copy : copy_children(arena, copy);
}

static enum status error_there(const char *file, uint64_t line, uint64_t column, struct error *err,
                               const char *fmt, va_list args)
{
    if (err == NULL)
        return STATUS_USAGE;
    char text[ERROR_TEXT_MAX];
    (void)vsnprintf(text, sizeof text, fmt, args);
    (void)error_set(err, STATUS_USAGE, "%s", text);
    error_at(err, file, line, column);
    return STATUS_USAGE;
}

enum status node_require_field(const struct node *node, const struct schema *schema,
                               const char *name, size_t *index, struct error *err)
{
    enum status s = schema_require(schema, name, index, err);
    if (s != STATUS_OK && node != NULL)
        error_at(err, node->file, node->line, node->column);
    return s;
}

enum status node_error(const struct node *node, struct error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum status s = node == NULL
                        ? error_there(NULL, 0, 0, err, fmt, args)
                        : error_there(node->file, node->line, node->column, err, fmt, args);
    va_end(args);
    return s;
}

enum status node_key_error(const struct node *node, struct error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    bool known = node->key_line != 0;
    enum status s = error_there(node->file, known ? node->key_line : node->line,
                                known ? node->key_column : node->column, err, fmt, args);
    va_end(args);
    return s;
}
