#include "io/codec_engine.h"

#ifndef HAVE_ISAL

const struct codec_engine *const codec_isal = NULL;

#else

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

/* Each part is made when it is first needed: most codecs only pack or only unpack. */
struct isal {
    struct isal_zstream *deflater;
    unsigned char *level_memory; /* of any level */
    struct inflate_state *inflater;
};

/* Enough for a block of 64 KiB; more makes it neither faster nor smaller. */
static const uint32_t level_sizes[] = {0, ISAL_DEF_LVL1_MEDIUM, ISAL_DEF_LVL2_MEDIUM,
                                       ISAL_DEF_LVL3_MEDIUM};
enum { LEVEL_MAX = sizeof level_sizes / sizeof level_sizes[0] - 1 };

static uint32_t isal_crc32(uint32_t crc, const unsigned char *data, size_t len)
{
    return crc32_gzip_refl(crc, data, len);
}

static void *isal_make(void)
{
    return calloc(1, sizeof(struct isal));
}

static void isal_destroy(void *state)
{
    struct isal *self = state;
    free(self->deflater);
    free(self->level_memory);
    free(self->inflater);
    free(self);
}

static bool ready_deflater(struct isal *self)
{
    if (self->deflater == NULL)
        self->deflater = calloc(1, sizeof *self->deflater);
    if (self->level_memory == NULL)
        self->level_memory = calloc(1, level_sizes[LEVEL_MAX]);
    return self->deflater != NULL && self->level_memory != NULL;
}

static enum codec_step isal_pack(void *state, int level, const unsigned char *data, size_t len,
                                 unsigned char *out, size_t cap, size_t *made)
{
    struct isal *self = state;
    if (!ready_deflater(self))
        return CODEC_NO_MEMORY;
    struct isal_zstream *z = self->deflater;
    isal_deflate_stateless_init(z);
    z->level = (uint32_t)level;
    z->level_buf = self->level_memory;
    z->level_buf_size = level_sizes[level];
    z->end_of_stream = 1;
    z->next_in = (uint8_t *)(uintptr_t)data;
    z->avail_in = (uint32_t)len;
    z->next_out = out;
    z->avail_out = (uint32_t)cap;
    if (isal_deflate_stateless(z) != COMP_OK || z->avail_in != 0)
        return CODEC_BROKEN;
    *made = cap - z->avail_out;
    return CODEC_END;
}

static bool isal_stream_start(void *state)
{
    struct isal *self = state;
    if (self->inflater == NULL)
        self->inflater = calloc(1, sizeof *self->inflater);
    if (self->inflater == NULL)
        return false;
    isal_inflate_init(self->inflater);
    return true;
}

static enum codec_step isal_unpack(void *state, const unsigned char *data, size_t len,
                                   unsigned char *out, size_t out_len)
{
    struct isal *self = state;
    if (!isal_stream_start(self))
        return CODEC_NO_MEMORY;
    struct inflate_state *z = self->inflater;
    z->next_in = (uint8_t *)(uintptr_t)data;
    z->avail_in = (uint32_t)len;
    z->next_out = out;
    z->avail_out = (uint32_t)out_len;
    bool good = isal_inflate_stateless(z) == ISAL_DECOMP_OK &&
                z->block_state == ISAL_BLOCK_FINISH && z->avail_in == 0 && z->avail_out == 0;
    return good ? CODEC_END : CODEC_BROKEN;
}

/* Did the decoder stop because the bits that it has are not enough?  Where it stopped for want of
 * room, output waits in its own memory, or a stored block is being copied. */
static bool wants_input(const struct inflate_state *z)
{
    switch (z->block_state) {
    case ISAL_BLOCK_HDR:
        return true;
    case ISAL_BLOCK_NEW_HDR:
    case ISAL_BLOCK_CODED:
        return z->tmp_out_processed == z->tmp_out_valid;
    default:
        return false;
    }
}

/* The decoder takes up to eight bytes ahead into its bit buffer.  Whole ones go back to the caller,
 * so that what follows the stream is still there to be read.  When it wants input they stay: the
 * stream does not end in them, and a caller that got them back would offer them again for ever. */
static void give_back(struct inflate_state *z, const unsigned char *taken_from)
{
    if (z->read_in_length < 8 || z->next_in - taken_from < z->read_in_length / 8)
        return;
    z->next_in -= z->read_in_length / 8;
    z->read_in_length %= 8;
    z->read_in &= (UINT64_C(1) << z->read_in_length) - 1;
}

static enum codec_step isal_stream(void *state, const unsigned char **in, size_t *in_len,
                                   unsigned char **out, size_t *out_len)
{
    struct inflate_state *z = ((struct isal *)state)->inflater;
    z->next_in = (uint8_t *)(uintptr_t)*in;
    z->avail_in = (uint32_t)*in_len;
    z->next_out = *out;
    z->avail_out = (uint32_t)*out_len;
    int result = isal_inflate(z);
    if (result != ISAL_DECOMP_OK || !wants_input(z))
        give_back(z, *in);
    *in_len -= (size_t)(z->next_in - *in);
    *in = z->next_in;
    /* After an error next_out may stand behind a copy that was not made. */
    if (result != ISAL_DECOMP_OK)
        return CODEC_BROKEN;
    *out_len -= (size_t)(z->next_out - *out);
    *out = z->next_out;
    return z->block_state == ISAL_BLOCK_FINISH ? CODEC_END : CODEC_MORE;
}

static const struct codec_engine engine = {
    .level_max = LEVEL_MAX,
    .crc32 = isal_crc32,
    .make = isal_make,
    .destroy = isal_destroy,
    .deflate = isal_pack,
    .inflate = isal_unpack,
    .stream_start = isal_stream_start,
    .stream = isal_stream,
};

const struct codec_engine *const codec_isal = &engine;

#endif
