#include "fields/items.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct resolving {
    struct item_list *list;
    const struct columns *columns;
};

static enum status add_item(struct resolving *r, size_t column, const struct node *place,
                            struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    const char *name = r->columns->names[column];
    if (r->list->of_column[column] != 0)
        return node_error(place, err, "column '%s' is an item already",
                          text_escape(shown, slice_of(name)));
    struct item *item = &r->list->items[r->list->count];
    *item = (struct item){.column = column, .name = strdup(name)};
    if (item->name == NULL)
        return error_no_memory(err);
    r->list->of_column[column] = ++r->list->count;
    return STATUS_OK;
}

/* Answers to two questions of one name could not be told apart behind this. */
static enum status check_headers(const struct resolving *r, const struct node *place,
                                 struct error *err)
{
    for (size_t i = 0; i < r->list->count; i++) {
        size_t column = r->list->items[i].column;
        size_t other = columns_same(r->columns, column);
        while (other != COLUMN_NONE && r->list->of_column[other] == 0)
            other = columns_same(r->columns, other);
        if (other != COLUMN_NONE)
            return node_error(place, err,
                              "the items of columns %zu and %zu have one header; rename one in "
                              "the source, or name the columns one by one without them",
                              column + 1, other + 1);
    }
    return STATUS_OK;
}

/* "A..B": both ends must be headers; a header may hold ".." itself, so every place is tried. */
static bool split_range(const struct columns *columns, const char *text, size_t *from, size_t *to,
                        struct error *err)
{
    for (const char *dots = strstr(text, ".."); dots != NULL; dots = strstr(dots + 1, "..")) {
        /* This end first: it needs no copy, and text may be long. */
        *to = columns_find(columns, dots + 2);
        if (*to == COLUMN_NONE)
            continue;
        char *first = strndup(text, (size_t)(dots - text));
        if (first == NULL) {
            error_no_memory(err);
            return false;
        }
        *from = columns_find(columns, first);
        free(first);
        if (*from != COLUMN_NONE)
            return true;
    }
    return false;
}

/* The message for a range of which an end is no header. */
static enum status range_fault(const struct columns *columns, const char *text,
                               const struct node *place, struct error *err)
{
    size_t column;
    const char *dots = strstr(text, "..");
    char *first = strndup(text, (size_t)(dots - text));
    if (first == NULL)
        return error_no_memory(err);
    enum status s = columns_require(columns, first, place, &column, err);
    free(first);
    return s != STATUS_OK ? s : columns_require(columns, dots + 2, place, &column, err);
}

static enum status add_text(struct resolving *r, const char *text, const struct node *place,
                            struct error *err)
{
    size_t from = 0;
    size_t to = 0;
    char shown[TEXT_ESCAPED_MAX];
    if (strstr(text, "..") == NULL || columns_find(r->columns, text) != COLUMN_NONE) {
        enum status s = columns_require(r->columns, text, place, &from, err);
        return s != STATUS_OK ? s : add_item(r, from, place, err);
    }
    err->code = STATUS_OK;
    if (!split_range(r->columns, text, &from, &to, err))
        return err->code != STATUS_OK ? err->code : range_fault(r->columns, text, place, err);
    if (columns_same(r->columns, from) != COLUMN_NONE ||
        columns_same(r->columns, to) != COLUMN_NONE)
        return node_error(place, err, "an end of the range '%s' is the name of two columns",
                          text_escape(shown, slice_of(text)));
    if (from > to)
        return node_error(place, err, "the range '%s' runs backwards: column %zu to %zu",
                          text_escape(shown, slice_of(text)), from + 1, to + 1);
    enum status s = STATUS_OK;
    for (size_t c = from; s == STATUS_OK && c <= to; c++)
        s = add_item(r, c, place, err);
    return s;
}

enum status item_list_check(const struct node *items, struct error *err)
{
    if (node_list_count(node_child(items, "columns")) == 0)
        return node_error(items, err, "items needs columns: a list of headers or A..B");
    return STATUS_OK;
}

enum status item_list_resolve(struct item_list *list, const struct node *items,
                              const struct columns *columns, struct error *err)
{
    const struct node *names = node_child(items, "columns");
    *list = (struct item_list)ITEM_LIST_INIT;
    enum status s = item_list_check(items, err);
    if (s != STATUS_OK)
        return s;
    list->items = calloc(columns->count + 1, sizeof *list->items);
    list->of_column = calloc(columns->count + 1, sizeof *list->of_column);
    struct resolving r = {list, columns};
    if (list->items == NULL || list->of_column == NULL)
        s = error_no_memory(err);
    for (size_t i = 0; s == STATUS_OK && i < node_list_count(names); i++) {
        const struct node *item = node_list_item(names, i);
        const char *text = node_text(item);
        s = text == NULL ? node_error(item, err, "an item needs the header of a column")
                         : add_text(&r, text, item, err);
    }
    if (s == STATUS_OK)
        s = check_headers(&r, names, err);
    if (s != STATUS_OK)
        item_list_free(list);
    return s;
}

/* Items come in the order of the study, which may be any: labels look their column up. */
enum status item_list_label(struct item_list *list, const struct columns *columns,
                            struct slice column, struct slice label, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    char *name = strndup(column.data, column.len);
    char *text = strndup(label.data, label.len);
    enum status s = name == NULL || text == NULL ? error_no_memory(err) : STATUS_OK;
    size_t at = s == STATUS_OK ? columns_find(columns, name) : 0;
    if (s == STATUS_OK && at == COLUMN_NONE)
        s = error_set(err, STATUS_USAGE, "the input has no column '%s'",
                      text_escape(shown, column));
    struct item *item =
        s == STATUS_OK && list->of_column[at] != 0 ? &list->items[list->of_column[at] - 1] : NULL;
    if (item != NULL && item->labelled) {
        s = error_set(err, STATUS_USAGE, "column '%s' has a label already; leave one of them",
                      text_escape(shown, column));
    } else if (item != NULL) {
        item->labelled = true;
        if (label.len > 0) {
            free(item->name);
            item->name = text;
            text = NULL;
        }
    }
    free(name);
    free(text);
    return s;
}

void item_list_free(struct item_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i].name);
    free(list->items);
    free(list->of_column);
    *list = (struct item_list)ITEM_LIST_INIT;
}
