/* bell-classify - labels records by rules: words and phrases, regular expressions, numbers. */
#include <stdlib.h>

#include "base/arena.h"
#include "cli/filter.h"
#include "labels/pack.h"
#include "labels/rules.h"

struct classify {
    struct rules *rules;
    struct arena arena; /* packs */
};

static enum status classify_open(void *self, struct header *header, struct error *err)
{
    struct classify *classify = self;

    return rules_open(classify->rules, &header->schema, err);
}

static void classify_reads(void *self, const bool *wanted, bool *fields)
{
    const struct classify *classify = self;

    rules_reads(classify->rules, wanted, fields);
}

static enum status classify_worker_new(void *self, void **worker, struct error *err)
{
    const struct classify *classify = self;
    struct rules_worker *new = NULL;
    enum status s = rules_worker_new(classify->rules, &new, err);

    *worker = new;
    return s;
}

static void classify_worker_free(void *self, void *worker)
{
    (void)self;
    rules_worker_free(worker);
}

static enum status classify_process(void *self, void *worker, struct batch *batch,
                                    struct error *err)
{
    const struct classify *classify = self;

    return rules_apply(classify->rules, worker, batch, err);
}

static void classify_free(void *self)
{
    struct classify *classify = self;

    if (classify == NULL)
        return;
    rules_free(classify->rules);
    arena_free(&classify->arena);
    free(classify);
}

static const struct stage_ops classify_ops = {
    .open = classify_open,
    .reads = classify_reads,
    .worker_new = classify_worker_new,
    .worker_free = classify_worker_free,
    .process = classify_process,
    .free = classify_free,
};

static enum status classify_make_stage(const struct settings *settings, struct stage *stage,
                                       struct error *err)
{
    struct classify *classify = calloc(1, sizeof(*classify));
    enum status s;

    if (classify == NULL)
        return error_no_memory(err);
    s = rules_new(&classify->rules, err);
    if (s == STATUS_OK)
        s = pack_add_labels(classify->rules, settings->study, settings->section, &classify->arena,
                            err);
    if (s != STATUS_OK) {
        classify_free(classify);
        return s;
    }
    *stage = (struct stage){
        .ops = &classify_ops,
        .self = classify,
        .program = settings->program,
        .command = settings->command,
    };
    return STATUS_OK;
}

const struct filter filter_classify = {
    .name = "classify",
    .args_doc = "[FILE...]",
    .summary = "label records by words, phrases, regular expressions and numbers",
    .doc = "Adds one field for each label of the study's classify section and of its rule packs.  "
           "A label looks at fields of text; its first rule that matches names the value, or, "
           "with `all: true', every rule that matches adds to a set.  Without labels the records "
           "pass unchanged.",
    .input = FILTER_IN_STREAM,
    .gathers = false,
    .common = "study output compress text force threads rejects max-rejects max-memory progress "
              "no-provenance no-end quiet verbose",
    .make_stage = classify_make_stage,
};
