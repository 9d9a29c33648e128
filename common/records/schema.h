/* schema.h - the names and types of the fields of a record, in order. */
#ifndef BELL_RECORDS_SCHEMA_H
#define BELL_RECORDS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

enum field_type {
    FIELD_STR,
    FIELD_ID,      /* text; one trailing ".0" removed, exponents refused */
    FIELD_INT,     /* 64 bit */
    FIELD_DECIMAL, /* at most 6 places, below 10^12 */
    FIELD_TIME,    /* RFC 3339, UTC, Z */
    FIELD_SET      /* labels in byte order joined by "," */
};

struct field {
    char *name; /* owned by the schema; no NUL, tab or newline */
    enum field_type type;
};

struct schema {
    struct field *fields;
    size_t count;
    size_t cap;
};

#define SCHEMA_INIT                                                                                \
    {                                                                                              \
        .fields = NULL                                                                             \
    }
#define SCHEMA_NONE SIZE_MAX

/* Index of the first field of that name, SCHEMA_NONE if there is none. */
size_t schema_find(const struct schema *schema, const char *name);
/* As schema_find; absent: STATUS_USAGE, a message that names the nearest field. */
enum status schema_require(const struct schema *schema, const char *name, size_t *index,
                           struct error *err) BELL_CHECK;
/* Adds a field (the name is copied); its index in *index unless NULL. */
enum status schema_add(struct schema *schema, const char *name, enum field_type type, size_t *index,
                       struct error *err) BELL_CHECK;
enum status schema_copy(struct schema *to, const struct schema *from, struct error *err) BELL_CHECK;
void schema_free(struct schema *schema);

/* "str", "id", ...; false if the word is no type. */
const char *field_type_name(enum field_type type);
bool field_type_parse(struct slice word, enum field_type *type);

#endif
