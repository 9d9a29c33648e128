#include "tables/bands.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "stats/ratio.h"

static enum status read_edges(const struct node *map, struct arena *arena, struct bands_spec *spec,
                              struct error *err)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->keys[i], "edges") != 0 && strcmp(map->keys[i], "names") != 0)
            return node_error(map->items[i], err, "bands: unknown key '%s'; known are edges, names",
                              map->keys[i]);
    }
    const struct node *list = node_child(map, "edges");
    size_t n = node_list_count(list);
    if (n < 1 || n >= BANDS_MAX)
        return node_error(map, err, "bands: edges must be a list of 1 to %d numbers",
                          BANDS_MAX - 1);
    int64_t *edges = arena_calloc(arena, n, sizeof *edges);
    if (edges == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *text = node_text(node_list_item(list, i));
        if (text == NULL || decimal_parse(slice_of(text), &edges[i]) != DECIMAL_OK)
            return node_error(node_list_item(list, i), err,
                              "bands: '%s' is not a decimal number of at most 6 places",
                              text == NULL ? "" : text);
        if (i > 0 && edges[i] <= edges[i - 1])
            return node_error(node_list_item(list, i), err,
                              "bands: edges must rise, but %s does not lie above the one before",
                              text);
    }
    spec->kind = BANDS_EDGES;
    spec->count = n + 1;
    spec->edges = edges;
    return STATUS_OK;
}

static enum status read_names(const struct node *map, struct arena *arena, struct bands_spec *spec,
                              struct error *err)
{
    const struct node *list = node_child(map, "names");
    if (list == NULL)
        return STATUS_OK;
    size_t n = node_list_count(list);
    if (n != spec->count)
        return node_error(list, err, "bands: %zu edges make %zu bands, but there are %zu names",
                          spec->count - 1, spec->count, n);
    const char **names = arena_calloc(arena, n, sizeof *names);
    if (names == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const char *text = node_text(node_list_item(list, i));
        if (text == NULL)
            return node_error(list, err, "bands: name %zu is empty", i + 1);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(names[j], text) == 0)
                return node_error(node_list_item(list, i), err, "bands: '%s' is named twice", text);
        }
        names[i] = arena_copy(arena, text, strlen(text));
        if (names[i] == NULL)
            return error_no_memory(err);
    }
    spec->names = names;
    return STATUS_OK;
}

enum status bands_read(const struct node *node, struct arena *arena, struct bands_spec *spec,
                       struct error *err)
{
    *spec = (struct bands_spec){.kind = BANDS_AUTO};
    if (node == NULL)
        return STATUS_OK;
    if (node->kind == NODE_MAP) {
        enum status s = read_edges(node, arena, spec, err);
        return s == STATUS_OK ? read_names(node, arena, spec, err) : s;
    }
    const char *text = node_list_count(node) == 1 ? node_text(node_list_item(node, 0)) : NULL;
    uint64_t count = 0;
    if (text != NULL && strcmp(text, "points") == 0) {
        spec->kind = BANDS_POINTS;
        return STATUS_OK;
    }
    if (text == NULL || !number_parse_u64(slice_of(text), &count) || count < 2 || count > BANDS_MAX)
        return node_error(node, err,
                          "bands: points, a number from 2 to %d, or {edges: [...], names: [...]}",
                          BANDS_MAX);
    spec->kind = BANDS_EQUAL;
    spec->count = (size_t)count;
    return STATUS_OK;
}

static const char *number_name(struct arena *arena, int64_t millionths)
{
    char text[DECIMAL_TEXT_MAX];
    return arena_copy(arena, text, decimal_format(text, millionths));
}

/* The point's first word in a column's spelling: ASCII lower case, any other run one "_".  What
 * is left of a word in another script may be nothing. */
static const char *word_name(struct arena *arena, const char *word)
{
    size_t len = strlen(word);
    char *name = arena_copy(arena, word, len);
    if (name == NULL)
        return NULL;
    size_t out = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text_lower(word[i]);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            name[out++] = c;
        else if (out > 0 && name[out - 1] != '_')
            name[out++] = '_';
    }
    while (out > 0 && name[out - 1] == '_')
        out--;
    name[out] = '\0';
    return name;
}

/* Names from words if all can be told apart, else from numbers. */
static enum status name_points(const struct scale *scale, struct band *bands, size_t count,
                               struct arena *arena, struct error *err)
{
    bool words = scale->names != NULL;
    for (size_t i = 0; words && i < count; i++) {
        bands[i].name = word_name(arena, scale->names[i]);
        if (bands[i].name == NULL)
            return error_no_memory(err);
        words = bands[i].name[0] != '\0';
        for (size_t j = 0; words && j < i; j++)
            words = strcmp(bands[j].name, bands[i].name) != 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (!words)
            bands[i].name = number_name(arena, scale->points[i]);
        if (bands[i].name == NULL)
            return error_no_memory(err);
        bands[i].low = bands[i].high = ratio(scale->points[i], DECIMAL_ONE);
    }
    return STATUS_OK;
}

static enum status name_by_number(struct band *bands, size_t count, struct arena *arena,
                                  struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        bands[i].name = number_name(arena, (int64_t)(i + 1) * DECIMAL_ONE);
        if (bands[i].name == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

/* The i-th of count + 1 ends of equal bands. */
static double equal_end(const struct scale *scale, size_t i, size_t count)
{
    __int128 sum =
        (__int128)scale->min * (__int128)(count - i) + (__int128)scale->max * (__int128)i;
    return ratio(sum, (__int128)count * DECIMAL_ONE);
}

static enum status make_equal(struct bands *made, struct band *bands, const struct scale *scale,
                              struct arena *arena, struct error *err)
{
    made->min = scale->min;
    made->max = scale->max;
    for (size_t i = 0; i < made->count; i++) {
        bands[i].low = equal_end(scale, i, made->count);
        bands[i].high = equal_end(scale, i + 1, made->count);
    }
    return name_by_number(bands, made->count, arena, err);
}

static enum status make_edges(struct bands *made, struct band *bands, const struct bands_spec *spec,
                              const struct scale *scale, struct arena *arena, struct error *err)
{
    size_t last = made->count - 1;
    made->edges = spec->edges;
    for (size_t i = 0; i <= last; i++) {
        bands[i].low = i > 0 ? ratio(spec->edges[i - 1], DECIMAL_ONE) : (double)NAN;
        bands[i].high = i < last ? ratio(spec->edges[i], DECIMAL_ONE) : (double)NAN;
    }
    if (scale != NULL) {
        bands[0].low = ratio(scale->min, DECIMAL_ONE);
        bands[last].high = ratio(scale->max, DECIMAL_ONE);
    }
    if (spec->names == NULL)
        return name_by_number(bands, made->count, arena, err);
    for (size_t i = 0; i <= last; i++)
        bands[i].name = spec->names[i];
    return STATUS_OK;
}

static const int64_t nps_edges[] = {6500000, 8500000};
static const char *const nps_names[] = {"detractors", "passives", "promoters"};
static const struct bands_spec nps_spec = {BANDS_EDGES, 3, nps_edges, nps_names};

enum status bands_make(const struct bands_spec *spec, const struct scale *scale,
                       struct arena *arena, const struct bands **bands, struct error *err)
{
    *bands = NULL;
    bool nps = spec->kind == BANDS_AUTO && scale != NULL && strcmp(scale->name, "nps") == 0;
    if (nps)
        spec = &nps_spec;
    if (scale == NULL && spec->kind != BANDS_EDGES)
        return STATUS_OK;
    struct bands *made = arena_calloc(arena, 1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->nps = nps;
    made->kind = spec->kind;
    made->count = spec->count;
    if (spec->kind == BANDS_AUTO || spec->kind == BANDS_POINTS) {
        bool points = scale->points != NULL && scale->point_count <= BANDS_POINTS_MAX;
        made->kind = points ? BANDS_POINTS : BANDS_EQUAL;
        made->count = points ? (size_t)scale->point_count : BANDS_DEFAULT;
        made->points = scale->points;
    }
    struct band *list = arena_calloc(arena, made->count, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    made->bands = list;
    enum status s = made->kind == BANDS_POINTS  ? name_points(scale, list, made->count, arena, err)
                    : made->kind == BANDS_EQUAL ? make_equal(made, list, scale, arena, err)
                                                : make_edges(made, list, spec, scale, arena, err);
    if (s == STATUS_OK)
        *bands = made;
    return s;
}

/* Edge i (from 1) parts band i - 1 from band i; the lower one is nearer the middle if it lies
 * above it. */
static size_t settle_edge(size_t i, size_t count)
{
    return 2 * i > count ? i - 1 : i;
}

static size_t find_equal(const struct bands *bands, int64_t value)
{
    if (value < bands->min || value > bands->max)
        return bands->count;
    __int128 width = (__int128)bands->max - bands->min;
    __int128 scaled = ((__int128)value - bands->min) * (__int128)bands->count;
    size_t i = (size_t)(scaled / width);
    if (i > 0 && scaled % width == 0)
        i = i == bands->count ? i - 1 : settle_edge(i, bands->count);
    return i;
}

static size_t find_sorted(const int64_t *sorted, size_t count, int64_t value)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t bands_find(const struct bands *bands, int64_t value)
{
    if (bands->kind == BANDS_EQUAL)
        return find_equal(bands, value);
    if (bands->kind == BANDS_POINTS) {
        size_t i = find_sorted(bands->points, bands->count, value);
        return i < bands->count && bands->points[i] == value ? i : bands->count;
    }
    size_t i = find_sorted(bands->edges, bands->count - 1, value);
    if (i < bands->count - 1 && bands->edges[i] == value)
        return settle_edge(i + 1, bands->count);
    return i;
}
