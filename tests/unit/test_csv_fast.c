/* The CSV source gives the same with its fast way, with text read and scanned ahead by other
 * threads too, and with the reference reader alone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "records/csv_source_parts.h"

static char path[] = "/tmp/bell-test-csv-fast.XXXXXX";

static uint64_t random_state = 5;

static uint32_t next_random(uint32_t below)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % below;
}

static uint64_t used_ahead; /* indexes made ahead, in all files */

static void put(struct buffer *out, struct slice s)
{
    assert_true(s.data == NULL ? buffer_append_text(out, "<none>")
                               : buffer_appendf(out, "%zu:", s.len) && buffer_append_slice(out, s));
    assert_true(buffer_append_byte(out, '|'));
}

static void put_place(struct buffer *out, const struct origin *o)
{
    assert_true(buffer_appendf(out, "@%llu+%llu,%llu/%u ", (unsigned long long)o->line,
                               (unsigned long long)o->offset, (unsigned long long)o->length,
                               (unsigned)o->file));
}

/* Records and refusals are put into texts of their own: where a batch ends may differ. */
static void put_batch(struct buffer *records, struct buffer *refusals, struct batch *batch)
{
    struct error err = ERROR_INIT;
    for (size_t r = 0; r < batch->record_count; r++) {
        struct origin origin;
        assert_true(batch_origin(batch, r, &origin));
        put_place(records, &origin);
        for (size_t c = 0; c < batch->column_count; c++)
            put(records, batch_text(batch, c, &err)[r]);
        put(records, batch_raw(batch, r));
        assert_true(buffer_append_byte(records, '\n'));
    }
    for (size_t i = 0; i < batch->refusal_count; i++) {
        const struct refusal *refusal = &batch->refusals[i];
        put_place(refusals, &refusal->origin);
        assert_true(buffer_appendf(refusals, "%s %llu %d ", refusal->code,
                                   (unsigned long long)refusal->column, refusal->fatal));
        put(refusals, slice_of(refusal->reason));
        put(refusals, refusal->raw);
        assert_true(buffer_append_byte(refusals, '\n'));
    }
}

/* Who reads ahead: nobody, whoever fills, or threads of their own. */
enum { ALONE = 1, BY_TURNS = 2, HELPERS = 2 };

struct helper {
    struct csv_source *source;
    atomic_bool stop;
};

static void *read_on(void *arg)
{
    struct helper *helper = arg;
    while (!atomic_load(&helper->stop))
        csv_source_read_ahead(helper->source);
    return NULL;
}

static void read_all(struct csv_source_options options, bool reference, struct buffer *out)
{
    pthread_t threads[HELPERS];
    struct helper helper = {.source = NULL};
    struct error err = ERROR_INIT;
    struct csv_source *source = NULL;
    struct buffer refusals = BUFFER_INIT;
    struct batch batch;
    char *const files[] = {path, path};
    size_t in = 0;
    size_t refused = 0;
    bool by_rows = false;
    batch_init(&batch);
    options.reference = reference;
    buffer_clear(out);
    assert_int_equal(csv_source_open(&options, files, 2, &source, &err), STATUS_OK);
    const size_t helpers = options.threads > BY_TURNS ? HELPERS : 0;
    helper.source = source;
    for (size_t i = 0; i < helpers; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &helper), 0);
    for (bool end = false; !end;) {
        for (uint32_t n = options.threads == BY_TURNS ? next_random(3) : 0; n > 0; n--)
            csv_source_read_ahead(source);
        assert_int_equal(csv_source_fill(source, &batch, &end, &err), STATUS_OK);
        by_rows = by_rows || batch.rows.form != NULL;
        assert_int_equal(csv_source_parse(source, &batch, &err), STATUS_OK);
        in += batch.record_count + batch.refusal_count;
        refused += batch.refusal_count;
        put_batch(out, &refusals, &batch);
    }
    assert_true(buffer_append(out, refusals.data, refusals.len));
    assert_true(buffer_appendf(out, "in=%zu refused=%zu blank=%llu\n", in, refused,
                               (unsigned long long)csv_source_blank(source)));
    assert_false(reference && by_rows);
    atomic_store(&helper.stop, true);
    for (size_t i = 0; i < helpers; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    used_ahead += source->used_ahead;
    csv_source_close(source);
    batch_free(&batch);
    buffer_free(&refusals);
}

/* Rows of three fields, one in `odd` of them with something wrong. */
static void make_file(size_t size, uint32_t odd)
{
    static const char *const fields[] = {
        "",           "a",    "42",       "caf\xc3\xa9", " b ",      "\"q\"",           "\"x,y\"",
        "\"a\"\"b\"", "\"\"", "\"l\n2\"", "\"c\r\nd\"",  "\"\"\"\"", "\xf0\x9f\x98\x80"};
    static const char *const faults[] = {"\"",   "a\"b", "\"c\"d", "x\ry",
                                         "\xff", "e,f",  "\n",     "\"\n\""};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs("h1,h2,h3\n", file) >= 0);
    for (size_t written = 0; written < size;) {
        for (int i = 0; i < 3; i++) {
            const char *field = fields[next_random(sizeof fields / sizeof fields[0])];
            if (odd != 0 && next_random(odd) == 0)
                field = faults[next_random(sizeof faults / sizeof faults[0])];
            const char *end = i < 2 ? "," : next_random(4) == 0 ? "\r\n" : "\n";
            if (odd != 0 && next_random(odd * 8) == 0)
                assert_int_equal(fputc('\0', file), 0);
            assert_true(fprintf(file, "%s%s", field, end) > 0);
            written += strlen(field) + 1;
        }
    }
    if (next_random(2) == 0)
        assert_true(fputs("no,line,end", file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* All ways over the file there is. */
static void compare_ways(size_t size, uint32_t odd, bool plain_quotes)
{
    struct csv_source_options options = CSV_SOURCE_OPTIONS_INIT;
    struct buffer fast = BUFFER_INIT;
    struct buffer reference = BUFFER_INIT;
    options.ragged = (enum csv_ragged)(1 + next_random(2));
    options.keep_raw = next_random(2) == 0;
    const uint32_t sizes[] = {0, 100 + next_random(5000), 60 + next_random(400)};
    options.batch_bytes = sizes[next_random(3)];
    options.skip_records = next_random(3);
    if (plain_quotes || next_random(4) == 0)
        options.dialect.quoting = CSV_QUOTING_NONE;
    if (next_random(6) == 0)
        options.encoding = "iso-8859-1";
    options.threads = ALONE;
    read_all(options, true, &reference);
    options.threads = ALONE + next_random(3);
    read_all(options, false, &fast);
    assert_true(reference.len > 20);
    if (fast.len != reference.len || memcmp(fast.data, reference.data, fast.len) != 0)
        fail_msg("they differ for %zu bytes, one in %u odd", size, odd);
    buffer_free(&fast);
    buffer_free(&reference);
}

static void compare(size_t size, uint32_t odd)
{
    make_file(size, odd);
    compare_ways(size, odd, false);
}

/* Rows that are as regular if what is inside quotes is taken for outside, behind a quote that is
 * refused: who counted quotes is wrong about them.  (The first 256 KiB of a file are read
 * otherwise.) */
static void test_inside_out(void **state)
{
    (void)state;
    for (int round = 0; round < 30; round++) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_true(fputs("h1,h2,h3\n", file) >= 0);
        for (uint32_t rows = 24000, wrong = 22000 + next_random(1500); rows > 0; rows--, wrong--)
            assert_true(fputs(wrong == 0 ? "q\"q,1,2\n" : "x,\",A,B\n\",y\n", file) >= 0);
        assert_int_equal(fclose(file), 0);
        compare_ways(24000 * 12, 24000, false);
    }
}

/* Rows of such fields, most of them the first. */
static void put_rows(size_t size, const char *const fields[4], uint32_t rare)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs("h1,h2,h3\n", file) >= 0);
    for (size_t written = 0; written < size;)
        for (int i = 0; i < 3; i++) {
            const char *field = fields[next_random(rare) == 0 ? 1 + next_random(3) : 0];
            assert_true(fprintf(file, "%s%c", field, i < 2 ? ',' : '\n') > 0);
            written += strlen(field) + 1;
        }
    assert_int_equal(fclose(file), 0);
}

/* Quotes that count only in what was left of a text, or that count nowhere. */
static void test_quotes(void **state)
{
    static const char *const quoted[] = {"abc", "\"x,y\"", "\"\"", "\"q\"\"q\""};
    static const char *const bare[] = {"abc", "\"", "\"q\"", "a\""};
    (void)state;
    for (int round = 0; round < 12; round++) {
        put_rows(420000, round % 2 == 0 ? quoted : bare, 2 + next_random(100));
        compare_ways(420000, 0, round % 2 == 1);
    }
}

static void test_small_files(void **state)
{
    (void)state;
    for (int round = 0; round < 1500; round++)
        compare(next_random(3000), next_random(4) == 0 ? 0 : 3 + next_random(300));
}

/* Beyond the size of a read, so that records lie across its border. */
static void test_large_files(void **state)
{
    (void)state;
    for (int round = 0; round < 12; round++)
        compare(500000 + next_random(500000), round % 3 == 0 ? 0 : 5000);
    assert_true(used_ahead > 1000);
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inside_out),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_small_files),
        cmocka_unit_test(test_large_files),
    };
    return cmocka_run_group_tests_name("csv_fast", tests, make_path, remove_path);
}
