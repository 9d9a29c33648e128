#include "study/side_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/text.h"
#include "base/utf8.h"

enum { COLUMNS_MAX = 1000, CELLS_MAX = 8000000 };

struct side_file {
    char *name;
    struct buffer bytes; /* cells are slices into it; quoted ones were unquoted in place */
    struct slice *cells; /* row after row; the header first */
    size_t cell_count;
    size_t cell_cap;
    uint64_t *lines; /* one a row, the header's first */
    size_t line_count;
    size_t line_cap;
    size_t columns;
};

struct scanner {
    struct side_file *file;
    char *at;
    char *end;
    uint64_t line;
    struct error *err;
};

static enum status fail(const struct scanner *s, uint64_t line, const char *text)
{
    (void)error_set(s->err, STATUS_USAGE, "%s", text);
    error_at(s->err, s->file->name, line, 0);
    return STATUS_USAGE;
}

static void *grow(void *list, size_t *cap, size_t size)
{
    size_t wanted = *cap == 0 ? 256 : *cap * 2;
    void *more = realloc(list, wanted * size);
    if (more != NULL)
        *cap = wanted;
    return more;
}

static bool add_cell(struct side_file *file, struct slice cell)
{
    if (file->cell_count == file->cell_cap) {
        struct slice *more = grow(file->cells, &file->cell_cap, sizeof *more);
        if (more == NULL)
            return false;
        file->cells = more;
    }
    file->cells[file->cell_count++] = cell;
    return true;
}

static bool add_line(struct side_file *file, uint64_t line)
{
    if (file->line_count == file->line_cap) {
        uint64_t *more = grow(file->lines, &file->line_cap, sizeof *more);
        if (more == NULL)
            return false;
        file->lines = more;
    }
    file->lines[file->line_count++] = line;
    return true;
}

/* At an opening quote; doubled quotes are closed up in place. */
static enum status scan_quoted(struct scanner *s, struct slice *cell)
{
    uint64_t first = s->line;
    char *out = ++s->at;
    char *start = out;
    for (; s->at < s->end; s->at++) {
        if (*s->at == '"') {
            if (s->at + 1 == s->end || s->at[1] != '"')
                break;
            s->at++;
        }
        s->line += *s->at == '\n';
        *out++ = *s->at;
    }
    if (s->at == s->end)
        return fail(s, first, "a quote that is opened here is not closed");
    s->at++;
    if (s->at < s->end && *s->at != ',' && *s->at != '\n' && *s->at != '\r')
        return fail(s, s->line, "text behind a closing quote; double quotes inside a quoted field");
    *cell = (struct slice){start, (size_t)(out - start)};
    return STATUS_OK;
}

static enum status scan_plain(struct scanner *s, struct slice *cell)
{
    char *start = s->at;
    for (; s->at < s->end && *s->at != ',' && *s->at != '\n' && *s->at != '\r'; s->at++)
        if (*s->at == '"')
            return fail(s, s->line,
                        "a quote inside an unquoted field; put the field in quotes and "
                        "double the quote");
    *cell = (struct slice){start, (size_t)(s->at - start)};
    return STATUS_OK;
}

/* One cell and what stands behind it; *more if another cell follows in the row. */
static enum status scan_cell(struct scanner *s, bool *more)
{
    struct slice cell = SLICE_MISSING;
    enum status st = s->at < s->end && *s->at == '"' ? scan_quoted(s, &cell) : scan_plain(s, &cell);
    if (st != STATUS_OK)
        return st;
    *more = s->at < s->end && *s->at == ',';
    if (s->at < s->end && *s->at == '\r') {
        if (s->at + 1 == s->end || s->at[1] != '\n')
            return fail(s, s->line, "a carriage return without a line feed behind it");
        s->at++;
    }
    if (s->at < s->end) {
        s->line += *s->at == '\n';
        s->at++;
    }
    return add_cell(s->file, cell) ? STATUS_OK : error_no_memory(s->err);
}

static enum status scan_row(struct scanner *s)
{
    struct side_file *file = s->file;
    uint64_t line = s->line;
    size_t before = file->cell_count;
    bool more = true;
    while (more) {
        enum status st = scan_cell(s, &more);
        if (st != STATUS_OK)
            return st;
        if (file->cell_count - before > COLUMNS_MAX)
            return fail(s, line, "more than 1000 columns");
        if (file->cell_count > CELLS_MAX)
            return fail(s, line, "more than 8 million fields, too many for a side file");
    }
    size_t count = file->cell_count - before;
    if (file->line_count == 0)
        file->columns = count;
    if (count != file->columns) {
        (void)error_set(s->err, STATUS_USAGE, "%zu fields, but the header has %zu", count,
                        file->columns);
        error_at(s->err, file->name, line, 0);
        return STATUS_USAGE;
    }
    return add_line(file, line) ? STATUS_OK : error_no_memory(s->err);
}

/* An empty line is skipped, save where the header has one column: then it is an empty cell. */
static bool skip_empty_line(struct scanner *s)
{
    size_t n = *s->at == '\n'                                             ? 1
               : *s->at == '\r' && s->end - s->at > 1 && s->at[1] == '\n' ? 2
                                                                          : 0;
    if (n == 0 || (s->file->line_count > 0 && s->file->columns == 1))
        return false;
    s->at += n;
    s->line++;
    return true;
}

static enum status check_names(const struct scanner *s)
{
    const struct side_file *file = s->file;
    char shown[TEXT_ESCAPED_MAX];
    for (size_t i = 0; i < file->columns; i++)
        for (size_t j = 0; j < i; j++)
            if (slice_equal(file->cells[i], file->cells[j])) {
                (void)error_set(s->err, STATUS_USAGE, "two columns are called '%s'",
                                text_escape(shown, file->cells[i]));
                error_at(s->err, file->name, file->lines[0], i + 1);
                return STATUS_USAGE;
            }
    return STATUS_OK;
}

static enum status check_bytes(const struct scanner *s)
{
    struct slice all = {s->at, (size_t)(s->end - s->at)};
    size_t bad = utf8_valid_prefix(all);
    const char *nul = all.len > 0 ? memchr(all.data, '\0', all.len) : NULL;
    size_t at = nul != NULL && (size_t)(nul - all.data) < bad ? (size_t)(nul - all.data) : bad;
    if (at >= all.len)
        return STATUS_OK;
    uint64_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += all.data[i] == '\n';
    return fail(s, line, all.data[at] == '\0' ? "a NUL byte" : "a byte that is no UTF-8");
}

static enum status scan(struct side_file *file, struct error *err)
{
    struct scanner s = {.file = file, .line = 1, .err = err};
    s.at = file->bytes.data;
    s.end = s.at + file->bytes.len;
    if (file->bytes.len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0)
        s.at += 3;
    enum status st = check_bytes(&s);
    while (st == STATUS_OK && s.at < s.end) {
        if (skip_empty_line(&s))
            continue;
        st = scan_row(&s);
        if (st == STATUS_OK && file->line_count == 1)
            st = check_names(&s);
    }
    if (st == STATUS_OK && file->line_count == 0)
        st = fail(&s, 0, "empty; it needs a header line");
    return st;
}

static enum status new_file(const char *name, struct side_file **file, struct error *err)
{
    *file = calloc(1, sizeof **file);
    if (*file == NULL)
        return error_no_memory(err);
    (*file)->name = strdup(name);
    if ((*file)->name != NULL && buffer_reserve(&(*file)->bytes, 1))
        return STATUS_OK;
    side_file_free(*file);
    *file = NULL;
    return error_no_memory(err);
}

static enum status finish(enum status s, struct side_file **file, struct error *err)
{
    if (s == STATUS_OK)
        s = scan(*file, err);
    if (s != STATUS_OK) {
        side_file_free(*file);
        *file = NULL;
    }
    return s;
}

enum status side_file_parse(const char *name, struct slice bytes, struct side_file **file,
                            struct error *err)
{
    enum status s = new_file(name, file, err);
    if (s != STATUS_OK)
        return s;
    if (bytes.len > 0 && !buffer_append_slice(&(*file)->bytes, bytes))
        s = error_no_memory(err);
    return finish(s, file, err);
}

static enum status read_all(int fd, struct side_file *file, struct error *err)
{
    enum { CHUNK = 1 << 17 };
    for (;;) {
        if (!buffer_reserve(&file->bytes, CHUNK))
            return error_no_memory(err);
        ssize_t n = read(fd, file->bytes.data + file->bytes.len, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, errno == EISDIR ? STATUS_USAGE : STATUS_IO, errno,
                                   "%s: cannot read", file->name);
        if (n == 0)
            return STATUS_OK;
        file->bytes.len += (size_t)n;
        if (file->bytes.len > SIDE_FILE_BYTES_MAX) {
            (void)error_set(err, STATUS_USAGE, "larger than 64 MiB, too large for a side file");
            error_at(err, file->name, 0, 0);
            return STATUS_USAGE;
        }
    }
}

enum status side_file_open(const char *path, struct side_file **file, struct error *err)
{
    enum status s = new_file(path, file, err);
    if (s != STATUS_OK)
        return s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        s = error_set_errno(err, STATUS_USAGE, errno, "%s: cannot open the file", path);
    } else {
        s = read_all(fd, *file, err);
        (void)close(fd);
    }
    return finish(s, file, err);
}

void side_file_free(struct side_file *file)
{
    if (file == NULL)
        return;
    buffer_free(&file->bytes);
    free(file->cells);
    free(file->lines);
    free(file->name);
    free(file);
}

const char *side_file_name(const struct side_file *file)
{
    return file->name;
}

size_t side_file_columns(const struct side_file *file)
{
    return file->columns;
}

struct slice side_file_column_name(const struct side_file *file, size_t column)
{
    return file->cells[column];
}

enum status side_file_column(const struct side_file *file, const char *name, size_t *column,
                             struct error *err)
{
    for (size_t i = 0; i < file->columns; i++)
        if (slice_is(file->cells[i], name)) {
            *column = i;
            return STATUS_OK;
        }
    /* text_nearest() wants names that end in NUL. */
    struct buffer names = BUFFER_INIT;
    const char **list = calloc(file->columns, sizeof(char *));
    bool ok = list != NULL;
    for (size_t i = 0; i < file->columns && ok; i++)
        ok = buffer_append_slice(&names, file->cells[i]) && buffer_append_byte(&names, '\0');
    const char *next = names.data;
    for (size_t i = 0; i < file->columns && ok; i++, next += strlen(next) + 1)
        list[i] = next;
    const char *near = ok ? text_nearest(name, list, file->columns) : NULL;
    char shown[TEXT_ESCAPED_MAX];
    char other[TEXT_ESCAPED_MAX];
    (void)text_escape(shown, slice_of(name));
    if (!ok)
        (void)error_no_memory(err);
    else if (near != NULL)
        (void)error_set(err, STATUS_USAGE, "no column '%s'; did you mean '%s'?", shown,
                        text_escape(other, slice_of(near)));
    else
        (void)error_set(err, STATUS_USAGE, "no column '%s'; the first column is '%s'", shown,
                        text_escape(other, file->cells[0]));
    if (ok)
        error_at(err, file->name, file->lines[0], 0);
    free(list);
    buffer_free(&names);
    return ok ? STATUS_USAGE : STATUS_IO;
}

size_t side_file_rows(const struct side_file *file)
{
    return file->line_count - 1;
}

struct slice side_file_cell(const struct side_file *file, size_t row, size_t column)
{
    return file->cells[(row + 1) * file->columns + column];
}

uint64_t side_file_line(const struct side_file *file, size_t row)
{
    return file->lines[row + 1];
}
