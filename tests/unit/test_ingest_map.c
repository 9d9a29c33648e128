/* Rows to fields: what bell-ingest does to a batch, without its source. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "fields/field_map.h"
#include "records/value_type.h"
#include "study/study.h"
#include "study/yaml.h"

enum { ROWS_MAX = 64, COLUMNS_MAX = 16 };

/* A table as text: rows parted by \n, cells by | ; "\N" is a missing cell. */
struct table {
    struct slice cells[ROWS_MAX][COLUMNS_MAX];
    size_t rows;
    size_t columns;
};

static void read_table(struct table *table, const char *text)
{
    *table = (struct table){.rows = 0};
    while (*text != '\0') {
        size_t line = strcspn(text, "\n");
        size_t c = 0;
        for (size_t at = 0; at <= line;) {
            size_t len = strcspn(text + at, "|\n");
            struct slice cell = {text + at, len};
            table->cells[table->rows][c++] = slice_is(cell, "\\N") ? SLICE_MISSING : cell;
            at += len + 1;
        }
        table->columns = c;
        table->rows++;
        text += line + (text[line] == '\n');
    }
}

static void put(struct buffer *out, struct slice s)
{
    assert_true(slice_missing(s) ? buffer_append_text(out, "\\N") : buffer_append_slice(out, s));
}

static void put_batch(struct buffer *out, const struct batch *batch)
{
    for (size_t r = 0; r < batch->record_count; r++) {
        if (batch->fates[r] != FATE_LIVE) {
            assert_true(buffer_appendf(out, "(%s)\n",
                                       batch->fates[r] == FATE_DROPPED ? "dropped" : "refused"));
            continue;
        }
        for (size_t c = 0; c < batch->column_count; c++) {
            assert_true(c == 0 || buffer_append_byte(out, '|'));
            put(out, batch->columns[c].cells[r]);
        }
        assert_true(buffer_append_byte(out, '\n'));
    }
    for (size_t i = 0; i < batch->refusal_count; i++) {
        const struct refusal *f = &batch->refusals[i];
        assert_true(buffer_appendf(
            out, "! %zu x%llu line %llu column %llu %s %s: %s raw ", f->record,
            (unsigned long long)f->weight, (unsigned long long)f->origin.line,
            (unsigned long long)f->column, f->code, f->field == NULL ? "-" : f->field, f->reason));
        put(out, f->raw);
        assert_true(buffer_append_byte(out, '\n'));
    }
}

struct run {
    const char *ingest; /* the section, as YAML */
    const char *table;  /* its first row is the header */
    const struct pseudonym_key *key;
    bool source_refusal; /* a row was refused in front of the second record */
};

static void fill_batch(struct batch *batch, const struct table *table, bool source_refusal)
{
    struct error err = ERROR_INIT;
    size_t rows = table->rows - 1;
    assert_int_equal(batch_shape(batch, table->columns, rows, true, &err), STATUS_OK);
    struct slice *raw = arena_calloc(&batch->arena, rows + 1, sizeof *raw);
    assert_non_null(raw);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < table->columns; c++)
            batch->columns[c].cells[r] = table->cells[r + 1][c];
        batch->origins[r] = (struct origin){.line = r + 2, .offset = 10 * r, .length = 10};
        raw[r] = SLICE_LITERAL("RAW");
    }
    batch->raws = raw;
    if (source_refusal) {
        const struct refusal refusal = {.record = 1,
                                        .from_source = true,
                                        .weight = 1,
                                        .origin = {.line = 99},
                                        .code = "ragged",
                                        .reason = "too short",
                                        .raw = SLICE_LITERAL("ANNA")};
        assert_int_equal(batch_add_refusal(batch, &refusal, &err), STATUS_OK);
    }
}

static enum status apply(const struct run *run, const struct field_map *map,
                         const struct table *table, struct buffer *out, struct error *err)
{
    struct field_map_worker *worker;
    struct schema fields;
    struct batch batch;
    enum status s = field_map_schema(map, &fields, err);
    if (s != STATUS_OK)
        return s;
    batch_init(&batch);
    fill_batch(&batch, table, run->source_refusal);
    assert_int_equal(field_map_worker_new(map, &worker, err), STATUS_OK);
    s = field_map_apply(map, worker, &batch, err);
    if (s == STATUS_OK) {
        assert_int_equal(batch.column_count, fields.count);
        for (size_t f = 0; f < fields.count; f++)
            assert_true(buffer_appendf(out, "%s%s:%s", f == 0 ? "" : "|", fields.fields[f].name,
                                       field_type_name(fields.fields[f].type)));
        assert_true(buffer_append_byte(out, '\n'));
        put_batch(out, &batch);
    }
    field_map_worker_free(worker);
    schema_free(&fields);
    batch_free(&batch);
    return s;
}

/* The result as text; of an error its status and text. */
static char *run_map(const struct run *run)
{
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct buffer out = BUFFER_INIT;
    struct schema schema = SCHEMA_INIT;
    struct study *study;
    struct node *node;
    static struct table table;
    static char names[1][16] = {"in.csv"};
    char *sources[] = {names[0]};
    read_table(&table, run->table);
    if (yaml_parse("s.yaml", slice_of(run->ingest), &arena, &node, &err) != STATUS_OK)
        fail_msg("%s", err.text);
    assert_int_equal(study_empty(&study, &err), STATUS_OK);
    for (size_t c = 0; c < table.columns; c++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", (int)table.cells[0][c].len,
                       table.cells[0][c].data);
        assert_int_equal(schema_add(&schema, name, FIELD_STR, NULL, &err), STATUS_OK);
    }
    const char *trim = node_text(node_child(node, "trim"));
    const char *blank = node_text(node_child(node, "blank_records"));
    const struct field_map_spec spec = {
        .fields = node_child(node, "fields"),
        .items = node_child(node, "items"),
        .missing = node_child(node, "missing"),
        .trim = trim == NULL,
        .drop_blank = blank != NULL,
        .origin = node_child(node, "origin") != NULL,
        .study = study,
        .key = run->key,
        .sources = sources,
        .source_count = 1,
    };
    struct field_map *map;
    enum status s = field_map_new(&spec, &schema, &map, &err);
    if (s == STATUS_OK)
        s = apply(run, map, &table, &out, &err);
    if (s != STATUS_OK) {
        buffer_clear(&out);
        assert_true(buffer_appendf(&out, "%d %s:%llu:%llu %s", (int)s, err.file,
                                   (unsigned long long)err.line, (unsigned long long)err.column,
                                   err.text));
    }
    field_map_free(map);
    schema_free(&schema);
    study_free(study);
    arena_free(&arena);
    return buffer_take(&out);
}

static void check(const char *ingest, const char *table, const char *want)
{
    const struct run run = {.ingest = ingest, .table = table};
    char *got = run_map(&run);
    assert_string_equal(got, want);
    free(got);
}

static void check_error(const char *ingest, const char *table, const char *part)
{
    const struct run run = {.ingest = ingest, .table = table};
    char *got = run_map(&run);
    if (got[0] != '2' || strstr(got, part) == NULL)
        fail_msg("%s: %s", ingest, got);
    free(got);
}

/* ---- types ---- */

struct typed {
    enum field_type type;
    const char *in;
    const char *want; /* "!..." a part of the reason */
};

static void canonical_values(void **state)
{
    (void)state;
    static const struct typed all[] = {
        {FIELD_STR, " a ", " a "},
        {FIELD_ID, "567588278875213824.0", "567588278875213824"},
        {FIELD_ID, "1.0.0", "1.0"},
        {FIELD_ID, "007", "007"},
        {FIELD_ID, ".0", ".0"},
        {FIELD_ID, "5.67588E+17", "!exponent"},
        {FIELD_ID, "5e17", "!exponent"},
        {FIELD_ID, "-.5e3", "!exponent"},
        {FIELD_ID, "5e", "5e"},
        {FIELD_ID, "e5", "e5"},
        {FIELD_ID, "12ab3e5", "12ab3e5"},
        {FIELD_INT, "12", "12"},
        {FIELD_INT, "+012", "12"},
        {FIELD_INT, "-0", "0"},
        {FIELD_INT, "9223372036854775807", "9223372036854775807"},
        {FIELD_INT, "9223372036854775808", "!64 bits"},
        {FIELD_INT, "12.0", "!whole number"},
        {FIELD_INT, "1,200", "!whole number"},
        {FIELD_INT, "", "!whole number"},
        {FIELD_DECIMAL, "4.50", "4.5"},
        {FIELD_DECIMAL, "4", "4"},
        {FIELD_DECIMAL, "-.5", "-0.5"},
        {FIELD_DECIMAL, "0.1234567", "!6 decimal places"},
        {FIELD_DECIMAL, "1000000000000", "!10^12"},
        {FIELD_DECIMAL, "4,5", "!decimal number"},
        {FIELD_DECIMAL, "1e3", "!decimal number"},
        {FIELD_SET, "a,b,c", "a,b,c"},
        {FIELD_SET, "b, a ,b,,c", "a,b,c"},
        {FIELD_SET, "a,a", "a"},
        {FIELD_SET, " , ", ""},
        {FIELD_SET, "", ""},
        {FIELD_SET, "B,a,\xc3\xa4,A", "A,B,a,\xc3\xa4"},
    };
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct error err = ERROR_INIT;
        struct slice in = slice_of(all[i].in);
        struct slice out = SLICE_MISSING;
        const char *reason;
        assert_int_equal(value_canonical(all[i].type, in, &arena, &out, &reason, &err), STATUS_OK);
        bool refused = all[i].want[0] == '!';
        if (refused ? reason == NULL || strstr(reason, all[i].want + 1) == NULL
                    : reason != NULL || !slice_is(out, all[i].want))
            fail_msg("%s: %.*s %s", all[i].in, (int)out.len, out.data, reason);
        if (!refused && slice_equal(in, out))
            assert_ptr_equal(in.data, out.data); /* no copy of what is canonical */
    }
    arena_free(&arena);
}

/* ---- fields ---- */

static void without_fields(void **state)
{
    (void)state;
    check("{trim: x}", "a||c\n x |NA|\n1|2|3\n", "a:str|2:str|c:str\n x |NA|\\N\n1|2|3\n");
    check("{origin: x, missing: [NA]}", "a||c\n x |NA|\n1|2|3\n",
          "a:str|2:str|c:str|origin:str\nx|\\N||in.csv:2\n1|2|3|in.csv:3\n");
    check_error("{trim: x}", "a|b|a\n1|2|3\n", "columns 1 and 3 are both called 'a'");
    check_error("{trim: x}", "a|3|\n1|2|3\n", "columns 2 and 3 are both called '3'");
}

static void columns_of_every_kind(void **state)
{
    (void)state;
    check("fields:\n"
          "  n: {column: number, type: int}\n"
          "  t: {column: [full, none, short]}\n"
          "  k: {value: twitter}\n"
          "  x: {index: 4, type: decimal}\n"
          "  u: {column: '4'}\n",
          "number|full|short|\n 07 ||b|1.50\n8|a|b| \n|||+3\n",
          "n:int|t:str|k:str|x:decimal|u:str\n"
          "7|b|twitter|1.5|1.50\n"
          "8|a|twitter|\\N|\\N\n"
          "\\N|\\N|twitter|3|+3\n");
    check_error("fields:\n  n: {column: nubmer}\n", "number|b\n1|2\n",
                "s.yaml:2:15 the input has no column 'nubmer'; did you mean 'number'?");
    check_error("fields:\n  n: {column: a}\n", "a|b|a\n1|2|3\n",
                "1 and 3 are both called 'a'; use index");
    check_error("fields:\n  n: {index: 3}\n", "a|b\n1|2\n", "index 3 is no column");
    check_error("fields:\n  n: {index: 0}\n", "a|b\n1|2\n", "index 0 is no column");
    check_error("fields:\n  n: {index: 1, column: a}\n", "a|b\n1|2\n", "one of column");
    check_error("fields:\n  n: {type: int}\n", "a|b\n1|2\n", "one of column");
    check_error("fields:\n  n: {value: x, type: int}\n", "a|b\n1|2\n", "'x' is not a whole number");
    check_error("fields:\n  n: {column: a, format: iso8601}\n", "a|b\n1|2\n",
                "for fields of type time");
    check_error("fields:\n  n: {column: a, type: time, zone: Mars}\n", "a|b\n1|2\n",
                "s.yaml:2:36 'Mars' is no such time zone");
    check_error("fields:\n  n: {column: a, type: time, format: '%Y-%m-%d'}\n", "a|b\n1|2\n",
                "zone");
    check_error("{origin: x, fields: {origin: {column: a}}}", "a|b\n1|2\n",
                "two fields are called");
}

static void bad_values_are_refused_once(void **state)
{
    (void)state;
    check("fields:\n"
          "  n: {column: n, type: int}\n"
          "  t: {column: t, type: time, format: ['%d/%m/%Y', iso8601], zone: Europe/London}\n",
          "t|n\n1/7/2015|1\n2015-02-30|2\nsoon|x\n2015-01-01 12:00Z|3\n29/3/2015|\n",
          "n:int|t:time\n"
          "1|2015-06-30T23:00:00Z\n"
          "(refused)\n"
          "(refused)\n"
          "3|2015-01-01T12:00:00Z\n"
          "\\N|2015-03-29T00:00:00Z\n"
          "! 2 x1 line 4 column 2 type n: 'x' is not a whole number raw RAW\n"
          "! 1 x1 line 3 column 1 time t: '2015-02-30' is not a date raw RAW\n");
    check_error("fields:\n  t: {column: t, type: time}\n",
                "a|t\nx|2015-01-01 12:00Z\nx|2015-01-01\n",
                "in.csv:3:2 t: '2015-01-01' has no offset");
}

static void blank_records(void **state)
{
    (void)state;
    static const char table[] = "a|b|c\n1|2|3\n |NA|x\n|| \n|2|\n";
    check("{blank_records: drop, missing: ['', NA], fields: {a: {column: a}, k: {value: v}, "
          "b: {column: b}}}",
          table, "a:str|k:str|b:str\n1|v|2\n(dropped)\n(dropped)\n\\N|v|2\n");
    check("{blank_records: drop, missing: ['', NA], fields: {k: {value: v}}}", table,
          "k:str\nv\nv\nv\nv\n");
    check("{blank_records: drop, missing: ['', NA]}", table,
          "a:str|b:str|c:str\n1|2|3\n\\N|\\N|x\n(dropped)\n\\N|2|\\N\n");
}

/* ---- items ---- */

static void items_make_records(void **state)
{
    (void)state;
    struct run run = {
        .ingest = "{fields: {id: {column: id, type: int}}, "
                  "items: {columns: [Q1..Q2, 'x..y'], name: item, value: answer}, origin: x, "
                  "blank_records: drop}",
        .table = "id|Q1|Q2|x..y|x|y\n1| a ||c|-|-\nb|a|b|c|-|-\n||||-|-\n",
        .source_refusal = true,
    };
    char *got = run_map(&run);
    assert_string_equal(got, "id:int|item:str|answer:str|origin:str\n"
                             "1|Q1|a|in.csv:2\n1|Q2|\\N|in.csv:2\n1|x..y|c|in.csv:2\n"
                             "(refused)\n(refused)\n(refused)\n"
                             "(dropped)\n(dropped)\n(dropped)\n"
                             "! 3 x3 line 99 column 0 ragged -: too short raw ANNA\n"
                             "! 3 x3 line 3 column 1 type id: 'b' is not a whole number raw RAW\n");
    free(got);
    check("{items: {columns: [b..c], name: q, value: v}}", "a|b|c\n1|2|3\n",
          "a:str|q:str|v:str\n1|b|2\n1|c|3\n");
    check_error("items: {columns: [c..b]}", "a|b|c\n1|2|3\n", "runs backwards");
    check_error("items: {columns: [a..d]}", "a|b|c\n1|2|3\n", "no column 'd'");
    check_error("items: {columns: [a..b, b]}", "a|b|c\n1|2|3\n", "'b' is an item already");
    check_error("items: {columns: []}", "a|b|c\n1|2|3\n", "items needs columns");
    check_error("{fields: {item: {column: a}}, items: {columns: [b]}}", "a|b|c\n1|2|3\n",
                "two fields are called 'item'");
}

static void labels_name_items(void **state)
{
    (void)state;
    char path[] = "/tmp/bell_labels_XXXXXX";
    char ingest[256];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char good[] = "column,label\nb,\"Was it good, really?\"\na,no item\n";
    assert_int_equal(write(fd, good, sizeof good - 1), sizeof good - 1);
    (void)snprintf(ingest, sizeof ingest, "items: {columns: [b, c], labels: %s}", path);
    check(ingest, "a|b|c\n1|2|3\n", "a:str|item:str|answer:str\n1|Was it good, really?|2\n1|c|3\n");
    assert_int_equal(write(fd, "zz,x\n", 5), 5);
    check_error(ingest, "a|b|c\n1|2|3\n", ":4:0 the input has no column 'zz'");
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    check_error(ingest, "a|b|c\n1|2|3\n", "labels_");
}

/* ---- pseudonyms ---- */

static struct pseudonym_key *make_key(void)
{
    char path[] = "/tmp/bell_key_XXXXXX";
    struct error err = ERROR_INIT;
    struct pseudonym_key *key;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char bytes[] = "0123456789abcdef0123456789abcdef";
    assert_int_equal(write(fd, bytes, 31), 31);
    assert_int_equal(pseudonym_key_read(path, &key, &err), STATUS_USAGE); /* too short */
    assert_null(key);
    assert_int_equal(write(fd, bytes + 31, 1), 1);
    static const mode_t open_modes[] = {0640, 0604, 0620, 0601, 0700, 0644};
    for (size_t i = 0; i < sizeof open_modes / sizeof open_modes[0]; i++) {
        assert_int_equal(fchmod(fd, open_modes[i]), 0);
        assert_int_equal(pseudonym_key_read(path, &key, &err), STATUS_USAGE);
        assert_non_null(strstr(err.text, "chmod 600"));
    }
    assert_int_equal(fchmod(fd, 0400), 0);
    assert_int_equal(pseudonym_key_read(path, &key, &err), STATUS_OK);
    assert_int_equal(close(fd), 0);
    assert_int_equal(unlink(path), 0);
    struct pseudonym_key *none;
    assert_int_equal(pseudonym_key_read(path, &none, &err), STATUS_USAGE);
    assert_int_equal(pseudonym_key_read("/dev/zero", &none, &err), STATUS_USAGE);
    assert_int_equal(pseudonym_key_read("/tmp", &none, &err), STATUS_USAGE);
    return key;
}

static void pseudonyms_hide_values(void **state)
{
    (void)state;
    struct pseudonym_key *key = make_key();
    struct run run = {
        .ingest = "fields:\n"
                  "  a: {column: name, pseudonym: person}\n"
                  "  b: {column: id, type: int, pseudonym: person}\n"
                  "  c: {column: name, pseudonym: other}\n"
                  "  n: {column: n, type: int}\n",
        .table = "name|id|n\n Anna |007|1\nAnna|Zoe|1\nAnna||x\n||\n",
        .key = key,
        .source_refusal = true,
    };
    char *got = run_map(&run);
    /* HMAC-SHA-256 of "person\0Anna", "person\0" "7" and "other\0Anna", made with Python. */
    assert_string_equal(got, "a:str|b:str|c:str|n:int\n"
                             "d4327e1fe66c60b8438902bac4bdd48c|43517be271e046d0eb18aa7cf0172e9a|"
                             "7fdc62948b95e939bb7c40e0a4b50a08|1\n"
                             "(refused)\n(refused)\n\\N|\\N|\\N|\\N\n"
                             "! 1 x1 line 99 column 0 ragged -: too short raw \\N\n"
                             "! 1 x1 line 3 column 2 type b: the value (not shown) is not a whole "
                             "number raw \\N\n"
                             "! 2 x1 line 4 column 3 type n: 'x' is not a whole number raw \\N\n");
    free(got);
    run.key = NULL;
    got = run_map(&run);
    assert_non_null(strstr(got, "--key-file"));
    free(got);
    run.key = key;
    run.ingest = "{fields: {a: {column: name, pseudonym: person}, b: {column: [n, name]}}}";
    got = run_map(&run);
    assert_non_null(strstr(got, "column 'name' is a pseudonym in another field"));
    free(got);
    run.ingest = "{fields: {a: {column: name, pseudonym: person}}, items: {columns: [name]}}";
    got = run_map(&run);
    assert_non_null(strstr(got, "cannot be an item"));
    free(got);
    run.ingest = "{fields: {a: {column: name, type: time, pseudonym: person}}}";
    run.table = "name\n2015-01-01\n";
    run.source_refusal = false;
    got = run_map(&run);
    assert_non_null(strstr(got, "not shown"));
    assert_null(strstr(got, "2015"));
    free(got);
    pseudonym_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_values),      cmocka_unit_test(without_fields),
        cmocka_unit_test(columns_of_every_kind), cmocka_unit_test(bad_values_are_refused_once),
        cmocka_unit_test(blank_records),         cmocka_unit_test(items_make_records),
        cmocka_unit_test(labels_name_items),     cmocka_unit_test(pseudonyms_hide_values),
    };
    return cmocka_run_group_tests_name("ingest_map", tests, NULL, NULL);
}
