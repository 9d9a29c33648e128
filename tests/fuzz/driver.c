/* A fuzz target without libFuzzer: runs the files that are named, or so many made-up inputs.
 *
 *     csv_readers FILE...
 *     csv_readers COUNT SEED
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1024 * 1024, MADE_MAX = 600 };

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % below;
}

/* Bytes that mean something to CSV, and a few that do not, in runs. */
static size_t make(uint8_t *data)
{
    static const char bytes[] = "ab ,,;\t\"\"\"\"\n\n\r\0\xc3\xa9x";
    const size_t size = draw(MADE_MAX);
    const uint32_t odd = 1 + draw(40);
    for (size_t i = 0; i < size; i++)
        data[i] = draw(odd) == 0 ? (uint8_t)bytes[draw(sizeof bytes)] : (uint8_t) "ab,\n"[draw(4)];
    if (size > 0)
        data[0] = (uint8_t)draw(256);
    return size;
}

static int run_file(const char *path)
{
    uint8_t *data = malloc(INPUT_MAX);
    FILE *file = fopen(path, "rb");
    if (data == NULL || file == NULL) {
        perror(path);
        free(data);
        return 1;
    }
    size_t size = fread(data, 1, INPUT_MAX, file);
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int status = 0;
    char *end = NULL;
    unsigned long count = argc == 3 ? strtoul(argv[1], &end, 10) : 0;
    if (end == NULL || *end != '\0') {
        for (int i = 1; i < argc; i++)
            status |= run_file(argv[i]);
        return status;
    }
    uint8_t data[MADE_MAX];
    state = strtoul(argv[2], NULL, 10);
    for (unsigned long i = 0; i < count; i++)
        (void)LLVMFuzzerTestOneInput(data, make(data));
    (void)printf("%lu inputs, no difference\n", count);
    return 0;
}
