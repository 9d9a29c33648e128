/* transfer.h - calibration from several reference groups, with what differs between them.
 *
 * calibrate() takes the target group to answer as the reference group does.  How far groups differ
 * in that, tau^2, is measured where there are TRANSFER_GROUPS_MIN reference groups or more; with
 * fewer the caller gives it.  There is no default: without it an interval is too short.
 *
 * transfer_calibrate(): each group is estimated from all others and compared with its own probe,
 *     tau^2 = max(0, mean_j[(mean_(-j)->j - probe mean_j)^2 - se_j^2 - s_j^2 / m_j])
 * where s_j^2 has the divisor m_j; the target group is estimated from the sum of all of them, with
 * se^2 + tau^2.
 *
 * transfer_share(): two bands.  y_j positive of n_j answers, true share p_j:
 *     d_j = log((y_j + .5) / (n_j - y_j + .5)) - logit p_j
 *     v_j = 1/(y_j + .5) + 1/(n_j - y_j + .5)
 * tau^2 and the mean d as DerSimonian and Laird (1986) do, and
 *     logit share = logit of the target - d, with variance v + tau^2 + 1/sum 1/(v_j + tau^2).
 */
#ifndef BELL_STATS_TRANSFER_H
#define BELL_STATS_TRANSFER_H

#include <stddef.h>

#include "base/error.h"
#include "stats/calibration.h"

enum { TRANSFER_GROUPS_MIN = 5 };

struct transfer_input {             /* all of it the caller's */
    const double *reference;        /* self-selected answers, group by group: groups x bands */
    const double *probe;            /* probability samples, likewise */
    const double *target;           /* bands */
    const double *scores;           /* ascending; NULL: 1..bands */
    const char *const *group_names; /* see refuse.h; NULL: numbers */
    size_t groups;
    size_t bands;
    enum calibration_form form;
    double z;
    double tau; /* standard deviation in units of the scores; NAN: measured */
};

struct transferred {
    struct calibrated calibrated; /* se, low and high with tau^2 */
    double se_plain;              /* without */
};

/* Fills weights and share, bands of each, as calibrate() does.  STATUS_DATA: what calibrate()
 * refuses (the group is named), fewer than TRANSFER_GROUPS_MIN groups and no tau. */
enum status transfer_calibrate(const struct transfer_input *in, double *weights, double *share,
                               struct transferred *out, struct error *err) BELL_CHECK;

struct transfer_share_input { /* all of it the caller's; arrays of groups numbers */
    const double *positive;
    const double *answers;
    const double *truth; /* between 0 and 1, both excluded */
    const char *const *group_names;
    size_t groups;
    double target_positive;
    double target_answers;
    double z;
    double tau; /* standard deviation of log odds; NAN: measured */
};

struct transferred_share {
    double log_odds_ratio; /* d: above 0, positive people answer more readily */
    double tau2;
    double q; /* heterogeneity; as chi-squared with groups - 1 degrees if there is none */
    double share;
    double low;
    double high;
};

/* STATUS_DATA: no groups, fewer than TRANSFER_GROUPS_MIN and no tau, a group without answers, more
 * positive answers than answers, a truth of 0 or 1 (each named). */
enum status transfer_share(const struct transfer_share_input *in, struct transferred_share *out,
                           struct error *err) BELL_CHECK;

#endif
