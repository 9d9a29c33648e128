#include "pictures/wording.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "pictures/figure_text.h"

/* printf() into the arena. */
static const char *say(struct arena *arena, const char *format, ...) BELL_PRINTF(2, 3);

static const char *say(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0)
        return NULL;
    const char *copy = arena_copy(arena, text, (size_t)len);
    free(text);
    return copy;
}

enum { FEW = 30 };

static const char *plural(double n)
{
    return n == 1 ? "" : "s";
}

static const char *scored_fact(struct arena *arena, const struct picture_panel *panel)
{
    char a[FIGURE_TEXT_MAX];
    char b[FIGURE_TEXT_MAX];
    char c[FIGURE_TEXT_MAX];
    bool people = isfinite(panel->people);
    (void)figure_count(a, people ? panel->people : panel->scored);
    (void)figure_count(b, panel->population);
    (void)figure_percent(c, panel->participation);
    if (people && isfinite(panel->population))
        return say(arena, "%s of %s people took part: %s", a, b, c);
    if (isfinite(panel->population))
        return say(arena, "%s of %s scored: %s", a, b, c);
    (void)figure_count(a, panel->scored);
    (void)figure_count(b, panel->people);
    return people
               ? say(arena, "%s scored, from %s %s", a, b, panel->people == 1 ? "person" : "people")
               : say(arena, "%s scored", a);
}

static const char *unscored_fact(struct arena *arena, const struct picture_panel *panel)
{
    char a[FIGURE_TEXT_MAX];
    char b[FIGURE_TEXT_MAX];
    char c[FIGURE_TEXT_MAX];
    bool missing = panel->missing > 0;
    bool off = panel->off_scale > 0;
    /* Where people are counted above, their records were not yet. */
    bool records = isfinite(panel->people) && isfinite(panel->population);
    if (!missing && !off && !records)
        return "";
    (void)figure_count(a, panel->missing);
    (void)figure_count(b, panel->off_scale);
    (void)figure_count(c, panel->scored);
    return say(arena, "%s%s%s%s%s%s%s%s", records ? c : "", records ? " scored" : "",
               records && missing ? ", " : "", missing ? a : "",
               missing ? " without an answer" : "", off && (records || missing) ? ", " : "",
               off ? b : "", off ? " off the scale" : "");
}

size_t wording_facts(struct arena *arena, const struct picture_panel *panel,
                     const char *facts[WORDING_FACTS])
{
    size_t count = 0;
    if (panel->withheld) {
        facts[count++] = "withheld: too few for their privacy";
        return count;
    }
    if (isfinite(panel->scored)) {
        facts[count++] = scored_fact(arena, panel);
        const char *rest = unscored_fact(arena, panel);
        if (rest == NULL || rest[0] != '\0')
            facts[count++] = rest;
    }
    if (isfinite(panel->effective)) {
        char worth[FIGURE_TEXT_MAX];
        facts[count++] = say(arena, "weighted; the weights leave the worth of %s answers",
                             figure_count(worth, floor(panel->effective)));
    }
    if (panel->scored > 0 && panel->scored < FEW)
        facts[count++] = "fewer than 30: too few to tell much";
    if (panel->remark != NULL)
        facts[count++] = panel->remark;
    for (size_t i = 0; i < count; i++)
        if (facts[i] == NULL)
            return SIZE_MAX;
    return count;
}

const char *wording_silent(struct arena *arena, const struct picture_panel *panel, bool brief)
{
    char a[FIGURE_TEXT_MAX];
    char b[FIGURE_TEXT_MAX];
    if (!isfinite(panel->participation))
        return "";
    double there = isfinite(panel->people) ? panel->people : panel->scored;
    (void)figure_count(a, panel->population - there);
    (void)figure_percent(b, 1 - panel->participation);
    return brief ? say(arena, "%s silent", a) : say(arena, "%s silent: %s", a, b);
}

const char *wording_section(struct arena *arena, const struct picture_section *section)
{
    char a[FIGURE_TEXT_MAX];
    char b[FIGURE_TEXT_MAX];
    if (section->scale == NULL)
        return "";
    if (!isfinite(section->lowest))
        return say(arena, "Scale %s", section->scale);
    return say(arena, "Scale %s, %s to %s", section->scale, figure_short(a, section->lowest),
               figure_short(b, section->highest));
}

const char *wording_range(struct arena *arena, const struct picture_range *range, bool percent)
{
    char text[FIGURE_TEXT_MAX];
    const char *said = percent ? figure_percents(text, range->low, range->high)
                               : figure_numbers(text, range->low, range->high);
    return say(arena, "%s", said);
}

static bool append_more(struct buffer *all, const struct picture *picture,
                        const struct picture_figure *figure, bool percent)
{
    char text[FIGURE_TEXT_MAX];
    bool ok = true;
    for (size_t i = 0; i < PICTURE_TILTS && ok && picture->shows_tilts; i++)
        if (isfinite(figure->tilt[i]))
            ok = buffer_appendf(all, "; scenario, %s: %s",
                                picture->tilt_name[i] != NULL ? picture->tilt_name[i] : "a tilt",
                                percent ? figure_percent(text, figure->tilt[i])
                                        : figure_number(text, figure->tilt[i]));
    for (size_t i = 0; i < MARKS && ok; i++)
        if (isfinite(figure->mark[i]))
            ok = buffer_appendf(all, "; %s: %s", picture->mark_name[i],
                                percent ? figure_percent(text, figure->mark[i])
                                        : figure_number(text, figure->mark[i]));
    if (ok && picture_range_known(&figure->chance))
        ok =
            buffer_appendf(all, " (%s by chance)",
                           percent ? figure_percents(text, figure->chance.low, figure->chance.high)
                                   : figure_numbers(text, figure->chance.low, figure->chance.high));
    return ok;
}

static const char *taken(struct arena *arena, struct buffer *all, bool ok)
{
    const char *copy = ok ? arena_copy(arena, all->data, all->len) : NULL;
    buffer_free(all);
    return copy;
}

const char *wording_figure(struct arena *arena, const struct picture *picture, const char *name,
                           const struct picture_figure *figure, bool percent)
{
    struct buffer all = BUFFER_INIT;
    char text[FIGURE_TEXT_MAX];
    const char *value =
        percent ? figure_percent(text, figure->value) : figure_number(text, figure->value);
    bool ok = buffer_appendf(&all, "%s: %s", name, value);
    const char *ratio = wording_range(arena, &figure->reach[REACH_RATIO], percent);
    const char *any = wording_range(arena, &figure->reach[REACH_ANY], percent);
    ok = ok && ratio != NULL && any != NULL;
    if (ok && ratio[0] != '\0') {
        char times[FIGURE_TEXT_MAX];
        ok = buffer_appendf(&all, "; of everyone, if nobody is more than %s times readier: %s",
                            figure_short(times, picture->options.ratio), ratio);
    }
    if (ok && any[0] != '\0')
        ok = buffer_appendf(&all, "; whatever the silent think: %s", any);
    ok = ok && append_more(&all, picture, figure, percent);
    return taken(arena, &all, ok);
}

static bool is_weighted(const struct picture *picture)
{
    bool weighted = false;
    for (size_t i = 0; i < picture->panel_count; i++)
        weighted = weighted || picture->panels[i].weighted;
    return weighted;
}

const char *wording_answers(struct arena *arena, const struct picture *picture)
{
    return say(arena,
               "Of those who were scored, the share in each band%s. They chose to answer; nothing "
               "here shows which way the silent lean.",
               is_weighted(picture) ? " (weighted)" : "");
}

const char *wording_silent_key(struct arena *arena, const struct picture *picture)
{
    size_t known = 0;
    size_t drawn = 0;
    for (size_t i = 0; i < picture->panel_count; i++) {
        known += isfinite(picture->panels[i].participation) ? 1 : 0;
        drawn += picture->panels[i].withheld ? 0 : 1;
    }
    if (known == 0)
        return say(arena, "No population is given, so how many stayed silent is not known.");
    return say(arena, "The silent: everyone else, to the same measure as those who answered.%s",
               known < drawn ? " Of groups without it the population is not given." : "");
}

const char *wording_reach(struct arena *arena, const struct picture *picture,
                          enum picture_reach reach)
{
    char times[FIGURE_TEXT_MAX];
    if (reach == REACH_ANY)
        return say(arena, "Of everyone, whatever the silent think.");
    return say(
        arena,
        "Of everyone, if %snobody is more than %s time%s as ready to answer as anybody else. %s",
        is_weighted(picture) ? "within a weighting group " : "",
        figure_short(times, picture->options.ratio), plural(picture->options.ratio),
        picture->noise ? "Where fewer than 1,000 were scored, sampling noise is in it."
                       : "It holds no sampling noise.");
}

const char *wording_tilts(struct arena *arena, const struct picture *picture)
{
    static const char *const signs[PICTURE_TILTS] = {"pointing left", "circle", "pointing right"};
    struct buffer all = BUFFER_INIT;
    bool ok = buffer_append_text(&all, "Scenarios, no estimates");
    if (ok && picture->tilts_assume != NULL)
        ok = buffer_appendf(&all, ": %s", picture->tilts_assume);
    for (size_t i = 0; i < PICTURE_TILTS && ok; i++)
        if (picture->tilt_name[i] != NULL)
            ok = buffer_appendf(&all, "; %s: %s", signs[i], picture->tilt_name[i]);
    ok = ok && buffer_append_byte(&all, '.');
    return taken(arena, &all, ok);
}

const char *wording_mark(struct arena *arena, const struct picture *picture, enum picture_mark mark)
{
    if (mark == MARK_BESIDE)
        return say(arena, "Of everyone, as the table %s has it.", picture->mark_name[mark]);
    return say(arena, "Of everyone, estimated: %s.", picture->mark_name[mark]);
}

const char *wording_left_out(struct arena *arena, const struct picture *picture)
{
    if (picture->left_out == 0)
        return "";
    return say(arena, "%zu more group%s not shown.", picture->left_out,
               picture->left_out == 1 ? " is" : "s are");
}

const char *wording_description(struct arena *arena, const struct picture *picture)
{
    enum { DESCRIBED = 12 };
    struct buffer all = BUFFER_INIT;
    bool ok = buffer_appendf(&all, "Bar charts of %zu group%s.", picture->panel_count,
                             plural((double)picture->panel_count));
    for (size_t i = 0; i < picture->panel_count && i < DESCRIBED && ok; i++) {
        const struct picture_panel *panel = &picture->panels[i];
        const char *facts[WORDING_FACTS];
        size_t count = wording_facts(arena, panel, facts);
        ok = count != SIZE_MAX && buffer_append_byte(&all, ' ') &&
             (panel->name[0] == '\0' || buffer_appendf(&all, "%s: ", panel->name));
        for (size_t f = 0; f < count && ok; f++)
            ok = buffer_appendf(&all, "%s%s", f > 0 ? "; " : "", facts[f]);
        const char *mean = isfinite(panel->mean.value)
                               ? wording_figure(arena, picture, "mean", &panel->mean, false)
                               : "";
        ok = ok && mean != NULL && (mean[0] == '\0' || buffer_appendf(&all, "; %s", mean)) &&
             buffer_append_byte(&all, '.');
    }
    return taken(arena, &all, ok);
}
