#include "records/line_scan.h"

#include <string.h>

#include "records/scan_vector.h"

/* More backslashes than these are not worth their memory. */
enum { ESCAPES_MAX = 256 * 1024 };

/* Bytes that are looked at, and then judged, together. */
enum { CHUNK = 16 * 1024 };

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

#ifdef SCAN_VECTOR

enum { BLOCKS = CHUNK / 64 };

/* What the bits of the blocks of 64 bytes say; bit i is byte i.  First all blocks are looked at,
 * then their bits become positions: one loop for both has not registers enough. */
struct chunk {
    size_t count; /* of blocks */
    uint64_t borders[BLOCKS];
    uint64_t lfs[BLOCKS];
    uint64_t escapes[BLOCKS];
    bool escaped; /* there are any */
    bool odd;     /* a NUL or CR is among the bytes */
};

SCAN_AVX2 static inline void look_at_blocks(struct chunk *chunk, const char *from)
{
    /* At the place that a byte's low half names stands the byte itself, if it is NUL or CR. */
    const __m256i odd = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0, 0, 0, 0,
                                         0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0);
    const __m256i tab = _mm256_set1_epi8('\t'), lf_byte = _mm256_set1_epi8('\n');
    const __m256i backslash = _mm256_set1_epi8('\\');
    __m256i odd_any = _mm256_setzero_si256();
    uint64_t escape_any = 0;
    for (size_t i = 0; i < chunk->count; i++, from += 64) {
        const __m256i low = scan_load(from);
        const __m256i high = scan_load(from + 32);
        const __m256i odd_low = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(odd, low), low);
        const __m256i odd_high = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(odd, high), high);
        const uint64_t lf = scan_equal64(low, high, lf_byte);
        const uint64_t escape = scan_equal64(low, high, backslash);
        odd_any = _mm256_or_si256(odd_any, _mm256_or_si256(odd_low, odd_high));
        escape_any |= escape;
        chunk->borders[i] = scan_equal64(low, high, tab) | lf;
        chunk->lfs[i] = lf;
        chunk->escapes[i] = escape;
    }
    chunk->escaped = escape_any != 0;
    chunk->odd = !_mm256_testz_si256(odd_any, odd_any);
}

/* Lists the borders of the chunk, which begins at scan->at, and counts its lines. */
SCAN_AVX2 static inline void take_borders(struct line_scan *scan, uint32_t *borders,
                                          const struct chunk *chunk)
{
    uint32_t *to = borders + scan->borders;
    size_t lines = scan->lines, at = scan->at;
    for (size_t i = 0; i < chunk->count; i++, at += 64) {
        to = scan_put_positions(to, chunk->borders[i], at);
        lines += (size_t)_mm_popcnt_u64(chunk->lfs[i]);
    }
    scan->borders = (size_t)(to - borders);
    scan->lines = lines;
    scan->at = at;
}

/* Lists and marks the backslashes of the chunk, which begins at scan->at. */
SCAN_AVX2 static void take_escapes(const struct line_scan *before, struct line_scan *scan,
                                   struct source_rows *rows, const struct chunk *chunk,
                                   const char *data, size_t len)
{
    uint32_t *to = rows->escapes + rows->escape_count;
    size_t borders = before->borders, lines = before->lines;
    for (size_t i = 0; i < chunk->count; i++) {
        for (uint64_t bits = chunk->escapes[i]; bits != 0; bits = _blsr_u64(bits)) {
            const uint64_t in_front = _blsi_u64(bits) - 1;
            const size_t at = before->at + 64 * i + (size_t)_tzcnt_u64(bits);
            *to++ = (uint32_t)at;
            mark_escape(scan, rows, data, at, len,
                        borders + (size_t)_mm_popcnt_u64(chunk->borders[i] & in_front),
                        lines + (size_t)_mm_popcnt_u64(chunk->lfs[i] & in_front));
        }
        borders += (size_t)_mm_popcnt_u64(chunk->borders[i]);
        lines += (size_t)_mm_popcnt_u64(chunk->lfs[i]);
    }
    rows->escape_count = (size_t)(to - rows->escapes);
}

/* Does the LF of each line from `line` on stand where it must, and no tab instead of it, and does
 * no line begin with a mark? */
static bool even(const struct line_scan *scan, const struct source_rows *rows, const char *data,
                 size_t line)
{
    const size_t columns = scan->columns;
    if (scan->borders < scan->lines * columns || scan->borders > last_border(scan))
        return false;
    for (; line < scan->lines; line++) {
        const size_t end = rows->borders[line * columns + columns - 1];
        if (data[end] != '\n' || (end + 1 < scan->at && data[end + 1] == '#'))
            return false;
    }
    return true;
}

/* Takes a chunk of whole blocks, for which the lists have room.  false: it is not regular or holds
 * a mark, and is not taken. */
SCAN_AVX2 static bool scan_chunk(struct line_scan *into, struct source_rows *rows, const char *data,
                                 size_t count, size_t len)
{
    struct line_scan scan = *into;
    struct chunk chunk;
    chunk.count = count;
    if (scan.at == scan.end && data[scan.at] == '#')
        return false;
    look_at_blocks(&chunk, data + scan.at);
    if (chunk.odd)
        return false;
    take_borders(&scan, rows->borders, &chunk);
    if (!even(&scan, rows, data, into->lines))
        return false;
    if (chunk.escaped)
        take_escapes(into, &scan, rows, &chunk, data, len);
    if (scan.lines > into->lines)
        scan.end = (size_t)rows->borders[scan.lines * scan.columns - 1] + 1;
    *into = scan;
    return true;
}

/* What is left over, and what is odd, goes the plain way. */
SCAN_AVX2 static enum status scan_avx2(struct line_scan *scan, struct source_rows *rows,
                                       const char *data, size_t len, struct error *err)
{
    bool good = true;
    while (good && len - scan->at >= 64) {
        const size_t left = (len - scan->at) / 64;
        const size_t blocks = left < BLOCKS ? left : BLOCKS;
        if (rows->escape_count > ESCAPES_MAX)
            rows->escapes_listed = false;
        if (!rows->escapes_listed)
            rows->escape_count = 0; /* filled and forgotten */
        if (!source_rows_reserve(rows, scan->borders + 64 * blocks + SCAN_AT_ONCE) ||
            !source_rows_reserve_escapes(rows, rows->escape_count + 64 * blocks))
            return error_no_memory(err);
        good = scan_chunk(scan, rows, data, blocks, len);
    }
    return line_scan_plain(scan, rows, data, len, err);
}

#endif

enum status line_scan(struct line_scan *scan, struct source_rows *rows, const char *data,
                      size_t len, struct error *err)
{
#ifdef SCAN_VECTOR
    if (scan->regular && !scan->marked && scan_vector_supported())
        return scan_avx2(scan, rows, data, len, err);
#endif
    return line_scan_plain(scan, rows, data, len, err);
}
