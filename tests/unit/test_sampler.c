/* The sampler: same seed, same bytes; a truth that adds up; a bell behind a U. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sampling/sampler.h"

enum { SCORES = 11 };

struct truth_row {
    char platform[16], kind[16], scale[16];
    int score;
    unsigned long long population, respondents, records, rated;
};

struct truth {
    struct truth_row rows[256];
    size_t count;
};

static struct buffer sample(uint64_t seed, uint64_t rows, uint64_t population, struct truth *truth)
{
    struct error err = ERROR_INIT;
    struct sampler *sampler;
    const struct sampler_options options = {seed, rows, population};
    assert_int_equal(sampler_new(&options, &sampler, &err), STATUS_OK);
    struct buffer csv = BUFFER_INIT;
    assert_true(buffer_append_text(&csv, sampler_header()));
    for (uint64_t i = 0; i < rows; i++)
        assert_true(sampler_append_row(sampler, &csv));
    struct buffer text = BUFFER_INIT;
    assert_true(sampler_append_truth(sampler, &text));
    truth->count = 0;
    char *line = strchr(text.data, '\n') + 1;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        struct truth_row *row = &truth->rows[truth->count++];
        assert_int_equal(sscanf(line, "%15[^,],%15[^,],%15[^,],%d,%llu,%llu,%llu,%llu",
                                row->platform, row->kind, row->scale, &row->score, &row->population,
                                &row->respondents, &row->records, &row->rated),
                         8);
    }
    assert_int_equal(truth->count, 5 * (3 + 5 + 11));
    buffer_free(&text);
    sampler_free(sampler);
    return csv;
}

static uint64_t fnv(const struct buffer *bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < bytes->len; i++)
        hash = (hash ^ (unsigned char)bytes->data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Not a promise for ever, but a change of these bytes must be meant, and stand in NEWS. */
static void same_seed_same_bytes(void **state)
{
    (void)state;
    struct truth truth;
    struct buffer a = sample(42, 3000, 0, &truth);
    struct buffer b = sample(42, 3000, 0, &truth);
    struct buffer c = sample(43, 3000, 0, &truth);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    assert_int_not_equal(fnv(&a), fnv(&c));
    assert_int_equal(fnv(&a), UINT64_C(0x83015cd148c307ce));
    buffer_free(&a);
    buffer_free(&b);
    buffer_free(&c);
}

static void check_sums(uint64_t rows, uint64_t population)
{
    struct truth truth;
    struct buffer csv = sample(rows + 1, rows, population, &truth);
    buffer_free(&csv);
    unsigned long long sum_population = 0;
    unsigned long long sum_records = 0;
    for (size_t i = 0; i < truth.count; i++) {
        const struct truth_row *row = &truth.rows[i];
        assert_true(row->respondents <= row->population);
        assert_true(row->respondents <= row->records);
        assert_true((row->respondents == 0) == (row->records == 0));
        assert_true(row->rated <= row->records);
        sum_population += row->population;
        sum_records += row->records;
    }
    assert_int_equal(sum_records, rows);
    const uint64_t expected = population > 0 ? population : rows > 0 ? 20 * rows : 1;
    assert_int_equal(sum_population, expected);
}

static void truth_adds_up(void **state)
{
    (void)state;
    static const uint64_t populations[] = {
        0, 1, 2, 17, 494, 495, 496, 48000000, SAMPLER_POPULATION_MAX};
    for (size_t i = 0; i < sizeof populations / sizeof *populations; i++) {
        check_sums(0, populations[i]);
        check_sums(1, populations[i]);
        check_sums(2000, populations[i]);
    }
}

/* Records of the CSV counted by a reader of the simplest kind, per rating, against the truth. */
struct csv_counts {
    unsigned long long records, rated;
    unsigned long long stars[6];
};

static struct csv_counts count_csv(const struct buffer *csv)
{
    struct csv_counts counts = {0};
    const char *end = csv->data + csv->len;
    const char *at = strchr(csv->data, '\n') + 1;
    while (at < end) {
        char fields[2][16] = {"", ""}; /* platform, rating */
        unsigned field = 0;
        size_t len = 0;
        bool quoted = false;
        for (; quoted || *at != '\n'; at++) {
            assert_true(at < end);
            if (*at == '"')
                quoted = !quoted;
            else if (*at == ',' && !quoted) {
                field++;
                len = 0;
            } else if ((field == 2 || field == 7) && *at != ' ' && len < 15) {
                fields[field == 7][len++] = *at;
                fields[field == 7][len] = '\0';
            }
        }
        assert_int_equal(field, 9);
        counts.records++;
        const bool rated = fields[1][0] != '\0' && strcmp(fields[1], "NA") != 0;
        counts.rated += rated;
        if (rated && (fields[0][0] == 'f' || fields[0][0] == 'F'))
            counts.stars[(size_t)(fields[1][0] - '0') % 6]++;
        at++;
    }
    return counts;
}

static void truth_counts_the_csv(void **state)
{
    (void)state;
    struct truth truth;
    struct buffer csv = sample(9, 20000, 0, &truth);
    const struct csv_counts seen = count_csv(&csv);
    unsigned long long rated = 0;
    unsigned long long stars[6] = {0};
    for (size_t i = 0; i < truth.count; i++) {
        rated += truth.rows[i].rated;
        if (strcmp(truth.rows[i].platform, "facebook") == 0)
            stars[truth.rows[i].score] += truth.rows[i].rated;
    }
    assert_int_equal(seen.records, 20000);
    assert_int_equal(seen.rated, rated);
    assert_memory_equal(seen.stars, stars, sizeof stars);
    buffer_free(&csv);
}

struct shape {
    unsigned long long persons[SCORES], rated[SCORES];
    size_t points;
};

static struct shape shape_of(const struct truth *truth, const char *platform)
{
    struct shape shape = {.points = 0};
    int lowest = 99;
    for (size_t i = 0; i < truth->count; i++)
        if (strcmp(truth->rows[i].platform, platform) == 0 && truth->rows[i].score < lowest)
            lowest = truth->rows[i].score;
    for (size_t i = 0; i < truth->count; i++) {
        const struct truth_row *row = &truth->rows[i];
        if (strcmp(row->platform, platform) != 0)
            continue;
        const size_t point = (size_t)(row->score - lowest);
        shape.persons[point] += row->population;
        shape.rated[point] += row->rated;
        if (point + 1 > shape.points)
            shape.points = point + 1;
    }
    return shape;
}

static void bell_behind_a_u(void **state)
{
    (void)state;
    static const char *const platforms[] = {"twitter", "facebook", "reviews"};
    struct truth truth;
    struct buffer csv = sample(5, 60000, 0, &truth);
    buffer_free(&csv);
    for (size_t p = 0; p < 3; p++) {
        const struct shape shape = shape_of(&truth, platforms[p]);
        const size_t middle = shape.points / 2;
        for (size_t i = 0; i + 1 < shape.points; i++) {
            if (i < middle)
                assert_true(shape.persons[i] < shape.persons[i + 1]);
            else
                assert_true(shape.persons[i] > shape.persons[i + 1]);
        }
        for (size_t i = 1; i + 1 < shape.points; i++) {
            assert_true(shape.rated[0] > shape.rated[i]);
            assert_true(shape.rated[shape.points - 1] > shape.rated[i]);
        }
    }
}

static double kind_mean(const struct truth *truth, const char *kind, bool of_rated)
{
    double sum = 0;
    double count = 0;
    for (size_t i = 0; i < truth->count; i++) {
        const struct truth_row *row = &truth->rows[i];
        if (strcmp(row->scale, "nps") != 0 || strcmp(row->kind, kind) != 0)
            continue;
        const double n = (double)(of_rated ? row->rated : row->population);
        sum += n * row->score;
        count += n;
    }
    return sum / count;
}

static void kinds_differ(void **state)
{
    (void)state;
    static const char *const falling[] = {"official", "neighbourhood", "individual", "anonymous"};
    struct truth truth;
    struct buffer csv = sample(6, 60000, 0, &truth);
    buffer_free(&csv);
    for (size_t i = 0; i + 1 < 4; i++) {
        assert_true(kind_mean(&truth, falling[i], false) >
                    kind_mean(&truth, falling[i + 1], false) + 0.5);
        assert_true(kind_mean(&truth, falling[i], true) >
                    kind_mean(&truth, falling[i + 1], true) + 0.5);
    }
    /* Who answers is more extreme than who there is. */
    assert_true(kind_mean(&truth, "anonymous", true) < kind_mean(&truth, "anonymous", false) - 1);
    assert_true(kind_mean(&truth, "official", true) > kind_mean(&truth, "official", false) + 1);
}

static void limits(void **state)
{
    (void)state;
    struct sampler *sampler;
    struct error err = ERROR_INIT;
    struct sampler_options options = {.rows = SAMPLER_ROWS_MAX + 1};
    assert_int_equal(sampler_new(&options, &sampler, &err), STATUS_USAGE);
    assert_null(sampler);
    assert_non_null(strstr(err.text, "--rows"));
    options = (struct sampler_options){.population = SAMPLER_POPULATION_MAX + 1};
    assert_int_equal(sampler_new(&options, &sampler, &err), STATUS_USAGE);
    assert_non_null(strstr(err.text, "--population"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_bytes), cmocka_unit_test(truth_adds_up),
        cmocka_unit_test(truth_counts_the_csv), cmocka_unit_test(bell_behind_a_u),
        cmocka_unit_test(kinds_differ),         cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
