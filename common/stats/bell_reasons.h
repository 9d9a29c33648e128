/* bell_reasons.h - why the figures of a bell scenario must not be shown.
 *
 * Several may hold; each is a bit.  Any but BELL_DF0, which is a warning, refuses: the caller then
 * shows the reasons and no mean.  That none holds does not make the scenario true (bell_model.h):
 * selection that rises from one end of the scale to the other passes all of them.
 *
 *     for (size_t i = 0; (name = bell_reason_name(i)) != NULL; i++)
 *         if (reasons & (1U << i))
 *             ... name ...
 *
 * The limits are judgement, tried in simulations, not theory.
 */
#ifndef BELL_STATS_BELL_REASONS_H
#define BELL_STATS_BELL_REASONS_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/bell_model.h"

enum bell_reason {
    BELL_UNIDENT = 1 << 0, /* more parameters than the bands can determine */
    BELL_DF0 = 1 << 1,     /* as many: fits whatever came in, and cannot be tested */
    BELL_TILT = 1 << 2,    /* a model that holds the tilt, which answers cannot show */
    BELL_BOUND = 1 << 3,   /* the best fit lies at the end of what was searched */
    BELL_NOCONV = 1 << 4,  /* no end was reached: |score| / n >= 1e-7 */
    BELL_COND = 1 << 5,    /* nearly undetermined: condition of the scaled information > 1e4 */
    BELL_GOF = 1 << 6,     /* does not fit: p < 0.001 */
    BELL_WIDE = 1 << 7,    /* standard error of a mean over 1/8 of the scale */
    BELL_SPARSE = 1 << 8   /* a band has fewer than 5 answers */
};

/* What tells the two kinds of fit (bell_fit.h, bell_pooled.h) how good they are. */
struct bell_quality {
    double g2;        /* likelihood ratio against the answers as they came */
    long df;          /* free bands less parameters */
    double p_value;   /* P(chi squared with df > g2); NaN unless df > 0 */
    double condition; /* greatest over smallest eigenvalue of the scaled information */
    unsigned reasons; /* of enum bell_reason */
};

/* The name, as in the enum without BELL_, of bit `index`; NULL behind the last.  Static text. */
const char *bell_reason_name(size_t index);
bool bell_refused(unsigned reasons);

/* Those that are known before any fit: BELL_TILT and BELL_SPARSE. */
unsigned bell_reasons_before(const struct bell_data *data);
/* From g2, df and condition: sets p_value and adds BELL_UNIDENT, BELL_DF0, BELL_COND, BELL_GOF. */
void bell_judge(struct bell_quality *quality);

#endif
