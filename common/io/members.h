/* members.h - the members of a gzip file, one after the other, checked but for what is inside
 * BGZF blocks.
 *
 *     s = members_new(&members, &raw, err);           // raw stands on the magic bytes
 *     for (;;) {
 *         s = members_next(members, &what, err);
 *         if (s != STATUS_OK || what == MEMBERS_END)
 *             break;
 *         if (what == MEMBERS_BLOCK) {
 *             s = members_read_block(members, &block, err);
 *             s = packed_block_inflate(&block, codec, room, err);
 *         } else
 *             s = members_read_stream(members, room, &len, err);
 *     }
 *     members_free(members);
 *
 * Blocks come packed, so that other threads can inflate them: packed_block_inflate() needs a
 * codec of the thread's own and nothing else.  Other members are one stream, inflated here, in
 * pieces that depend on the input alone and not on who asks: so an error is found behind the
 * same bytes however the text is read.
 *
 * Errors have a text, neither file nor offset.  STATUS_DAMAGED: see input.h.  After an error
 * nothing but members_free() may follow.  For one thread at a time; raw is borrowed.
 */
#ifndef BELL_IO_MEMBERS_H
#define BELL_IO_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/codec.h"
#include "io/raw_reader.h"

enum { MEMBERS_PIECE = 256 * 1024 }; /* room that members_read_stream() asks for */

enum members_what { MEMBERS_END, MEMBERS_BLOCK, MEMBERS_STREAM };

struct packed_block {
    const unsigned char *data;
    size_t size;
    size_t len; /* inflated, at most BGZF_BLOCK_MAX */
    uint32_t crc;
    bool end; /* it is the end block */
    uint64_t member_offset;
    uint64_t end_offset; /* of the member; both in the file */
};

struct members;

enum status members_new(struct members **members, struct raw_reader *raw,
                        struct error *err) BELL_CHECK;
void members_free(struct members *members); /* NULL is allowed */

/* What comes next; reads as far as behind its header.  Twice is the same as once. */
enum status members_next(struct members *members, enum members_what *what,
                         struct error *err) BELL_CHECK;
/* The block that comes next; its data stays until the next call. */
enum status members_read_block(struct members *members, struct packed_block *block,
                               struct error *err) BELL_CHECK;
/* A piece of the stream that comes next, of at most MEMBERS_PIECE bytes.  *len == 0: a member
 * ended; what comes next may be of any kind. */
enum status members_read_stream(struct members *members, void *buf, size_t *len,
                                struct error *err) BELL_CHECK;
/* Would a block that comes next be there without waiting for somebody to write it? */
bool members_ready(const struct members *members);

/* Inflates block->len bytes into out and checks them. */
enum status packed_block_inflate(const struct packed_block *block, struct codec *codec, void *out,
                                 struct error *err) BELL_CHECK;

#endif
