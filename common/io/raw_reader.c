#include "io/raw_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/descriptor.h"
#include "io/spool.h"

enum { PAGE = 4096, RAW_ROOM = RAW_SIZE + PAGE };

void raw_init(struct raw_reader *raw, int fd, bool regular)
{
    *raw = (struct raw_reader){.fd = fd, .wake = -1, .cancel = -1, .regular = regular};
}

void raw_free(struct raw_reader *raw)
{
    free(raw->bytes);
    raw->bytes = NULL;
}

static ssize_t read_descriptor(const struct raw_reader *raw, void *buf, size_t len)
{
    const int wakes[2] = {raw->wake, raw->cancel};
    if ((raw->wake >= 0 || raw->cancel >= 0) && !raw->regular)
        return descriptor_read_unless(raw->fd, wakes, buf, len);
    return descriptor_read(raw->fd, buf, len);
}

static ssize_t read_some(const struct raw_reader *raw, void *buf, size_t len)
{
    if (raw->spool != NULL)
        return spool_read(raw->spool, buf, len);
    ssize_t n = read_descriptor(raw, buf, len);
    int error = n > 0 && raw->keep != NULL ? spool_write(raw->keep, buf, (size_t)n) : 0;
    if (error == 0)
        return n;
    errno = error;
    return -1;
}

/* What is left of the last read goes before a border of pages, so that the next one begins at it:
 * most copies by the kernel begin at one too, and processors are known (Zen 3) that copy at a third
 * of their speed to places that lie a few bytes further on in a page than what is copied. */
int raw_fill(struct raw_reader *raw, size_t need)
{
    if (raw->bytes == NULL)
        raw->bytes = aligned_alloc(PAGE, RAW_ROOM);
    if (raw->bytes == NULL)
        return ENOMEM;
    while (raw_available(raw) < need && !raw->eof) {
        if (raw->at == raw->end || RAW_ROOM - raw->at < need) {
            const size_t left = raw_available(raw);
            const size_t at = (PAGE - left % PAGE) % PAGE;
            memmove(raw->bytes + at, raw_bytes(raw), left);
            raw->at = at;
            raw->end = at + left;
        }
        ssize_t n = read_some(raw, raw->bytes + raw->end, RAW_ROOM - raw->end);
        if (n < 0)
            return errno;
        raw->eof = n == 0;
        raw->end += (size_t)n;
    }
    return 0;
}

int raw_read_past(struct raw_reader *raw, void *buf, size_t cap, size_t *got)
{
    *got = 0;
    if (raw->eof)
        return 0;
    ssize_t n = read_some(raw, buf, cap);
    if (n < 0)
        return errno;
    raw->eof = n == 0;
    raw->offset += (uint64_t)n;
    *got = (size_t)n;
    return 0;
}
