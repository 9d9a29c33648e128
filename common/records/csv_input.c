#include "records/csv_input.h"

#include <stdlib.h>

#include "io/input.h"

struct csv_input {
    struct csv_source_options options;
    char *const *names;
    size_t name_count;
    struct csv_source *source;
    bool ended;
    uint64_t records; /* handed out */
};

static enum status input_open_all(void *self, struct header *header, struct error *err)
{
    struct csv_input *in = self;
    enum status s = csv_source_open(&in->options, in->names, in->name_count, &in->source, err);
    if (s != STATUS_OK)
        return s;
    size_t count;
    const struct slice *columns = csv_source_columns(in->source, &count);
    if (count > 0 && columns[0].len >= 6 && memcmp(columns[0].data, "#bell\t", 6) == 0) {
        error_set(err, STATUS_DATA,
                  "this is a record stream already; the other filters read it as it is");
        error_at(err, csv_source_file_name(in->source, 0), 1, 0);
        return STATUS_DATA;
    }
    for (size_t i = 0; i < count && s == STATUS_OK; i++) {
        char *name = strndup(columns[i].data, columns[i].len);
        s = name == NULL ? error_no_memory(err)
                         : schema_add(&header->schema, name, FIELD_STR, NULL, err);
        free(name);
    }
    return s;
}

static enum status fill(void *self, struct batch *batch, bool *end, struct error *err)
{
    struct csv_input *in = self;
    *end = in->ended;
    if (in->ended)
        return STATUS_OK;
    batch->first = in->records + 1;
    enum status s = csv_source_fill(in->source, batch, &in->ended, err);
    in->records += batch->record_count;
    *end = in->ended;
    return s;
}

static enum status parse(void *self, struct batch *batch, struct error *err)
{
    const struct csv_input *in = self;
    return csv_source_parse(in->source, batch, err);
}

static void read_ahead(void *self)
{
    struct csv_input *in = self;
    csv_source_read_ahead(in->source);
}

static void cancel(void *self)
{
    struct csv_input *in = self;
    csv_source_cancel(in->source);
}

static const char *file_name(const void *self, uint32_t file)
{
    const struct csv_input *in = self;
    return in->source == NULL ? "" : csv_source_file_name(in->source, file);
}

static void progress(const void *self, struct source_progress *at)
{
    const struct csv_input *in = self;
    *at = (struct source_progress){.done = 0};
    if (in->source == NULL)
        return;
    csv_source_progress(in->source, &at->done, &at->size);
    at->ahead = csv_source_inflates_ahead(in->source);
}

static uint64_t blank(const void *self)
{
    const struct csv_input *in = self;
    return in->source == NULL ? 0 : csv_source_blank(in->source);
}

static void input_free(void *self)
{
    struct csv_input *in = self;
    csv_source_close(in->source);
    free(in);
}

enum status csv_input_new(struct source *source, const struct csv_source_options *options,
                          char *const *names, size_t count, struct error *err)
{
    static const struct source_ops ops = {
        .open = input_open_all,
        .fill = fill,
        .parse = parse,
        .file_name = file_name,
        .read_ahead = read_ahead,
        .cancel = cancel,
        .progress = progress,
        .blank = blank,
        .free = input_free,
    };
    struct csv_input *in = calloc(1, sizeof *in);
    if (in == NULL)
        return error_no_memory(err);
    in->options = *options;
    in->names = names;
    in->name_count = count;
    *source = (struct source){.ops = &ops, .self = in};
    return STATUS_OK;
}
