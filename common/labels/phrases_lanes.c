/* phrases_lanes.c - the automaton over four texts at once.
 *
 * One text after another, the automaton waits for its table at each byte; four of them wait
 * together.  Each lane takes the next text when its own is at the end.  A byte of ASCII goes
 * through the table alone: it folds letters, and a blank behind a blank leaves it where it is. What
 * stands in front of a match is not remembered, but looked up when there is one.
 */
#include <string.h>

#include "base/utf8.h"
#include "labels/phrases_automaton.h"

enum { LANES = 4 };

struct lane {
    struct slice text;
    size_t at;
    size_t left; /* bytes of ASCII from there on; 0: the end, or another character */
    uint32_t row;
    uint64_t *found;
    size_t work; /* bytes looked at again */
};

/* What is to be done, and a way to it. */
struct queue {
    const struct phrase_automaton *automaton;
    uint8_t *ring;
    const struct slice *texts;
    size_t count;
    size_t next;
    size_t words;
    uint64_t *found;
    uint8_t class_of[PHRASE_ASCII];
};

static size_t ascii_bytes(const char *data, size_t len)
{
    size_t i = 0;

    for (uint64_t word; len - i >= sizeof(word); i += sizeof(word)) {
        memcpy(&word, data + i, sizeof(word));
        if ((word & PHRASE_EACH_BYTE * 0x80) != 0)
            break;
    }
    while (i < len && (unsigned char)data[i] < PHRASE_ASCII)
        i++;
    return i;
}

/* The folded character that ends before a place, a blank as a space; its bytes go to *n. */
static inline uint32_t folded_before(const struct phrase_list *phrases, struct slice text,
                                     size_t place, size_t *n)
{
    uint32_t character = place == 0 ? 0 : (unsigned char)text.data[place - 1];

    *n = 1;
    if (character >= PHRASE_ASCII)
        *n = phrase_character_before(text, place, &character);
    return *n == 0 ? 0 : phrase_look_up(phrases, character) & ~PHRASE_WORD;
}

/* Where the phrase begins that ends before place `end`. */
static size_t begin_of_match(const struct phrase_list *phrases, struct slice text, size_t end,
                             struct slice phrase)
{
    size_t at = end, left = phrase.len, n;
    uint32_t character = folded_before(phrases, text, at, &n);

    while (left > 0 && n > 0) {
        char bytes[4];
        uint32_t last = character;
        at -= n;
        character = folded_before(phrases, text, at, &n);
        if (last != ' ' || character != ' ') /* of a run of blanks the first counts */
            left -= last < PHRASE_ASCII ? 1 : utf8_encode(bytes, last);
    }
    return at;
}

/* The phrases that end where the lane stands. */
static void report(const struct phrase_automaton *a, struct lane *lane)
{
    const struct phrase_list *phrases = a->phrases;
    struct slice rest = {lane->text.data + lane->at, lane->text.len - lane->at};
    bool follows = phrase_word_follows(phrases, rest);
    uint32_t state = lane->row / a->class_count;

    if (a->ends[state] == PHRASE_NONE)
        state = a->link[state];
    for (; state != 0; state = a->link[state]) {
        uint32_t id = a->ends[state];
        const struct phrase *phrase = &phrases->list[id];
        if (phrases_has(lane->found, id) || (phrase->edge_behind && follows))
            continue;
        if (phrase->edge_before) {
            size_t begin = begin_of_match(phrases, lane->text, lane->at, phrases->texts.keys[id]);
            lane->work += lane->at - begin;
            if (phrase_word_before(phrases, lane->text, begin))
                continue;
        }
        lane->found[id / 64] |= UINT64_C(1) << (id % 64);
    }
}

/* The lane has a new row.  A text in which too much is looked at again is left to the search that
 * remembers. */
static inline void move(const struct queue *q, struct lane *lane, uint32_t row)
{
    lane->row = row;
    if (row < q->automaton->hit_row)
        return;
    report(q->automaton, lane);
    if (lane->work > 64 + lane->text.len) {
        phrase_automaton_match(q->automaton, q->ring, lane->text, lane->found);
        lane->at = lane->text.len;
        lane->left = 0;
    }
}

/* Takes characters beyond ASCII, as far as ASCII follows or the text ends. */
static void take_others(const struct queue *q, struct lane *lane)
{
    const struct phrase_automaton *a = q->automaton;

    while (lane->left == 0 && lane->at < lane->text.len) {
        char bytes[4];
        uint32_t character, row = 0;
        size_t folded = 0;
        size_t n = utf8_decode(lane->text.data + lane->at, lane->text.len - lane->at, &character);
        if (n > 0) {
            character = phrase_look_up(a->phrases, character) & ~PHRASE_WORD;
            folded = utf8_encode(bytes, character);
            row = lane->row;
        }
        for (size_t k = 0; k < folded; k++)
            row = a->table[row + a->class_of[(unsigned char)bytes[k]]];
        lane->at += n == 0 ? 1 : n;
        lane->left = ascii_bytes(lane->text.data + lane->at, lane->text.len - lane->at);
        move(q, lane, row);
    }
}

/* Gets the lane on to ASCII, of its own text or of the next that has any.  False: there is none. */
static bool refill(struct queue *q, struct lane *lane)
{
    for (;;) {
        take_others(q, lane);
        if (lane->left > 0)
            return true;
        if (q->next == q->count)
            return false;
        size_t i = q->next++;
        struct slice text = q->texts[i];
        *lane = (struct lane){.text = text,
                              .left = ascii_bytes(text.data, text.len),
                              .found = q->found + i * q->words};
    }
}

static inline void take_ascii(const struct queue *q, struct lane *lane, size_t n, uint32_t row)
{
    lane->at += n;
    lane->left -= n;
    move(q, lane, row);
}

static void run_one(struct queue *q, struct lane *lane)
{
    while (refill(q, lane))
        take_ascii(
            q, lane, 1,
            q->automaton->table[lane->row + q->class_of[(unsigned char)lane->text.data[lane->at]]]);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static const unsigned char *place(const struct lane *lane)
{
    return (const unsigned char *)lane->text.data + lane->at;
}

/* All lanes, to the end of the shortest run of ASCII or the first hit. */
static void run_all(const struct queue *q, struct lane lanes[LANES])
{
    const uint32_t *table = q->automaton->table;
    const uint8_t *class_of = q->class_of;
    const uint32_t last_row = q->automaton->hit_row - 1;
    const unsigned char *p0 = place(&lanes[0]), *p1 = place(&lanes[1]);
    const unsigned char *p2 = place(&lanes[2]), *p3 = place(&lanes[3]);
    uint32_t r0 = lanes[0].row, r1 = lanes[1].row, r2 = lanes[2].row, r3 = lanes[3].row;
    size_t n = least(least(lanes[0].left, lanes[1].left), least(lanes[2].left, lanes[3].left));
    size_t i = 0;

    while (i < n) {
        r0 = table[r0 + class_of[p0[i]]];
        r1 = table[r1 + class_of[p1[i]]];
        r2 = table[r2 + class_of[p2[i]]];
        r3 = table[r3 + class_of[p3[i]]];
        i++;
        /* The top bit of one of the differences: a row with hits. */
        if ((((last_row - r0) | (last_row - r1) | (last_row - r2) | (last_row - r3)) >> 31) != 0)
            break;
    }
    take_ascii(q, &lanes[0], i, r0);
    take_ascii(q, &lanes[1], i, r1);
    take_ascii(q, &lanes[2], i, r2);
    take_ascii(q, &lanes[3], i, r3);
}

void phrase_automaton_match_many(const struct phrase_automaton *automaton, uint8_t *ring,
                                 const struct slice *texts, size_t count, size_t words,
                                 uint64_t *found)
{
    struct queue q = {.automaton = automaton,
                      .ring = ring,
                      .texts = texts,
                      .count = count,
                      .words = words,
                      .found = found};
    struct lane lanes[LANES] = {{.left = 0}};
    bool more = true;

    for (size_t b = 0; b < PHRASE_ASCII; b++)
        q.class_of[b] = (uint8_t)(automaton->ascii[b] & ASCII_CLASS);
    for (;;) {
        for (size_t l = 0; l < LANES && more; l++)
            if (lanes[l].left == 0)
                more = refill(&q, &lanes[l]);
        if (!more)
            break;
        run_all(&q, lanes);
    }
    for (size_t l = 0; l < LANES; l++)
        run_one(&q, &lanes[l]);
}
