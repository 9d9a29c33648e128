/* claim.h - a statement about everyone, as a person types it: `mean(score) > 3.5`.
 *
 *     struct claim claim;
 *     s = claim_parse(&claim, "share(negative)[airline=United] < 30%", &arena, err);
 *     s = claim_bind(...);                     // claim_bind.h: against the groups of a table
 *
 * The language:
 *
 *     CLAIM     MEASURE [GROUP] OP NUMBER
 *               MEASURE [GROUP] OP MEASURE [GROUP] [+ NUMBER | - NUMBER]
 *     MEASURE   mean(score) | share(BAND, ...) | share(BAND..BAND) | net
 *     GROUP     [COLUMN=VALUE, ...]
 *     OP        > | >= | < | <=
 *     NUMBER    a decimal of at most 6 places; with % a hundredth of it
 *
 * `mean` alone is mean(score).  Bands are named as in the table: 1, negative, promoters.  Names
 * and values are as they stand, without the blanks round them; in double quotes ("" is one quote
 * in them) they may hold anything.  A share is a part of 1 or a percentage, net lies between -1
 * and 1 or -100% and 100%.
 *
 * Both sides measure the same thing: means, nets or shares.  Shares of other bands may stand on the
 * two sides (`share(5) > share(1)`).
 */
#ifndef BELL_ESTIMATES_CLAIM_H
#define BELL_ESTIMATES_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

enum claim_measure { CLAIM_MEAN, CLAIM_SHARE, CLAIM_NET };
enum claim_op { CLAIM_ABOVE, CLAIM_AT_LEAST, CLAIM_BELOW, CLAIM_AT_MOST };

struct claim_band { /* one band, or all from one to another */
    struct slice from;
    struct slice to; /* missing: `from` alone */
    size_t place;    /* character of the claim, from 1; so everywhere below */
};

struct claim_pick { /* COLUMN=VALUE */
    struct slice column;
    struct slice value;
    size_t place;
};

struct claim_side {
    enum claim_measure measure;
    const struct claim_band *bands; /* CLAIM_SHARE */
    size_t band_count;
    const struct claim_pick *picks;
    size_t pick_count;
    size_t place;
};

struct claim {
    struct claim_side sides[2];
    size_t side_count; /* 1: against a number, 2: against each other */
    enum claim_op op;
    int64_t number; /* millionths; what is added to the second side (0: nothing) */
    bool percent;   /* it was written with % */
    size_t place;   /* of the number */
    const char *text;
};

/* Slices lie in text or in the arena, which both outlive the claim.  STATUS_USAGE with the place
 * (`claim:1:14:`) and what was expected. */
enum status claim_parse(struct claim *claim, const char *text, struct arena *arena,
                        struct error *err) BELL_CHECK;
/* The same for what stands between the brackets: `airline=United, window=2015-02-16`. */
enum status claim_parse_group(const struct claim_pick **picks, size_t *count, const char *text,
                              struct arena *arena, struct error *err) BELL_CHECK;

/* An error of this claim at a place: STATUS_USAGE. */
enum status claim_error(struct error *err, size_t place, const char *fmt, ...) BELL_PRINTF(3, 4);

#endif
