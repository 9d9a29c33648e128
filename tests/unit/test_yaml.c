/* The YAML reader: what it refuses and where, what it reads, flow text there and back. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "study/yaml.h"

static enum status parse(struct arena *arena, const char *text, size_t len, struct node **root,
                         struct error *err)
{
    return yaml_parse("s.yaml", (struct slice){text, len}, arena, root, err);
}

static void refuses_with_place(void **state)
{
    static const struct {
        const char *text;
        uint64_t line;
        uint64_t column;
        const char *says;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", 3, 1, "key 'a' stands here and in line 1"},
        {"x: {a: 1,\n b: 2, a: 3}\n", 2, 8, "key 'a' stands here and in line 1"},
        {"a: 1\n\"a\": 2\n", 2, 1, "stands here and in line 1"},
        {"a: &x 1\n", 1, 4, "anchors"},
        {"a: *x\n", 1, 4, "aliases"},
        {"a: [1]\n<<: {b: 1}\n", 2, 1, "merge keys"},
        {"a: !!int 1\n", 1, 4, "tags"},
        {"a: !x {}\n", 1, 4, "tags"},
        {"a: 1\n---\nb: 1\n", 2, 1, "second document"},
        {"? [a]\n: 1\n", 1, 3, "a key must be"},
        {"{{a: b}: c}\n", 1, 2, "a key must be"},
        {"a: \"x\\0y\"\n", 1, 4, "NUL"},
        {"a: b\nc: \xff\n", 2, 4, "\\xFF is no UTF-8"},
        {"a: \xc3\xa9\xc3\n", 1, 5, "is no UTF-8"},
        {"a: \x01\n", 1, 4, "\\x01 may not"},
        {"a: [1, 2\n", 2, 1, "flow sequence that began at line 1, column 4"},
        {"a: 1\n b: 2\n", 2, 3, "not allowed"},
        {"a: \"x\n", 2, 1, "quoted scalar"},
        {"a:\n\t- b\n", 2, 1, "cannot start any token"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct node *root = NULL;
        assert_int_equal(parse(&arena, cases[i].text, strlen(cases[i].text), &root, &err),
                         STATUS_USAGE);
        if (err.line != cases[i].line || err.column != cases[i].column ||
            strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: %llu:%llu: %s", i, (unsigned long long)err.line,
                     (unsigned long long)err.column, err.text);
        assert_string_equal(err.file, "s.yaml");
        assert_null(root);
        arena_free(&arena);
    }
}

static void reads_scalars_as_text(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf# c\na: no\nb: 1.10\nc: \"\"\nd: ''\ne:\nf: ~\ng: \"~\"\n"
        "h: {x: [007, \"y\"]}\n\"<<\": 1\n";
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *root;
    (void)state;
    assert_int_equal(parse(&arena, text, sizeof text - 1, &root, &err), STATUS_OK);
    assert_string_equal(node_text(node_child(root, "a")), "no");
    assert_string_equal(node_text(node_child(root, "b")), "1.10");
    assert_string_equal(node_text(node_child(root, "c")), "");
    assert_string_equal(node_text(node_child(root, "d")), "");
    assert_null(node_text(node_child(root, "e")));
    assert_null(node_text(node_child(root, "f")));
    assert_string_equal(node_text(node_child(root, "g")), "~");
    assert_string_equal(node_text(node_list_item(node_find(root, "h.x"), 0)), "007");
    assert_int_equal(node_list_count(node_find(root, "h.x")), 2);
    assert_int_equal(node_list_count(node_child(root, "a")), 1);
    assert_int_equal(node_list_count(node_child(root, "e")), 0);
    assert_int_equal(node_list_count(NULL), 0);
    assert_null(node_find(root, "h.y"));
    assert_null(node_find(root, "a.b"));
    const struct node *h = node_child(root, "h");
    assert_int_equal(h->key_line, 9);
    assert_int_equal(h->key_column, 1);
    assert_int_equal(h->column, 4);
    assert_string_equal(h->file, "s.yaml");
    arena_free(&arena);
}

static void empty_is_an_empty_map(void **state)
{
    static const char *const texts[] = {"", "\n", "# only\n", "---\n", "---\n...\n", "~"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct node *root;
        assert_int_equal(parse(&arena, texts[i], strlen(texts[i]), &root, &err), STATUS_OK);
        assert_int_equal(root->kind, NODE_MAP);
        assert_int_equal(root->count, 0);
        arena_free(&arena);
    }
}

static enum status parse_depth(int depth, struct error *err)
{
    struct arena arena = ARENA_INIT;
    struct node *root;
    char text[200];
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    enum status s = parse(&arena, text, 2 * (size_t)depth, &root, err);
    arena_free(&arena);
    return s;
}

static void depth_has_a_limit(void **state)
{
    struct error err = ERROR_INIT;
    (void)state;
    assert_int_equal(parse_depth(YAML_DEPTH_MAX, &err), STATUS_OK);
    assert_int_equal(parse_depth(YAML_DEPTH_MAX + 1, &err), STATUS_USAGE);
    assert_int_equal(err.column, YAML_DEPTH_MAX + 1);
    assert_non_null(strstr(err.text, "32 levels"));
}

static void size_has_a_limit(void **state)
{
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *root;
    char *text = malloc(YAML_BYTES_MAX + 1);
    (void)state;
    assert_non_null(text);
    memset(text, '#', YAML_BYTES_MAX + 1);
    assert_int_equal(parse(&arena, text, YAML_BYTES_MAX, &root, &err), STATUS_OK);
    assert_int_equal(parse(&arena, text, YAML_BYTES_MAX + 1, &root, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "1 MiB"));
    arena_free(&arena);
    free(text);
}

/* Each of these once took a YAML reader seconds or more; here none may take one second. */
static void hostile_texts_are_dull(void **state)
{
    static const char *const units[] = {"[",   "{",     "- ",  "? ",    "&a ",      "[a,",
                                        "a: ", "\"x\n", "!x ", "? a\n", "[],{},[]", "k: v\n"};
    char *text = malloc(YAML_BYTES_MAX);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct node *root;
        size_t n = strlen(units[i]);
        size_t len = 100000;
        for (size_t k = 0; k < len; k++)
            text[k] = units[i][k % n];
        clock_t begin = clock();
        assert_int_equal(parse(&arena, text, len, &root, &err), STATUS_USAGE);
        assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 1.0);
        arena_free(&arena);
    }
    free(text);
}

static uint64_t seed = 88172645463325252U;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % below;
}

static void random_texts_end_well(void **state)
{
    static const char bits[][6] = {"a", "b",  ": ",   "\n", "  ",          "- ", "[",  "]",
                                   "{", "}",  ",",    "\"", "'",           "#",  "|",  ">",
                                   "&", "*",  "!",    "%",  "---",         "?",  "<<", "\\",
                                   "~", "\t", "\xc3", "0",  "\xe2\x82\xac"};
    size_t good = 0;
    (void)state;
    for (int round = 0; round < 30000; round++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct node *root;
        char text[256] = "";
        size_t n = draw(24);
        for (size_t i = 0; i < n; i++)
            (void)strcat(text, bits[draw(sizeof bits / sizeof bits[0])]);
        enum status s = parse(&arena, text, strlen(text), &root, &err);
        good += s == STATUS_OK;
        if (s == STATUS_OK ? root == NULL : s != STATUS_USAGE || err.line == 0 || !err.text[0])
            fail_msg("status %d for '%s': %s", (int)s, text, err.text);
        arena_free(&arena);
    }
    assert_true(good > 1000);
}

static struct node *random_node(struct arena *arena, int depth)
{
    static const char *const texts[] = {"a",
                                        "",
                                        "~",
                                        "null",
                                        "-",
                                        "x y",
                                        "a,b",
                                        "[z",
                                        "'q",
                                        "d\"q",
                                        "back\\",
                                        "t\ta",
                                        "l\nf",
                                        "#c",
                                        ": ",
                                        "é",
                                        "1",
                                        "yes",
                                        "<<",
                                        "&a",
                                        "*b",
                                        "!t",
                                        "%d",
                                        "?",
                                        "n\xc2\x85l",
                                        "\xe2\x80\xa8",
                                        " \xe2\x80\xa9 x",
                                        "\xef\xbb\xbf",
                                        "\xc2\x80",
                                        "\xef\xbf\xbf"};
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    uint32_t kind = depth > 3 ? 0 : draw(3);
    struct node *node;
    if (kind == 0) {
        const char *text = texts[draw(TEXTS)];
        node = node_new_scalar(arena, "--x", slice_of(text), true);
    } else if (kind == 1) {
        node = node_new_list(arena, "--x");
        for (uint32_t n = draw(5); n > 0; n--)
            assert_true(node_append(arena, node, random_node(arena, depth + 1)));
    } else {
        node = node_new_map(arena, "--x");
        for (uint32_t n = draw(5); n > 0; n--)
            assert_true(node_put(arena, node, texts[draw(TEXTS)], random_node(arena, depth + 1)));
    }
    assert_non_null(node);
    return node;
}

static bool same(const struct node *a, const struct node *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == NODE_SCALAR)
        return (node_text(a) == NULL) == (node_text(b) == NULL) && strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->count; i++)
        if (!same(a->items[i], b->items[i]) ||
            (a->kind == NODE_MAP && strcmp(a->keys[i], b->keys[i]) != 0))
            return false;
    return true;
}

static void flow_text_reads_back(void **state)
{
    (void)state;
    for (int round = 0; round < 5000; round++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct buffer text = BUFFER_INIT;
        struct node *node = random_node(&arena, 0);
        struct node *back;
        if (node->kind == NODE_SCALAR) {
            arena_free(&arena);
            continue;
        }
        assert_true(yaml_write_flow(&text, node));
        if (yaml_parse_value("--x", text.data, &arena, &back, &err) != STATUS_OK)
            fail_msg("%s: %s", text.data, err.text);
        if (!same(node, back))
            fail_msg("not the same tree: %s", text.data);
        assert_int_equal(back->line, 0);
        struct node *copy = node_copy(&arena, back);
        assert_true(same(copy, back));
        buffer_free(&text);
        arena_free(&arena);
    }
}

static void copies_are_apart(void **state)
{
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *root;
    (void)state;
    assert_int_equal(parse(&arena, "a: {b: 1}\nl: [x, y, z]\n", 23, &root, &err), STATUS_OK);
    struct node *copy = node_copy(&arena, root);
    struct node *two = node_new_scalar(&arena, "--b", SLICE_LITERAL("2"), true);
    assert_true(node_put(&arena, copy->items[0], "b", two));
    assert_true(node_put(&arena, copy->items[0], "c", two));
    assert_true(node_append(&arena, copy->items[1], two));
    assert_string_equal(node_text(node_find(root, "a.b")), "1");
    assert_string_equal(node_text(node_find(copy, "a.b")), "2");
    assert_null(node_find(root, "a.c"));
    assert_int_equal(node_child(root, "l")->count, 3);
    assert_int_equal(node_child(copy, "l")->count, 4);
    assert_string_equal(node_text(node_list_item(node_child(copy, "l"), 3)), "2");
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_place),    cmocka_unit_test(reads_scalars_as_text),
        cmocka_unit_test(empty_is_an_empty_map), cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(size_has_a_limit),      cmocka_unit_test(hostile_texts_are_dull),
        cmocka_unit_test(random_texts_end_well), cmocka_unit_test(flow_text_reads_back),
        cmocka_unit_test(copies_are_apart),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
