#include "base/hash.h"

#include <sodium.h>
#include <string.h>

static unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
static uint64_t quick_key[2];

enum status hash_init(struct error *err)
{
    if (sodium_init() < 0)
        return error_set(err, STATUS_IO, "no source of random numbers for hash keys");
    randombytes_buf(key, sizeof key);
    randombytes_buf(quick_key, sizeof quick_key);
    return STATUS_OK;
}

uint64_t hash64(struct slice s)
{
    uint64_t h;
    crypto_shorthash((unsigned char *)&h, (const unsigned char *)s.data, s.len, key);
    return h;
}

struct hash128 hash128(struct slice s)
{
    struct hash128 h;
    crypto_shorthash_siphashx24((unsigned char *)&h, (const unsigned char *)s.data, s.len, key);
    return h;
}

static uint64_t fold_product(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t read_64(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static uint64_t read_32(const char *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Up to 16 bytes in two words; the two may overlap in the text. */
static void read_end(const char *p, size_t len, uint64_t *a, uint64_t *b)
{
    if (len >= 8) {
        *a = read_64(p);
        *b = read_64(p + len - 8);
    } else if (len >= 4) {
        *a = read_32(p);
        *b = read_32(p + len - 4);
    } else if (len > 0) {
        const unsigned char *u = (const unsigned char *)p;
        *a = (uint64_t)u[0] << 16 | (uint64_t)u[len / 2] << 8 | u[len - 1];
        *b = 0;
    } else {
        *a = 0;
        *b = 0;
    }
}

uint64_t hash_quick(struct slice s)
{
    const char *p = s.data;
    size_t left = s.len;
    uint64_t h = quick_key[0];
    for (; left > 16; p += 16, left -= 16)
        h = fold_product(read_64(p) ^ h, read_64(p + 8) ^ quick_key[1]);
    uint64_t a;
    uint64_t b;
    read_end(p, left, &a, &b);
    return fold_product(a ^ h, b ^ quick_key[1] ^ s.len);
}
