/* picture_source.h - fills a picture from a table of bell-aggregate (wide or long) or from the CSV
 * of bell-estimate; which of them it is shows by the header.
 *
 * From a table the ranges are computed here, as bell-estimate does (estimates/question.h); from
 * estimates they are those that stand there.  There are no scenarios without estimates.
 */
#ifndef BELL_PICTURES_PICTURE_SOURCE_H
#define BELL_PICTURES_PICTURE_SOURCE_H

#include "base/budget.h"
#include "pictures/picture.h"
#include "study/study.h"

struct picture_source {
    const char *const *paths; /* none: standard input */
    size_t path_count;
    const struct study *study;
    const char *scale;  /* of a table that does not say; NULL */
    const char *beside; /* a table of the same groups for MARK_BESIDE; NULL */
    struct budget *budget;
};

/* Errors as table_reader.h has them; STATUS_USAGE as well if the picture is to show what the
 * estimates do not hold. */
enum status picture_read(struct picture *picture, const struct picture_source *source,
                         struct error *err) BELL_CHECK;

#endif
