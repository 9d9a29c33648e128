#include "stats/calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/kish.h"
#include "stats/logistic.h"
#include "stats/refuse.h"

static double score(const struct calibration_input *in, size_t band)
{
    return in->scores == NULL ? (double)band + 1 : in->scores[band];
}

static enum status check_counts(const double *counts, size_t bands, const char *what, double *sum,
                                struct error *err)
{
    enum status s = refuse_counts(counts, bands, what, "band", NULL, err);
    *sum = 0;
    for (size_t k = 0; s == STATUS_OK && k < bands; k++)
        *sum += counts[k];
    if (s == STATUS_OK && !(*sum > 0 && isfinite(*sum)))
        return error_set(err, STATUS_DATA, "%s: %g in all, so nothing can be calibrated", what,
                         *sum);
    return s;
}

static enum status check(const struct calibration_input *in, struct calibrated *out,
                         struct error *err)
{
    double sum = 0;
    if (in->bands < 2)
        return error_set(err, STATUS_DATA, "calibration needs at least 2 bands, not %zu",
                         in->bands);
    if (in->bands < 3 && (in->form == CALIBRATION_USHAPE || in->form == CALIBRATION_TILT_USHAPE))
        return error_set(err, STATUS_DATA,
                         "a U-shaped form needs at least 3 bands, not %zu; use the saturated form",
                         in->bands);
    enum status s =
        check_counts(in->reference, in->bands, "answers of the reference group", &sum, err);
    if (s == STATUS_OK)
        s = check_counts(in->target, in->bands, "answers of the target group", &sum, err);
    if (s == STATUS_OK)
        s = check_counts(in->probe, in->bands, "answers of the probe", &out->probe_n, err);
    return s;
}

/* The columns of Z behind the constant; how many. */
static size_t design(const struct calibration_input *in, size_t band, double z[2])
{
    double half = ((double)in->bands - 1) / 2;
    double u = ((double)band - half) / half;
    size_t columns = 0;
    if (in->form == CALIBRATION_TILT || in->form == CALIBRATION_TILT_USHAPE)
        z[columns++] = u;
    if (in->form == CALIBRATION_USHAPE || in->form == CALIBRATION_TILT_USHAPE)
        z[columns++] = fabs(u);
    return columns;
}

/* Sums over the bands, with 0.5 added to each. */
struct sums {
    double reference;
    double probe;
};

static struct sums sums_of(const struct calibration_input *in)
{
    struct sums sums = {0, 0};
    for (size_t k = 0; k < in->bands; k++) {
        sums.reference += in->reference[k] + CALIBRATION_ADDED;
        sums.probe += in->probe[k] + CALIBRATION_ADDED;
    }
    return sums;
}

/* log w into weights. */
static void weigh_saturated(const struct calibration_input *in, double *weights)
{
    struct sums sums = sums_of(in);
    for (size_t k = 0; k < in->bands; k++)
        weights[k] = log((in->probe[k] + CALIBRATION_ADDED) / sums.probe) -
                     log((in->reference[k] + CALIBRATION_ADDED) / sums.reference);
}

static enum status weigh_smooth(const struct calibration_input *in, double *weights,
                                struct logistic_fit *fit, struct error *err)
{
    double column[2];
    size_t columns = design(in, 0, column);
    size_t width = columns + 1;
    double *z = calloc(in->bands * (width + 2), sizeof *z);
    if (z == NULL)
        return error_no_memory(err);
    double *yes = z + in->bands * width, *no = yes + in->bands;
    for (size_t k = 0; k < in->bands; k++) {
        (void)design(in, k, column);
        z[k * width] = 1;
        for (size_t i = 0; i < columns; i++)
            z[k * width + 1 + i] = column[i];
        yes[k] = in->probe[k] + CALIBRATION_ADDED;
        no[k] = in->reference[k] + CALIBRATION_ADDED;
    }
    enum status s = logistic_fit(z, yes, no, in->bands, width, fit, err);
    for (size_t k = 0; k < in->bands; k++) {
        weights[k] = 0;
        for (size_t i = 1; i < width; i++)
            weights[k] += z[k * width + i] * fit->b[i];
    }
    free(z);
    return s;
}

/* log w to w, the largest being 1, and the shares under them. */
static void apply(const struct calibration_input *in, double *weights, double *share,
                  struct calibrated *out)
{
    double most = weights[0], least = weights[0], sum = 0;
    for (size_t k = 1; k < in->bands; k++) {
        most = weights[k] > most ? weights[k] : most;
        least = weights[k] < least ? weights[k] : least;
    }
    for (size_t k = 0; k < in->bands; k++) {
        weights[k] = exp(weights[k] - most);
        share[k] = in->target[k] * weights[k];
        sum += share[k];
    }
    out->mean = out->probe_mean = 0;
    for (size_t k = 0; k < in->bands; k++) {
        share[k] /= sum;
        out->mean += share[k] * score(in, k);
        out->probe_mean += in->probe[k] / out->probe_n * score(in, k);
    }
    out->weight_ratio = exp(most - least);
    out->n_eff = kish(weights, in->target, in->bands).n_eff;
}

static double variance_of(const struct calibration_input *in, const double *share, double mean,
                          const struct logistic_fit *fit)
{
    double variance = 0;
    double q[2] = {0, 0}; /* Z' G */
    size_t columns = 0;
    for (size_t k = 0; k < in->bands; k++) {
        double g = share[k] * (score(in, k) - mean);
        double t = in->target[k] > CALIBRATION_ADDED ? in->target[k] : CALIBRATION_ADDED;
        double z[2] = {0, 0};
        variance += g * g / t;
        columns = design(in, k, z);
        q[0] += z[0] * g;
        q[1] += z[1] * g;
        if (columns == 0)
            variance += g * g *
                        (1 / (in->probe[k] + CALIBRATION_ADDED) +
                         1 / (in->reference[k] + CALIBRATION_ADDED));
    }
    for (size_t i = 0; i < columns; i++)
        for (size_t j = 0; j < columns; j++)
            variance += q[i] * q[j] * fit->covariance[i + 1][j + 1];
    return variance;
}

enum status calibrate(const struct calibration_input *in, double *weights, double *share,
                      struct calibrated *out, struct error *err)
{
    struct logistic_fit fit = {.steps = 0};
    *out = (struct calibrated){.flags = 0};
    enum status s = check(in, out, err);
    if (s != STATUS_OK)
        return s;
    if (in->form == CALIBRATION_SATURATED)
        weigh_saturated(in, weights);
    else
        s = weigh_smooth(in, weights, &fit, err);
    if (s != STATUS_OK)
        return s;
    apply(in, weights, share, out);
    out->se = sqrt(variance_of(in, share, out->mean, &fit));
    calibration_widen(out, 0, in->z);
    /* Not ">=" and "<": NaN is refused. */
    out->flags |= out->weight_ratio <= CALIBRATION_RATIO_MAX ? 0 : CALIBRATION_UNEVEN;
    out->flags |= out->n_eff >= CALIBRATION_N_EFF_MIN ? 0 : CALIBRATION_FEW;
    out->flags |= out->probe_n >= CALIBRATION_PROBE_MIN ? 0 : CALIBRATION_SMALL_PROBE;
    return STATUS_OK;
}

enum status calibration_refuse(const struct calibrated *c, struct error *err)
{
    char uneven[120] = "", few[120] = "", small[120] = "";
    if (c->flags == 0)
        return STATUS_OK;
    if (c->flags & CALIBRATION_UNEVEN)
        (void)snprintf(uneven, sizeof uneven, "; weights differ by a factor of %.3g (at most %g)",
                       c->weight_ratio, CALIBRATION_RATIO_MAX);
    if (c->flags & CALIBRATION_FEW)
        (void)snprintf(few, sizeof few, "; the target group is worth %.3g answers (at least %g)",
                       c->n_eff, CALIBRATION_N_EFF_MIN);
    if (c->flags & CALIBRATION_SMALL_PROBE)
        (void)snprintf(small, sizeof small, "; the probe has %.15g answers (at least %g)",
                       c->probe_n, CALIBRATION_PROBE_MIN);
    return error_set(err, STATUS_DATA,
                     "calibration is not trusted%s%s%s; take a larger probe, or join bands", small,
                     uneven, few);
}

void calibration_widen(struct calibrated *c, double tau2, double z)
{
    c->tau2 += tau2;
    c->se = sqrt(c->se * c->se + tau2);
    c->low = c->mean - z * c->se;
    c->high = c->mean + z * c->se;
}
