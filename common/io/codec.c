#include "io/codec.h"

#include <stdlib.h>
#include <string.h>

#include "base/little_endian.h"
#include "io/codec_engine.h"

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

/* An engine and its memory, made when it is first needed. */
struct part {
    const struct codec_engine *engine;
    void *memory;
};

struct codec {
    struct part fast; /* does all that it can */
    struct part full; /* zlib, for the levels that it cannot */
};

static const struct codec_engine *best_engine(void)
{
    return codec_isal != NULL ? codec_isal : &codec_zlib;
}

enum status codec_new_with(struct codec **codec, const struct codec_engine *engine,
                           struct error *err)
{
    *codec = calloc(1, sizeof **codec);
    if (*codec == NULL)
        return error_no_memory(err);
    (*codec)->fast.engine = engine;
    (*codec)->full.engine = &codec_zlib;
    return STATUS_OK;
}

enum status codec_new(struct codec **codec, struct error *err)
{
    return codec_new_with(codec, best_engine(), err);
}

static void part_free(struct part *part)
{
    if (part->memory != NULL)
        part->engine->destroy(part->memory);
}

void codec_free(struct codec *codec)
{
    if (codec == NULL)
        return;
    part_free(&codec->fast);
    part_free(&codec->full);
    free(codec);
}

static bool part_ready(struct part *part)
{
    if (part->memory == NULL)
        part->memory = part->engine->make();
    return part->memory != NULL;
}

uint32_t codec_crc32(uint32_t crc, const void *data, size_t len)
{
    return len == 0 ? crc : best_engine()->crc32(crc, data, len);
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
    if (level > CODEC_LEVEL_MAX)
        level = CODEC_LEVEL_MAX;
    struct part *part = level <= codec->fast.engine->level_max ? &codec->fast : &codec->full;
    if (!part_ready(part))
        return error_no_memory(err);
    enum codec_step step = part->engine->deflate(part->memory, level, data, len, out, cap, made);
    return step == CODEC_NO_MEMORY ? error_no_memory(err) : STATUS_OK;
}

enum status codec_stream_start(struct codec *codec, struct error *err)
{
    struct part *part = &codec->fast;
    if (!part_ready(part) || !part->engine->stream_start(part->memory))
        return error_no_memory(err);
    return STATUS_OK;
}

enum codec_step codec_stream(struct codec *codec, const unsigned char **in, size_t *in_len,
                             unsigned char **out, size_t *out_len)
{
    const struct part *part = &codec->fast;
    size_t in_now = *in_len > UINT32_MAX ? UINT32_MAX : *in_len;
    size_t out_now = *out_len > UINT32_MAX ? UINT32_MAX : *out_len;
    const size_t in_before = in_now;
    const size_t out_before = out_now;
    enum codec_step step = part->engine->stream(part->memory, in, &in_now, out, &out_now);
    *in_len -= in_before - in_now;
    *out_len -= out_before - out_now;
    return step;
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
    struct part *part = &codec->fast;
    if (!part_ready(part))
        return error_no_memory(err);
    unsigned char nothing;
    enum codec_step step =
        part->engine->inflate(part->memory, data, len, out_len > 0 ? out : &nothing, out_len);
    *good = step == CODEC_END;
    return step == CODEC_NO_MEMORY ? error_no_memory(err) : STATUS_OK;
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
