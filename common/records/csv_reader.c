#include "records/csv_reader.h"

#include <csv.h>
#include <stdlib.h>

#include "base/buffer.h"

/* A header of a million columns is damage; without a bound 16 MiB of delimiters would cost
 * 400 MB of places. */
enum { FIELDS_MAX = 1024 * 1024, LIBCSV_BLOCK = 64 * 1024 };

struct fault {
    const char *code; /* NULL: none */
    const char *reason;
    uint64_t column;
};

struct csv_reader {
    struct csv_dialect dialect;
    csv_record_fn *take;
    void *ctx;
    bool one_column;
    uint64_t blank;

    uint64_t line;   /* of the next byte that is parsed */
    uint64_t offset; /* of the same */

    struct csv_parser parser;
    bool in_record; /* the record goes on after the line parsed last (an open quote) */
    bool skipping;  /* a record over the limit runs on to the end of its line */
    bool row_done;  /* libcsv has ended the row */
    bool cr_is_end; /* the CR being parsed stands in front of LF */
    bool no_memory;
    struct fault fault;
    uint64_t record_line;
    uint64_t record_offset;
    struct buffer raw; /* lines of the record so far, and the beginning of the next one */
    size_t line_start; /* where in raw the physical line begins that is not parsed yet */

    struct buffer text; /* bytes of all fields of the record */
    size_t *ends;       /* where in text each field ends */
    size_t field_count;
    size_t field_cap;
    struct slice *fields;
    size_t slice_cap;
};

bool csv_delimiter_ok(char delimiter)
{
    return delimiter != '"' && delimiter != '\r' && delimiter != '\n' && delimiter != '\0';
}

/* ---- libcsv ---- */

/* Blanks belong to the field (libcsv would trim them). */
static int never_a_space(unsigned char c)
{
    (void)c;
    return 0;
}

static unsigned char libcsv_options(enum csv_quoting quoting)
{
    /* CSV_REPALL_NL: a row without fields must be seen, since it tells of a lone CR. */
    return quoting == CSV_QUOTING_STRICT ? CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL
                                         : CSV_REPALL_NL;
}

static void libcsv_start(struct csv_reader *reader)
{
    /* csv_init() only fails for a NULL parser. */
    (void)csv_init(&reader->parser, libcsv_options(reader->dialect.quoting));
    csv_set_delim(&reader->parser, (unsigned char)reader->dialect.delimiter);
    csv_set_space_func(&reader->parser, never_a_space);
    csv_set_blk_size(&reader->parser, LIBCSV_BLOCK);
}

static void set_fault(struct csv_reader *reader, const char *code, const char *reason,
                      uint64_t column)
{
    if (reader->fault.code == NULL)
        reader->fault = (struct fault){code, reason, column};
}

static void add_field(struct csv_reader *reader, const char *data, size_t len)
{
    if (reader->fault.code != NULL || reader->no_memory)
        return;
    if (reader->field_count == FIELDS_MAX) {
        set_fault(reader, "size", "the record has more than 1048576 fields", FIELDS_MAX + 1);
        return;
    }
    if (reader->field_count == reader->field_cap) {
        size_t cap = reader->field_cap == 0 ? 32 : reader->field_cap * 2;
        size_t *ends = realloc(reader->ends, cap * sizeof *ends);
        if (ends == NULL) {
            reader->no_memory = true;
            return;
        }
        reader->ends = ends;
        reader->field_cap = cap;
    }
    if (!buffer_append(&reader->text, data, len)) {
        reader->no_memory = true;
        return;
    }
    reader->ends[reader->field_count++] = reader->text.len;
}

static void on_field(void *data, size_t len, void *ctx)
{
    add_field(ctx, data, len);
}

static const char reason_cr[] = "a carriage return that no line feed follows; put the field in "
                                "quotes if it is text";
static const char reason_nul[] = "a NUL byte; is this a text file, and in the encoding given?";

static void on_row(int ended_by, void *ctx)
{
    struct csv_reader *reader = ctx;
    if (ended_by == '\r' && !reader->cr_is_end)
        set_fault(reader, "cr", reason_cr, reader->field_count == 0 ? 1 : reader->field_count);
    reader->row_done = true;
}

static void libcsv_feed(struct csv_reader *reader, const char *data, size_t len)
{
    if (len == 0 || reader->fault.code != NULL || reader->no_memory)
        return;
    size_t done = csv_parse(&reader->parser, data, len, on_field, on_row, reader);
    if (done == len)
        return;
    if (csv_error(&reader->parser) != CSV_EPARSE) {
        reader->no_memory = true;
        return;
    }
    set_fault(reader, "quote",
              reader->parser.quoted
                  ? "text behind a closing quote; a quote inside quotes must be doubled"
                  : "a quote inside a field that does not begin with one; try quoting: lenient "
                    "or none",
              reader->field_count + 1);
}

/* One physical line through libcsv.  The CR of CRLF goes in a call of its own: so any CR that
 * ends a row before is a lone one. */
static void parse_quoted(struct csv_reader *reader, const char *line, size_t len, bool terminated)
{
    size_t tail = terminated && len >= 2 && line[len - 2] == '\r' ? 2 : 0;
    const char *nul = memchr(line, '\0', len);
    if (nul != NULL) {
        libcsv_feed(reader, line, (size_t)(nul - line));
        set_fault(reader, "nul", reason_nul, reader->field_count + 1);
        return;
    }
    libcsv_feed(reader, line, len - tail);
    reader->cr_is_end = true;
    libcsv_feed(reader, line + len - tail, tail);
    reader->cr_is_end = false;
}

static void parse_unquoted(struct csv_reader *reader, const char *line, size_t len, bool terminated)
{
    if (terminated) {
        len--;
        if (len > 0 && line[len - 1] == '\r')
            len--;
    }
    const char *nul = memchr(line, '\0', len);
    const char *cr = memchr(line, '\r', len);
    const char *bad = nul != NULL && (cr == NULL || nul < cr) ? nul : cr;
    const char *at = line;
    const char *end = bad != NULL ? bad : line + len;
    for (;;) {
        const char *mark = memchr(at, reader->dialect.delimiter, (size_t)(end - at));
        if (mark == NULL)
            break;
        add_field(reader, at, (size_t)(mark - at));
        at = mark + 1;
    }
    if (bad != NULL)
        set_fault(reader, bad == nul ? "nul" : "cr", bad == nul ? reason_nul : reason_cr,
                  reader->field_count + 1);
    else
        add_field(reader, at, (size_t)(end - at));
    reader->row_done = true;
}

/* ---- records ---- */

static void begin_record(struct csv_reader *reader)
{
    reader->record_line = reader->line;
    reader->record_offset = reader->offset;
    reader->field_count = 0;
    buffer_clear(&reader->text);
    reader->fault = (struct fault){NULL, NULL, 0};
    reader->row_done = false;
    reader->in_record = true;
}

static enum status lay_out_fields(struct csv_reader *reader, struct error *err)
{
    if (reader->slice_cap < reader->field_count) {
        struct slice *fields = realloc(reader->fields, reader->field_cap * sizeof *fields);
        if (fields == NULL)
            return error_no_memory(err);
        reader->fields = fields;
        reader->slice_cap = reader->field_cap;
    }
    const char *text = reader->text.data == NULL ? "" : reader->text.data;
    size_t from = 0;
    for (size_t i = 0; i < reader->field_count; i++) {
        reader->fields[i] = (struct slice){text + from, reader->ends[i] - from};
        from = reader->ends[i];
    }
    return STATUS_OK;
}

/* Hands the record on that ends where reader->offset stands; its last line was line - 1. */
static enum status emit(struct csv_reader *reader, struct slice raw, uint64_t fault_line,
                        struct error *err)
{
    struct csv_record record = {
        .line = reader->record_line,
        .offset = reader->record_offset,
        .length = reader->offset - reader->record_offset,
        .raw = raw,
        .code = reader->fault.code,
        .reason = reader->fault.reason,
        .column = reader->fault.column,
    };
    if (record.raw.len > CSV_RAW_MAX)
        record.raw.len = CSV_RAW_MAX;
    if (record.code == NULL) {
        enum status s = lay_out_fields(reader, err);
        if (s != STATUS_OK)
            return s;
        record.fields = reader->fields;
        record.field_count = reader->field_count;
    } else {
        record.fault_line = fault_line;
        /* After an error csv_fini() would still hand on half a row: start anew. */
        csv_free(&reader->parser);
        libcsv_start(reader);
    }
    reader->in_record = false;
    reader->skipping = false;
    enum status s = reader->take(reader->ctx, &record, err);
    buffer_clear(&reader->raw);
    reader->line_start = 0;
    return s;
}

static bool line_is_empty(const char *line, size_t len, bool terminated)
{
    return terminated && (len == 1 || (len == 2 && line[0] == '\r'));
}

/* A whole physical line.  It stands in raw at line_start, or (raw is empty then) elsewhere. */
static enum status take_line(struct csv_reader *reader, const char *line, size_t len,
                             bool terminated, struct error *err)
{
    bool elsewhere = reader->raw.len == 0;
    bool empty = !reader->in_record && line_is_empty(line, len, terminated);
    if (empty && !reader->one_column) {
        reader->blank++;
        reader->line++;
        reader->offset += len;
        buffer_clear(&reader->raw);
        return STATUS_OK;
    }
    if (!reader->in_record)
        begin_record(reader);
    if (empty) {
        add_field(reader, "", 0);
        reader->row_done = true;
    } else if (reader->dialect.quoting == CSV_QUOTING_NONE) {
        parse_unquoted(reader, line, len, terminated);
    } else {
        parse_quoted(reader, line, len, terminated);
    }
    if (reader->no_memory)
        return error_no_memory(err);
    uint64_t fault_line = reader->line++;
    reader->offset += len;
    if (reader->fault.code == NULL && !reader->row_done) {
        if (elsewhere && !buffer_append(&reader->raw, line, len))
            return error_no_memory(err);
        reader->line_start = reader->raw.len;
        return STATUS_OK;
    }
    struct slice raw = {line, len};
    if (!elsewhere)
        raw = (struct slice){reader->raw.data, reader->raw.len};
    return emit(reader, raw, fault_line, err);
}

/* The record has grown over the limit: only its beginning is kept from now on. */
static void begin_skipping(struct csv_reader *reader)
{
    if (!reader->in_record)
        begin_record(reader);
    set_fault(reader, "size",
              "the record is longer than 16 MiB; a quote that is never closed may be the cause", 0);
    reader->skipping = true;
    /* What stands in raw and was not parsed counts as skipped. */
    reader->offset += reader->raw.len - reader->line_start;
    if (reader->raw.len > CSV_RAW_MAX)
        reader->raw.len = CSV_RAW_MAX;
}

static enum status skip(struct csv_reader *reader, const char *data, size_t len, bool terminated,
                        struct error *err)
{
    size_t room = reader->raw.len < CSV_RAW_MAX ? CSV_RAW_MAX - reader->raw.len : 0;
    if (!buffer_append(&reader->raw, data, len < room ? len : room))
        return error_no_memory(err);
    reader->offset += len;
    if (!terminated)
        return STATUS_OK;
    uint64_t fault_line = reader->line++;
    return emit(reader, (struct slice){reader->raw.data, reader->raw.len}, fault_line, err);
}

enum status csv_reader_feed(struct csv_reader *reader, const char *data, size_t len,
                            struct error *err)
{
    while (len > 0) {
        const char *lf = memchr(data, '\n', len);
        size_t n = lf == NULL ? len : (size_t)(lf - data) + 1;
        enum status s = STATUS_OK;
        if (!reader->skipping && n > reader->dialect.max_bytes - reader->raw.len)
            begin_skipping(reader);
        if (reader->skipping) {
            s = skip(reader, data, n, lf != NULL, err);
        } else if (lf != NULL && reader->raw.len == 0) {
            s = take_line(reader, data, n, true, err);
        } else {
            if (!buffer_append(&reader->raw, data, n))
                return error_no_memory(err);
            if (lf != NULL)
                s = take_line(reader, reader->raw.data + reader->line_start,
                              reader->raw.len - reader->line_start, true, err);
        }
        if (s != STATUS_OK)
            return s;
        data += n;
        len -= n;
    }
    return STATUS_OK;
}

enum status csv_reader_finish(struct csv_reader *reader, struct error *err)
{
    if (reader->skipping)
        return emit(reader, (struct slice){reader->raw.data, reader->raw.len}, reader->line, err);
    uint64_t last_line = reader->line - 1;
    if (reader->raw.len > reader->line_start) {
        last_line = reader->line;
        enum status s = take_line(reader, reader->raw.data + reader->line_start,
                                  reader->raw.len - reader->line_start, false, err);
        if (s != STATUS_OK)
            return s;
    }
    if (!reader->in_record)
        return STATUS_OK;
    /* An open quote is a fault in lenient reading as well; csv_fini() wants both options. */
    (void)csv_set_opts(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    if (csv_fini(&reader->parser, on_field, on_row, reader) != 0) {
        if (csv_error(&reader->parser) != CSV_EPARSE)
            return error_no_memory(err);
        set_fault(reader, "quote", "the quote that opens this field is never closed",
                  reader->field_count + 1);
    }
    if (reader->no_memory)
        return error_no_memory(err);
    return emit(reader, (struct slice){reader->raw.data, reader->raw.len}, last_line, err);
}

/* ---- life ---- */

enum status csv_reader_new(const struct csv_dialect *dialect, csv_record_fn *take, void *ctx,
                           struct csv_reader **reader, struct error *err)
{
    struct csv_reader *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->dialect = *dialect;
    if (made->dialect.max_bytes == 0)
        made->dialect.max_bytes = CSV_RECORD_MAX;
    made->take = take;
    made->ctx = ctx;
    made->line = 1;
    libcsv_start(made);
    *reader = made;
    return STATUS_OK;
}

void csv_reader_start_at(struct csv_reader *reader, uint64_t line, uint64_t offset)
{
    reader->line = line;
    reader->offset = offset;
}

bool csv_reader_between_records(const struct csv_reader *reader)
{
    return !reader->in_record && !reader->skipping && reader->raw.len == 0;
}

void csv_reader_pass(struct csv_reader *reader, uint64_t lines, uint64_t bytes)
{
    reader->line += lines;
    reader->offset += bytes;
}

uint64_t csv_reader_line(const struct csv_reader *reader)
{
    return reader->line;
}

uint64_t csv_reader_offset(const struct csv_reader *reader)
{
    return reader->offset;
}

void csv_reader_set_one_column(struct csv_reader *reader, bool one_column)
{
    reader->one_column = one_column;
}

uint64_t csv_reader_blank(const struct csv_reader *reader)
{
    return reader->blank;
}

void csv_reader_free(struct csv_reader *reader)
{
    if (reader == NULL)
        return;
    csv_free(&reader->parser);
    buffer_free(&reader->raw);
    buffer_free(&reader->text);
    free(reader->ends);
    free(reader->fields);
    free(reader);
}
