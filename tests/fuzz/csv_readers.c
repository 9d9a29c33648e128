/* Fuzz target: the vector scan of CSV, the plain scan and the reference reader on one input.
 *
 * The first byte chooses delimiter and quoting.  Built with clang's libFuzzer by
 * tests/fuzz/fuzz.sh; linked with tests/fuzz/driver.c it runs by itself. */
#include <stdint.h>
#include <stdio.h>

static void disagree(const char *what, int line)
{
    (void)fprintf(stderr, "csv_readers: line %d: not so: %s\n", line, what);
    __builtin_trap();
}

#define AGREE(condition) ((condition) ? (void)0 : disagree(#condition, __LINE__))
#include "../unit/csv_agree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare_scans(struct slice piece, char delimiter, bool quotes)
{
    struct csv_index fast = CSV_INDEX_INIT;
    struct csv_index plain = CSV_INDEX_INIT;
    struct reading reference = {.text = BUFFER_INIT};
    struct buffer text = BUFFER_INIT;
    struct compared seen = {0, 0};
    compare(scan_fast, piece, delimiter, quotes, &fast, &reference, &text, &seen);
    compare(scan_plain, piece, delimiter, quotes, &plain, &reference, &text, &seen);
    AGREE(fast.count == plain.count && fast.end == plain.end && fast.records == plain.records);
    AGREE(fast.lines == plain.lines && fast.regular == plain.regular);
    csv_index_free(&fast);
    csv_index_free(&plain);
    buffer_free(&reference.text);
    buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {',', ';', '\t', 'a'};
    if (size == 0)
        return 0;
    /* Memory of its own, so that a read past its end is seen. */
    char *copy = malloc(size);
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 1, size - 1);
    compare_scans((struct slice){copy, size - 1}, delimiters[data[0] % 4], data[0] < 0xc0);
    free(copy);
    return 0;
}
