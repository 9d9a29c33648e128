/* bands.h - the bands of a scale, and into which of them a score falls.
 *
 * By default a band is a point of the scale where it has at most BANDS_POINTS_MAX of them, else
 * a fifth of its range; on the scale called nps the bands are detractors, passives and
 * promoters (0-6, 7-8, 9-10).  A score that lies on an edge between two bands goes to the one
 * nearer the middle by number; the edge in the very middle (an even number of bands) belongs to
 * the band above it, as in [low, high).
 */
#ifndef BELL_TABLES_BANDS_H
#define BELL_TABLES_BANDS_H

#include "base/arena.h"
#include "tables/exact_table.h"
#include "study/node.h"
#include "study/scale.h"

enum { BANDS_POINTS_MAX = 21, BANDS_DEFAULT = 5, BANDS_MAX = 1000 };

enum bands_kind { BANDS_AUTO, BANDS_POINTS, BANDS_EQUAL, BANDS_EDGES };

/* What the study says under `bands`; lives in the arena it was read into. */
struct bands_spec {
    enum bands_kind kind;
    size_t count;             /* BANDS_EQUAL, BANDS_EDGES */
    const int64_t *edges;     /* BANDS_EDGES: count - 1, ascending, millionths */
    const char *const *names; /* BANDS_EDGES: count, or NULL */
};

struct band {
    const char *name;
    double low; /* its ends on the scale, NaN if unknown; equal for a point */
    double high;
};

struct bands {
    enum bands_kind kind; /* never BANDS_AUTO */
    size_t count;
    const struct band *bands;
    const int64_t *points; /* BANDS_POINTS */
    const int64_t *edges;  /* BANDS_EDGES */
    int64_t min;           /* BANDS_EQUAL */
    int64_t max;
    bool nps;
};

/* node NULL: BANDS_AUTO.  Faults are STATUS_USAGE at their place. */
enum status bands_read(const struct node *node, struct arena *arena, struct bands_spec *spec,
                       struct error *err) BELL_CHECK;
/* The bands of a scale.  scale NULL (a stream whose header names none): only BANDS_EDGES give
 * bands; else *bands is NULL. */
enum status bands_make(const struct bands_spec *spec, const struct scale *scale,
                       struct arena *arena, const struct bands **bands,
                       struct error *err) BELL_CHECK;
/* The number of the band, from 0; bands->count if the value lies on none (not a point). */
size_t bands_find(const struct bands *bands, int64_t millionths);

#endif
