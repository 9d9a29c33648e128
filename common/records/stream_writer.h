/* stream_writer.h - batches to a record stream.
 *
 *     s = stream_writer_new(&w, output, level, err);      // level -1: plain text
 *     s = stream_writer_begin(w, &header, err);           // header in blocks of its own
 *     // in any thread, one codec a thread:
 *     s = stream_writer_encode(w, codec, batch, &text, &bytes, err);
 *     // in the order of the input:
 *     s = stream_writer_put(w, &bytes, err);
 *     s = stream_writer_end(w, &header, &end, err);       // late lines, #end, end block
 *     stream_writer_free(w);
 *
 * The output is the caller's: he commits or aborts it.
 */
#ifndef BELL_RECORDS_STREAM_WRITER_H
#define BELL_RECORDS_STREAM_WRITER_H

#include "io/codec.h"
#include "io/output.h"
#include "records/sink.h"
#include "records/stream_encode.h"

enum { STREAM_LEVEL_TEXT = -1 };

struct stream_writer;

/* The level for an output: text if asked for, else compress if it is not negative, else by where
 * it goes (0 into a pipe, 1 into a file).  Compressed bytes to a terminal without force:
 * STATUS_USAGE. */
enum status stream_choose_level(int compress, bool text, bool force, const struct output *output,
                                int *level, struct error *err) BELL_CHECK;

/* output may be NULL for a writer that only gathers text (not used by programs). */
enum status stream_writer_new(struct stream_writer **writer, struct output *output, int level,
                              struct error *err) BELL_CHECK;
enum status stream_writer_begin(struct stream_writer *writer, const struct header *header,
                                struct error *err) BELL_CHECK;
/* Appends the live records of a batch to bytes, in blocks of the writer's level (or as plain
 * text).  text is scratch, and empty before and after. */
enum status stream_writer_encode(const struct stream_writer *writer, struct codec *codec,
                                 struct batch *batch, struct buffer *text, struct buffer *bytes,
                                 struct error *err) BELL_CHECK;
/* text, whole lines, as blocks of the writer's level (or as it stands); text is emptied. */
enum status stream_pack(const struct stream_writer *writer, struct codec *codec,
                        struct buffer *text, struct buffer *bytes, struct error *err) BELL_CHECK;
enum status stream_writer_put(struct stream_writer *writer, const struct buffer *bytes,
                              struct error *err) BELL_CHECK;
/* Writes the lines that header has gained since begin, then #end. */
enum status stream_writer_end(struct stream_writer *writer, const struct header *header,
                              const struct stream_end *end, struct error *err) BELL_CHECK;
void stream_writer_free(struct stream_writer *writer);

/* A writer as a sink, which frees it. */
struct sink stream_sink(struct stream_writer *writer);

#endif
