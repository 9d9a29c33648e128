#include "records/csv_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/utf8.h"
#include "records/csv_source_parts.h"

/* CELLS_MAX bounds a batch of short rows under a very wide header (ragged: pad). */
enum { CHUNK = 256 * 1024, BATCH_BYTES = 1024 * 1024, CELLS_MAX = 1024 * 1024 };

static const char *file_name(const struct csv_source *source)
{
    return csv_source_file_name(source, (uint32_t)source->file);
}

/* ---- header ---- */

static enum status header_fault(const struct csv_source *source, const struct csv_record *record,
                                const char *reason, uint64_t column, struct error *err)
{
    error_set(err, STATUS_DATA, "header: %s", reason);
    error_at(err, file_name(source), record->line, column);
    return STATUS_DATA;
}

static enum status set_columns(struct csv_source *source, const struct csv_record *record,
                               struct error *err)
{
    size_t count = record->field_count;
    source->columns = arena_calloc(&source->names, count, sizeof *source->columns);
    if (source->columns == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        char number[24];
        struct slice name = {number, (size_t)snprintf(number, sizeof number, "%zu", i + 1)};
        if (source->options.header)
            name = record->fields[i];
        char *copy = arena_copy(&source->names, name.data, name.len);
        if (copy == NULL)
            return error_no_memory(err);
        source->columns[i] = (struct slice){copy, name.len};
    }
    source->column_count = count;
    source->columns_known = true;
    return STATUS_OK;
}

static enum status compare_header(const struct csv_source *source, const struct csv_record *record,
                                  struct error *err)
{
    size_t count = record->field_count;
    const char *first = csv_source_file_name(source, 0);
    if (count != source->column_count) {
        error_set(err, STATUS_DATA, "the header has %zu columns, that of %.200s has %zu", count,
                  first, source->column_count);
        error_at(err, file_name(source), record->line, 0);
        return STATUS_DATA;
    }
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(record->fields[i], source->columns[i]))
            continue;
        char here[TEXT_ESCAPED_MAX];
        char there[TEXT_ESCAPED_MAX];
        if (source->options.private)
            error_set(err, STATUS_DATA,
                      "the header (not shown) differs here from that of %.200s; has this file one?",
                      first);
        else
            error_set(err, STATUS_DATA, "the header says '%s' here, that of %.200s says '%s'",
                      text_escape(here, record->fields[i]), first,
                      text_escape(there, source->columns[i]));
        error_at(err, file_name(source), record->line, i + 1);
        return STATUS_DATA;
    }
    return STATUS_OK;
}

/* The first field that is not UTF-8; field_count if all are. */
static size_t first_undecoded(const struct csv_record *record)
{
    size_t i = 0;
    while (i < record->field_count && utf8_valid(record->fields[i]))
        i++;
    return i;
}

static void undecoded_reason(const struct csv_source *source, struct slice field, char *reason,
                             size_t cap)
{
    const char *name = encoding_name(source->encoding);
    if (encoding_converts(source->encoding)) {
        (void)snprintf(reason, cap, "a byte that is not valid in encoding %.60s", name);
        return;
    }
    unsigned char byte = (unsigned char)field.data[utf8_valid_prefix(field)];
    (void)snprintf(reason, cap,
                   "byte \\x%02X is not UTF-8; set encoding, for instance windows-1252", byte);
}

static enum status take_header(struct csv_source *source, const struct csv_record *record,
                               struct error *err)
{
    source->header_seen = true;
    if (record->code != NULL)
        return header_fault(source, record, record->reason, record->column, err);
    size_t bad = first_undecoded(record);
    if (bad < record->field_count) {
        char reason[160];
        undecoded_reason(source, record->fields[bad], reason, sizeof reason);
        return header_fault(source, record, reason, bad + 1, err);
    }
    return source->columns_known ? compare_header(source, record, err)
                                 : set_columns(source, record, err);
}

/* ---- records ---- */

static enum status refuse(struct csv_source *source, const struct csv_record *record,
                          const char *code, const char *reason, uint64_t column, bool fatal,
                          struct error *err)
{
    struct arena *arena = &source->batch.arena;
    struct refusal refusal = {
        .record = source->row_count,
        .from_source = true,
        .fatal = fatal,
        .weight = 1,
        .origin = {record->line, record->offset, record->length, (uint32_t)source->file},
        .column = column,
        .code = code,
    };
    refusal.reason = arena_copy(arena, reason, strlen(reason));
    refusal.raw.data = arena_copy(arena, record->raw.data, record->raw.len);
    refusal.raw.len = record->raw.len;
    if (refusal.reason == NULL || refusal.raw.data == NULL)
        return error_no_memory(err);
    source->counts.in++;
    source->counts.refused++;
    source->batch_bytes += record->raw.len;
    return batch_add_refusal(&source->batch, &refusal, err);
}

enum status csv_source_make_room(struct csv_source *source, size_t cells, struct error *err)
{
    if (source->row_count == source->row_cap) {
        size_t cap = source->row_cap == 0 ? 1024 : source->row_cap * 2;
        struct row *rows = realloc(source->rows, cap * sizeof *rows);
        if (rows == NULL)
            return error_no_memory(err);
        source->rows = rows;
        source->row_cap = cap;
    }
    if (source->cell_cap - source->cell_count < cells) {
        size_t cap = source->cell_cap * 2 + cells + 1024;
        struct slice *all = realloc(source->cells, cap * sizeof *all);
        if (all == NULL)
            return error_no_memory(err);
        source->cells = all;
        source->cell_cap = cap;
    }
    return STATUS_OK;
}

static enum status add_row(struct csv_source *source, const struct csv_record *record, size_t count,
                           struct error *err)
{
    struct batch *batch = &source->batch;
    enum status s = csv_source_make_room(source, count, err);
    if (s != STATUS_OK)
        return s;
    struct row *row = &source->rows[source->row_count];
    *row = (struct row){
        .origin = {record->line, record->offset, record->length, (uint32_t)source->file},
        .first = source->cell_count,
        .count = count,
        .raw = batch->bytes.len,
    };
    if (source->options.keep_raw) {
        if (!buffer_append_slice(&batch->bytes, record->raw))
            return error_no_memory(err);
        row->raw_len = record->raw.len;
    }
    /* The reader lays the fields of a record out one behind the other. */
    const struct slice *last = &record->fields[record->field_count - 1];
    const char *base = record->fields[0].data;
    char *copy = arena_copy(&batch->arena, base, (size_t)(last->data + last->len - base));
    if (copy == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct slice field = record->fields[i];
        source->cells[source->cell_count++] = (struct slice){copy + (field.data - base), field.len};
    }
    source->row_count++;
    source->counts.in++;
    source->batch_bytes += record->length;
    return STATUS_OK;
}

static bool surplus_is_empty(const struct csv_record *record, size_t columns)
{
    for (size_t i = columns; i < record->field_count; i++)
        if (record->fields[i].len != 0)
            return false;
    return true;
}

static enum status take_record(struct csv_source *source, const struct csv_record *record,
                               struct error *err)
{
    if (record->code != NULL)
        return refuse(source, record, record->code, record->reason, record->column, false, err);
    if (!source->columns_known) {
        enum status s = set_columns(source, record, err);
        if (s != STATUS_OK)
            return s;
        csv_reader_set_one_column(source->reader, source->column_count == 1);
    }
    char reason[160];
    size_t have = record->field_count;
    size_t want = source->column_count;
    enum csv_ragged ragged = source->options.ragged;
    if (have != want) {
        bool fits = ragged == CSV_RAGGED_PAD && (have < want || surplus_is_empty(record, want));
        (void)snprintf(reason, sizeof reason, "%zu field%s where the header has %zu", have,
                       have == 1 ? "" : "s", want);
        if (!fits)
            return refuse(source, record, "ragged", reason, have < want ? have : want + 1,
                          ragged == CSV_RAGGED_ERROR, err);
    }
    size_t bad = first_undecoded(record);
    if (bad < have) {
        undecoded_reason(source, record->fields[bad], reason, sizeof reason);
        return refuse(source, record, "encoding", reason, bad + 1, false, err);
    }
    return add_row(source, record, have < want ? have : want, err);
}

static enum status take(void *ctx, const struct csv_record *record, struct error *err)
{
    struct csv_source *source = ctx;
    if (source->options.header && !source->header_seen) {
        enum status s = take_header(source, record, err);
        csv_reader_set_one_column(source->reader, source->column_count == 1);
        return s;
    }
    source->header_seen = true;
    if (source->skip_records > 0) {
        source->skip_records--;
        return STATUS_OK;
    }
    return take_record(source, record, err);
}

/* ---- files ---- */

static void close_file(struct csv_source *source)
{
    csv_reader_free(source->reader);
    encoding_close(source->encoding);
    if (source->input != NULL)
        source->bytes_before += input_compressed_done(source->input);
    input_close(source->input);
    source->reader = NULL;
    source->encoding = NULL;
    source->input = NULL;
}

static enum status open_file(struct csv_source *source, struct error *err)
{
    const struct csv_source_options *options = &source->options;
    enum status s = input_open(&source->input, source->files[source->file], INPUT_DEFAULT, err);
    if (s == STATUS_OK)
        s = encoding_open(options->encoding, &source->encoding, err);
    if (s == STATUS_OK)
        s = csv_reader_new(&options->dialect, take, source, &source->reader, err);
    if (s != STATUS_OK)
        return s;
    source->input_ended = false;
    buffer_clear(&source->text);
    source->text_done = 0;
    source->decoded = 0;
    source->skip_lines = options->skip_lines;
    source->skip_records = options->skip_records;
    source->lines_skipped = 0;
    source->placed = false;
    source->header_seen = false;
    if (source->columns_known)
        csv_reader_set_one_column(source->reader, source->column_count == 1);
    return STATUS_OK;
}

/* Passes over the physical lines in front of the header; the number of bytes passed. */
static size_t pass_lines(struct csv_source *source, const char *data, size_t len)
{
    size_t passed = 0;
    while (source->skip_lines > 0 && passed < len) {
        const char *lf = memchr(data + passed, '\n', len - passed);
        if (lf == NULL)
            return len;
        passed = (size_t)(lf - data) + 1;
        source->skip_lines--;
        source->lines_skipped++;
    }
    return passed;
}

/* Decoded bytes to give to the reader at once: a line until the columns are known, then so
 * many that a batch cannot outgrow CELLS_MAX by much. */
static size_t piece_size(const struct csv_source *source, const char *data, size_t len)
{
    size_t most = CELLS_MAX / (source->column_count + 1) + 2;
    if (!source->columns_known || !source->header_seen) {
        const char *lf = memchr(data, '\n', len);
        most = lf == NULL ? len : (size_t)(lf - data) + 1;
    }
    return len < most ? len : most;
}

static bool text_is_left(const struct csv_source *source)
{
    return source->text_done < source->text.len;
}

/* May regular pieces go round the reference reader?  Its empty lines of one column, and lenient
 * quotes, are its own business. */
static bool fast_way_open(const struct csv_source *source)
{
    return !source->options.reference && source->placed && source->header_seen &&
           source->skip_records == 0 && source->column_count > 1 &&
           source->options.dialect.quoting != CSV_QUOTING_LENIENT;
}

/* The rest of a record that the reader is in: up to the next LF. */
static size_t line_size(const char *data, size_t len)
{
    const char *lf = memchr(data, '\n', len);
    return lf == NULL ? len : (size_t)(lf - data) + 1;
}

static enum status parse_piece(struct csv_source *source, struct error *err)
{
    const char *data = source->text.data + source->text_done;
    size_t len = source->text.len - source->text_done;
    size_t n = source->skip_lines > 0 ? pass_lines(source, data, len) : 0;
    enum status s = STATUS_OK;
    if (n == 0 && fast_way_open(source) && csv_reader_between_records(source->reader)) {
        s = csv_source_take_regular(source, data, piece_size(source, data, len), &n, err);
        if (s != STATUS_OK)
            return s;
        csv_reader_pass(source->reader, n == 0 ? 0 : source->index.lines, n);
    }
    if (n == 0) {
        if (!source->placed)
            csv_reader_start_at(source->reader, source->lines_skipped + 1,
                                encoding_lead(source->encoding) + source->decoded);
        source->placed = true;
        n = piece_size(source, data, len);
        if (fast_way_open(source) && !csv_reader_between_records(source->reader))
            n = line_size(data, n);
        s = csv_reader_feed(source->reader, data, n, err);
    }
    source->decoded += n;
    source->text_done += n;
    if (!text_is_left(source)) {
        buffer_clear(&source->text);
        source->text_done = 0;
    }
    return s;
}

static enum status finish_file(struct csv_source *source, struct error *err)
{
    enum status s = csv_reader_finish(source->reader, err);
    if (s != STATUS_OK)
        return s;
    if (source->options.header && !source->header_seen) {
        error_set(err, STATUS_DATA, "no header line");
        error_at(err, file_name(source), 0, 0);
        return STATUS_DATA;
    }
    source->counts.blank += csv_reader_blank(source->reader);
    close_file(source);
    source->file++;
    return STATUS_OK;
}

/* One step on: a piece of text to the reader, else a chunk of input, else the end of the file. */
static enum status step(struct csv_source *source, struct error *err)
{
    if (source->input == NULL) {
        enum status s = open_file(source, err);
        if (s != STATUS_OK)
            return s;
    }
    if (text_is_left(source))
        return parse_piece(source, err);
    if (source->input_ended)
        return finish_file(source, err);
    size_t got = 0;
    enum status s = input_read(source->input, source->chunk, CHUNK, &got, err);
    if (s != STATUS_OK)
        return s;
    if (got > 0)
        return encoding_feed(source->encoding, source->chunk, got, &source->text, err);
    source->input_ended = true;
    return encoding_finish(source->encoding, &source->text, err);
}

/* ---- batches ---- */

/* Turns the rows gathered so far into columns. */
static enum status lay_out(struct csv_source *source, struct error *err)
{
    struct batch *batch = &source->batch;
    size_t columns = source->column_count;
    enum status s = batch_shape(batch, columns, source->row_count, true, err);
    if (s != STATUS_OK)
        return s;
    struct slice *raw = NULL;
    if (source->options.keep_raw) {
        raw = arena_calloc(&batch->arena, source->row_count, sizeof *raw);
        if (raw == NULL)
            return error_no_memory(err);
    }
    for (size_t r = 0; r < source->row_count; r++) {
        const struct row *row = &source->rows[r];
        batch->origins[r] = row->origin;
        if (raw != NULL)
            raw[r] = (struct slice){batch->bytes.data + row->raw, row->raw_len};
        for (size_t c = 0; c < row->count; c++)
            batch->columns[c].cells[r] = source->cells[row->first + c];
    }
    batch->raws = raw;
    source->row_count = 0;
    source->cell_count = 0;
    source->batch_bytes = 0;
    return STATUS_OK;
}

enum status csv_source_fill(struct csv_source *source, struct batch *batch, bool *end,
                            struct error *err)
{
    size_t file = source->file;
    uint64_t sequence = batch->sequence;
    while (source->file == file && source->file < source->file_count &&
           source->batch_bytes < source->options.batch_bytes &&
           source->row_count < CELLS_MAX / (source->column_count + 1) + 1) {
        enum status s = step(source, err);
        if (s != STATUS_OK)
            return s;
    }
    enum status s = lay_out(source, err);
    if (s != STATUS_OK)
        return s;
    struct batch filled = source->batch;
    source->batch = *batch;
    *batch = filled;
    batch->sequence = sequence;
    batch_reset(&source->batch);
    *end = source->file == source->file_count;
    return STATUS_OK;
}

/* ---- life ---- */

static enum status copy_files(struct csv_source *source, char *const *files, size_t count,
                              struct error *err)
{
    char dash[] = "-";
    char *const standard_input[] = {dash};
    if (count == 0) {
        files = standard_input;
        count = 1;
    }
    source->files = calloc(count, sizeof *source->files);
    if (source->files == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        source->files[i] = strdup(files[i]);
        if (source->files[i] == NULL)
            return error_no_memory(err);
        source->file_count++;
        uint64_t size = input_path_size(files[i]);
        source->bytes_total =
            size == 0 || (i > 0 && source->bytes_total == 0) ? 0 : source->bytes_total + size;
    }
    return STATUS_OK;
}

static enum status read_columns(struct csv_source *source, struct error *err)
{
    while (!source->columns_known && source->file < source->file_count) {
        enum status s = step(source, err);
        if (s != STATUS_OK)
            return s;
    }
    if (source->columns_known)
        return STATUS_OK;
    source->file = source->file_count - 1;
    error_set(err, STATUS_DATA, "no records, so the number of columns is not known");
    error_at(err, file_name(source), 0, 0);
    return STATUS_DATA;
}

enum status csv_source_open(const struct csv_source_options *options, char *const *files,
                            size_t file_count, struct csv_source **source, struct error *err)
{
    struct csv_source *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->options = *options;
    if (made->options.batch_bytes == 0)
        made->options.batch_bytes = BATCH_BYTES;
    batch_init(&made->batch);
    enum status s = copy_files(made, files, file_count, err);
    if (s == STATUS_OK) {
        made->options.encoding = strdup(options->encoding == NULL ? "utf-8" : options->encoding);
        made->chunk = malloc(CHUNK);
        if (made->options.encoding == NULL || made->chunk == NULL)
            s = error_no_memory(err);
    } else {
        made->options.encoding = NULL;
    }
    if (s == STATUS_OK)
        s = read_columns(made, err);
    if (s != STATUS_OK) {
        csv_source_close(made);
        return s;
    }
    *source = made;
    return STATUS_OK;
}

const struct slice *csv_source_columns(const struct csv_source *source, size_t *count)
{
    *count = source->column_count;
    return source->columns;
}

struct csv_source_counts csv_source_counts(const struct csv_source *source)
{
    struct csv_source_counts counts = source->counts;
    if (source->reader != NULL)
        counts.blank += csv_reader_blank(source->reader);
    return counts;
}

size_t csv_source_file_count(const struct csv_source *source)
{
    return source->file_count;
}

const char *csv_source_file_name(const struct csv_source *source, uint32_t file)
{
    const char *name = source->files[file];
    return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

void csv_source_progress(const struct csv_source *source, uint64_t *done, uint64_t *size)
{
    *done = source->bytes_before;
    if (source->input != NULL)
        *done += input_compressed_done(source->input);
    *size = source->bytes_total;
}

void csv_source_close(struct csv_source *source)
{
    if (source == NULL)
        return;
    close_file(source);
    for (size_t i = 0; i < source->file_count; i++)
        free(source->files[i]);
    free(source->files);
    free((char *)(uintptr_t)source->options.encoding);
    free(source->chunk);
    buffer_free(&source->text);
    arena_free(&source->names);
    batch_free(&source->batch);
    free(source->rows);
    free(source->cells);
    csv_index_free(&source->index);
    free(source);
}
