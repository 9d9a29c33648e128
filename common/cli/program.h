/* program.h - the main() of every bellpipe program. */
#ifndef BELL_CLI_PROGRAM_H
#define BELL_CLI_PROGRAM_H

#include "cli/filter.h"

/* Parses the options, runs the filter alone, prints what went wrong; returns the exit status.
 * filters are all there are, for --check-study. */
int program_main(const struct filter *filter, const struct filter *const *filters, size_t count,
                 int argc, char **argv);

/* What main() does first, whichever program it is: keys for hashes, no closed standard
 * streams that a file could slip into. */
enum status program_begin(struct error *err) BELL_CHECK;
/* What it does last: prints err (unless the status is STATUS_OK, or the text is empty: a check that
 * says no, and has said so), checks that all of standard output was written.  Returns the exit
 * status. */
int program_end(const char *program, enum status status, const struct error *err);

#endif
