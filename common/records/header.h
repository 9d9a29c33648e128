/* header.h - what stands above the records of a stream: its fields and its `#` lines.
 *
 * A header is made by a source, rewritten by each stage when it opens, and written by the
 * sink.  Lines other than #bell, #fields and #types are kept as (kind, text) in order, for
 * instance ("scale", "stars5\tmin=1\tmax=5\tpoints=1,2,3,4,5").
 *
 * With several parts (`cat a b`) later headers must have the same fields; their other
 * lines that the first header lacks ("also", "scale", "unique") arrive while records are
 * read.  The pipeline hands them on when the input has ended, and they are written before
 * #end.  So whoever needs scales looks at the header that finish() gets.
 */
#ifndef BELL_RECORDS_HEADER_H
#define BELL_RECORDS_HEADER_H

#include "base/intern.h"
#include "records/schema.h"

/* A header that grows beyond these is refused: it is kept in memory whole. */
enum { HEADER_LINES_MAX = 256 * 1024, HEADER_BYTES_MAX = 16 * 1024 * 1024 };

struct header_line {
    char *kind; /* "scale", "study", "program", "unique", "partial", "also" */
    char *text; /* behind the first tab, tabs inside kept */
};

struct header {
    struct schema schema;
    struct header_line *lines;
    size_t line_count;
    size_t line_cap;
    size_t line_bytes;   /* of kinds and texts */
    struct intern known; /* "kind\ttext" of each line there is */
};

#define HEADER_INIT                                                                                \
    {                                                                                              \
        .schema = SCHEMA_INIT, .known = INTERN_INIT                                                \
    }

/* STATUS_DAMAGED if the header grows too large. */
enum status header_add_line(struct header *header, const char *kind, const char *text,
                            struct error *err) BELL_CHECK;
/* The text of the first line of that kind, NULL if there is none. */
const char *header_line(const struct header *header, const char *kind);
bool header_has_line(const struct header *header, const char *kind, const char *text);
enum status header_copy(struct header *to, const struct header *from, struct error *err) BELL_CHECK;
void header_free(struct header *header);

#endif
