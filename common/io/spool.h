/* spool.h - bytes of a pipe, kept on disk so that they can be read a second time.
 *
 *     s = spool_new(&spool, err);                       // makes the file
 *     while (...)
 *         error = spool_write(spool, bytes, n);         // 0 or an errno
 *     error = spool_rewind(spool);                      // all is written; begin at the front
 *     n = spool_read(spool, buf, cap);                  // 0: the end; -1 and errno
 *     spool_free(spool);
 *
 * The file lies in $TMPDIR (without it /tmp), has the mode 600 and never a name that stays: it is
 * gone with the process, however that ends.  Bytes are packed (deflate, level 1) and sealed with a
 * key that is drawn for the run and held in memory only, so that what must not be left behind,
 * values that pseudonyms are to replace among it, cannot be read from the disk afterwards, and what
 * comes back is known to be what was put in.
 *
 * Memory does not depend on what is kept.  For one thread at a time.
 */
#ifndef BELL_IO_SPOOL_H
#define BELL_IO_SPOOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct spool;

/* STATUS_IO, with the folder, if the file cannot be made. */
enum status spool_new(struct spool **spool, struct error *err) BELL_CHECK;
void spool_free(struct spool *spool); /* NULL is allowed */

int spool_write(struct spool *spool, const void *data, size_t len) BELL_CHECK;
/* Behind it only spool_read() and another spool_rewind() may follow. */
int spool_rewind(struct spool *spool) BELL_CHECK;
ssize_t spool_read(struct spool *spool, void *buf, size_t cap) BELL_CHECK;
/* Bytes that were put in. */
uint64_t spool_bytes(const struct spool *spool);

/* After a call that failed: STATUS_IO, what the spool could not do, and what to do about it. */
enum status spool_explain(const struct spool *spool, struct error *err);
/* Did a call fail? */
int spool_failed(const struct spool *spool);

#endif
