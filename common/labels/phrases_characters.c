#include <utf8proc.h>

#include "base/utf8.h"
#include "labels/phrases_parts.h"

uint32_t phrases_fold(uint32_t character)
{
    utf8proc_int32_t folded[8];
    int boundary = 0;

    if (character < PHRASE_ASCII)
        return character >= 'A' && character <= 'Z' ? character + 32 : character;
    /* U+0130 has only a full and a Turkish folding, unlike its lower case. */
    if (character > 0x10ffff || character == 0x130)
        return character;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)character, folded, 8,
                                                 UTF8PROC_CASEFOLD, &boundary);
    if (n == 1)
        return (uint32_t)folded[0];
    /* The full folding is longer; the simple one, where there is one, is the lower case. */
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)character);
}

bool phrases_is_word(uint32_t character)
{
    if (character < PHRASE_ASCII) {
        uint32_t lower = character | 0x20;
        return (lower >= 'a' && lower <= 'z') || (character >= '0' && character <= '9') ||
               character == '_';
    }
    switch (utf8proc_category((utf8proc_int32_t)character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

bool phrases_is_blank(uint32_t character)
{
    return character == ' ' || (character >= 0x09 && character <= 0x0d) || character == 0x85 ||
           character == 0xa0 || character == 0x1680 ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x2028 ||
           character == 0x2029 || character == 0x202f || character == 0x205f || character == 0x3000;
}

uint32_t phrase_character(uint32_t character)
{
    return (phrases_is_blank(character) ? ' ' : phrases_fold(character)) |
           (phrases_is_word(character) ? PHRASE_WORD : 0);
}

bool phrase_has_variants(uint32_t character)
{
    utf8proc_int32_t c = (utf8proc_int32_t)character;

    return utf8proc_toupper(c) != c || utf8proc_tolower(c) != c || utf8proc_totitle(c) != c;
}

size_t phrase_character_before(struct slice text, size_t place, uint32_t *character)
{
    const char *end = text.data + place;
    size_t n = 1;

    if (place == 0)
        return 0;
    while (n < 4 && n < place && ((unsigned char)end[-(ptrdiff_t)n] & 0xc0) == 0x80)
        n++;
    return utf8_decode(end - n, n, character) == n ? n : 0;
}

bool phrase_word_before(const struct phrase_list *phrases, struct slice text, size_t place)
{
    uint32_t character;

    if (place > 0 && (unsigned char)text.data[place - 1] < PHRASE_ASCII)
        return (phrases->characters[(unsigned char)text.data[place - 1]] & PHRASE_WORD) != 0;
    if (phrase_character_before(text, place, &character) == 0)
        return false;
    return (phrase_look_up(phrases, character) & PHRASE_WORD) != 0;
}

bool phrase_word_follows(const struct phrase_list *phrases, struct slice text)
{
    uint32_t character;

    if (utf8_decode(text.data, text.len, &character) == 0)
        return false;
    return (phrase_look_up(phrases, character) & PHRASE_WORD) != 0;
}
