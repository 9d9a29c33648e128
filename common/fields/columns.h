/* columns.h - the columns of a delimited source by the names that a study may use.
 *
 * A column is called by its header; one without a header by its number, from 1.  A name that two
 * columns share can only be reached by `index`.
 */
#ifndef BELL_FIELDS_COLUMNS_H
#define BELL_FIELDS_COLUMNS_H

#include "base/error.h"
#include "records/schema.h"
#include "study/node.h"

struct column_name;

struct columns {
    char **names;
    size_t count;
    struct column_name *sorted; /* by name, then by number: names may be many */
    bool private; /* no message shows a name: without its header line a file's first values are
                   * taken for names */
};

#define COLUMNS_INIT                                                                               \
    {                                                                                              \
        .names = NULL                                                                              \
    }
#define COLUMN_NONE SIZE_MAX

enum status columns_init(struct columns *columns, const struct schema *schema,
                         struct error *err) BELL_CHECK;
void columns_free(struct columns *columns);

/* The first column of that name; COLUMN_NONE if there is none. */
size_t columns_find(const struct columns *columns, const char *name);
/* The next column behind this one that has its name; COLUMN_NONE if there is none. */
size_t columns_same(const struct columns *columns, size_t column);
/* The one column of that name.  None (the nearest is named) or two: STATUS_USAGE at the node. */
enum status columns_require(const struct columns *columns, const char *name,
                            const struct node *place, size_t *column, struct error *err) BELL_CHECK;

#endif
