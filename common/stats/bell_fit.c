#include "stats/bell_fit.h"

#include <math.h>

#include "stats/arrow.h"
#include "stats/bell_search.h"

enum status bell_options_check(const struct bell_options *options, size_t bands, struct error *err)
{
    if (!(options->z > 0) || !isfinite(options->z))
        return error_set(err, STATUS_DATA, "a confidence must lie between 0 and 1");
    for (size_t k = 0; options->scores != NULL && k < bands; k++) {
        if (!isfinite(options->scores[k]) ||
            (k > 0 && !(options->scores[k] > options->scores[k - 1])))
            return error_set(err, STATUS_DATA, "band %zu: the scores of bands must ascend", k + 1);
    }
    return STATUS_OK;
}

bool bell_is_wide(double se_mean, const struct bell_options *options, size_t bands)
{
    const double *x = options->scores;
    double length = x == NULL ? (double)bands - 1 : x[bands - 1] - x[0];
    return !(se_mean <= length / 8);
}

static void clear(struct bell_fit *fit, const struct bell_data *data)
{
    const double none = (double)NAN;
    size_t parameters = bell_parameters(data->model);
    *fit = (struct bell_fit){.bands = data->bands,
                             .parameters = parameters,
                             .loglik = none,
                             .mu = none,
                             .sigma = none,
                             .mean = none,
                             .se_mean = none,
                             .limits = {none, none},
                             .quality = {.g2 = none,
                                         .df = (long)data->bands - 1 - (long)parameters,
                                         .p_value = none,
                                         .condition = none}};
    for (size_t i = 0; i < BELL_PARAMETERS_MAX; i++)
        fit->theta[i] = fit->se[i] = none;
    for (size_t k = 0; k < BELL_BANDS_MAX; k++)
        fit->shares[k] = fit->answered[k] = none;
}

/* Standard errors of all parameters and of the mean. */
static void find_errors(struct bell_fit *fit, const struct bell_point *point,
                        const struct bell_options *options)
{
    struct arrow_block blocks[3];
    struct arrow matrix = {.blocks = &blocks[0]};
    struct arrow factor = {.blocks = &blocks[1]}; /* room for 2, which the condition wants */
    bell_information(&matrix, point, fit->parameters);
    fit->quality.condition = arrow_condition(&factor, &matrix);
    if (!arrow_factor(&factor, &matrix, 0, 0))
        return;
    for (size_t i = 0; i < fit->parameters; i++) {
        double v[BELL_PARAMETERS_MAX] = {0};
        v[i] = 1;
        fit->se[i] = sqrt(arrow_quadratic(&factor, v));
    }
    double v[BELL_PARAMETERS_MAX] = {0};
    (void)bell_mean(point, options->scores, fit->bands, v);
    fit->se_mean = sqrt(arrow_quadratic(&factor, v));
    fit->limits = (struct interval){fit->mean - options->z * fit->se_mean,
                                    fit->mean + options->z * fit->se_mean};
}

static void describe(struct bell_fit *fit, const struct bell_data *data,
                     const struct bell_point *point, const struct bell_options *options)
{
    for (size_t i = 0; i < fit->parameters; i++)
        fit->theta[i] = point->theta[i];
    for (size_t k = 0; k < fit->bands; k++) {
        fit->shares[k] = point->shares[k];
        fit->answered[k] = point->answered[k];
    }
    fit->loglik = point->loglik;
    fit->mu = point->theta[0];
    fit->sigma = exp(point->theta[1]);
    fit->mean = bell_mean(point, options->scores, fit->bands, NULL);
    find_errors(fit, point, options);
    fit->quality.g2 = bell_misfit(point, data);
    if (bell_at_bound(fit->theta, fit->parameters, fit->bands))
        fit->quality.reasons |= BELL_BOUND;
    if (!bell_settled(point, fit->parameters))
        fit->quality.reasons |= BELL_NOCONV;
    if (bell_is_wide(fit->se_mean, options, fit->bands))
        fit->quality.reasons |= BELL_WIDE;
}

enum status bell_fit(struct bell_fit *fit, const struct bell_data *data,
                     const struct bell_options *options, struct error *err)
{
    enum status s = bell_data_check(data, err);
    if (s == STATUS_OK)
        s = bell_options_check(options, data->bands, err);
    if (s != STATUS_OK)
        return s;
    clear(fit, data);
    if (fit->quality.df < 0) {
        fit->quality.reasons = BELL_UNIDENT;
        return STATUS_OK;
    }
    fit->quality.reasons = bell_reasons_before(data);
    double n = 0;
    for (size_t k = 0; k < data->bands; k++)
        n += data->counts[k];
    if (n > 0) {
        struct bell_point best;
        bell_search(&best, data);
        describe(fit, data, &best, options);
    }
    bell_judge(&fit->quality);
    return STATUS_OK;
}

bool bell_fit_response(double *out, const struct bell_fit *fit, double n, double population)
{
    bool possible = isfinite(fit->mean) && n >= 0 && n <= population && population > 0;
    bool defined = possible;
    for (size_t k = 0; k < fit->bands; k++) {
        out[k] = defined ? n / population * (fit->answered[k] / fit->shares[k]) : (double)NAN;
        possible = possible && out[k] <= 1;
    }
    return possible;
}
