/* stream_reader.h - record streams as a source of batches.
 *
 *     struct source source;
 *     s = stream_reader_new(&source, names, count, flags, err);
 *     s = source.ops->open(source.self, &header, err);
 *     ...
 *     source.ops->free(source.self);
 *
 * Reads any number of files, each of one part or several (`cat a b`).  What is wrong with a
 * stream is STATUS_DAMAGED: another version, other fields, a line with too many or too few
 * cells, an #end that is missing, cut, or does not agree with what was read.  Records come as rows
 * (source_rows.h) in the batch's bytes and live as long as their batch.
 */
#ifndef BELL_RECORDS_STREAM_READER_H
#define BELL_RECORDS_STREAM_READER_H

#include "io/input.h"
#include "records/source.h"
#include "records/stream_header.h"

struct reread;

enum stream_reader_flags {
    STREAM_READER_NO_END = 1 /* plain text may lack #end */
};

/* names are borrowed and must outlive the source; "-" is standard input; count 0 means that.
 * threads as in input.h. */
enum status stream_reader_new(struct source *source, char *const *names, size_t count,
                              unsigned flags, unsigned threads, struct error *err) BELL_CHECK;

/* The first of the names is open already, and its first bytes (head, copied) were read to see what
 * it is; before open().  The reader closes it, also when this fails. */
enum status stream_reader_begun(struct source *source, struct input *in, struct slice head,
                                struct error *err) BELL_CHECK;
/* Before open(): its files are read twice (io/reread.h; one entry a file, at least one). */
void stream_reader_again(const struct source *source, struct reread *reread);

/* The sum of the #end lines read so far. */
void stream_reader_totals(const struct source *source, struct stream_end *totals);

#endif
