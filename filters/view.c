/* bell-view: looks into record streams, selects from them, checks them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "cli/chain.h"
#include "cli/filter.h"
#include "fields/condition.h"
#include "engine/through.h"
#include "records/escape.h"
#include "records/stream_reader.h"
#include "records/stream_writer.h"
#include "records/table_text.h"

extern const struct filter filter_view;

/* ---- the stage: which records, which fields ---- */

struct view {
    const struct settings *settings;
    struct conditions *where;
    size_t *columns; /* of the input, in the order wanted; NULL: all */
    size_t column_count;
};

static enum status pick_fields(struct view *view, struct header *header, struct error *err)
{
    const struct node *fields = settings_node(view->settings, "fields");
    size_t count = node_list_count(fields);
    if (count == 0)
        return STATUS_OK;
    view->columns = calloc(count, sizeof *view->columns);
    if (view->columns == NULL)
        return error_no_memory(err);
    struct schema picked = SCHEMA_INIT;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        const char *name = node_text(node_list_item(fields, i));
        size_t column = 0;
        s = schema_require(&header->schema, name == NULL ? "" : name, &column, err);
        if (s == STATUS_OK && schema_find(&picked, name) != SCHEMA_NONE)
            s = error_set(err, STATUS_USAGE, "--fields names '%s' twice", name);
        if (s == STATUS_OK)
            s = schema_add(&picked, name, header->schema.fields[column].type, NULL, err);
        view->columns[i] = column;
    }
    if (s != STATUS_OK) {
        schema_free(&picked);
        return s;
    }
    view->column_count = count;
    schema_free(&header->schema);
    header->schema = picked;
    return STATUS_OK;
}

static enum status view_open(void *self, struct header *header, struct error *err)
{
    struct view *view = self;
    enum status s = conditions_bind(view->where, &header->schema, err);
    return s == STATUS_OK ? pick_fields(view, header, err) : s;
}

static enum status view_process(void *self, void *worker, struct batch *batch, struct error *err)
{
    const struct view *view = self;
    (void)worker;
    if (conditions_count(view->where) > 0) {
        enum status s = conditions_prepare(view->where, batch, err);
        if (s != STATUS_OK)
            return s;
        for (size_t i = 0; i < batch->record_count; i++)
            if (!conditions_hold(view->where, batch, i))
                batch_drop(batch, i);
    }
    if (view->columns == NULL)
        return STATUS_OK;
    struct batch_column *all = batch->columns;
    struct batch_column *picked = arena_calloc(&batch->arena, view->column_count, sizeof *picked);
    if (picked == NULL)
        return error_no_memory(err);
    for (size_t c = 0; c < view->column_count; c++)
        picked[c] = all[view->columns[c]];
    batch->columns = picked;
    batch->column_count = view->column_count;
    return STATUS_OK;
}

static void view_free(void *self)
{
    struct view *view = self;
    conditions_free(view->where);
    free(view->columns);
    free(view);
}

static enum status make_view(const struct settings *settings, struct stage *stage,
                             struct error *err)
{
    static const struct stage_ops ops = {
        .open = view_open, .process = view_process, .free = view_free};
    struct view *view = calloc(1, sizeof *view);
    if (view == NULL)
        return error_no_memory(err);
    view->settings = settings;
    enum status s = conditions_new(&view->where, err);
    if (s == STATUS_OK)
        s = conditions_add_node(view->where, settings_node(settings, "where"), err);
    if (s != STATUS_OK) {
        view_free(view);
        return s;
    }
    *stage = (struct stage){.ops = &ops, .self = view};
    return STATUS_OK;
}

/* ---- the output ---- */

static enum status make_text_sink(const struct settings *settings, struct output **output,
                                  struct sink *sink, struct error *err)
{
    const char *to = settings_text(settings, "to");
    enum status s = output_open(output, settings->common.output, OUTPUT_DEFAULT, err);
    if (s != STATUS_OK)
        return s;
    if (to != NULL)
        return table_text_new(sink, *output,
                              strcmp(to, "csv") == 0   ? TABLE_CSV
                              : strcmp(to, "tsv") == 0 ? TABLE_TSV
                                                       : TABLE_NDJSON,
                              err);
    if (settings_flag(settings, "body"))
        return table_text_new(sink, *output, TABLE_BODY, err);
    /* Text, unless a level was asked for. */
    const struct common_options *common = &settings->common;
    int level = STREAM_LEVEL_TEXT;
    s = stream_choose_level(common->compress, common->text || common->compress < 0, common->force,
                            *output, &level, err);
    if (s != STATUS_OK)
        return s;
    struct stream_writer *writer = NULL;
    s = stream_writer_new(&writer, *output, level, err);
    if (s == STATUS_OK)
        *sink = stream_sink(writer);
    return s;
}

/* ---- --count and --check ---- */

struct tally {
    struct output *output; /* NULL: say nothing */
};

static enum status tally_begin(void *self, const struct header *header, struct error *err)
{
    (void)self;
    (void)header;
    (void)err;
    return STATUS_OK;
}

static enum status tally_encode(void *self, struct codec *codec, struct batch *batch,
                                struct buffer *text, struct buffer *bytes, struct error *err)
{
    (void)self;
    (void)codec;
    (void)batch;
    (void)text;
    (void)bytes;
    (void)err;
    return STATUS_OK;
}

static enum status tally_put(void *self, const struct buffer *bytes, struct error *err)
{
    (void)self;
    (void)bytes;
    (void)err;
    return STATUS_OK;
}

static enum status tally_end(void *self, const struct header *header,
                             const struct stream_end *counts, struct error *err)
{
    const struct tally *tally = self;
    (void)header;
    if (tally->output == NULL)
        return STATUS_OK;
    char text[32];
    int n = snprintf(text, sizeof text, "%llu\n", (unsigned long long)counts->out);
    return output_write(tally->output, text, (size_t)n, err);
}

static void tally_free(void *self)
{
    free(self);
}

static enum status make_tally(const struct settings *settings, struct output **output,
                              struct sink *sink, struct error *err)
{
    static const struct sink_ops ops = {.begin = tally_begin,
                                        .encode = tally_encode,
                                        .put = tally_put,
                                        .end = tally_end,
                                        .free = tally_free};
    struct tally *tally = calloc(1, sizeof *tally);
    if (tally == NULL)
        return error_no_memory(err);
    *sink = (struct sink){.ops = &ops, .self = tally};
    if (!settings_flag(settings, "count"))
        return STATUS_OK;
    enum status s = output_open(output, settings->common.output, OUTPUT_DEFAULT, err);
    tally->output = *output;
    return s;
}

static enum status make_sink(const struct settings *settings, struct output **output,
                             struct sink *sink, struct error *err)
{
    bool tallies = settings_flag(settings, "count") || settings_flag(settings, "check");
    return tallies ? make_tally(settings, output, sink, err)
                   : make_text_sink(settings, output, sink, err);
}

/* ---- --header ---- */

static enum status show_header(const struct settings *settings, struct error *err)
{
    struct source source = {.ops = NULL};
    struct header header = HEADER_INIT;
    struct buffer text = BUFFER_INIT;
    struct output *output = NULL;
    enum status s = stream_reader_new(&source, settings->operands, settings->operand_count, 0,
                                      (unsigned)settings->common.threads, err);
    if (s == STATUS_OK)
        s = source.ops->open(source.self, &header, err);
    if (s == STATUS_OK)
        s = stream_header_append(&text, &header, err);
    if (s == STATUS_OK)
        s = output_open(&output, settings->common.output, OUTPUT_DEFAULT, err);
    if (s == STATUS_OK)
        s = output_write(output, text.data, text.len, err);
    if (s == STATUS_OK)
        s = output_commit(output, err);
    else
        output_abort(output);
    buffer_free(&text);
    header_free(&header);
    if (source.ops != NULL)
        source.ops->free(source.self);
    return s;
}

/* ---- --through ---- */

enum { STATUSES_MAX = 256 };

static enum status read_statuses(const struct settings *settings, int *statuses, size_t *count,
                                 struct error *err)
{
    const struct node *list = settings_node(settings, "through_ok");
    *count = 0;
    if (list == NULL)
        statuses[(*count)++] = 0;
    for (size_t i = 0; i < node_list_count(list); i++) {
        const char *text = node_text(node_list_item(list, i));
        uint64_t value;
        if (text == NULL || !number_parse_u64(slice_of(text), &value) || value > 255 ||
            *count == STATUSES_MAX)
            return error_set(err, STATUS_USAGE, "--through-ok: '%s' is no exit status (0 to 255)",
                             text == NULL ? "" : text);
        statuses[(*count)++] = (int)value;
    }
    return STATUS_OK;
}

static enum status run_through(const struct settings *settings, struct error *err)
{
    int statuses[STATUSES_MAX];
    struct through through = {.command = settings_text(settings, "through"), .allowed = statuses};
    if (settings_node(settings, "where") != NULL || settings_node(settings, "fields") != NULL)
        return error_set(err, STATUS_USAGE,
                         "--through takes neither --where nor --fields: use a second bell-view");
    struct source source = {.ops = NULL};
    struct sink sink = {.ops = NULL};
    struct output *output = NULL;
    struct buffer line = BUFFER_INIT;
    struct counts counts;
    enum status s = read_statuses(settings, statuses, &through.allowed_count, err);
    if (s == STATUS_OK && settings->command != NULL) {
        bool ok = buffer_appendf(&line, "%s %s\t", settings->program, PACKAGE_VERSION) &&
                  escape_append(&line, slice_of(settings->command));
        s = ok ? STATUS_OK : error_no_memory(err);
        through.program_line = line.data;
    }
    if (s == STATUS_OK)
        s = stream_reader_new(&source, settings->operands, settings->operand_count,
                              settings->common.no_end ? STREAM_READER_NO_END : 0,
                              (unsigned)settings->common.threads, err);
    if (s == STATUS_OK)
        s = make_text_sink(settings, &output, &sink, err);
    if (s == STATUS_OK)
        s = through_run(&through, &source, &sink, &counts, err);
    if (s == STATUS_OK)
        s = output_commit(output, err);
    else
        output_abort(output);
    if (s == STATUS_OK && settings->common.verbose)
        fprintf(stderr, "%s: in=%llu out=%llu rejected=0 dropped=%llu\n", settings->program,
                (unsigned long long)counts.in, (unsigned long long)counts.out,
                (unsigned long long)counts.dropped);
    if (sink.ops != NULL)
        sink.ops->free(sink.self);
    if (source.ops != NULL)
        source.ops->free(source.self);
    buffer_free(&line);
    return s;
}

/* ---- the program ---- */

static enum status check_choice(const struct settings *settings, struct error *err)
{
    static const char *const forms[] = {"header", "count", "check", "body"};
    unsigned chosen = settings_text(settings, "to") != NULL;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        chosen += settings_flag(settings, forms[i]);
    if (chosen > 1)
        return error_set(err, STATUS_USAGE,
                         "only one of --header, --count, --check, --body and --to at a time");
    const char *through = settings_text(settings, "through");
    if (through == NULL)
        return STATUS_OK;
    if (through[strspn(through, " \t\n")] == '\0')
        return error_set(err, STATUS_USAGE, "--through names no command");
    for (size_t i = 0; i < 3; i++)
        if (settings_flag(settings, forms[i]))
            return error_set(err, STATUS_USAGE, "--through takes no --%s: use a second bell-view",
                             forms[i]);
    return STATUS_OK;
}

/* Alone, run() sees to --header and --through before a stage is made; in `bell pipe` there is
 * no stream whose header or lines could be taken. */
static enum status make_stage(const struct settings *settings, struct stage *stage,
                              struct error *err)
{
    enum status s = check_choice(settings, err);
    if (s != STATUS_OK)
        return s;
    const char *alone = settings_flag(settings, "header")            ? "header"
                        : settings_text(settings, "through") != NULL ? "through"
                                                                     : NULL;
    if (alone != NULL)
        return error_set(err, STATUS_USAGE, "--%s cannot be used inside bell pipe", alone);
    return make_view(settings, stage, err);
}

static enum status run(struct settings *settings, struct error *err)
{
    enum status s = check_choice(settings, err);
    if (s != STATUS_OK)
        return s;
    if (settings_flag(settings, "header"))
        return show_header(settings, err);
    if (settings_text(settings, "through") != NULL)
        return run_through(settings, err);
    return chain_run_alone(&filter_view, settings, err);
}

const struct filter filter_view = {
    .name = "view",
    .args_doc = "[FILE...]",
    .summary = "look into record streams, select, check",
    .doc = "Writes record streams as text: whole, or only the records, the header, a count; as "
           "tsv, csv or ndjson; records and fields of your choice. With --through, pipes the "
           "records through a command and writes a sound stream again.",
    .input = FILTER_IN_STREAM,
    .common = "output compress text force threads max-memory progress no-provenance no-end quiet "
              "verbose",
    .make_stage = make_stage,
    .make_sink = make_sink,
    .run = run,
};
