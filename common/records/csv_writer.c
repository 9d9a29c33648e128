#include "records/csv_writer.h"

#include "base/number.h"

void csv_writer_init(struct csv_writer *writer, struct buffer *out, bool excel)
{
    *writer = (struct csv_writer){.out = out, .excel = excel, .delimiter = ','};
}

static bool begin(struct csv_writer *writer)
{
    if (writer->begun)
        return true;
    writer->begun = true;
    return !writer->excel || buffer_append(writer->out, "\xEF\xBB\xBF", 3);
}

static bool needs_guard(const struct csv_writer *writer, struct slice cell)
{
    return writer->excel && cell.len > 0 && memchr("=+-@", cell.data[0], 4) != NULL &&
           !double_is_form(cell);
}

static bool needs_quotes(const struct csv_writer *writer, struct slice cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.data[i];
        if (c == '"' || c == '\r' || c == '\n' || c == writer->delimiter)
            return true;
    }
    return false;
}

static bool append_doubling_quotes(struct buffer *out, struct slice cell)
{
    while (cell.len > 0) {
        const char *quote = memchr(cell.data, '"', cell.len);
        size_t n = quote == NULL ? cell.len : (size_t)(quote - cell.data) + 1;
        if (!buffer_append(out, cell.data, n))
            return false;
        if (quote != NULL && !buffer_append_byte(out, '"'))
            return false;
        cell.data += n;
        cell.len -= n;
    }
    return true;
}

bool csv_writer_cell(struct csv_writer *writer, struct slice cell)
{
    struct buffer *out = writer->out;
    if (!begin(writer))
        return false;
    if (writer->cells > 0 && !buffer_append_byte(out, writer->delimiter))
        return false;
    writer->alone_empty = writer->cells == 0 && cell.len == 0;
    writer->cells++;
    if (cell.len == 0)
        return true;
    const char *guard = needs_guard(writer, cell) ? "'" : "";
    if (!needs_quotes(writer, cell))
        return buffer_append_text(out, guard) && buffer_append_slice(out, cell);
    return buffer_append_byte(out, '"') && buffer_append_text(out, guard) &&
           append_doubling_quotes(out, cell) && buffer_append_byte(out, '"');
}

bool csv_writer_end_row(struct csv_writer *writer)
{
    bool ok = begin(writer) && (!writer->alone_empty || buffer_append(writer->out, "\"\"", 2)) &&
              buffer_append_byte(writer->out, '\n');
    writer->cells = 0;
    writer->alone_empty = false;
    return ok;
}
