#include "pictures/gnuplot.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "io/child.h"

enum { CORNERS_OF_CIRCLE = 24 };

struct script {
    const struct canvas *canvas;
    struct buffer *out;
    size_t number; /* of objects, labels and arrows */
};

/* In double quotes, with everything that could mean something there as \nnn: quotes, backslashes,
 * backquotes (which run commands).  Single quotes would not do: gnuplot takes a doubled one at the
 * start of a text for its end. */
static bool put_quoted(struct buffer *out, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.:;-";
    bool ok = buffer_append_byte(out, '"');
    for (const char *at = text; *at != '\0' && ok; at++) {
        unsigned char byte = (unsigned char)*at;
        ok = byte >= 0x80 || strchr(plain, *at) != NULL ? buffer_append_byte(out, *at)
                                                        : buffer_appendf(out, "\\%03o", byte);
    }
    return ok && buffer_append_byte(out, '"');
}

/* A point; y grows upwards there. */
static bool put_point(struct script *s, double x, double y)
{
    return buffer_appendf(s->out, "%.2f,%.2f", x, s->canvas->height - y);
}

static bool put_polygon(struct script *s, const double *corners, size_t count, enum paint fill,
                        enum paint stroke)
{
    bool ok = buffer_appendf(s->out, "set object %zu polygon front from ", ++s->number);
    for (size_t i = 0; i <= count && ok; i++) {
        size_t corner = i % count;
        ok = (i == 0 || buffer_append_text(s->out, " to ")) &&
             put_point(s, corners[2 * corner], corners[2 * corner + 1]);
    }
    if (ok && fill != PAINT_NONE)
        ok = buffer_appendf(s->out, " fillcolor rgb '%s' fillstyle solid 1.0", paint_colour(fill));
    else if (ok)
        ok = buffer_append_text(s->out, " fillstyle empty");
    if (ok && stroke != PAINT_NONE)
        ok = buffer_appendf(s->out, " border rgb '%s' linewidth 1\n", paint_colour(stroke));
    else if (ok)
        ok = buffer_append_text(s->out, " noborder\n");
    return ok;
}

/* As a thin polygon: gnuplot would draw arrows over everything, whatever their order. */
static bool put_line(struct script *s, double x1, double y1, double x2, double y2, enum paint paint,
                     double thickness)
{
    double length = hypot(x2 - x1, y2 - y1);
    double dx = length > 0 ? (y2 - y1) / length * thickness / 2 : 0;
    double dy = length > 0 ? (x2 - x1) / length * thickness / 2 : 0;
    const double corners[8] = {x1 + dx, y1 - dy, x2 + dx, y2 - dy,
                               x2 - dx, y2 + dy, x1 - dx, y1 + dy};
    return put_polygon(s, corners, 4, paint, PAINT_NONE);
}

/* Lines from upper left to lower right, cut at the edges. */
static bool put_hatching(struct script *s, const struct canvas_item *item)
{
    enum { STEP = 8 };
    double bottom = item->y + item->height;
    bool ok = true;
    for (double at = STEP; at < item->width + item->height && ok; at += STEP) {
        double right = fmin(at, item->width);
        double up = fmin(at, item->height);
        ok = put_line(s, item->x + at - up, bottom - up, item->x + right, bottom - (at - right),
                      PAINT_SILENT, 1.2);
    }
    return ok;
}

static bool put_rect(struct script *s, const struct canvas_item *item)
{
    double x2 = item->x + item->width;
    double y2 = item->y + item->height;
    const double corners[8] = {item->x, item->y, x2, item->y, x2, y2, item->x, y2};
    if (!item->hatched)
        return put_polygon(s, corners, 4, item->fill, item->stroke);
    return put_polygon(s, corners, 4, item->fill, PAINT_NONE) && put_hatching(s, item) &&
           put_polygon(s, corners, 4, PAINT_NONE, item->stroke);
}

static bool put_mark(struct script *s, const struct canvas_item *item)
{
    double corners[2 * CORNERS_OF_CIRCLE];
    size_t count = canvas_corners(item, corners);
    for (size_t i = 0; count == 0 && i < CORNERS_OF_CIRCLE; i++) {
        double angle = 2 * M_PI * (double)i / CORNERS_OF_CIRCLE;
        corners[2 * i] = item->x + item->width / 2 * cos(angle);
        corners[2 * i + 1] = item->y + item->width / 2 * sin(angle);
    }
    return put_polygon(s, corners, count == 0 ? CORNERS_OF_CIRCLE : count, item->fill,
                       item->stroke);
}

static bool put_text(struct script *s, const struct canvas_item *item)
{
    static const char *const anchors[] = {
        [ANCHOR_START] = "left", [ANCHOR_MIDDLE] = "center", [ANCHOR_END] = "right"};
    /* gnuplot sets the middle of the letters on the point, not their baseline. */
    double middle = item->y - 0.36 * item->size;
    if (item->text[0] == '\0')
        return true;
    return buffer_appendf(s->out, "set label %zu ", ++s->number) &&
           put_quoted(s->out, item->text) && buffer_append_text(s->out, " at ") &&
           put_point(s, item->x, middle) &&
           buffer_appendf(s->out,
                          " %s front noenhanced font 'sans-serif%s,%.2f' textcolor rgb '%s'\n",
                          anchors[item->anchor], item->bold ? ":Bold" : "", item->size * 0.75,
                          paint_colour(item->fill));
}

static bool put_item(struct script *s, const struct canvas_item *item)
{
    switch (item->kind) {
    case CANVAS_RECT:
        return put_rect(s, item);
    case CANVAS_LINE:
        return put_line(s, item->x, item->y, item->x + item->width, item->y + item->height,
                        item->stroke, item->thickness);
    case CANVAS_TEXT:
        return put_text(s, item);
    case CANVAS_MARK:
        return put_mark(s, item);
    case CANVAS_GROUP:
    case CANVAS_GROUP_END:
        break;
    }
    return true;
}

enum status gnuplot_script(const struct canvas *canvas, struct buffer *out, struct error *err)
{
    struct script s = {.canvas = canvas, .out = out};
    bool ok = buffer_appendf(out,
                             "set encoding utf8\n"
                             "set terminal pngcairo noenhanced size %.0f,%.0f font "
                             "'sans-serif,9' background rgb '%s'\n"
                             "unset key\nunset border\nunset tics\n"
                             "set lmargin 0\nset rmargin 0\nset tmargin 0\nset bmargin 0\n"
                             "set xrange [0:%.0f]\nset yrange [0:%.0f]\n",
                             canvas->width, canvas->height, paint_colour(PAINT_PAPER),
                             canvas->width, canvas->height);
    for (size_t i = 0; i < canvas->count && ok; i++)
        ok = put_item(&s, &canvas->items[i]);
    ok = ok && buffer_append_text(out, "plot NaN notitle\n");
    return ok ? STATUS_OK : error_no_memory(err);
}

/* The last line of gnuplot's that is not blank: the fault stands behind the line it is in. */
static struct slice last_words(const struct buffer *errors)
{
    struct slice all = slice_trim((struct slice){errors->data, errors->len});
    const char *start = all.len == 0 ? NULL : memrchr(all.data, '\n', all.len);
    if (start != NULL)
        all = (struct slice){start + 1, all.len - (size_t)(start + 1 - all.data)};
    return all.len == 0 ? SLICE_LITERAL("it says nothing") : slice_trim(all);
}

enum status gnuplot_draw(const struct canvas *canvas, struct buffer *png, struct error *err)
{
    static const char *const argv[] = {"gnuplot", "-d", "-", NULL};
    static const char magic[] = "\x89PNG";
    enum { PNG_MOST = 256 << 20 };
    struct buffer script = BUFFER_INIT;
    struct child_result result = CHILD_RESULT_INIT;
    char shown[TEXT_ESCAPED_MAX];
    enum status s = gnuplot_script(canvas, &script, err);
    if (s == STATUS_OK)
        s = child_run(argv, (struct slice){script.data, script.len}, PNG_MOST, &result, err);
    if (s == STATUS_OK && !result.found)
        s = error_set(err, STATUS_IO,
                      "gnuplot, which draws the PNG, is not installed (Debian: gnuplot-nox); "
                      "--to svg needs no other program");
    bool good = result.status == 0 && result.output.len > sizeof magic &&
                memcmp(result.output.data, magic, sizeof magic - 1) == 0;
    if (s == STATUS_OK && !good)
        s = error_set(err, STATUS_IO, "gnuplot failed (status %d): %s", result.status,
                      text_escape(shown, last_words(&result.errors)));
    if (s == STATUS_OK && !buffer_append(png, result.output.data, result.output.len))
        s = error_no_memory(err);
    child_result_free(&result);
    buffer_free(&script);
    return s;
}
