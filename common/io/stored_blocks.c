#include "io/stored_blocks.h"
#include "base/little_endian.h"

#include <string.h>

enum {
    HEADER = 18 + 5, /* of the gzip member and of the deflate block */
    TRAILER = 8,
    BETWEEN = TRAILER + HEADER
};

/* Header and trailer round the first len bytes of the open block's text. */
static void wrap(struct stored_blocks *blocks, size_t len)
{
    unsigned char *text = (unsigned char *)blocks->out->data + blocks->text;
    unsigned char *header = text - HEADER;
    memcpy(header, bgzf_end_block, 18);
    put_u16(header + 16, (uint32_t)(HEADER + len + TRAILER - 1));
    header[18] = 1; /* the last deflate block, stored */
    put_u16(header + 19, (uint32_t)len);
    put_u16(header + 21, ~(uint32_t)len);
    put_u32(text + len, codec_crc32(0, text, len));
    put_u32(text + len + 4, (uint32_t)len);
    blocks->text += len + BETWEEN;
}

bool stored_blocks_begin(struct stored_blocks *blocks, struct buffer *out)
{
    if (!buffer_reserve(out, BETWEEN))
        return false;
    out->len += HEADER;
    *blocks = (struct stored_blocks){.out = out, .text = out->len};
    return true;
}

/* Closes the block behind len bytes of text. */
static bool cut_at(struct stored_blocks *blocks, size_t len)
{
    struct buffer *out = blocks->out;
    const size_t end = blocks->text + len;
    if (!buffer_reserve(out, BETWEEN))
        return false;
    memmove(out->data + end + BETWEEN, out->data + end, out->len - end);
    out->len += BETWEEN;
    wrap(blocks, len);
    return true;
}

/* Of a record that is longer than a block, all blocks but the last; from the back, so that nothing
 * moves twice. */
static bool cut_long(struct stored_blocks *blocks)
{
    struct buffer *out = blocks->out;
    const size_t len = out->len - blocks->text;
    const size_t full = (len - 1) / BGZF_PAYLOAD_MAX;
    if (!buffer_reserve(out, full * BETWEEN))
        return false;
    char *text = out->data + blocks->text;
    for (size_t i = full; i > 0; i--) {
        const size_t at = i * BGZF_PAYLOAD_MAX;
        memmove(text + at + i * BETWEEN, text + at, i == full ? len - at : BGZF_PAYLOAD_MAX);
    }
    out->len += full * BETWEEN;
    for (size_t i = 0; i < full; i++)
        wrap(blocks, BGZF_PAYLOAD_MAX);
    return true;
}

bool stored_blocks_cut(struct stored_blocks *blocks, size_t record)
{
    if (record > blocks->text && !cut_at(blocks, record - blocks->text))
        return false;
    return !stored_blocks_full(blocks, blocks->out->len) || cut_long(blocks);
}

bool stored_blocks_end(struct stored_blocks *blocks)
{
    struct buffer *out = blocks->out;
    const size_t len = out->len - blocks->text;
    if (!buffer_reserve(out, TRAILER))
        return false;
    if (len == 0) {
        out->len -= HEADER;
    } else {
        wrap(blocks, len);
        out->len += TRAILER;
    }
    out->data[out->len] = '\0';
    return true;
}
