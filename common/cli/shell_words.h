/* shell_words.h - `bell pipe`'s text to steps and words, as a POSIX shell would split it. */
#ifndef BELL_CLI_SHELL_WORDS_H
#define BELL_CLI_SHELL_WORDS_H

#include <stddef.h>

#include "base/error.h"

struct shell_step {
    char **words; /* ends with NULL */
    size_t count;
};

struct shell_steps {
    struct shell_step *steps;
    size_t count;
};

/* Splits at `|`, then at blanks; quotes and backslashes mean what they mean to a shell.
 * Everything else that a shell would act on ($ ` ; & < > ( ) * ? [ # ~ outside quotes) is
 * refused, because nothing here would act on it.  STATUS_USAGE with the character and its place. */
enum status shell_words_split(const char *text, struct shell_steps *steps,
                              struct error *err) BELL_CHECK;
void shell_words_free(struct shell_steps *steps);

#endif
