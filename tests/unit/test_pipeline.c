/* The pipeline with a source, stages and a sink made for the test: whatever is refused, dropped
 * or fails, the output, the counts, the rejects and the error are the same with any number of
 * threads, and they are those of a plain loop over the same plan. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/pipeline.h"

enum { BATCHES_MAX = 40, RECORDS_MAX = 24, KEYS = 64, STAGES = 3, THREADS_MAX = 8 };
enum { ROUNDS = 150 };

/* Where a batch may fail, in the order in which it comes by. */
enum fault {
    FAULT_NONE,
    FAULT_FILL,
    FAULT_PARSE,
    FAULT_MARK,
    FAULT_ORDER_PROCESS,
    FAULT_ORDER,
    FAULT_COUNT,
    FAULT_ENCODE,
    FAULT_PUT,
    FAULTS
};

struct plan {
    size_t batches;
    size_t records[BATCHES_MAX];
    size_t refused_rows[BATCHES_MAX]; /* that never became records */
    enum fault fault[BATCHES_MAX];
    uint64_t first_value[BATCHES_MAX];
    bool end_apart; /* the end comes with an empty batch of its own */
    bool refuses;
    uint64_t salt;
};

struct result {
    enum status status;
    struct error err;
    struct buffer output;
    struct buffer rejects;
    struct counts counts[STAGES];
    uint64_t gathered;
};

static uint64_t random_state = 7;
static char rejects_path[] = "/tmp/bell-test-pipeline.XXXXXX";

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

static uint64_t mix(uint64_t value, uint64_t salt)
{
    value = (value ^ salt) * UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return value ^ value >> 32;
}

static bool refused(const struct plan *plan, uint64_t value)
{
    return plan->refuses && mix(value, plan->salt) % 11 == 0;
}

static bool dropped(const struct plan *plan, uint64_t value)
{
    return mix(value, plan->salt + 1) % 7 == 0;
}

static uint64_t key_of(const struct plan *plan, uint64_t value)
{
    return mix(value, plan->salt + 2) % KEYS;
}

static bool refused_in_order(const struct plan *plan, uint64_t value)
{
    return plan->refuses && mix(value, plan->salt + 3) % 13 == 0;
}

/* ---- the source ---- */

struct fake_source {
    const struct plan *plan;
    size_t next;
    uint64_t records;
};

static enum status fails(const struct plan *plan, size_t at, enum fault fault, struct error *err)
{
    return plan->fault[at] == fault
               ? error_set(err, STATUS_IO, "fault %d of batch %zu", (int)fault, at)
               : STATUS_OK;
}

/* Which batch of the plan this is. */
static size_t number_of(const struct batch *batch)
{
    return batch->file;
}

static void dawdle(const struct batch *batch)
{
    for (uint64_t n = mix(batch->sequence, (uint64_t)(uintptr_t)batch) % 4; n > 0; n--)
        (void)sched_yield();
}

static enum status source_open(void *self, struct header *header, struct error *err)
{
    (void)self;
    return schema_add(&header->schema, "value", FIELD_INT, NULL, err);
}

static enum status source_fill(void *self, struct batch *batch, bool *end, struct error *err)
{
    struct fake_source *source = self;
    const struct plan *plan = source->plan;
    *end = source->next == plan->batches;
    if (*end)
        return STATUS_OK;
    size_t at = source->next++;
    enum status s = fails(plan, at, FAULT_FILL, err);
    if (s == STATUS_OK)
        s = batch_shape(batch, 1, plan->records[at], false, err);
    for (size_t i = 0; s == STATUS_OK && i < plan->refused_rows[at]; i++) {
        struct refusal refusal = {.record = i,
                                  .from_source = true,
                                  .weight = 1,
                                  .origin = {.line = 100 * at + i + 1, .offset = i, .length = 1},
                                  .code = "row",
                                  .reason = "is no row",
                                  .raw = SLICE_LITERAL("raw")};
        s = batch_add_refusal(batch, &refusal, err);
    }
    batch->file = (uint32_t)at;
    batch->first = source->records + 1;
    source->records += plan->records[at];
    *end = !plan->end_apart && source->next == plan->batches;
    return s;
}

static enum status source_parse(void *self, struct batch *batch, struct error *err)
{
    const struct fake_source *source = self;
    size_t at = number_of(batch);
    dawdle(batch);
    for (size_t i = 0; i < batch->record_count; i++) {
        char text[24];
        int n = snprintf(text, sizeof text, "%llu",
                         (unsigned long long)(source->plan->first_value[at] + i));
        struct slice cell = {text, (size_t)n};
        if (!batch_store(batch, cell, &batch->columns[0].cells[i]))
            return error_no_memory(err);
    }
    return fails(source->plan, at, FAULT_PARSE, err);
}

static const char *source_file_name(const void *self, uint32_t file)
{
    (void)self;
    (void)file;
    return "fake.csv";
}

static void source_progress(const void *self, struct source_progress *progress)
{
    (void)self;
    *progress = (struct source_progress){.done = 0};
}

static void nothing_to_free(void *self)
{
    (void)self;
}

static const struct source_ops source_ops = {.open = source_open,
                                             .fill = source_fill,
                                             .parse = source_parse,
                                             .file_name = source_file_name,
                                             .progress = source_progress,
                                             .free = nothing_to_free};

/* ---- the stages: marks in any order; keeps the first of a key, in order; counts ---- */

struct fake_stage {
    const struct plan *plan;
    bool seen[KEYS];
    size_t last_ordered; /* number of the batch, plus 1 */
    bool out_of_order;
    uint64_t gathered;
    atomic_int workers;
};

static uint64_t value_of(const struct batch *batch, size_t record)
{
    struct slice cell = batch->columns[0].cells[record];
    uint64_t value = 0;
    for (size_t i = 0; i < cell.len; i++)
        value = value * 10 + (uint64_t)(cell.data[i] - '0');
    return value;
}

static enum status mark_process(void *self, void *worker, struct batch *batch, struct error *err)
{
    const struct fake_stage *stage = self;
    (void)worker;
    dawdle(batch);
    /* Backwards: the refusals have to be put in order. */
    for (size_t i = batch->record_count; i-- > 0;) {
        uint64_t value = value_of(batch, i);
        if (refused(stage->plan, value)) {
            enum status s = batch_refuse(batch, i, "mark", "value", err, "%llu is refused",
                                         (unsigned long long)value);
            if (s != STATUS_OK)
                return s;
        } else if (dropped(stage->plan, value)) {
            batch_drop(batch, i);
        }
    }
    return fails(stage->plan, number_of(batch), FAULT_MARK, err);
}

static enum status order_process(void *self, void *worker, struct batch *batch, struct error *err)
{
    const struct fake_stage *stage = self;
    (void)worker;
    dawdle(batch);
    for (size_t i = 0; i < batch->record_count; i++) {
        uint64_t value = value_of(batch, i);
        if (!refused_in_order(stage->plan, value))
            continue;
        enum status s = batch_refuse(batch, i, "order", NULL, err, "%llu is refused later",
                                     (unsigned long long)value);
        if (s != STATUS_OK)
            return s;
    }
    return fails(stage->plan, number_of(batch), FAULT_ORDER_PROCESS, err);
}

static enum status order_order(void *self, struct batch *batch, struct error *err)
{
    struct fake_stage *stage = self;
    size_t at = number_of(batch);
    stage->out_of_order = stage->out_of_order || at + 1 <= stage->last_ordered;
    stage->last_ordered = at + 1;
    for (size_t i = 0; i < batch->record_count; i++) {
        if (batch->fates[i] != FATE_LIVE)
            continue;
        bool *seen = &stage->seen[key_of(stage->plan, value_of(batch, i))];
        if (*seen)
            batch_drop(batch, i);
        *seen = true;
    }
    return fails(stage->plan, at, FAULT_ORDER, err);
}

static enum status count_worker_new(void *self, void **worker, struct error *err)
{
    struct fake_stage *stage = self;
    uint64_t *count = calloc(1, sizeof *count);
    *worker = count;
    atomic_fetch_add(&stage->workers, 1);
    return count == NULL ? error_no_memory(err) : STATUS_OK;
}

static void count_worker_free(void *self, void *worker)
{
    struct fake_stage *stage = self;
    atomic_fetch_sub(&stage->workers, 1);
    free(worker);
}

static enum status count_process(void *self, void *worker, struct batch *batch, struct error *err)
{
    const struct fake_stage *stage = self;
    uint64_t *count = worker;
    *count += batch->record_count;
    return fails(stage->plan, number_of(batch), FAULT_COUNT, err);
}

static enum status count_gather(void *self, void *worker, struct error *err)
{
    struct fake_stage *stage = self;
    const uint64_t *count = worker;
    (void)err;
    stage->gathered += *count;
    return STATUS_OK;
}

static const struct stage_ops mark_ops = {.process = mark_process, .free = nothing_to_free};
static const struct stage_ops order_ops = {
    .process = order_process, .order = order_order, .free = nothing_to_free};
static const struct stage_ops count_ops = {.worker_new = count_worker_new,
                                           .worker_free = count_worker_free,
                                           .process = count_process,
                                           .gather = count_gather,
                                           .free = nothing_to_free};

/* ---- the sink ---- */

struct fake_sink {
    const struct plan *plan;
    struct buffer output;
    bool ended;
};

static enum status sink_begin(void *self, const struct header *header, struct error *err)
{
    (void)self;
    (void)header;
    (void)err;
    return STATUS_OK;
}

/* The bytes end with the number of their batch, for put(). */
static enum status sink_encode(void *self, struct codec *codec, struct batch *batch,
                               struct buffer *text, struct buffer *bytes, struct error *err)
{
    const struct fake_sink *sink = self;
    (void)codec;
    (void)text;
    for (size_t i = 0; i < batch->record_count; i++)
        if (!buffer_append_slice(bytes, batch->columns[0].cells[i]) ||
            !buffer_append_byte(bytes, '\n'))
            return error_no_memory(err);
    if (!buffer_append_byte(bytes, (char)number_of(batch)))
        return error_no_memory(err);
    return fails(sink->plan, number_of(batch), FAULT_ENCODE, err);
}

static enum status sink_put(void *self, const struct buffer *bytes, struct error *err)
{
    struct fake_sink *sink = self;
    assert_true(bytes->len > 0);
    if (!buffer_append(&sink->output, bytes->data, bytes->len - 1))
        return error_no_memory(err);
    return fails(sink->plan, (size_t)bytes->data[bytes->len - 1], FAULT_PUT, err);
}

static enum status sink_end(void *self, const struct header *header, const struct stream_end *end,
                            struct error *err)
{
    struct fake_sink *sink = self;
    (void)header;
    sink->ended = true;
    return buffer_appendf(&sink->output, "end %llu %llu %llu %llu\n", (unsigned long long)end->in,
                          (unsigned long long)end->out, (unsigned long long)end->rejected,
                          (unsigned long long)end->dropped)
               ? STATUS_OK
               : error_no_memory(err);
}

static const struct sink_ops sink_ops = {.begin = sink_begin,
                                         .encode = sink_encode,
                                         .put = sink_put,
                                         .end = sink_end,
                                         .free = nothing_to_free};

/* ---- one run, and what it must give ---- */

static void read_file(const char *path, struct buffer *into)
{
    char piece[4096];
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) > 0)
        assert_true(buffer_append(into, piece, (size_t)n));
    assert_int_equal(n, 0);
    (void)close(fd);
}

static void run(const struct plan *plan, unsigned threads, bool with_rejects, uint64_t max_rejects,
                struct result *result)
{
    *result = (struct result){.err = ERROR_INIT};
    struct fake_source source = {.plan = plan};
    struct fake_sink sink = {.plan = plan};
    struct fake_stage states[STAGES] = {{.plan = plan}, {.plan = plan}, {.plan = plan}};
    struct pipeline p = {.source = {&source_ops, &source},
                         .stage_count = STAGES,
                         .sink = {&sink_ops, &sink},
                         .threads = threads,
                         .max_rejects = max_rejects,
                         .max_rejects_percent = -1,
                         .progress = "never",
                         .program = "test"};
    p.stages = calloc(STAGES, sizeof *p.stages);
    assert_non_null(p.stages);
    p.stages[0] = (struct stage){.ops = &mark_ops, .self = &states[0], .program = "mark"};
    p.stages[1] = (struct stage){.ops = &order_ops, .self = &states[1], .program = "order"};
    p.stages[2] = (struct stage){.ops = &count_ops, .self = &states[2], .program = "count"};
    if (with_rejects)
        assert_int_equal(rejects_open(&p.rejects, rejects_path, &result->err), STATUS_OK);
    result->status = pipeline_run(&p, &result->err);
    if (with_rejects) {
        struct error late = ERROR_INIT;
        assert_int_equal(rejects_close(p.rejects, result->status == STATUS_OK, &late), STATUS_OK);
        read_file(rejects_path, &result->rejects);
    }
    assert_false(states[1].out_of_order);
    assert_int_equal(atomic_load(&states[2].workers), 0);
    assert_int_equal(sink.ended, result->status == STATUS_OK);
    memcpy(result->counts, p.counts, sizeof result->counts);
    result->gathered = states[2].gathered;
    result->output = sink.output;
    pipeline_free(&p);
}

static void result_free(struct result *result)
{
    buffer_free(&result->output);
    buffer_free(&result->rejects);
}

/* The plan without faults, in a plain loop. */
static void expect(const struct plan *plan, struct result *result)
{
    *result = (struct result){.status = STATUS_OK};
    struct counts *counts = result->counts;
    bool seen[KEYS] = {false};
    for (size_t at = 0; at < plan->batches; at++) {
        counts[0].in += plan->records[at] + plan->refused_rows[at];
        counts[0].rejected += plan->refused_rows[at];
        for (size_t i = 0; i < plan->records[at]; i++) {
            uint64_t value = plan->first_value[at] + i;
            bool *again = &seen[key_of(plan, value)];
            if (refused(plan, value)) {
                counts[0].rejected++;
            } else if (dropped(plan, value)) {
                counts[0].dropped++;
            } else if (refused_in_order(plan, value)) {
                counts[1].rejected++;
            } else if (*again) {
                counts[1].dropped++;
            } else {
                *again = true;
                counts[1].out++;
                assert_true(buffer_appendf(&result->output, "%llu\n", (unsigned long long)value));
            }
        }
    }
    counts[0].out = counts[0].in - counts[0].rejected - counts[0].dropped;
    counts[1].in = counts[0].out;
    counts[2].in = counts[2].out = result->gathered = counts[1].out;
    assert_true(buffer_appendf(&result->output, "end %llu %llu 0 0\n",
                               (unsigned long long)counts[2].in,
                               (unsigned long long)counts[2].out));
}

static void random_plan(struct plan *plan, bool refuses, bool faults)
{
    *plan = (struct plan){.batches = next_random(BATCHES_MAX + 1), .refuses = refuses};
    plan->end_apart = next_random(2) == 0;
    plan->salt = next_random(1000000);
    uint64_t value = 1;
    for (size_t at = 0; at < plan->batches; at++) {
        /* A third of the batches is empty: as files without records among others are. */
        plan->records[at] = next_random(3) == 0 ? 0 : next_random(RECORDS_MAX);
        plan->refused_rows[at] = refuses && next_random(4) == 0 ? next_random(4) : 0;
        plan->first_value[at] = value;
        value += plan->records[at];
        if (faults && next_random(10) == 0)
            plan->fault[at] = (enum fault)(1 + next_random(FAULTS - 1));
    }
}

static void assert_same_text(const struct buffer *a, const struct buffer *b)
{
    assert_int_equal(a->len, b->len);
    if (a->len > 0)
        assert_memory_equal(a->data, b->data, a->len);
}

static void assert_same_error(const struct error *a, const struct error *b)
{
    assert_int_equal(a->code, b->code);
    assert_string_equal(a->text, b->text);
    assert_string_equal(a->file, b->file);
    assert_int_equal(a->line, b->line);
    assert_string_equal(a->program == NULL ? "" : a->program, b->program == NULL ? "" : b->program);
}

static void test_same_as_a_loop(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct plan plan;
        struct result expected;
        struct result first = {.status = STATUS_OK};
        random_plan(&plan, round % 3 != 0, false);
        expect(&plan, &expected);
        for (unsigned threads = 1; threads <= THREADS_MAX; threads++) {
            struct result got;
            run(&plan, threads, true, UINT64_MAX, &got);
            assert_int_equal(got.status, STATUS_OK);
            assert_same_text(&got.output, &expected.output);
            assert_memory_equal(got.counts, expected.counts, sizeof got.counts);
            assert_int_equal(got.gathered, expected.gathered);
            if (threads > 1)
                assert_same_text(&got.rejects, &first.rejects);
            if (threads == 1)
                first = got;
            else
                result_free(&got);
        }
        result_free(&first);
        result_free(&expected);
    }
}

/* The first batch of the plan that fails, and where; the source fails even if the batch would
 * have been empty. */
static enum fault first_fault(const struct plan *plan, size_t *at)
{
    for (*at = 0; *at < plan->batches; ++*at) {
        enum fault fault = plan->fault[*at];
        bool empty = plan->records[*at] == 0 && plan->refused_rows[*at] == 0;
        if (fault == FAULT_FILL || (fault != FAULT_NONE && !empty))
            return fault;
    }
    return FAULT_NONE;
}

static void test_error_of_the_first_batch(void **state)
{
    (void)state;
    size_t failed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct plan plan;
        size_t at;
        char text[64];
        random_plan(&plan, false, true);
        enum fault fault = first_fault(&plan, &at);
        (void)snprintf(text, sizeof text, "fault %d of batch %zu", (int)fault, at);
        failed += fault != FAULT_NONE;
        for (unsigned threads = 1; threads <= THREADS_MAX; threads++) {
            struct result got;
            run(&plan, threads, false, UINT64_MAX, &got);
            assert_int_equal(got.status, fault == FAULT_NONE ? STATUS_OK : STATUS_IO);
            if (fault != FAULT_NONE)
                assert_string_equal(got.err.text, text);
            result_free(&got);
        }
    }
    assert_in_range(failed, ROUNDS / 3, ROUNDS - 1);
}

/* Faults, refusals that end the run and the limit of refusals, in competition: one thread
 * says what the error is, more threads must say the same. */
static void test_same_error_with_any_threads(void **state)
{
    (void)state;
    size_t failed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct plan plan;
        struct result one;
        bool with_rejects = round % 2 == 0;
        uint64_t limit = round % 4 == 0 ? next_random(20) : UINT64_MAX;
        random_plan(&plan, true, round % 3 != 0);
        run(&plan, 1, with_rejects, limit, &one);
        failed += one.status != STATUS_OK;
        for (unsigned threads = 2; threads <= THREADS_MAX; threads++) {
            struct result got;
            run(&plan, threads, with_rejects, limit, &got);
            assert_int_equal(got.status, one.status);
            if (one.status != STATUS_OK)
                assert_same_error(&got.err, &one.err);
            assert_same_text(&got.output, &one.output);
            assert_same_text(&got.rejects, &one.rejects);
            assert_memory_equal(got.counts, one.counts, sizeof got.counts);
            result_free(&got);
        }
        result_free(&one);
    }
    assert_in_range(failed, ROUNDS / 3, ROUNDS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_a_loop),
        cmocka_unit_test(test_error_of_the_first_batch),
        cmocka_unit_test(test_same_error_with_any_threads),
    };
    int fd = mkstemp(rejects_path);
    if (fd < 0)
        return 1;
    (void)close(fd);
    int failed = cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
    (void)unlink(rejects_path);
    return failed;
}
