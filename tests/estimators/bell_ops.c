#include "ops.h"

#include <stdlib.h>

#include "stats/bell_fit.h"
#include "stats/bell_model.h"
#include "stats/bell_pooled.h"

static void put(json_t *result, const char *key, json_t *value)
{
    if (json_object_set_new(result, key, value) != 0)
        ops_stop("cannot put a value", "bell");
}

static enum bell_model model_of(const json_t *input)
{
    enum bell_model model;
    if (!bell_model_find(ops_text(input, "model"), &model))
        ops_stop("no such model", "bell");
    return model;
}

static void put_quality(json_t *result, const struct bell_quality *quality)
{
    json_t *reasons = json_array();
    const char *name;
    for (size_t i = 0; (name = bell_reason_name(i)) != NULL; i++)
        if ((quality->reasons & (1U << i)) != 0 &&
            json_array_append_new(reasons, json_string(name)) != 0)
            ops_stop("cannot put a reason", "bell");
    put(result, "reasons", reasons);
    put(result, "refuse", json_boolean(bell_refused(quality->reasons)));
    put(result, "df", json_integer(quality->df));
    ops_put(result, "G2", quality->g2);
    ops_put(result, "pval", quality->p_value);
    ops_put(result, "cond", quality->condition);
}

static json_t *bell_eval(const json_t *input, struct error *err)
{
    size_t bands, parameters;
    double *counts = ops_numbers(input, "counts", &bands);
    double *theta = ops_numbers(input, "theta", &parameters);
    const struct bell_data data = {counts, bands, model_of(input), ops_number_or(input, "tilt", 0)};
    json_t *result = NULL;
    if (parameters != bell_parameters(data.model))
        ops_stop("theta has not the length of its model", "bell");
    if (bell_data_check(&data, err) == STATUS_OK) {
        struct bell_point point;
        double info[BELL_PARAMETERS_MAX * BELL_PARAMETERS_MAX];
        bell_evaluate(&point, &data, theta);
        for (size_t i = 0; i < parameters; i++)
            for (size_t j = 0; j < parameters; j++)
                info[i * parameters + j] = point.info[i][j];
        result = json_object();
        ops_put(result, "loglik", point.loglik);
        ops_put_all(result, "score", point.score, parameters);
        ops_put_rows(result, "info", info, parameters, parameters);
        ops_put_all(result, "q", point.answered, bands);
        ops_put_all(result, "P", point.shares, bands);
    }
    free(counts);
    free(theta);
    return result;
}

static json_t *bell_fit_case(const json_t *input, struct error *err)
{
    size_t bands;
    double *counts = ops_numbers(input, "counts", &bands);
    const struct bell_data data = {counts, bands, model_of(input), ops_number_or(input, "tilt", 0)};
    const struct bell_options options = {.z = INTERVAL_Z95};
    struct bell_fit fit;
    json_t *result = NULL;
    if (bell_fit(&fit, &data, &options, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "theta", fit.theta, fit.parameters);
        ops_put_all(result, "se", fit.se, fit.parameters);
        ops_put(result, "ll", fit.loglik);
        ops_put(result, "mu", fit.mu);
        ops_put(result, "sigma", fit.sigma);
        ops_put(result, "mean", fit.mean);
        ops_put(result, "se_mean", fit.se_mean);
        ops_put_pair(result, "ci_mean", fit.limits.low, fit.limits.high);
        ops_put_all(result, "P", fit.shares, bands);
        ops_put_all(result, "q", fit.answered, bands);
        put_quality(result, &fit.quality);
    }
    free(counts);
    return result;
}

static void put_groups(json_t *result, const struct bell_group *groups, size_t count)
{
    double *figures = calloc(count, 4 * sizeof *figures);
    if (figures == NULL)
        ops_stop("no memory", "bell");
    for (size_t g = 0; g < count; g++) {
        figures[g] = groups[g].mu;
        figures[count + g] = groups[g].sigma;
        figures[2 * count + g] = groups[g].mean;
        figures[3 * count + g] = groups[g].se_mean;
    }
    ops_put_all(result, "mu", figures, count);
    ops_put_all(result, "sigma", figures + count, count);
    ops_put_all(result, "mean", figures + 2 * count, count);
    ops_put_all(result, "se_mean", figures + 3 * count, count);
    free(figures);
}

static json_t *bell_pooled_case(const json_t *input, struct error *err)
{
    size_t cells;
    size_t groups = ops_length(input, "counts");
    double *counts = ops_numbers(input, "counts", &cells);
    if (groups == 0 || cells % groups != 0)
        ops_stop("counts are no table", "bell");
    const struct bell_pool pool = {.counts = counts,
                                   .groups = groups,
                                   .bands = cells / groups,
                                   .model = model_of(input),
                                   .tilt = ops_number_or(input, "tilt", 0)};
    const struct bell_options options = {.z = INTERVAL_Z95};
    struct bell_pooled fit;
    struct bell_group *out = calloc(groups, sizeof *out);
    json_t *result = NULL;
    if (out == NULL)
        ops_stop("no memory", "bell");
    if (bell_pooled(&fit, out, &pool, &options, err) == STATUS_OK) {
        result = json_object();
        ops_put(result, "ll", fit.loglik);
        ops_put_all(result, "lam", fit.lambda, fit.common);
        put_groups(result, out, groups);
        put_quality(result, &fit.quality);
    }
    free(out);
    free(counts);
    return result;
}

const struct estimator_op bell_ops[] = {{"bell_eval", bell_eval},
                                        {"bell_fit", bell_fit_case},
                                        {"bell_pooled", bell_pooled_case},
                                        {NULL, NULL}};
