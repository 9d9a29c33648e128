#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/command_line.h"
#include "study/keys.h"
#include "study/yaml.h"

/* What settings_free() has to find again. */
struct owner {
    struct settings settings;
    struct arena arena;
    struct study *study; /* NULL: somebody else's */
};

struct parse {
    struct command_line line;
    struct owner *owner;
    struct error *err;
};

/* `bell run` names its study as an operand. */
static bool takes_study(const struct command_line *line)
{
    for (size_t i = 0; i < line->row_count; i++)
        if (strcmp(line->rows[i]->path, "study") == 0)
            return true;
    return false;
}

static enum status open_study(struct parse *p, const struct study *shared)
{
    struct settings *settings = &p->owner->settings;
    const char *path = command_line_last(&p->line, "study");
    if (path == NULL && settings->common.check_study && takes_study(&p->line))
        return error_set(p->err, STATUS_USAGE, "--check-study needs --study=FILE");
    if (path != NULL && shared != NULL && shared->path != NULL && strcmp(shared->path, path) == 0) {
        settings->study = shared;
        return STATUS_OK;
    }
    enum status s = path != NULL ? study_open(path, &p->owner->study, p->err)
                                 : study_empty(&p->owner->study, p->err);
    settings->study = p->owner->study;
    return s;
}

/* Splits at commas; what begins with "[" is YAML. */
static enum status list_value(struct parse *p, const struct given *given, const char *file,
                              struct node **value)
{
    struct arena *arena = &p->owner->arena;
    struct slice rest = slice_of(given->value);
    struct slice trimmed = slice_trim(rest);
    if (trimmed.len > 0 && (trimmed.data[0] == '[' || trimmed.data[0] == '{'))
        return yaml_parse_value(file, given->value, arena, value, p->err);
    *value = node_new_list(arena, file);
    if (*value == NULL)
        return error_no_memory(p->err);
    if (rest.len == 0 && (given->key->flags & KEY_BLANKS) == 0)
        return STATUS_OK;
    for (bool more = true; more;) {
        const char *comma = memchr(rest.data, ',', rest.len);
        struct slice part = {rest.data, comma != NULL ? (size_t)(comma - rest.data) : rest.len};
        struct node *item = node_new_scalar(arena, file, part, true);
        if (item == NULL || !node_append(arena, *value, item))
            return error_no_memory(p->err);
        more = comma != NULL;
        rest.data += part.len + (more ? 1 : 0);
        rest.len -= part.len + (more ? 1 : 0);
    }
    return STATUS_OK;
}

/* A list of one: a text, or the YAML that begins with "[" or "{". */
static enum status repeat_value(struct parse *p, const char *text, const char *file,
                                struct node **value)
{
    struct arena *arena = &p->owner->arena;
    struct slice trimmed = slice_trim(slice_of(text));
    struct node *item = NULL;
    enum status s = STATUS_OK;
    if (trimmed.len > 0 && (trimmed.data[0] == '[' || trimmed.data[0] == '{'))
        s = yaml_parse_value(file, text, arena, &item, p->err);
    else
        item = node_new_scalar(arena, file, slice_of(text), true);
    if (s != STATUS_OK)
        return s;
    if (item != NULL && item->kind == NODE_LIST) {
        *value = item;
        return STATUS_OK;
    }
    *value = node_new_list(arena, file);
    if (item == NULL || *value == NULL || !node_append(arena, *value, item))
        return error_no_memory(p->err);
    return STATUS_OK;
}

static enum status make_value(struct parse *p, const struct given *given, struct node **value)
{
    char name[64] = "--";
    (void)strncat(name, given->key->option, sizeof name - 3);
    struct arena *arena = &p->owner->arena;
    const char *file = arena_copy(arena, name, strlen(name));
    enum status s = STATUS_OK;
    *value = NULL;
    if (file == NULL)
        return error_no_memory(p->err);
    const char *text = given->value != NULL ? given->value : "true";
    /* A shell makes it hard to write a tab. */
    if (strcmp(given->key->path, "delimiter") == 0 && strcmp(text, "\\t") == 0)
        text = "\t";
    if (given->key->kind == KEY_LIST) {
        s = list_value(p, given, file, value);
    } else if ((given->key->flags & KEY_REPEAT) != 0) {
        s = repeat_value(p, text, file, value);
    } else if (given->key->kind == KEY_TREE) {
        s = yaml_parse_value(file, text, arena, value, p->err);
    } else {
        *value = node_new_scalar(arena, file, slice_of(text), true);
        if (*value == NULL)
            s = error_no_memory(p->err);
    }
    return s == STATUS_OK ? key_check_value(given->key, *value, p->err) : s;
}

/* The value of an option in all: scalars, the last one; lists, all of them. */
static enum status collect_value(struct parse *p, const struct key *key, struct node **value)
{
    struct arena *arena = &p->owner->arena;
    *value = NULL;
    for (size_t i = 0; i < p->line.given_count; i++) {
        struct node *next;
        if (p->line.given[i].key != key)
            continue;
        enum status s = make_value(p, &p->line.given[i], &next);
        if (s != STATUS_OK)
            return s;
        if (*value == NULL || (key->kind != KEY_LIST && (key->flags & KEY_REPEAT) == 0)) {
            *value = next;
            continue;
        }
        for (size_t j = 0; j < next->count; j++)
            if (!node_append(arena, *value, next->items[j]))
                return error_no_memory(p->err);
    }
    return STATUS_OK;
}

/* Splits "score.from" and goes down to the map of the last key, making maps on the way. */
static struct node *map_of_path(struct arena *arena, struct node *map, const char *path,
                                const char **last)
{
    const char *dot;
    while ((dot = strchr(path, '.')) != NULL) {
        char key[64];
        size_t len = (size_t)(dot - path) < sizeof key - 1 ? (size_t)(dot - path) : sizeof key - 1;
        memcpy(key, path, len);
        key[len] = '\0';
        struct node *child = NULL;
        for (size_t i = 0; i < map->count && child == NULL; i++)
            if (strcmp(map->keys[i], key) == 0 && map->items[i]->kind == NODE_MAP)
                child = map->items[i];
        if (child == NULL) {
            child = node_new_map(arena, "");
            if (child == NULL || !node_put(arena, map, key, child))
                return NULL;
        }
        map = child;
        path = dot + 1;
    }
    *last = path;
    return map;
}

static enum status lay_over(struct parse *p, struct node *section, const char *path,
                            struct node *value)
{
    struct arena *arena = &p->owner->arena;
    const char *last;
    struct node *map = map_of_path(arena, section, path, &last);
    return map != NULL && node_put(arena, map, last, value) ? STATUS_OK : error_no_memory(p->err);
}

/* Options that take the place of other keys, which would contradict them. */
static const struct {
    const char *section;
    const char *option; /* path */
    const char *others; /* paths joined by blanks */
} replaced[] = {
    {"normalize", "score.range", "score.scale score.by score.scales"},
    {"normalize", "score.scale", "score.range score.step score.reverse score.by score.scales"},
    {"aggregate", "population.file", "population.groups"},
};

static bool is_given(const struct parse *p, const struct key *key)
{
    for (size_t i = 0; i < p->line.given_count; i++)
        if (p->line.given[i].key == key)
            return true;
    return false;
}

static enum status replace_one(struct parse *p, struct node *section, const struct key *key,
                               const char *path)
{
    const struct key *other = key_find(key->section, path);
    if (other != NULL && is_given(p, other))
        return error_set(p->err, STATUS_USAGE, "--%s and --%s exclude each other", key->option,
                         other->option);
    if (node_find(section, path) == NULL)
        return STATUS_OK;
    struct node *absent = node_new_scalar(&p->owner->arena, "", SLICE_LITERAL(""), false);
    return absent != NULL ? lay_over(p, section, path, absent) : error_no_memory(p->err);
}

static enum status replace_others(struct parse *p, struct node *section, const struct key *key)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        if (strcmp(key->section, replaced[i].section) != 0 ||
            strcmp(key->path, replaced[i].option) != 0)
            continue;
        for (const char *at = replaced[i].others; *at != '\0' && s == STATUS_OK;) {
            char path[64];
            size_t n = strcspn(at, " ");
            memcpy(path, at, n);
            path[n] = '\0';
            s = replace_one(p, section, key, path);
            at += n + strspn(at + n, " ");
        }
    }
    return s;
}

static enum status apply_options(struct parse *p, struct node *section)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; i < p->line.row_count && s == STATUS_OK; i++) {
        const struct key *key = p->line.rows[i];
        struct node *value;
        if (strcmp(key->section, "common") == 0 || !is_given(p, key))
            continue;
        s = collect_value(p, key, &value);
        if (s == STATUS_OK)
            s = lay_over(p, section, key->path, value);
        if (s == STATUS_OK)
            s = replace_others(p, section, key);
        p->owner->settings.section_exists = true;
    }
    return s;
}

/* A list with a default is never absent, so that no reader needs to know it. */
static enum status default_lists(struct parse *p, struct node *section)
{
    struct arena *arena = &p->owner->arena;
    size_t count;
    const struct key *table = keys_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].section, p->owner->settings.section_name) != 0 ||
            table[i].kind != KEY_LIST || table[i].fallback == NULL ||
            strpbrk(table[i].path, "*[") != NULL)
            continue;
        const struct node *there = node_find(section, table[i].path);
        if (there != NULL && (there->kind != NODE_SCALAR || node_text(there) != NULL))
            continue;
        struct node *list = node_new_list(arena, "");
        struct node *item = node_new_scalar(arena, "", slice_of(table[i].fallback), true);
        if (list == NULL || item == NULL || !node_append(arena, list, item))
            return error_no_memory(p->err);
        enum status s = lay_over(p, section, table[i].path, list);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status build_section(struct parse *p, const struct node *from, const struct node *over,
                                 struct node **section)
{
    struct arena *arena = &p->owner->arena;
    *section = node_copy(arena, from);
    if (*section == NULL)
        return error_no_memory(p->err);
    for (size_t i = 0; over != NULL && over->kind == NODE_MAP && i < over->count; i++) {
        struct node *value = node_copy(arena, over->items[i]);
        if (value == NULL || !node_put(arena, *section, over->keys[i], value))
            return error_no_memory(p->err);
    }
    enum status s = apply_options(p, *section);
    return s == STATUS_OK ? default_lists(p, *section) : s;
}

static enum status build_tables(struct parse *p, const struct node *aggregate)
{
    struct settings *settings = &p->owner->settings;
    struct arena *arena = &p->owner->arena;
    const struct node *tables = study_section(settings->study, "tables");
    if (tables == NULL || tables->count == 0)
        return STATUS_OK;
    struct node *all = node_new_map(arena, tables->file);
    if (all == NULL)
        return error_no_memory(p->err);
    for (size_t i = 0; i < tables->count; i++) {
        struct node *section;
        enum status s = build_section(p, aggregate, tables->items[i], &section);
        if (s != STATUS_OK)
            return s;
        section->line = tables->items[i]->line;
        section->column = tables->items[i]->column;
        section->file = tables->file;
        if (!node_add(arena, all, tables->keys[i], section))
            return error_no_memory(p->err);
    }
    settings->tables = all;
    settings->section_exists = true;
    return STATUS_OK;
}

static enum status build_settings(struct parse *p)
{
    struct settings *settings = &p->owner->settings;
    const struct node *from = study_section(settings->study, settings->section_name);
    struct node *section;
    settings->section_exists = from != NULL;
    enum status s = build_section(p, from, NULL, &section);
    if (s == STATUS_OK && strcmp(settings->section_name, "aggregate") == 0)
        s = build_tables(p, from);
    if (s != STATUS_OK)
        return s;
    settings->section = section;
    settings->output_directory = key_find(settings->section_name, "output_directory") != NULL
                                     ? node_text(node_child(section, "output_directory"))
                                     : NULL;
    return STATUS_OK;
}

/* Commas where they read back to the same list, else YAML. */
static bool write_list(struct buffer *out, const struct key *key, const struct node *list)
{
    bool blanks = (key->flags & KEY_BLANKS) != 0;
    bool plain =
        list->count > 0 ? blanks || list->count > 1 || list->items[0]->text[0] != '\0' : !blanks;
    for (size_t i = 0; i < list->count; i++) {
        struct slice first = slice_trim(slice_of(list->items[i]->text));
        if (strchr(list->items[i]->text, ',') != NULL ||
            (i == 0 && first.len > 0 && (first.data[0] == '[' || first.data[0] == '{')))
            plain = false;
    }
    if (!plain)
        return yaml_write_flow(out, list);
    bool ok = true;
    for (size_t i = 0; i < list->count && ok; i++)
        ok = (i == 0 || buffer_append_byte(out, ',')) &&
             buffer_append_text(out, list->items[i]->text);
    return ok;
}

static bool write_value(struct buffer *out, const struct key *key, const struct node *value)
{
    if (key->kind == KEY_LIST && value->kind == NODE_LIST)
        return write_list(out, key, value);
    if (value->kind != NODE_SCALAR)
        return yaml_write_flow(out, value);
    return buffer_append_text(out, value->text);
}

static enum status write_option(struct parse *p, const struct key *key, struct buffer *command)
{
    struct buffer word = BUFFER_INIT;
    struct node *value = NULL;
    enum status s = STATUS_OK;
    bool ok = buffer_appendf(&word, "--%s", key->option);
    bool common = strcmp(key->section, "common") == 0;
    if (ok && common && key->kind != KEY_FLAG)
        ok = buffer_appendf(&word, "=%s", command_line_last(&p->line, key->path));
    if (ok && !common)
        s = collect_value(p, key, &value);
    if (ok && value != NULL && key->kind == KEY_FLAG) {
        bool flag = false;
        if (!key_parse_flag(value->text, &flag) || !flag)
            ok = buffer_append_text(&word, "=no");
    } else if (ok && value != NULL) {
        ok = buffer_append_byte(&word, '=') && write_value(&word, key, value);
    }
    ok = ok && buffer_append_byte(command, ' ') && command_line_quote(command, word.data);
    buffer_free(&word);
    return s == STATUS_OK && !ok ? error_no_memory(p->err) : s;
}

static enum status write_operands(struct parse *p, struct buffer *command)
{
    bool ended = false;
    for (size_t i = 0; i < p->line.operand_count; i++) {
        const char *operand = p->line.operands[i];
        bool ok = true;
        if (operand[0] == '-' && operand[1] != '\0' && !ended) {
            ok = buffer_append_text(command, " --");
            ended = true;
        }
        if (!ok || !buffer_append_byte(command, ' ') || !command_line_quote(command, operand))
            return error_no_memory(p->err);
    }
    return STATUS_OK;
}

static enum status write_command(struct parse *p)
{
    struct settings *settings = &p->owner->settings;
    struct buffer command = BUFFER_INIT;
    if (settings->common.no_provenance)
        return STATUS_OK;
    enum status s =
        buffer_append_text(&command, settings->program) ? STATUS_OK : error_no_memory(p->err);
    for (size_t i = 0; i < p->line.row_count && s == STATUS_OK; i++)
        if ((p->line.rows[i]->flags & KEY_SILENT) == 0 && is_given(p, p->line.rows[i]))
            s = write_option(p, p->line.rows[i], &command);
    if (s == STATUS_OK)
        s = write_operands(p, &command);
    if (s == STATUS_OK) {
        settings->command = arena_copy(&p->owner->arena, command.data, command.len);
        if (settings->command == NULL)
            s = error_no_memory(p->err);
    }
    buffer_free(&command);
    return s;
}

static const char *find_answer(const struct parse *p)
{
    if (p->line.given_count == 0)
        return NULL;
    const struct key *last = p->line.given[p->line.given_count - 1].key;
    bool answer = strcmp(last->section, "common") == 0 &&
                  (strcmp(last->path, "help") == 0 || strcmp(last->path, "usage") == 0 ||
                   strcmp(last->path, "version") == 0);
    return answer ? last->path : NULL;
}

static enum status check_operands(const struct parse *p)
{
    const struct filter *filter = p->line.filter;
    char shown[TEXT_ESCAPED_MAX];
    if (p->line.operand_count == 0 || (filter->args_doc != NULL && filter->args_doc[0] != '\0'))
        return STATUS_OK;
    return error_set(p->err, STATUS_USAGE, "takes no operand, and '%s' is one; see '%s --help'",
                     text_escape(shown, slice_of(p->line.operands[0])), p->line.program);
}

static enum status name_program(struct parse *p, const struct filter *filter)
{
    struct settings *settings = &p->owner->settings;
    char program[80];
    /* These two are words of the program bell, not programs. */
    bool word = strcmp(filter->name, "run") == 0 || strcmp(filter->name, "pipe") == 0;
    (void)snprintf(program, sizeof program, "bell%c%s", word ? ' ' : '-', filter->name);
    settings->program = arena_copy(&p->owner->arena, program, strlen(program));
    settings->section_name = filter->name;
    p->line = (struct command_line){
        .filter = filter, .program = settings->program, .arena = &p->owner->arena, .err = p->err};
    return settings->program != NULL ? STATUS_OK : error_no_memory(p->err);
}

/* *answer: what to print instead of running; NULL: nothing. */
static enum status parse(struct parse *p, const struct filter *filter, int argc, char *const *argv,
                         const struct study *shared, const char **answer)
{
    struct settings *settings = &p->owner->settings;
    *answer = NULL;
    enum status s = name_program(p, filter);
    if (s == STATUS_OK)
        s = command_line_rows(&p->line);
    if (s == STATUS_OK)
        s = command_line_read(&p->line, argc, argv);
    if (s == STATUS_OK)
        *answer = find_answer(p);
    if (s != STATUS_OK || *answer != NULL)
        return s;
    settings->operands = p->line.operands;
    settings->operand_count = p->line.operand_count;
    s = check_operands(p);
    if (s == STATUS_OK)
        s = common_options_read(&p->line, &settings->common);
    if (s == STATUS_OK)
        s = open_study(p, shared);
    if (s == STATUS_OK)
        s = build_settings(p);
    return s == STATUS_OK ? write_command(p) : s;
}

enum status options_parse(const struct filter *filter, int argc, char *const *argv,
                          struct settings **settings, struct error *err)
{
    struct parse p = {.owner = calloc(1, sizeof *p.owner), .err = err};
    const char *answer;
    *settings = NULL;
    if (p.owner == NULL)
        return error_no_memory(err);
    enum status s = parse(&p, filter, argc, argv, NULL, &answer);
    if (s == STATUS_OK && answer != NULL)
        s = command_line_answer(&p.line, answer);
    else if (s == STATUS_OK)
        *settings = &p.owner->settings;
    if (*settings == NULL)
        settings_free(&p.owner->settings);
    return s;
}

enum status options_parse_step(const struct filter *filter, int argc, char *const *argv,
                               const struct study *study, struct settings **settings,
                               struct error *err)
{
    struct parse p = {.owner = calloc(1, sizeof *p.owner), .err = err};
    const char *answer;
    *settings = NULL;
    if (p.owner == NULL)
        return error_no_memory(err);
    enum status s = parse(&p, filter, argc, argv, study, &answer);
    if (s == STATUS_OK && answer != NULL)
        s = error_set(err, STATUS_USAGE, "--%s is not for a step; ask '%s --%s'", answer,
                      p.line.program, answer);
    if (s == STATUS_OK)
        *settings = &p.owner->settings;
    else
        settings_free(&p.owner->settings);
    return s;
}

void settings_free(struct settings *settings)
{
    struct owner *owner = (struct owner *)settings;
    if (owner == NULL)
        return;
    study_free(owner->study);
    arena_free(&owner->arena);
    free(owner);
}

enum status options_list(const struct filter *filter, struct option_name **list, size_t *count,
                         struct error *err)
{
    struct arena arena = ARENA_INIT;
    struct command_line line = {.filter = filter, .arena = &arena, .err = err};
    *list = NULL;
    *count = 0;
    enum status s = command_line_rows(&line);
    if (s == STATUS_OK) {
        *list = calloc(line.row_count + 1, sizeof **list);
        if (*list == NULL)
            s = error_no_memory(err);
    }
    for (size_t i = 0; s == STATUS_OK && i < line.row_count; i++) {
        const struct key *key = line.rows[i];
        (*list)[(*count)++] =
            (struct option_name){key->option, key->letter, command_line_argument(key),
                                 key->kind == KEY_CHOICE ? key->choices : NULL, key->doc};
    }
    arena_free(&arena);
    return s;
}
