/* codec_engine.h - what codec.c asks of a compression library; nobody else includes this.
 *
 * There are two engines: zlib, always, with every level; and ISA-L where it was built in, which
 * inflates more than twice as fast and deflates levels 1 and 2 three to four times as fast.
 * codec.c takes the faster one for all that it can do.  tests/unit/test_codec_engines.c holds
 * the one to the other.
 *
 * They agree on what is good, but for one oddity: ISA-L also takes Huffman codes that leave some
 * bit patterns unused, which zlib refuses.  Nothing known writes such, and the CRC decides.
 *
 * self is what make() gave: scratch memory that is used again and again.  Lengths are below
 * 2^32, pointers are never NULL.
 */
#ifndef BELL_IO_CODEC_ENGINE_H
#define BELL_IO_CODEC_ENGINE_H

#include "io/codec.h"

struct codec_engine {
    int level_max; /* deflate() takes levels from 1 to this */
    uint32_t (*crc32)(uint32_t crc, const unsigned char *data, size_t len);
    void *(*make)(void); /* NULL: out of memory */
    void (*destroy)(void *self);
    /* The rest as in codec.h.  CODEC_NO_MEMORY or CODEC_BROKEN (does not fit, is not good) or
     * CODEC_END (*made, good). */
    enum codec_step (*deflate)(void *self, int level, const unsigned char *data, size_t len,
                               unsigned char *out, size_t cap, size_t *made);
    enum codec_step (*inflate)(void *self, const unsigned char *data, size_t len,
                               unsigned char *out, size_t out_len);
    /* false: out of memory */
    bool (*stream_start)(void *self);
    enum codec_step (*stream)(void *self, const unsigned char **in, size_t *in_len,
                              unsigned char **out, size_t *out_len);
};

extern const struct codec_engine codec_zlib;
/* NULL: not built in. */
extern const struct codec_engine *const codec_isal;

/* A codec that uses this engine for all that it can do. */
enum status codec_new_with(struct codec **codec, const struct codec_engine *engine,
                           struct error *err) BELL_CHECK;

#endif
