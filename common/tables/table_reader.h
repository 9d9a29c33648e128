/* table_reader.h - reads distribution tables back, one group at a time: the CSV of bell-aggregate,
 * wide or long, and partials.
 *
 *     struct table_reader_options options = {.study = study, .budget = budget};
 *     s = table_reader_open(&reader, paths, path_count, &options, err);
 *     const struct table_names *names = table_reader_names(reader);
 *     while ((s = table_reader_next(reader, &group, err)) == STATUS_OK && group != NULL)
 *         use(group);
 *     table_reader_free(reader);
 *
 * What it is shows by its first bytes, plain or gzip; a byte order mark is passed over (--excel:
 * its figures of 4 digits are taken as they are, and the ' of its guarded cells stays).  A CSV is
 * read row by row, so memory does not grow with its groups; partials are merged first (partial.h)
 * and then handed out in the order of the table.
 *
 * Numbers of the bands.  The long layout has them (`low`, `high`).  In the wide one they come from
 * the scale: the column `scale`, options.scale, or the only scale that the study scores with;
 * built-in scales, and names such as 1..5 or 0..1/0.5, need no study.  Without one the name of a
 * band says its number where it is one, and the mean must agree: bands that are ranges are called
 * 1, 2, 3 as well. A table that cannot be understood without is STATUS_USAGE and says so.
 *
 * Columns.  Of a wide table only n_... are needed (w_... and n_eff if it is weighted); group
 * columns are those in front of `records`, or of the first figure.  A group on several scales has a
 * row for each; options.population then stands for each of them, as it does for each window.
 *
 * Rows `(all)` of --total are handed out like others, with `total` set.  Withheld rows (status c)
 * come with `withheld`, and without counts; rows without a score at all (no n_..., or all of them
 * blank) with bands 0.
 */
#ifndef BELL_TABLES_TABLE_READER_H
#define BELL_TABLES_TABLE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/error.h"
#include "base/slice.h"
#include "study/study.h"
#include "tables/bands.h"
#include "tables/population.h"

struct table_reader;

struct table_reader_options {       /* all of it the caller's, alive as long as the reader */
    const struct study *study;      /* NULL: none */
    const char *scale;              /* of a table without a column `scale`; NULL: see above */
    bool scale_if_needed;           /* no error where the table says its scale itself */
    const struct bands_spec *bands; /* how scales are cut; NULL: aggregate.bands of the study */
    const struct population *population; /* instead of the table's own column; NULL: none */
    /* The same, but only for partials without windows, which have no column of their own. */
    const struct population *partials_population;
    struct budget *budget;
};

/* The columns that name a group: those of `by` in the order of the table, then `scale`, then
 * `window`, as far as they are there.  They live as long as the reader. */
struct table_names {
    const char *const *names;
    size_t count;
    size_t by_count; /* of them group columns proper */
    bool scale;
    bool window;
};

struct table_band {
    struct slice name; /* "1", "positive", "promoters" */
    double low;        /* its ends on the scale; equal for a point */
    double high;
    double score; /* the point; else the middle of its range */
};

struct table_group {         /* valid until the next call */
    const struct slice *key; /* names->count cells; missing as slice.h has it */
    const char *scale;       /* NULL: unknown */
    size_t bands;            /* 0: the row has no scores at all */
    const struct table_band *band;
    const double *scores;   /* of band[], for the functions of stats/ */
    const double *counts;   /* scored records in each band */
    const double *weighted; /* sum of weights in each band; NULL: unweighted */
    double lowest;          /* of the scale: the outer ends of the bands */
    double highest;
    double scored;     /* sum of counts: records, with --vote person persons */
    double missing;    /* asked, and no answer; NaN if the column is not there */
    double off_scale;  /* an answer that is on no scale; NaN likewise */
    double records;    /* NaN likewise */
    double people;     /* distinct persons; NaN likewise */
    double mean;       /* as the table has it, weighted if it is; from counts if it has none */
    double sd;         /* n - 1, likewise */
    double median;     /* likewise, but NaN if it has none */
    double n_eff;      /* of the weights; NaN if unweighted */
    double population; /* NaN: unknown */
    bool votes;        /* --vote person: counts are persons, and may be fractions */
    bool total;        /* the row of --total */
    bool withheld;     /* status c: nothing but key (and maybe scored) is known */
    const char *file;  /* where it was read, for messages */
    size_t line;
};

/* Some people are behind several records: counts are of records, and how many people stand where is
 * not known. */
static inline bool table_group_repeats(const struct table_group *group)
{
    const double records = group->records >= 0 ? group->records : group->scored;
    return !group->votes && group->people < records; /* NaN: no */
}

/* Would bell-aggregate withhold it, wholly or in part (min_cell; 0: nothing)?  Few were scored, or
 * few in some band. */
bool table_group_small(const struct table_group *group, uint64_t min_cell);

/* path_count 0: standard input, as "-".  paths are borrowed.  Nothing of the budget is held for
 * CSV.
 *
 * STATUS_USAGE: a table that cannot be understood without a scale, a population of other groups,
 * partials made with other settings; STATUS_DATA: no header, a bad number, files with other
 * columns, n_ columns that do not add up to scored, a mean that is not that of the counts, more
 * people than the population has, with file and line; STATUS_DAMAGED: a cut stream. */
enum status table_reader_open(struct table_reader **reader, const char *const *paths,
                              size_t path_count, const struct table_reader_options *options,
                              struct error *err) BELL_CHECK;
/* The same of a CSV whose header was read to see what it is (table_rows.h); rows are taken over,
 * also when this fails. */
struct table_rows;
enum status table_reader_open_rows(struct table_reader **reader, struct table_rows *rows,
                                   const struct table_reader_options *options,
                                   struct error *err) BELL_CHECK;
const struct table_names *table_reader_names(const struct table_reader *reader);
/* Exact tables are known, so that nothing was withheld yet: min_cell is the caller's to apply. */
bool table_reader_from_partials(const struct table_reader *reader);
/* *group NULL behind the last one.  A group whose rows stand in two places of the input comes
 * twice: nothing but the current group is kept. */
enum status table_reader_next(struct table_reader *reader, const struct table_group **group,
                              struct error *err) BELL_CHECK;
/* NULL is allowed. */
void table_reader_free(struct table_reader *reader);

#endif
