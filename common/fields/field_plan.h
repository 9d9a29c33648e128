/* field_plan.h - what a field_map is made of; private to field_plan.c, which makes it, and
 * field_map.c, which runs it over batches. */
#ifndef BELL_FIELDS_FIELD_PLAN_H
#define BELL_FIELDS_FIELD_PLAN_H

#include "base/arena.h"
#include "fields/columns.h"
#include "fields/field_map.h"
#include "fields/items.h"
#include "time/time_format.h"

/* Where the values of one field come from and what is done to them. */
struct mapped {
    const char *name;
    enum field_type type;
    const size_t *columns; /* the first that is not missing counts; none: a constant */
    size_t column_count;
    struct slice constant; /* as it goes out */
    bool unread;           /* text that nobody needs */
    bool sole;             /* text of one column that nothing else reads: taken over as it is */
    struct time_zone *zone;
    struct time_reader *reader;
    struct pseudonym *pseudonym;
};

struct field_map {
    struct field_map_spec spec;
    struct arena arena;
    struct columns columns;
    struct mapped *fields;
    size_t field_count;
    struct item_list items;
    const char *item_name; /* NULL: no items */
    const char *item_value;
    struct slice *missing;
    size_t missing_count;
    uint64_t missing_lengths; /* bit n: a spelling of n bytes; bit 63: of 63 or more */
    bool private;
    bool dry;     /* there is no source: field_map_check() */
    bool *hidden; /* one a column: it is a pseudonym, its values are not shown */
};

/* Type, then pseudonym.  in is present; *out lies in the arena or is in.  *reason as in
 * value_canonical(); *no_zone: the value lacks an offset and the field a zone. */
enum status field_convert(const struct mapped *field, struct slice in, struct zone_span *span,
                          struct arena *arena, struct slice *out, const char **reason,
                          bool *no_zone, struct error *err) BELL_CHECK;

#endif
