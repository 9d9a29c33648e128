/* canvas.h - a drawing as a list of shapes and texts, for whoever writes it down: svg.h, gnuplot.h.
 *
 *     struct canvas canvas;
 *     canvas_init(&canvas);
 *     canvas_rect(&canvas, ...);
 *     if (canvas.failed)
 *         s = error_no_memory(err);
 *     canvas_free(&canvas);
 *
 * Units are pixels, y grows downwards, the first item lies undermost.  Texts are borrowed and must
 * live as long as the canvas.  The paints differ in lightness, so that they do without colour, and
 * their hues are told apart by people who do not see red and green apart.
 */
#ifndef BELL_PICTURES_CANVAS_H
#define BELL_PICTURES_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

enum paint {
    PAINT_NONE,
    PAINT_PAPER,
    PAINT_INK,
    PAINT_SOFT,    /* second texts, axes */
    PAINT_GRID,    /* lines behind bars */
    PAINT_SILENT,  /* hatching */
    PAINT_ANSWERS, /* bars */
    PAINT_RANGE,   /* ranges under a ratio of readiness */
    PAINTS
};

/* "#0072b2"; "none". */
const char *paint_colour(enum paint paint);

enum canvas_kind {
    CANVAS_RECT,
    CANVAS_LINE, /* from x, y to x + width, y + height */
    CANVAS_TEXT, /* x, y: where its baseline begins, is halfway, or ends */
    CANVAS_MARK, /* x, y: its middle; width: its size */
    CANVAS_GROUP,
    CANVAS_GROUP_END
};

enum canvas_shape { SHAPE_DIAMOND, SHAPE_LEFT, SHAPE_CIRCLE, SHAPE_RIGHT, SHAPE_UP, SHAPE_SQUARE };
enum canvas_anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct canvas_item {
    enum canvas_kind kind;
    double x;
    double y;
    double width;
    double height;
    enum paint fill;
    enum paint stroke;
    bool hatched;     /* RECT: PAINT_SILENT lines over the fill */
    double thickness; /* LINE; else the stroke is 1 */
    enum canvas_shape shape;
    enum canvas_anchor anchor;
    double size; /* TEXT */
    bool bold;
    const char *text; /* TEXT; else what it says to whoever points at it, NULL: nothing */
};

struct canvas {
    struct canvas_item *items;
    size_t count;
    size_t cap;
    double width; /* of the whole */
    double height;
    const char *title;
    const char *description; /* for those who cannot see it */
    bool failed;             /* out of memory */
};

void canvas_init(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);
void canvas_free(struct canvas *canvas);

void canvas_rect(struct canvas *canvas, double x, double y, double width, double height,
                 enum paint fill, enum paint stroke, const char *says);
void canvas_hatch(struct canvas *canvas, double x, double y, double width, double height,
                  const char *says);
void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
                 enum paint stroke, double thickness, const char *says);
void canvas_mark(struct canvas *canvas, enum canvas_shape shape, double x, double y, double size,
                 enum paint fill, const char *says);
void canvas_text(struct canvas *canvas, double x, double y, enum canvas_anchor anchor, double size,
                 bool bold, enum paint paint, const char *text);
/* What belongs together and has a name. */
void canvas_group(struct canvas *canvas, const char *name);
void canvas_group_end(struct canvas *canvas);

/* The corners of a mark, at most 4 (x, y); 0: a circle. */
size_t canvas_corners(const struct canvas_item *mark, double corners[8]);

#endif
