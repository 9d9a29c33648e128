#include "stats/sensitivity.h"

#include <math.h>

#include "stats/balance.h"
#include "stats/counts.h"
#include "stats/coverage.h"
#include "stats/moments.h"
#include "stats/selection.h"

static bool is_extreme(size_t band, size_t bands, enum extremes extremes)
{
    return (band == 0 && extremes != EXTREMES_HIGH) ||
           (band + 1 == bands && extremes != EXTREMES_LOW);
}

enum status sweep_limit(double *limit, const double *counts, size_t bands, enum extremes extremes,
                        double population, struct error *err)
{
    double n;
    struct coverage coverage;
    *limit = (double)NAN;
    enum status s = counts_sum(counts, bands, &n, err);
    if (s != STATUS_OK || isnan(population))
        return s;
    s = coverage_of(&coverage, n, population, err);
    if (s != STATUS_OK || !(n > 0))
        return s;
    double inside = 0, others = 0;
    for (size_t i = 0; i < bands; i++) {
        if (is_extreme(i, bands, extremes))
            inside += counts[i];
        else
            others += counts[i];
    }
    *limit = others > 0 ? (population - inside) / others : (double)INFINITY;
    return STATUS_OK;
}

enum status sweep_at(struct sweep_row *row, double *shares, const double *x, const double *counts,
                     size_t bands, enum extremes extremes, double gamma, double limit,
                     struct error *err)
{
    double n;
    enum status s = counts_sum(counts, bands, &n, err);
    if (s == STATUS_OK)
        s = counts_scores(x, bands, err);
    if (s == STATUS_OK)
        s = selection_check_ratio(gamma, err);
    if (s != STATUS_OK)
        return s;
    double sum = 0;
    for (size_t i = 0; i < bands; i++) {
        shares[i] = is_extreme(i, bands, extremes) ? counts[i] / gamma : counts[i];
        sum += shares[i];
    }
    for (size_t i = 0; i < bands; i++)
        shares[i] = n > 0 ? shares[i] / sum : (double)NAN;
    *row = (struct sweep_row){.gamma = gamma,
                              .mean = moments_mean(x, shares, bands),
                              .net = balance_net(x, shares, bands),
                              .feasible = n > 0 && !(gamma > limit)};
    return STATUS_OK;
}

static enum status checked(const double *scores, const double *counts, size_t bands, double t,
                           struct error *err)
{
    double n;
    if (!isfinite(t))
        return error_set(err, STATUS_USAGE, "the score to be reached is not a finite number");
    enum status s = counts_sum(counts, bands, &n, err);
    return s == STATUS_OK ? counts_any_scores(scores, bands, err) : s;
}

/* A sum that is nothing but the rounding of its terms would make a ratio of 1e16 out of "none". */
static double or_zero(double sum, double size)
{
    return fabs(sum) <= 1e-13 * size ? 0 : sum;
}

enum status tipping_extremes(double *gamma, const double *scores, const double *counts,
                             size_t bands, enum extremes extremes, double t, struct error *err)
{
    *gamma = (double)NAN;
    enum status s = checked(scores, counts, bands, t, err);
    if (s != STATUS_OK)
        return s;
    double inside = 0, others = 0, inside_size = 0, others_size = 0;
    for (size_t i = 0; i < bands; i++) {
        double pull = counts[i] * (scores[i] - t);
        if (is_extreme(i, bands, extremes)) {
            inside += pull;
            inside_size += fabs(pull);
        } else {
            others += pull;
            others_size += fabs(pull);
        }
    }
    inside = or_zero(inside, inside_size);
    others = or_zero(others, others_size);
    if (fabs(inside) + fabs(others) <= 0)
        return STATUS_OK;
    /* Extremes and others that pull the same way, or not at all, never come to balance. */
    bool tips = (inside > 0 && others < 0) || (inside < 0 && others > 0);
    double ratio = tips ? -inside / others : 0;
    *gamma = ratio >= 1 ? ratio : (double)INFINITY;
    return STATUS_OK;
}

enum status tipping_any(double *gamma, const double *scores, const double *counts, size_t bands,
                        double t, struct error *err)
{
    *gamma = (double)NAN;
    enum status s = checked(scores, counts, bands, t, err);
    if (s != STATUS_OK)
        return s;
    double up = 0, down = 0;
    for (size_t i = 0; i < bands; i++) {
        double pull = counts[i] * (scores[i] - t);
        up += pull > 0 ? pull : 0;
        down -= pull < 0 ? pull : 0;
    }
    double larger = up > down ? up : down, smaller = up > down ? down : up;
    if (larger > 0)
        *gamma = smaller > 0 ? larger / smaller : (double)INFINITY;
    return STATUS_OK;
}
