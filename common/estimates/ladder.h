/* ladder.h - inside estimate.h: the steps of the ladder, and how they put rows.
 *
 * Each step appends its rows to ladder->csv.  Memory that is out is seen by ladder->ok, which each
 * row leaves alone once it is false; estimate_group() looks at it at the end.
 */
#ifndef BELL_ESTIMATES_LADDER_H
#define BELL_ESTIMATES_LADDER_H

#include "base/number.h"
#include "estimates/estimate.h"
#include "records/csv_writer.h"

struct ladder {
    const struct estimate_plan *plan;
    const struct table_names *names;
    const struct table_group *group;
    struct coverage coverage; /* NaN without a population */
    struct csv_writer csv;
    struct buffer key; /* the group's cells, as they stand in each row */
    struct estimate_refusals *refusals;
    bool ok;
    struct error *err;
};

struct ladder_row {
    const char *assumption;
    const char *quantity;
    const struct table_band *band; /* NULL: none */
    double low, value, high;       /* NaN: blank; an infinite value: none */
    const char *kind;
    const char *note; /* NULL: none */
};

enum { LADDER_TEXT_MAX = 320 };

void ladder_put(struct ladder *ladder, const struct ladder_row *row);
void ladder_value(struct ladder *ladder, const char *assumption, const char *quantity,
                  const struct table_band *band, double value, const char *kind, const char *note);
void ladder_bounds(struct ladder *ladder, const char *assumption, struct question question,
                   struct interval bounds, const char *kind, const char *note);
/* code is the first word of the note. */
void ladder_refuse(struct ladder *ladder, const char *assumption, const char *quantity,
                   const char *code, const char *note);
/* The band of a share, else NULL. */
const struct table_band *ladder_band(const struct ladder *ladder, struct question question);
/* A number for a sentence: at most 4 digits that count. */
const char *ladder_number(char text[DOUBLE_TEXT_MAX], double value);
/* The mean, the net, then the share of each band. */
size_t ladder_questions(const struct ladder *ladder);
struct question ladder_question(size_t number);

/* Steps, in order. */
enum status ladder_answers(struct ladder *ladder) BELL_CHECK;
enum status ladder_free(struct ladder *ladder) BELL_CHECK;
enum status ladder_ratios(struct ladder *ladder) BELL_CHECK;
enum status ladder_tipping(struct ladder *ladder) BELL_CHECK;
enum status ladder_correlations(struct ladder *ladder) BELL_CHECK;
enum status ladder_weights(struct ladder *ladder) BELL_CHECK;
enum status ladder_probe(struct ladder *ladder) BELL_CHECK;
enum status ladder_bell(struct ladder *ladder) BELL_CHECK;

#endif
