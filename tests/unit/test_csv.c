/* The CSV reader, source and writer, and encodings. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "io/encoding.h"
#include "records/csv_reader.h"
#include "records/csv_source.h"
#include "records/csv_writer.h"

static uint64_t random_state = 42;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

static void put(struct buffer *out, const char *data, size_t len)
{
    assert_true(buffer_append(out, data, len));
}

/* ---- what was read, as text ---- */

static void put_fields(struct buffer *out, const struct slice *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_non_null(fields[i].data);
        assert_true(buffer_appendf(out, "<%zu:", fields[i].len));
        put(out, fields[i].data, fields[i].len);
        put(out, ">", 1);
    }
    put(out, "\n", 1);
}

static void put_place(struct buffer *out, const char *code, uint64_t line, uint64_t offset,
                      uint64_t length, uint64_t column, uint64_t fault_line)
{
    assert_true(buffer_appendf(out, "%s %llu %llu %llu %llu %llu ", code, (unsigned long long)line,
                               (unsigned long long)offset, (unsigned long long)length,
                               (unsigned long long)column, (unsigned long long)fault_line));
}

struct collected {
    struct buffer seen;
    struct slice input;
};

static enum status collect(void *ctx, const struct csv_record *record, struct error *err)
{
    (void)err;
    struct collected *to = ctx;
    put_place(&to->seen, record->code == NULL ? "good" : record->code, record->line, record->offset,
              record->length, record->column, record->fault_line);
    put_fields(&to->seen, record->fields, record->field_count);
    assert_int_equal(record->raw.len, record->length);
    assert_memory_equal(record->raw.data, to->input.data + record->offset, record->raw.len);
    return STATUS_OK;
}

/* piece 0: the whole input at once. */
static void read_pieces(const struct csv_dialect *dialect, bool one_column, struct slice input,
                        size_t piece, struct buffer *seen)
{
    struct error err = ERROR_INIT;
    struct collected to = {.seen = BUFFER_INIT, .input = input};
    struct csv_reader *reader = NULL;
    assert_int_equal(csv_reader_new(dialect, collect, &to, &reader, &err), STATUS_OK);
    csv_reader_set_one_column(reader, one_column);
    for (size_t at = 0; at < input.len;) {
        size_t n = piece == 0 || input.len - at < piece ? input.len - at : piece;
        /* A copy of its own size, so that a sanitizer sees any reading behind a piece. */
        char *copy = malloc(n);
        assert_non_null(copy);
        memcpy(copy, input.data + at, n);
        assert_int_equal(csv_reader_feed(reader, copy, n, &err), STATUS_OK);
        free(copy);
        at += n;
    }
    assert_int_equal(csv_reader_finish(reader, &err), STATUS_OK);
    put_place(&to.seen, "blank", csv_reader_blank(reader), 0, 0, 0, 0);
    csv_reader_free(reader);
    *seen = to.seen;
}

/* ---- the grammar once more, byte by byte over the whole text ---- */

enum state { AT_RECORD, AT_FIELD, IN_FIELD, IN_QUOTES, AFTER_QUOTE };

struct oracle {
    const struct csv_dialect *dialect;
    bool one_column;
    struct slice in;
    size_t at;
    uint64_t line;
    size_t start;
    uint64_t start_line;
    enum state state;
    struct buffer field;
    struct buffer fields; /* as put_fields() shows them */
    size_t count;
    uint64_t blank;
    struct buffer *out;
};

static size_t line_end(const struct oracle *o, size_t at)
{
    while (at < o->in.len && o->in.data[at] != '\n')
        at++;
    return at < o->in.len ? at + 1 : at;
}

static void oracle_restart(struct oracle *o)
{
    o->start = o->at;
    o->start_line = o->line;
    o->state = AT_RECORD;
    o->count = 0;
    buffer_clear(&o->field);
    buffer_clear(&o->fields);
}

static void oracle_refuse(struct oracle *o, const char *code, size_t column)
{
    size_t end = line_end(o, o->at);
    put_place(o->out, code, o->start_line, o->start, end - o->start, column, o->line);
    put(o->out, "\n", 1);
    o->at = end;
    o->line++;
    oracle_restart(o);
}

static void oracle_end_field(struct oracle *o)
{
    assert_true(buffer_appendf(&o->fields, "<%zu:", o->field.len));
    put(&o->fields, o->field.data, o->field.len);
    put(&o->fields, ">", 1);
    buffer_clear(&o->field);
    o->count++;
    o->state = AT_FIELD;
}

static void oracle_end_record(struct oracle *o, size_t line_end_bytes)
{
    bool empty = o->state == AT_RECORD;
    o->at += line_end_bytes;
    if (empty && !o->one_column) {
        o->blank++;
    } else {
        oracle_end_field(o);
        put_place(o->out, "good", o->start_line, o->start, o->at - o->start, 0, 0);
        put(o->out, o->fields.data, o->fields.len);
        put(o->out, "\n", 1);
    }
    o->line++;
    oracle_restart(o);
}

static void oracle_quote(struct oracle *o, char c)
{
    enum csv_quoting quoting = o->dialect->quoting;
    if (quoting == CSV_QUOTING_NONE || (o->state == IN_FIELD && quoting == CSV_QUOTING_LENIENT)) {
        put(&o->field, &c, 1);
        o->state = IN_FIELD;
    } else if (o->state == IN_FIELD) {
        oracle_refuse(o, "quote", o->count + 1);
        return;
    } else if (o->state == IN_QUOTES) {
        o->state = AFTER_QUOTE;
    } else if (o->state == AFTER_QUOTE) {
        put(&o->field, &c, 1);
        o->state = IN_QUOTES;
    } else {
        o->state = IN_QUOTES;
    }
    o->at++;
}

static void oracle_other(struct oracle *o, char c)
{
    if (o->state == AFTER_QUOTE && o->dialect->quoting == CSV_QUOTING_STRICT) {
        oracle_refuse(o, "quote", o->count + 1);
        return;
    }
    if (o->state == AFTER_QUOTE) {
        put(&o->field, "\"", 1);
        o->state = IN_QUOTES;
    } else if (o->state != IN_QUOTES) {
        o->state = IN_FIELD;
    }
    put(&o->field, &c, 1);
    o->at++;
    if (c == '\n')
        o->line++;
}

static void oracle_step(struct oracle *o)
{
    size_t max = o->dialect->max_bytes == 0 ? CSV_RECORD_MAX : o->dialect->max_bytes;
    char c = o->in.data[o->at];
    bool crlf = c == '\r' && o->at + 1 < o->in.len && o->in.data[o->at + 1] == '\n';
    bool text = o->state == IN_QUOTES;
    if (line_end(o, o->at) - o->start > max)
        oracle_refuse(o, "size", 0);
    else if (c == '\0')
        oracle_refuse(o, "nul", o->count + 1);
    else if (!text && (c == '\n' || crlf))
        oracle_end_record(o, crlf ? 2 : 1);
    else if (!text && c == '\r')
        oracle_refuse(o, "cr", o->count + 1);
    else if (c == '"')
        oracle_quote(o, c);
    else if (!text && c == o->dialect->delimiter) {
        oracle_end_field(o);
        o->at++;
    } else {
        oracle_other(o, c);
    }
}

static void oracle_read(const struct csv_dialect *dialect, bool one_column, struct slice in,
                        struct buffer *out)
{
    struct oracle o = {.dialect = dialect,
                       .one_column = one_column,
                       .in = in,
                       .line = 1,
                       .start_line = 1,
                       .out = out};
    put(&o.field, "", 0);
    put(&o.fields, "", 0);
    while (o.at < in.len)
        oracle_step(&o);
    if (o.state == IN_QUOTES) {
        /* At the end of a line that ended, the fault is seen on that line. */
        if (in.data[in.len - 1] == '\n')
            o.line--;
        oracle_refuse(&o, "quote", o.count + 1);
    } else if (o.state != AT_RECORD) {
        oracle_end_record(&o, 0);
    }
    put_place(out, "blank", o.blank, 0, 0, 0, 0);
    buffer_free(&o.field);
    buffer_free(&o.fields);
}

static void assert_same(const struct buffer *a, const struct buffer *b, struct slice input)
{
    if (a->len == b->len && memcmp(a->data, b->data, a->len) == 0)
        return;
    print_error("input of %zu bytes: [%.*s]\nfirst:\n%s\nsecond:\n%s\n", input.len, (int)input.len,
                input.data, a->data, b->data);
    fail();
}

static void check_reading(const struct csv_dialect *dialect, bool one_column, struct slice input,
                          const size_t *pieces, size_t piece_count)
{
    struct buffer meant = BUFFER_INIT;
    oracle_read(dialect, one_column, input, &meant);
    for (size_t i = 0; i < piece_count; i++) {
        struct buffer seen = BUFFER_INIT;
        read_pieces(dialect, one_column, input, pieces[i], &seen);
        assert_same(&seen, &meant, input);
        buffer_free(&seen);
    }
    buffer_free(&meant);
}

/* Writes the number-th text of that length over the alphabet. */
static void nth_text(char *out, size_t length, uint64_t number, const char *alphabet,
                     size_t letters)
{
    for (size_t i = 0; i < length; i++) {
        out[i] = alphabet[number % letters];
        number /= letters;
    }
}

static void every_short_text_reads_as_the_grammar_says(void **state)
{
    (void)state;
    static const size_t pieces[] = {0, 1, 2, 3};
    for (int quoting = 0; quoting < 3; quoting++) {
        struct csv_dialect dialect = {.delimiter = ',', .quoting = (enum csv_quoting)quoting};
        uint64_t number_of_texts = 1;
        for (size_t length = 0; length <= 6; length++, number_of_texts *= 5) {
            for (uint64_t n = 0; n < number_of_texts; n++) {
                char text[8] = "";
                nth_text(text, length, n, "a,\"\r\n", 5);
                check_reading(&dialect, n % 2 == 1, (struct slice){text, length}, pieces, 4);
            }
        }
    }
}

/* ---- against libcsv fed with the whole text ---- */

struct whole {
    struct buffer rows;
    struct buffer row;
};

static void whole_field(void *data, size_t len, void *ctx)
{
    struct whole *w = ctx;
    assert_true(buffer_appendf(&w->row, "<%zu:", len));
    put(&w->row, data, len);
    put(&w->row, ">", 1);
}

static void whole_row(int c, void *ctx)
{
    (void)c;
    struct whole *w = ctx;
    if (w->row.len == 0)
        return;
    put(&w->rows, w->row.data, w->row.len);
    put(&w->rows, "\n", 1);
    buffer_clear(&w->row);
}

static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static enum status collect_fields(void *ctx, const struct csv_record *record, struct error *err)
{
    (void)err;
    struct buffer *rows = ctx;
    if (record->code != NULL)
        return STATUS_DATA;
    put_fields(rows, record->fields, record->field_count);
    return STATUS_OK;
}

/* True if the text is good for both, and then they agree. */
static bool agrees_with_libcsv(struct slice text, enum csv_quoting quoting)
{
    struct csv_dialect dialect = {.delimiter = ',', .quoting = quoting};
    struct buffer ours = BUFFER_INIT;
    struct error err = ERROR_INIT;
    struct csv_reader *reader = NULL;
    assert_int_equal(csv_reader_new(&dialect, collect_fields, &ours, &reader, &err), STATUS_OK);
    enum status s = csv_reader_feed(reader, text.data, text.len, &err);
    if (s == STATUS_OK)
        s = csv_reader_finish(reader, &err);
    csv_reader_free(reader);

    struct whole whole = {.rows = BUFFER_INIT, .row = BUFFER_INIT};
    struct csv_parser parser;
    bool strict = quoting == CSV_QUOTING_STRICT;
    csv_init(&parser, strict ? CSV_STRICT | CSV_STRICT_FINI : 0);
    csv_set_space_func(&parser, no_space);
    size_t done = csv_parse(&parser, text.data, text.len, whole_field, whole_row, &whole);
    bool good = done == text.len && csv_fini(&parser, whole_field, whole_row, &whole) == 0;
    csv_free(&parser);
    if (s == STATUS_OK) {
        assert_true(good);
        put(&ours, "", 0);
        put(&whole.rows, "", 0);
        assert_same(&ours, &whole.rows, text);
    }
    buffer_free(&ours);
    buffer_free(&whole.rows);
    buffer_free(&whole.row);
    return s == STATUS_OK;
}

static void good_texts_read_as_libcsv_reads_them_whole(void **state)
{
    (void)state;
    size_t good = 0;
    uint64_t number_of_texts = 1;
    for (size_t length = 0; length <= 6; length++, number_of_texts *= 5) {
        for (uint64_t n = 0; n < number_of_texts; n++) {
            char text[8] = "";
            nth_text(text, length, n, "a,\"\r\n", 5);
            good += agrees_with_libcsv((struct slice){text, length}, CSV_QUOTING_STRICT);
            good += agrees_with_libcsv((struct slice){text, length}, CSV_QUOTING_LENIENT);
        }
    }
    assert_true(good > 5000);
}

static void pieces_and_limits_make_no_difference(void **state)
{
    (void)state;
    static const size_t pieces[] = {0, 1, 2, 3, 5, 7, 8, 13, 16, 31, 32, 33, 47, 63, 64};
    static const char letters[] = "aab,,;\t \"\"\"\n\n\r\xC3\xA9";
    for (int round = 0; round < 3000; round++) {
        char text[400];
        size_t length = random_below(sizeof text);
        for (size_t i = 0; i < length; i++) {
            text[i] = letters[random_below(sizeof letters - 1)];
            if (random_below(400) == 0)
                text[i] = '\0';
            if (text[i] == '\r' && i + 1 < length && random_below(4) != 0)
                text[++i] = '\n';
        }
        struct csv_dialect dialect = {
            .delimiter = ",;\t"[random_below(3)],
            .quoting = (enum csv_quoting)random_below(3),
            .max_bytes = random_below(2) == 0 ? 0 : 8 + random_below(100),
        };
        check_reading(&dialect, random_below(2) == 0, (struct slice){text, length}, pieces,
                      sizeof pieces / sizeof pieces[0]);
    }
}

/* Each feature in pieces of 1 to 64 bytes, with and without the last line end. */
static void features_in_pieces(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a,b\n1,2\n",
        "a,b\r\n1,2\r\n",
        "\"a\",\"b\"\n\"1\n2\",\"x\r\ny\"\n",
        "\"say \"\"so\"\"\",,\"\"\n,,\n",
        " a , \"b\"\n",
        " a ,b \n\t,c\n",
        "a\n\n\r\nb\n",
        "a,b\"c,d\ne,f\n",
        "\"a\"b,c\nd,e\n",
        "a\rb,c\nd\n",
        "a,\"b\rc\"\nd,e\n",
        "a,\"b\nc,d\ne,f\n",
        "\xC3\xA9,\xF0\x9F\x98\x80\n\xFF,x\n",
        "one line that is rather longer than all of the pieces,and a second field in it too\n",
        "\"one quoted field\nthat is rather longer\r\nthan all of the pieces, with "
        "\"\"lines\"\"\"\n",
    };
    size_t pieces[64];
    for (size_t i = 0; i < 64; i++)
        pieces[i] = i + 1;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (int quoting = 0; quoting < 3; quoting++) {
            struct csv_dialect dialect = {.delimiter = ',', .quoting = (enum csv_quoting)quoting};
            struct slice text = slice_of(texts[i]);
            check_reading(&dialect, false, text, pieces, 64);
            text.len--;
            check_reading(&dialect, false, text, pieces, 64);
        }
    }
}

static void one_reading(const struct csv_dialect *dialect, struct slice text, const char *meant)
{
    struct buffer seen = BUFFER_INIT;
    read_pieces(dialect, false, text, 0, &seen);
    assert_string_equal(seen.data, meant);
    buffer_free(&seen);
}

/* By hand, so that the oracle above is not the only judge. */
static void places_of_faults(void **state)
{
    (void)state;
    const struct csv_dialect csv = CSV_DIALECT_CSV;
    const struct csv_dialect tsv = CSV_DIALECT_TSV;
    one_reading(&csv, SLICE_LITERAL("a,b\n\"x\ny\",2\n"),
                "good 1 0 4 0 0 <1:a><1:b>\ngood 2 4 8 0 0 <3:x\ny><1:2>\nblank 0 0 0 0 0 ");
    one_reading(&csv, SLICE_LITERAL("a\n\n1\r2\nb\n"),
                "good 1 0 2 0 0 <1:a>\ncr 3 3 4 1 3 \ngood 4 7 2 0 0 <1:b>\nblank 1 0 0 0 0 ");
    one_reading(&csv, SLICE_LITERAL("1,\"x\ny\"z,3\n4\n"),
                "quote 1 0 11 2 2 \ngood 3 11 2 0 0 <1:4>\nblank 0 0 0 0 0 ");
    one_reading(&csv, SLICE_LITERAL("1,2\n3,\"x\n5\n"),
                "good 1 0 4 0 0 <1:1><1:2>\nquote 2 4 7 2 3 \nblank 0 0 0 0 0 ");
    one_reading(&csv, SLICE_LITERAL("1,\0\n2\n"),
                "nul 1 0 4 2 1 \ngood 2 4 2 0 0 <1:2>\nblank 0 0 0 0 0 ");
    one_reading(&tsv, SLICE_LITERAL("\"a\tb\"c\n"),
                "good 1 0 7 0 0 <2:\"a><3:b\"c>\nblank 0 0 0 0 0 ");
}

/* Codes and fields only, records parted by ";". */
static void brief_reading(enum csv_quoting quoting, struct slice text, struct buffer *out)
{
    struct csv_dialect dialect = {.delimiter = ',', .quoting = quoting};
    struct buffer seen = BUFFER_INIT;
    read_pieces(&dialect, false, text, 0, &seen);
    for (const char *line = seen.data; strncmp(line, "blank", 5) != 0;
         line += strcspn(line, "\n") + 1) {
        const char *fields = strchr(line, '<');
        if (strncmp(line, "good", 4) == 0)
            assert_true(buffer_appendf(out, "%.*s;", (int)strcspn(fields, "\n"), fields));
        else
            assert_true(buffer_appendf(out, "%.*s;", (int)strcspn(line, " "), line));
    }
    buffer_free(&seen);
}

/* The rows of the table in doc/csv-grammar.md, each with a good record behind. */
static void the_table_of_malformed_input(void **state)
{
    (void)state;
    static const struct {
        struct slice text;
        const char *meant[3]; /* strict, lenient, none */
    } cases[] = {
        {SLICE_LITERAL("a\"b,c\nz\n"),
         {"quote;<1:z>;", "<3:a\"b><1:c>;<1:z>;", "<3:a\"b><1:c>;<1:z>;"}},
        {SLICE_LITERAL("\"a\"b,c\"\nz\n"),
         {"quote;<1:z>;", "<5:a\"b,c>;<1:z>;", "<4:\"a\"b><2:c\">;<1:z>;"}},
        {SLICE_LITERAL("\"a\" ,b\"\nz\n"),
         {"quote;<1:z>;", "<5:a\" ,b>;<1:z>;", "<4:\"a\" ><2:b\">;<1:z>;"}},
        {SLICE_LITERAL(" \"a\",b\nz\n"),
         {"quote;<1:z>;", "<4: \"a\"><1:b>;<1:z>;", "<4: \"a\"><1:b>;<1:z>;"}},
        {SLICE_LITERAL("z\n\"a"), {"<1:z>;quote;", "<1:z>;quote;", "<1:z>;<2:\"a>;"}},
        {SLICE_LITERAL("z\n\"a\nb\n"), {"<1:z>;quote;", "<1:z>;quote;", "<1:z>;<2:\"a>;<1:b>;"}},
        {SLICE_LITERAL("a\rb\nz\n"), {"cr;<1:z>;", "cr;<1:z>;", "cr;<1:z>;"}},
        {SLICE_LITERAL("a\r\r\nz\n"), {"cr;<1:z>;", "cr;<1:z>;", "cr;<1:z>;"}},
        {SLICE_LITERAL("z\na\r"), {"<1:z>;cr;", "<1:z>;cr;", "<1:z>;cr;"}},
        {SLICE_LITERAL("\"a\rb\"\nz\n"), {"<3:a\rb>;<1:z>;", "<3:a\rb>;<1:z>;", "cr;<1:z>;"}},
        {SLICE_LITERAL("a\0\nz\n"), {"nul;<1:z>;", "nul;<1:z>;", "nul;<1:z>;"}},
        {SLICE_LITERAL("\"\0\"\nz\n"), {"nul;<1:z>;", "nul;<1:z>;", "nul;<1:z>;"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int quoting = 0; quoting < 3; quoting++) {
            struct buffer out = BUFFER_INIT;
            brief_reading((enum csv_quoting)quoting, cases[i].text, &out);
            assert_string_equal(out.data, cases[i].meant[quoting]);
            buffer_free(&out);
        }
    }
}

struct sizes {
    size_t good;
    size_t refused;
    uint64_t length;
    size_t raw;
    uint64_t next_line;
};

static enum status measure(void *ctx, const struct csv_record *record, struct error *err)
{
    (void)err;
    struct sizes *sizes = ctx;
    if (record->code == NULL) {
        sizes->good++;
        sizes->next_line = record->line;
        return STATUS_OK;
    }
    assert_string_equal(record->code, "size");
    sizes->refused++;
    sizes->length = record->length;
    sizes->raw = record->raw.len;
    return STATUS_OK;
}

/* An open quote swallows 16 MiB and no more; reading goes on behind the line of the limit. */
static void limit_of_a_record(void **state)
{
    (void)state;
    struct csv_dialect dialect = CSV_DIALECT_CSV;
    struct sizes sizes = {.good = 0};
    struct error err = ERROR_INIT;
    struct csv_reader *reader = NULL;
    assert_int_equal(csv_reader_new(&dialect, measure, &sizes, &reader, &err), STATUS_OK);
    assert_int_equal(csv_reader_feed(reader, "\"", 1, &err), STATUS_OK);
    char line[1024];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    const size_t lines = 20 * 1024;
    for (size_t i = 0; i < lines; i++)
        assert_int_equal(csv_reader_feed(reader, line, sizeof line, &err), STATUS_OK);
    assert_int_equal(csv_reader_finish(reader, &err), STATUS_OK);
    csv_reader_free(reader);
    assert_int_equal(sizes.refused, 1);
    assert_int_equal(sizes.length, 16 * 1024 * 1024 + 1);
    assert_int_equal(sizes.raw, CSV_RAW_MAX);
    assert_int_equal(sizes.good, 4 * 1024);
    assert_int_equal(sizes.next_line, lines);
}

static void too_many_fields(void **state)
{
    (void)state;
    struct csv_dialect dialect = CSV_DIALECT_CSV;
    struct sizes sizes = {.good = 0};
    struct error err = ERROR_INIT;
    struct csv_reader *reader = NULL;
    assert_int_equal(csv_reader_new(&dialect, measure, &sizes, &reader, &err), STATUS_OK);
    char commas[4096];
    memset(commas, ',', sizeof commas);
    for (size_t i = 0; i < 256; i++)
        assert_int_equal(csv_reader_feed(reader, commas, sizeof commas, &err), STATUS_OK);
    assert_int_equal(csv_reader_feed(reader, "\na,b\n", 5, &err), STATUS_OK);
    assert_int_equal(csv_reader_finish(reader, &err), STATUS_OK);
    csv_reader_free(reader);
    assert_int_equal(sizes.refused, 1);
    assert_int_equal(sizes.good, 1);
}

static void delimiters(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        bool bad = c == 0 || c == '\n' || c == '\r' || c == '"';
        assert_int_equal(csv_delimiter_ok((char)c), !bad);
    }
}

/* ---- encodings ---- */

static void decode(const char *name, struct slice in, size_t piece, struct buffer *out,
                   size_t *lead)
{
    struct error err = ERROR_INIT;
    struct encoding *enc = NULL;
    assert_int_equal(encoding_open(name, &enc, &err), STATUS_OK);
    for (size_t at = 0; at < in.len; at += piece) {
        size_t n = in.len - at < piece ? in.len - at : piece;
        assert_int_equal(encoding_feed(enc, in.data + at, n, out, &err), STATUS_OK);
    }
    assert_int_equal(encoding_finish(enc, out, &err), STATUS_OK);
    *lead = encoding_lead(enc);
    encoding_close(enc);
}

static void encodings_and_marks(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct slice in;
        struct slice meant;
        size_t lead;
    } cases[] = {
        {"utf-8", SLICE_LITERAL("a\xC3\xA9"), SLICE_LITERAL("a\xC3\xA9"), 0},
        {"utf-8",
         SLICE_LITERAL("\xEF\xBB\xBF"
                       "a"),
         SLICE_LITERAL("a"), 3},
        {"utf-8", SLICE_LITERAL("\xEF\xBB"), SLICE_LITERAL("\xEF\xBB"), 0},
        {"UTF8", SLICE_LITERAL("\xFF"), SLICE_LITERAL("\xFF"), 0},
        {"utf-8",
         SLICE_LITERAL("\xFF\xFE"
                       "a\0\xE9\0"),
         SLICE_LITERAL("a\xC3\xA9"), 0},
        {"windows-1252", SLICE_LITERAL("\x80 \xE9"), SLICE_LITERAL("\xE2\x82\xAC \xC3\xA9"), 0},
        {"windows-1252", SLICE_LITERAL("\xEF\xBB\xBF\xC3\xA9"), SLICE_LITERAL("\xC3\xA9"), 3},
        {"windows-1252",
         SLICE_LITERAL("a\x81"
                       "b"),
         SLICE_LITERAL("a\xFF"
                       "b"),
         0},
        {"macintosh", SLICE_LITERAL("\x8E"), SLICE_LITERAL("\xC3\xA9"), 0},
        {"utf-16", SLICE_LITERAL("\xFE\xFF\0a\0\n"), SLICE_LITERAL("a\n"), 0},
        {"utf-16", SLICE_LITERAL("a\0\n\0"), SLICE_LITERAL("a\n"), 0},
        {"utf-16be", SLICE_LITERAL("\0a\xD8\0\0b"),
         SLICE_LITERAL("a\xFF"
                       "b"),
         0},
        {"utf-16le", SLICE_LITERAL("a\0b"), SLICE_LITERAL("a\xFF"), 0},
        {"utf-16le", SLICE_LITERAL("=\xD8\0\xDE"), SLICE_LITERAL("\xF0\x9F\x98\x80"), 0},
        {"utf-32", SLICE_LITERAL("\xFF\xFE\0\0a\0\0\0"), SLICE_LITERAL("a"), 0},
        {"shift_jis",
         SLICE_LITERAL("\x82\xA0"
                       "a"),
         SLICE_LITERAL("\xE3\x81\x82"
                       "a"),
         0},
        {"us-ascii", SLICE_LITERAL("a\xE9"), SLICE_LITERAL("a\xFF"), 0},
        {"utf-8", SLICE_LITERAL(""), SLICE_LITERAL(""), 0},
        {"utf-16", SLICE_LITERAL(""), SLICE_LITERAL(""), 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t piece = 1; piece <= 9; piece++) {
            struct buffer out = BUFFER_INIT;
            size_t lead = 99;
            decode(cases[i].name, cases[i].in, piece, &out, &lead);
            assert_int_equal(out.len, cases[i].meant.len);
            assert_int_equal(lead, cases[i].lead);
            if (out.len > 0)
                assert_memory_equal(out.data, cases[i].meant.data, out.len);
            buffer_free(&out);
        }
    }
}

static void unknown_encodings(void **state)
{
    (void)state;
    static const char *const names[] = {"klingon", "", "utf-16//IGNORE"};
    for (size_t i = 0; i < 3; i++) {
        struct error err = ERROR_INIT;
        struct encoding *enc = NULL;
        assert_int_equal(encoding_open(names[i], &enc, &err), STATUS_USAGE);
        assert_true(err.text[0] != '\0');
    }
}

/* ---- the source ---- */

static char directory[] = "/tmp/bell-csv-XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL ? -1 : 0;
}

static int remove_directory(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "%s/%d.csv", directory, i);
        (void)unlink(path);
    }
    return rmdir(directory);
}

static void write_file(int number, struct slice text, char path[64])
{
    (void)snprintf(path, 64, "%s/%d.csv", directory, number);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

/* Columns, rows and refusals of up to three files as text; an error as its message. */
static void put_batch(struct buffer *out, struct batch *batch, bool with_raw)
{
    size_t next = 0;
    for (size_t r = 0; r <= batch->record_count; r++) {
        for (; next < batch->refusal_count && batch->refusals[next].record == r; next++) {
            const struct refusal *refusal = &batch->refusals[next];
            assert_true(refusal->from_source);
            assert_int_equal(refusal->origin.length, refusal->raw.len);
            assert_true(buffer_appendf(
                out, "%s%s %u:%llu:%llu +%llu %s\n", refusal->code, refusal->fatal ? "!" : "",
                refusal->origin.file, (unsigned long long)refusal->origin.line,
                (unsigned long long)refusal->column, (unsigned long long)refusal->origin.offset,
                refusal->reason));
        }
        if (r == batch->record_count)
            break;
        struct error err = ERROR_INIT;
        struct origin origin;
        assert_true(batch_origin(batch, r, &origin));
        assert_true(buffer_appendf(out, "%u:%llu", origin.file, (unsigned long long)origin.line));
        for (size_t c = 0; c < batch->column_count; c++) {
            struct slice cell = batch_text(batch, c, &err)[r];
            put(out, "|", 1);
            put(out, slice_missing(cell) ? "~" : cell.data, slice_missing(cell) ? 1 : cell.len);
        }
        put(out, "\n", 1);
        if (with_raw)
            assert_int_equal(batch_raw(batch, r).len, origin.length);
    }
    assert_int_equal(next, batch->refusal_count);
}

static void read_files(const struct csv_source_options *options, const struct slice *texts,
                       size_t count, struct buffer *out)
{
    char paths[4][64];
    char *files[4];
    for (size_t i = 0; i < count; i++) {
        write_file((int)i, texts[i], paths[i]);
        files[i] = paths[i];
    }
    struct error err = ERROR_INIT;
    struct csv_source *source = NULL;
    enum status s = csv_source_open(options, files, count, &source, &err);
    bool end = false;
    size_t in = 0;
    size_t refused = 0;
    struct batch batch;
    batch_init(&batch);
    batch.sequence = 7;
    if (s == STATUS_OK) {
        size_t columns = 0;
        const struct slice *names = csv_source_columns(source, &columns);
        put_fields(out, names, columns);
    }
    while (s == STATUS_OK && !end) {
        s = csv_source_fill(source, &batch, &end, &err);
        if (s == STATUS_OK)
            s = csv_source_parse(source, &batch, &err);
        refused += batch.refusal_count;
        in += batch.record_count + batch.refusal_count;
        if (s == STATUS_OK)
            put_batch(out, &batch, options->keep_raw);
        assert_int_equal(batch.sequence, 7);
    }
    if (s != STATUS_OK) {
        const char *base = strrchr(err.file, '/');
        assert_true(buffer_appendf(out, "%d %s:%llu:%llu: %s\n", (int)s,
                                   base == NULL ? err.file : base + 1, (unsigned long long)err.line,
                                   (unsigned long long)err.column, err.text));
    } else {
        assert_true(buffer_appendf(out, "in=%zu refused=%zu blank=%llu\n", in, refused,
                                   (unsigned long long)csv_source_blank(source)));
    }
    batch_free(&batch);
    csv_source_close(source);
}

static void check_files(struct csv_source_options options, const struct slice *texts, size_t count,
                        const char *meant)
{
    for (int raw = 0; raw < 2; raw++) {
        for (size_t bytes = 1; bytes < 100; bytes += 9) {
            options.keep_raw = raw == 1;
            options.batch_bytes = bytes < 90 ? bytes : 0;
            struct buffer out = BUFFER_INIT;
            read_files(&options, texts, count, &out);
            assert_string_equal(out.data, meant);
            buffer_free(&out);
        }
    }
}

static void check_file(struct csv_source_options options, struct slice text, const char *meant)
{
    check_files(options, &text, 1, meant);
}

static void rows_become_batches(void **state)
{
    (void)state;
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    check_file(o, SLICE_LITERAL("a, b\n1,2\n\n3,\"4\n5\"\n6,7"),
               "<1:a><2: b>\n0:2|1|2\n0:4|3|4\n5\n0:6|6|7\nin=3 refused=0 blank=1\n");
    check_file(o,
               SLICE_LITERAL("\xEF\xBB\xBF"
                             "a\n1\n\n\xFF\n2\n"),
               "<1:a>\n0:2|1\n0:3|\nencoding 0:4:1 +8 byte \\xFF is not UTF-8; set encoding, for "
               "instance windows-1252\n0:5|2\nin=4 refused=1 blank=0\n");
    check_file(o, SLICE_LITERAL("a,b\n"), "<1:a><1:b>\nin=0 refused=0 blank=0\n");
    o.header = false;
    check_file(o, SLICE_LITERAL("1\"\n1,2\n3,4\n"),
               "<1:1><1:2>\nquote 0:1:1 +0 a quote inside a field that does not begin with one; "
               "try quoting: lenient or none\n0:2|1|2\n0:3|3|4\nin=3 refused=1 blank=0\n");
    o.header = true;
    o.skip_lines = 2;
    o.skip_records = 1;
    check_file(o, SLICE_LITERAL("\"x\nnote\r\na\nunit\n1\n2\n"),
               "<1:a>\n0:5|1\n0:6|2\nin=2 refused=0 blank=0\n");
    o = (struct csv_source_options)CSV_SOURCE_OPTIONS_INIT;
    o.encoding = "windows-1252";
    check_file(o, SLICE_LITERAL("a,b\n\xE9,\x81\n\xE9,2\n"),
               "<1:a><1:b>\nencoding 0:2:2 +4 a byte that is not valid in encoding windows-1252\n"
               "0:3|\xC3\xA9|2\nin=2 refused=1 blank=0\n");
}

static void ragged_rows(void **state)
{
    (void)state;
    const struct slice text = SLICE_LITERAL("a,b\n1\n1,2\n1,2,\n1,2,3\n");
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    check_file(o, text,
               "<1:a><1:b>\nragged! 0:2:1 +4 1 field where the header has 2\n0:3|1|2\n"
               "ragged! 0:4:3 +10 3 fields where the header has 2\n"
               "ragged! 0:5:3 +15 3 fields where the header has 2\nin=4 refused=3 blank=0\n");
    o.ragged = CSV_RAGGED_REJECT;
    check_file(o, text,
               "<1:a><1:b>\nragged 0:2:1 +4 1 field where the header has 2\n0:3|1|2\n"
               "ragged 0:4:3 +10 3 fields where the header has 2\n"
               "ragged 0:5:3 +15 3 fields where the header has 2\nin=4 refused=3 blank=0\n");
    o.ragged = CSV_RAGGED_PAD;
    check_file(o, text,
               "<1:a><1:b>\n0:2|1|~\n0:3|1|2\n0:4|1|2\n"
               "ragged 0:5:3 +15 3 fields where the header has 2\nin=4 refused=1 blank=0\n");
}

static void headers_that_are_wrong(void **state)
{
    (void)state;
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    check_file(o, SLICE_LITERAL(""), "1 0.csv:0:0: no header line\n");
    check_file(o, SLICE_LITERAL("\n\r\n"), "1 0.csv:0:0: no header line\n");
    check_file(o, SLICE_LITERAL("\na,b\"\n1,2\n"),
               "1 0.csv:2:2: header: a quote inside a field that does not begin with one; try "
               "quoting: lenient or none\n");
    check_file(o, SLICE_LITERAL("a,b\xE9\n"),
               "1 0.csv:1:2: header: byte \\xE9 is not UTF-8; set encoding, for instance "
               "windows-1252\n");
    check_file(
        o,
        SLICE_LITERAL("\x7F"
                      "ELF\0\0\n"),
        "1 0.csv:1:1: header: a NUL byte; is this a text file, and in the encoding given?\n");
    o.skip_lines = 5;
    check_file(o, SLICE_LITERAL("a\nb\n"), "1 0.csv:0:0: no header line\n");
    o.skip_lines = 0;
    o.header = false;
    check_file(o, SLICE_LITERAL("\n"),
               "1 0.csv:0:0: no records, so the number of columns is not known\n");
}

static void several_files(void **state)
{
    (void)state;
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    const struct slice good[] = {SLICE_LITERAL("a,b\n1,2"), SLICE_LITERAL("a,b\n"),
                                 SLICE_LITERAL("\"a\",b\r\n\r\n3,4\r\n")};
    check_files(o, good, 3, "<1:a><1:b>\n0:2|1|2\n2:3|3|4\nin=2 refused=0 blank=1\n");
    const struct slice no_header[] = {SLICE_LITERAL("1,2"), SLICE_LITERAL(""),
                                      SLICE_LITERAL("3,4\n")};
    o.header = false;
    check_files(o, no_header, 3, "<1:1><1:2>\n0:1|1|2\n2:1|3|4\nin=2 refused=0 blank=0\n");
}

static void headers_that_differ(void **state)
{
    (void)state;
    static const char *const others[] = {"a,c\n", "a\n"};
    for (size_t i = 0; i < 2; i++) {
        const struct slice texts[] = {SLICE_LITERAL("a,b\n1,2\n"), slice_of(others[i])};
        struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
        struct buffer out = BUFFER_INIT;
        read_files(&o, texts, 2, &out);
        assert_non_null(strstr(out.data, "\n1 1.csv:1:"));
        assert_non_null(strstr(out.data, "/0.csv"));
        buffer_free(&out);
    }
}

/* A header of many columns and rows of one byte: memory stays with the bytes, not the cells. */
static void wide_header_and_short_rows(void **state)
{
    (void)state;
    struct buffer text = BUFFER_INIT;
    const size_t columns = 100000;
    const size_t rows = 3000;
    for (size_t i = 1; i < columns; i++)
        put(&text, ",", 1);
    for (size_t i = 0; i < rows; i++)
        put(&text, "\nx", 2);
    char path[64];
    write_file(0, (struct slice){text.data, text.len}, path);
    char *files[] = {path};
    struct csv_source_options o = CSV_SOURCE_OPTIONS_INIT;
    o.ragged = CSV_RAGGED_PAD;
    struct error err = ERROR_INIT;
    struct csv_source *source = NULL;
    assert_int_equal(csv_source_open(&o, files, 1, &source, &err), STATUS_OK);
    struct batch batch;
    batch_init(&batch);
    size_t seen = 0;
    for (bool end = false; !end;) {
        assert_int_equal(csv_source_fill(source, &batch, &end, &err), STATUS_OK);
        seen += batch.record_count;
        assert_true(batch.record_count * batch.column_count < 4 * 1024 * 1024);
    }
    assert_int_equal(seen, rows);
    batch_free(&batch);
    csv_source_close(source);
    buffer_free(&text);
}

/* ---- the writer ---- */

static void written(bool excel, const char *const *cells, size_t count, const char *meant)
{
    struct buffer out = BUFFER_INIT;
    struct csv_writer writer;
    csv_writer_init(&writer, &out, excel);
    for (size_t i = 0; i < count; i++)
        assert_true(csv_writer_cell(&writer, slice_of(cells[i])));
    assert_true(csv_writer_end_row(&writer));
    assert_string_equal(out.data, meant);
    buffer_free(&out);
}

#define WRITTEN(excel, meant, ...)                                                                 \
    do {                                                                                           \
        static const char *const cells[] = {__VA_ARGS__};                                          \
        written(excel, cells, sizeof cells / sizeof cells[0], meant);                              \
    } while (0)

static void quotes_only_where_needed(void **state)
{
    (void)state;
    WRITTEN(false, "a, b ,\"c,d\",\"e\"\"f\",\"g\nh\",\"i\rj\",,\n", "a", " b ", "c,d", "e\"f",
            "g\nh", "i\rj", "", NULL);
    WRITTEN(false, "\"\"\n", "");
    WRITTEN(false, "\"\"\n", NULL);
    WRITTEN(false, ",\n", "", "");
    WRITTEN(false, "=1+1,-x\n", "=1+1", "-x");
    WRITTEN(true, "\xEF\xBB\xBF'=1+1,'-x,-1,-0.5,+3,-1e-07,'@a,'-,'+1.2.3,\"'=a,b\",a=\n", "=1+1",
            "-x", "-1", "-0.5", "+3", "-1e-07", "@a", "-", "+1.2.3", "=a,b", "a=");
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    static const char letters[] = "ab,\"\"\r\n \xC3\xA9=";
    for (int round = 0; round < 2000; round++) {
        struct buffer out = BUFFER_INIT;
        struct buffer meant = BUFFER_INIT;
        struct csv_writer writer;
        csv_writer_init(&writer, &out, false);
        size_t columns = 1 + random_below(4);
        for (size_t rows = random_below(5); rows > 0; rows--) {
            for (size_t c = 0; c < columns; c++) {
                char cell[8];
                size_t len = random_below(8);
                for (size_t i = 0; i < len; i++)
                    cell[i] = letters[random_below(sizeof letters - 1)];
                assert_true(csv_writer_cell(&writer, (struct slice){cell, len}));
                assert_true(buffer_appendf(&meant, "<%zu:", len));
                put(&meant, cell, len);
                put(&meant, ">", 1);
            }
            put(&meant, "\n", 1);
            assert_true(csv_writer_end_row(&writer));
        }
        struct csv_dialect dialect = CSV_DIALECT_CSV;
        struct buffer read = BUFFER_INIT;
        struct csv_reader *reader = NULL;
        struct error err = ERROR_INIT;
        put(&out, "", 0);
        put(&read, "", 0);
        put(&meant, "", 0);
        assert_int_equal(csv_reader_new(&dialect, collect_fields, &read, &reader, &err), STATUS_OK);
        assert_int_equal(csv_reader_feed(reader, out.data, out.len, &err), STATUS_OK);
        assert_int_equal(csv_reader_finish(reader, &err), STATUS_OK);
        csv_reader_free(reader);
        assert_same(&read, &meant, (struct slice){out.data, out.len});
        buffer_free(&out);
        buffer_free(&meant);
        buffer_free(&read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_text_reads_as_the_grammar_says),
        cmocka_unit_test(good_texts_read_as_libcsv_reads_them_whole),
        cmocka_unit_test(pieces_and_limits_make_no_difference),
        cmocka_unit_test(features_in_pieces),
        cmocka_unit_test(places_of_faults),
        cmocka_unit_test(the_table_of_malformed_input),
        cmocka_unit_test(limit_of_a_record),
        cmocka_unit_test(too_many_fields),
        cmocka_unit_test(delimiters),
        cmocka_unit_test(encodings_and_marks),
        cmocka_unit_test(unknown_encodings),
        cmocka_unit_test(rows_become_batches),
        cmocka_unit_test(ragged_rows),
        cmocka_unit_test(headers_that_are_wrong),
        cmocka_unit_test(several_files),
        cmocka_unit_test(headers_that_differ),
        cmocka_unit_test(wide_header_and_short_rows),
        cmocka_unit_test(quotes_only_where_needed),
        cmocka_unit_test(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests_name("csv", tests, make_directory, remove_directory);
}
