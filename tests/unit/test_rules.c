/* Labels: what holds, what wins, what is refused, and that remembered texts do not show. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "labels/pack.h"
#include "labels/rules.h"
#include "study/yaml.h"

static uint64_t random_state = 7;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

/* ---- a run of rules over a few records ---- */

enum { FIELDS = 4 };
static const char *const field_names[FIELDS] = {"name", "bio", "followers", "text"};

struct run {
    struct arena arena;
    struct rules *rules;
    struct schema schema;
    struct rules_worker *worker;
    struct batch batch;
    struct error err;
};

static void run_make_schema(struct run *run)
{
    for (size_t f = 0; f < FIELDS; f++)
        assert_int_equal(schema_add(&run->schema, field_names[f], f == 2 ? FIELD_INT : FIELD_STR,
                                    NULL, &run->err),
                         STATUS_OK);
}

/* The status of reading labels and of opening on the four fields. */
static enum status run_open(struct run *run, const char *yaml)
{
    struct node *root;

    *run = (struct run){.rules = NULL};
    batch_init(&run->batch);
    run_make_schema(run);
    assert_int_equal(yaml_parse("rules.yaml", slice_of(yaml), &run->arena, &root, &run->err),
                     STATUS_OK);
    assert_int_equal(rules_new(&run->rules, &run->err), STATUS_OK);
    enum status s = rules_add(run->rules, root, &run->err);
    if (s == STATUS_OK)
        s = rules_open(run->rules, &run->schema, &run->err);
    if (s == STATUS_OK)
        s = rules_worker_new(run->rules, &run->worker, &run->err);
    return s;
}

static void run_close(struct run *run)
{
    rules_worker_free(run->worker);
    batch_free(&run->batch);
    rules_free(run->rules);
    schema_free(&run->schema);
    arena_free(&run->arena);
}

/* rows: FIELDS texts each, NULL for missing. */
static void run_apply(struct run *run, const char *const (*rows)[FIELDS], size_t count)
{
    batch_reset(&run->batch);
    assert_int_equal(batch_shape(&run->batch, FIELDS, count, false, &run->err), STATUS_OK);
    for (size_t r = 0; r < count; r++)
        for (size_t f = 0; f < FIELDS; f++)
            run->batch.columns[f].cells[r] = slice_of(rows[r][f]);
    enum status s = rules_apply(run->rules, run->worker, &run->batch, &run->err);
    if (s != STATUS_OK)
        fail_msg("%s", run->err.text);
    assert_int_equal(run->batch.column_count, FIELDS + rules_label_count(run->rules));
}

static const char *text_of(struct slice s)
{
    static char text[4][256];
    static unsigned turn;
    char *out = text[turn++ % 4];

    if (slice_missing(s))
        return "(missing)";
    snprintf(out, sizeof(text[0]), "%.*s", (int)s.len, s.data);
    return out;
}

static const char *cell(struct run *run, size_t label, size_t record)
{
    return text_of(batch_text(&run->batch, FIELDS + label, &run->err)[record]);
}

/* The first label of a record with these fields. */
static const char *label_of(const char *yaml, const char *name, const char *bio,
                            const char *followers, const char *text)
{
    static char value[256];
    const char *const row[1][FIELDS] = {{name, bio, followers, text}};
    struct run run;

    if (run_open(&run, yaml) != STATUS_OK)
        fail_msg("%s", run.err.text);
    run_apply(&run, row, 1);
    snprintf(value, sizeof(value), "%s",
             run.batch.fates[0] == FATE_LIVE ? cell(&run, 0, 0) : run.batch.refusals[0].code);
    run_close(&run);
    return value;
}

/* ---- tests ---- */

static const char kinds[] =
    "kind:\n"
    "  from: [name, bio]\n"
    "  rules:\n"
    "    - {label: retired, any: [retired, ex-cop, former officer]}\n"
    "    - {label: official, regex: '\\b(official|newsdesk)\\b', where: {followers: '>= 50000'}}\n"
    "    - {label: official, any: police, all: [news, desk]}\n"
    "  else: individual\n";

static void test_first_that_matches_wins(void **state)
{
    (void)state;
    assert_string_equal(label_of(kinds, "bob", "Retired official", "60000", NULL), "retired");
    assert_string_equal(label_of(kinds, "Former  officer", "", NULL, NULL), "retired");
    assert_string_equal(label_of(kinds, NULL, "an official line", "60000", NULL), "official");
    assert_string_equal(label_of(kinds, NULL, "an official line", "40000", NULL), "individual");
    assert_string_equal(label_of(kinds, NULL, "an official line", NULL, NULL), "individual");
    assert_string_equal(label_of(kinds, NULL, "an Official line", "60000", NULL), "individual");
    assert_string_equal(label_of(kinds, NULL, "an unofficial line", "60000", NULL), "individual");
    assert_string_equal(label_of(kinds, NULL, NULL, "60000", NULL), "individual");
}

static void test_parts_may_stand_in_different_fields(void **state)
{
    (void)state;
    assert_string_equal(label_of(kinds, "Police", "news desk", NULL, NULL), "official");
    assert_string_equal(label_of(kinds, "police news", "desk", NULL, NULL), "official");
    assert_string_equal(label_of(kinds, "police", "news", NULL, NULL), "individual");
    assert_string_equal(label_of(kinds, "former", "officer", NULL, NULL), "individual");
}

static void test_no_else_is_missing(void **state)
{
    static const char rules[] = "a: {from: text, rules: [{label: x, any: [y]}]}\n";
    (void)state;
    assert_string_equal(label_of(rules, NULL, NULL, NULL, "y"), "x");
    assert_string_equal(label_of(rules, NULL, NULL, NULL, "z"), "(missing)");
    assert_string_equal(label_of(rules, NULL, NULL, NULL, NULL), "(missing)");
}

static void test_sets(void **state)
{
    static const char rules[] = "a:\n"
                                "  from: text\n"
                                "  all: true\n"
                                "  rules:\n"
                                "    - {label: zeta, any: [z, zz]}\n"
                                "    - {label: alpha, regex: '^a'}\n"
                                "    - {label: zeta, regex: 'q$'}\n"
                                "    - {label: Big, where: {followers: '>= 10'}}\n";
    static const char with_else[] =
        "a: {from: text, all: yes, rules: [{label: x, any: y}], else: none}\n";
    (void)state;
    assert_string_equal(label_of(rules, NULL, NULL, "10", "a z zz q"), "Big,alpha,zeta");
    assert_string_equal(label_of(rules, NULL, NULL, "1", "a q"), "alpha,zeta");
    assert_string_equal(label_of(rules, NULL, NULL, "1", "q"), "zeta");
    assert_string_equal(label_of(rules, NULL, NULL, "1", "b"), "");
    assert_string_equal(label_of(rules, NULL, NULL, "10", NULL), "Big");
    assert_string_equal(label_of(with_else, NULL, NULL, NULL, "n"), "none");
    assert_string_equal(label_of(with_else, NULL, NULL, NULL, "y"), "x");
}

static void test_only_conditions(void **state)
{
    static const char rules[] = "reach:\n"
                                "  rules:\n"
                                "    - {label: wide, where: {followers: '>= 1000'}}\n"
                                "    - {label: some, where: {followers: '>= 10', name: bob}}\n"
                                "  else: few\n";
    (void)state;
    assert_string_equal(label_of(rules, "al", NULL, "1000", NULL), "wide");
    assert_string_equal(label_of(rules, "bob", NULL, "10", NULL), "some");
    assert_string_equal(label_of(rules, "al", NULL, "10", NULL), "few");
}

static void test_later_labels_use_earlier_ones(void **state)
{
    static const char rules[] =
        "a: {from: text, rules: [{label: hot, any: fire}], else: cold}\n"
        "b: {from: a, rules: [{label: yes, any: hot}], else: no}\n"
        "c: {from: text, rules: [{label: both, any: house, where: {b: 'yes'}}]}\n";
    static const char *const rows[][FIELDS] = {{NULL, NULL, NULL, "fire in the house"},
                                               {NULL, NULL, NULL, "a house"}};
    struct run run;
    (void)state;
    assert_int_equal(run_open(&run, rules), STATUS_OK);
    run_apply(&run, rows, 2);
    assert_string_equal(cell(&run, 0, 0), "hot");
    assert_string_equal(cell(&run, 1, 0), "yes");
    assert_string_equal(cell(&run, 2, 0), "both");
    assert_string_equal(cell(&run, 0, 1), "cold");
    assert_string_equal(cell(&run, 1, 1), "no");
    assert_string_equal(cell(&run, 2, 1), "(missing)");
    run_close(&run);
}

static void test_schema(void **state)
{
    struct run run;
    (void)state;
    assert_int_equal(run_open(&run, "a: {from: text, rules: {label: x, any: y}}\n"
                                    "b: {from: text, all: on, rules: {label: x, any: y}}\n"),
                     STATUS_OK);
    assert_int_equal(run.schema.count, FIELDS + 2);
    assert_string_equal(run.schema.fields[FIELDS].name, "a");
    assert_int_equal(run.schema.fields[FIELDS].type, FIELD_STR);
    assert_int_equal(run.schema.fields[FIELDS + 1].type, FIELD_SET);
    run_close(&run);
}

static void test_faults(void **state)
{
    static const struct {
        const char *yaml, *says;
        uint64_t line, column;
    } list[] = {
        {"a: {from: text, rules: [{label: x, any: y}]}\n"
         "text: {from: text, rules: [{label: x, any: y}]}\n",
         "field of that name", 2, 7},
        {"a:\n  from: test\n  rules: [{label: x, any: y}]\n", "'text'", 2, 9},
        {"a: {from: [], rules: [{label: x, any: y}]}\n", "from", 1, 11},
        {"a: {rules: [{label: x, any: y}]}\n", "no from", 1, 4},
        {"a: {from: text, rules: [{label: x}]}\n", "asks for nothing", 1, 25},
        {"a: {from: text, rules: [{any: x}]}\n", "no label", 1, 25},
        {"a: {from: text}\n", "no rules", 1, 4},
        {"a: {from: text, rules: []}\n", "no rules", 1, 24},
        {"a: {from: text, rules: [x]}\n", "map", 1, 25},
        {"a: text\n", "map", 1, 4},
        {"a: {from: text, rules: [{label: x, any: []}]}\n", "any", 1, 41},
        {"a: {from: text, rules: [{label: x, any: [y, \"  \"]}]}\n", "empty", 1, 45},
        {"a: {from: text, rules: [{label: x, any: [~]}]}\n", "wanted", 1, 42},
        {"a: {from: text, rules: [{label: x, any: y, where: {}}]}\n", "condition", 1, 51},
        {"a: {from: text, rules: [{label: x, regex: 'ab(c'}]}\n", "at its end", 1, 43},
        {"a: {from: text, rules: [{label: x, regex: 'a*+*b'}]}\n", "regex:", 1, 43},
        {"a: {from: text, rules: [{label: x, regex: '\\C'}]}\n", "regex:", 1, 43},
        {"a: {from: text, rules: [{label: x, regex: ''}]}\n", "pattern", 1, 43},
        {"a: {from: text, all: true, rules: [{label: 'x,y', any: y}]}\n", "comma", 1, 44},
        {"a: {from: text, all: true, rules: [{label: x, any: y}], else: 'p,q'}\n", "comma", 1, 63},
        {"a: {from: text, all: true, rules: [{label: '', any: y}]}\n", "empty", 1, 44},
        {"a: {from: text, rules: [{label: x, any: , regex: null, where: ~}]}\n", "for nothing", 1,
         25},
        {"a: {from: text, all: maybe, rules: [{label: x, any: y}]}\n", "true", 1, 22},
        {"'': {from: text, rules: [{label: x, any: y}]}\n", "empty", 1, 5},
        {"\"a\\tb\": {from: text, rules: [{label: x, any: y}]}\n", "control", 1, 9},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
        struct run run;
        if (run_open(&run, list[i].yaml) != STATUS_USAGE)
            fail_msg("taken: %s", list[i].yaml);
        if (strstr(run.err.text, list[i].says) == NULL)
            fail_msg("%s: '%s' lacks '%s'", list[i].yaml, run.err.text, list[i].says);
        if (run.err.line != list[i].line || run.err.column != list[i].column)
            fail_msg("%s: %d:%d: %s", list[i].yaml, (int)run.err.line, (int)run.err.column,
                     run.err.text);
        run_close(&run);
    }
}

static void test_regex_limit_refuses_the_record(void **state)
{
    static const char rules[] =
        "a:\n"
        "  from: text\n"
        "  rules:\n"
        "    - {label: never, any: word, regex: '^(a|aa)+$'}\n"
        "    - {label: slow, regex: '^(?:a|aa)+$'}\n"
        "  else: fine\n"
        "b:\n"
        "  from: text\n"
        "  rules:\n"
        "    - {label: rich, regex: '^(a|aa)+$', where: {followers: '> 9'}}\n";
    static const char slow[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
    static const char *const rows[][FIELDS] = {{NULL, NULL, NULL, "aaaa"},
                                               {NULL, NULL, NULL, slow},
                                               {NULL, NULL, NULL, "b"},
                                               {NULL, NULL, NULL, slow},
                                               {NULL, NULL, NULL, "\xff"}};
    struct run run;
    (void)state;
    assert_int_equal(run_open(&run, rules), STATUS_OK);
    for (int turn = 0; turn < 2; turn++) { /* the second time from memory */
        run_apply(&run, rows, 5);
        assert_string_equal(cell(&run, 0, 0), "slow");
        assert_string_equal(cell(&run, 0, 2), "fine");
        assert_int_equal(run.batch.fates[2], FATE_LIVE);
        assert_int_equal(run.batch.refusal_count, 3);
        assert_int_equal(run.batch.refusals[0].record, 1);
        assert_string_equal(run.batch.refusals[0].code, "regex");
        assert_string_equal(run.batch.refusals[0].field, "text");
        assert_non_null(strstr(run.batch.refusals[0].reason, "rules.yaml:5:28"));
        assert_int_equal(run.batch.refusals[1].record, 3);
        assert_int_equal(run.batch.refusals[2].record, 4);
        assert_string_equal(run.batch.refusals[2].code, "utf8");
    }
    run_close(&run);
}

static void test_no_labels_change_nothing(void **state)
{
    static const char *const rows[][FIELDS] = {{"a", "b", "1", "c"}};
    struct run run;
    (void)state;
    assert_int_equal(run_open(&run, ""), STATUS_OK);
    run_apply(&run, rows, 1);
    assert_int_equal(run.schema.count, FIELDS);
    run_close(&run);
}

/* ---- the memory of texts does not show ---- */

static const char *const words[] = {"red", "Green",   "blue", "red green", "x",
                                    ",",   "reddish", "\n",   "blue  red", "42"};

static const char *random_text(struct arena *arena)
{
    char text[1024] = "";
    uint32_t n = random_below(5);

    if (random_below(12) == 0)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        strcat(text, words[random_below(sizeof(words) / sizeof(*words))]);
        strcat(text, random_below(3) == 0 ? "" : " ");
    }
    if (random_below(40) == 0) { /* too long to be remembered */
        size_t len = strlen(text);
        memset(text + len, '.', 600);
        text[len + 600] = '\0';
    }
    return arena_copy(arena, text, strlen(text));
}

static const char colours[] =
    "one: {from: text, rules: [{label: r, any: red}, {label: g, regex: '[Gg]reen'}], else: n}\n"
    "two:\n"
    "  from: [text, bio]\n"
    "  all: true\n"
    "  rules:\n"
    "    - {label: red, any: [red, blue red]}\n"
    "    - {label: green, any: [green]}\n"
    "    - {label: blue, regex: 'blue'}\n"
    "    - {label: digits, regex: '\\d'}\n"
    "three:\n"
    "  from: [bio, name]\n"
    "  rules:\n"
    "    - {label: big, all: [red, green], where: {followers: '>= 5'}}\n"
    "    - {label: small, any: [x]}\n"
    "four:\n" /* a few rules of phrases alone have a way of their own */
    "  from: text\n"
    "  rules:\n"
    "    - {label: r, any: [blue red, red green]}\n"
    "    - {label: b, any: [blue, x]}\n"
    "    - {label: g, any: [green, red]}\n"
    "  else: n\n"
    "five: {from: text, rules: [{label: g, any: green}, {label: x, any: x}]}\n";

static void test_memory_does_not_show(void **state)
{
    enum { ROWS = 20000 };
    struct arena texts = ARENA_INIT;
    struct run run, fresh;
    const char *(*rows)[FIELDS] = calloc(ROWS, sizeof(*rows));
    (void)state;

    assert_non_null(rows);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t f = 0; f < FIELDS; f++)
            rows[r][f] = random_text(&texts);
        rows[r][2] = random_below(2) == 0 ? "3" : "7";
    }
    assert_int_equal(run_open(&run, colours), STATUS_OK);
    run_apply(&run, (const char *const(*)[FIELDS])rows, ROWS);
    assert_int_equal(run.batch.marked, 0);
    for (size_t r = 0; r < ROWS; r += 1 + random_below(40)) {
        assert_int_equal(run_open(&fresh, colours), STATUS_OK);
        run_apply(&fresh, (const char *const(*)[FIELDS])(rows + r), 1);
        for (size_t l = 0; l < 5; l++)
            assert_string_equal(cell(&fresh, l, 0), cell(&run, l, r));
        run_close(&fresh);
    }
    run_close(&run);
    arena_free(&texts);
    free(rows);
}

/* Texts that look alike when they are put together are not taken for each other. */
static void test_memory_of_several_fields(void **state)
{
    static const char rules[] = "a: {from: [name, bio], rules: [{label: x, any: x y}, {label: e, "
                                "regex: '^z?$'}], else: n}\n";
    static const char *const rows[][FIELDS] = {
        {"x y", "-", NULL, NULL}, {"x", " y-", NULL, NULL},    {"x ", "y-", NULL, NULL},
        {"x y", "-", NULL, NULL}, {NULL, "x", NULL, NULL},     {"", "x", NULL, NULL},
        {"x", NULL, NULL, NULL},  {"x", "", NULL, NULL},       {NULL, NULL, NULL, NULL},
        {"", "", NULL, NULL},     {"x\001y", "z", NULL, NULL}, {"x", "y\001z", NULL, NULL},
        {NULL, "x", NULL, NULL},
    };
    static const char *const want[] = {"x", "n", "n", "x", "n", "e", "n",
                                       "e", "n", "e", "e", "n", "n"};
    struct run run;
    (void)state;
    assert_int_equal(run_open(&run, rules), STATUS_OK);
    run_apply(&run, rows, 13);
    for (size_t r = 0; r < 13; r++)
        assert_string_equal(cell(&run, 0, r), want[r]);
    run_close(&run);
}

/* Turns of numbered texts, of which every `fresh`-th is new in each turn. */
static void apply_numbers(int turns, int fresh)
{
    static const char rules[] = "a: {from: text, all: true, rules: [{label: e, regex: '[02468]$'},"
                                " {label: five, any: 5}]}\n";
    enum { ROWS = 2000 };
    static char text[ROWS][32];
    static const char *rows[ROWS][FIELDS];
    struct run run;

    assert_int_equal(run_open(&run, rules), STATUS_OK);
    for (int turn = 0; turn < turns; turn++) {
        for (int r = 0; r < ROWS; r++) {
            snprintf(text[r], sizeof(text[r]), "n %d %d", r % fresh == 0 ? turn : 0, r);
            rows[r][3] = text[r];
        }
        run_apply(&run, (const char *const(*)[FIELDS])rows, ROWS);
        for (int r = 0; r < ROWS; r++) {
            bool five = r == 5 || (turn == 5 && r % fresh == 0);
            const char *want = r % 2 == 0 ? (five ? "e,five" : "e") : (five ? "five" : "");
            assert_string_equal(cell(&run, 0, (size_t)r), want);
        }
    }
    run_close(&run);
}

/* More texts than the memory holds, some coming back: it is emptied and goes on. */
static void test_memory_is_bounded(void **state)
{
    (void)state;
    apply_numbers(120, 2);
}

/* No text comes back: the memory is given up on the way. */
static void test_memory_is_given_up(void **state)
{
    (void)state;
    apply_numbers(12, 1);
}

/* ---- packs ---- */

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static enum status open_packs(struct run *run, const char *section, struct study **study)
{
    struct node *root;

    *run = (struct run){.rules = NULL};
    batch_init(&run->batch);
    run_make_schema(run);
    assert_int_equal(study_empty(study, &run->err), STATUS_OK);
    assert_int_equal(yaml_parse("study.yaml", slice_of(section), &run->arena, &root, &run->err),
                     STATUS_OK);
    assert_int_equal(rules_new(&run->rules, &run->err), STATUS_OK);
    enum status s = pack_add_labels(run->rules, *study, root, &run->arena, &run->err);
    return s == STATUS_OK ? rules_open(run->rules, &run->schema, &run->err) : s;
}

static void close_packs(struct run *run, struct study *study)
{
    run_close(run);
    study_free(study);
}

static void test_packs(void **state)
{
    static const struct {
        const char *section, *says;
    } bad[] = {
        {"packs: [test_rules_1.yaml, test_rules_2.yaml]\n", "label 'b' stands already in"},
        {"packs: test_rules_none.yaml\n", "no rule pack"},
        {"packs: test_rules_bad.yaml\n", "'lables'"},
        {"packs: test_rules_key.yaml\n", "regexp"},
    };
    struct run run;
    struct study *study;
    (void)state;

    write_file("test_rules_1.yaml", "about: one\nlabels:\n"
                                    "  a: {from: text, rules: [{label: x, any: y}]}\n"
                                    "  b: {from: text, rules: [{label: x, any: y}]}\n");
    write_file("test_rules_2.yaml", "labels: {b: {from: bio, rules: [{label: x, any: y}]}}\n");
    write_file("test_rules_bad.yaml", "lables: {}\nlabels: {}\n");
    write_file("test_rules_key.yaml", "labels: {b: {from: bio, rules: [{label: x, regexp: y}]}}\n");

    assert_int_equal(open_packs(&run,
                                "packs: [test_rules_1.yaml, test_rules_2.yaml]\n"
                                "labels: {b: {from: no, all: true, rules: {label: z, any: z}}}\n",
                                &study),
                     STATUS_USAGE); /* its own b is taken, and looks for a field `no` */
    assert_non_null(strstr(run.err.text, "'no'"));
    close_packs(&run, study);
    assert_int_equal(open_packs(&run,
                                "packs: [test_rules_1.yaml, test_rules_2.yaml]\n"
                                "labels: {b: {from: bio, all: true, rules: {label: z, any: z}}}\n",
                                &study),
                     STATUS_OK);
    assert_int_equal(run.schema.count, FIELDS + 2);
    assert_string_equal(run.schema.fields[FIELDS].name, "a");
    assert_string_equal(run.schema.fields[FIELDS + 1].name, "b");
    assert_int_equal(run.schema.fields[FIELDS + 1].type, FIELD_SET);
    close_packs(&run, study);

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        assert_int_equal(open_packs(&run, bad[i].section, &study), STATUS_USAGE);
        if (strstr(run.err.text, bad[i].says) == NULL)
            fail_msg("'%s' lacks '%s'", run.err.text, bad[i].says);
        close_packs(&run, study);
    }
    for (int i = 0; i < 4; i++) {
        static const char *const names[] = {"1", "2", "bad", "key"};
        char path[64];
        snprintf(path, sizeof(path), "test_rules_%s.yaml", names[i]);
        assert_int_equal(remove(path), 0);
    }
}

int main(void)
{
    struct error err = ERROR_INIT;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_that_matches_wins),
        cmocka_unit_test(test_parts_may_stand_in_different_fields),
        cmocka_unit_test(test_no_else_is_missing),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_only_conditions),
        cmocka_unit_test(test_later_labels_use_earlier_ones),
        cmocka_unit_test(test_schema),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_regex_limit_refuses_the_record),
        cmocka_unit_test(test_no_labels_change_nothing),
        cmocka_unit_test(test_memory_does_not_show),
        cmocka_unit_test(test_memory_of_several_fields),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_memory_is_given_up),
        cmocka_unit_test(test_packs),
    };

    if (hash_init(&err) != STATUS_OK)
        return 99;
    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
