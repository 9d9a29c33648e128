/* votes.h - one vote a person (--vote person).
 *
 * A person with n scored records in a row gives each of them a vote of 1/n.  They are counted
 * exactly, as records by (score, n), and then turned into whole numbers of 2^-64 votes: sums of
 * these do not depend on their order, and the error is far below that of a double, so that three
 * thirds are one.
 */
#ifndef BELL_TABLES_VOTES_H
#define BELL_TABLES_VOTES_H

#include "tables/groups.h"

#define VOTE_UNITS 0x1p64 /* one vote */

struct votes {
    int64_t *values;            /* distinct scores, ascending; millionths */
    unsigned __int128 *weights; /* votes for each, times VOTE_UNITS */
    size_t count;
    uint64_t voters;  /* persons with a score: the sum of all votes */
    uint64_t persons; /* persons with any record */
    struct budget *budget;
    uint64_t charged;
};

/* groups->plan->votes must be set.  Freed with votes_free(). */
enum status votes_count(const struct groups *groups, const struct group *group, struct votes *votes,
                        struct error *err) BELL_CHECK;
void votes_free(struct votes *votes);

#endif
