/* phrases_place.c - the whole rule for one phrase at one place. */
#include <string.h>

#include "base/utf8.h"
#include "labels/phrases_parts.h"

/* A match under way. */
struct walk {
    const struct phrase_list *phrases;
    struct slice text;
    struct slice phrase;
    size_t read;    /* bytes of the text */
    size_t matched; /* of the phrase */
};

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Lower case of 8 bytes of ASCII. */
static inline uint64_t fold_word(uint64_t word)
{
    uint64_t from_a = word + PHRASE_EACH_BYTE * (0x80 - 'A');
    uint64_t behind_z = word + PHRASE_EACH_BYTE * (0x80 - 'Z' - 1);

    return word | (from_a & ~behind_z & PHRASE_EACH_BYTE * 0x80) >> 2;
}

static inline bool is_visible_ascii(char byte)
{
    return byte > ' ' && (unsigned char)byte < PHRASE_ASCII;
}

/* The bytes of the run of blanks at this place. */
static size_t blanks_at(struct slice text, size_t place)
{
    size_t at = place;

    while (at < text.len && !is_visible_ascii(text.data[at])) {
        uint32_t character;
        size_t n = utf8_decode(text.data + at, text.len - at, &character);
        if (n == 0 || !phrases_is_blank(character))
            break;
        at += n;
    }
    return at - place;
}

/* Behind a plain blank: more may follow. */
static inline void skip_blanks(struct walk *walk)
{
    if (walk->matched > 0 && walk->phrase.data[walk->matched - 1] == ' ')
        walk->read += blanks_at(walk->text, walk->read);
}

/* One character, or a run of blanks; false: they differ. */
static bool step(struct walk *walk)
{
    char bytes[4] = {' '};
    size_t folded = 1, read = blanks_at(walk->text, walk->read);

    if (read == 0) {
        uint32_t character;
        read = utf8_decode(walk->text.data + walk->read, walk->text.len - walk->read, &character);
        if (read == 0)
            return false;
        character = phrase_look_up(walk->phrases, character) & ~PHRASE_WORD;
        folded = utf8_encode(bytes, character);
    }
    walk->read += read;
    if (folded > walk->phrase.len - walk->matched ||
        memcmp(bytes, walk->phrase.data + walk->matched, folded) != 0)
        return false;
    walk->matched += folded;
    return true;
}

/* The same for up to 8 bytes at once.  Not *plain: the text is not plain there, and nothing was
 * done. */
static inline bool leap(struct walk *walk, bool *plain)
{
    size_t n = smaller(sizeof(uint64_t), walk->phrase.len - walk->matched);
    uint64_t text = phrase_word_at(walk->text, walk->read);

    *plain = phrase_is_plain(text);
    if (!*plain)
        return true;
    uint64_t want = phrase_word_at(walk->phrase, walk->matched);
    if ((fold_word(text) ^ want) << (64 - 8 * n) != 0 || n > walk->text.len - walk->read)
        return false;
    walk->read += n;
    walk->matched += n;
    skip_blanks(walk);
    return true;
}

static inline bool word_at(const struct phrase_list *phrases, struct slice text, size_t place)
{
    if (place == text.len)
        return false;
    if ((unsigned char)text.data[place] < PHRASE_ASCII)
        return (phrases->characters[(unsigned char)text.data[place]] & PHRASE_WORD) != 0;
    return phrase_word_follows(phrases, (struct slice){text.data + place, text.len - place});
}

bool phrase_stands_at(const struct phrase_list *phrases, uint32_t id, struct slice text,
                      size_t place, size_t known, size_t *read)
{
    const struct phrase *phrase = &phrases->list[id];
    struct walk walk = {.phrases = phrases, .text = text, .phrase = phrases->texts.keys[id]};
    bool same = !(phrase->edge_before && phrase_word_before(phrases, text, place));

    walk.matched = smaller(known, walk.phrase.len);
    walk.read = place + walk.matched;
    same = same && walk.read <= text.len;
    skip_blanks(&walk);
    while (same && walk.matched < walk.phrase.len) {
        bool plain = false;
        same = walk.read < text.len && leap(&walk, &plain);
        if (same && !plain)
            same = step(&walk);
    }
    *read = walk.read - place;
    return same && !(phrase->edge_behind && word_at(phrases, text, walk.read));
}
