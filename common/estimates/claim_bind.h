/* claim_bind.h - the groups of a table that a claim speaks of, and its measures as figures of their
 * bands.
 *
 *     s = claim_columns(&claim, table_reader_names(reader), err);   // once
 *     s = claim_find(&found, &claim, reader, &arena, err);          // reads to the end
 *     s = claim_figures(&figures, &claim, found.groups, &arena, err);
 *
 * A group's figures may also be bound one by one as they are read (--each), with claim_picks().
 */
#ifndef BELL_ESTIMATES_CLAIM_BIND_H
#define BELL_ESTIMATES_CLAIM_BIND_H

#include "estimates/claim.h"
#include "tables/table_reader.h"

/* Is each COLUMN of these picks one of the table?  STATUS_USAGE with the place and the nearest. */
enum status claim_columns(const struct claim_pick *picks, size_t count,
                          const struct table_names *names, struct error *err) BELL_CHECK;
/* Has the group all these values?  No picks: yes.  An empty value is a missing cell too. */
bool claim_picks(const struct claim_pick *picks, size_t count, const struct table_names *names,
                 const struct table_group *group);
/* "airline United, window 2015-02-16"; "" if the table has no group columns. */
enum status claim_label(const char **label, const struct table_names *names,
                        const struct table_group *group, struct arena *arena,
                        struct error *err) BELL_CHECK;

struct claim_found {
    const struct table_group *groups[2]; /* copies; both the same where both sides name one */
    const char *labels[2];
};

/* Reads all of the table.  STATUS_USAGE: a column, or a group, that is not there (with the nearest
 * name), or several groups where one is meant (they are listed). */
enum status claim_find(struct claim_found *found, const struct claim *claim,
                       struct table_reader *reader, struct arena *arena,
                       struct error *err) BELL_CHECK;

/* What is measured, of one group.  Where bands are ranges a score is known to lie between low and
 * high only; else both are the same array. */
struct claim_figure {
    const struct table_group *group;
    const char *label;
    const double *low; /* of each band */
    const double *high;
    double lowest; /* that any person can have */
    double highest;
    double observed; /* of the answers; weighted where the table is */
};

struct claim_figures {
    struct claim_figure of[2];
    size_t count; /* 1, or 2 where different groups are compared */
    double number;
    double range; /* of the measure */
};

/* Arrays live in the arena; groups live as long as they are used.  STATUS_USAGE, with the place: a
 * band that the table has not, a number that lies outside the scale, scales that differ, two sides
 * that are the same.  A group without bands (or with one) gives figures that are NaN, for the
 * judgement to refuse. */
enum status claim_figures(struct claim_figures *figures, const struct claim *claim,
                          const struct claim_found *found, struct arena *arena,
                          struct error *err) BELL_CHECK;

#endif
