/* Weights of records: what a study may say of them, cells from batches of any split, figures known
 * by hand, rounding against exact whole numbers, and what must be refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assert_near.h"
#include "base/hash.h"
#include "base/number.h"
#include "study/yaml.h"
#include "weights/amount.h"
#include "weights/weight_report.h"
#include "weights/weighting.h"

static uint64_t state = 60217;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* ---- a weighting out of a section of YAML ---- */

struct question {
    struct arena arena;
    struct study *study;
    struct budget budget;
    struct weighting *weighting;
    struct error err;
};

static bool flag(const struct node *section, const char *key)
{
    const char *text = node_text(node_child(section, key));
    return text != NULL && strcmp(text, "true") == 0;
}

static enum status ask(struct question *q, const char *yaml)
{
    struct node *section = NULL;
    *q = (struct question){.weighting = NULL};
    assert_int_equal(study_empty(&q->study, &q->err), STATUS_OK);
    if (yaml_parse("s.yaml", slice_of(yaml), &q->arena, &section, &q->err) != STATUS_OK)
        fail_msg("%s", q->err.text);
    const char *missing = node_text(node_child(section, "missing"));
    const struct weight_options options = {
        .study = q->study,
        .margins = node_child(section, "margins"),
        .collapse = node_child(section, "collapse"),
        .bounds = node_child(section, "bounds"),
        .total = node_child(section, "total"),
        .base = node_child(section, "base"),
        .field = "weight",
        .trim = flag(section, "trim"),
        .trim_at = node_child(section, "trim"),
        .rescale = flag(section, "rescale"),
        .reject = missing != NULL && strcmp(missing, "reject") == 0,
    };
    return weighting_new(&options, &q->budget, &q->weighting, &q->err);
}

static void end(struct question *q)
{
    weighting_free(q->weighting);
    assert_int_equal(q->budget.used, 0);
    study_free(q->study);
    arena_free(&q->arena);
}

/* ---- records: fields a, b and base ---- */

enum { COLUMNS = 3, RECORDS_MAX = 3000, CELL = 16, WORKERS_MAX = 4 };

static const char *const names[COLUMNS] = {"a", "b", "base"};

struct record {
    char cells[COLUMNS][CELL]; /* "\\N": missing */
    char weight[CELL];         /* as the second run gives it; "": refused */
};

static struct record records[RECORDS_MAX];
static size_t record_count;

static void add_records(const char *a, const char *b, const char *base, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct record *r = &records[record_count++];
        (void)snprintf(r->cells[0], CELL, "%s", a);
        (void)snprintf(r->cells[1], CELL, "%s", b);
        (void)snprintf(r->cells[2], CELL, "%s", base);
    }
}

static void fill(struct batch *batch, size_t from, size_t to)
{
    struct error err = ERROR_INIT;
    assert_int_equal(batch_shape(batch, COLUMNS, to - from, false, &err), STATUS_OK);
    for (size_t r = from; r < to; r++)
        for (size_t c = 0; c < COLUMNS; c++) {
            const char *text = records[r].cells[c];
            batch->columns[c].cells[r - from] =
                strcmp(text, "\\N") == 0 ? SLICE_MISSING : slice_of(text);
        }
}

static void keep_weights(struct batch *batch, size_t from, size_t to)
{
    const struct slice *cells = batch_text(batch, COLUMNS, NULL);
    assert_non_null(cells);
    for (size_t r = from; r < to; r++) {
        records[r].weight[0] = '\0';
        if (batch->fates[r - from] == FATE_LIVE)
            (void)snprintf(records[r].weight, CELL, "%.*s", (int)cells[r - from].len,
                           cells[r - from].data);
    }
}

/* One reading of records [from, to), in batches of any size, by any of the workers. */
static enum status read_all(struct question *q, size_t from, size_t to, size_t workers, bool second)
{
    struct weighting_worker *list[WORKERS_MAX] = {NULL};
    struct header header = HEADER_INIT;
    enum status s = STATUS_OK;
    for (size_t c = 0; c < COLUMNS; c++)
        assert_int_equal(schema_add(&header.schema, names[c], FIELD_STR, NULL, &q->err), STATUS_OK);
    assert_int_equal(weighting_open(q->weighting, &header, &q->err), STATUS_OK);
    assert_int_equal(header.schema.fields[COLUMNS].type, FIELD_DECIMAL);
    for (size_t w = 0; w < workers; w++)
        assert_int_equal(weighting_worker_new(q->weighting, &list[w], &q->err), STATUS_OK);
    while (s == STATUS_OK && from < to) {
        struct batch batch;
        size_t stop = from + 1 + next_random() % 400;
        stop = stop < to ? stop : to;
        struct weighting_worker *worker = list[next_random() % workers];
        batch_init(&batch);
        fill(&batch, from, stop);
        s = second ? weighting_apply(q->weighting, worker, &batch, &q->err)
                   : weighting_count(q->weighting, worker, &batch, &q->err);
        if (s == STATUS_OK && second)
            keep_weights(&batch, from, stop);
        batch_free(&batch);
        from = stop;
    }
    for (size_t w = 0; w < workers; w++) {
        if (s == STATUS_OK)
            s = weighting_gather(q->weighting, list[w], &q->err);
        weighting_worker_free(list[w]);
    }
    header_free(&header);
    return s;
}

static enum status weigh(struct question *q, size_t workers)
{
    enum status s = read_all(q, 0, record_count, workers, false);
    if (s == STATUS_OK)
        s = weighting_solve(q->weighting, &q->err);
    if (s == STATUS_OK)
        s = read_all(q, 0, record_count, workers, true);
    return s == STATUS_OK ? weighting_check(q->weighting, &q->err) : s;
}

static void weigh_well(struct question *q, const char *yaml)
{
    if (ask(q, yaml) != STATUS_OK || weigh(q, 1) != STATUS_OK)
        fail_msg("%s", q->err.text);
}

/* ---- numbers ---- */

static void amounts_are_read(void **unused)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},
                {"48000000", 48e6},
                {"0.5", 0.5},
                {".25", 0.25},
                {"7.", 7},
                {"00012", 12},
                {"0.1", 0.1},
                {"0.000000000000123", 1.23e-13},
                {"999999999999999", 999999999999999.0},
                {"0.33333333333333331", 1.0 / 3},
                {"0.2999999999999999888977697537484", 0.3},
                {"123456789.123456789123456789", 123456789.123456789}};
    static const char *const bad[] = {"",   ".",  "-1",    "+1",  "1e3",  "0x1",
                                      "1 ", " 1", "1,000", "nan", "1..2", "1000000000000000"};
    (void)unused;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double value = -1;
        assert_true(amount_parse(slice_of(good[i].text), &value));
        assert_within(value, good[i].value, 2e-16 * good[i].value, good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double value = -1;
        if (amount_parse(slice_of(bad[i]), &value))
            fail_msg("'%s' is taken for %g", bad[i], value);
    }
}

/* weight * 10^6 half to even, in whole numbers: weight is mantissa * 2^exponent exactly. */
static int64_t round_exactly(double weight)
{
    int exponent = 0;
    const __int128 mantissa = (__int128)ldexp(frexp(weight, &exponent), 53);
    exponent -= 53;
    assert_true(exponent < 0);
    if (exponent < -100)
        return 0;
    const __int128 product = mantissa * DECIMAL_ONE, one = (__int128)1 << -exponent;
    const __int128 down = product / one, twice = 2 * (product % one);
    return (int64_t)(down + (twice > one || (twice == one && down % 2 != 0)));
}

static void weights_are_rounded_half_to_even(void **unused)
{
    (void)unused;
    assert_int_equal(weight_round(0.0078125), 7812);  /* 2^-7: 7812.5 */
    assert_int_equal(weight_round(0.0234375), 23438); /* 3 * 2^-7: 23437.5 */
    assert_int_equal(weight_round(1), 1000000);
    assert_int_equal(weight_round(0), 0);
    assert_int_equal(weight_round(1e6), INT64_C(1000000000000));
    assert_int_equal(weight_round(nextafter(1e6, 2e6)), -1);
    assert_int_equal(weight_round((double)NAN), -1);
    assert_int_equal(weight_round(4.9e-7), 0);
    assert_int_equal(weight_round(5.1e-7), 1);
    for (int i = 0; i < 200000; i++) {
        double weight = ldexp((double)(next_random() >> 11), (int)(next_random() % 60) - 73);
        /* Halves, and what lies next to them. */
        if (i % 2 == 0) {
            const double half = ((double)(next_random() % 100000000) + 0.5) / DECIMAL_ONE;
            weight = i % 4 == 0 ? half : nextafter(half, i % 8 == 2 ? 0 : 1e6);
        }
        if (weight <= 1e6 && weight_round(weight) != round_exactly(weight))
            fail_msg("%a: %lld, not %lld", weight, (long long)weight_round(weight),
                     (long long)round_exactly(weight));
    }
}

/* ---- studies ---- */

static void studies_are_checked(void **unused)
{
    static const struct {
        const char *yaml;
        const char *says;
    } cases[] = {
        {"total: 5\n", "no margins"},
        {"margins: [{by: [a]}]\n", "needs one of file, counts and shares"},
        {"margins: [{by: [a], counts: {x: 1}, shares: {x: 1}}]\n", "needs one of"},
        {"margins: [{counts: {x: 1}}]\n", "goes by one field"},
        {"margins: [{by: [a, b], counts: {x: 1}}]\n", "take a file"},
        {"margins: [{by: [a], counts: {}}]\n", "has no levels"},
        {"margins: [{by: [a], counts: {x: 0, y: 0}}]\n", "add up to 0"},
        {"margins: [{by: [a], counts: {x: -5}}]\n", "margin 'a': '-5' is below 0"},
        {"margins: [{by: [a], counts: {x: many}}]\n", "'many' is not a number"},
        {"margins: [{by: [a], counts: {x: 1}}, {by: [a], counts: {x: 1}}]\n",
         "two margins go by a"},
        {"margins: [{by: [a], shares: {x: 0.5, y: 0.4}}]\n", "add up to 0.9, not to 1"},
        {"margins: [{by: [a], counts: {x: 10}}, {by: [b], counts: {y: 11}}]\n",
         "margin 'b' adds up to 11 people, margin 'a' to 10"},
        {"margins: [{by: [a], counts: {x: 1}}]\ncollapse: {b: {new: [y, z]}}\n",
         "no margin goes by 'b'"},
        {"margins: [{by: [a], counts: {x: 1, y: 1}}]\ncollapse: {a: {new: [y, z]}}\n",
         "no margin lists 'z'"},
        {"margins: [{by: [a], counts: {x: 1, y: 1}}]\ncollapse: {a: {x: [y, w], v: [y]}}\n",
         "'y' is collapsed twice"},
        {"margins: [{by: [a], counts: {x: 1, y: 1}}]\ncollapse: {a: {x: [y]}}\n",
         "lists both 'x' and 'y'"},
        {"margins: [{by: [a], counts: {x: 1, y: 1}}]\ncollapse: {a: {z: [x], v: [z]}}\n",
         "'z' is a new value and collapsed itself"},
        {"margins: [{by: [a], counts: {x: 1}}]\ncollapse: {a: {n: []}}\n",
         "no values to stand for"},
        {"margins: [{by: [a], counts: {x: 1}}]\ntrim: true\n", "trim needs bounds"},
        {"margins: [{by: [a], counts: {x: 1}}]\nbounds: [0.2]\n", "bounds are two multiples"},
        {"margins: [{by: [a], counts: {x: 1}}]\nbounds: [2, 5]\n", "bounds are two multiples"},
        {"margins: [{by: [a], counts: {x: 1}}]\nbounds: [0.5, 0.9]\n", "bounds are two multiples"},
        {"margins: [{by: [a], counts: {x: 1}}]\nbounds: [1, 1]\n", "bounds are two multiples"},
        {"margins: [{by: [a], counts: {x: 1}}]\ntotal: 0\n", "not a number above 0"},
        {"margins: [nowhere.csv]\n", "nowhere.csv"},
        {"margins: [{by: [a, a], file: nowhere.csv}]\n", "nowhere.csv"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct question q;
        if (ask(&q, cases[i].yaml) != STATUS_USAGE)
            fail_msg("%s is taken", cases[i].yaml);
        if (strstr(q.err.text, cases[i].says) == NULL)
            fail_msg("%s: %s", cases[i].yaml, q.err.text);
        end(&q);
    }
}

static void other_totals_can_be_rescaled(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "u", "1", 1);
    add_records("y", "v", "1", 1);
    weigh_well(&q, "margins: [{by: [a], counts: {x: 30, y: 70}}, {by: [b], shares: {u: 3, v: 7}}]\n"
                   "rescale: true\n");
    assert_string_equal(records[0].weight, "30");
    assert_string_equal(records[1].weight, "70");
    end(&q);
}

/* ---- figures by hand ---- */

static void strata_are_weighted_to_their_sizes(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "\\N", "\\N", 3);
    add_records("y", "\\N", "\\N", 1);
    weigh_well(&q, "margins: [{by: [a], counts: {x: 100, y: 900}}]\n");
    assert_string_equal(records[0].weight, "33.333333");
    assert_string_equal(records[3].weight, "900");
    const struct weight_solution *s = weighting_solution(q.weighting);
    assert_int_equal(s->rows, 4);
    assert_int_equal((int64_t)s->sum, INT64_C(999999999));
    assert_near(s->kish.n_eff, 1e6 / (3 * 1e4 / 9 + 81e4), 1e-6, "n_eff");
    assert_near(s->kish.max_over_mean, 3.6, 1e-6, "largest");
    assert_near(s->rounding, 1e-6, 1e-9, "rounding");
    end(&q);
    /* Shares: weights are 1 in the mean; with a total they add up to it. */
    weigh_well(&q, "margins: [{by: [a], shares: {x: 0.25, y: 0.75}}]\n");
    assert_string_equal(records[0].weight, "0.333333");
    assert_string_equal(records[3].weight, "3");
    end(&q);
    weigh_well(&q, "margins: [{by: [a], shares: {x: 0.25, y: 0.75}}]\ntotal: 600\n");
    assert_string_equal(records[0].weight, "50");
    end(&q);
    weigh_well(&q, "margins: [{by: [a], counts: {x: 1000, y: 3000}}]\ntotal: 4\n");
    assert_string_equal(records[3].weight, "3");
    end(&q);
}

/* Base weights keep their proportions within a stratum, and count in its size. */
static void base_weights_are_honoured(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "\\N", "1", 2);
    add_records("x", "\\N", "3", 1);
    add_records("y", "\\N", "0.5", 1);
    add_records("y", "\\N", "0", 1);
    weigh_well(&q, "margins: [{by: [a], counts: {x: 100, y: 900}}]\nbase: base\n");
    assert_string_equal(records[0].weight, "20");
    assert_string_equal(records[2].weight, "60");
    assert_string_equal(records[3].weight, "900");
    assert_string_equal(records[4].weight, "0");
    end(&q);
}

/* Independent margins have the product as their solution. */
static void raking_by_hand(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "u", "1", 1);
    add_records("x", "v", "1", 1);
    add_records("y", "u", "1", 1);
    add_records("y", "v", "1", 1);
    weigh_well(&q,
               "margins: [{by: [a], counts: {x: 30, y: 70}}, {by: [b], counts: {u: 20, v: 80}}]\n");
    static const char *const want[] = {"6", "24", "14", "56"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(records[i].weight, want[i]);
    end(&q);
}

static void levels_are_joined_by_name(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "u", "1", 2);
    add_records("y", "u", "1", 1);
    add_records("z", "u", "1", 1);
    weigh_well(&q, "margins: [{by: [a], counts: {x: 10, y: 20, z: 30, w: 40}}]\n"
                   "collapse: {a: {rest: [y, z, w]}}\n");
    assert_string_equal(records[0].weight, "5");
    assert_string_equal(records[2].weight, "45");
    assert_string_equal(records[3].weight, "45");
    end(&q);
    /* The margin has the new value already. */
    weigh_well(&q,
               "margins: [{by: [a], counts: {x: 10, rest: 90}}]\ncollapse: {a: {rest: [y, z]}}\n");
    assert_string_equal(records[3].weight, "45");
    end(&q);
}

static void weights_are_trimmed(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "\\N", "1", 6);
    add_records("y", "\\N", "1", 2);
    /* 1, 1, 1, 1, 1, 1, 9, 9: the mean is 3. */
    static const char yaml[] = "margins: [{by: [a], counts: {x: 6, y: 18}}]\nbounds: [0, 2]\n";
    char trim[200];
    (void)snprintf(trim, sizeof trim, "%strim: true\n", yaml);
    weigh_well(&q, trim);
    assert_string_equal(records[0].weight, "2");
    assert_string_equal(records[7].weight, "6");
    const struct weight_solution *s = weighting_solution(q.weighting);
    assert_true(s->trimmed);
    assert_near(s->trim.lost, 6, 1e-12, "cut off");
    assert_near(s->trim.rows_upper, 2, 1e-12, "rows");
    struct buffer text = BUFFER_INIT;
    assert_true(weight_report_trimming(weighting_plan(q.weighting), s, "p", &text));
    assert_non_null(strstr(text.data, "p: trimmed to 0..2 times the mean: 2 weights lowered"));
    assert_non_null(strstr(text.data, "level 'x' has 50 % of the weight and should have 25 %"));
    buffer_free(&text);
    end(&q);
    assert_int_equal(ask(&q, yaml), STATUS_OK);
    assert_refused(weigh(&q, 1), &q.err, "a 'y': 2 records with a weight of 3 times the mean");
    end(&q);
    /* On a bound is within it. */
    weigh_well(&q, "margins: [{by: [a], counts: {x: 6, y: 18}}]\n"
                   "bounds: [0.333334, 3]\ntrim: true\n");
    end(&q);
    weigh_well(&q, "margins: [{by: [a], shares: {x: 0.75, y: 0.25}}]\nbounds: [0.999999, 1]\n");
    assert_false(weighting_solution(q.weighting)->trimmed);
    end(&q);
}

/* ---- refusals of data ---- */

static void data_are_refused(void **unused)
{
    static const struct {
        const char *yaml;
        const char *says;
    } cases[] = {
        {"margins: [{by: [a], counts: {x: 10, y: 20, z: 30}}]\n",
         "margin 'a', level 'z': 30, and no record, so nothing can stand for these people"},
        {"margins: [{by: [a], shares: {x: 0.25, y: 0.25, z: 0.25, w: 0.25}}]\n",
         "margin 'a', level 'z' (and 1 level more): a share of 0.25"},
        {"margins: [{by: [a], counts: {x: 1, y: 20}}]\n", "margin 'a', level 'x': 2 records of 1"},
        {"margins: [{by: [a], counts: {x: 10, y: 0}}]\n", "1 records of 0 people; leave these"},
        {"margins: [{by: [a], counts: {x: 5000000, y: 20}}]\n", "at most 1000000 can be written"},
        {"margins: [{by: [a], shares: {x: 0.999999999, y: 0.000000001}}]\n", "rounded to 0"},
        {"margins: [{by: [a], counts: {x: 10, y: 20}}]\nbase: b\n",
         "only records of base weight 0"},
        {"margins: [{by: [a], counts: {x: 10, y: 20}}, {by: [b], counts: {0: 25, 1: 5}}]\n",
         "does not converge"},
    };
    (void)unused;
    record_count = 0;
    add_records("x", "1", "1", 2);
    add_records("y", "0", "1", 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct question q;
        if (ask(&q, cases[i].yaml) != STATUS_OK)
            fail_msg("%s", q.err.text);
        assert_refused(weigh(&q, 1), &q.err, cases[i].says);
        end(&q);
    }
    record_count = 0;
    struct question q;
    assert_int_equal(ask(&q, "margins: [{by: [a], counts: {x: 10}}]\n"), STATUS_OK);
    assert_refused(weigh(&q, 1), &q.err, "no records came in");
    end(&q);
}

static void records_without_a_level_are_refused(void **unused)
{
    struct question q;
    (void)unused;
    record_count = 0;
    add_records("x", "u", "1", 1);
    add_records("odd", "u", "1", 1);
    add_records("\\N", "u", "1", 1);
    add_records("x", "u", "-1", 1);
    add_records("x", "u", "\\N", 1);
    add_records("x", "u", "one", 1);
    weigh_well(&q, "margins: [{by: [a], counts: {x: 10}}]\nbase: base\nmissing: reject\n");
    assert_string_equal(records[0].weight, "10");
    for (size_t i = 1; i < record_count; i++)
        assert_string_equal(records[i].weight, "");
    end(&q);
}

static void other_records_in_the_second_reading_are_noticed(void **unused)
{
    struct question q;
    (void)unused;
    for (int what = 0; what < 3; what++) {
        record_count = 0;
        add_records("x", "u", "1", 5);
        add_records("y", "u", "1", 5);
        assert_int_equal(ask(&q, "margins: [{by: [a], counts: {x: 10, y: 20, z: 0}}]\n"),
                         STATUS_OK);
        assert_int_equal(read_all(&q, 0, record_count, 1, false), STATUS_OK);
        assert_int_equal(weighting_solve(q.weighting, &q.err), STATUS_OK);
        (void)snprintf(records[3].cells[0], CELL, "%s", what == 0 ? "y" : what == 1 ? "z" : "x");
        enum status s = read_all(&q, 0, what == 2 ? record_count - 1 : record_count, 1, true);
        if (s == STATUS_OK)
            s = weighting_check(q.weighting, &q.err);
        assert_int_equal(s, STATUS_DAMAGED);
        end(&q);
    }
}

/* ---- any split, any number of workers ---- */

static void make_records(size_t count, size_t bases)
{
    record_count = 0;
    for (size_t i = 0; i < count; i++) {
        char a[CELL], b[CELL], base[CELL];
        (void)snprintf(a, sizeof a, "a%u", (unsigned)(next_random() % 4));
        (void)snprintf(b, sizeof b, "b%u", (unsigned)(next_random() % 3));
        (void)snprintf(base, sizeof base, "%u.%06u", (unsigned)(next_random() % 3),
                       (unsigned)(next_random() % bases + 1));
        add_records(a, b, base, 1);
    }
}

/* Base weights that do not repeat take other ways through the code than those that do. */
static void the_split_does_not_matter(void **unused)
{
    static const char yaml[] =
        "margins: [{by: [a], counts: {a0: 9000, a1: 11000, a2: 7000, a3: 3000}},"
        " {by: [b], counts: {b0: 5000, b1: 5000, b2: 20000}}]\nbase: base\n";
    static char first[RECORDS_MAX][CELL];
    (void)unused;
    for (size_t round = 0; round < 6; round++) {
        make_records(RECORDS_MAX, round % 2 == 0 ? 4 : 900000);
        double sum = 0;
        for (size_t workers = 1; workers <= WORKERS_MAX; workers++) {
            struct question q;
            if (ask(&q, yaml) != STATUS_OK || weigh(&q, workers) != STATUS_OK)
                fail_msg("%s", q.err.text);
            for (size_t i = 0; i < record_count; i++) {
                int64_t weight = 0;
                if (workers == 1)
                    memcpy(first[i], records[i].weight, CELL);
                else
                    assert_string_equal(first[i], records[i].weight);
                assert_int_equal(decimal_parse(slice_of(records[i].weight), &weight), DECIMAL_OK);
                sum += workers == 1 && strcmp(records[i].cells[1], "b1") == 0
                           ? (double)weight / DECIMAL_ONE
                           : 0;
            }
            end(&q);
        }
        assert_within(sum, 5000, 1e-3, "the margin is met");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_read),
        cmocka_unit_test(weights_are_rounded_half_to_even),
        cmocka_unit_test(studies_are_checked),
        cmocka_unit_test(other_totals_can_be_rescaled),
        cmocka_unit_test(strata_are_weighted_to_their_sizes),
        cmocka_unit_test(base_weights_are_honoured),
        cmocka_unit_test(raking_by_hand),
        cmocka_unit_test(levels_are_joined_by_name),
        cmocka_unit_test(weights_are_trimmed),
        cmocka_unit_test(data_are_refused),
        cmocka_unit_test(records_without_a_level_are_refused),
        cmocka_unit_test(other_records_in_the_second_reading_are_noticed),
        cmocka_unit_test(the_split_does_not_matter),
    };
    struct error err = ERROR_INIT;
    if (hash_init(&err) != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
