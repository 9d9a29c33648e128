#include "stats/trim.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/refuse.h"

static double rows_of(const struct trim_input *in, size_t i)
{
    return in->counts == NULL ? 1 : in->counts[i];
}

static double total_of(const struct trim_input *in, const double *weights)
{
    double total = 0;
    for (size_t i = 0; i < in->count; i++)
        total += rows_of(in, i) * weights[i];
    return total;
}

static enum status check(const struct trim_input *in, double *mean, struct error *err)
{
    enum status s = refuse_counts(in->weights, in->count, "a weight", "cell", NULL, err);
    if (s == STATUS_OK && in->counts != NULL)
        s = refuse_counts(in->counts, in->count, "rows", "cell", NULL, err);
    if (s != STATUS_OK)
        return s;
    double rows = 0;
    for (size_t i = 0; i < in->count; i++)
        rows += rows_of(in, i);
    *mean = total_of(in, in->weights) / rows;
    if (!(*mean > 0) || !isfinite(*mean))
        return error_set(err, STATUS_DATA, "no rows with a weight to be trimmed");
    if (!(in->lower >= 0) || !(in->upper >= *mean))
        return error_set(err, STATUS_DATA,
                         "weights cannot be trimmed to %g..%g: their mean is %g, and their total "
                         "is kept; the upper limit must not lie below the mean",
                         in->lower, in->upper, *mean);
    if (in->lower > *mean)
        return error_set(err, STATUS_DATA,
                         "weights cannot be raised to %g: their mean is %g, and their total is "
                         "kept; the lower limit must not lie above the mean",
                         in->lower, *mean);
    return STATUS_OK;
}

/* How far a weight may lie beyond a limit and still count as on it: R, which allows for nothing,
 * may go on for ever over the last digit. */
#define SLACK 1e-13
enum { ROUNDS_MAX = 10000 };

enum { CUT = 1, RAISED = 2 };

/* Sets each weight beyond a limit to it; the sum of what that took (less than 0: gave), and the
 * rows that were within.  False if none was beyond. */
static bool clip(const struct trim_input *in, double *weights, bool *beyond, unsigned char *ever,
                 double *taken, double *within)
{
    bool any = false;
    *taken = 0;
    *within = 0;
    for (size_t i = 0; i < in->count; i++) {
        const double w = weights[i], rows = rows_of(in, i);
        const bool above = w > in->upper * (1 + SLACK);
        beyond[i] = above || w < in->lower * (1 - SLACK);
        any = any || beyond[i];
        if (!beyond[i]) {
            *within += rows;
            continue;
        }
        weights[i] = above ? in->upper : in->lower;
        ever[i] |= above ? CUT : RAISED;
        *taken += rows * (w - weights[i]);
    }
    return any;
}

static void finish(const struct trim_input *in, double *weights, const unsigned char *ever,
                   struct trimmed *out)
{
    for (size_t i = 0; i < in->count; i++) {
        weights[i] = weights[i] > in->upper ? in->upper : weights[i];
        weights[i] = weights[i] < in->lower ? in->lower : weights[i];
        out->rows_upper += (ever[i] & CUT) != 0 ? rows_of(in, i) : 0;
        out->rows_lower += (ever[i] & RAISED) != 0 ? rows_of(in, i) : 0;
    }
    out->after = kish(weights, in->counts, in->count);
}

static enum status run(const struct trim_input *in, double *weights, bool *beyond,
                       unsigned char *ever, struct trimmed *out, struct error *err)
{
    *out = (struct trimmed){.total = total_of(in, in->weights),
                            .before = kish(in->weights, in->counts, in->count)};
    for (size_t i = 0; i < in->count; i++) {
        double w = in->weights[i];
        if (w > in->upper)
            out->lost += rows_of(in, i) * (w - in->upper);
        weights[i] = w;
    }
    double taken = 0, within = 0;
    while (clip(in, weights, beyond, ever, &taken, &within)) {
        if (fabs(taken) > 1e-12 * out->total && !(within > 0))
            return error_set(err, STATUS_DATA,
                             "trimming to %g..%g leaves no row to take a weight of %g that was cut "
                             "off; set the limits wider apart",
                             in->lower, in->upper, taken);
        if (++out->rounds == ROUNDS_MAX)
            return error_set(err, STATUS_DATA,
                             "trimming to %g..%g does not come to an end in %d rounds, as too few "
                             "rows are left to take what is cut off; set the limits wider apart",
                             in->lower, in->upper, ROUNDS_MAX);
        for (size_t i = 0; within > 0 && i < in->count; i++)
            weights[i] += beyond[i] ? 0 : taken / within;
    }
    finish(in, weights, ever, out);
    return STATUS_OK;
}

enum status trim(const struct trim_input *in, double *weights, struct trimmed *out,
                 struct error *err)
{
    double mean = 0;
    enum status s = check(in, &mean, err);
    if (s != STATUS_OK)
        return s;
    bool *beyond = calloc(in->count, sizeof *beyond);
    unsigned char *ever = calloc(in->count, sizeof *ever);
    s = beyond == NULL || ever == NULL ? error_no_memory(err)
                                       : run(in, weights, beyond, ever, out, err);
    free(beyond);
    free(ever);
    return s;
}
