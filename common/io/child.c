#include "io/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { FEED, TAKE, ERRORS, STREAMS };

struct child {
    pid_t pid;
    int fds[STREAMS]; /* our ends; -1: closed */
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void close_all(int ends[STREAMS])
{
    for (size_t i = 0; i < STREAMS; i++)
        close_end(&ends[i]);
}

/* ours[] and theirs[]: the two ends of three pipes. */
static enum status make_pipes(int ours[STREAMS], int theirs[STREAMS], struct error *err)
{
    for (size_t i = 0; i < STREAMS; i++)
        ours[i] = theirs[i] = -1;
    for (size_t i = 0; i < STREAMS; i++) {
        int ends[2];
        bool ok = pipe2(ends, O_CLOEXEC) == 0;
        if (ok) {
            ours[i] = ends[i == FEED ? 1 : 0];
            theirs[i] = ends[i == FEED ? 0 : 1];
            ok = fcntl(ours[i], F_SETFL, O_NONBLOCK) == 0;
        }
        if (!ok) {
            enum status s = error_set_errno(err, STATUS_IO, errno, "cannot make a pipe");
            close_all(ours);
            close_all(theirs);
            return s;
        }
    }
    return STATUS_OK;
}

/* The environment with LC_ALL=C.UTF-8; the list alone is to be freed. */
static char **plain_environment(void)
{
    static char locale[] = "LC_ALL=C.UTF-8";
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **list = calloc(count + 2, sizeof *list);
    size_t kept = 0;
    for (size_t i = 0; i < count && list != NULL; i++)
        if (strncmp(environ[i], "LC_ALL=", 7) != 0)
            list[kept++] = environ[i];
    if (list != NULL)
        list[kept] = locale;
    return list;
}

/* Signals that we ignore or block shall not be so for the child. */
static int default_signals(posix_spawnattr_t *attributes)
{
    sigset_t set;
    sigemptyset(&set);
    int failed = posix_spawnattr_setsigmask(attributes, &set);
    sigaddset(&set, SIGPIPE);
    if (failed == 0)
        failed = posix_spawnattr_setsigdefault(attributes, &set);
    if (failed == 0)
        failed =
            posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return failed;
}

static int spawn(const char *const *argv, const int theirs[STREAMS], char **environment, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        failed = default_signals(&attributes);
        for (int i = 0; i < STREAMS && failed == 0; i++)
            failed = posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
        if (failed == 0)
            failed = posix_spawnp(pid, argv[0], &actions, &attributes,
                                  (char *const *)(uintptr_t)argv, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static enum status start(const char *const *argv, struct child *child, bool *found,
                         struct error *err)
{
    int theirs[STREAMS];
    char **environment = plain_environment();
    if (environment == NULL)
        return error_no_memory(err);
    enum status s = make_pipes(child->fds, theirs, err);
    if (s == STATUS_OK) {
        int failed = spawn(argv, theirs, environment, &child->pid);
        close_all(theirs);
        *found = failed != ENOENT;
        if (failed != 0) {
            close_all(child->fds);
            child->pid = 0;
        }
        if (failed != 0 && *found)
            s = error_set_errno(err, STATUS_IO, failed, "cannot start '%s'", argv[0]);
    }
    free(environment);
    return s;
}

static enum status feed(struct child *child, struct slice *input, struct error *err)
{
    ssize_t n = input->len == 0 ? 0 : write(child->fds[FEED], input->data, input->len);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return STATUS_OK;
    if (n < 0 && errno != EPIPE)
        return error_set_errno(err, STATUS_IO, errno, "cannot write to a program");
    if (n < 0 || (size_t)n == input->len) { /* it wants no more, or has all */
        close_end(&child->fds[FEED]);
        return STATUS_OK;
    }
    input->data += n;
    input->len -= (size_t)n;
    return STATUS_OK;
}

/* What is beyond limit is an error (strict) or forgotten. */
static enum status take(int *fd, struct buffer *out, size_t limit, bool strict, struct error *err)
{
    char piece[16384];
    ssize_t n = read(*fd, piece, sizeof piece);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return STATUS_OK;
    if (n < 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot read from a program");
    if (n == 0)
        close_end(fd);
    size_t room = limit - out->len;
    if ((size_t)n > room && strict)
        return error_set(err, STATUS_IO, "a program wrote more than %zu bytes", limit);
    size_t kept = (size_t)n < room ? (size_t)n : room;
    return kept == 0 || buffer_append(out, piece, kept) ? STATUS_OK : error_no_memory(err);
}

static enum status serve(struct child *child, struct slice input, size_t limit,
                         struct child_result *result, struct error *err)
{
    enum status s = STATUS_OK;
    while (s == STATUS_OK && (child->fds[TAKE] >= 0 || child->fds[ERRORS] >= 0)) {
        struct pollfd waits[STREAMS];
        for (size_t i = 0; i < STREAMS; i++)
            waits[i] = (struct pollfd){.fd = child->fds[i], .events = i == FEED ? POLLOUT : POLLIN};
        if (poll(waits, STREAMS, -1) < 0) {
            if (errno != EINTR)
                s = error_set_errno(err, STATUS_IO, errno, "cannot wait for a program");
            continue;
        }
        if (waits[FEED].revents != 0)
            s = feed(child, &input, err);
        if (s == STATUS_OK && waits[TAKE].revents != 0)
            s = take(&child->fds[TAKE], &result->output, limit, true, err);
        if (s == STATUS_OK && waits[ERRORS].revents != 0)
            s = take(&child->fds[ERRORS], &result->errors, CHILD_ERRORS_MAX, false, err);
    }
    return s;
}

enum status child_run(const char *const *argv, struct slice input, size_t limit,
                      struct child_result *result, struct error *err)
{
    struct child child = {.pid = 0, .fds = {-1, -1, -1}};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    if (sigaction(SIGPIPE, &ignore, &before) != 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot set a signal");
    enum status s = start(argv, &child, &result->found, err);
    if (s == STATUS_OK && result->found)
        s = serve(&child, input, limit, result, err);
    close_all(child.fds);
    if (child.pid > 0) {
        int status = 0;
        if (s != STATUS_OK)
            (void)kill(child.pid, SIGKILL);
        while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
            continue;
        result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    (void)sigaction(SIGPIPE, &before, NULL);
    return s;
}

void child_result_free(struct child_result *result)
{
    buffer_free(&result->output);
    buffer_free(&result->errors);
}
