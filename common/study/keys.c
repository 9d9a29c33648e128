#include "study/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

enum { PATTERN_MAX = 160 };

const struct key *key_find(const char *section, const char *path)
{
    size_t count;
    const struct key *table = keys_table(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].section, section) == 0 && strcmp(table[i].path, path) == 0)
            return &table[i];
    return NULL;
}

bool key_parse_flag(const char *text, bool *value)
{
    static const char *const yes[] = {"true", "yes", "on"};
    static const char *const no[] = {"false", "no", "off"};
    for (size_t i = 0; i < 3; i++) {
        if (text_equal_fold(slice_of(text), slice_of(yes[i]))) {
            *value = true;
            return true;
        }
        if (text_equal_fold(slice_of(text), slice_of(no[i]))) {
            *value = false;
            return true;
        }
    }
    return false;
}

bool key_choice_holds(const char *choices, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = choices; at != NULL;) {
        const char *bar = strchr(at, '|');
        size_t n = bar != NULL ? (size_t)(bar - at) : strlen(at);
        if (n == len && memcmp(at, word, n) == 0)
            return true;
        at = bar != NULL ? bar + 1 : NULL;
    }
    return false;
}

/* "csv, tsv, json or ndjson" */
static void spell_choices(char *out, size_t cap, const char *choices)
{
    size_t used = 0;
    out[0] = '\0';
    for (const char *at = choices; at != NULL;) {
        const char *bar = strchr(at, '|');
        size_t n = bar != NULL ? (size_t)(bar - at) : strlen(at);
        const char *join = used == 0 ? "" : bar != NULL ? ", " : " or ";
        int wrote = snprintf(out + used, cap - used, "%s%.*s", join, (int)n, at);
        used += wrote > 0 && (size_t)wrote < cap - used ? (size_t)wrote : 0;
        at = bar != NULL ? bar + 1 : NULL;
    }
}

/* What a message calls the key: its option if that is where the value is from. */
static const char *called(const struct key *key, const struct node *value)
{
    bool from_option = value->file != NULL && value->file[0] == '-' && value->line == 0;
    const char *dot = strrchr(key->path, '.');
    const char *last = dot != NULL ? dot + 1 : key->path;
    return from_option || strcmp(last, "*") == 0 ? "the value" : last;
}

static const char *kind_of(const struct node *value)
{
    return value->kind == NODE_LIST ? "a list" : value->kind == NODE_MAP ? "a map" : "a text";
}

static enum status check_scalar(const struct key *key, const struct node *value, struct error *err)
{
    const char *text = value->text;
    struct slice s = slice_of(text);
    char shown[TEXT_ESCAPED_MAX];
    char words[256];
    const char *name = called(key, value);
    bool flag;
    uint64_t whole;
    int64_t number;

    switch (key->kind) {
    case KEY_FLAG:
        if (!key_parse_flag(text, &flag))
            return node_error(value, err, "%s must be true or false, not '%s'", name,
                              text_escape(shown, s));
        return STATUS_OK;
    case KEY_WHOLE:
        if (!number_parse_u64(s, &whole) || whole > INT64_MAX)
            return node_error(value, err, "%s must be a whole number from 0, not '%s'", name,
                              text_escape(shown, s));
        return STATUS_OK;
    case KEY_NUMBER:
        if (decimal_parse(s, &number) != DECIMAL_OK)
            return node_error(value, err,
                              "%s must be a number of at most 6 decimal places, not '%s'", name,
                              text_escape(shown, s));
        return STATUS_OK;
    case KEY_CHOICE:
        if (key_choice_holds(key->choices, text))
            return STATUS_OK;
        spell_choices(words, sizeof words, key->choices);
        return node_error(value, err, "%s must be %s, not '%s'", name, words,
                          text_escape(shown, s));
    default:
        return STATUS_OK;
    }
}

static enum status check_list(const struct key *key, const struct node *value, struct error *err)
{
    const char *name = called(key, value);
    if (value->kind == NODE_MAP)
        return node_error(value, err, "%s must be a list or one text, not a map", name);
    for (size_t i = 0; i < node_list_count(value); i++) {
        const struct node *item = node_list_item(value, i);
        if (item->kind != NODE_SCALAR)
            return node_error(item, err, "an item of %s must be a text, not %s", name,
                              kind_of(item));
        if (node_text(item) == NULL)
            return node_error(item, err, "an item of %s is empty; write \"\" or \"%s\" in quotes",
                              name, item->text);
    }
    return STATUS_OK;
}

/* A text where its reader allows for one (a file's name instead of {file: NAME}). */
static bool stands_for_map(const struct key *key, const struct node *value, size_t i)
{
    return (key->flags & KEY_REPEAT) != 0 && node_text(node_list_item(value, i)) != NULL;
}

enum status key_check_value(const struct key *key, const struct node *value, struct error *err)
{
    const char *name = called(key, value);
    if (value->kind == NODE_SCALAR && node_text(value) == NULL)
        return STATUS_OK;
    switch (key->kind) {
    case KEY_TREE:
        return STATUS_OK;
    case KEY_LIST:
        return check_list(key, value, err);
    case KEY_MAP:
        if (value->kind != NODE_MAP)
            return node_error(value, err, "%s must be a map (key: value), not %s", name,
                              kind_of(value));
        return STATUS_OK;
    case KEY_MAPS:
        for (size_t i = 0; i < node_list_count(value); i++)
            if (node_list_item(value, i)->kind != NODE_MAP && !stands_for_map(key, value, i))
                return node_error(node_list_item(value, i), err,
                                  "an item of %s must be a map {key: value}, not %s", name,
                                  kind_of(node_list_item(value, i)));
        return STATUS_OK;
    default:
        if (value->kind != NODE_SCALAR)
            return node_error(value, err, "%s must be one value, not %s", name, kind_of(value));
        return check_scalar(key, value, err);
    }
}

/* The last part of a row's path if the row stands right below prefix; else NULL. */
static const char *child_part(const struct key *key, const char *section, const char *prefix)
{
    if (strcmp(key->section, section) != 0)
        return NULL;
    const char *rest = key->path;
    size_t n = strlen(prefix);
    if (n > 0) {
        if (strncmp(rest, prefix, n) != 0 || rest[n] != '.')
            return NULL;
        rest += n + 1;
    }
    return strpbrk(rest, ".[") == NULL ? rest : NULL;
}

static const struct key *find_child(const char *section, const char *prefix, const char *name)
{
    size_t count;
    const struct key *table = keys_table(&count);
    const struct key *any = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *part = child_part(&table[i], section, prefix);
        if (part == NULL)
            continue;
        if (strcmp(part, "*") == 0)
            any = &table[i];
        else if (strcmp(part, name) == 0)
            return &table[i];
    }
    return any;
}

static enum status unknown_key(const char *section, const char *prefix, const char *name,
                               const struct node *value, struct error *err)
{
    size_t count;
    const struct key *table = keys_table(&count);
    const char *names[160];
    size_t n = 0;
    for (size_t i = 0; i < count && n < sizeof names / sizeof names[0]; i++) {
        const char *part = child_part(&table[i], section, prefix);
        if (part != NULL)
            names[n++] = part;
    }
    char shown[TEXT_ESCAPED_MAX];
    char where[PATTERN_MAX + 32] = "";
    (void)text_escape(shown, slice_of(name));
    if (section[0] != '\0')
        (void)snprintf(where, sizeof where, " in %s%s%s", section, prefix[0] != '\0' ? "." : "",
                       prefix);
    const char *near = text_nearest(name, names, n);
    if (near != NULL)
        return node_key_error(value, err, "unknown key '%s'%s; did you mean '%s'?", shown, where,
                              near);
    return node_key_error(value, err, "unknown key '%s'%s; bell-study(5) lists the keys", shown,
                          where);
}

/* section and prefix say where the map stands in the table.  Depth is bounded by the table. */
static enum status check_map(const char *section, const char *prefix, const struct node *map,
                             struct error *err);

static enum status check_child(const struct key *key, const struct node *value, struct error *err)
{
    char pattern[PATTERN_MAX];
    enum status s = key_check_value(key, value, err);
    if (s != STATUS_OK)
        return s;
    if (key->kind == KEY_MAP && value->kind == NODE_MAP) {
        if (strcmp(key->section, "tables") == 0)
            return check_map("aggregate", "", value, err);
        return check_map(key->section, key->path, value, err);
    }
    if (key->kind == KEY_MAPS) {
        (void)snprintf(pattern, sizeof pattern, "%s[]", key->path);
        for (size_t i = 0; i < node_list_count(value) && s == STATUS_OK; i++)
            s = check_map(key->section, pattern, node_list_item(value, i), err);
    }
    return s;
}

static enum status check_map(const char *section, const char *prefix, const struct node *map,
                             struct error *err)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct key *key = find_child(section, prefix, map->keys[i]);
        if (key == NULL)
            return unknown_key(section, prefix, map->keys[i], map->items[i], err);
        enum status s = check_child(key, map->items[i], err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

enum status keys_check_section(const char *section, const struct node *map, struct error *err)
{
    if (map->kind == NODE_SCALAR && node_text(map) == NULL)
        return STATUS_OK;
    if (map->kind != NODE_MAP)
        return node_error(map, err, "%s must be a map (key: value), not %s", section, kind_of(map));
    return check_map(section, "", map, err);
}

/* A table's name becomes a file name. */
static enum status check_table_names(const struct node *tables, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-.";
    for (size_t i = 0; tables->kind == NODE_MAP && i < tables->count; i++) {
        const char *name = tables->keys[i];
        size_t len = strlen(name);
        char shown[TEXT_ESCAPED_MAX];
        if (len == 0 || len > 100 || strspn(name, allowed) != len || name[0] == '.' ||
            name[0] == '-')
            return node_key_error(tables->items[i], err,
                                  "'%s' cannot be the name of a table: it becomes a file name, so "
                                  "use letters, digits, _ - . and begin with a letter or digit",
                                  text_escape(shown, slice_of(name)));
    }
    return STATUS_OK;
}

enum status keys_check_study(const struct node *root, struct error *err)
{
    if (root->kind != NODE_MAP)
        return node_error(root, err, "a study file must be a map (study: ..., ingest: ...), not %s",
                          kind_of(root));
    for (size_t i = 0; i < root->count; i++) {
        const char *name = root->keys[i];
        const struct node *value = root->items[i];
        const struct key *key = key_find("", name);
        if (key == NULL)
            return unknown_key("", "", name, value, err);
        if (key->kind == KEY_LATER)
            return node_key_error(value, err,
                                  "section '%s' is %s, which this version of bellpipe does not "
                                  "have; take the section out",
                                  name, key->doc);
        enum status s = key->kind == KEY_MAP ? keys_check_section(name, value, err)
                                             : key_check_value(key, value, err);
        if (s == STATUS_OK && strcmp(name, "tables") == 0)
            s = check_table_names(value, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static void print_man_text(FILE *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\\')
            (void)fputs("\\e", out);
        else if (*c == '-')
            (void)fputs("\\-", out);
        else if (*c == '"')
            (void)fputs("\\(dq", out);
        else if (*c == '\'')
            (void)fputs("\\(aq", out);
        else
            (void)fputc(*c, out);
    }
}

static void print_row(FILE *out, const struct key *key)
{
    static const char *const kinds[] = {
        [KEY_TEXT] = "text",     [KEY_FLAG] = "true or false", [KEY_WHOLE] = "whole number",
        [KEY_NUMBER] = "number", [KEY_CHOICE] = "one of",      [KEY_LIST] = "list, or one value",
        [KEY_MAP] = "map",       [KEY_MAPS] = "list of maps",  [KEY_TREE] = "see below",
        [KEY_LATER] = "later"};
    char words[256];
    (void)fputs(".TP\n.B ", out);
    print_man_text(out, key->path);
    (void)fputs("\n", out);
    print_man_text(out, key->doc);
    size_t len = strlen(key->doc);
    (void)fprintf(out, "%s\n.br\n.RI ( ", key->doc[len - 1] == '.' ? "" : ".");
    if (key->kind == KEY_CHOICE) {
        spell_choices(words, sizeof words, key->choices);
        (void)fputs("\"", out);
        print_man_text(out, words);
        (void)fputs("\"", out);
    } else {
        (void)fprintf(out, "\"%s\"", kinds[key->kind]);
    }
    if (key->fallback != NULL) {
        (void)fputs(" \"; default \" \"", out);
        print_man_text(out, key->fallback[0] != '\0' ? key->fallback : "\"\"");
        (void)fputs("\"", out);
    }
    if (key->option != NULL) {
        (void)fputs(" \"; option \\-\\-", out);
        print_man_text(out, key->option);
        (void)fputs("\"", out);
    }
    (void)fputs(" )\n", out);
}

void keys_print_manual(FILE *out)
{
    static const char *const sections[] = {"",       "ingest",    "scales", "normalize", "classify",
                                           "weight", "aggregate", "tables", "estimate",  "plot"};
    size_t count;
    const struct key *table = keys_table(&count);
    for (size_t s = 0; s < sizeof sections / sizeof sections[0]; s++) {
        (void)fprintf(out, ".SS %s\n", sections[s][0] != '\0' ? sections[s] : "Top level");
        for (size_t i = 0; i < count; i++)
            if (strcmp(table[i].section, sections[s]) == 0 && table[i].kind != KEY_LATER)
                print_row(out, &table[i]);
    }
}
