/* report.h - what came out of the simulations, as Markdown on standard output.
 *
 * Three tables: the scenarios (report_head_of_worlds(), then report_world() for each), the
 * intervals over all scenarios, and each interval in each scenario (report_claims()).
 */
#ifndef BELL_TESTS_SIMULATE_REPORT_H
#define BELL_TESTS_SIMULATE_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "claims.h"

struct trial {
    struct claim claims[CLAIM_COUNT];
    struct facts facts;
};

struct results { /* of one world; all of it the caller's */
    const struct world *world;
    const struct trial *trials;
    uint64_t populations;
};

void report_head_of_worlds(void);
void report_world(const struct results *results);
void report_claims(const struct results *all, size_t count);

#endif
