/* canonical.h - the one form that a cell of type time has: RFC 3339, UTC, Z. */
#ifndef BELL_TIME_CANONICAL_H
#define BELL_TIME_CANONICAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { TIME_TEXT_MAX = 40 };

/* The canonical form of a time in the years 1..9999; fraction: digits or missing, at most 9.
 * Returns its length. */
size_t time_print_rfc3339(char out[TIME_TEXT_MAX], int64_t seconds, struct slice fraction);
/* Is it what time_print_rfc3339() writes of a moment without a fraction? */
bool time_is_canonical(struct slice value);

#endif
