#include "base/utf8.h"

#include "base/utf8_vector.h"

size_t utf8_decode(const char *data, size_t len, uint32_t *character)
{
    if (len == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)data;
    unsigned char lead = p[0];
    if (lead < 0x80) {
        *character = lead;
        return 1;
    }
    size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || len < n)
        return 0;
    uint32_t c = (uint32_t)lead & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3fU);
    }
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < smallest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *character = c;
    return n;
}

size_t utf8_valid_prefix_plain(struct slice s)
{
    size_t at = 0;
    while (at < s.len) {
        uint64_t word;
        if (s.len - at >= sizeof word) {
            memcpy(&word, s.data + at, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof word;
                continue;
            }
        }
        uint32_t character;
        size_t n = utf8_decode(s.data + at, s.len - at, &character);
        if (n == 0)
            return at;
        at += n;
    }
    return at;
}

size_t utf8_valid_prefix(struct slice s)
{
    if (s.len >= UTF8_VECTOR_MIN && utf8_vector_supported())
        return utf8_vector_valid_prefix(s);
    return utf8_valid_prefix_plain(s);
}

bool utf8_valid(struct slice s)
{
    return utf8_valid_prefix(s) == s.len;
}

size_t utf8_encode(char out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}
