/* complete.h - rows for groups of which nothing came (`complete`).
 *
 * Each value of a completed column stands in the table at least once with each combination of
 * the other group columns and the window that the data has; several completed columns with each
 * combination of their values.  With one completed column and nothing else each value has its
 * row even when there are no records at all.  A group that came on any scale is there.
 */
#ifndef BELL_TABLES_COMPLETE_H
#define BELL_TABLES_COMPLETE_H

#include "tables/distribution.h"

/* scale: the cell of new groups (the table's one scale, or missing). */
enum status complete_groups(const struct distribution *plan, struct groups *groups,
                            struct slice scale, struct error *err) BELL_CHECK;

#endif
