/* items.h - the columns of a wide survey that become one record each.
 *
 * `columns` are header names or ranges "A..B" (every column from header A to header B, unless a
 * header is spelt so); `labels` is a side file `column,label`.  An item is called by its label,
 * without one by its header.
 */
#ifndef BELL_FIELDS_ITEMS_H
#define BELL_FIELDS_ITEMS_H

#include "base/error.h"
#include "fields/columns.h"
#include "study/node.h"

struct item {
    size_t column; /* in the source, from 0 */
    char *name;    /* label or header */
    bool labelled;
};

struct item_list {
    struct item *items;
    size_t count;
    size_t *of_column; /* by column: number of its item from 1, 0: it is none */
};

#define ITEM_LIST_INIT                                                                             \
    {                                                                                              \
        .items = NULL                                                                              \
    }

/* What can be said of the node `items` without columns. */
enum status item_list_check(const struct node *items, struct error *err) BELL_CHECK;
/* Resolves the node `items`.  An unknown column, a range that runs backwards, a column named
 * twice, two of one header: STATUS_USAGE with the node's place. */
enum status item_list_resolve(struct item_list *list, const struct node *items,
                              const struct columns *columns, struct error *err) BELL_CHECK;
/* Names items by a side file of `column,label`, given as rows of two texts.  An empty label
 * changes nothing.  A row whose column the source lacks or had a row before: STATUS_USAGE. */
enum status item_list_label(struct item_list *list, const struct columns *columns,
                            struct slice column, struct slice label, struct error *err) BELL_CHECK;
void item_list_free(struct item_list *list);

#endif
