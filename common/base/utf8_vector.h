/* utf8_vector.h - the fast way of utf8_valid_prefix(), which chooses it. */
#ifndef BELL_BASE_UTF8_VECTOR_H
#define BELL_BASE_UTF8_VECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum { UTF8_VECTOR_MIN = 64 };

/* Whether this machine has the instructions. */
bool utf8_vector_supported(void);
/* As utf8_valid_prefix(), of at least UTF8_VECTOR_MIN bytes. */
size_t utf8_vector_valid_prefix(struct slice s);

#endif
