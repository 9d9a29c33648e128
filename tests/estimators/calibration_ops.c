#include "ops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/calibration.h"
#include "stats/confidence.h"
#include "stats/transfer.h"

static double z_of(const json_t *input)
{
    return confidence_z(ops_number_or(input, "conf", 0.95));
}

static enum calibration_form form_of(const json_t *input)
{
    const char *form = ops_text_or(input, "form", "saturated");
    return strcmp(form, "tilt") == 0     ? CALIBRATION_TILT
           : strcmp(form, "ushape") == 0 ? CALIBRATION_USHAPE
           : strcmp(form, "tilt+u") == 0 ? CALIBRATION_TILT_USHAPE
                                         : CALIBRATION_SATURATED;
}

/* The tables of both kinds of case, and room for what is made of them. */
struct tables {
    size_t bands;
    double *reference;
    double *probe;
    double *target;
    double *weights;
    double *share;
};

static struct tables read_tables(const json_t *input)
{
    struct tables t;
    size_t cells;
    t.reference = ops_numbers(input, "ref_selfselected", &cells);
    t.probe = ops_numbers(input, "ref_probe", &cells);
    t.target = ops_numbers(input, "target", &t.bands);
    t.weights = calloc(t.bands + 1, sizeof *t.weights);
    t.share = calloc(t.bands + 1, sizeof *t.share);
    if (t.weights == NULL || t.share == NULL)
        ops_stop("no memory for", "target");
    return t;
}

static void free_tables(struct tables *t)
{
    free(t->reference);
    free(t->probe);
    free(t->target);
    free(t->weights);
    free(t->share);
}

static json_t *run_calibrate(const json_t *input, struct error *err)
{
    struct tables t = read_tables(input);
    struct calibration_input in = {.reference = t.reference,
                                   .probe = t.probe,
                                   .target = t.target,
                                   .bands = t.bands,
                                   .form = form_of(input),
                                   .z = z_of(input)};
    struct calibrated out;
    json_t *result = NULL;
    if (calibrate(&in, t.weights, t.share, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "weights", t.weights, t.bands);
        ops_put_all(result, "share", t.share, t.bands);
        ops_put(result, "mean", out.mean);
        ops_put(result, "se", out.se);
        ops_put(result, "n_eff", out.n_eff);
        ops_put_pair(result, "ci", out.low, out.high);
    }
    free_tables(&t);
    return result;
}

static json_t *run_calibrate_cv(const json_t *input, struct error *err)
{
    struct tables t = read_tables(input);
    struct transfer_input in = {.reference = t.reference,
                                .probe = t.probe,
                                .target = t.target,
                                .groups = ops_length(input, "ref_probe"),
                                .bands = t.bands,
                                .form = form_of(input),
                                .z = z_of(input),
                                .tau = ops_number_or(input, "tau", (double)NAN)};
    struct transferred out;
    json_t *result = NULL;
    if (transfer_calibrate(&in, t.weights, t.share, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "share", t.share, t.bands);
        ops_put(result, "mean", out.calibrated.mean);
        ops_put(result, "se_plain", out.se_plain);
        ops_put(result, "tau2", out.calibrated.tau2);
        ops_put(result, "se", out.calibrated.se);
        ops_put_pair(result, "ci", out.calibrated.low, out.calibrated.high);
    }
    free_tables(&t);
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
        ops_put_pair(result, "ci", out.low, out.high);
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
