/* table_text.h - records as plain tables for other programs: body lines, TSV, CSV, NDJSON.
 *
 *     sink = ...; s = table_text_new(&sink, output, TABLE_CSV, &err);
 *
 * TABLE_BODY   the stream's lines without the # lines
 * TABLE_TSV    a header line of names, then the same lines (escapes of the stream)
 * TABLE_CSV    RFC 4180 with a header line; a missing value is an empty cell
 * TABLE_NDJSON an object a record: int and decimal as numbers, set as an array, missing as null
 *
 * The output is the caller's: he commits or aborts it.
 */
#ifndef BELL_RECORDS_TABLE_TEXT_H
#define BELL_RECORDS_TABLE_TEXT_H

#include "io/output.h"
#include "records/sink.h"

enum table_form { TABLE_BODY, TABLE_TSV, TABLE_CSV, TABLE_NDJSON };

enum status table_text_new(struct sink *sink, struct output *output, enum table_form form,
                           struct error *err) BELL_CHECK;

#endif
