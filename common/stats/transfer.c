#include "stats/transfer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/refuse.h"

static enum status check_groups(size_t groups, double tau, struct error *err)
{
    if (groups < 1)
        return error_set(err, STATUS_DATA, "calibration needs at least one reference group");
    if (isnan(tau) && groups < TRANSFER_GROUPS_MIN)
        return error_set(
            err, STATUS_DATA,
            "%zu reference groups: how far groups differ is measured from at least %d; "
            "give more of them, or give tau",
            groups, TRANSFER_GROUPS_MIN);
    if (tau < 0 || isinf(tau))
        return error_set(err, STATUS_DATA, "tau of %g; it is finite and not below 0", tau);
    return STATUS_OK;
}

/* Puts the group in front of what was said of its table. */
static enum status in_group(const struct transfer_input *in, size_t group, enum status s,
                            struct error *err)
{
    char name[REFUSE_NAME_MAX];
    if (s != STATUS_DATA || err == NULL)
        return s;
    char text[ERROR_TEXT_MAX];
    (void)snprintf(text, sizeof text, "%s", err->text);
    return error_set(err, s, "%s: %s", refuse_name(name, "group", in->group_names, group), text);
}

/* What is worked with: sums over the groups, less one where it is estimated from the others. */
struct pool {
    double *reference;
    double *probe;
    double *weights;
    double *share;
};

static struct calibration_input of_pool(const struct transfer_input *in, const struct pool *pool,
                                        const double *target)
{
    return (struct calibration_input){.reference = pool->reference,
                                      .probe = pool->probe,
                                      .target = target,
                                      .scores = in->scores,
                                      .bands = in->bands,
                                      .form = in->form,
                                      .z = in->z};
}

/* All groups but one; without: groups for all of them. */
static void gather(const struct transfer_input *in, size_t without, struct pool *pool)
{
    for (size_t k = 0; k < in->bands; k++)
        pool->reference[k] = pool->probe[k] = 0;
    for (size_t j = 0; j < in->groups; j++) {
        for (size_t k = 0; j != without && k < in->bands; k++) {
            pool->reference[k] += in->reference[j * in->bands + k];
            pool->probe[k] += in->probe[j * in->bands + k];
        }
    }
}

/* Each group's own tables: in sums a negative count would not be seen. */
static enum status check_tables(const struct transfer_input *in, struct error *err)
{
    for (size_t j = 0; j < in->groups; j++) {
        const double *reference = in->reference + j * in->bands;
        const double *probe = in->probe + j * in->bands;
        double n = 0, m = 0;
        enum status s = refuse_counts(reference, in->bands, "answers", "band", NULL, err);
        if (s == STATUS_OK)
            s = refuse_counts(probe, in->bands, "answers of the probe", "band", NULL, err);
        if (s != STATUS_OK)
            return in_group(in, j, s, err);
        for (size_t k = 0; k < in->bands; k++) {
            n += reference[k];
            m += probe[k];
        }
        char name[REFUSE_NAME_MAX];
        if (!(n > 0) || !(m > 0))
            return error_set(err, STATUS_DATA, "%s: no answers%s; leave the group out",
                             refuse_name(name, "group", in->group_names, j),
                             n > 0 ? " of its probe" : "");
    }
    return STATUS_OK;
}

/* (mean_(-j)->j - probe mean_j)^2 - se_j^2 - s_j^2 / m_j */
static enum status leave_out(const struct transfer_input *in, size_t j, struct pool *pool,
                             double *excess, struct error *err)
{
    const double *probe = in->probe + j * in->bands;
    struct calibrated c;
    gather(in, j, pool);
    struct calibration_input one = of_pool(in, pool, in->reference + j * in->bands);
    enum status s = calibrate(&one, pool->weights, pool->share, &c, err);
    if (s != STATUS_OK)
        return in_group(in, j, s, err);
    double m = 0, mean = 0, squares = 0;
    for (size_t k = 0; k < in->bands; k++)
        m += probe[k];
    for (size_t k = 0; k < in->bands; k++)
        mean += probe[k] / m * (in->scores == NULL ? (double)k + 1 : in->scores[k]);
    for (size_t k = 0; k < in->bands; k++) {
        double x = in->scores == NULL ? (double)k + 1 : in->scores[k];
        squares += probe[k] / m * (x - mean) * (x - mean);
    }
    *excess = (c.mean - mean) * (c.mean - mean) - c.se * c.se - squares / m;
    return STATUS_OK;
}

static enum status run(const struct transfer_input *in, double *weights, double *share,
                       struct pool *pool, struct transferred *out, struct error *err)
{
    double tau2 = in->tau * in->tau;
    double sum = 0;
    for (size_t j = 0; isnan(in->tau) && j < in->groups; j++) {
        double excess = 0;
        enum status s = leave_out(in, j, pool, &excess, err);
        if (s != STATUS_OK)
            return s;
        sum += excess;
    }
    if (isnan(in->tau))
        tau2 = sum > 0 ? sum / (double)in->groups : 0;
    gather(in, in->groups, pool);
    struct calibration_input all = of_pool(in, pool, in->target);
    enum status s = calibrate(&all, weights, share, &out->calibrated, err);
    if (s != STATUS_OK)
        return s;
    out->se_plain = out->calibrated.se;
    calibration_widen(&out->calibrated, tau2, in->z);
    return STATUS_OK;
}

enum status transfer_calibrate(const struct transfer_input *in, double *weights, double *share,
                               struct transferred *out, struct error *err)
{
    enum status s = check_groups(in->groups, in->tau, err);
    if (s == STATUS_OK)
        s = check_tables(in, err);
    if (s != STATUS_OK)
        return s;
    double *numbers = calloc(in->bands + 1, 4 * sizeof *numbers);
    if (numbers == NULL)
        return error_no_memory(err);
    struct pool pool = {numbers, numbers + in->bands, numbers + 2 * in->bands,
                        numbers + 3 * in->bands};
    s = run(in, weights, share, &pool, out, err);
    free(numbers);
    return s;
}

/* Log odds with 0.5 added, and their variance. */
struct log_odds {
    double value;
    double variance;
};

static struct log_odds log_odds(double positive, double answers)
{
    double y = positive + CALIBRATION_ADDED, rest = answers - positive + CALIBRATION_ADDED;
    return (struct log_odds){log(y / rest), 1 / y + 1 / rest};
}

static struct log_odds group_odds(const struct transfer_share_input *in, size_t j)
{
    struct log_odds d = log_odds(in->positive[j], in->answers[j]);
    d.value -= log(in->truth[j] / (1 - in->truth[j]));
    return d;
}

static enum status check_share(const struct transfer_share_input *in, struct error *err)
{
    enum status s = check_groups(in->groups, in->tau, err);
    char name[REFUSE_NAME_MAX];
    for (size_t j = 0; s == STATUS_OK && j < in->groups; j++) {
        double y = in->positive[j], n = in->answers[j];
        (void)refuse_name(name, "group", in->group_names, j);
        if (!(y >= 0 && y <= n && n > 0 && isfinite(n)))
            return error_set(err, STATUS_DATA,
                             "%s: %g positive of %g answers; leave the group out, or correct it",
                             name, y, n);
        if (!(in->truth[j] > 0 && in->truth[j] < 1))
            return error_set(err, STATUS_DATA,
                             "%s: a true share of %g; it must lie between 0 and 1, both excluded",
                             name, in->truth[j]);
    }
    double y = in->target_positive, n = in->target_answers;
    if (s == STATUS_OK && !(y >= 0 && y <= n && n > 0 && isfinite(n)))
        return error_set(err, STATUS_DATA, "the target group has %g positive of %g answers", y, n);
    return s;
}

/* tau^2 by the method of moments; q beside. */
static double heterogeneity(const struct transfer_share_input *in, double *q)
{
    double w = 0, ww = 0, wd = 0;
    for (size_t j = 0; j < in->groups; j++) {
        struct log_odds d = group_odds(in, j);
        w += 1 / d.variance;
        ww += 1 / d.variance / d.variance;
        wd += d.value / d.variance;
    }
    *q = 0;
    for (size_t j = 0; j < in->groups; j++) {
        struct log_odds d = group_odds(in, j);
        *q += (d.value - wd / w) * (d.value - wd / w) / d.variance;
    }
    double excess = *q - ((double)in->groups - 1);
    return excess > 0 ? excess / (w - ww / w) : 0;
}

static double expit(double x)
{
    return 1 / (1 + exp(-x));
}

enum status transfer_share(const struct transfer_share_input *in, struct transferred_share *out,
                           struct error *err)
{
    enum status s = check_share(in, err);
    if (s != STATUS_OK)
        return s;
    double measured = heterogeneity(in, &out->q);
    out->tau2 = isnan(in->tau) ? measured : in->tau * in->tau;
    double w = 0, wd = 0;
    for (size_t j = 0; j < in->groups; j++) {
        struct log_odds d = group_odds(in, j);
        w += 1 / (d.variance + out->tau2);
        wd += d.value / (d.variance + out->tau2);
    }
    out->log_odds_ratio = wd / w;
    struct log_odds target = log_odds(in->target_positive, in->target_answers);
    double middle = target.value - out->log_odds_ratio;
    double half = in->z * sqrt(target.variance + out->tau2 + 1 / w);
    out->share = expit(middle);
    out->low = expit(middle - half);
    out->high = expit(middle + half);
    return STATUS_OK;
}
