#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "estimates/claim.h"

enum { ITEMS_MAX = 64 };

struct parser {
    const char *text;
    const char *at;
    const char *called; /* "claim" or "group", for messages */
    struct arena *arena;
    struct error *err;
};

enum status claim_error(struct error *err, size_t place, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    enum status s = error_set(err, STATUS_USAGE, "%s", text);
    error_at(err, "claim", 1, place);
    return s;
}

/* In characters, as a reader counts them. */
static size_t place_of(const struct parser *p, const char *at)
{
    size_t place = 1;
    for (const char *c = p->text; c < at; c++)
        place += ((unsigned char)*c & 0xc0) != 0x80;
    return place;
}

static enum status fail(const struct parser *p, const char *at, const char *expected)
{
    char shown[TEXT_ESCAPED_MAX];
    enum status s = *at == '\0'
                        ? claim_error(p->err, place_of(p, at), "%s; here the text ends", expected)
                        : claim_error(p->err, place_of(p, at), "%s; here stands '%s'", expected,
                                      text_escape(shown, slice_trim(slice_of(at))));
    error_at(p->err, p->called, 1, place_of(p, at));
    return s;
}

static void skip_blanks(struct parser *p)
{
    while (slice_is_blank(*p->at))
        p->at++;
}

static bool take(struct parser *p, const char *sign)
{
    skip_blanks(p);
    size_t n = strlen(sign);
    if (strncmp(p->at, sign, n) != 0)
        return false;
    p->at += n;
    return true;
}

/* ---- names ---- */

static enum status quoted(struct parser *p, struct slice *name)
{
    const char *begin = p->at++;
    char *copy = arena_copy(p->arena, p->at, strlen(p->at));
    if (copy == NULL)
        return error_no_memory(p->err);
    size_t n = 0;
    for (;; p->at++) {
        if (*p->at == '\0')
            return fail(p, begin, "this quote is never closed");
        if (*p->at == '"' && *++p->at != '"')
            break;
        copy[n++] = *p->at;
    }
    *name = (struct slice){copy, n};
    return STATUS_OK;
}

/* Up to one of the bytes that end it. */
static enum status name_until(struct parser *p, const char *ends, const char *expected,
                              bool may_be_empty, struct slice *name)
{
    skip_blanks(p);
    if (*p->at == '"')
        return quoted(p, name);
    size_t n = strcspn(p->at, ends);
    *name = slice_trim((struct slice){p->at, n});
    if (name->len == 0 && !may_be_empty)
        return fail(p, p->at, expected);
    p->at += n;
    return STATUS_OK;
}

/* ---- [COLUMN=VALUE, ...] ---- */

static enum status picks_until(struct parser *p, const char *ends, struct claim_pick *list,
                               size_t *count)
{
    *count = 0;
    do {
        if (*count == ITEMS_MAX)
            return fail(p, p->at, "no more columns are expected");
        struct claim_pick *pick = &list[(*count)++];
        skip_blanks(p);
        pick->place = place_of(p, p->at);
        enum status s = name_until(p, "=,]<>[()\"", "the name of a group column is expected", false,
                                   &pick->column);
        if (s == STATUS_OK && !take(p, "="))
            s = fail(p, p->at, "'=' is expected behind the name of a group column");
        if (s == STATUS_OK)
            s = name_until(p, ends, "", true, &pick->value);
        if (s != STATUS_OK)
            return s;
    } while (take(p, ","));
    return STATUS_OK;
}

static enum status keep_picks(struct parser *p, const struct claim_pick *list, size_t count,
                              const struct claim_pick **picks)
{
    struct claim_pick *copy = arena_calloc(p->arena, count, sizeof *copy);
    if (copy == NULL)
        return error_no_memory(p->err);
    memcpy(copy, list, count * sizeof *copy);
    *picks = copy;
    return STATUS_OK;
}

static enum status group_of(struct parser *p, struct claim_side *side)
{
    struct claim_pick list[ITEMS_MAX];
    if (!take(p, "["))
        return STATUS_OK;
    enum status s = picks_until(p, ",]", list, &side->pick_count);
    if (s == STATUS_OK && !take(p, "]"))
        s = fail(p, p->at, "',' or ']' is expected in a group");
    return s == STATUS_OK ? keep_picks(p, list, side->pick_count, &side->picks) : s;
}

/* ---- measures ---- */

/* `4..5` in one word; quoted names stand on both sides of the dots by themselves. */
static void split_range(struct claim_band *band)
{
    for (size_t i = 1; i + 2 < band->from.len; i++) {
        if (band->from.data[i] != '.' || band->from.data[i + 1] != '.')
            continue;
        struct slice whole = band->from;
        band->from = slice_trim((struct slice){whole.data, i});
        band->to = slice_trim((struct slice){whole.data + i + 2, whole.len - i - 2});
        return;
    }
}

static enum status one_band(struct parser *p, struct claim_band *band)
{
    skip_blanks(p);
    *band = (struct claim_band){.to = SLICE_MISSING, .place = place_of(p, p->at)};
    bool bare = *p->at != '"';
    enum status s = name_until(p, ",)\"", "the name of a band is expected", false, &band->from);
    if (s == STATUS_OK && bare)
        split_range(band);
    else if (s == STATUS_OK && take(p, ".."))
        s = name_until(p, ",)", "the name of a band is expected behind '..'", false, &band->to);
    return s;
}

static enum status bands_of(struct parser *p, struct claim_side *side)
{
    struct claim_band list[ITEMS_MAX];
    if (!take(p, "("))
        return fail(p, p->at, "'(' and the name of a band are expected behind share");
    do {
        if (side->band_count == ITEMS_MAX)
            return fail(p, p->at, "no more bands are expected");
        enum status s = one_band(p, &list[side->band_count++]);
        if (s != STATUS_OK)
            return s;
    } while (take(p, ","));
    if (!take(p, ")"))
        return fail(p, p->at, "',' or ')' is expected behind the name of a band");
    struct claim_band *bands = arena_calloc(p->arena, side->band_count, sizeof *bands);
    if (bands == NULL)
        return error_no_memory(p->err);
    memcpy(bands, list, side->band_count * sizeof *bands);
    side->bands = bands;
    return STATUS_OK;
}

/* `(score)` behind mean and net may be left out. */
static enum status score_of(struct parser *p)
{
    if (!take(p, "("))
        return STATUS_OK;
    skip_blanks(p);
    const char *begin = p->at;
    struct slice name;
    enum status s = name_until(p, ")", "score is expected", false, &name);
    if (s == STATUS_OK && !slice_is(name, "score"))
        return fail(p, begin, "only scores are judged, so score is expected");
    if (s == STATUS_OK && !take(p, ")"))
        s = fail(p, p->at, "')' is expected");
    return s;
}

static enum status measure_of(struct parser *p, struct claim_side *side)
{
    static const char *const names[] = {"mean", "share", "net"};
    static const enum claim_measure measures[] = {CLAIM_MEAN, CLAIM_SHARE, CLAIM_NET};
    char word[32];
    skip_blanks(p);
    side->place = place_of(p, p->at);
    size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    (void)snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : 0), p->at);
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(word, names[i]) != 0)
            continue;
        side->measure = measures[i];
        p->at += n;
        enum status s = side->measure == CLAIM_SHARE ? bands_of(p, side) : score_of(p);
        return s == STATUS_OK ? group_of(p, side) : s;
    }
    const char *near = n > 0 ? text_nearest(word, names, 3) : NULL;
    char expected[96] = "mean(score), share(BAND) or net is expected";
    if (near != NULL)
        (void)snprintf(expected, sizeof expected,
                       "mean(score), share(BAND) or net is expected (did you mean '%s'?)", near);
    return fail(p, p->at, expected);
}

/* ---- OP and NUMBER ---- */

static enum status op_of(struct parser *p, enum claim_op *op)
{
    static const struct {
        const char *sign;
        enum claim_op op;
    } signs[] = {
        {">=", CLAIM_AT_LEAST},          {"<=", CLAIM_AT_MOST}, {"\xe2\x89\xa5", CLAIM_AT_LEAST},
        {"\xe2\x89\xa4", CLAIM_AT_MOST}, {">", CLAIM_ABOVE},    {"<", CLAIM_BELOW}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!take(p, signs[i].sign))
            continue;
        *op = signs[i].op;
        return STATUS_OK;
    }
    if (*p->at == '=' || *p->at == '!')
        return fail(p, p->at,
                    "that everyone's figure is exactly this one no sample can say; one of > >= < "
                    "<= is expected");
    return fail(p, p->at, "one of > >= < <= is expected");
}

static bool number_begins(const struct parser *p)
{
    return *p->at != '\0' && strchr("+-.0123456789", *p->at) != NULL;
}

static enum status number_of(struct parser *p, struct claim *claim)
{
    skip_blanks(p);
    size_t n = strspn(p->at, "+-.,0123456789eE");
    const char *begin = p->at;
    claim->place = place_of(p, begin);
    switch (decimal_parse((struct slice){begin, n}, &claim->number)) {
    case DECIMAL_OK:
        break;
    case DECIMAL_TOO_FINE:
        return fail(p, begin, "a number has at most 6 decimal places");
    default:
        return fail(p, begin, "a number such as 3.5 or 30% is expected");
    }
    p->at += n;
    claim->percent = take(p, "%");
    if (!claim->percent)
        return STATUS_OK;
    if (claim->number % 100 != 0)
        return fail(p, begin, "a percentage has at most 4 decimal places");
    claim->number /= 100;
    return STATUS_OK;
}

static enum status second_side(struct parser *p, struct claim *claim)
{
    struct claim_side *side = &claim->sides[1];
    claim->side_count = 2;
    enum status s = measure_of(p, side);
    if (s != STATUS_OK)
        return s;
    if (side->measure != claim->sides[0].measure)
        return claim_error(p->err, side->place,
                           "both sides must measure the same: mean and mean, share and share, net "
                           "and net");
    skip_blanks(p);
    bool minus = *p->at == '-';
    if (!minus && *p->at != '+')
        return STATUS_OK;
    p->at++;
    skip_blanks(p);
    if (*p->at == '+' || *p->at == '-')
        return fail(p, p->at, "a number without a sign is expected");
    s = number_of(p, claim);
    claim->number = minus ? -claim->number : claim->number;
    return s;
}

static enum status right_side(struct parser *p, struct claim *claim)
{
    skip_blanks(p);
    return number_begins(p) ? number_of(p, claim) : second_side(p, claim);
}

enum status claim_parse(struct claim *claim, const char *text, struct arena *arena,
                        struct error *err)
{
    struct parser p = {text, text, "claim", arena, err};
    *claim = (struct claim){.side_count = 1, .text = text};
    enum status s = measure_of(&p, &claim->sides[0]);
    if (s == STATUS_OK)
        s = op_of(&p, &claim->op);
    if (s == STATUS_OK)
        s = right_side(&p, claim);
    skip_blanks(&p);
    if (s == STATUS_OK && *p.at != '\0')
        s = fail(&p, p.at, "the claim should end here");
    return s;
}

enum status claim_parse_group(const struct claim_pick **picks, size_t *count, const char *text,
                              struct arena *arena, struct error *err)
{
    struct parser p = {text, text, "group", arena, err};
    struct claim_pick list[ITEMS_MAX];
    enum status s = picks_until(&p, ",", list, count);
    skip_blanks(&p);
    if (s == STATUS_OK && *p.at != '\0')
        s = fail(&p, p.at, "the group should end here");
    return s == STATUS_OK ? keep_picks(&p, list, *count, picks) : s;
}
