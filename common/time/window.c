#include "time/window.h"

#include <stdbool.h>
#include <stdio.h>

#include "time/calendar.h"

enum { HOUR = 3600 };

bool window_every_parse(struct slice word, enum window_every *every)
{
    static const char *const words[] = {"hour", "day", "week", "month", "year"};
    for (int i = 0; i < 5; i++) {
        if (slice_is(word, words[i])) {
            *every = (enum window_every)i;
            return true;
        }
    }
    return false;
}

/* The first day of the window that holds a local day. */
static int64_t first_day(enum window_every every, int64_t day)
{
    if (every == WINDOW_WEEK)
        return calendar_monday(day);
    if (every == WINDOW_DAY)
        return day;
    struct civil c = calendar_civil(day);
    return calendar_days(c.year, every == WINDOW_MONTH ? c.month : 1, 1);
}

/* The first day of the next window; day is the first of its own. */
static int64_t following(enum window_every every, int64_t day)
{
    if (every == WINDOW_DAY || every == WINDOW_WEEK)
        return day + (every == WINDOW_DAY ? 1 : 7);
    struct civil c = calendar_civil(day);
    if (every == WINDOW_YEAR)
        return calendar_days(c.year + 1, 1, 1);
    return c.month == 12 ? calendar_days(c.year + 1, 1, 1) : calendar_days(c.year, c.month + 1, 1);
}

static int64_t max64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The first moment of the local hour that holds utc.  An hour in which clocks go forward but stay
 * in it is one hour; one that clocks go back into is another. */
static int64_t hour_of(const struct time_zone *zone, int64_t utc, struct window_memo *memo)
{
    int64_t offset = timezone_offset(zone, utc, &memo->span);
    int64_t hour = calendar_floor_div(utc + offset, HOUR) * HOUR;
    struct zone_span span = memo->span;
    memo->from = max64(hour - offset, span.from);
    memo->until = min64(hour - offset + HOUR, span.until);
    while (hour - span.offset < span.from) {
        struct zone_span before;
        timezone_span(zone, span.from - 1, &before);
        if (before.offset > span.offset || span.from - 1 + before.offset < hour)
            return span.from;
        span = before;
    }
    return hour - span.offset;
}

int64_t window_of(const struct window *window, int64_t utc, struct window_memo *memo)
{
    if (utc >= memo->from && utc < memo->until)
        return memo->key;
    if (window->every == WINDOW_HOUR) {
        memo->key = hour_of(window->zone, utc, memo);
        return memo->key;
    }
    int64_t offset = timezone_offset(window->zone, utc, &memo->span);
    memo->key = first_day(window->every, calendar_floor_div(utc + offset, CALENDAR_DAY));
    memo->from = max64(memo->key * CALENDAR_DAY - offset, memo->span.from);
    memo->until =
        min64(following(window->every, memo->key) * CALENDAR_DAY - offset, memo->span.until);
    return memo->key;
}

size_t window_text(const struct window *window, int64_t key, char out[WINDOW_TEXT_MAX])
{
    int n;
    if (window->every != WINDOW_HOUR) {
        struct civil c = calendar_civil(key);
        n = snprintf(out, WINDOW_TEXT_MAX, "%04d-%02d-%02d", c.year, c.month, c.day);
    } else {
        struct zone_span span;
        timezone_span(window->zone, key, &span);
        int64_t day = calendar_floor_div(key + span.offset, CALENDAR_DAY);
        int hour = (int)((key + span.offset - day * CALENDAR_DAY) / HOUR);
        struct civil c = calendar_civil(day);
        int minutes = (span.offset < 0 ? -span.offset : span.offset) / 60;
        n = snprintf(out, WINDOW_TEXT_MAX, "%04d-%02d-%02dT%02d:00:00%c%02d:%02d", c.year, c.month,
                     c.day, hour, span.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    }
    return n < 0 ? 0 : (size_t)n;
}

/* Whether the zone had any moment of a window of days: only single days were ever left out. */
static bool exists(const struct window *window, int64_t key)
{
    int64_t utc;
    return window->every != WINDOW_DAY || timezone_day_start(window->zone, key, &utc);
}

int64_t window_next(const struct window *window, int64_t key)
{
    if (window->every == WINDOW_HOUR) {
        struct window_memo memo = WINDOW_MEMO_INIT;
        int64_t at = key;
        while (window_of(window, at, &memo) == key)
            at = memo.until;
        return memo.key;
    }
    do
        key = following(window->every, key);
    while (!exists(window, key));
    return key;
}

int64_t window_previous(const struct window *window, int64_t key)
{
    if (window->every == WINDOW_HOUR) {
        struct window_memo memo = WINDOW_MEMO_INIT;
        return window_of(window, key - 1, &memo);
    }
    do
        key = first_day(window->every, key - 1);
    while (!exists(window, key));
    return key;
}

static int64_t local_time(const struct time_zone *zone, int64_t utc, struct zone_span *memo)
{
    return utc + timezone_offset(zone, utc, memo);
}

void window_hour_of_day(const struct time_zone *zone, int64_t utc, struct zone_span *memo,
                        char out[2])
{
    int64_t local = local_time(zone, utc, memo);
    int64_t hour = (local - calendar_floor_div(local, CALENDAR_DAY) * CALENDAR_DAY) / HOUR;
    out[0] = (char)('0' + hour / 10);
    out[1] = (char)('0' + hour % 10);
}

void window_weekday(const struct time_zone *zone, int64_t utc, struct zone_span *memo, char out[1])
{
    int64_t local = local_time(zone, utc, memo);
    out[0] = (char)('0' + calendar_weekday(calendar_floor_div(local, CALENDAR_DAY)));
}
