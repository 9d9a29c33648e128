/* csv_source.h - delimited files to batches: encodings, header, ragged rows, several inputs.
 *
 *     struct csv_source *source;
 *     s = csv_source_open(&options, files, file_count, &source, err);   // reads the header
 *     csv_source_columns(source, &count) ...
 *     do {
 *         csv_source_read_ahead(source);                    // any thread; only for speed
 *         s = csv_source_fill(source, &batch, &end, err);   // one caller at a time, in order
 *         s = csv_source_parse(source, &batch, err);        // any thread
 *     } while (s == STATUS_OK && !end);
 *     csv_source_close(source);
 *
 * A batch then has one column a header column, and origins.  Cells are texts as they stand
 * (blanks kept, an empty cell is an empty text); only cells that `pad` filled are missing.
 * Rows that never became records stand among the refusals with from_source set.  With
 * options.keep_raw, batch_raw() gives the bytes of each record (at most CSV_RAW_MAX), for whoever
 * refuses it later.
 *
 * What the batch held before is dropped; its sequence number stays.
 *
 * Filling only finds out where rows and their cells end, if the text is regular; cells are laid
 * out when they are asked for (source_rows.h).  What is not regular goes through the reference
 * reader: in fill() if that changes where records end, else in parse().
 *
 * Offsets count decompressed bytes of the source; for input that had to be converted
 * (encoding.h) they count bytes of the converted text.
 */
#ifndef BELL_RECORDS_CSV_SOURCE_H
#define BELL_RECORDS_CSV_SOURCE_H

#include "records/batch.h"
#include "records/csv_reader.h"

struct reread;

enum csv_ragged {
    CSV_RAGGED_ERROR,  /* refused, and the run ends (refusal.fatal) */
    CSV_RAGGED_REJECT, /* refused */
    CSV_RAGGED_PAD     /* short: filled with missing cells; long: refused, unless every field
                        * too many is empty */
};

struct csv_source_options {
    struct csv_dialect dialect;
    const char *encoding; /* NULL: utf-8 */
    uint64_t skip_lines;
    bool header; /* false: columns are named 1, 2, 3 ..., as many as the first record has */
    uint64_t skip_records;
    enum csv_ragged ragged;
    bool keep_raw;
    bool private; /* no message shows a header: without one a file's first values stand there */
    size_t batch_bytes;    /* 0: 256 KiB */
    unsigned threads;      /* as in io/input.h */
    struct reread *reread; /* files are read twice (io/reread.h; one entry a file); NULL: once */
    bool reference;        /* only the reference reader, never the fast way (for tests) */
};

#define CSV_SOURCE_OPTIONS_INIT                                                                    \
    {                                                                                              \
        .dialect = CSV_DIALECT_CSV, .header = true                                                 \
    }

struct csv_source;

/* Opens the first of the files ("-": standard input; none: that alone) and reads its header.
 * options and files need not outlive the call.  STATUS_DATA if there is no header line or it
 * breaks the grammar. */
enum status csv_source_open(const struct csv_source_options *options, char *const *files,
                            size_t file_count, struct csv_source **source,
                            struct error *err) BELL_CHECK;
/* Names as they stand in the header, blanks and repetitions included; live as the source. */
const struct slice *csv_source_columns(const struct csv_source *source, size_t *count);
/* Reads text that a later fill() will want, while another thread may be in one. */
void csv_source_read_ahead(struct csv_source *source);
/* Ends a wait for a pipe in any of the calls, which then fail; any thread. */
void csv_source_cancel(struct csv_source *source);
/* Fills the batch with about batch_bytes of source.  *end: this was the last one; it may be
 * empty.  Headers of later files must equal the first, else STATUS_DATA that names both. */
enum status csv_source_fill(struct csv_source *source, struct batch *batch, bool *end,
                            struct error *err) BELL_CHECK;
enum status csv_source_parse(const struct csv_source *source, struct batch *batch,
                             struct error *err) BELL_CHECK;
/* Empty lines skipped so far. */
uint64_t csv_source_blank(const struct csv_source *source);
size_t csv_source_file_count(const struct csv_source *source);
/* As messages show it; file is origin.file. */
const char *csv_source_file_name(const struct csv_source *source, uint32_t file);
/* Bytes of the inputs as they lie on disk: done so far, and all (0: unknown). */
void csv_source_progress(const struct csv_source *source, uint64_t *done, uint64_t *size);
/* A thread inflates ahead of it (input.h). */
bool csv_source_inflates_ahead(const struct csv_source *source);
void csv_source_close(struct csv_source *source); /* NULL is allowed */

#endif
