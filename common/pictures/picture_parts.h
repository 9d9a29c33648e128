/* picture_parts.h - the two sources of picture_source.h. */
#ifndef BELL_PICTURES_PICTURE_PARTS_H
#define BELL_PICTURES_PICTURE_PARTS_H

#include "pictures/picture_source.h"
#include "tables/table_reader.h"
#include "tables/table_rows.h"

/* Reads the rest of a table. */
enum status picture_from_table(struct picture *picture, struct table_reader *reader,
                               struct error *err) BELL_CHECK;
/* Reads the rest of an estimate CSV. */
enum status picture_from_estimates(struct picture *picture, struct table_rows *rows,
                                   const struct picture_source *source,
                                   struct error *err) BELL_CHECK;
/* Has this header the columns of bell-estimate? */
bool picture_is_estimates(const struct slice *header, size_t count);

#endif
