/* phrases_filter.c - which places of a text may begin a phrase, as tables for a vector search. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "labels/phrases_parts.h"

/* How often a byte stands in text, in thousandths, roughly as in English; it decides only how
 * well the filter works.  Other letters share what is left. */
static const uint8_t letter_frequency[26] = {65, 12, 22, 33, 102, 18, 16, 49, 56, 1,  6, 32, 20,
                                             56, 60, 15, 1,  48,  51, 72, 22, 8,  19, 1, 16, 1};

/* The bytes that may stand at a place, spread to their halves: more than the set itself, but
 * what the vector search can see. */
struct byte_set {
    uint16_t low;
    uint16_t high;
};

/* What a phrase, or a bucket of them, lets stand at each place. */
struct shape {
    struct byte_set at[FILTER_BYTES]; /* of plain text */
    struct byte_set other[FILTER_BYTES];
    double share[FILTER_BYTES]; /* of bytes of plain text that are in the set */
    bool open;                  /* asks for no edge in front */
    size_t count;
};

/* Prices in cycles, measured: of a byte in the filter and in the automaton (in one lane and in
 * several), and of a candidate, of which there are some 5 times as many as letters drawn at random
 * would make. */
static const double filter_price = 1, automaton_price = 6, lane_price = 4.5;
static const double candidate_price = 5 * 50;
static const double edge_share = 0.2; /* of places with a word edge in front */

struct dealer {
    double frequency[256];
    struct shape buckets[FILTER_BUCKETS];
    struct shape *shapes; /* by number of phrase */
    uint8_t *bucket_of;
    size_t room; /* for phrases in a bucket */
};

static void set_add(struct byte_set *set, unsigned int byte)
{
    set->low |= (uint16_t)(1U << (byte & 15));
    set->high |= (uint16_t)(1U << (byte >> 4));
}

static void set_add_range(struct byte_set *set, unsigned int first, unsigned int last)
{
    for (unsigned int b = first; b <= last; b++)
        set_add(set, b);
}

static bool set_has(struct byte_set set, unsigned int byte)
{
    return (set.low >> (byte & 15) & 1) != 0 && (set.high >> (byte >> 4) & 1) != 0;
}

static void fill_frequencies(double frequency[256])
{
    for (int b = 0; b < 256; b++)
        frequency[b] = b >= 0x80 ? 0.0002 : b > ' ' ? 0.001 : 0.0001;
    frequency[' '] = 0.18;
    for (int i = 0; i < 26; i++) {
        frequency['a' + i] = letter_frequency[i] * 0.00077;
        frequency['A' + i] = letter_frequency[i] * 0.00005;
    }
}

static bool is_letter(unsigned char byte)
{
    return byte >= 'a' && byte <= 'z';
}

/* Bytes at the front of a folded phrase that are all there is for them to match, but for the
 * case of ASCII letters: up to the first blank or letter beyond ASCII. */
static size_t known_bytes(struct slice phrase)
{
    size_t i = 0;

    while (i < phrase.len && phrase.data[i] != ' ') {
        uint32_t character;
        size_t n = utf8_decode(phrase.data + i, phrase.len - i, &character);
        if (character >= PHRASE_ASCII && phrase_has_variants(character))
            break;
        i += n;
    }
    return i;
}

static void add_byte(struct byte_set *set, unsigned char byte)
{
    set_add(set, byte);
    if (is_letter(byte))
        set_add(set, byte - 0x20U);
}

/* In plain text every byte of a phrase is known; one that has others never stands there. */
static void add_plain_front(struct byte_set at[FILTER_BYTES], struct slice phrase)
{
    for (size_t j = 0; j < FILTER_BYTES; j++)
        if (j < phrase.len)
            add_byte(&at[j], (unsigned char)phrase.data[j]);
        else
            set_add_range(&at[j], 0, 255);
}

static void add_other_front(struct byte_set at[FILTER_BYTES], struct slice phrase)
{
    size_t known = known_bytes(phrase);

    for (size_t j = 0; j < FILTER_BYTES; j++) {
        struct byte_set *set = &at[j];
        if (j < known) {
            add_byte(set, (unsigned char)phrase.data[j]);
        } else if (j == known && j < phrase.len && phrase.data[j] == ' ') {
            set_add(set, ' '); /* and the first bytes of all other blanks */
            set_add_range(set, '\t', '\r');
            set_add_range(set, 0xc2, 0xc2);
            set_add_range(set, 0xe1, 0xe3);
        } else if (j == known && j < phrase.len) {
            set_add_range(set, 0xc2, 0xf4);
        } else {
            set_add_range(set, 0, 255);
        }
    }
}

static void measure(const double frequency[256], struct shape *shape, size_t place)
{
    double share = 0;

    for (unsigned int b = 0; b < 256; b++)
        if (set_has(shape->at[place], b))
            share += frequency[b];
    shape->share[place] = share;
}

/* Cycles a byte that go into the candidates of a bucket. */
static double price(const struct shape *bucket)
{
    double rate = bucket->open ? 1 : edge_share;

    for (size_t j = 0; j < FILTER_BYTES; j++)
        rate *= bucket->share[j];
    return rate * candidate_price;
}

static struct shape join(const double frequency[256], const struct shape *a, const struct shape *b)
{
    struct shape both = *a;

    both.open = a->open || b->open;
    both.count = a->count + b->count;
    for (size_t j = 0; j < FILTER_BYTES; j++) {
        both.at[j].low |= b->at[j].low;
        both.at[j].high |= b->at[j].high;
        both.other[j].low |= b->other[j].low;
        both.other[j].high |= b->other[j].high;
        if (both.at[j].low != a->at[j].low || both.at[j].high != a->at[j].high)
            measure(frequency, &both, j);
    }
    return both;
}

/* Each of the phrases that do (open) or do not ask for an edge in front to the one of these buckets
 * where it costs least. */
static void deal_some(struct dealer *dealer, uint32_t count, bool open, size_t first, size_t end)
{
    for (uint32_t p = 0; p < count; p++) {
        const struct shape *shape = &dealer->shapes[p];
        double least = 0;
        size_t best = end;
        struct shape best_shape = {0};
        if (shape->open != open)
            continue;
        for (size_t b = first; b < end; b++) {
            const struct shape *bucket = &dealer->buckets[b];
            if (bucket->count == dealer->room)
                continue;
            struct shape both = join(dealer->frequency, bucket, shape);
            double more = price(&both) - price(bucket);
            if (best == end || more < least) {
                least = more;
                best = b;
                best_shape = both;
            }
        }
        dealer->buckets[best] = best_shape;
        dealer->bucket_of[p] = (uint8_t)best;
    }
}

static size_t groups_of(size_t phrases, size_t buckets)
{
    return buckets == 0 ? 0 : (phrases + buckets * FILTER_GROUP - 1) / (buckets * FILTER_GROUP);
}

/* Buckets of open phrases are judged at each place, the others only behind edges: no bucket has
 * both.  Returns the groups that each bucket needs. */
static size_t deal(struct dealer *dealer, uint32_t count)
{
    size_t open = 0, buckets = 0;

    for (uint32_t p = 0; p < count; p++)
        open += dealer->shapes[p].open;
    if (open > 0)
        buckets = (FILTER_BUCKETS * open + count - 1) / count;
    if (open < count && buckets == FILTER_BUCKETS)
        buckets--;
    size_t groups = groups_of(open, buckets);
    size_t more = groups_of(count - open, FILTER_BUCKETS - buckets);
    groups = more > groups ? more : groups;
    dealer->room = groups * FILTER_GROUP;
    deal_some(dealer, count, true, 0, buckets);
    deal_some(dealer, count, false, buckets, FILTER_BUCKETS);
    return groups;
}

/* The bit of a bucket for the bytes that it does not let stand at a place. */
static void fill_front(struct phrase_front *front, size_t j, uint8_t bit, struct byte_set set)
{
    for (size_t half = 0; half < 16; half++) {
        if ((set.low >> half & 1) == 0)
            front->low[j][half] |= bit;
        if ((set.high >> half & 1) == 0)
            front->high[j][half] |= bit;
    }
}

static void fill_tables(struct phrase_filter *filter, const struct dealer *dealer)
{
    for (size_t b = 0; b < FILTER_BUCKETS; b++) {
        const struct shape *bucket = &dealer->buckets[b];
        const uint8_t bit = (uint8_t)(1U << b);
        if (bucket->open)
            filter->open |= bit;
        for (size_t j = 0; j < FILTER_BYTES; j++) {
            fill_front(&filter->plain_front, j, bit, bucket->at[j]);
            fill_front(&filter->other_front, j, bit, bucket->other[j]);
        }
    }
}

/* The second look at the first `known` bytes of the phrase, or 8. */
static void fill_second(struct phrase_group *groups, size_t at, struct slice phrase, size_t known)
{
    struct phrase_group *group = &groups[at / FILTER_GROUP];
    unsigned char bytes[8] = {0}, mask[8] = {0}, case_bits[8] = {0};

    for (size_t i = 0; i < 8 && i < known; i++) {
        bytes[i] = (unsigned char)phrase.data[i];
        mask[i] = 0xff;
        case_bits[i] = is_letter(bytes[i]) ? 0x20 : 0;
    }
    memcpy(&group->bytes[at % FILTER_GROUP], bytes, sizeof(bytes));
    memcpy(&group->mask[at % FILTER_GROUP], mask, sizeof(mask));
    memcpy(&group->case_bits[at % FILTER_GROUP], case_bits, sizeof(case_bits));
}

static void fill_whole(struct phrase_whole *whole, struct slice phrase, bool edge_behind)
{
    if (phrase.len > FILTER_WHOLE)
        return;
    for (size_t i = 0; i < phrase.len; i++)
        if (phrase.data[i] < ' ' || phrase.data[i] >= PHRASE_DEL)
            return;
    for (size_t i = 0; i < phrase.len; i++) {
        whole->bytes[i] = (uint8_t)phrase.data[i];
        whole->mask[i] = 0xff;
        whole->case_bits[i] = is_letter(whole->bytes[i]) ? 0x20 : 0;
    }
    whole->len = (uint8_t)phrase.len;
    whole->edge_behind = edge_behind;
}

static void fill_gap(struct phrase_group *groups, size_t at)
{
    groups[at / FILTER_GROUP].bytes[at % FILTER_GROUP] = 1; /* never: the mask is 0 */
}

static enum status fill_groups(struct phrase_filter *filter, const struct dealer *dealer,
                               struct error *err)
{
    const struct phrase_list *phrases = filter->phrases;
    size_t groups = FILTER_BUCKETS * filter->bucket_groups;
    size_t next[FILTER_BUCKETS];

    filter->plain = calloc(groups, sizeof(*filter->plain));
    filter->other = calloc(groups, sizeof(*filter->other));
    filter->ids = calloc(groups * FILTER_GROUP, sizeof(*filter->ids));
    filter->wholes = calloc(groups * FILTER_GROUP, sizeof(*filter->wholes));
    if (filter->plain == NULL || filter->other == NULL || filter->ids == NULL ||
        filter->wholes == NULL)
        return error_no_memory(err);
    for (size_t b = 0; b < FILTER_BUCKETS; b++)
        next[b] = b * filter->bucket_groups * FILTER_GROUP;
    for (size_t at = 0; at < groups * FILTER_GROUP; at++) {
        filter->ids[at] = PHRASE_NONE;
        fill_gap(filter->plain, at);
        fill_gap(filter->other, at);
    }
    for (uint32_t p = 0; p < phrases->texts.count; p++) {
        struct slice text = phrases->texts.keys[p];
        size_t at = next[dealer->bucket_of[p]]++;
        filter->ids[at] = p;
        fill_second(filter->plain, at, text, text.len);
        fill_second(filter->other, at, text, known_bytes(text));
        fill_whole(&filter->wholes[at], text, phrases->list[p].edge_behind);
    }
    return STATUS_OK;
}

static double price_of_all(const struct dealer *dealer)
{
    double sum = filter_price;

    for (size_t b = 0; b < FILTER_BUCKETS; b++)
        sum += price(&dealer->buckets[b]);
    return sum;
}

static enum status fill(struct phrase_filter *filter, struct dealer *dealer, struct error *err)
{
    const struct phrase_list *phrases = filter->phrases;

    dealer->shapes = calloc(phrases->texts.count, sizeof(*dealer->shapes));
    dealer->bucket_of = calloc(phrases->texts.count, sizeof(*dealer->bucket_of));
    if (dealer->shapes == NULL || dealer->bucket_of == NULL)
        return error_no_memory(err);
    fill_frequencies(dealer->frequency);
    for (uint32_t p = 0; p < phrases->texts.count; p++) {
        struct shape *shape = &dealer->shapes[p];
        *shape = (struct shape){.open = !phrases->list[p].edge_before, .count = 1};
        add_plain_front(shape->at, phrases->texts.keys[p]);
        add_other_front(shape->other, phrases->texts.keys[p]);
    }
    filter->bucket_groups = deal(dealer, phrases->texts.count);
    filter->price = price_of_all(dealer);
    fill_tables(filter, dealer);
    return fill_groups(filter, dealer, err);
}

enum status phrase_filter_new(struct phrase_filter **filter, const struct phrase_list *phrases,
                              bool always, struct error *err)
{
    struct dealer dealer = {.shapes = NULL, .bucket_of = NULL};
    struct phrase_filter *new;
    enum status s;

    *filter = NULL;
    if (!phrase_filter_supported() || phrases->texts.count > FILTER_PHRASES_MAX)
        return STATUS_OK;
    new = calloc(1, sizeof(*new));
    if (new == NULL)
        return error_no_memory(err);
    new->phrases = phrases;
    s = fill(new, &dealer, err);
    free(dealer.shapes);
    free(dealer.bucket_of);
    if (s == STATUS_OK && (always || new->price < automaton_price))
        *filter = new;
    else
        phrase_filter_free(new);
    return s;
}

bool phrase_filter_beats_lanes(const struct phrase_filter *filter)
{
    return filter->price < lane_price;
}

void phrase_filter_free(struct phrase_filter *filter)
{
    if (filter == NULL)
        return;
    free(filter->plain);
    free(filter->other);
    free(filter->ids);
    free(filter->wholes);
    free(filter);
}
