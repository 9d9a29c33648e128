/* layout_parts.h - what layout.c and layout_panel.c share. */
#ifndef BELL_PICTURES_LAYOUT_PARTS_H
#define BELL_PICTURES_LAYOUT_PARTS_H

#include "pictures/layout.h"
#include "pictures/text_fit.h"

enum {
    LAYOUT_MARGIN = 24,
    LAYOUT_GAP = 32,   /* between panels side by side */
    LAYOUT_BELOW = 26, /* under a panel */
    LAYOUT_PANEL_MIN = 200,
    LAYOUT_PANEL_GOOD = 260, /* the least that is chosen without being told */
    LAYOUT_TEXT = 12,
    LAYOUT_LINE = 16,
    LAYOUT_SMALL = 11
};

struct frame {
    const struct picture *picture;
    struct canvas *canvas;
    struct arena *arena;
    double panel_width;
    size_t columns;
    double stretch; /* added to each row of bars */
    double y;       /* how far down all is drawn */
    bool failed;    /* out of memory */

    /* Of the section that is being drawn: */
    const struct picture_section *section;
    size_t bars;
    bool strip;         /* somebody's population is known */
    bool lane;          /* under each bar: ranges, tilts */
    bool mean;          /* the axis of the mean is there */
    double label_width; /* of the names of bands */
    double value_width; /* of the numbers behind bars */
    double side_width;  /* of the ranges in numbers, on the right; 0: none */

    /* Of the panels that stand side by side: */
    size_t name_lines;
    size_t fact_lines;
};

/* Measures what the panels of frame->section need. */
void frame_measure(struct frame *frame);
void frame_measure_row(struct frame *frame, const struct picture_panel *panels, size_t count);
double frame_panel_height(const struct frame *frame);
void frame_draw_panel(struct frame *frame, const struct picture_panel *panel, double x, double y);

/* The sign of a range, from x1 to x2. */
void frame_range(struct frame *frame, enum picture_reach reach, double x1, double x2, double y,
                 const char *says);
/* The sign of a scenario. */
void frame_tilt(struct frame *frame, size_t tilt, double x, double y, const char *says);
/* The sign of a single figure of everyone. */
void frame_mark(struct frame *frame, enum picture_mark mark, double x, double y, const char *says);
/* A text that must not be wider; "" where text is NULL, which is an error of memory. */
const char *frame_cut(struct frame *frame, double size, bool bold, const char *text, double width);
double frame_width(double size, bool bold, const char *text);

#endif
