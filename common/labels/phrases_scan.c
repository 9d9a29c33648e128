/* phrases_scan.c - the vector search for places where phrases may begin.
 *
 * 32 places are judged at once, without a branch; the candidates of a piece of the text are then
 * compared with the phrases of their buckets, and what is left is tried by the whole rule.
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

AVX2 static inline __m256i high_half(const struct tables *t, __m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), t->half);
}

/* A byte beyond ASCII gets 0 from the low table: only the high one excludes it. */
AVX2 static inline __m256i exclude(__m256i low, __m256i high, __m256i bytes, __m256i high_half)
{
    return _mm256_or_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, high_half));
}

/* Not 0 where a word character of ASCII stands. */
AVX2 static inline __m256i word_class(const struct tables *t, __m256i bytes)
{
    return _mm256_and_si256(_mm256_shuffle_epi8(t->word_low, bytes),
                            _mm256_shuffle_epi8(t->word_high, high_half(t, bytes)));
}

/* b one byte later: the last byte of a, then all of b but its last. */
AVX2 static inline __m256i one_later(__m256i a, __m256i b)
{
    return _mm256_alignr_epi8(b, _mm256_permute2x128_si256(a, b, 0x21), 15);
}

/* The candidates among 32 places, where b0 stands and behind it b1, b2, b3; before has the classes
 * of the bytes in front. */
AVX2 static inline uint32_t judge(const struct tables *t, __m256i before, __m256i b0, __m256i b1,
                                  __m256i b2, __m256i b3, uint8_t excluded[STEP])
{
    __m256i x01 = _mm256_or_si256(exclude(t->low0, t->high0, b0, high_half(t, b0)),
                                  exclude(t->low1, t->high1, b1, high_half(t, b1)));
    __m256i x23 = _mm256_or_si256(exclude(t->low2, t->high2, b2, high_half(t, b2)),
                                  exclude(t->low3, t->high3, b3, high_half(t, b3)));
    __m256i edge = _mm256_cmpeq_epi8(before, _mm256_setzero_si256());
    __m256i x = _mm256_or_si256(_mm256_or_si256(x01, x23), _mm256_andnot_si256(edge, t->closed));

    _mm256_storeu_si256((__m256i *)(void *)excluded, x);
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, _mm256_set1_epi8(-1)));
}

/* The same where nothing stands behind b0. */
AVX2 static inline uint32_t judge_last(const struct tables *t, __m256i before, __m256i b0,
                                       uint8_t excluded[STEP])
{
    __m256i behind = _mm256_permute2x128_si256(b0, b0, 0x81); /* upper half, then zeros */

    return judge(t, before, b0, _mm256_alignr_epi8(behind, b0, 1),
                 _mm256_alignr_epi8(behind, b0, 2), _mm256_alignr_epi8(behind, b0, 3), excluded);
}

AVX2 static struct tables load_tables(const struct phrase_filter *filter)
{
    return (struct tables){
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
}

/* The bits of the last places of the text, those from at on, of which at most STEP + 2 are left;
 * before as for judge(). */
AVX2 static inline uint64_t judge_end(const struct tables *t, struct slice text, size_t at,
                                      __m256i before, uint8_t *excluded, __m256i *any)
{
    size_t rest = text.len - at, first = 0;
    uint64_t bits = 0;

    if (rest > STEP) { /* the first one or two cannot wait for the last step */
        __m256i b0 = load(text.data + at);
        first = rest - STEP;
        bits = judge_last(t, one_later(before, word_class(t, b0)), b0, excluded);
        bits &= (UINT64_C(1) << first) - 1;
        *any = _mm256_or_si256(*any, b0);
        rest = STEP;
    }
    size_t last = text.len - STEP;
    __m256i b0 = load(text.data + last);
    if (last > 0)
        before = word_class(t, load(text.data + last - 1));
    else
        before = one_later(before, word_class(t, b0));
    *any = _mm256_or_si256(*any, b0);
    uint64_t more = judge_last(t, before, b0, excluded + ((ptrdiff_t)last - (ptrdiff_t)at));
    return bits | more >> (STEP - rest) << first;
}

/* Judges the places of the text, of at least STEP bytes, from `from` on as far as a piece goes; how
 * many.  *ascii: all bytes were, so far. */
AVX2 static inline size_t find_candidates(const struct phrase_filter *filter, struct slice text,
                                          size_t from, struct candidates *c, bool *ascii)
{
    const struct tables t = load_tables(filter);
    size_t len = text.len - from, end = len <= PIECE_MAX ? len : PIECE, at = 0;
    uint64_t word = 0;
    __m256i any = _mm256_setzero_si256(), before = _mm256_setzero_si256();

    if (from > 0)
        before = word_class(&t, load(text.data + from - STEP));
    for (; at < end && len - at >= STEP + FILTER_BYTES - 1; at += STEP) {
        const char *p = text.data + from + at;
        __m256i b0 = load(p), w = word_class(&t, b0);
        uint64_t bits = judge(&t, one_later(before, w), b0, load(p + 1), load(p + 2), load(p + 3),
                              c->excluded + at);
        word = (at % 64 == 0 ? 0 : word) | bits << at % 64;
        c->bits[at / 64] = word;
        any = _mm256_or_si256(any, b0);
        before = w;
    }
    if (at < end) {
        uint64_t bits = judge_end(&t, text, from + at, before, c->excluded + at, &any);
        c->bits[at / 64] = (at % 64 == 0 ? 0 : word) | bits << at % 64;
        c->bits[at / 64 + 1] = at % 64 == 0 ? 0 : bits >> (64 - STEP);
        at = len;
    }
    *ascii = *ascii && _mm256_movemask_epi8(any) == 0;
    return at;
}

/* Which phrases of a group begin with these bytes, a bit for each. */
AVX2 static inline unsigned int same_heads(const struct phrase_group *group, __m256i have)
{
    __m256i same0 = _mm256_cmpeq_epi64(
        _mm256_or_si256(_mm256_and_si256(have, load(group->mask)), load(group->case_bits)),
        load(group->bytes));
    __m256i same4 = _mm256_cmpeq_epi64(
        _mm256_or_si256(_mm256_and_si256(have, load(group->mask + 4)), load(group->case_bits + 4)),
        load(group->bytes + 4));

    return (unsigned int)(_mm256_movemask_pd(_mm256_castsi256_pd(same0)) |
                          _mm256_movemask_pd(_mm256_castsi256_pd(same4)) << 4);
}

/* The phrases of a group that may be at this place: their first bytes, as many as known, are there.
 * Not inline, so that the search keeps the registers. */
__attribute__((noinline)) static void try_phrases(struct scan *scan, size_t place, size_t group,
                                                  unsigned int hits, size_t known)
{
    for (; hits != 0 && scan->work <= scan->work_allowed; hits &= hits - 1) {
        uint32_t id = scan->filter->ids[group * FILTER_GROUP + (size_t)__builtin_ctz(hits)];
        size_t read;
        if (phrases_has(scan->found, id))
            continue;
        if (phrase_stands_at(scan->filter->phrases, id, scan->text, place, known, &read))
            scan->found[id / 64] |= UINT64_C(1) << (id % 64);
        scan->work += PLACE_WORK + read / 2;
    }
}

/* The phrases of these buckets at this place. */
AVX2 static inline void try_place(struct scan *scan, size_t place, unsigned int buckets)
{
    const struct phrase_filter *filter = scan->filter;
    uint64_t word = phrase_word_at(scan->padded, place);
    bool plain = phrase_is_plain(word);
    const struct phrase_group *groups = plain ? filter->plain : filter->other;
    const __m256i have = _mm256_set1_epi64x((long long)word);

    do {
        size_t g = filter->bucket_groups * _tzcnt_u32(buckets);
        size_t end = g + filter->bucket_groups;
        scan->work += PLACE_WORK + filter->bucket_groups;
        do {
            unsigned int hits = same_heads(&groups[g], have);
            if (hits != 0)
                try_phrases(scan, place, g, hits, plain ? sizeof(word) : 0);
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

    if (len < STEP + 1) {
        for (; i + 1 < len; i++)
            if ((data[i] == 0xc5 && data[i + 1] == 0xbf) ||
                (data[i] == 0x84 && data[i + 1] == 0xaa))
                return true;
        return false;
    }
    for (;;) {
        __m256i first = load(data + i), second = load(data + i + 1);
        __m256i long_s =
            _mm256_and_si256(_mm256_cmpeq_epi8(first, c5), _mm256_cmpeq_epi8(second, bf));
        __m256i kelvin =
            _mm256_and_si256(_mm256_cmpeq_epi8(first, x84), _mm256_cmpeq_epi8(second, aa));
        if (_mm256_movemask_epi8(_mm256_or_si256(long_s, kelvin)) != 0)
            return true;
        if (i == len - STEP - 1)
            return false;
        i += STEP;
        if (i > len - STEP - 1) /* the last ones, some of them again */
            i = len - STEP - 1;
    }
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
    bool ascii = true;

    if (text.len == 0)
        return true;
    if (text.len < STEP) {
        memset(copy, 0x7f, sizeof(copy));
        memcpy(copy, text.data, text.len);
        scan.padded = (struct slice){copy, STEP};
    }
    for (size_t at = 0; at < scan.padded.len;) {
        size_t n = find_candidates(filter, scan.padded, at, &c, &ascii);
        if (text.len < STEP)
            c.bits[0] &= (UINT64_C(1) << text.len) - 1;
        for (size_t k = 0; k < n; k += 64)
            for (uint64_t bits = c.bits[k / 64]; bits != 0; bits = _blsr_u64(bits)) {
                size_t place = k + _tzcnt_u64(bits);
                try_place(&scan, at + place, (uint8_t)~c.excluded[place]);
                if (scan.work > scan.work_allowed)
                    return false;
            }
        at += n;
    }
    return ascii || !folds_to_ascii((const unsigned char *)text.data, text.len);
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
