/* text_ahead.h - the text of an input, read by one thread while another works on what came before.
 *
 *     struct text_ahead ahead;
 *     text_ahead_init(&ahead, size);
 *     text_ahead_set(&ahead, input);
 *     text_ahead_read(&ahead);                                    // any thread, any time
 *     s = text_ahead_take(&ahead, &text, &done, &ended, err);     // one caller at a time
 *     text_ahead_set(&ahead, NULL);                               // before the input is closed
 *     text_ahead_free(&ahead);
 *
 * Only files are read ahead: who waits for a pipe would keep others from what has come already.
 * Pieces come in the order of the input, whoever reads them.  Nothing is copied but what was left
 * of the text: it goes in front of the next piece.
 */
#ifndef BELL_RECORDS_TEXT_AHEAD_H
#define BELL_RECORDS_TEXT_AHEAD_H

#include <pthread.h>

#include "base/buffer.h"
#include "base/error.h"
#include "io/input.h"

/* Pieces that may wait to be taken. */
enum { TEXT_AHEAD_MAX = 4 };

struct text_piece {
    struct buffer bytes;
    size_t start; /* of the text in bytes; in front of it is room */
    bool ended;   /* nothing comes behind it */
    enum status status;
    struct error error;
};

struct text_ahead {
    pthread_mutex_t lock;
    struct input *input; /* borrowed; NULL: none */
    bool over;           /* it has ended, or failed */
    size_t size;         /* of a piece */
    struct text_piece pieces[TEXT_AHEAD_MAX];
    size_t first; /* of those that wait */
    size_t count;
    struct buffer spare[TEXT_AHEAD_MAX + 1]; /* to be used again */
    size_t spare_count;
};

void text_ahead_init(struct text_ahead *ahead, size_t size);
/* The input whose text comes next; what was read of another one is dropped.  The same again does
 * nothing. */
void text_ahead_set(struct text_ahead *ahead, struct input *input);
/* Reads a piece, if there is a file and room for it.  What goes wrong is told when it is taken. */
void text_ahead_read(struct text_ahead *ahead);
/* Puts the next piece (from a pipe as much as fills text up to a piece) behind text[*done ..], of
 * which *done moves, and the buffer may be another one; reads it, if none waits.  *ended: it was
 * the last (it may be empty). */
enum status text_ahead_take(struct text_ahead *ahead, struct buffer *text, size_t *done,
                            bool *ended, struct error *err) BELL_CHECK;
void text_ahead_free(struct text_ahead *ahead);

#endif
