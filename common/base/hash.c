#include "base/hash.h"

#include <sodium.h>

static unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
uint64_t hash_quick_key[2];

enum status hash_init(struct error *err)
{
    if (sodium_init() < 0)
        return error_set(err, STATUS_IO, "no source of random numbers for hash keys");
    randombytes_buf(key, sizeof key);
    randombytes_buf(hash_quick_key, sizeof hash_quick_key);
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
