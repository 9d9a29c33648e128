#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "io/cleanup.h"
#include "io/descriptor.h"

enum {
    GATHER = 1024 * 1024,
    DIRECT_MIN = 64 * 1024, /* from here on a write of its own costs less than a copy */
    LINKS_MAX = 40,         /* as the kernel's limit */
    NAME_TRIES = 100,
    BASE_SHOWN = 128 /* bytes of a file's name taken into the temporary one */
};

struct output {
    char *name;      /* as it was given, for messages */
    char *target;    /* what is replaced, links followed; NULL: written straight */
    char *temporary; /* NULL: none */
    int slot;        /* of cleanup.h; -1: none */
    int fd;
    mode_t type; /* S_IFMT part of what is written to */
    uint64_t bytes;
    struct buffer pending;
    struct error failure; /* code STATUS_OK: none */
};

static enum status fail(struct output *out, const char *what, int errnum, struct error *err)
{
    (void)error_set_errno(&out->failure, STATUS_IO, errnum, "%s", what);
    error_at(&out->failure, out->name, 0, 0);
    if (err != NULL)
        *err = out->failure;
    return STATUS_IO;
}

static enum status fail_memory(struct output *out, struct error *err)
{
    (void)error_no_memory(&out->failure);
    error_at(&out->failure, out->name, 0, 0);
    if (err != NULL)
        *err = out->failure;
    return STATUS_IO;
}

/* Length of the directory part of path, its slash included; 0 if there is none. */
static size_t directory_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* The path that the link at path names, relative to the same directory as path was; NULL and
 * errno. */
static char *read_link(const char *path)
{
    char to[PATH_MAX];
    ssize_t n = readlink(path, to, sizeof to - 1);
    if (n < 0)
        return NULL;
    if ((size_t)n == sizeof to - 1) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    to[n] = '\0';
    struct buffer joined = BUFFER_INIT;
    size_t dir = to[0] == '/' ? 0 : directory_len(path);
    if (!buffer_append(&joined, path, dir) || !buffer_append_text(&joined, to)) {
        buffer_free(&joined);
        errno = ENOMEM;
        return NULL;
    }
    return buffer_take(&joined);
}

/* Follows links by hand, since the file at their end need not exist.  Sets out->target, or
 * leaves it NULL for a link of the kernel's own (/dev/fd/3), which has no such path. */
static enum status follow_links(struct output *out, const char *path, struct error *err)
{
    char *at = strdup(path);
    if (at == NULL)
        return fail_memory(out, err);
    struct stat st;
    for (int links = 0; lstat(at, &st) == 0 && S_ISLNK(st.st_mode); links++) {
        if (strncmp(at, "/proc/", 6) == 0) {
            free(at);
            return STATUS_OK;
        }
        char *next = NULL;
        errno = ELOOP;
        if (links < LINKS_MAX)
            next = read_link(at);
        int error = errno;
        free(at);
        if (next == NULL)
            return fail(out, "cannot open", error, err);
        at = next;
    }
    out->target = at;
    return STATUS_OK;
}

/* The name of a file beside the target, so that a rename stays on one file system. */
static enum status name_temporary(struct output *out, struct error *err)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return fail(out, "cannot make a temporary file", errno, err);
    const size_t dir = directory_len(out->target);
    struct buffer name = BUFFER_INIT;
    if (!buffer_append(&name, out->target, dir) ||
        !buffer_appendf(&name, ".%.*s.%016llx.tmp", (int)BASE_SHOWN, out->target + dir,
                        (unsigned long long)random)) {
        buffer_free(&name);
        return fail_memory(out, err);
    }
    free(out->temporary);
    out->temporary = buffer_take(&name);
    return STATUS_OK;
}

static void drop_temporary(struct output *out)
{
    if (out->temporary != NULL)
        (void)unlink(out->temporary);
    cleanup_remove(out->slot);
    out->slot = -1;
    free(out->temporary);
    out->temporary = NULL;
}

/* Registered before it is made, so that no signal falls between the two. */
static enum status make_temporary(struct output *out, mode_t mode, struct error *err)
{
    for (int i = 0; i < NAME_TRIES; i++) {
        enum status s = name_temporary(out, err);
        if (s != STATUS_OK)
            return s;
        s = cleanup_add(out->temporary, &out->slot, &out->failure);
        if (s != STATUS_OK) {
            error_at(&out->failure, out->name, 0, 0);
            if (err != NULL)
                *err = out->failure;
            break;
        }
        out->fd = descriptor_open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
        if (out->fd >= 0)
            return STATUS_OK;
        int error = errno;
        cleanup_remove(out->slot);
        out->slot = -1;
        if (error != EEXIST) {
            (void)fail(out, "cannot make a file in its directory", error, err);
            break;
        }
    }
    free(out->temporary); /* not ours to unlink */
    out->temporary = NULL;
    if (out->failure.code == STATUS_OK)
        return fail(out, "cannot make a temporary file", EEXIST, err);
    return out->failure.code;
}

/* A regular file, or one that does not exist yet (old == NULL). */
static enum status open_replacing(struct output *out, const struct stat *old, struct error *err)
{
    out->type = S_IFREG;
    if (old == NULL)
        return make_temporary(out, 0666, err);
    if (faccessat(AT_FDCWD, out->target, W_OK, AT_EACCESS) != 0)
        return fail(out, "cannot write", errno, err);
    enum status s = make_temporary(out, old->st_mode & 0777, err);
    if (s != STATUS_OK)
        return s;
    /* Only root may give a file away; for others it becomes theirs, as with any new file. */
    int ignored BELL_UNUSED = fchown(out->fd, old->st_uid, old->st_gid);
    if (fchmod(out->fd, old->st_mode & 0777) != 0)
        return fail(out, "cannot set the mode of the new file", errno, err);
    return STATUS_OK;
}

static enum status open_straight(struct output *out, const char *path, struct error *err)
{
    out->fd = descriptor_open(path, O_WRONLY, 0);
    if (out->fd < 0)
        return fail(out, "cannot open", errno, err);
    return STATUS_OK;
}

static enum status open_path(struct output *out, const char *path, struct error *err)
{
    struct stat st;
    if (path[0] == '\0')
        return fail(out, "cannot open", ENOENT, err);
    const bool exists = stat(path, &st) == 0;
    if (!exists && errno != ENOENT)
        return fail(out, "cannot open", errno, err);
    if (exists && S_ISDIR(st.st_mode))
        return fail(out, "cannot write", EISDIR, err);
    if (exists)
        out->type = st.st_mode & S_IFMT;
    if (exists && !S_ISREG(st.st_mode))
        return open_straight(out, path, err);
    enum status s = follow_links(out, path, err);
    if (s != STATUS_OK)
        return s;
    if (out->target == NULL)
        return open_straight(out, path, err);
    return open_replacing(out, exists ? &st : NULL, err);
}

static enum status open_stdout(struct output *out, struct error *err)
{
    struct stat st;
    if (fstat(STDOUT_FILENO, &st) != 0)
        return fail(out, "cannot write", errno, err);
    out->fd = STDOUT_FILENO;
    out->type = st.st_mode & S_IFMT;
    return STATUS_OK;
}

enum status output_open(struct output **result, const char *path, unsigned flags, struct error *err)
{
    (void)flags;
    *result = NULL;
    struct output *out = calloc(1, sizeof *out);
    if (out == NULL)
        return error_no_memory(err);
    out->fd = -1;
    out->slot = -1;
    const bool is_stdout =
        path == NULL || strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
    out->name = strdup(is_stdout ? "(standard output)" : path);
    enum status s;
    if (out->name == NULL)
        s = error_no_memory(err);
    else if (is_stdout)
        s = open_stdout(out, err);
    else
        s = open_path(out, path, err);
    if (s != STATUS_OK) {
        output_abort(out);
        return s;
    }
    if (out->type == S_IFIFO)
        descriptor_widen_pipe(out->fd);
    *result = out;
    return STATUS_OK;
}

enum status output_flush(struct output *out, struct error *err)
{
    if (out->failure.code != STATUS_OK) {
        if (err != NULL)
            *err = out->failure;
        return out->failure.code;
    }
    int error = descriptor_write(out->fd, out->pending.data, out->pending.len);
    buffer_clear(&out->pending);
    return error == 0 ? STATUS_OK : fail(out, "cannot write", error, err);
}

enum status output_write(struct output *out, const void *data, size_t len, struct error *err)
{
    out->bytes += len;
    const bool direct = len >= DIRECT_MIN;
    if (out->failure.code != STATUS_OK || direct || out->pending.len + len > GATHER) {
        enum status s = output_flush(out, err);
        if (s != STATUS_OK)
            return s;
    }
    if (direct) {
        int error = descriptor_write(out->fd, data, len);
        return error == 0 ? STATUS_OK : fail(out, "cannot write", error, err);
    }
    return buffer_append(&out->pending, data, len) ? STATUS_OK : fail_memory(out, err);
}

static void free_output(struct output *out)
{
    drop_temporary(out);
    if (out->fd >= 0 && out->fd != STDOUT_FILENO)
        (void)close(out->fd);
    buffer_free(&out->pending);
    free(out->target);
    free(out->name);
    free(out);
}

/* Makes the new name last.  Where a directory cannot be opened or synced there is nothing to
 * be done; an error of the disk counts. */
static enum status sync_directory(struct output *out, struct error *err)
{
    const size_t dir = directory_len(out->target);
    char *path = dir == 0 ? strdup(".") : strndup(out->target, dir);
    if (path == NULL)
        return STATUS_OK; /* the file is in its place by now: no failure may be told */
    int fd = descriptor_open(path, O_RDONLY | O_DIRECTORY, 0);
    free(path);
    if (fd < 0)
        return STATUS_OK;
    int error = fsync(fd) == 0 ? 0 : errno;
    (void)close(fd);
    if (error == EIO || error == ENOSPC || error == EDQUOT)
        return fail(out, "cannot sync its directory", error, err);
    return STATUS_OK;
}

static enum status close_descriptor(struct output *out, struct error *err)
{
    int fd = out->fd;
    out->fd = -1;
    /* A copy: closing it shows late errors (NFS) and leaves standard output to main(). */
    if (fd == STDOUT_FILENO)
        fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (fd < 0 || (close(fd) != 0 && errno != EINTR))
        return fail(out, "cannot close", errno, err);
    return STATUS_OK;
}

static enum status replace_target(struct output *out, struct error *err)
{
    if (rename(out->temporary, out->target) != 0)
        return fail(out, "cannot put the new file in its place", errno, err);
    free(out->temporary);
    out->temporary = NULL;
    return sync_directory(out, err);
}

enum status output_commit(struct output *out, struct error *err)
{
    enum status s = output_flush(out, err);
    if (s == STATUS_OK && out->temporary != NULL && fsync(out->fd) != 0 && errno != EINVAL &&
        errno != ENOTSUP)
        s = fail(out, "cannot sync", errno, err);
    if (s == STATUS_OK)
        s = close_descriptor(out, err);
    if (s == STATUS_OK && out->temporary != NULL)
        s = replace_target(out, err);
    free_output(out);
    return s;
}

void output_abort(struct output *out)
{
    if (out != NULL)
        free_output(out);
}

const char *output_name(const struct output *out)
{
    return out->name;
}

bool output_is_terminal(const struct output *out)
{
    return out->type == S_IFCHR && isatty(out->fd) == 1;
}

bool output_is_pipe(const struct output *out)
{
    return out->type == S_IFIFO || out->type == S_IFSOCK;
}

bool output_is_file(const struct output *out)
{
    return out->type == S_IFREG;
}

uint64_t output_bytes(const struct output *out)
{
    return out->bytes;
}

bool output_same_file(const char *a, const char *b)
{
    struct stat x;
    struct stat y;
    const bool x_exists = stat(a, &x) == 0;
    const bool y_exists = stat(b, &y) == 0;
    if (!x_exists && !y_exists)
        return strcmp(a, b) == 0;
    return x_exists && y_exists && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}
