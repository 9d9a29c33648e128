/* read_ahead.h - a gzip file that threads of its own read and inflate before it is asked for.
 *
 *     s = read_ahead_start(&ahead, members, &raw, helpers, err);
 *     do {
 *         piece = read_ahead_next(ahead);
 *         ... piece->text ...
 *     } while (piece->status == STATUS_OK && !piece->end);
 *     read_ahead_stop(ahead);
 *
 * Pieces come in the order of the file, and what is wrong comes behind the text before it, as
 * members.h has it.  One helper at a time reads, and inflates what is one stream; BGZF blocks
 * are inflated by all helpers, and by whoever asks for a piece that none has begun.  At most
 * 2 * helpers + 4 pieces are held, half a megabyte each.
 *
 * Helpers take no signals.  read_ahead_stop() does not wait for a pipe that nobody writes to.
 */
#ifndef BELL_IO_READ_AHEAD_H
#define BELL_IO_READ_AHEAD_H

#include "io/members.h"

enum { AHEAD_HELPERS_MAX = 8 };

struct ahead_block {
    size_t at; /* where in the text it begins */
    bool end;  /* it is the BGZF end block, and has no text */
};

struct ahead_piece {
    const unsigned char *text; /* until the next call */
    size_t len;
    const struct ahead_block *blocks; /* BGZF blocks in the text */
    size_t block_count;
    bool stream;        /* members that are no BGZF were read here */
    uint64_t done;      /* bytes of the file used so far */
    enum status status; /* of what comes behind the text */
    struct error error;
    bool end; /* if that is STATUS_OK: nothing comes behind the text */
};

struct read_ahead;

/* helpers from 1 to AHEAD_HELPERS_MAX; fewer do if not all can be started.  members and raw are
 * borrowed: nobody else may touch them before read_ahead_stop().  STATUS_IO: memory, or no thread
 * at all; then members is as it was. */
enum status read_ahead_start(struct read_ahead **ahead, struct members *members,
                             struct raw_reader *raw, unsigned helpers,
                             struct error *err) BELL_CHECK;
/* Behind the end or an error nothing but read_ahead_stop() may follow. */
const struct ahead_piece *read_ahead_next(struct read_ahead *ahead);
/* NULL is allowed. */
void read_ahead_stop(struct read_ahead *ahead);

#endif
