#include "time/timezone.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/text.h"
#include "time/calendar.h"

/* The one fault that is not the file's; told apart by its address. */
static const char no_memory[] = "out of memory";

#define ZONE_FOLDER "/usr/share/zoneinfo"

enum {
    NAME_MAX_LEN = 255,
    FILE_MAX = 1 << 20,
    HEADER_LEN = 44,
    OFFSET_MIN = -89999, /* RFC 8536, 3.2 */
    OFFSET_MAX = 93599
};

/* Behind every time that is asked for, and so far from the ends that sums cannot overflow. */
#define TIME_FAR (INT64_C(1) << 60)

enum rule_kind { RULE_JULIAN, RULE_DAY, RULE_WEEKDAY };

/* A moment in each year: Jn (1..365, no February 29), n (0..365), Mm.w.d. */
struct rule_date {
    enum rule_kind kind;
    int day;
    int month;
    int week;
    int32_t time; /* seconds of local time from that day's midnight */
};

/* The POSIX rule behind the table. */
struct zone_rule {
    bool present;
    bool has_dst;
    int32_t std_offset;
    int32_t dst_offset;
    struct rule_date to_dst;
    struct rule_date to_std;
};

struct time_zone {
    char *name;
    int64_t *at;      /* moments of change, rising */
    int32_t *offsets; /* from at[i] on */
    size_t count;
    int32_t before; /* offset before at[0] */
    struct zone_rule rule;
};

/* ---- the POSIX rule ---- */

struct text_scan {
    const char *at;
    const char *end;
};

static bool scan_byte(struct text_scan *in, char c)
{
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

static bool scan_int(struct text_scan *in, int min, int max, int *value)
{
    int v = 0;
    int digits = 0;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++, digits++) {
        if (digits == 4)
            return false;
        v = v * 10 + (*in->at - '0');
    }
    *value = v;
    return digits > 0 && v >= min && v <= max;
}

/* Letters, or anything of letters, digits, + and - between < and >. */
static bool scan_name(struct text_scan *in)
{
    const char *start = in->at;
    bool quoted = scan_byte(in, '<');
    size_t len = 0;
    for (; in->at < in->end; in->at++, len++) {
        char c = text_lower(*in->at);
        bool letter = c >= 'a' && c <= 'z';
        bool other = (c >= '0' && c <= '9') || c == '+' || c == '-';
        if (!letter && !(quoted && other))
            break;
    }
    if (quoted && !scan_byte(in, '>'))
        return false;
    return len >= 3 && in->at > start;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool scan_clock(struct text_scan *in, int max_hours, int32_t *seconds)
{
    bool negative = scan_byte(in, '-');
    if (!negative)
        (void)scan_byte(in, '+');
    int h = 0;
    int m = 0;
    int s = 0;
    if (!scan_int(in, 0, max_hours, &h))
        return false;
    if (scan_byte(in, ':')) {
        if (!scan_int(in, 0, 59, &m))
            return false;
        if (scan_byte(in, ':') && !scan_int(in, 0, 59, &s))
            return false;
    }
    int32_t v = h * 3600 + m * 60 + s;
    *seconds = negative ? -v : v;
    return true;
}

static bool scan_date(struct text_scan *in, struct rule_date *date)
{
    bool ok;
    if (scan_byte(in, 'J')) {
        date->kind = RULE_JULIAN;
        ok = scan_int(in, 1, 365, &date->day);
    } else if (scan_byte(in, 'M')) {
        date->kind = RULE_WEEKDAY;
        ok = scan_int(in, 1, 12, &date->month) && scan_byte(in, '.') &&
             scan_int(in, 1, 5, &date->week) && scan_byte(in, '.') &&
             scan_int(in, 0, 6, &date->day);
    } else {
        date->kind = RULE_DAY;
        ok = scan_int(in, 0, 365, &date->day);
    }
    date->time = 2 * 3600;
    if (ok && scan_byte(in, '/'))
        ok = scan_clock(in, 167, &date->time);
    return ok;
}

/* For instance EST5EDT,M3.2.0,M11.1.0 or <+0545>-5:45.  The signs of POSIX point west. */
static bool rule_parse(struct slice text, struct zone_rule *rule)
{
    struct text_scan in = {text.data, text.data + text.len};
    *rule = (struct zone_rule){.present = text.len > 0};
    if (text.len == 0)
        return true;
    int32_t west;
    if (!scan_name(&in) || !scan_clock(&in, 24, &west))
        return false;
    rule->std_offset = -west;
    if (in.at == in.end)
        return true;
    rule->has_dst = true;
    rule->dst_offset = rule->std_offset + 3600;
    if (!scan_name(&in))
        return false;
    if (in.at < in.end && *in.at != ',') {
        if (!scan_clock(&in, 24, &west))
            return false;
        rule->dst_offset = -west;
    }
    return scan_byte(&in, ',') && scan_date(&in, &rule->to_dst) && scan_byte(&in, ',') &&
           scan_date(&in, &rule->to_std) && in.at == in.end;
}

static int64_t rule_day(const struct rule_date *date, int year)
{
    int64_t january = calendar_days(year, 1, 1);
    if (date->kind == RULE_DAY)
        return january + date->day;
    if (date->kind == RULE_JULIAN)
        return january + date->day - 1 + (calendar_leap(year) && date->day > 59);
    int64_t first = calendar_days(year, date->month, 1);
    int weekday = calendar_weekday(first) % 7;
    int64_t day = first + (date->day - weekday + 7) % 7 + (date->week - 1) * 7;
    if (day >= first + calendar_month_days(year, date->month))
        day -= 7;
    return day;
}

struct change {
    int64_t at;
    int32_t offset;
};

/* By time; of two at one moment the later one comes last and holds: so a rule of daylight saving
 * all year round never shows its standard time. */
static void change_insert(struct change *list, size_t *count, struct change c)
{
    size_t i = (*count)++;
    for (; i > 0 && list[i - 1].at > c.at; i--)
        list[i] = list[i - 1];
    list[i] = c;
}

/* The stretch of the rule that holds utc. */
static void rule_span(const struct zone_rule *rule, int64_t utc, struct zone_span *span)
{
    *span = (struct zone_span){-TIME_FAR, TIME_FAR, rule->std_offset};
    if (!rule->has_dst)
        return;
    int year = calendar_civil(calendar_floor_div(utc + rule->std_offset, CALENDAR_DAY)).year;
    /* A clock of a rule may reach a week over its year's ends, so two years on each side are
     * needed for utc to lie between two changes. */
    struct change list[10];
    size_t count = 0;
    for (int y = year - 2; y <= year + 2; y++) {
        struct change dst = {rule_day(&rule->to_dst, y) * CALENDAR_DAY + rule->to_dst.time -
                                 rule->std_offset,
                             rule->dst_offset};
        struct change std = {rule_day(&rule->to_std, y) * CALENDAR_DAY + rule->to_std.time -
                                 rule->dst_offset,
                             rule->std_offset};
        change_insert(list, &count, dst);
        change_insert(list, &count, std);
    }
    size_t i = 0;
    while (i + 1 < count && list[i + 1].at <= utc)
        i++;
    span->from = list[i].at;
    span->until = i + 1 < count ? list[i + 1].at : TIME_FAR;
    span->offset = list[i].offset;
}

/* ---- the TZif file ---- */

struct tzif {
    int version; /* 1.. */
    uint32_t isut_count;
    uint32_t isstd_count;
    uint32_t leap_count;
    uint32_t time_count;
    uint32_t type_count;
    uint32_t char_count;
};

static uint32_t read_u32(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static int64_t read_time(const char *p, size_t size)
{
    if (size == 4)
        return (int32_t)read_u32(p);
    return (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4));
}

static bool tzif_header(struct slice in, struct tzif *head)
{
    if (in.len < HEADER_LEN || memcmp(in.data, "TZif", 4) != 0)
        return false;
    char version = in.data[4];
    if (version != '\0' && (version < '2' || version > '4'))
        return false;
    head->version = version == '\0' ? 1 : version - '0';
    head->isut_count = read_u32(in.data + 20);
    head->isstd_count = read_u32(in.data + 24);
    head->leap_count = read_u32(in.data + 28);
    head->time_count = read_u32(in.data + 32);
    head->type_count = read_u32(in.data + 36);
    head->char_count = read_u32(in.data + 40);
    return head->type_count >= 1 && head->type_count <= 256 && head->char_count >= 1 &&
           (head->isut_count == 0 || head->isut_count == head->type_count) &&
           (head->isstd_count == 0 || head->isstd_count == head->type_count);
}

static uint64_t tzif_body_len(const struct tzif *head, size_t time_size)
{
    return (uint64_t)head->time_count * (time_size + 1) + (uint64_t)head->type_count * 6 +
           head->char_count + (uint64_t)head->leap_count * (time_size + 4) + head->isstd_count +
           head->isut_count;
}

/* Takes the table out of a body whose length was checked.  NULL or what is wrong. */
static const char *tzif_table(struct time_zone *zone, const char *body, const struct tzif *head,
                              size_t time_size)
{
    const char *indexes = body + head->time_count * time_size;
    const char *types = indexes + head->time_count;
    int32_t offsets[256];
    if (head->leap_count != 0)
        return "it counts leap seconds";
    for (size_t i = 0; i < head->type_count; i++) {
        offsets[i] = (int32_t)read_u32(types + i * 6);
        if (offsets[i] < OFFSET_MIN || offsets[i] > OFFSET_MAX)
            return "an offset is out of range";
        if ((unsigned char)types[i * 6 + 4] > 1 ||
            (unsigned char)types[i * 6 + 5] >= head->char_count)
            return "a type of local time is damaged";
    }
    zone->before = offsets[0];
    zone->at = calloc(head->time_count + (size_t)1, sizeof *zone->at);
    zone->offsets = calloc(head->time_count + (size_t)1, sizeof *zone->offsets);
    if (zone->at == NULL || zone->offsets == NULL)
        return no_memory;
    for (size_t i = 0; i < head->time_count; i++) {
        unsigned char type = (unsigned char)indexes[i];
        int64_t at = read_time(body + i * time_size, time_size);
        if (type >= head->type_count || at < -TIME_FAR || at > TIME_FAR ||
            (i > 0 && at <= zone->at[i - 1]))
            return "its table of changes is damaged";
        zone->at[i] = at;
        zone->offsets[i] = offsets[type];
    }
    zone->count = head->time_count;
    return NULL;
}

static const char *tzif_parse(struct time_zone *zone, struct slice in)
{
    static const char *const cut = "it is cut short";
    struct tzif head;
    if (!tzif_header(in, &head))
        return "it is no TZif file";
    uint64_t len = tzif_body_len(&head, 4);
    if (len > in.len - HEADER_LEN)
        return cut;
    struct slice rest = {in.data + HEADER_LEN + len, in.len - HEADER_LEN - (size_t)len};
    if (head.version == 1)
        return rest.len != 0 ? "something stands behind its end"
                             : tzif_table(zone, in.data + HEADER_LEN, &head, 4);
    /* From version 2 on the same follows with times of 64 bits, and the rule between newlines. */
    if (!tzif_header(rest, &head) || head.version == 1)
        return "its second part is no TZif data";
    len = tzif_body_len(&head, 8);
    if (len > rest.len - HEADER_LEN)
        return cut;
    struct slice foot = {rest.data + HEADER_LEN + len, rest.len - HEADER_LEN - (size_t)len};
    if (foot.len < 2 || foot.data[0] != '\n' || foot.data[foot.len - 1] != '\n')
        return cut;
    if (!rule_parse((struct slice){foot.data + 1, foot.len - 2}, &zone->rule))
        return "its rule for later years is damaged";
    return tzif_table(zone, rest.data + HEADER_LEN, &head, 8);
}

/* ---- loading ---- */

static enum status zone_new(const char *name, struct time_zone **zone, struct error *err)
{
    *zone = calloc(1, sizeof **zone);
    if (*zone != NULL)
        (*zone)->name = strdup(name);
    if (*zone != NULL && (*zone)->name != NULL)
        return STATUS_OK;
    timezone_free(*zone);
    *zone = NULL;
    return error_no_memory(err);
}

void timezone_free(struct time_zone *zone)
{
    if (zone == NULL)
        return;
    free(zone->name);
    free(zone->at);
    free(zone->offsets);
    free(zone);
}

const char *timezone_name(const struct time_zone *zone)
{
    return zone->name;
}

enum status timezone_parse(const char *name, struct slice file, struct time_zone **zone,
                           struct error *err)
{
    struct time_zone *made;
    char shown[TEXT_ESCAPED_MAX];
    *zone = NULL;
    enum status s = zone_new(name, &made, err);
    if (s != STATUS_OK)
        return s;
    const char *fault = tzif_parse(made, file);
    if (fault == NULL) {
        *zone = made;
        return STATUS_OK;
    }
    timezone_free(made);
    if (fault == no_memory)
        return error_no_memory(err);
    return error_set(err, STATUS_DAMAGED, "the file of time zone '%s' cannot be used: %s",
                     text_escape(shown, slice_of(name)), fault);
}

static bool name_valid(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || len > NAME_MAX_LEN || name[0] == '/' || name[0] == '.' ||
        name[len - 1] == '/' || strstr(name, "..") != NULL)
        return false;
    for (const char *p = name; *p != '\0'; p++) {
        char c = text_lower(*p);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("_+./-", c) != NULL))
            return false;
    }
    return true;
}

static enum status unknown_zone(const char *name, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    return error_set(err, STATUS_USAGE,
                     "'%s' is no such time zone; give a name of tzdata, like Europe/London or UTC",
                     text_escape(shown, slice_of(name)));
}

static enum status read_all(int fd, struct buffer *file, const char *path, struct error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot read %s", path);
    if (!S_ISREG(st.st_mode) || st.st_size > FILE_MAX)
        return error_set(err, STATUS_USAGE, "%s is no file of a time zone", path);
    for (;;) {
        if (!buffer_reserve(file, 65536))
            return error_no_memory(err);
        ssize_t n = read(fd, file->data + file->len, 65536);
        if (n == 0)
            return STATUS_OK;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, STATUS_IO, errno, "cannot read %s", path);
        file->len += (size_t)n;
        if (file->len > FILE_MAX)
            return error_set(err, STATUS_USAGE, "%s is no file of a time zone", path);
    }
}

enum status timezone_load(const char *name, struct time_zone **zone, struct error *err)
{
    *zone = NULL;
    if (strcmp(name, "UTC") == 0) {
        enum status s = zone_new(name, zone, err);
        return s;
    }
    if (!name_valid(name))
        return unknown_zone(name, err);
    const char *folder = getenv("BELL_ZONEINFO");
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : ZONE_FOLDER, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return unknown_zone(name, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)) {
        struct stat st;
        if (folder == NULL && stat(ZONE_FOLDER, &st) != 0)
            return error_set(err, STATUS_USAGE, "time zone '%s': %s is missing; install tzdata",
                             name, ZONE_FOLDER);
        return unknown_zone(name, err);
    }
    if (fd < 0)
        return error_set_errno(err, STATUS_IO, errno, "cannot open %s", path);
    struct buffer file = BUFFER_INIT;
    enum status s = read_all(fd, &file, path, err);
    (void)close(fd); /* only read from */
    if (s == STATUS_OK && (file.len < 4 || memcmp(file.data, "TZif", 4) != 0))
        s = unknown_zone(name, err);
    if (s == STATUS_OK)
        s = timezone_parse(name, (struct slice){file.data, file.len}, zone, err);
    if (s == STATUS_USAGE)
        s = unknown_zone(name, err);
    buffer_free(&file);
    return s;
}

/* ---- offsets ---- */

void timezone_span(const struct time_zone *zone, int64_t utc, struct zone_span *span)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (zone->at[mid] <= utc)
            low = mid + 1;
        else
            high = mid;
    }
    /* low changes are past. */
    if (low == zone->count && zone->rule.present) {
        rule_span(&zone->rule, utc, span);
        if (low > 0 && span->from < zone->at[low - 1])
            span->from = zone->at[low - 1];
        return;
    }
    span->from = low == 0 ? -TIME_FAR : zone->at[low - 1];
    span->until = low == zone->count ? TIME_FAR : zone->at[low];
    span->offset = low == 0 ? zone->before : zone->offsets[low - 1];
}

enum local_time timezone_to_utc(const struct time_zone *zone, int64_t local, struct zone_span *memo,
                                int64_t *utc)
{
    /* Far from both ends of a known stretch nothing else can show this local time. */
    const int64_t far = (int64_t)OFFSET_MAX - OFFSET_MIN;
    int64_t guess = local - memo->offset;
    if (guess - far >= memo->from && guess + far < memo->until) {
        *utc = guess;
        return LOCAL_UNIQUE;
    }
    size_t found = 0;
    int64_t first = 0;
    struct zone_span span;
    struct zone_span last = {0, INT64_MIN, 0};
    int64_t skipped = local - OFFSET_MIN;
    for (int64_t at = local - OFFSET_MAX; at <= local - OFFSET_MIN && found < 2; at = span.until) {
        timezone_span(zone, at, &span);
        int64_t t = local - span.offset;
        if (t >= span.from && t < span.until) {
            if (found++ == 0) {
                first = t;
                *memo = span;
            }
        } else if (t < span.from && span.from == last.until && local - last.offset >= last.until) {
            skipped = span.from;
        }
        last = span;
    }
    *utc = found > 0 ? first : skipped;
    return found == 0 ? LOCAL_SKIPPED : found == 1 ? LOCAL_UNIQUE : LOCAL_REPEATED;
}

bool timezone_day_start(const struct time_zone *zone, int64_t day, int64_t *utc)
{
    struct zone_span memo = ZONE_SPAN_INIT;
    if (timezone_to_utc(zone, day * CALENDAR_DAY, &memo, utc) != LOCAL_SKIPPED)
        return true;
    timezone_span(zone, *utc, &memo);
    return calendar_floor_div(*utc + memo.offset, CALENDAR_DAY) == day;
}
