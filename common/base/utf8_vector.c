/* utf8_vector.c - UTF-8 is checked 32 bytes at once.
 *
 * Each byte is judged together with the three before it.  Every fault of UTF-8 but a missing or
 * surplus third or fourth byte shows in the halves of two neighbours: three tables, by the upper
 * and lower half of the first byte and by the upper half of the second, name the faults that each
 * allows, one bit a fault; where a bit is in all three, the fault is there.  (The method is that of
 * Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte", 2020.)
 */
#include "base/utf8_vector.h"

#include "base/unroll.h"
#include "base/utf8.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

#ifdef HAVE_AVX2_PATH

#define AVX2 __attribute__((target("avx2")))

/* A leap is long enough that text in which a few characters are not ASCII has some in most: whether
 * it is ASCII can then be foreseen. */
enum { STEP = 32, LEAP = 16 * STEP };

/* Faults of two neighbours. */
enum {
    CUT = 1 << 0,        /* a first byte, and no continuation behind it */
    STRAY = 1 << 1,      /* ASCII, and a continuation behind it */
    OVERLONG_2 = 1 << 2, /* C0 or C1 */
    OVERLONG_3 = 1 << 3, /* E0, and 80 to 9F */
    SURROGATE = 1 << 4,  /* ED, and A0 to BF */
    TOO_LARGE = 1 << 5,  /* F4 to FF, and 90 to BF */
    NO_PLANE = 1 << 6,   /* F0 (overlong) or F5 to FF, and 80 to 8F */
    TWO = 1 << 7         /* two continuations: a fault unless a third or fourth byte is due */
};

#define ANY_LOW (CUT | STRAY | TWO) /* whatever the lower half of the first byte is */
#define CONTINUES (STRAY | OVERLONG_2 | TWO)

static const uint8_t first_high[16] = {
    STRAY,
    STRAY,
    STRAY,
    STRAY,
    STRAY,
    STRAY,
    STRAY,
    STRAY,
    TWO,
    TWO,
    TWO,
    TWO,
    CUT | OVERLONG_2,
    CUT,
    CUT | OVERLONG_3 | SURROGATE,
    CUT | TOO_LARGE | NO_PLANE,
};
static const uint8_t first_low[16] = {
    ANY_LOW | OVERLONG_2 | OVERLONG_3 | NO_PLANE,
    ANY_LOW | OVERLONG_2,
    ANY_LOW,
    ANY_LOW,
    ANY_LOW | TOO_LARGE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE | SURROGATE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
    ANY_LOW | TOO_LARGE | NO_PLANE,
};
static const uint8_t second_high[16] = {
    CUT,
    CUT,
    CUT,
    CUT,
    CUT,
    CUT,
    CUT,
    CUT,
    CONTINUES | OVERLONG_3 | NO_PLANE,
    CONTINUES | OVERLONG_3 | TOO_LARGE,
    CONTINUES | SURROGATE | TOO_LARGE,
    CONTINUES | SURROGATE | TOO_LARGE,
    CUT,
    CUT,
    CUT,
    CUT,
};

struct tables {
    __m256i first_high, first_low, second_high;
};

AVX2 static inline __m256i load(const unsigned char *data)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)data);
}

AVX2 static inline __m256i twice(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

AVX2 static inline bool ascii(__m256i bytes)
{
    return _mm256_movemask_epi8(bytes) == 0;
}

/* Not 0 where a fault shows; before1 to before3 are the bytes so many places before. */
AVX2 static inline __m256i faults(const struct tables *t, __m256i bytes, __m256i before1,
                                  __m256i before2, __m256i before3)
{
    const __m256i half = _mm256_set1_epi8(15);
    __m256i high1 = _mm256_and_si256(_mm256_srli_epi16(before1, 4), half);
    __m256i low1 = _mm256_and_si256(before1, half);
    __m256i high2 = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
    __m256i pair = _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(t->first_high, high1),
                                                     _mm256_shuffle_epi8(t->first_low, low1)),
                                    _mm256_shuffle_epi8(t->second_high, high2));
    /* The top bit is set where a third or a fourth byte is due. */
    __m256i third = _mm256_subs_epu8(before2, _mm256_set1_epi8(0xe0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(before3, _mm256_set1_epi8(0xf0 - 0x80));
    __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)TWO));

    return _mm256_xor_si256(pair, due);
}

AVX2 static inline __m256i faults_at(const struct tables *t, const unsigned char *p)
{
    return faults(t, load(p), load(p - 1), load(p - 2), load(p - 3));
}

/* Of the first bytes of a text. */
AVX2 static inline __m256i faults_at_start(const struct tables *t, __m256i bytes)
{
    __m256i before = _mm256_permute2x128_si256(bytes, bytes, 0x08); /* zeros, then lower half */

    return faults(t, bytes, _mm256_alignr_epi8(bytes, before, 15),
                  _mm256_alignr_epi8(bytes, before, 14), _mm256_alignr_epi8(bytes, before, 13));
}

AVX2 static inline bool ascii_leap(const unsigned char *p)
{
    __m256i any = load(p);

    UNROLL
    for (size_t i = STEP; i < LEAP; i += STEP)
        any = _mm256_or_si256(any, load(p + i));
    return ascii(any);
}

AVX2 static inline __m256i faults_in_leap(const struct tables *t, const unsigned char *p)
{
    __m256i found = faults_at(t, p);

    for (size_t i = STEP; i < LEAP; i += STEP)
        found = _mm256_or_si256(found, faults_at(t, p + i));
    return found;
}

AVX2 static inline bool none(__m256i faults)
{
    return _mm256_testz_si256(faults, faults) != 0;
}

/* Whether the last character is cut. */
static bool ends_in_character(const unsigned char *end)
{
    return end[-1] >= 0xc0 || end[-2] >= 0xe0 || end[-3] >= 0xf0;
}

/* Where the fault is; there is none before `from`, but a character may begin there and reach
 * beyond. */
static size_t find_fault(struct slice s, size_t from)
{
    const unsigned char *data = (const unsigned char *)s.data;

    for (size_t back = 1; back <= 3 && back <= from; back++)
        if ((data[from - back] & 0xc0) != 0x80) {
            from -= back;
            break;
        }
    return from + utf8_valid_prefix_plain((struct slice){s.data + from, s.len - from});
}

bool utf8_vector_supported(void)
{
    return __builtin_cpu_supports("avx2");
}

AVX2 size_t utf8_vector_valid_prefix(struct slice s)
{
    const struct tables t = {twice(first_high), twice(first_low), twice(second_high)};
    const unsigned char *data = (const unsigned char *)s.data;
    size_t at = STEP;

    __m256i bytes = load(data);
    bool ascii_before = ascii(bytes);
    if (!ascii_before && !none(faults_at_start(&t, bytes)))
        return find_fault(s, 0);
    for (; s.len - at >= LEAP; at += LEAP) {
        const unsigned char *p = data + at;
        if (ascii_before && ascii_leap(p))
            continue;
        if (!none(faults_in_leap(&t, p)))
            return find_fault(s, at);
        ascii_before = ascii(load(p + LEAP - STEP));
    }
    size_t checked = at;
    __m256i any = load(data + s.len - STEP);
    for (; s.len - at >= STEP; at += STEP)
        any = _mm256_or_si256(any, load(data + at));
    if (ascii_before && ascii(any))
        return s.len;
    __m256i found = faults_at(&t, data + s.len - STEP);
    for (at = checked; s.len - at >= STEP; at += STEP)
        found = _mm256_or_si256(found, faults_at(&t, data + at));
    if (!none(found) || ends_in_character(data + s.len))
        return find_fault(s, checked);
    return s.len;
}

#else

bool utf8_vector_supported(void)
{
    return false;
}

size_t utf8_vector_valid_prefix(struct slice s)
{
    return utf8_valid_prefix_plain(s);
}

#endif
