#include "records/table_text.h"

#include <stdlib.h>

#include "base/number.h"
#include "records/csv_writer.h"
#include "records/escape.h"
#include "records/stream_writer.h"

struct table_text {
    struct output *output;
    enum table_form form;
    struct schema schema;
};

/* A text in JSON's quotes. */
static bool append_json_text(struct buffer *out, struct slice s)
{
    static const char hex[] = "0123456789abcdef";
    if (!buffer_append_byte(out, '"'))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        char escaped[7] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15], '\0'};
        const char *short_form = c == '"'    ? "\\\""
                                 : c == '\\' ? "\\\\"
                                 : c == '\n' ? "\\n"
                                 : c == '\r' ? "\\r"
                                 : c == '\t' ? "\\t"
                                             : escaped;
        bool plain = c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
        bool ok = plain ? buffer_append_byte(out, (char)c) : buffer_append_text(out, short_form);
        if (!ok)
            return false;
    }
    return buffer_append_byte(out, '"');
}

static bool append_json_set(struct buffer *out, struct slice s)
{
    bool ok = buffer_append_byte(out, '[');
    while (ok && s.len > 0) {
        const char *comma = memchr(s.data, ',', s.len);
        size_t len = comma == NULL ? s.len : (size_t)(comma - s.data);
        ok = append_json_text(out, (struct slice){s.data, len});
        s.data += len;
        s.len -= len;
        if (ok && s.len > 0) {
            ok = buffer_append_byte(out, ',');
            s.data++;
            s.len--;
        }
    }
    return ok && buffer_append_byte(out, ']');
}

static bool append_json_cell(struct buffer *out, enum field_type type, struct slice cell)
{
    int64_t number;
    if (slice_missing(cell))
        return buffer_append_text(out, "null");
    if (type == FIELD_SET)
        return append_json_set(out, cell);
    if (type == FIELD_INT && number_parse_i64(cell, &number))
        return buffer_appendf(out, "%lld", (long long)number);
    if (type == FIELD_DECIMAL && decimal_parse(cell, &number) == DECIMAL_OK) {
        char text[DECIMAL_TEXT_MAX];
        return buffer_append(out, text, decimal_format(text, number));
    }
    return append_json_text(out, cell);
}

static bool append_json_record(struct buffer *out, const struct schema *schema,
                               const struct batch *batch, size_t record)
{
    bool ok = buffer_append_byte(out, '{');
    for (size_t c = 0; ok && c < batch->column_count; c++) {
        ok = (c == 0 || buffer_append_byte(out, ',')) &&
             append_json_text(out, slice_of(schema->fields[c].name)) &&
             buffer_append_byte(out, ':') &&
             append_json_cell(out, schema->fields[c].type, batch->columns[c].cells[record]);
    }
    return ok && buffer_append_text(out, "}\n");
}

static bool append_csv_record(struct csv_writer *csv, const struct batch *batch, size_t record)
{
    for (size_t c = 0; c < batch->column_count; c++)
        if (!csv_writer_cell(csv, batch->columns[c].cells[record]))
            return false;
    return csv_writer_end_row(csv);
}

static enum status encode(void *self, struct codec *codec, struct batch *batch, struct buffer *text,
                          struct buffer *bytes, struct error *err)
{
    const struct table_text *t = self;
    (void)codec;
    (void)text;
    if (t->form == TABLE_BODY || t->form == TABLE_TSV)
        return stream_encode(batch, bytes, err);
    for (size_t c = 0; c < batch->column_count; c++)
        if (batch_text(batch, c, err) == NULL && batch->record_count > 0)
            return err->code;
    struct csv_writer csv;
    csv_writer_init(&csv, bytes, false);
    for (size_t i = 0; i < batch->record_count; i++) {
        if (batch->fates[i] != FATE_LIVE)
            continue;
        bool ok = t->form == TABLE_CSV ? append_csv_record(&csv, batch, i)
                                       : append_json_record(bytes, &t->schema, batch, i);
        if (!ok)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

static enum status put(void *self, const struct buffer *bytes, struct error *err)
{
    const struct table_text *t = self;
    return bytes->len == 0 ? STATUS_OK : output_write(t->output, bytes->data, bytes->len, err);
}

static enum status begin(void *self, const struct header *header, struct error *err)
{
    struct table_text *t = self;
    enum status s = schema_copy(&t->schema, &header->schema, err);
    if (s != STATUS_OK || t->form == TABLE_BODY || t->form == TABLE_NDJSON)
        return s;
    struct buffer line = BUFFER_INIT;
    struct csv_writer csv;
    csv_writer_init(&csv, &line, false);
    bool ok = true;
    for (size_t c = 0; ok && c < t->schema.count; c++) {
        struct slice name = slice_of(t->schema.fields[c].name);
        if (t->form == TABLE_CSV)
            ok = csv_writer_cell(&csv, name);
        else
            ok = (c == 0 || buffer_append_byte(&line, '\t')) && escape_append(&line, name);
    }
    ok = ok && (t->form == TABLE_CSV ? csv_writer_end_row(&csv) : buffer_append_byte(&line, '\n'));
    s = ok ? put(t, &line, err) : error_no_memory(err);
    buffer_free(&line);
    return s;
}

static enum status end(void *self, const struct header *header, const struct stream_end *counts,
                       struct error *err)
{
    (void)self;
    (void)header;
    (void)counts;
    (void)err;
    return STATUS_OK;
}

static void table_free(void *self)
{
    struct table_text *t = self;
    schema_free(&t->schema);
    free(t);
}

enum status table_text_new(struct sink *sink, struct output *output, enum table_form form,
                           struct error *err)
{
    static const struct sink_ops ops = {
        .begin = begin, .encode = encode, .put = put, .end = end, .free = table_free};
    struct table_text *t = calloc(1, sizeof *t);
    if (t == NULL)
        return error_no_memory(err);
    t->output = output;
    t->form = form;
    *sink = (struct sink){.ops = &ops, .self = t};
    return STATUS_OK;
}
