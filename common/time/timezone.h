/* timezone.h - offsets of a time zone from the tzdata files, by name.
 *
 * The process's own TZ and libc's clock play no part: the TZif file (RFC 8536, versions 1 to
 * 4) is read and checked here, and the POSIX rule at its end serves the years behind its
 * table.  "UTC" is built in and needs no file.
 *
 *     struct time_zone *zone;
 *     enum status s = timezone_load("Europe/London", &zone, err);
 *     struct zone_span memo = ZONE_SPAN_INIT;      // one a worker
 *     int32_t offset = timezone_offset(zone, seconds, &memo);
 *     timezone_free(zone);
 *
 * A zone is read only once loaded and may be shared by threads; a memo may not.
 * Times are seconds from 1970-01-01T00:00:00 UTC, in the years 0 to 10000.
 */
#ifndef BELL_TIME_TIMEZONE_H
#define BELL_TIME_TIMEZONE_H

#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct time_zone;

/* A stretch of time in which the offset stays the same. */
struct zone_span {
    int64_t from;   /* first second */
    int64_t until;  /* first second behind it */
    int32_t offset; /* local time less UTC, in seconds */
};

#define ZONE_SPAN_INIT                                                                             \
    {                                                                                              \
        .from = 0                                                                                  \
    }

enum local_time {
    LOCAL_UNIQUE,
    LOCAL_REPEATED, /* clocks went back over it */
    LOCAL_SKIPPED   /* clocks went forward over it */
};

/* Loads NAME from /usr/share/zoneinfo (or the folder in the environment's BELL_ZONEINFO, for
 * tests).  A name that is none, or an unknown one: STATUS_USAGE; a damaged file: STATUS_DAMAGED.
 * The caller frees the zone. */
enum status timezone_load(const char *name, struct time_zone **zone, struct error *err) BELL_CHECK;
/* The same from the bytes of a file (for tests of hostile ones). */
enum status timezone_parse(const char *name, struct slice file, struct time_zone **zone,
                           struct error *err) BELL_CHECK;
void timezone_free(struct time_zone *zone);
const char *timezone_name(const struct time_zone *zone);

/* The stretch that holds a time. */
void timezone_span(const struct time_zone *zone, int64_t utc, struct zone_span *span);

/* The offset at a time; looks it up only where the memo does not cover it. */
static inline int32_t timezone_offset(const struct time_zone *zone, int64_t utc,
                                      struct zone_span *memo)
{
    if (utc < memo->from || utc >= memo->until)
        timezone_span(zone, utc, memo);
    return memo->offset;
}

/* The time at which clocks in the zone show local (seconds as if it were UTC).  A repeated one
 * gives the first; for a skipped one *utc is the moment at which clocks went forward. */
enum local_time timezone_to_utc(const struct time_zone *zone, int64_t local, struct zone_span *memo,
                                int64_t *utc);

/* Whether any moment of that day (calendar.h) exists in the zone, and the first such moment. */
bool timezone_day_start(const struct time_zone *zone, int64_t day, int64_t *utc);

#endif
