/* table_reader_parts.h - what the files of table_reader.h share; nobody else includes it.
 *
 * A group on its way: table_wide_next(), table_long_next() or table_partials_next() fill a
 * table_raw with what stands in the input; table_checked() makes the group of it that is handed
 * out, or says what does not add up.
 */
#ifndef BELL_TABLES_TABLE_READER_PARTS_H
#define BELL_TABLES_TABLE_READER_PARTS_H

#include "tables/table_reader.h"
#include "tables/table_rows.h"
#include "tables/table_scales.h"

#define TABLE_NONE SIZE_MAX

enum table_figure {
    TABLE_RECORDS,
    TABLE_PEOPLE,
    TABLE_SCORED,
    TABLE_MISSING,
    TABLE_OFF_SCALE,
    TABLE_WEIGHTED,
    TABLE_N_EFF,
    TABLE_MEAN,
    TABLE_SD,
    TABLE_MEDIAN,
    TABLE_POPULATION,
    TABLE_FIGURES
};
extern const char *const table_figure_names[TABLE_FIGURES];

/* Which column of a CSV is what. */
struct table_layout {
    bool long_layout;
    struct table_names names;
    size_t *keys;                 /* column of each name */
    size_t figure[TABLE_FIGURES]; /* wide: column, TABLE_NONE: not there */
    size_t status;
    struct slice *bands; /* wide: names of the bands in the order of their columns */
    size_t *counts;      /* their columns n_... */
    size_t *weights;     /* and w_..., TABLE_NONE without weights */
    size_t band_count;
    size_t quantity, band, low, high, value; /* long */
};

struct table_raw {
    const char *file;
    uint64_t line;
    struct slice *key; /* cells of names */
    double figure[TABLE_FIGURES];
    bool withheld;
    const struct table_scale *scale; /* NULL: no bands */
    double *counts;                  /* one a band of it; NULL: they are blank */
    double *weights;                 /* NULL: unweighted */
};

/* A scale's bands among those of a wide table. */
struct table_places {
    const struct table_scale *scale;
    size_t *at; /* by band: number in layout.bands */
};

struct table_partials;

struct table_reader {
    struct table_reader_options options;
    struct table_layout layout;
    struct table_names names;
    struct table_rows *rows; /* NULL: partials */
    struct table_partials *partials;
    struct table_scales scales;
    struct bands_spec bands;         /* of the study, if the options have none */
    const struct table_scale *fixed; /* of a table without a column scale */
    bool by_names;                   /* fixed was read from names that are numbers */
    struct table_places *places;
    size_t place_count;
    size_t *population_map; /* NULL: options.population is for other groups */
    bool population_total;  /* ... is for the only group */
    struct table_raw raw;
    size_t band_cap; /* room in raw.counts, raw.weights */
    double *room[2];
    struct table_row_cells pending; /* long: the first row of the next group */
    bool pending_known;
    struct table_band *gathered; /* long: bands of this group */
    size_t gathered_count;
    struct arena texts; /* long: of this group */
    struct table_group group;
    struct arena arena;
};

enum status table_layout_read(struct table_layout *layout, const struct slice *header, size_t count,
                              struct arena *arena, struct error *err) BELL_CHECK;

/* Each fills reader->raw; *end at the end. */
enum status table_wide_next(struct table_reader *reader, bool *end, struct error *err) BELL_CHECK;
enum status table_long_next(struct table_reader *reader, bool *end, struct error *err) BELL_CHECK;
enum status table_partials_next(struct table_reader *reader, bool *end,
                                struct error *err) BELL_CHECK;
/* begun is taken over; gives the names. */
enum status table_partials_open(struct table_reader *reader, struct table_begun *begun,
                                const char *const *paths, size_t path_count,
                                struct error *err) BELL_CHECK;
void table_partials_free(struct table_partials *partials); /* NULL is allowed */

/* Wide tables: the bands that the header promises, as soon as they can be judged. */
enum status table_wide_open(struct table_reader *reader, struct error *err) BELL_CHECK;

/* Room for bands in reader->room. */
enum status table_room(struct table_reader *reader, size_t bands, struct error *err) BELL_CHECK;
/* A cell as a number; blank: NaN. */
enum status table_cell_number(const struct table_row_cells *row, size_t column, double *value,
                              struct error *err) BELL_CHECK;
/* Was a scale named that the table must not contradict? */
bool table_scale_named(const struct table_reader *reader);
bool table_status_withheld(struct slice status);
/* Fills reader->group from reader->raw. */
enum status table_checked(struct table_reader *reader, struct error *err) BELL_CHECK;

#endif
