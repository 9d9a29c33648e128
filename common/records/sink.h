/* sink.h - where batches go: a record stream, CSV, NDJSON.
 *
 *     begin()     once
 *     encode()    any thread: a batch's live records to bytes; text is scratch of the thread
 *     put()       in the order of the input
 *     end()       once, if all went well; header may have gained late lines
 *
 * The output behind a sink is committed by whoever opened it.
 */
#ifndef BELL_RECORDS_SINK_H
#define BELL_RECORDS_SINK_H

#include "io/codec.h"
#include "records/batch.h"
#include "records/stream_header.h"

struct sink_ops {
    enum status (*begin)(void *self, const struct header *header, struct error *err);
    enum status (*encode)(void *self, struct codec *codec, struct batch *batch, struct buffer *text,
                          struct buffer *bytes, struct error *err);
    enum status (*put)(void *self, const struct buffer *bytes, struct error *err);
    enum status (*end)(void *self, const struct header *header, const struct stream_end *end,
                       struct error *err);
    void (*free)(void *self);
};

struct sink {
    const struct sink_ops *ops; /* NULL: no sink */
    void *self;
};

#endif
