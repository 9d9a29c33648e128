/* The part of claim_bind.h that reads the table. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "estimates/claim_bind.h"

enum { LISTED_MAX = 12 };

static size_t column_of(const struct table_names *names, struct slice column)
{
    size_t i = 0;
    while (i < names->count && !slice_is(column, names->names[i]))
        i++;
    return i;
}

enum status claim_columns(const struct claim_pick *picks, size_t count,
                          const struct table_names *names, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        char shown[TEXT_ESCAPED_MAX], word[128];
        if (column_of(names, picks[i].column) < names->count)
            continue;
        char other[TEXT_ESCAPED_MAX];
        text_escape(shown, picks[i].column);
        (void)snprintf(word, sizeof word, "%.*s",
                       (int)(picks[i].column.len < sizeof word ? picks[i].column.len : 0),
                       picks[i].column.data);
        const char *near = text_nearest(word, names->names, names->count);
        if (names->count == 0)
            return claim_error(err, picks[i].place,
                               "the table has no group columns, so leave out [...]");
        if (near != NULL)
            return claim_error(err, picks[i].place, "no group column '%s'; did you mean '%s'?",
                               shown, text_escape(other, slice_of(near)));
        return claim_error(err, picks[i].place, "no group column '%s' (the first one is '%s')",
                           shown, text_escape(other, slice_of(names->names[0])));
    }
    return STATUS_OK;
}

static bool pick_holds(const struct claim_pick *pick, const struct table_names *names,
                       const struct table_group *group)
{
    struct slice cell = group->key[column_of(names, pick->column)];
    return slice_missing(cell) ? pick->value.len == 0 : slice_equal(cell, pick->value);
}

bool claim_picks(const struct claim_pick *picks, size_t count, const struct table_names *names,
                 const struct table_group *group)
{
    for (size_t i = 0; i < count; i++)
        if (!pick_holds(&picks[i], names, group))
            return false;
    return true;
}

enum status claim_label(const char **label, const struct table_names *names,
                        const struct table_group *group, struct arena *arena, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    bool ok = buffer_append_text(&text, "");
    for (size_t i = 0; ok && i < names->count; i++) {
        char name[TEXT_ESCAPED_MAX], shown[TEXT_ESCAPED_MAX];
        struct slice cell = group->key[i];
        ok = buffer_appendf(&text, "%s%s %s", i > 0 ? ", " : "",
                            text_escape(name, slice_of(names->names[i])),
                            cell.len == 0 ? "(none)" : text_escape(shown, cell));
    }
    *label = ok ? arena_copy(arena, text.len > 0 ? text.data : "", text.len) : NULL;
    buffer_free(&text);
    return *label != NULL ? STATUS_OK : error_no_memory(err);
}

/* ---- a copy that outlives the reader ---- */

static bool copy_slice(struct slice *to, struct slice from, struct arena *arena)
{
    *to = SLICE_MISSING;
    if (slice_missing(from))
        return true;
    *to = (struct slice){arena_copy(arena, from.data, from.len), from.len};
    return to->data != NULL;
}

static const double *copy_numbers(const double *from, size_t count, struct arena *arena)
{
    double *to = arena_calloc(arena, count + 1, sizeof *to);
    if (to != NULL && count > 0)
        memcpy(to, from, count * sizeof *to);
    return to;
}

static enum status copy_group(const struct table_group **to, const struct table_group *from,
                              size_t key_count, struct arena *arena, struct error *err)
{
    struct table_group *g = arena_calloc(arena, 1, sizeof *g);
    struct slice *key = arena_calloc(arena, key_count + 1, sizeof *key);
    struct table_band *band = arena_calloc(arena, from->bands + 1, sizeof *band);
    if (g == NULL || key == NULL || band == NULL)
        return error_no_memory(err);
    *g = *from;
    bool ok = true;
    for (size_t i = 0; ok && i < key_count; i++)
        ok = copy_slice(&key[i], from->key[i], arena);
    for (size_t i = 0; ok && i < from->bands; i++) {
        band[i] = from->band[i];
        ok = copy_slice(&band[i].name, from->band[i].name, arena);
    }
    g->key = key;
    g->band = band;
    size_t counted = from->counts != NULL ? from->bands : 0;
    g->scores = copy_numbers(from->scores, from->scores != NULL ? from->bands : 0, arena);
    g->counts = copy_numbers(from->counts, counted, arena);
    if (from->weighted != NULL)
        g->weighted = copy_numbers(from->weighted, from->bands, arena);
    if (from->scale != NULL)
        g->scale = arena_copy(arena, from->scale, strlen(from->scale));
    if (from->file != NULL)
        g->file = arena_copy(arena, from->file, strlen(from->file));
    *to = g;
    return ok && g->scores != NULL && g->counts != NULL ? STATUS_OK : error_no_memory(err);
}

/* ---- which group ---- */

/* What became of one COLUMN=VALUE: was the value seen at all, and which one is most like it? */
struct watch {
    bool seen;
    const char *nearest;
};

struct search {
    const struct claim *claim;
    struct watch *watches[2]; /* one a pick of each side */
    const struct table_names *names;
    struct claim_found *found;
    size_t matches[2];
    struct buffer listed[2]; /* the first labels that matched */
    size_t rows;
    struct arena *arena;
};

static enum status watch_picks(struct search *search, const struct claim_side *side,
                               struct watch *watches, const struct table_group *group,
                               struct error *err)
{
    for (size_t i = 0; i < side->pick_count; i++) {
        const struct claim_pick *pick = &side->picks[i];
        struct watch *watch = &watches[i];
        watch->seen = watch->seen || pick_holds(pick, search->names, group);
        struct slice cell = group->key[column_of(search->names, pick->column)];
        if (watch->seen || cell.len == 0)
            continue;
        const char *wanted = arena_copy(search->arena, pick->value.data, pick->value.len);
        const char *candidates[2] = {watch->nearest,
                                     arena_copy(search->arena, cell.data, cell.len)};
        if (wanted == NULL || candidates[1] == NULL)
            return error_no_memory(err);
        bool first = watch->nearest == NULL;
        const char *near = text_nearest(wanted, candidates + first, first ? 1 : 2);
        watch->nearest = near != NULL ? near : watch->nearest;
    }
    return STATUS_OK;
}

static enum status look_at(struct search *search, const struct table_group *group,
                           struct error *err)
{
    const char *label = NULL;
    const struct table_group *copy = NULL;
    search->rows++;
    for (size_t i = 0; i < search->claim->side_count; i++) {
        const struct claim_side *side = &search->claim->sides[i];
        enum status s = search->matches[i] > 0
                            ? STATUS_OK
                            : watch_picks(search, side, search->watches[i], group, err);
        if (s != STATUS_OK)
            return s;
        if (!claim_picks(side->picks, side->pick_count, search->names, group))
            continue;
        if (++search->matches[i] > LISTED_MAX)
            continue;
        if (label == NULL)
            s = claim_label(&label, search->names, group, search->arena, err);
        if (s == STATUS_OK && copy == NULL)
            s = copy_group(&copy, group, search->names->count, search->arena, err);
        if (s != STATUS_OK)
            return s;
        search->found->groups[i] = copy;
        search->found->labels[i] = label;
        if (!buffer_appendf(&search->listed[i], "%s%s", search->matches[i] > 1 ? "; " : "", label))
            return error_no_memory(err);
    }
    return STATUS_OK;
}

static enum status none_found(const struct search *search, size_t number, struct error *err)
{
    char value[TEXT_ESCAPED_MAX], column[TEXT_ESCAPED_MAX], near[TEXT_ESCAPED_MAX];
    const struct claim_side *side = &search->claim->sides[number];
    if (search->rows == 0)
        return error_set(err, STATUS_DATA, "the table has no rows, so there is nothing to judge");
    for (size_t i = 0; i < side->pick_count; i++) {
        const struct watch *watch = &search->watches[number][i];
        if (watch->seen)
            continue;
        text_escape(value, side->picks[i].value);
        text_escape(column, side->picks[i].column);
        if (watch->nearest == NULL)
            return claim_error(err, side->picks[i].place, "no group has %s=%s", column, value);
        return claim_error(err, side->picks[i].place, "no group has %s=%s; did you mean '%s'?",
                           column, value, text_escape(near, slice_of(watch->nearest)));
    }
    return claim_error(err, side->picks[0].place, "no group has all of these values together");
}

static enum status one_each(const struct search *search, struct error *err)
{
    for (size_t i = 0; i < search->claim->side_count; i++) {
        const struct claim_side *side = &search->claim->sides[i];
        if (search->matches[i] == 0)
            return none_found(search, i, err);
        if (search->matches[i] == 1)
            continue;
        char example[TEXT_ESCAPED_MAX];
        text_escape(example,
                    slice_of(search->names->count > 0 ? search->names->names[0] : "COLUMN"));
        return claim_error(err, side->place,
                           "%zu groups are meant (%s%s); choose one, as in [%s=...]%s",
                           search->matches[i], search->listed[i].data,
                           search->matches[i] > LISTED_MAX ? "; ..." : "", example,
                           search->claim->side_count == 1 ? ", or judge each with --each" : "");
    }
    return STATUS_OK;
}

enum status claim_find(struct claim_found *found, const struct claim *claim,
                       struct table_reader *reader, struct arena *arena, struct error *err)
{
    *found = (struct claim_found){.groups = {NULL, NULL}};
    struct search search = {.claim = claim,
                            .names = table_reader_names(reader),
                            .found = found,
                            .listed = {BUFFER_INIT, BUFFER_INIT},
                            .arena = arena};
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < claim->side_count; i++) {
        const struct claim_side *side = &claim->sides[i];
        search.watches[i] = arena_calloc(arena, side->pick_count + 1, sizeof *search.watches[i]);
        if (search.watches[i] == NULL)
            return error_no_memory(err);
        s = claim_columns(side->picks, side->pick_count, search.names, err);
    }
    const struct table_group *group = NULL;
    while (s == STATUS_OK && (s = table_reader_next(reader, &group, err)) == STATUS_OK &&
           group != NULL)
        s = look_at(&search, group, err);
    if (s == STATUS_OK)
        s = one_each(&search, err);
    buffer_free(&search.listed[0]);
    buffer_free(&search.listed[1]);
    return s;
}
