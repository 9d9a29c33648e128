#include "ops.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/calibration.h"
#include "stats/transfer.h"

static double z_of(const json_t *input)
{
    return gsl_cdf_ugaussian_Pinv(0.5 + ops_number_or(input, "conf", 0.95) / 2);
}

static enum calibration_form form_of(const json_t *input)
{
    const char *form = ops_text_or(input, "form", "saturated");
    return strcmp(form, "tilt") == 0     ? CALIBRATION_TILT
           : strcmp(form, "ushape") == 0 ? CALIBRATION_USHAPE
           : strcmp(form, "tilt+u") == 0 ? CALIBRATION_TILT_USHAPE
                                         : CALIBRATION_SATURATED;
}

static void put_limits(json_t *result, double low, double high)
{
    const double limits[] = {low, high};
    ops_put_all(result, "ci", limits, 2);
}

static json_t *run_calibrate(const json_t *input, struct error *err)
{
    size_t bands = 0, others = 0;
    double *reference = ops_numbers(input, "ref_selfselected", &bands);
    double *probe = ops_numbers(input, "ref_probe", &others);
    double *target = ops_numbers(input, "target", &others);
    double *weights = calloc(bands + 1, sizeof *weights);
    double *share = calloc(bands + 1, sizeof *share);
    struct calibration_input in = {.reference = reference,
                                   .probe = probe,
                                   .target = target,
                                   .bands = bands,
                                   .form = form_of(input),
                                   .z = z_of(input)};
    struct calibrated out;
    json_t *result = NULL;
    if (calibrate(&in, weights, share, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "weights", weights, bands);
        ops_put_all(result, "share", share, bands);
        ops_put(result, "mean", out.mean);
        ops_put(result, "se", out.se);
        ops_put(result, "n_eff", out.n_eff);
        put_limits(result, out.low, out.high);
    }
    free(reference);
    free(probe);
    free(target);
    free(weights);
    free(share);
    return result;
}

static json_t *run_calibrate_cv(const json_t *input, struct error *err)
{
    size_t all = 0, bands = 0;
    double *reference = ops_numbers(input, "ref_selfselected", &all);
    double *probe = ops_numbers(input, "ref_probe", &all);
    double *target = ops_numbers(input, "target", &bands);
    double *weights = calloc(bands + 1, sizeof *weights);
    double *share = calloc(bands + 1, sizeof *share);
    struct transfer_input in = {.reference = reference,
                                .probe = probe,
                                .target = target,
                                .groups = ops_length(input, "ref_probe"),
                                .bands = bands,
                                .form = form_of(input),
                                .z = z_of(input),
                                .tau = ops_number_or(input, "tau", (double)NAN)};
    struct transferred out;
    json_t *result = NULL;
    if (transfer_calibrate(&in, weights, share, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "share", share, bands);
        ops_put(result, "mean", out.calibrated.mean);
        ops_put(result, "se_plain", out.se_plain);
        ops_put(result, "tau2", out.calibrated.tau2);
        ops_put(result, "se", out.calibrated.se);
        put_limits(result, out.calibrated.low, out.calibrated.high);
    }
    free(reference);
    free(probe);
    free(target);
    free(weights);
    free(share);
    return result;
}

static json_t *run_calibrate_dl(const json_t *input, struct error *err)
{
    size_t groups = 0;
    double *positive = ops_numbers(input, "pos", &groups);
    double *answers = ops_numbers(input, "n", &groups);
    double *truth = ops_numbers(input, "truth", &groups);
    struct transfer_share_input in = {.positive = positive,
                                      .answers = answers,
                                      .truth = truth,
                                      .groups = groups,
                                      .target_positive = ops_number(input, "target_pos"),
                                      .target_answers = ops_number(input, "target_n"),
                                      .z = z_of(input),
                                      .tau = ops_number_or(input, "tau", (double)NAN)};
    struct transferred_share out;
    json_t *result = NULL;
    if (transfer_share(&in, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put(result, "log_or", out.log_odds_ratio);
        ops_put(result, "tau2", out.tau2);
        ops_put(result, "Q", out.q);
        ops_put(result, "share", out.share);
        put_limits(result, out.low, out.high);
    }
    free(positive);
    free(answers);
    free(truth);
    return result;
}

const struct estimator_op calibration_ops[] = {{"calibrate", run_calibrate},
                                               {"calibrate_cv", run_calibrate_cv},
                                               {"calibrate_dl", run_calibrate_dl},
                                               {NULL, NULL}};
