/* kept_table.h - a small distribution table kept in memory, found by group: probes, reference
 * groups.
 *
 *     s = kept_table_read(&kept, "probe.csv", &reading, "the probe", err);
 *     s = kept_table_fit(kept, names, err);               // its groups are named by some of these
 *     s = kept_table_find(kept, group, &row, err);        // NULL: it has none for this group
 *     kept_table_free(kept);
 *
 * The file is a table as table_reader.h reads them; of it the counts are kept, at most
 * KEPT_ROWS_MAX groups.  Its group columns are some or all of those of the table that is looked up:
 * a probe by platform serves every week.
 */
#ifndef BELL_ESTIMATES_KEPT_TABLE_H
#define BELL_ESTIMATES_KEPT_TABLE_H

#include "base/intern.h"
#include "tables/table_reader.h"

enum { KEPT_ROWS_MAX = 1000000 };

struct kept_row {
    const struct slice *key; /* cells of names */
    const char *scale;       /* NULL: unknown */
    size_t bands;
    const struct table_band *band;
    const double *scores;
    double *counts;
    double n; /* sum of counts */
    size_t line;
};

struct kept_table {
    const char *file;
    const char *what; /* "the probe", for messages */
    struct table_names names;
    struct kept_row *rows;
    size_t count;
    size_t cap;
    struct intern keys; /* number of a row */
    size_t *map;        /* by name: its place among the names of kept_table_fit() */
    struct arena arena;
};

/* what is static text.  STATUS_DATA: a group twice, one that is withheld, a weighted table, and
 * whatever table_reader.h refuses. */
enum status kept_table_read(struct kept_table **kept, const char *path,
                            const struct table_reader_options *reading, const char *what,
                            struct error *err) BELL_CHECK;
/* STATUS_USAGE if it has a group column that the table has not. */
enum status kept_table_fit(struct kept_table *kept, const struct table_names *names,
                           struct error *err) BELL_CHECK;
/* The row of a group's key (cells of the names given to kept_table_fit()), NULL if there is none.
 * STATUS_USAGE if its bands are others than those of the group. */
enum status kept_table_find(const struct kept_table *kept, const struct table_group *group,
                            const struct kept_row **row, struct error *err) BELL_CHECK;
/* The row whose key has these cells, in the order of names; NULL: none. */
const struct kept_row *kept_table_at(const struct kept_table *kept, const struct slice *key);
/* Are the bands the same: names, ends and number? */
bool kept_same_bands(const struct table_band *a, size_t a_count, const struct table_band *b,
                     size_t b_count);
void kept_table_free(struct kept_table *kept); /* NULL is allowed */

#endif
