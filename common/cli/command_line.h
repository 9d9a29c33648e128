/* command_line.h - inside options: the command line as a list of options and operands, before
 * anybody asks what they mean.  Only options.c and its parts include it. */
#ifndef BELL_CLI_COMMAND_LINE_H
#define BELL_CLI_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "cli/filter.h"
#include "cli/options.h"
#include "study/keys.h"

/* An option as it stood in the command line; value NULL: none. */
struct given {
    const struct key *key;
    const char *value;
};

struct command_line {
    const struct filter *filter;
    const char *program;     /* "bell-normalize", "bell run" */
    struct arena *arena;     /* holds all lists below */
    const struct key **rows; /* the options of this filter, in the order of the table */
    size_t row_count;
    struct given *given; /* in the order of the command line */
    size_t given_count;
    char **operands;
    size_t operand_count;
    struct error *err;
};

/* Collects rows. */
enum status command_line_rows(struct command_line *line) BELL_CHECK;
/* Reads argv[1...], which is copied.  Stops behind --help, --usage or --version. */
enum status command_line_read(struct command_line *line, int argc, char *const *argv) BELL_CHECK;
/* Prints --help ("help"), --usage or --version to standard output. */
enum status command_line_answer(struct command_line *line, const char *what) BELL_CHECK;

/* The last value of a common option by its path; NULL if it was not given. */
const char *command_line_last(const struct command_line *line, const char *path);
/* Fills common from what was given, and checks it. */
enum status common_options_read(const struct command_line *line,
                                struct common_options *common) BELL_CHECK;

enum option_argument command_line_argument(const struct key *key);

/* One word of a command line, quoted for a shell; controls and bytes that are no UTF-8 as $'\ooo',
 * so that the line can stand in a header. */
bool command_line_quote(struct buffer *out, const char *word) BELL_CHECK;

#endif
