/* Calibration: identities that must hold, and what must be refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assert_near.h"
#include "stats/calibration.h"
#include "stats/interval.h"
#include "stats/logistic.h"
#include "stats/transfer.h"

enum { BANDS = 5, GROUPS = 6 };

/* Changed by each test in its own copy. */
struct tables {
    double reference[BANDS];
    double probe[BANDS];
    double target[BANDS];
    double weights[BANDS];
    double share[BANDS];
    struct calibration_input in;
};

static void make_tables(struct tables *t)
{
    *t = (struct tables){.reference = {500, 300, 200, 400, 900},
                         .probe = {60, 90, 110, 80, 60},
                         .target = {100, 50, 40, 80, 230}};
    t->in = (struct calibration_input){.reference = t->reference,
                                       .probe = t->probe,
                                       .target = t->target,
                                       .bands = BANDS,
                                       .form = CALIBRATION_SATURATED,
                                       .z = INTERVAL_Z95};
}

/* The reference group, with as many answers as were added to, is mapped onto its own probe. */
static void the_reference_group_gets_its_probe(void **unused)
{
    (void)unused;
    struct tables t;
    struct calibrated out;
    make_tables(&t);
    for (size_t k = 0; k < BANDS; k++)
        t.target[k] = t.reference[k] + CALIBRATION_ADDED;
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &out, NULL), STATUS_OK);
    for (size_t k = 0; k < BANDS; k++)
        assert_near(t.share[k], (t.probe[k] + 0.5) / 402.5, 1e-13, "share");
    assert_near(out.probe_mean, (60 + 180 + 330 + 320 + 300) / 400.0, 1e-14, "probe transfer");
    assert_near(out.high - out.low, 2 * INTERVAL_Z95 * out.se, 1e-13, "limits");
    assert_near(out.probe_n, 400, 0, "m");
    assert_int_equal(out.flags, 0);
    assert_int_equal(calibration_refuse(&out, NULL), STATUS_OK);
}

/* With as many parameters as bands a smooth form is the saturated one. */
static void three_bands_with_both_slopes_are_saturated(void **unused)
{
    (void)unused;
    struct tables t;
    struct calibrated full, smooth;
    double weights[BANDS];
    make_tables(&t);
    t.in.bands = 3;
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &full, NULL), STATUS_OK);
    t.in.form = CALIBRATION_TILT_USHAPE;
    assert_int_equal(calibrate(&t.in, weights, t.share, &smooth, NULL), STATUS_OK);
    for (size_t k = 0; k < 3; k++)
        assert_near(weights[k], t.weights[k], 1e-10, "weight");
    assert_near(smooth.mean, full.mean, 1e-11, "mean");
    assert_near(smooth.se, full.se, 1e-10, "se");
}

static void an_exact_margin_leaves_the_errors_of_the_answers(void **unused)
{
    (void)unused;
    const enum calibration_form forms[] = {CALIBRATION_SATURATED, CALIBRATION_TILT,
                                           CALIBRATION_USHAPE, CALIBRATION_TILT_USHAPE};
    for (size_t f = 0; f < 4; f++) {
        struct tables t;
        struct calibrated sample, exact;
        make_tables(&t);
        t.in.form = forms[f];
        assert_int_equal(calibrate(&t.in, t.weights, t.share, &sample, NULL), STATUS_OK);
        for (size_t k = 0; k < BANDS; k++)
            t.probe[k] *= 1e12 / 400;
        assert_int_equal(calibrate(&t.in, t.weights, t.share, &exact, NULL), STATUS_OK);
        assert_true(exact.se > 0 && exact.se < sample.se);
    }
}

static void scores_move_the_mean(void **unused)
{
    (void)unused;
    struct tables t;
    struct calibrated plain, scaled;
    const double scores[] = {-20, 0, 20, 40, 60};
    make_tables(&t);
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &plain, NULL), STATUS_OK);
    t.in.scores = scores;
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &scaled, NULL), STATUS_OK);
    assert_near(scaled.mean, 20 * (plain.mean - 2), 1e-12, "mean");
    assert_near(scaled.se, 20 * plain.se, 1e-12, "se");
}

static void flags_and_their_words(void **unused)
{
    (void)unused;
    struct tables t;
    struct calibrated out;
    struct error err = ERROR_INIT;
    make_tables(&t);
    memcpy(t.probe, (const double[]){1, 1, 1, 1, 1}, sizeof t.probe);
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &out, &err), STATUS_OK);
    assert_int_equal(out.flags, CALIBRATION_SMALL_PROBE);
    assert_refused(calibration_refuse(&out, &err), &err, "the probe has 5 answers (at least 30)");
    memcpy(t.probe, (const double[]){29, 0, 1, 0, 0}, sizeof t.probe);
    memcpy(t.target, (const double[]){2, 1, 1, 1, 1}, sizeof t.target);
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &out, &err), STATUS_OK);
    assert_int_equal(out.flags, CALIBRATION_UNEVEN | CALIBRATION_FEW);
    assert_refused(calibration_refuse(&out, &err), &err, "weights differ");
    assert_non_null(strstr(err.text, "the target group is worth"));
}

static void calibrate_refuses(void **unused)
{
    (void)unused;
    struct tables t;
    struct calibrated out;
    struct error err = ERROR_INIT;
    make_tables(&t);
    t.in.bands = 1;
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "2 bands, not 1");
    t.in.bands = 2;
    t.in.form = CALIBRATION_USHAPE;
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "3 bands, not 2");
    t.in.form = CALIBRATION_TILT;
    assert_int_equal(calibrate(&t.in, t.weights, t.share, &out, &err), STATUS_OK);
    make_tables(&t);
    t.reference[3] = -1;
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "band 4");
    make_tables(&t);
    t.target[1] = (double)INFINITY;
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "band 2");
    make_tables(&t);
    t.probe[0] = (double)NAN;
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "band 1");
    make_tables(&t);
    memset(t.probe, 0, sizeof t.probe);
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "probe: 0 in all");
    make_tables(&t);
    memset(t.target, 0, sizeof t.target);
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "target group: 0");
    make_tables(&t);
    memset(t.reference, 0, sizeof t.reference);
    assert_refused(calibrate(&t.in, t.weights, t.share, &out, &err), &err, "reference group: 0");
}

static void logistic_of_known_odds_and_a_singular_table(void **unused)
{
    (void)unused;
    const double z[] = {1, 0, 1, 1}, yes[] = {1, 30}, no[] = {4, 10};
    const double same[] = {1, 1, 1, 1};
    struct logistic_fit fit;
    struct error err = ERROR_INIT;
    assert_int_equal(logistic_fit(z, yes, no, 2, 2, &fit, &err), STATUS_OK);
    assert_near(fit.b[0], log(0.25), 1e-12, "constant");
    assert_near(fit.b[1], log(3 / 0.25), 1e-12, "slope");
    assert_near(fit.covariance[1][1], 1 + 0.25 + 1 / 30.0 + 0.1, 1e-11, "its variance");
    assert_near(fit.covariance[0][1], -1.25, 1e-11, "covariance");
    assert_refused(logistic_fit(same, yes, no, 2, 2, &fit, &err), &err, "cannot be told apart");
    /* Far from even, and far between the rows. */
    const double much[] = {1e12, 1}, little[] = {1, 1e12};
    assert_int_equal(logistic_fit(z, much, little, 2, 2, &fit, &err), STATUS_OK);
    assert_near(fit.b[1], -2 * log(1e12), 1e-9, "a steep slope");
}

struct groups {
    double reference[GROUPS * BANDS];
    double probe[GROUPS * BANDS];
    double target[BANDS];
    double weights[BANDS];
    double share[BANDS];
    struct transfer_input in;
};

/* All groups answer alike; their distributions differ a little. */
static void make_groups(struct groups *g)
{
    *g = (struct groups){.target = {100, 50, 40, 80, 230}};
    for (size_t j = 0; j < GROUPS; j++) {
        for (size_t k = 0; k < BANDS; k++) {
            double people = 1000 + 40 * (double)((j + 2 * k) % 5);
            g->reference[j * BANDS + k] = people * (0.3 + 0.1 * (double)k);
            g->probe[j * BANDS + k] = people / 10;
        }
    }
    g->in = (struct transfer_input){.reference = g->reference,
                                    .probe = g->probe,
                                    .target = g->target,
                                    .groups = GROUPS,
                                    .bands = BANDS,
                                    .form = CALIBRATION_SATURATED,
                                    .z = INTERVAL_Z95,
                                    .tau = (double)NAN};
}

static void groups_that_answer_alike_add_nothing(void **unused)
{
    (void)unused;
    struct groups g;
    struct transferred out;
    make_groups(&g);
    assert_int_equal(transfer_calibrate(&g.in, g.weights, g.share, &out, NULL), STATUS_OK);
    assert_near(out.calibrated.tau2, 0, 0, "tau2");
    assert_near(out.calibrated.se, out.se_plain, 1e-15, "se");
    for (size_t k = 0; k < BANDS; k++) { /* the first group answers the other way round */
        g.reference[k] = g.probe[k] * (7 - (double)k);
        g.reference[BANDS + k] = g.probe[BANDS + k] * (1 + 3 * (double)k);
    }
    assert_int_equal(transfer_calibrate(&g.in, g.weights, g.share, &out, NULL), STATUS_OK);
    assert_true(out.calibrated.tau2 > 0);
    assert_near(out.calibrated.se, sqrt(out.se_plain * out.se_plain + out.calibrated.tau2), 1e-14,
                "se");
}

static void transfer_refuses(void **unused)
{
    (void)unused;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    struct groups g;
    struct transferred out;
    struct error err = ERROR_INIT;
    make_groups(&g);
    g.in.groups = 4;
    assert_refused(transfer_calibrate(&g.in, g.weights, g.share, &out, &err), &err,
                   "4 reference groups");
    g.in.tau = 0.3; /* given by the user */
    assert_int_equal(transfer_calibrate(&g.in, g.weights, g.share, &out, &err), STATUS_OK);
    assert_near(out.calibrated.tau2, 0.09, 1e-15, "tau2");
    g.in.tau = -1;
    assert_refused(transfer_calibrate(&g.in, g.weights, g.share, &out, &err), &err, "tau of -1");
    make_groups(&g);
    g.in.groups = 0;
    assert_refused(transfer_calibrate(&g.in, g.weights, g.share, &out, &err), &err, "at least one");
    make_groups(&g);
    g.in.group_names = names;
    g.probe[2 * BANDS + 1] = -3;
    assert_refused(transfer_calibrate(&g.in, g.weights, g.share, &out, &err), &err,
                   "group 'c': band 2");
    for (size_t k = 0; k < BANDS; k++)
        g.probe[2 * BANDS + k] = 0;
    assert_refused(transfer_calibrate(&g.in, g.weights, g.share, &out, &err), &err,
                   "group 'c': no answers of its probe");
}

static void shares_of_two_bands(void **unused)
{
    (void)unused;
    double positive[] = {600, 300, 420, 510, 150}, answers[] = {1000, 500, 700, 850, 250};
    double truth[] = {0.5, 0.5, 0.5, 0.5, 0.5};
    struct transfer_share_input in = {.positive = positive,
                                      .answers = answers,
                                      .truth = truth,
                                      .groups = 5,
                                      .target_positive = 60,
                                      .target_answers = 100,
                                      .z = INTERVAL_Z95,
                                      .tau = (double)NAN};
    struct transferred_share out;
    struct error err = ERROR_INIT;
    assert_int_equal(transfer_share(&in, &out, &err), STATUS_OK);
    assert_near(out.tau2, 0, 0, "all alike");
    assert_near(out.share, 0.5, 2e-3, "share");
    assert_true(out.low < out.share && out.share < out.high);
    in.groups = 4;
    assert_refused(transfer_share(&in, &out, &err), &err, "give tau");
    in.tau = 0.2;
    assert_int_equal(transfer_share(&in, &out, &err), STATUS_OK);
    assert_near(out.tau2, 0.04, 1e-15, "tau2");
    in.groups = 1;
    assert_int_equal(transfer_share(&in, &out, &err), STATUS_OK);
    in.groups = 5;
    truth[3] = 1;
    assert_refused(transfer_share(&in, &out, &err), &err, "group 4: a true share of 1");
    truth[3] = 0.5;
    positive[1] = 501;
    assert_refused(transfer_share(&in, &out, &err), &err, "group 2: 501 positive of 500");
    positive[1] = 0;
    answers[1] = 0;
    assert_refused(transfer_share(&in, &out, &err), &err, "group 2");
    answers[1] = 500;
    in.target_positive = (double)NAN;
    assert_refused(transfer_share(&in, &out, &err), &err, "target group");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_group_gets_its_probe),
        cmocka_unit_test(three_bands_with_both_slopes_are_saturated),
        cmocka_unit_test(an_exact_margin_leaves_the_errors_of_the_answers),
        cmocka_unit_test(scores_move_the_mean),
        cmocka_unit_test(flags_and_their_words),
        cmocka_unit_test(calibrate_refuses),
        cmocka_unit_test(logistic_of_known_odds_and_a_singular_table),
        cmocka_unit_test(groups_that_answer_alike_add_nothing),
        cmocka_unit_test(transfer_refuses),
        cmocka_unit_test(shares_of_two_bands),
    };
    return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
