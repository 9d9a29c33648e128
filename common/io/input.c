#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/codec.h"
#include "io/descriptor.h"
#include "io/members.h"
#include "io/raw_reader.h"
#include "io/read_ahead.h"
#include "io/reread.h"

enum {
    DIRECT_MIN = 64 * 1024, /* plain reads from here on go past our buffer */
    AHEAD_MIN = 256 * 1024, /* bytes of a file for which threads are worth their start */
    BORDERS_MAX = 64 * 1024
};

enum state {
    STATE_START, /* nothing looked at */
    STATE_PLAIN,
    STATE_GZIP,
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
    enum input_kind kind;
    enum state state;
    uint64_t size; /* of the file from where we began; 0: unknown */
    struct raw_reader raw;
    struct reread_entry *reread; /* NULL: it is read once */
    unsigned threads;
    bool threads_settled;

    struct members *members;         /* of gzip */
    struct codec *codec;             /* for its blocks */
    struct read_ahead *ahead;        /* NULL: all is done here, when it is asked for */
    const struct ahead_piece *piece; /* the latest */
    size_t blocks_taken;             /* of it */

    const unsigned char *text; /* inflated and not yet handed out */
    size_t text_len;
    unsigned char *room; /* for text that the caller has no room for */

    bool mixed;             /* some member was no BGZF block */
    struct border *borders; /* where the latest blocks begin, ascending */
    size_t border_count;

    uint64_t given;        /* decompressed bytes handed out */
    _Atomic uint64_t done; /* bytes of the file used */
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
    const struct spool *spool = in->reread == NULL ? NULL : in->reread->spool;
    if (spool != NULL && in->failure.code == STATUS_IO && spool_failed(spool))
        (void)spool_explain(spool, &in->failure);
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

static enum status cannot_read(struct input *in, int error, struct error *err)
{
    if (error == ENOMEM)
        return no_memory(in, err);
    (void)error_set_errno(&in->failure, STATUS_IO, error, "cannot read");
    return fail(in, err);
}

/* ---- what it is ---- */

static enum status begin_gzip(struct input *in, struct error *err)
{
    in->kind = INPUT_GZIP;
    in->state = STATE_GZIP;
    enum members_what what = MEMBERS_END;
    enum status s = members_new(&in->members, &in->raw, &in->failure);
    if (s == STATUS_OK)
        s = codec_new(&in->codec, &in->failure);
    if (s == STATUS_OK)
        s = members_next(in->members, &what, &in->failure);
    if (s != STATUS_OK)
        return fail(in, err);
    if (what == MEMBERS_BLOCK)
        in->kind = INPUT_BGZF;
    return STATUS_OK;
}

/* Finds out by the first bytes what the input is. */
static enum status look(struct input *in, struct error *err)
{
    int error = raw_fill(&in->raw, 1);
    if (error == 0 && raw_available(&in->raw) > 0 && raw_bytes(&in->raw)[0] == 0x1f) {
        error = raw_fill(&in->raw, 2);
        /* A lone 0x1f is gzip that was cut rather than text. */
        if (error == 0 && (raw_available(&in->raw) < 2 || raw_bytes(&in->raw)[1] == 0x8b))
            return begin_gzip(in, err);
    }
    if (error != 0)
        return cannot_read(in, error, err);
    in->state = STATE_PLAIN;
    return STATUS_OK;
}

/* Threads are started where they are of use; if they cannot be, it goes on without. */
static void settle_threads(struct input *in)
{
    in->threads_settled = true;
    if (in->threads < 2 || (in->raw.regular && in->size < AHEAD_MIN))
        return;
    unsigned helpers = in->kind == INPUT_BGZF ? in->threads - 1 : 1;
    if (helpers > AHEAD_HELPERS_MAX)
        helpers = AHEAD_HELPERS_MAX;
    (void)!read_ahead_start(&in->ahead, in->members, &in->raw, helpers, NULL);
}

/* ---- borders of blocks ---- */

/* Notes that a block begins at this offset; end: and is the end block. */
static bool note_block(struct input *in, uint64_t offset, bool end)
{
    struct border *last = in->border_count > 0 ? &in->borders[in->border_count - 1] : NULL;
    if (last != NULL && last->offset == offset) {
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
    in->borders[in->border_count++] = (struct border){offset, end};
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

/* ---- reading ---- */

static enum status read_plain(struct input *in, void *buf, size_t cap, size_t *got,
                              struct error *err)
{
    if (raw_available(&in->raw) == 0 && cap >= DIRECT_MIN) {
        int error = raw_read_past(&in->raw, buf, cap, got);
        return error == 0 ? STATUS_OK : cannot_read(in, error, err);
    }
    int error = raw_fill(&in->raw, 1);
    if (error != 0)
        return cannot_read(in, error, err);
    *got = raw_available(&in->raw) < cap ? raw_available(&in->raw) : cap;
    memcpy(buf, raw_bytes(&in->raw), *got);
    raw_use(&in->raw, *got);
    return STATUS_OK;
}

/* Where len bytes go: to the caller if he has the room. */
static unsigned char *place_for(struct input *in, size_t len, void *buf, size_t cap)
{
    if (cap >= len)
        return buf;
    if (in->room == NULL)
        in->room = malloc(MEMBERS_PIECE);
    return in->room;
}

static enum status read_stream(struct input *in, void *buf, size_t cap, size_t *got,
                               struct error *err)
{
    in->mixed = true;
    unsigned char *to = place_for(in, MEMBERS_PIECE, buf, cap);
    if (to == NULL)
        return no_memory(in, err);
    size_t len;
    if (members_read_stream(in->members, to, &len, &in->failure) != STATUS_OK)
        return fail(in, err);
    if (to == buf) {
        *got = len;
        return STATUS_OK;
    }
    in->text = to;
    in->text_len = len;
    return STATUS_OK;
}

static enum status read_block(struct input *in, void *buf, size_t cap, size_t *got,
                              struct error *err)
{
    struct packed_block block;
    if (members_read_block(in->members, &block, &in->failure) != STATUS_OK)
        return fail(in, err);
    unsigned char *to = place_for(in, block.len, buf, cap);
    if (to == NULL)
        return no_memory(in, err);
    if (packed_block_inflate(&block, in->codec, to, &in->failure) != STATUS_OK)
        return fail(in, err);
    /* The block before was handed out whole, so this one begins at `given`. */
    if (!note_block(in, in->given, block.end))
        return no_memory(in, err);
    if (to == buf) {
        *got = block.len;
        return STATUS_OK;
    }
    in->text = to;
    in->text_len = block.len;
    return STATUS_OK;
}

static enum status read_member(struct input *in, void *buf, size_t cap, size_t *got,
                               struct error *err)
{
    enum members_what what;
    if (members_next(in->members, &what, &in->failure) != STATUS_OK)
        return fail(in, err);
    if (what == MEMBERS_BLOCK)
        return read_block(in, buf, cap, got, err);
    if (what == MEMBERS_STREAM)
        return read_stream(in, buf, cap, got, err);
    in->state = STATE_END;
    return STATUS_OK;
}

/* The next block of the piece: one at a time, as without threads. */
static enum status take_block(struct input *in, struct error *err)
{
    const struct ahead_piece *piece = in->piece;
    const struct ahead_block *block = &piece->blocks[in->blocks_taken++];
    if (!note_block(in, in->given, block->end))
        return no_memory(in, err);
    size_t end = in->blocks_taken < piece->block_count ? block[1].at : piece->len;
    in->text = piece->text + block->at;
    in->text_len = end - block->at;
    return STATUS_OK;
}

/* The next text that was read ahead; or, behind a piece, what ended it. */
static enum status take_ahead(struct input *in, struct error *err)
{
    const struct ahead_piece *piece = in->piece;
    if (piece != NULL && in->blocks_taken < piece->block_count)
        return take_block(in, err);
    if (piece != NULL && piece->status != STATUS_OK) {
        in->failure = piece->error;
        return fail(in, err);
    }
    if (piece != NULL && piece->end) {
        in->state = STATE_END;
        return STATUS_OK;
    }
    piece = read_ahead_next(in->ahead);
    in->piece = piece;
    in->blocks_taken = 0;
    in->mixed = in->mixed || piece->stream;
    if (piece->block_count == 0) {
        in->text = piece->text;
        in->text_len = piece->len;
    }
    return STATUS_OK;
}

static void hand_out(struct input *in, void *buf, size_t cap, size_t *got)
{
    *got = in->text_len < cap ? in->text_len : cap;
    memcpy(buf, in->text, *got);
    in->text += *got;
    in->text_len -= *got;
}

/* One step on in gzip; *got == 0 does not mean the end. */
static enum status step(struct input *in, void *buf, size_t cap, size_t *got, struct error *err)
{
    if (in->text_len > 0) {
        hand_out(in, buf, cap, got);
        return STATUS_OK;
    }
    if (!in->threads_settled)
        settle_threads(in);
    return in->ahead != NULL ? take_ahead(in, err) : read_member(in, buf, cap, got, err);
}

/* At the end: what was read is the file as it was, or it counts for nothing. */
static enum status compare_file(struct input *in, struct error *err)
{
    struct stat st;
    if (in->reread == NULL || in->reread->spool != NULL)
        return STATUS_OK;
    if (fstat(in->raw.fd, &st) != 0)
        return cannot_read(in, errno, err);
    if (reread_compare(in->reread, &st, &in->failure) == STATUS_OK)
        return STATUS_OK;
    return fail(in, err);
}

enum status input_read(struct input *in, void *buf, size_t cap, size_t *got, struct error *err)
{
    *got = 0;
    enum status s = STATUS_OK;
    if (in->state == STATE_FAILED)
        return repeat_failure(in, err);
    if (in->state == STATE_START)
        s = look(in, err);
    while (s == STATUS_OK && *got == 0 && in->state == STATE_GZIP)
        s = step(in, buf, cap, got, err);
    if (s == STATUS_OK && in->state == STATE_PLAIN)
        s = read_plain(in, buf, cap, got, err);
    if (s == STATUS_OK && *got == 0)
        s = compare_file(in, err);
    if (s != STATUS_OK)
        *got = 0;
    in->given += *got;
    in->done = in->piece != NULL ? in->piece->done : in->raw.offset;
    return s;
}

/* What is to be done so that it can be read twice, or is read the second time. */
static enum status prepare_reread(struct input *in, const struct stat *st, struct error *err)
{
    struct reread_entry *entry = in->reread;
    const int fd = in->raw.fd;
    if (!S_ISREG(st->st_mode) && !entry->again) {
        enum status s = spool_new(&entry->spool, err);
        in->raw.keep = entry->spool;
        return s;
    }
    if (!entry->again) {
        reread_note(entry, st, lseek(fd, 0, SEEK_CUR));
        return STATUS_OK;
    }
    /* Standard input stands where the first reading left it. */
    if (lseek(fd, entry->start, SEEK_SET) < 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot be read again");
    return reread_compare(entry, st, err);
}

/* What can be said of the descriptor without reading it. */
static enum status examine(struct input *in, struct error *err)
{
    const int fd = in->raw.fd;
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot open");
    if (S_ISDIR(st.st_mode))
        return error_set(err, STATUS_IO, "is a directory; name the files in it");
    enum status s = in->reread == NULL ? STATUS_OK : prepare_reread(in, &st, err);
    if (s != STATUS_OK)
        return s;
    if (S_ISFIFO(st.st_mode))
        descriptor_widen_pipe(fd);
    if (S_ISREG(st.st_mode)) {
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
        off_t at = lseek(fd, 0, SEEK_CUR);
        if (at >= 0 && st.st_size > at)
            in->size = (uint64_t)(st.st_size - at);
    }
    in->raw.regular = S_ISREG(st.st_mode);
    return STATUS_OK;
}

/* The second reading of what was kept: the descriptor is not looked at. */
static enum status open_spool(struct input *in, struct error *err)
{
    struct spool *spool = in->reread->spool;
    in->raw.fd = -1;
    in->raw.spool = spool;
    in->raw.regular = true;
    in->size = spool_bytes(spool);
    return spool_rewind(spool) == 0 ? STATUS_OK : spool_explain(spool, err);
}

static enum status open_named(struct input *in, const char *path, bool is_stdin, struct error *err)
{
    if (in->name == NULL)
        return error_no_memory(err);
    if (in->reread != NULL && in->reread->again && in->reread->spool != NULL)
        return open_spool(in, err);
    if (!is_stdin && (in->raw.fd = descriptor_open(path, O_RDONLY, 0)) < 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot open");
    return examine(in, err);
}

enum status input_open_again(struct input **result, const char *path, unsigned threads,
                             struct reread *reread, size_t number, struct error *err)
{
    *result = NULL;
    const bool is_stdin = strcmp(path, "-") == 0;
    struct input *in = calloc(1, sizeof *in);
    if (in == NULL)
        return error_no_memory(err);
    in->name = strdup(is_stdin ? "(standard input)" : path);
    in->threads = threads;
    in->reread = reread == NULL ? NULL : reread_at(reread, number);
    raw_init(&in->raw, STDIN_FILENO, false);
    enum status s = open_named(in, path, is_stdin, err);
    if (s != STATUS_OK) {
        error_at(err, in->name, 0, 0);
        input_close(in);
        return s;
    }
    *result = in;
    return STATUS_OK;
}

enum status input_open(struct input **result, const char *path, unsigned threads, struct error *err)
{
    return input_open_again(result, path, threads, NULL, 0, err);
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

int input_cancel_new(void)
{
    return descriptor_new_wake();
}

void input_set_cancel(struct input *in, int cancel)
{
    in->raw.cancel = cancel;
}

void input_cancel(int cancel)
{
    if (cancel >= 0)
        descriptor_wake(cancel);
}

void input_cancel_free(int cancel)
{
    if (cancel >= 0)
        (void)close(cancel);
}

bool input_is_file(const struct input *in)
{
    return in->raw.regular;
}

/* Settled by the first read, so that it may be asked while another thread is in a later one. */
bool input_inflates_ahead(const struct input *in)
{
    return in->ahead != NULL && in->kind == INPUT_GZIP;
}

uint64_t input_compressed_done(const struct input *in)
{
    return in->done;
}

uint64_t input_compressed_size(const struct input *in)
{
    return in->size;
}

void input_close(struct input *in)
{
    if (in == NULL)
        return;
    read_ahead_stop(in->ahead);
    members_free(in->members);
    if (in->raw.fd > STDIN_FILENO)
        (void)close(in->raw.fd);
    raw_free(&in->raw);
    codec_free(in->codec);
    free(in->room);
    free(in->borders);
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
