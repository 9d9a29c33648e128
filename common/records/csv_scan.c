#include "records/csv_scan.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

/* What the bits of 64 bytes say; bit i is byte i. */
struct block {
    uint64_t quote;
    uint64_t delimiter;
    uint64_t lf;
    uint64_t cr;
    uint64_t nul;
};

/* What one block hands to the next. */
struct carry {
    uint64_t inside;       /* all ones: a quote is open */
    uint64_t after_border; /* 1: the byte before is a delimiter, a record end or the start */
    uint64_t after_end;    /* 1: the byte before is a record end or the start */
    uint64_t after_close;  /* 1: the byte before is a closing quote */
    uint64_t after_cr;     /* 1: the byte before is a CR outside quotes */
};

/* Structure and oddities of one block.  inside has a bit for each byte between quotes, the opening
 * quote included and the closing one not; ends are record ends.  Returns the borders: delimiters
 * and record ends. */
static inline uint64_t judge(const struct block *b, uint64_t inside, struct carry *c,
                             uint64_t *ends, uint64_t *odd, uint64_t *doubled)
{
    uint64_t outside = ~inside;
    uint64_t opening = b->quote & inside;
    uint64_t closing = b->quote & outside;
    uint64_t end = b->lf & outside;
    uint64_t borders = (b->delimiter & outside) | end;
    uint64_t cr = b->cr & outside;
    uint64_t before_border = borders << 1 | c->after_border;
    uint64_t before_end = end << 1 | c->after_end;
    uint64_t before_close = closing << 1 | c->after_close;
    uint64_t before_cr = cr << 1 | c->after_cr;
    *doubled = opening & before_close;
    *odd = b->nul;
    /* A quote opens at a border, or behind a closing one (that is a doubled quote). */
    *odd |= opening & ~(before_border | before_close);
    /* Behind a closing quote comes a border, a CR, or the second of a doubled quote. */
    *odd |= before_close & ~(borders | cr | opening);
    *odd |= before_cr & ~b->lf;
    /* An empty line. */
    *odd |= before_end & (end | cr);
    c->after_border = borders >> 63;
    c->after_end = end >> 63;
    c->after_close = closing >> 63;
    c->after_cr = cr >> 63;
    *ends = end;
    return borders;
}

static bool list_reserve(uint32_t **list, size_t *cap, size_t count, size_t more)
{
    if (*cap - count >= more)
        return true;
    size_t grown = *cap == 0 ? 1024 : *cap * 2;
    while (grown - count < more)
        grown *= 2;
    uint32_t *made = realloc(*list, grown * sizeof *made);
    if (made == NULL)
        return false;
    *list = made;
    *cap = grown;
    return true;
}

/* Room for what one block may hold. */
static inline bool index_reserve(struct csv_index *index)
{
    return list_reserve(&index->positions, &index->cap, index->count, 64) &&
           list_reserve(&index->doubled, &index->doubled_cap, index->doubled_count, 64);
}

static inline uint32_t *put_positions(uint32_t *to, uint64_t bits, size_t at)
{
    for (; bits != 0; bits &= bits - 1)
        *to++ = (uint32_t)(at + (size_t)__builtin_ctzll(bits));
    return to;
}

/* The bits below the lowest one of odd. */
static inline uint64_t below(uint64_t odd)
{
    return (odd & (0 - odd)) - 1;
}

/* Takes the block at offset `at`; false if the scan must stop in it.  lines: LFs since the last
 * record end, which count when the next end is seen. */
static inline bool take_block(struct csv_index *index, const struct block *b, uint64_t borders,
                              uint64_t ends, uint64_t odd, uint64_t doubled, size_t at,
                              size_t *lines)
{
    if (odd != 0) {
        index->regular = false;
        borders &= below(odd);
        ends &= below(odd);
        doubled &= below(odd);
    }
    (void)put_positions(index->positions + index->count, borders, at);
    index->count += (size_t)__builtin_popcountll(borders);
    if (doubled != 0) {
        (void)put_positions(index->doubled + index->doubled_count, doubled, at);
        index->doubled_count += (size_t)__builtin_popcountll(doubled);
    }
    index->quoted = index->quoted || b->quote != 0;
    if (ends == 0) {
        *lines += (size_t)__builtin_popcountll(b->lf);
        return odd == 0;
    }
    unsigned last = 63U - (unsigned)__builtin_clzll(ends);
    uint64_t upto = last == 63 ? ~UINT64_C(0) : (UINT64_C(1) << (last + 1)) - 1;
    index->records += (size_t)__builtin_popcountll(ends);
    index->end = at + last + 1;
    index->lines += *lines + (size_t)__builtin_popcountll(b->lf & upto);
    *lines = (size_t)__builtin_popcountll(b->lf & ~upto);
    return odd == 0;
}

static void index_reset(struct csv_index *index)
{
    index->count = 0;
    index->records = 0;
    index->end = 0;
    index->lines = 0;
    index->doubled_count = 0;
    index->quoted = false;
    index->regular = true;
}

/* Borders behind the last record end are of a record that is not whole. */
static void index_trim(struct csv_index *index)
{
    while (index->count > 0 && index->positions[index->count - 1] >= index->end)
        index->count--;
    while (index->doubled_count > 0 && index->doubled[index->doubled_count - 1] >= index->end)
        index->doubled_count--;
}

/* The bits of up to 64 bytes, one by one. */
static struct block read_plain(const char *data, size_t len, char delimiter, bool quotes)
{
    struct block b = {0, 0, 0, 0, 0};
    for (size_t i = 0; i < len; i++) {
        uint64_t bit = UINT64_C(1) << i;
        char c = data[i];
        if (c == delimiter)
            b.delimiter |= bit;
        else if (c == '\n')
            b.lf |= bit;
        else if (c == '\r')
            b.cr |= bit;
        else if (c == '\0')
            b.nul |= bit;
        else if (c == '"' && quotes)
            b.quote |= bit;
    }
    return b;
}

static inline uint64_t prefix_xor_plain(uint64_t bits)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

enum status csv_scan_plain(const char *data, size_t len, char delimiter, bool quotes,
                           struct csv_index *index, struct error *err)
{
    struct carry carry = {.after_border = 1, .after_end = 1};
    size_t lines = 0;
    index_reset(index);
    for (size_t at = 0; at < len && index->regular; at += 64) {
        size_t n = len - at < 64 ? len - at : 64;
        if (!index_reserve(index))
            return error_no_memory(err);
        uint64_t valid = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
        struct block b = read_plain(data + at, n, delimiter, quotes);
        uint64_t inside = prefix_xor_plain(b.quote) ^ carry.inside;
        carry.inside = 0 - (inside >> 63);
        uint64_t ends;
        uint64_t odd;
        uint64_t doubled;
        uint64_t borders = judge(&b, inside, &carry, &ends, &odd, &doubled);
        if (!take_block(index, &b, borders, ends, odd & valid, doubled, at, &lines))
            break;
    }
    index_trim(index);
    return STATUS_OK;
}

#ifdef HAVE_AVX2_PATH

#define AVX2 __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))

AVX2 static inline uint64_t equal64(__m256i low, __m256i high, __m256i byte)
{
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte));
    return a | (uint64_t)b << 32;
}

AVX2 static inline uint64_t prefix_xor(uint64_t bits)
{
    __m128i all = _mm_set1_epi8((char)0xff);
    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), all, 0));
}

AVX2 static enum status scan_avx2(const char *data, size_t len, char delimiter, bool quotes,
                                  struct csv_index *index, struct error *err)
{
    struct carry carry = {.after_border = 1, .after_end = 1};
    size_t lines = 0;
    const __m256i quote_byte = _mm256_set1_epi8('"');
    const __m256i delimiter_byte = _mm256_set1_epi8(delimiter);
    const __m256i lf_byte = _mm256_set1_epi8('\n');
    const __m256i cr_byte = _mm256_set1_epi8('\r');
    const __m256i zero = _mm256_setzero_si256();
    const uint64_t quote_mask = quotes ? ~UINT64_C(0) : 0;
    index_reset(index);
    for (size_t at = 0; at < len; at += 64) {
        char tail[64];
        const char *from = data + at;
        uint64_t valid = ~UINT64_C(0);
        if (len - at < 64) {
            /* Bytes that are not there must not look like NULs. */
            memset(tail, ' ', sizeof tail);
            memcpy(tail, from, len - at);
            from = tail;
            valid = (UINT64_C(1) << (len - at)) - 1;
        }
        if (!index_reserve(index))
            return error_no_memory(err);
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)from);
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(from + 32));
        struct block b = {.quote = equal64(low, high, quote_byte) & quote_mask & valid,
                          .delimiter = equal64(low, high, delimiter_byte) & valid,
                          .lf = equal64(low, high, lf_byte) & valid,
                          .cr = equal64(low, high, cr_byte) & valid,
                          .nul = equal64(low, high, zero) & valid};
        uint64_t inside = prefix_xor(b.quote) ^ carry.inside;
        carry.inside = 0 - (inside >> 63);
        uint64_t ends;
        uint64_t odd;
        uint64_t doubled;
        uint64_t borders = judge(&b, inside, &carry, &ends, &odd, &doubled);
        if (!take_block(index, &b, borders, ends, odd & valid, doubled, at, &lines))
            break;
    }
    index_trim(index);
    return STATUS_OK;
}

#endif

enum status csv_scan(const char *data, size_t len, char delimiter, bool quotes,
                     struct csv_index *index, struct error *err)
{
#ifdef HAVE_AVX2_PATH
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
        __builtin_cpu_supports("bmi2"))
        return scan_avx2(data, len, delimiter, quotes, index, err);
#endif
    return csv_scan_plain(data, len, delimiter, quotes, index, err);
}

void csv_index_free(struct csv_index *index)
{
    free(index->positions);
    free(index->doubled);
    *index = (struct csv_index)CSV_INDEX_INIT;
}

bool csv_field_text(struct slice raw, bool quotes, struct arena *arena, struct slice *text)
{
    *text = raw;
    if (!quotes || raw.len < 2 || raw.data[0] != '"')
        return true;
    struct slice inner = {raw.data + 1, raw.len - 2};
    const char *quote = inner.len == 0 ? NULL : memchr(inner.data, '"', inner.len);
    *text = inner;
    if (quote == NULL)
        return true;
    char *copy = arena_alloc(arena, inner.len);
    if (copy == NULL)
        return false;
    size_t len = 0;
    for (size_t i = 0; i < inner.len; i++) {
        copy[len++] = inner.data[i];
        i += inner.data[i] == '"'; /* its twin */
    }
    *text = (struct slice){copy, len};
    return true;
}
