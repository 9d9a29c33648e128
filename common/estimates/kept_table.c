#include "estimates/kept_table.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"

enum { KEY_MAX = 4096 };

/* The cells of a key in one text; too long ones are no key of the table. */
static bool pack(char text[KEY_MAX], size_t *len, const struct slice *key, const size_t *map,
                 size_t count)
{
    *len = 0;
    for (size_t i = 0; i < count; i++) {
        struct slice cell = key[map == NULL ? i : map[i]];
        uint64_t size = slice_missing(cell) ? UINT64_MAX : cell.len;
        if (cell.len > KEY_MAX - sizeof size || *len > KEY_MAX - sizeof size - cell.len)
            return false;
        memcpy(text + *len, &size, sizeof size);
        *len += sizeof size;
        if (cell.len > 0)
            memcpy(text + *len, cell.data, cell.len);
        *len += cell.len;
    }
    return true;
}

static enum status fault(const struct kept_table *kept, const struct table_group *group,
                         const char *text, struct error *err)
{
    enum status s = error_set(err, STATUS_DATA, "%s", text);
    error_at(err, kept->file, group->line, 0);
    return s;
}

static bool copy_key(struct kept_table *kept, const struct table_group *group, struct kept_row *row)
{
    struct slice *key = arena_calloc(&kept->arena, kept->names.count + 1, sizeof *key);
    for (size_t k = 0; key != NULL && k < kept->names.count; k++) {
        struct slice cell = group->key[k];
        if (slice_missing(cell))
            continue;
        key[k] = (struct slice){arena_copy(&kept->arena, cell.data, cell.len), cell.len};
        if (key[k].data == NULL)
            key = NULL;
    }
    row->key = key;
    return key != NULL;
}

/* Bands are shared with the row before, where they are the same. */
static bool copy_bands(struct kept_table *kept, const struct table_group *group,
                       struct kept_row *row)
{
    size_t n = group->bands;
    row->bands = n;
    row->counts = arena_calloc(&kept->arena, n + 1, sizeof *row->counts);
    if (row->counts == NULL)
        return false;
    if (n > 0)
        memcpy(row->counts, group->counts, n * sizeof *row->counts);
    const struct kept_row *before = kept->count > 0 ? &kept->rows[kept->count - 1] : NULL;
    if (before != NULL && kept_same_bands(before->band, before->bands, group->band, n)) {
        row->band = before->band;
        row->scores = before->scores;
        return true;
    }
    struct table_band *band = arena_calloc(&kept->arena, n + 1, sizeof *band);
    double *scores = arena_calloc(&kept->arena, n + 1, sizeof *scores);
    for (size_t b = 0; band != NULL && scores != NULL && b < n; b++) {
        struct slice name = group->band[b].name;
        band[b] = group->band[b];
        band[b].name.data = arena_copy(&kept->arena, name.data, name.len);
        scores[b] = group->scores[b];
        if (band[b].name.data == NULL)
            return false;
    }
    row->band = band;
    row->scores = scores;
    return band != NULL && scores != NULL;
}

static enum status add_row(struct kept_table *kept, const struct table_group *group,
                           struct error *err)
{
    char text[KEY_MAX];
    size_t len = 0;
    bool added = false;
    if (group->withheld)
        return fault(kept, group, "a withheld row has no counts", err);
    if (group->weighted != NULL)
        return fault(kept, group, "weights are not used here; give the table unweighted", err);
    if (kept->count == KEPT_ROWS_MAX)
        return fault(kept, group, "more than a million groups", err);
    if (!pack(text, &len, group->key, NULL, kept->names.count))
        return fault(kept, group, "the names of the group are too long", err);
    if (kept->count == kept->cap) {
        size_t cap = kept->cap == 0 ? 64 : kept->cap * 2;
        struct kept_row *rows = realloc(kept->rows, cap * sizeof *rows);
        if (rows == NULL)
            return error_no_memory(err);
        kept->rows = rows;
        kept->cap = cap;
    }
    if (intern_add(&kept->keys, (struct slice){text, len}, &added) == INTERN_NONE)
        return error_no_memory(err);
    if (!added)
        return fault(kept, group, "the group stands here for the second time", err);
    struct kept_row *row = &kept->rows[kept->count];
    *row = (struct kept_row){.n = group->bands > 0 ? group->scored : 0, .line = group->line};
    const char *scale = group->scale;
    if (scale != NULL)
        row->scale = arena_copy(&kept->arena, scale, strlen(scale));
    if ((scale != NULL && row->scale == NULL) || !copy_key(kept, group, row) ||
        !copy_bands(kept, group, row))
        return error_no_memory(err);
    kept->count++;
    return STATUS_OK;
}

static enum status copy_names(struct kept_table *kept, const struct table_names *names,
                              struct error *err)
{
    const char **list = arena_calloc(&kept->arena, names->count + 1, sizeof *list);
    for (size_t k = 0; list != NULL && k < names->count; k++) {
        list[k] = arena_copy(&kept->arena, names->names[k], strlen(names->names[k]));
        if (list[k] == NULL)
            list = NULL;
    }
    kept->names = *names;
    kept->names.names = list;
    return list == NULL ? error_no_memory(err) : STATUS_OK;
}

enum status kept_table_read(struct kept_table **kept, const char *path,
                            const struct table_reader_options *reading, const char *what,
                            struct error *err)
{
    struct table_reader *reader = NULL;
    const struct table_group *group = NULL;
    struct table_reader_options options = *reading;
    options.population = options.partials_population = NULL;
    struct kept_table *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->what = what;
    made->file = arena_copy(&made->arena, path, strlen(path));
    enum status s = made->file == NULL ? error_no_memory(err)
                                       : table_reader_open(&reader, &path, 1, &options, err);
    if (s == STATUS_OK)
        s = copy_names(made, table_reader_names(reader), err);
    while (s == STATUS_OK) {
        s = table_reader_next(reader, &group, err);
        if (s != STATUS_OK || group == NULL)
            break;
        s = add_row(made, group, err);
    }
    table_reader_free(reader);
    if (s != STATUS_OK) {
        kept_table_free(made);
        return s;
    }
    *kept = made;
    return STATUS_OK;
}

enum status kept_table_fit(struct kept_table *kept, const struct table_names *names,
                           struct error *err)
{
    kept->map = arena_calloc(&kept->arena, kept->names.count + 1, sizeof *kept->map);
    if (kept->map == NULL)
        return error_no_memory(err);
    for (size_t k = 0; k < kept->names.count; k++) {
        size_t at = 0;
        while (at < names->count && strcmp(names->names[at], kept->names.names[k]) != 0)
            at++;
        kept->map[k] = at;
        char shown[TEXT_ESCAPED_MAX];
        if (at < names->count)
            continue;
        enum status s =
            error_set(err, STATUS_USAGE, "%s has the group column '%s', which the table has not",
                      kept->what, text_escape(shown, slice_of(kept->names.names[k])));
        error_at(err, kept->file, 1, 0);
        return s;
    }
    return STATUS_OK;
}

bool kept_same_bands(const struct table_band *a, size_t a_count, const struct table_band *b,
                     size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = slice_equal(a[i].name, b[i].name) && a[i].low == b[i].low && a[i].high == b[i].high;
    return same;
}

static const struct kept_row *find(const struct kept_table *kept, const struct slice *key,
                                   const size_t *map)
{
    char text[KEY_MAX];
    size_t len = 0;
    if (!pack(text, &len, key, map, kept->names.count))
        return NULL;
    uint32_t number = intern_find(&kept->keys, (struct slice){text, len});
    return number == INTERN_NONE ? NULL : &kept->rows[number];
}

const struct kept_row *kept_table_at(const struct kept_table *kept, const struct slice *key)
{
    return find(kept, key, NULL);
}

enum status kept_table_find(const struct kept_table *kept, const struct table_group *group,
                            const struct kept_row **row, struct error *err)
{
    *row = find(kept, group->key, kept->map);
    if (*row != NULL && (*row)->bands == 0)
        *row = NULL;
    if (*row == NULL || kept_same_bands((*row)->band, (*row)->bands, group->band, group->bands))
        return STATUS_OK;
    enum status s = error_set(
        err, STATUS_USAGE, "the bands of %s are not those of the table; both are to be cut alike",
        kept->what);
    error_at(err, kept->file, (*row)->line, 0);
    return s;
}

void kept_table_free(struct kept_table *kept)
{
    if (kept == NULL)
        return;
    intern_free(&kept->keys);
    arena_free(&kept->arena);
    free(kept->rows);
    free(kept);
}
