/* The #scale line of a record stream, both ways. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "study/scale.h"

static bool append_number(struct buffer *out, const char *before, int64_t value)
{
    char text[DECIMAL_TEXT_MAX];
    size_t n = decimal_format(text, value);
    return buffer_append_text(out, before) && buffer_append(out, text, n);
}

bool scale_to_line(const struct scale *scale, struct buffer *out)
{
    bool ok = buffer_append_text(out, scale->name) && append_number(out, "\tmin=", scale->min) &&
              append_number(out, "\tmax=", scale->max);
    if (ok && scale->points == NULL && scale->step != 0)
        ok = append_number(out, "\tstep=", scale->step);
    for (size_t i = 0; ok && scale->points != NULL && i < scale->point_count; i++)
        ok = append_number(out, i == 0 ? "\tpoints=" : ",", scale->points[i]);
    for (size_t i = 0; ok && scale->names != NULL && i < scale->point_count; i++)
        ok = buffer_append_text(out, i == 0 ? "\tnames=" : ",") &&
             buffer_append_text(out, scale->names[i]);
    return ok;
}

struct line_reader {
    const char *line;
    struct arena *arena;
    struct error *err;
    struct scale *scale;
    bool has_min;
    bool has_max;
    size_t name_count;
};

static enum status damaged(const struct line_reader *r, const char *what)
{
    char shown[TEXT_ESCAPED_MAX];
    return error_set(r->err, STATUS_DAMAGED, "#scale line '%s': %s",
                     text_escape(shown, slice_of(r->line)), what);
}

static size_t count_parts(struct slice list)
{
    size_t n = 1;
    for (size_t i = 0; i < list.len; i++)
        n += list.data[i] == ',';
    return n;
}

static struct slice next_part(struct slice *rest, char end)
{
    const char *stop = rest->len > 0 ? memchr(rest->data, end, rest->len) : NULL;
    struct slice part = {rest->data, stop != NULL ? (size_t)(stop - rest->data) : rest->len};
    size_t used = stop != NULL ? part.len + 1 : part.len;
    rest->data += used;
    rest->len -= used;
    return part;
}

static enum status line_points(struct line_reader *r, struct slice list)
{
    size_t count = count_parts(list);
    if (count > SCALE_POINTS_MAX)
        return damaged(r, "too many points");
    int64_t *points = arena_calloc(r->arena, count, sizeof *points);
    if (points == NULL)
        return error_no_memory(r->err);
    for (size_t i = 0; i < count; i++) {
        if (decimal_parse(next_part(&list, ','), &points[i]) != DECIMAL_OK)
            return damaged(r, "a point is no number");
        if (i > 0 && points[i] <= points[i - 1])
            return damaged(r, "points are not ascending");
    }
    r->scale->points = points;
    r->scale->point_count = count;
    return STATUS_OK;
}

static enum status line_names(struct line_reader *r, struct slice list)
{
    size_t count = count_parts(list);
    if (count > SCALE_POINTS_MAX)
        return damaged(r, "too many names");
    const char **names = arena_calloc(r->arena, count, sizeof(char *));
    if (names == NULL)
        return error_no_memory(r->err);
    for (size_t i = 0; i < count; i++) {
        struct slice part = next_part(&list, ',');
        if (part.len == 0)
            return damaged(r, "an empty name");
        names[i] = arena_copy(r->arena, part.data, part.len);
        if (names[i] == NULL)
            return error_no_memory(r->err);
    }
    r->scale->names = names;
    r->name_count = count;
    return STATUS_OK;
}

static enum status line_item(struct line_reader *r, struct slice item)
{
    struct slice value = item;
    struct slice key = next_part(&value, '=');
    struct scale *scale = r->scale;
    if (slice_is(key, "points") && scale->points == NULL)
        return line_points(r, value);
    if (slice_is(key, "names") && scale->names == NULL)
        return line_names(r, value);
    int64_t *number = NULL;
    if (slice_is(key, "min") && !r->has_min) {
        number = &scale->min;
        r->has_min = true;
    } else if (slice_is(key, "max") && !r->has_max) {
        number = &scale->max;
        r->has_max = true;
    } else if (slice_is(key, "step") && scale->step == 0) {
        number = &scale->step;
    }
    if (number == NULL)
        return damaged(r, "not made of min, max, points, step and names, each once");
    if (decimal_parse(value, number) != DECIMAL_OK)
        return damaged(r, "a number is wrong");
    return STATUS_OK;
}

static enum status line_steps(struct line_reader *r)
{
    struct scale *scale = r->scale;
    if (scale->step < 0 || scale->points != NULL || (scale->max - scale->min) % scale->step != 0)
        return damaged(r, "a wrong step");
    scale->point_count = (uint64_t)((scale->max - scale->min) / scale->step) + 1;
    if (scale->point_count > SCALE_POINTS_MAX)
        return STATUS_OK;
    int64_t *points = arena_calloc(r->arena, (size_t)scale->point_count, sizeof *points);
    if (points == NULL)
        return error_no_memory(r->err);
    for (size_t i = 0; i < scale->point_count; i++)
        points[i] = scale->min + (int64_t)i * scale->step;
    scale->points = points;
    return STATUS_OK;
}

static enum status line_check(struct line_reader *r)
{
    struct scale *scale = r->scale;
    enum status s = STATUS_OK;
    if (!r->has_min || !r->has_max || scale->min >= scale->max)
        return damaged(r, "min and max are missing or wrong");
    if (scale->step != 0)
        s = line_steps(r);
    if (s != STATUS_OK)
        return s;
    if (scale->points != NULL &&
        (scale->points[0] < scale->min || scale->points[scale->point_count - 1] > scale->max))
        return damaged(r, "a point is outside min and max");
    if (r->name_count != 0 && r->name_count != scale->point_count)
        return damaged(r, "not one name for each point");
    return STATUS_OK;
}

enum status scale_from_line(const char *line, struct arena *arena, const struct scale **scale,
                            struct error *err)
{
    struct line_reader r = {.line = line, .arena = arena, .err = err};
    struct slice rest = slice_of(line);
    *scale = NULL;
    r.scale = arena_calloc(arena, 1, sizeof *r.scale);
    if (r.scale == NULL)
        return error_no_memory(err);
    struct slice name = next_part(&rest, '\t');
    if (name.len == 0)
        return damaged(&r, "no name");
    r.scale->name = arena_copy(arena, name.data, name.len);
    if (r.scale->name == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    while (s == STATUS_OK && rest.len > 0)
        s = line_item(&r, next_part(&rest, '\t'));
    if (s == STATUS_OK)
        s = line_check(&r);
    if (s == STATUS_OK)
        *scale = r.scale;
    return s;
}
