#include "records/stream_writer.h"

#include <stdlib.h>

struct stream_writer {
    struct output *output;
    int level;
    struct codec *codec;  /* for header and end */
    size_t lines_written; /* of the header's lines */
};

enum status stream_choose_level(int compress, bool text, bool force, const struct output *output,
                                int *level, struct error *err)
{
    *level = compress;
    if (text)
        *level = STREAM_LEVEL_TEXT;
    else if (output_is_terminal(output) && !force)
        return error_set(err, STATUS_USAGE,
                         "compressed records are not written to a terminal: take --text, "
                         "-o FILE, or -f to do it all the same");
    else if (compress < 0)
        *level = output_is_file(output) ? 1 : 0;
    return STATUS_OK;
}

enum status stream_writer_new(struct stream_writer **writer, struct output *output, int level,
                              struct error *err)
{
    struct stream_writer *w = calloc(1, sizeof *w);
    if (w == NULL)
        return error_no_memory(err);
    enum status s = codec_new(&w->codec, err);
    if (s != STATUS_OK) {
        free(w);
        return s;
    }
    w->output = output;
    w->level = level;
    *writer = w;
    return STATUS_OK;
}

enum status stream_pack(const struct stream_writer *w, struct codec *codec, struct buffer *text,
                        struct buffer *bytes, struct error *err)
{
    enum status s = STATUS_OK;
    if (w->level == STREAM_LEVEL_TEXT) {
        if (!buffer_append(bytes, text->data, text->len))
            s = error_no_memory(err);
    } else if (text->len > 0) {
        s = bgzf_append_text(codec, w->level, text->data, text->len, bytes, err);
    }
    buffer_clear(text);
    return s;
}

/* Packs and writes text; frees it. */
static enum status write_text(struct stream_writer *w, struct buffer *text, struct error *err)
{
    struct buffer bytes = BUFFER_INIT;
    enum status s = stream_pack(w, w->codec, text, &bytes, err);
    if (s == STATUS_OK)
        s = stream_writer_put(w, &bytes, err);
    buffer_free(&bytes);
    buffer_free(text);
    return s;
}

enum status stream_writer_begin(struct stream_writer *w, const struct header *header,
                                struct error *err)
{
    struct buffer text = BUFFER_INIT;
    enum status s = stream_header_append(&text, header, err);
    w->lines_written = header->line_count;
    if (s != STATUS_OK) {
        buffer_free(&text);
        return s;
    }
    s = write_text(w, &text, err);
    /* A reader further down can start before the first batch is full. */
    return s == STATUS_OK ? output_flush(w->output, err) : s;
}

enum status stream_writer_encode(const struct stream_writer *w, struct codec *codec,
                                 struct batch *batch, struct buffer *text, struct buffer *bytes,
                                 struct error *err)
{
    if (w->level == STREAM_LEVEL_TEXT)
        return stream_encode(batch, bytes, err);
    if (w->level == 0)
        return stream_encode_stored(batch, bytes, err);
    enum status s = stream_encode(batch, text, err);
    return s == STATUS_OK ? stream_pack(w, codec, text, bytes, err) : s;
}

enum status stream_writer_put(struct stream_writer *w, const struct buffer *bytes,
                              struct error *err)
{
    return bytes->len == 0 ? STATUS_OK : output_write(w->output, bytes->data, bytes->len, err);
}

enum status stream_writer_end(struct stream_writer *w, const struct header *header,
                              const struct stream_end *end, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    bool ok = true;
    for (size_t i = w->lines_written; ok && i < header->line_count; i++)
        ok = buffer_appendf(&text, "#%s\t%s\n", header->lines[i].kind, header->lines[i].text);
    enum status s = ok ? stream_end_append(&text, end, err) : error_no_memory(err);
    if (s != STATUS_OK) {
        buffer_free(&text);
        return s;
    }
    s = write_text(w, &text, err);
    if (s == STATUS_OK && w->level != STREAM_LEVEL_TEXT) {
        struct buffer bytes = BUFFER_INIT;
        s = bgzf_append_end(&bytes) ? stream_writer_put(w, &bytes, err) : error_no_memory(err);
        buffer_free(&bytes);
    }
    return s;
}

void stream_writer_free(struct stream_writer *w)
{
    if (w == NULL)
        return;
    codec_free(w->codec);
    free(w);
}

static enum status sink_begin(void *self, const struct header *header, struct error *err)
{
    return stream_writer_begin(self, header, err);
}

static enum status sink_encode(void *self, struct codec *codec, struct batch *batch,
                               struct buffer *text, struct buffer *bytes, struct error *err)
{
    return stream_writer_encode(self, codec, batch, text, bytes, err);
}

static enum status sink_put(void *self, const struct buffer *bytes, struct error *err)
{
    return stream_writer_put(self, bytes, err);
}

static enum status sink_end(void *self, const struct header *header, const struct stream_end *end,
                            struct error *err)
{
    return stream_writer_end(self, header, end, err);
}

static void sink_free(void *self)
{
    stream_writer_free(self);
}

struct sink stream_sink(struct stream_writer *writer)
{
    static const struct sink_ops ops = {
        .begin = sink_begin,
        .encode = sink_encode,
        .put = sink_put,
        .end = sink_end,
        .free = sink_free,
    };
    return (struct sink){.ops = &ops, .self = writer};
}
