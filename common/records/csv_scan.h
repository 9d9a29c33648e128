/* csv_scan.h - where fields and records end in a piece of CSV, found with vector instructions.
 *
 *     struct csv_index index = CSV_INDEX_INIT;
 *     s = csv_scan(data, len, ',', &index, err);    // data begins where a record begins
 *     // records lie in data[0 .. index.end), their fields between index.positions
 *     if (!index.regular)
 *         // the reference reader (csv_reader.h) must read what begins at index.end
 *
 * The scan decides nothing that is doubtful: it stops before the record in which anything stands
 * that the grammar refuses or treats in a special way (a quote inside a plain field, text behind a
 * closing quote, a CR that no LF follows, a NUL, an empty line), and the reference reader gives
 * the answer.  So for what lies before index.end both agree on every byte; tests hold them to it.
 *
 * What stands behind the last record end of a regular piece is not judged: scan it again with more
 * bytes behind it.
 */
#ifndef BELL_RECORDS_CSV_SCAN_H
#define BELL_RECORDS_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct csv_index {
    uint32_t *positions; /* of delimiters and of the LF of record ends, ascending; own memory */
    size_t count;        /* of those below end */
    size_t cap;
    size_t records;
    size_t end;        /* bytes up to the last record end, its LF included; 0: there is none */
    size_t lines;      /* LFs in data[0 .. end), inside quotes too */
    uint32_t *doubled; /* of the second of each pair of doubled quotes, ascending; own memory */
    size_t doubled_count;
    size_t doubled_cap;
    bool quoted;  /* a quote stands in data[0 .. end) or behind */
    bool regular; /* nothing odd was met */
};

#define CSV_INDEX_INIT                                                                             \
    {                                                                                              \
        .positions = NULL                                                                          \
    }

/* CSV_SCAN_MAX bounds a piece, so that positions fit. */
#define CSV_SCAN_MAX ((size_t)1 << 31)

/* Fills the index; quotes false reads every quote as a byte like any other.  STATUS_IO only if
 * memory is out. */
enum status csv_scan(const char *data, size_t len, char delimiter, bool quotes,
                     struct csv_index *index, struct error *err) BELL_CHECK;
void csv_index_free(struct csv_index *index);

/* The same without vector instructions; for machines that lack them, and for tests. */
enum status csv_scan_plain(const char *data, size_t len, char delimiter, bool quotes,
                           struct csv_index *index, struct error *err) BELL_CHECK;

#endif
