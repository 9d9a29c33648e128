/* csv_ahead.h - the text of a delimited file, read and scanned by some threads while others work on
 * what came before.
 *
 *     struct csv_ahead ahead;
 *     csv_ahead_init(&ahead, size, ',', true, true);
 *     csv_ahead_set(&ahead, input);
 *     csv_ahead_read(&ahead);                                        // any thread, any time
 *     s = csv_ahead_take(&ahead, &text, &done, &taken, err);         // one caller at a time
 *     csv_ahead_set(&ahead, NULL);                                   // before the input is closed
 *     csv_ahead_free(&ahead);
 *
 * Only files are read ahead: who waits for a pipe would keep others from what has come already.
 * Pieces come in the order of the input, whoever reads them.  Nothing is copied but what was left
 * of the text: it goes in front of the next piece (unless that is as much as a piece).
 *
 * A piece is scanned (csv_scan.h) as what it is if the text before it is regular: quotes are
 * counted, from the first text that is taken here on.  Whoever takes it knows whether that was
 * right, uses what was found, or not, and if not says so (csv_ahead_turn()).
 */
#ifndef BELL_RECORDS_CSV_AHEAD_H
#define BELL_RECORDS_CSV_AHEAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buffer.h"
#include "base/error.h"
#include "io/input.h"
#include "records/csv_scan.h"

/* Pieces that may wait to be taken. */
enum { CSV_AHEAD_MAX = 4 };

struct csv_piece {
    struct buffer bytes;
    size_t start; /* of the text in bytes; in front of it is room */
    bool ended;   /* nothing comes behind it */
    enum status status;
    struct error error;
    struct csv_place place; /* where it begins */
    struct csv_index index; /* of its text, once it is scanned */
    atomic_bool busy;       /* it is being scanned */
    bool turned;            /* meanwhile the place turned out to be another one */
    bool scanned;
};

struct csv_ahead {
    pthread_mutex_t reading; /* held by whoever reads the input; taken before the lock */
    pthread_mutex_t lock;
    pthread_cond_t idle; /* a piece is not busy any more */
    struct input *input; /* borrowed; NULL: none */
    bool over;           /* it has ended, or failed; under `reading` */
    size_t size;         /* of a piece */
    bool scans;          /* pieces are scanned, and their places known */
    char delimiter;
    bool quotes;
    struct csv_place place; /* where the next piece begins */
    struct csv_piece pieces[CSV_AHEAD_MAX];
    size_t first; /* of those that wait */
    size_t count;
    struct buffer spare[CSV_AHEAD_MAX + 1]; /* to be used again */
    size_t spare_count;
};

/* What is told of a piece that was taken. */
struct csv_taken {
    bool ended;             /* it was the last; it may be empty */
    struct csv_place place; /* where it was thought to begin */
    size_t from;            /* where it begins in the buffer; 0: somewhere */
    bool scanned;           /* the index is that of its text at `from` */
    struct csv_index index; /* the caller's, whose memory is used in turn */
};

/* Pieces of so many bytes, scanned with this delimiter, and quotes if they count.  scans false: no
 * index is wanted. */
void csv_ahead_init(struct csv_ahead *ahead, size_t size, char delimiter, bool quotes, bool scans);
/* The input whose text comes next; what was read of another one is dropped.  The same again does
 * nothing. */
void csv_ahead_set(struct csv_ahead *ahead, struct input *input);
/* Reads and scans a piece, if there is a file and room for it, unless a piece is ready while
 * somebody else reads.  What goes wrong is told when it is taken. */
void csv_ahead_read(struct csv_ahead *ahead);
/* Puts the next piece (from a pipe as much as fills text up to a piece) behind text[*done ..], of
 * which *done moves, and the buffer may be another one; reads it, if none waits. */
enum status csv_ahead_take(struct csv_ahead *ahead, struct buffer *text, size_t *done,
                           struct csv_taken *taken, struct error *err) BELL_CHECK;
/* The pieces behind the last one that was taken begin inside quotes if they were thought not to,
 * and the other way round. */
void csv_ahead_turn(struct csv_ahead *ahead);
void csv_ahead_free(struct csv_ahead *ahead);

#endif
