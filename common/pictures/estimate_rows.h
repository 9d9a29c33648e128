/* estimate_rows.h - what the rows of bell-estimate say, gathered for one group after the other; the
 * two halves of picture_from_estimates().
 */
#ifndef BELL_PICTURES_ESTIMATE_ROWS_H
#define BELL_PICTURES_ESTIMATE_ROWS_H

#include "base/buffer.h"
#include "base/intern.h"
#include "pictures/picture_parts.h"
#include "tables/table_scales.h"

enum { ESTIMATE_COLUMNS = 8, ESTIMATE_TILTS = 32 };

/* A band of the group that is being read. */
struct gathered {
    struct slice name;
    struct picture_figure share;
    double tilt[ESTIMATE_TILTS];
};

struct estimates {
    struct picture *picture;
    const struct picture_source *source;
    struct table_rows *rows;
    const struct slice *header;
    size_t keys;         /* group columns, before `assumption` */
    size_t scale;        /* which of them is the scale; keys: none */
    struct intern seen;  /* groups, so that none comes twice */
    struct buffer key;   /* of the group that is being read, as intern has it */
    bool begun;          /* there is such a group */
    struct slice *cells; /* its key */
    struct picture_panel facts;
    struct gathered *bands;
    size_t band_count;
    size_t band_cap;
    double mean_tilt[ESTIMATE_TILTS];
    struct intern tilts;  /* their assumptions */
    struct intern ratios; /* of bounds that are not shown */
    bool ratio_found;
    bool scenario_refused;
    struct slice calibration; /* the assumption of the one that is shown */
    double **tilt_rows;       /* by panel: those of its bars, then of its mean */
    size_t tilt_row_count;
    struct table_scales scales;
    /* Of this group: */
    struct arena texts;
    const char *no_estimate; /* why; NULL: there are some */
    const char *no_scenario; /* why a scenario was refused; NULL: none was */
    bool scenario_there;
};

/* Adds a row to the group that is being read.  STATUS_DATA at its line: what should be a number is
 * none, too many bands. */
enum status estimate_row_take(struct estimates *estimates, const struct table_row_cells *row,
                              struct error *err) BELL_CHECK;

#endif
