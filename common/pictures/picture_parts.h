/* picture_parts.h - the two sources of picture_source.h. */
#ifndef BELL_PICTURES_PICTURE_PARTS_H
#define BELL_PICTURES_PICTURE_PARTS_H

#include "pictures/picture_source.h"
#include "tables/table_reader.h"
#include "tables/table_rows.h"

/* Reads the rest of a table. */
enum status picture_from_table(struct picture *picture, struct table_reader *reader,
                               struct error *err) BELL_CHECK;
/* Marks what another table has for the same groups, scales and bands.  STATUS_DATA if it has none
 * of the picture's groups. */
enum status picture_set_beside(struct picture *picture, const struct picture_source *source,
                               struct error *err) BELL_CHECK;
/* The texts of a group's panel: its name and its scale. */
enum status picture_group_texts(struct picture *picture, const struct table_names *names,
                                const struct table_group *group, const char **name,
                                const char **scale, struct error *err) BELL_CHECK;
/* Reads the rest of an estimate CSV. */
enum status picture_from_estimates(struct picture *picture, struct table_rows *rows,
                                   const struct picture_source *source,
                                   struct error *err) BELL_CHECK;
/* Has this header the columns of bell-estimate? */
bool picture_is_estimates(const struct slice *header, size_t count);

#endif
