/* csv_reader.h - the reference reader of delimited text: bytes in, records out.
 *
 * libcsv in a wrapper that adds what libcsv lacks: places, limits, and records that are
 * handed on only when they are known to be good.  The grammar, with a table of every malformed
 * input, is doc/csv-grammar.md.  In short: LF or CRLF ends a record; blanks belong to the
 * field; an unquoted CR that no LF follows, a NUL and a quote still open at the end of input
 * are faults; an empty line is skipped and counted, except where records have one column.
 *
 *     struct csv_reader *reader;
 *     s = csv_reader_new(&dialect, take, ctx, &reader, err);
 *     while (more input)
 *         s = csv_reader_feed(reader, data, len, err);   // pieces of any size
 *     s = csv_reader_finish(reader, err);
 *     csv_reader_free(reader);
 *
 * take() is called once a record, good or refused, in order.  The pieces make no difference.
 *
 * A refused record reaches from its first byte through the end of the physical line in which
 * the fault is seen (for a quote open at the end: the end of input), and reading goes on with
 * the next line.  A physical line ends at LF, nowhere else.
 *
 * Memory: one record (at most csv_dialect.max_bytes and one piece) and its fields.
 */
#ifndef BELL_RECORDS_CSV_READER_H
#define BELL_RECORDS_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Longest record, its line end included; so no field can be longer either. */
enum { CSV_RECORD_MAX = 16 * 1024 * 1024 };
/* Longest csv_record.raw: escaped (4 bytes a byte) it still fits the limit of a record stream. */
enum { CSV_RAW_MAX = 2 * 1024 * 1024 };

enum csv_quoting {
    CSV_QUOTING_STRICT,  /* a quote anywhere but round a field or doubled inside is a fault */
    CSV_QUOTING_LENIENT, /* stray quotes are kept as text, as libcsv does without CSV_STRICT */
    CSV_QUOTING_NONE     /* quotes are bytes like any other; every line is a record */
};

struct csv_dialect {
    char delimiter;
    enum csv_quoting quoting;
    size_t max_bytes; /* 0: CSV_RECORD_MAX */
};

/* Do quotes mean anything? */
static inline bool csv_dialect_quotes(const struct csv_dialect *dialect)
{
    return dialect->quoting != CSV_QUOTING_NONE;
}

#define CSV_DIALECT_CSV                                                                            \
    {                                                                                              \
        .delimiter = ',', .quoting = CSV_QUOTING_STRICT                                            \
    }
#define CSV_DIALECT_TSV                                                                            \
    {                                                                                              \
        .delimiter = '\t', .quoting = CSV_QUOTING_NONE                                             \
    }

/* Any byte but the quote, CR, LF and NUL. */
bool csv_delimiter_ok(char delimiter);

struct csv_record {
    const struct slice *fields; /* none is missing; NULL if refused */
    size_t field_count;
    uint64_t line;    /* physical line where it begins, from 1 */
    uint64_t offset;  /* bytes before it */
    uint64_t length;  /* bytes, line end included */
    struct slice raw; /* those bytes, the first CSV_RAW_MAX of them */
    /* Of a refused record: */
    const char *code;    /* NULL: good; else "quote", "cr", "nul", "size" (static text) */
    const char *reason;  /* a sentence, static text */
    uint64_t column;     /* number of the field with the fault, from 1; 0: unknown (size) */
    uint64_t fault_line; /* physical line where the fault is seen */
};

/* Takes one record.  The record and all slices live until it returns.  Any status but
 * STATUS_OK stops the reader and is passed up; the reader can then only be freed.
 * It may call csv_reader_set_one_column(). */
typedef enum status csv_record_fn(void *ctx, const struct csv_record *record, struct error *err);

struct csv_reader;

/* The dialect is copied.  ctx is the caller's. */
enum status csv_reader_new(const struct csv_dialect *dialect, csv_record_fn *take, void *ctx,
                           struct csv_reader **reader, struct error *err) BELL_CHECK;
/* Where the first byte that is fed stands (after a BOM or skipped lines); before any feeding. */
void csv_reader_start_at(struct csv_reader *reader, uint64_t line, uint64_t offset);
/* From now on an empty line is a record of one empty field (true) or skipped (false). */
void csv_reader_set_one_column(struct csv_reader *reader, bool one_column);
/* Does the next byte begin a record?  Then whole records may be passed over, which somebody else
 * has read: so many physical lines and bytes. */
bool csv_reader_between_records(const struct csv_reader *reader);
void csv_reader_pass(struct csv_reader *reader, uint64_t lines, uint64_t bytes);
/* Where the next byte stands. */
uint64_t csv_reader_line(const struct csv_reader *reader);
uint64_t csv_reader_offset(const struct csv_reader *reader);
enum status csv_reader_feed(struct csv_reader *reader, const char *data, size_t len,
                            struct error *err) BELL_CHECK;
/* The input has ended; a last record without a line end is taken like any other. */
enum status csv_reader_finish(struct csv_reader *reader, struct error *err) BELL_CHECK;
/* Empty lines skipped so far. */
uint64_t csv_reader_blank(const struct csv_reader *reader);
void csv_reader_free(struct csv_reader *reader); /* NULL is allowed */

#endif
