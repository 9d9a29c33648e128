/* svg.h - a canvas as SVG: one file that needs no other, for a browser, a page or a printer.
 *
 * Each panel is a group with a name, and what stands for a number says it in its <title>, for
 * readers' software and whoever points at it.
 */
#ifndef BELL_PICTURES_SVG_H
#define BELL_PICTURES_SVG_H

#include "base/buffer.h"
#include "base/error.h"
#include "pictures/canvas.h"

enum status svg_write(const struct canvas *canvas, struct buffer *out,
                      struct error *err) BELL_CHECK;

#endif
