#include "io/members.h"
#include "base/little_endian.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    GZIP_HEADER = 10,
    GZIP_TRAILER = 8,
    FLAG_HCRC = 2,
    FLAG_EXTRA = 4,
    FLAG_NAME = 8,
    FLAG_COMMENT = 16,
    FLAGS_RESERVED = 0xe0,
    BGZF_HEADER = 18
};

_Static_assert((int)RAW_SIZE >= (int)BGZF_BLOCK_MAX, "a block fits, and an extra field");

enum state {
    STATE_BETWEEN, /* behind a member, before the next or the end */
    STATE_BLOCK,   /* behind the header of a BGZF block */
    STATE_STREAM,  /* in the compressed data of another member */
    STATE_TRAILER, /* behind them */
    STATE_END
};

struct members {
    struct raw_reader *raw;
    struct codec *codec; /* for streams */
    enum state state;
    uint64_t offset;   /* where the present member begins */
    size_t block_size; /* of the present BGZF block, header and trailer included */
    bool end_header;   /* the present header is that of the end block */
    uint32_t crc;
    uint32_t length;
    bool in_bgzf;  /* the last member had a BC field */
    bool bgzf_end; /* ... and was the end block */
};

static enum status bad_bytes(const char *what, uint64_t member, uint64_t seen, struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "%s in the gzip member that begins at byte %llu, seen at byte %llu; the file "
                     "is damaged",
                     what, (unsigned long long)member, (unsigned long long)seen);
}

static enum status bad_member(const struct members *m, const char *what, struct error *err)
{
    return bad_bytes(what, m->offset, m->raw->offset, err);
}

/* As raw_fill(), with an error instead of an errno. */
static enum status fill(struct members *m, size_t need, struct error *err)
{
    int error = raw_fill(m->raw, need);
    if (error == ENOMEM)
        return error_no_memory(err);
    if (error != 0)
        return error_set_errno(err, STATUS_IO, error, "cannot read");
    return STATUS_OK;
}

/* As fill(); the input's end before that is a cut. */
static enum status fill_member(struct members *m, size_t need, struct error *err)
{
    enum status s = fill(m, need, err);
    if (s != STATUS_OK || raw_available(m->raw) >= need)
        return s;
    return error_set(err, STATUS_DAMAGED,
                     "cut short: ends at byte %llu, inside the gzip member that begins at byte "
                     "%llu",
                     (unsigned long long)(m->raw->offset + raw_available(m->raw)),
                     (unsigned long long)m->offset);
}

/* ---- headers ---- */

/* The size of the block that a BC field states, 0 if there is none. */
static size_t find_block_size(const unsigned char *extra, size_t len)
{
    while (len >= 4) {
        size_t field = get_u16(extra + 2);
        if (field > len - 4)
            return 0;
        if (extra[0] == 'B' && extra[1] == 'C' && field == 2)
            return (size_t)get_u16(extra + 4) + 1;
        extra += 4 + field;
        len -= 4 + field;
    }
    return 0;
}

static enum status read_extra(struct members *m, uint32_t *crc, bool end_header, struct error *err)
{
    enum status s = fill_member(m, 2, err);
    if (s != STATUS_OK)
        return s;
    const size_t len = get_u16(raw_bytes(m->raw));
    s = fill_member(m, 2 + len, err);
    if (s != STATUS_OK)
        return s;
    const unsigned char *extra = raw_bytes(m->raw);
    m->block_size = find_block_size(extra + 2, len);
    m->end_header = end_header && 2 + len == BGZF_HEADER - GZIP_HEADER &&
                    memcmp(extra, bgzf_end_block + GZIP_HEADER, 2 + len) == 0;
    *crc = codec_crc32(*crc, extra, 2 + len);
    raw_use(m->raw, 2 + len);
    return STATUS_OK;
}

/* Passes over a text that ends in NUL, of any length. */
static enum status skip_text(struct members *m, uint32_t *crc, struct error *err)
{
    for (;;) {
        enum status s = fill_member(m, 1, err);
        if (s != STATUS_OK)
            return s;
        const unsigned char *text = raw_bytes(m->raw);
        const unsigned char *nul = memchr(text, 0, raw_available(m->raw));
        size_t n = nul == NULL ? raw_available(m->raw) : (size_t)(nul - text) + 1;
        *crc = codec_crc32(*crc, text, n);
        raw_use(m->raw, n);
        if (nul != NULL)
            return STATUS_OK;
    }
}

static enum status check_header_crc(struct members *m, uint32_t crc, struct error *err)
{
    enum status s = fill_member(m, 2, err);
    if (s != STATUS_OK)
        return s;
    bool good = get_u16(raw_bytes(m->raw)) == (crc & 0xffff);
    raw_use(m->raw, 2);
    return good ? STATUS_OK : bad_member(m, "bad header CRC", err);
}

/* The header of a member, from its magic bytes on, which were seen. */
static enum status read_header(struct members *m, struct error *err)
{
    m->block_size = 0;
    m->end_header = false;
    enum status s = fill_member(m, GZIP_HEADER, err);
    if (s != STATUS_OK)
        return s;
    const unsigned char *header = raw_bytes(m->raw);
    const unsigned method = header[2];
    const unsigned flags = header[3];
    const bool end_header = memcmp(header, bgzf_end_block, GZIP_HEADER) == 0;
    uint32_t crc = codec_crc32(0, header, GZIP_HEADER);
    raw_use(m->raw, GZIP_HEADER);
    if (method != 8)
        return bad_member(m, "unknown compression method", err);
    if ((flags & FLAGS_RESERVED) != 0)
        return bad_member(m, "reserved header flags", err);
    if ((flags & FLAG_EXTRA) != 0)
        s = read_extra(m, &crc, end_header, err);
    if (s == STATUS_OK && (flags & FLAG_NAME) != 0)
        s = skip_text(m, &crc, err);
    if (s == STATUS_OK && (flags & FLAG_COMMENT) != 0)
        s = skip_text(m, &crc, err);
    if (s == STATUS_OK && (flags & FLAG_HCRC) != 0)
        s = check_header_crc(m, crc, err);
    return s;
}

/* ---- between members ---- */

static enum status no_end_block(const char *what, uint64_t offset, struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "cut short: %s at byte %llu, and no BGZF end block stands before it; whatever "
                     "wrote the part before it did not finish",
                     what, (unsigned long long)offset);
}

static enum status garbage(const struct members *m, struct error *err)
{
    return error_set(err, STATUS_DAMAGED,
                     "bytes behind the end that are no gzip, at byte %llu; the file is damaged, or "
                     "something was appended to it",
                     (unsigned long long)m->raw->offset);
}

static enum status skip_padding(struct members *m, struct error *err)
{
    for (;;) {
        enum status s = fill(m, 1, err);
        if (s != STATUS_OK)
            return s;
        size_t n = 0;
        while (n < raw_available(m->raw) && raw_bytes(m->raw)[n] == 0)
            n++;
        raw_use(m->raw, n);
        if (raw_available(m->raw) > 0)
            return garbage(m, err);
        if (m->raw->eof)
            return STATUS_OK;
    }
}

/* Behind a member: the end, padding to the end, or the header of the next. */
static enum status next_member(struct members *m, struct error *err)
{
    enum status s = fill(m, 1, err);
    if (s != STATUS_OK)
        return s;
    const bool unfinished = m->in_bgzf && !m->bgzf_end;
    const bool ends = raw_available(m->raw) == 0;
    if (ends || raw_bytes(m->raw)[0] == 0) {
        if (unfinished)
            return no_end_block(ends ? "ends" : "zeros begin", m->raw->offset, err);
        s = skip_padding(m, err);
        m->state = STATE_END;
        return s;
    }
    if (raw_bytes(m->raw)[0] != 0x1f)
        return garbage(m, err);
    m->offset = m->raw->offset;
    s = fill_member(m, 2, err);
    if (s != STATUS_OK)
        return s;
    if (raw_bytes(m->raw)[1] != 0x8b)
        return garbage(m, err);
    s = read_header(m, err);
    if (s != STATUS_OK)
        return s;
    m->in_bgzf = m->block_size > 0;
    if (!m->in_bgzf && unfinished)
        return no_end_block("gzip that is no BGZF begins", m->offset, err);
    m->crc = 0;
    m->length = 0;
    m->state = m->in_bgzf ? STATE_BLOCK : STATE_STREAM;
    return m->in_bgzf ? STATUS_OK : codec_stream_start(m->codec, err);
}

static enum status check_trailer(struct members *m, struct error *err)
{
    enum status s = fill_member(m, GZIP_TRAILER, err);
    if (s != STATUS_OK)
        return s;
    const uint32_t crc = get_u32(raw_bytes(m->raw));
    const uint32_t length = get_u32(raw_bytes(m->raw) + 4);
    raw_use(m->raw, GZIP_TRAILER);
    if (crc != m->crc)
        return bad_member(m, "bad CRC", err);
    if (length != m->length)
        return bad_member(m, "bad size", err);
    m->state = STATE_BETWEEN;
    return STATUS_OK;
}

enum status members_next(struct members *m, enum members_what *what, struct error *err)
{
    enum status s = STATUS_OK;
    if (m->state == STATE_TRAILER)
        s = check_trailer(m, err);
    if (s == STATUS_OK && m->state == STATE_BETWEEN)
        s = next_member(m, err);
    *what = m->state == STATE_END     ? MEMBERS_END
            : m->state == STATE_BLOCK ? MEMBERS_BLOCK
                                      : MEMBERS_STREAM;
    return s;
}

/* ---- what is in them ---- */

enum status members_read_block(struct members *m, struct packed_block *block, struct error *err)
{
    const size_t header = (size_t)(m->raw->offset - m->offset);
    if (m->block_size < header + GZIP_TRAILER)
        return bad_member(m, "bad block size", err);
    const size_t size = m->block_size - header - GZIP_TRAILER;
    enum status s = fill_member(m, size + GZIP_TRAILER, err);
    if (s != STATUS_OK)
        return s;
    const unsigned char *data = raw_bytes(m->raw);
    m->bgzf_end = m->end_header && m->block_size == BGZF_END_SIZE &&
                  memcmp(data, bgzf_end_block + BGZF_HEADER, BGZF_END_SIZE - BGZF_HEADER) == 0;
    raw_use(m->raw, size + GZIP_TRAILER);
    m->state = STATE_BETWEEN;
    *block = (struct packed_block){
        .data = data,
        .size = size,
        .len = get_u32(data + size + 4),
        .crc = get_u32(data + size),
        .end = m->bgzf_end,
        .member_offset = m->offset,
        .end_offset = m->raw->offset,
    };
    return block->len > BGZF_BLOCK_MAX ? bad_member(m, "bad size", err) : STATUS_OK;
}

enum status packed_block_inflate(const struct packed_block *block, struct codec *codec, void *out,
                                 struct error *err)
{
    bool good;
    enum status s = codec_inflate(codec, block->data, block->size, out, block->len, &good, err);
    if (s != STATUS_OK)
        return s;
    if (!good)
        return bad_bytes("bad compressed data or size", block->member_offset, block->end_offset,
                         err);
    if (codec_crc32(0, out, block->len) != block->crc)
        return bad_bytes("bad CRC", block->member_offset, block->end_offset, err);
    return STATUS_OK;
}

enum status members_read_stream(struct members *m, void *buf, size_t *len, struct error *err)
{
    unsigned char *out = buf;
    size_t room = MEMBERS_PIECE;
    enum codec_step step;
    for (;;) {
        const unsigned char *from = raw_bytes(m->raw);
        size_t left = raw_available(m->raw);
        step = codec_stream(m->codec, &from, &left, &out, &room);
        raw_use(m->raw, raw_available(m->raw) - left);
        if (step != CODEC_MORE || room < MEMBERS_PIECE)
            break;
        enum status s = fill_member(m, raw_available(m->raw) + 1, err);
        if (s != STATUS_OK)
            return s;
    }
    if (step == CODEC_BROKEN)
        return bad_member(m, "bad compressed data", err);
    if (step == CODEC_NO_MEMORY)
        return error_no_memory(err);
    *len = MEMBERS_PIECE - room;
    m->crc = codec_crc32(m->crc, buf, *len);
    m->length += (uint32_t)*len;
    if (step == CODEC_END)
        m->state = STATE_TRAILER;
    return STATUS_OK;
}

bool members_ready(const struct members *m)
{
    return m->raw->regular || m->raw->eof || raw_available(m->raw) >= BGZF_BLOCK_MAX;
}

/* ---- life ---- */

enum status members_new(struct members **members, struct raw_reader *raw, struct error *err)
{
    struct members *m = calloc(1, sizeof *m);
    *members = m;
    if (m == NULL)
        return error_no_memory(err);
    m->raw = raw;
    return codec_new(&m->codec, err);
}

void members_free(struct members *m)
{
    if (m == NULL)
        return;
    codec_free(m->codec);
    free(m);
}
