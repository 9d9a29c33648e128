#include "estimates/claim_bind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number.h"
#include "base/text.h"
#include "estimates/plain_number.h"
#include "stats/moments.h"

/* ---- scores of the bands ---- */

static enum status band_at(const struct table_group *g, struct slice name, size_t place,
                           struct arena *arena, size_t *at, struct error *err)
{
    const char **names = arena_calloc(arena, g->bands + 1, sizeof *names);
    const char *wanted = arena_copy(arena, name.data, name.len);
    if (names == NULL || wanted == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < g->bands; i++) {
        if (slice_equal(g->band[i].name, name)) {
            *at = i;
            return STATUS_OK;
        }
        names[i] = arena_copy(arena, g->band[i].name.data, g->band[i].name.len);
        if (names[i] == NULL)
            return error_no_memory(err);
    }
    char shown[TEXT_ESCAPED_MAX], first[TEXT_ESCAPED_MAX], last[TEXT_ESCAPED_MAX];
    text_escape(shown, name);
    const char *near = text_nearest(wanted, names, g->bands);
    if (near != NULL)
        return claim_error(err, place, "no band '%s'; did you mean '%s'?", shown,
                           text_escape(first, slice_of(near)));
    return claim_error(err, place, "no band '%s'; the bands go from '%s' to '%s'", shown,
                       text_escape(first, g->band[0].name),
                       text_escape(last, g->band[g->bands - 1].name));
}

/* Adds `value` to the score of each band that the side names. */
static enum status add_share(double *scores, const struct claim_side *side, double value,
                             const struct table_group *g, struct arena *arena, struct error *err)
{
    bool *in = arena_calloc(arena, g->bands, sizeof *in);
    if (in == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < side->band_count; b++) {
        const struct claim_band *band = &side->bands[b];
        size_t from = 0, to = 0;
        enum status s = band_at(g, band->from, band->place, arena, &from, err);
        to = from;
        if (s == STATUS_OK && !slice_missing(band->to))
            s = band_at(g, band->to, band->place, arena, &to, err);
        if (s != STATUS_OK)
            return s;
        if (to < from)
            return claim_error(err, band->place, "these bands go from the higher to the lower one");
        for (size_t i = from; i <= to; i++)
            in[i] = true;
    }
    for (size_t i = 0; i < g->bands; i++)
        scores[i] += in[i] ? value : 0;
    return STATUS_OK;
}

/* As the table has it: by the number of the band. */
static void put_net(double *scores, size_t bands)
{
    for (size_t i = 0; i < bands; i++)
        scores[i] = (double)((2 * i + 1 > bands) - (2 * i + 1 < bands));
}

static void limits_of(struct claim_figure *f)
{
    f->lowest = f->highest = f->low[0];
    for (size_t i = 1; i < f->group->bands; i++) {
        f->lowest = f->low[i] < f->lowest ? f->low[i] : f->lowest;
        f->highest = f->high[i] > f->highest ? f->high[i] : f->highest;
    }
}

static bool has_ranges(const struct table_group *g)
{
    for (size_t i = 0; i < g->bands; i++)
        if (g->band[i].low < g->band[i].high)
            return true;
    return false;
}

static enum status figure_of(struct claim_figure *f, const struct claim_side *side,
                             const struct claim_side *less, struct arena *arena, struct error *err)
{
    const struct table_group *g = f->group;
    f->lowest = f->highest = f->observed = (double)NAN;
    if (g->bands == 0 || g->withheld)
        return STATUS_OK;
    double *low = arena_calloc(arena, g->bands, sizeof *low);
    double *high = arena_calloc(arena, g->bands, sizeof *high);
    if (low == NULL || high == NULL)
        return error_no_memory(err);
    f->low = low;
    f->high = side->measure == CLAIM_MEAN ? high : low;
    enum status s = STATUS_OK;
    if (side->measure == CLAIM_NET)
        put_net(low, g->bands);
    if (side->measure == CLAIM_SHARE)
        s = add_share(low, side, 1, g, arena, err);
    if (s == STATUS_OK && less != NULL)
        s = add_share(low, less, -1, g, arena, err);
    if (s != STATUS_OK)
        return s;
    bool exact = true;
    if (side->measure == CLAIM_MEAN) {
        for (size_t i = 0; i < g->bands; i++) {
            low[i] = g->band[i].low;
            high[i] = g->band[i].high;
        }
        f->lowest = g->lowest;
        f->highest = g->highest;
        exact = !has_ranges(g);
    } else {
        limits_of(f);
    }
    const double *counts = g->weighted != NULL ? g->weighted : g->counts;
    f->observed = exact ? moments_mean(low, counts, g->bands) : g->mean;
    return STATUS_OK;
}

/* ---- numbers and scales ---- */

static enum status check_number(const struct claim_figures *figures, const struct claim *claim,
                                struct error *err)
{
    char low[PLAIN_MAX], high[PLAIN_MAX];
    const struct claim_figure *f = &figures->of[0];
    bool mean = claim->sides[0].measure == CLAIM_MEAN;
    bool difference = claim->side_count == 2;
    double least = difference ? -figures->range : f->lowest;
    double most = difference ? figures->range : f->highest;
    if (isnan(f->lowest) || claim->place == 0 ||
        (figures->number >= least && figures->number <= most))
        return STATUS_OK;
    if (mean && claim->percent)
        return claim_error(err, claim->place, "a mean is a number on the scale, not a percentage");
    plain_typed(low, least);
    plain_typed(high, most);
    if (!mean && !claim->percent)
        return claim_error(err, claim->place,
                           "this lies between %s and %s; write a percentage with %%", low, high);
    if (!mean) {
        plain_percent(low, least, (double)NAN, PLAIN_NEAREST);
        plain_percent(high, most, (double)NAN, PLAIN_NEAREST);
    }
    return claim_error(err, claim->place, "%s lies between %s and %s%s",
                       difference ? "the difference" : "everyone's figure", low, high,
                       mean && !difference ? ", the ends of the scale" : "");
}

static enum status check_pair(const struct claim_figures *figures, const struct claim *claim,
                              struct error *err)
{
    const struct table_group *a = figures->of[0].group, *b = figures->of[1].group;
    bool differ = a->scale != NULL && b->scale != NULL && strcmp(a->scale, b->scale) != 0;
    if (differ && claim->sides[0].measure == CLAIM_MEAN)
        return claim_error(err, claim->sides[1].place,
                           "the two groups have different scales (%s and %s), whose means cannot "
                           "be compared",
                           a->scale, b->scale);
    return STATUS_OK;
}

enum status claim_figures(struct claim_figures *figures, const struct claim *claim,
                          const struct claim_found *found, struct arena *arena, struct error *err)
{
    const struct claim_side *sides = claim->sides;
    bool same = claim->side_count == 2 && found->groups[0] == found->groups[1];
    *figures = (struct claim_figures){.count = claim->side_count == 2 && !same ? 2 : 1,
                                      .number = (double)claim->number / DECIMAL_ONE};
    if (same && sides[0].measure != CLAIM_SHARE)
        return claim_error(err, sides[1].place, "both sides are the same figure of one group");
    for (size_t i = 0; i < figures->count; i++) {
        struct claim_figure *f = &figures->of[i];
        *f = (struct claim_figure){.group = found->groups[i], .label = found->labels[i]};
        enum status s = figure_of(f, &sides[i], same ? &sides[1] : NULL, arena, err);
        if (s != STATUS_OK)
            return s;
        double range = same ? 1 : f->highest - f->lowest;
        figures->range = i == 0 || range > figures->range ? range : figures->range;
    }
    enum status s = figures->count == 2 ? check_pair(figures, claim, err) : STATUS_OK;
    return s == STATUS_OK ? check_number(figures, claim, err) : s;
}
