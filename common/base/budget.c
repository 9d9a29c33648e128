#include "base/budget.h"

#include <stdio.h>
#include <unistd.h>

#include "base/number.h"

enum status budget_take(struct budget *budget, uint64_t bytes, const char *what, struct error *err)
{
    if (budget == NULL)
        return STATUS_OK;
    uint64_t before = atomic_fetch_add(&budget->used, bytes);
    if (budget->limit != 0 && before + bytes > budget->limit) {
        atomic_fetch_sub(&budget->used, bytes);
        return error_set(err, STATUS_IO,
                         "memory limit of %llu MiB reached by the number of %s; "
                         "raise it with --max-memory",
                         (unsigned long long)(budget->limit >> 20), what);
    }
    return STATUS_OK;
}

void budget_give(struct budget *budget, uint64_t bytes)
{
    if (budget != NULL)
        atomic_fetch_sub(&budget->used, bytes);
}

/* A limit file of the cgroup: a number, or "max"; 0 if there is none. */
static uint64_t read_limit(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    char text[64];
    size_t n = fread(text, 1, sizeof text, file);
    (void)fclose(file); /* only read */
    while (n > 0 && text[n - 1] == '\n')
        n--;
    uint64_t value;
    return number_parse_u64((struct slice){text, n}, &value) ? value : 0;
}

uint64_t budget_default(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_C(1) << 30;
    static const char *const limits[] = {"/sys/fs/cgroup/memory.max",
                                         "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        uint64_t limit = read_limit(limits[i]);
        if (limit != 0 && limit < memory)
            memory = limit;
    }
    return memory / 2;
}
