#include "io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/little_endian.h"
#include "base/text.h"
#include "io/codec.h"
#include "io/descriptor.h"

/* A piece on disk: sizes of its text and of what follows (4 bytes each, the first with a flag for
 * text that packing did not make smaller), and that, sealed. */
enum { PIECE = 128 * 1024, WRITE_AT = 1024 * 1024, SIZES = 8, LEVEL = 1 };
#define PLAIN_FLAG UINT32_C(0x80000000)

struct spool {
    int fd;
    char *folder;
    struct codec *codec;
    unsigned char key[crypto_secretbox_KEYBYTES];
    uint64_t pieces;    /* put in, or read back: the nonce of each is its number */
    uint64_t bytes;     /* put in */
    uint64_t opened;    /* read back so far */
    struct buffer text; /* of one piece; from text_at on not yet handed out */
    size_t text_at;
    unsigned char *packed; /* room for one piece */
    struct buffer out;     /* sealed pieces on their way to the file */
    bool reading;
    int error;
};

enum { SEALED_MAX = PIECE + crypto_secretbox_MACBYTES };

static const char *folder(void)
{
    const char *named = getenv("TMPDIR");
    return named == NULL || named[0] == '\0' ? "/tmp" : named;
}

/* A file without a name; where the file system has none such, one whose name is taken away at
 * once. */
static int open_unnamed(const char *in)
{
    int fd = descriptor_open(in, O_TMPFILE | O_RDWR | O_EXCL, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    struct buffer path = BUFFER_INIT;
    if (!buffer_appendf(&path, "%s/bell-XXXXXX", in)) {
        errno = ENOMEM;
        return -1;
    }
    fd = mkostemp(path.data, O_CLOEXEC);
    int error = fd < 0 ? errno : 0;
    if (fd >= 0 && unlink(path.data) != 0) {
        error = errno;
        (void)close(fd);
        fd = -1;
    }
    buffer_free(&path);
    errno = error;
    return fd;
}

enum status spool_new(struct spool **spool, struct error *err)
{
    struct spool *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    char shown[TEXT_ESCAPED_MAX];
    made->fd = -1;
    made->folder = strdup(folder());
    made->packed = malloc(SEALED_MAX);
    enum status s = made->folder == NULL || made->packed == NULL ? error_no_memory(err)
                                                                 : codec_new(&made->codec, err);
    if (s == STATUS_OK && sodium_init() < 0)
        s = error_set(err, STATUS_IO, "libsodium cannot be used");
    if (s == STATUS_OK) {
        crypto_secretbox_keygen(made->key);
        made->fd = open_unnamed(made->folder);
        if (made->fd < 0)
            s = error_set_errno(err, STATUS_IO, errno,
                                "what comes through a pipe is read twice, and no file to keep it "
                                "can be made in %s (set TMPDIR to another folder, or give a file)",
                                text_escape(shown, slice_of(made->folder)));
    }
    if (s != STATUS_OK) {
        spool_free(made);
        return s;
    }
    *spool = made;
    return STATUS_OK;
}

void spool_free(struct spool *spool)
{
    if (spool == NULL)
        return;
    if (spool->fd >= 0)
        (void)close(spool->fd); /* the file is gone in any case */
    sodium_memzero(spool->key, sizeof spool->key);
    codec_free(spool->codec);
    buffer_free(&spool->text);
    buffer_free(&spool->out);
    free(spool->packed);
    free(spool->folder);
    free(spool);
}

static int failed(struct spool *spool, int error)
{
    if (spool->error == 0)
        spool->error = error;
    return spool->error;
}

/* No two pieces have the same nonce, and the key is this spool's alone. */
static void nonce_of(uint64_t piece, unsigned char nonce[crypto_secretbox_NONCEBYTES])
{
    memset(nonce, 0, crypto_secretbox_NONCEBYTES);
    memcpy(nonce, &piece, sizeof piece);
}

static int write_out(struct spool *spool)
{
    int error = descriptor_write(spool->fd, spool->out.data, spool->out.len);
    buffer_clear(&spool->out);
    return error == 0 ? 0 : failed(spool, error);
}

static int put_piece(struct spool *spool)
{
    size_t made = 0;
    const size_t len = spool->text.len;
    const unsigned char *body = spool->packed;
    if (codec_deflate(spool->codec, LEVEL, spool->text.data, len, spool->packed, len - 1, &made,
                      NULL) != STATUS_OK)
        return failed(spool, ENOMEM);
    uint32_t flag = 0;
    if (made == 0) {
        body = (const unsigned char *)spool->text.data;
        made = len;
        flag = PLAIN_FLAG;
    }
    const size_t sealed = made + crypto_secretbox_MACBYTES;
    if (!buffer_reserve(&spool->out, SIZES + sealed))
        return failed(spool, ENOMEM);
    unsigned char *to = (unsigned char *)spool->out.data + spool->out.len;
    unsigned char nonce[crypto_secretbox_NONCEBYTES];
    nonce_of(spool->pieces++, nonce);
    put_u32(to, (uint32_t)len | flag);
    put_u32(to + 4, (uint32_t)sealed);
    (void)crypto_secretbox_easy(to + SIZES, body, made, nonce, spool->key);
    spool->out.len += SIZES + sealed;
    buffer_clear(&spool->text);
    return spool->out.len < WRITE_AT ? 0 : write_out(spool);
}

int spool_write(struct spool *spool, const void *data, size_t len)
{
    const char *next = data;
    if (spool->error != 0)
        return spool->error;
    spool->bytes += len;
    while (len > 0) {
        size_t n = PIECE - spool->text.len < len ? PIECE - spool->text.len : len;
        if (!buffer_append(&spool->text, next, n))
            return failed(spool, ENOMEM);
        next += n;
        len -= n;
        if (spool->text.len == PIECE && put_piece(spool) != 0)
            return spool->error;
    }
    return 0;
}

int spool_rewind(struct spool *spool)
{
    if (spool->error == 0 && !spool->reading && spool->text.len > 0)
        (void)!put_piece(spool);
    if (spool->error == 0 && !spool->reading)
        (void)!write_out(spool);
    if (spool->error == 0 && lseek(spool->fd, 0, SEEK_SET) != 0)
        (void)failed(spool, errno);
    spool->reading = spool->error == 0;
    spool->pieces = 0;
    spool->opened = 0;
    spool->text_at = 0;
    buffer_clear(&spool->text);
    buffer_free(&spool->out);
    return spool->error;
}

/* All len bytes, or none at the end of the file; what is between is EIO. */
static ssize_t read_whole(struct spool *spool, void *to, size_t len)
{
    size_t got = 0;
    while (got < len) {
        ssize_t n = descriptor_read(spool->fd, (char *)to + got, len - got);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    if (got == 0 || got == len)
        return (ssize_t)got;
    errno = EIO;
    return -1;
}

/* Unseals and unpacks; false if it is not what was put in. */
static bool open_piece(struct spool *spool, size_t len, bool plain, size_t sealed)
{
    unsigned char nonce[crypto_secretbox_NONCEBYTES];
    const size_t made = sealed - crypto_secretbox_MACBYTES;
    bool good = false;
    nonce_of(spool->pieces++, nonce);
    if (crypto_secretbox_open_easy(spool->packed, spool->packed, sealed, nonce, spool->key) != 0)
        return false;
    if (plain) {
        memcpy(spool->text.data, spool->packed, len);
        return made == len;
    }
    return codec_inflate(spool->codec, spool->packed, made, spool->text.data, len, &good, NULL) ==
               STATUS_OK &&
           good;
}

/* The next piece into text; an errno. */
static int take_piece(struct spool *spool)
{
    unsigned char sizes[SIZES];
    buffer_clear(&spool->text);
    spool->text_at = 0;
    ssize_t n = read_whole(spool, sizes, SIZES);
    if (n <= 0)
        return n < 0 ? errno : spool->opened == spool->bytes ? 0 : EIO;
    const bool plain = (get_u32(sizes) & PLAIN_FLAG) != 0;
    const size_t len = get_u32(sizes) & ~PLAIN_FLAG;
    const size_t sealed = get_u32(sizes + 4);
    if (len > PIECE || sealed > SEALED_MAX || sealed < crypto_secretbox_MACBYTES ||
        (plain && sealed - crypto_secretbox_MACBYTES != len))
        return EIO;
    if (!buffer_reserve(&spool->text, PIECE))
        return ENOMEM;
    n = read_whole(spool, spool->packed, sealed);
    if (n < 0)
        return errno;
    if ((size_t)n != sealed || !open_piece(spool, len, plain, sealed))
        return EIO;
    spool->text.len = len;
    spool->opened += len;
    return 0;
}

ssize_t spool_read(struct spool *spool, void *buf, size_t cap)
{
    if (spool->error == 0 && spool->text_at == spool->text.len) {
        int error = take_piece(spool);
        if (error != 0)
            (void)failed(spool, error);
    }
    if (spool->error != 0) {
        errno = spool->error;
        return -1;
    }
    size_t n = spool->text.len - spool->text_at;
    n = n < cap ? n : cap;
    if (n > 0)
        memcpy(buf, spool->text.data + spool->text_at, n);
    spool->text_at += n;
    return (ssize_t)n;
}

uint64_t spool_bytes(const struct spool *spool)
{
    return spool->bytes;
}

int spool_failed(const struct spool *spool)
{
    return spool->error != 0;
}

enum status spool_explain(const struct spool *spool, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(spool->folder));
    if (spool->error == ENOMEM)
        return error_no_memory(err);
    if (spool->reading)
        return error_set_errno(err, STATUS_IO, spool->error,
                               "the copy of it in %s, for the second reading, cannot be read back",
                               shown);
    return error_set_errno(err, STATUS_IO, spool->error,
                           "cannot keep a copy of it in %s, for the second reading (set TMPDIR to "
                           "a folder with room, or give a file instead of a pipe)",
                           shown);
}
