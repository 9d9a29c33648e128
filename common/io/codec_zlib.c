#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "io/codec_engine.h"

struct zlib {
    z_stream deflater;
    int deflater_level; /* -1: not made yet */
    z_stream inflater;
    bool inflater_made;
};

static uint32_t zlib_crc32(uint32_t crc, const unsigned char *data, size_t len)
{
    return (uint32_t)crc32_z(crc, data, len);
}

static void *zlib_make(void)
{
    struct zlib *self = calloc(1, sizeof *self);
    if (self != NULL)
        self->deflater_level = -1;
    return self;
}

static void zlib_destroy(void *state)
{
    struct zlib *self = state;
    if (self->deflater_level >= 0)
        (void)deflateEnd(&self->deflater);
    if (self->inflater_made)
        (void)inflateEnd(&self->inflater);
    free(self);
}

/* Making the deflate state is dear, so it is kept and only reset from block to block. */
static bool ready_deflater(struct zlib *self, int level)
{
    if (self->deflater_level == level) {
        (void)deflateReset(&self->deflater);
        return true;
    }
    if (self->deflater_level >= 0)
        (void)deflateEnd(&self->deflater);
    self->deflater_level = -1;
    memset(&self->deflater, 0, sizeof self->deflater);
    if (deflateInit2(&self->deflater, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    self->deflater_level = level;
    return true;
}

static enum codec_step zlib_deflate(void *state, int level, const unsigned char *data, size_t len,
                                    unsigned char *out, size_t cap, size_t *made)
{
    struct zlib *self = state;
    if (!ready_deflater(self, level))
        return CODEC_NO_MEMORY;
    z_stream *z = &self->deflater;
    z->next_in = (z_const Bytef *)data;
    z->avail_in = (uInt)len;
    z->next_out = out;
    z->avail_out = (uInt)cap;
    if (deflate(z, Z_FINISH) != Z_STREAM_END)
        return CODEC_BROKEN;
    *made = cap - z->avail_out;
    return CODEC_END;
}

static bool zlib_stream_start(void *state)
{
    struct zlib *self = state;
    if (self->inflater_made) {
        (void)inflateReset(&self->inflater);
        return true;
    }
    memset(&self->inflater, 0, sizeof self->inflater);
    self->inflater_made = inflateInit2(&self->inflater, -MAX_WBITS) == Z_OK;
    return self->inflater_made;
}

static enum codec_step zlib_stream(void *state, const unsigned char **in, size_t *in_len,
                                   unsigned char **out, size_t *out_len)
{
    z_stream *z = &((struct zlib *)state)->inflater;
    z->next_in = (z_const Bytef *)*in;
    z->avail_in = (uInt)*in_len;
    z->next_out = *out;
    z->avail_out = (uInt)*out_len;
    int result = inflate(z, Z_NO_FLUSH);
    *in += *in_len - z->avail_in;
    *in_len = z->avail_in;
    if (result == Z_MEM_ERROR)
        return CODEC_NO_MEMORY;
    if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END)
        return CODEC_BROKEN;
    *out += *out_len - z->avail_out;
    *out_len = z->avail_out;
    return result == Z_STREAM_END ? CODEC_END : CODEC_MORE;
}

static enum codec_step zlib_inflate(void *state, const unsigned char *data, size_t len,
                                    unsigned char *out, size_t out_len)
{
    struct zlib *self = state;
    if (!zlib_stream_start(self))
        return CODEC_NO_MEMORY;
    z_stream *z = &self->inflater;
    z->next_in = (z_const Bytef *)data;
    z->avail_in = (uInt)len;
    z->next_out = out;
    z->avail_out = (uInt)out_len;
    int result = inflate(z, Z_FINISH);
    if (result == Z_MEM_ERROR)
        return CODEC_NO_MEMORY;
    bool good = result == Z_STREAM_END && z->avail_in == 0 && z->avail_out == 0;
    return good ? CODEC_END : CODEC_BROKEN;
}

const struct codec_engine codec_zlib = {
    .level_max = CODEC_LEVEL_MAX,
    .crc32 = zlib_crc32,
    .make = zlib_make,
    .destroy = zlib_destroy,
    .deflate = zlib_deflate,
    .inflate = zlib_inflate,
    .stream_start = zlib_stream_start,
    .stream = zlib_stream,
};
