/* progress.h - one line on standard error that says how far a run is.
 *
 *     struct progress progress;
 *     progress_start(&progress, PROGRESS_AUTO, "bell-ingest", total);
 *     progress_update(&progress, input_compressed_done(in), records);   // as often as you like
 *     progress_end(&progress);                                          // clears the line
 *
 * Shown are bytes, percent and time left (if the total is known), records and records a second;
 * at most 6 times a second; with PROGRESS_AUTO first after a sixth of a second, so that short
 * runs stay silent, with PROGRESS_ALWAYS at the first update.  Trouble in writing is ignored:
 * progress never fails a run.  For one thread at a time; end it before printing an error.
 */
#ifndef BELL_IO_PROGRESS_H
#define BELL_IO_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_NEVER, PROGRESS_ALWAYS };
enum { PROGRESS_LINE_MAX = 160 };

struct progress {
    bool active;
    bool shown;          /* there is a line to clear */
    bool at_once;        /* the next update does not wait */
    const char *program; /* static or outlives the progress */
    uint64_t total;      /* bytes; 0: unknown */
    uint64_t start_ns;   /* monotonic */
    uint64_t last_ns;
};

/* "auto", "never", "always"; false if the word is none of them. */
bool progress_mode_parse(const char *word, enum progress_mode *mode);

/* PROGRESS_AUTO shows only if standard error is a terminal. */
void progress_start(struct progress *progress, enum progress_mode mode, const char *program,
                    uint64_t total_bytes);
void progress_update(struct progress *progress, uint64_t bytes_done, uint64_t records);
/* May be called twice, and on a struct that is all zero. */
void progress_end(struct progress *progress);

/* The line without the cursor movements; pure, for tests.  Returns its length. */
size_t progress_format(char out[PROGRESS_LINE_MAX], const struct progress *progress,
                       uint64_t bytes_done, uint64_t records, uint64_t elapsed_ns);

#endif
