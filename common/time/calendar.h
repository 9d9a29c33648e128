/* calendar.h - the proleptic Gregorian calendar as arithmetic, without libc's clock.
 *
 * A day is its number from 1970-01-01 (day 0); a time is seconds from the start of that day,
 * without leap seconds.  bellpipe's times lie in the years 1 to 9999; the functions here are
 * right some years beyond both ends, so that an offset of a zone cannot push them out.
 */
#ifndef BELL_TIME_CALENDAR_H
#define BELL_TIME_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_DAY INT64_C(86400)          /* seconds */
#define CALENDAR_FIRST INT64_C(-62135596800) /* 0001-01-01T00:00:00 */
#define CALENDAR_LAST INT64_C(253402300799)  /* 9999-12-31T23:59:59 */

struct civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

bool calendar_leap(int year);
/* 28..31; 0 if month is not 1..12. */
int calendar_month_days(int year, int month);
/* A date that exists, in the years 1..9999. */
bool calendar_valid(int year, int month, int day);

/* The day's number.  The date must exist (any year). */
int64_t calendar_days(int year, int month, int day);
struct civil calendar_civil(int64_t days);

/* 1 Monday .. 7 Sunday. */
int calendar_weekday(int64_t days);
/* The Monday of the ISO week that holds the day. */
int64_t calendar_monday(int64_t days);

/* Division that rounds down, for times before 1970.  by is positive. */
int64_t calendar_floor_div(int64_t value, int64_t by);

#endif
