/* refuse.h - refusals that name a stratum, a level, a band or a group.
 *
 * Names are given as an array, one text an index, owned by the caller; NULL: things are named by
 * their number, from 1.  They are put into messages as they are: bytes of data must have been
 * escaped with text_escape() (base/text.h) before.
 */
#ifndef BELL_STATS_REFUSE_H
#define BELL_STATS_REFUSE_H

#include <stddef.h>

#include "base/error.h"

enum { REFUSE_NAME_MAX = 200 };

/* "stratum 'north'" or "stratum 3"; cut at the size of out, which is returned. */
const char *refuse_name(char out[REFUSE_NAME_MAX], const char *kind, const char *const *names,
                        size_t index);

/* STATUS_DATA with a text that names the first value below 0 or not finite; what is counted
 * stands in the text ("answers"), kind and names say of what. */
enum status refuse_counts(const double *values, size_t count, const char *what, const char *kind,
                          const char *const *names, struct error *err) BELL_CHECK;

#endif
