/* through.h - the records of a stream through another program: bell-view --through.
 *
 * The lines of the records, without the # lines, go to the standard input of `sh -c command`
 * under LC_ALL=C.UTF-8; what it writes is taken as records of the same fields and written as a
 * stream with a new #end (dropped = lines that did not come back).
 */
#ifndef BELL_ENGINE_THROUGH_H
#define BELL_ENGINE_THROUGH_H

#include "engine/stage.h"
#include "records/sink.h"
#include "records/source.h"

struct through {
    const char *command;
    const int *allowed; /* exit statuses that are no error */
    size_t allowed_count;
    const char *program_line; /* text of the #program line; NULL: none is written */
};

/* Runs to the end.  The command's exit with another status, more lines out than in, or lines
 * that are no records: STATUS_DATA.  source and sink stay the caller's. */
enum status through_run(const struct through *through, struct source *source, struct sink *sink,
                        struct counts *counts, struct error *err) BELL_CHECK;

#endif
