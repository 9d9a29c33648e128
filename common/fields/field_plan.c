#include "fields/field_plan.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/text.h"
#include "records/value_type.h"
#include "study/side_file.h"
#include "study/study.h"

static enum status set_missing(struct field_map *map, struct error *err)
{
    const struct node *list = map->spec.missing;
    size_t count = list == NULL ? 1 : node_list_count(list);
    map->missing = arena_calloc(&map->arena, count, sizeof *map->missing);
    if (map->missing == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        /* A plain `missing: [NA, ]` has an absent value, which is an empty text. */
        const char *text = list == NULL ? "" : node_text(node_list_item(list, i));
        map->missing[i] = slice_of(text == NULL ? "" : text);
        map->missing_lengths |= batch_length_bit(map->missing[i].len);
    }
    map->missing_count = count;
    return STATUS_OK;
}

static enum status set_pseudonym(struct field_map *map, struct mapped *field,
                                 const struct node *node, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(field->name));
    const char *domain = node_text(node);
    if (node == NULL)
        return STATUS_OK;
    if (domain == NULL || domain[0] == '\0')
        return node_error(node, err, "pseudonym of '%s' needs the name of a domain, like person",
                          shown);
    if (field->type == FIELD_SET)
        return node_error(node, err, "'%s' is a set, which cannot be a pseudonym; take type str",
                          shown);
    if (map->spec.key == NULL && map->dry)
        return STATUS_OK;
    if (map->spec.key == NULL)
        return node_error(node, err, "'%s' is a pseudonym: give the key with --key-file FILE",
                          shown);
    for (size_t i = 0; i < field->column_count; i++)
        map->hidden[field->columns[i]] = true;
    map->private = true;
    return pseudonym_new(map->spec.key, domain, &field->pseudonym, err);
}

static enum status set_time(struct mapped *field, const struct node *node, struct error *err)
{
    const struct node *format = node_given(node, "format");
    const struct node *zone = node_given(node, "zone");
    size_t count = node_list_count(format);
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(field->name));
    if (field->type != FIELD_TIME) {
        const struct node *odd = format != NULL ? format : zone;
        return odd == NULL ? STATUS_OK
                           : node_error(odd, err, "%s is for fields of type time; '%s' is none",
                                        format != NULL ? "format" : "zone", shown);
    }
    if (zone != NULL) {
        enum status s = timezone_load(node_text(zone), &field->zone, err);
        if (s != STATUS_OK) {
            error_at(err, zone->file, zone->line, zone->column);
            return s;
        }
    }
    const char **formats = calloc(count + 1, sizeof *formats);
    if (formats == NULL)
        return error_no_memory(err);
    formats[0] = "iso8601";
    for (size_t i = 0; i < count; i++) {
        const char *text = node_text(node_list_item(format, i));
        formats[i] = text == NULL ? "" : text;
    }
    enum status s =
        time_reader_new(formats, count == 0 ? 1 : count, field->zone, &field->reader, err);
    if (s != STATUS_OK && format != NULL)
        error_at(err, format->file, format->line, format->column);
    free(formats);
    return s;
}

static enum status set_columns(struct field_map *map, struct mapped *field, const struct node *list,
                               struct error *err)
{
    size_t count = node_list_count(list);
    size_t *columns = arena_calloc(&map->arena, count, sizeof *columns);
    size_t found = 0;
    if (columns == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct node *item = node_list_item(list, i);
        const char *name = node_text(item);
        if (name == NULL)
            return node_error(item, err, "column needs the header of a column");
        if (map->dry)
            continue;
        /* Of several, those that this input lacks are passed over, unless it lacks all. */
        if (columns_find(&map->columns, name) == COLUMN_NONE && (i + 1 < count || found > 0))
            continue;
        enum status s = columns_require(&map->columns, name, item, &columns[found], err);
        if (s != STATUS_OK)
            return s;
        found++;
    }
    field->columns = columns;
    field->column_count = found;
    return STATUS_OK;
}

static enum status set_index(struct field_map *map, struct mapped *field, const struct node *node,
                             struct error *err)
{
    uint64_t index = 0;
    const char *text = node_text(node);
    size_t *column = arena_calloc(&map->arena, 1, sizeof *column);
    if (column == NULL)
        return error_no_memory(err);
    for (const char *p = text == NULL ? "" : text; *p >= '0' && *p <= '9' && index < SIZE_MAX / 16;
         p++)
        index = index * 10 + (uint64_t)(*p - '0');
    if (index > 0 && map->dry)
        return STATUS_OK;
    if (index == 0 && map->dry)
        return node_error(node, err, "index is the number of a column, from 1");
    if (index == 0 || index > map->columns.count)
        return node_error(node, err, "index %.24s is no column: the input has columns 1 to %zu",
                          text == NULL ? "''" : text, map->columns.count);
    *column = (size_t)index - 1;
    field->columns = column;
    field->column_count = 1;
    return STATUS_OK;
}

static enum status check_name(const char *name, const struct node *place, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    bool good = name[0] != '\0';
    for (const char *p = name; *p != '\0'; p++)
        good = good && (unsigned char)*p >= ' ';
    if (good)
        return STATUS_OK;
    return node_error(place, err,
                      "'%s' cannot be the name of a field: it is empty or has a control character; "
                      "name the field under fields",
                      text_escape(shown, slice_of(name)));
}

enum status field_convert(const struct mapped *field, struct slice in, struct zone_span *span,
                          struct arena *arena, struct slice *out, const char **reason,
                          bool *no_zone, struct error *err)
{
    char text[TIME_TEXT_MAX];
    *reason = NULL;
    *out = in;
    if (field->type == FIELD_TIME && time_reader_stands(field->reader, in)) {
        *out = in;
    } else if (field->type == FIELD_TIME) {
        size_t len = 0;
        enum time_result result = time_reader_parse(field->reader, span, in, text, &len, reason);
        *no_zone = result == TIME_NO_ZONE;
        if (result != TIME_READ)
            return STATUS_OK;
        *reason = NULL;
        if (!slice_equal(in, (struct slice){text, len})) {
            *out = (struct slice){arena_copy(arena, text, len), len};
            if (out->data == NULL)
                return error_no_memory(err);
        }
    } else if (field->type != FIELD_STR) {
        enum status s = value_canonical(field->type, in, arena, out, reason, err);
        if (s != STATUS_OK || *reason != NULL)
            return s;
    }
    if (field->pseudonym != NULL) {
        char *hash = arena_alloc(arena, PSEUDONYM_LEN);
        if (hash == NULL)
            return error_no_memory(err);
        pseudonym_text(field->pseudonym, *out, hash);
        *out = (struct slice){hash, PSEUDONYM_LEN};
    }
    return STATUS_OK;
}

static enum status set_constant(struct field_map *map, struct mapped *field,
                                const struct node *node, bool hidden, struct error *err)
{
    struct zone_span span = ZONE_SPAN_INIT;
    const char *reason;
    bool no_zone = false;
    char shown[TEXT_ESCAPED_MAX];
    const char *text = node_text(node);
    field->constant = SLICE_MISSING;
    if (text == NULL)
        return STATUS_OK;
    enum status s = field_convert(field, slice_of(text), &span, &map->arena, &field->constant,
                                  &reason, &no_zone, err);
    if (s != STATUS_OK || reason == NULL)
        return s;
    if (hidden)
        return node_error(node, err, "the value (not shown) %s", reason);
    return node_error(node, err, "'%s' %s", text_escape(shown, slice_of(text)), reason);
}

static enum status set_field(struct field_map *map, struct mapped *field, const char *name,
                             const struct node *node, struct error *err)
{
    const struct node *column = node_given(node, "column");
    const struct node *index = node_given(node, "index");
    const struct node *value = node_given(node, "value");
    const char *type = node_text(node_child(node, "type"));
    char shown[TEXT_ESCAPED_MAX];
    field->name = name;
    enum status s = check_name(name, node, err);
    if (s == STATUS_OK && (column != NULL) + (index != NULL) + (value != NULL) != 1)
        s = node_error(node, err, "field '%s' needs one of column, index and value",
                       text_escape(shown, slice_of(name)));
    if (s == STATUS_OK && type != NULL && !field_type_parse(slice_of(type), &field->type))
        s = node_error(node_child(node, "type"), err, "'%s' is no type",
                       text_escape(shown, slice_of(type)));
    if (s == STATUS_OK && column != NULL)
        s = set_columns(map, field, column, err);
    if (s == STATUS_OK && index != NULL)
        s = set_index(map, field, index, err);
    if (s == STATUS_OK)
        s = set_time(field, node, err);
    if (s == STATUS_OK)
        s = set_pseudonym(map, field, node_given(node, "pseudonym"), err);
    if (s == STATUS_OK && value != NULL)
        s = set_constant(map, field, value, node_given(node, "pseudonym") != NULL, err);
    return s;
}

static enum status set_named_fields(struct field_map *map, struct error *err)
{
    const struct node *node = map->spec.fields;
    map->fields = arena_calloc(&map->arena, node->count, sizeof *map->fields);
    if (map->fields == NULL)
        return error_no_memory(err);
    if (node->count == 0 && map->item_name == NULL)
        return node_error(node, err, "fields is empty: name some, or leave it out for all columns");
    for (size_t i = 0; i < node->count; i++) {
        map->field_count = i + 1;
        enum status s = set_field(map, &map->fields[i], node->keys[i], node->items[i], err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

/* Without `fields`: every column that is no item, by its name. */
static enum status set_all_fields(struct field_map *map, struct error *err)
{
    const struct columns *columns = &map->columns;
    bool *item = arena_calloc(&map->arena, columns->count, sizeof *item);
    size_t *numbers = arena_calloc(&map->arena, columns->count, sizeof *numbers);
    map->fields = arena_calloc(&map->arena, columns->count, sizeof *map->fields);
    if (item == NULL || numbers == NULL || map->fields == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < map->items.count; i++)
        item[map->items.items[i].column] = true;
    for (size_t c = 0; c < columns->count; c++) {
        char shown[TEXT_ESCAPED_MAX];
        size_t second = columns_same(columns, c);
        if (item[c])
            continue;
        text_escape(shown, slice_of(columns->names[c]));
        if (second != COLUMN_NONE)
            return error_set(err, STATUS_USAGE,
                             "columns %zu and %zu are both called '%s': name the fields under "
                             "ingest.fields and take these by index",
                             c + 1, second + 1, shown);
        const struct node nowhere = {.kind = NODE_SCALAR};
        enum status s = check_name(columns->names[c], &nowhere, err);
        if (s != STATUS_OK)
            return s;
        numbers[c] = c;
        map->fields[map->field_count++] =
            (struct mapped){.name = columns->names[c], .columns = &numbers[c], .column_count = 1};
    }
    return STATUS_OK;
}

static enum status set_labels(struct field_map *map, const struct node *place, struct error *err)
{
    struct buffer path = BUFFER_INIT;
    struct side_file *file = NULL;
    size_t column = 0;
    size_t label = 0;
    enum status s = study_resolve_path(map->spec.study, place, &path, err);
    if (s == STATUS_OK)
        s = side_file_open(path.data, &file, err);
    if (s != STATUS_OK && err->file[0] == '\0')
        error_at(err, place->file, place->line, place->column);
    if (s == STATUS_OK)
        s = side_file_column(file, "column", &column, err);
    if (s == STATUS_OK)
        s = side_file_column(file, "label", &label, err);
    for (size_t r = 0; s == STATUS_OK && !map->dry && r < side_file_rows(file); r++) {
        struct slice to = side_file_cell(file, r, label);
        s = item_list_label(&map->items, &map->columns, side_file_cell(file, r, column), to, err);
        if (s == STATUS_USAGE)
            error_at(err, side_file_name(file), side_file_line(file, r), 0);
    }
    side_file_free(file);
    buffer_free(&path);
    return s;
}

static enum status set_items(struct field_map *map, struct error *err)
{
    const struct node *items = map->spec.items;
    const struct node *labels = node_child(items, "labels");
    const char *name = node_text(node_child(items, "name"));
    const char *value = node_text(node_child(items, "value"));
    if (items == NULL)
        return STATUS_OK;
    map->item_name = name == NULL ? "item" : name;
    map->item_value = value == NULL ? "answer" : value;
    enum status s = map->dry ? item_list_check(items, err)
                             : item_list_resolve(&map->items, items, &map->columns, err);
    if (s == STATUS_OK && node_text(labels) != NULL)
        s = set_labels(map, labels, err);
    if (s == STATUS_OK)
        s = check_name(map->item_name, items, err);
    if (s == STATUS_OK)
        s = check_name(map->item_value, items, err);
    return s;
}

/* A column whose values are replaced in one field must not go out plain in another. */
static enum status check_hidden(const struct field_map *map, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    char column[TEXT_ESCAPED_MAX];
    for (size_t f = 0; f < map->field_count; f++) {
        const struct mapped *field = &map->fields[f];
        for (size_t i = 0; field->pseudonym == NULL && i < field->column_count; i++) {
            if (!map->hidden[field->columns[i]])
                continue;
            return node_error(map->spec.fields->items[f], err,
                              "column '%s' is a pseudonym in another field; in '%s' it would go "
                              "out as it is",
                              text_escape(column, slice_of(map->columns.names[field->columns[i]])),
                              text_escape(shown, slice_of(field->name)));
        }
    }
    for (size_t i = 0; i < map->items.count; i++) {
        size_t c = map->items.items[i].column;
        if (map->hidden[c])
            return node_error(map->spec.items, err,
                              "column '%s' is a pseudonym in a field and cannot be an item",
                              text_escape(column, slice_of(map->columns.names[c])));
    }
    return STATUS_OK;
}

enum status field_map_schema(const struct field_map *map, struct schema *schema, struct error *err)
{
    *schema = (struct schema)SCHEMA_INIT;
    enum status s = STATUS_OK;
    for (size_t f = 0; s == STATUS_OK && f < map->field_count; f++) {
        const struct mapped *field = &map->fields[f];
        /* A pseudonym of digits and one e would be no id any more. */
        enum field_type type = field->pseudonym != NULL ? FIELD_STR : field->type;
        s = schema_add(schema, field->name, type, NULL, err);
    }
    const char *more[3] = {map->item_name, map->item_name != NULL ? map->item_value : NULL,
                           map->spec.origin ? "origin" : NULL};
    for (size_t i = 0; s == STATUS_OK && i < 3; i++) {
        char shown[TEXT_ESCAPED_MAX];
        if (more[i] == NULL)
            continue;
        if (schema_find(schema, more[i]) != SCHEMA_NONE) {
            const struct node *first = node_child(map->spec.fields, more[i]);
            s = error_set(err, STATUS_USAGE, "two fields are called '%s'; rename one (%s)",
                          text_escape(shown, slice_of(more[i])),
                          i == 2 ? "origin: true adds one of that name"
                                 : "items has name and value for that");
            if (first != NULL)
                error_at(err, first->file, first->key_line, first->key_column);
        } else
            s = schema_add(schema, more[i], FIELD_STR, NULL, err);
    }
    if (s != STATUS_OK)
        schema_free(schema);
    return s;
}

void field_map_wants(struct field_map *map, const bool *wanted)
{
    /* Values of other types are checked, needed or not; a row is blank only if all fields are. */
    for (size_t f = 0; f < map->field_count && !map->spec.drop_blank; f++)
        map->fields[f].unread = map->fields[f].type == FIELD_STR && !wanted[f];
}

bool field_map_private(const struct node *fields)
{
    for (size_t i = 0; fields != NULL && fields->kind == NODE_MAP && i < fields->count; i++)
        if (node_given(fields->items[i], "pseudonym") != NULL)
            return true;
    return false;
}

/* How often a column is read. */
static enum status find_sole_fields(struct field_map *map, struct error *err)
{
    size_t *readers = arena_calloc(&map->arena, map->columns.count, sizeof *readers);
    if (readers == NULL)
        return error_no_memory(err);
    for (size_t f = 0; f < map->field_count; f++)
        for (size_t i = 0; i < map->fields[f].column_count; i++)
            readers[map->fields[f].columns[i]]++;
    for (size_t i = 0; i < map->items.count; i++)
        readers[map->items.items[i].column]++;
    for (size_t f = 0; f < map->field_count; f++) {
        struct mapped *field = &map->fields[f];
        field->sole = field->type == FIELD_STR && field->pseudonym == NULL &&
                      field->column_count == 1 && readers[field->columns[0]] == 1;
    }
    return STATUS_OK;
}

enum status field_map_new(const struct field_map_spec *spec, const struct schema *columns,
                          struct field_map **map, struct error *err)
{
    *map = NULL;
    struct field_map *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->spec = *spec;
    enum status s = columns_init(&made->columns, columns, err);
    made->columns.private = field_map_private(spec->fields);
    if (s == STATUS_OK) {
        made->hidden = arena_calloc(&made->arena, made->columns.count, sizeof *made->hidden);
        s = made->hidden == NULL ? error_no_memory(err) : set_missing(made, err);
    }
    if (s == STATUS_OK)
        s = set_items(made, err);
    if (s == STATUS_OK)
        s = spec->fields != NULL && spec->fields->kind == NODE_MAP ? set_named_fields(made, err)
                                                                   : set_all_fields(made, err);
    if (s == STATUS_OK)
        s = check_hidden(made, err);
    if (s == STATUS_OK)
        s = find_sole_fields(made, err);
    if (s != STATUS_OK) {
        field_map_free(made);
        return s;
    }
    *map = made;
    return STATUS_OK;
}

enum status field_map_check(const struct field_map_spec *spec, struct error *err)
{
    struct field_map map = {.spec = *spec, .dry = true};
    struct field_map *made = malloc(sizeof *made);
    struct schema schema = SCHEMA_INIT;
    if (made == NULL)
        return error_no_memory(err);
    *made = map;
    enum status s = set_items(made, err);
    if (s == STATUS_OK && spec->fields != NULL && spec->fields->kind == NODE_MAP)
        s = set_named_fields(made, err);
    if (s == STATUS_OK)
        s = field_map_schema(made, &schema, err);
    schema_free(&schema);
    field_map_free(made);
    return s;
}

void field_map_free(struct field_map *map)
{
    if (map == NULL)
        return;
    for (size_t f = 0; f < map->field_count; f++) {
        time_reader_free(map->fields[f].reader);
        timezone_free(map->fields[f].zone);
        pseudonym_free(map->fields[f].pseudonym);
    }
    item_list_free(&map->items);
    columns_free(&map->columns);
    arena_free(&map->arena);
    free(map);
}
