/* bell-normalize as a stage over hand-built batches, and the parts that it is made of. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/budget.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "cli/filter.h"
#include "fields/condition.h"
#include "fields/text_form.h"
#include "fields/unique.h"
#include "study/yaml.h"

extern const struct filter filter_normalize;

static uint64_t random_state = 11;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

static int start(void **state)
{
    struct error err = ERROR_INIT;
    (void)state;
    return hash_init(&err) == STATUS_OK ? 0 : -1;
}

/* ---- a stage over a table written as text ---- */

enum { COLUMNS_MAX = 12, BATCHES_MAX = 64 };

struct run {
    struct arena arena;
    struct study *study;
    struct settings settings;
    struct stage stage;
    struct header header;
    struct budget budget;
    struct error err;
};

/* fields: "id:id time:time text" (str if no type stands there). */
static void add_fields(struct header *header, const char *fields)
{
    struct error err = ERROR_INIT;
    while (*fields != '\0') {
        size_t n = strcspn(fields, " ");
        char word[64];
        memcpy(word, fields, n);
        word[n] = '\0';
        enum field_type type = FIELD_STR;
        char *colon = strchr(word, ':');
        if (colon != NULL) {
            *colon = '\0';
            assert_true(field_type_parse(slice_of(colon + 1), &type));
        }
        assert_int_equal(schema_add(&header->schema, word, type, NULL, &err), STATUS_OK);
        fields += n + (fields[n] == ' ');
    }
}

/* Makes and opens the stage; the first status that is not STATUS_OK, with run->err. */
static enum status run_open(struct run *run, const char *yaml, const char *fields)
{
    *run = (struct run){.header = HEADER_INIT};
    struct node *root = NULL;
    assert_int_equal(yaml_parse("study.yaml", slice_of(yaml), &run->arena, &root, &run->err),
                     STATUS_OK);
    assert_int_equal(study_empty(&run->study, &run->err), STATUS_OK);
    run->settings = (struct settings){
        .program = "bell-normalize",
        .section_name = "normalize",
        .study = run->study,
        .section = root,
        .section_exists = true,
        .budget = &run->budget,
    };
    add_fields(&run->header, fields);
    enum status s = filter_normalize.make_stage(&run->settings, &run->stage, &run->err);
    if (s == STATUS_OK)
        s = run->stage.ops->open(run->stage.self, &run->header, &run->err);
    return s;
}

static void run_close(struct run *run)
{
    if (run->stage.ops != NULL)
        run->stage.ops->free(run->stage.self);
    study_free(run->study);
    header_free(&run->header);
    arena_free(&run->arena);
    assert_int_equal(run->budget.used, 0);
}

/* A cell of a row "a|b|~"; ~ is missing. */
static struct slice cell_of(const char *row, size_t column)
{
    while (column > 0) {
        row += strcspn(row, "|");
        assert_int_equal(*row, '|');
        row++;
        column--;
    }
    struct slice cell = {row, strcspn(row, "|")};
    return slice_is(cell, "~") ? SLICE_MISSING : cell;
}

static void fill(struct batch *batch, const char *const *rows, size_t count, size_t columns)
{
    struct error err = ERROR_INIT;
    batch_init(batch);
    assert_int_equal(batch_shape(batch, columns, count, false, &err), STATUS_OK);
    for (size_t c = 0; c < columns; c++)
        for (size_t r = 0; r < count; r++)
            assert_true(batch_store(batch, cell_of(rows[r], c), &batch->columns[c].cells[r]));
}

static void show(struct buffer *out, struct batch *batch)
{
    struct error err = ERROR_INIT;
    for (size_t r = 0; r < batch->record_count; r++) {
        if (batch->fates[r] == FATE_DROPPED) {
            assert_true(buffer_append_text(out, "-\n"));
            continue;
        }
        if (batch->fates[r] == FATE_REFUSED) {
            size_t i = 0;
            while (batch->refusals[i].record != r)
                i++;
            assert_true(buffer_appendf(out, "%s%s %s: %s\n", batch->refusals[i].code,
                                       batch->refusals[i].fatal ? "!" : "",
                                       batch->refusals[i].field, batch->refusals[i].reason));
            continue;
        }
        for (size_t c = 0; c < batch->column_count; c++) {
            struct slice cell = batch_text(batch, c, &err)[r];
            assert_true(buffer_append_text(out, c == 0 ? "" : "|"));
            assert_true(slice_missing(cell) ? buffer_append_text(out, "~")
                                            : buffer_append_slice(out, cell));
        }
        assert_true(buffer_append_byte(out, '\n'));
    }
}

/* Cuts the rows into batches of that many, processes them from last to first with two workers
 * in turn, orders them from first to last. */
static enum status run_rows(struct run *run, const char *const *rows, size_t count, size_t cut,
                            size_t columns, struct buffer *out)
{
    static struct batch batches[BATCHES_MAX];
    const struct stage_ops *ops = run->stage.ops;
    void *self = run->stage.self;
    void *workers[2] = {NULL, NULL};
    size_t n = (count + cut - 1) / cut;
    assert_true(n <= BATCHES_MAX);
    for (size_t w = 0; w < 2; w++)
        assert_int_equal(ops->worker_new(self, &workers[w], &run->err), STATUS_OK);
    for (size_t b = 0; b < n; b++)
        fill(&batches[b], rows + b * cut, b + 1 < n ? cut : count - b * cut, columns);
    enum status s = STATUS_OK;
    for (size_t b = n; s == STATUS_OK && b-- > 0;)
        s = ops->process(self, workers[b % 2], &batches[b], &run->err);
    for (size_t b = 0; s == STATUS_OK && b < n; b++)
        s = ops->order(self, &batches[b], &run->err);
    for (size_t b = 0; b < n; b++) {
        if (s == STATUS_OK)
            show(out, &batches[b]);
        batch_free(&batches[b]);
    }
    for (size_t w = 0; w < 2; w++)
        ops->worker_free(self, workers[w]);
    return s;
}

static void check(const char *yaml, const char *fields, const char *const *rows, size_t count,
                  const char *meant)
{
    for (size_t cut = 1; cut <= 5; cut++) {
        struct run run;
        struct buffer out = BUFFER_INIT;
        enum status s = run_open(&run, yaml, fields);
        if (s != STATUS_OK)
            print_error("%s\n", run.err.text);
        assert_int_equal(s, STATUS_OK);
        size_t columns = 1;
        for (const char *c = rows[0]; *c != '\0'; c++)
            columns += *c == '|';
        assert_int_equal(run_rows(&run, rows, count, cut, columns, &out), STATUS_OK);
        assert_string_equal(out.data, meant);
        buffer_free(&out);
        run_close(&run);
    }
}

#define CHECK(yaml, fields, meant, ...)                                                            \
    do {                                                                                           \
        static const char *const rows[] = {__VA_ARGS__};                                           \
        check(yaml, fields, rows, sizeof rows / sizeof rows[0], meant);                            \
    } while (0)

static void check_refused(const char *yaml, const char *fields, uint64_t line, const char *meant)
{
    struct run run;
    assert_int_equal(run_open(&run, yaml, fields), STATUS_USAGE);
    assert_string_equal(run.err.text, meant);
    if (line != 0) {
        assert_string_equal(run.err.file, "study.yaml");
        assert_int_equal(run.err.line, line);
    }
    run_close(&run);
}

/* ---- text ---- */

static void nothing_to_do(void **state)
{
    (void)state;
    CHECK("", "a b", "1|~\n|x\n", "1|~", "|x");
}

static void text_is_brought_to_one_form(void **state)
{
    (void)state;
    CHECK("nfc: [text]\n", "text other", "\xC3\xA9|e\xCC\x81\nabc|A\n~|~\n", "e\xCC\x81|e\xCC\x81",
          "abc|A", "~|~");
    CHECK("case: {a: fold, b: lower, c: upper}\n", "a b c",
          "twitter|twitter|TWITTER\nstrasse \xCF\x83|\xC3\xA9\xC3\x9F|\xC3\x89\xE1\xBA\x9E\n"
          "~|~|~\n",
          "TwitTer|TwitTer|TwitTer",
          "Stra\xC3\x9F"
          "e \xCF\x82|\xC3\x89\xC3\x9F|\xC3\xA9\xC3\x9F",
          "~|~|~");
    CHECK("nfc: a\ncase: {a: fold}\nalias: {a: {fb: facebook, \"\": none, old: \"\"}}\n", "a",
          "facebook\nnone\n~\nfbi\n~\n", "FB", "", "old", "FBI", "~");
}

static void text_that_is_not_utf8(void **state)
{
    (void)state;
    CHECK("nfc: [a]\nunique: a\n", "a",
          "utf8 a: byte \\xE9 is not UTF-8\nutf8 a: byte \\xE9 is not UTF-8\nx\n", "\xE9", "\xE9",
          "x");
    CHECK("case: {a: fold}\n", "a", "utf8 a: byte \\xE9 is not UTF-8\n", "x\xE9");
    CHECK("case: {a: upper}\n", "a", "utf8 a: byte \\xE9 is not UTF-8\n", "x\xE9");
}

/* Marks that change places when sorted would take quadratic time in any number. */
static void towers_of_marks_are_refused(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct slice out;
    size_t length = 2 * 2 * 1000 * 1000;
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < length; i += 4)
        memcpy(text + i, "\xCC\x81\xCC\xA3", 4);
    assert_int_equal(text_form_nfc(&arena, (struct slice){text, length}, &out, &err), STATUS_DATA);
    assert_int_equal(text_form_nfc(&arena, (struct slice){text, 400}, &out, &err), STATUS_OK);
    assert_true(out.data != text);
    free(text);
    arena_free(&arena);
}

static void fields_that_do_not_fit(void **state)
{
    (void)state;
    check_refused("nfc: [texd]\n", "text", 1, "no field 'texd'; did you mean 'text'?");
    check_refused("\ncase: {n: fold}\n", "n:int", 2,
                  "field n is int; its text cannot be changed (only str and id)");
    check_refused("case: {a: title}\n", "a", 1, "case is fold, lower or upper");
    check_refused("alias: {tags: {a: b}}\n", "tags:set", 1,
                  "field tags is set; its text cannot be changed (only str and id)");
    check_refused("unique: [a, c]\n", "a bb", 1, "no field 'c'; the records have 2 fields");
}

/* ---- duplicates ---- */

static void the_first_of_its_kind_is_kept(void **state)
{
    (void)state;
    CHECK("unique: id\n", "id x", "1|a\n2|b\n-\n~|d\n~|d\n|f\n-\n", "1|a", "2|b", "1|c", "~|d",
          "~|d", "|f", "|g");
    CHECK("unique: [a, b]\n", "a b", "ab|c\na|bc\n-\na|~\na|~\n", "ab|c", "a|bc", "ab|c", "a|~",
          "a|~");
    CHECK("unique: all\n", "a b", "a|~\n-\na|\n~|a\n~|~\n-\n", "a|~", "a|~", "a|", "~|a", "~|~",
          "~|~");
    CHECK("unique: all\n", "a origin", "x|f:1\n-\n", "x|f:1", "x|f:2");
    CHECK("alias: {a: {x: y}}\nunique: a\n", "a", "y\n-\n", "x", "y");
}

static void the_key_stands_in_the_header(void **state)
{
    (void)state;
    struct run run;
    assert_int_equal(run_open(&run, "unique: [a, b]\n", "a b"), STATUS_OK);
    assert_string_equal(header_line(&run.header, "unique"), "a,b");
    run_close(&run);
    assert_int_equal(run_open(&run, "unique: all\n", "a b"), STATUS_OK);
    assert_string_equal(header_line(&run.header, "unique"), "all");
    run_close(&run);
    assert_int_equal(run_open(&run, "nfc: a\n", "a b"), STATUS_OK);
    assert_null(header_line(&run.header, "unique"));
    run_close(&run);
}

/* Duplicates are looked for before conditions and scores: the first counts even if it goes. */
static void duplicates_come_before_conditions_and_scores(void **state)
{
    (void)state;
    CHECK("unique: id\nkeep: [{n: \">= 5\"}]\n", "id n:int", "-\n-\nb|7\n", "a|1", "a|9", "b|7");
    CHECK("unique: id\nscore: {from: v, scale: stars5, unknown: reject}\n", "id v",
          "scale v: '9' is not on scale stars5\n-\nb|3|3|stars5|~\n-\n", "a|9", "a|9", "b|3",
          "b|zzz");
}

static void unique_agrees_with_a_plain_search(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        enum { ROWS = 60 };
        char text[ROWS][16];
        const char *rows[ROWS];
        struct buffer meant = BUFFER_INIT;
        struct buffer out = BUFFER_INIT;
        for (size_t r = 0; r < ROWS; r++) {
            (void)snprintf(text[r], sizeof text[r], "%c%.*s|%.*s%c", "ab~"[random_below(3)],
                           (int)random_below(2), "b", (int)random_below(2), "b",
                           "bcd"[random_below(3)]);
            if (text[r][0] == '~')
                memmove(text[r] + 1, strchr(text[r], '|'), strlen(strchr(text[r], '|')) + 1);
            rows[r] = text[r];
            bool seen = false;
            for (size_t e = 0; text[r][0] != '~' && e < r; e++)
                seen = seen || strcmp(text[e], text[r]) == 0;
            assert_true(buffer_appendf(&meant, "%s\n", seen ? "-" : text[r]));
        }
        struct run run;
        assert_int_equal(run_open(&run, "unique: [a, b]\n", "a b"), STATUS_OK);
        assert_int_equal(run_rows(&run, rows, ROWS, 1 + random_below(20), 2, &out), STATUS_OK);
        assert_string_equal(out.data, meant.data);
        run_close(&run);
        buffer_free(&out);
        buffer_free(&meant);
    }
}

static void many_keys_and_a_limit_of_memory(void **state)
{
    (void)state;
    struct budget budget = {.limit = UINT64_C(8) << 20};
    struct unique unique;
    struct buffer scratch = BUFFER_INIT;
    struct error err = ERROR_INIT;
    unique_init(&unique, &budget);
    enum status s = STATUS_OK;
    size_t added = 0;
    for (uint32_t i = 0; s == STATUS_OK && i < 1000000; i++) {
        struct slice part = {(const char *)&i, sizeof i};
        struct hash128 hash;
        bool seen = true;
        assert_true(unique_hash(&part, 1, &scratch, &hash));
        s = unique_add(&unique, hash, &seen, &err);
        if (s != STATUS_OK)
            break;
        assert_false(seen);
        added++;
        if (i % 1000 == 0) {
            assert_int_equal(unique_add(&unique, hash, &seen, &err), STATUS_OK);
            assert_true(seen);
        }
    }
    assert_int_equal(s, STATUS_IO);
    assert_non_null(strstr(err.text, "keys of unique"));
    assert_true(added > 150000);
    unique_free(&unique);
    assert_int_equal(budget.used, 0);
    buffer_free(&scratch);
}

/* ---- conditions ---- */

static void conditions_on_texts(void **state)
{
    (void)state;
    CHECK("keep: [{p: [twitter, facebook]}]\n", "p", "twitter\n-\n-\nfacebook\n-\n", "twitter", "~",
          "Twitter", "facebook", "");
    CHECK("keep: [{p: \"!= twitter\"}]\n", "p", "-\n-\nx\n\n", "twitter", "~", "x", "");
    CHECK("keep: [{p: \"\"}]\n", "p", "~\n\n-\n", "~", "", "x");
    CHECK("keep: [{p: \"!=\"}]\n", "p", "-\n-\nx\n", "~", "", "x");
    CHECK("keep: [{p: [\"\", x]}]\n", "p", "~\nx\n-\n", "~", "x", "y");
    CHECK("keep: [{s: b}, {s: \"!= c\"}]\n", "s:set", "a,b\n-\n-\nb\n-\n-\n", "a,b", "b,c", "bb",
          "b", "", "~");
    CHECK("keep: \"p = twitter\"\n", "p", "twitter\n-\n", "twitter", "x");
    CHECK("keep: [\"p!=x\", {q: y}]\n", "p q", "-\na|y\n-\n", "x|y", "a|y", "a|z");
}

static void conditions_on_numbers(void **state)
{
    (void)state;
    CHECK("keep: [{n: \">= 100\"}]\n", "n:int", "-\n100\n1000\n-\n-\n", "99", "100", "1000", "~",
          "x");
    CHECK("keep: [{n: [\"< 0.5\", \"= 2\", \"> 10.25\"]}]\n", "n:decimal",
          "0.499999\n-\n2.0\n-\n10.250001\n-\n", "0.499999", "0.5", "2.0", "10.25", "10.250001",
          "~");
    CHECK("keep: [{n: 9223372036854775807}]\n", "n:int", "9223372036854775807\n-\n",
          "9223372036854775807", "9223372036854775806");
    CHECK("keep: [{n: \"<= -3\", m: \"!= 1\"}]\n", "n:int m:int", "-3|2\n-\n-\n-4|0\n", "-3|2",
          "-3|1", "-2|2", "-4|0");
}

static void conditions_on_times(void **state)
{
    (void)state;
    CHECK("since: 2015-02-24\nuntil: \"2015-02-25\"\n", "time:time",
          "-\n2015-02-24T00:00:00Z\n2015-02-24T23:59:59.999Z\n-\n-\n", "2015-02-23T23:59:59Z",
          "2015-02-24T00:00:00Z", "2015-02-24T23:59:59.999Z", "2015-02-25T00:00:00Z", "~");
    CHECK("since: \"2015-02-24T01:00:00.5+01:00\"\n", "time:time",
          "-\n-\n2015-02-24T00:00:00.5Z\n2015-02-24T00:00:00.500000001Z\n",
          "2015-02-24T00:00:00.4999Z", "2015-02-24T00:00:00Z", "2015-02-24T00:00:00.5Z",
          "2015-02-24T00:00:00.500000001Z");
    CHECK("keep: [{t: \"!= 2015-02-24\"}]\n", "t:time", "-\n2015-02-24T00:00:01Z\n",
          "2015-02-24T00:00:00Z", "2015-02-24T00:00:01Z");
}

static void conditions_that_are_wrong(void **state)
{
    (void)state;
    check_refused("keep: [{nunber: 1}]\n", "number:int x", 1,
                  "no field 'nunber'; did you mean 'number'?");
    check_refused("keep:\n  - {n: many}\n", "n:int", 2,
                  "'many' is not a number, but field n is int");
    check_refused("keep: [{n: \">= 5\"}]\n", "n", 1,
                  "field n is str, and only int, decimal and time can be compared with < <= > >=; "
                  "give it a type in ingest.fields");
    check_refused("keep: [{t: \"> 2015-02-30\"}]\n", "t:time", 1,
                  "'2015-02-30' is not a time; write 2015-02-24 or 2015-02-24T19:35:52Z");
    check_refused("since: noon\n", "time:time", 1,
                  "'noon' is not a time; write 2015-02-24 or 2015-02-24T19:35:52Z");
    check_refused("keep: [{n: \">\"}]\n", "n:int", 1,
                  "a value is wanted behind the sign, as in \">= 100\"");
    check_refused("keep: [{n: []}]\n", "n", 1, "the list of values is empty: no record could hold");
    check_refused("keep: [{n: ~}]\n", "n", 1, "a value is wanted; for a missing one write \"\"");
    check_refused("keep:\n  - {p: [\"!= a\", \"!= b\"]}\n", "p", 2,
                  "one of several != always holds; write each in a map of its own: "
                  "[{p: \"!= a\"}, {p: \"!= b\"}]");
    check_refused("keep: twitter\n", "n", 1,
                  "'twitter' is no condition; write FIELD=VALUE, or != < <= > >= for =");
}

/* ---- scores ---- */

static void answers_become_scores(void **state)
{
    (void)state;
    CHECK("score: {from: v, scale: sentiment3}\n", "v",
          "negative|-1|sentiment3|~\n neutral |0|sentiment3|~\npositive|1|sentiment3|~\n"
          "1|1|sentiment3|~\n~|~|sentiment3|missing\n"
          "scale! v: 'posative' is not on scale sentiment3\n",
          "negative", " neutral ", "positive", "1", "~", "posative");
    CHECK("score: {from: v, range: [0.5, 5], step: 0.5, unknown: missing}\n", "v",
          "0.5|0.5|0.5..5/0.5|~\n4.50|4.5|0.5..5/0.5|~\n4.2|~|0.5..5/0.5|off_scale\n"
          "|~|0.5..5/0.5|off_scale\n",
          "0.5", "4.50", "4.2", "");
    CHECK("score: {from: v, range: [1, 5], reverse: true, unknown: reject}\n", "v",
          "1|5|1..5|~\n4.25|1.75|1..5|~\nscale v: '6' is not on scale 1..5\n", "1", "4.25", "6");
}

static void the_scale_may_depend_on_a_field(void **state)
{
    (void)state;
    static const char yaml[] =
        "score: {from: v, by: p, scales: {fb: stars5, tw: nps}, unknown: %s}\n";
    static const char *const rows[] = {"4|fb", "10|tw", "10|fb", "4|x", "4|~", "~|x", "~|tw"};
    char text[128];
    (void)snprintf(text, sizeof text, yaml, "missing");
    check(text, "v p", rows, 7,
          "4|fb|4|stars5|~\n10|tw|10|nps|~\n10|fb|~|stars5|off_scale\n4|x|~|~|off_scale\n"
          "4|~|~|~|off_scale\n~|x|~|~|missing\n~|tw|~|nps|missing\n");
    (void)snprintf(text, sizeof text, yaml, "reject");
    check(text, "v p", rows, 7,
          "4|fb|4|stars5|~\n10|tw|10|nps|~\nscale v: '10' is not on scale stars5\n"
          "scale p: 'x' has no scale under score.scales\n"
          "scale p: missing, so that no scale is chosen\n~|x|~|~|missing\n~|tw|~|nps|missing\n");
}

static void scales_stand_in_the_header(void **state)
{
    (void)state;
    struct run run;
    assert_int_equal(
        run_open(&run, "score: {from: v, by: p, scales: {a: nps, b: nps, c: stars5}}\n", "v p"),
        STATUS_OK);
    size_t lines = 0;
    for (size_t i = 0; i < run.header.line_count; i++)
        lines += strcmp(run.header.lines[i].kind, "scale") == 0;
    assert_int_equal(lines, 2);
    assert_true(header_has_line(&run.header, "scale", "stars5\tmin=1\tmax=5\tpoints=1,2,3,4,5"));
    assert_int_equal(run.header.schema.count, 5);
    assert_string_equal(run.header.schema.fields[2].name, "score");
    assert_int_equal(run.header.schema.fields[2].type, FIELD_DECIMAL);
    assert_string_equal(run.header.schema.fields[3].name, "scale");
    assert_string_equal(run.header.schema.fields[4].name, "unscored");
    run_close(&run);
}

/* More distinct answers than are remembered, seen again and again over several batches. */
static void what_is_remembered_does_not_show(void **state)
{
    (void)state;
    enum { ROWS = 12000 };
    char(*text)[16] = calloc(ROWS, sizeof *text);
    const char **rows = calloc(ROWS, sizeof *rows);
    struct buffer meant = BUFFER_INIT;
    struct buffer out = BUFFER_INIT;
    assert_true(text != NULL && rows != NULL);
    for (size_t r = 0; r < ROWS; r++) {
        uint32_t value = random_below(6000);
        (void)snprintf(text[r], sizeof text[r], "%u", value);
        rows[r] = text[r];
        if (value <= 5500)
            assert_true(buffer_appendf(&meant, "%u|%u|0..5500|~\n", value, value));
        else
            assert_true(buffer_appendf(&meant, "%u|~|0..5500|off_scale\n", value));
    }
    struct run run;
    assert_int_equal(run_open(&run, "score: {from: v, range: [0, 5500], unknown: missing}\n", "v"),
                     STATUS_OK);
    assert_int_equal(run_rows(&run, rows, ROWS, 500, 1, &out), STATUS_OK);
    assert_string_equal(out.data, meant.data);
    run_close(&run);
    buffer_free(&out);
    buffer_free(&meant);
    free(text);
    free(rows);
}

/* A worker outlives its batches: no cell may lie in one that was emptied. */
static void no_cell_lies_in_an_earlier_batch(void **state)
{
    (void)state;
    struct run run;
    void *worker = NULL;
    struct batch batch;
    batch_init(&batch);
    assert_int_equal(run_open(&run, "score: {from: v, range: [1, 5]}\n", "v"), STATUS_OK);
    assert_int_equal(run.stage.ops->worker_new(run.stage.self, &worker, &run.err), STATUS_OK);
    for (size_t round = 0; round < 3; round++) {
        batch_reset(&batch);
        /* The second time other bytes stand where the score of the first was. */
        char *filler = arena_alloc(&batch.arena, 4096 * round + 1);
        assert_non_null(filler);
        memset(filler, '#', 4096 * round + 1);
        assert_int_equal(batch_shape(&batch, 1, 1, false, &run.err), STATUS_OK);
        batch.columns[0].cells[0] = SLICE_LITERAL("4.50");
        assert_int_equal(run.stage.ops->process(run.stage.self, worker, &batch, &run.err),
                         STATUS_OK);
        memset(filler, '#', 4096 * round + 1);
        assert_true(slice_is(batch_text(&batch, 1, &run.err)[0], "4.5"));
    }
    run.stage.ops->worker_free(run.stage.self, worker);
    batch_free(&batch);
    run_close(&run);
}

/* What is empty, or says no, contradicts nothing. */
static void keys_with_nothing_behind_them(void **state)
{
    (void)state;
    CHECK("score: {from: v, scale: , range: [1, 5], by: ~, scales: null, unknown: }\n", "v",
          "2|2|1..5|~\n", "2");
    CHECK("score: {from: v, scale: stars5, range: , step: , reverse: no}\n", "v", "2|2|stars5|~\n",
          "2");
}

static void bounds_of_time(void **state)
{
    (void)state;
    CHECK("since: \"2015-02-24T10:00:00,5Z\"\n", "time:time", "-\n2015-02-24T10:00:00.5Z\n",
          "2015-02-24T10:00:00.4Z", "2015-02-24T10:00:00.5Z");
    check_refused("since: 2015-02-24\nuntil: 2014-02-24\n", "time:time", 2,
                  "until is before since: no record can be kept");
}

static void many_scales_are_found(void **state)
{
    struct buffer yaml = BUFFER_INIT;
    (void)state;
    assert_true(buffer_append_text(&yaml, "score: {from: v, by: p, unknown: missing, scales: {"));
    for (int i = 0; i < 3000; i++)
        assert_true(buffer_appendf(&yaml, "p%d: %s, ", i, i % 2 == 0 ? "stars5" : "nps"));
    assert_true(buffer_append_text(&yaml, "}}\n"));
    CHECK(yaml.data, "v p",
          "5|p0|5|stars5|~\n10|p2999|10|nps|~\n7|p2998|~|stars5|off_scale\n"
          "1|p3000|~|~|off_scale\n1|~|~|~|off_scale\n",
          "5|p0", "10|p2999", "7|p2998", "1|p3000", "1|~");
    buffer_free(&yaml);
}

static void scores_that_are_wrong(void **state)
{
    (void)state;
    check_refused("score: {scale: nps}\n", "v", 1,
                  "score has no from: name the field that holds the answer, as in from: rating or "
                  "--from=rating");
    check_refused("score: {from: v}\n", "v", 1,
                  "score has no scale; name one (scale: stars5) or give its range (range: [1, 5])");
    check_refused("score: {from: v, scale: nps, range: [1, 5]}\n", "v", 1,
                  "score has both scale and range; keep one");
    check_refused("score: {from: v, scales: {a: nps}}\n", "v", 1,
                  "scales without by: the field that chooses is not named");
    check_refused("score: {from: v, by: p, scale: nps}\n", "v p", 1,
                  "by goes with scales, not with scale");
    check_refused("score: {from: v, by: p}\n", "v p", 1,
                  "by without scales: say which value has which scale");
    check_refused("score: {from: v, scale: nps, reverse: true}\n", "v", 1,
                  "reverse goes with range, not with scale; make a reversed scale under scales of "
                  "the study");
    check_refused("score: {from: v, by: p, scales: {a: nps}, step: 1}\n", "v p", 1,
                  "step goes with range, not with scales; give the scale a step under scales of "
                  "the study");
    check_refused("score: {from: w, scale: nps}\n", "v", 1, "no field 'w'; the only field is 'v'");
    check_refused("score: {from: score, scale: nps}\n", "score", 0,
                  "the records have a field 'score' already; call it otherwise in ingest.fields, "
                  "since scoring adds one of that name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(text_is_brought_to_one_form),
        cmocka_unit_test(text_that_is_not_utf8),
        cmocka_unit_test(towers_of_marks_are_refused),
        cmocka_unit_test(fields_that_do_not_fit),
        cmocka_unit_test(the_first_of_its_kind_is_kept),
        cmocka_unit_test(the_key_stands_in_the_header),
        cmocka_unit_test(duplicates_come_before_conditions_and_scores),
        cmocka_unit_test(unique_agrees_with_a_plain_search),
        cmocka_unit_test(many_keys_and_a_limit_of_memory),
        cmocka_unit_test(conditions_on_texts),
        cmocka_unit_test(conditions_on_numbers),
        cmocka_unit_test(conditions_on_times),
        cmocka_unit_test(conditions_that_are_wrong),
        cmocka_unit_test(answers_become_scores),
        cmocka_unit_test(the_scale_may_depend_on_a_field),
        cmocka_unit_test(scales_stand_in_the_header),
        cmocka_unit_test(what_is_remembered_does_not_show),
        cmocka_unit_test(no_cell_lies_in_an_earlier_batch),
        cmocka_unit_test(scores_that_are_wrong),
        cmocka_unit_test(keys_with_nothing_behind_them),
        cmocka_unit_test(bounds_of_time),
        cmocka_unit_test(many_scales_are_found),
    };
    return cmocka_run_group_tests_name("normalize", tests, start, NULL);
}
