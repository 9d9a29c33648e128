/* partial.h - the state of groups as a record stream, and back (--partial, --merge).
 *
 * A partial has the fields: group columns, `scale` if there are several scales, `window` with
 * `every`, then `field`, `value`, `count`.  A row says how often `value` was seen:
 *
 *     field          value               count
 *     score          a score             records
 *     unscored       missing, off_scale  records
 *     records        (missing)           records, where the stream has no score
 *     people         a person            records
 *     measure:NAME   a value, (missing)  records
 *
 * With a weight there are the fields `w`, `w2` and `weightless` behind them, for rows `score`: the
 * sum of the weights of these records in millionths, the sum of the squares of that, and how many
 * of the records have the weight 0; all are whole numbers, of up to 39 digits.
 *
 * Rows are sorted by bytes of their cells from the left, missing first.  A header line says
 * what was counted; it is the same for all partials that can be merged:
 *
 *     #partial  by=account,platform  every=week  zone=UTC  people=author  measures=likes
 *               scales=nps,stars5  score=yes
 *
 * (one line, tabs between; with a weight `weight=FIELD` behind measures).  In lists a comma or
 * backslash of a name has a backslash before it. A group column that came from a set has the type
 * set here as well.  Partials hold persons and small counts: they are confidential.
 */
#ifndef BELL_TABLES_PARTIAL_H
#define BELL_TABLES_PARTIAL_H

#include "base/buffer.h"
#include "tables/groups.h"
#include "records/header.h"

struct partial_plan {
    const char *const *by;
    const bool *by_set;
    size_t by_count;
    bool scale_column; /* several scales, and `scale` is no group column anyway */
    const char *every; /* NULL: no windows */
    const char *zone;
    const char *people; /* NULL: none */
    const char *const *measures;
    size_t measure_count;
    const char *weight; /* NULL: none */
    const char *const *scales;
    size_t scale_count;
    bool scored;
};

/* The text of the partial line. false: out of memory. */
bool partial_line(const struct partial_plan *plan, struct buffer *out) BELL_CHECK;
/* The header of a partial: its fields, the other lines of from, and the partial line. */
enum status partial_header(const struct partial_plan *plan, const struct header *from,
                           struct header *to, struct error *err) BELL_CHECK;
/* Reads it back; everything in *plan lives in the arena.  STATUS_DATA if header is no partial. */
enum status partial_read_header(const struct header *header, struct arena *arena,
                                struct partial_plan *plan, struct error *err) BELL_CHECK;

/* Hands out each row in order; cells (partial_width() of them) live during the call. */
typedef enum status partial_sink(void *to, const struct slice *cells, struct error *err);
size_t partial_width(const struct partial_plan *plan);
enum status partial_write(const struct partial_plan *plan, struct groups *groups,
                          partial_sink *sink, void *to, struct error *err) BELL_CHECK;
/* Adds one row's cells; key is room for by_count + 2 of them.  *fault is set (static text), and
 * nothing added, if they are not as above.  totals may be NULL. */
enum status partial_take(const struct partial_plan *plan, const struct slice *cells,
                         struct slice *key, struct groups *groups, struct groups *totals,
                         const char **fault, struct error *err) BELL_CHECK;

#endif
