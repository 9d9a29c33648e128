/* utf8.h - checking and decoding UTF-8 (no surrogates, no overlong forms, up to U+10FFFF). */
#ifndef BELL_BASE_UTF8_H
#define BELL_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Bytes of s before the first invalid one; s.len if all is valid. */
size_t utf8_valid_prefix(struct slice s);
bool utf8_valid(struct slice s);
/* The same byte by byte: what the fast way is held to. */
size_t utf8_valid_prefix_plain(struct slice s);
/* Decodes the character at data[0..len); its bytes (1..4), or 0 if it is invalid or len is 0. */
size_t utf8_decode(const char *data, size_t len, uint32_t *character);
/* Writes 1..4 bytes. */
size_t utf8_encode(char out[4], uint32_t character);

#endif
