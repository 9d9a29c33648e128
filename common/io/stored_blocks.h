/* stored_blocks.h - BGZF blocks of level 0, around text that stays where it was written.
 *
 *     struct stored_blocks blocks;
 *     if (!stored_blocks_begin(&blocks, out)) ...              // false, here and below: no memory
 *     for each record
 *         start = out->len; append the record to out
 *         if (stored_blocks_full(&blocks, out->len) && !stored_blocks_cut(&blocks, start)) ...
 *     if (!stored_blocks_end(&blocks)) ...
 *
 * The blocks are those that bgzf_append_text() (codec.h) makes of the same text.  Between begin
 * and end nothing else may be appended to out; after a false, out is to be thrown away.
 */
#ifndef BELL_IO_STORED_BLOCKS_H
#define BELL_IO_STORED_BLOCKS_H

#include "io/codec.h"

struct stored_blocks {
    struct buffer *out;
    size_t text; /* where the text of the open block begins in it */
};

bool stored_blocks_begin(struct stored_blocks *blocks, struct buffer *out) BELL_CHECK;

/* Would the open block be too long if it went up to here? */
static inline bool stored_blocks_full(const struct stored_blocks *blocks, size_t end)
{
    return end - blocks->text > BGZF_PAYLOAD_MAX;
}

/* Closes the block before the last record, which begins at `record`; that record and whatever
 * blocks it fills itself go behind. */
bool stored_blocks_cut(struct stored_blocks *blocks, size_t record) BELL_CHECK;
/* Closes the last block; what holds no text leaves no block. */
bool stored_blocks_end(struct stored_blocks *blocks) BELL_CHECK;

#endif
