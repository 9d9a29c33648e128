/* argp parses and writes --help.  Names are checked before it sees them, because argp accepts
 * abbreviations, prints its own messages and exits, none of which a step of `bell pipe` may. */
#include "cli/command_line.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

enum { ROW_KEY = 0x1000, NAMES_MAX = 200 };

static bool is_answer(const struct key *key)
{
    return strcmp(key->section, "common") == 0 &&
           (strcmp(key->path, "help") == 0 || strcmp(key->path, "usage") == 0 ||
            strcmp(key->path, "version") == 0);
}

static bool word_in(const char *words, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = words; at != NULL && *at != '\0';) {
        size_t n = strcspn(at, " ");
        if (n == len && memcmp(at, name, n) == 0)
            return true;
        at += n;
        at += strspn(at, " ");
    }
    return false;
}

static bool takes(const struct filter *filter, const struct key *key)
{
    if (key->option == NULL)
        return false;
    if (strcmp(key->section, "common") != 0)
        return strcmp(key->section, filter->name) == 0;
    if (is_answer(key) || word_in(filter->common, key->option))
        return true;
    return strcmp(key->path, "check_study") == 0 && word_in(filter->common, "study");
}

enum status command_line_rows(struct command_line *line)
{
    size_t count;
    const struct key *table = keys_table(&count);
    line->rows = arena_calloc(line->arena, count, sizeof(struct key *));
    if (line->rows == NULL)
        return error_no_memory(line->err);
    for (size_t i = 0; i < count; i++)
        if (takes(line->filter, &table[i]))
            line->rows[line->row_count++] = &table[i];
    return STATUS_OK;
}

enum option_argument command_line_argument(const struct key *key)
{
    if (key->kind != KEY_FLAG)
        return OPTION_REQUIRED;
    return strcmp(key->section, "common") == 0 ? OPTION_NONE : OPTION_OPTIONAL;
}

static const struct key *find_long(const struct command_line *line, struct slice name)
{
    for (size_t i = 0; i < line->row_count; i++)
        if (slice_is(name, line->rows[i]->option))
            return line->rows[i];
    return NULL;
}

static const struct key *find_letter(const struct command_line *line, char letter)
{
    for (size_t i = 0; i < line->row_count; i++)
        if (line->rows[i]->letter == letter && letter != '\0')
            return line->rows[i];
    return NULL;
}

static enum status unknown_long(const struct command_line *line, struct slice name)
{
    const char *names[NAMES_MAX];
    char word[TEXT_ESCAPED_MAX];
    char shown[TEXT_ESCAPED_MAX];
    size_t count;
    const struct key *table = keys_table(&count);
    (void)text_escape(shown, name);
    for (size_t i = 0; i < count; i++)
        if (table[i].option != NULL && strcmp(table[i].section, "common") == 0 &&
            slice_is(name, table[i].option))
            return error_set(line->err, STATUS_USAGE, "%s does not take --%s; see '%s --help'",
                             line->program, shown, line->program);
    size_t n = 0;
    for (; n < line->row_count && n < NAMES_MAX; n++)
        names[n] = line->rows[n]->option;
    (void)snprintf(word, sizeof word, "%.*s", (int)(name.len < 200 ? name.len : 200), name.data);
    const char *near = text_nearest(word, names, n);
    if (near != NULL)
        return error_set(line->err, STATUS_USAGE, "unknown option --%s; did you mean --%s?", shown,
                         near);
    return error_set(line->err, STATUS_USAGE, "unknown option --%s; see '%s --help'", shown,
                     line->program);
}

/* Walks over argv as getopt will. */
struct walk {
    struct command_line *line;
    int argc;
    char *const *argv;
    int at;
    bool stop; /* an option was met that is answered at once */
};

static enum status needs_value(const struct walk *w, const struct key *key)
{
    return error_set(w->line->err, STATUS_USAGE, "--%s needs a value: --%s=%s", key->option,
                     key->option, key->argument);
}

static enum status check_long(struct walk *w, const char *text)
{
    const char *equals = strchr(text, '=');
    struct slice name = {text, equals != NULL ? (size_t)(equals - text) : strlen(text)};
    const struct key *key = find_long(w->line, name);
    if (key == NULL)
        return unknown_long(w->line, name);
    enum option_argument argument = command_line_argument(key);
    if (argument == OPTION_NONE && equals != NULL)
        return error_set(w->line->err, STATUS_USAGE, "--%s takes no value", key->option);
    if (argument == OPTION_REQUIRED && equals == NULL && ++w->at >= w->argc)
        return needs_value(w, key);
    w->stop = is_answer(key);
    return STATUS_OK;
}

static enum status check_letters(struct walk *w, const char *text)
{
    for (const char *c = text; *c != '\0' && !w->stop; c++) {
        const struct key *key = find_letter(w->line, *c);
        char shown[TEXT_ESCAPED_MAX];
        if (key == NULL)
            return error_set(w->line->err, STATUS_USAGE, "unknown option -%s; see '%s --help'",
                             text_escape(shown, (struct slice){c, 1}), w->line->program);
        if (command_line_argument(key) == OPTION_REQUIRED) {
            if (c[1] == '\0' && ++w->at >= w->argc)
                return needs_value(w, key);
            return STATUS_OK;
        }
        w->stop = is_answer(key);
    }
    return STATUS_OK;
}

/* *used: how much of argv argp shall see. */
static enum status check_names(struct command_line *line, int argc, char *const *argv, int *used)
{
    struct walk w = {.line = line, .argc = argc, .argv = argv, .at = 1};
    enum status s = STATUS_OK;
    for (; w.at < argc && s == STATUS_OK && !w.stop; w.at++) {
        const char *arg = argv[w.at];
        if (strcmp(arg, "--") == 0)
            break;
        if (arg[0] == '-' && arg[1] == '-')
            s = check_long(&w, arg + 2);
        else if (arg[0] == '-' && arg[1] != '\0')
            s = check_letters(&w, arg + 1);
    }
    *used = w.stop ? w.at : argc;
    return s;
}

static error_t on_argp(int key, char *value, struct argp_state *state)
{
    struct command_line *line = state->input;
    if (key == ARGP_KEY_ARG) {
        line->operands[line->operand_count++] = value;
        return 0;
    }
    const struct key *row = NULL;
    if (key >= ROW_KEY && (size_t)(key - ROW_KEY) < line->row_count)
        row = line->rows[key - ROW_KEY];
    else if (key > 0 && key < 128)
        row = find_letter(line, (char)key);
    if (row == NULL)
        return ARGP_ERR_UNKNOWN;
    line->given[line->given_count++] = (struct given){row, value};
    return 0;
}

static char *option_doc(struct arena *arena, const struct key *key)
{
    struct buffer text = BUFFER_INIT;
    bool shown = key->fallback != NULL && key->fallback[0] != '\0' && key->kind != KEY_FLAG;
    bool ok = buffer_append_text(&text, key->doc);
    if (ok && shown && strstr(key->doc, "default") == NULL)
        ok = buffer_appendf(&text, " (default: %s)", key->fallback);
    else if (ok && key->kind == KEY_FLAG && key->fallback != NULL &&
             strcmp(key->fallback, "true") == 0)
        ok = buffer_append_text(&text, " (default: yes)");
    char *copy = ok ? arena_copy(arena, text.data, text.len) : NULL;
    buffer_free(&text);
    return copy;
}

static void set_option(const struct command_line *line, size_t row, struct argp_option *option)
{
    const struct key *key = line->rows[row];
    enum option_argument argument = command_line_argument(key);
    option->name = key->option;
    option->key = key->letter != '\0' ? key->letter : ROW_KEY + (int)row;
    option->arg = argument == OPTION_NONE       ? NULL
                  : argument == OPTION_OPTIONAL ? "yes|no"
                                                : key->argument;
    option->flags = argument == OPTION_OPTIONAL ? OPTION_ARG_OPTIONAL : 0;
}

static enum status room_for(struct command_line *line, int argc, char *const *argv, char ***copy)
{
    size_t most = 1;
    for (int i = 1; i < argc; i++)
        most += strlen(argv[i]) + 1;
    line->given = arena_calloc(line->arena, most, sizeof *line->given);
    line->operands = arena_calloc(line->arena, (size_t)argc + 2, sizeof(char *));
    *copy = arena_calloc(line->arena, (size_t)argc + 2, sizeof(char *));
    if (line->given == NULL || line->operands == NULL || *copy == NULL)
        return error_no_memory(line->err);
    /* Values outlive argv, which a step of `bell pipe` does not. */
    for (int i = 1; i < argc; i++) {
        (*copy)[i] = arena_copy(line->arena, argv[i], strlen(argv[i]));
        if ((*copy)[i] == NULL)
            return error_no_memory(line->err);
    }
    (*copy)[0] = arena_copy(line->arena, line->program, strlen(line->program));
    return (*copy)[0] != NULL ? STATUS_OK : error_no_memory(line->err);
}

enum status command_line_read(struct command_line *line, int argc, char *const *argv)
{
    char **copy;
    int used = 1;
    enum status s = check_names(line, argc, argv, &used);
    if (s == STATUS_OK)
        s = room_for(line, argc, argv, &copy);
    if (s != STATUS_OK)
        return s;
    struct argp_option *options = arena_calloc(line->arena, line->row_count + 1, sizeof *options);
    if (options == NULL)
        return error_no_memory(line->err);
    for (size_t i = 0; i < line->row_count; i++)
        set_option(line, i, &options[i]);
    used = used > 0 ? used : 1;
    copy[used] = NULL;
    const struct argp argp = {.options = options, .parser = on_argp};
    /* In order: else POSIXLY_CORRECT would change what a command line means. */
    error_t failed = argp_parse(
        &argp, used, copy, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT | ARGP_IN_ORDER, NULL, line);
    if (failed == ENOMEM)
        return error_no_memory(line->err);
    if (failed != 0)
        return error_set(line->err, STATUS_USAGE, "the command line is wrong; see '%s --help'",
                         line->program);
    return STATUS_OK;
}

static enum status print_help(struct command_line *line, unsigned flags)
{
    /* Own options first, the common ones in a group of their own. */
    struct argp_option *lists[2];
    size_t counts[2] = {0, 0};
    for (size_t i = 0; i < 2; i++) {
        lists[i] = arena_calloc(line->arena, line->row_count + 1, sizeof *lists[i]);
        if (lists[i] == NULL)
            return error_no_memory(line->err);
    }
    for (size_t i = 0; i < line->row_count; i++) {
        size_t which = strcmp(line->rows[i]->section, "common") == 0;
        struct argp_option *option = &lists[which][counts[which]++];
        set_option(line, i, option);
        option->doc = option_doc(line->arena, line->rows[i]);
        if (option->doc == NULL)
            return error_no_memory(line->err);
    }
    /* What stands behind \v, argp shows behind the options. */
    static const char ending[] =
        "\vExit status: 0 done; 1 data refused, or a check that says no; 2 command line or study "
        "file; 3 input damaged or incomplete; 4 input/output or memory.";
    size_t doc_len = strlen(line->filter->doc);
    char *doc = arena_alloc(line->arena, doc_len + sizeof ending);
    if (doc == NULL)
        return error_no_memory(line->err);
    memcpy(doc, line->filter->doc, doc_len);
    memcpy(doc + doc_len, ending, sizeof ending);
    const struct argp common = {.options = lists[1]};
    const struct argp_child children[] = {
        {.argp = &common, .header = "Common options:", .group = 1}, {.argp = NULL}};
    const struct argp argp = {
        .options = lists[0], .args_doc = line->filter->args_doc, .doc = doc, .children = children};
    char *name = arena_copy(line->arena, line->program, strlen(line->program));
    if (name == NULL)
        return error_no_memory(line->err);
    /* A user's taste in help would break pages made from it. */
    (void)unsetenv("ARGP_HELP_FMT");
    argp_help(&argp, stdout, flags, name);
    return STATUS_OK;
}

enum status command_line_answer(struct command_line *line, const char *what)
{
    enum status s = STATUS_OK;
    errno = 0;
    if (strcmp(what, "version") == 0)
        (void)printf("%s (bellpipe) %s\n", line->program, PACKAGE_VERSION);
    else if (strcmp(what, "usage") == 0)
        s = print_help(line, ARGP_HELP_USAGE);
    else
        s = print_help(line, ARGP_HELP_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC);
    if (s == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        s = error_set_errno(line->err, STATUS_IO, errno, "cannot write standard output");
        clearerr(stdout);
    }
    return s;
}

bool command_line_quote(struct buffer *out, const char *word)
{
    bool odd = !utf8_valid(slice_of(word));
    for (const char *c = word; *c != '\0' && !odd; c++)
        odd = (unsigned char)*c < 0x20 || *c == 0x7f;
    if (!odd)
        return text_shell_quote(out, word);
    bool ok = buffer_append_text(out, "$'");
    for (const char *c = word; *c != '\0' && ok; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte >= 0x7f)
            ok = buffer_appendf(out, "\\%03o", byte);
        else if (byte == '\'' || byte == '\\')
            ok = buffer_appendf(out, "\\%c", byte);
        else
            ok = buffer_append_byte(out, *c);
    }
    return ok && buffer_append_byte(out, '\'');
}
