/* batch.h - some thousand records, column by column.
 *
 * Each cell is a slice; a missing value is a slice with data == NULL.  Cells point into the
 * batch's arena or raw bytes and live until batch_reset().  A batch belongs to one worker
 * at a time; nothing in it is shared.
 *
 * A column's values are there in one to three ways, of which only the first needs work for each
 * record:
 *
 *     laid out    cells[record] is the value
 *     coded       dictionary->values[codes[record]] is (dictionary.h, coder.h); cells may be
 *                 laid out besides
 *     in rows     the value stands in the source's rows (source_rows.h); it may be laid out or
 *                 coded besides, but is not changed
 *
 * Whoever reads a column calls batch_text() first, which lays it out once; who changes cells,
 * batch_change(), after which they are the only way.  Columns that nobody changes are written as
 * they came.
 *
 * A stage that will not pass a record on marks it: batch_drop() (a filter's choice, counted
 * as dropped) or batch_refuse() (bad data, counted as rejected).  Marked records stay where
 * they are until batch_compact(), which the pipeline calls after each stage.
 */
#ifndef BELL_RECORDS_BATCH_H
#define BELL_RECORDS_BATCH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "records/dictionary.h"
#include "records/source_rows.h"

/* Longest raw text of a refusal: escaped (4 bytes a byte) it still fits a record stream. */
enum { BATCH_RAW_MAX = 2 * 1024 * 1024 };

enum fate { FATE_LIVE = 0, FATE_DROPPED, FATE_REFUSED };

/* Where a record stands in its source; file indexes the run's list of source names. */
struct origin {
    uint64_t line;   /* physical line where it begins, from 1 */
    uint64_t offset; /* decompressed bytes before it */
    uint64_t length; /* bytes, its line end included */
    uint32_t file;
};

struct batch_column {
    struct slice *cells; /* one a record, in the arena; NULL: not laid out */
    uint16_t *codes;     /* one a record, in the arena, of this column alone; NULL: not coded */
    const struct dictionary *dictionary; /* of codes; a worker's, see there */
    bool in_rows;                        /* it is as column row_column of the batch's rows */
    bool unread;                         /* nobody asks for it: it has no values at all */
    uint32_t row_column;
    /* What is done to each value that is read from the rows; NULL: nothing. */
    struct slice (*finish)(const void *context, struct slice value);
    const void *finish_context;
    /* It leaves a value alone that neither begins nor ends in a byte up to the blank, and whose
     * length has no bit here (batch_length_bit()). */
    uint64_t finish_lengths;
};

static inline uint64_t batch_length_bit(size_t len)
{
    return UINT64_C(1) << (len < 63 ? len : 63);
}

/* A value read from the rows, finished. */
static inline struct slice batch_finished(const struct batch_column *column, struct slice value)
{
    if (column->finish == NULL)
        return value;
    if (value.len > 0 && (unsigned char)value.data[0] > ' ' &&
        (unsigned char)value.data[value.len - 1] > ' ' &&
        (column->finish_lengths & batch_length_bit(value.len)) == 0)
        return value;
    return column->finish(column->finish_context, value);
}

struct refusal {
    size_t record;        /* the record meant, or the one before which a refused row stood */
    bool from_source;     /* the row never became a record (refused by the CSV reader) */
    bool fatal;           /* ends the run even with --rejects */
    uint64_t weight;      /* records that it counts for (items); else 1 */
    struct origin origin; /* line 0: unknown */
    uint64_t column;      /* number of the field in the source, from 1; 0: unknown */
    const char *code;     /* static: "ragged", "quote", "type", "scale", ... */
    const char *field;    /* name or NULL; in the arena */
    const char *reason;   /* sentence without the field's name; data in it escaped; in the arena */
    struct slice raw;     /* the source's bytes if the source gave them; else missing */
};

struct batch {
    struct arena arena;
    struct buffer bytes;     /* raw input of this batch; slices may point into it */
    struct source_rows rows; /* in bytes */
    uint32_t *row_of;        /* by record: its row; in the arena; NULL: record i is row i */
    size_t record_count;
    size_t column_count;
    struct batch_column *columns; /* in the arena */
    struct origin *origins;       /* one a record, in the arena; NULL: rows know, or nobody */
    struct slice *raws;           /* the source's bytes of each record; NULL if not kept */
    bool rows_are_raw;            /* ... as rows are the same */
    uint8_t *fates;               /* enum fate, one a record, in the arena */
    size_t marked;                /* records not live */
    struct refusal *refusals;     /* own allocation */
    size_t refusal_count;
    size_t refusal_cap;
    uint64_t sequence; /* number of the batch in the run, from 0 */
    uint64_t first;    /* number of its first record in the source, from 1 */
    uint32_t file;     /* number of the input that its bytes came from */
    void *extra;       /* a stage's own data between process() and order(), in the arena */
};

void batch_init(struct batch *batch);
void batch_free(struct batch *batch);
/* Empties it for the next filling; every slice into it is dead. */
void batch_reset(struct batch *batch);

/* Lays out columns x records in the arena, all cells missing, all fates live.  origins only
 * if with_origins.  What the batch held before stays readable (it is in the same arena), so a
 * stage may build its output beside its input.  Whoever makes several records of a row fills
 * row_of anew. */
enum status batch_shape(struct batch *batch, size_t columns, size_t records, bool with_origins,
                        struct error *err) BELL_CHECK;
/* As many records as there are rows, all columns in rows, all fates live. */
enum status batch_shape_rows(struct batch *batch, struct error *err) BELL_CHECK;
/* Other columns for the same records; each unread until the caller fills it.  The former columns
 * in *before, as many as there were; they stay readable. */
enum status batch_replace_columns(struct batch *batch, size_t columns, struct batch_column **before,
                                  struct error *err) BELL_CHECK;
/* Adds a column of missing cells at the end; its index in *index. */
enum status batch_add_column(struct batch *batch, size_t *index, struct error *err) BELL_CHECK;
/* Adds a coded column at the end; the caller fills column.codes. */
enum status batch_add_coded(struct batch *batch, const struct dictionary *dictionary, size_t *index,
                            struct error *err) BELL_CHECK;

/* The cells of a column, laid out, for reading.  NULL and err if memory is out, or the column is
 * one that nobody asked for. */
struct slice *batch_text(struct batch *batch, size_t column, struct error *err) BELL_CHECK;
/* The same for changing cells: the column is coded, or in rows, no more. */
struct slice *batch_change(struct batch *batch, size_t column, struct error *err) BELL_CHECK;
/* As batch_text() for a column that is not (or no more) the batch's own. */
struct slice *batch_column_text(struct batch *batch, struct batch_column *column,
                                struct error *err) BELL_CHECK;

/* Where a record stands in its source; false if nobody knows. */
bool batch_origin(struct batch *batch, size_t record, struct origin *origin);
/* The source's bytes of a record; missing if they are not kept. */
struct slice batch_raw(const struct batch *batch, size_t record);

/* A copy of s in the arena; missing stays missing. false: out of memory. */
bool batch_store(struct batch *batch, struct slice s, struct slice *copy) BELL_CHECK;

void batch_drop(struct batch *batch, size_t record);
/* Marks a record as refused.  code is static text; field may be NULL; the reason is formatted
 * into the arena.  A record that is already marked keeps its first mark. */
enum status batch_refuse(struct batch *batch, size_t record, const char *code, const char *field,
                         struct error *err, const char *reason, ...) BELL_PRINTF(6, 7) BELL_CHECK;
/* Adds a refusal as it stands (of a row that never became a record, say); marks nothing. */
enum status batch_add_refusal(struct batch *batch, const struct refusal *refusal,
                              struct error *err) BELL_CHECK;
/* Takes records that are not live out of every column, and empties the list of refusals. */
enum status batch_compact(struct batch *batch, struct error *err) BELL_CHECK;

#endif
