#include "records/line_scan.h"

#include <string.h>

#include "base/unroll.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

/* More backslashes than these are not worth their memory. */
enum { ESCAPES_MAX = 256 * 1024 };

/* Bytes that are looked at, and then judged, together. */
enum { CHUNK = 16 * 1024 };

/* Positions that are written for each block whether there are so many or not. */
enum { AT_ONCE = 6 };

void line_scan_begin(struct line_scan *scan, struct source_rows *rows, size_t columns)
{
    source_rows_clear(rows);
    rows->columns = columns;
    rows->escapes_listed = true;
    *scan = (struct line_scan){.columns = columns, .twin = SIZE_MAX, .regular = true};
}

/* The border that the LF of the present line must be. */
static inline size_t last_border(const struct line_scan *scan)
{
    return scan->lines * scan->columns + scan->columns - 1;
}

/* The rest of a text that is not regular: its lines are counted. */
static void count_on(struct line_scan *scan, const char *data, size_t len)
{
    scan->regular = false;
    while (scan->at < len) {
        if (scan->at == scan->end && data[scan->at] == '#') {
            scan->marked = true;
            return;
        }
        const char *lf = memchr(data + scan->at, '\n', len - scan->at);
        scan->at = lf == NULL ? len : (size_t)(lf - data) + 1;
        if (lf != NULL) {
            scan->lines++;
            scan->end = scan->at;
        }
    }
}

/* A backslash at `at`, before which so many borders and lines were met.  What stands behind the
 * last byte may be anything. */
static inline void mark_escape(struct line_scan *scan, struct source_rows *rows, const char *data,
                               size_t at, size_t len, size_t borders, size_t lines)
{
    const char behind = at + 1 < len ? data[at + 1] : 'x';
    rows->escaped_columns |= UINT64_C(1) << ((borders - lines * scan->columns) & 63);
    if (at == scan->twin)
        return;
    if (behind == '\\')
        scan->twin = at + 1;
    rows->escapes_numbered |= behind == 'x' || (behind & ~7) == '0';
}

static bool list_escape(struct source_rows *rows, size_t at)
{
    if (rows->escape_count >= ESCAPES_MAX)
        rows->escapes_listed = false;
    if (!rows->escapes_listed)
        return true;
    if (!source_rows_reserve_escapes(rows, rows->escape_count + 1))
        return false;
    rows->escapes[rows->escape_count++] = (uint32_t)at;
    return true;
}

enum status line_scan_plain(struct line_scan *scan, struct source_rows *rows, const char *data,
                            size_t len, struct error *err)
{
    while (scan->regular && !scan->marked && scan->at < len) {
        const char c = data[scan->at];
        if (c == '#' && scan->at == scan->end) {
            scan->marked = true;
            break;
        }
        const bool border = c == '\t' || c == '\n';
        if (c == '\0' || c == '\r' ||
            (border && (c == '\n') != (scan->borders == last_border(scan)))) {
            scan->regular = false;
            break;
        }
        if ((c == '\\' && !list_escape(rows, scan->at)) ||
            (border && !source_rows_reserve(rows, scan->borders + 1)))
            return error_no_memory(err);
        if (c == '\\')
            mark_escape(scan, rows, data, scan->at, len, scan->borders, scan->lines);
        if (border)
            rows->borders[scan->borders++] = (uint32_t)scan->at;
        scan->at++;
        if (c == '\n') {
            scan->lines++;
            scan->end = scan->at;
        }
    }
    if (!scan->regular && !scan->marked)
        count_on(scan, data, len);
    return STATUS_OK;
}

#ifdef HAVE_AVX2_PATH

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

/* What the bits of 64 bytes say; bit i is byte i. */
struct block {
    uint64_t border; /* tab or LF */
    uint64_t lf;
    uint64_t escape;
    uint64_t hash;
    __m256i odd; /* not all zero: a NUL or CR is among them */
};

AVX2 static inline uint64_t equal64(__m256i low, __m256i high, char byte)
{
    const __m256i bytes = _mm256_set1_epi8(byte);
    const uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, bytes));
    const uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, bytes));
    return a | (uint64_t)b << 32;
}

AVX2 static inline struct block look(const char *from)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)from);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(from + 32));
    /* At the place that a byte's low half names stands the byte itself, if it is NUL or CR. */
    const __m256i odd = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0, 0, 0, 0,
                                         0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0);
    const __m256i odd_low = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(odd, low), low);
    const __m256i odd_high = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(odd, high), high);
    const uint64_t lf = equal64(low, high, '\n');
    return (struct block){.border = equal64(low, high, '\t') | lf,
                          .lf = lf,
                          .escape = equal64(low, high, '\\'),
                          .hash = equal64(low, high, '#'),
                          .odd = _mm256_or_si256(odd_low, odd_high)};
}

/* Writes some positions too many: a loop whose end cannot be foreseen costs more. */
AVX2 static inline void put_positions(uint32_t *to, uint64_t bits, size_t at)
{
    UNROLL
    for (int i = 0; i < AT_ONCE; i++) {
        to[i] = (uint32_t)(at + (size_t)_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
    }
    for (to += AT_ONCE; bits != 0; bits = _blsr_u64(bits))
        *to++ = (uint32_t)(at + (size_t)_tzcnt_u64(bits));
}

/* Lists and marks the backslashes of a block; the end of the list. */
AVX2 static inline uint32_t *put_escapes(uint32_t *to, const struct block *b,
                                         struct line_scan *scan, struct source_rows *rows,
                                         const char *data, size_t len)
{
    for (uint64_t bits = b->escape; bits != 0; bits = _blsr_u64(bits)) {
        const uint64_t before = _blsi_u64(bits) - 1;
        const size_t at = scan->at + (size_t)_tzcnt_u64(bits);
        *to++ = (uint32_t)at;
        mark_escape(scan, rows, data, at, len,
                    scan->borders + (size_t)_mm_popcnt_u64(b->border & before),
                    scan->lines + (size_t)_mm_popcnt_u64(b->lf & before));
    }
    return to;
}

/* Does the LF of each line from `line` on stand where it must, and no tab instead of it? */
static bool even(const struct line_scan *scan, const struct source_rows *rows, const char *data,
                 size_t line)
{
    const size_t columns = scan->columns;
    if (scan->borders < scan->lines * columns || scan->borders > last_border(scan))
        return false;
    for (; line < scan->lines; line++)
        if (data[rows->borders[line * columns + columns - 1]] != '\n')
            return false;
    return true;
}

/* Takes whole blocks, for which the lists have room, up to one that holds a mark.  false: they are
 * not regular, and not taken. */
AVX2 static bool scan_blocks(struct line_scan *into, struct source_rows *rows, const char *data,
                             size_t len)
{
    struct line_scan scan = *into;
    uint32_t *const borders = rows->borders;
    uint32_t *escape = rows->escapes + rows->escape_count;
    uint64_t behind_lf = scan.at == scan.end;
    __m256i odd = _mm256_setzero_si256();
    while (len - scan.at >= 64) {
        const struct block b = look(data + scan.at);
        scan.marked = (b.hash & (b.lf << 1 | behind_lf)) != 0;
        if (scan.marked)
            break;
        behind_lf = b.lf >> 63;
        odd = _mm256_or_si256(odd, b.odd);
        escape = put_escapes(escape, &b, &scan, rows, data, len);
        put_positions(borders + scan.borders, b.border, scan.at);
        scan.borders += (size_t)_mm_popcnt_u64(b.border);
        scan.lines += (size_t)_mm_popcnt_u64(b.lf);
        scan.end = b.lf == 0 ? scan.end : scan.at + 64 - (size_t)_lzcnt_u64(b.lf);
        scan.at += 64;
    }
    if (!_mm256_testz_si256(odd, odd) || !even(&scan, rows, data, into->lines))
        return false;
    const bool marked = scan.marked;
    scan.marked = false;
    *into = scan;
    rows->escape_count = (size_t)(escape - rows->escapes);
    return !marked;
}

/* What is left over, and what is odd, goes the plain way. */
AVX2 static enum status scan_avx2(struct line_scan *scan, struct source_rows *rows,
                                  const char *data, size_t len, struct error *err)
{
    bool good = true;
    while (good && len - scan->at >= 64) {
        const size_t n = len - scan->at < CHUNK ? len - scan->at : CHUNK;
        if (rows->escape_count > ESCAPES_MAX)
            rows->escapes_listed = false;
        if (!rows->escapes_listed)
            rows->escape_count = 0; /* filled and forgotten */
        if (!source_rows_reserve(rows, scan->borders + n + AT_ONCE) ||
            !source_rows_reserve_escapes(rows, rows->escape_count + n))
            return error_no_memory(err);
        good = scan_blocks(scan, rows, data, scan->at + n);
    }
    return line_scan_plain(scan, rows, data, len, err);
}

#endif

enum status line_scan(struct line_scan *scan, struct source_rows *rows, const char *data,
                      size_t len, struct error *err)
{
#ifdef HAVE_AVX2_PATH
    if (scan->regular && !scan->marked && __builtin_cpu_supports("avx2") &&
        __builtin_cpu_supports("bmi2"))
        return scan_avx2(scan, rows, data, len, err);
#endif
    return line_scan_plain(scan, rows, data, len, err);
}
