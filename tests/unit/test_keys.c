/* The key table itself, and a study file made from every row of it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "study/keys.h"
#include "study/yaml.h"

static enum status check(const char *yaml, struct error *err)
{
    struct arena arena = ARENA_INIT;
    struct node *root;
    assert_int_equal(yaml_parse("s.yaml", slice_of(yaml), &arena, &root, err), STATUS_OK);
    enum status s = keys_check_study(root, err);
    arena_free(&arena);
    return s;
}

static void table_is_sound(void **state)
{
    size_t count;
    const struct key *table = keys_table(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct key *a = &table[i];
        assert_true(a->doc != NULL && a->doc[0] != '\0' && strlen(a->path) < 60);
        assert_true((a->kind == KEY_CHOICE) == (a->choices != NULL));
        if (a->kind == KEY_CHOICE && a->fallback != NULL)
            assert_true(key_choice_holds(a->choices, a->fallback));
        bool flag;
        if (a->kind == KEY_FLAG && a->fallback != NULL)
            assert_true(key_parse_flag(a->fallback, &flag));
        if (a->option != NULL)
            assert_true((a->kind == KEY_FLAG) == (a->argument == NULL));
        for (size_t j = 0; j < i; j++) {
            const struct key *b = &table[j];
            bool together =
                strcmp(a->section, b->section) == 0 || strcmp(b->section, "common") == 0;
            assert_false(strcmp(a->section, b->section) == 0 && strcmp(a->path, b->path) == 0);
            assert_false(together && a->option != NULL && b->option != NULL &&
                         strcmp(a->option, b->option) == 0);
            assert_false(together && a->letter != 0 && a->letter == b->letter);
        }
        /* A parent is a row of its own. */
        char parent[64];
        (void)strcpy(parent, a->path);
        char *dot = strrchr(parent, '.');
        if (dot != NULL) {
            *dot = '\0';
            bool items = dot - parent > 2 && strcmp(dot - 2, "[]") == 0;
            if (items)
                dot[-2] = '\0';
            const struct key *up = key_find(a->section, parent);
            assert_non_null(up);
            assert_int_equal(up->kind, items ? KEY_MAPS : KEY_MAP);
        }
    }
}

/* "population.by" may be called population-by, and "population.file" after its map. */
static bool called_after_map(const char *option, const char *path, const char *name)
{
    const char *dot = strrchr(path, '.');
    size_t len = dot == NULL ? 0 : (size_t)(dot - path);
    return len > 0 && strncmp(option, path, len) == 0 &&
           (option[len] == '\0' || (option[len] == '-' && strcmp(option + len + 1, name) == 0));
}

/* DESIGN: every long option is a key of its section, with _ for -. */
static void options_are_called_as_keys(void **state)
{
    size_t count;
    const struct key *table = keys_table(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        if (table[i].option == NULL)
            continue;
        const char *dot = strrchr(table[i].path, '.');
        char name[64];
        (void)strcpy(name, dot != NULL ? dot + 1 : table[i].path);
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? '-' : *c;
        if (!called_after_map(table[i].option, table[i].path, name))
            assert_string_equal(table[i].option, name);
    }
}

static bool is_study_section(const struct key *key)
{
    static const char *const names[] = {"ingest",   "scales", "normalize",
                                        "classify", "weight", "aggregate"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(key->section, names[i]) == 0)
            return true;
    return false;
}

/* One line of flow YAML that holds value under the key's path; "*" becomes k. */
static void write_path(struct buffer *out, const struct key *key, const char *value,
                       const char *suffix)
{
    char path[64];
    char closing[32] = "";
    (void)strcpy(path, key->path);
    assert_true(buffer_appendf(out, "{%s: ", key->section));
    for (char *part = strtok(path, "."); part != NULL;) {
        char *next = strtok(NULL, ".");
        size_t len = strlen(part);
        bool items = len > 2 && strcmp(part + len - 2, "[]") == 0;
        part[items ? len - 2 : len] = '\0';
        assert_true(buffer_appendf(out, "{%s%s: %s", strcmp(part, "*") == 0 ? "k" : part,
                                   next == NULL ? suffix : "", items ? "[" : ""));
        memmove(closing + (items ? 2 : 1), closing, strlen(closing) + 1);
        memcpy(closing, items ? "]}" : "}", items ? 2 : 1);
        part = next;
    }
    assert_true(buffer_appendf(out, "%s%s}", value, closing));
}

static enum status check_row(const struct key *key, const char *value, const char *suffix,
                             struct error *err)
{
    struct buffer text = BUFFER_INIT;
    write_path(&text, key, value, suffix);
    enum status s = check(text.data, err);
    buffer_free(&text);
    return s;
}

static const char *good_value(const struct key *key)
{
    static char word[40];
    switch (key->kind) {
    case KEY_FLAG:
        return "Yes";
    case KEY_WHOLE:
        return "12";
    case KEY_NUMBER:
        return "-0.5";
    case KEY_CHOICE:
        (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(key->choices, "|"), key->choices);
        return word;
    case KEY_LIST:
        return "[a, \"\"]";
    case KEY_MAP:
        return "{}";
    case KEY_MAPS:
        return "[{}, {}]";
    case KEY_TREE:
        return "[{a: [b]}]";
    default:
        return "a text";
    }
}

static const char *bad_value(const struct key *key)
{
    switch (key->kind) {
    case KEY_FLAG:
        return "1";
    case KEY_WHOLE:
        return "-1";
    case KEY_NUMBER:
        return "1e3";
    case KEY_CHOICE:
        return "nonsense";
    case KEY_LIST:
        return "{a: b}";
    case KEY_MAP:
        return "[a]";
    case KEY_MAPS: /* where it may be repeated, a text stands for a map */
        return (key->flags & KEY_REPEAT) != 0 ? "[[a]]" : "[a]";
    case KEY_TREE:
        return NULL;
    default:
        return "[a]";
    }
}

static void every_row_is_checked(void **state)
{
    size_t count;
    const struct key *table = keys_table(&count);
    size_t rows = 0;
    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct key *key = &table[i];
        struct error err = ERROR_INIT;
        if (!is_study_section(key))
            continue;
        rows++;
        if (check_row(key, good_value(key), "", &err) != STATUS_OK)
            fail_msg("%s.%s: %s", key->section, key->path, err.text);
        assert_int_equal(check_row(key, "", "", &err), STATUS_OK);
        if (bad_value(key) != NULL) {
            assert_int_equal(check_row(key, bad_value(key), "", &err), STATUS_USAGE);
            assert_string_equal(err.file, "s.yaml");
            assert_int_equal(err.line, 1);
            assert_true(err.column > 3);
        }
        const char *dot = strrchr(key->path, '.');
        const char *last = dot != NULL ? dot + 1 : key->path;
        if (strcmp(last, "*") == 0)
            continue;
        char wanted[80];
        (void)snprintf(wanted, sizeof wanted, "did you mean '%s'?", last);
        assert_int_equal(check_row(key, "", "q", &err), STATUS_USAGE);
        if (strstr(err.text, wanted) == NULL)
            fail_msg("%s: %s", wanted, err.text);
    }
    assert_true(rows > 60);
}

static void places_are_exact(void **state)
{
    static const struct {
        const char *yaml;
        uint64_t line;
        uint64_t column;
        const char *text;
    } cases[] = {
        {"study: x\n\ningst:\n  a: b\n", 3, 1, "unknown key 'ingst'; did you mean 'ingest'?"},
        {"ingest:\n  fields:\n    id: {colum: x}\n", 3, 10,
         "unknown key 'colum' in ingest.fields.*; did you mean 'column'?"},
        {"zzzzzzzzzzz: 1\n", 1, 1, "unknown key 'zzzzzzzzzzz'; bell-study(5) lists the keys"},
        {"ingest:\n  quoting: loose\n", 2, 12,
         "quoting must be strict, lenient or none, not 'loose'"},
        {"ingest: csv\n", 1, 9, "ingest must be a map (key: value), not a text"},
        {"ingest: {missing: [\"\", ~]}\n", 1, 24,
         "an item of missing is empty; write \"\" or \"~\" in quotes"},
        {"respond: {}\n", 1, 1,
         "section 'respond' is for bell-respond, which this version of bellpipe does not have; "
         "take the "
         "section out"},
        {"tables: {../x: {}}\n", 1, 10, NULL},
        {"tables: {a: {by: [b], evry: day}}\n", 1, 23,
         "unknown key 'evry' in aggregate; did you mean 'every'?"},
        {"tables: {a: {every: dayly}}\n", 1, 21, NULL},
        {"classify: {labels: {l: {rules: [{any: a}, {lable: b}]}}}\n", 1, 44, NULL},
        {"sample: {seed: 1}\n", 1, 1, NULL},
        {"- a\n", 1, 1, NULL},
        {"ingest: {fields: {\"*.column\": 1}}\n", 1, 31, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = ERROR_INIT;
        assert_int_equal(check(cases[i].yaml, &err), STATUS_USAGE);
        if (err.line != cases[i].line || err.column != cases[i].column)
            fail_msg("case %zu: %llu:%llu: %s", i, (unsigned long long)err.line,
                     (unsigned long long)err.column, err.text);
        if (cases[i].text != NULL)
            assert_string_equal(err.text, cases[i].text);
    }
}

static void manual_names_every_key(void **state)
{
    char *text = NULL;
    size_t len = 0;
    size_t count;
    const struct key *table = keys_table(&count);
    (void)state;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    keys_print_manual(out);
    assert_int_equal(fclose(out), 0);
    for (size_t i = 0; i < count; i++) {
        char wanted[80];
        if (!is_study_section(&table[i]))
            continue;
        (void)snprintf(wanted, sizeof wanted, ".B %s\n", table[i].path);
        assert_non_null(strstr(text, wanted));
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sound),         cmocka_unit_test(options_are_called_as_keys),
        cmocka_unit_test(every_row_is_checked),   cmocka_unit_test(places_are_exact),
        cmocka_unit_test(manual_names_every_key),
    };
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
