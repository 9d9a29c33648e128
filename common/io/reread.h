/* reread.h - inputs of a run that reads all of them twice.
 *
 *     s = reread_new(&reread, count, err);                  // inputs by number, from 0
 *     // the first reading: input_open_again(&in, path, threads, reread, number, err) ...
 *     reread_next(reread);
 *     // the second: the same calls with the same names give the same bytes
 *     reread_free(reread);                                  // after the inputs are closed
 *
 * A regular file, as an operand or as standard input, is opened and read anew; if it is not what it
 * was (another file, size or time of change), STATUS_DAMAGED.  Anything else, a pipe for instance,
 * is kept in a spool (spool.h) while it is read first, and comes from there the second time.
 *
 * Only input.c looks inside.  Inputs of one number are open one at a time.
 */
#ifndef BELL_IO_REREAD_H
#define BELL_IO_REREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/error.h"
#include "io/spool.h"

struct reread;

enum status reread_new(struct reread **reread, size_t count, struct error *err) BELL_CHECK;
void reread_next(struct reread *reread);
void reread_free(struct reread *reread); /* NULL is allowed */

/* What is known of one input. */
struct reread_entry {
    bool again;          /* this is the second reading */
    struct spool *spool; /* of what is no regular file; NULL: not yet made */
    dev_t device;        /* of a regular file */
    ino_t inode;
    off_t size;
    struct timespec changed;
    off_t start; /* where the first reading began */
};

struct reread_entry *reread_at(struct reread *reread, size_t number);
/* First reading of a regular file that stands at start. */
void reread_note(struct reread_entry *entry, const struct stat *st, off_t start);
/* Is the file still the one that was noted?  STATUS_DAMAGED if not. */
enum status reread_compare(const struct reread_entry *entry, const struct stat *st,
                           struct error *err) BELL_CHECK;

#endif
