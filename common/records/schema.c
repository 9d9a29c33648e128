#include "records/schema.h"

#include <stdlib.h>

#include "base/text.h"

static const char *const type_names[] = {
    [FIELD_STR] = "str",         [FIELD_ID] = "id",     [FIELD_INT] = "int",
    [FIELD_DECIMAL] = "decimal", [FIELD_TIME] = "time", [FIELD_SET] = "set",
};

const char *field_type_name(enum field_type type)
{
    return type_names[type];
}

bool field_type_parse(struct slice word, enum field_type *type)
{
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++) {
        if (slice_is(word, type_names[i])) {
            *type = (enum field_type)i;
            return true;
        }
    }
    return false;
}

size_t schema_find(const struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->count; i++)
        if (strcmp(schema->fields[i].name, name) == 0)
            return i;
    return SCHEMA_NONE;
}

static enum status unknown_field(const struct schema *schema, const char *name, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(name));
    const char **names = calloc(schema->count + 1, sizeof *names);
    if (names == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < schema->count; i++)
        names[i] = schema->fields[i].name;
    const char *nearest = text_nearest(name, names, schema->count);
    char nearest_shown[TEXT_ESCAPED_MAX];
    if (nearest != NULL)
        error_set(err, STATUS_USAGE, "no field '%s'; did you mean '%s'?", shown,
                  text_escape(nearest_shown, slice_of(nearest)));
    else if (schema->count == 1)
        error_set(err, STATUS_USAGE, "no field '%s'; the only field is '%s'", shown,
                  text_escape(nearest_shown, slice_of(names[0])));
    else
        error_set(err, STATUS_USAGE, "no field '%s'; the records have %zu fields", shown,
                  schema->count);
    free(names);
    return STATUS_USAGE;
}

enum status schema_require(const struct schema *schema, const char *name, size_t *index,
                           struct error *err)
{
    *index = schema_find(schema, name);
    return *index == SCHEMA_NONE ? unknown_field(schema, name, err) : STATUS_OK;
}

enum status schema_add(struct schema *schema, const char *name, enum field_type type, size_t *index,
                       struct error *err)
{
    if (schema->count == schema->cap) {
        size_t cap = schema->cap == 0 ? 16 : schema->cap * 2;
        struct field *fields = realloc(schema->fields, cap * sizeof *fields);
        if (fields == NULL)
            return error_no_memory(err);
        schema->fields = fields;
        schema->cap = cap;
    }
    char *copy = strdup(name);
    if (copy == NULL)
        return error_no_memory(err);
    schema->fields[schema->count] = (struct field){.name = copy, .type = type};
    if (index != NULL)
        *index = schema->count;
    schema->count++;
    return STATUS_OK;
}

enum status schema_copy(struct schema *to, const struct schema *from, struct error *err)
{
    *to = (struct schema)SCHEMA_INIT;
    for (size_t i = 0; i < from->count; i++) {
        enum status s = schema_add(to, from->fields[i].name, from->fields[i].type, NULL, err);
        if (s != STATUS_OK) {
            schema_free(to);
            return s;
        }
    }
    return STATUS_OK;
}

void schema_free(struct schema *schema)
{
    for (size_t i = 0; i < schema->count; i++)
        free(schema->fields[i].name);
    free(schema->fields);
    *schema = (struct schema)SCHEMA_INIT;
}
