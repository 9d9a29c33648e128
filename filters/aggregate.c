/* bell-aggregate - records to distributions by group and time window, as CSV. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/budget.h"
#include "base/text.h"
#include "cli/filter.h"
#include "records/stream_writer.h"
#include "study/side_file.h"
#include "tables/aggregator.h"
#include "time/timezone.h"

struct aggregate {
    const struct settings *settings;
    struct aggregator aggregator;
    struct population **populations; /* one a table, may be NULL */
    struct output **outputs;         /* one a table */
    struct side_file **files;        /* of `complete` */
    size_t file_count;
    bool partial;
    struct arena arena;
};

/* ---- settings to tables ---- */

static enum status copy_names(const struct node *node, struct arena *arena,
                              const char *const **names, size_t *count, struct error *err)
{
    size_t n = node_list_count(node);
    const char **list = arena_calloc(arena, n + 1, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        list[i] = node_text(node_list_item(node, i));
        if (list[i] == NULL)
            return node_error(node, err, "a name in this list is empty");
    }
    *names = list;
    *count = n;
    return STATUS_OK;
}

static enum status read_complete_file(struct aggregate *a, const struct node *node,
                                      const char *name, struct complete_column *column,
                                      struct error *err)
{
    struct buffer path = BUFFER_INIT;
    struct side_file *file = NULL;
    size_t at = 0;
    struct side_file **files = realloc(a->files, (a->file_count + 1) * sizeof *files);
    if (files == NULL)
        return error_no_memory(err);
    a->files = files;
    enum status s = study_resolve_path(a->settings->study, node, &path, err);
    if (s == STATUS_OK)
        s = side_file_open(path.data, &file, err);
    if (s == STATUS_OK) {
        a->files[a->file_count++] = file;
        s = side_file_column(file, name, &at, err);
    }
    if (s == STATUS_OK) {
        column->count = side_file_rows(file);
        column->values = arena_calloc(&a->arena, column->count + 1, sizeof *column->values);
        if (column->values == NULL)
            s = error_no_memory(err);
    }
    for (size_t r = 0; s == STATUS_OK && r < column->count; r++)
        column->values[r] = side_file_cell(file, r, at);
    buffer_free(&path);
    return s;
}

static enum status read_complete(struct aggregate *a, const struct node *node,
                                 struct distribution *plan, struct error *err)
{
    if (node == NULL || node->count == 0)
        return STATUS_OK;
    struct complete_column *list = arena_calloc(&a->arena, node->count, sizeof *list);
    if (list == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        size_t by = 0;
        while (by < plan->by_count && strcmp(plan->by[by], node->keys[i]) != 0)
            by++;
        if (by == plan->by_count)
            return node_error(node->items[i], err,
                              "complete: '%s' is no group column; add it to by", node->keys[i]);
        if (node_text(node->items[i]) == NULL)
            return node_error(node->items[i], err, "complete: '%s' names no file", node->keys[i]);
        list[i].by = by;
        enum status s = read_complete_file(a, node->items[i], node->keys[i], &list[i], err);
        if (s != STATUS_OK)
            return s;
    }
    plan->complete = list;
    plan->complete_count = node->count;
    return STATUS_OK;
}

/* What applies to the final CSV only. */
static enum status read_layout(struct aggregate *a, const struct settings *settings,
                               struct aggregate_table *t, size_t number, struct error *err)
{
    struct distribution *plan = &t->plan;
    const struct node *population = settings_node(settings, "population");
    plan->quantile_type = strcmp(settings_text(settings, "quantile_type"), "1") == 0 ? 1 : 7;
    plan->full = strcmp(settings_text(settings, "stats"), "full") == 0;
    plan->long_layout = strcmp(settings_text(settings, "layout"), "long") == 0;
    plan->total = settings_flag(settings, "total");
    plan->excel = settings_flag(settings, "excel");
    plan->min_cell = (uint64_t)settings_int(settings, "min_cell");
    enum status s = bands_read(settings_node(settings, "bands"), &a->arena, &plan->bands, err);
    if (s == STATUS_OK)
        s = copy_names(settings_node(settings, "columns"), &a->arena, &plan->columns,
                       &plan->column_count, err);
    if (s == STATUS_OK && population != NULL) {
        s = population_read(settings->study, population, &a->populations[number], err);
        plan->population = a->populations[number];
    }
    return s == STATUS_OK ? read_complete(a, settings_node(settings, "complete"), plan, err) : s;
}

/* A zone that does not exist is said before any data is read, windows or not. */
static enum status check_zone(const struct settings *settings, const char *zone, struct error *err)
{
    const struct node *node = settings_node(settings, "zone");
    struct time_zone *loaded = NULL;
    if (node == NULL)
        return STATUS_OK;
    enum status s = timezone_load(zone, &loaded, err);
    if (s == STATUS_USAGE)
        error_at(err, node->file, node->line, node->column);
    timezone_free(loaded);
    return s;
}

/* What weights cannot go with would else be left out of them without a word. */
static enum status check_weight(const struct distribution *plan, const struct node *at,
                                struct error *err)
{
    if (plan->weight != NULL && plan->votes)
        return node_error(at, err,
                          "weight cannot go with vote: person, since a person's records may differ "
                          "in weight");
    if (plan->weight != NULL && plan->measure_count > 0)
        return node_error(at, err,
                          "weight cannot go with measures, which are not weighted; put them in "
                          "another of the tables");
    return STATUS_OK;
}

static enum status read_table(struct aggregate *a, const struct settings *settings, size_t number,
                              struct error *err)
{
    struct aggregate_table *t = &a->aggregator.tables[number];
    t->at.by = settings_node(settings, "by");
    t->at.people = settings_node(settings, "people");
    t->at.measures = settings_node(settings, "measures");
    t->at.weight = settings_node(settings, "weight");
    t->every = settings_text(settings, "every");
    t->zone = settings_text(settings, "zone");
    t->people = settings_text(settings, "people");
    t->plan.people = t->people != NULL;
    t->plan.weight = settings_text(settings, "weight");
    t->plan.votes = strcmp(settings_text(settings, "vote"), "person") == 0;
    enum status s = copy_names(t->at.by, &a->arena, &t->plan.by, &t->plan.by_count, err);
    if (s == STATUS_OK)
        s = copy_names(t->at.measures, &a->arena, &t->plan.measures, &t->plan.measure_count, err);
    if (s == STATUS_OK)
        s = check_zone(settings, t->zone, err);
    if (s == STATUS_OK && t->plan.votes && (a->partial || a->aggregator.merge))
        return node_error(settings_node(settings, "vote"), err,
                          "vote: person cannot go with partials, which do not hold who gave "
                          "which score");
    if (s == STATUS_OK)
        s = check_weight(&t->plan, t->at.weight, err);
    /* A partial may be written where the study's population is not at hand. */
    if (s == STATUS_OK && a->partial)
        return STATUS_OK;
    if (s == STATUS_OK)
        s = read_layout(a, settings, t, number, err);
    return s == STATUS_OK ? distribution_check(&t->plan, err) : s;
}

static bool plain_file_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

/* The tables to make, by name; NULL: the one of the section aggregate.  That is the table of -o,
 * and those of `tables` are for -O; a study without it gives the only one that it has. */
static const struct node *wanted_tables(const struct settings *settings)
{
    const struct node *tables = settings->tables;
    if (tables == NULL || tables->count == 0)
        return NULL;
    return settings->output_directory != NULL || !settings->section_exists ? tables : NULL;
}

static enum status check_tables(const struct aggregate *a, struct error *err)
{
    const struct settings *settings = a->settings;
    const struct aggregator *g = &a->aggregator;
    const struct node *tables = wanted_tables(settings);
    if (settings->output_directory != NULL && tables == NULL)
        return error_set(err, STATUS_USAGE,
                         "-O writes the tables of a study, and this one has no section tables; "
                         "take -o FILE");
    if (settings->output_directory != NULL && settings->common.output != NULL)
        return error_set(err, STATUS_USAGE, "take either -o or -O");
    if (g->table_count > 1 && (a->partial || g->merge))
        return error_set(err, STATUS_USAGE, "a partial holds one table, but the study has %zu",
                         g->table_count);
    if (g->table_count > 1 && settings->output_directory == NULL)
        return error_set(err, STATUS_USAGE,
                         "the study has %zu tables; -O DIR writes each to DIR/NAME.csv",
                         g->table_count);
    for (size_t i = 0; i < g->table_count; i++) {
        if (g->table_count > 1 && g->tables[i].plan.min_cell > 0)
            return error_set(err, STATUS_USAGE,
                             "min_cell and several tables cannot go together: what one withholds "
                             "could be had from another");
        if (tables != NULL && !plain_file_name(g->tables[i].name))
            return node_error(tables->items[i], err,
                              "'%s' cannot be the name of a file; rename the table",
                              g->tables[i].name);
    }
    return STATUS_OK;
}

static enum status read_settings(struct aggregate *a, struct error *err)
{
    const struct settings *settings = a->settings;
    const struct node *tables = wanted_tables(settings);
    struct aggregator *g = &a->aggregator;
    a->partial = settings_flag(settings, "partial");
    g->merge = settings_flag(settings, "merge");
    g->budget = settings->budget;
    size_t count = tables == NULL ? 1 : tables->count;
    g->tables = calloc(count, sizeof *g->tables);
    a->populations = calloc(count, sizeof *a->populations);
    a->outputs = calloc(count, sizeof *a->outputs);
    if (g->tables == NULL || a->populations == NULL || a->outputs == NULL)
        return error_no_memory(err);
    g->table_count = count;
    if (tables == NULL) {
        enum status s = read_table(a, settings, 0, err);
        return s == STATUS_OK ? check_tables(a, err) : s;
    }
    for (size_t i = 0; i < count; i++) {
        struct settings one = *settings;
        one.section = tables->items[i];
        g->tables[i].name = tables->keys[i];
        enum status s = read_table(a, &one, i, err);
        if (s != STATUS_OK)
            return s;
    }
    return check_tables(a, err);
}

/* ---- outputs ---- */

static enum status open_output(struct aggregate *a, size_t number, struct error *err)
{
    const struct settings *settings = a->settings;
    if (settings->output_directory == NULL)
        return output_open(&a->outputs[number], settings->common.output, OUTPUT_DEFAULT, err);
    struct buffer path = BUFFER_INIT;
    enum status s = error_no_memory(err);
    if (buffer_appendf(&path, "%s/%s.csv", settings->output_directory,
                       a->aggregator.tables[number].name))
        s = output_open(&a->outputs[number], path.data, OUTPUT_DEFAULT, err);
    buffer_free(&path);
    return s;
}

/* Before any data is read: a run of hours must not end with a folder that is not there. */
static enum status open_outputs(struct aggregate *a, struct error *err)
{
    const char *directory = a->settings->output_directory;
    if (directory != NULL && mkdir(directory, 0777) != 0 && errno != EEXIST)
        return error_set_errno(err, STATUS_IO, errno, "%s cannot be made", directory);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < a->aggregator.table_count; i++)
        s = open_output(a, i, err);
    return s;
}

static enum status commit_outputs(struct aggregate *a, struct error *err)
{
    enum status s = STATUS_OK;
    /* A full disk is seen before the first of several tables takes its place. */
    for (size_t i = 0; s == STATUS_OK && i < a->aggregator.table_count; i++)
        s = output_flush(a->outputs[i], err);
    for (size_t i = 0; s == STATUS_OK && i < a->aggregator.table_count; i++) {
        struct output *out = a->outputs[i];
        a->outputs[i] = NULL;
        s = output_commit(out, err);
    }
    return s;
}

static enum status write_csv(struct aggregate *a, size_t number, const struct scale *const *scales,
                             size_t scale_count, struct error *err)
{
    struct aggregate_table *t = &a->aggregator.tables[number];
    struct buffer csv = BUFFER_INIT;
    enum status s = distribution_write(&t->plan, &t->groups, t->plan.total ? &t->totals : NULL,
                                       scales, scale_count, &csv, err);
    if (s == STATUS_OK)
        s = output_write(a->outputs[number], csv.data, csv.len, err);
    buffer_free(&csv);
    return s;
}

/* ---- partials ---- */

struct partial_output {
    struct stream_writer *writer;
    struct codec *codec;
    size_t width;
    struct buffer text;
    struct buffer bytes;
    uint64_t rows;
};

enum { PARTIAL_CHUNK = 256 * 1024 };

static enum status put_text(struct partial_output *p, struct error *err)
{
    enum status s = stream_pack(p->writer, p->codec, &p->text, &p->bytes, err);
    if (s == STATUS_OK)
        s = stream_writer_put(p->writer, &p->bytes, err);
    buffer_clear(&p->bytes);
    return s;
}

static enum status put_row(void *to, const struct slice *cells, struct error *err)
{
    struct partial_output *p = to;
    if (!stream_append_record(&p->text, cells, p->width))
        return error_no_memory(err);
    p->rows++;
    return p->text.len >= PARTIAL_CHUNK ? put_text(p, err) : STATUS_OK;
}

static enum status write_stream(struct partial_output *p, const struct partial_plan *plan,
                                const struct header *header, struct groups *groups,
                                const struct counts *counts, struct error *err)
{
    enum status s = stream_writer_begin(p->writer, header, err);
    if (s == STATUS_OK)
        s = partial_write(plan, groups, put_row, p, err);
    if (s == STATUS_OK)
        s = put_text(p, err);
    const struct stream_end end = {.in = counts->in,
                                   .out = p->rows,
                                   .rejected = counts->rejected,
                                   .dropped = counts->dropped,
                                   .counted = counts->out};
    return s == STATUS_OK ? stream_writer_end(p->writer, header, &end, err) : s;
}

static enum status write_partial(struct aggregate *a, const struct header *header,
                                 const struct counts *counts, const struct scale *const *scales,
                                 size_t scale_count, struct error *err)
{
    const struct common_options *common = &a->settings->common;
    struct groups *groups = &a->aggregator.tables[0].groups;
    struct partial_output p = {.text = BUFFER_INIT, .bytes = BUFFER_INIT};
    struct partial_plan plan;
    struct header out = HEADER_INIT;
    int level = 0;
    enum status s = stream_choose_level(common->compress, common->text, common->force,
                                        a->outputs[0], &level, err);
    if (s == STATUS_OK)
        s = aggregator_partial_plan(&a->aggregator, 0, scales, scale_count, &a->arena, &plan, err);
    if (s == STATUS_OK && scale_count <= 1)
        s = groups_unify_scale(groups, SLICE_MISSING, err);
    if (s == STATUS_OK)
        s = partial_header(&plan, header, &out, err);
    if (s == STATUS_OK)
        s = codec_new(&p.codec, err);
    if (s == STATUS_OK)
        s = stream_writer_new(&p.writer, a->outputs[0], level, err);
    if (s == STATUS_OK) {
        p.width = partial_width(&plan);
        s = write_stream(&p, &plan, &out, groups, counts, err);
    }
    stream_writer_free(p.writer);
    codec_free(p.codec);
    buffer_free(&p.text);
    buffer_free(&p.bytes);
    header_free(&out);
    return s;
}

/* ---- the stage ---- */

static enum status check_unique(const struct aggregate *a, const struct header *header,
                                struct error *err)
{
    if (!a->partial || a->aggregator.merge || settings_flag(a->settings, "keys_disjoint") ||
        header_line(header, "unique") == NULL)
        return STATUS_OK;
    char shown[TEXT_ESCAPED_MAX];
    return error_set(err, STATUS_USAGE,
                     "the records went through unique (%s), so a record may be the first of its "
                     "key in several parts; --keys-disjoint promises that no key spans two parts",
                     text_escape(shown, slice_of(header_line(header, "unique"))));
}

static enum status aggregate_open(void *self, struct header *header, struct error *err)
{
    struct aggregate *a = self;
    enum status s = check_unique(a, header, err);
    if (s == STATUS_OK)
        s = aggregator_open(&a->aggregator, header, err);
    for (size_t i = 0; s == STATUS_OK && !a->partial && i < a->aggregator.table_count; i++)
        s = distribution_check_columns(&a->aggregator.tables[i].plan, err);
    return s == STATUS_OK ? open_outputs(a, err) : s;
}

static void aggregate_reads(void *self, const bool *wanted, bool *fields)
{
    const struct aggregate *a = self;
    (void)wanted; /* there is nothing behind it */
    aggregator_reads(&a->aggregator, fields);
}

static enum status aggregate_worker_new(void *self, void **worker, struct error *err)
{
    struct aggregate *a = self;
    struct aggregate_worker *new = NULL;
    enum status s = aggregator_worker_new(&a->aggregator, &new, err);
    *worker = new;
    return s;
}

static void aggregate_worker_free(void *self, void *worker)
{
    struct aggregate *a = self;
    aggregator_worker_free(&a->aggregator, worker);
}

static enum status aggregate_process(void *self, void *worker, struct batch *batch,
                                     struct error *err)
{
    const struct aggregate *a = self;
    return aggregator_process(&a->aggregator, worker, batch, err);
}

static enum status aggregate_gather(void *self, void *worker, struct error *err)
{
    struct aggregate *a = self;
    return aggregator_gather(&a->aggregator, worker, err);
}

/* Nothing lost: what was counted must stand in the tables. */
static enum status check_sum(const struct aggregator *g, const struct counts *counts,
                             struct error *err)
{
    for (size_t i = 0; i < g->table_count && !g->merge; i++) {
        const struct groups *groups = &g->tables[i].groups;
        unsigned __int128 sum = 0;
        for (size_t k = 0; k < groups_count(groups); k++)
            sum += groups->states[k].records;
        if (!g->tables[i].any_set && sum != counts->out)
            return error_set(err, STATUS_IO,
                             "%llu records were counted, but the table holds another number; "
                             "this is a fault of the program",
                             (unsigned long long)counts->out);
    }
    return STATUS_OK;
}

static enum status aggregate_finish(void *self, const struct header *header,
                                    const struct counts *counts, struct error *err)
{
    struct aggregate *a = self;
    const struct scale *const *scales = NULL;
    size_t scale_count = 0;
    enum status s = check_unique(a, header, err); /* lines may have come late */
    if (s == STATUS_OK)
        s = check_sum(&a->aggregator, counts, err);
    if (s == STATUS_OK)
        s = aggregator_scales(&a->aggregator, header, &a->arena, &scales, &scale_count, err);
    if (s == STATUS_OK && a->partial)
        s = write_partial(a, header, counts, scales, scale_count, err);
    for (size_t i = 0; s == STATUS_OK && !a->partial && i < a->aggregator.table_count; i++)
        s = write_csv(a, i, scales, scale_count, err);
    return s == STATUS_OK ? commit_outputs(a, err) : s;
}

static void aggregate_free(void *self)
{
    struct aggregate *a = self;
    if (a == NULL)
        return;
    aggregator_close(&a->aggregator);
    for (size_t i = 0; i < a->aggregator.table_count; i++) {
        if (a->populations != NULL)
            population_free(a->populations[i]);
        if (a->outputs != NULL)
            output_abort(a->outputs[i]);
    }
    for (size_t i = 0; i < a->file_count; i++)
        side_file_free(a->files[i]);
    free(a->files);
    free(a->populations);
    free(a->outputs);
    free(a->aggregator.tables);
    arena_free(&a->arena);
    free(a);
}

static const struct stage_ops aggregate_ops = {
    .open = aggregate_open,
    .reads = aggregate_reads,
    .worker_new = aggregate_worker_new,
    .worker_free = aggregate_worker_free,
    .process = aggregate_process,
    .gather = aggregate_gather,
    .finish = aggregate_finish,
    .free = aggregate_free,
};

static enum status aggregate_make_stage(const struct settings *settings, struct stage *stage,
                                        struct error *err)
{
    struct aggregate *a = calloc(1, sizeof *a);
    if (a == NULL)
        return error_no_memory(err);
    a->settings = settings;
    enum status s = read_settings(a, err);
    if (s != STATUS_OK) {
        aggregate_free(a);
        return s;
    }
    *stage = (struct stage){.ops = &aggregate_ops,
                            .self = a,
                            .program = settings->program,
                            .command = settings->command};
    return STATUS_OK;
}

const struct filter filter_aggregate = {
    .name = "aggregate",
    .args_doc = "[FILE...]",
    .summary = "distributions by group and time window, as CSV",
    .doc = "Counts records by the group fields and writes a table of distributions: who answered, "
           "how the scores lie over the bands of their scale, and how many are silent.  Without "
           "--by there is one group.  --partial writes what was counted, for --merge to add up.",
    .input = FILTER_IN_STREAM,
    .gathers = true,
    .common = "study output compress text force threads rejects max-rejects max-memory progress "
              "no-provenance no-end quiet verbose",
    .make_stage = aggregate_make_stage,
};
