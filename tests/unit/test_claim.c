/* Claims: what is read, what they are bound to, and the laws that judgements keep. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "assert_near.h"
#include "estimates/claim_judge.h"
#include "estimates/claim_text.h"
#include "stats/interval.h"

enum { BANDS = 5 };

static uint64_t state = 4711;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* ---- reading ---- */

static enum status read_claim(struct claim *claim, const char *text, struct arena *arena,
                              struct error *err)
{
    *err = (struct error)ERROR_INIT;
    return claim_parse(claim, text, arena, err);
}

static void reads_what_is_right(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        enum claim_measure measure;
        enum claim_op op;
        int64_t number;
        size_t sides;
    } cases[] = {
        {"mean(score) > 3.5", CLAIM_MEAN, CLAIM_ABOVE, 3500000, 1},
        {"mean>3.5", CLAIM_MEAN, CLAIM_ABOVE, 3500000, 1},
        {"  mean ( score )>= -0.25 ", CLAIM_MEAN, CLAIM_AT_LEAST, -250000, 1},
        {"share(negative) < 0.3", CLAIM_SHARE, CLAIM_BELOW, 300000, 1},
        {"share(1) >= 30%", CLAIM_SHARE, CLAIM_AT_LEAST, 300000, 1},
        {"share(1) >= 30 %", CLAIM_SHARE, CLAIM_AT_LEAST, 300000, 1},
        {"share(4, 5) <= 12.5%", CLAIM_SHARE, CLAIM_AT_MOST, 125000, 1},
        {"share(\"a, (b)\") \xe2\x89\xa4 1", CLAIM_SHARE, CLAIM_AT_MOST, 1000000, 1},
        {"net > 0", CLAIM_NET, CLAIM_ABOVE, 0, 1},
        {"net(score) > -5%", CLAIM_NET, CLAIM_ABOVE, -50000, 1},
        {"mean[a=x] < mean[a=y]", CLAIM_MEAN, CLAIM_BELOW, 0, 2},
        {"mean[a=x] < mean[a=y] - 0.5", CLAIM_MEAN, CLAIM_BELOW, -500000, 2},
        {"share(5)>share(1)+5%", CLAIM_SHARE, CLAIM_ABOVE, 50000, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err;
        struct claim claim;
        if (read_claim(&claim, cases[i].text, &arena, &err) != STATUS_OK)
            fail_msg("%s: %s", cases[i].text, err.text);
        if (claim.sides[0].measure != cases[i].measure || claim.op != cases[i].op ||
            claim.number != cases[i].number || claim.side_count != cases[i].sides)
            fail_msg("%s is read otherwise", cases[i].text);
        arena_free(&arena);
    }
}

static void reads_groups_and_bands(void **unused)
{
    (void)unused;
    struct arena arena = ARENA_INIT;
    struct error err;
    struct claim claim;
    assert_int_equal(read_claim(&claim,
                                "share(\"very \"\"good\"\"\", 4..5)[ airline = US Airways , "
                                "\"a=b\"=\"x]\", c=] > 0",
                                &arena, &err),
                     STATUS_OK);
    const struct claim_side *side = &claim.sides[0];
    assert_int_equal(side->band_count, 2);
    assert_true(slice_is(side->bands[0].from, "very \"good\""));
    assert_true(slice_missing(side->bands[0].to));
    assert_true(slice_is(side->bands[1].from, "4") && slice_is(side->bands[1].to, "5"));
    assert_int_equal(side->pick_count, 3);
    assert_true(slice_is(side->picks[0].column, "airline"));
    assert_true(slice_is(side->picks[0].value, "US Airways"));
    assert_true(slice_is(side->picks[1].column, "a=b") && slice_is(side->picks[1].value, "x]"));
    assert_int_equal(side->picks[2].value.len, 0);
    arena_free(&arena);
}

static void says_what_is_wrong_and_where(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        uint64_t place;
        const char *says;
    } cases[] = {
        {"", 1, "mean(score), share(BAND) or net"},
        {"maen > 3", 1, "did you mean 'mean'"},
        {"median(score) > 3", 1, "mean(score), share(BAND) or net"},
        {"mean(likes) > 3", 6, "only scores"},
        {"mean(score > 3", 6, "only scores"},
        {"mean", 5, "one of > >= < <="},
        {"mean = 3", 6, "exactly"},
        {"mean > ", 8, "mean(score), share(BAND) or net"},
        {"mean > 3,5", 8, "a number such as"},
        {"mean > 3e2", 8, "a number such as"},
        {"mean > 3.1234567", 8, "6 decimal places"},
        {"share(1) > 0.12345%", 12, "4 decimal places"},
        {"mean > 3 or so", 10, "should end here"},
        {"share > 3", 7, "name of a band"},
        {"share() > 3", 7, "name of a band"},
        {"share(1 > 3", 12, "',' or ')'"},
        {"share(\"1) > 3", 7, "never closed"},
        {"mean[airline] > 3", 13, "'='"},
        {"mean[a=1 > 3", 13, "',' or ']'"},
        {"mean[a=1] > share(1)", 13, "same"},
        {"mean[a=1] > mean[a=2] - -1", 25, "without a sign"},
        {"share(\xc3\xa4\xc3\xb6) = 3", 11, "exactly"}, /* in characters, not bytes */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err;
        struct claim claim;
        assert_int_equal(read_claim(&claim, cases[i].text, &arena, &err), STATUS_USAGE);
        if (err.column != cases[i].place || strstr(err.text, cases[i].says) == NULL)
            fail_msg("%s: %llu: %s", cases[i].text, (unsigned long long)err.column, err.text);
        arena_free(&arena);
    }
}

/* ---- groups made by hand ---- */

static const struct slice no_key[1];

struct made {
    struct table_group group;
    struct table_band band[BANDS];
    double scores[BANDS];
    double counts[BANDS];
};

static void fill(struct made *m, const double *counts, size_t bands, double population)
{
    static const char *const names[] = {"1", "2", "3", "4", "5"};
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < bands; i++) {
        double x = (double)i + 1;
        m->band[i] = (struct table_band){slice_of(names[i]), x, x, x};
        m->scores[i] = x;
        m->counts[i] = counts[i];
        n += counts[i];
        sum += counts[i] * x;
        squares += counts[i] * x * x;
    }
    double none = (double)NAN;
    m->group = (struct table_group){.key = no_key,
                                    .bands = bands,
                                    .band = m->band,
                                    .scores = m->scores,
                                    .counts = m->counts,
                                    .lowest = 1,
                                    .highest = (double)bands,
                                    .scored = n,
                                    .missing = none,
                                    .off_scale = none,
                                    .records = none,
                                    .people = none,
                                    .mean = sum / n,
                                    .sd = sqrt((squares - sum * sum / n) / (n - 1)),
                                    .n_eff = none,
                                    .population = population};
}

static void fill_randomly(struct made *m, double population_or_less)
{
    double counts[BANDS], n = 0;
    for (size_t i = 0; i < BANDS; i++) {
        counts[i] = next_random() % 3 == 0 ? 0.0 : (double)(next_random() % 200);
        n += counts[i];
    }
    counts[next_random() % BANDS] += 30;
    fill(m, counts, BANDS, n + 30 + population_or_less);
}

static const struct claim_rules rules = {.yardstick = CLAIM_YARDSTICK, .z = INTERVAL_Z95};

static struct claim_judgement judge(const char *text, const struct table_group *a,
                                    const struct table_group *b)
{
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct claim claim;
    struct claim_figures figures;
    struct claim_judgement judgement;
    struct claim_found found = {.groups = {a, b}, .labels = {"", ""}};
    if (claim_parse(&claim, text, &arena, &err) != STATUS_OK ||
        claim_figures(&figures, &claim, &found, &arena, &err) != STATUS_OK ||
        claim_judge(&judgement, &figures, claim.op, &rules, &err) != STATUS_OK)
        fail_msg("%s: %s", text, err.text);
    arena_free(&arena);
    return judgement;
}

static struct claim_judgement judge_number(const char *measure, const char *op, double t,
                                           const struct table_group *g)
{
    char text[96];
    (void)snprintf(text, sizeof text, "%s %s %.6f", measure, op, t);
    return judge(text, g, NULL);
}

/* ---- laws ---- */

static const char *const measures[] = {"mean", "share(5)", "share(1..2)", "net"};
static const double lows[] = {1, 0, 0, -1};
static const double highs[] = {5, 1, 1, 1};

/* Certain is the most, then come higher ratios. */
static double strength(const struct claim_judgement *j)
{
    return j->verdict == CLAIM_CERTAIN ? 1e9 : j->ratio;
}

static void weaker_claims_hold_no_less(void **unused)
{
    (void)unused;
    size_t held = 0, fell = 0;
    for (int i = 0; i < 100; i++) {
        struct made m;
        fill_randomly(&m, (double)(next_random() % 500));
        for (size_t k = 0; k < 4; k++) {
            double before = INFINITY, after = -INFINITY;
            bool holds = true, below = false;
            for (double part = 0; part <= 1; part += 0.03125) {
                double t = lows[k] + part * (highs[k] - lows[k]);
                struct claim_judgement j = judge_number(measures[k], ">", t, &m.group);
                assert_true(strength(&j) <= before);
                assert_true(holds || !claim_holds(&j));
                before = strength(&j);
                holds = claim_holds(&j);
                held += holds;
                fell += !holds;
                j = judge_number(measures[k], "<", t, &m.group);
                assert_true(strength(&j) >= after);
                assert_true(!below || claim_holds(&j));
                after = strength(&j);
                below = claim_holds(&j);
            }
        }
    }
    assert_true(held > 1000 && fell > 1000);
}

static void never_a_claim_and_its_opposite(void **unused)
{
    (void)unused;
    static const char *const pairs[][2] = {{">", "<="}, {">=", "<"}, {">", "<"}};
    size_t decided = 0;
    for (int i = 0; i < 300; i++) {
        struct made m, other;
        fill_randomly(&m, (double)(next_random() % 100));
        fill_randomly(&other, (double)(next_random() % 100));
        for (size_t k = 0; k < 4; k++) {
            double t = lows[k] + (double)(1 + next_random() % 31) / 32 * (highs[k] - lows[k]);
            for (size_t p = 0; p < 3; p++) {
                struct claim_judgement one = judge_number(measures[k], pairs[p][0], t, &m.group);
                struct claim_judgement two = judge_number(measures[k], pairs[p][1], t, &m.group);
                assert_false(claim_holds(&one) && claim_holds(&two));
                decided += claim_holds(&one) || claim_holds(&two);
                if (p < 2 && one.verdict == CLAIM_FALSE)
                    assert_int_equal(one.opposite, two.verdict);
            }
        }
        struct claim_judgement one = judge("mean[a=1] > mean[a=2]", &m.group, &other.group);
        struct claim_judgement two = judge("mean[a=1] <= mean[a=2]", &m.group, &other.group);
        assert_false(claim_holds(&one) && claim_holds(&two));
        struct claim_judgement turned = judge("mean[a=1] < mean[a=2]", &other.group, &m.group);
        assert_int_equal(one.verdict, turned.verdict);
        assert_near(one.ratio, turned.ratio, 1e-9, "ratio");
    }
    assert_true(decided > 200);
}

static void people_change_only_certainty(void **unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        struct made m;
        fill_randomly(&m, (double)(next_random() % 400));
        struct table_group unknown = m.group;
        unknown.population = (double)NAN;
        for (size_t k = 0; k < 4; k++) {
            double t = lows[k] + (double)(next_random() % 33) / 32 * (highs[k] - lows[k]);
            struct claim_judgement with = judge_number(measures[k], ">=", t, &m.group);
            struct claim_judgement without = judge_number(measures[k], ">=", t, &unknown);
            assert_true(with.ratio == without.ratio || fabs(with.ratio - without.ratio) <= 0);
            bool certain = with.verdict == CLAIM_CERTAIN || with.opposite == CLAIM_CERTAIN;
            if (!certain)
                assert_int_equal(with.verdict, without.verdict);
            assert_true(claim_holds(&with) || !claim_holds(&without) ||
                        with.opposite == CLAIM_CERTAIN);
        }
    }
}

/* Certain is what stays true whatever is put in for each of the silent. */
static void certain_means_certain(void **unused)
{
    (void)unused;
    size_t seen = 0;
    for (int i = 0; i < 500; i++) {
        struct made m;
        fill_randomly(&m, (double)(next_random() % 60));
        double silent = m.group.population - m.group.scored;
        double t = 1 + (double)(next_random() % 401) / 100;
        double worst = (m.group.mean * m.group.scored + silent) / m.group.population;
        struct claim_judgement j = judge_number("mean", ">", t, &m.group);
        assert_within(j.worst, worst, 1e-9, "worst");
        if (fabs(worst - t) < 1e-9)
            continue;
        assert_int_equal(j.verdict == CLAIM_CERTAIN, worst > t);
        seen += worst > t;
    }
    assert_true(seen > 50);
}

static void decides_at_the_edge(void **unused)
{
    (void)unused;
    struct made m;
    const double third[] = {300, 0, 0, 0, 700};
    /* 300 of 1000 is at least 30 %, and not above it, rounding or not. */
    fill(&m, third, BANDS, 1000);
    assert_int_equal(judge("share(1) >= 30%", &m.group, NULL).verdict, CLAIM_CERTAIN);
    assert_int_equal(judge("share(1) > 30%", &m.group, NULL).verdict, CLAIM_FALSE);
    assert_int_equal(judge("share(1) <= 30%", &m.group, NULL).verdict, CLAIM_CERTAIN);
    assert_int_equal(judge("mean > 3.8", &m.group, NULL).opposite, CLAIM_CERTAIN);
    /* Nobody can stand below the lowest point. */
    m.group.population = (double)NAN;
    assert_int_equal(judge("mean >= 1", &m.group, NULL).verdict, CLAIM_CERTAIN);
    assert_int_equal(judge("mean >= 1", &m.group, NULL).ground, CLAIM_BY_SCALE);
    assert_int_equal(judge("mean > 1", &m.group, NULL).verdict, CLAIM_SUPPORTED);
    assert_int_equal(judge("share(1..5) >= 100%", &m.group, NULL).verdict, CLAIM_CERTAIN);
}

static void refuses(void **unused)
{
    (void)unused;
    struct made m;
    const double few[] = {0, 0, 0, 9, 20}, enough[] = {0, 0, 0, 10, 20};
    fill(&m, few, BANDS, 29);
    assert_int_equal(judge("mean > 1", &m.group, NULL).refusal, CLAIM_TOO_FEW);
    fill(&m, enough, BANDS, 29);
    assert_int_equal(judge("mean > 1", &m.group, NULL).refusal, CLAIM_TOO_MANY);
    fill(&m, enough, BANDS, 30);
    assert_int_equal(judge("mean > 1", &m.group, NULL).refusal, CLAIM_NOT_REFUSED);
    m.group.withheld = true;
    assert_int_equal(judge("mean > 1", &m.group, NULL).refusal, CLAIM_WITHHELD);
    fill(&m, enough + 4, 1, 30);
    assert_int_equal(judge("mean >= 1", &m.group, NULL).refusal, CLAIM_NO_SCORES);
    /* 30 records, but only 10 people. */
    fill(&m, enough, BANDS, 1000);
    m.group.people = 10;
    assert_int_equal(judge("mean > 1", &m.group, NULL).refusal, CLAIM_TOO_FEW);
    assert_false(claim_holds(&(struct claim_judgement){.verdict = CLAIM_REFUSED}));
}

/* Few busy people are no crowd: chance counts people, and nothing is certain. */
static void repeats_weaken(void **unused)
{
    (void)unused;
    struct made m;
    const double counts[] = {10, 20, 50, 200, 720};
    fill(&m, counts, BANDS, 1000);
    struct claim_judgement each = judge("mean > 3", &m.group, NULL);
    m.group.people = 100;
    struct claim_judgement busy = judge("mean > 3", &m.group, NULL);
    assert_int_equal(each.verdict, CLAIM_CERTAIN);
    assert_int_equal(busy.verdict, CLAIM_SUPPORTED);
    assert_true(busy.repeated && busy.ratio < each.ratio && isnan(busy.worst));
}

/* Bands that are ranges: by their worse ends. */
static void ranges_by_their_worse_ends(void **unused)
{
    (void)unused;
    struct made m;
    const double counts[] = {100, 100, 200, 300, 300};
    fill(&m, counts, BANDS, (double)NAN);
    struct claim_judgement points = judge("mean > 3", &m.group, NULL);
    for (size_t i = 0; i < BANDS; i++) {
        m.band[i].low -= 0.5;
        m.band[i].high += 0.5;
    }
    m.group.lowest = 0.5;
    m.group.highest = 5.5;
    struct claim_judgement ends = judge("mean > 3", &m.group, NULL);
    assert_true(ends.tip < points.tip && ends.ratio < points.ratio);
    assert_within(ends.observed, m.group.mean, 0, "observed");
}

static void same_group_shares_are_one_question(void **unused)
{
    (void)unused;
    struct made m;
    const double counts[] = {100, 100, 200, 300, 400};
    fill(&m, counts, BANDS, (double)NAN);
    struct claim_judgement j = judge("share(5) > share(1)", &m.group, &m.group);
    assert_within(j.tip, 4, 1e-12, "tip");
    assert_within(j.observed, 300.0 / 1100, 1e-12, "difference");
}

/* A random check sample goes before readiness. */
static void a_probe_decides(void **unused)
{
    (void)unused;
    struct made m;
    const double counts[] = {100, 100, 200, 300, 400}, low[] = {80, 40, 40, 20, 20};
    fill(&m, counts, BANDS, 1e6);
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct claim claim;
    struct claim_figures figures;
    struct claim_judgement j;
    struct claim_found found = {.groups = {&m.group, NULL}, .labels = {"", ""}};
    const struct claim_probe probe = {low, 200, false}, small = {low, 29, false};
    struct claim_rules with = rules;
    assert_int_equal(claim_parse(&claim, "mean > 3", &arena, &err), STATUS_OK);
    assert_int_equal(claim_figures(&figures, &claim, &found, &arena, &err), STATUS_OK);
    with.probes[0] = &probe;
    assert_int_equal(claim_judge(&j, &figures, CLAIM_ABOVE, &with, &err), STATUS_OK);
    assert_int_equal(j.verdict, CLAIM_PROBED_AGAINST);
    assert_int_equal(claim_judge(&j, &figures, CLAIM_BELOW, &with, &err), STATUS_OK);
    assert_int_equal(j.verdict, CLAIM_PROBED);
    with.probes[0] = &small;
    assert_int_equal(claim_judge(&j, &figures, CLAIM_ABOVE, &with, &err), STATUS_OK);
    assert_int_equal(j.verdict, CLAIM_SUPPORTED);
    arena_free(&arena);
}

static void numbers_off_the_scale(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"mean > 6", "between 1 and 5"},         {"mean > 3%", "not a percentage"},
        {"share(1) > 30", "write a percentage"}, {"share(1) > 130%", "0 % and 100 %"},
        {"share(6) > 0", "no band '6'"},         {"share(5..4) > 0", "higher to the lower"},
        {"net < -2", "between -1 and 1"},        {"mean > mean + 1", "same figure"}};
    struct made m;
    const double counts[] = {100, 100, 200, 300, 400};
    fill(&m, counts, BANDS, (double)NAN);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct claim claim;
        struct claim_figures figures;
        struct claim_found found = {.groups = {&m.group, &m.group}, .labels = {"", ""}};
        assert_int_equal(claim_parse(&claim, cases[i].text, &arena, &err), STATUS_OK);
        assert_int_equal(claim_figures(&figures, &claim, &found, &arena, &err), STATUS_USAGE);
        if (strstr(err.text, cases[i].says) == NULL || err.column == 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_right),
        cmocka_unit_test(reads_groups_and_bands),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(weaker_claims_hold_no_less),
        cmocka_unit_test(never_a_claim_and_its_opposite),
        cmocka_unit_test(people_change_only_certainty),
        cmocka_unit_test(certain_means_certain),
        cmocka_unit_test(decides_at_the_edge),
        cmocka_unit_test(refuses),
        cmocka_unit_test(repeats_weaken),
        cmocka_unit_test(ranges_by_their_worse_ends),
        cmocka_unit_test(same_group_shares_are_one_question),
        cmocka_unit_test(a_probe_decides),
        cmocka_unit_test(numbers_off_the_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
