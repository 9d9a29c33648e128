/* table_scales.h - the bands behind the column names of a distribution table.
 *
 *     struct table_scales scales = {.study = ..., .bands = &spec};
 *     s = table_scales_find(&scales, name, &scale, err);         // by the name of a scale
 *     s = table_scales_default(&scales, explicit_name, &scale, err);  // of a table without names
 *     s = table_scales_numeric(&scales, names, count, &scale);   // names that are numbers
 *     table_scales_free(&scales);
 *
 * Scales are looked up in the study, then among the built-in ones; then a name such as 1..5 or
 * 0..1/0.5, which bell-normalize gives to --range and --step, says itself what it is.
 */
#ifndef BELL_TABLES_TABLE_SCALES_H
#define BELL_TABLES_TABLE_SCALES_H

#include "base/arena.h"
#include "study/study.h"
#include "tables/table_reader.h"

struct table_scale {
    const char *name; /* NULL: unknown */
    size_t count;     /* bands */
    const struct table_band *band;
    const double *scores; /* of band[] */
    double lowest;
    double highest;
    bool points; /* each band is a point */
};

struct table_scales {
    const struct study *study;      /* may be NULL */
    const struct bands_spec *bands; /* may be NULL: as the scale */
    const struct slice *names;      /* of the bands in a wide table; NULL: not known.  A scale
                                       whose bands are not among them is taken by its points, if
                                       these are. */
    size_t name_count;
    const struct table_scale **list; /* found so far */
    size_t count;
    size_t cap;
    struct arena arena;
};

/* STATUS_USAGE if nobody knows the scale. */
enum status table_scales_find(struct table_scales *scales, struct slice name,
                              const struct table_scale **scale, struct error *err) BELL_CHECK;
/* name NULL: the only scale that the study scores with, else *scale is NULL. */
enum status table_scales_default(struct table_scales *scales, const char *name,
                                 const struct table_scale **scale, struct error *err) BELL_CHECK;
/* *scale NULL: they are no rising numbers. */
enum status table_scales_numeric(struct table_scales *scales, const struct slice *names,
                                 size_t count, const struct table_scale **scale,
                                 struct error *err) BELL_CHECK;
/* From bands that say their ends.  STATUS_DATA if scores do not rise, or an end is unknown. */
enum status table_scales_make(struct arena *arena, const char *name, const struct table_band *band,
                              size_t count, const struct table_scale **scale,
                              struct error *err) BELL_CHECK;
/* From bands of bands.h. */
enum status table_scales_from_bands(struct arena *arena, const char *name,
                                    const struct bands *bands, const struct table_scale **scale,
                                    struct error *err) BELL_CHECK;
void table_scales_free(struct table_scales *scales);

#endif
