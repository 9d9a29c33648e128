#include "cli/study_table.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "io/cleanup.h"

struct study_table {
    struct study_plan plan;
    struct buffer path;
    int slot; /* of cleanup.h; -1: none */
};

static enum status check_section(const struct study_run *run, struct error *err)
{
    if (study_section(run->study, "aggregate") != NULL)
        return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "%s has no section aggregate, so nothing says which table is meant",
                     run->study_path);
}

static enum status make_file(struct study_table *table, struct error *err)
{
    const char *directory = getenv("TMPDIR");
    if (directory == NULL || directory[0] == '\0')
        directory = "/tmp";
    if (!buffer_appendf(&table->path, "%s/bell-table.XXXXXX", directory))
        return error_no_memory(err);
    int fd = mkstemp(table->path.data);
    if (fd < 0)
        return error_set_errno(err, STATUS_IO, errno, "no temporary file can be made in %s",
                               directory);
    enum status s = cleanup_add(table->path.data, &table->slot, err);
    if (s != STATUS_OK)
        (void)unlink(table->path.data);
    if (close(fd) != 0 && s == STATUS_OK)
        s = error_set_errno(err, STATUS_IO, errno, "%s", table->path.data);
    return s;
}

enum status study_table_make(struct study_table **to, const struct study_run *given,
                             const struct settings *settings, struct error *err)
{
    static const char *const options[] = {"--layout", "wide",  "--columns",    "",  "--excel=no",
                                          "--stats",  "basic", "--partial=no", NULL};
    struct study_table *table = calloc(1, sizeof *table);
    *to = table;
    if (table == NULL)
        return error_no_memory(err);
    table->slot = -1;
    struct study_run run = *given;
    enum status s = check_section(&run, err);
    if (s == STATUS_OK)
        s = make_file(table, err);
    if (s != STATUS_OK)
        return s;
    run.output = table->path.data;
    run.output_directory = NULL;
    run.table_options = options;
    s = study_plan_make(&table->plan, &run, err);
    if (s != STATUS_OK)
        return s;
    struct common_options common = settings->common;
    common.output = run.output;
    const struct chain chain = {.steps = table->plan.steps,
                                .count = table->plan.count,
                                .threads =
                                    common.threads > 0 ? (unsigned)common.threads : chain_cpus(),
                                .common = &common,
                                .program = settings->program};
    return chain_run(&chain, err);
}

const char *study_table_path(const struct study_table *table)
{
    return table->path.data;
}

void study_table_free(struct study_table *table)
{
    if (table == NULL)
        return;
    study_plan_free(&table->plan);
    if (table->slot >= 0) {
        (void)unlink(table->path.data);
        cleanup_remove(table->slot);
    }
    buffer_free(&table->path);
    free(table);
}
