#include "sampling/sampler.h"

#include <stdlib.h>
#include <string.h>

#include "sampling/random.h"
#include "sampling/sampler_words.h"

enum {
    LEVELS = 33, /* of opinion; 33 = 3 x 11 divides well into 3 and 11 points */
    MIDDLE = LEVELS / 2,
    POINTS_MAX = 11,
    ROW_MAX = 8 * SAMPLER_WORDS_MAX,
    CHUNK = 256 * 1024,
    DAYS = 364, /* 52 weeks from Monday, 1 January 2024 */
    SECONDS = DAYS * 24 * 60 * 60,
    JITTER = 3 * 60 * 60, /* rows stand nearly in the order of their times */
    AGAIN = 220,          /* of 1000 rows come from somebody who wrote before */
    UNRATED = 30,         /* of 1000 rows have no rating */
    READY_MIDDLE = 1000,  /* readiness of the middle opinion; the ends add this: */
    READY_END = 60000
};

enum platform { TWITTER, FACEBOOK, REVIEWS, PLATFORMS };

enum { CELLS = PLATFORMS * KIND_COUNT * LEVELS };

struct platform_facts {
    const char *name;
    const char *spellings[4]; /* as the export spells it; the last is the rarest */
    const char *scale;
    unsigned points;
    int lowest;             /* score of the first point */
    const char *words[3];   /* of the points, where the scale has words */
    unsigned share;         /* of the population, in 100 */
    unsigned worse, better; /* how much either end is drawn, in 10ths */
};

static const struct platform_facts platforms[PLATFORMS] = {
    [TWITTER] = {.name = "twitter",
                 .spellings = {"twitter", "Twitter", "twitter", "X"},
                 .scale = "sentiment3",
                 .points = 3,
                 .lowest = -1,
                 .words = {"negative", "neutral", "positive"},
                 .share = 35,
                 .worse = 24,
                 .better = 10},
    [FACEBOOK] = {.name = "facebook",
                  .spellings = {"facebook", "Facebook", "facebook", "FB"},
                  .scale = "stars5",
                  .points = 5,
                  .lowest = 1,
                  .share = 45,
                  .worse = 8,
                  .better = 22},
    [REVIEWS] = {.name = "reviews",
                 .spellings = {"reviews", "Reviews", "reviews", "REVIEWS"},
                 .scale = "nps",
                 .points = 11,
                 .lowest = 0,
                 .share = 20,
                 .worse = 10,
                 .better = 13},
};

struct kind_facts {
    unsigned share;         /* of each platform, in 1000 */
    unsigned worse, better; /* the bell in halves: its mean is better / (worse + better) */
    unsigned ready;         /* how readily this kind writes at all */
};

static const struct kind_facts kinds[KIND_COUNT] = {
    [KIND_OFFICIAL] = {10, 5, 9, 4},    [KIND_NEIGHBOURHOOD] = {40, 5, 7, 3},
    [KIND_INDIVIDUAL] = {700, 5, 5, 1}, [KIND_ANONYMOUS] = {150, 7, 5, 2},
    [KIND_RETIRED] = {100, 6, 6, 1},
};

struct cell {
    uint64_t persons;     /* fixed before the first row */
    uint64_t respondents; /* persons 0 .. respondents - 1 of the cell have written */
    uint64_t records;
    uint64_t rated;
    uint64_t first; /* number of the cell's first person in the whole population */
};

struct sampler {
    struct sampler_options options;
    struct random random;
    uint64_t row; /* rows made */
    uint64_t id_step;
    uint64_t reach[CELLS]; /* running sums of persons x readiness */
    struct cell cells[CELLS];
};

static size_t cell_index(unsigned platform, unsigned kind, unsigned level)
{
    return (platform * KIND_COUNT + kind) * LEVELS + level;
}

/* 33 levels onto the points of a scale, symmetrically about the middle. */
static unsigned level_point(unsigned level, unsigned points)
{
    return (2 * level + 1) * points / (2 * LEVELS);
}

/* The bell of one kind: a beta-binomial in whole numbers, each level from the one before; its
 * two parameters are half of worse and better. */
static void bell(const struct kind_facts *kind, uint64_t weights[LEVELS])
{
    const uint64_t n = LEVELS - 1;
    weights[0] = UINT64_C(1) << 30;
    for (uint64_t k = 0; k < n; k++)
        weights[k + 1] = weights[k] * (n - k) * (kind->better + 2 * k) /
                         ((k + 1) * (kind->worse + 2 * (n - k - 1)));
}

static uint64_t readiness(const struct platform_facts *platform, const struct kind_facts *kind,
                          unsigned level)
{
    const uint64_t strength = level < MIDDLE ? MIDDLE - level : level - MIDDLE;
    const uint64_t side = level < MIDDLE ? platform->worse : platform->better;
    const uint64_t fourth = strength * strength * strength * strength;
    const uint64_t end = UINT64_C(1) << 32; /* the eighth power of the strongest */
    return (READY_MIDDLE * 10 + READY_END * side * (fourth * fourth) / end) * kind->ready / 10;
}

/* Shares persons out by weight; what rounding leaves goes to the largest remainders, the first
 * of equals. */
static void share_out(uint64_t persons, const uint64_t *weights, size_t count, uint64_t *shares)
{
    unsigned __int128 rest[LEVELS];
    unsigned __int128 total = 0;
    for (size_t i = 0; i < count; i++)
        total += weights[i];
    uint64_t left = persons;
    for (size_t i = 0; i < count; i++) {
        const unsigned __int128 exact = (unsigned __int128)persons * weights[i];
        shares[i] = (uint64_t)(exact / total);
        rest[i] = exact % total + 1;
        left -= shares[i];
    }
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < count; i++)
            if (rest[i] > rest[best])
                best = i;
        rest[best] = 0;
        shares[best]++;
    }
}

/* Platforms first, kinds in each, opinions in each of these: so that the population of a
 * platform is its share and nothing else. */
static void populate(struct sampler *sampler)
{
    uint64_t weights[LEVELS];
    uint64_t of_platform[PLATFORMS];
    for (unsigned p = 0; p < PLATFORMS; p++)
        weights[p] = platforms[p].share;
    share_out(sampler->options.population, weights, PLATFORMS, of_platform);
    for (unsigned p = 0; p < PLATFORMS; p++) {
        uint64_t of_kind[KIND_COUNT];
        for (unsigned k = 0; k < KIND_COUNT; k++)
            weights[k] = kinds[k].share;
        share_out(of_platform[p], weights, KIND_COUNT, of_kind);
        for (unsigned k = 0; k < KIND_COUNT; k++) {
            uint64_t of_level[LEVELS];
            bell(&kinds[k], weights);
            share_out(of_kind[k], weights, LEVELS, of_level);
            for (unsigned l = 0; l < LEVELS; l++)
                sampler->cells[cell_index(p, k, l)].persons = of_level[l];
        }
    }
}

/* Numbers the persons through, and sums up how many rows each cell draws. */
static void make_reach(struct sampler *sampler)
{
    uint64_t first = 0;
    uint64_t reach = 0;
    for (size_t i = 0; i < CELLS; i++) {
        const struct platform_facts *platform = &platforms[i / LEVELS / KIND_COUNT];
        const struct kind_facts *kind = &kinds[i / LEVELS % KIND_COUNT];
        sampler->cells[i].first = first;
        first += sampler->cells[i].persons;
        reach += sampler->cells[i].persons * readiness(platform, kind, (unsigned)(i % LEVELS));
        sampler->reach[i] = reach;
    }
}

enum status sampler_new(const struct sampler_options *options, struct sampler **sampler,
                        struct error *err)
{
    *sampler = NULL;
    if (options->rows > SAMPLER_ROWS_MAX)
        return error_set(err, STATUS_USAGE, "--rows is more than 10^12");
    if (options->population > SAMPLER_POPULATION_MAX)
        return error_set(err, STATUS_USAGE, "--population is more than 10^12");
    struct sampler *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->options = *options;
    if (made->options.population == 0)
        made->options.population = options->rows > SAMPLER_POPULATION_MAX / 20
                                       ? SAMPLER_POPULATION_MAX
                                       : options->rows * 20;
    if (made->options.population == 0)
        made->options.population = 1;
    random_seed(&made->random, options->seed);
    made->id_step = UINT64_C(800000000000000000) / (options->rows + 1);
    if (made->id_step > UINT64_C(1000000000000))
        made->id_step = UINT64_C(1000000000000);
    populate(made);
    make_reach(made);
    *sampler = made;
    return STATUS_OK;
}

void sampler_free(struct sampler *sampler)
{
    free(sampler);
}

const char *sampler_header(void)
{
    return "id,time,platform,account,author,bio,followers,rating,likes,text\n";
}

/* --- writing a row: `at` walks through room for ROW_MAX bytes --- */

static char *put(char *at, const char *text)
{
    const size_t len = strlen(text);
    memcpy(at, text, len);
    return at + len;
}

static char *put_number(char *at, uint64_t number)
{
    char digits[24];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (n > 0)
        *at++ = digits[--n];
    return at;
}

static char *put_two(char *at, unsigned number)
{
    *at++ = (char)('0' + number / 10);
    *at++ = (char)('0' + number % 10);
    return at;
}

static bool has(const char *value, size_t len, char byte)
{
    return memchr(value, byte, len) != NULL;
}

/* A value and the comma behind it; in quotes where CSV wants it, and at whim. */
static char *put_field(char *at, const char *value, size_t len, bool whim)
{
    const char *const end = value + len;
    const bool quote = whim || has(value, len, ',') || has(value, len, '"') ||
                       has(value, len, '\n') || has(value, len, '\r');
    if (quote)
        *at++ = '"';
    while (value < end) {
        const char *mark = memchr(value, '"', (size_t)(end - value));
        const size_t run = (size_t)((mark == NULL ? end : mark + 1) - value);
        memcpy(at, value, run);
        at += run;
        value += run;
        if (mark != NULL)
            *at++ = '"';
    }
    if (quote)
        *at++ = '"';
    *at++ = ',';
    return at;
}

struct moment {
    unsigned day; /* from 0: 1 January 2024 */
    unsigned month, monthday, hour, minute, second;
};

static struct moment moment_at(uint64_t seconds)
{
    static const unsigned lengths[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct moment m = {.day = (unsigned)(seconds / 86400)};
    m.monthday = m.day;
    while (m.monthday >= lengths[m.month])
        m.monthday -= lengths[m.month++];
    m.monthday++;
    m.hour = (unsigned)(seconds / 3600 % 24);
    m.minute = (unsigned)(seconds / 60 % 60);
    m.second = (unsigned)(seconds % 60);
    return m;
}

static char *put_clock(char *at, const struct moment *m)
{
    at = put_two(at, m->hour);
    *at++ = ':';
    at = put_two(at, m->minute);
    *at++ = ':';
    return put_two(at, m->second);
}

static char *put_time(char *at, struct random *r, unsigned platform, uint64_t seconds)
{
    static const char *const days = "Mon\0Tue\0Wed\0Thu\0Fri\0Sat\0Sun";
    static const char *const months = "Jan\0Feb\0Mar\0Apr\0May\0Jun\0Jul\0Aug\0Sep\0Oct\0Nov\0Dec";
    /* Some of one platform's clocks show another zone: the same instant, written differently. */
    const bool ahead = platform == FACEBOOK && random_chance(r, 300);
    const struct moment m = moment_at(seconds + (ahead ? 2 * 3600 : 0));
    switch (platform) {
    case TWITTER:
        at = put(put(at, days + m.day % 7 * 4), " ");
        at = put(put(at, months + m.month * 4), " ");
        at = put(put_two(at, m.monthday), " ");
        return put(put_clock(at, &m), " +0000 2024,");
    case FACEBOOK:
        at = put(put_two(put(at, "2024-"), m.month + 1), "-");
        at = put(put_two(at, m.monthday), "T");
        return put(put_clock(at, &m), ahead ? "+02:00," : "Z,");
    default:
        at = put(put_number(at, m.month + 1), "/");
        at = put(put_number(at, m.monthday), "/2024 ");
        at = put(put_number(at, m.hour), ":");
        return put(put_two(at, m.minute), ",");
    }
}

/* The cell that the next row comes from: each with its share of persons times readiness. */
static size_t draw_cell(struct sampler *sampler)
{
    const uint64_t mark = random_below(&sampler->random, sampler->reach[CELLS - 1]);
    size_t low = 0;
    size_t high = CELLS - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (sampler->reach[middle] > mark)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Who of the cell writes: a number from 0.  A new one counts as respondent from here on. */
static uint64_t draw_person(struct sampler *sampler, struct cell *cell)
{
    struct random *r = &sampler->random;
    if (cell->respondents > 0 && random_chance(r, AGAIN)) {
        /* The lower of two draws: a few write much. */
        const uint64_t a = random_below(r, cell->respondents);
        const uint64_t b = random_below(r, cell->respondents);
        return a < b ? a : b;
    }
    const uint64_t person = random_below(r, cell->persons);
    if (person < cell->respondents)
        return person;
    return cell->respondents++;
}

/* account,author,bio,followers: the same whenever this person writes. */
static char *put_person(const struct sampler *sampler, char *at, enum sampler_kind kind,
                        uint64_t number)
{
    char words[SAMPLER_WORDS_MAX];
    struct random r;
    uint64_t mixed = sampler->options.seed;
    mixed = random_split(&mixed) ^ (number * UINT64_C(0x9e3779b97f4a7c15));
    random_seed(&r, random_split(&mixed));
    at = put_field(at, words, (size_t)(sampler_handle(words, &r, kind, number) - words), false);
    at = put_field(at, words, (size_t)(sampler_name(words, &r, kind) - words), false);
    at = put_field(at, words, (size_t)(sampler_bio(words, &r, kind) - words), false);
    const uint64_t reach = UINT64_C(8) << random_below(&r, 9);
    const uint64_t base = kind == KIND_OFFICIAL ? 5000 : kind == KIND_NEIGHBOURHOOD ? 300 : 0;
    return put(put_number(at, base + random_below(&r, reach)), ",");
}

/* The rating and whether there is one. */
static char *put_rating(char *at, struct random *r, const struct platform_facts *platform,
                        unsigned point, bool *rated)
{
    *rated = !random_chance(r, UNRATED);
    if (!*rated)
        return put(at, random_chance(r, 200) ? "NA," : ",");
    if (random_chance(r, 10))
        *at++ = ' ';
    if (platform->words[0] != NULL)
        at = put(at, platform->words[point]);
    else
        at = put_number(at, point + (unsigned)platform->lowest);
    *at++ = ',';
    return at;
}

static uint64_t row_time(struct sampler *sampler)
{
    const uint64_t rows = sampler->options.rows > 0 ? sampler->options.rows : 1;
    const uint64_t span = SECONDS - JITTER - 2 * 3600; /* so that no clock shows a later year */
    const uint64_t row = sampler->row < rows ? sampler->row : rows - 1;
    const uint64_t base = (uint64_t)((unsigned __int128)span * row / rows);
    return base + random_below(&sampler->random, JITTER);
}

bool sampler_append_row(struct sampler *sampler, struct buffer *csv)
{
    if (!buffer_reserve(csv, ROW_MAX))
        return false;
    struct random *r = &sampler->random;
    const size_t index = draw_cell(sampler);
    struct cell *cell = &sampler->cells[index];
    const unsigned level = (unsigned)(index % LEVELS);
    const enum sampler_kind kind = (enum sampler_kind)(index / LEVELS % KIND_COUNT);
    const unsigned place = (unsigned)(index / LEVELS / KIND_COUNT);
    const struct platform_facts *platform = &platforms[place];
    const uint64_t person = draw_person(sampler, cell);

    char *at = csv->data + csv->len;
    const uint64_t id = UINT64_C(100000000000000000) + sampler->row * sampler->id_step;
    at = put_number(at, id + random_below(r, sampler->id_step));
    *at++ = ',';
    at = put_time(at, r, place, row_time(sampler));
    const uint64_t spelling = random_below(r, 40);
    at = put(put(at, platform->spellings[spelling < 39 ? spelling % 3 : 3]), ",");
    at = put_person(sampler, at, kind, cell->first + person);
    bool rated;
    at = put_rating(at, r, platform, level_point(level, platform->points), &rated);
    at = put(put_number(at, random_below(r, UINT64_C(1) << random_below(r, 10))), ",");
    char text[SAMPLER_WORDS_MAX];
    const enum sampler_mood mood = (enum sampler_mood)level_point(level, 3);
    const size_t text_len = (size_t)(sampler_text(text, r, mood) - text);
    at = put_field(at, text, text_len, random_chance(r, 100));
    at[-1] = '\n';
    csv->len = (size_t)(at - csv->data);
    csv->data[csv->len] = '\0';
    cell->records++;
    cell->rated += rated;
    sampler->row++;
    return true;
}

bool sampler_append_truth(const struct sampler *sampler, struct buffer *csv)
{
    if (!buffer_append_text(csv,
                            "platform,kind,scale,score,population,respondents,records,rated\n"))
        return false;
    for (unsigned p = 0; p < PLATFORMS; p++) {
        const struct platform_facts *platform = &platforms[p];
        for (unsigned k = 0; k < KIND_COUNT; k++) {
            struct cell sums[POINTS_MAX] = {0};
            for (unsigned l = 0; l < LEVELS; l++) {
                const struct cell *cell = &sampler->cells[cell_index(p, k, l)];
                struct cell *sum = &sums[level_point(l, platform->points)];
                sum->persons += cell->persons;
                sum->respondents += cell->respondents;
                sum->records += cell->records;
                sum->rated += cell->rated;
            }
            for (unsigned i = 0; i < platform->points; i++)
                if (!buffer_appendf(csv, "%s,%s,%s,%d,%llu,%llu,%llu,%llu\n", platform->name,
                                    sampler_kind_name((enum sampler_kind)k), platform->scale,
                                    platform->lowest + (int)i, (unsigned long long)sums[i].persons,
                                    (unsigned long long)sums[i].respondents,
                                    (unsigned long long)sums[i].records,
                                    (unsigned long long)sums[i].rated))
                    return false;
        }
    }
    return true;
}

enum status sampler_write(struct sampler *sampler, struct output *out, struct error *err)
{
    struct buffer csv = BUFFER_INIT;
    enum status s = STATUS_OK;
    bool room = buffer_append_text(&csv, sampler_header());
    for (uint64_t row = 0; room && row < sampler->options.rows && s == STATUS_OK; row++) {
        room = sampler_append_row(sampler, &csv);
        if (csv.len >= CHUNK) {
            s = output_write(out, csv.data, csv.len, err);
            buffer_clear(&csv);
        }
    }
    if (!room)
        s = error_no_memory(err);
    else if (s == STATUS_OK)
        s = output_write(out, csv.data, csv.len, err);
    buffer_free(&csv);
    return s;
}

enum status sampler_write_truth(const struct sampler *sampler, struct output *out,
                                struct error *err)
{
    struct buffer csv = BUFFER_INIT;
    enum status s = sampler_append_truth(sampler, &csv) ? output_write(out, csv.data, csv.len, err)
                                                        : error_no_memory(err);
    buffer_free(&csv);
    return s;
}
