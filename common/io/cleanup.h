/* cleanup.h - temporary files that must not outlive a killed run.
 *
 *     s = cleanup_add(path, &slot, err);   // before the file is made
 *     ...
 *     cleanup_remove(slot);                // after it was renamed or removed
 *
 * When a signal that would end the process arrives, every path that is registered is unlinked
 * and the process dies of that very signal (SIGPIPE too, so its action is the default one as
 * seen from outside).  Handlers are installed at the first cleanup_add(), and only for signals
 * whose action is the default then: what was ignored at start (nohup) stays ignored.
 *
 * The table and the handlers are the only written global state of this layer.  Safe from
 * several threads.  A child that does not exec would remove its parent's files: exec or _exit.
 */
#ifndef BELL_IO_CLEANUP_H
#define BELL_IO_CLEANUP_H

#include "base/error.h"

enum { CLEANUP_MAX = 256 };

/* The path is copied.  STATUS_IO: more than CLEANUP_MAX files at once, or a path too long. */
enum status cleanup_add(const char *path, int *slot, struct error *err) BELL_CHECK;
void cleanup_remove(int slot);

#endif
