#include "engine/through.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"
#include "records/stream_reader.h"
#include "records/stream_rows.h"

extern char **environ;

enum { READ_BYTES = 1024 * 1024 };

/* The thread that reads the source and writes to the command. */
struct feeder {
    struct source *source;
    int fd;
    bool closed;      /* the command takes no more; the source is still read to its end */
    atomic_bool stop; /* the output has failed: there is no use in reading on */
    uint64_t lines;
    enum status status;
    struct error error;
};

static enum status feed_bytes(struct feeder *f, const char *data, size_t len)
{
    while (len > 0 && !f->closed) {
        ssize_t n = write(f->fd, data, len);
        if (n < 0 && errno == EPIPE)
            f->closed = true;
        else if (n < 0 && errno != EINTR)
            return error_set_errno(&f->error, STATUS_IO, errno, "cannot write to the command");
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return STATUS_OK;
}

static void *feed(void *arg)
{
    struct feeder *f = arg;
    struct batch batch;
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    batch_init(&batch);
    bool end = false;
    while (f->status == STATUS_OK && !end && !atomic_load(&f->stop)) {
        batch_reset(&batch);
        f->status = f->source->ops->fill(f->source->self, &batch, &end, &f->error);
        if (f->status == STATUS_OK && batch.record_count > 0) {
            f->lines += batch.record_count;
            /* Damaged records must be seen even if the command would throw them away. */
            f->status = f->source->ops->parse(f->source->self, &batch, &f->error);
            if (f->status == STATUS_OK)
                f->status = feed_bytes(f, batch.bytes.data, batch.bytes.len);
        }
    }
    (void)close(f->fd);
    batch_free(&batch);
    return NULL;
}

static enum status open_pipes(int to[2], int from[2], struct error *err)
{
    if (pipe2(to, O_CLOEXEC) != 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot make a pipe");
    if (pipe2(from, O_CLOEXEC) != 0) {
        enum status s = error_set_errno(err, STATUS_IO, errno, "cannot make a pipe");
        (void)close(to[0]);
        (void)close(to[1]);
        return s;
    }
    return STATUS_OK;
}

/* The environment with LC_ALL=C.UTF-8; the list alone is to be freed. */
static char **command_environment(void)
{
    static char locale[] = "LC_ALL=C.UTF-8";
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **list = calloc(count + 2, sizeof *list);
    if (list == NULL)
        return NULL;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "LC_ALL=", 7) != 0)
            list[kept++] = environ[i];
    list[kept] = locale;
    return list;
}

static enum status start_command(const char *command, int in, int out, pid_t *pid,
                                 struct error *err)
{
    char **environment = command_environment();
    if (environment == NULL)
        return error_no_memory(err);
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed == 0) {
        failed = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
        if (failed == 0)
            failed = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        char shell[] = "sh";
        char option[] = "-c";
        char *text = failed == 0 ? strdup(command) : NULL;
        char *argv[] = {shell, option, text, NULL};
        if (failed == 0 && text == NULL)
            failed = ENOMEM;
        if (failed == 0)
            failed = posix_spawn(pid, "/bin/sh", &actions, NULL, argv, environment);
        free(text);
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    free(environment);
    return failed == 0 ? STATUS_OK
                       : error_set_errno(err, STATUS_IO, failed, "cannot start '%s'", command);
}

static enum status not_records(struct error *err, const char *what)
{
    return error_set(err, STATUS_DATA, "the command of --through wrote %s", what);
}

/* Hands the whole lines at the front of pending on to the sink. */
static enum status take_lines(struct buffer *pending, struct batch *batch, struct codec *codec,
                              struct buffer *scratch, struct sink *sink, size_t columns,
                              uint64_t *lines, struct error *err)
{
    char *last = pending->len == 0 ? NULL : memrchr(pending->data, '\n', pending->len);
    if (last == NULL)
        return STATUS_OK;
    size_t len = (size_t)(last - pending->data) + 1;
    batch_reset(batch);
    if (!buffer_append(&batch->bytes, pending->data, len))
        return error_no_memory(err);
    if (pending->data[0] == '#' || memmem(pending->data, len, "\n#", 2) != NULL)
        return not_records(err, "a line that begins with '#'");
    if (!utf8_valid((struct slice){pending->data, len}))
        return not_records(err, "bytes that are not UTF-8");
    buffer_consume(pending, len);
    for (size_t i = 0; i < len; i++)
        batch->record_count += batch->bytes.data[i] == '\n';
    batch->first = *lines + 1;
    *lines += batch->record_count;
    enum status s = stream_parse_lines(batch, columns, err);
    if (s == STATUS_DAMAGED) {
        struct error cause = *err;
        return error_set(err, STATUS_DATA, "the command of --through: %s", cause.text);
    }
    struct buffer bytes = BUFFER_INIT;
    if (s == STATUS_OK)
        s = sink->ops->encode(sink->self, codec, batch, scratch, &bytes, err);
    if (s == STATUS_OK)
        s = sink->ops->put(sink->self, &bytes, err);
    buffer_free(&bytes);
    return s;
}

/* Reads all that the command writes. */
static enum status drain(int fd, struct sink *sink, size_t columns, uint64_t *lines,
                         struct error *err)
{
    struct buffer pending = BUFFER_INIT;
    struct buffer scratch = BUFFER_INIT;
    struct batch batch;
    struct codec *codec = NULL;
    batch_init(&batch);
    enum status s = codec_new(&codec, err);
    for (bool end = false; s == STATUS_OK && !end;) {
        if (!buffer_reserve(&pending, READ_BYTES)) {
            s = error_no_memory(err);
            break;
        }
        ssize_t n = read(fd, pending.data + pending.len, READ_BYTES);
        if (n < 0 && errno != EINTR)
            s = error_set_errno(err, STATUS_IO, errno, "cannot read from the command");
        if (n > 0)
            pending.len += (size_t)n;
        end = n == 0;
        if (s == STATUS_OK && (end || pending.len >= READ_BYTES))
            s = take_lines(&pending, &batch, codec, &scratch, sink, columns, lines, err);
        if (s == STATUS_OK && pending.len > STREAM_LINE_MAX)
            s = not_records(err, "a line of over 16 MiB");
    }
    if (s == STATUS_OK && pending.len > 0)
        s = not_records(err, "a last line without a line end");
    codec_free(codec);
    batch_free(&batch);
    buffer_free(&pending);
    buffer_free(&scratch);
    return s;
}

static enum status await(const struct through *t, pid_t pid, struct error *err)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return error_set_errno(err, STATUS_IO, errno, "cannot wait for the command");
    if (WIFSIGNALED(status))
        return error_set(err, STATUS_DATA, "the command of --through was killed by signal %d",
                         WTERMSIG(status));
    int code = WEXITSTATUS(status);
    for (size_t i = 0; i < t->allowed_count; i++)
        if (t->allowed[i] == code)
            return STATUS_OK;
    return error_set(err, STATUS_DATA,
                     "the command of --through ended with status %d; if that is no error, say "
                     "--through-ok 0,%d",
                     code, code);
}

static enum status run_command(const struct through *t, struct source *source, struct sink *sink,
                               size_t columns, struct counts *counts, struct error *err)
{
    int to[2];
    int from[2];
    pid_t pid;
    enum status s = open_pipes(to, from, err);
    if (s != STATUS_OK)
        return s;
    s = start_command(t->command, to[0], from[1], &pid, err);
    (void)close(to[0]);
    (void)close(from[1]);
    struct feeder feeder = {.source = source, .fd = to[1], .error = ERROR_INIT};
    pthread_t thread;
    int failed = 0;
    if (s == STATUS_OK) {
        failed = pthread_create(&thread, NULL, feed, &feeder);
        if (failed != 0)
            s = error_set_errno(err, STATUS_IO, failed, "cannot start a thread");
    }
    if (s != STATUS_OK) {
        (void)close(to[1]);
        (void)close(from[0]);
        if (failed != 0) /* the command runs, and finds its input empty */
            (void)waitpid(pid, NULL, 0);
        return s;
    }
    s = drain(from[0], sink, columns, &counts->out, err);
    (void)close(from[0]);
    atomic_store(&feeder.stop, s != STATUS_OK);
    struct error late = ERROR_INIT;
    enum status ended = await(t, pid, &late);
    (void)pthread_join(thread, NULL);
    counts->in = feeder.lines;
    if (feeder.status != STATUS_OK) {
        *err = feeder.error;
        return feeder.status;
    }
    if (s == STATUS_OK && ended != STATUS_OK) {
        *err = late;
        return ended;
    }
    return s;
}

enum status through_run(const struct through *t, struct source *source, struct sink *sink,
                        struct counts *counts, struct error *err)
{
    struct header header = HEADER_INIT;
    *counts = (struct counts){0};
    enum status s = source->ops->open(source->self, &header, err);
    struct header out = HEADER_INIT;
    size_t late_from = header.line_count;
    if (s == STATUS_OK)
        s = header_copy(&out, &header, err);
    if (s == STATUS_OK && t->program_line != NULL)
        s = header_add_line(&out, "program", t->program_line, err);
    if (s == STATUS_OK)
        s = sink->ops->begin(sink->self, &out, err);
    if (s == STATUS_OK)
        s = run_command(t, source, sink, header.schema.count, counts, err);
    if (s == STATUS_OK && counts->out > counts->in)
        s = error_set(err, STATUS_DATA, "the command of --through wrote %llu lines from %llu",
                      (unsigned long long)counts->out, (unsigned long long)counts->in);
    for (size_t i = late_from; s == STATUS_OK && i < header.line_count; i++)
        s = header_add_line(&out, header.lines[i].kind, header.lines[i].text, err);
    if (s == STATUS_OK) {
        counts->dropped = counts->in - counts->out;
        struct stream_end end = {counts->in, counts->out, 0, counts->dropped, UINT64_MAX, 0};
        s = sink->ops->end(sink->self, &out, &end, err);
    }
    header_free(&out);
    header_free(&header);
    return s;
}
