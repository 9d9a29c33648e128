/* Scales: against a plain reference over every number of a grid, lines there and back, faults. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "study/scale.h"
#include "study/yaml.h"

static enum status make(struct arena *arena, const char *yaml, const struct scale **scale,
                        struct error *err)
{
    struct node *map;
    assert_int_equal(yaml_parse("s.yaml", slice_of(yaml), arena, &map, err), STATUS_OK);
    return scale_make("s", map, arena, scale, err);
}

static const struct scale *made(struct arena *arena, const char *yaml)
{
    struct error err = ERROR_INIT;
    const struct scale *scale = NULL;
    if (make(arena, yaml, &scale, &err) != STATUS_OK)
        fail_msg("%s: %s", yaml, err.text);
    return scale;
}

/* "4" for a score, "missing", "off". */
static const char *reading(const struct scale *scale, struct slice answer)
{
    static char text[DECIMAL_TEXT_MAX];
    int64_t value;
    switch (scale_read(scale, answer, &value)) {
    case SCALE_SCORE:
        text[decimal_format(text, value)] = '\0';
        return text;
    case SCALE_MISSING:
        return "missing";
    default:
        return "off";
    }
}

static void built_in_scales_read(void **state)
{
    static const struct {
        const char *scale;
        const char *answer;
        const char *reading;
    } cases[] = {
        {"stars5", "1", "1"},
        {"stars5", "5", "5"},
        {"stars5", "4.0", "4"},
        {"stars5", "0", "off"},
        {"stars5", "6", "off"},
        {"stars5", "4.5", "off"},
        {"stars5", "five", "off"},
        {"stars5", "", "off"},
        {"stars5", " 4", "off"},
        {"stars5", "4e0", "off"},
        {"likert5", "3", "3"},
        {"likert7", "7", "7"},
        {"likert7", "8", "off"},
        {"nps", "0", "0"},
        {"nps", "10", "10"},
        {"nps", "11", "off"},
        {"nps", "-1", "off"},
        {"sentiment3", "negative", "-1"},
        {"sentiment3", "neutral", "0"},
        {"sentiment3", "positive", "1"},
        {"sentiment3", "Positive", "off"},
        {"sentiment3", "-1", "-1"},
        {"thumbs", "up", "1"},
        {"thumbs", "down", "0"},
        {"thumbs", "1", "1"},
        {"percent", "99.999999", "99.999999"},
        {"percent", "100.000001", "off"},
        {"percent", "0.0000001", "off"},
        {"percent", "50%", "off"},
        {"percent", "100", "100"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct scale *scale = scale_builtin(cases[i].scale);
        assert_non_null(scale);
        assert_string_equal(reading(scale, slice_of(cases[i].answer)), cases[i].reading);
        assert_string_equal(reading(scale, SLICE_MISSING), "missing");
    }
    assert_null(scale_builtin("stars6"));
    size_t count;
    const char *const *names = scale_builtin_names(&count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(scale_builtin(names[i]));
    assert_int_equal(count, 7);
}

static void words_turn_round(void **state)
{
    struct arena arena = ARENA_INIT;
    const struct scale *s = made(&arena, "reverse: true\n"
                                         "words: {\"Yes, very rude\": 3, \"Yes, somewhat\": 2, "
                                         "\"No, not at all\": 1}\nmissing: [\"N/A\", \"\"]\n");
    (void)state;
    assert_string_equal(reading(s, slice_of("Yes, very rude")), "1");
    assert_string_equal(reading(s, slice_of("No, not at all")), "3");
    assert_string_equal(reading(s, slice_of("3")), "1");
    assert_string_equal(reading(s, slice_of("2")), "2");
    assert_string_equal(reading(s, slice_of("2.5")), "off");
    assert_string_equal(reading(s, slice_of("N/A")), "missing");
    assert_string_equal(reading(s, slice_of("")), "missing");
    assert_string_equal(reading(s, slice_of("n/a")), "off");
    assert_int_equal(s->point_count, 3);
    assert_string_equal(s->names[0], "yes_very_rude");
    assert_string_equal(s->names[1], "yes_somewhat");
    assert_string_equal(s->names[2], "no_not_at_all");
    arena_free(&arena);
}

static void names_come_from_first_words(void **state)
{
    struct arena arena = ARENA_INIT;
    (void)state;
    const struct scale *s = made(&arena, "words: {bad: 1, awful: 1, Good!!: 2, fine: 2}");
    assert_string_equal(s->names[0], "bad");
    assert_string_equal(s->names[1], "good_");
    /* A point without a word, two names that would be one, a name of nothing: numbers instead. */
    assert_null(made(&arena, "{range: [1, 3], step: 1, words: {bad: 1, good: 3}}")->names);
    assert_null(made(&arena, "words: {A+: 2, A-: 1}")->names);
    assert_null(made(&arena, "words: {\"+\": 2, b: 1}")->names);
    assert_non_null(made(&arena, "{points: [1, 2], words: {b: 2, a: 1}}")->names);
    arena_free(&arena);
}

static void faults_are_named(void **state)
{
    static const struct {
        const char *yaml;
        uint64_t column;
        const char *says;
    } cases[] = {
        {"{}", 1, "give it range, points or words"},
        {"{range: [5, 1]}", 9, "reverse: true"},
        {"{range: [1, 1]}", 9, "below"},
        {"{range: [1]}", 9, "two numbers"},
        {"{range: [1, x]}", 13, "must be a number, not 'x'"},
        {"{range: [1, 1.0000001]}", 13, "6 decimal places"},
        {"{range: [1, 1000000000000]}", 13, "too large"},
        {"{range: [1, 5], step: 0}", 23, "above 0"},
        {"{range: [1, 5], step: -1}", 23, "above 0"},
        {"{range: [1, 5], step: 3}", 23, "miss its high end"},
        {"{step: 1}", 8, "needs a range"},
        {"{range: [1, 5], step: 1, points: [1, 2]}", 34, "not both"},
        {"{points: [1]}", 10, "2 to 1001"},
        {"{points: [1, 2, 1.0]}", 10, "twice"},
        {"{range: [1, 5], points: [1, 6]}", 29, "6 is outside the range"},
        {"{words: {a: 1, b: 1}}", 9, "a scale needs two"},
        {"{words: [a]}", 9, "must be a map"},
        {"{words: {a: one}}", 13, "must be a number"},
        {"{range: [1, 5], step: 1, words: {a: 1.5}}", 37, "not one of its points"},
        {"{range: [1, 5], words: {a: 6}}", 28, "outside the range"},
        {"{words: {a: 1, b: 2}, missing: [a]}", 33, "under words and under missing"},
        {"{words: {a: 1, b: 2}, missing: [z, c, b]}", 39, "'b' stands under words and under"},
        {"{words: {a: 1, \" b\": 2}}", 22, "' b' begins or ends with a blank"},
        {"{range: [1, 5], missing: [\"n/a \"]}", 27, "'n/a ' begins or ends with a blank"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        const struct scale *scale;
        assert_int_equal(make(&arena, cases[i].yaml, &scale, &err), STATUS_USAGE);
        if (err.column != cases[i].column || strstr(err.text, cases[i].says) == NULL)
            fail_msg("%s: %llu: %s", cases[i].yaml, (unsigned long long)err.column, err.text);
        assert_null(scale);
        arena_free(&arena);
    }
}

static uint64_t seed = 2463534242U;

static int64_t draw(int64_t low, int64_t high)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return low + (int64_t)((seed >> 20) % (uint64_t)(high - low + 1));
}

/* The reference counts in hundredths and knows the rules only in their plainest form. */
struct plain {
    int low, high, step, count, points[8];
    bool reverse;
};

static bool plain_holds(const struct plain *p, int x)
{
    if (x < p->low || x > p->high)
        return false;
    for (int i = 0; i < p->count; i++)
        if (p->points[i] == x)
            return true;
    return p->count == 0 && (p->step == 0 || (x - p->low) % p->step == 0);
}

static void random_plain(struct plain *p, struct buffer *yaml)
{
    memset(p, 0, sizeof *p);
    p->reverse = draw(0, 1) == 1;
    p->low = (int)draw(-300, 300);
    int kind = (int)draw(0, 2);
    if (kind == 0) {
        p->step = (int)draw(1, 40);
        p->high = p->low + p->step * (int)draw(1, 20);
    } else {
        p->high = p->low + (int)draw(8, 500);
    }
    char low[DECIMAL_TEXT_MAX];
    char high[DECIMAL_TEXT_MAX];
    char step[DECIMAL_TEXT_MAX];
    low[decimal_format(low, (int64_t)p->low * 10000)] = '\0';
    high[decimal_format(high, (int64_t)p->high * 10000)] = '\0';
    assert_true(buffer_appendf(yaml, "{reverse: %s, range: [%s, %s]", p->reverse ? "yes" : "no",
                               low, high));
    if (kind == 0) {
        step[decimal_format(step, (int64_t)p->step * 10000)] = '\0';
        assert_true(buffer_appendf(yaml, ", step: %s", step));
    } else if (kind == 1) {
        p->count = (int)draw(2, 7);
        for (int i = 0; i < p->count; i++) {
            p->points[i] = p->low + (p->high - p->low) * i / p->count + (i == 0 ? 0 : 1);
            step[decimal_format(step, (int64_t)p->points[i] * 10000)] = '\0';
            assert_true(buffer_appendf(yaml, "%s%s", i == 0 ? ", points: [" : ", ", step));
        }
        assert_true(buffer_append_byte(yaml, ']'));
    }
    assert_true(buffer_append_byte(yaml, '}'));
}

static void same_scale(const struct scale *a, const struct scale *b)
{
    assert_string_equal(a->name, b->name);
    assert_true(a->min == b->min && a->max == b->max && a->point_count == b->point_count);
    assert_true((a->points == NULL) == (b->points == NULL));
    for (size_t i = 0; a->points != NULL && i < a->point_count; i++)
        assert_true(a->points[i] == b->points[i]);
    assert_true((a->names == NULL) == (b->names == NULL));
    for (size_t i = 0; a->names != NULL && i < a->point_count; i++)
        assert_string_equal(a->names[i], b->names[i]);
}

static void line_reads_back(const struct scale *scale)
{
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct buffer line = BUFFER_INIT;
    const struct scale *back;
    assert_true(scale_to_line(scale, &line));
    if (scale_from_line(line.data, &arena, &back, &err) != STATUS_OK)
        fail_msg("%s: %s", line.data, err.text);
    same_scale(scale, back);
    buffer_free(&line);
    arena_free(&arena);
}

static void agrees_with_the_reference(void **state)
{
    size_t scores = 0;
    size_t off = 0;
    (void)state;
    for (int round = 0; round < 400; round++) {
        struct arena arena = ARENA_INIT;
        struct buffer yaml = BUFFER_INIT;
        struct plain p;
        random_plain(&p, &yaml);
        const struct scale *s = made(&arena, yaml.data);
        for (int x = p.low - 60; x <= p.high + 60; x++) {
            char text[DECIMAL_TEXT_MAX];
            size_t len = decimal_format(text, (int64_t)x * 10000);
            int64_t got = 0;
            enum scale_reading r = scale_read(s, (struct slice){text, len}, &got);
            assert_int_equal(r, plain_holds(&p, x) ? SCALE_SCORE : SCALE_OFF);
            if (r == SCALE_OFF) {
                off++;
                continue;
            }
            scores++;
            assert_true(got == (int64_t)(p.reverse ? p.low + p.high - x : x) * 10000);
            assert_true(scale_holds(s, got));
        }
        for (size_t i = 1; s->points != NULL && i < s->point_count; i++)
            assert_true(s->points[i - 1] < s->points[i]);
        line_reads_back(s);
        buffer_free(&yaml);
        arena_free(&arena);
    }
    assert_true(scores > 10000 && off > 10000);
}

static void lines_are_as_documented(void **state)
{
    static const struct {
        const char *name;
        const char *line;
    } cases[] = {
        {"stars5", "stars5\tmin=1\tmax=5\tpoints=1,2,3,4,5"},
        {"percent", "percent\tmin=0\tmax=100"},
        {"sentiment3", "sentiment3\tmin=-1\tmax=1\tpoints=-1,0,1\tnames=negative,neutral,positive"},
        {"thumbs", "thumbs\tmin=0\tmax=1\tpoints=0,1\tnames=down,up"},
    };
    struct arena arena = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer line = BUFFER_INIT;
        assert_true(scale_to_line(scale_builtin(cases[i].name), &line));
        assert_string_equal(line.data, cases[i].line);
        buffer_free(&line);
        line_reads_back(scale_builtin(cases[i].name));
    }
    struct buffer line = BUFFER_INIT;
    const struct scale *fine = made(&arena, "{range: [0, 10], step: 0.001}");
    assert_int_equal(fine->point_count, 10001);
    assert_null(fine->points);
    assert_true(scale_to_line(fine, &line));
    assert_string_equal(line.data, "s\tmin=0\tmax=10\tstep=0.001");
    line_reads_back(fine);
    assert_string_equal(reading(fine, slice_of("9.999")), "9.999");
    assert_string_equal(reading(fine, slice_of("9.9995")), "off");
    const struct scale *finest = made(&arena, "{range: [-999999999999, 999999999999], "
                                              "step: 0.000001, reverse: true}");
    assert_true(finest->point_count == UINT64_C(1999999999998000001));
    assert_string_equal(reading(finest, slice_of("999999999999")), "-999999999999");
    buffer_free(&line);
    arena_free(&arena);
}

static void damaged_lines_are_refused(void **state)
{
    static const char *const lines[] = {
        "",
        "s",
        "s\tmin=1",
        "s\tmin=1\tmax=1",
        "s\tmin=5\tmax=1",
        "s\tmin=1\tmax=5\tmax=5",
        "s\tmin=1\tmax=5\tpoints=1,2,2",
        "s\tmin=1\tmax=5\tpoints=5,1",
        "s\tmin=1\tmax=5\tpoints=0,1",
        "s\tmin=1\tmax=5\tpoints=1,6",
        "s\tmin=1\tmax=5\tpoints=",
        "s\tmin=1\tmax=5\tpoints=1,,2",
        "s\tmin=1\tmax=5\tpoints=1,2\tnames=a",
        "s\tmin=1\tmax=5\tnames=a",
        "s\tmin=1\tmax=5\tpoints=1,2\tnames=a,",
        "s\tmin=1\tmax=5\tstep=3",
        "s\tmin=1\tmax=5\tstep=-1",
        "s\tmin=1\tmax=5\tstep=1\tpoints=1,5",
        "s\tmin=1e0\tmax=5",
        "s\tmin=1\tmax=5\tother=1",
        "s\tmin=1\tmax=5\t\tpoints=1,5",
        "\tmin=1\tmax=5",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        const struct scale *scale;
        if (scale_from_line(lines[i], &arena, &scale, &err) != STATUS_DAMAGED)
            fail_msg("taken: %s", lines[i]);
        assert_null(scale);
        arena_free(&arena);
    }
}

static void unnamed_scales_are_called_by_their_range(void **state)
{
    static const struct {
        const char *score;
        const char *name;
    } cases[] = {
        {"{from: r, range: [1, 5]}", "1..5"},
        {"{range: [0.5, 5], step: 0.5}", "0.5..5/0.5"},
        {"{range: [1, 5], reverse: true}", "1..5"},
        {"{range: [-999999999999, 999999999999.999999]}", "-999999999999..999999999999.999999"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct node *score;
        const struct scale *scale;
        assert_int_equal(yaml_parse("s", slice_of(cases[i].score), &arena, &score, &err),
                         STATUS_OK);
        assert_int_equal(scale_make_inline(score, &arena, &scale, &err), STATUS_OK);
        assert_string_equal(scale->name, cases[i].name);
        line_reads_back(scale);
        arena_free(&arena);
    }
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *score;
    const struct scale *scale;
    assert_int_equal(yaml_parse("s", slice_of("{step: 1}"), &arena, &score, &err), STATUS_OK);
    assert_int_equal(scale_make_inline(score, &arena, &scale, &err), STATUS_USAGE);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_scales_read),
        cmocka_unit_test(words_turn_round),
        cmocka_unit_test(names_come_from_first_words),
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(agrees_with_the_reference),
        cmocka_unit_test(lines_are_as_documented),
        cmocka_unit_test(damaged_lines_are_refused),
        cmocka_unit_test(unnamed_scales_are_called_by_their_range),
    };
    return cmocka_run_group_tests_name("scale", tests, NULL, NULL);
}
