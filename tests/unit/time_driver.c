/* Answers questions about times, one a line on standard input, for time_against_python.py:
 *     offset ZONE SECONDS          -> offset
 *     local ZONE SECONDS           -> unique|repeated|skipped SECONDS
 *     window EVERY ZONE SECONDS    -> window, previous, next, hour of day, weekday
 *     parse ZONE|- FORMAT VALUE    -> time, or ! and the reason
 * Words are parted by tabs, so are answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "time/time_format.h"
#include "time/window.h"

enum { WORDS_MAX = 5, ZONES_MAX = 64 };

struct zones {
    struct time_zone *zones[ZONES_MAX];
    size_t count;
};

static const struct time_zone *zone_of(struct zones *zones, const char *name)
{
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < zones->count; i++)
        if (strcmp(timezone_name(zones->zones[i]), name) == 0)
            return zones->zones[i];
    if (zones->count == ZONES_MAX ||
        timezone_load(name, &zones->zones[zones->count], &err) != STATUS_OK) {
        (void)fprintf(stderr, "time_driver: %s\n", err.text);
        return NULL;
    }
    return zones->zones[zones->count++];
}

static void answer_local(const struct time_zone *zone, int64_t local, struct zone_span *memo)
{
    static const char *const names[] = {"unique", "repeated", "skipped"};
    int64_t utc;
    enum local_time kind = timezone_to_utc(zone, local, memo, &utc);
    (void)printf("%s\t%lld\n", names[kind], (long long)utc);
}

static void answer_window(enum window_every every, const struct time_zone *zone, int64_t utc)
{
    const struct window window = {every, zone};
    struct window_memo memo = WINDOW_MEMO_INIT;
    struct zone_span span = ZONE_SPAN_INIT;
    char text[3][WINDOW_TEXT_MAX];
    char hour[2];
    char weekday[1];
    int64_t key = window_of(&window, utc, &memo);
    (void)window_text(&window, key, text[0]);
    (void)window_text(&window, window_previous(&window, key), text[1]);
    (void)window_text(&window, window_next(&window, key), text[2]);
    window_hour_of_day(zone, utc, &span, hour);
    window_weekday(zone, utc, &span, weekday);
    (void)printf("%s\t%s\t%s\t%.2s\t%.1s\n", text[0], text[1], text[2], hour, weekday);
}

static int answer_parse(const struct time_zone *zone, const char *format, const char *value)
{
    struct error err = ERROR_INIT;
    struct time_reader *reader;
    struct zone_span memo = ZONE_SPAN_INIT;
    char out[TIME_TEXT_MAX];
    size_t len;
    const char *reason;
    if (time_reader_new(&format, 1, zone, &reader, &err) != STATUS_OK) {
        (void)fprintf(stderr, "time_driver: %s\n", err.text);
        return 1;
    }
    if (time_reader_parse(reader, &memo, slice_of(value), out, &len, &reason) == TIME_READ)
        (void)printf("%.*s\n", (int)len, out);
    else
        (void)printf("!%s\n", reason);
    time_reader_free(reader);
    return 0;
}

static int answer(char **word, size_t count, struct zones *zones, struct zone_span *memo)
{
    bool parse = count == 4 && strcmp(word[0], "parse") == 0;
    bool window = count == 4 && !parse;
    int64_t seconds = 0;
    if (count < 3 || (!parse && !number_parse_i64(slice_of(word[count - 1]), &seconds)))
        return 1;
    const char *name = window ? word[2] : word[1];
    const struct time_zone *zone = NULL;
    if (strcmp(name, "-") != 0 && (zone = zone_of(zones, name)) == NULL)
        return 1;
    if (parse)
        return answer_parse(zone, word[2], word[3]);
    if (zone == NULL)
        return 1;
    if (window) {
        enum window_every every;
        if (!window_every_parse(slice_of(word[1]), &every))
            return 1;
        answer_window(every, zone, seconds);
    } else if (strcmp(word[0], "offset") == 0) {
        struct zone_span span = ZONE_SPAN_INIT;
        (void)printf("%d\n", (int)timezone_offset(zone, seconds, &span));
    } else {
        /* The memo is kept between questions on purpose, as a worker does; it belongs to one
         * zone, so the zone's name must have been the last one's. */
        answer_local(zone, seconds, memo);
    }
    return 0;
}

int main(void)
{
    static struct zones zones;
    struct zone_span memo = ZONE_SPAN_INIT;
    char line[512];
    char last[256] = "";
    int status = 0;
    while (status == 0 && fgets(line, sizeof line, stdin) != NULL) {
        char *word[WORDS_MAX];
        size_t count = 0;
        line[strcspn(line, "\n")] = '\0';
        char *at = line;
        while (at != NULL && count < WORDS_MAX)
            word[count++] = strsep(&at, "\t");
        if (count > 1 && strcmp(word[1], last) != 0) {
            memo = (struct zone_span)ZONE_SPAN_INIT;
            (void)snprintf(last, sizeof last, "%s", word[1]);
        }
        status = answer(word, count, &zones, &memo);
        if (status != 0)
            (void)fprintf(stderr, "time_driver: bad question\n");
    }
    for (size_t i = 0; i < zones.count; i++)
        timezone_free(zones.zones[i]);
    return fflush(stdout) == 0 ? status : 1;
}
