#include "time/time_format.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "time/calendar.h"
#include "time/canonical.h"

enum { FRACTION_MAX = 9, FORMATS_MAX = 64 };

enum format_kind { FORMAT_PATTERN, FORMAT_ISO8601, FORMAT_EPOCH_S, FORMAT_EPOCH_MS };

struct format {
    enum format_kind kind;
    char *pattern;
};

struct time_reader {
    struct format *formats;
    size_t count;
    bool canonical_stands; /* a value in canonical form goes out as it is */
    const struct time_zone *zone;
    char *no_fit; /* reasons that name the formats and the zone */
    char *skipped;
};

/* What a value says, field by field. */
struct parts {
    int year;
    int month;
    int day;
    int day_of_year; /* 0: not given */
    int hour;
    int minute;
    int second;
    int half; /* 0 AM, 1 PM, -1: the hour counts to 23 */
    bool has_time;
    bool has_offset;
    int32_t offset;
    char fraction[FRACTION_MAX];
    size_t fraction_len;
};

/* In rising order of how much of the value was understood. */
enum fit {
    FIT_NOT,
    FIT_TOO_FINE,
    FIT_NO_HOUR,
    FIT_NO_DATE,
    FIT_RANGE,
    FIT_SKIPPED,
    FIT_NO_ZONE,
    FIT
};

/* ---- pieces of a value ---- */

struct cursor {
    const char *at;
    const char *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_byte(struct cursor *in, char c)
{
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

static bool take_digits(struct cursor *in, int min, int max, int *value)
{
    int n = 0;
    int v = 0;
    for (; n < max && in->at < in->end && is_digit(*in->at); n++)
        v = v * 10 + (*in->at++ - '0');
    *value = v;
    return n >= min;
}

/* Digits of a fraction.  Too many: the rest is passed over and *too_fine set. */
static bool take_fraction(struct cursor *in, struct parts *p, bool *too_fine)
{
    const char *start = in->at;
    for (; in->at < in->end && is_digit(*in->at); in->at++) {
        if (p->fraction_len < FRACTION_MAX)
            p->fraction[p->fraction_len++] = *in->at;
        else
            *too_fine = true;
    }
    return in->at > start;
}

/* Z, +hh, +hhmm or +hh:mm. */
static bool take_offset(struct cursor *in, struct parts *p)
{
    p->has_offset = true;
    p->offset = 0;
    if (take_byte(in, 'Z') || take_byte(in, 'z'))
        return true;
    bool west = take_byte(in, '-');
    if (!west && !take_byte(in, '+'))
        return false;
    int h = 0;
    int m = 0;
    if (!take_digits(in, 2, 2, &h) || h > 23)
        return false;
    if (take_byte(in, ':') || (in->at < in->end && is_digit(*in->at))) {
        if (!take_digits(in, 2, 2, &m) || m > 59)
            return false;
    }
    p->offset = (h * 3600 + m * 60) * (west ? -1 : 1);
    return true;
}

/* Number from 1 of the name that stands here, whole or its first three letters; 0: none. */
static int take_name(struct cursor *in, const char *const *names, int count)
{
    size_t left = (size_t)(in->end - in->at);
    for (int i = 0; i < count; i++) {
        if (left < 3 || text_lower(in->at[0]) != text_lower(names[i][0]) ||
            !text_equal_fold((struct slice){in->at, 3}, (struct slice){names[i], 3}))
            continue;
        size_t len = strlen(names[i]);
        bool whole = left >= len &&
                     text_equal_fold((struct slice){in->at, len}, (struct slice){names[i], len});
        in->at += whole ? len : 3;
        return i + 1;
    }
    return 0;
}

static bool take_month(struct cursor *in, int *month)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    *month = take_name(in, names, 12);
    return *month != 0;
}

static bool take_weekday(struct cursor *in)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return take_name(in, names, 7) != 0;
}

static bool take_half(struct cursor *in, int *half)
{
    if (in->end - in->at < 2 || text_lower(in->at[1]) != 'm')
        return false;
    char c = text_lower(in->at[0]);
    *half = c == 'p';
    in->at += 2;
    return c == 'a' || c == 'p';
}

/* ---- formats ---- */

/* One specifier.  *too_fine as in take_fraction(). */
static bool take_specifier(struct cursor *in, char specifier, struct parts *p, bool *too_fine)
{
    switch (specifier) {
    case 'Y':
        return take_digits(in, 4, 4, &p->year);
    case 'y':
        if (!take_digits(in, 2, 2, &p->year))
            return false;
        p->year += p->year >= 69 ? 1900 : 2000;
        return true;
    case 'm':
        return take_digits(in, 1, 2, &p->month);
    case 'e':
        (void)take_byte(in, ' ');
        return take_digits(in, 1, 2, &p->day);
    case 'd':
        return take_digits(in, 1, 2, &p->day);
    case 'j':
        return take_digits(in, 1, 3, &p->day_of_year) && p->day_of_year > 0;
    case 'b':
    case 'B':
        return take_month(in, &p->month);
    case 'a':
    case 'A':
        return take_weekday(in);
    case 'H':
    case 'I':
        p->has_time = true;
        return take_digits(in, 1, 2, &p->hour);
    case 'p':
        return take_half(in, &p->half);
    case 'M':
        return take_digits(in, 2, 2, &p->minute);
    case 'S':
        return take_digits(in, 2, 2, &p->second);
    case 'f':
        return take_fraction(in, p, too_fine);
    case 'z':
        return take_offset(in, p);
    default: /* %% */
        return take_byte(in, '%');
    }
}

static enum fit fit_pattern(const char *pattern, struct cursor in, struct parts *p)
{
    bool too_fine = false;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == ' ') {
            if (!take_byte(&in, ' '))
                return FIT_NOT;
            while (take_byte(&in, ' '))
                ;
        } else if (*pattern != '%') {
            if (!take_byte(&in, *pattern))
                return FIT_NOT;
        } else if (!take_specifier(&in, *++pattern, p, &too_fine)) {
            return FIT_NOT;
        }
    }
    if (in.at != in.end)
        return FIT_NOT;
    return too_fine ? FIT_TOO_FINE : FIT;
}

static bool take_iso_time(struct cursor *in, struct parts *p, bool *too_fine)
{
    p->has_time = true;
    if (!take_digits(in, 2, 2, &p->hour) || !take_byte(in, ':') ||
        !take_digits(in, 2, 2, &p->minute))
        return false;
    if (!take_byte(in, ':'))
        return true;
    if (!take_digits(in, 2, 2, &p->second))
        return false;
    if (take_byte(in, '.') || take_byte(in, ','))
        return take_fraction(in, p, too_fine);
    return true;
}

static enum fit fit_iso(struct cursor in, struct parts *p)
{
    bool too_fine = false;
    if (!take_digits(&in, 4, 4, &p->year) || !take_byte(&in, '-') ||
        !take_digits(&in, 2, 2, &p->month) || !take_byte(&in, '-') ||
        !take_digits(&in, 2, 2, &p->day))
        return FIT_NOT;
    if (in.at == in.end)
        return FIT;
    if (!take_byte(&in, 'T') && !take_byte(&in, 't') && !take_byte(&in, ' '))
        return FIT_NOT;
    if (!take_iso_time(&in, p, &too_fine))
        return FIT_NOT;
    if (in.at < in.end) {
        (void)take_byte(&in, ' ');
        if (!take_offset(&in, p))
            return FIT_NOT;
    }
    if (in.at != in.end)
        return FIT_NOT;
    return too_fine ? FIT_TOO_FINE : FIT;
}

/* The moment one fraction's unit before the next second, turned to rise with time. */
static void complement(struct parts *p)
{
    int carry = 1;
    for (size_t i = p->fraction_len; i-- > 0;) {
        int d = 9 - (p->fraction[i] - '0') + carry;
        carry = d > 9;
        p->fraction[i] = (char)('0' + d % 10);
    }
}

static bool fraction_zero(const struct parts *p)
{
    for (size_t i = 0; i < p->fraction_len; i++)
        if (p->fraction[i] != '0')
            return false;
    return true;
}

/* Seconds or milliseconds since 1970, perhaps negative. */
static enum fit fit_epoch(bool milliseconds, struct cursor in, struct parts *p, int64_t *seconds)
{
    bool negative = take_byte(&in, '-');
    bool too_fine = false;
    int64_t v = 0;
    int digits = 0;
    for (; in.at < in.end && is_digit(*in.at); in.at++, digits++) {
        if (digits == 17)
            return FIT_RANGE;
        v = v * 10 + (*in.at - '0');
    }
    if (digits == 0)
        return FIT_NOT;
    if (milliseconds && v % 1000 != 0) {
        (void)snprintf(p->fraction, sizeof p->fraction, "%03d", (int)(v % 1000));
        p->fraction_len = 3;
    }
    if (milliseconds)
        v /= 1000;
    else if (take_byte(&in, '.') && !take_fraction(&in, p, &too_fine))
        return FIT_NOT;
    if (in.at != in.end)
        return FIT_NOT;
    *seconds = negative ? -v : v;
    if (negative && !fraction_zero(p)) {
        --*seconds;
        complement(p);
    }
    return too_fine ? FIT_TOO_FINE : FIT;
}

/* ---- from parts to a time ---- */

static enum fit parts_check(struct parts *p)
{
    if (p->day_of_year > 0) {
        if (p->year < 1 || p->day_of_year > (calendar_leap(p->year) ? 366 : 365))
            return FIT_NO_DATE;
        struct civil c = calendar_civil(calendar_days(p->year, 1, 1) + p->day_of_year - 1);
        p->month = c.month;
        p->day = c.day;
    }
    if (!calendar_valid(p->year, p->month, p->day))
        return FIT_NO_DATE;
    if (p->half >= 0) {
        if (p->hour < 1 || p->hour > 12)
            return FIT_NO_HOUR;
        p->hour = p->hour % 12 + p->half * 12;
    }
    if (p->hour > 23 || p->minute > 59 || p->second > 60)
        return FIT_NO_HOUR;
    if (p->second == 60)
        p->second = 59;
    return FIT;
}

static enum fit parts_seconds(const struct time_reader *reader, const struct parts *p,
                              struct zone_span *memo, int64_t *seconds)
{
    int64_t day = calendar_days(p->year, p->month, p->day);
    int64_t local = day * CALENDAR_DAY + p->hour * 3600 + p->minute * 60 + p->second;
    *seconds = local - p->offset;
    if (p->has_offset)
        return FIT;
    if (reader->zone == NULL)
        return FIT_NO_ZONE;
    if (timezone_to_utc(reader->zone, local, memo, seconds) != LOCAL_SKIPPED)
        return FIT;
    if (!p->has_time && timezone_day_start(reader->zone, day, seconds))
        return FIT;
    return FIT_SKIPPED;
}

static enum fit fit_format(const struct time_reader *reader, const struct format *format,
                           struct slice value, struct zone_span *memo, struct parts *p,
                           int64_t *seconds)
{
    struct cursor in = {value.data, value.data + value.len};
    enum fit fit;
    p->half = -1;
    if (format->kind == FORMAT_EPOCH_S || format->kind == FORMAT_EPOCH_MS) {
        fit = fit_epoch(format->kind == FORMAT_EPOCH_MS, in, p, seconds);
    } else {
        fit = format->kind == FORMAT_ISO8601 ? fit_iso(in, p) : fit_pattern(format->pattern, in, p);
        if (fit == FIT)
            fit = parts_check(p);
        if (fit == FIT)
            fit = parts_seconds(reader, p, memo, seconds);
    }
    if (fit == FIT && (*seconds < CALENDAR_FIRST || *seconds > CALENDAR_LAST))
        return FIT_RANGE;
    return fit;
}

static const char *fit_reason(const struct time_reader *reader, enum fit fit)
{
    switch (fit) {
    case FIT_TOO_FINE:
        return "has more than 9 digits behind the second";
    case FIT_NO_HOUR:
        return "is not a time of day";
    case FIT_NO_DATE:
        return "is not a date";
    case FIT_RANGE:
        return "is not in the years 1 to 9999";
    case FIT_SKIPPED:
        return reader->skipped;
    case FIT_NO_ZONE:
        return "has no offset from UTC: give the field a zone, like Europe/London or UTC";
    default:
        return reader->no_fit;
    }
}

bool time_reader_stands(const struct time_reader *reader, struct slice value)
{
    return reader->canonical_stands && time_is_canonical(value);
}

enum time_result time_reader_parse(const struct time_reader *reader, struct zone_span *memo,
                                   struct slice value, char out[TIME_TEXT_MAX], size_t *len,
                                   const char **reason)
{
    enum fit best = FIT_NOT;
    for (size_t i = 0; i < reader->count; i++) {
        struct parts p = {.half = -1};
        int64_t seconds = 0;
        enum fit fit = fit_format(reader, &reader->formats[i], value, memo, &p, &seconds);
        if (fit == FIT) {
            struct slice fraction = {p.fraction_len > 0 ? p.fraction : NULL, p.fraction_len};
            *len = time_print_rfc3339(out, seconds, fraction);
            return TIME_READ;
        }
        if (fit > best)
            best = fit;
        if (fit == FIT_NO_ZONE || fit == FIT_SKIPPED)
            break;
    }
    *reason = fit_reason(reader, best);
    return best == FIT_NO_ZONE ? TIME_NO_ZONE : TIME_REFUSED;
}

/* ---- making a reader ---- */

/* What a pattern holds, for the check that it makes a time. */
struct holds {
    bool seen[128];
};

static bool holds_any(const struct holds *h, const char *specifiers)
{
    for (; *specifiers != '\0'; specifiers++)
        if (h->seen[(unsigned char)*specifiers])
            return true;
    return false;
}

/* NULL, or what is wrong with a set of specifiers. */
static const char *holds_fault(const struct holds *h)
{
    if (!holds_any(h, "Yy"))
        return "it has no year (%Y)";
    if (!holds_any(h, "j") && !(holds_any(h, "mbB") && holds_any(h, "de")))
        return "it has no month and day (%m and %d, or %j)";
    if (holds_any(h, "I") != holds_any(h, "p"))
        return "%I and %p need each other";
    if (holds_any(h, "M") && !holds_any(h, "HI"))
        return "it has minutes without hours (%H)";
    if (holds_any(h, "S") && !holds_any(h, "M"))
        return "it has seconds without minutes (%M)";
    if (holds_any(h, "f") && !holds_any(h, "S"))
        return "it has a fraction without seconds (%S)";
    return NULL;
}

static enum status pattern_check(const char *pattern, bool has_zone, struct error *err)
{
    /* Specifiers that fill the same part share the first one's place. */
    static const char *const known = "YymdejbBaAHIpMSfz%";
    static const char *const part = "YYmddjmmaaHHpMSfz%";
    struct holds seen = {{false}};
    struct holds filled = {{false}};
    char shown[TEXT_ESCAPED_MAX];
    text_escape(shown, slice_of(pattern));
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p != '%')
            continue;
        p++;
        const char *at = *p == '\0' ? NULL : strchr(known, *p);
        if (at == NULL)
            return error_set(err, STATUS_USAGE,
                             "time format '%s': %%%.1s is unknown; known are iso8601, epoch_s, "
                             "epoch_ms and %%Y %%y %%m %%d %%e %%b %%B %%a %%A %%j %%H %%I %%p "
                             "%%M %%S %%f %%z",
                             shown, (unsigned char)*p < 0x80 ? p : "?");
        bool *twice = &filled.seen[(unsigned char)part[at - known]];
        if (*twice && *p != '%')
            return error_set(err, STATUS_USAGE, "time format '%s': it has %%%c or its like twice",
                             shown, *p);
        *twice = true;
        seen.seen[(unsigned char)*p] = true;
    }
    const char *fault = holds_fault(&seen);
    if (fault != NULL)
        return error_set(err, STATUS_USAGE, "time format '%s': %s", shown, fault);
    if (!has_zone && !holds_any(&seen, "z"))
        return error_set(err, STATUS_USAGE,
                         "time format '%s' has no offset (%%z) and the field no zone; give one, "
                         "like zone: Europe/London or UTC",
                         shown);
    return STATUS_OK;
}

static enum status add_format(struct time_reader *reader, const char *text, struct error *err)
{
    struct format format = {.kind = FORMAT_PATTERN};
    if (strcmp(text, "iso8601") == 0)
        format.kind = FORMAT_ISO8601;
    else if (strcmp(text, "epoch_s") == 0)
        format.kind = FORMAT_EPOCH_S;
    else if (strcmp(text, "epoch_ms") == 0)
        format.kind = FORMAT_EPOCH_MS;
    else {
        enum status s = pattern_check(text, reader->zone != NULL, err);
        if (s != STATUS_OK)
            return s;
    }
    format.pattern = strdup(text);
    if (format.pattern == NULL)
        return error_no_memory(err);
    reader->formats[reader->count++] = format;
    return STATUS_OK;
}

/* Can a format not fit a value in canonical form?  It is a number, asks for a byte that is not
 * there, or begins with a name. */
static bool never_canonical(const struct format *format)
{
    const char *p = format->pattern;
    if (format->kind != FORMAT_PATTERN)
        return format->kind != FORMAT_ISO8601;
    if (p[0] == '%' && strchr("aAbB", p[1]) != NULL)
        return true;
    for (; *p != '\0'; p++) {
        if (*p == '%')
            p++;
        else if (!is_digit(*p) && strchr("-T:Z", *p) == NULL)
            return true;
    }
    return false;
}

/* iso8601 reads the canonical form as it is, if no format before it reads it otherwise. */
static bool canonical_stands(const struct time_reader *reader)
{
    size_t i = 0;
    while (i < reader->count && never_canonical(&reader->formats[i]))
        i++;
    return i < reader->count && reader->formats[i].kind == FORMAT_ISO8601;
}

/* The reasons that name formats and zone, made once. */
static enum status make_reasons(struct time_reader *reader, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    char shown[TEXT_ESCAPED_MAX];
    const char *lead = reader->count == 1 ? "does not fit the format " : "fits no format of ";
    bool ok = buffer_append_text(&text, lead);
    for (size_t i = 0; ok && i < reader->count && i < 8; i++)
        ok = buffer_appendf(&text, "%s'%s'", i == 0 ? "" : ", ",
                            text_escape(shown, slice_of(reader->formats[i].pattern)));
    if (ok && reader->count > 8)
        ok = buffer_append_text(&text, " ...");
    reader->no_fit = buffer_take(&text);
    if (ok && reader->zone != NULL) {
        ok = buffer_appendf(&text, "was skipped in %s, where clocks went forward",
                            timezone_name(reader->zone));
        reader->skipped = buffer_take(&text);
    }
    buffer_free(&text);
    return ok ? STATUS_OK : error_no_memory(err);
}

enum status time_reader_new(const char *const *formats, size_t count, const struct time_zone *zone,
                            struct time_reader **reader, struct error *err)
{
    *reader = NULL;
    if (count == 0 || count > FORMATS_MAX)
        return error_set(err, STATUS_USAGE, "a time needs 1 to %d formats", FORMATS_MAX);
    struct time_reader *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->zone = zone;
    made->formats = calloc(count, sizeof *made->formats);
    enum status s = made->formats == NULL ? error_no_memory(err) : STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < count; i++)
        s = add_format(made, formats[i], err);
    if (s == STATUS_OK)
        s = make_reasons(made, err);
    made->canonical_stands = s == STATUS_OK && canonical_stands(made);
    if (s != STATUS_OK) {
        time_reader_free(made);
        return s;
    }
    *reader = made;
    return STATUS_OK;
}

void time_reader_free(struct time_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->count; i++)
        free(reader->formats[i].pattern);
    free(reader->formats);
    free(reader->no_fit);
    free(reader->skipped);
    free(reader);
}

/* ---- the canonical form ---- */

bool time_parse_rfc3339(struct slice text, int64_t *seconds, struct slice *fraction)
{
    struct parts p = {.half = -1};
    if (text.data == NULL)
        return false;
    const struct cursor in = {text.data, text.data + text.len};
    if (text.len < 20 || text.data[10] != 'T' || text.data[16] != ':' || fit_iso(in, &p) != FIT ||
        parts_check(&p) != FIT)
        return false;
    /* fit_iso() takes more than the canonical form: the end must be Z, and the fraction, if any,
     * all that stands between. */
    if (text.data[text.len - 1] != 'Z' || text.len != 20 + p.fraction_len + (p.fraction_len > 0) ||
        (p.fraction_len > 0 && text.data[19] != '.') || text.data[17] == '6')
        return false;
    if (fraction != NULL)
        *fraction =
            p.fraction_len > 0 ? (struct slice){text.data + 20, p.fraction_len} : SLICE_MISSING;
    *seconds = calendar_days(p.year, p.month, p.day) * CALENDAR_DAY + p.hour * 3600 +
               p.minute * 60 + p.second;
    return true;
}

bool time_parse_option(const char *text, const struct time_zone *zone, int64_t *seconds)
{
    struct time_reader reader = {.zone = zone};
    struct zone_span memo = ZONE_SPAN_INIT;
    struct parts p = {.half = -1};
    struct cursor in = {text, text + strlen(text)};
    if (fit_iso(in, &p) != FIT || parts_check(&p) != FIT)
        return false;
    enum fit fit = parts_seconds(&reader, &p, &memo, seconds);
    return fit == FIT || fit == FIT_NO_ZONE;
}
