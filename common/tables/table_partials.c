/* Partials as a table: merged by the aggregator, then handed out group by group. */
#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "records/stream_reader.h"
#include "stats/ratio.h"
#include "tables/aggregator.h"
#include "stats/ratio.h"
#include "tables/figures.h"
#include "tables/table_reader_parts.h"

struct table_partials {
    struct aggregate_table table;
    struct aggregator aggregator;
    struct source source;
    struct header header;
    const struct scale *const *scales;
    const struct bands **bands;       /* one a scale */
    const struct table_scale **known; /* likewise */
    size_t scale_count;
    size_t *order;
    size_t count;
    size_t at;
    size_t *key_at; /* by name: cell of the groups' key */
    struct slice *key;
    struct figures_space space;
    const char *file;
    struct arena arena;
};

static enum status refused(struct table_partials *p, const struct batch *batch, struct error *err)
{
    const struct refusal *r = &batch->refusals[0];
    (void)error_set(err, STATUS_DATA, "record %llu: %s",
                    (unsigned long long)(batch->first + r->record), r->reason);
    error_at(err, p->source.ops->file_name(p->source.self, batch->file), 0, 0);
    return STATUS_DATA;
}

/* All records of all parts into the groups. */
static enum status gather(struct table_partials *p, struct error *err)
{
    struct batch batch;
    struct aggregate_worker *worker = NULL;
    bool end = false;
    batch_init(&batch);
    enum status s = aggregator_worker_new(&p->aggregator, &worker, err);
    while (s == STATUS_OK && !end) {
        batch_reset(&batch);
        s = p->source.ops->fill(p->source.self, &batch, &end, err);
        if (s == STATUS_OK && p->source.ops->parse != NULL)
            s = p->source.ops->parse(p->source.self, &batch, err);
        if (s == STATUS_OK && batch.record_count > 0)
            s = aggregator_process(&p->aggregator, worker, &batch, err);
        if (s == STATUS_OK && batch.refusal_count > 0)
            s = refused(p, &batch, err);
    }
    if (s == STATUS_OK)
        s = aggregator_gather(&p->aggregator, worker, err);
    aggregator_worker_free(&p->aggregator, worker);
    batch_free(&batch);
    return s;
}

/* As in distribution.c: with one scale all groups are on it. */
static enum status join_scales(struct table_partials *p, struct error *err)
{
    if (p->scale_count > 1)
        return STATUS_OK;
    struct slice name = p->scale_count == 1 ? slice_of(p->scales[0]->name) : SLICE_MISSING;
    return groups_unify_scale(&p->table.groups, name, err);
}

static enum status make_bands(struct table_reader *reader, struct error *err)
{
    static const struct bands_spec as_scale = {.kind = BANDS_AUTO};
    struct table_partials *p = reader->partials;
    const struct bands_spec *spec = reader->scales.bands == NULL ? &as_scale : reader->scales.bands;
    p->bands = arena_calloc(&p->arena, p->scale_count + 1, sizeof *p->bands);
    p->known = arena_calloc(&p->arena, p->scale_count + 1, sizeof *p->known);
    if (p->bands == NULL || p->known == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < p->scale_count; i++) {
        s = bands_make(spec, p->scales[i], &p->arena, &p->bands[i], err);
        if (s == STATUS_OK && p->bands[i] != NULL)
            s = table_scales_from_bands(&p->arena, p->scales[i]->name, p->bands[i], &p->known[i],
                                        err);
        if (s == STATUS_OK && p->bands[i] != NULL)
            s = table_room(reader, p->bands[i]->count, err);
    }
    return s;
}

static enum status name_keys(struct table_reader *reader, struct error *err)
{
    struct table_partials *p = reader->partials;
    const struct distribution *plan = &p->table.plan;
    const char **names = arena_calloc(&p->arena, plan->by_count + 2, sizeof *names);
    p->key_at = arena_calloc(&p->arena, plan->by_count + 2, sizeof *p->key_at);
    p->key = arena_calloc(&p->arena, plan->by_count + 2, sizeof *p->key);
    if (names == NULL || p->key_at == NULL || p->key == NULL)
        return error_no_memory(err);
    size_t n = 0;
    bool named = false;
    for (size_t i = 0; i < plan->by_count; i++) {
        named = named || strcmp(plan->by[i], "scale") == 0;
        if (strcmp(plan->by[i], "scale") == 0)
            continue;
        p->key_at[n] = i;
        names[n++] = plan->by[i];
    }
    reader->names = (struct table_names){.names = names,
                                         .by_count = n,
                                         .scale = named || p->scale_count > 1,
                                         .window = plan->windows};
    if (reader->names.scale) {
        p->key_at[n] = plan->by_count;
        names[n++] = "scale";
    }
    if (plan->windows) {
        p->key_at[n] = plan->by_count + 1;
        names[n++] = "window";
    }
    reader->names.count = n;
    return STATUS_OK;
}

static enum status open_stream(struct table_partials *p, struct table_begun *begun,
                               const char *const *paths, size_t path_count, struct error *err)
{
    char **names = arena_calloc(&p->arena, path_count, sizeof *names);
    for (size_t i = 0; names != NULL && i < path_count; i++) {
        names[i] = arena_copy(&p->arena, paths[i], strlen(paths[i]));
        if (names[i] == NULL)
            names = NULL;
    }
    struct slice head = {begun->head, begun->length};
    enum status s = names == NULL
                        ? error_no_memory(err)
                        : stream_reader_new(&p->source, names, path_count, 0, INPUT_DEFAULT, err);
    if (s != STATUS_OK) {
        input_close(begun->input);
        return s;
    }
    s = stream_reader_begun(&p->source, begun->input, head, err);
    return s == STATUS_OK ? p->source.ops->open(p->source.self, &p->header, err) : s;
}

static enum status read_all(struct table_reader *reader, struct error *err)
{
    struct table_partials *p = reader->partials;
    if (header_line(&p->header, "partial") == NULL) {
        (void)error_set(err, STATUS_DATA,
                        "this is a record stream; bell-aggregate makes a table of it");
        error_at(err, p->file, 0, 0);
        return STATUS_DATA;
    }
    p->aggregator = (struct aggregator){
        .tables = &p->table, .table_count = 1, .budget = reader->options.budget, .merge = true};
    enum status s = aggregator_open(&p->aggregator, &p->header, err);
    if (s == STATUS_OK)
        s = gather(p, err);
    if (s == STATUS_OK)
        s = aggregator_scales(&p->aggregator, &p->header, &p->arena, &p->scales, &p->scale_count,
                              err);
    if (s == STATUS_OK)
        s = join_scales(p, err);
    if (s == STATUS_OK)
        s = make_bands(reader, err);
    if (s == STATUS_OK)
        s = name_keys(reader, err);
    if (s == STATUS_OK)
        s = groups_order(&p->table.groups, false, &p->order, err);
    p->count = groups_count(&p->table.groups);
    return s;
}

enum status table_partials_open(struct table_reader *reader, struct table_begun *begun,
                                const char *const *paths, size_t path_count, struct error *err)
{
    struct table_partials *p = calloc(1, sizeof *p);
    if (p == NULL) {
        input_close(begun->input);
        return error_no_memory(err);
    }
    p->header = (struct header)HEADER_INIT;
    p->space.budget = reader->options.budget;
    reader->partials = p;
    const char *name = input_name(begun->input);
    p->file = arena_copy(&p->arena, name, strlen(name));
    enum status s = open_stream(p, begun, paths, path_count, err);
    if (s == STATUS_OK && table_scale_named(reader))
        s = error_set(err, STATUS_USAGE,
                      "partials say their scale themselves, so none is to be "
                      "named");
    return s == STATUS_OK ? read_all(reader, err) : s;
}

static enum status stray(const struct table_partials *p, const struct figures *f, size_t scale,
                         struct error *err)
{
    char text[DECIMAL_TEXT_MAX], shown[TEXT_ESCAPED_MAX];
    (void)decimal_format(text, f->stray_score);
    (void)error_set(err, STATUS_DATA, "a record has the score %s, which is not on its scale %s",
                    text, text_escape(shown, slice_of(p->scales[scale]->name)));
    error_at(err, p->file, 0, 0);
    return STATUS_DATA;
}

enum status table_partials_next(struct table_reader *reader, bool *end, struct error *err)
{
    static const struct figures_request request = {.quantile_type = 7};
    struct table_partials *p = reader->partials;
    struct table_raw *raw = &reader->raw;
    struct figures f;
    *end = p->at == p->count;
    if (*end)
        return STATUS_OK;
    size_t group = p->order[p->at++], by = p->table.plan.by_count, scale = 0;
    groups_key(&p->table.groups, group, p->key);
    for (size_t k = 0; k < reader->names.count; k++)
        raw->key[k] = p->key[p->key_at[k]];
    while (scale < p->scale_count && !slice_is(p->key[by], p->scales[scale]->name))
        scale++;
    const struct bands *bands = scale < p->scale_count ? p->bands[scale] : NULL;
    enum status s = figures_compute(&request, &p->table.groups, &p->table.groups.states[group],
                                    bands, &p->space, &f, err);
    if (s == STATUS_OK && f.stray)
        s = stray(p, &f, scale, err);
    if (s != STATUS_OK)
        return s;
    for (size_t i = 0; i < TABLE_FIGURES; i++)
        raw->figure[i] = (double)NAN;
    raw->file = p->file;
    raw->line = 0;
    raw->withheld = false;
    raw->figure[TABLE_RECORDS] = (double)f.records;
    if (p->table.plan.people)
        raw->figure[TABLE_PEOPLE] = (double)f.people;
    if (!p->table.plan.scored)
        return STATUS_OK;
    raw->figure[TABLE_SCORED] = (double)f.scored;
    raw->figure[TABLE_MISSING] = (double)f.missing;
    raw->figure[TABLE_OFF_SCALE] = (double)f.off_scale;
    if (bands == NULL)
        return STATUS_OK;
    raw->figure[TABLE_MEAN] = f.mean;
    raw->figure[TABLE_SD] = f.sd;
    raw->figure[TABLE_MEDIAN] = f.median;
    raw->scale = p->known[scale];
    for (size_t b = 0; b < f.band_count; b++)
        reader->room[0][b] = f.in_band[b];
    raw->counts = reader->room[0];
    if (f.weight_in_band == NULL)
        return STATUS_OK;
    for (size_t b = 0; b < f.band_count; b++)
        reader->room[1][b] = ratio((__int128)f.weight_in_band[b], DECIMAL_ONE);
    raw->weights = reader->room[1];
    raw->figure[TABLE_WEIGHTED] = ratio((__int128)f.weight, DECIMAL_ONE);
    raw->figure[TABLE_N_EFF] = f.n_eff;
    return STATUS_OK;
}

void table_partials_free(struct table_partials *p)
{
    if (p == NULL)
        return;
    aggregator_close(&p->aggregator);
    if (p->source.self != NULL)
        p->source.ops->free(p->source.self);
    header_free(&p->header);
    figures_space_free(&p->space);
    free(p->order);
    arena_free(&p->arena);
    free(p);
}
