#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void clear_place(struct error *err, enum status code)
{
    err->code = code;
    err->file[0] = '\0';
    err->line = 0;
    err->column = 0;
    err->offset = 0;
    err->program = NULL;
}

enum status error_set(struct error *err, enum status code, const char *fmt, ...)
{
    if (err == NULL)
        return code;
    clear_place(err, code);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return code;
}

enum status error_set_errno(struct error *err, enum status code, int errnum, const char *fmt, ...)
{
    if (err == NULL)
        return code;
    clear_place(err, code);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    size_t used = strlen(err->text);
    (void)snprintf(err->text + used, sizeof err->text - used, ": %s", strerror(errnum));
    return code;
}

enum status error_no_memory(struct error *err)
{
    return error_set(err, STATUS_IO, "out of memory");
}

void error_at(struct error *err, const char *file, uint64_t line, uint64_t column)
{
    if (err == NULL)
        return;
    if (file != NULL)
        (void)snprintf(err->file, sizeof err->file, "%s", file);
    err->line = line;
    err->column = column;
}

void error_print(const char *program, const struct error *err)
{
    char line[ERROR_TEXT_MAX + ERROR_FILE_MAX + 128];
    size_t cap = sizeof line - 1;
    size_t used = 0;
    int n = snprintf(line, cap, "%s: ", err->program != NULL ? err->program : program);
    used = n > 0 ? (size_t)n : 0;
    if (used < cap && err->file[0] != '\0') {
        (void)snprintf(line + used, cap - used, "%s:", err->file);
        used = strlen(line);
        if (err->line != 0) {
            (void)snprintf(line + used, cap - used, "%llu:", (unsigned long long)err->line);
            used = strlen(line);
            if (err->column != 0) {
                (void)snprintf(line + used, cap - used, "%llu:", (unsigned long long)err->column);
                used = strlen(line);
            }
        }
        (void)snprintf(line + used, cap - used, " ");
        used = strlen(line);
    }
    (void)snprintf(line + used, cap - used, "%s", err->text);
    used = strlen(line);
    line[used++] = '\n';
    /* Nothing is left to do about a standard error that cannot be written. */
    ssize_t done BELL_UNUSED = write(STDERR_FILENO, line, used);
}
