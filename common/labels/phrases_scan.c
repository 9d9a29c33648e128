/* phrases_scan.c - the vector search for places where phrases may begin.
 *
 * 32 places are judged at once, without a branch, and the candidates written to a list; then
 * each is compared with the phrases of its buckets; and what is left is tried by the whole rule.
 */
#include <string.h>

#include "labels/phrases_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

#ifdef HAVE_AVX2_PATH

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

enum {
    STEP = 32,
    PIECE = 256,                  /* bytes whose candidates are found before they are tried, */
    PIECE_MAX = PIECE + 2 * STEP, /* or so many, if no more follow */
    PLACE_WORK = 4                /* of a candidate, and of a phrase that is tried there */
};

/* The candidates of a piece of the text, by place. */
struct candidates {
    uint64_t bits[PIECE_MAX / 64 + 2];
    uint8_t excluded[PIECE_MAX]; /* the buckets of which it is none */
};

struct tables {
    __m256i low0, low1, low2, low3;
    __m256i high0, high1, high2, high3;
    __m256i word_low, word_high;
    __m256i half;
    __m256i closed;
};

/* One text. */
struct scan {
    const struct phrase_filter *filter;
    struct slice text;
    struct slice padded; /* the same, or a copy of at least STEP bytes */
    uint64_t *found;
    size_t work; /* in bytes that the automaton would read in that time, about */
    size_t work_allowed;
};

/* Letters, numbers and _ of ASCII: those for which low[byte & 15] & high[byte >> 4] is not 0. */
static const uint8_t word_low[16] = {13, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14, 2, 2, 2, 2, 6};
static const uint8_t word_high[16] = {0, 0, 0, 1, 2, 4, 2, 8, 0, 0, 0, 0, 0, 0, 0, 0};

AVX2 static inline __m256i load(const void *data)
{
    return _mm256_loadu_si256((const __m256i *)data);
}

AVX2 static inline __m256i twice(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

AVX2 static inline uint32_t equal(__m256i a, __m256i b)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b));
}

AVX2 static inline __m256i high_half(const struct tables *t, __m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), t->half);
}

/* A byte beyond ASCII gets 0 from the low table: only the high one excludes it. */
AVX2 static inline __m256i exclude(__m256i low, __m256i high, __m256i bytes, __m256i high_half)
{
    return _mm256_or_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, high_half));
}

/* The candidates among 32 places, where b0 stands and behind it b1, b2, b3.  Bit 31 of *word tells
 * whether a word character of ASCII stands in front of the first; then it has those of b0. */
AVX2 static inline uint32_t judge(const struct tables *t, __m256i b0, __m256i b1, __m256i b2,
                                  __m256i b3, uint8_t excluded[STEP], uint32_t *word)
{
    const __m256i ones = _mm256_set1_epi8(-1), zero = _mm256_setzero_si256();
    __m256i h0 = high_half(t, b0);
    __m256i x01 = _mm256_or_si256(exclude(t->low0, t->high0, b0, h0),
                                  exclude(t->low1, t->high1, b1, high_half(t, b1)));
    __m256i x23 = _mm256_or_si256(exclude(t->low2, t->high2, b2, high_half(t, b2)),
                                  exclude(t->low3, t->high3, b3, high_half(t, b3)));
    __m256i x = _mm256_or_si256(x01, x23);
    __m256i w = _mm256_and_si256(_mm256_shuffle_epi8(t->word_low, b0),
                                 _mm256_shuffle_epi8(t->word_high, h0));
    uint32_t none = equal(x, ones);
    uint32_t none_open = equal(_mm256_or_si256(x, t->closed), ones);
    uint32_t before = *word >> 31;

    _mm256_storeu_si256((__m256i *)(void *)excluded, x);
    *word = ~equal(w, zero);
    return ~(none | (none_open & (*word << 1 | before)));
}

/* The same where nothing stands behind b0. */
AVX2 static inline uint32_t judge_last(const struct tables *t, __m256i b0, uint8_t excluded[STEP],
                                       uint32_t *word)
{
    __m256i behind = _mm256_permute2x128_si256(b0, b0, 0x81); /* upper half, then zeros */

    return judge(t, b0, _mm256_alignr_epi8(behind, b0, 1), _mm256_alignr_epi8(behind, b0, 2),
                 _mm256_alignr_epi8(behind, b0, 3), excluded, word);
}

/* The bits of 64 places, of which the first is a multiple of STEP; those behind are 0. */
static inline void put_bits(struct candidates *c, size_t first, uint64_t bits)
{
    const uint32_t none = 0;

    memcpy((unsigned char *)c->bits + first / 8, &bits, sizeof(bits));
    memcpy((unsigned char *)c->bits + first / 8 + sizeof(bits), &none, sizeof(none));
}

/* Judges the places from data on, with len > 0 bytes of text there, but at least STEP that can be
 * read; how many.  *any: or-ed with all bytes. */
AVX2 static size_t find_candidates(const struct phrase_filter *filter, const unsigned char *data,
                                   size_t len, struct candidates *c, uint32_t *word, __m256i *any)
{
    const struct tables t = {
        .low0 = twice(filter->low[0]),
        .low1 = twice(filter->low[1]),
        .low2 = twice(filter->low[2]),
        .low3 = twice(filter->low[3]),
        .high0 = twice(filter->high[0]),
        .high1 = twice(filter->high[1]),
        .high2 = twice(filter->high[2]),
        .high3 = twice(filter->high[3]),
        .word_low = twice(word_low),
        .word_high = twice(word_high),
        .half = _mm256_set1_epi8(15),
        .closed = _mm256_set1_epi8((char)~filter->open),
    };
    size_t end = len <= PIECE_MAX ? len : PIECE;
    size_t at = 0;

    for (; at < end && len - at >= STEP + FILTER_BYTES - 1; at += STEP) {
        __m256i b0 = load(data + at);
        *any = _mm256_or_si256(*any, b0);
        uint32_t bits = judge(&t, b0, load(data + at + 1), load(data + at + 2), load(data + at + 3),
                              c->excluded + at, word);
        memcpy((unsigned char *)c->bits + at / 8, &bits, sizeof(bits));
    }
    if (at < end) {
        size_t rest = len - at;
        uint64_t some = 0;
        size_t first = 0;
        if (rest > STEP) { /* the first few cannot wait for the last step */
            __m256i b0 = load(data + at);
            *any = _mm256_or_si256(*any, b0);
            some = judge_last(&t, b0, c->excluded + at, word);
            first = rest - STEP;
            some &= (UINT64_C(1) << first) - 1;
            *word <<= STEP - first;
            rest = STEP;
        }
        size_t last = len < STEP ? 0 : len - STEP;
        __m256i b0 = load(data + last);
        *any = _mm256_or_si256(*any, b0);
        uint64_t more = judge_last(&t, b0, c->excluded + last, word);
        some |= len < STEP ? more & ((UINT64_C(1) << len) - 1) : more >> (STEP - rest) << first;
        put_bits(c, at, some);
        at = len;
    }
    return at;
}

/* Which phrases of a group begin with these bytes, a bit for each. */
AVX2 static inline unsigned int same_heads(const struct phrase_group *group, uint64_t word)
{
    const __m256i have = _mm256_set1_epi64x((long long)word);
    __m256i same0 = _mm256_cmpeq_epi64(
        _mm256_or_si256(_mm256_and_si256(have, load(group->mask)), load(group->case_bits)),
        load(group->bytes));
    __m256i same4 = _mm256_cmpeq_epi64(
        _mm256_or_si256(_mm256_and_si256(have, load(group->mask + 4)), load(group->case_bits + 4)),
        load(group->bytes + 4));

    return (unsigned int)(_mm256_movemask_pd(_mm256_castsi256_pd(same0)) |
                          _mm256_movemask_pd(_mm256_castsi256_pd(same4)) << 4);
}

static void try_phrase(struct scan *scan, size_t place, uint32_t id)
{
    size_t read;

    if (phrases_has(scan->found, id))
        return;
    if (phrase_stands_at(scan->filter->phrases, id, scan->text, place, &read))
        scan->found[id / 64] |= UINT64_C(1) << (id % 64);
    scan->work += PLACE_WORK + read / 2;
}

/* The phrases of these buckets at this place. */
AVX2 static inline void try_place(struct scan *scan, size_t place, unsigned int buckets)
{
    const struct phrase_filter *filter = scan->filter;
    uint64_t word = phrase_word_at(scan->padded, place);
    const struct phrase_group *groups = phrase_is_plain(word) ? filter->plain : filter->other;

    do {
        size_t g = filter->bucket_groups * _tzcnt_u32(buckets);
        size_t end = g + filter->bucket_groups;
        scan->work += PLACE_WORK + filter->bucket_groups;
        do {
            unsigned int hits = same_heads(&groups[g], word);
            for (; hits != 0 && scan->work <= scan->work_allowed; hits = _blsr_u32(hits))
                try_phrase(scan, place, filter->ids[g * FILTER_GROUP + _tzcnt_u32(hits)]);
        } while (++g < end);
        buckets = _blsr_u32(buckets);
    } while (buckets != 0);
}

/* Whether letters may be there that fold to ASCII: U+017F, C5 BF, to s, and U+212A, E2 84 AA, to
 * k.  Of the second two bytes are looked for. */
AVX2 static bool folds_to_ascii(const unsigned char *data, size_t len)
{
    const __m256i c5 = _mm256_set1_epi8((char)0xc5), bf = _mm256_set1_epi8((char)0xbf);
    const __m256i x84 = _mm256_set1_epi8((char)0x84), aa = _mm256_set1_epi8((char)0xaa);
    size_t i = 0;

    for (; i + STEP + 1 <= len; i += STEP) {
        __m256i first = load(data + i), second = load(data + i + 1);
        __m256i long_s =
            _mm256_and_si256(_mm256_cmpeq_epi8(first, c5), _mm256_cmpeq_epi8(second, bf));
        __m256i kelvin =
            _mm256_and_si256(_mm256_cmpeq_epi8(first, x84), _mm256_cmpeq_epi8(second, aa));
        if (_mm256_movemask_epi8(_mm256_or_si256(long_s, kelvin)) != 0)
            return true;
    }
    for (; i + 1 < len; i++)
        if ((data[i] == 0xc5 && data[i + 1] == 0xbf) || (data[i] == 0x84 && data[i + 1] == 0xaa))
            return true;
    return false;
}

bool phrase_filter_supported(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

AVX2 bool phrase_filter_match(const struct phrase_filter *filter, struct slice text,
                              uint64_t *found)
{
    struct scan scan = {.filter = filter,
                        .text = text,
                        .padded = text,
                        .found = found,
                        .work_allowed = 64 + text.len / 2};
    struct candidates c;
    char copy[STEP];
    uint32_t word = 0;
    __m256i any = _mm256_setzero_si256();

    if (text.len < STEP) {
        memset(copy, 0x7f, sizeof(copy));
        if (text.len > 0)
            memcpy(copy, text.data, text.len);
        scan.padded = (struct slice){copy, STEP};
    }
    for (size_t at = 0; at < text.len;) {
        size_t n = find_candidates(filter, (const unsigned char *)scan.padded.data + at,
                                   text.len - at, &c, &word, &any);
        for (size_t k = 0; k < n; k += 64)
            for (uint64_t bits = c.bits[k / 64]; bits != 0; bits = _blsr_u64(bits)) {
                size_t place = k + _tzcnt_u64(bits);
                try_place(&scan, at + place, (uint8_t)~c.excluded[place]);
                if (scan.work > scan.work_allowed)
                    return false;
            }
        at += n;
    }
    return _mm256_movemask_epi8(any) == 0 ||
           !folds_to_ascii((const unsigned char *)text.data, text.len);
}

#else

bool phrase_filter_supported(void)
{
    return false;
}

bool phrase_filter_match(const struct phrase_filter *filter, struct slice text, uint64_t *found)
{
    (void)filter;
    (void)text;
    (void)found;
    return false;
}

#endif
