/* text_fit.h - texts of the data made fit to be shown, measured, cut and broken into lines.
 *
 *     char *name = text_clean(arena, cell, TEXT_NAME_MAX);
 *     struct text_face face = {.size = 12};                    // pixels; or TEXT_TERMINAL
 *     if (text_width(&face, slice_of(name)) > room)
 *         name = text_cut(arena, &face, name, room);           // "a long na…"
 *
 * A renderer is not known by the letter that a reader's system will take, so widths in pixels are
 * those of a wide sans-serif face: what fits by them fits.  In a terminal a character takes 0
 * (combining), 1 or 2 (East Asian wide) columns.
 */
#ifndef BELL_PICTURES_TEXT_FIT_H
#define BELL_PICTURES_TEXT_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

enum { TEXT_NAME_MAX = 400 /* characters */ };

struct text_face {
    double size; /* of the letters in pixels; 0: columns of a terminal */
    bool bold;
    bool ascii; /* the ellipsis is "..." */
};

#define TEXT_TERMINAL                                                                              \
    {                                                                                              \
        .size = 0                                                                                  \
    }

/* A copy that no terminal, XML or script is moved by: one line of valid UTF-8 without control and
 * format characters (blanks stand for breaks and tabs, U+FFFD for what is no text), of at most
 * `most` characters and 4 combining marks on each.  NULL: out of memory. */
char *text_clean(struct arena *arena, struct slice text, size_t most);

double text_width(const struct text_face *face, struct slice text);

/* The text, or a copy that ends in an ellipsis and is at most that wide ("" if nothing fits).
 * NULL: out of memory. */
const char *text_cut(struct arena *arena, const struct text_face *face, const char *text,
                     double width);

/* Breaks at blanks, and inside words that are wider than a line; at most `most` lines, the last
 * one cut.  *lines is NULL if memory is out. */
size_t text_wrap(struct arena *arena, const struct text_face *face, const char *text, double width,
                 size_t most, const char ***lines);

#endif
