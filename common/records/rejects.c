#include "records/rejects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "records/escape.h"
#include "records/stream_header.h"

enum { WRITE_AT = 64 * 1024 };

struct rejects {
    char *path;
    int fd;
    struct buffer text;
    uint64_t written;
};

static const struct {
    const char *name;
    enum field_type type;
} reject_fields[] = {
    {"file", FIELD_STR},  {"line", FIELD_INT}, {"offset", FIELD_INT}, {"length", FIELD_INT},
    {"field", FIELD_STR}, {"code", FIELD_STR}, {"reason", FIELD_STR}, {"raw", FIELD_STR},
};

static enum status failed(const struct rejects *r, struct error *err)
{
    error_set_errno(err, STATUS_IO, errno, "cannot write the rejects");
    error_at(err, r->path, 0, 0);
    return STATUS_IO;
}

static enum status write_out(struct rejects *r, struct error *err)
{
    size_t at = 0;
    while (at < r->text.len) {
        ssize_t n = write(r->fd, r->text.data + at, r->text.len - at);
        if (n < 0 && errno != EINTR)
            return failed(r, err);
        at += n < 0 ? 0 : (size_t)n;
    }
    buffer_clear(&r->text);
    return STATUS_OK;
}

static enum status write_header(struct rejects *r, struct error *err)
{
    struct header header = HEADER_INIT;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < sizeof reject_fields / sizeof reject_fields[0]; i++)
        s = schema_add(&header.schema, reject_fields[i].name, reject_fields[i].type, NULL, err);
    if (s == STATUS_OK)
        s = stream_header_append(&r->text, &header, err);
    header_free(&header);
    return s == STATUS_OK ? write_out(r, err) : s;
}

static void rejects_free(struct rejects *r)
{
    buffer_free(&r->text);
    free(r->path);
    free(r);
}

/* Empties the file, unless it is standard error's (a log that others write to); two programs of
 * one pipeline must not write to it. */
static enum status claim(struct rejects *r, struct error *err)
{
    struct stat file;
    struct stat log;
    if (fstat(r->fd, &file) != 0)
        return failed(r, err);
    if (!S_ISREG(file.st_mode))
        return STATUS_OK;
    if (fstat(STDERR_FILENO, &log) == 0 && log.st_dev == file.st_dev && log.st_ino == file.st_ino) {
        if (dup3(STDERR_FILENO, r->fd, O_CLOEXEC) < 0)
            return failed(r, err);
        return STATUS_OK;
    }
    if (flock(r->fd, LOCK_EX | LOCK_NB) != 0) {
        error_set(err, STATUS_USAGE, "another program writes its rejects here; give each its own");
        error_at(err, r->path, 0, 0);
        return STATUS_USAGE;
    }
    return ftruncate(r->fd, 0) != 0 ? failed(r, err) : STATUS_OK;
}

enum status rejects_open(struct rejects **rejects, const char *path, struct error *err)
{
    struct rejects *r = calloc(1, sizeof *r);
    if (r == NULL)
        return error_no_memory(err);
    r->path = strdup(path);
    if (r->path == NULL) {
        free(r);
        return error_no_memory(err);
    }
    r->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    enum status s = r->fd < 0 ? failed(r, err) : claim(r, err);
    if (s == STATUS_OK)
        s = write_header(r, err);
    if (s != STATUS_OK) {
        if (r->fd >= 0)
            (void)close(r->fd); /* the first error is the one to tell */
        rejects_free(r);
        return s;
    }
    *rejects = r;
    return STATUS_OK;
}

static bool append_number(struct buffer *out, bool known, uint64_t value)
{
    return known ? buffer_appendf(out, "%llu\t", (unsigned long long)value)
                 : buffer_append_text(out, "\\N\t");
}

static bool append_text(struct buffer *out, const char *text, char end)
{
    struct slice s = text == NULL ? SLICE_MISSING : slice_of(text);
    return escape_append(out, s) && buffer_append_byte(out, end);
}

/* Escaped twice: once as the column's own form (\xHH), once for the stream. */
static bool append_raw(struct buffer *out, struct slice raw)
{
    if (slice_missing(raw))
        return buffer_append_text(out, "\\N\n");
    struct buffer shown = BUFFER_INIT;
    bool ok = buffer_append_text(&shown, "") && text_escape_append(&shown, raw) &&
              escape_append(out, (struct slice){shown.data, shown.len}) &&
              buffer_append_byte(out, '\n');
    buffer_free(&shown);
    return ok;
}

enum status rejects_write(struct rejects *r, struct slice file, const struct refusal *refusal,
                          struct slice raw, struct error *err)
{
    bool known = refusal->origin.line != 0 && !slice_missing(file);
    struct buffer *out = &r->text;
    bool hash = known && file.len > 0 && file.data[0] == '#';
    bool ok = (!hash || buffer_append_byte(out, '\\')) &&
              escape_append(out, known ? file : SLICE_MISSING) && buffer_append_byte(out, '\t') &&
              append_number(out, known, refusal->origin.line) &&
              append_number(out, known && refusal->origin.length != 0, refusal->origin.offset) &&
              append_number(out, known && refusal->origin.length != 0, refusal->origin.length) &&
              append_text(out, refusal->field, '\t') && append_text(out, refusal->code, '\t') &&
              append_text(out, refusal->reason, '\t') && append_raw(out, raw);
    if (!ok)
        return error_no_memory(err);
    r->written++;
    return r->text.len < WRITE_AT ? STATUS_OK : write_out(r, err);
}

/* Writes what is left, with #end if complete, and closes the file. */
static enum status end_file(struct rejects *r, bool complete, struct error *err)
{
    struct stream_end end = {.in = r->written, .out = r->written, .counted = UINT64_MAX};
    enum status s = STATUS_OK;
    if (complete)
        s = stream_end_append(&r->text, &end, err);
    if (s == STATUS_OK)
        s = write_out(r, err);
    int fd = r->fd;
    r->fd = -1;
    if (close(fd) != 0 && s == STATUS_OK)
        s = failed(r, err);
    return s;
}

enum status rejects_seal(struct rejects *r, struct error *err)
{
    return end_file(r, true, err);
}

enum status rejects_close(struct rejects *r, bool complete, struct error *err)
{
    enum status s = r->fd < 0 ? STATUS_OK : end_file(r, complete, err);
    rejects_free(r);
    return s;
}
