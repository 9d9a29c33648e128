/* stream_rows.h - the records of a stream as rows (source_rows.h) in a batch's bytes.
 *
 * Whoever fills the batch scans its bytes as they come (line_scan.h), and a worker does the rest:
 *
 *     stream_rows_take(batch, &scan);                  // bytes: scan.end of them
 *     s = stream_rows_finish(batch, columns, err);     // judges the cells, shapes the batch
 *
 * Where the scan found something odd, finish() reads the lines with plain code, whose word it is
 * what is wrong with them: STATUS_DAMAGED.  batch->first is the number of the first record.
 */
#ifndef BELL_RECORDS_STREAM_ROWS_H
#define BELL_RECORDS_STREAM_ROWS_H

#include "records/batch.h"
#include "records/line_scan.h"

void stream_rows_take(struct batch *batch, const struct line_scan *scan);
enum status stream_rows_finish(struct batch *batch, size_t columns, struct error *err) BELL_CHECK;

/* Both, for lines (whole, each with its LF, none with '#' in front) that stand in batch->bytes;
 * record_count says how many. */
enum status stream_parse_lines(struct batch *batch, size_t columns, struct error *err) BELL_CHECK;

#endif
