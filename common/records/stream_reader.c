#include "records/stream_reader.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/utf8.h"
#include "io/codec.h"
#include "io/input.h"
#include "records/stream_rows.h"

/* A record of the full length with every byte escaped is the longest line. */
enum { BATCH_BYTES = 256 * 1024, LINE_READ_MAX = 2 * STREAM_LINE_MAX, SCALES_MAX = 1000 };

enum place {
    PLACE_PART, /* a part may begin, or the file end */
    PLACE_HEADER,
    PLACE_BODY
};

struct stream_reader {
    char *const *names;
    size_t name_count;
    size_t next_name;
    unsigned flags;
    unsigned threads;
    int cancel;            /* of all inputs; see input.h */
    struct reread *reread; /* NULL: they are read once */
    struct input *in;
    struct input *begun;   /* the first one, opened by the caller */
    uint64_t bytes_before; /* of the files that are done */
    uint64_t bytes_total;
    struct buffer pending; /* read; from pending_at on not yet handed out */
    size_t pending_at;
    uint64_t file_read; /* decompressed bytes of this file that were read */
    bool input_ended;
    enum place place;
    bool file_began;       /* a part was seen in this file */
    struct header *header; /* the caller's: of the first part, and late lines */
    bool header_known;
    bool partial;       /* the first part has a #partial line */
    struct header next; /* of a later part, while it is read */
    unsigned header_stage;
    char *first_name;
    uint64_t part_records;
    uint64_t records;
    struct stream_end totals;
};

static char *standard_input[] = {"-"};

static enum status damaged(struct stream_reader *r, struct error *err)
{
    error_at(err, input_name(r->in), 0, 0);
    return err == NULL ? STATUS_DAMAGED : err->code;
}

/* What was read and not yet handed out. */
static struct slice rest(const struct stream_reader *r)
{
    if (r->pending_at == r->pending.len)
        return SLICE_LITERAL("");
    return (struct slice){r->pending.data + r->pending_at, r->pending.len - r->pending_at};
}

/* Moves nothing: with many small parts in one piece of input that would be quadratic. */
static void use(struct stream_reader *r, size_t n)
{
    r->pending_at += n;
    if (r->pending_at < r->pending.len)
        return;
    buffer_clear(&r->pending);
    r->pending_at = 0;
}

/* Reads until rest() has at least want bytes, or the input ends. */
static enum status read_more(struct stream_reader *r, size_t want, struct error *err)
{
    if (rest(r).len < want && !r->input_ended && r->pending_at > 0) {
        buffer_consume(&r->pending, r->pending_at);
        r->pending_at = 0;
    }
    while (r->pending.len - r->pending_at < want && !r->input_ended) {
        if (!buffer_reserve(&r->pending, want - r->pending.len))
            return error_no_memory(err);
        size_t got;
        enum status s =
            input_read(r->in, r->pending.data + r->pending.len, want - r->pending.len, &got, err);
        if (s != STATUS_OK)
            return s;
        r->pending.len += got;
        r->file_read += got;
        r->input_ended = got == 0;
    }
    return STATUS_OK;
}

/* Bytes that came in as plain text and are no UTF-8 (a compressed part stands on its CRC). */
static bool foreign_bytes(const struct stream_reader *r, struct slice text)
{
    return input_kind(r->in) == INPUT_PLAIN && !utf8_valid(text);
}

/* The first line of rest() without its LF; missing at the end of the input. */
static enum status first_line(struct stream_reader *r, struct slice *line, struct error *err)
{
    struct slice text = rest(r);
    const char *lf = NULL;
    for (;;) {
        lf = text.len == 0 ? NULL : memchr(text.data, '\n', text.len);
        if (lf != NULL || r->input_ended || text.len > STREAM_LINE_MAX)
            break;
        enum status s = read_more(r, text.len < 2048 ? 4096 : text.len * 2, err);
        if (s != STATUS_OK)
            return s;
        text = rest(r);
    }
    if (lf == NULL ? text.len > STREAM_LINE_MAX : lf - text.data > STREAM_LINE_MAX) {
        error_set(err, STATUS_DAMAGED, "a line of over 16 MiB");
        return damaged(r, err);
    }
    if (lf != NULL) {
        *line = (struct slice){text.data, (size_t)(lf - text.data)};
        return STATUS_OK;
    }
    *line = SLICE_MISSING;
    if (text.len == 0)
        return STATUS_OK;
    char shown[TEXT_ESCAPED_MAX];
    if (r->place == PLACE_PART && r->file_began)
        error_set(err, STATUS_DAMAGED, "bytes behind the #end line");
    else if (r->place == PLACE_PART || r->header_stage == 0)
        error_set(err, STATUS_DAMAGED, "not a record stream: it begins with '%s', not with #bell",
                  text_escape(shown, text));
    else
        error_set(err, STATUS_DAMAGED,
                  "cut in the middle of a line: what wrote it failed or was killed");
    return damaged(r, err);
}

static enum status open_next(struct stream_reader *r, bool *end, struct error *err)
{
    *end = r->next_name == r->name_count;
    if (*end)
        return STATUS_OK;
    enum status s = STATUS_OK;
    const size_t number = r->next_name++;
    r->input_ended = false;
    r->file_began = false;
    r->file_read = rest(r).len;
    r->place = PLACE_PART;
    r->in = r->begun;
    r->begun = NULL;
    if (r->in == NULL)
        s = input_open_again(&r->in, r->names[number], r->threads, r->reread, number, err);
    if (s == STATUS_OK)
        input_set_cancel(r->in, r->cancel);
    return s;
}

/* Between parts: a new part, the next file, or the end of all. */
static enum status begin_part(struct stream_reader *r, bool *end, struct error *err)
{
    if (r->in == NULL)
        return open_next(r, end, err);
    struct slice line;
    enum status s = first_line(r, &line, err);
    if (s != STATUS_OK)
        return s;
    if (!slice_missing(line)) {
        if (r->file_began && (line.len < 5 || memcmp(line.data, "#bell", 5) != 0)) {
            error_set(err, STATUS_DAMAGED, "something other than a #bell line behind #end");
            return damaged(r, err);
        }
        if (r->file_began && input_lacks_end_block(r->in, r->file_read - rest(r).len)) {
            error_set(err, STATUS_DAMAGED,
                      "a part without its BGZF end block stands before another part");
            return damaged(r, err);
        }
        r->file_began = true;
        r->place = PLACE_HEADER;
        r->header_stage = 0;
        r->part_records = 0;
        return STATUS_OK;
    }
    if (!r->file_began) {
        error_set(err, STATUS_DAMAGED,
                  "empty: there is no record stream in it (what wrote it may have failed)");
        return damaged(r, err);
    }
    r->bytes_before += input_compressed_done(r->in);
    input_close(r->in);
    r->in = NULL;
    return STATUS_OK;
}

/* A new scale must not have the name of one that is known. */
static enum status check_scale(struct stream_reader *r, const char *text, struct error *err)
{
    size_t name = strcspn(text, "\t");
    size_t scales = 0;
    for (size_t i = 0; i < r->header->line_count; i++) {
        const struct header_line *line = &r->header->lines[i];
        if (strcmp(line->kind, "scale") != 0)
            continue;
        if (strncmp(line->text, text, name + 1) == 0) {
            error_set(err, STATUS_DAMAGED,
                      "two scales of one name that differ: [%.200s] and [%.200s]", line->text,
                      text);
            return damaged(r, err);
        }
        if (++scales == SCALES_MAX) {
            error_set(err, STATUS_DAMAGED, "more than %d scales", SCALES_MAX);
            return damaged(r, err);
        }
    }
    return STATUS_OK;
}

/* A late line of a later part (or of the tail of this one) joins the one header. */
static enum status join_line(struct stream_reader *r, const char *kind, const char *text,
                             struct error *err)
{
    if (header_has_line(r->header, kind, text))
        return STATUS_OK;
    if (strcmp(kind, "program") == 0) {
        kind = "also";
        if (header_has_line(r->header, kind, text))
            return STATUS_OK;
    }
    if (strcmp(kind, "scale") == 0) {
        enum status s = check_scale(r, text, err);
        if (s != STATUS_OK)
            return s;
    }
    if (strcmp(kind, "partial") == 0) {
        const char *first = header_line(r->header, "partial");
        error_set(err, STATUS_DAMAGED,
                  "partials of different questions cannot be joined: [%.300s] and [%.300s]",
                  first == NULL ? "no partial" : first, text);
        return damaged(r, err);
    }
    if (strcmp(kind, "study") == 0)
        kind = "also";
    if (header_has_line(r->header, kind, text))
        return STATUS_OK;
    enum status s = header_add_line(r->header, kind, text, err);
    return s == STATUS_DAMAGED ? damaged(r, err) : s;
}

static enum status join_header(struct stream_reader *r, struct error *err)
{
    if (!r->header_known) {
        r->header_known = true;
        r->partial = header_line(r->header, "partial") != NULL;
        r->first_name = strdup(input_name(r->in));
        return r->first_name == NULL ? error_no_memory(err) : STATUS_OK;
    }
    enum status s = stream_header_agree(r->header, r->first_name, &r->next, input_name(r->in), err);
    if (s == STATUS_OK && r->partial && header_line(&r->next, "partial") == NULL)
        s = join_line(r, "partial", "no partial", err);
    for (size_t i = 0; s == STATUS_OK && i < r->next.line_count; i++)
        s = join_line(r, r->next.lines[i].kind, r->next.lines[i].text, err);
    header_free(&r->next);
    return s;
}

/* Takes one header line, or finds that the header is over. */
static enum status read_header_line(struct stream_reader *r, struct error *err)
{
    struct slice line;
    enum status s = first_line(r, &line, err);
    if (s != STATUS_OK)
        return s;
    bool over = slice_missing(line) || line.len == 0 || line.data[0] != '#' ||
                (line.len >= 4 && memcmp(line.data, "#end", 4) == 0);
    if (over && stream_header_complete(r->header_stage)) {
        r->place = PLACE_BODY;
        return join_header(r, err);
    }
    if (slice_missing(line)) {
        error_set(err, STATUS_DAMAGED, "cut inside the header: what wrote it failed or was killed");
        return damaged(r, err);
    }
    if (foreign_bytes(r, line) && r->header_stage > 0) {
        error_set(err, STATUS_DAMAGED, "a header line that is not UTF-8");
        return damaged(r, err);
    }
    struct header *into = r->header_known ? &r->next : r->header;
    s = stream_header_take(into, &r->header_stage, line, err);
    if (s == STATUS_DAMAGED)
        return damaged(r, err);
    use(r, line.len + 1);
    return s;
}

static enum status take_end(struct stream_reader *r, struct slice line, struct error *err)
{
    struct stream_end end;
    if (stream_end_parse(line, &end, err) != STATUS_OK)
        return damaged(r, err);
    if (end.out != r->part_records) {
        error_set(err, STATUS_DAMAGED, "#end says %llu records, but %llu were read",
                  (unsigned long long)end.out, (unsigned long long)r->part_records);
        return damaged(r, err);
    }
    r->totals.in += end.in;
    r->totals.out += end.out;
    r->totals.rejected += end.rejected;
    r->totals.dropped += end.dropped;
    if (end.counted != UINT64_MAX)
        r->totals.counted = (r->totals.counted == UINT64_MAX ? 0 : r->totals.counted) + end.counted;
    r->place = PLACE_PART;
    return STATUS_OK;
}

/* A line that begins with '#' among the records. */
static enum status take_mark(struct stream_reader *r, struct error *err)
{
    struct slice line;
    enum status s = first_line(r, &line, err);
    if (s != STATUS_OK)
        return s;
    if (foreign_bytes(r, line) || memchr(line.data, '\0', line.len) != NULL) {
        error_set(err, STATUS_DAMAGED, "a line behind the records that is not UTF-8 or has a NUL");
        return damaged(r, err);
    }
    char shown[TEXT_ESCAPED_MAX];
    const char *tab = memchr(line.data, '\t', line.len);
    struct slice kind = {line.data, tab == NULL ? line.len : (size_t)(tab - line.data)};
    if (slice_is(kind, "#end")) {
        s = take_end(r, line, err);
    } else if (slice_is(kind, "#also") || slice_is(kind, "#scale") || slice_is(kind, "#unique")) {
        char *name = strndup(kind.data + 1, kind.len - 1);
        char *text = tab == NULL ? strdup("") : strndup(tab + 1, line.len - kind.len - 1);
        s = name == NULL || text == NULL ? error_no_memory(err) : join_line(r, name, text, err);
        free(name);
        free(text);
    } else {
        error_set(err, STATUS_DAMAGED, "'%s' stands among the records%s", text_escape(shown, line),
                  slice_is(kind, "#bell") ? ": the part before it has no #end" : "");
        s = damaged(r, err);
    }
    use(r, line.len + 1);
    return s;
}

static enum status missing_end(struct stream_reader *r, struct error *err)
{
    bool plain = input_kind(r->in) == INPUT_PLAIN;
    if (rest(r).len == 0 && plain && (r->flags & STREAM_READER_NO_END) != 0) {
        r->totals.in += r->part_records;
        r->totals.out += r->part_records;
        r->place = PLACE_PART;
        return STATUS_OK;
    }
    error_set(err, STATUS_DAMAGED,
              "the record stream ends without #end after %llu records: what wrote it failed or "
              "was killed",
              (unsigned long long)r->part_records);
    return damaged(r, err);
}

static uint64_t count_lines(const char *data, size_t len)
{
    uint64_t lines = 0;
    const char *end = data + len;
    for (const char *p = data; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    return lines;
}

/* The records that were scanned in the batch's bytes are a batch. */
static enum status hand_out(struct stream_reader *r, const struct line_scan *scan,
                            struct batch *batch, struct error *err)
{
    struct slice text = {batch->bytes.data, scan->end};
    batch->bytes.len = scan->end;
    batch->first = r->records + 1;
    batch->file = (uint32_t)r->next_name - 1;
    stream_rows_take(batch, scan);
    r->records += scan->lines;
    r->part_records += scan->lines;
    if (!foreign_bytes(r, text))
        return STATUS_OK;
    size_t at = utf8_valid_prefix(text);
    char shown[TEXT_ESCAPED_MAX];
    error_set(err, STATUS_DAMAGED, "record %llu: not UTF-8: '%s'",
              (unsigned long long)(batch->first + count_lines(text.data, at)),
              text_escape(shown, (struct slice){text.data + at, 1}));
    return damaged(r, err);
}

/* Takes what was read before into the batch: up to the mark that the scan met there, or all. */
static enum status take_pending(struct stream_reader *r, struct line_scan *scan,
                                struct batch *batch, struct error *err)
{
    struct slice text = rest(r);
    enum status s = line_scan(scan, &batch->rows, text.data, text.len, err);
    if (s != STATUS_OK)
        return s;
    if (!buffer_append(&batch->bytes, text.data, scan->at))
        return error_no_memory(err);
    use(r, scan->at);
    return STATUS_OK;
}

/* Reads on in the batch's own bytes, and scans what comes, until they are a batch. */
static enum status read_records(struct stream_reader *r, struct line_scan *scan,
                                struct batch *batch, struct error *err)
{
    struct buffer *bytes = &batch->bytes;
    while (!scan->marked && !r->input_ended && (bytes->len < BATCH_BYTES || scan->end == 0)) {
        if (bytes->len > LINE_READ_MAX) {
            error_set(err, STATUS_DAMAGED, "record %llu is over 16 MiB long",
                      (unsigned long long)r->records + 1);
            return damaged(r, err);
        }
        /* A block of BGZF comes whole and without a copy where it has room. */
        size_t room = bytes->len < BATCH_BYTES ? BATCH_BYTES - bytes->len : bytes->len;
        room += BGZF_BLOCK_MAX;
        if (!buffer_reserve(bytes, room))
            return error_no_memory(err);
        size_t got;
        enum status s = input_read(r->in, bytes->data + bytes->len, room, &got, err);
        if (s != STATUS_OK)
            return s;
        r->file_read += got;
        r->input_ended = got == 0;
        bytes->len += got;
        s = line_scan(scan, &batch->rows, bytes->data, bytes->len, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status read_body(struct stream_reader *r, struct batch *batch, bool *filled,
                             struct error *err)
{
    if (rest(r).len > 0 && rest(r).data[0] == '#')
        return take_mark(r, err);
    struct line_scan scan;
    line_scan_begin(&scan, &batch->rows, r->header->schema.count);
    buffer_clear(&batch->bytes);
    enum status s = take_pending(r, &scan, batch, err);
    if (s == STATUS_OK)
        s = read_records(r, &scan, batch, err);
    if (s != STATUS_OK)
        return s;
    /* What stands behind the records waits; where records wait themselves, it is among them. */
    struct buffer *bytes = &batch->bytes;
    if (!buffer_append(&r->pending, bytes->data + scan.end, bytes->len - scan.end))
        return error_no_memory(err);
    *filled = scan.lines > 0;
    if (*filled)
        return hand_out(r, &scan, batch, err);
    return scan.marked ? STATUS_OK : missing_end(r, err);
}

/* One step towards the next batch. */
static enum status advance(struct stream_reader *r, struct batch *batch, bool *end, bool *filled,
                           struct error *err)
{
    switch (r->place) {
    case PLACE_PART:
        return begin_part(r, end, err);
    case PLACE_HEADER:
        return read_header_line(r, err);
    case PLACE_BODY:
    default:
        return read_body(r, batch, filled, err);
    }
}

static enum status reader_fill(void *self, struct batch *batch, bool *end, struct error *err)
{
    struct stream_reader *r = self;
    bool filled = false;
    *end = false;
    while (!filled && !*end) {
        enum status s = advance(r, batch, end, &filled, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static enum status reader_open(void *self, struct header *header, struct error *err)
{
    struct stream_reader *r = self;
    r->header = header;
    bool end = false;
    while (!r->header_known && !end) {
        enum status s = advance(r, NULL, &end, NULL, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static const char *reader_file_name(const void *self, uint32_t file)
{
    const struct stream_reader *r = self;
    const char *name = file < r->name_count ? r->names[file] : "";
    return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

static enum status reader_parse(void *self, struct batch *batch, struct error *err)
{
    const struct stream_reader *r = self;
    /* The fields, unlike the late lines, do not change once the header is known. */
    enum status s = stream_rows_finish(batch, r->header->schema.count, err);
    if (s == STATUS_DAMAGED)
        error_at(err, reader_file_name(r, batch->file), 0, 0);
    return s;
}

static void reader_progress(const void *self, struct source_progress *progress)
{
    const struct stream_reader *r = self;
    progress->size = r->bytes_total;
    progress->done = r->bytes_before + (r->in == NULL ? 0 : input_compressed_done(r->in));
    progress->ahead = r->in != NULL && input_inflates_ahead(r->in);
}

static void reader_cancel(void *self)
{
    const struct stream_reader *r = self;
    input_cancel(r->cancel);
}

static void reader_free(void *self)
{
    struct stream_reader *r = self;
    input_close(r->in);
    input_close(r->begun);
    input_cancel_free(r->cancel);
    buffer_free(&r->pending);
    header_free(&r->next);
    free(r->first_name);
    free(r);
}

static const struct source_ops stream_reader_ops = {
    .open = reader_open,
    .cancel = reader_cancel,
    .fill = reader_fill,
    .parse = reader_parse,
    .file_name = reader_file_name,
    .progress = reader_progress,
    .free = reader_free,
};

enum status stream_reader_new(struct source *source, char *const *names, size_t count,
                              unsigned flags, unsigned threads, struct error *err)
{
    struct stream_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return error_no_memory(err);
    r->names = count == 0 ? standard_input : names;
    r->name_count = count == 0 ? 1 : count;
    r->flags = flags;
    r->threads = threads;
    r->cancel = threads > 1 ? input_cancel_new() : -1;
    r->totals.counted = UINT64_MAX;
    for (size_t i = 0; i < r->name_count; i++) {
        uint64_t size = input_path_size(r->names[i]);
        r->bytes_total = size == 0 || (i > 0 && r->bytes_total == 0) ? 0 : r->bytes_total + size;
    }
    *source = (struct source){.ops = &stream_reader_ops, .self = r};
    return STATUS_OK;
}

enum status stream_reader_begun(struct source *source, struct input *in, struct slice head,
                                struct error *err)
{
    struct stream_reader *r = source->self;
    r->begun = in;
    return head.len == 0 || buffer_append_slice(&r->pending, head) ? STATUS_OK
                                                                   : error_no_memory(err);
}

void stream_reader_again(const struct source *source, struct reread *reread)
{
    struct stream_reader *r = source->self;
    r->reread = reread;
}

void stream_reader_totals(const struct source *source, struct stream_end *totals)
{
    const struct stream_reader *r = source->self;
    *totals = r->totals;
}
