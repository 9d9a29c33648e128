/* pipeline_workers.c - batches through the stages, over threads, and back into their order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/wait_soon.h"
#include "engine/pipeline_parts.h"
#include "records/stream_writer.h"

static void run_fail(struct run *run, uint64_t sequence, const struct error *error)
{
    pthread_mutex_lock(&run->turn_lock);
    if (sequence < run->stop) {
        run->stop = sequence;
        run->error = *error;
    }
    pthread_cond_broadcast(&run->turn_changed);
    pthread_mutex_unlock(&run->turn_lock);
    /* Another worker may wait for a pipe on which nothing comes. */
    const struct source *source = &run->p->source;
    if (source->ops->cancel != NULL)
        source->ops->cancel(source->self);
}

/* Waits until it is this batch's turn; false if a batch before it has failed. */
static bool turn_enter(struct run *run, size_t turn, uint64_t sequence)
{
    pthread_mutex_lock(&run->turn_lock);
    while (run->turns[turn] != sequence && run->stop > sequence)
        pthread_cond_wait(&run->turn_changed, &run->turn_lock);
    bool mine = run->turns[turn] == sequence && run->stop > sequence;
    pthread_mutex_unlock(&run->turn_lock);
    return mine;
}

static void turn_leave(struct run *run, size_t turn)
{
    pthread_mutex_lock(&run->turn_lock);
    run->turns[turn]++;
    pthread_cond_broadcast(&run->turn_changed);
    pthread_mutex_unlock(&run->turn_lock);
}

/* The record as a line of the stream it came in, for the raw column of rejects; what the stage
 * has added stands behind that. */
static enum status record_text(struct batch *batch, size_t columns, size_t record,
                               struct slice *raw, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    bool ok = true;
    for (size_t c = 0; ok && c < batch->column_count && c < columns; c++) {
        if (!batch->columns[c].unread && batch_text(batch, c, err) == NULL) {
            buffer_free(&text);
            return STATUS_IO;
        }
        ok = (c == 0 || buffer_append_byte(&text, '\t')) &&
             stream_append_cell(&text, batch, c, record);
    }
    ok = ok && batch_store(batch, (struct slice){text.data, text.len}, raw);
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status settle_one(struct worker *w, size_t stage, const struct refusal *refusal,
                              struct error *err)
{
    if (w->settled_count == w->settled_cap) {
        size_t cap = w->settled_cap == 0 ? 16 : w->settled_cap * 2;
        struct settled *grown = realloc(w->settled, cap * sizeof *grown);
        if (grown == NULL)
            return error_no_memory(err);
        w->settled = grown;
        w->settled_cap = cap;
    }
    struct settled *entry = &w->settled[w->settled_count++];
    *entry = (struct settled){.stage = stage, .refusal = *refusal, .raw = refusal->raw};
    if (refusal->from_source || refusal->record >= w->batch.record_count)
        return STATUS_OK;
    size_t origin = schema_find(&w->run->headers[stage].schema, "origin");
    if (origin != SCHEMA_NONE && origin < w->batch.column_count && refusal->origin.line == 0) {
        const struct slice *cells = batch_text(&w->batch, origin, err);
        if (cells == NULL)
            return err->code;
        entry->place = cells[refusal->record];
    }
    bool raw_wanted = w->run->p->rejects != NULL && slice_missing(entry->raw);
    if (raw_wanted && (stage > 0 || refusal->origin.line == 0))
        return record_text(&w->batch, w->run->headers[stage].schema.count, refusal->record,
                           &entry->raw, err);
    return STATUS_OK;
}

static int compare_refusals(const void *a, const void *b)
{
    const struct refusal *x = a;
    const struct refusal *y = b;
    if (x->record != y->record)
        return x->record < y->record ? -1 : 1;
    if (x->from_source != y->from_source)
        return x->from_source ? -1 : 1;
    if (x->origin.offset != y->origin.offset)
        return x->origin.offset < y->origin.offset ? -1 : 1;
    return 0;
}

/* Counts what the stage did to the batch, keeps its refusals for the report, and takes the
 * marked records out. */
static enum status settle(struct worker *w, size_t stage, struct error *err)
{
    struct batch *b = &w->batch;
    struct counts *counts = &w->counts[stage];
    if (b->refusal_count > 1)
        qsort(b->refusals, b->refusal_count, sizeof *b->refusals, compare_refusals);
    for (size_t i = 0; i < b->refusal_count; i++) {
        const struct refusal *refusal = &b->refusals[i];
        /* order() may have found the record to be a repetition. */
        if (!refusal->from_source && refusal->record < b->record_count &&
            b->fates[refusal->record] == FATE_DROPPED)
            continue;
        counts->rejected += refusal->weight == 0 ? 1 : refusal->weight;
        enum status s = settle_one(w, stage, refusal, err);
        if (s != STATUS_OK)
            return s;
    }
    for (size_t i = 0; b->marked > 0 && i < b->record_count; i++)
        counts->dropped += b->fates[i] == FATE_DROPPED;
    enum status s = batch_compact(b, err);
    counts->out += b->record_count;
    counts->in = counts->out + counts->dropped + counts->rejected;
    return s;
}

static enum status carry_stage(struct worker *w, size_t k, struct error *err)
{
    struct run *run = w->run;
    const struct stage *stage = &run->p->stages[k];
    w->taken[k] = w->batch.record_count;
    w->batch.extra = NULL;
    enum status s = stage->ops->process(stage->self, w->states[k], &w->batch, err);
    if (s == STATUS_OK && stage->ops->order != NULL) {
        if (!turn_enter(run, k, w->batch.sequence)) {
            w->stopped = true;
            return STATUS_OK;
        }
        s = stage->ops->order(stage->self, &w->batch, err);
        if (s == STATUS_OK)
            turn_leave(run, k);
    }
    if (s == STATUS_OK)
        s = settle(w, k, err);
    if (s != STATUS_OK)
        err->program = stage->program;
    return s;
}

/* The error for a refused record when nothing may be refused. */
static enum status refuse_run(struct run *run, const struct settled *entry, struct error *err)
{
    const struct refusal *r = &entry->refusal;
    const struct source *source = &run->p->source;
    const char *file = source->ops->file_name(source->self, r->origin.file);
    const char *field = r->field == NULL ? "" : r->field;
    const char *colon = r->field == NULL ? "" : ": ";
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(field));
    if (entry->stage == 0 && r->origin.line != 0) {
        error_set(err, STATUS_DATA, "%s%s%s", shown, colon, r->reason);
        error_at(err, file, r->origin.line, r->column);
    } else {
        char place[TEXT_ESCAPED_MAX] = "";
        char where[TEXT_ESCAPED_MAX + 64] = "";
        if (!slice_missing(entry->place))
            (void)snprintf(where, sizeof where, " (%s)", text_escape(place, entry->place));
        else if (r->origin.line != 0)
            (void)snprintf(where, sizeof where, " (%s:%llu)", text_escape(place, slice_of(file)),
                           (unsigned long long)r->origin.line);
        error_set(err, STATUS_DATA, "record %llu%s: %s%s%s",
                  (unsigned long long)(run->seen[entry->stage] + r->record + 1), where, shown,
                  colon, r->reason);
    }
    err->offset = r->origin.offset;
    err->program = run->p->stages[entry->stage].program;
    return STATUS_DATA;
}

/* Where a record of a stream with the field `origin` stood: "file:line". */
static void read_place(struct settled *entry, struct slice *file)
{
    const char *colon =
        entry->place.len == 0 ? NULL : memrchr(entry->place.data, ':', entry->place.len);
    if (colon == NULL)
        return;
    size_t len = (size_t)(colon - entry->place.data);
    uint64_t line;
    if (!number_parse_u64((struct slice){colon + 1, entry->place.len - len - 1}, &line))
        return;
    *file = (struct slice){entry->place.data, len};
    entry->refusal.origin = (struct origin){.line = line};
}

static enum status report(struct run *run, struct settled *entry, struct error *err)
{
    struct pipeline *p = run->p;
    if (p->rejects == NULL || entry->refusal.fatal)
        return refuse_run(run, entry, err);
    struct slice file = SLICE_MISSING;
    if (entry->refusal.origin.line != 0)
        file = slice_of(p->source.ops->file_name(p->source.self, entry->refusal.origin.file));
    else
        read_place(entry, &file);
    enum status s = STATUS_OK;
    if (entry->stage >= p->reported)
        s = rejects_write(p->rejects, file, &entry->refusal, entry->raw, err);
    if (s != STATUS_OK)
        return s;
    run->rejected += entry->refusal.weight == 0 ? 1 : entry->refusal.weight;
    if (run->rejected > p->max_rejects) {
        error_set(err, STATUS_DATA, "more than %llu records refused, the limit of --max-rejects",
                  (unsigned long long)p->max_rejects);
        err->program = p->stages[entry->stage].program;
        return STATUS_DATA;
    }
    return STATUS_OK;
}

static void counts_add(struct counts *sum, const struct counts *part)
{
    sum->in += part->in;
    sum->out += part->out;
    sum->rejected += part->rejected;
    sum->dropped += part->dropped;
}

/* In the order of the input: reports, counts, output. */
static enum status commit_batch(struct worker *w, struct error *err)
{
    struct run *run = w->run;
    struct pipeline *p = run->p;
    for (size_t i = 0; i < w->settled_count; i++) {
        enum status s = report(run, &w->settled[i], err);
        if (s != STATUS_OK)
            return s;
    }
    for (size_t k = 0; k < p->stage_count; k++) {
        run->seen[k] += w->taken[k];
        counts_add(&p->counts[k], &w->counts[k]);
    }
    if (p->sink.ops == NULL)
        return STATUS_OK;
    return p->sink.ops->put(p->sink.self, &w->bytes, err);
}

static enum status carry_batch(struct worker *w, struct error *err)
{
    struct run *run = w->run;
    struct pipeline *p = run->p;
    w->settled_count = 0;
    memset(w->counts, 0, p->stage_count * sizeof *w->counts);
    buffer_clear(&w->bytes);
    buffer_clear(&w->text);
    enum status s = STATUS_OK;
    if (p->source.ops->parse != NULL)
        s = p->source.ops->parse(p->source.self, &w->batch, err);
    if (s != STATUS_OK)
        err->program = p->stages[0].program;
    for (size_t k = 0; s == STATUS_OK && k < p->stage_count && !w->stopped; k++)
        s = carry_stage(w, k, err);
    if (s == STATUS_OK && !w->stopped && p->sink.ops != NULL)
        s = p->sink.ops->encode(p->sink.self, w->codec, &w->batch, &w->text, &w->bytes, err);
    if (s != STATUS_OK || w->stopped)
        return s;
    if (!turn_enter(run, p->stage_count, w->batch.sequence)) {
        w->stopped = true;
        return STATUS_OK;
    }
    s = commit_batch(w, err);
    if (s == STATUS_OK)
        turn_leave(run, p->stage_count);
    return s;
}

static bool batch_holds_nothing(const struct batch *batch)
{
    return batch->record_count == 0 && batch->refusal_count == 0;
}

/* The last worker stands back while a thread of the source needs its core: to take turns with that
 * thread costs more than it gains, since all wait for it. */
static void stand_back(struct worker *w)
{
    struct run *run = w->run;
    while (run->ahead && !run->ended && run->worker_count > 1 &&
           w == &run->workers[run->worker_count - 1])
        pthread_cond_wait(&run->filled, &run->fill_lock);
}

static void note_progress(struct run *run, const struct worker *w)
{
    const struct source *source = &run->p->source;
    struct source_progress at = {.done = 0};
    source->ops->progress(source->self, &at);
    progress_update(&run->progress, at.done, w->batch.first + w->batch.record_count);
    if (run->ended || at.ahead != run->ahead)
        pthread_cond_broadcast(&run->filled);
    run->ahead = at.ahead;
}

/* Takes the next batch; false when there are no more. */
static bool take_batch(struct worker *w, struct error *err, enum status *status)
{
    struct run *run = w->run;
    struct source *source = &run->p->source;
    *status = STATUS_OK;
    bool taken = false;
    if (run->worker_count > 1 && source->ops->read_ahead != NULL)
        source->ops->read_ahead(source->self);
    wait_soon_lock(&run->fill_lock);
    stand_back(w);
    if (!run->ended) {
        bool end = false;
        /* A batch may be empty before the end (a file without records among others). */
        do {
            batch_reset(&w->batch);
            w->batch.sequence = run->sequence;
            *status = source->ops->fill(source->self, &w->batch, &end, err);
        } while (*status == STATUS_OK && !end && batch_holds_nothing(&w->batch));
        run->ended = end || *status != STATUS_OK;
        taken = *status == STATUS_OK && !batch_holds_nothing(&w->batch);
        run->sequence += taken;
        note_progress(run, w);
    }
    pthread_mutex_unlock(&run->fill_lock);
    return taken;
}

static void stop_filling(struct run *run)
{
    pthread_mutex_lock(&run->fill_lock);
    run->ended = true;
    pthread_cond_broadcast(&run->filled);
    pthread_mutex_unlock(&run->fill_lock);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct error err = ERROR_INIT;
    enum status s = STATUS_OK;
    while (!w->stopped) {
        if (!take_batch(w, &err, &s)) {
            if (s == STATUS_OK)
                return NULL;
            err.program = w->run->p->stages[0].program;
            break;
        }
        s = carry_batch(w, &err);
        if (s != STATUS_OK)
            break;
    }
    if (s != STATUS_OK)
        run_fail(w->run, w->batch.sequence, &err);
    stop_filling(w->run);
    return NULL;
}

enum status pipeline_work(struct run *run, struct error *err)
{
    unsigned started = 0;
    pthread_t *threads = calloc(run->worker_count, sizeof *threads);
    if (threads == NULL)
        return error_no_memory(err);
    int failed = 0;
    /* The first worker is this thread. */
    while (started + 1 < run->worker_count && failed == 0) {
        failed = pthread_create(&threads[started], NULL, work, &run->workers[started + 1]);
        started += failed == 0;
    }
    if (failed == 0)
        (void)work(&run->workers[0]);
    else
        stop_filling(run);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    free(threads);
    if (failed != 0)
        return error_set_errno(err, STATUS_IO, failed, "cannot start a thread");
    if (run->stop != UINT64_MAX) {
        *err = run->error;
        return run->error.code;
    }
    return STATUS_OK;
}
