/* descriptor.h - open, read and write of the system, without their traps.
 *
 * For the inputs and outputs of this layer only.  Interrupted calls are taken up again, descriptors
 * that somebody made non-blocking are waited for, and no file gets number 0, 1 or 2: with standard
 * output closed, a data file must not become it.
 */
#ifndef BELL_IO_DESCRIPTOR_H
#define BELL_IO_DESCRIPTOR_H

#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"

/* Above 2 and closed on exec; -1 and errno. */
int descriptor_open(const char *path, int flags, mode_t mode) BELL_CHECK;
/* At most len bytes, 0 at the end; -1 and errno. */
ssize_t descriptor_read(int fd, void *buf, size_t len) BELL_CHECK;
/* As descriptor_read(), but a wait for data ends with ECANCELED once one of these was woken (-1:
 * none), and so does every later wait. */
ssize_t descriptor_read_unless(int fd, const int wakes[2], void *buf, size_t len) BELL_CHECK;
/* A descriptor for that, to be closed by the caller; -1 and errno. */
int descriptor_new_wake(void) BELL_CHECK;
void descriptor_wake(int wake);
/* All len bytes: 0; else errno. */
int descriptor_write(int fd, const void *data, size_t len) BELL_CHECK;
/* Asks for a pipe of 1 MiB; any refusal is ignored. */
void descriptor_widen_pipe(int fd);

#endif
