#include "engine/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "engine/pipeline_parts.h"
#include "records/escape.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* A command as it stands in a #program line. */
static enum status add_program(struct header *header, const struct stage *stage, struct error *err)
{
    if (stage->command == NULL)
        return STATUS_OK;
    struct buffer text = BUFFER_INIT;
    bool ok = buffer_appendf(&text, "%s %s\t", stage->program, PACKAGE_VERSION) &&
              escape_append(&text, slice_of(stage->command));
    enum status s = ok ? header_add_line(header, "program", text.data, err) : error_no_memory(err);
    buffer_free(&text);
    return s;
}

/* Tells each stage which of its fields are needed behind it.  Rejects hold whole records: with
 * them all are. */
static enum status spread_wants(struct run *run, struct error *err)
{
    struct pipeline *p = run->p;
    size_t most = 1;
    for (size_t k = 0; k <= p->stage_count; k++)
        if (run->headers[k].schema.count > most)
            most = run->headers[k].schema.count;
    bool *wanted = calloc(most, sizeof *wanted);
    bool *fields = calloc(most, sizeof *fields);
    bool ok = wanted != NULL && fields != NULL;
    if (ok && p->sink.ops != NULL)
        memset(wanted, true, most);
    for (size_t k = p->stage_count; ok && k-- > 0;) {
        const struct stage *stage = &p->stages[k];
        memset(fields, false, most);
        if (stage->ops->reads != NULL)
            stage->ops->reads(stage->self, wanted, fields);
        if (stage->ops->reads == NULL || p->rejects != NULL)
            memset(fields, true, most);
        memcpy(wanted, fields, most);
    }
    free(wanted);
    free(fields);
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status open_all(struct run *run, struct error *err)
{
    struct pipeline *p = run->p;
    enum status s = p->source.ops->open(p->source.self, &run->headers[0], err);
    if (s != STATUS_OK) {
        err->program = p->stages[0].program;
        return s;
    }
    run->late_from = run->headers[0].line_count;
    for (size_t k = 0; k < p->stage_count; k++) {
        const struct stage *stage = &p->stages[k];
        s = header_copy(&run->headers[k + 1], &run->headers[k], err);
        if (s == STATUS_OK && stage->ops->open != NULL)
            s = stage->ops->open(stage->self, &run->headers[k + 1], err);
        if (s == STATUS_OK)
            s = add_program(&run->headers[k + 1], stage, err);
        if (s != STATUS_OK) {
            err->program = stage->program;
            return s;
        }
    }
    s = spread_wants(run, err);
    if (s == STATUS_OK && p->sink.ops != NULL)
        s = p->sink.ops->begin(p->sink.self, &run->headers[p->stage_count], err);
    return s;
}

static enum status worker_init(struct run *run, struct worker *w, struct error *err)
{
    struct pipeline *p = run->p;
    w->run = run;
    batch_init(&w->batch);
    w->states = calloc(p->stage_count + 1, sizeof *w->states);
    w->counts = calloc(p->stage_count + 1, sizeof *w->counts);
    w->taken = calloc(p->stage_count + 1, sizeof *w->taken);
    if (w->states == NULL || w->counts == NULL || w->taken == NULL)
        return error_no_memory(err);
    enum status s = codec_new(&w->codec, err);
    for (size_t k = 0; s == STATUS_OK && k < p->stage_count; k++)
        if (p->stages[k].ops->worker_new != NULL)
            s = p->stages[k].ops->worker_new(p->stages[k].self, &w->states[k], err);
    return s;
}

static void worker_free(struct run *run, struct worker *w)
{
    for (size_t k = 0; w->states != NULL && k < run->p->stage_count; k++)
        if (w->states[k] != NULL && run->p->stages[k].ops->worker_free != NULL)
            run->p->stages[k].ops->worker_free(run->p->stages[k].self, w->states[k]);
    batch_free(&w->batch);
    codec_free(w->codec);
    buffer_free(&w->text);
    buffer_free(&w->bytes);
    free(w->states);
    free(w->settled);
    free(w->counts);
    free(w->taken);
}

static enum status gather_all(struct run *run, struct error *err)
{
    for (unsigned i = 0; i < run->worker_count; i++) {
        for (size_t k = 0; k < run->p->stage_count; k++) {
            const struct stage *stage = &run->p->stages[k];
            if (stage->ops->gather == NULL)
                continue;
            enum status s = stage->ops->gather(stage->self, run->workers[i].states[k], err);
            if (s != STATUS_OK) {
                err->program = stage->program;
                return s;
            }
        }
    }
    return STATUS_OK;
}

/* Lines that came late into the source's header, for all headers behind it. */
static enum status spread_late_lines(struct run *run, struct error *err)
{
    const struct header *source = &run->headers[0];
    for (size_t i = run->late_from; i < source->line_count; i++) {
        const struct header_line *line = &source->lines[i];
        for (size_t k = 1; k <= run->p->stage_count; k++) {
            if (header_has_line(&run->headers[k], line->kind, line->text))
                continue;
            enum status s = header_add_line(&run->headers[k], line->kind, line->text, err);
            if (s != STATUS_OK)
                return s;
        }
    }
    return STATUS_OK;
}

static enum status check_percent(struct run *run, struct error *err)
{
    struct pipeline *p = run->p;
    if (p->max_rejects_percent < 0)
        return STATUS_OK;
    double allowed = (double)p->counts[0].in * p->max_rejects_percent / 100;
    if ((double)run->rejected <= allowed)
        return STATUS_OK;
    char percent[DOUBLE_TEXT_MAX];
    double_format(percent, p->max_rejects_percent);
    return error_set(
        err, STATUS_DATA, "%llu of %llu records refused, more than the %s%% of --max-rejects",
        (unsigned long long)run->rejected, (unsigned long long)p->counts[0].in, percent);
}

static enum status check_stages(struct run *run, struct error *err)
{
    for (size_t k = 0; k < run->p->stage_count; k++) {
        const struct stage *stage = &run->p->stages[k];
        enum status s = stage->ops->check == NULL ? STATUS_OK : stage->ops->check(stage->self, err);
        if (s != STATUS_OK) {
            err->program = stage->program;
            return s;
        }
    }
    return STATUS_OK;
}

static enum status finish(struct run *run, struct error *err)
{
    struct pipeline *p = run->p;
    enum status s = check_percent(run, err);
    if (s == STATUS_OK)
        s = spread_late_lines(run, err);
    if (s == STATUS_OK)
        s = check_stages(run, err);
    if (s == STATUS_OK && p->rejects != NULL && !p->first)
        s = rejects_seal(p->rejects, err);
    if (s != STATUS_OK)
        return s;
    const struct stage *last = &p->stages[p->stage_count - 1];
    if (last->ops->finish != NULL)
        s = last->ops->finish(last->self, &run->headers[p->stage_count],
                              &p->counts[p->stage_count - 1], err);
    if (s != STATUS_OK) {
        err->program = last->program;
        return s;
    }
    if (p->sink.ops == NULL)
        return STATUS_OK;
    const struct counts *c = &p->counts[p->stage_count - 1];
    struct stream_end end = {c->in, c->out, c->rejected, c->dropped, UINT64_MAX, c->blank};
    return p->sink.ops->end(p->sink.self, &run->headers[p->stage_count], &end, err);
}

static enum status run_all(struct run *run, struct error *err)
{
    struct pipeline *p = run->p;
    enum status s = open_all(run, err);
    for (unsigned i = 0; s == STATUS_OK && i < run->worker_count; i++)
        s = worker_init(run, &run->workers[i], err);
    if (s != STATUS_OK)
        return s;
    enum progress_mode mode = PROGRESS_NEVER;
    if (p->progress != NULL)
        (void)progress_mode_parse(p->progress, &mode);
    struct source_progress at = {.done = 0};
    p->source.ops->progress(p->source.self, &at);
    run->ahead = at.ahead;
    progress_start(&run->progress, mode, p->program, at.size);
    s = pipeline_work(run, err);
    progress_end(&run->progress);
    if (s == STATUS_OK && p->source.ops->blank != NULL)
        p->counts[0].blank = p->source.ops->blank(p->source.self);
    if (s == STATUS_OK)
        s = gather_all(run, err);
    return s == STATUS_OK ? finish(run, err) : s;
}

enum status pipeline_run(struct pipeline *p, struct error *err)
{
    struct run run = {.p = p, .worker_count = p->threads == 0 ? 1 : p->threads, .stop = UINT64_MAX};
    run.headers = calloc(p->stage_count + 1, sizeof *run.headers);
    run.workers = calloc(run.worker_count, sizeof *run.workers);
    run.turns = calloc(p->stage_count + 1, sizeof *run.turns);
    run.seen = calloc(p->stage_count + 1, sizeof *run.seen);
    free(p->counts);
    p->counts = calloc(p->stage_count + 1, sizeof *p->counts);
    enum status s = STATUS_OK;
    if (run.headers == NULL || run.workers == NULL || run.turns == NULL || run.seen == NULL ||
        p->counts == NULL)
        s = error_no_memory(err);
    (void)pthread_mutex_init(&run.fill_lock, NULL);
    (void)pthread_cond_init(&run.filled, NULL);
    (void)pthread_mutex_init(&run.turn_lock, NULL);
    (void)pthread_cond_init(&run.turn_changed, NULL);
    if (s == STATUS_OK)
        s = run_all(&run, err);
    for (unsigned i = 0; run.workers != NULL && i < run.worker_count; i++)
        worker_free(&run, &run.workers[i]);
    for (size_t k = 0; run.headers != NULL && k <= p->stage_count; k++)
        header_free(&run.headers[k]);
    (void)pthread_mutex_destroy(&run.fill_lock);
    (void)pthread_cond_destroy(&run.filled);
    (void)pthread_mutex_destroy(&run.turn_lock);
    (void)pthread_cond_destroy(&run.turn_changed);
    free(run.headers);
    free(run.workers);
    free(run.turns);
    free(run.seen);
    return s;
}

void stage_free(struct stage *stage)
{
    if (stage->ops != NULL)
        stage->ops->free(stage->self);
    stage->ops = NULL;
}

void pipeline_free(struct pipeline *p)
{
    if (p->source.ops != NULL)
        p->source.ops->free(p->source.self);
    for (size_t k = 0; k < p->stage_count; k++)
        stage_free(&p->stages[k]);
    if (p->sink.ops != NULL)
        p->sink.ops->free(p->sink.self);
    free(p->stages);
    free(p->counts);
    *p = (struct pipeline){.threads = 0};
}
