/* csv_gather.h - records of the reference reader to rows of a batch; a part of csv_source.
 *
 *     gather.batch = &batch;
 *     s = csv_gather_take(&gather, &record, err);     // each record that the reader hands on
 *     s = csv_gather_lay_out(&gather, err);           // the batch has columns, and no more rows
 *     csv_gather_free(&gather);
 *
 * Records that break the grammar, have another width than the header, or are no UTF-8 become
 * refusals of the batch (from_source).
 */
#ifndef BELL_RECORDS_CSV_GATHER_H
#define BELL_RECORDS_CSV_GATHER_H

#include "io/encoding.h"
#include "records/csv_source.h"

struct csv_gather_row;

struct csv_gather {
    const struct csv_source_options *options;
    const struct encoding *encoding; /* for messages; NULL: UTF-8 as it came */
    size_t column_count;             /* of the header */
    uint32_t file;                   /* number of the input */
    struct batch *batch;

    struct csv_gather_row *rows;
    size_t row_count;
    size_t row_cap;
    struct slice *cells; /* of all rows, row by row; texts in the batch's arena */
    size_t cell_count;
    size_t cell_cap;
    uint64_t taken; /* bytes of source in the rows and refusals */
};

enum status csv_gather_take(struct csv_gather *gather, const struct csv_record *record,
                            struct error *err) BELL_CHECK;
enum status csv_gather_lay_out(struct csv_gather *gather, struct error *err) BELL_CHECK;
void csv_gather_free(struct csv_gather *gather);

/* The first field that is not UTF-8; field_count if all are. */
size_t csv_gather_undecoded(const struct csv_record *record);
/* Why: at most cap bytes. */
void csv_gather_undecoded_reason(const struct encoding *encoding, struct slice field, char *reason,
                                 size_t cap);

#endif
