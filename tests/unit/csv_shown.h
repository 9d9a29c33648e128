/* csv_shown.h - fields as text that tests compare, for the tests of the CSV reader, source and
 * writer. After cmocka.h. */
#ifndef BELL_TESTS_CSV_SHOWN_H
#define BELL_TESTS_CSV_SHOWN_H

#include <string.h>

#include "base/buffer.h"
#include "records/csv_reader.h"

static uint64_t random_state = 42;

static inline uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % n;
}

static inline void put(struct buffer *out, const char *data, size_t len)
{
    assert_true(buffer_append(out, data, len));
}

static inline void put_fields(struct buffer *out, const struct slice *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_non_null(fields[i].data);
        assert_true(buffer_appendf(out, "<%zu:", fields[i].len));
        put(out, fields[i].data, fields[i].len);
        put(out, ">", 1);
    }
    put(out, "\n", 1);
}

static inline void assert_same(const struct buffer *a, const struct buffer *b, struct slice input)
{
    if (a->len == b->len && memcmp(a->data, b->data, a->len) == 0)
        return;
    print_error("input of %zu bytes: [%.*s]\nfirst:\n%s\nsecond:\n%s\n", input.len, (int)input.len,
                input.data, a->data, b->data);
    fail();
}

/* A csv_record_fn whose context is a buffer. */
static inline enum status collect_fields(void *ctx, const struct csv_record *record,
                                         struct error *err)
{
    (void)err;
    struct buffer *rows = ctx;
    if (record->code != NULL)
        return STATUS_DATA;
    put_fields(rows, record->fields, record->field_count);
    return STATUS_OK;
}

/* True if the text is good for both, and then they agree. */

#endif
