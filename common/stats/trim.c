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

/* One round; false if no weight lay beyond a limit.  A weight that was once set to a limit stays
 * there, so each round sets at least one more. */
static bool clip(const struct trim_input *in, double *weights, bool *fixed, struct trimmed *out)
{
    bool any = false;
    for (size_t i = 0; i < in->count; i++) {
        if (weights[i] > in->upper) {
            weights[i] = in->upper;
            out->rows_upper += rows_of(in, i);
        } else if (weights[i] < in->lower) {
            weights[i] = in->lower;
            out->rows_lower += rows_of(in, i);
        } else {
            continue;
        }
        fixed[i] = true;
        any = true;
    }
    return any;
}

static enum status spread(const struct trim_input *in, double *weights, const bool *fixed,
                          double total, struct error *err)
{
    double free_rows = 0;
    double lost = total - total_of(in, weights);
    for (size_t i = 0; i < in->count; i++)
        free_rows += fixed[i] ? 0 : rows_of(in, i);
    if (free_rows > 0) {
        for (size_t i = 0; i < in->count; i++)
            weights[i] += fixed[i] ? 0 : lost / free_rows;
        return STATUS_OK;
    }
    if (fabs(lost) <= 1e-12 * total)
        return STATUS_OK;
    return error_set(err, STATUS_DATA,
                     "trimming to %g..%g leaves no row to take a weight of %g that was cut off; "
                     "set the limits wider apart",
                     in->lower, in->upper, lost);
}

static enum status run(const struct trim_input *in, double *weights, bool *fixed,
                       struct trimmed *out, struct error *err)
{
    *out = (struct trimmed){.total = total_of(in, in->weights),
                            .before = kish(in->weights, in->counts, in->count)};
    for (size_t i = 0; i < in->count; i++) {
        double w = in->weights[i];
        if (w > in->upper)
            out->lost += rows_of(in, i) * (w - in->upper);
        weights[i] = w;
    }
    while (clip(in, weights, fixed, out)) {
        out->rounds++;
        enum status s = spread(in, weights, fixed, out->total, err);
        if (s != STATUS_OK)
            return s;
    }
    out->after = kish(weights, in->counts, in->count);
    return STATUS_OK;
}

enum status trim(const struct trim_input *in, double *weights, struct trimmed *out,
                 struct error *err)
{
    double mean = 0;
    enum status s = check(in, &mean, err);
    if (s != STATUS_OK)
        return s;
    bool *fixed = calloc(in->count, sizeof *fixed);
    if (fixed == NULL)
        return error_no_memory(err);
    s = run(in, weights, fixed, out, err);
    free(fixed);
    return s;
}
