#include "records/csv_scan.h"

#include <stdlib.h>
#include <string.h>

#include "records/scan_vector.h"

/* The pieces of the loop must become part of it, or they lack its instructions. */
#if defined(__GNUC__)
#define PART static inline __attribute__((always_inline))
#else
#define PART static inline
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

/* What a block is found to hold. */
struct found {
    uint64_t borders; /* delimiters and record ends */
    uint64_t ends;    /* record ends */
    uint64_t odd;
    uint64_t doubled; /* the second of two quotes inside quotes */
};

/* Structure and oddities of one block.  inside has a bit for each byte between quotes, the opening
 * quote included and the closing one not.  rare false: there is neither CR nor NUL, nor a CR right
 * before. */
PART struct found judge(const struct block *b, uint64_t inside, struct carry *c, bool rare)
{
    const uint64_t outside = ~inside;
    const uint64_t opening = b->quote & inside;
    const uint64_t closing = b->quote & outside;
    const uint64_t end = b->lf & outside;
    const uint64_t borders = (b->delimiter & outside) | end;
    const uint64_t cr = rare ? b->cr & outside : 0;
    const uint64_t before_border = borders << 1 | c->after_border;
    const uint64_t before_end = end << 1 | c->after_end;
    const uint64_t before_close = closing << 1 | c->after_close;
    /* A quote opens at a border, or behind a closing one (that is a doubled quote). */
    uint64_t odd = opening & ~(before_border | before_close);
    /* Behind a closing quote comes a border, a CR, or the second of a doubled quote. */
    odd |= before_close & ~(borders | cr | opening);
    /* An empty line. */
    odd |= before_end & (end | cr);
    if (rare)
        odd |= b->nul | ((cr << 1 | c->after_cr) & ~b->lf);
    c->after_border = borders >> 63;
    c->after_end = end >> 63;
    c->after_close = closing >> 63;
    c->after_cr = cr >> 63;
    return (struct found){borders, end, odd, opening & before_close};
}

static struct carry begin(const struct csv_text *text)
{
    const bool inside = text->quotes && text->start.inside;
    const char before = text->start.before;
    return (struct carry){
        .inside = inside ? ~UINT64_C(0) : 0,
        .after_border = !inside && (before == '\n' || before == text->delimiter),
        .after_end = !inside && before == '\n',
        .after_close = !inside && text->quotes && before == '"',
        .after_cr = !inside && before == '\r',
    };
}

static bool list_reserve(uint32_t **list, size_t *cap, size_t most)
{
    if (*cap >= most)
        return true;
    uint32_t *made = realloc(*list, most * sizeof *made);
    if (made == NULL)
        return false;
    *list = made;
    *cap = most;
    return true;
}

PART void put_positions(uint32_t *to, uint64_t bits, size_t at)
{
    for (; bits != 0; bits &= bits - 1)
        *to++ = (uint32_t)(at + (size_t)__builtin_ctzll(bits));
}

/* The bits below the lowest one of odd. */
PART uint64_t below(uint64_t odd)
{
    return (odd & (0 - odd)) - 1;
}

/* How far a scan has come; the index gets it at the end. */
struct reach {
    size_t count; /* positions */
    size_t doubled;
    size_t records;
    size_t end;
    size_t lines;      /* before end */
    size_t lines_seen; /* in all blocks */
    uint64_t quotes;
};

/* Takes the block at offset `at`; false if the scan must stop in it. */
PART bool take_block(struct csv_index *index, struct reach *reach, const struct block *b,
                     struct found found, size_t at)
{
    if (found.odd != 0) {
        index->regular = false;
        found.borders &= below(found.odd);
        found.ends &= below(found.odd);
        found.doubled &= below(found.odd);
    }
    put_positions(index->positions + reach->count, found.borders, at);
    reach->count += (size_t)__builtin_popcountll(found.borders);
    if (found.doubled != 0) {
        put_positions(index->doubled + reach->doubled, found.doubled, at);
        reach->doubled += (size_t)__builtin_popcountll(found.doubled);
    }
    reach->quotes |= b->quote;
    if (found.ends != 0) {
        const unsigned last = 63U - (unsigned)__builtin_clzll(found.ends);
        const uint64_t upto = ~UINT64_C(0) >> (63 - last);
        reach->records += (size_t)__builtin_popcountll(found.ends);
        reach->end = at + last + 1;
        reach->lines = reach->lines_seen + (size_t)__builtin_popcountll(b->lf & upto);
    }
    reach->lines_seen += (size_t)__builtin_popcountll(b->lf);
    return found.odd == 0;
}

/* Positions may be written so far behind the last one. */
enum { POSITIONS_MORE = 8 };

/* Room for the worst text of that length: memory that is not needed is not touched, and so costs
 * nothing. */
static bool index_reset(struct csv_index *index, size_t len)
{
    index->regular = true;
    index->positions = index->positions == NULL ? NULL : index->positions - index->front;
    index->front = 0;
    if (!list_reserve(&index->positions, &index->cap, CSV_INDEX_FRONT + len + POSITIONS_MORE) ||
        !list_reserve(&index->doubled, &index->doubled_cap, len / 2 + 1))
        return false;
    index->positions += CSV_INDEX_FRONT;
    index->front = CSV_INDEX_FRONT;
    return true;
}

/* How many of the ascending positions are below end. */
static size_t count_below(const uint32_t *positions, size_t count, size_t end)
{
    while (count > 0 && positions[count - 1] >= end)
        count--;
    return count;
}

static void index_finish(struct csv_index *index, const struct reach *reach,
                         const struct carry *carry)
{
    index->count = count_below(index->positions, reach->count, reach->end);
    index->behind = reach->count - index->count;
    index->records = reach->records;
    index->end = reach->end;
    index->lines = reach->lines;
    index->doubled_count = count_below(index->doubled, reach->doubled, reach->end);
    index->doubled_behind = reach->doubled - index->doubled_count;
    index->quoted = reach->quotes != 0;
    index->inside = carry->inside != 0;
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

enum status csv_scan_text_plain(const struct csv_text *text, struct csv_index *index,
                                struct error *err)
{
    struct carry carry = begin(text);
    struct reach reach = {.count = 0};
    if (!index_reset(index, text->len - text->from))
        return error_no_memory(err);
    for (size_t at = text->from; at < text->len && index->regular; at += 64) {
        size_t n = text->len - at < 64 ? text->len - at : 64;
        uint64_t valid = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
        struct block b = read_plain(text->data + at, n, text->delimiter, text->quotes);
        uint64_t inside = prefix_xor_plain(b.quote) ^ carry.inside;
        carry.inside = 0 - (inside >> 63);
        struct found found = judge(&b, inside, &carry, true);
        found.odd &= valid;
        if (!take_block(index, &reach, &b, found, at))
            break;
    }
    index_finish(index, &reach, &carry);
    return STATUS_OK;
}

#ifdef SCAN_VECTOR

enum { CHUNK = 16 * 1024 }; /* bytes that are looked at, and then judged, together */

SCAN_PART uint64_t prefix_xor(uint64_t bits)
{
    __m128i all = _mm_set1_epi8((char)0xff);
    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), all, 0));
}

struct bytes {
    __m256i quote;
    __m256i delimiter;
    __m256i lf;
    __m256i cr;
    __m256i nul;
    uint64_t quote_mask; /* 0: quotes are bytes like any other */
};

/* The block at offset `at`, its 64 bytes at `from`; those that are not valid are not there. */
SCAN_PART bool scan_block(struct csv_index *index, struct reach *reach, struct carry *carry,
                          const struct bytes *bytes, const char *from, size_t at, uint64_t valid)
{
    const __m256i low = scan_load(from);
    const __m256i high = scan_load(from + 32);
    struct block b = {.quote = scan_equal64(low, high, bytes->quote) & bytes->quote_mask & valid,
                      .delimiter = scan_equal64(low, high, bytes->delimiter) & valid,
                      .lf = scan_equal64(low, high, bytes->lf) & valid};
    const uint64_t inside = prefix_xor(b.quote) ^ carry->inside;
    carry->inside = 0 - (inside >> 63);
    /* CR and NUL are rare: one look for both. */
    const __m256i rare = _mm256_or_si256(
        _mm256_or_si256(_mm256_cmpeq_epi8(low, bytes->cr), _mm256_cmpeq_epi8(low, bytes->nul)),
        _mm256_or_si256(_mm256_cmpeq_epi8(high, bytes->cr), _mm256_cmpeq_epi8(high, bytes->nul)));
    struct found found;
    if (_mm256_testz_si256(rare, rare) && carry->after_cr == 0) {
        found = judge(&b, inside, carry, false);
    } else {
        b.cr = scan_equal64(low, high, bytes->cr) & valid;
        b.nul = scan_equal64(low, high, bytes->nul) & valid;
        found = judge(&b, inside, carry, true);
    }
    found.odd &= valid;
    return take_block(index, reach, &b, found, at);
}

/* What is found of a chunk.  First all its blocks are looked at, then their bits become positions:
 * one loop for both has not registers enough. */
struct chunk {
    size_t records;
    size_t lines;
    uint64_t odd;                    /* not 0: something odd, or a CR outside quotes */
    uint64_t quotes;                 /* not 0: there are quotes */
    uint64_t doubled;                /* not 0: some of them doubled */
    __m256i least;                   /* of all bytes at each place: a NUL */
    uint64_t borders_of[CHUNK / 64]; /* by block */
    uint64_t doubled_of[CHUNK / 64];
};

/* Looks at the blocks of a chunk, as if there were no NUL, nor, unless crs, a CR outside quotes; it
 * tells if there is one. */
SCAN_PART void look_at_blocks(struct chunk *chunk, struct carry *into, const struct bytes *bytes,
                              const char *from, size_t count, bool crs)
{
    struct carry carry = *into;
    size_t records = 0, lines = 0;
    uint64_t odd = 0, quotes = 0, doubled = 0;
    __m256i least = _mm256_set1_epi8(1);
    for (size_t i = 0; i < count; i++) {
        const __m256i low = scan_load(from + 64 * i);
        const __m256i high = scan_load(from + 64 * i + 32);
        const struct block b = {.quote = scan_equal64(low, high, bytes->quote) & bytes->quote_mask,
                                .delimiter = scan_equal64(low, high, bytes->delimiter),
                                .lf = scan_equal64(low, high, bytes->lf),
                                .cr = scan_equal64(low, high, bytes->cr)};
        const uint64_t inside = prefix_xor(b.quote) ^ carry.inside;
        carry.inside = 0 - (inside >> 63);
        const struct found found = judge(&b, inside, &carry, crs);
        odd |= found.odd | (crs ? 0 : b.cr & ~inside);
        least = _mm256_min_epu8(least, _mm256_min_epu8(low, high));
        quotes |= b.quote;
        doubled |= found.doubled;
        records += (size_t)_mm_popcnt_u64(found.ends);
        lines += (size_t)_mm_popcnt_u64(b.lf);
        chunk->borders_of[i] = found.borders;
        chunk->doubled_of[i] = found.doubled;
    }
    *into = carry;
    chunk->records = records;
    chunk->lines = lines;
    chunk->odd = odd;
    chunk->quotes = quotes;
    chunk->doubled = doubled;
    chunk->least = least;
}

/* The positions of the bits of so many blocks, the first of which is at offset `at`; the end of
 * the list. */
SCAN_PART uint32_t *list_positions(uint32_t *to, const uint64_t *bits, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++, at += 64)
        to = scan_put_positions(to, bits[i], at);
    return to;
}

/* Where the last of the records ends that were met; a border is a record end if an LF is there. */
static size_t last_end(const struct csv_index *index, size_t count, const char *data)
{
    while (count > 0 && data[index->positions[count - 1]] != '\n')
        count--;
    return count == 0 ? 0 : (size_t)index->positions[count - 1] + 1;
}

static size_t count_lines(const char *data, size_t len)
{
    size_t lines = 0;
    for (const char *end = data + len; (data = memchr(data, '\n', (size_t)(end - data))) != NULL;)
        lines += data++ != NULL;
    return lines;
}

/* Takes the whole blocks of a chunk at once, if nothing in them is odd; false: nothing is taken.
 * crs: CRs outside quotes may be there, which costs a little. */
SCAN_PART bool scan_chunk(struct csv_index *index, struct reach *reach, struct carry *carry_into,
                          const struct bytes *bytes, const char *data, size_t at, size_t end,
                          bool crs)
{
    struct carry carry = *carry_into;
    struct chunk chunk;
    const size_t blocks = (end - at) / 64;
    if (!crs && carry.after_cr != 0)
        return false;
    look_at_blocks(&chunk, &carry, bytes, data + at, blocks, crs);
    if (chunk.odd != 0 || _mm256_movemask_epi8(_mm256_cmpeq_epi8(chunk.least, bytes->nul)) != 0)
        return false;
    reach->count =
        (size_t)(list_positions(index->positions + reach->count, chunk.borders_of, blocks, at) -
                 index->positions);
    for (size_t i = 0; chunk.doubled != 0 && i < blocks; i++) {
        put_positions(index->doubled + reach->doubled, chunk.doubled_of[i], at + 64 * i);
        reach->doubled += (size_t)_mm_popcnt_u64(chunk.doubled_of[i]);
    }
    if (chunk.records > 0) {
        reach->records += chunk.records;
        reach->end = last_end(index, reach->count, data);
        reach->lines =
            reach->lines_seen + chunk.lines - count_lines(data + reach->end, end - reach->end);
    }
    reach->lines_seen += chunk.lines;
    reach->quotes |= chunk.quotes;
    *carry_into = carry;
    return true;
}

SCAN_AVX2 static enum status scan_avx2(const struct csv_text *text, struct csv_index *index,
                                       struct error *err)
{
    const char *const data = text->data;
    const size_t len = text->len;
    const struct bytes bytes = {
        .quote = _mm256_set1_epi8('"'),
        .delimiter = _mm256_set1_epi8(text->delimiter),
        .lf = _mm256_set1_epi8('\n'),
        .cr = _mm256_set1_epi8('\r'),
        .nul = _mm256_setzero_si256(),
        .quote_mask = text->quotes ? ~UINT64_C(0) : 0,
    };
    struct carry carry = begin(text);
    struct reach reach = {.count = 0};
    size_t at = text->from;
    bool crs = false; /* records end with CR LF */
    if (!index_reset(index, len - at))
        return error_no_memory(err);
    while (index->regular && len - at >= 64) {
        const size_t end = at + (len - at < CHUNK ? (len - at) / 64 * 64 : CHUNK);
        const bool taken = crs ? scan_chunk(index, &reach, &carry, &bytes, data, at, end, true)
                               : scan_chunk(index, &reach, &carry, &bytes, data, at, end, false);
        if (taken)
            at = end;
        else if (!crs)
            crs = true;
        else
            while (at < end &&
                   scan_block(index, &reach, &carry, &bytes, data + at, at, ~UINT64_C(0)))
                at += 64;
    }
    if (index->regular && at < len) {
        char tail[64];
        memset(tail, ' ', sizeof tail);
        memcpy(tail, data + at, len - at);
        (void)!scan_block(index, &reach, &carry, &bytes, tail, at, (UINT64_C(1) << (len - at)) - 1);
    }
    index_finish(index, &reach, &carry);
    return STATUS_OK;
}

/* Of whole steps of 32 bytes. */
SCAN_AVX2 static size_t count_quotes(const char *data, size_t len)
{
    const __m256i quote = _mm256_set1_epi8('"');
    __m256i sums = _mm256_setzero_si256();
    for (size_t at = 0; at < len;) {
        __m256i counts = _mm256_setzero_si256(); /* a byte each, so not for long */
        for (int i = 0; i < 255 && at < len; i++, at += 32)
            counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(scan_load(data + at), quote));
        sums = _mm256_add_epi64(sums, _mm256_sad_epu8(counts, _mm256_setzero_si256()));
    }
    return (size_t)_mm256_extract_epi64(sums, 0) + (size_t)_mm256_extract_epi64(sums, 1) +
           (size_t)_mm256_extract_epi64(sums, 2) + (size_t)_mm256_extract_epi64(sums, 3);
}

#endif

void csv_place_pass(struct csv_place *place, const struct csv_text *text)
{
    size_t quotes = 0;
    size_t at = text->from;
    if (at == text->len)
        return;
#ifdef SCAN_VECTOR
    if (text->quotes && scan_vector_supported()) {
        at += (text->len - at) / 32 * 32;
        quotes = count_quotes(text->data + text->from, at - text->from);
    }
#endif
    for (; text->quotes && at < text->len; at++)
        quotes += text->data[at] == '"';
    place->inside ^= (quotes & 1) != 0;
    place->before = text->data[text->len - 1];
}

enum status csv_scan_text(const struct csv_text *text, struct csv_index *index, struct error *err)
{
#ifdef SCAN_VECTOR
    if (scan_vector_supported())
        return scan_avx2(text, index, err);
#endif
    return csv_scan_text_plain(text, index, err);
}

void csv_index_free(struct csv_index *index)
{
    if (index->positions != NULL)
        free(index->positions - index->front);
    free(index->doubled);
    *index = (struct csv_index)CSV_INDEX_INIT;
}
