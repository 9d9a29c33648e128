/* little_endian.h - numbers in bytes, lowest byte first. */
#ifndef BELL_BASE_LITTLE_ENDIAN_H
#define BELL_BASE_LITTLE_ENDIAN_H

#include <stdint.h>
#include <string.h>

/* The low 16 bits of value. */
static inline void put_u16(unsigned char *to, uint32_t value)
{
    to[0] = (unsigned char)(value & 0xff);
    to[1] = (unsigned char)(value >> 8 & 0xff);
}

static inline void put_u32(unsigned char *to, uint32_t value)
{
    put_u16(to, value & 0xffff);
    put_u16(to + 2, value >> 16);
}

static inline unsigned get_u16(const unsigned char *from)
{
    return (unsigned)from[0] | (unsigned)from[1] << 8;
}

static inline uint32_t get_u32(const unsigned char *from)
{
    return (uint32_t)get_u16(from) | (uint32_t)get_u16(from + 2) << 16;
}

static inline uint64_t get_u64(const void *from)
{
    uint64_t word;
    memcpy(&word, from, sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return word;
#else
    return __builtin_bswap64(word);
#endif
}

#endif
