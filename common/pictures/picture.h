/* picture.h - what a picture shows, before it is known how it is drawn.
 *
 *     struct picture picture;
 *     picture_init(&picture, &options);
 *     s = picture_from_table(...) or picture_from_estimates(...);   // picture_source.h
 *     s = picture_finish(&picture, err);
 *     ... terminal_draw(), layout_make() ...
 *     picture_free(&picture);
 *
 * A panel is a group: a bar for each band of its scale, what is known of the silent, ranges that
 * hold under an assumption, and scenarios.  Numbers that are not known are NaN.  Panels of one
 * scale stand together in a section, which has one axis for the shares and one for the mean, so
 * that its panels can be compared; two scales never share an axis.
 *
 * All texts are fit to be shown (text_fit.h) and live in picture.arena.
 */
#ifndef BELL_PICTURES_PICTURE_H
#define BELL_PICTURES_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

enum { PICTURE_TILTS = 3, PICTURE_BARS_MAX = 1000 };

/* Ranges of one figure, from the safest to the narrowest. */
enum picture_reach {
    REACH_ANY,   /* whatever the silent think */
    REACH_RATIO, /* nobody is more than `ratio` times as ready to answer as anybody else */
    REACHES
};

/* Single figures of everyone. */
enum picture_mark {
    MARK_CALIBRATED, /* estimated with a check sample */
    MARK_BESIDE,     /* from a table that is set beside this one: the truth, say */
    MARKS
};

struct picture_range {
    double low;
    double high;
};

struct picture_figure {                  /* a share, or the mean */
    double value;                        /* of the answers */
    struct picture_range reach[REACHES]; /* of everyone */
    double tilt[PICTURE_TILTS];          /* of everyone, in the scenarios */
    double mark[MARKS];
    struct picture_range chance; /* of MARK_CALIBRATED */
};

struct picture_bar {
    const char *name;
    double count; /* scored records, or their weights */
    struct picture_figure share;
};

struct picture_panel {
    const char *name;  /* "twitter, retired"; "" if there is nothing to tell apart */
    const char *scale; /* NULL: unknown */
    struct picture_bar *bars;
    size_t bar_count;
    struct picture_figure mean;
    double lowest; /* of the scale */
    double highest;
    double scored;
    double missing;
    double off_scale;
    double people;
    double population;
    double participation; /* people, else scored, over population */
    double effective;     /* answers that the weights are worth (Kish); weighted only */
    bool weighted;        /* bars and mean are */
    bool withheld;        /* for privacy: nothing is shown */
    const char *remark;   /* of this group alone, NULL: none */
};

struct picture_section {
    const char *scale; /* NULL: unknown */
    size_t first;      /* of picture.panels */
    size_t count;
    double share_most; /* end of the axis of shares, which begins at 0 */
    double lowest;     /* of the axis of the mean; NaN: there is none */
    double highest;
};

struct picture_options { /* the caller's, alive as long as the picture */
    const char *title;   /* NULL: one is made */
    double ratio;        /* of REACH_RATIO; NaN: no ranges at all */
    bool tilts;          /* show scenarios */
    size_t most;         /* panels */
};

struct picture {
    struct picture_options options;
    const char *title;
    const char *by; /* "by platform"; "" without groups */
    struct picture_panel *panels;
    size_t panel_count;
    size_t panel_cap;
    size_t left_out; /* panels beyond options.most */
    struct picture_section *sections;
    size_t section_count;
    bool shows[REACHES];
    bool shows_tilts;
    bool shows_people;
    bool shows_marks[MARKS];
    bool noise; /* where few were scored, the ranges hold sampling noise */
    const char *mark_name[MARKS];
    const char *tilts_assume; /* what all tilts have in common; NULL: nothing is said */
    const char *tilt_name[PICTURE_TILTS];
    struct arena arena;
};

void picture_init(struct picture *picture, const struct picture_options *options);
void picture_free(struct picture *picture);

/* A new panel, all its numbers NaN, with room for bar_count bars; valid until the next one.  NULL
 * with STATUS_OK: options.most are there, and it is counted in left_out. */
enum status picture_add(struct picture *picture, size_t bar_count, struct picture_panel **panel,
                        struct error *err) BELL_CHECK;
/* The name of a panel from the cells of its group: "twitter, 2024-01-01". */
enum status picture_name(struct picture *picture, const struct slice *cells, size_t count,
                         const char **name, struct error *err) BELL_CHECK;
/* The words "by platform, week" from the names of the group columns. */
enum status picture_set_by(struct picture *picture, const struct slice *names, size_t count,
                           struct error *err) BELL_CHECK;

/* Sections, axes, title, and which ranges there are. */
enum status picture_finish(struct picture *picture, struct error *err) BELL_CHECK;

/* All numbers NaN. */
void picture_figure_clear(struct picture_figure *figure);
/* A panel of which nothing is known. */
struct picture_panel picture_panel_empty(void);
bool picture_range_known(const struct picture_range *range);
/* Is anything said of everyone? */
bool picture_has_lane(const struct picture *picture);

#endif
