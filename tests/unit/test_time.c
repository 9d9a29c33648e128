/* Calendar, zones, formats and windows.  The bulk of their truth comes from Python, by
 * time_against_python.py; here stand the edges that Python does not show: hostile zone files,
 * refusals, rules of every kind. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "time/calendar.h"
#include "time/time_format.h"
#include "time/window.h"

static void every_day_follows_the_one_before(void **state)
{
    (void)state;
    int64_t day = calendar_days(1, 1, 1);
    assert_int_equal(day * CALENDAR_DAY, CALENDAR_FIRST);
    int weekday = 1;
    for (int y = 1; y <= 9999; y++) {
        for (int m = 1; m <= 12; m++) {
            for (int d = 1; d <= calendar_month_days(y, m); d++, day++) {
                if (calendar_days(y, m, d) != day)
                    fail_msg("%d-%d-%d", y, m, d);
                struct civil c = calendar_civil(day);
                if (c.year != y || c.month != m || c.day != d)
                    fail_msg("day %lld", (long long)day);
                if (calendar_weekday(day) != weekday || calendar_monday(day) != day - weekday + 1)
                    fail_msg("weekday of %lld", (long long)day);
                weekday = weekday % 7 + 1;
            }
        }
    }
    assert_int_equal(day * CALENDAR_DAY - 1, CALENDAR_LAST);
    assert_int_equal(calendar_days(1970, 1, 1), 0);
    assert_false(calendar_valid(2015, 2, 29));
    assert_true(calendar_valid(2000, 2, 29));
    assert_false(calendar_valid(1900, 2, 29));
    assert_false(calendar_valid(0, 1, 1));
    assert_false(calendar_valid(2015, 13, 1));
}

/* ---- zone files made here ---- */

static void put_u32(struct buffer *file, uint32_t v)
{
    char bytes[4] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};
    assert_true(buffer_append(file, bytes, 4));
}

static void put_header(struct buffer *file, uint32_t times, uint32_t types, uint32_t leaps)
{
    char head[20] = "TZif2";
    assert_true(buffer_append(file, head, 20));
    put_u32(file, 0);
    put_u32(file, 0);
    put_u32(file, leaps);
    put_u32(file, times);
    put_u32(file, types);
    put_u32(file, 4);
}

/* One type "XYZ" of the offset; a table of one change (to the same type) at zero. */
static void put_body(struct buffer *file, size_t time_size, int32_t offset)
{
    char zeros[8] = {0};
    assert_true(buffer_append(file, zeros, time_size));
    assert_true(buffer_append(file, zeros, 1));
    put_u32(file, (uint32_t)offset);
    assert_true(buffer_append(file, zeros, 2));
    assert_true(buffer_append(file, "XYZ", 4));
}

static struct buffer zone_file(int32_t offset, const char *rule)
{
    struct buffer file = BUFFER_INIT;
    put_header(&file, 1, 1, 0);
    put_body(&file, 4, offset);
    put_header(&file, 1, 1, 0);
    put_body(&file, 8, offset);
    assert_true(buffer_appendf(&file, "\n%s\n", rule));
    return file;
}

static enum status parse_rule(int32_t offset, const char *rule, struct time_zone **zone)
{
    struct error err = ERROR_INIT;
    struct buffer file = zone_file(offset, rule);
    enum status s = timezone_parse("Test", (struct slice){file.data, file.len}, zone, &err);
    buffer_free(&file);
    return s;
}

static int32_t offset_at(const struct time_zone *zone, int y, int m, int d, int second)
{
    struct zone_span memo = ZONE_SPAN_INIT;
    return timezone_offset(zone, calendar_days(y, m, d) * CALENDAR_DAY + second, &memo);
}

static void rules_of_every_kind(void **state)
{
    (void)state;
    struct time_zone *zone;
    assert_int_equal(parse_rule(3600, "CET-1CEST,M3.5.0,M10.5.0/3", &zone), STATUS_OK);
    assert_int_equal(offset_at(zone, 2050, 3, 27, 3599), 3600);
    assert_int_equal(offset_at(zone, 2050, 3, 27, 3600), 7200);
    assert_int_equal(offset_at(zone, 2050, 10, 30, 3599), 7200);
    assert_int_equal(offset_at(zone, 2050, 10, 30, 3600), 3600);
    timezone_free(zone);
    /* The south: summer over the turn of the year. */
    assert_int_equal(parse_rule(36000, "AEST-10AEDT,M10.1.0,M4.1.0/3", &zone), STATUS_OK);
    assert_int_equal(offset_at(zone, 2050, 1, 1, 0), 39600);
    assert_int_equal(offset_at(zone, 2050, 7, 1, 0), 36000);
    assert_int_equal(offset_at(zone, 2050, 12, 31, 86399), 39600);
    timezone_free(zone);
    /* J60 is March 1 in every year, 59 is February 29 or March 1. */
    assert_int_equal(parse_rule(0, "<+00>0<+01>,J60/0,J300/0", &zone), STATUS_OK);
    assert_int_equal(offset_at(zone, 2052, 2, 29, 0), 0);
    assert_int_equal(offset_at(zone, 2052, 3, 1, 0), 3600);
    assert_int_equal(offset_at(zone, 2053, 3, 1, 0), 3600);
    timezone_free(zone);
    assert_int_equal(parse_rule(0, "<+00>0<+01>,59/0,300/0", &zone), STATUS_OK);
    assert_int_equal(offset_at(zone, 2052, 2, 29, 0), 3600);
    assert_int_equal(offset_at(zone, 2053, 2, 28, 0), 0);
    assert_int_equal(offset_at(zone, 2053, 3, 1, 0), 3600);
    timezone_free(zone);
    /* Daylight saving all year round, as RFC 8536 writes it. */
    assert_int_equal(parse_rule(-14400, "EST5EDT,0/0,J365/25", &zone), STATUS_OK);
    for (int h = 0; h < 48; h++)
        assert_int_equal(offset_at(zone, 2050, 12, 31, h * 3600), -14400);
    assert_int_equal(offset_at(zone, 2050, 7, 1, 0), -14400);
    timezone_free(zone);
    /* Clocks that reach into the next year: on January 1 the change of a year ago holds. */
    assert_int_equal(parse_rule(0, "<+00>0<+01>,J365/167,J364/167", &zone), STATUS_OK);
    assert_int_equal(offset_at(zone, 2050, 1, 1, 0), 3600);
    assert_int_equal(offset_at(zone, 2050, 1, 6, 0), 0);
    assert_int_equal(offset_at(zone, 2050, 1, 8, 0), 3600);
    timezone_free(zone);
    /* Negative clock of a rule, and one beyond a day. */
    assert_int_equal(parse_rule(-7200, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", &zone), STATUS_OK);
    assert_int_equal(offset_at(zone, 2050, 3, 27, 3599), -7200);
    assert_int_equal(offset_at(zone, 2050, 3, 27, 3600), -3600);
    timezone_free(zone);
}

static void damaged_rules_are_refused(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "X0",
        "ABC",
        "ABC1000",
        "ABC25",
        "ABC1DEF",
        "ABC1DEF,",
        "ABC1DEF,M3.2.0",
        "ABC1DEF,M3.2.0,",
        "ABC1DEF,M3.2.0,M13.1.0",
        "ABC1DEF,M3.6.0,M11.1.0",
        "ABC1DEF,M3.2.7,M11.1.0",
        "ABC1DEF,J0,J365",
        "ABC1DEF,J1,J366",
        "ABC1DEF,366,1",
        "ABC1DEF,M3.2.0/168,M11.1.0",
        "ABC1DEF,M3.2.0,M11.1.0 ",
        "<+0>0",
        "<+03",
        "ABC1:60",
        "ABC1DEF,M3.2.0,M11.1.0\nABC0",
        "ABC99999999999",
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct time_zone *zone;
        if (parse_rule(0, rules[i], &zone) != STATUS_DAMAGED)
            fail_msg("taken: %s", rules[i]);
        assert_null(zone);
    }
}

static struct time_zone *load(const char *name)
{
    struct error err = ERROR_INIT;
    struct time_zone *zone;
    if (timezone_load(name, &zone, &err) != STATUS_OK)
        fail_msg("%s", err.text);
    return zone;
}

static void cut_and_garbled_zone_files(void **state)
{
    (void)state;
    struct buffer file = zone_file(3600, "CET-1CEST,M3.5.0,M10.5.0/3");
    struct error err = ERROR_INIT;
    struct time_zone *zone;
    for (size_t len = 0; len < file.len; len++) {
        char *part = malloc(len == 0 ? 1 : len); /* of its own, so that ASan sees its end */
        assert_non_null(part);
        memcpy(part, file.data, len);
        if (timezone_parse("Cut", (struct slice){part, len}, &zone, &err) != STATUS_DAMAGED)
            fail_msg("taken with %zu bytes", len);
        free(part);
    }
    /* Any bytes: refused or taken, but never a crash, and offsets stay in range. */
    uint64_t seed = 7;
    size_t taken = 0;
    for (int round = 0; round < 20000; round++) {
        struct buffer copy = BUFFER_INIT;
        assert_true(buffer_append(&copy, file.data, file.len));
        for (int n = 0; n < 1 + round % 3; n++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            copy.data[(seed >> 33) % copy.len] ^= (char)(1 << (seed >> 60 & 7));
        }
        if (timezone_parse("Odd", (struct slice){copy.data, copy.len}, &zone, &err) == STATUS_OK) {
            struct zone_span memo = ZONE_SPAN_INIT;
            int64_t utc;
            taken++;
            assert_in_range(timezone_offset(zone, (int64_t)(seed >> 30), &memo) + 100000, 0,
                            200000);
            (void)timezone_to_utc(zone, (int64_t)(seed >> 32), &memo, &utc);
            timezone_free(zone);
        }
        buffer_free(&copy);
    }
    assert_in_range(taken, 1, 19999);
    buffer_free(&file);
    /* Leap seconds are not ours. */
    put_header(&file, 0, 1, 1);
    file.data[4] = '\0';
    put_u32(&file, 0);
    assert_true(buffer_append(&file, "\0\0XYZ\0\0\0\0\0\0\0\0\1", 14));
    assert_int_equal(timezone_parse("Leap", (struct slice){file.data, file.len}, &zone, &err),
                     STATUS_DAMAGED);
    assert_non_null(strstr(err.text, "leap seconds"));
    buffer_free(&file);
}

static void zone_names(void **state)
{
    (void)state;
    static const char *const bad[] = {"",         "/etc/passwd", "../passwd",    "Europe/../UTC",
                                      "Europe",   "Europe/",     "Nowhere",      "Europe/Lundon",
                                      "zone.tab", "a b",         "Eur\xc3\xb6pe"};
    struct error err = ERROR_INIT;
    struct time_zone *zone;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (timezone_load(bad[i], &zone, &err) != STATUS_USAGE ||
            strstr(err.text, "no such time zone") == NULL)
            fail_msg("%s: %s", bad[i], err.text);
        assert_null(zone);
    }
    zone = load("UTC");
    assert_int_equal(offset_at(zone, 9999, 12, 31, 0), 0);
    timezone_free(zone);
}

/* ---- formats ---- */

struct reading {
    const char *format;
    const char *value;
    const char *want; /* "!..." a part of the reason; "?" no zone */
};

static void check_readings(const struct reading *r, size_t count, const struct time_zone *zone)
{
    for (size_t i = 0; i < count; i++) {
        struct error err = ERROR_INIT;
        struct time_reader *reader;
        struct zone_span memo = ZONE_SPAN_INIT;
        char out[TIME_TEXT_MAX];
        size_t len = 0;
        const char *reason = NULL;
        if (time_reader_new(&r[i].format, 1, zone, &reader, &err) != STATUS_OK)
            fail_msg("%s", err.text);
        enum time_result result =
            time_reader_parse(reader, &memo, slice_of(r[i].value), out, &len, &reason);
        bool same = r[i].want[0] == '!'
                        ? result == TIME_REFUSED && strstr(reason, r[i].want + 1) != NULL
                    : r[i].want[0] == '?'
                        ? result == TIME_NO_ZONE
                        : result == TIME_READ && slice_is((struct slice){out, len}, r[i].want);
        if (!same)
            fail_msg("%s by %s: %.*s %s", r[i].value, r[i].format, (int)len, out,
                     reason == NULL ? "" : reason);
        time_reader_free(reader);
    }
}

static void values_with_offset_or_epoch(void **state)
{
    (void)state;
    static const struct reading r[] = {
        {"iso8601", "2015-02-24T11:35:52-08:00", "2015-02-24T19:35:52Z"},
        {"iso8601", "2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52Z"},
        {"iso8601", "2015-02-24t11:35:52.1230z", "2015-02-24T11:35:52.1230Z"},
        {"iso8601", "2015-02-24T11:35:52,5+01", "2015-02-24T10:35:52.5Z"},
        {"iso8601", "2015-02-24 11:35Z", "2015-02-24T11:35:00Z"},
        {"iso8601", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"},
        {"iso8601", "2015-02-24T11:35:52.1234567890Z", "!more than 9 digits"},
        {"iso8601", "2015-02-30T11:35:52Z", "!is not a date"},
        {"iso8601", "2015-02-28T24:00:00Z", "!is not a time of day"},
        {"iso8601", "2015-02-28T11:35:61Z", "!is not a time of day"},
        {"iso8601", "2015-02-28T11:35:00+24:00", "!does not fit"},
        {"iso8601", "2015-02-28T11:35:00Z ", "!does not fit"},
        {"iso8601", "2015-2-28", "!does not fit"},
        {"iso8601", "", "!does not fit"},
        {"iso8601", "0001-01-01T00:00:00+01:00", "!years 1 to 9999"},
        {"iso8601", "9999-12-31T23:59:59-01:00", "!years 1 to 9999"},
        {"iso8601", "2015-02-24 11:35", "?"},
        {"iso8601", "2015-02-24", "?"},
        {"epoch_s", "0", "1970-01-01T00:00:00Z"},
        {"epoch_s", "1424806552", "2015-02-24T19:35:52Z"},
        {"epoch_s", "1424806552.250", "2015-02-24T19:35:52.250Z"},
        {"epoch_s", "-1.5", "1969-12-31T23:59:58.5Z"},
        {"epoch_s", "-1.00", "1969-12-31T23:59:59.00Z"},
        {"epoch_s", "-0.001", "1969-12-31T23:59:59.999Z"},
        {"epoch_s", "1.4e9", "!does not fit"},
        {"epoch_s", "1.", "!does not fit"},
        {"epoch_s", "253402300799", "9999-12-31T23:59:59Z"},
        {"epoch_s", "253402300800", "!years"},
        {"epoch_s", "99999999999999999999", "!years"},
        {"epoch_ms", "1424806552123", "2015-02-24T19:35:52.123Z"},
        {"epoch_ms", "1424806552000", "2015-02-24T19:35:52Z"},
        {"epoch_ms", "-1", "1969-12-31T23:59:59.999Z"},
        {"%a %b %d %H:%M:%S %z %Y", "tue FEB 24 19:35:52 +0000 2015", "2015-02-24T19:35:52Z"},
        {"%a %b %e %H:%M:%S %z %Y", "Sun Feb  1 19:35:52 +0000 2015", "2015-02-01T19:35:52Z"},
        {"%m/%d/%y %I:%M%p %z", "2/4/69 12:05am Z", "1969-02-04T00:05:00Z"},
        {"%m/%d/%y %I:%M%p %z", "2/4/68 12:05PM Z", "2068-02-04T12:05:00Z"},
        {"%m/%d/%y %I:%M%p %z", "2/4/68 13:05PM Z", "!time of day"},
        {"%m/%d/%y %I:%M%p %z", "2/4/68 0:05PM Z", "!time of day"},
        {"%Y-%j %z", "2016-366 Z", "2016-12-31T00:00:00Z"},
        {"%Y-%j %z", "2015-366 Z", "!is not a date"},
        {"%d. %B %Y, %H%% %z", "3. maY 2015, 7% -00:30", "2015-05-03T07:30:00Z"},
        {"%d %b %Y %z", "31 sep 2015 Z", "!is not a date"},
        {"%d %b %Y %z", "31 Sept 2015 Z", "!does not fit"},
    };
    check_readings(r, sizeof r / sizeof r[0], NULL);
}

static void values_in_a_zone(void **state)
{
    (void)state;
    static const struct reading london[] = {
        {"%Y-%m-%d %H:%M", "2015-07-01 12:00", "2015-07-01T11:00:00Z"},
        {"%Y-%m-%d %H:%M", "2015-3-29 1:30", "!was skipped in Europe/London"},
        {"%Y-%m-%d %H:%M", "2015-10-25 01:30", "2015-10-25T00:30:00Z"},
        {"%Y-%m-%d %H:%M:%S.%f", "2015-10-25 01:30:00.000001", "2015-10-25T00:30:00.000001Z"},
        {"iso8601", "2015-07-01", "2015-06-30T23:00:00Z"},
        {"iso8601", "2015-07-01T12:00:00Z", "2015-07-01T12:00:00Z"},
        {"iso8601", "2060-07-01 12:00", "2060-07-01T11:00:00Z"},
    };
    struct time_zone *zone = load("Europe/London");
    check_readings(london, sizeof london / sizeof london[0], zone);
    timezone_free(zone);
    /* A day whose midnight was skipped begins at one; a day that never was is refused. */
    static const struct reading brazil[] = {
        {"iso8601", "2017-10-15", "2017-10-15T03:00:00Z"},
        {"iso8601", "2017-10-15 00:00", "!was skipped"},
    };
    zone = load("America/Sao_Paulo");
    check_readings(brazil, 2, zone);
    timezone_free(zone);
    static const struct reading samoa[] = {
        {"iso8601", "2011-12-29", "2011-12-29T10:00:00Z"},
        {"iso8601", "2011-12-30", "!was skipped"},
        {"iso8601", "2011-12-31", "2011-12-30T10:00:00Z"},
    };
    zone = load("Pacific/Apia");
    check_readings(samoa, 3, zone);
    timezone_free(zone);
}

static void first_format_that_makes_a_time_wins(void **state)
{
    (void)state;
    static const char *const formats[] = {"%m/%d/%Y", "%d/%m/%Y", "iso8601", "epoch_s"};
    static const struct reading r[] = {
        {NULL, "02/03/2015", "2015-02-03T00:00:00Z"},
        {NULL, "25/03/2015", "2015-03-25T00:00:00Z"},
        {NULL, "2015-02-03", "2015-02-03T00:00:00Z"},
        {NULL, "86400", "1970-01-02T00:00:00Z"},
        {NULL, "25/25/2015", "!is not a date"},
        {NULL, "soon", "!fits no format of '%m/%d/%Y'"},
    };
    struct error err = ERROR_INIT;
    struct time_reader *reader;
    struct zone_span memo = ZONE_SPAN_INIT;
    struct time_zone *utc = load("UTC");
    assert_int_equal(time_reader_new(formats, 4, utc, &reader, &err), STATUS_OK);
    for (size_t i = 0; i < sizeof r / sizeof r[0]; i++) {
        char out[TIME_TEXT_MAX];
        size_t len;
        const char *reason;
        if (time_reader_parse(reader, &memo, slice_of(r[i].value), out, &len, &reason) == TIME_READ)
            assert_string_equal(out, r[i].want);
        else
            assert_non_null(strstr(reason, r[i].want + 1));
    }
    time_reader_free(reader);
    timezone_free(utc);
}

static void formats_without_sense(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "%Y-%m",
        "%m-%d",
        "%Y-%m-%d",
        "%Y-%m-%d %M %z",
        "%Y-%m-%d %I %z",
        "%Y-%m-%d %H %p %z",
        "%Y-%m-%d %Q %z",
        "%Y-%m-%d %",
        "%Y-%y-%m-%d %z",
        "%Y %m %d %e %z",
        "%Y-%m-%d %H:%S %z",
        "",
        "iso",
        "%Y %b %m %d %z",
        "%Y-%m-%d %H:%M.%f %z",
        "%Y-%m-%d %\xc3\xa4",
    };
    struct error err = ERROR_INIT;
    struct time_reader *reader;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (time_reader_new(&bad[i], 1, NULL, &reader, &err) != STATUS_USAGE)
            fail_msg("taken: %s", bad[i]);
        assert_null(reader);
    }
}

static void stream_times_are_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "2015-02-24T19:35:52",
        "2015-02-24 19:35:52Z",
        "2015-02-24T19:35:52z",
        "2015-02-24T19:35:52+00:00",
        "2015-02-24T19:35Z",
        "2015-02-24T19:35:60Z",
        "2015-02-30T19:35:52Z",
        "2015-02-24T19:35:52.Z",
        "2015-02-24T19:35:52,5Z",
        "2015-02-24T19:35:52 Z",
        "0000-01-01T00:00:00Z",
        "2015-02-24T19:35:52.5+00Z",
        "2015-02-24",
        "",
    };
    int64_t seconds;
    struct slice fraction;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (time_parse_rfc3339(slice_of(bad[i]), &seconds, &fraction))
            fail_msg("taken: %s", bad[i]);
    assert_false(time_parse_rfc3339(SLICE_MISSING, &seconds, &fraction));
    uint64_t seed = 3;
    for (int i = 0; i < 20000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        int64_t want =
            CALENDAR_FIRST + (int64_t)(seed >> 20) % (CALENDAR_LAST - CALENDAR_FIRST + 1);
        struct slice digits = {"123456789", seed % 10};
        char out[TIME_TEXT_MAX];
        size_t len = time_print_rfc3339(out, want, digits);
        assert_true(time_parse_rfc3339((struct slice){out, len}, &seconds, &fraction));
        assert_int_equal(seconds, want);
        assert_int_equal(fraction.len, digits.len);
        assert_int_equal(fraction.data == NULL, digits.len == 0);
    }
    assert_true(time_parse_option("2015-02-24", NULL, &seconds));
    assert_int_equal(seconds, calendar_days(2015, 2, 24) * CALENDAR_DAY);
    assert_true(time_parse_option("2015-02-24T01:00+01:00", NULL, &seconds));
    assert_int_equal(seconds, calendar_days(2015, 2, 24) * CALENDAR_DAY);
    assert_false(time_parse_option("yesterday", NULL, &seconds));
}

/* ---- windows ---- */

static void windows_form_a_chain(void **state)
{
    (void)state;
    static const char *const names[] = {
        "UTC",         "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu",
        "Pacific/Apia"};
    for (size_t z = 0; z < sizeof names / sizeof names[0]; z++) {
        struct time_zone *zone = load(names[z]);
        for (int e = WINDOW_HOUR; e <= WINDOW_YEAR; e++) {
            const struct window window = {(enum window_every)e, zone};
            struct window_memo memo = WINDOW_MEMO_INIT;
            /* Across the turn of 2011, when Samoa left out a day, and two changes of clocks. */
            int64_t key = window_of(&window, calendar_days(2011, 3, 1) * CALENDAR_DAY, &memo);
            for (int i = 0; i < 9000; i++) {
                int64_t next = window_next(&window, key);
                if (next <= key || window_previous(&window, next) != key)
                    fail_msg("%s: %d after %lld", names[z], e, (long long)key);
                key = next;
                if (e != WINDOW_HOUR && key > calendar_days(2013, 1, 1))
                    break;
            }
        }
        timezone_free(zone);
    }
}

static void days_that_never_were_are_left_out(void **state)
{
    (void)state;
    struct time_zone *zone = load("Pacific/Apia");
    const struct window day = {WINDOW_DAY, zone};
    int64_t before = calendar_days(2011, 12, 29);
    assert_int_equal(window_next(&day, before), before + 2);
    assert_int_equal(window_previous(&day, before + 2), before);
    timezone_free(zone);
}

static void check_hour(const struct time_zone *zone, int64_t utc, const char *want)
{
    const struct window window = {WINDOW_HOUR, zone};
    struct window_memo memo = WINDOW_MEMO_INIT;
    char out[WINDOW_TEXT_MAX];
    (void)window_text(&window, window_of(&window, utc, &memo), out);
    assert_string_equal(out, want);
}

static void repeated_and_half_hours(void **state)
{
    (void)state;
    struct time_zone *zone = load("Europe/London");
    int64_t day = calendar_days(2015, 10, 25) * CALENDAR_DAY;
    check_hour(zone, day + 1800, "2015-10-25T01:00:00+01:00");
    check_hour(zone, day + 3600 + 1800, "2015-10-25T01:00:00+00:00");
    timezone_free(zone);
    zone = load("Asia/Kathmandu");
    check_hour(zone, calendar_days(2015, 1, 1) * CALENDAR_DAY, "2015-01-01T05:00:00+05:45");
    timezone_free(zone);
    zone = load("Australia/Lord_Howe");
    day = calendar_days(2015, 4, 4) * CALENDAR_DAY; /* back by half an hour at 15:00 UTC */
    check_hour(zone, day + 14 * 3600 + 3599, "2015-04-05T01:00:00+11:00");
    check_hour(zone, day + 15 * 3600, "2015-04-05T01:00:00+10:30");
    check_hour(zone, day + 15 * 3600 + 1800, "2015-04-05T02:00:00+10:30");
    timezone_free(zone);
}

/* What is said to stand is what the reader makes of it; and most sound values do stand. */
static void values_that_stand(void **state)
{
    static const char *const lists[][3] = {{"iso8601", NULL, NULL},
                                           {"%a %b %d %H:%M:%S %z %Y", "iso8601", NULL},
                                           {"%Y-%d-%mT%H:%M:%S%z", "iso8601", NULL},
                                           {"%m/%d/%Y %H:%M", "epoch_s", "iso8601"},
                                           {"%d.%m.%Y", "iso8601", NULL}};
    static const char *const bytes = "0123456789-:TZz ";
    uint32_t random = 7;
    size_t stood[5] = {0};
    (void)state;
    struct error err = ERROR_INIT;
    struct time_zone *zone = NULL;
    assert_int_equal(timezone_load("Europe/London", &zone, &err), STATUS_OK);
    for (size_t l = 0; l < 5; l++) {
        size_t count = lists[l][1] == NULL ? 1 : lists[l][2] == NULL ? 2 : 3;
        struct time_reader *reader = NULL;
        assert_int_equal(time_reader_new(lists[l], count, zone, &reader, &err), STATUS_OK);
        for (int round = 0; round < 20000; round++) {
            char value[32];
            random = random * 1664525 + 1013904223;
            (void)snprintf(value, sizeof value, "%04u-%02u-%02uT%02u:%02u:%02uZ",
                           random >> 8 & 0x7ff, (random >> 4) % 14, (random >> 9) % 33,
                           (random >> 13) % 25, (random >> 17) % 61, (random >> 21) % 62);
            if (round % 3 == 0)
                value[random % 21] = bytes[(random >> 5) % 16];
            char out[TIME_TEXT_MAX];
            size_t len = 0;
            const char *reason = NULL;
            struct zone_span memo = ZONE_SPAN_INIT;
            if (!time_reader_stands(reader, slice_of(value)))
                continue;
            stood[l]++;
            assert_int_equal(time_reader_parse(reader, &memo, slice_of(value), out, &len, &reason),
                             TIME_READ);
            assert_true(slice_is((struct slice){out, len}, value));
        }
        time_reader_free(reader);
    }
    timezone_free(zone);
    assert_true(stood[0] > 5000 && stood[1] > 5000 && stood[3] > 5000 && stood[4] > 5000);
    assert_int_equal(stood[2], 0); /* day and month the other way round */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_stand),
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(rules_of_every_kind),
        cmocka_unit_test(damaged_rules_are_refused),
        cmocka_unit_test(cut_and_garbled_zone_files),
        cmocka_unit_test(zone_names),
        cmocka_unit_test(values_with_offset_or_epoch),
        cmocka_unit_test(values_in_a_zone),
        cmocka_unit_test(first_format_that_makes_a_time_wins),
        cmocka_unit_test(formats_without_sense),
        cmocka_unit_test(stream_times_are_strict),
        cmocka_unit_test(windows_form_a_chain),
        cmocka_unit_test(days_that_never_were_are_left_out),
        cmocka_unit_test(repeated_and_half_hours),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
