/* source.h - where batches come from: delimited files or record streams.
 *
 *     open()      once; gives the header
 *     fill()      one caller at a time, in order: the next batch's bytes; *end and no records
 *                 when there are no more
 *     parse()     any thread, one a batch: bytes to cells; NULL if fill() did it
 *     free()      always
 *
 * fill() may add late lines to the header that open() filled (see header.h); the header must
 * outlive the source.
 */
#ifndef BELL_RECORDS_SOURCE_H
#define BELL_RECORDS_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "records/batch.h"
#include "records/header.h"

struct source_progress {
    uint64_t done; /* bytes of the inputs, as they lie on disk */
    uint64_t size; /* 0: unknown */
    bool ahead;    /* a thread of its own inflates for it all the time, and needs a core */
};

struct source_ops {
    enum status (*open)(void *self, struct header *header, struct error *err);
    /* Reads what a later fill() will want; any thread, at any time once it is open.  NULL: it
     * cannot. */
    void (*read_ahead)(void *self);
    /* Ends a wait for a pipe; what was read afterwards may fail.  Any thread.  NULL: it cannot. */
    void (*cancel)(void *self);
    enum status (*fill)(void *self, struct batch *batch, bool *end, struct error *err);
    enum status (*parse)(void *self, struct batch *batch, struct error *err);
    /* Name of the file that an origin's number means; "" if there is none. */
    const char *(*file_name)(const void *self, uint32_t file);
    void (*progress)(const void *self, struct source_progress *progress);
    /* Empty lines skipped so far (CSV); NULL: there are none. */
    uint64_t (*blank)(const void *self);
    void (*free)(void *self);
};

struct source {
    const struct source_ops *ops;
    void *self;
};

#endif
