#include "estimates/estimate_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A batch is read, worked on by all threads, and written; then the next.  With several threads it
 * is large enough that their start does not matter. */
enum { ITEMS_ALONE = 16, ITEMS_A_THREAD = 128 };

/* A group on its own: what the reader hands out lives until its next call only.  Bands and names of
 * scales live as long as the reader. */
struct item {
    struct table_group group;
    struct arena arena; /* of what is copied */
    struct buffer csv;
    struct estimate_refusals refusals;
    enum status status;
    struct error error;
};

struct batch {
    const struct estimate_plan *plan;
    const struct table_names *names;
    struct item *items;
    size_t cap;
    size_t count;
    _Atomic size_t next;
};

static double *copy_numbers(struct arena *arena, const double *numbers, size_t count)
{
    double *copy = arena_calloc(arena, count + 1, sizeof *copy);
    if (copy != NULL && count > 0)
        memcpy(copy, numbers, count * sizeof *copy);
    return copy;
}

static enum status copy_group(struct item *item, const struct table_group *group, size_t names,
                              struct error *err)
{
    struct table_group *copy = &item->group;
    arena_reset(&item->arena);
    *copy = *group;
    struct slice *key = arena_calloc(&item->arena, names + 1, sizeof *key);
    bool ok = key != NULL;
    for (size_t k = 0; ok && k < names; k++) {
        if (slice_missing(group->key[k]))
            continue;
        key[k].data = arena_copy(&item->arena, group->key[k].data, group->key[k].len);
        key[k].len = group->key[k].len;
        ok = key[k].data != NULL;
    }
    copy->key = key;
    if (ok && group->counts != NULL)
        ok = (copy->counts = copy_numbers(&item->arena, group->counts, group->bands)) != NULL;
    if (ok && group->weighted != NULL)
        ok = (copy->weighted = copy_numbers(&item->arena, group->weighted, group->bands)) != NULL;
    return ok ? STATUS_OK : error_no_memory(err);
}

static void *work(void *of)
{
    struct batch *batch = of;
    for (;;) {
        size_t i = atomic_fetch_add(&batch->next, 1);
        if (i >= batch->count)
            return NULL;
        struct item *item = &batch->items[i];
        item->refusals.count = 0;
        item->error = (struct error)ERROR_INIT;
        item->status = estimate_group(batch->plan, batch->names, &item->group, &item->csv,
                                      &item->refusals, &item->error);
    }
}

/* Threads that cannot be had are done without. */
static void work_all(struct batch *batch, unsigned threads, pthread_t *ids)
{
    unsigned started = 0;
    atomic_store(&batch->next, 0);
    while (started + 1 < threads && started + 1 < batch->count &&
           pthread_create(&ids[started], NULL, work, batch) == 0)
        started++;
    (void)work(batch);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(ids[i], NULL);
}

static enum status read_batch(struct batch *batch, struct table_reader *reader, bool *end,
                              struct error *err)
{
    enum status s = STATUS_OK;
    batch->count = 0;
    while (s == STATUS_OK && batch->count < batch->cap) {
        const struct table_group *group = NULL;
        s = table_reader_next(reader, &group, err);
        *end = group == NULL;
        if (s != STATUS_OK || *end)
            break;
        s = copy_group(&batch->items[batch->count], group, batch->names->count, err);
        batch->count += s == STATUS_OK;
    }
    return s;
}

static enum status refuse(const struct item *item, struct error *err)
{
    enum status s = error_set(err, STATUS_DATA, "refused: %s (--strict)", item->refusals.first);
    error_at(err, item->group.file, item->group.line, 0);
    return s;
}

static enum status write_batch(const struct batch *batch, estimate_put *put, void *to,
                               struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < batch->count; i++) {
        struct item *item = &batch->items[i];
        s = item->status;
        if (s != STATUS_OK && err != NULL)
            *err = item->error;
        if (s == STATUS_OK && batch->plan->strict && item->refusals.count > 0)
            s = refuse(item, err);
        if (s == STATUS_OK && item->csv.len > 0)
            s = put(to, item->csv.data, item->csv.len, err);
        buffer_clear(&item->csv);
    }
    return s;
}

static enum status write_header(const struct table_names *names, estimate_put *put, void *to,
                                struct error *err)
{
    struct buffer csv = BUFFER_INIT;
    enum status s =
        estimate_header(&csv, names) ? put(to, csv.data, csv.len, err) : error_no_memory(err);
    buffer_free(&csv);
    return s;
}

enum status estimate_table(const struct estimate_plan *plan, struct table_reader *reader,
                           unsigned threads, estimate_put *put, void *to, struct error *err)
{
    struct batch batch = {.plan = plan,
                          .names = table_reader_names(reader),
                          .cap = threads > 1 ? (size_t)threads * ITEMS_A_THREAD : ITEMS_ALONE};
    bool end = false;
    batch.items = calloc(batch.cap, sizeof *batch.items);
    pthread_t *ids = calloc(threads + 1, sizeof *ids);
    enum status s = batch.items == NULL || ids == NULL ? error_no_memory(err)
                                                       : write_header(batch.names, put, to, err);
    while (s == STATUS_OK && !end) {
        struct error late = ERROR_INIT;
        enum status read = read_batch(&batch, reader, &end, &late);
        work_all(&batch, threads, ids);
        s = write_batch(&batch, put, to, err);
        /* What stands before a bad row comes first. */
        if (s == STATUS_OK && read != STATUS_OK) {
            s = read;
            if (err != NULL)
                *err = late;
        }
    }
    for (size_t i = 0; batch.items != NULL && i < batch.cap; i++) {
        arena_free(&batch.items[i].arena);
        buffer_free(&batch.items[i].csv);
    }
    free(batch.items);
    free(ids);
    return s;
}
