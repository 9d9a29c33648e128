/* raw_reader.h - the bytes of a file or pipe as they lie there, through a buffer.
 *
 *     struct raw_reader raw;
 *     raw_init(&raw, fd);
 *     int error = raw_fill(&raw, n);                 // errno, 0: fine
 *     if (raw_available(&raw) >= n) ...              // fewer: the end
 *     raw_use(&raw, n);
 *     raw_free(&raw);                                // closes nothing
 *
 * For one thread at a time.  With raw.wake or raw.cancel set (descriptor.h), another thread can end
 * a wait in raw_fill(), which then says ECANCELED.
 *
 * With raw.keep set, all that is read is put into that spool as well (spool.h); with raw.spool set,
 * it comes from there and not from the descriptor.  What they say when they fail, spool_explain()
 * tells.
 */
#ifndef BELL_IO_RAW_READER_H
#define BELL_IO_RAW_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct spool;

enum { RAW_SIZE = 256 * 1024 };

struct raw_reader {
    int fd;
    int wake;             /* -1: none */
    int cancel;           /* likewise */
    struct spool *keep;   /* NULL: none */
    struct spool *spool;  /* likewise */
    bool regular;         /* a file, so that no read waits for anybody */
    bool eof;             /* all that there is was read */
    unsigned char *bytes; /* at..end not yet used */
    size_t at;
    size_t end;
    uint64_t offset; /* of at, from where we began */
};

void raw_init(struct raw_reader *raw, int fd, bool regular);
void raw_free(struct raw_reader *raw);

/* Reads until need (<= RAW_SIZE) bytes are there or the input has ended.  0 or an errno. */
int raw_fill(struct raw_reader *raw, size_t need) BELL_CHECK;
/* Reads past the buffer, when nothing is in it; one call, *got == 0 at the end.  0 or an errno. */
int raw_read_past(struct raw_reader *raw, void *buf, size_t cap, size_t *got) BELL_CHECK;

static inline size_t raw_available(const struct raw_reader *raw)
{
    return raw->end - raw->at;
}

static inline const unsigned char *raw_bytes(const struct raw_reader *raw)
{
    return raw->bytes + raw->at;
}

static inline void raw_use(struct raw_reader *raw, size_t n)
{
    raw->at += n;
    raw->offset += n;
}

#endif
