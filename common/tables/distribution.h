/* distribution.h - from merged groups to the CSV of bell-aggregate.
 *
 *     struct distribution plan = {...};
 *     s = distribution_check(&plan, err);                       // before any data
 *     s = distribution_check_columns(&plan, err);               // once the fields are known
 *     s = distribution_write(&plan, &groups, &totals, scales, count, &csv, err);
 *
 * Rows are sorted by the bytes of group columns, scale and window, missing first.  Columns
 * stand in the order of bell-aggregate(1).  Nothing is written on an error: the whole text is
 * made first, charged to the budget of groups.
 */
#ifndef BELL_TABLES_DISTRIBUTION_H
#define BELL_TABLES_DISTRIBUTION_H

#include "base/buffer.h"
#include "tables/bands.h"
#include "tables/groups.h"
#include "tables/population.h"

enum { DISTRIBUTION_FEW = 30 }; /* fewer scored (persons, or n_eff): status u */

/* Groups that must appear (`complete`): the values of one group column. */
struct complete_column {
    size_t by; /* which group column */
    struct slice *values;
    size_t count;
};

struct distribution {
    const char *const *by;
    size_t by_count;
    bool windows;       /* column `window` */
    bool scored;        /* the stream has the field score */
    bool people;        /* column `people` */
    bool votes;         /* --vote person */
    const char *weight; /* field of weights; NULL: none */
    const char *const *measures;
    size_t measure_count;
    struct bands_spec bands;
    unsigned quantile_type; /* 7 or 1 */
    bool full;
    bool total;
    bool long_layout;
    bool excel;
    uint64_t min_cell;          /* 0: withhold nothing */
    const char *const *columns; /* only these behind the group columns; count 0: all */
    size_t column_count;
    const struct population *population; /* NULL: none */
    const struct complete_column *complete;
    size_t complete_count;
};

/* Settings that cannot go together: STATUS_USAGE. */
enum status distribution_check(const struct distribution *plan, struct error *err) BELL_CHECK;

/* The names under `columns`, once the fields of the stream are known (plan->scored, by ...): a slip
 * should not wait for the end of a long run.  STATUS_USAGE. */
enum status distribution_check_columns(const struct distribution *plan,
                                       struct error *err) BELL_CHECK;

/* Appends the CSV to out.  groups gets the groups of `complete`, its tables are sorted, and
 * with one scale its groups all get that.
 * totals (NULL unless plan->total) has by_count 0.  scales are those that the header or a
 * record names, in byte order of their names. */
enum status distribution_write(const struct distribution *plan, struct groups *groups,
                               struct groups *totals, const struct scale *const *scales,
                               size_t scale_count, struct buffer *out,
                               struct error *err) BELL_CHECK;

#endif
