#include "tables/population.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "study/side_file.h"

static bool pack(struct buffer *out, const struct slice *key, const size_t *map, size_t count)
{
    buffer_clear(out);
    for (size_t i = 0; i < count; i++) {
        struct slice cell = key[map == NULL ? i : map[i]];
        uint64_t len = cell.len;
        if (!buffer_append(out, &len, sizeof len) ||
            (cell.len > 0 && !buffer_append(out, cell.data, cell.len)))
            return false;
    }
    return true;
}

/* *twice: the group is there already. */
static enum status add_group(struct population *p, const struct slice *key, uint64_t count,
                             bool *twice, struct error *err)
{
    struct buffer packed = BUFFER_INIT;
    enum status s = error_no_memory(err);
    bool added = false;
    if (!pack(&packed, key, NULL, p->by_count))
        goto done;
    size_t have = p->keys.count;
    if ((have & (have - 1)) == 0) { /* room for the next power of two */
        uint64_t *counts = realloc(p->counts, (have == 0 ? 1 : 2 * have) * sizeof *counts);
        if (counts == NULL)
            goto done;
        p->counts = counts;
    }
    struct slice name = {packed.data, packed.len};
    uint32_t number = intern_add(&p->keys, name, &added);
    if (number == INTERN_NONE)
        goto done;
    *twice = !added;
    if (added)
        p->counts[number] = count;
    s = STATUS_OK;
done:
    buffer_free(&packed);
    return s;
}

static enum status copy_by(struct population *p, const struct node *by, struct error *err)
{
    p->by_count = node_list_count(by);
    p->by = arena_calloc(&p->arena, p->by_count + 1, sizeof *p->by);
    if (p->by == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < p->by_count; i++) {
        const char *name = node_text(node_list_item(by, i));
        if (name == NULL)
            return node_error(by, err, "population: by: a name is empty");
        p->by[i] = arena_copy(&p->arena, name, strlen(name));
        if (p->by[i] == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

/* Without `by` every column of the file but `population` is a group column. */
static enum status by_of_file(struct population *p, const struct side_file *file, struct error *err)
{
    size_t columns = side_file_columns(file);
    p->by = arena_calloc(&p->arena, columns + 1, sizeof *p->by);
    if (p->by == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < columns; i++) {
        struct slice name = side_file_column_name(file, i);
        if (slice_is(name, "population"))
            continue;
        p->by[p->by_count] = arena_copy(&p->arena, name.data, name.len);
        if (p->by[p->by_count++] == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

static enum status refuse_row(const struct side_file *file, size_t row, struct error *err,
                              const char *text, struct slice cell)
{
    char shown[TEXT_ESCAPED_MAX];
    (void)error_set(err, STATUS_USAGE, text, text_escape(shown, cell));
    error_at(err, side_file_name(file), side_file_line(file, row), 0);
    return STATUS_USAGE;
}

static enum status take_row(struct population *p, const struct side_file *file, size_t row,
                            const size_t *columns, size_t count_column, struct slice *key,
                            struct error *err)
{
    struct slice text = side_file_cell(file, row, count_column);
    uint64_t count = 0;
    bool twice = false;
    if (!number_parse_u64(text, &count) || count == 0)
        return refuse_row(file, row, err, "population '%s' is not a whole number above 0", text);
    for (size_t i = 0; i < p->by_count; i++)
        key[i] = side_file_cell(file, row, columns[i]);
    enum status s = add_group(p, key, count, &twice, err);
    if (s == STATUS_OK && twice)
        return refuse_row(file, row, err, "group '%s' stands twice in the population",
                          p->by_count > 0 ? key[0] : SLICE_LITERAL(""));
    return s;
}

static enum status take_file(struct population *p, const struct side_file *file, struct error *err)
{
    size_t count_column = 0;
    enum status s = side_file_column(file, "population", &count_column, err);
    if (s == STATUS_OK && p->by == NULL)
        s = by_of_file(p, file, err);
    if (s != STATUS_OK)
        return s;
    size_t *columns = arena_calloc(&p->arena, p->by_count + 1, sizeof *columns);
    struct slice *key = arena_calloc(&p->arena, p->by_count + 1, sizeof *key);
    if (columns == NULL || key == NULL)
        return error_no_memory(err);
    for (size_t i = 0; s == STATUS_OK && i < p->by_count; i++)
        s = side_file_column(file, p->by[i], &columns[i], err);
    for (size_t r = 0; s == STATUS_OK && r < side_file_rows(file); r++)
        s = take_row(p, file, r, columns, count_column, key, err);
    return s;
}

static enum status read_file(const struct study *study, const struct node *name,
                             struct population *p, struct error *err)
{
    struct buffer path = BUFFER_INIT;
    struct side_file *file = NULL;
    enum status s = study_resolve_path(study, name, &path, err);
    if (s == STATUS_OK)
        s = side_file_open(path.data, &file, err);
    if (s == STATUS_OK)
        s = take_file(p, file, err);
    side_file_free(file);
    buffer_free(&path);
    return s;
}

static enum status read_groups(const struct node *groups, struct population *p, struct error *err)
{
    if (groups->kind != NODE_MAP)
        return node_error(groups, err, "population: groups must be a map of group to number");
    p->by_any = p->by == NULL;
    if (!p->by_any && p->by_count != 1)
        return node_error(groups, err,
                          "population: groups written out have one group column; "
                          "for several use a file");
    p->by_count = 1;
    for (size_t i = 0; i < groups->count; i++) {
        uint64_t count = 0;
        bool twice = false;
        const char *text = node_text(groups->items[i]);
        if (text == NULL || !number_parse_u64(slice_of(text), &count) || count == 0)
            return node_error(groups->items[i], err,
                              "population: '%s' is not a whole number above 0",
                              text == NULL ? "" : text);
        struct slice key = slice_of(groups->keys[i]);
        enum status s = add_group(p, &key, count, &twice, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status read_all(const struct study *study, const struct node *node,
                            struct population *p, struct error *err)
{
    const struct node *by = node_child(node, "by");
    const struct node *groups = node_child(node, "groups");
    const struct node *total = node_child(node, "total");
    const char *file = node_text(node_child(node, "file"));
    enum status s = STATUS_OK;
    if (node_text(total) != NULL &&
        (!number_parse_u64(slice_of(node_text(total)), &p->total) || p->total == 0))
        return node_error(total, err, "population: total '%s' is not a whole number above 0",
                          node_text(total));
    if (file != NULL && groups != NULL)
        return node_error(groups, err, "population: give a file or groups, not both");
    if (node_list_count(by) > 0)
        s = copy_by(p, by, err);
    if (s == STATUS_OK && file != NULL)
        s = read_file(study, node_child(node, "file"), p, err);
    else if (s == STATUS_OK && groups != NULL)
        s = read_groups(groups, p, err);
    return s;
}

enum status population_read(const struct study *study, const struct node *node,
                            struct population **population, struct error *err)
{
    struct population *p = calloc(1, sizeof *p);
    if (p == NULL)
        return error_no_memory(err);
    enum status s = read_all(study, node, p, err);
    if (s != STATUS_OK) {
        population_free(p);
        return s;
    }
    *population = p;
    return STATUS_OK;
}

bool population_fits(const struct population *p, const char *const *by, size_t by_count,
                     size_t *map)
{
    if (p->by_count == 0 || p->by_count != by_count)
        return false;
    if (p->by_any) {
        map[0] = 0;
        return true;
    }
    for (size_t i = 0; i < by_count; i++) {
        size_t at = 0;
        while (at < by_count && strcmp(by[at], p->by[i]) != 0)
            at++;
        if (at == by_count)
            return false;
        map[i] = at;
    }
    return true;
}

enum status population_find(const struct population *p, const struct slice *key, const size_t *map,
                            uint64_t *count, struct error *err)
{
    struct buffer packed = BUFFER_INIT;
    *count = 0;
    if (p->keys.count == 0)
        return STATUS_OK;
    enum status s = pack(&packed, key, map, p->by_count) ? STATUS_OK : error_no_memory(err);
    if (s == STATUS_OK) {
        uint32_t number = intern_find(&p->keys, (struct slice){packed.data, packed.len});
        *count = number == INTERN_NONE ? 0 : p->counts[number];
    }
    buffer_free(&packed);
    return s;
}

void population_free(struct population *p)
{
    if (p == NULL)
        return;
    intern_free(&p->keys);
    arena_free(&p->arena);
    free(p->counts);
    free(p);
}
