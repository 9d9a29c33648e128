/* layout.h - where everything of a picture stands: panels in a grid, each with its facts, the strip
 * of those who answered among the silent, bars, ranges, the mean; below them what it all means.
 *
 *     struct layout_options options = {.width = 900};
 *     s = layout_draw(&picture, &options, &arena, &canvas, err);
 *
 * Texts are cut or broken so that none leaves its room; those that the canvas shows live in arena.
 * Shares have one axis in a section, from 0; the mean one of its own.  In each row the bar is what
 * came in, and the lane under it what may be true of everyone.
 */
#ifndef BELL_PICTURES_LAYOUT_H
#define BELL_PICTURES_LAYOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "pictures/canvas.h"
#include "pictures/picture.h"

enum { LAYOUT_WIDTH = 900, LAYOUT_WIDTH_MIN = 320, LAYOUT_MOST = 20000 /* pixels either way */ };

struct layout_options {
    double width;   /* 0: LAYOUT_WIDTH */
    double height;  /* 0: as it needs; more makes the rows higher */
    size_t columns; /* panels side by side; 0: as they fit */
};

/* STATUS_USAGE: too many columns for the width, or more is to be shown than fits the height. */
enum status layout_draw(const struct picture *picture, const struct layout_options *options,
                        struct arena *arena, struct canvas *canvas, struct error *err) BELL_CHECK;

#endif
