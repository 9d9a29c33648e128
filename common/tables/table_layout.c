#include "tables/table_reader_parts.h"

#include <stdint.h>

#include "base/text.h"

const char *const table_figure_names[TABLE_FIGURES] = {
    "records", "people", "scored", "missing", "off_scale", "weighted",
    "n_eff",   "mean",   "sd",     "median",  "population"};

static bool begins(struct slice name, const char *prefix)
{
    size_t len = strlen(prefix);
    return name.len > len && memcmp(name.data, prefix, len) == 0;
}

static size_t find(const struct slice *header, size_t count, struct slice name)
{
    size_t i = 0;
    while (i < count && !slice_equal(header[i], name))
        i++;
    return i == count ? TABLE_NONE : i;
}

static size_t find_text(const struct slice *header, size_t count, const char *name)
{
    return find(header, count, slice_of(name));
}

/* Does a column tell of a group rather than name it? */
static bool is_figure(struct slice name)
{
    static const char *const others[] = {"p10", "p90", "extreme_share", "middle_share",
                                         "net", "nps", "participation", "status"};
    bool figure = begins(name, "n_") || begins(name, "share_") || begins(name, "w_");
    for (size_t i = 0; !figure && i < TABLE_FIGURES; i++)
        figure = slice_is(name, table_figure_names[i]);
    for (size_t i = 0; !figure && i < sizeof others / sizeof *others; i++)
        figure = slice_is(name, others[i]);
    return figure;
}

/* The names of a group: group columns as they stand, then scale, then window. */
static enum status name_keys(struct table_layout *layout, const struct slice *header, size_t count,
                             struct arena *arena, struct error *err)
{
    const char **names = arena_calloc(arena, count + 1, sizeof *names);
    layout->keys = arena_calloc(arena, count + 1, sizeof *layout->keys);
    if (names == NULL || layout->keys == NULL)
        return error_no_memory(err);
    size_t n = 0;
    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < count; i++) {
            bool scale = slice_is(header[i], "scale"), window = slice_is(header[i], "window");
            if ((round == 1) != scale || (round == 2) != window)
                continue;
            layout->keys[n] = i;
            names[n] =
                slice_missing(header[i]) ? "" : arena_copy(arena, header[i].data, header[i].len);
            if (names[n++] == NULL)
                return error_no_memory(err);
            layout->names.by_count += round == 0;
            layout->names.scale = layout->names.scale || scale;
            layout->names.window = layout->names.window || window;
        }
    }
    layout->names.names = names;
    layout->names.count = n;
    return STATUS_OK;
}

/* The columns n_... that are bands: a measure called n has n_count and the like behind them, but no
 * share of them. */
static enum status find_bands(struct table_layout *layout, const struct slice *header, size_t first,
                              size_t count, struct arena *arena, struct error *err)
{
    bool shares = false;
    for (size_t i = first; i < count; i++)
        shares = shares || begins(header[i], "share_");
    layout->bands = arena_calloc(arena, count + 1, sizeof *layout->bands);
    layout->counts = arena_calloc(arena, count + 1, sizeof *layout->counts);
    layout->weights = arena_calloc(arena, count + 1, sizeof *layout->weights);
    char *name = arena_alloc(arena, 8);
    if (layout->bands == NULL || layout->counts == NULL || layout->weights == NULL || name == NULL)
        return error_no_memory(err);
    for (size_t i = first; i < count; i++) {
        if (!begins(header[i], "n_") || slice_is(header[i], "n_eff"))
            continue;
        struct slice band = {header[i].data + 2, header[i].len - 2};
        size_t share = TABLE_NONE, weight = TABLE_NONE;
        for (size_t k = first; k < count; k++) {
            if (begins(header[k], "share_") &&
                slice_equal((struct slice){header[k].data + 6, header[k].len - 6}, band))
                share = k;
            if (begins(header[k], "w_") &&
                slice_equal((struct slice){header[k].data + 2, header[k].len - 2}, band))
                weight = k;
        }
        if (shares && share == TABLE_NONE)
            continue;
        layout->bands[layout->band_count] = band;
        layout->counts[layout->band_count] = i;
        layout->weights[layout->band_count++] = weight;
    }
    return STATUS_OK;
}

static enum status read_wide(struct table_layout *layout, const struct slice *header, size_t count,
                             struct arena *arena, struct error *err)
{
    size_t first = find_text(header, count, "records");
    for (size_t i = 0; first == TABLE_NONE && i < count; i++)
        first = is_figure(header[i]) ? i : first;
    if (first == TABLE_NONE)
        return error_set(err, STATUS_DATA,
                         "this is no table of bell-aggregate: it has neither columns n_... of "
                         "bands, nor records, nor scored");
    enum status s = name_keys(layout, header, first, arena, err);
    if (s == STATUS_OK)
        s = find_bands(layout, header, first, count, arena, err);
    for (size_t f = 0; f < TABLE_FIGURES; f++) {
        size_t at = find_text(header + first, count - first, table_figure_names[f]);
        layout->figure[f] = at == TABLE_NONE ? TABLE_NONE : at + first;
    }
    size_t status = find_text(header + first, count - first, "status");
    layout->status = status == TABLE_NONE ? TABLE_NONE : status + first;
    bool weighted =
        layout->figure[TABLE_WEIGHTED] != TABLE_NONE || layout->figure[TABLE_N_EFF] != TABLE_NONE;
    for (size_t b = 0; s == STATUS_OK && weighted && b < layout->band_count; b++) {
        char shown[TEXT_ESCAPED_MAX];
        if (layout->weights[b] == TABLE_NONE)
            s = error_set(err, STATUS_DATA,
                          "the table is weighted, but has no column w_%s; write it with all its "
                          "columns",
                          text_escape(shown, layout->bands[b]));
    }
    for (size_t b = 0; !weighted && b < layout->band_count; b++)
        layout->weights[b] = TABLE_NONE;
    return s;
}

enum status table_layout_read(struct table_layout *layout, const struct slice *header, size_t count,
                              struct arena *arena, struct error *err)
{
    static const char *const behind[] = {"quantity", "band", "low", "high", "value"};
    size_t *const columns[] = {&layout->quantity, &layout->band, &layout->low, &layout->high,
                               &layout->value};
    *layout = (struct table_layout){.status = TABLE_NONE};
    layout->long_layout = count >= 5;
    for (size_t i = 0; layout->long_layout && i < 5; i++) {
        *columns[i] = count - 5 + i;
        layout->long_layout = slice_is(header[count - 5 + i], behind[i]);
    }
    return layout->long_layout ? name_keys(layout, header, count - 5, arena, err)
                               : read_wide(layout, header, count, arena, err);
}
