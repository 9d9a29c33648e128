/* pipeline.h - a source, some stages and a sink, run over threads.
 *
 *     struct pipeline p = {.source = ..., .stages = ..., .stage_count = n, .sink = ...};
 *     s = pipeline_run(&p, &err);
 *     // the outputs are committed by the caller if s is STATUS_OK
 *     pipeline_free(&p);          // frees source, stages and sink
 *
 * Each worker takes the next batch from the source (one at a time) and carries it through all
 * stages and the encoding; what must happen in the order of the input (order() of a stage, the
 * rejects, the sink's put()) waits for its turn.  So the result does not depend on the number
 * of workers.  With one worker no thread is made.
 *
 * A first run over an input that is read twice (stage.h, again) has no sink, and leaves the rejects
 * open for the second, which writes those only that the first did not see.
 *
 * Bad records go to the rejects; without --rejects, or beyond the limit, the run ends with
 * STATUS_DATA.  When several batches fail, the error of the first one in the input's order is
 * reported.
 */
#ifndef BELL_ENGINE_PIPELINE_H
#define BELL_ENGINE_PIPELINE_H

#include "engine/stage.h"
#include "records/rejects.h"
#include "records/sink.h"
#include "records/source.h"

struct pipeline {
    struct source source;
    struct stage *stages;
    size_t stage_count;         /* from 1 */
    struct sink sink;           /* ops NULL: the last stage gathers */
    unsigned threads;           /* from 1 */
    struct rejects *rejects;    /* NULL: a bad record ends the run; the caller closes it */
    uint64_t max_rejects;       /* UINT64_MAX: no limit */
    double max_rejects_percent; /* of the records that came in, judged at the end; < 0: none */
    const char *progress;       /* "auto", "never", "always" */
    const char *program;        /* for progress */
    bool first;                 /* another run follows: the rejects stay open */
    size_t reported;            /* stages whose refusals an earlier run has written */
    struct counts *counts;      /* of each stage, stage_count of them, filled by the run */
};

enum status pipeline_run(struct pipeline *pipeline, struct error *err) BELL_CHECK;
void pipeline_free(struct pipeline *pipeline);

#endif
