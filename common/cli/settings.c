/* The getters of settings.h, and the common options that fill a part of it. */
#include "cli/settings.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "study/keys.h"

enum { THREADS_MAX = 1024 };

const struct node *settings_node(const struct settings *settings, const char *path)
{
    const struct node *node = node_find(settings->section, path);
    if (node != NULL && node->kind == NODE_SCALAR && node_text(node) == NULL)
        return NULL;
    return node;
}

const char *settings_text(const struct settings *settings, const char *path)
{
    const char *text = node_text(settings_node(settings, path));
    if (text != NULL)
        return text;
    const struct key *key = key_find(settings->section_name, path);
    return key != NULL ? key->fallback : NULL;
}

bool settings_flag(const struct settings *settings, const char *path)
{
    bool value = false;
    const char *text = settings_text(settings, path);
    return text != NULL && key_parse_flag(text, &value) && value;
}

int64_t settings_int(const struct settings *settings, const char *path)
{
    int64_t value = 0;
    const char *text = settings_text(settings, path);
    return text != NULL && number_parse_i64(slice_of(text), &value) ? value : 0;
}

bool settings_decimal(const struct settings *settings, const char *path, int64_t *millionths)
{
    const char *text = settings_text(settings, path);
    return text != NULL && decimal_parse(slice_of(text), millionths) == DECIMAL_OK;
}

const char *command_line_last(const struct command_line *line, const char *path)
{
    const char *value = NULL;
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i].key->section, "common") == 0 &&
            strcmp(line->given[i].key->path, path) == 0)
            value = line->given[i].value;
    return value;
}

static enum status option_error(const struct command_line *line, const struct given *given,
                                const char *rule)
{
    char shown[TEXT_ESCAPED_MAX];
    return error_set(line->err, STATUS_USAGE, "--%s: %s, not '%s'", given->key->option, rule,
                     text_escape(shown, slice_of(given->value)));
}

static enum status read_max_rejects(const struct command_line *line, struct common_options *common,
                                    const struct given *given)
{
    static const char rule[] = "must be a whole number or a percentage from 0 to 100";
    struct slice s = slice_of(given->value);
    int64_t percent;
    if (s.len > 0 && s.data[s.len - 1] == '%') {
        s.len--;
        if (decimal_parse(s, &percent) != DECIMAL_OK || percent < 0 || percent > 100 * DECIMAL_ONE)
            return option_error(line, given, rule);
        common->max_rejects_percent = (double)percent / DECIMAL_ONE;
        common->max_rejects = UINT64_MAX;
        return STATUS_OK;
    }
    if (!number_parse_u64(s, &common->max_rejects))
        return option_error(line, given, rule);
    common->max_rejects_percent = -1;
    return STATUS_OK;
}

static enum status read_common_number(const struct command_line *line,
                                      struct common_options *common, const struct given *given)
{
    struct slice s = slice_of(given->value);
    uint64_t number;
    if (strcmp(given->key->path, "max_memory") == 0) {
        if (!number_parse_size(s, &common->max_memory) || common->max_memory == 0)
            return option_error(line, given, "must be a size such as 500M or 2G");
        return STATUS_OK;
    }
    bool compress = strcmp(given->key->path, "compress") == 0;
    bool ok = number_parse_u64(s, &number);
    if (compress && (!ok || number > 9))
        return option_error(line, given, "must be 0 to 9");
    if (!compress && (!ok || number < 1 || number > THREADS_MAX))
        return option_error(line, given, "must be 1 to 1024");
    *(compress ? &common->compress : &common->threads) = (int)number;
    return STATUS_OK;
}

static enum status read_common_text(const struct command_line *line, struct common_options *common,
                                    const struct given *given)
{
    const char *path = given->key->path;
    if (given->key->kind == KEY_CHOICE && !key_choice_holds(given->key->choices, given->value))
        return option_error(line, given, "must be auto, never or always");
    if (given->value[0] == '\0')
        return error_set(line->err, STATUS_USAGE, "--%s: the name of the file is empty",
                         given->key->option);
    if (strcmp(path, "output") == 0)
        common->output = strcmp(given->value, "-") == 0 ? NULL : given->value;
    else if (strcmp(path, "rejects") == 0)
        common->rejects = given->value;
    else if (strcmp(path, "key_file") == 0)
        common->key_file = given->value;
    else if (strcmp(path, "progress") == 0)
        common->progress = given->value;
    return STATUS_OK;
}

static void read_common_flag(struct common_options *common, const char *path)
{
    const struct {
        const char *path;
        bool *flag;
    } flags[] = {{"text", &common->text},
                 {"force", &common->force},
                 {"no_provenance", &common->no_provenance},
                 {"no_end", &common->no_end},
                 {"quiet", &common->quiet},
                 {"verbose", &common->verbose},
                 {"check_study", &common->check_study}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(path, flags[i].path) == 0)
            *flags[i].flag = true;
    /* Of two that contradict each other the last one counts. */
    if (strcmp(path, "quiet") == 0)
        common->verbose = false;
    else if (strcmp(path, "verbose") == 0)
        common->quiet = false;
}

enum status common_options_read(const struct command_line *line, struct common_options *common)
{
    enum status s = STATUS_OK;
    common->compress = -1;
    common->max_rejects = UINT64_MAX;
    common->max_rejects_percent = -1;
    common->progress = "auto";
    bool limited = false;
    for (size_t i = 0; i < line->given_count && s == STATUS_OK; i++) {
        const struct given *given = &line->given[i];
        if (strcmp(given->key->section, "common") != 0)
            continue;
        if (strcmp(given->key->path, "max_rejects") == 0) {
            s = read_max_rejects(line, common, given);
            limited = true;
        } else if (given->key->kind == KEY_FLAG) {
            read_common_flag(common, given->key->path);
        } else if (given->key->kind == KEY_WHOLE || strcmp(given->key->path, "max_memory") == 0) {
            s = read_common_number(line, common, given);
        } else {
            s = read_common_text(line, common, given);
        }
    }
    if (s == STATUS_OK && limited && common->rejects == NULL)
        s = error_set(line->err, STATUS_USAGE, "--max-rejects needs --rejects=FILE beside it");
    if (s == STATUS_OK && common->text && common->compress > 0)
        s = error_set(line->err, STATUS_USAGE, "--text and --compress exclude each other");
    return s;
}
