/* bell-ingest - delimited files to records: the columns that a study names become its fields. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/filter.h"
#include "fields/field_map.h"
#include "io/encoding.h"
#include "records/csv_input.h"
#include "records/pseudonym.h"

/* ---- the source ---- */

/* One byte; \t may be written as two. */
static enum status read_delimiter(const struct node *node, char *delimiter, struct error *err)
{
    const char *text = node_text(node);
    if (text != NULL && strcmp(text, "\\t") == 0)
        text = "\t";
    if (text == NULL || strlen(text) != 1 || strchr("\"\r\n", text[0]) != NULL ||
        (unsigned char)text[0] >= 0x80)
        return node_error(node, err,
                          "delimiter must be one byte of ASCII, and no quote or line end");
    *delimiter = text[0];
    return STATUS_OK;
}

static enum status read_dialect(const struct settings *settings, struct csv_dialect *dialect,
                                struct error *err)
{
    const struct node *delimiter = settings_node(settings, "delimiter");
    const struct node *quoting = settings_node(settings, "quoting");
    const char *format = settings_text(settings, "format");
    if (format != NULL && strcmp(format, "tsv") == 0) {
        const struct node *odd = delimiter != NULL ? delimiter : quoting;
        *dialect = (struct csv_dialect)CSV_DIALECT_TSV;
        if (odd != NULL)
            return node_error(odd, err,
                              "format tsv has tabs and no quoting; for a quoted tab file take "
                              "format csv and delimiter \"\\t\"");
        return STATUS_OK;
    }
    if (format != NULL && strcmp(format, "csv") != 0)
        return node_error(settings_node(settings, "format"), err,
                          "format %s is not read yet; take csv or tsv", format);
    *dialect = (struct csv_dialect)CSV_DIALECT_CSV;
    const char *how = settings_text(settings, "quoting");
    if (how != NULL && strcmp(how, "lenient") == 0)
        dialect->quoting = CSV_QUOTING_LENIENT;
    else if (how != NULL && strcmp(how, "none") == 0)
        dialect->quoting = CSV_QUOTING_NONE;
    return delimiter == NULL ? STATUS_OK : read_delimiter(delimiter, &dialect->delimiter, err);
}

static enum status ingest_make_source(const struct settings *settings, struct source *source,
                                      struct error *err)
{
    struct csv_source_options options = CSV_SOURCE_OPTIONS_INIT;
    enum status s = read_dialect(settings, &options.dialect, err);
    if (s != STATUS_OK)
        return s;
    const char *ragged = settings_text(settings, "ragged");
    if (ragged != NULL && strcmp(ragged, "reject") == 0)
        options.ragged = CSV_RAGGED_REJECT;
    else if (ragged != NULL && strcmp(ragged, "pad") == 0)
        options.ragged = CSV_RAGGED_PAD;
    options.encoding = settings_text(settings, "encoding");
    options.skip_lines = (uint64_t)settings_int(settings, "skip_lines");
    options.header = settings_flag(settings, "header");
    options.skip_records = (uint64_t)settings_int(settings, "skip_records");
    options.private = field_map_private(settings_node(settings, "fields"));
    options.threads = (unsigned)settings->common.threads;
    options.reread = settings->reread;
    options.keep_raw = settings->common.rejects != NULL && !options.private;
    return csv_input_new(source, &options, settings->operands, settings->operand_count, err);
}

/* ---- the stage ---- */

struct ingest {
    const struct settings *settings;
    struct pseudonym_key *key; /* NULL: none was given */
    struct field_map *map;     /* made by open() */
};

static enum status add_study_line(const struct study *study, struct header *header,
                                  struct error *err)
{
    struct buffer text = BUFFER_INIT;
    enum status s = STATUS_OK;
    if (!study_line(study, &text))
        s = error_no_memory(err);
    else if (text.len > 0)
        s = header_add_line(header, "study", text.data, err);
    buffer_free(&text);
    return s;
}

static struct field_map_spec make_spec(const struct ingest *ingest)
{
    const struct settings *settings = ingest->settings;
    const char *blank = settings_text(settings, "blank_records");
    return (struct field_map_spec){
        .fields = settings_node(settings, "fields"),
        .items = settings_node(settings, "items"),
        .missing = settings_node(settings, "missing"),
        .trim = settings_flag(settings, "trim"),
        .drop_blank = blank != NULL && strcmp(blank, "drop") == 0,
        .origin = settings_flag(settings, "origin"),
        .study = settings->study,
        .key = ingest->key,
        .sources = settings->operands,
        .source_count = settings->operand_count,
    };
}

static enum status ingest_open(void *self, struct header *header, struct error *err)
{
    struct ingest *ingest = self;
    const struct settings *settings = ingest->settings;
    const struct field_map_spec spec = make_spec(ingest);
    struct schema fields;
    enum status s = field_map_new(&spec, &header->schema, &ingest->map, err);
    if (s == STATUS_OK)
        s = field_map_schema(ingest->map, &fields, err);
    if (s != STATUS_OK)
        return s;
    schema_free(&header->schema);
    header->schema = fields;
    return add_study_line(settings->study, header, err);
}

static void ingest_reads(void *self, const bool *wanted, bool *fields)
{
    struct ingest *ingest = self;
    (void)fields; /* the source lays out a column when it is asked for */
    field_map_wants(ingest->map, wanted);
}

static enum status ingest_worker_new(void *self, void **worker, struct error *err)
{
    const struct ingest *ingest = self;
    struct field_map_worker *made = NULL;
    enum status s = field_map_worker_new(ingest->map, &made, err);
    *worker = made;
    return s;
}

static void ingest_worker_free(void *self, void *worker)
{
    (void)self;
    field_map_worker_free(worker);
}

static enum status ingest_process(void *self, void *worker, struct batch *batch, struct error *err)
{
    const struct ingest *ingest = self;
    return field_map_apply(ingest->map, worker, batch, err);
}

static void ingest_free(void *self)
{
    struct ingest *ingest = self;
    if (ingest == NULL)
        return;
    field_map_free(ingest->map);
    pseudonym_key_free(ingest->key);
    free(ingest);
}

static const struct stage_ops ingest_ops = {
    .open = ingest_open,
    .reads = ingest_reads,
    .worker_new = ingest_worker_new,
    .worker_free = ingest_worker_free,
    .process = ingest_process,
    .free = ingest_free,
};

static enum status check_encoding(const struct settings *settings, struct error *err)
{
    const struct node *node = settings_node(settings, "encoding");
    struct encoding *encoding = NULL;
    if (node == NULL)
        return STATUS_OK;
    enum status s = encoding_open(node_text(node), &encoding, err);
    encoding_close(encoding);
    if (s == STATUS_USAGE)
        error_at(err, node->file, node->line, node->column);
    return s;
}

/* What is wrong without a look at the source is said before it is opened, and by --check-study. */
static enum status check_section(const struct ingest *ingest, struct error *err)
{
    const struct field_map_spec spec = make_spec(ingest);
    struct csv_dialect dialect;
    enum status s = read_dialect(ingest->settings, &dialect, err);
    if (s == STATUS_OK)
        s = check_encoding(ingest->settings, err);
    return s == STATUS_OK ? field_map_check(&spec, err) : s;
}

static enum status ingest_make_stage(const struct settings *settings, struct stage *stage,
                                     struct error *err)
{
    struct ingest *ingest = calloc(1, sizeof *ingest);
    if (ingest == NULL)
        return error_no_memory(err);
    ingest->settings = settings;
    enum status s = check_section(ingest, err);
    if (s == STATUS_OK && settings->common.key_file != NULL)
        s = pseudonym_key_read(settings->common.key_file, &ingest->key, err);
    if (s != STATUS_OK) {
        ingest_free(ingest);
        return s;
    }
    *stage = (struct stage){
        .ops = &ingest_ops,
        .self = ingest,
        .program = settings->program,
        .command = settings->command,
    };
    return STATUS_OK;
}

const struct filter filter_ingest = {
    .name = "ingest",
    .args_doc = "[FILE...]",
    .summary = "delimited files to records",
    .doc = "Reads CSV or TSV, plain or gzip, and writes a record stream.  The study's ingest "
           "section says which columns become which fields, of what type, in which spelling of "
           "times, and which are replaced by pseudonyms; without it every column becomes a field "
           "of text under its header's name.  Without FILE, or where FILE is -, standard input is "
           "read.",
    .input = FILTER_IN_SOURCE,
    .gathers = false,
    .common = "study output compress text force threads rejects max-rejects max-memory progress "
              "key-file no-provenance quiet verbose",
    .make_source = ingest_make_source,
    .make_stage = ingest_make_stage,
};
