/* calibration.h - answers of a target group, weighted by what a probability sample of a reference
 * group showed of who answers.
 *
 *     struct calibration_input in = {.reference = c, .probe = m, .target = t, .bands = k,
 *                                    .form = CALIBRATION_SATURATED, .z = INTERVAL_Z95};
 *     struct calibrated out;
 *     s = calibrate(&in, weights, share, &out, &err);
 *     if (s == STATUS_OK)
 *         s = calibration_refuse(&out, &err);      // or print the words of each flag
 *
 * c_k: self-selected answers of the reference group.  m_k: its probability sample (the probe), or a
 * published distribution times its sample size (1e12 if it is exact).  With 0.5 added to both:
 *     saturated   log w_k = log(m_k / m) - log(c_k / c)        V = diag(1/m_k + 1/c_k)
 *     smooth      logit P(probe | k) = a + b'Z_k, log w = Z b  V = Z Cov(b) Z'
 *                 Z: u (tilt), |u| (ushape), both; u = (k - (K+1)/2) / ((K-1)/2)
 *     P_k = t_k w_k / sum t w      mean = sum x P      G_k = P_k (x_k - mean)
 *     se^2 = sum G_k^2 / max(t_k, 0.5) + G' V G (+ tau^2, see transfer.h)
 * Inverse propensities by outcome (Schnabel et al. 2016).  It takes the target group to answer as
 * the reference group does; a target group with a probe of its own needs no calibration.
 */
#ifndef BELL_STATS_CALIBRATION_H
#define BELL_STATS_CALIBRATION_H

#include <stddef.h>

#include "base/error.h"

enum calibration_form {
    CALIBRATION_SATURATED, /* the default at every size of probe */
    CALIBRATION_TILT,
    CALIBRATION_USHAPE,
    CALIBRATION_TILT_USHAPE
};

/* Why a result must not be used; a judgement, not a measurement. */
enum calibration_flag {
    CALIBRATION_UNEVEN = 1,     /* largest weight > 50 times the smallest */
    CALIBRATION_FEW = 2,        /* Kish n_eff of the target group < 10 */
    CALIBRATION_SMALL_PROBE = 4 /* m < 30 */
};

#define CALIBRATION_ADDED 0.5
#define CALIBRATION_RATIO_MAX 50.0
#define CALIBRATION_N_EFF_MIN 10.0
#define CALIBRATION_PROBE_MIN 30.0

struct calibration_input { /* all of it the caller's; arrays of bands numbers */
    const double *reference;
    const double *probe;
    const double *target;
    const double *scores; /* ascending; NULL: 1..bands */
    size_t bands;
    enum calibration_form form;
    double z; /* of the confidence, two-sided (interval.h) */
};

struct calibrated {
    double mean;
    double se;
    double low;
    double high;
    double tau2;         /* transfer variance in se: 0, so say "no transfer uncertainty" */
    double n_eff;        /* Kish, of the target group */
    double weight_ratio; /* largest weight over the smallest */
    double probe_n;      /* m */
    double probe_mean;   /* what the probe itself says, to be printed beside ("probe transfer") */
    unsigned flags;      /* of enum calibration_flag */
};

/* Fills weights (the largest is 1) and share, bands of each.  STATUS_DATA: fewer than 2 bands (3
 * for the forms with |u|), counts that are none, no answers at all in one of the three, a smooth
 * form that cannot be fitted.  Flags are no errors here. */
enum status calibrate(const struct calibration_input *in, double *weights, double *share,
                      struct calibrated *out, struct error *err) BELL_CHECK;

/* STATUS_DATA with the reasons and what to do, if a flag is set. */
enum status calibration_refuse(const struct calibrated *calibrated, struct error *err) BELL_CHECK;

/* Adds a transfer variance to the standard error, and sets the limits by it. */
void calibration_widen(struct calibrated *calibrated, double tau2, double z);

#endif
