/* csv_source_parts.h - what the files of csv_source share; nobody else includes it. */
#ifndef BELL_RECORDS_CSV_SOURCE_PARTS_H
#define BELL_RECORDS_CSV_SOURCE_PARTS_H

#include "io/encoding.h"
#include "io/input.h"
#include "records/csv_scan.h"
#include "records/csv_source.h"

struct row {
    struct origin origin;
    size_t first; /* its first cell in csv_source.cells */
    size_t count;
    size_t raw; /* where its bytes begin in batch.bytes */
    size_t raw_len;
};

struct csv_source {
    struct csv_source_options options;
    char **files;
    size_t file_count;

    size_t file; /* the one being read; file_count: none is left */
    struct input *input;
    uint64_t bytes_before; /* on disk, of the files that are done */
    uint64_t bytes_total;  /* on disk, of all; 0: unknown */
    bool input_ended;
    struct encoding *encoding;
    struct csv_reader *reader;
    char *chunk;
    struct buffer text;    /* decoded bytes */
    size_t text_done;      /* of them given to the reader */
    uint64_t decoded;      /* bytes of this file given to the reader or skipped */
    uint64_t skip_lines;   /* still to pass over */
    uint64_t skip_records; /* the same */
    uint64_t lines_skipped;
    bool placed;      /* csv_reader_start_at() was called */
    bool header_seen; /* of this file */

    struct arena names; /* of the columns */
    struct slice *columns;
    size_t column_count;
    bool columns_known;

    struct batch batch; /* being filled */
    struct row *rows;
    size_t row_count;
    size_t row_cap;
    struct slice *cells; /* of all rows, row by row; texts in the batch's arena */
    size_t cell_count;
    size_t cell_cap;
    uint64_t batch_bytes;
    struct csv_source_counts counts;
    struct csv_index index; /* of the piece being scanned */
};

/* Room for one more row and so many cells. */
enum status csv_source_make_room(struct csv_source *source, size_t cells,
                                 struct error *err) BELL_CHECK;

/* The fast way: takes the whole records at the front of data, if a scan finds them regular
 * (csv_scan.h), of the header's width and in UTF-8.  *used: bytes taken; 0: it does not know, and
 * the reference reader must read on.  Only when that stands between two records. */
enum status csv_source_take_regular(struct csv_source *source, const char *data, size_t len,
                                    size_t *used, struct error *err) BELL_CHECK;

#endif
