/* Text read ahead by other threads is the text of the input, in order, with what was left before;
 * and what they found in it is what a scan finds. */
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

#include "records/csv_ahead.h"

static char path[] = "/tmp/bell-test-text-XXXXXX";
static uint64_t seed = 7;

static uint32_t next_random(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

static int set_up(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void make_file(struct buffer *data, size_t len)
{
    buffer_clear(data);
    while (data->len < len)
        assert_true(buffer_appendf(data, next_random(9) == 0 ? "\"%zu\n\"\n" : "%zu,", data->len));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data->data, 1, data->len, file), data->len);
    assert_int_equal(fclose(file), 0);
}

struct helper {
    struct csv_ahead *ahead;
    atomic_bool stop;
};

static void *read_on(void *arg)
{
    struct helper *helper = arg;
    while (!atomic_load(&helper->stop))
        csv_ahead_read(helper->ahead);
    return NULL;
}

static void compare_index(const struct csv_taken *taken, const struct buffer *text)
{
    const struct csv_text piece = {text->data, taken->from, text->len, ',', true, taken->place};
    struct csv_index index = CSV_INDEX_INIT;
    struct error err = ERROR_INIT;
    assert_int_equal(csv_scan_text(&piece, &index, &err), STATUS_OK);
    assert_int_equal(index.regular, taken->index.regular);
    assert_int_equal(index.end, taken->index.end);
    assert_int_equal(index.count, taken->index.count);
    if (index.count > 0)
        assert_memory_equal(index.positions, taken->index.positions,
                            index.count * sizeof *index.positions);
    csv_index_free(&index);
}

/* The quotes before a place. */
static bool inside_at(struct slice text, size_t place)
{
    bool inside = false;
    for (size_t i = 0; i < place; i++)
        inside ^= text.data[i] == '"';
    return inside;
}

static size_t scanned; /* pieces, in all tests */

/* Takes all, uses up some of what is there each time, and compares. */
static void take_all(struct csv_ahead *ahead, struct slice want)
{
    struct buffer text = BUFFER_INIT;
    struct error err = ERROR_INIT;
    size_t done = 0;
    size_t used = 0;
    size_t seen = 0;     /* bytes of pieces */
    bool turned = false; /* places are told the other way round */
    struct csv_taken taken = {.ended = false};
    while (!taken.ended) {
        assert_int_equal(csv_ahead_take(ahead, &text, &done, &taken, &err), STATUS_OK);
        size_t there = text.len - done;
        if (ahead->scans)
            assert_int_equal(taken.place.inside, inside_at(want, seen) != turned);
        if (taken.scanned)
            compare_index(&taken, &text);
        scanned += taken.scanned;
        seen = used + there;
        if (next_random(5) == 0) {
            csv_ahead_turn(ahead);
            turned = !turned;
        }
        assert_true(used + there <= want.len);
        assert_memory_equal(text.data + done, want.data + used, there);
        size_t n = next_random(4) == 0 ? there : next_random((uint32_t)there + 1);
        if (next_random(2) == 0 && there > 100)
            n = there - next_random(100);
        if (taken.ended)
            n = there;
        done += n;
        used += n;
    }
    assert_int_equal(used, want.len);
    csv_index_free(&taken.index);
    buffer_free(&text);
}

static void test_in_order(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    for (int round = 0; round < 60; round++) {
        struct input *in;
        struct error err = ERROR_INIT;
        struct csv_ahead ahead;
        struct helper helper = {.ahead = &ahead};
        pthread_t threads[2];
        unsigned count = (unsigned)round % 3;
        make_file(&data, next_random(3) == 0 ? next_random(100) : next_random(1000000));
        assert_int_equal(input_open(&in, path, 1, &err), STATUS_OK);
        csv_ahead_init(&ahead, 1 + next_random(round % 2 == 0 ? 300000 : 3000), ',', true,
                       count > 0);
        for (unsigned i = 0; i < count; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, read_on, &helper), 0);
        csv_ahead_set(&ahead, in);
        take_all(&ahead, (struct slice){data.data == NULL ? "" : data.data, data.len});
        atomic_store(&helper.stop, true);
        for (unsigned i = 0; i < count; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        csv_ahead_set(&ahead, NULL);
        csv_ahead_free(&ahead);
        input_close(in);
    }
    buffer_free(&data);
    assert_true(scanned > 100);
}

/* Pieces that other threads scan may be dropped at any time. */
static void test_dropped(void **state)
{
    (void)state;
    struct buffer data = BUFFER_INIT;
    struct csv_taken taken = {.ended = false};
    struct buffer text = BUFFER_INIT;
    make_file(&data, 2000000);
    for (int round = 0; round < 200; round++) {
        struct input *in;
        struct error err = ERROR_INIT;
        struct csv_ahead ahead;
        struct helper helper = {.ahead = &ahead};
        pthread_t thread;
        size_t done = 0;
        assert_int_equal(input_open(&in, path, 1, &err), STATUS_OK);
        csv_ahead_init(&ahead, 100000, ',', true, true);
        assert_int_equal(pthread_create(&thread, NULL, read_on, &helper), 0);
        csv_ahead_set(&ahead, in);
        buffer_clear(&text);
        for (uint32_t n = next_random(5); n > 0; n--)
            assert_int_equal(csv_ahead_take(&ahead, &text, &done, &taken, &err), STATUS_OK);
        csv_ahead_set(&ahead, NULL);
        input_close(in);
        atomic_store(&helper.stop, true);
        assert_int_equal(pthread_join(thread, NULL), 0);
        csv_ahead_free(&ahead);
    }
    csv_index_free(&taken.index);
    buffer_free(&text);
    buffer_free(&data);
}

/* What fails is told behind the text before it, to whoever takes it. */
static void test_failure(void **state)
{
    (void)state;
    static const unsigned char cut[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(cut, 1, sizeof cut, file), sizeof cut);
    assert_int_equal(fclose(file), 0);
    struct input *in;
    struct error err = ERROR_INIT;
    struct csv_ahead ahead;
    struct buffer text = BUFFER_INIT;
    size_t done = 0;
    struct csv_taken taken = {.ended = false};
    assert_int_equal(input_open(&in, path, 1, &err), STATUS_OK);
    csv_ahead_init(&ahead, 1000, ',', true, true);
    csv_ahead_read(&ahead); /* there is no input yet */
    csv_ahead_set(&ahead, in);
    csv_ahead_read(&ahead);
    csv_ahead_read(&ahead); /* nothing is read behind a failure */
    assert_int_equal(ahead.count, 1);
    assert_int_equal(csv_ahead_take(&ahead, &text, &done, &taken, &err), STATUS_DAMAGED);
    assert_non_null(strstr(err.text, "gzip"));
    csv_ahead_set(&ahead, NULL);
    csv_ahead_free(&ahead);
    input_close(in);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_failure),
    };
    return cmocka_run_group_tests_name("csv_ahead", tests, set_up, tear_down);
}
