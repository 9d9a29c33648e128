/* line_scan.h - where cells and records end in the text of a record stream, found in one pass.
 *
 *     struct line_scan scan;
 *     line_scan_begin(&scan, &rows, columns);          // data begins where a record begins
 *     s = line_scan(&scan, &rows, data, len, err);     // again whenever more bytes stand behind
 *     if (scan.regular)
 *         // rows->borders has the borders of scan.lines records of `columns` cells each, which
 *         // end at scan.end, and rows->escapes their backslashes
 *
 * The scan decides nothing that is doubtful: where a NUL, a CR or a line with another number of
 * cells is met, the text is not regular, and whoever reads it finds out with plain code what is
 * wrong with it and says so (it may be behind scan.end).  Lines are counted all the same.
 *
 * A '#' at the beginning of a line is no record's: the scan ends before it.
 */
#ifndef BELL_RECORDS_LINE_SCAN_H
#define BELL_RECORDS_LINE_SCAN_H

#include "base/error.h"
#include "records/source_rows.h"

struct line_scan {
    size_t columns;
    size_t at;      /* bytes looked at */
    size_t lines;   /* LFs among them */
    size_t end;     /* behind the last of these; 0: none */
    size_t borders; /* tabs and LFs, while the text is regular */
    size_t twin;    /* the byte that the last backslash escapes, if that is one too */
    bool marked;    /* a '#' at the beginning of a line stands at `at` */
    bool regular;
};

/* Positions are 32 bits. */
#define LINE_SCAN_MAX ((size_t)1 << 31)

/* Forgets what rows held; rows->columns and the lists are the scan's until it is over. */
void line_scan_begin(struct line_scan *scan, struct source_rows *rows, size_t columns);
/* Looks at data[scan->at .. len); at most LINE_SCAN_MAX.  STATUS_IO only if memory is out. */
enum status line_scan(struct line_scan *scan, struct source_rows *rows, const char *data,
                      size_t len, struct error *err) BELL_CHECK;

/* The same without vector instructions; for machines that lack them, and for tests. */
enum status line_scan_plain(struct line_scan *scan, struct source_rows *rows, const char *data,
                            size_t len, struct error *err) BELL_CHECK;

#endif
