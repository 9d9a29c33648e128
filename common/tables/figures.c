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
                    sizeof *space->w + sizeof *space->exact + sizeof *space->weight;
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
    space->weight = grown(space->weight, cap, sizeof *space->weight, &ok);
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
        space->weight_in_band =
            grown(space->weight_in_band, bands, sizeof *space->weight_in_band, &ok);
        space->share = grown(space->share, bands, sizeof *space->share, &ok);
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
    free(space->weight);
    free(space->in_band);
    free(space->share);
    free(space->exact_in_band);
    free(space->weight_in_band);
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
    f->voices = f->base = (double)f->scored;
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
    f->voices = f->base = (double)votes.voters;
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

/* sum of value * weight, less origin for each weight; false beyond 128 bits. */
static bool weighted_sum(const struct figures_space *space, size_t count, int64_t origin,
                         __int128 *sum)
{
    const unsigned __int128 most = ~(unsigned __int128)0 >> 1;
    *sum = 0;
    for (size_t i = 0; i < count; i++) {
        __int128 part;
        if (space->weight[i] > most ||
            __builtin_mul_overflow((__int128)space->values[i] - origin, (__int128)space->weight[i],
                                   &part) ||
            __builtin_add_overflow(*sum, part, sum))
            return false;
    }
    return true;
}

static double weighted_quantile(const struct figures_request *request,
                                const struct figures_space *space, size_t count,
                                struct probability p)
{
    return quantile_of_weights(space->values, space->weight, count, p, request->quantile_type == 1,
                               DECIMAL_ONE);
}

/* Figures of scores laid out with their weights, whose sum is above 0. */
static enum status weigh(const struct figures_request *request, const struct figures_space *space,
                         size_t count, int64_t origin, const struct weight_sum *total,
                         struct figures *f, struct error *err)
{
    __int128 sum, from_origin;
    if (!weighted_sum(space, count, 0, &sum) || !weighted_sum(space, count, origin, &from_origin))
        return error_set(err, STATUS_DATA, "the weighted scores of one group are too large");
    const __int128 all = (__int128)total->w * DECIMAL_ONE;
    struct moments moments;
    f->base = f->n_eff = ratio_of_product(total->w, total->w, total->w2);
    f->mean = ratio(sum, all);
    moments_about(&moments, space->x, space->w, count, ratio(from_origin, all));
    moments.n = (double)(f->scored - total->weightless);
    set_moments(f, &moments, request->full);
    f->p10 = weighted_quantile(request, space, count, P10);
    f->median = weighted_quantile(request, space, count, P50);
    f->p90 = weighted_quantile(request, space, count, P90);
    return STATUS_OK;
}

static enum status from_weights(const struct figures_request *request, struct groups *groups,
                                struct group *group, struct figures_space *space, struct figures *f,
                                size_t *count, struct error *err)
{
    int64_t origin;
    struct weight_sum total;
    struct weight_sums *sums = groups_weights(groups, group);
    enum status s = weight_sums_sort(sums, &group->scores, groups->budget, err);
    if (s == STATUS_OK)
        s = lay_out(&group->scores, groups, space, &origin, err);
    if (s == STATUS_OK)
        s = weight_sums_total(sums, &group->scores, &total, err);
    if (s != STATUS_OK)
        return s;
    *count = group->scores.count;
    for (size_t i = 0; i < *count; i++) {
        space->weight[i] = sums->of[i].w;
        space->w[i] = ratio((__int128)sums->of[i].w, DECIMAL_ONE);
    }
    f->people = group->persons.count;
    f->weight = total.w;
    f->voices = ratio((__int128)total.w, DECIMAL_ONE);
    f->base = 0;
    return total.w == 0 ? STATUS_OK : weigh(request, space, *count, origin, &total, f, err);
}

static void fill_bands(const struct bands *bands, struct figures_space *space, size_t count,
                       double unit, bool weighted, struct figures *f)
{
    for (size_t b = 0; b < bands->count; b++)
        space->exact_in_band[b] = space->weight_in_band[b] = 0;
    for (size_t i = 0; i < count; i++) {
        size_t b = bands_find(bands, space->values[i]);
        if (b < bands->count) {
            space->exact_in_band[b] += space->exact[i];
            space->weight_in_band[b] += weighted ? space->weight[i] : 0;
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
    f->weight_in_band = weighted ? space->weight_in_band : NULL;
    f->share = space->share;
}

/* times (a part of what the shares are shares of), in the unit of part; rounded once but for
 * votes. */
static double share_of(const struct figures *f, __int128 part, double unit, int times)
{
    if (f->weight_in_band != NULL)
        return ratio(part * times, (__int128)f->weight);
    return times * ((double)part / unit) / f->voices;
}

static void band_shares(struct figures_space *space, struct figures *f, double unit)
{
    const unsigned __int128 *in_band =
        f->weight_in_band != NULL ? f->weight_in_band : f->exact_in_band;
    size_t k = f->band_count;
    for (size_t b = 0; b < k; b++)
        space->share[b] = f->voices > 0 ? share_of(f, (__int128)in_band[b], unit, 1) : (double)NAN;
    if (k < 2 || !(f->voices > 0))
        return;
    f->extreme_share = share_of(f, (__int128)(in_band[0] + in_band[k - 1]), unit, 1);
    __int128 net = 0;
    for (size_t b = 0; b < k; b++) {
        if (2 * (b + 1) > k + 1)
            net += (__int128)in_band[b];
        else if (2 * (b + 1) < k + 1)
            net -= (__int128)in_band[b];
    }
    f->net = share_of(f, net, unit, 1);
    f->nps = share_of(f, net, unit, 100);
    if (k == 2)
        return;
    unsigned __int128 middle = in_band[(k - 1) / 2] + (k % 2 == 0 ? in_band[k / 2] : 0);
    f->middle_share = share_of(f, (__int128)middle, unit, 1);
}

/* The sums of weights by bands over what divides them all: the smallest whole numbers of these
 * proportions, which for equal weights are those of the counts.  false: too large for a double. */
static bool proportions(const struct figures *f, double *out)
{
    unsigned __int128 common = f->weight;
    for (size_t b = 0; b < f->band_count; b++) {
        unsigned __int128 other = f->weight_in_band[b];
        while (other != 0) {
            unsigned __int128 rest = common % other;
            common = other;
            other = rest;
        }
    }
    for (size_t b = 0; b < f->band_count; b++)
        out[b] = common == 0 ? 0 : (double)(f->weight_in_band[b] / common);
    return common == 0 || f->weight / common <= (uint64_t)1 << 53;
}

/* Wilson takes a count out of base. */
static double share_of_base(const struct figures *f, size_t band)
{
    if (f->weight_in_band == NULL)
        return f->in_band[band];
    return f->weight_in_band[band] == f->weight
               ? f->base
               : ratio((__int128)f->weight_in_band[band], DECIMAL_ONE) * (f->base / f->voices);
}

static enum status band_forms(struct figures_space *space, struct figures *f, struct error *err)
{
    size_t k = f->band_count;
    enum status s = make_room(space, k, err);
    if (s != STATUS_OK)
        return s;
    for (size_t b = 0; b < k; b++) {
        space->x[b] = (double)(b + 1);
        space->noise[b] = interval_wilson(share_of_base(f, b), f->base, INTERVAL_Z95);
    }
    const double *in_band = f->in_band;
    bool whole = true;
    if (f->weight_in_band != NULL) {
        whole = proportions(f, space->w);
        in_band = space->w;
    }
    f->noise = space->noise;
    f->agreement = whole ? agreement_eijk(in_band, k) : (double)NAN;
    f->leik = agreement_leik(in_band, k);
    f->esteban_ray = polarization_normalised(space->x, in_band, k);
    f->shape = shape_name(in_band, k, f->base);
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
                          .n_eff = none,
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
    const bool weighted = groups->plan->weighted;
    s = (weighted         ? from_weights
         : request->votes ? from_votes
                          : from_records)(request, groups, group, space, f, &count, err);
    if (s != STATUS_OK || bands == NULL)
        return s;
    double unit = request->votes ? VOTE_UNITS : 1;
    fill_bands(bands, space, count, unit, weighted, f);
    band_shares(space, f, unit);
    return request->full ? band_forms(space, f, err) : STATUS_OK;
}
