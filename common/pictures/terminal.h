/* terminal.h - a picture as lines of text for a terminal, a mail or a log.
 *
 *     struct terminal_options options = {.width = terminal_width(0)};
 *     s = terminal_draw(&picture, &options, &out, err);
 *
 * Bars are blocks of eighths, or "#" in ASCII, where letters beyond ASCII are written without their
 * marks or as "?".  Colour only helps: nothing is told by it alone.  No line is wider than the
 * width, East Asian letters counted as two.
 */
#ifndef BELL_PICTURES_TERMINAL_H
#define BELL_PICTURES_TERMINAL_H

#include "base/buffer.h"
#include "base/error.h"
#include "pictures/picture.h"

enum { TERMINAL_WIDTH = 80, TERMINAL_WIDTH_MIN = 40, TERMINAL_WIDTH_MOST = 1000 };

struct terminal_options {
    size_t width;
    size_t columns; /* panels side by side; 0: one */
    bool ascii;
    bool colour;
};

/* Columns of the terminal behind fd: $COLUMNS, what the terminal says, TERMINAL_WIDTH; within the
 * limits above. */
size_t terminal_width(int fd);
/* May fd be written to in colour (a terminal, and neither NO_COLOR nor TERM=dumb)? */
bool terminal_has_colour(int fd);

/* STATUS_USAGE: more panels side by side than fit. */
enum status terminal_draw(const struct picture *picture, const struct terminal_options *options,
                          struct buffer *out, struct error *err) BELL_CHECK;

#endif
