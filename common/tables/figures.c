#include "tables/figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "tables/votes.h"
#include "stats/agreement.h"
#include "stats/moments.h"
#include "stats/polarization.h"
#include "stats/quantile.h"
#include "stats/ratio.h"
#include "stats/shape.h"

static const struct probability P10 = {1, 10};
static const struct probability P50 = {1, 2};
static const struct probability P90 = {9, 10};

/* The array with room for count items, or as it was and *ok false. */
static void *grown(void *array, size_t count, size_t size, bool *ok)
{
    void *larger = *ok ? realloc(array, count * size) : NULL;
    *ok = larger != NULL;
    return larger != NULL ? larger : array;
}

static enum status make_room(struct figures_space *space, size_t count, struct error *err)
{
    if (count <= space->cap)
        return STATUS_OK;
    size_t cap = space->cap == 0 ? 64 : space->cap;
    while (cap < count)
        cap *= 2;
    uint64_t each = sizeof *space->values + sizeof *space->counts + sizeof *space->x +
                    sizeof *space->w + sizeof *space->exact;
    enum status s = budget_take(space->budget, (cap - space->cap) * each, "values of groups", err);
    if (s != STATUS_OK)
        return s;
    space->charged += (cap - space->cap) * each;
    bool ok = true;
    space->values = grown(space->values, cap, sizeof *space->values, &ok);
    space->counts = grown(space->counts, cap, sizeof *space->counts, &ok);
    space->x = grown(space->x, cap, sizeof *space->x, &ok);
    space->w = grown(space->w, cap, sizeof *space->w, &ok);
    space->exact = grown(space->exact, cap, sizeof *space->exact, &ok);
    if (!ok)
        return error_no_memory(err);
    space->cap = cap;
    return STATUS_OK;
}

static enum status make_band_room(struct figures_space *space, size_t bands, size_t measures,
                                  struct error *err)
{
    bool ok = true;
    if (bands > space->band_cap) {
        space->in_band = grown(space->in_band, bands, sizeof *space->in_band, &ok);
        space->exact_in_band =
            grown(space->exact_in_band, bands, sizeof *space->exact_in_band, &ok);
        space->noise = grown(space->noise, bands, sizeof *space->noise, &ok);
        space->band_cap = ok ? bands : space->band_cap;
    }
    if (measures > space->measure_cap) {
        space->measures = grown(space->measures, measures, sizeof *space->measures, &ok);
        space->measure_cap = ok ? measures : space->measure_cap;
    }
    return ok ? STATUS_OK : error_no_memory(err);
}

void figures_space_free(struct figures_space *space)
{
    free(space->values);
    free(space->counts);
    free(space->x);
    free(space->w);
    free(space->exact);
    free(space->in_band);
    free(space->exact_in_band);
    free(space->noise);
    free(space->measures);
    budget_give(space->budget, space->charged);
    *space = (struct figures_space){.budget = space->budget};
}

/* A sorted table laid out for stats/.  x counts from *origin, which is 0 unless a double could
 * not tell the values apart (10^12 has room for 3 places): the spread would be lost. */
static enum status lay_out(struct exact_table *table, struct groups *groups,
                           struct figures_space *space, int64_t *origin, struct error *err)
{
    const int64_t exact = INT64_C(1) << 53;
    *origin = 0;
    exact_table_sort(table, groups->budget);
    enum status s = make_room(space, table->count, err);
    if (table->count > 0 &&
        (table->cells[0].value < -exact || table->cells[table->count - 1].value > exact))
        *origin = table->cells[0].value;
    for (size_t i = 0; s == STATUS_OK && i < table->count; i++) {
        space->values[i] = table->cells[i].value;
        space->counts[i] = table->cells[i].count;
        space->x[i] = ratio((__int128)table->cells[i].value - *origin, DECIMAL_ONE);
        space->w[i] = (double)table->cells[i].count;
        space->exact[i] = table->cells[i].count;
    }
    return s;
}

static double quantile(unsigned type, const struct figures_space *space, size_t count,
                       struct probability p)
{
    return type == 1 ? quantile_type1(space->values, space->counts, count, p, DECIMAL_ONE)
                     : quantile_type7(space->values, space->counts, count, p, DECIMAL_ONE);
}

static void set_moments(struct figures *f, const struct moments *moments, bool full)
{
    f->sd = moments_sd(moments);
    if (full) {
        f->skewness = moments_skewness(moments);
        f->kurtosis = moments_kurtosis(moments);
        f->bimodality = moments_bimodality(moments);
    }
}

static enum status from_records(const struct figures_request *request, struct groups *groups,
                                struct group *group, struct figures_space *space, struct figures *f,
                                size_t *count, struct error *err)
{
    int64_t origin;
    enum status s = lay_out(&group->scores, groups, space, &origin, err);
    if (s != STATUS_OK)
        return s;
    *count = group->scores.count;
    f->voices = (double)f->scored;
    f->people = group->persons.count;
    if (f->scored == 0)
        return STATUS_OK;
    struct moments moments;
    f->mean = exact_table_mean(&group->scores, 0);
    moments_about(&moments, space->x, space->w, *count, exact_table_mean(&group->scores, origin));
    set_moments(f, &moments, request->full);
    f->p10 = quantile(request->quantile_type, space, *count, P10);
    f->median = quantile(request->quantile_type, space, *count, P50);
    f->p90 = quantile(request->quantile_type, space, *count, P90);
    return STATUS_OK;
}

static enum status from_votes(const struct figures_request *request, struct groups *groups,
                              struct group *group, struct figures_space *space, struct figures *f,
                              size_t *count, struct error *err)
{
    struct votes votes;
    enum status s = votes_count(groups, group, &votes, err);
    if (s != STATUS_OK)
        return s;
    s = make_room(space, votes.count, err);
    for (size_t i = 0; s == STATUS_OK && i < votes.count; i++) {
        space->values[i] = votes.values[i];
        space->x[i] = ratio(votes.values[i], DECIMAL_ONE);
        space->w[i] = (double)votes.weights[i] / VOTE_UNITS;
        space->exact[i] = votes.weights[i];
    }
    *count = votes.count;
    f->voices = (double)votes.voters;
    f->people = votes.persons;
    if (s == STATUS_OK && votes.count > 0) {
        struct moments moments;
        f->mean = moments_mean(space->x, space->w, votes.count);
        moments_about(&moments, space->x, space->w, votes.count, f->mean);
        moments.n = (double)votes.voters; /* what thirds and sevenths add up to, exactly */
        set_moments(f, &moments, request->full);
        f->p10 = quantile_weighted(space->values, space->w, votes.count, P10, DECIMAL_ONE);
        f->median = quantile_weighted(space->values, space->w, votes.count, P50, DECIMAL_ONE);
        f->p90 = quantile_weighted(space->values, space->w, votes.count, P90, DECIMAL_ONE);
    }
    votes_free(&votes);
    return s;
}

static void fill_bands(const struct bands *bands, struct figures_space *space, size_t count,
                       double unit, struct figures *f)
{
    for (size_t b = 0; b < bands->count; b++)
        space->exact_in_band[b] = 0;
    for (size_t i = 0; i < count; i++) {
        size_t b = bands_find(bands, space->values[i]);
        if (b < bands->count) {
            space->exact_in_band[b] += space->exact[i];
        } else {
            f->stray = true;
            f->stray_score = space->values[i];
        }
    }
    for (size_t b = 0; b < bands->count; b++)
        space->in_band[b] = (double)space->exact_in_band[b] / unit;
    f->band_count = bands->count;
    f->in_band = space->in_band;
    f->exact_in_band = space->exact_in_band;
}

static void band_shares(struct figures *f, double unit)
{
    const unsigned __int128 *in_band = f->exact_in_band;
    size_t k = f->band_count;
    if (k < 2 || !(f->voices > 0))
        return;
    f->extreme_share = (double)(in_band[0] + in_band[k - 1]) / unit / f->voices;
    __int128 net = 0;
    for (size_t b = 0; b < k; b++) {
        if (2 * (b + 1) > k + 1)
            net += (__int128)in_band[b];
        else if (2 * (b + 1) < k + 1)
            net -= (__int128)in_band[b];
    }
    f->net = (double)net / unit / f->voices;
    f->nps = 100 * ((double)net / unit) / f->voices;
    if (k == 2)
        return;
    unsigned __int128 middle = in_band[(k - 1) / 2] + (k % 2 == 0 ? in_band[k / 2] : 0);
    f->middle_share = (double)middle / unit / f->voices;
}

static enum status band_forms(struct figures_space *space, struct figures *f, struct error *err)
{
    size_t k = f->band_count;
    enum status s = make_room(space, k, err);
    if (s != STATUS_OK)
        return s;
    for (size_t b = 0; b < k; b++) {
        space->x[b] = (double)(b + 1);
        space->noise[b] = interval_wilson(f->in_band[b], f->voices, INTERVAL_Z95);
    }
    f->noise = space->noise;
    f->agreement = agreement_eijk(f->in_band, k);
    f->leik = agreement_leik(f->in_band, k);
    f->esteban_ray = polarization_normalised(space->x, f->in_band, k);
    f->shape = shape_name(f->in_band, k, f->voices);
    return STATUS_OK;
}

static enum status measure(unsigned type, struct groups *groups, struct exact_table *table,
                           struct figures_space *space, struct measure_figures *m,
                           struct error *err)
{
    *m = (struct measure_figures){.count = table->total,
                                  .mean = (double)NAN,
                                  .sd = (double)NAN,
                                  .median = (double)NAN,
                                  .p90 = (double)NAN};
    int64_t origin;
    enum status s = lay_out(table, groups, space, &origin, err);
    if (s != STATUS_OK || table->count == 0)
        return s;
    struct moments moments;
    m->sum = exact_table_sum(table);
    m->min = table->cells[0].value;
    m->max = table->cells[table->count - 1].value;
    m->mean = exact_table_mean(table, 0);
    moments_about(&moments, space->x, space->w, table->count, exact_table_mean(table, origin));
    m->sd = moments_sd(&moments);
    m->median = quantile(type, space, table->count, P50);
    m->p90 = quantile(type, space, table->count, P90);
    return STATUS_OK;
}

enum status figures_compute(const struct figures_request *request, struct groups *groups,
                            struct group *group, const struct bands *bands,
                            struct figures_space *space, struct figures *f, struct error *err)
{
    double none = (double)NAN;
    *f = (struct figures){.records = group->records,
                          .scored = group->scores.total,
                          .missing = group->missing,
                          .off_scale = group->off_scale,
                          .mean = none,
                          .sd = none,
                          .p10 = none,
                          .median = none,
                          .p90 = none,
                          .extreme_share = none,
                          .middle_share = none,
                          .net = none,
                          .nps = none,
                          .skewness = none,
                          .kurtosis = none,
                          .agreement = none,
                          .bimodality = none,
                          .leik = none,
                          .esteban_ray = none,
                          .shape = ""};
    size_t measures = groups->plan->measure_count;
    enum status s = make_band_room(space, bands == NULL ? 0 : bands->count, measures, err);
    for (size_t m = 0; s == STATUS_OK && m < measures; m++)
        s = measure(request->quantile_type, groups, &group->measures[m].values, space,
                    &space->measures[m], err);
    f->measures = space->measures;
    if (s != STATUS_OK)
        return s;
    size_t count = 0;
    s = (request->votes ? from_votes : from_records)(request, groups, group, space, f, &count, err);
    if (s != STATUS_OK || bands == NULL)
        return s;
    double unit = request->votes ? VOTE_UNITS : 1;
    fill_bands(bands, space, count, unit, f);
    band_shares(f, unit);
    return request->full ? band_forms(space, f, err) : STATUS_OK;
}
