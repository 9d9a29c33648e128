/* reference.h - reference groups: answers that came by themselves beside a random check sample of
 * the same people, from which it is learnt who answers (calibration.h, transfer.h).
 *
 *     s = reference_open(&reference, plan, reading, err);
 *     const struct reference_set *set = reference_find(reference, group);   // NULL: none
 *     s = reference_calibrate(set, plan, group, weights, share, &out, err);
 *     reference_free(reference);
 *
 * Groups that stand in both tables are used; they are pooled for each scale (set of bands).  How
 * far they differ, tau, is measured where a set has TRANSFER_GROUPS_MIN of them, and must be given
 * where it has fewer.  Read only once open.
 */
#ifndef BELL_ESTIMATES_REFERENCE_H
#define BELL_ESTIMATES_REFERENCE_H

#include "estimates/estimate_plan.h"

struct reference;

struct reference_set {
    const struct table_band *band;
    const double *scores;
    size_t bands;
    size_t groups;
    double *answers; /* sums over the groups */
    double *probe;
    double tau; /* measured or given */
    bool measured;
};

/* STATUS_USAGE: no group in both tables, too few of them and no tau; STATUS_DATA: a table that
 * cannot be read or calibrated with. */
enum status reference_open(struct reference **reference, const struct estimate_plan *plan,
                           const struct table_reader_options *reading,
                           struct error *err) BELL_CHECK;
const struct reference_set *reference_find(const struct reference *reference,
                                           const struct table_group *group);
/* weights and share have room for group->bands.  Errors as calibrate(). */
enum status reference_calibrate(const struct reference_set *set, const struct estimate_plan *plan,
                                const struct table_group *group, double *weights, double *share,
                                struct calibrated *out, struct error *err) BELL_CHECK;
void reference_free(struct reference *reference); /* NULL is allowed */

#endif
