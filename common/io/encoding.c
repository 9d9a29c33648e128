#include "io/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/text.h"

enum { HELD_MAX = 32, ROOM = 16 * 1024 };

struct encoding {
    char *name;           /* as given */
    const char *in_force; /* name, or that of the mark */
    iconv_t cd;
    bool cd_open;
    bool started; /* the mark was looked for */
    bool converts;
    size_t lead;
    size_t unit;         /* bytes to pass over when a character cannot be decoded */
    bool at_start;       /* nothing was put out yet: a U+FEFF may follow */
    char held[HELD_MAX]; /* bytes of an unfinished character, or of a possible mark */
    size_t held_len;
};

static bool is_utf8_name(const char *name)
{
    struct slice s = slice_of(name);
    return text_equal_fold(s, SLICE_LITERAL("utf-8")) || text_equal_fold(s, SLICE_LITERAL("utf8"));
}

static bool begins(const char *name, const char *with)
{
    size_t n = strlen(with);
    return strlen(name) >= n && text_equal_fold((struct slice){name, n}, slice_of(with));
}

static enum status open_iconv(struct encoding *enc, const char *name, struct error *err)
{
    enc->cd = iconv_open("UTF-8", name);
    if (enc->cd != (iconv_t)-1) {
        enc->cd_open = true;
        return STATUS_OK;
    }
    if (errno != EINVAL)
        return error_set_errno(err, STATUS_IO, errno, "encoding %s", name);
    char shown[TEXT_ESCAPED_MAX];
    return error_set(err, STATUS_USAGE,
                     "encoding '%s' is not known; `iconv -l` lists the names that are",
                     text_escape(shown, slice_of(name)));
}

enum status encoding_open(const char *name, struct encoding **enc, struct error *err)
{
    struct encoding *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->name = strdup(name);
    made->in_force = made->name;
    enum status s = made->name == NULL ? error_no_memory(err) : STATUS_OK;
    /* An empty name would mean the locale's, a slash would add options of iconv. */
    if (s == STATUS_OK && (name[0] == '\0' || strchr(name, '/') != NULL))
        s = error_set(err, STATUS_USAGE, "encoding '%.60s' is no name of an encoding", name);
    if (s == STATUS_OK && !is_utf8_name(name))
        s = open_iconv(made, name, err);
    if (s != STATUS_OK) {
        encoding_close(made);
        return s;
    }
    made->unit = begins(name, "utf-16") || begins(name, "utf16") || begins(name, "ucs-2") ? 2 : 1;
    if (begins(name, "utf-32") || begins(name, "utf32") || begins(name, "ucs-4"))
        made->unit = 4;
    made->at_start = true;
    *enc = made;
    return STATUS_OK;
}

static enum status switch_to(struct encoding *enc, const char *name, struct error *err)
{
    if (enc->cd_open)
        (void)iconv_close(enc->cd);
    enc->cd_open = false;
    enc->in_force = name;
    enc->unit = 2;
    return open_iconv(enc, name, err);
}

/* Looks at the first bytes; *known: the encoding is settled.  *used: bytes of a mark. */
static enum status settle(struct encoding *enc, const char *data, size_t len, bool end, bool *known,
                          size_t *used, struct error *err)
{
    static const unsigned char marks[3][3] = {{0xEF, 0xBB, 0xBF}, {0xFF, 0xFE, 0}, {0xFE, 0xFF, 0}};
    static const size_t mark_len[3] = {3, 2, 2};
    *used = 0;
    *known = true;
    size_t found = 3;
    /* In UTF-32 FF FE is only half of a mark: iconv reads that one itself. */
    for (size_t i = 0; i < 3 && enc->unit != 4; i++) {
        size_t n = len < mark_len[i] ? len : mark_len[i];
        if (memcmp(data, marks[i], n) != 0)
            continue;
        if (n == mark_len[i])
            found = i;
        else if (!end)
            *known = false;
    }
    if (!*known)
        return STATUS_OK;
    enc->started = true;
    enum status s = STATUS_OK;
    if (found == 0) {
        if (enc->cd_open)
            (void)iconv_close(enc->cd);
        enc->cd_open = false;
        enc->in_force = "UTF-8";
        *used = 3;
    } else if (found != 3) {
        s = switch_to(enc, found == 1 ? "UTF-16LE" : "UTF-16BE", err);
        *used = 2;
    } else if (text_equal_fold(slice_of(enc->name), SLICE_LITERAL("utf-16")) ||
               text_equal_fold(slice_of(enc->name), SLICE_LITERAL("utf16"))) {
        /* iconv would take the order of this machine. */
        s = switch_to(enc, "UTF-16LE", err);
    }
    enc->converts = enc->cd_open;
    enc->lead = enc->converts ? 0 : *used;
    return s;
}

static bool put_bad(struct buffer *out)
{
    return buffer_append_byte(out, ENCODING_BAD_BYTE);
}

/* Converts what it can; the bytes of an unfinished character stay (their number in *left). */
static enum status convert(struct encoding *enc, const char *data, size_t len, size_t *left,
                           struct buffer *out, struct error *err)
{
    char *in = (char *)(uintptr_t)data; /* iconv() does not write through it */
    while (len > 0) {
        if (!buffer_reserve(out, ROOM))
            return error_no_memory(err);
        char *to = out->data + out->len;
        size_t room = ROOM;
        errno = 0;
        size_t done = iconv(enc->cd, &in, &len, &to, &room);
        int fault = done == (size_t)-1 ? errno : 0;
        out->len = (size_t)(to - out->data);
        out->data[out->len] = '\0';
        if (fault == EINVAL)
            break;
        if (fault == EILSEQ) {
            if (!put_bad(out))
                return error_no_memory(err);
            size_t n = len < enc->unit ? len : enc->unit;
            in += n;
            len -= n;
        } else if (fault != 0 && fault != E2BIG) {
            return error_set_errno(err, STATUS_IO, fault, "encoding %s", enc->in_force);
        }
    }
    *left = len;
    return STATUS_OK;
}

/* iconv leaves a U+FEFF where the name itself says the byte order. */
static void drop_mark(struct encoding *enc, struct buffer *out, size_t from)
{
    if (!enc->at_start || out->len == from)
        return;
    enc->at_start = false;
    if (out->len - from >= 3 && memcmp(out->data + from, "\xEF\xBB\xBF", 3) == 0) {
        memmove(out->data + from, out->data + from + 3, out->len - from - 3);
        out->len -= 3;
        out->data[out->len] = '\0';
    }
}

static enum status pass(struct encoding *enc, const char *data, size_t len, struct buffer *out,
                        struct error *err)
{
    if (!enc->converts)
        return buffer_append(out, data, len) ? STATUS_OK : error_no_memory(err);
    size_t from = out->len;
    size_t left = 0;
    /* An unfinished character goes first, with as many bytes as complete it. */
    while (enc->held_len > 0 && len > 0) {
        enc->held[enc->held_len++] = *data++;
        len--;
        enum status s = convert(enc, enc->held, enc->held_len, &left, out, err);
        if (s != STATUS_OK)
            return s;
        memmove(enc->held, enc->held + enc->held_len - left, left);
        enc->held_len = left;
        if (enc->held_len == HELD_MAX) {
            enc->held_len = 0;
            if (!put_bad(out))
                return error_no_memory(err);
        }
    }
    if (len > 0) {
        enum status s = convert(enc, data, len, &left, out, err);
        if (s != STATUS_OK)
            return s;
        if (left >= HELD_MAX)
            return error_set(err, STATUS_IO, "encoding %s: iconv stopped", enc->in_force);
        memcpy(enc->held, data + len - left, left);
        enc->held_len = left;
    }
    drop_mark(enc, out, from);
    return STATUS_OK;
}

static enum status start(struct encoding *enc, bool end, struct buffer *out, struct error *err)
{
    bool known = false;
    size_t used = 0;
    enum status s = settle(enc, enc->held, enc->held_len, end, &known, &used, err);
    if (s != STATUS_OK || !known)
        return s;
    char first[HELD_MAX];
    size_t n = enc->held_len - used;
    memcpy(first, enc->held + used, n);
    enc->held_len = 0;
    return pass(enc, first, n, out, err);
}

enum status encoding_feed(struct encoding *enc, const char *data, size_t len, struct buffer *out,
                          struct error *err)
{
    while (!enc->started && len > 0) {
        enc->held[enc->held_len++] = *data++;
        len--;
        enum status s = start(enc, false, out, err);
        if (s != STATUS_OK)
            return s;
    }
    return len == 0 ? STATUS_OK : pass(enc, data, len, out, err);
}

enum status encoding_finish(struct encoding *enc, struct buffer *out, struct error *err)
{
    if (!enc->started) {
        enum status s = start(enc, true, out, err);
        if (s != STATUS_OK)
            return s;
    }
    if (!enc->converts)
        return STATUS_OK;
    size_t from = out->len;
    if (enc->held_len > 0 && !put_bad(out))
        return error_no_memory(err);
    enc->held_len = 0;
    /* Some encodings hold a character back until they see what follows. */
    if (!buffer_reserve(out, ROOM))
        return error_no_memory(err);
    char *to = out->data + out->len;
    size_t room = ROOM;
    (void)iconv(enc->cd, NULL, NULL, &to, &room);
    out->len = (size_t)(to - out->data);
    out->data[out->len] = '\0';
    drop_mark(enc, out, from);
    return STATUS_OK;
}

size_t encoding_lead(const struct encoding *enc)
{
    return enc->lead;
}

bool encoding_passes(const struct encoding *enc)
{
    return enc->started && !enc->cd_open && enc->held_len == 0;
}

bool encoding_converts(const struct encoding *enc)
{
    return enc->converts;
}

const char *encoding_name(const struct encoding *enc)
{
    return enc->in_force;
}

void encoding_close(struct encoding *enc)
{
    if (enc == NULL)
        return;
    if (enc->cd_open)
        (void)iconv_close(enc->cd);
    free(enc->name);
    free(enc);
}
