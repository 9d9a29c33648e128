#include "records/csv_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "records/csv_source_parts.h"

/* CELLS_MAX bounds a batch of short rows under a very wide header (ragged: pad). */
enum {
    CHUNK = 256 * 1024,
    BATCH_BYTES = 256 * 1024, /* with what is made of it, it stays in a core's own cache */
    CELLS_MAX = 1024 * 1024,
    PIECE_MAX = 64 * 1024 /* then the way round the reader is tried again */
};

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

static enum status take_header(struct csv_source *source, const struct csv_record *record,
                               struct error *err)
{
    source->header_seen = true;
    if (record->code != NULL)
        return header_fault(source, record, record->reason, record->column, err);
    size_t bad = csv_gather_undecoded(record);
    if (bad < record->field_count) {
        char reason[160];
        csv_gather_undecoded_reason(source->encoding, record->fields[bad], reason, sizeof reason);
        return header_fault(source, record, reason, bad + 1, err);
    }
    return source->columns_known ? compare_header(source, record, err)
                                 : set_columns(source, record, err);
}

/* What depends on their number. */
static void know_columns(struct csv_source *source)
{
    source->gather.column_count = source->column_count;
    csv_reader_set_one_column(source->reader, source->column_count == 1);
}

static enum status take(void *ctx, const struct csv_record *record, struct error *err)
{
    struct csv_source *source = ctx;
    if (source->options.header && !source->header_seen) {
        enum status s = take_header(source, record, err);
        know_columns(source);
        return s;
    }
    source->header_seen = true;
    if (source->skip_records > 0) {
        source->skip_records--;
        return STATUS_OK;
    }
    if (!source->columns_known && record->code == NULL) {
        enum status s = set_columns(source, record, err);
        if (s != STATUS_OK)
            return s;
        know_columns(source);
    }
    return csv_gather_take(&source->gather, record, err);
}

/* ---- files ---- */

static void close_file(struct csv_source *source)
{
    csv_reader_free(source->reader);
    encoding_close(source->encoding);
    csv_ahead_set(&source->ahead, NULL);
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
    enum status s = input_open_again(&source->input, source->files[source->file], options->threads,
                                     options->reread, source->file, err);
    if (s == STATUS_OK) {
        input_set_cancel(source->input, source->cancel);
        s = encoding_open(options->encoding, &source->encoding, err);
    }
    if (s == STATUS_OK)
        s = csv_reader_new(&options->dialect, take, source, &source->reader, err);
    if (s != STATUS_OK)
        return s;
    source->input_ended = false;
    buffer_clear(&source->text);
    source->text_done = 0;
    source->indexed = false;
    source->rest.known = false;
    source->decoded = 0;
    source->skip_lines = options->skip_lines;
    source->skip_records = options->skip_records;
    source->lines_skipped = 0;
    source->placed = false;
    source->header_seen = false;
    source->gather.encoding = source->encoding;
    source->gather.file = (uint32_t)source->file;
    if (source->columns_known)
        know_columns(source);
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
    if (most > PIECE_MAX)
        most = PIECE_MAX;
    return len < most ? len : most;
}

static size_t text_left(const struct csv_source *source)
{
    return source->text.len - source->text_done;
}

static void use_text(struct csv_source *source, size_t n)
{
    source->decoded += n;
    source->text_done += n;
    source->indexed = false;
    source->rest.known = false;
    if (text_left(source) > 0)
        return;
    buffer_clear(&source->text);
    source->text_done = 0;
}

/* May rows go round the reference reader?  Empty lines of one column, and lenient quotes, are its
 * own business; so is the record in which it is. */
static bool rows_may_follow(const struct csv_source *source)
{
    return !source->options.reference && source->input != NULL && source->placed &&
           source->header_seen && source->skip_records == 0 && source->column_count > 1 &&
           source->options.dialect.quoting != CSV_QUOTING_LENIENT &&
           csv_reader_between_records(source->reader);
}

/* The rest of a record that the reader is in: up to the next LF. */
static size_t line_size(const char *data, size_t len)
{
    const char *lf = memchr(data, '\n', len);
    return lf == NULL ? len : (size_t)(lf - data) + 1;
}

/* A piece of text to the reference reader. */
static enum status feed_piece(struct csv_source *source, struct error *err)
{
    const char *data = source->text.data + source->text_done;
    size_t len = text_left(source);
    size_t n = source->skip_lines > 0 ? pass_lines(source, data, len) : 0;
    enum status s = STATUS_OK;
    if (n == 0) {
        if (!source->placed)
            csv_reader_start_at(source->reader, source->lines_skipped + 1,
                                encoding_lead(source->encoding) + source->decoded);
        source->placed = true;
        n = piece_size(source, data, len);
        if (source->header_seen && !csv_reader_between_records(source->reader))
            n = line_size(data, n);
        s = csv_reader_feed(source->reader, data, n, err);
    }
    use_text(source, n);
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
    source->blank += csv_reader_blank(source->reader);
    close_file(source);
    source->file++;
    return STATUS_OK;
}

static enum status take_text(struct csv_source *source, struct error *err)
{
    csv_ahead_set(&source->ahead, source->input);
    enum status s =
        csv_ahead_take(&source->ahead, &source->text, &source->text_done, &source->taken, err);
    source->input_ended = source->taken.ended;
    if (s == STATUS_OK)
        csv_source_use_index(source);
    return s;
}

/* More text, or the knowledge that there is none. */
static enum status read_text(struct csv_source *source, struct error *err)
{
    size_t got = 0;
    enum status s;
    if (encoding_passes(source->encoding)) {
        s = take_text(source, err);
    } else {
        s = input_read(source->input, source->chunk, CHUNK, &got, err);
        if (s == STATUS_OK && got > 0)
            return encoding_feed(source->encoding, source->chunk, got, &source->text, err);
        source->input_ended = s == STATUS_OK;
    }
    if (s != STATUS_OK || !source->input_ended)
        return s;
    return encoding_finish(source->encoding, &source->text, err);
}

/* Reads until a batch's worth of text is there, or no more comes. */
static enum status gather_text(struct csv_source *source, struct error *err)
{
    enum status s = STATUS_OK;
    if (text_left(source) > source->options.batch_bytes / 2)
        return s; /* a little was used up: not worth moving the rest for */
    while (s == STATUS_OK && !source->input_ended &&
           text_left(source) < source->options.batch_bytes)
        s = read_text(source, err);
    return s;
}

/* One step on: rows as they stand (*rows), else a piece of text to the reader, else the end of
 * the file. */
static enum status step(struct csv_source *source, bool *rows, struct error *err)
{
    enum status s = STATUS_OK;
    if (source->input == NULL)
        s = open_file(source, err);
    if (s == STATUS_OK)
        s = source->columns_known && source->header_seen     ? gather_text(source, err)
            : text_left(source) == 0 && !source->input_ended ? read_text(source, err)
                                                             : STATUS_OK;
    if (s == STATUS_OK && rows != NULL && rows_may_follow(source))
        s = csv_source_take_rows(source, rows, err);
    if (s != STATUS_OK || (rows != NULL && *rows))
        return s;
    if (text_left(source) > 0)
        return feed_piece(source, err);
    return source->input_ended ? finish_file(source, err) : STATUS_OK;
}

/* ---- batches ---- */

void csv_source_cancel(struct csv_source *source)
{
    input_cancel(source->cancel);
}

void csv_source_read_ahead(struct csv_source *source)
{
    csv_ahead_read(&source->ahead);
}

enum status csv_source_fill(struct csv_source *source, struct batch *batch, bool *end,
                            struct error *err)
{
    const size_t file = source->file;
    const uint64_t sequence = batch->sequence;
    struct csv_gather *gather = &source->gather;
    bool rows = false;
    batch_reset(batch);
    if (gather->batch == &source->first) {
        /* Without a header line, records were met while the columns were looked for. */
        struct batch empty = *batch;
        *batch = source->first;
        source->first = empty;
    }
    gather->batch = batch;
    batch->sequence = sequence;
    batch->file = (uint32_t)source->file;
    while (!rows && source->file == file && source->file < source->file_count &&
           gather->taken < source->options.batch_bytes &&
           gather->row_count < CELLS_MAX / (source->column_count + 1) + 1) {
        if (gather->taken > 0 && rows_may_follow(source))
            break;
        enum status s = step(source, &rows, err);
        if (s != STATUS_OK)
            return s;
    }
    *end = source->file == source->file_count;
    return rows ? STATUS_OK : csv_gather_lay_out(gather, err);
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
        enum status s = step(source, NULL, err);
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
    made->cancel = options->threads > 1 ? input_cancel_new() : -1;
    batch_init(&made->first);
    csv_ahead_init(&made->ahead, made->options.batch_bytes, options->dialect.delimiter,
                   csv_dialect_quotes(&options->dialect),
                   options->threads > 1 && !options->reference &&
                       options->dialect.quoting != CSV_QUOTING_LENIENT);
    made->gather.batch = &made->first;
    made->gather.options = &made->options;
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

uint64_t csv_source_blank(const struct csv_source *source)
{
    return source->blank + (source->reader == NULL ? 0 : csv_reader_blank(source->reader));
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

bool csv_source_inflates_ahead(const struct csv_source *source)
{
    return source->input != NULL && input_inflates_ahead(source->input);
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
    csv_ahead_free(&source->ahead);
    input_cancel_free(source->cancel);
    buffer_free(&source->text);
    arena_free(&source->names);
    batch_free(&source->first);
    csv_gather_free(&source->gather);
    csv_index_free(&source->taken.index);
    free(source);
}
