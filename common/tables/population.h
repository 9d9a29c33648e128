/* population.h - how many people each group has in the world (`population` of aggregate).
 *
 * Groups are named by the columns `by`; a file's columns other than `population` if it does not
 * say.  Counts are whole numbers above 0.
 */
#ifndef BELL_TABLES_POPULATION_H
#define BELL_TABLES_POPULATION_H

#include "base/intern.h"
#include "study/node.h"
#include "study/study.h"

struct population {
    const char **by;
    size_t by_count;
    bool by_any; /* inline groups without `by`: whatever the one group column is called */
    struct intern keys;
    uint64_t *counts; /* by number of the key */
    uint64_t total;   /* 0: unknown */
    struct arena arena;
};

/* Reads {file, by, total, as_of, source} or {groups, by, total, ...}. */
enum status population_read(const struct study *study, const struct node *node,
                            struct population **population, struct error *err) BELL_CHECK;
/* Are its groups those of a table with these group columns (in any order)?  map[i] is then the
 * place of population column i among the table's. */
bool population_fits(const struct population *population, const char *const *by, size_t by_count,
                     size_t *map);
/* The count of a group (cells in the order of the table) in *count, 0 if it has none. */
enum status population_find(const struct population *population, const struct slice *key,
                            const size_t *map, uint64_t *count, struct error *err) BELL_CHECK;
/* NULL is allowed. */
void population_free(struct population *population);

#endif
