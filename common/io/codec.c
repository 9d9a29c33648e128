#include "io/codec.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    BGZF_HEADER = 18,
    BGZF_TRAILER = 8,
    STORED_HEADER = 5, /* of a stored deflate block */
    STORED_MAX = 65535
};

_Static_assert(BGZF_HEADER + STORED_HEADER + BGZF_PAYLOAD_MAX + BGZF_TRAILER <= BGZF_BLOCK_MAX,
               "a stored block must fit");

const unsigned char bgzf_end_block[BGZF_END_SIZE] = {
    0x1f, 0x8b, 0x08, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0x06, 0x00, 0x42, 0x43,
    0x02, 0x00, 0x1b, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};

struct codec {
    z_stream deflater;
    int deflater_level; /* -1: not made yet */
    z_stream inflater;
    bool inflater_made;
};

enum status codec_new(struct codec **codec, struct error *err)
{
    *codec = calloc(1, sizeof **codec);
    if (*codec == NULL)
        return error_no_memory(err);
    (*codec)->deflater_level = -1;
    return STATUS_OK;
}

void codec_free(struct codec *codec)
{
    if (codec == NULL)
        return;
    if (codec->deflater_level >= 0)
        (void)deflateEnd(&codec->deflater);
    if (codec->inflater_made)
        (void)inflateEnd(&codec->inflater);
    free(codec);
}

uint32_t codec_crc32(uint32_t crc, const void *data, size_t len)
{
    if (len == 0) /* zlib takes a NULL for a wish to start anew */
        return crc;
    return (uint32_t)crc32_z(crc, data, len);
}

static void put_u16(unsigned char *to, unsigned value)
{
    to[0] = (unsigned char)(value & 0xff);
    to[1] = (unsigned char)(value >> 8 & 0xff);
}

static void put_u32(unsigned char *to, uint32_t value)
{
    put_u16(to, value & 0xffff);
    put_u16(to + 2, value >> 16);
}

static unsigned get_u16(const unsigned char *from)
{
    return (unsigned)from[0] | (unsigned)from[1] << 8;
}

/* Making the deflate state is dear, so it is kept and only reset from block to block. */
static enum status ready_deflater(struct codec *codec, int level, struct error *err)
{
    if (codec->deflater_level == level) {
        (void)deflateReset(&codec->deflater);
        return STATUS_OK;
    }
    if (codec->deflater_level >= 0)
        (void)deflateEnd(&codec->deflater);
    codec->deflater_level = -1;
    memset(&codec->deflater, 0, sizeof codec->deflater);
    if (deflateInit2(&codec->deflater, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return error_no_memory(err);
    codec->deflater_level = level;
    return STATUS_OK;
}

static size_t store(const void *data, size_t len, unsigned char *out, size_t cap)
{
    if (len > STORED_MAX || cap < len + STORED_HEADER)
        return 0;
    out[0] = 1; /* last block, stored */
    put_u16(out + 1, (unsigned)len);
    put_u16(out + 3, ~(unsigned)len);
    if (len > 0)
        memcpy(out + STORED_HEADER, data, len);
    return len + STORED_HEADER;
}

enum status codec_deflate(struct codec *codec, int level, const void *data, size_t len, void *out,
                          size_t cap, size_t *made, struct error *err)
{
    *made = 0;
    if (level <= 0) {
        *made = store(data, len, out, cap);
        return STATUS_OK;
    }
    if (len > UINT32_MAX)
        return STATUS_OK;
    if (cap > UINT32_MAX)
        cap = UINT32_MAX;
    enum status s = ready_deflater(codec, level > CODEC_LEVEL_MAX ? CODEC_LEVEL_MAX : level, err);
    if (s != STATUS_OK)
        return s;
    z_stream *z = &codec->deflater;
    z->next_in = (z_const Bytef *)data;
    z->avail_in = (uInt)len;
    z->next_out = out;
    z->avail_out = (uInt)cap;
    if (deflate(z, Z_FINISH) == Z_STREAM_END)
        *made = cap - z->avail_out;
    return STATUS_OK;
}

enum status codec_stream_start(struct codec *codec, struct error *err)
{
    if (codec->inflater_made) {
        (void)inflateReset(&codec->inflater);
        return STATUS_OK;
    }
    memset(&codec->inflater, 0, sizeof codec->inflater);
    if (inflateInit2(&codec->inflater, -MAX_WBITS) != Z_OK)
        return error_no_memory(err);
    codec->inflater_made = true;
    return STATUS_OK;
}

enum codec_step codec_stream(struct codec *codec, const unsigned char **in, size_t *in_len,
                             unsigned char **out, size_t *out_len)
{
    z_stream *z = &codec->inflater;
    uInt in_now = *in_len > UINT32_MAX ? UINT32_MAX : (uInt)*in_len;
    uInt out_now = *out_len > UINT32_MAX ? UINT32_MAX : (uInt)*out_len;
    z->next_in = (z_const Bytef *)*in;
    z->avail_in = in_now;
    z->next_out = *out;
    z->avail_out = out_now;
    int result = inflate(z, Z_NO_FLUSH);
    *in += in_now - z->avail_in;
    *in_len -= in_now - z->avail_in;
    *out += out_now - z->avail_out;
    *out_len -= out_now - z->avail_out;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
        return CODEC_MORE;
    case Z_STREAM_END:
        return CODEC_END;
    case Z_MEM_ERROR:
        return CODEC_NO_MEMORY;
    default:
        return CODEC_BROKEN;
    }
}

enum status codec_inflate(struct codec *codec, const void *data, size_t len, void *out,
                          size_t out_len, bool *good, struct error *err)
{
    *good = false;
    const unsigned char *bytes = data;
    /* Blocks that are only stored, as between filters, need no more than a copy. */
    if (len == out_len + STORED_HEADER && (bytes[0] & 7) == 1 && get_u16(bytes + 1) == out_len &&
        get_u16(bytes + 3) == (~get_u16(bytes + 1) & 0xffff)) {
        if (out_len > 0)
            memcpy(out, bytes + STORED_HEADER, out_len);
        *good = true;
        return STATUS_OK;
    }
    if (len > UINT32_MAX || out_len > UINT32_MAX)
        return STATUS_OK;
    enum status s = codec_stream_start(codec, err);
    if (s != STATUS_OK)
        return s;
    unsigned char nothing;
    z_stream *z = &codec->inflater;
    z->next_in = (z_const Bytef *)data;
    z->avail_in = (uInt)len;
    z->next_out = out_len > 0 ? out : &nothing; /* zlib refuses NULL */
    z->avail_out = (uInt)out_len;
    int result = inflate(z, Z_FINISH);
    if (result == Z_MEM_ERROR)
        return error_no_memory(err);
    *good = result == Z_STREAM_END && z->avail_in == 0 && z->avail_out == 0;
    return STATUS_OK;
}

enum status bgzf_append_block(struct codec *codec, int level, const void *data, size_t len,
                              struct buffer *out, struct error *err)
{
    if (len == 0)
        return STATUS_OK;
    if (len > BGZF_PAYLOAD_MAX)
        return error_set(err, STATUS_IO, "a block of %zu bytes is too long", len);
    const size_t room = len + STORED_HEADER;
    if (!buffer_reserve(out, BGZF_HEADER + room + BGZF_TRAILER))
        return error_no_memory(err);
    unsigned char *block = (unsigned char *)out->data + out->len;
    size_t packed = 0;
    enum status s = codec_deflate(codec, level, data, len, block + BGZF_HEADER, room, &packed, err);
    if (s != STATUS_OK) {
        out->data[out->len] = '\0';
        return s;
    }
    if (packed == 0)
        packed = store(data, len, block + BGZF_HEADER, room);
    const size_t size = BGZF_HEADER + packed + BGZF_TRAILER;
    memcpy(block, bgzf_end_block, BGZF_HEADER);
    put_u16(block + 16, (unsigned)(size - 1));
    put_u32(block + size - 8, codec_crc32(0, data, len));
    put_u32(block + size - 4, (uint32_t)len);
    out->len += size;
    out->data[out->len] = '\0';
    return STATUS_OK;
}

/* Bytes of the next block: up to the last record end that fits, or a full block out of a
 * record that is longer. */
static size_t next_block(const char *text, size_t len)
{
    if (len <= BGZF_PAYLOAD_MAX)
        return len;
    const char *last = memrchr(text, '\n', BGZF_PAYLOAD_MAX);
    return last == NULL ? BGZF_PAYLOAD_MAX : (size_t)(last - text) + 1;
}

enum status bgzf_append_text(struct codec *codec, int level, const char *text, size_t len,
                             struct buffer *out, struct error *err)
{
    const size_t before = out->len;
    while (len > 0) {
        size_t n = next_block(text, len);
        enum status s = bgzf_append_block(codec, level, text, n, out, err);
        if (s != STATUS_OK) {
            out->len = before;
            if (out->data != NULL && out->cap > before)
                out->data[before] = '\0';
            return s;
        }
        text += n;
        len -= n;
    }
    return STATUS_OK;
}

bool bgzf_append_end(struct buffer *out)
{
    return buffer_append(out, bgzf_end_block, BGZF_END_SIZE);
}
