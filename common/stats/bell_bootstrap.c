#include "stats/bell_bootstrap.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/bell_search.h"

#define COUNT_LIMIT 0x1p53
#define BINOMIAL_MOST 1e9 /* GSL counts in int */

enum { REFIT_ROUNDS = 80 };

/* The caller's generator in the form that GSL takes. */
static unsigned long draw_bits(void *state)
{
    const struct bell_draws *draws = state;
    return (unsigned long)(draws->next(draws->state) >> 32);
}

static double draw_unit(void *state)
{
    const struct bell_draws *draws = state;
    return (double)(draws->next(draws->state) >> 11) * 0x1p-53;
}

static void seed_nothing(void *state, unsigned long seed)
{
    (void)state;
    (void)seed;
}

static const gsl_rng_type draws_type = {
    "bell_draws", 0xffffffffUL, 0, sizeof(struct bell_draws), seed_nothing, draw_bits, draw_unit};

static double draw_binomial(const gsl_rng *rng, double p, double n)
{
    double sum = 0;
    while (n > 0) {
        double part = fmin(n, BINOMIAL_MOST);
        sum += gsl_ran_binomial(rng, p, (unsigned)part);
        n -= part;
    }
    return sum;
}

void bell_draw(double *counts, const double *q, size_t bands, double n,
               const struct bell_draws *draws)
{
    struct bell_draws state = *draws;
    const gsl_rng rng = {&draws_type, &state};
    double left = floor(n);
    double behind = 0; /* q of this band and those after it, summed from the small end */
    double after[BELL_BANDS_MAX];
    for (size_t k = bands; k-- > 0;)
        after[k] = behind += q[k];
    for (size_t k = 0; k < bands; k++) {
        double p = k + 1 == bands || !(q[k] < after[k]) ? 1 : q[k] / after[k];
        counts[k] = p < 1 ? draw_binomial(&rng, p, left) : left;
        left -= counts[k];
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const double *sorted, size_t count, double p)
{
    double place = p * (double)(count - 1);
    size_t low = (size_t)place;
    if (low + 1 >= count)
        return sorted[count - 1];
    return sorted[low] + (place - (double)low) * (sorted[low + 1] - sorted[low]);
}

static void summarise(struct bell_bootstrap *boot, double *means, size_t count, double z)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += means[i] - means[0];
    double mean = means[0] + sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (means[i] - mean) * (means[i] - mean);
    boot->se = sqrt(squares / (double)(count - 1));
    qsort(means, count, sizeof *means, ascending);
    double tail = gsl_cdf_ugaussian_Q(z);
    boot->limits =
        (struct interval){percentile(means, count, tail), percentile(means, count, 1 - tail)};
}

static enum status check(const struct bell_data *data, const struct bell_options *options,
                         const struct bell_draws *draws, double *n, struct error *err)
{
    enum status s = bell_data_check(data, err);
    if (s == STATUS_OK)
        s = bell_options_check(options, data->bands, err);
    if (s != STATUS_OK)
        return s;
    if (draws->count < BELL_DRAWS_MIN)
        return error_set(err, STATUS_DATA, "a bootstrap needs at least %d draws, not %zu",
                         BELL_DRAWS_MIN, draws->count);
    *n = 0;
    for (size_t k = 0; k < data->bands; k++)
        *n += data->counts[k];
    if (!(*n < COUNT_LIMIT))
        return error_set(err, STATUS_DATA, "too many answers for a bootstrap");
    return STATUS_OK;
}

enum status bell_bootstrap(struct bell_bootstrap *boot, const struct bell_fit *fit,
                           const struct bell_data *data, const struct bell_options *options,
                           const struct bell_draws *draws, struct error *err)
{
    const double none = (double)NAN;
    double n = 0;
    *boot = (struct bell_bootstrap){none, {none, none}, none};
    enum status s = check(data, options, draws, &n, err);
    if (s != STATUS_OK || !isfinite(fit->mean) || !(n >= 1))
        return s;
    double *means = calloc(draws->count, sizeof *means);
    if (means == NULL)
        return error_no_memory(err);
    double counts[BELL_BANDS_MAX];
    struct bell_data drawn = *data;
    drawn.counts = counts;
    size_t at_bound = 0;
    for (size_t i = 0; i < draws->count; i++) {
        struct bell_point point;
        bell_draw(counts, fit->answered, data->bands, n, draws);
        bell_climb(&point, &drawn, fit->theta, REFIT_ROUNDS);
        means[i] = bell_mean(&point, options->scores, data->bands, NULL);
        at_bound += bell_at_bound(point.theta, fit->parameters, data->bands) ? 1 : 0;
    }
    boot->at_bound = (double)at_bound / (double)draws->count;
    summarise(boot, means, draws->count, options->z);
    free(means);
    return STATUS_OK;
}
