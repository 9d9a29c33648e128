/* phrases_scan.c - the vector search for places where phrases may begin.
 *
 * 32 places are judged at once; the candidates of many texts are then compared with the phrases of
 * their buckets, and what is left is tried by the whole rule.
 */
#include <string.h>

#include "base/unroll.h"
#include "labels/phrases_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

#ifdef HAVE_AVX2_PATH

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

enum {
    STEP = 32,
    AHEAD = FILTER_BYTES - 1, /* bytes behind a step that are looked at, too */
    TEXT_MAX = 8 * 1024,      /* bytes of texts that are searched together */
    OVERLAP = 16,             /* of the pieces of a long text */
    PIECES_MAX = FILTER_TEXTS + 1,
    HITS_MAX = 1024,
    AT_ONCE = 2,   /* places that are noted whether there are so many in a step or not */
    PLACE_WORK = 4 /* of a candidate, and of a phrase that is tried there */
};

struct front {
    __m256i low[FILTER_BYTES];
    __m256i high[FILTER_BYTES];
};

struct tables {
    struct front plain;
    struct front other;
    __m256i word_low, word_high;
    __m256i half;
    __m256i closed;
};

/* A text, or a piece of a long one, in the bytes that are searched. */
struct piece {
    uint32_t start;
    uint32_t text;
    size_t from; /* its place in the text */
    bool cut;    /* the text goes on behind it */
};

/* Phrases of a group that may stand at a place: their first bytes are there. */
struct hit {
    uint32_t at;
    uint16_t group;
    uint8_t phrases; /* a bit for each */
    bool plain;      /* 8 bytes were looked at, else fewer */
};

/* Some texts one behind the other, and what was found of them. */
struct scan {
    const struct phrase_filter *filter;
    const struct slice *texts;
    uint64_t *found; /* `words` for each text */
    size_t words;
    uint64_t unsure;     /* a bit for each text that the automaton must look at */
    size_t work;         /* in bytes that the automaton would read in that time, about */
    size_t work_allowed; /* then it does read them */
    size_t len;
    size_t piece_count;
    size_t place_count;
    size_t hit_count;
    bool odd_letters;                    /* in one of the texts; see fold_to_ascii() */
    struct piece pieces[PIECES_MAX + 1]; /* one more, where all end */
    struct hit hits[HITS_MAX];
    uint16_t places[TEXT_MAX + AT_ONCE];
    uint8_t excluded[TEXT_MAX]; /* at each place, the buckets of which it is none */
    char bytes[TEXT_MAX + 2 * STEP];
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

/* The bytes of 32 places and those behind. */
struct step {
    __m256i byte[FILTER_BYTES];
};

AVX2 static inline struct step load_step(const char *from)
{
    struct step s;

    UNROLL
    for (size_t j = 0; j < FILTER_BYTES; j++)
        s.byte[j] = load(from + j);
    return s;
}

/* The buckets that are out at each place. */
AVX2 static inline __m256i exclude_all(const struct front *front, const struct tables *t,
                                       const struct step *s)
{
    __m256i x = exclude(front->low[0], front->high[0], s->byte[0], high_half(t, s->byte[0]));

    UNROLL
    for (size_t j = 1; j < FILTER_BYTES; j++)
        x = _mm256_or_si256(
            x, exclude(front->low[j], front->high[j], s->byte[j], high_half(t, s->byte[j])));
    return x;
}

/* A bit for each byte beyond ASCII or below the space, and for the second of two spaces; one_before
 * has the bytes one place before. */
AVX2 static inline uint32_t not_plain(__m256i one_before, __m256i bytes)
{
    const __m256i space = _mm256_set1_epi8(' ');
    __m256i two =
        _mm256_and_si256(_mm256_cmpeq_epi8(one_before, space), _mm256_cmpeq_epi8(bytes, space));

    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(two, _mm256_cmpgt_epi8(space, bytes)));
}

/* A bit for each place that has one of these bits at its own byte or up to AHEAD behind. */
static inline uint32_t places_near(uint64_t bits)
{
    _Static_assert(AHEAD >= 4 && AHEAD <= 7, "these shifts reach as far as AHEAD");
    bits |= bits >> 1;
    bits |= bits >> 2;
    return (uint32_t)(bits | bits >> (AHEAD - 3));
}

/* 0xff for each bit. */
AVX2 static inline __m256i spread_bits(uint32_t bits)
{
    const __m256i byte_of =
        _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit_of = _mm256_set1_epi64x((long long)0x8040201008040201);
    __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), byte_of);

    return _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit_of), bit_of);
}

AVX2 static struct front load_front(const struct phrase_front *front)
{
    struct front f;

    UNROLL
    for (size_t j = 0; j < FILTER_BYTES; j++) {
        f.low[j] = twice(front->low[j]);
        f.high[j] = twice(front->high[j]);
    }
    return f;
}

AVX2 static struct tables load_tables(const struct phrase_filter *filter)
{
    return (struct tables){
        .plain = load_front(&filter->plain_front),
        .other = load_front(&filter->other_front),
        .word_low = twice(word_low),
        .word_high = twice(word_high),
        .half = _mm256_set1_epi8(15),
        .closed = _mm256_set1_epi8((char)~filter->open),
    };
}

/* Notes the places of these bits; some too many, since a loop whose end cannot be foreseen costs
 * more. */
AVX2 static inline void note_places(struct scan *scan, size_t at, uint32_t bits)
{
    uint16_t *to = scan->places + scan->place_count;

    scan->place_count += (size_t)_mm_popcnt_u32(bits);
    UNROLL
    for (int i = 0; i < AT_ONCE; i++) {
        *to++ = (uint16_t)(at + _tzcnt_u32(bits));
        bits = _blsr_u32(bits);
    }
    for (; bits != 0; bits = _blsr_u32(bits))
        *to++ = (uint16_t)(at + _tzcnt_u32(bits));
}

/* Not 0 where letters may be that fold to ASCII: U+017F, C5 BF, to s, and U+212A, E2 84 AA, to k.
 * Of the second the last two bytes are looked for. */
AVX2 static inline __m256i fold_to_ascii(__m256i bytes, __m256i behind)
{
    __m256i long_s = _mm256_and_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)0xc5)),
                                      _mm256_cmpeq_epi8(behind, _mm256_set1_epi8((char)0xbf)));
    __m256i kelvin = _mm256_and_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)0x84)),
                                      _mm256_cmpeq_epi8(behind, _mm256_set1_epi8((char)0xaa)));

    return _mm256_or_si256(long_s, kelvin);
}

/* Judges the places that `near` has by the other tables.  Not inline, so that the search keeps its
 * registers. */
AVX2 __attribute__((noinline)) static __m256i judge_near(struct scan *scan, const struct tables *t,
                                                         size_t at, __m256i near, __m256i excluded)
{
    const struct step s = load_step(scan->bytes + at);

    scan->odd_letters |= _mm256_movemask_epi8(fold_to_ascii(s.byte[0], s.byte[1])) != 0;
    return _mm256_blendv_epi8(excluded, exclude_all(&t->other, t, &s), near);
}

/* Notes where phrases may begin.  Behind the last byte stand DELs. */
AVX2 static inline void find_places(struct scan *scan)
{
    const struct tables t = load_tables(scan->filter);
    const __m256i none = _mm256_set1_epi8(-1);
    __m256i before = _mm256_setzero_si256();
    uint32_t odd = 0; /* the bits of not_plain() for the AHEAD first bytes of the step */

    /* The first step's own first bytes are judged with those behind it alone. */
    memset(scan->bytes, PHRASE_DEL, AHEAD);
    for (size_t at = 0; at < scan->len; at += STEP) {
        const struct step s = load_step(scan->bytes + at);
        __m256i word = word_class(&t, s.byte[0]);
        __m256i edge = _mm256_cmpeq_epi8(one_later(before, word), _mm256_setzero_si256());
        __m256i x = exclude_all(&t.plain, &t, &s);
        uint32_t behind = not_plain(s.byte[AHEAD - 1], s.byte[AHEAD]);
        uint32_t near = places_near((uint64_t)behind << AHEAD | odd);
        if (near != 0)
            x = judge_near(scan, &t, at, spread_bits(near), x);
        x = _mm256_or_si256(x, _mm256_andnot_si256(edge, t.closed));
        _mm256_storeu_si256((__m256i *)(void *)(scan->excluded + at), x);
        note_places(scan, at, ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, none)));
        odd = behind >> (STEP - AHEAD);
        before = word;
    }
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

enum verdict { STANDS, STANDS_NOT, UNSURE };

/* Whether the phrase stands at this place of the bytes, which is in that piece, as far as ASCII
 * and single spaces tell.  An edge in front was asked for by the filter where that is ASCII. */
AVX2 static inline enum verdict look_at_whole(const struct scan *scan,
                                              const struct phrase_whole *whole, size_t at,
                                              const struct piece *piece)
{
    const char *from = scan->bytes + at;
    const __m256i have = load(from);
    const __m256i same = _mm256_cmpeq_epi8(
        _mm256_and_si256(_mm256_or_si256(have, load(whole->case_bits)), load(whole->mask)),
        load(whole->bytes));
    const uint32_t differ = ~(uint32_t)_mm256_movemask_epi8(same);
    const size_t end = at + whole->len;
    const unsigned char before = (unsigned char)from[-1], behind = (unsigned char)from[whole->len];

    if (whole->len == 0 || before >= PHRASE_ASCII || (at == piece->start && piece->from > 0) ||
        (piece->cut && end + 1 >= piece[1].start))
        return UNSURE;
    if (differ != 0) /* up to there the text must be what it seems */
        return (not_plain(load(from - 1), have) & _blsmsk_u32(differ)) == 0 ? STANDS_NOT : UNSURE;
    if (!whole->edge_behind)
        return STANDS;
    if (behind >= PHRASE_ASCII)
        return UNSURE;
    return (word_low[behind & 15] & word_high[behind >> 4]) == 0 ? STANDS : STANDS_NOT;
}

/* The phrases of a hit; those that one look does not decide by the whole rule. */
AVX2 static inline void try_hit(struct scan *scan, const struct hit *hit, const struct piece *piece)
{
    const struct phrase_filter *filter = scan->filter;
    const struct slice text = scan->texts[piece->text];
    const size_t place = piece->from + (hit->at - piece->start);
    uint64_t *found = scan->found + piece->text * scan->words;
    const bool inside = hit->at + sizeof(uint64_t) < piece[1].start; /* and not the DEL behind */
    const size_t known = hit->plain && inside ? sizeof(uint64_t) : 0;

    if (place >= text.len)
        return;
    for (unsigned int bits = hit->phrases; bits != 0; bits &= bits - 1) {
        const size_t slot = (size_t)hit->group * FILTER_GROUP + _tzcnt_u32(bits);
        const uint32_t id = filter->ids[slot];
        size_t read = 0;
        if (phrases_has(found, id))
            continue;
        enum verdict verdict = look_at_whole(scan, &filter->wholes[slot], hit->at, piece);
        if (verdict == UNSURE)
            verdict = phrase_stands_at(filter->phrases, id, text, place, known, &read) ? STANDS
                                                                                       : STANDS_NOT;
        if (verdict == STANDS)
            found[id / 64] |= UINT64_C(1) << (id % 64);
        scan->work += PLACE_WORK + read / 2;
        if (scan->work > scan->work_allowed)
            return;
    }
}

AVX2 static void try_hits(struct scan *scan)
{
    const struct piece *piece = scan->pieces;

    for (size_t i = 0; i < scan->hit_count && scan->work <= scan->work_allowed; i++) {
        if (scan->hits[i].at >= scan->len)
            break;
        while (piece[1].start <= scan->hits[i].at)
            piece++;
        try_hit(scan, &scan->hits[i], piece);
    }
    scan->hit_count = 0;
}

/* Looks at each place for phrases of its buckets. */
AVX2 static inline void find_hits(struct scan *scan)
{
    const struct phrase_filter *filter = scan->filter;
    const size_t groups = filter->bucket_groups;

    for (size_t i = 0; i < scan->place_count && scan->work <= scan->work_allowed; i++) {
        const size_t at = scan->places[i];
        uint64_t word;
        memcpy(&word, scan->bytes + at, sizeof(word));
        const bool plain = phrase_is_plain(word);
        const struct phrase_group *heads = plain ? filter->plain : filter->other;
        const __m256i have = _mm256_set1_epi64x((long long)word);
        unsigned int buckets = (uint8_t)~scan->excluded[at];
        do {
            for (size_t g = groups * _tzcnt_u32(buckets), end = g + groups; g < end; g++) {
                unsigned int same = same_heads(&heads[g], have);
                scan->hits[scan->hit_count] =
                    (struct hit){(uint32_t)at, (uint16_t)g, (uint8_t)same, plain};
                scan->hit_count += same != 0;
                if (scan->hit_count == HITS_MAX)
                    try_hits(scan);
            }
            scan->work += PLACE_WORK + groups;
            buckets = _blsr_u32(buckets);
        } while (buckets != 0);
    }
}

/* Searches what was gathered. */
AVX2 static void search(struct scan *scan)
{
    if (scan->piece_count == 0)
        return;
    memset(scan->bytes + scan->len, PHRASE_DEL, 2 * STEP);
    scan->pieces[scan->piece_count].start = (uint32_t)scan->len;
    scan->place_count = 0;
    scan->hit_count = 0;
    scan->odd_letters = false;
    find_places(scan);
    find_hits(scan);
    try_hits(scan);
    if (scan->odd_letters || scan->work > scan->work_allowed)
        for (size_t i = 0; i < scan->piece_count; i++)
            scan->unsure |= UINT64_C(1) << scan->pieces[i].text;
    scan->work = 0;
    scan->work_allowed = 0;
    scan->len = AHEAD;
    scan->piece_count = 0;
}

/* As much of the text from `from` on as there is room for; how much. */
static size_t gather(struct scan *scan, size_t text, size_t from)
{
    const struct slice all = scan->texts[text];
    const size_t room = TEXT_MAX - scan->len - 1, left = all.len - from;
    const size_t n = left < room ? left : room;

    memcpy(scan->bytes + scan->len, all.data + from, n);
    scan->bytes[scan->len + n] = PHRASE_DEL;
    scan->pieces[scan->piece_count++] =
        (struct piece){(uint32_t)scan->len, (uint32_t)text, from, n < left};
    scan->len += n + 1;
    scan->work_allowed += 64 + n / 2;
    return n;
}

uint64_t phrase_filter_match_some(const struct phrase_filter *filter, const struct slice *texts,
                                  size_t count, size_t words, uint64_t *found)
{
    struct scan scan; /* large, and mostly not to be set */

    scan.filter = filter;
    scan.texts = texts;
    scan.found = found;
    scan.words = words;
    scan.unsure = 0;
    scan.work = 0;
    scan.work_allowed = 0;
    scan.len = AHEAD;
    scan.piece_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].len + 1 > TEXT_MAX - scan.len && scan.piece_count > 0)
            search(&scan);
        size_t from = 0, n = texts[i].len == 0 ? 0 : gather(&scan, i, 0);
        while (n < texts[i].len - from) { /* a long one: the borders of pieces are in both */
            search(&scan);
            if ((scan.unsure >> i & 1) != 0)
                break;
            from += n - OVERLAP;
            n = gather(&scan, i, from);
        }
    }
    search(&scan);
    return scan.unsure;
}

bool phrase_filter_supported(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

#else

bool phrase_filter_supported(void)
{
    return false;
}

uint64_t phrase_filter_match_some(const struct phrase_filter *filter, const struct slice *texts,
                                  size_t count, size_t words, uint64_t *found)
{
    (void)filter;
    (void)texts;
    (void)words;
    (void)found;
    return count == FILTER_TEXTS ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

#endif
