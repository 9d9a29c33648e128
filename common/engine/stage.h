/* stage.h - what a filter does to records, without knowing of threads or doors.
 *
 * A stage is made from settings by its filter, opens once on a header (and rewrites it to
 * what it will put out), then sees every batch, and ends.  Order of calls:
 *
 *     open()                    once
 *     reads()                   once, from the last stage to the first
 *     worker_new()              once a thread
 *     process()                 each batch, in any thread and any order, one thread a batch
 *     order()                   each batch after its process(), in the order of the input
 *     gather()                  once a thread, one after the other, when all batches are done
 *     check()                   once, if all went well, before anything is final
 *     finish()                  once, if all went well
 *     worker_free(), free()     always
 *
 * Bad data is no failure of process(): it marks the record with batch_refuse(), and the
 * pipeline writes it to --rejects or ends the run.  A status other than STATUS_OK ends it.
 * A stage that must have seen all records before it can pass the first one on is made as a gatherer
 * whose ops name others in `again`.  The run goes as far as that stage, whose finish() works out
 * what it needs; then the stages before it are made anew, and all is run over the same input, with
 * the same self under the other ops, from open() on.
 *
 * Members that a stage does not need are NULL; process() and free() are required.
 */
#ifndef BELL_ENGINE_STAGE_H
#define BELL_ENGINE_STAGE_H

#include "base/error.h"
#include "records/batch.h"
#include "records/header.h"

/* What went into and came out of one stage. in = out + rejected + dropped (for a gatherer,
 * out is "counted": what it took into its tables). */
struct counts {
    uint64_t in;
    uint64_t out;
    uint64_t rejected;
    uint64_t dropped;
    uint64_t blank; /* empty lines skipped by a CSV source; in none of the others */
};

struct stage_ops {
    enum status (*open)(void *self, struct header *header, struct error *err);
    /* Which fields of its input it needs, given those of its output that somebody needs: one flag
     * a field, all of them false at first.  Others may come without values (batch.h, unread).
     * NULL: all. */
    void (*reads)(void *self, const bool *wanted, bool *fields);
    enum status (*worker_new)(void *self, void **worker, struct error *err);
    void (*worker_free)(void *self, void *worker);
    enum status (*process)(void *self, void *worker, struct batch *batch, struct error *err);
    enum status (*order)(void *self, struct batch *batch, struct error *err);
    enum status (*gather)(void *self, void *worker, struct error *err);
    /* A last look at what was seen. */
    enum status (*check)(void *self, struct error *err);
    /* A gatherer (a stage that has finish) passes no records on; here it writes what it
     * gathered.  header is the input's, now complete. */
    enum status (*finish)(void *self, const struct header *header, const struct counts *counts,
                          struct error *err);
    void (*free)(void *self);
    const struct stage_ops *again; /* NULL: one run is all it needs */
};

struct stage {
    const struct stage_ops *ops;
    void *self;
    const char *program; /* "bell-normalize": stands in front of its messages */
    const char *command; /* the canonical command line for #program; NULL: none is written */
};

/* Also of a stage that was never made (all zeros), or freed already. */
void stage_free(struct stage *stage);

#endif
