#include "records/escape_put.h"

#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_AVX2_PATH 1
#endif

const char escape_letters[256] = {
    ['\\'] = '\\', ['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r',
    ['\b'] = 'b',  ['\f'] = 'f', ['\v'] = 'v',
};

static inline char *put_byte(char *to, char byte)
{
    const char letter = escape_letters[(unsigned char)byte];
    if (letter != 0) {
        *to++ = '\\';
        *to++ = letter;
    } else {
        *to++ = byte;
    }
    return to;
}

static char *put_bytes(char *to, const char *from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to = put_byte(to, from[i]);
    return to;
}

static inline char *put_missing(char *to)
{
    *to++ = '\\';
    *to++ = 'N';
    return to;
}

char *escape_put_plain(char *to, struct slice value, struct slice around)
{
    (void)around;
    return slice_missing(value) ? put_missing(to) : put_bytes(to, value.data, value.len);
}

#ifdef HAVE_AVX2_PATH

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

/* At the place that a byte's low half names stands the byte itself, if it must change; the
 * backslash, which shares its place with the form feed, is asked for besides. */
#define LOW_HALVES -1, 0, 0, 0, 0, 0, 0, 0, '\b', '\t', '\n', '\v', '\f', '\r', 0, 0

AVX2 static inline uint32_t special32(__m256i v)
{
    const __m256i table = _mm256_setr_epi8(LOW_HALVES, LOW_HALVES);
    const __m256i controls = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, v), v);
    const __m256i slashes = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(controls, slashes));
}

AVX2 static inline bool special16(__m128i v)
{
    const __m128i table = _mm_setr_epi8(LOW_HALVES);
    const __m128i controls = _mm_cmpeq_epi8(_mm_shuffle_epi8(table, v), v);
    const __m128i slashes = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
    const __m128i special = _mm_or_si128(controls, slashes);
    return !_mm_testz_si128(special, special);
}

/* 16 to 32 bytes. */
AVX2 static inline char *put_two16(char *to, const char *from, size_t len)
{
    const __m128i head = _mm_loadu_si128((const __m128i *)(const void *)from);
    const __m128i tail = _mm_loadu_si128((const __m128i *)(const void *)(from + len - 16));
    if (special16(head) || special16(tail))
        return put_bytes(to, from, len);
    _mm_storeu_si128((__m128i *)(void *)to, head);
    _mm_storeu_si128((__m128i *)(void *)(to + len - 16), tail);
    return to + len;
}

/* 8 to 16 bytes. */
AVX2 static inline char *put_two8(char *to, const char *from, size_t len)
{
    uint64_t head;
    uint64_t tail;
    memcpy(&head, from, sizeof head);
    memcpy(&tail, from + len - sizeof tail, sizeof tail);
    if (special16(_mm_set_epi64x((long long)tail, (long long)head)))
        return put_bytes(to, from, len);
    memcpy(to, &head, sizeof head);
    memcpy(to + len - sizeof tail, &tail, sizeof tail);
    return to + len;
}

/* 4 to 8 bytes. */
AVX2 static inline char *put_two4(char *to, const char *from, size_t len)
{
    uint32_t head;
    uint32_t tail;
    memcpy(&head, from, sizeof head);
    memcpy(&tail, from + len - sizeof tail, sizeof tail);
    if (special16(_mm_set_epi32(' ', ' ', (int)tail, (int)head)))
        return put_bytes(to, from, len);
    memcpy(to, &head, sizeof head);
    memcpy(to + len - sizeof tail, &tail, sizeof tail);
    return to + len;
}

/* Blocks of 32 bytes up to the value's last bytes, which are fewer than that. */
AVX2 static inline char *put_blocks(char *to, const char **from, size_t *len)
{
    while (*len >= 32) {
        const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)*from);
        const uint32_t special = special32(v);
        size_t n = 32;
        _mm256_storeu_si256((__m256i *)(void *)to, v);
        if (special != 0)
            n = (size_t)_tzcnt_u32(special);
        to += n;
        if (special != 0)
            to = put_byte(to, (*from)[n++]);
        *from += n;
        *len -= n;
    }
    return to;
}

/* Nothing may be read but the value. */
AVX2 static char *put_lone(char *to, const char *from, size_t len)
{
    to = put_blocks(to, &from, &len);
    if (len >= 16)
        return put_two16(to, from, len);
    if (len >= 8)
        return put_two8(to, from, len);
    if (len >= 4)
        return put_two4(to, from, len);
    return put_bytes(to, from, len);
}

/* 32 bytes may be read from everywhere in the value. */
AVX2 static inline char *put_amid(char *to, const char *from, size_t len)
{
    for (;;) {
        const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)from);
        uint32_t special = special32(v);
        _mm256_storeu_si256((__m256i *)(void *)to, v);
        if (len < 32)
            special = _bzhi_u32(special, (uint32_t)len);
        if (special == 0 && len <= 32)
            return to + len;
        size_t n = special == 0 ? 32 : (size_t)_tzcnt_u32(special);
        to += n;
        if (special != 0)
            to = put_byte(to, from[n++]);
        from += n;
        len -= n;
    }
}

AVX2 static char *put_avx2(char *to, struct slice value, struct slice around)
{
    if (slice_missing(value))
        return put_missing(to);
    const size_t at = (size_t)((uintptr_t)value.data - (uintptr_t)around.data);
    if (at < around.len && around.len - at >= value.len + 32)
        return put_amid(to, value.data, value.len);
    return put_lone(to, value.data, value.len);
}

#endif

escape_put_fn *escape_put_choose(void)
{
#ifdef HAVE_AVX2_PATH
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return put_avx2;
#endif
    return escape_put_plain;
}
