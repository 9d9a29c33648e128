/* number.h - whole numbers, decimals and sizes to and from text, without a locale.
 *
 * A decimal is a number of at most 6 places held in millionths: 4.5 is 4500000.  As a value
 * of a record it is below 10^12 in size; so is an int that is measured.
 */
#ifndef BELL_BASE_NUMBER_H
#define BELL_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum { DECIMAL_ONE = 1000000, DECIMAL_TEXT_MAX = 32, DOUBLE_TEXT_MAX = 40, INT128_TEXT_MAX = 48 };
#define MEASURE_LIMIT INT64_C(1000000000000) /* 10^12, in units */

/* Digits only, no sign, no blanks; false if not so or beyond UINT64_MAX. */
bool number_parse_u64(struct slice s, uint64_t *value);
/* An optional sign and digits. */
bool number_parse_i64(struct slice s, int64_t *value);

enum decimal_fault { DECIMAL_OK, DECIMAL_NOT_A_NUMBER, DECIMAL_TOO_LARGE, DECIMAL_TOO_FINE };
/* Optional sign, digits, optionally "." and digits (one of the two groups may be empty); no
 * exponent, no blanks.  Zeros behind the sixth place are allowed.  Result in millionths. */
enum decimal_fault decimal_parse(struct slice s, int64_t *millionths);
/* Shortest text: "4", "-0.5".  out has DECIMAL_TEXT_MAX bytes; returns its length. */
size_t decimal_format(char *out, int64_t millionths);

/* Whole numbers of 128 bits, digits only.  out: INT128_TEXT_MAX bytes; returns the length. */
bool number_parse_u128(struct slice s, unsigned __int128 *value);
size_t number_format_u128(char *out, unsigned __int128 value);

/* "100M", "2G", "512k" (powers of 1024, an optional B or iB behind), or bytes. */
bool number_parse_size(struct slice s, uint64_t *bytes);

/* What double_format() writes, and other spellings of it: optional sign, digits, optionally "." and
 * digits, optionally e and a whole exponent; no blanks, no words.  Rounded correctly; false if not
 * so, or too large for a double. */
bool double_parse(struct slice s, double *value);
/* Is it spelt so, of whatever size? */
bool double_is_form(struct slice s);
/* Shortest text that reads back as the same double: "0.1", "4", "1e-07", "-2.5".  NaN and
 * infinities give "".  out has DOUBLE_TEXT_MAX bytes; returns its length. */
size_t double_format(char *out, double value);

/* An exact 128-bit sum in millionths as decimal text, shortest.  out: INT128_TEXT_MAX bytes. */
size_t int128_decimal_format(char *out, __int128 millionths);

#endif
