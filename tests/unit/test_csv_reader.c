/* The reference reader of CSV against its grammar and against libcsv. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <csv.h>
#include <stdlib.h>

#include "csv_shown.h"

/* ---- what was read, as text ---- */

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
    };
    return cmocka_run_group_tests_name("csv_reader", tests, NULL, NULL);
}
