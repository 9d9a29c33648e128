/* csv_input.h - delimited files as a source of batches (source.h over csv_source.h). */
#ifndef BELL_RECORDS_CSV_INPUT_H
#define BELL_RECORDS_CSV_INPUT_H

#include "records/csv_source.h"
#include "records/source.h"

/* options are copied, their texts and names are borrowed.  Nothing is opened before open(). */
enum status csv_input_new(struct source *source, const struct csv_source_options *options,
                          char *const *names, size_t count, struct error *err) BELL_CHECK;

#endif
