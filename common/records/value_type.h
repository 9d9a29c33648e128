/* value_type.h - text to the canonical text of a field's type.
 *
 * Covers every type but time, which needs formats and zones (study/time_format.h).  A value that
 * is canonical already comes back as the same slice, without a copy.
 */
#ifndef BELL_RECORDS_VALUE_TYPE_H
#define BELL_RECORDS_VALUE_TYPE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "records/schema.h"

/* Canonical text of a present value:
 *   str      as it is
 *   id       without one trailing ".0"; a number with an exponent is refused
 *   int      digits of a 64-bit number, no "+", no leading zeros
 *   decimal  shortest, at most 6 places, below 10^12
 *   set      labels between commas, blanks round them and empty ones removed, in byte order,
 *            each once
 * *out is in or lies in the arena.  *reason is NULL, or why the value was refused, static, as the
 * end of the sentence "'VALUE' ...".  Not STATUS_OK only if memory is out. */
enum status value_canonical(enum field_type type, struct slice in, struct arena *arena,
                            struct slice *out, const char **reason, struct error *err) BELL_CHECK;

#endif
