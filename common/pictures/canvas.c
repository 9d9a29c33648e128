#include "pictures/canvas.h"

#include <stdlib.h>
#include <string.h>

const char *paint_colour(enum paint paint)
{
    /* Blue and orange are those of Okabe and Ito (2008). */
    static const char *const colours[PAINTS] = {
        [PAINT_NONE] = "none",       [PAINT_PAPER] = "#ffffff", [PAINT_INK] = "#111111",
        [PAINT_SOFT] = "#4d4d4d",    [PAINT_GRID] = "#dddddd",  [PAINT_SILENT] = "#8c8c8c",
        [PAINT_ANSWERS] = "#0072b2", [PAINT_RANGE] = "#e69f00",
    };
    return colours[paint];
}

void canvas_init(struct canvas *canvas)
{
    *canvas = (struct canvas){.items = NULL};
}

void canvas_clear(struct canvas *canvas)
{
    canvas->count = 0;
}

void canvas_free(struct canvas *canvas)
{
    free(canvas->items);
    canvas_init(canvas);
}

static void add(struct canvas *canvas, struct canvas_item item)
{
    if (canvas->count == canvas->cap) {
        size_t cap = canvas->cap == 0 ? 256 : canvas->cap * 2;
        struct canvas_item *more = realloc(canvas->items, cap * sizeof *more);
        if (more == NULL) {
            canvas->failed = true;
            return;
        }
        canvas->items = more;
        canvas->cap = cap;
    }
    canvas->items[canvas->count++] = item;
}

void canvas_rect(struct canvas *canvas, double x, double y, double width, double height,
                 enum paint fill, enum paint stroke, const char *says)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_RECT,
                                     .x = x,
                                     .y = y,
                                     .width = width,
                                     .height = height,
                                     .fill = fill,
                                     .stroke = stroke,
                                     .text = says});
}

void canvas_hatch(struct canvas *canvas, double x, double y, double width, double height,
                  const char *says)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_RECT,
                                     .x = x,
                                     .y = y,
                                     .width = width,
                                     .height = height,
                                     .fill = PAINT_PAPER,
                                     .stroke = PAINT_SOFT,
                                     .hatched = true,
                                     .text = says});
}

void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
                 enum paint stroke, double thickness, const char *says)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_LINE,
                                     .x = x1,
                                     .y = y1,
                                     .width = x2 - x1,
                                     .height = y2 - y1,
                                     .stroke = stroke,
                                     .thickness = thickness,
                                     .text = says});
}

void canvas_mark(struct canvas *canvas, enum canvas_shape shape, double x, double y, double size,
                 enum paint fill, const char *says)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_MARK,
                                     .x = x,
                                     .y = y,
                                     .width = size,
                                     .fill = fill,
                                     .stroke = PAINT_INK,
                                     .shape = shape,
                                     .text = says});
}

void canvas_text(struct canvas *canvas, double x, double y, enum canvas_anchor anchor, double size,
                 bool bold, enum paint paint, const char *text)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_TEXT,
                                     .x = x,
                                     .y = y,
                                     .anchor = anchor,
                                     .size = size,
                                     .bold = bold,
                                     .fill = paint,
                                     .text = text});
}

void canvas_group(struct canvas *canvas, const char *name)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_GROUP, .text = name});
}

void canvas_group_end(struct canvas *canvas)
{
    add(canvas, (struct canvas_item){.kind = CANVAS_GROUP_END});
}

size_t canvas_corners(const struct canvas_item *mark, double corners[8])
{
    double r = mark->width / 2;
    double x = mark->x;
    double y = mark->y;
    switch (mark->shape) {
    case SHAPE_DIAMOND:
        memcpy(corners, (double[8]){x, y - r, x + r, y, x, y + r, x - r, y}, 8 * sizeof(double));
        return 4;
    case SHAPE_LEFT:
        memcpy(corners, (double[6]){x - r, y, x + r, y - r, x + r, y + r}, 6 * sizeof(double));
        return 3;
    case SHAPE_RIGHT:
        memcpy(corners, (double[6]){x + r, y, x - r, y - r, x - r, y + r}, 6 * sizeof(double));
        return 3;
    case SHAPE_UP:
        memcpy(corners, (double[6]){x, y - r, x + r, y + r, x - r, y + r}, 6 * sizeof(double));
        return 3;
    case SHAPE_SQUARE:
        memcpy(corners, (double[8]){x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r},
               8 * sizeof(double));
        return 4;
    case SHAPE_CIRCLE:
        break;
    }
    return 0;
}
