/* window.h - hours, days, weeks, months and years of a time zone (`every`), and parts of them.
 *
 *     struct window_memo memo = WINDOW_MEMO_INIT;               // a worker
 *     int64_t key = window_of(&window, seconds, &memo);
 *     size_t len = window_text(&window, key, out);
 *
 * A window is known by its key: for a day or longer the number of its first local day, for an
 * hour its first moment.  Keys of one struct window rise with time (but for the few zones that
 * put clocks back over midnight, where a day is left and entered again).  The text is 2015-02-23
 * for a day, a week (its Monday), a month (its first) and a year (January 1);
 * 2015-02-23T10:00:00+01:00 for an hour, with the offset that holds where the hour begins: a
 * repeated hour gives two windows.  (Offsets of old local mean time, with seconds in them, are
 * shown without their seconds.)
 */
#ifndef BELL_TIME_WINDOW_H
#define BELL_TIME_WINDOW_H

#include "time/timezone.h"

enum window_every { WINDOW_HOUR, WINDOW_DAY, WINDOW_WEEK, WINDOW_MONTH, WINDOW_YEAR };
enum { WINDOW_TEXT_MAX = 40 };

struct window {
    enum window_every every;
    const struct time_zone *zone; /* outlives the window */
};

struct window_memo {
    struct zone_span span;
    int64_t from; /* seconds for which key is known */
    int64_t until;
    int64_t key;
};

#define WINDOW_MEMO_INIT                                                                           \
    {                                                                                              \
        .from = 0                                                                                  \
    }

/* "hour", "day", ...; false if the word is none. */
bool window_every_parse(struct slice word, enum window_every *every);

int64_t window_of(const struct window *window, int64_t utc, struct window_memo *memo);
/* Returns the length; the text ends with NUL. */
size_t window_text(const struct window *window, int64_t key, char out[WINDOW_TEXT_MAX]);
/* The neighbour; days that the zone never had (Apia, 2011-12-30) are left out. */
int64_t window_next(const struct window *window, int64_t key);
int64_t window_previous(const struct window *window, int64_t key);

/* Local hour of the day, "00".."23", and weekday, "1" Monday .. "7": two and one bytes. */
void window_hour_of_day(const struct time_zone *zone, int64_t utc, struct zone_span *memo,
                        char out[2]);
void window_weekday(const struct time_zone *zone, int64_t utc, struct zone_span *memo, char out[1]);

#endif
