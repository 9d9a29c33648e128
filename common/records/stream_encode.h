/* stream_encode.h - batches as the lines of a record stream.
 *
 * What still stands in rows of a stream is copied as it stands, neighbouring columns in one piece;
 * values of a dictionary are escaped once a batch; only cells that are laid out are escaped one by
 * one.
 */
#ifndef BELL_RECORDS_STREAM_ENCODE_H
#define BELL_RECORDS_STREAM_ENCODE_H

#include "base/buffer.h"
#include "records/batch.h"

/* Appends the live records of a batch as escaped lines. */
enum status stream_encode(struct batch *batch, struct buffer *text, struct error *err) BELL_CHECK;
/* The same in BGZF blocks of level 0. */
enum status stream_encode_stored(struct batch *batch, struct buffer *bytes,
                                 struct error *err) BELL_CHECK;

/* Appends one record's cells as an escaped line. */
bool stream_append_record(struct buffer *text, const struct slice *cells, size_t count) BELL_CHECK;
/* Appends one cell of a batch, escaped; rows of another form than the stream's are laid out. */
bool stream_append_cell(struct buffer *text, const struct batch *batch, size_t column,
                        size_t record) BELL_CHECK;

#endif
