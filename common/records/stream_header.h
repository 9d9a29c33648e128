/* stream_header.h - the `#` lines of a record stream, to and from text.
 *
 *     #bell    1
 *     #fields  name ...        escaped like cells
 *     #types   type ...
 *     #KIND    text            kept as it stands
 *     ...records...
 *     #also    ...             late lines, see header.h
 *     #end     in=4  out=3  rejected=1  dropped=0
 */
#ifndef BELL_RECORDS_STREAM_HEADER_H
#define BELL_RECORDS_STREAM_HEADER_H

#include "base/buffer.h"
#include "records/header.h"

#define STREAM_VERSION 1
enum { STREAM_LINE_MAX = 16 * 1024 * 1024, STREAM_FIELDS_MAX = 1024 * 1024 };

/* The counts of an #end line.  A gatherer's part has counted as well (else UINT64_MAX); blank
 * (empty lines that a CSV source skipped) is written only if there were any. */
struct stream_end {
    uint64_t in;
    uint64_t out;
    uint64_t rejected;
    uint64_t dropped;
    uint64_t counted;
    uint64_t blank;
};

/* Appends #bell, #fields, #types and the other lines. */
enum status stream_header_append(struct buffer *out, const struct header *header,
                                 struct error *err) BELL_CHECK;
enum status stream_end_append(struct buffer *out, const struct stream_end *end,
                              struct error *err) BELL_CHECK;

/* Takes one line (without its LF) that stands above the records into header; the lines must
 * come in order (#bell, #fields, #types first).  *stage counts the lines taken so far and
 * starts at 0.  STATUS_DAMAGED if it is not as it should be. */
enum status stream_header_take(struct header *header, unsigned *stage, struct slice line,
                               struct error *err) BELL_CHECK;
/* Are #bell, #fields and #types there? */
bool stream_header_complete(unsigned stage);
/* Reads "#end\t..." and checks that its own sums agree. */
enum status stream_end_parse(struct slice line, struct stream_end *end,
                             struct error *err) BELL_CHECK;
/* Same names, types and order of fields?  If not STATUS_DAMAGED and both in the message. */
enum status stream_header_agree(const struct header *first, const char *first_name,
                                const struct header *next, const char *next_name,
                                struct error *err) BELL_CHECK;

#endif
