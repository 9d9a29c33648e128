/* options.h - from a command line to settings.
 *
 *     struct settings *settings;
 *     s = options_parse(&filter_normalize, argc, argv, &settings, &err);
 *     if (s != STATUS_OK) -> print err, exit s
 *     if (settings == NULL) -> --help, --usage or --version was answered: exit 0
 *     ...
 *     settings_free(settings);
 *
 * The options of a filter are the rows of the key table (keys.h) of its section, and those
 * common ones whose long names stand in filter->common ("study" brings "check-study").
 * --help, --usage and --version belong to every program.
 *
 * Options override the study.  A scalar option given twice: the last one counts; a list option
 * given twice: one list of all.  Lists are separated by commas, or written as YAML: "[a, b]".
 * Flags are --name, --name=yes, --name=no.  Full names only: abbreviations are refused.
 * Options may stand behind operands; "--" ends them; "-" is an operand.
 *
 * Nothing here exits, and no other thread may run meanwhile.  The caller prints errors.
 */
#ifndef BELL_CLI_OPTIONS_H
#define BELL_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "cli/filter.h"
#include "cli/settings.h"

/* A lone program.  argv[0] is not looked at.  --help and its like are written to standard
 * output, which is flushed and checked (STATUS_IO if that failed); then *settings is NULL. */
enum status options_parse(const struct filter *filter, int argc, char *const *argv,
                          struct settings **settings, struct error *err) BELL_CHECK;

/* A step of `bell run` or `bell pipe`; argv[0] is the step's name.  --help and its like are
 * refused.  study: one that is open already and serves for -s of the same path (it must outlive
 * the settings); NULL: opened here. */
enum status options_parse_step(const struct filter *filter, int argc, char *const *argv,
                               const struct study *study, struct settings **settings,
                               struct error *err) BELL_CHECK;

/* NULL is allowed. */
void settings_free(struct settings *settings);

enum option_argument { OPTION_NONE, OPTION_OPTIONAL, OPTION_REQUIRED };

struct option_name {
    const char *name; /* long name without "--" */
    char letter;      /* 0: none */
    enum option_argument argument;
    const char *choices; /* words joined by "|", NULL if free */
    const char *doc;
};

/* All options that a filter takes, --help and its like included, in the order of the table.
 * *list is freed by the caller with free(). */
enum status options_list(const struct filter *filter, struct option_name **list, size_t *count,
                         struct error *err) BELL_CHECK;

#endif
