/* phrases_automaton.c - Aho-Corasick over the bytes of case-folded UTF-8.
 *
 * The automaton is one dense table of rows (states) by byte classes: bytes that stand in no
 * phrase share class 0, and A and a share one, so ASCII is folded by the class alone.  An entry
 * is the offset of the next row; rows of states where a phrase ends stand behind all others.
 * The text is folded as it is read and never copied: all that a match needs to know of the past
 * is whether its first character had a word character in front.  The last 64 bytes keep that
 * in the bits of one word; a ring keeps it for longer phrases, if there are any.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "labels/phrases_automaton.h"

enum { NEVER_IN_UTF8 = 0xff, HISTORY_BITS = 64 };

/* Where a search stands. */
struct progress {
    uint32_t row;
    size_t read;      /* folded bytes so far */
    uint64_t history; /* bit k: a word character stands in front of the last byte but k */
    bool word;        /* the last character is one */
    bool blank;
};

static void find_classes(struct phrase_automaton *a)
{
    bool used[256] = {false};

    for (uint32_t p = 0; p < a->phrases->texts.count; p++) {
        struct slice text = a->phrases->texts.keys[p];
        for (size_t i = 0; i < text.len; i++)
            used[(unsigned char)text.data[i]] = true;
    }
    a->class_count = 1;
    for (unsigned int b = 0; b < 256; b++)
        a->class_of[b] = used[b] ? (uint8_t)a->class_count++ : 0;
    for (uint32_t b = 0; b < PHRASE_ASCII; b++) {
        uint32_t folded = phrases_is_blank(b) ? ' ' : phrases_fold(b);
        a->ascii[b] = (uint16_t)(a->class_of[folded] | (phrases_is_word(b) ? ASCII_WORD : 0) |
                                 (phrases_is_blank(b) ? ASCII_BLANK : 0));
    }
}

/* A new state with an empty row; its number in *state. */
static enum status add_state(struct phrase_automaton *a, uint32_t *state, struct error *err)
{
    size_t row = a->class_count * sizeof(*a->table);
    size_t count = (size_t)a->state_count + 1;

    if (count * row > PHRASES_TABLE_MAX)
        return error_set(err, STATUS_USAGE,
                         "the words and phrases of all labels need more than 16 MiB of memory "
                         "(%u phrases); use fewer or shorter ones",
                         (unsigned int)a->phrases->texts.count);
    if (count > a->state_cap) {
        size_t cap = a->state_cap == 0 ? 256 : a->state_cap * 2;
        uint32_t *table = realloc(a->table, cap * row);
        if (table == NULL)
            return error_no_memory(err);
        a->table = table;
        uint32_t *ends = realloc(a->ends, cap * sizeof(*ends));
        if (ends == NULL)
            return error_no_memory(err);
        a->ends = ends;
        a->state_cap = cap;
    }
    *state = a->state_count++;
    memset(a->table + (size_t)*state * a->class_count, 0, row);
    a->ends[*state] = PHRASE_NONE;
    return STATUS_OK;
}

static enum status build_trie(struct phrase_automaton *a, struct error *err)
{
    uint32_t state;
    enum status s = add_state(a, &state, err);

    for (uint32_t p = 0; s == STATUS_OK && p < a->phrases->texts.count; p++) {
        struct slice text = a->phrases->texts.keys[p];
        state = 0;
        for (size_t i = 0; i < text.len; i++) {
            size_t at = (size_t)state * a->class_count + a->class_of[(unsigned char)text.data[i]];
            uint32_t next = a->table[at];
            if (next == 0) {
                s = add_state(a, &next, err);
                if (s != STATUS_OK)
                    return s;
                a->table[at] = next;
            }
            state = next;
        }
        a->ends[state] = p;
    }
    return s;
}

/* A state's suffix is known when it is reached, breadth first; its missing entries are those
 * of the suffix, which stands nearer to the root and is complete. */
static enum status add_suffixes(struct phrase_automaton *a, uint32_t *queue, uint32_t *suffix,
                                uint8_t *nested, struct error *err)
{
    uint32_t classes = a->class_count;
    size_t head = 0, tail = 0;

    queue[tail++] = 0;
    while (head < tail) {
        uint32_t state = queue[head++];
        uint32_t *row = a->table + (size_t)state * classes;
        const uint32_t *behind = a->table + (size_t)suffix[state] * classes;

        a->link[state] =
            a->ends[suffix[state]] != PHRASE_NONE ? suffix[state] : a->link[suffix[state]];
        if (a->ends[state] != PHRASE_NONE) {
            nested[state] = (uint8_t)(nested[a->link[state]] + 1);
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

static enum status link_suffixes(struct phrase_automaton *a, struct error *err)
{
    size_t count = a->state_count;
    uint32_t *queue = calloc(count, sizeof(*queue));
    uint32_t *suffix = calloc(count, sizeof(*suffix));
    uint8_t *nested = calloc(count, sizeof(*nested));
    enum status s;

    a->link = calloc(count, sizeof(*a->link));
    if (queue == NULL || suffix == NULL || nested == NULL || a->link == NULL)
        s = error_no_memory(err);
    else
        s = add_suffixes(a, queue, suffix, nested, err);
    free(queue);
    free(suffix);
    free(nested);
    return s;
}

static bool has_hits(const struct phrase_automaton *a, uint32_t state)
{
    return a->ends[state] != PHRASE_NONE || a->link[state] != 0;
}

/* Numbers the states anew, those with phrases to report last; entries become offsets of rows. */
static enum status order_rows(struct phrase_automaton *a, struct error *err)
{
    size_t classes = a->class_count, count = a->state_count;
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
            a->hit_row = next * a->class_count;
        for (uint32_t state = 0; state < count; state++)
            if (has_hits(a, state) == (hits == 1))
                number[state] = next++;
    }
    for (uint32_t state = 0; state < count; state++) {
        const uint32_t *from = a->table + state * classes;
        uint32_t *to = table + number[state] * classes;
        for (size_t c = 0; c < classes; c++)
            to[c] = number[from[c]] * a->class_count;
        ends[number[state]] = a->ends[state];
        link[number[state]] = number[a->link[state]];
    }
    free(number);
    free(a->table);
    free(a->ends);
    free(a->link);
    a->table = table;
    a->ends = ends;
    a->link = link;
    return STATUS_OK;
}

/* A blank behind a blank changes nothing.  (Phrases have single ones; a state that a blank leads to
 * is left by a blank only for the root.) */
static void loop_blanks(struct phrase_automaton *a)
{
    uint32_t class = a->class_of[' '];

    if (class == 0)
        return;
    for (uint32_t s = 0; s < a->state_count; s++) {
        uint32_t row = a->table[(size_t)s * a->class_count + class];
        if (row != 0)
            a->table[row + class] = row;
    }
}

enum status phrase_automaton_new(struct phrase_automaton **automaton,
                                 const struct phrase_list *phrases, struct error *err)
{
    struct phrase_automaton *a = calloc(1, sizeof(*a));
    enum status s;

    if (a == NULL)
        return error_no_memory(err);
    a->phrases = phrases;
    find_classes(a);
    s = build_trie(a, err);
    if (s == STATUS_OK)
        s = link_suffixes(a, err);
    if (s == STATUS_OK)
        s = order_rows(a, err);
    if (s != STATUS_OK) {
        phrase_automaton_free(a);
        return s;
    }
    loop_blanks(a);
    if (phrases->longest > HISTORY_BITS) {
        a->ring_size = HISTORY_BITS;
        while (a->ring_size < phrases->longest)
            a->ring_size *= 2;
    }
    *automaton = a;
    return STATUS_OK;
}

void phrase_automaton_free(struct phrase_automaton *automaton)
{
    if (automaton == NULL)
        return;
    free(automaton->table);
    free(automaton->ends);
    free(automaton->link);
    free(automaton);
}

size_t phrase_automaton_ring(const struct phrase_automaton *automaton)
{
    return automaton->ring_size;
}

/* The phrases that end where the search stands. */
static void report(const struct phrase_automaton *a, const uint8_t *ring, const struct progress *at,
                   struct slice rest, uint64_t *found)
{
    bool follows = phrase_word_follows(a->phrases, rest);
    uint32_t state = at->row / a->class_count;

    if (a->ends[state] == PHRASE_NONE)
        state = a->link[state];
    for (; state != 0; state = a->link[state]) {
        uint32_t id = a->ends[state];
        const struct phrase *phrase = &a->phrases->list[id];
        bool word_before = phrase->len <= HISTORY_BITS
                               ? (at->history >> (phrase->len - 1) & 1) != 0
                               : ring[(at->read - phrase->len) & (a->ring_size - 1)] != 0;
        if (!(phrase->edge_behind && follows) && !(phrase->edge_before && word_before))
            found[id / 64] |= UINT64_C(1) << (id % 64);
    }
}

/* Takes the character that begins at data, which is not ASCII; its bytes. */
static size_t take_character(const struct phrase_automaton *a, struct progress *at, uint8_t *ring,
                             const char *data, size_t len)
{
    char bytes[4] = {(char)NEVER_IN_UTF8};
    uint32_t character = 0;
    size_t size = utf8_decode(data, len, &character);
    size_t folded = 1;
    bool blank = false;

    if (size != 0) {
        character = phrase_look_up(a->phrases, character);
        blank = character == ' ';
        folded = utf8_encode(bytes, character & ~PHRASE_WORD);
    }
    if (!(blank && at->blank)) {
        if (ring != NULL)
            ring[at->read & (a->ring_size - 1)] = at->word;
        at->history = (at->history << 1 | at->word) << (folded - 1);
        at->read += folded;
        for (size_t k = 0; k < folded; k++)
            at->row = a->table[at->row + a->class_of[(unsigned char)bytes[k]]];
        at->word = (character & PHRASE_WORD) != 0;
    }
    at->blank = blank;
    return size == 0 ? 1 : size;
}

/* Takes ASCII, as far as the first hit or another character; the bytes taken. */
static size_t take_ascii(const struct phrase_automaton *a, struct progress *at, uint8_t *ring,
                         const char *data, size_t len)
{
    const uint32_t *table = a->table;
    uint32_t hit_row = a->hit_row;
    uint32_t row = at->row;
    uint64_t history = at->history;
    size_t read = at->read;
    unsigned int last = (at->word ? ASCII_WORD : 0) | (at->blank ? ASCII_BLANK : 0);
    size_t i = 0;

    while (i < len && (unsigned char)data[i] < PHRASE_ASCII) {
        unsigned int facts = a->ascii[(unsigned char)data[i++]];
        if ((facts & last & ASCII_BLANK) != 0)
            continue;
        uint64_t word_before = last / ASCII_WORD & 1;
        if (ring != NULL)
            ring[read & (a->ring_size - 1)] = (uint8_t)word_before;
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

void phrase_automaton_match(const struct phrase_automaton *automaton, uint8_t *ring,
                            struct slice text, uint64_t *found)
{
    struct progress at = {.row = 0};

    for (size_t i = 0; i < text.len;) {
        if ((unsigned char)text.data[i] < PHRASE_ASCII)
            i += take_ascii(automaton, &at, ring, text.data + i, text.len - i);
        else
            i += take_character(automaton, &at, ring, text.data + i, text.len - i);
        if (at.row >= automaton->hit_row)
            report(automaton, ring, &at, (struct slice){text.data + i, text.len - i}, found);
    }
}
