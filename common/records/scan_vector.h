/* scan_vector.h - what both scanners (csv_scan.c, line_scan.c) do with vectors; nobody else
 * includes it.  Only where SCAN_VECTOR is defined, and for functions that have its target,
 * SCAN_AVX2. */
#ifndef BELL_RECORDS_SCAN_VECTOR_H
#define BELL_RECORDS_SCAN_VECTOR_H

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/unroll.h"

#define SCAN_VECTOR 1
#define SCAN_AVX2 __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt")))
/* Such a part must become part of the loop that calls it, or it lacks its instructions. */
#define SCAN_PART SCAN_AVX2 static inline __attribute__((always_inline))

/* Positions that are written for each block, and so perhaps behind the last one. */
enum { SCAN_AT_ONCE = 6 };

/* Has this machine those instructions? */
static inline bool scan_vector_supported(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

/* Bit i: byte i of 64 is this one, which fills a vector. */
SCAN_PART uint64_t scan_equal64(__m256i low, __m256i high, __m256i byte)
{
    const uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte));
    const uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte));
    return a | (uint64_t)b << 32;
}

SCAN_PART __m256i scan_load(const char *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

/* Lists where the bits of a block at this offset are, and some positions too many: a loop whose end
 * cannot be foreseen costs more.  The end of the list. */
SCAN_PART uint32_t *scan_put_positions(uint32_t *to, uint64_t bits, size_t at)
{
    uint32_t *const end = to + _mm_popcnt_u64(bits);
    UNROLL
    for (int i = 0; i < SCAN_AT_ONCE; i++) {
        to[i] = (uint32_t)(at + (size_t)_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
    }
    for (to += SCAN_AT_ONCE; bits != 0; bits = _blsr_u64(bits))
        *to++ = (uint32_t)(at + (size_t)_tzcnt_u64(bits));
    return end;
}

#endif

#endif
