/* pipeline_parts.h - what the files of pipeline.h share; nobody else includes it.
 *
 * pipeline.c          opens all, gathers, finishes
 * pipeline_workers.c  batches through the stages, over threads, and back into their order
 */
#ifndef BELL_ENGINE_PIPELINE_PARTS_H
#define BELL_ENGINE_PIPELINE_PARTS_H

#include <pthread.h>

#include "engine/pipeline.h"
#include "io/codec.h"
#include "io/progress.h"

/* A refusal that was decided in a stage and waits to be reported in the order of the input. */
struct settled {
    size_t stage;
    struct refusal refusal;
    struct slice raw;
    struct slice place; /* text of the field `origin`, if the stream has it */
};

struct worker {
    struct run *run;
    struct batch batch;
    struct codec *codec;
    struct buffer text;
    struct buffer bytes;
    void **states; /* one a stage */
    struct settled *settled;
    size_t settled_count;
    size_t settled_cap;
    struct counts *counts; /* of this batch, one a stage */
    uint64_t *taken;       /* records that the stage was given in this batch */
    bool stopped;          /* an earlier batch has failed */
};

struct run {
    struct pipeline *p;
    struct header *headers; /* input of stage k; behind the last: what the sink gets */
    size_t late_from;       /* lines of the source's header when it was opened */
    unsigned worker_count;
    struct worker *workers;

    pthread_mutex_t fill_lock;
    uint64_t sequence; /* of the next batch; under fill_lock */
    bool ended;        /* under fill_lock */
    bool ahead;        /* likewise: the source needs a core for itself (source.h) */
    pthread_cond_t filled;
    struct progress progress;

    pthread_mutex_t turn_lock;
    pthread_cond_t turn_changed;
    uint64_t *turns; /* whose turn it is: one a stage, and one for the end */
    uint64_t stop;   /* lowest sequence that failed; UINT64_MAX: none */
    struct error error;

    uint64_t *seen; /* records that each stage was given before; under the last turn */
    uint64_t rejected;
};

/* Takes batches from the source until it ends, with a thread for each worker but the first, which
 * is the caller's. */
enum status pipeline_work(struct run *run, struct error *err) BELL_CHECK;

#endif
