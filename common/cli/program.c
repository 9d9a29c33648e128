#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/chain.h"
#include "cli/check_study.h"
#include "cli/options.h"

enum status program_begin(struct error *err)
{
    /* With a standard stream closed, the next file opened would take its number and could be
     * written to by mistake.  Such a number is taken here, by something that refuses the use. */
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (open("/dev/null", flags) != fd)
            return error_set_errno(err, STATUS_IO, errno, "cannot open /dev/null");
    }
    return hash_init(err);
}

int program_end(const char *program, enum status status, const struct error *err)
{
    if (status != STATUS_OK && err->text[0] != '\0')
        error_print(program, err);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        if (status == STATUS_OK) {
            struct error late = ERROR_INIT;
            status = error_set_errno(&late, STATUS_IO, errno, "cannot write standard output");
            error_print(program, &late);
        }
    }
    return (int)status;
}

static enum status run_filter(const struct filter *filter, struct settings *settings,
                              struct error *err)
{
    if (filter->run != NULL)
        return filter->run(settings, err);
    return chain_run_alone(filter, settings, err);
}

int program_main(const struct filter *filter, const struct filter *const *filters, size_t count,
                 int argc, char **argv)
{
    struct error err = ERROR_INIT;
    struct settings *settings = NULL;
    char program[64];
    (void)snprintf(program, sizeof program, "bell-%s", filter->name);
    enum status s = program_begin(&err);
    if (s == STATUS_OK)
        s = options_parse(filter, argc, argv, &settings, &err);
    if (s == STATUS_OK && settings != NULL)
        s = settings->common.check_study ? check_study(settings->study, filters, count, &err)
                                         : run_filter(filter, settings, &err);
    int code = program_end(program, s, &err);
    settings_free(settings);
    return code;
}
