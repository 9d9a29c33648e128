/* csv_scan.h - where fields and records end in a piece of CSV, found with vector instructions.
 *
 *     struct csv_index index = CSV_INDEX_INIT;
 *     struct csv_text text = {data, 0, len, ',', true, CSV_PLACE_START};
 *     s = csv_scan_text(&text, &index, err);           // data begins where a record begins
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
 *
 * A text in pieces can be scanned by several threads at once: in regular text the number of quotes
 * before a place tells whether it is inside quotes.
 *
 *     struct csv_place place = CSV_PLACE_START;
 *     for (each piece) {
 *         text = (struct csv_text){data, from, len, ',', true, .start = place};
 *         csv_place_pass(&place, &text);                           // in order, and fast
 *         s = csv_scan_text(&text, &index, err);                   // in any order
 *     }
 *
 * If all pieces are regular, and each begins where the one before has ended (index.inside), their
 * positions together are those of the whole.
 */
#ifndef BELL_RECORDS_CSV_SCAN_H
#define BELL_RECORDS_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Positions that may be put in front of those that a scan has found. */
enum { CSV_INDEX_FRONT = 64 };

struct csv_index {
    uint32_t *positions; /* of delimiters and of the LF of record ends, ascending */
    size_t front;        /* own memory has so many entries in front of them */
    size_t count;        /* of those below end */
    size_t behind;       /* further ones, of a record that is not whole, if regular */
    size_t cap;          /* of the memory */
    size_t records;
    size_t end;        /* offset behind the last record end, its LF included; 0: there is none */
    size_t lines;      /* LFs up to end, inside quotes too */
    uint32_t *doubled; /* of the second of each pair of doubled quotes, ascending; own memory */
    size_t doubled_count;
    size_t doubled_behind; /* as behind */
    size_t doubled_cap;
    bool quoted;  /* a quote stands in the text, and quotes count */
    bool inside;  /* the text ends inside quotes, if regular */
    bool regular; /* nothing odd was met */
};

#define CSV_INDEX_INIT                                                                             \
    {                                                                                              \
        .positions = NULL                                                                          \
    }

/* A place in regular text. */
struct csv_place {
    bool inside; /* a quoted field */
    char before; /* the byte in front of it; LF: a record begins */
};

#define CSV_PLACE_START                                                                            \
    {                                                                                              \
        .before = '\n'                                                                             \
    }

/* What is scanned: data[from .. len).  Offsets are those of data. */
struct csv_text {
    const char *data;
    size_t from;
    size_t len;
    char delimiter;
    bool quotes; /* false: a quote is a byte like any other */
    struct csv_place start;
};

/* CSV_SCAN_MAX bounds a piece, so that positions fit. */
#define CSV_SCAN_MAX ((size_t)1 << 31)

/* Fills the index.  STATUS_IO only if memory is out. */
enum status csv_scan_text(const struct csv_text *text, struct csv_index *index,
                          struct error *err) BELL_CHECK;
void csv_index_free(struct csv_index *index);

/* Moves the place from the front of the text behind its end; text->start does not matter. */
void csv_place_pass(struct csv_place *place, const struct csv_text *text);

/* The same without vector instructions; for machines that lack them, and for tests. */
enum status csv_scan_text_plain(const struct csv_text *text, struct csv_index *index,
                                struct error *err) BELL_CHECK;

#endif
