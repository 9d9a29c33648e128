#include "tables/aggregator.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "time/time_format.h"

/* ---- opening on records ---- */

static enum status place(enum status s, const struct node *at, struct error *err)
{
    if (s != STATUS_OK && at != NULL)
        error_at(err, at->file, at->line, at->column);
    return s;
}

static enum status find_source(const struct schema *schema, const char *name,
                               struct group_source *source, struct error *err)
{
    *source = (struct group_source){GROUP_FIELD, schema_find(schema, name)};
    if (source->column != SCHEMA_NONE) {
        if (schema->fields[source->column].type == FIELD_SET)
            source->kind = GROUP_SET;
        return STATUS_OK;
    }
    if (strcmp(name, "hour_of_day") == 0)
        source->kind = GROUP_HOUR;
    else if (strcmp(name, "weekday") == 0)
        source->kind = GROUP_WEEKDAY;
    else
        return schema_require(schema, name, &source->column, err);
    return STATUS_OK;
}

static enum status open_groups(struct aggregator *a, struct aggregate_table *t,
                               const struct schema *schema, struct error *err)
{
    bool *set = arena_calloc(&a->arena, t->plan.by_count + 1, sizeof *set);
    t->sources = arena_calloc(&a->arena, t->plan.by_count + 1, sizeof *t->sources);
    if (set == NULL || t->sources == NULL)
        return error_no_memory(err);
    t->by_set = set;
    for (size_t i = 0; i < t->plan.by_count; i++) {
        enum status s = find_source(schema, t->plan.by[i], &t->sources[i], err);
        if (s != STATUS_OK)
            return place(s, t->at.by, err);
        set[i] = t->sources[i].kind == GROUP_SET;
        t->any_set = t->any_set || set[i];
        t->needs_time = t->needs_time || t->sources[i].kind >= GROUP_HOUR;
        for (size_t k = 0; k < i; k++) {
            char shown[TEXT_ESCAPED_MAX];
            if (strcmp(t->plan.by[i], t->plan.by[k]) == 0)
                return place(error_set(err, STATUS_USAGE, "by: '%s' is named twice",
                                       text_escape(shown, slice_of(t->plan.by[i]))),
                             t->at.by, err);
        }
    }
    return STATUS_OK;
}

static enum status open_time(struct aggregator *a, struct aggregate_table *t,
                             const struct schema *schema, struct error *err)
{
    t->needs_time = t->needs_time || t->every != NULL;
    if (!t->needs_time)
        return STATUS_OK;
    a->time_column = schema_find(schema, "time");
    if (a->time_column == SCHEMA_NONE)
        return error_set(err, STATUS_USAGE,
                         "windows, hours and weekdays need a field called time, and the records "
                         "have none; name it under fields in ingest");
    if (schema->fields[a->time_column].type != FIELD_TIME)
        return error_set(err, STATUS_USAGE,
                         "field 'time' is of type %s, but windows, hours and weekdays need a time; "
                         "give it `type: time` in ingest",
                         field_type_name(schema->fields[a->time_column].type));
    enum status s = timezone_load(t->zone, &t->time_zone, err);
    t->window.zone = t->time_zone;
    if (t->every != NULL)
        (void)window_every_parse(slice_of(t->every), &t->window.every); /* checked by the keys */
    return s;
}

static enum status add_number(struct aggregator *a, const struct number_column *column,
                              size_t *number)
{
    for (size_t i = a->scored ? 1 : 0; i < a->number_count; i++) {
        if (a->numbers[i].column == column->column && a->numbers[i].weight == column->weight) {
            *number = i;
            return STATUS_OK;
        }
    }
    struct number_column *numbers = realloc(a->numbers, (a->number_count + 1) * sizeof *numbers);
    if (numbers == NULL)
        return STATUS_IO;
    a->numbers = numbers;
    *number = a->number_count++;
    numbers[*number] = *column;
    return STATUS_OK;
}

static enum status require_number(const char *what, const char *name, enum field_type type,
                                  const struct node *at, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    if (type == FIELD_INT || type == FIELD_DECIMAL)
        return STATUS_OK;
    return place(error_set(err, STATUS_USAGE,
                           "%s '%s' is of type %s; give it `type: int` or "
                           "`type: decimal` in ingest",
                           what, text_escape(shown, slice_of(name)), field_type_name(type)),
                 at, err);
}

static enum status open_measures(struct aggregator *a, struct aggregate_table *t,
                                 const struct schema *schema, struct error *err)
{
    t->measure_numbers =
        arena_calloc(&a->arena, t->plan.measure_count + 1, sizeof *t->measure_numbers);
    if (t->measure_numbers == NULL)
        return error_no_memory(err);
    for (size_t m = 0; m < t->plan.measure_count; m++) {
        const char *name = t->plan.measures[m];
        size_t column;
        enum status s = node_require_field(t->at.measures, schema, name, &column, err);
        if (s != STATUS_OK)
            return s;
        enum field_type type = schema->fields[column].type;
        const struct number_column number = {name, column, type == FIELD_INT, false};
        s = require_number("measure", name, type, t->at.measures, err);
        if (s != STATUS_OK)
            return s;
        if (add_number(a, &number, &t->measure_numbers[m]) != STATUS_OK)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

static enum status open_weight(struct aggregator *a, struct aggregate_table *t,
                               const struct schema *schema, struct error *err)
{
    const char *name = t->plan.weight;
    if (name == NULL)
        return STATUS_OK;
    if (!a->scored)
        return place(error_set(err, STATUS_USAGE,
                               "the records have no scores to weigh; bell-normalize adds them"),
                     t->at.weight, err);
    enum status s = node_require_field(t->at.weight, schema, name, &t->weight_column, err);
    if (s != STATUS_OK)
        return s;
    enum field_type type = schema->fields[t->weight_column].type;
    const struct number_column number = {name, t->weight_column, type == FIELD_INT, true};
    s = require_number("weight", name, type, t->at.weight, err);
    if (s == STATUS_OK && add_number(a, &number, &t->weight_number) != STATUS_OK)
        return error_no_memory(err);
    return s;
}

static enum status open_table(struct aggregator *a, struct aggregate_table *t,
                              const struct schema *schema, struct error *err)
{
    enum status s = open_groups(a, t, schema, err);
    if (s == STATUS_OK)
        s = open_time(a, t, schema, err);
    if (s == STATUS_OK && t->people != NULL)
        s = node_require_field(t->at.people, schema, t->people, &t->people_column, err);
    if (s == STATUS_OK)
        s = open_measures(a, t, schema, err);
    return s == STATUS_OK ? open_weight(a, t, schema, err) : s;
}

static enum status open_tally(struct aggregator *a, struct aggregate_table *t, struct error *err)
{
    t->countable = !t->any_set && !t->needs_time && t->people_column == SCHEMA_NONE &&
                   t->plan.measure_count == 0;
    t->tally_columns = arena_calloc(&a->arena, t->plan.by_count + 1, sizeof *t->tally_columns);
    if (t->tally_columns == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < t->plan.by_count; i++)
        t->tally_columns[t->tally_count++] = t->sources[i].column;
    if (a->scale_column != SCHEMA_NONE)
        t->tally_columns[t->tally_count++] = a->scale_column;
    return STATUS_OK;
}

static void mark(bool *fields, size_t column)
{
    if (column != SCHEMA_NONE)
        fields[column] = true;
}

void aggregator_reads(const struct aggregator *a, bool *fields)
{
    for (size_t c = 0; a->merge && c < a->field_count; c++)
        fields[c] = true;
    if (a->merge)
        return;
    mark(fields, a->unscored_column);
    mark(fields, a->scale_column);
    mark(fields, a->time_column);
    for (size_t i = 0; i < a->number_count; i++)
        mark(fields, a->numbers[i].column);
    for (size_t i = 0; i < a->table_count; i++) {
        const struct aggregate_table *t = &a->tables[i];
        mark(fields, t->people_column);
        for (size_t k = 0; k < t->plan.by_count; k++)
            if (t->sources[k].kind <= GROUP_SET)
                mark(fields, t->sources[k].column);
    }
}

static enum status open_records(struct aggregator *a, const struct header *header,
                                struct error *err)
{
    const struct schema *schema = &header->schema;
    if (header_line(header, "partial") != NULL)
        return error_set(err, STATUS_DATA, "the input is a partial; --merge reads it");
    const struct number_column score = {"score", schema_find(schema, "score"), false, false};
    size_t number;
    a->scored = false;
    if (score.column != SCHEMA_NONE && add_number(a, &score, &number) != STATUS_OK)
        return error_no_memory(err);
    a->scored = score.column != SCHEMA_NONE;
    a->unscored_column = a->scored ? schema_find(schema, "unscored") : SCHEMA_NONE;
    a->scale_column = a->scored ? schema_find(schema, "scale") : SCHEMA_NONE;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++)
        s = open_table(a, &a->tables[i], schema, err);
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++)
        s = open_tally(a, &a->tables[i], err);
    for (size_t i = 1; s == STATUS_OK && i < a->table_count; i++)
        a->mixed_weights =
            a->mixed_weights || a->tables[i].weight_column != a->tables[0].weight_column;
    return s;
}

/* ---- opening on partials ---- */

static bool same_list(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++) {
        if (strcmp(a[i], b[i]) != 0)
            return false;
    }
    return true;
}

static enum status differs(const struct header *header, const char *what, const struct node *at,
                           struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    (void)error_set(err, STATUS_USAGE,
                    "the partial was made with other settings (%s): '%s'; merge "
                    "it with the same study, or without one",
                    what, text_escape(shown, slice_of(header_line(header, "partial"))));
    return place(STATUS_USAGE, at, err);
}

static enum status open_merge(struct aggregator *a, const struct header *header, struct error *err)
{
    struct aggregate_table *t = &a->tables[0];
    const struct partial_plan *p = &a->partial;
    enum status s = partial_read_header(header, &a->arena, &a->partial, err);
    if (s != STATUS_OK)
        return s;
    if (t->plan.by_count > 0 && !same_list(t->plan.by, t->plan.by_count, p->by, p->by_count))
        return differs(header, "by", t->at.by, err);
    if (t->every != NULL && (p->every == NULL || strcmp(t->every, p->every) != 0))
        return differs(header, "every", NULL, err);
    if (t->every != NULL && strcmp(t->zone, p->zone) != 0)
        return differs(header, "zone", NULL, err);
    if (t->people != NULL && (p->people == NULL || strcmp(t->people, p->people) != 0))
        return differs(header, "people", t->at.people, err);
    if (t->plan.measure_count > 0 &&
        !same_list(t->plan.measures, t->plan.measure_count, p->measures, p->measure_count))
        return differs(header, "measures", t->at.measures, err);
    if (t->plan.weight != NULL && (p->weight == NULL || strcmp(t->plan.weight, p->weight) != 0))
        return differs(header, "weight", t->at.weight, err);
    t->plan.weight = p->weight;
    a->scored = p->scored;
    t->plan.by = p->by;
    t->plan.by_count = p->by_count;
    t->plan.measures = p->measures;
    t->plan.measure_count = p->measure_count;
    t->every = p->every;
    t->zone = p->zone;
    t->people = p->people;
    t->by_set = p->by_set;
    for (size_t i = 0; i < p->by_count; i++)
        t->any_set = t->any_set || p->by_set[i];
    if (t->any_set && t->plan.total)
        return error_set(err, STATUS_USAGE,
                         "no total can be had from partials grouped by a set, since they count a "
                         "record once under each label");
    return STATUS_OK;
}

enum status aggregator_open(struct aggregator *a, const struct header *header, struct error *err)
{
    a->arena = (struct arena)ARENA_INIT;
    a->unscored_column = a->scale_column = a->time_column = SCHEMA_NONE;
    a->field_count = header->schema.count;
    a->opened = true;
    for (size_t i = 0; i < a->table_count; i++) {
        groups_init(&a->tables[i].groups, &a->tables[i].groups_plan, a->budget);
        groups_init(&a->tables[i].totals, &a->tables[i].totals_plan, a->budget);
        a->tables[i].people_column = a->tables[i].weight_column = SCHEMA_NONE;
    }
    enum status s = a->merge ? open_merge(a, header, err) : open_records(a, header, err);
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++) {
        struct aggregate_table *t = &a->tables[i];
        t->plan.windows = t->every != NULL;
        t->plan.scored = a->scored;
        t->plan.people = t->people != NULL;
        t->groups_plan = (struct groups_plan){.by_count = t->plan.by_count,
                                              .key_count = t->plan.by_count + 2,
                                              .measure_count = t->plan.measure_count,
                                              .people = t->plan.people,
                                              .votes = t->plan.votes,
                                              .weighted = t->plan.weight != NULL};
        t->totals_plan = t->groups_plan;
        t->totals_plan.by_count = 0;
        t->totals_plan.key_count = 2;
    }
    return s;
}

void aggregator_close(struct aggregator *a)
{
    if (!a->opened)
        return;
    for (size_t i = 0; i < a->table_count; i++) {
        groups_free(&a->tables[i].groups);
        groups_free(&a->tables[i].totals);
        timezone_free(a->tables[i].time_zone);
        a->tables[i].time_zone = NULL;
    }
    free(a->numbers);
    a->numbers = NULL;
    a->number_count = 0;
    arena_free(&a->arena);
    a->opened = false;
}

/* ---- afterwards ---- */

static int by_scale_name(const void *a, const void *b)
{
    const struct scale *const *x = a;
    const struct scale *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* Every scale that a group has must be one of the header's. */
static enum status check_scales(const struct groups *groups, const struct scale *const *scales,
                                size_t count, struct error *err)
{
    struct slice *key = calloc(groups->plan->key_count, sizeof *key);
    if (key == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < groups_count(groups); i++) {
        char shown[TEXT_ESCAPED_MAX];
        size_t k = 0;
        groups_key(groups, i, key);
        struct slice name = key[groups->plan->by_count];
        while (k < count && !slice_is(name, scales[k]->name))
            k++;
        if (k == count && !slice_missing(name))
            s = error_set(err, STATUS_DATA,
                          "records are on a scale '%s' that the header of the stream does not "
                          "describe; bell-normalize writes its #scale line",
                          text_escape(shown, name));
    }
    free(key);
    return s;
}

enum status aggregator_scales(const struct aggregator *a, const struct header *header,
                              struct arena *arena, const struct scale *const **scales,
                              size_t *count, struct error *err)
{
    const struct scale **list = arena_calloc(arena, header->line_count + 1, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    size_t n = 0;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && a->scored && i < header->line_count; i++) {
        if (strcmp(header->lines[i].kind, "scale") == 0)
            s = scale_from_line(header->lines[i].text, arena, &list[n++], err);
    }
    if (s != STATUS_OK)
        return s;
    if (n > 1)
        qsort(list, n, sizeof *list, by_scale_name);
    for (size_t i = 0; s == STATUS_OK && i < a->table_count; i++)
        s = check_scales(&a->tables[i].groups, list, n, err);
    *scales = list;
    *count = n;
    return s;
}

enum status aggregator_partial_plan(const struct aggregator *a, size_t table,
                                    const struct scale *const *scales, size_t scale_count,
                                    struct arena *arena, struct partial_plan *plan,
                                    struct error *err)
{
    const struct aggregate_table *t = &a->tables[table];
    const char **names = arena_calloc(arena, scale_count + 1, sizeof *names);
    if (names == NULL)
        return error_no_memory(err);
    bool named = false;
    for (size_t i = 0; i < scale_count; i++)
        names[i] = scales[i]->name;
    for (size_t i = 0; i < t->plan.by_count; i++)
        named = named || strcmp(t->plan.by[i], "scale") == 0;
    *plan = (struct partial_plan){.by = t->plan.by,
                                  .by_set = t->by_set,
                                  .by_count = t->plan.by_count,
                                  .scale_column = scale_count > 1 && !named,
                                  .every = t->every,
                                  .zone = t->zone,
                                  .people = t->people,
                                  .measures = t->plan.measures,
                                  .measure_count = t->plan.measure_count,
                                  .weight = t->plan.weight,
                                  .scales = names,
                                  .scale_count = scale_count,
                                  .scored = a->scored};
    return STATUS_OK;
}
