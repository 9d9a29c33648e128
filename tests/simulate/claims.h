/* claims.h - each interval of bellpipe, held against a truth that is known.
 *
 *     struct claim claims[CLAIM_COUNT] = {0};
 *     s = claims_make(claims, world, seed, number, &facts, err);
 *
 * A claim is what one method says of one population.  What a world gives no occasion for is not
 * `made`; what a method refuses to say is made and not `shown`.
 */
#ifndef BELL_TESTS_SIMULATE_CLAIMS_H
#define BELL_TESTS_SIMULATE_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "worlds.h"

enum claim_id {
    CLAIM_RANDOM,
    CLAIM_WILSON,
    CLAIM_GOODMAN,
    CLAIM_MANSKI,
    CLAIM_GAMMA,
    CLAIM_GAMMA_NOISE,
    CLAIM_USHAPE,
    CLAIM_ENDS,
    CLAIM_ENDS_ANYWAY,
    CLAIM_ENDS_DRAWN,
    CLAIM_SLOPE,
    CLAIM_SLOPE_ANYWAY,
    CLAIM_SLOPE_DRAWN,
    CLAIM_CALIBRATED_200,
    CLAIM_CALIBRATED_1000,
    CLAIM_PROBE_200,
    CLAIM_PROBE_1000,
    CLAIM_CALIBRATED,
    CLAIM_WIDENED,
    CLAIM_PROBE,
    CLAIM_OWN_PROBE,
    CLAIM_STRATA,
    CLAIM_RAKED,
    CLAIM_COUNT
};

enum { CLAIM_DRAWS = 200 }; /* of each bootstrap */

struct claim {
    bool made;
    bool shown;   /* not refused */
    double held;  /* 1: the truth lies within; of several shares: the part of them that do */
    double width; /* in parts of the scale; of shares: as they are */
    double off;   /* middle of the interval less the truth, in parts of the scale; NaN: of shares */
};

struct facts {
    double answers;
    double naive_off; /* error of the mean of the answers, in parts of the scale */
};

/* "if this were a random sample: mean", ... */
const char *claim_words(enum claim_id id);
/* What is promised where the assumption holds: 0.95 or 1. */
double claim_promise(enum claim_id id);
/* Does the assumption hold in this world? */
bool claim_is_entitled(enum claim_id id, const struct world *world);

/* An error is a fault of this program or of libbell: nothing here is refused as bad data. */
enum status claims_make(struct claim *claims, const struct world *world, uint64_t seed,
                        uint64_t number, struct facts *facts, struct error *err) BELL_CHECK;

/* For the worlds with margins (claims_margins.c). */
enum status claims_of_margins(struct claim *claims, const struct world *world, struct random *r,
                              struct facts *facts, struct error *err) BELL_CHECK;
/* What every world has: the mean of the answers and its bounds. */
enum status claims_of_anyone(struct claim *claims, const struct crowd *crowd, double people,
                             struct facts *facts, struct error *err) BELL_CHECK;
void claim_put(struct claim *claim, bool shown, double low, double high, double truth,
               size_t bands);

#endif
