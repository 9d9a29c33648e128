/* Values of any length keep their identity: each code means the value that stands in the record. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "records/coder.h"

static uint64_t seed = 11;

static uint32_t next_random(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* Both ways of a key's words; what stands behind the key does not matter. */
static void test_words(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)next_random(256);
        const struct slice key = {bytes + next_random(8), next_random(40)};
        const struct hash_words plain = hash_words(key);
        const struct hash_words padded = hash_words_padded(key);
        assert_int_equal(plain.first, padded.first);
        assert_int_equal(plain.last, padded.last);
        if (key.len > HASH_WORDS_MAX || key.len == 0)
            continue;
        /* Short keys are known by their words. */
        char other[64];
        memcpy(other, key.data, key.len);
        other[next_random((uint32_t)key.len)] ^= (char)(1 + next_random(255));
        const struct hash_words differ = hash_words((struct slice){other, key.len});
        assert_true(differ.first != plain.first || differ.last != plain.last);
    }
}

/* Texts that are near to each other: of a few bytes, with ends and middle alike. */
static struct slice make_value(char *room, uint32_t variety)
{
    const size_t len = next_random(variety == 0 ? 4 : 60);
    for (size_t i = 0; i < len; i++)
        room[i] = 'a';
    for (uint32_t n = len == 0 ? 0 : next_random(2); n > 0; n--)
        room[next_random((uint32_t)len)] = (char)('b' + next_random(2));
    return (struct slice){room, len};
}

/* Fills one column with so many values, some of them missing. */
static void fill(struct batch *batch, size_t count, uint32_t variety)
{
    struct error err = ERROR_INIT;
    size_t column;
    batch_reset(batch);
    batch->record_count = count;
    assert_int_equal(batch_add_column(batch, &column, &err), STATUS_OK);
    for (size_t r = 0; r < count; r++) {
        char room[64];
        const struct slice value = make_value(room, variety);
        struct slice *cell = &batch->columns[column].cells[r];
        *cell = SLICE_MISSING;
        if (next_random(20) > 0)
            assert_true(batch_store(batch, value, cell));
    }
}

static void test_codes(void **state)
{
    (void)state;
    int coded_batches = 0;
    for (uint32_t variety = 0; variety < 2; variety++) {
        struct coder *coder;
        struct batch batch;
        struct error err = ERROR_INIT;
        assert_int_equal(coder_new(&coder, &err), STATUS_OK);
        batch_init(&batch);
        for (int round = 0; round < 20; round++) {
            bool coded = false;
            fill(&batch, 2000, variety);
            assert_int_equal(coder_apply(coder, &batch, 0, &coded, &err), STATUS_OK);
            const struct batch_column *column = &batch.columns[0];
            coded_batches += coded;
            for (size_t r = 0; coded && r < batch.record_count; r++) {
                const struct slice value = column->dictionary->values[column->codes[r]];
                const struct slice cell = column->cells[r];
                assert_int_equal(slice_missing(value), slice_missing(cell));
                assert_true(slice_missing(cell) || slice_equal(value, cell));
            }
        }
        coder_free(coder);
        batch_free(&batch);
    }
    assert_true(coded_batches > 20);
}

static int draw_keys(void **state)
{
    struct error err = ERROR_INIT;
    (void)state;
    return hash_init(&err) == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests_name("coder", tests, draw_keys, NULL);
}
