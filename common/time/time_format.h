/* time_format.h - times from the spellings that a study names to RFC 3339 in UTC, and back.
 *
 * A format is `iso8601`, `epoch_s`, `epoch_ms`, or a pattern of literal bytes and
 *     %Y %y %m %d %e %j %b %B %a %A %H %I %p %M %S %f %z %%
 *   %Y 4 digits; %y 2 digits, 69-99 are 19xx; %m %d %e %H %I 1 or 2 digits; %j 1 to 3; %M %S 2;
 *   %f 1 to 9 digits of a fraction; %b %B a month's English name, short or long, any case;
 *   %a %A a weekday's, read but not checked; %p AM or PM; %z Z or +hh:mm, +hhmm, +hh.
 *   A blank in a pattern matches one or more blanks.
 * iso8601: 2015-02-24, or with T or a blank 19:35, 19:35:52, 19:35:52.123, each with or without
 * an offset (a blank may stand before it).  epoch_s: seconds with or without a fraction.
 *
 *     struct time_reader *reader;
 *     s = time_reader_new(formats, n, zone, &reader, err);      // once
 *     struct zone_span memo = ZONE_SPAN_INIT;                   // a worker
 *     switch (time_reader_parse(reader, &memo, value, out, &len, &reason)) ...
 *     time_reader_free(reader);
 *
 * A reader is read only and may be shared by threads; it keeps the zone, which outlives it.
 */
#ifndef BELL_TIME_TIME_FORMAT_H
#define BELL_TIME_TIME_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "time/canonical.h"
#include "time/timezone.h"

struct time_reader;

enum time_result {
    TIME_READ,
    TIME_REFUSED, /* a data error */
    TIME_NO_ZONE  /* the value has no offset and the field no zone: ends the run, STATUS_USAGE */
};

/* formats: at least one, tried in order; zone: for values without an offset, may be NULL.
 * STATUS_USAGE: an unknown specifier, a pattern that makes no date, or one that has no offset
 * while zone is NULL. */
enum status time_reader_new(const char *const *formats, size_t count, const struct time_zone *zone,
                            struct time_reader **reader, struct error *err) BELL_CHECK;
void time_reader_free(struct time_reader *reader);

/* Reads a value by the first format that makes a time of it.  TIME_READ: out holds len bytes
 * like 2015-02-24T19:35:52Z, with the fraction as it was given.  Else *reason continues the
 * sentence "'VALUE' ..." (it lives as long as the reader): "is not a date".
 * Second 60 becomes 59; a repeated local time is the first; a skipped one is refused, but a
 * value without a time of day whose midnight was skipped is the first moment of that day. */
enum time_result time_reader_parse(const struct time_reader *reader, struct zone_span *memo,
                                   struct slice value, char out[TIME_TEXT_MAX], size_t *len,
                                   const char **reason);

/* True only if time_reader_parse() would give the value as it stands: a quick look that saves most
 * values the way there and back. */
bool time_reader_stands(const struct time_reader *reader, struct slice value);

/* A cell of type time (the canonical form only) to seconds; a fraction is left in *fraction as
 * its digits (missing if there is none; NULL: not wanted).  false: not such a text. */
bool time_parse_rfc3339(struct slice text, int64_t *seconds, struct slice *fraction);
/* A date or time as an analyst types it for --since and --until: any form of iso8601; without an
 * offset in zone (NULL: UTC).  A date alone is its first moment. */
bool time_parse_option(const char *text, const struct time_zone *zone, int64_t *seconds);

#endif
