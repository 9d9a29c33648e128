/* csv_source_parts.h - what the files of csv_source share; nobody else includes it but their tests.
 */
#ifndef BELL_RECORDS_CSV_SOURCE_PARTS_H
#define BELL_RECORDS_CSV_SOURCE_PARTS_H

#include "io/encoding.h"
#include "io/input.h"
#include "records/csv_ahead.h"
#include "records/csv_gather.h"
#include "records/csv_scan.h"
#include "records/csv_source.h"

/* What a scan found of the last record in a text, which is not whole: the next one need not look
 * at it again. */
struct csv_rest {
    bool known;
    bool inside;                       /* it ends inside quotes */
    size_t count;                      /* of borders */
    uint32_t borders[CSV_INDEX_FRONT]; /* offsets in it */
};

struct csv_source {
    struct csv_source_options options;
    char **files;
    size_t file_count;

    size_t file; /* the one being read; file_count: none is left */
    struct input *input;
    int cancel;            /* of all inputs; see input.h */
    uint64_t bytes_before; /* on disk, of the files that are done */
    uint64_t bytes_total;  /* on disk, of all; 0: unknown */
    bool input_ended;
    struct encoding *encoding;
    struct csv_reader *reader;
    char *chunk;
    struct csv_ahead ahead; /* of input, while no bytes need to be changed */
    struct buffer text;     /* decoded bytes */
    size_t text_done;       /* of them used */
    uint64_t decoded;       /* bytes of this file used */
    uint64_t skip_lines;    /* still to pass over */
    uint64_t skip_records;  /* the same */
    uint64_t lines_skipped;
    bool placed;      /* csv_reader_start_at() was called */
    bool header_seen; /* of this file */

    struct arena names; /* of the columns */
    struct slice *columns;
    size_t column_count;
    bool columns_known;

    struct csv_gather gather; /* records of the reader, on their way into a batch */
    struct batch first;       /* theirs, before the first filling */
    struct csv_taken taken;   /* the text taken last, and the index of the text at hand */
    bool indexed;             /* that index is made, by whoever read the text */
    struct csv_rest rest;     /* all that is left of the text, if it is known */
    uint64_t blank;           /* of the files that are done */
    uint64_t used_ahead;      /* indexes that were made ahead, for tests */
};

/* The way round the reference reader, between two records: puts the text, as far as a scan finds
 * it regular (csv_scan.h) and of the header's width, into the gather's batch as rows.  *taken
 * false: the reader must read on. */
enum status csv_source_take_rows(struct csv_source *source, bool *taken,
                                 struct error *err) BELL_CHECK;

/* After csv_ahead_take(): what was found of the piece becomes the index of the text, if it fits to
 * what was left of the text before. */
void csv_source_use_index(struct csv_source *source);

#endif
