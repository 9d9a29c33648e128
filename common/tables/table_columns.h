/* table_columns.h - which columns a distribution table has, and what stands in one cell.
 *
 * The wide and the long layout, `columns` and withholding all go through the same list, so that
 * a figure cannot differ between them.
 */
#ifndef BELL_TABLES_TABLE_COLUMNS_H
#define BELL_TABLES_TABLE_COLUMNS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "tables/distribution.h"
#include "tables/figures.h"

enum quantity {
    QUANTITY_KEY, /* index: cell of the key */
    QUANTITY_RECORDS,
    QUANTITY_PEOPLE,
    QUANTITY_SCORED,
    QUANTITY_MISSING,
    QUANTITY_OFF_SCALE,
    QUANTITY_N, /* index: band column */
    QUANTITY_WEIGHTED,
    QUANTITY_N_EFF,
    QUANTITY_W, /* index: band column */
    QUANTITY_SHARE,
    QUANTITY_MEAN,
    QUANTITY_SD,
    QUANTITY_P10,
    QUANTITY_MEDIAN,
    QUANTITY_P90,
    QUANTITY_EXTREME,
    QUANTITY_MIDDLE,
    QUANTITY_NET,
    QUANTITY_NPS,
    QUANTITY_POPULATION,
    QUANTITY_PARTICIPATION,
    QUANTITY_STATUS,
    QUANTITY_SKEWNESS,
    QUANTITY_KURTOSIS,
    QUANTITY_AGREEMENT,
    QUANTITY_BIMODALITY,
    QUANTITY_LEIK,
    QUANTITY_ESTEBAN_RAY,
    QUANTITY_NOISE_LOW, /* index: band column */
    QUANTITY_NOISE_HIGH,
    QUANTITY_SHAPE,
    QUANTITY_MEASURE_COUNT, /* index: measure */
    QUANTITY_MEASURE_SUM,
    QUANTITY_MEASURE_MEAN,
    QUANTITY_MEASURE_SD,
    QUANTITY_MEASURE_MIN,
    QUANTITY_MEASURE_MEDIAN,
    QUANTITY_MEASURE_P90,
    QUANTITY_MEASURE_MAX
};

struct table_column {
    enum quantity quantity;
    size_t index;
    const char *name;
    const char *stem; /* the name without its band: "n", "share", "mean" */
};

struct table_columns {
    struct table_column *list;
    size_t count;
    size_t cap;
    const char **band_names; /* the union over the scales, in order of first sight */
    size_t band_count;
    size_t *band_at; /* [scale * band_count + band column]: the scale's band, or SIZE_MAX */
    struct arena arena;
};

/* What a row keeps back (min_cell). */
enum withheld { WITHHELD_NOTHING, WITHHELD_BUT_SCORED, WITHHELD_ALL };

struct table_row {
    const struct slice *key;
    const struct figures *figures;
    const struct bands *bands; /* NULL: none */
    const size_t *band_at;     /* the scale's part of table_columns.band_at */
    uint64_t population;       /* 0: unknown */
    double participation;      /* NaN: unknown */
    enum withheld withheld;
    const char *status;
};

/* scale_shown: the table has a column `scale` of its own.  bands: one a scale, each may be NULL.
 * Two columns of one name, or a name under `columns` that is none: STATUS_USAGE. */
enum status table_columns_make(struct table_columns *columns, const struct distribution *plan,
                               bool scale_shown, const struct bands *const *bands,
                               size_t scale_count, struct error *err) BELL_CHECK;
/* The names under `columns` as far as they can be judged before all scales are known: those of
 * bands are left for later.  Unknown: STATUS_USAGE with the nearest name. */
enum status table_columns_check(const struct distribution *plan, struct error *err) BELL_CHECK;
void table_columns_free(struct table_columns *columns);

/* Bytes that a cell may need; key cells and texts are handed out as they are. */
enum { TABLE_CELL_MAX = 64 };
/* The cell's text, in room or borrowed from the row; missing: blank. */
struct slice table_cell(const struct table_column *column, const struct distribution *plan,
                        const struct table_row *row, char room[TABLE_CELL_MAX]);
/* A number as cells show it; NaN: blank. */
struct slice table_number(double value, const struct distribution *plan, char room[TABLE_CELL_MAX]);

#endif
