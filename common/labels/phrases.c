/* phrases.c - Aho-Corasick over the bytes of case-folded UTF-8.
 *
 * The automaton is one dense table of rows (states) by byte classes: bytes that stand in no
 * phrase share class 0, and A and a share one, so ASCII is folded by the class alone.  An entry
 * is the offset of the next row; rows of states where a phrase ends stand behind all others.
 * The text is folded as it is read and never copied: all that a match needs to know of the past
 * is whether its first character had a word character in front.  The last 64 bytes keep that
 * in the bits of one word; a ring keeps it for longer phrases, if there are any.
 */
#include "labels/phrases.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/buffer.h"
#include "base/intern.h"
#include "base/utf8.h"

#define WORD_FLAG UINT32_C(0x80000000) /* beside a folded character */
#define NONE UINT32_MAX

enum {
    ASCII_MAX = 0x80,
    TABLE_CHARACTERS = 0x3000, /* folded and judged once, at phrases_build() */
    NEVER_IN_UTF8 = 0xff,
    ASCII_CLASS = 0xff, /* in phrases.ascii, with the two below */
    ASCII_WORD = 0x100,
    ASCII_BLANK = 0x200,
    HISTORY_BITS = 64
};

struct phrase {
    uint32_t len; /* folded */
    bool edge_before;
    bool edge_behind;
};

struct phrases {
    struct intern texts; /* folded phrases, numbered */
    struct phrase *list; /* by number */
    size_t cap;
    size_t longest;
    /* made by phrases_build() */
    uint8_t class_of[256];     /* of a folded byte */
    uint16_t ascii[ASCII_MAX]; /* class of an unfolded one, ASCII_WORD, ASCII_BLANK */
    uint32_t class_count;
    uint32_t *table;
    uint32_t state_count;
    size_t state_cap;
    uint32_t hit_row;     /* from here on rows have phrases to report */
    uint32_t *ends;       /* by state: number of the phrase that ends there, or NONE */
    uint32_t *link;       /* by state: the longest suffix state where a phrase ends; 0: none */
    uint32_t *characters; /* folded, with WORD_FLAG */
    size_t ring_size;     /* a power of 2; 0: not needed */
};

struct phrases_scratch {
    uint8_t *word_before; /* the ring, by folded byte; NULL: not needed */
};

/* Where a search stands. */
struct progress {
    uint32_t row;
    size_t read;      /* folded bytes so far */
    uint64_t history; /* bit k: a word character stands in front of the last byte but k */
    bool word;        /* the last character is one */
    bool blank;
};

uint32_t phrases_fold(uint32_t character)
{
    utf8proc_int32_t folded[8];
    int boundary = 0;

    if (character < ASCII_MAX)
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
    if (character < ASCII_MAX) {
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

enum status phrases_new(struct phrases **phrases, struct error *err)
{
    *phrases = calloc(1, sizeof(**phrases));
    return *phrases == NULL ? error_no_memory(err) : STATUS_OK;
}

void phrases_free(struct phrases *phrases)
{
    if (phrases == NULL)
        return;
    intern_free(&phrases->texts);
    free(phrases->list);
    free(phrases->table);
    free(phrases->ends);
    free(phrases->link);
    free(phrases->characters);
    free(phrases);
}

size_t phrases_count(const struct phrases *phrases)
{
    return phrases->texts.count;
}

size_t phrases_words(const struct phrases *phrases)
{
    return ((size_t)phrases->texts.count + 63) / 64;
}

/* The folded text of a phrase, blanks trimmed and each run of them one space. */
static enum status fold_phrase(struct slice text, struct buffer *folded, struct phrase *phrase,
                               struct error *err)
{
    bool blank = false;

    for (size_t i = 0; i < text.len;) {
        uint32_t character;
        char bytes[4];
        size_t n = utf8_decode(text.data + i, text.len - i, &character);
        if (n == 0)
            return error_set(err, STATUS_USAGE, "a phrase is not UTF-8");
        i += n;
        if (phrases_is_blank(character)) {
            blank = folded->len > 0;
            continue;
        }
        if (folded->len == 0)
            phrase->edge_before = phrases_is_word(character);
        phrase->edge_behind = phrases_is_word(character);
        if (blank && !buffer_append_byte(folded, ' '))
            return error_no_memory(err);
        blank = false;
        if (!buffer_append(folded, bytes, utf8_encode(bytes, phrases_fold(character))))
            return error_no_memory(err);
    }
    if (folded->len == 0)
        return error_set(err, STATUS_USAGE, "a phrase is empty");
    phrase->len = (uint32_t)folded->len;
    return STATUS_OK;
}

static bool list_reserve(struct phrases *phrases, size_t count)
{
    if (count <= phrases->cap)
        return true;
    size_t cap = phrases->cap == 0 ? 64 : phrases->cap * 2;
    struct phrase *list = realloc(phrases->list, cap * sizeof(*list));
    if (list == NULL)
        return false;
    phrases->list = list;
    phrases->cap = cap;
    return true;
}

enum status phrases_add(struct phrases *phrases, struct slice phrase, uint32_t *id,
                        struct error *err)
{
    struct buffer folded = BUFFER_INIT;
    struct phrase entry = {0};
    bool added = false;
    enum status s;

    if (phrase.len > PHRASES_TABLE_MAX) /* lengths stay far inside 32 bits */
        return error_set(err, STATUS_USAGE, "a phrase is longer than 16 MiB");
    s = fold_phrase(phrase, &folded, &entry, err);
    if (s != STATUS_OK)
        goto end;
    if (!list_reserve(phrases, (size_t)phrases->texts.count + 1)) {
        s = error_no_memory(err);
        goto end;
    }
    *id = intern_add(&phrases->texts, (struct slice){folded.data, folded.len}, &added);
    if (*id == INTERN_NONE) {
        s = error_no_memory(err);
        goto end;
    }
    if (added) {
        phrases->list[*id] = entry;
        if (folded.len > phrases->longest)
            phrases->longest = folded.len;
    }
end:
    buffer_free(&folded);
    return s;
}

static void find_classes(struct phrases *phrases)
{
    bool used[256] = {false};

    for (uint32_t p = 0; p < phrases->texts.count; p++) {
        struct slice text = phrases->texts.keys[p];
        for (size_t i = 0; i < text.len; i++)
            used[(unsigned char)text.data[i]] = true;
    }
    phrases->class_count = 1;
    for (unsigned int b = 0; b < 256; b++)
        phrases->class_of[b] = used[b] ? (uint8_t)phrases->class_count++ : 0;
    for (uint32_t b = 0; b < ASCII_MAX; b++) {
        uint32_t folded = phrases_is_blank(b) ? ' ' : phrases_fold(b);
        phrases->ascii[b] =
            (uint16_t)(phrases->class_of[folded] | (phrases_is_word(b) ? ASCII_WORD : 0) |
                       (phrases_is_blank(b) ? ASCII_BLANK : 0));
    }
}

/* A new state with an empty row; its number in *state. */
static enum status add_state(struct phrases *phrases, uint32_t *state, struct error *err)
{
    size_t row = phrases->class_count * sizeof(*phrases->table);
    size_t count = (size_t)phrases->state_count + 1;

    if (count * row > PHRASES_TABLE_MAX)
        return error_set(err, STATUS_USAGE,
                         "the words and phrases of all labels need more than 16 MiB of memory "
                         "(%zu phrases); use fewer or shorter ones",
                         phrases_count(phrases));
    if (count > phrases->state_cap) {
        size_t cap = phrases->state_cap == 0 ? 256 : phrases->state_cap * 2;
        uint32_t *table = realloc(phrases->table, cap * row);
        if (table == NULL)
            return error_no_memory(err);
        phrases->table = table;
        uint32_t *ends = realloc(phrases->ends, cap * sizeof(*ends));
        if (ends == NULL)
            return error_no_memory(err);
        phrases->ends = ends;
        phrases->state_cap = cap;
    }
    *state = phrases->state_count++;
    memset(phrases->table + (size_t)*state * phrases->class_count, 0, row);
    phrases->ends[*state] = NONE;
    return STATUS_OK;
}

static enum status build_trie(struct phrases *phrases, struct error *err)
{
    uint32_t state;
    enum status s = add_state(phrases, &state, err);

    for (uint32_t p = 0; s == STATUS_OK && p < phrases->texts.count; p++) {
        struct slice text = phrases->texts.keys[p];
        state = 0;
        for (size_t i = 0; i < text.len; i++) {
            size_t at = (size_t)state * phrases->class_count +
                        phrases->class_of[(unsigned char)text.data[i]];
            uint32_t next = phrases->table[at];
            if (next == 0) {
                s = add_state(phrases, &next, err);
                if (s != STATUS_OK)
                    return s;
                phrases->table[at] = next;
            }
            state = next;
        }
        phrases->ends[state] = p;
    }
    return s;
}

/* A state's suffix is known when it is reached, breadth first; its missing entries are those
 * of the suffix, which stands nearer to the root and is complete. */
static enum status add_suffixes(struct phrases *phrases, uint32_t *queue, uint32_t *suffix,
                                uint8_t *nested, struct error *err)
{
    uint32_t classes = phrases->class_count;
    size_t head = 0, tail = 0;

    queue[tail++] = 0;
    while (head < tail) {
        uint32_t state = queue[head++];
        uint32_t *row = phrases->table + (size_t)state * classes;
        const uint32_t *behind = phrases->table + (size_t)suffix[state] * classes;

        phrases->link[state] =
            phrases->ends[suffix[state]] != NONE ? suffix[state] : phrases->link[suffix[state]];
        if (phrases->ends[state] != NONE) {
            nested[state] = (uint8_t)(nested[phrases->link[state]] + 1);
            if (nested[state] > PHRASES_NESTED_MAX)
                return error_set(err, STATUS_USAGE,
                                 "more than %d phrases end in one another, as \"b c\" ends in "
                                 "\"c\"; leave some out",
                                 PHRASES_NESTED_MAX);
        }
        for (uint32_t c = 1; c < classes; c++) {
            if (row[c] == 0) {
                row[c] = behind[c]; /* of the root: itself, 0 */
            } else {
                suffix[row[c]] = state == 0 ? 0 : behind[c];
                queue[tail++] = row[c];
            }
        }
    }
    return STATUS_OK;
}

static enum status link_suffixes(struct phrases *phrases, struct error *err)
{
    size_t count = phrases->state_count;
    uint32_t *queue = calloc(count, sizeof(*queue));
    uint32_t *suffix = calloc(count, sizeof(*suffix));
    uint8_t *nested = calloc(count, sizeof(*nested));
    enum status s;

    phrases->link = calloc(count, sizeof(*phrases->link));
    if (queue == NULL || suffix == NULL || nested == NULL || phrases->link == NULL)
        s = error_no_memory(err);
    else
        s = add_suffixes(phrases, queue, suffix, nested, err);
    free(queue);
    free(suffix);
    free(nested);
    return s;
}

static bool has_hits(const struct phrases *phrases, uint32_t state)
{
    return phrases->ends[state] != NONE || phrases->link[state] != 0;
}

/* Numbers the states anew, those with phrases to report last; entries become offsets of rows. */
static enum status order_rows(struct phrases *phrases, struct error *err)
{
    size_t classes = phrases->class_count, count = phrases->state_count;
    uint32_t *number = calloc(count, sizeof(*number));
    uint32_t *table = calloc(count * classes, sizeof(*table));
    uint32_t *ends = calloc(count, sizeof(*ends));
    uint32_t *link = calloc(count, sizeof(*link));
    uint32_t next = 0;

    if (number == NULL || table == NULL || ends == NULL || link == NULL) {
        free(number);
        free(table);
        free(ends);
        free(link);
        return error_no_memory(err);
    }
    for (int hits = 0; hits <= 1; hits++) {
        if (hits == 1)
            phrases->hit_row = next * phrases->class_count;
        for (uint32_t state = 0; state < count; state++)
            if (has_hits(phrases, state) == (hits == 1))
                number[state] = next++;
    }
    for (uint32_t state = 0; state < count; state++) {
        const uint32_t *from = phrases->table + state * classes;
        uint32_t *to = table + number[state] * classes;
        for (size_t c = 0; c < classes; c++)
            to[c] = number[from[c]] * phrases->class_count;
        ends[number[state]] = phrases->ends[state];
        link[number[state]] = number[phrases->link[state]];
    }
    free(number);
    free(phrases->table);
    free(phrases->ends);
    free(phrases->link);
    phrases->table = table;
    phrases->ends = ends;
    phrases->link = link;
    return STATUS_OK;
}

enum status phrases_build(struct phrases *phrases, struct error *err)
{
    enum status s;

    if (phrases->texts.count == 0)
        return STATUS_OK;
    find_classes(phrases);
    s = build_trie(phrases, err);
    if (s != STATUS_OK)
        return s;
    s = link_suffixes(phrases, err);
    if (s != STATUS_OK)
        return s;
    s = order_rows(phrases, err);
    if (s != STATUS_OK)
        return s;

    phrases->characters = calloc(TABLE_CHARACTERS, sizeof(*phrases->characters));
    if (phrases->characters == NULL)
        return error_no_memory(err);
    for (uint32_t c = 0; c < TABLE_CHARACTERS; c++)
        phrases->characters[c] =
            (phrases_is_blank(c) ? ' ' : phrases_fold(c)) | (phrases_is_word(c) ? WORD_FLAG : 0);
    if (phrases->longest > HISTORY_BITS) {
        phrases->ring_size = HISTORY_BITS;
        while (phrases->ring_size < phrases->longest)
            phrases->ring_size *= 2;
    }
    return STATUS_OK;
}

enum status phrases_scratch_new(const struct phrases *phrases, struct phrases_scratch **scratch,
                                struct error *err)
{
    *scratch = calloc(1, sizeof(**scratch));
    if (*scratch == NULL)
        return error_no_memory(err);
    if (phrases->ring_size == 0)
        return STATUS_OK;
    (*scratch)->word_before = calloc(phrases->ring_size, 1);
    if ((*scratch)->word_before == NULL) {
        free(*scratch);
        *scratch = NULL;
        return error_no_memory(err);
    }
    return STATUS_OK;
}

void phrases_scratch_free(struct phrases_scratch *scratch)
{
    if (scratch == NULL)
        return;
    free(scratch->word_before);
    free(scratch);
}

/* The folded character, with WORD_FLAG. */
static inline uint32_t look_up(const struct phrases *phrases, uint32_t character)
{
    if (character < TABLE_CHARACTERS)
        return phrases->characters[character];
    return (phrases_is_blank(character) ? ' ' : phrases_fold(character)) |
           (phrases_is_word(character) ? WORD_FLAG : 0);
}

static bool word_follows(const struct phrases *phrases, const char *data, size_t len)
{
    uint32_t character;

    if (utf8_decode(data, len, &character) == 0)
        return false;
    return (look_up(phrases, character) & WORD_FLAG) != 0;
}

/* The phrases that end where the search stands. */
static void report(const struct phrases *phrases, const struct phrases_scratch *scratch,
                   const struct progress *at, struct slice rest, uint64_t *found)
{
    bool follows = word_follows(phrases, rest.data, rest.len);
    uint32_t state = at->row / phrases->class_count;

    if (phrases->ends[state] == NONE)
        state = phrases->link[state];
    for (; state != 0; state = phrases->link[state]) {
        uint32_t id = phrases->ends[state];
        const struct phrase *phrase = &phrases->list[id];
        bool word_before =
            phrase->len <= HISTORY_BITS
                ? (at->history >> (phrase->len - 1) & 1) != 0
                : scratch->word_before[(at->read - phrase->len) & (phrases->ring_size - 1)] != 0;
        if (!(phrase->edge_behind && follows) && !(phrase->edge_before && word_before))
            found[id / 64] |= UINT64_C(1) << (id % 64);
    }
}

/* Takes the character that begins at data, which is not ASCII; its bytes. */
static size_t take_character(const struct phrases *phrases, struct progress *at, uint8_t *ring,
                             const char *data, size_t len)
{
    char bytes[4] = {(char)NEVER_IN_UTF8};
    uint32_t character = 0;
    size_t size = utf8_decode(data, len, &character);
    size_t folded = 1;
    bool blank = false;

    if (size != 0) {
        character = look_up(phrases, character);
        blank = character == ' ';
        folded = utf8_encode(bytes, character & ~WORD_FLAG);
    }
    if (!(blank && at->blank)) {
        if (ring != NULL)
            ring[at->read & (phrases->ring_size - 1)] = at->word;
        at->history = (at->history << 1 | at->word) << (folded - 1);
        at->read += folded;
        for (size_t k = 0; k < folded; k++)
            at->row = phrases->table[at->row + phrases->class_of[(unsigned char)bytes[k]]];
        at->word = (character & WORD_FLAG) != 0;
    }
    at->blank = blank;
    return size == 0 ? 1 : size;
}

/* Takes ASCII, as far as the first hit or another character; the bytes taken. */
static size_t take_ascii(const struct phrases *phrases, struct progress *at, uint8_t *ring,
                         const char *data, size_t len)
{
    const uint32_t *table = phrases->table;
    uint32_t hit_row = phrases->hit_row;
    uint32_t row = at->row;
    uint64_t history = at->history;
    size_t read = at->read;
    unsigned int last = (at->word ? ASCII_WORD : 0) | (at->blank ? ASCII_BLANK : 0);
    size_t i = 0;

    while (i < len && (unsigned char)data[i] < ASCII_MAX) {
        unsigned int facts = phrases->ascii[(unsigned char)data[i++]];
        if ((facts & last & ASCII_BLANK) != 0)
            continue;
        uint64_t word_before = last / ASCII_WORD & 1;
        if (ring != NULL)
            ring[read & (phrases->ring_size - 1)] = (uint8_t)word_before;
        read++;
        history = history << 1 | word_before;
        last = facts;
        row = table[row + (facts & ASCII_CLASS)];
        if (row >= hit_row)
            break;
    }
    *at = (struct progress){.row = row,
                            .read = read,
                            .history = history,
                            .word = (last & ASCII_WORD) != 0,
                            .blank = (last & ASCII_BLANK) != 0};
    return i;
}

void phrases_match(const struct phrases *phrases, struct phrases_scratch *scratch,
                   struct slice text, uint64_t *found)
{
    struct progress at = {.row = 0};
    uint8_t *ring = scratch->word_before;

    if (phrases->texts.count == 0)
        return;
    for (size_t i = 0; i < text.len;) {
        if ((unsigned char)text.data[i] < ASCII_MAX)
            i += take_ascii(phrases, &at, ring, text.data + i, text.len - i);
        else
            i += take_character(phrases, &at, ring, text.data + i, text.len - i);
        if (at.row >= phrases->hit_row)
            report(phrases, scratch, &at, (struct slice){text.data + i, text.len - i}, found);
    }
}
