/* votes.h - one vote a person (--vote person).
 *
 * A person with n scored records in a row gives each of them a vote of 1/n.  They are counted
 * exactly, as records by (score, n), and turned into doubles once, in ascending order of score
 * and n.
 */
#ifndef BELL_TABLES_VOTES_H
#define BELL_TABLES_VOTES_H

#include "tables/groups.h"

struct votes {
    int64_t *values; /* distinct scores, ascending; millionths */
    double *weights; /* votes for each */
    size_t count;
    uint64_t voters;  /* persons with a score: the sum of all votes */
    uint64_t persons; /* persons with any record */
};

/* groups->plan->votes must be set.  Freed with votes_free(). */
enum status votes_count(const struct groups *groups, const struct group *group, struct votes *votes,
                        struct error *err) BELL_CHECK;
void votes_free(struct votes *votes);

#endif
