/* codec.h - the boundary behind which bytes are compressed, decompressed and summed.
 *
 * Everything else in the tree calls these functions and no compression library.  Behind them stand
 * ISA-L, where it was built in, for inflate, CRC and deflate at levels 1 to 3, and zlib for the
 * rest (codec_engine.h).  So the packed bytes of a level may differ between two builds; what they
 * unpack to does not.
 *
 *     struct codec *codec;
 *     s = codec_new(&codec, err);              // one a thread
 *     s = bgzf_append_text(codec, 1, text, len, &out, err);
 *     if (!bgzf_append_end(&out)) ...
 *     codec_free(codec);
 *
 * A codec holds scratch memory and belongs to one thread at a time.  No call keeps a pointer
 * to the caller's bytes.
 */
#ifndef BELL_IO_CODEC_H
#define BELL_IO_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

enum {
    CODEC_LEVEL_MAX = 9,
    BGZF_PAYLOAD_MAX = 65280, /* bytes of text we put into one block */
    BGZF_BLOCK_MAX = 65536,   /* bytes of one block, and the most that it may hold */
    BGZF_END_SIZE = 28
};

/* The fixed block that ends a BGZF file. */
extern const unsigned char bgzf_end_block[BGZF_END_SIZE];

struct codec;

enum status codec_new(struct codec **codec, struct error *err) BELL_CHECK;
/* NULL is allowed. */
void codec_free(struct codec *codec);

/* The CRC-32 of gzip: start with crc 0, feed pieces in order. */
uint32_t codec_crc32(uint32_t crc, const void *data, size_t len);

/* Raw deflate of a whole piece at level 0..9 into out.  *made is its size, or 0 if it does not
 * fit into cap bytes.  Level 0 stores (then len is at most 65535).  STATUS_IO: memory. */
enum status codec_deflate(struct codec *codec, int level, const void *data, size_t len, void *out,
                          size_t cap, size_t *made, struct error *err) BELL_CHECK;

/* Inflates a whole raw deflate stream.  *good is true only if all len bytes were used and they
 * gave exactly out_len bytes; else what stands in out is undefined.  STATUS_IO: memory. */
enum status codec_inflate(struct codec *codec, const void *data, size_t len, void *out,
                          size_t out_len, bool *good, struct error *err) BELL_CHECK;

/* Streaming inflate of one raw deflate stream: start, then step until CODEC_END.  A step moves
 * *in and *in_len over what it used and *out and *out_len over what it made.  CODEC_MORE: give
 * more room, or if room is left, more input behind what was not used; bytes that were used may
 * still have output to give, so try without input first.  CODEC_END: *in stands behind the last
 * byte of the stream.  CODEC_BROKEN: *out did not move. */
enum codec_step { CODEC_MORE, CODEC_END, CODEC_BROKEN, CODEC_NO_MEMORY };

enum status codec_stream_start(struct codec *codec, struct error *err) BELL_CHECK;
enum codec_step codec_stream(struct codec *codec, const unsigned char **in, size_t *in_len,
                             unsigned char **out, size_t *out_len) BELL_CHECK;

/* Appends one BGZF block that holds len <= BGZF_PAYLOAD_MAX bytes; nothing for len 0, since an
 * empty block is the end mark.  What does not shrink is stored.  On failure out is as it was. */
enum status bgzf_append_block(struct codec *codec, int level, const void *data, size_t len,
                              struct buffer *out, struct error *err) BELL_CHECK;

/* Appends text, whole records that end in LF, as blocks: each ends at a record end unless one
 * record is longer than a block; none is empty.  On failure out is as it was. */
enum status bgzf_append_text(struct codec *codec, int level, const char *text, size_t len,
                             struct buffer *out, struct error *err) BELL_CHECK;

/* Appends bgzf_end_block; false: out of memory. */
bool bgzf_append_end(struct buffer *out) BELL_CHECK;

#endif
