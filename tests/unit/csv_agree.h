/* csv_agree.h - holds the vector scan of CSV to the reference reader, for the unit test and the
 * fuzz target.  Whoever includes it defines AGREE(condition), which ends the test if it is false.
 */
#ifndef BELL_TESTS_CSV_AGREE_H
#define BELL_TESTS_CSV_AGREE_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "records/csv_reader.h"
#include "records/csv_scan.h"

typedef enum status scan_fn(const char *data, size_t len, char delimiter, bool quotes,
                            struct csv_index *index, struct error *err);

static enum status scan_fast(const char *data, size_t len, char delimiter, bool quotes,
                             struct csv_index *index, struct error *err)
{
    const struct csv_text text = {data, 0, len, delimiter, quotes, CSV_PLACE_START};
    return csv_scan_text(&text, index, err);
}

static enum status scan_plain(const char *data, size_t len, char delimiter, bool quotes,
                              struct csv_index *index, struct error *err)
{
    const struct csv_text text = {data, 0, len, delimiter, quotes, CSV_PLACE_START};
    return csv_scan_text_plain(&text, index, err);
}

struct reading {
    struct buffer text; /* fields and records, each closed by a byte that no input holds */
    size_t records;
    size_t refused;
    bool refused_first; /* the first record, or an empty line before it */
};

static enum status take(void *ctx, const struct csv_record *record, struct error *err)
{
    struct reading *reading = ctx;
    (void)err;
    reading->refused += record->code != NULL;
    reading->refused_first =
        reading->refused_first || (reading->records == 0 && record->code != NULL);
    reading->records++;
    for (size_t i = 0; record->code == NULL && i < record->field_count; i++)
        AGREE(buffer_append_slice(&reading->text, record->fields[i]) &&
              buffer_append_byte(&reading->text, '\x01'));
    AGREE(buffer_append_byte(&reading->text, '\x02'));
    return STATUS_OK;
}

/* What the reference reader makes of the piece; blank lines are counted as refused. */
static void read_reference(struct slice piece, char delimiter, bool quotes, struct reading *reading)
{
    struct error err = ERROR_INIT;
    struct csv_reader *reader;
    const struct csv_dialect dialect = {.delimiter = delimiter,
                                        .quoting = quotes ? CSV_QUOTING_STRICT : CSV_QUOTING_NONE};
    buffer_clear(&reading->text);
    reading->refused = 0;
    reading->records = 0;
    reading->refused_first = piece.len > 0 && (piece.data[0] == '\n' || piece.data[0] == '\r');
    AGREE(csv_reader_new(&dialect, take, reading, &reader, &err) == STATUS_OK);
    AGREE(csv_reader_feed(reader, piece.data, piece.len, &err) == STATUS_OK);
    AGREE(csv_reader_finish(reader, &err) == STATUS_OK);
    reading->refused += (size_t)csv_reader_blank(reader);
    csv_reader_free(reader);
}

/* The text of a field: quotes off, doubled quotes made one. */
static bool field_text(struct slice raw, bool quotes, struct arena *arena, struct slice *text)
{
    *text = raw;
    if (!quotes || raw.len < 2 || raw.data[0] != '"')
        return true;
    struct slice inner = {raw.data + 1, raw.len - 2};
    const char *quote = inner.len == 0 ? NULL : memchr(inner.data, '"', inner.len);
    *text = inner;
    if (quote == NULL)
        return true;
    char *copy = arena_alloc(arena, inner.len);
    if (copy == NULL)
        return false;
    size_t len = 0;
    for (size_t i = 0; i < inner.len; i++) {
        copy[len++] = inner.data[i];
        i += inner.data[i] == '"'; /* its twin */
    }
    *text = (struct slice){copy, len};
    return true;
}

/* The same text from an index. */
static void read_index(const char *data, const struct csv_index *index, bool quotes,
                       struct buffer *text)
{
    struct arena arena = ARENA_INIT;
    size_t start = 0;
    buffer_clear(text);
    for (size_t i = 0; i < index->count; i++) {
        size_t border = index->positions[i];
        bool ends = data[border] == '\n';
        struct slice raw = {data + start, border - start};
        struct slice field;
        if (ends && raw.len > 0 && raw.data[raw.len - 1] == '\r')
            raw.len--;
        AGREE(field_text(raw, quotes, &arena, &field));
        AGREE(buffer_append_slice(text, field) && buffer_append_byte(text, '\x01'));
        if (ends)
            AGREE(buffer_append_byte(text, '\x02'));
        start = border + 1;
    }
    arena_free(&arena);
}

struct compared {
    size_t regular;
    size_t odd;
};

/* In sound text each quote that follows another one inside a field is the second of two. */
static void compare_doubled(const char *data, const struct csv_index *index, bool quotes)
{
    size_t found = 0;
    size_t start = 0;
    for (size_t i = 0; i < index->count && quotes; i++) {
        size_t border = index->positions[i];
        for (size_t at = start + 1; data[start] == '"' && at + 1 < border; at++) {
            if (data[at] != '"' || data[at + 1] != '"')
                continue;
            AGREE(found < index->doubled_count);
            AGREE(index->doubled[found++] == ++at);
        }
        start = border + 1;
    }
    AGREE(index->doubled_count == found);
}

/* What lies before index->end is the same to both. */
static void compare_rows(struct slice piece, char delimiter, bool quotes,
                         const struct csv_index *index, struct reading *reference,
                         struct buffer *text)
{
    AGREE(piece.data[index->end - 1] == '\n');
    read_reference((struct slice){piece.data, index->end}, delimiter, quotes, reference);
    size_t lines = 0;
    for (size_t i = 0; i < index->end; i++)
        lines += piece.data[i] == '\n';
    AGREE(index->lines == lines);
    AGREE(reference->refused == 0);
    AGREE(reference->records == index->records);
    read_index(piece.data, index, quotes, text);
    AGREE(text->len == reference->text.len);
    AGREE(text->len == 0 || memcmp(text->data, reference->text.data, text->len) == 0);
    compare_doubled(piece.data, index, quotes);
}

static void compare(scan_fn *scan, struct slice piece, char delimiter, bool quotes,
                    struct csv_index *index, struct reading *reference, struct buffer *text,
                    struct compared *seen)
{
    struct error err = ERROR_INIT;
    AGREE(scan(piece.data, piece.len, delimiter, quotes, index, &err) == STATUS_OK);
    if (index->end > 0)
        compare_rows(piece, delimiter, quotes, index, reference, text);
    seen->regular += index->regular && index->end > 0;
    if (index->regular)
        return;
    seen->odd++;
    /* It may not shirk: the reader refuses the very record that follows. */
    read_reference((struct slice){piece.data + index->end, piece.len - index->end}, delimiter,
                   quotes, reference);
    AGREE(reference->refused_first);
}

#endif
