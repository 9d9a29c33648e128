/* gnuplot.h - a canvas as a PNG, drawn by gnuplot.
 *
 * gnuplot gets the canvas as a script of objects in pixels, no plot of its own.  Texts of the data
 * stand in it as letters, digits and numbers of bytes, so that none can be a command or markup.
 */
#ifndef BELL_PICTURES_GNUPLOT_H
#define BELL_PICTURES_GNUPLOT_H

#include "base/buffer.h"
#include "base/error.h"
#include "pictures/canvas.h"

/* The script, for gnuplot 5 on its standard input. */
enum status gnuplot_script(const struct canvas *canvas, struct buffer *out,
                           struct error *err) BELL_CHECK;
/* Runs gnuplot on it.  STATUS_IO: gnuplot is not installed, or fails. */
enum status gnuplot_draw(const struct canvas *canvas, struct buffer *png,
                         struct error *err) BELL_CHECK;

#endif
