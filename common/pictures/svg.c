#include "pictures/svg.h"

#include <math.h>

static const char font_stack[] =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', "
    "'Liberation Sans', Arial, sans-serif";

static bool put_escaped(struct buffer *out, const char *text)
{
    bool ok = true;
    for (const char *at = text; *at != '\0' && ok; at++)
        switch (*at) {
        case '&':
            ok = buffer_append_text(out, "&amp;");
            break;
        case '<':
            ok = buffer_append_text(out, "&lt;");
            break;
        case '>':
            ok = buffer_append_text(out, "&gt;");
            break;
        case '"':
            ok = buffer_append_text(out, "&quot;");
            break;
        default:
            ok = buffer_append_byte(out, *at);
        }
    return ok;
}

/* Hundredths of a pixel, no more zeros than needed. */
static bool put_number(struct buffer *out, const char *name, double value)
{
    double hundredths = nearbyint(value * 100);
    long long n = (long long)hundredths;
    const char *sign = n < 0 ? "-" : "";
    unsigned long long a = n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n;
    bool ok = name[0] != '\0' ? buffer_appendf(out, " %s=\"%s%llu", name, sign, a / 100)
                              : buffer_appendf(out, "%s%llu", sign, a / 100);
    if (ok && a % 100 != 0)
        ok = a % 10 == 0 ? buffer_appendf(out, ".%llu", a % 100 / 10)
                         : buffer_appendf(out, ".%02llu", a % 100);
    return ok && (name[0] == '\0' || buffer_append_byte(out, '"'));
}

static bool put_end(struct buffer *out, const char *element, const char *says)
{
    if (says == NULL)
        return buffer_append_text(out, "/>\n");
    return buffer_append_text(out, "><title>") && put_escaped(out, says) &&
           buffer_appendf(out, "</title></%s>\n", element);
}

static bool put_paints(struct buffer *out, const struct canvas_item *item)
{
    bool ok = item->hatched ? buffer_append_text(out, " fill=\"url(#silent)\"")
                            : buffer_appendf(out, " fill=\"%s\"", paint_colour(item->fill));
    if (ok && item->stroke != PAINT_NONE)
        ok = buffer_appendf(out, " stroke=\"%s\"", paint_colour(item->stroke));
    return ok;
}

static bool put_rect(struct buffer *out, const struct canvas_item *item)
{
    return buffer_append_text(out, "<rect") && put_number(out, "x", item->x) &&
           put_number(out, "y", item->y) && put_number(out, "width", item->width) &&
           put_number(out, "height", item->height) && put_paints(out, item) &&
           put_end(out, "rect", item->text);
}

static bool put_line(struct buffer *out, const struct canvas_item *item)
{
    return buffer_append_text(out, "<line") && put_number(out, "x1", item->x) &&
           put_number(out, "y1", item->y) && put_number(out, "x2", item->x + item->width) &&
           put_number(out, "y2", item->y + item->height) &&
           buffer_appendf(out, " stroke=\"%s\"", paint_colour(item->stroke)) &&
           put_number(out, "stroke-width", item->thickness) && put_end(out, "line", item->text);
}

static bool put_mark(struct buffer *out, const struct canvas_item *item)
{
    double corners[8];
    size_t count = canvas_corners(item, corners);
    if (count == 0)
        return buffer_append_text(out, "<circle") && put_number(out, "cx", item->x) &&
               put_number(out, "cy", item->y) && put_number(out, "r", item->width / 2) &&
               put_paints(out, item) && put_end(out, "circle", item->text);
    bool ok = buffer_append_text(out, "<polygon points=\"");
    for (size_t i = 0; i < 2 * count && ok; i++)
        ok = (i == 0 || buffer_append_byte(out, i % 2 == 1 ? ',' : ' ')) &&
             put_number(out, "", corners[i]);
    return ok && buffer_append_byte(out, '"') && put_paints(out, item) &&
           put_end(out, "polygon", item->text);
}

static bool put_text(struct buffer *out, const struct canvas_item *item)
{
    static const char *const anchors[] = {[ANCHOR_START] = "",
                                          [ANCHOR_MIDDLE] = " text-anchor=\"middle\"",
                                          [ANCHOR_END] = " text-anchor=\"end\""};
    return buffer_append_text(out, "<text") && put_number(out, "x", item->x) &&
           put_number(out, "y", item->y) && put_number(out, "font-size", item->size) &&
           buffer_append_text(out, item->bold ? " font-weight=\"bold\"" : "") &&
           buffer_append_text(out, anchors[item->anchor]) &&
           buffer_appendf(out, " fill=\"%s\">", paint_colour(item->fill)) &&
           put_escaped(out, item->text) && buffer_append_text(out, "</text>\n");
}

static bool put_item(struct buffer *out, const struct canvas_item *item)
{
    switch (item->kind) {
    case CANVAS_RECT:
        return put_rect(out, item);
    case CANVAS_LINE:
        return put_line(out, item);
    case CANVAS_TEXT:
        return put_text(out, item);
    case CANVAS_MARK:
        return put_mark(out, item);
    case CANVAS_GROUP:
        return buffer_append_text(out, "<g><title>") && put_escaped(out, item->text) &&
               buffer_append_text(out, "</title>\n");
    case CANVAS_GROUP_END:
        return buffer_append_text(out, "</g>\n");
    }
    return false;
}

static bool put_head(struct buffer *out, const struct canvas *canvas)
{
    return buffer_append_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                   "<svg xmlns=\"http://www.w3.org/2000/svg\"") &&
           put_number(out, "width", canvas->width) && put_number(out, "height", canvas->height) &&
           buffer_append_text(out, " viewBox=\"0 0 ") && put_number(out, "", canvas->width) &&
           buffer_append_byte(out, ' ') && put_number(out, "", canvas->height) &&
           buffer_append_text(out, "\" role=\"img\" aria-labelledby=\"title desc\">\n"
                                   "<title id=\"title\">") &&
           put_escaped(out, canvas->title) &&
           buffer_append_text(out, "</title>\n<desc id=\"desc\">") &&
           put_escaped(out, canvas->description) &&
           buffer_appendf(out,
                          "</desc>\n<defs><pattern id=\"silent\" width=\"6\" height=\"6\" "
                          "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                          "<rect width=\"6\" height=\"6\" fill=\"%s\"/>"
                          "<line x1=\"1\" y1=\"0\" x2=\"1\" y2=\"6\" stroke=\"%s\" "
                          "stroke-width=\"1.4\"/></pattern></defs>\n",
                          paint_colour(PAINT_PAPER), paint_colour(PAINT_SILENT)) &&
           buffer_appendf(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n",
                          paint_colour(PAINT_PAPER)) &&
           buffer_appendf(out, "<g font-family=\"%s\">\n", font_stack);
}

enum status svg_write(const struct canvas *canvas, struct buffer *out, struct error *err)
{
    bool ok = put_head(out, canvas);
    for (size_t i = 0; i < canvas->count && ok; i++)
        ok = put_item(out, &canvas->items[i]);
    ok = ok && buffer_append_text(out, "</g>\n</svg>\n");
    return ok ? STATUS_OK : error_no_memory(err);
}
