/* child.h - runs another program on bytes of ours and takes what it writes.
 *
 *     static const char *const argv[] = {"gnuplot", "-d", "-", NULL};
 *     struct child_result result = CHILD_RESULT_INIT;
 *     s = child_run(argv, (struct slice){text, len}, limit, &result, err);
 *     if (s == STATUS_OK && !result.found)
 *         ... it is not installed ...
 *     if (s == STATUS_OK && result.status != 0)
 *         ... result.errors says why ...
 *     child_result_free(&result);
 *
 * No shell has a part in it; the program is looked for along PATH.  It gets LC_ALL=C.UTF-8, and
 * nothing of ours but its three standard streams.  Whatever it reads or leaves unread, writes or
 * holds back, nothing locks up: its input is fed as it takes it.  When it writes more than limit
 * bytes, it is killed (STATUS_IO).
 */
#ifndef BELL_IO_CHILD_H
#define BELL_IO_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"

struct child_result {
    bool found;
    int status;           /* its exit status; 128 + the signal that ended it */
    struct buffer output; /* what it wrote to standard output */
    struct buffer errors; /* to standard error, the first CHILD_ERRORS_MAX bytes */
};

#define CHILD_RESULT_INIT                                                                          \
    {                                                                                              \
        .found = false                                                                             \
    }

enum { CHILD_ERRORS_MAX = 64 * 1024 };

/* STATUS_IO: no pipe, no process, no memory.  A program that fails by itself is STATUS_OK here. */
enum status child_run(const char *const *argv, struct slice input, size_t limit,
                      struct child_result *result, struct error *err) BELL_CHECK;
void child_result_free(struct child_result *result);

#endif
