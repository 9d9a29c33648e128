#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/codec.h"
#include "io/descriptor.h"

enum {
    RAW_SIZE = 256 * 1024, /* more than a BGZF block and more than any extra field */
    PAGE = 4096,
    RAW_ROOM = RAW_SIZE + PAGE,
    DIRECT_MIN = 64 * 1024 /* plain reads from here on go past our buffer */
};

enum {
    GZIP_HEADER = 10,
    GZIP_TRAILER = 8,
    FLAG_HCRC = 2,
    FLAG_EXTRA = 4,
    FLAG_NAME = 8,
    FLAG_COMMENT = 16,
    FLAGS_RESERVED = 0xe0,
    BGZF_HEADER = 18,
    BORDERS_MAX = 64 * 1024
};

enum state {
    STATE_START, /* nothing looked at */
    STATE_PLAIN,
    STATE_BETWEEN, /* behind a member, before the next or the end */
    STATE_BLOCK,   /* behind the header of a BGZF block */
    STATE_STREAM,  /* in the compressed data of another member */
    STATE_END,
    STATE_FAILED
};

/* A decompressed offset at which a BGZF block begins. */
struct border {
    uint64_t offset;
    bool end; /* an end block stands there */
};

struct input {
    char *name;
    int fd;
    enum input_kind kind;
    enum state state;
    uint64_t size; /* of the file from where we began; 0: unknown */

    unsigned char *raw; /* bytes as read; raw_at..raw_end not yet used */
    size_t raw_at;
    size_t raw_end;
    uint64_t raw_offset; /* of raw_at, from where we began */
    bool raw_eof;

    struct codec *codec;
    unsigned char *block; /* a BGZF block that did not fit into the caller's room */
    size_t block_at;
    size_t block_end;

    uint64_t member_offset; /* where the present member begins */
    size_t block_size;      /* of the present BGZF block, header and trailer included */
    bool end_header;        /* the present header is that of the end block */
    uint32_t crc;
    uint32_t length;
    bool in_bgzf;           /* the last member had a BC field */
    bool bgzf_end;          /* ... and was the end block */
    bool mixed;             /* some member had none */
    struct border *borders; /* where the latest blocks begin, ascending */
    size_t border_count;

    uint64_t given; /* decompressed bytes handed out */
    struct error failure;
};

static enum status repeat_failure(const struct input *in, struct error *err)
{
    if (err != NULL)
        *err = in->failure;
    return in->failure.code;
}

/* Takes in->failure, just set, as final. */
static enum status fail(struct input *in, struct error *err)
{
    error_at(&in->failure, in->name, 0, 0);
    in->failure.offset = in->given;
    in->state = STATE_FAILED;
    return repeat_failure(in, err);
}

static enum status no_memory(struct input *in, struct error *err)
{
    (void)error_no_memory(&in->failure);
    return fail(in, err);
}

static enum status bad_member(struct input *in, const char *what, struct error *err)
{
    (void)error_set(&in->failure, STATUS_DAMAGED,
                    "%s in the gzip member that begins at byte %llu, seen at byte %llu; the file "
                    "is damaged",
                    what, (unsigned long long)in->member_offset,
                    (unsigned long long)in->raw_offset);
    return fail(in, err);
}

static enum status cut_member(struct input *in, struct error *err)
{
    uint64_t end = in->raw_offset + (in->raw_end - in->raw_at);
    (void)error_set(&in->failure, STATUS_DAMAGED,
                    "cut short: ends at byte %llu, inside the gzip member that begins at byte %llu",
                    (unsigned long long)end, (unsigned long long)in->member_offset);
    return fail(in, err);
}

static size_t available(const struct input *in)
{
    return in->raw_end - in->raw_at;
}

static const unsigned char *raw(const struct input *in)
{
    return in->raw + in->raw_at;
}

static void use(struct input *in, size_t n)
{
    in->raw_at += n;
    in->raw_offset += n;
}

/* Reads until need (<= RAW_SIZE) bytes are there or the input has ended.  What is left of the last
 * read goes before a border of pages, so that the next one begins at it: most copies by the kernel
 * begin at one too, and processors are known (Zen 3) that copy at a third of their speed to places
 * that lie a few bytes further on in a page than what is copied. */
static enum status fill(struct input *in, size_t need, struct error *err)
{
    while (available(in) < need && !in->raw_eof) {
        if (in->raw_at == in->raw_end || RAW_ROOM - in->raw_at < need) {
            const size_t left = available(in);
            const size_t at = (PAGE - left % PAGE) % PAGE;
            memmove(in->raw + at, raw(in), left);
            in->raw_at = at;
            in->raw_end = at + left;
        }
        ssize_t n = descriptor_read(in->fd, in->raw + in->raw_end, RAW_ROOM - in->raw_end);
        if (n < 0) {
            (void)error_set_errno(&in->failure, STATUS_IO, errno, "cannot read");
            return fail(in, err);
        }
        in->raw_eof = n == 0;
        in->raw_end += (size_t)n;
    }
    return STATUS_OK;
}

/* As fill(); the input's end before that is a cut. */
static enum status fill_member(struct input *in, size_t need, struct error *err)
{
    enum status s = fill(in, need, err);
    if (s == STATUS_OK && available(in) < need)
        return cut_member(in, err);
    return s;
}

static unsigned get_u16(const unsigned char *from)
{
    return (unsigned)from[0] | (unsigned)from[1] << 8;
}

static uint32_t get_u32(const unsigned char *from)
{
    return (uint32_t)get_u16(from) | (uint32_t)get_u16(from + 2) << 16;
}

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

static enum status read_extra(struct input *in, uint32_t *crc, bool end_header, struct error *err)
{
    enum status s = fill_member(in, 2, err);
    if (s != STATUS_OK)
        return s;
    const size_t len = get_u16(raw(in));
    s = fill_member(in, 2 + len, err);
    if (s != STATUS_OK)
        return s;
    in->block_size = find_block_size(raw(in) + 2, len);
    in->end_header = end_header && 2 + len == BGZF_HEADER - GZIP_HEADER &&
                     memcmp(raw(in), bgzf_end_block + GZIP_HEADER, 2 + len) == 0;
    *crc = codec_crc32(*crc, raw(in), 2 + len);
    use(in, 2 + len);
    return STATUS_OK;
}

/* Passes over a text that ends in NUL, of any length. */
static enum status skip_text(struct input *in, uint32_t *crc, struct error *err)
{
    for (;;) {
        enum status s = fill_member(in, 1, err);
        if (s != STATUS_OK)
            return s;
        const unsigned char *nul = memchr(raw(in), 0, available(in));
        size_t n = nul == NULL ? available(in) : (size_t)(nul - raw(in)) + 1;
        *crc = codec_crc32(*crc, raw(in), n);
        use(in, n);
        if (nul != NULL)
            return STATUS_OK;
    }
}

static enum status check_header_crc(struct input *in, uint32_t crc, struct error *err)
{
    enum status s = fill_member(in, 2, err);
    if (s != STATUS_OK)
        return s;
    bool good = get_u16(raw(in)) == (crc & 0xffff);
    use(in, 2);
    return good ? STATUS_OK : bad_member(in, "bad header CRC", err);
}

/* The header of a member, from its magic bytes on, which were seen. */
static enum status read_header(struct input *in, struct error *err)
{
    in->member_offset = in->raw_offset;
    in->block_size = 0;
    in->end_header = false;
    enum status s = fill_member(in, GZIP_HEADER, err);
    if (s != STATUS_OK)
        return s;
    const unsigned method = raw(in)[2];
    const unsigned flags = raw(in)[3];
    const bool end_header = memcmp(raw(in), bgzf_end_block, GZIP_HEADER) == 0;
    uint32_t crc = codec_crc32(0, raw(in), GZIP_HEADER);
    use(in, GZIP_HEADER);
    if (method != 8)
        return bad_member(in, "unknown compression method", err);
    if ((flags & FLAGS_RESERVED) != 0)
        return bad_member(in, "reserved header flags", err);
    if ((flags & FLAG_EXTRA) != 0)
        s = read_extra(in, &crc, end_header, err);
    if (s == STATUS_OK && (flags & FLAG_NAME) != 0)
        s = skip_text(in, &crc, err);
    if (s == STATUS_OK && (flags & FLAG_COMMENT) != 0)
        s = skip_text(in, &crc, err);
    if (s == STATUS_OK && (flags & FLAG_HCRC) != 0)
        s = check_header_crc(in, crc, err);
    return s;
}

static enum status no_end_block(struct input *in, const char *what, uint64_t offset,
                                struct error *err)
{
    (void)error_set(&in->failure, STATUS_DAMAGED,
                    "cut short: %s at byte %llu, and no BGZF end block stands before it; whatever "
                    "wrote the part before it did not finish",
                    what, (unsigned long long)offset);
    return fail(in, err);
}

static enum status garbage(struct input *in, struct error *err)
{
    (void)error_set(&in->failure, STATUS_DAMAGED,
                    "bytes behind the end that are no gzip, at byte %llu; the file is damaged, or "
                    "something was appended to it",
                    (unsigned long long)in->raw_offset);
    return fail(in, err);
}

static enum status skip_padding(struct input *in, struct error *err)
{
    for (;;) {
        enum status s = fill(in, 1, err);
        if (s != STATUS_OK)
            return s;
        size_t n = 0;
        while (n < available(in) && raw(in)[n] == 0)
            n++;
        use(in, n);
        if (available(in) > 0)
            return garbage(in, err);
        if (in->raw_eof)
            return STATUS_OK;
    }
}

/* Behind a member: the end, padding to the end, or the header of the next. */
static enum status next_member(struct input *in, struct error *err)
{
    enum status s = fill(in, 1, err);
    if (s != STATUS_OK)
        return s;
    const bool unfinished = in->in_bgzf && !in->bgzf_end;
    if (available(in) == 0 || raw(in)[0] == 0) {
        if (unfinished)
            return no_end_block(in, available(in) == 0 ? "ends" : "zeros begin", in->raw_offset,
                                err);
        s = skip_padding(in, err);
        if (s == STATUS_OK)
            in->state = STATE_END;
        return s;
    }
    if (raw(in)[0] != 0x1f)
        return garbage(in, err);
    in->member_offset = in->raw_offset;
    s = fill_member(in, 2, err);
    if (s != STATUS_OK)
        return s;
    if (raw(in)[1] != 0x8b)
        return garbage(in, err);
    s = read_header(in, err);
    if (s != STATUS_OK)
        return s;
    if (in->block_size == 0 && unfinished)
        return no_end_block(in, "gzip that is no BGZF begins", in->member_offset, err);
    in->in_bgzf = in->block_size > 0;
    in->mixed = in->mixed || !in->in_bgzf;
    in->crc = 0;
    in->length = 0;
    if (in->in_bgzf) {
        in->state = STATE_BLOCK;
        return STATUS_OK;
    }
    s = codec_stream_start(in->codec, &in->failure);
    if (s != STATUS_OK)
        return fail(in, err);
    in->state = STATE_STREAM;
    return STATUS_OK;
}

static enum status prepare_gzip(struct input *in, struct error *err)
{
    if (codec_new(&in->codec, &in->failure) != STATUS_OK)
        return fail(in, err);
    in->block = malloc(BGZF_BLOCK_MAX);
    if (in->block == NULL)
        return no_memory(in, err);
    in->kind = INPUT_GZIP;
    enum status s = next_member(in, err);
    if (s == STATUS_OK && in->in_bgzf)
        in->kind = INPUT_BGZF;
    return s;
}

/* Finds out by the first bytes what the input is. */
static enum status look(struct input *in, struct error *err)
{
    in->raw = aligned_alloc(PAGE, RAW_ROOM);
    if (in->raw == NULL)
        return no_memory(in, err);
    enum status s = fill(in, 1, err);
    if (s == STATUS_OK && available(in) > 0 && raw(in)[0] == 0x1f) {
        s = fill(in, 2, err);
        /* A lone 0x1f is gzip that was cut rather than text. */
        if (s == STATUS_OK && (available(in) < 2 || raw(in)[1] == 0x8b))
            return prepare_gzip(in, err);
    }
    if (s == STATUS_OK)
        in->state = STATE_PLAIN;
    return s;
}

static enum status read_plain(struct input *in, void *buf, size_t cap, size_t *got,
                              struct error *err)
{
    if (available(in) == 0 && cap >= DIRECT_MIN) {
        ssize_t n = in->raw_eof ? 0 : descriptor_read(in->fd, buf, cap);
        if (n < 0) {
            (void)error_set_errno(&in->failure, STATUS_IO, errno, "cannot read");
            return fail(in, err);
        }
        in->raw_eof = n == 0;
        in->raw_offset += (uint64_t)n;
        *got = (size_t)n;
        return STATUS_OK;
    }
    enum status s = fill(in, 1, err);
    if (s != STATUS_OK)
        return s;
    *got = available(in) < cap ? available(in) : cap;
    memcpy(buf, raw(in), *got);
    use(in, *got);
    return STATUS_OK;
}

/* Notes that a block begins at the present offset; end: and is the end block. */
static bool note_block(struct input *in, bool end)
{
    struct border *last = in->border_count > 0 ? &in->borders[in->border_count - 1] : NULL;
    if (last != NULL && last->offset == in->given) {
        last->end = last->end || end;
        return true;
    }
    if (in->borders == NULL) {
        in->borders = malloc(BORDERS_MAX * sizeof *in->borders);
        if (in->borders == NULL)
            return false;
    }
    if (in->border_count == BORDERS_MAX) {
        in->border_count = BORDERS_MAX / 2;
        memmove(in->borders, in->borders + BORDERS_MAX / 2, in->border_count * sizeof *in->borders);
    }
    in->borders[in->border_count++] = (struct border){in->given, end};
    return true;
}

bool input_lacks_end_block(const struct input *in, uint64_t offset)
{
    if (in->kind != INPUT_BGZF || in->mixed)
        return false;
    size_t low = 0;
    for (size_t high = in->border_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (in->borders[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < in->border_count && in->borders[low].offset == offset && !in->borders[low].end;
}

/* One BGZF block, whole: into buf if it has room, else into in->block. */
static enum status read_block(struct input *in, void *buf, size_t cap, size_t *got,
                              struct error *err)
{
    const size_t header = (size_t)(in->raw_offset - in->member_offset);
    if (in->block_size < header + GZIP_TRAILER)
        return bad_member(in, "bad block size", err);
    const size_t packed = in->block_size - header - GZIP_TRAILER;
    enum status s = fill_member(in, packed + GZIP_TRAILER, err);
    if (s != STATUS_OK)
        return s;
    const unsigned char *data = raw(in);
    const uint32_t crc = get_u32(data + packed);
    const size_t len = get_u32(data + packed + 4);
    in->bgzf_end = in->end_header && in->block_size == BGZF_END_SIZE &&
                   memcmp(data, bgzf_end_block + BGZF_HEADER, BGZF_END_SIZE - BGZF_HEADER) == 0;
    use(in, packed + GZIP_TRAILER);
    in->state = STATE_BETWEEN;
    if (len > BGZF_BLOCK_MAX)
        return bad_member(in, "bad size", err);
    unsigned char *to = cap >= len ? buf : in->block;
    bool good;
    if (codec_inflate(in->codec, data, packed, to, len, &good, &in->failure) != STATUS_OK)
        return fail(in, err);
    if (!good)
        return bad_member(in, "bad compressed data or size", err);
    if (codec_crc32(0, to, len) != crc)
        return bad_member(in, "bad CRC", err);
    /* The block before was handed out whole, so this one begins at `given`. */
    if (!note_block(in, in->bgzf_end))
        return no_memory(in, err);
    if (to == buf) {
        *got = len;
    } else {
        in->block_at = 0;
        in->block_end = len;
    }
    return STATUS_OK;
}

static enum status check_trailer(struct input *in, struct error *err)
{
    enum status s = fill_member(in, GZIP_TRAILER, err);
    if (s != STATUS_OK)
        return s;
    const uint32_t crc = get_u32(raw(in));
    const uint32_t length = get_u32(raw(in) + 4);
    use(in, GZIP_TRAILER);
    if (crc != in->crc)
        return bad_member(in, "bad CRC", err);
    if (length != in->length)
        return bad_member(in, "bad size", err);
    in->state = STATE_BETWEEN;
    return STATUS_OK;
}

static enum status read_stream(struct input *in, void *buf, size_t cap, size_t *got,
                               struct error *err)
{
    unsigned char *out = buf;
    size_t room = cap;
    enum codec_step step;
    for (;;) {
        const unsigned char *from = raw(in);
        size_t left = available(in);
        step = codec_stream(in->codec, &from, &left, &out, &room);
        use(in, available(in) - left);
        if (step != CODEC_MORE || room < cap)
            break;
        enum status s = fill_member(in, available(in) + 1, err);
        if (s != STATUS_OK)
            return s;
    }
    if (step == CODEC_BROKEN)
        return bad_member(in, "bad compressed data", err);
    if (step == CODEC_NO_MEMORY)
        return no_memory(in, err);
    const size_t made = cap - room;
    in->crc = codec_crc32(in->crc, buf, made);
    in->length += (uint32_t)made;
    if (step == CODEC_END) {
        enum status s = check_trailer(in, err);
        if (s != STATUS_OK)
            return s;
    }
    *got = made;
    return STATUS_OK;
}

static enum status read_some(struct input *in, void *buf, size_t cap, size_t *got,
                             struct error *err)
{
    if (in->block_at < in->block_end) {
        size_t left = in->block_end - in->block_at;
        *got = left < cap ? left : cap;
        memcpy(buf, in->block + in->block_at, *got);
        in->block_at += *got;
        return STATUS_OK;
    }
    switch (in->state) {
    case STATE_START:
        return look(in, err);
    case STATE_BETWEEN:
        return next_member(in, err);
    case STATE_BLOCK:
        return read_block(in, buf, cap, got, err);
    case STATE_STREAM:
        return read_stream(in, buf, cap, got, err);
    default:
        return repeat_failure(in, err);
    }
}

enum status input_read(struct input *in, void *buf, size_t cap, size_t *got, struct error *err)
{
    *got = 0;
    enum status s = STATUS_OK;
    while (s == STATUS_OK && *got == 0 && in->state != STATE_END && in->state != STATE_PLAIN)
        s = read_some(in, buf, cap, got, err);
    if (s == STATUS_OK && *got == 0 && in->state == STATE_PLAIN)
        s = read_plain(in, buf, cap, got, err);
    if (s != STATUS_OK)
        *got = 0;
    in->given += *got;
    return s;
}

/* What can be said of the descriptor without reading it. */
static enum status examine(struct input *in, struct error *err)
{
    struct stat st;
    if (fstat(in->fd, &st) != 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot open");
    if (S_ISDIR(st.st_mode))
        return error_set(err, STATUS_IO, "is a directory; name the files in it");
    if (S_ISFIFO(st.st_mode))
        descriptor_widen_pipe(in->fd);
    if (S_ISREG(st.st_mode)) {
        (void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
        off_t at = lseek(in->fd, 0, SEEK_CUR);
        if (at >= 0 && st.st_size > at)
            in->size = (uint64_t)(st.st_size - at);
    }
    return STATUS_OK;
}

enum status input_open(struct input **result, const char *path, unsigned flags, struct error *err)
{
    (void)flags;
    *result = NULL;
    const bool is_stdin = strcmp(path, "-") == 0;
    struct input *in = calloc(1, sizeof *in);
    if (in == NULL)
        return error_no_memory(err);
    in->name = strdup(is_stdin ? "(standard input)" : path);
    in->fd = STDIN_FILENO;
    enum status s = STATUS_OK;
    if (in->name == NULL)
        s = error_no_memory(err);
    else if (!is_stdin && (in->fd = descriptor_open(path, O_RDONLY, 0)) < 0)
        s = error_set_errno(err, STATUS_IO, errno, "cannot open");
    else
        s = examine(in, err);
    if (s != STATUS_OK) {
        error_at(err, in->name, 0, 0);
        input_close(in);
        return s;
    }
    *result = in;
    return STATUS_OK;
}

const char *input_name(const struct input *in)
{
    return in->name;
}

enum input_kind input_kind(struct input *in)
{
    if (in->state == STATE_START)
        (void)!look(in, NULL);
    return in->kind;
}

uint64_t input_compressed_done(const struct input *in)
{
    return in->raw_offset;
}

uint64_t input_compressed_size(const struct input *in)
{
    return in->size;
}

void input_close(struct input *in)
{
    if (in == NULL)
        return;
    if (in->fd > STDIN_FILENO)
        (void)close(in->fd);
    codec_free(in->codec);
    free(in->block);
    free(in->borders);
    free(in->raw);
    free(in->name);
    free(in);
}

uint64_t input_path_size(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0)
        return 0;
    return (uint64_t)st.st_size;
}

enum status input_read_all(const char *path, size_t limit, struct buffer *buf, struct error *err)
{
    struct input *in = NULL;
    enum status s = input_open(&in, path, INPUT_DEFAULT, err);
    size_t total = 0;
    size_t got = 1;
    while (s == STATUS_OK && got > 0) {
        enum { PIECE = 64 * 1024 };
        if (!buffer_reserve(buf, PIECE)) {
            s = error_no_memory(err);
            break;
        }
        s = input_read(in, buf->data + buf->len, PIECE, &got, err);
        if (s != STATUS_OK)
            break;
        buf->len += got;
        buf->data[buf->len] = '\0';
        total += got;
        if (total > limit) {
            s = error_set(err, STATUS_DATA, "is larger than %zu bytes", limit);
            error_at(err, input_name(in), 0, 0);
        }
    }
    input_close(in);
    return s;
}
