#include "stats/selection.h"

#include <math.h>

#include "stats/counts.h"
#include "stats/coverage.h"

enum status selection_check_ratio(double gamma, struct error *err)
{
    if (!(gamma >= 1) || !isfinite(gamma))
        return error_set(err, STATUS_USAGE, "a ratio of readiness is 1 or more, not %g", gamma);
    return STATUS_OK;
}

/* The bounds are NaN, and *any false, if all counts are 0. */
static enum status begin(struct interval *bounds, bool *any, const double *scores,
                         const double *counts, size_t bands, double gamma, struct error *err)
{
    double n = 0;
    enum status s = selection_check_ratio(gamma, err);
    if (s == STATUS_OK)
        s = counts_sum(counts, bands, &n, err);
    if (s == STATUS_OK)
        s = counts_any_scores(scores, bands, err);
    *any = s == STATUS_OK && n > 0;
    if (s == STATUS_OK)
        *bounds = (struct interval){(double)NAN, (double)NAN};
    return s;
}

/* Mean with the scores beyond edge (above it for side 1, below for -1) weighed gamma times the
 * rest.  The weights are 1 and 1/gamma, so that no sum overflows. */
static double mean_beyond(const double *scores, const double *counts, size_t bands, double gamma,
                          double edge, double side)
{
    double n = 0, sum = 0;
    for (size_t i = 0; i < bands; i++) {
        double w = side * (scores[i] - edge) > 0 ? counts[i] : counts[i] / gamma;
        n += w;
        sum += w * (scores[i] - scores[0]);
    }
    return scores[0] + sum / n;
}

/* At the best mean m, exactly the scores beyond m have the greater weight (Dinkelbach 1967): to
 * weigh so by the mean found, and again, climbs to it in a few rounds, at most one a band, and
 * needs no order of the scores. */
static double best_mean(const double *scores, const double *counts, size_t bands, double gamma,
                        double mean, double side)
{
    for (size_t round = 0; round <= bands; round++) {
        double next = mean_beyond(scores, counts, bands, gamma, mean, side);
        if (!(side * (next - mean) > 0))
            break;
        mean = next;
    }
    return mean;
}

enum status selection_bounds(struct interval *bounds, const double *scores, const double *counts,
                             size_t bands, double gamma, struct error *err)
{
    bool any;
    enum status s = begin(bounds, &any, scores, counts, bands, gamma, err);
    if (!any)
        return s;
    double mean = mean_beyond(scores, counts, bands, 1, scores[0], 1);
    bounds->low = best_mean(scores, counts, bands, gamma, mean, -1);
    bounds->high = best_mean(scores, counts, bands, gamma, mean, 1);
    return STATUS_OK;
}

/* Sums over a run of bands: of the counts, and of counts by score less the first score. */
struct run {
    double n;
    double sum;
};

static void add_band(struct run *run, const double *scores, const double *counts, size_t band)
{
    run->n += counts[band];
    run->sum += counts[band] * (scores[band] - scores[0]);
}

enum status selection_ushape_bounds(struct interval *bounds, const double *scores,
                                    const double *counts, size_t bands, double gamma,
                                    struct error *err)
{
    bool any;
    enum status s = begin(bounds, &any, scores, counts, bands, gamma, err);
    if (!any)
        return s;
    struct run all = {0, 0}, core = {0, 0};
    for (size_t i = 0; i < bands; i++)
        add_band(&all, scores, counts, i);
    bounds->low = bounds->high = scores[0] + all.sum / all.n;
    size_t middle_low = (bands - 1) / 2, middle_high = bands / 2;
    if (middle_high > middle_low)
        add_band(&core, scores, counts, middle_high);
    for (size_t from = middle_low + 1; from-- > 0;) {
        add_band(&core, scores, counts, from);
        struct run run = core;
        for (size_t to = middle_high; to < bands; to++) {
            if (to > middle_high)
                add_band(&run, scores, counts, to);
            double mean = scores[0] + (run.sum + (all.sum - run.sum) / gamma) /
                                          (run.n + (all.n - run.n) / gamma);
            bounds->low = mean < bounds->low ? mean : bounds->low;
            bounds->high = mean > bounds->high ? mean : bounds->high;
        }
    }
    return STATUS_OK;
}

static enum status check_shares(const double *shares, size_t bands, struct error *err)
{
    double sum = 0;
    for (size_t i = 0; i < bands; i++) {
        if (!(shares[i] >= 0 && shares[i] <= 1))
            return error_set(err, STATUS_DATA, "the share of band %zu is %g, not between 0 and 1",
                             i + 1, shares[i]);
        sum += shares[i];
    }
    if (fabs(sum - 1) > 1e-9)
        return error_set(err, STATUS_DATA, "the shares add up to %.12g, not to 1", sum);
    return STATUS_OK;
}

enum status selection_silent(double *silent, bool *feasible, const double *counts,
                             const double *shares, size_t bands, double population,
                             struct error *err)
{
    double n;
    struct coverage coverage;
    enum status s = counts_sum(counts, bands, &n, err);
    if (s == STATUS_OK)
        s = coverage_of(&coverage, n, population, err);
    if (s == STATUS_OK)
        s = check_shares(shares, bands, err);
    if (s != STATUS_OK)
        return s;
    *feasible = n > 0;
    for (size_t i = 0; i < bands; i++) {
        silent[i] = n > 0 ? population * shares[i] - counts[i] : (double)NAN;
        /* A share is rounded, and N of them must not make -1e-10 people of nobody. */
        if (fabs(silent[i]) <= 1e-12 * population)
            silent[i] = 0;
        if (silent[i] < 0)
            *feasible = false;
    }
    return STATUS_OK;
}
