/* node.h - a piece of a study file, or of an option, as a tree.
 *
 * All scalars are text; nothing is guessed from their spelling.  A node knows its place, so
 * that messages can name file:line:column (file is an option's name, like "--by", and line 0,
 * if it came from the command line).  Trees are read only once built and live as long as
 * their owner (struct study, struct settings).
 */
#ifndef BELL_STUDY_NODE_H
#define BELL_STUDY_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "records/schema.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    char *text;          /* scalar: terminated by NUL, holds none */
    bool quoted;         /* scalar: was in quotes (so "" is a text, not an absent value) */
    struct node **items; /* list: items; map: values, in file order */
    char **keys;         /* map: one a value */
    size_t count;
    const char *file;
    uint64_t line;
    uint64_t column;
    uint64_t key_line; /* value of a map: the place of its key; else 0 */
    uint64_t key_column;
};

/* Child of a map by its exact key (dots mean nothing here); NULL if absent or node is NULL. */
const struct node *node_child(const struct node *map, const char *key);
/* The same, but NULL as well if nothing stands behind the key: `key:` is as good as absent. */
const struct node *node_given(const struct node *map, const char *key);
/* Child by a path of keys joined by ".", for instance "score.from"; NULL if absent. */
const struct node *node_find(const struct node *map, const char *path);
/* Text of a scalar; NULL if node is NULL or an absent value (plain "", "~", "null"). */
const char *node_text(const struct node *node);
/* Number of values when a scalar counts as a list of one; 0 for NULL and absent values. */
size_t node_list_count(const struct node *node);
/* The i-th of them. */
const struct node *node_list_item(const struct node *node, size_t i);

/* Builders, for option values.  Texts are copied into the arena; the place is `file` (a text
 * that outlives the tree) and line 0.  NULL: out of memory. */
struct node *node_new_scalar(struct arena *arena, const char *file, struct slice text,
                             bool quoted) BELL_CHECK;
struct node *node_new_list(struct arena *arena, const char *file) BELL_CHECK;
struct node *node_new_map(struct arena *arena, const char *file) BELL_CHECK;
/* Puts a child at the end of a list.  false: out of memory. */
bool node_append(struct arena *arena, struct node *list, struct node *item) BELL_CHECK;
/* Puts a child under a key of a map, instead of the one that stands there. */
bool node_put(struct arena *arena, struct node *map, const char *key,
              struct node *value) BELL_CHECK;
/* The same without looking for the key first: for keys that are known to be new. */
bool node_add(struct arena *arena, struct node *map, const char *key,
              struct node *value) BELL_CHECK;
/* A copy whose lists and maps may be changed without changing the original; scalars and keys
 * are shared.  node may be NULL: an empty map. */
struct node *node_copy(struct arena *arena, const struct node *node) BELL_CHECK;

/* schema_require() for a field that a node names: the error carries the node's place; NULL: none.
 */
enum status node_require_field(const struct node *node, const struct schema *schema,
                               const char *name, size_t *index, struct error *err) BELL_CHECK;

/* error_set at the node's place. */
enum status node_error(const struct node *node, struct error *err, const char *fmt, ...)
    BELL_PRINTF(3, 4); /* always STATUS_USAGE */
/* The same at the place of the node's key. */
enum status node_key_error(const struct node *node, struct error *err, const char *fmt, ...)
    BELL_PRINTF(3, 4);

#endif
