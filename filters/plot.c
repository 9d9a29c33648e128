/* bell-plot - a table of bell-aggregate or bell-estimate as a picture: terminal, SVG, PNG. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/filter.h"
#include "io/output.h"
#include "pictures/gnuplot.h"
#include "pictures/layout.h"
#include "pictures/picture_source.h"
#include "pictures/svg.h"
#include "pictures/terminal.h"
#include "stats/selection.h"

enum form { FORM_TERMINAL, FORM_SVG, FORM_PNG };

struct plot {
    const struct settings *settings;
    enum form form;
    struct picture_options picture;
    size_t width; /* 0: not given */
    size_t height;
    size_t columns;
};

/* ---- settings to a plan ---- */

static enum status read_size(const struct plot *plot, const char *key, size_t least, size_t most,
                             size_t *size, struct error *err)
{
    const struct node *node = settings_node(plot->settings, key);
    int64_t value = settings_int(plot->settings, key);
    *size = 0;
    if (node == NULL)
        return STATUS_OK;
    if (value < (int64_t)least || value > (int64_t)most)
        return node_error(node, err, "%s must be %zu to %zu here", key, least, most);
    *size = (size_t)value;
    return STATUS_OK;
}

static enum status read_bounds(struct plot *plot, struct error *err)
{
    const char *text = settings_text(plot->settings, "bounds");
    int64_t millionths;
    plot->picture.ratio = NAN;
    if (strcmp(text, "none") == 0)
        return STATUS_OK;
    if (decimal_parse(slice_of(text), &millionths) != DECIMAL_OK || millionths < DECIMAL_ONE)
        return node_error(settings_node(plot->settings, "bounds"), err,
                          "bounds: a ratio of 1 or more, or none");
    plot->picture.ratio = (double)millionths / DECIMAL_ONE;
    return STATUS_OK;
}

/* Was it given on the command line?  A study may have keys for several forms. */
static const struct node *given_option(const struct plot *plot, const char *key)
{
    const struct node *node = settings_node(plot->settings, key);
    return node != NULL && strncmp(node->file, "--", 2) == 0 ? node : NULL;
}

/* An option that would change nothing is refused. */
static enum status check_form(const struct plot *plot, struct error *err)
{
    static const char *const of_terminal[] = {"ascii", "colour"};
    for (size_t i = 0; i < 2 && plot->form != FORM_TERMINAL; i++)
        if (given_option(plot, of_terminal[i]) != NULL)
            return error_set(err, STATUS_USAGE, "--%s is for --to terminal only", of_terminal[i]);
    if (plot->form == FORM_TERMINAL && given_option(plot, "height") != NULL)
        return error_set(err, STATUS_USAGE,
                         "--height is for --to svg and --to png; in a terminal the picture is as "
                         "long as it is");
    return STATUS_OK;
}

static enum status read_settings(struct plot *plot, struct error *err)
{
    const struct settings *settings = plot->settings;
    const char *to = settings_text(settings, "to");
    bool terminal = strcmp(to, "terminal") == 0;
    plot->form = terminal ? FORM_TERMINAL : strcmp(to, "svg") == 0 ? FORM_SVG : FORM_PNG;
    plot->picture.title = settings_text(settings, "title");
    plot->picture.tilts = strcmp(settings_text(settings, "scenarios"), "tilts") == 0;
    enum status s = check_form(plot, err);
    if (s == STATUS_OK)
        s = read_size(plot, "width", terminal ? TERMINAL_WIDTH_MIN : LAYOUT_WIDTH_MIN,
                      terminal ? TERMINAL_WIDTH_MOST : LAYOUT_MOST, &plot->width, err);
    if (s == STATUS_OK)
        s = read_size(plot, "height", 1, LAYOUT_MOST, &plot->height, err);
    if (s == STATUS_OK)
        s = read_size(plot, "columns", 1, 100, &plot->columns, err);
    plot->picture.most = (size_t)settings_int(settings, "max_panels");
    return s == STATUS_OK ? read_bounds(plot, err) : s;
}

/* ---- drawing ---- */

static enum status draw_terminal(const struct plot *plot, const struct picture *picture,
                                 struct buffer *bytes, struct error *err)
{
    const char *colour = settings_text(plot->settings, "colour");
    bool to_file =
        plot->settings->common.output != NULL && strcmp(plot->settings->common.output, "-") != 0;
    int fd = to_file ? -1 : STDOUT_FILENO;
    const struct terminal_options options = {
        .width = plot->width > 0 ? plot->width : terminal_width(fd),
        .columns = plot->columns,
        .ascii = settings_flag(plot->settings, "ascii"),
        .colour = strcmp(colour, "always") == 0 ||
                  (strcmp(colour, "auto") == 0 && terminal_has_colour(fd))};
    return terminal_draw(picture, &options, bytes, err);
}

static enum status draw_canvas(const struct plot *plot, const struct picture *picture,
                               struct buffer *bytes, struct error *err)
{
    const struct layout_options options = {
        .width = (double)plot->width, .height = (double)plot->height, .columns = plot->columns};
    struct arena arena = ARENA_INIT;
    struct canvas canvas;
    canvas_init(&canvas);
    enum status s = layout_draw(picture, &options, &arena, &canvas, err);
    if (s == STATUS_OK)
        s = plot->form == FORM_SVG ? svg_write(&canvas, bytes, err)
                                   : gnuplot_draw(&canvas, bytes, err);
    canvas_free(&canvas);
    arena_free(&arena);
    return s;
}

static enum status write_bytes(const struct plot *plot, const struct buffer *bytes,
                               struct error *err)
{
    struct output *output = NULL;
    enum status s = output_open(&output, plot->settings->common.output, OUTPUT_DEFAULT, err);
    if (s == STATUS_OK && plot->form == FORM_PNG && output_is_terminal(output) &&
        !plot->settings->common.force)
        s = error_set(err, STATUS_USAGE, "a PNG is not for a terminal; give -o FILE (or -f)");
    if (s == STATUS_OK)
        s = output_write(output, bytes->data, bytes->len, err);
    if (s == STATUS_OK)
        return output_commit(output, err);
    output_abort(output);
    return s;
}

static enum status read_beside(const struct settings *settings, struct buffer *path,
                               struct error *err)
{
    const struct node *node = settings_node(settings, "beside");
    return node == NULL || node_text(node) == NULL
               ? STATUS_OK
               : study_resolve_path(settings->study, node, path, err);
}

static enum status draw(const struct plot *plot, struct picture *picture, struct error *err)
{
    const struct settings *settings = plot->settings;
    struct buffer beside = BUFFER_INIT;
    enum status s = read_beside(settings, &beside, err);
    const struct picture_source source = {.paths = (const char *const *)settings->operands,
                                          .path_count = settings->operand_count,
                                          .study = settings->study,
                                          .scale = settings_text(settings, "scale"),
                                          .beside = beside.len > 0 ? beside.data : NULL,
                                          .budget = settings->budget};
    struct buffer bytes = BUFFER_INIT;
    if (s == STATUS_OK)
        s = picture_read(picture, &source, err);
    if (s == STATUS_OK)
        s = picture_finish(picture, err);
    if (s == STATUS_OK)
        s = plot->form == FORM_TERMINAL ? draw_terminal(plot, picture, &bytes, err)
                                        : draw_canvas(plot, picture, &bytes, err);
    if (s == STATUS_OK)
        s = write_bytes(plot, &bytes, err);
    buffer_free(&bytes);
    buffer_free(&beside);
    return s;
}

static enum status plot_run(struct settings *settings, struct error *err)
{
    struct plot plot = {.settings = settings};
    struct picture picture;
    enum status s = read_settings(&plot, err);
    if (s != STATUS_OK)
        return s;
    picture_init(&picture, &plot.picture);
    s = draw(&plot, &picture, err);
    picture_free(&picture);
    return s;
}

const struct filter filter_plot = {
    .name = "plot",
    .args_doc = "[FILE...]",
    .summary = "the picture: terminal, SVG or PNG",
    .doc = "Draws the table of bell-aggregate or bell-estimate: how the scores of those who "
           "answered lie over the bands of their scale, how many stayed silent, and what may be "
           "true of everyone, under the assumption that is written beside it.  Each group has a "
           "panel; panels of one scale have one axis.",
    .input = FILTER_IN_NONE,
    .gathers = true,
    .common = "study output force max-memory",
    .run = plot_run,
};
