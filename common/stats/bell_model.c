#include "stats/bell_model.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "stats/refuse.h"

#define INVERSE_SQRT_2PI 0.39894228040143267794
#define SHARE_LEAST 1e-300 /* its logarithm is still a number */

static const struct {
    const char *name;
    size_t parameters;
} models[] = {[BELL_NONE] = {"N", 2},
              [BELL_SLOPE] = {"S", 3},
              [BELL_ENDS] = {"E", 4},
              [BELL_EVEN_ENDS] = {"E1", 3},
              [BELL_SLOPES] = {"A", 4}};

const char *bell_model_name(enum bell_model model)
{
    return models[model].name;
}

bool bell_model_find(const char *name, enum bell_model *model)
{
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        if (strcmp(models[i].name, name) == 0) {
            *model = (enum bell_model)i;
            return true;
        }
    }
    return false;
}

size_t bell_parameters(enum bell_model model)
{
    return models[model].parameters;
}

enum status bell_data_check(const struct bell_data *data, struct error *err)
{
    if (data->bands < 2)
        return error_set(err, STATUS_DATA,
                         "a bell curve needs bands: a scale of %zu band has no shape", data->bands);
    if (data->bands > BELL_BANDS_MAX)
        return error_set(err, STATUS_DATA,
                         "a bell curve is fitted to at most %d bands, not %zu: make wider bands",
                         BELL_BANDS_MAX, data->bands);
    if (!isfinite(data->tilt))
        return error_set(err, STATUS_DATA, "the tilt of a bell curve must be a finite number");
    return refuse_counts(data->counts, data->bands, "a count", "band", NULL, err);
}

static double density(double z)
{
    return INVERSE_SQRT_2PI * exp(-z * z / 2);
}

void bell_shares(double *shares, double *by_mu, double *by_log_sigma, double mu, double log_sigma,
                 size_t bands)
{
    double sigma = exp(log_sigma);
    double low = (double)-INFINITY;
    double low_density = 0, low_moment = 0; /* phi(z) and z phi(z), 0 at infinity */
    for (size_t k = 0; k < bands; k++) {
        bool last = k + 1 == bands;
        double high = last ? (double)INFINITY : ((double)k + 1.5 - mu) / sigma;
        double high_density = last ? 0 : density(high);
        double high_moment = last ? 0 : high * high_density;
        /* Above the middle both cumulative shares are near 1: the upper tails keep the digits. */
        double share = low > 0 ? gsl_cdf_ugaussian_Q(low) - gsl_cdf_ugaussian_Q(high)
                               : gsl_cdf_ugaussian_P(high) - gsl_cdf_ugaussian_P(low);
        shares[k] = fmax(share, SHARE_LEAST);
        by_mu[k] = (low_density - high_density) / sigma / shares[k];
        by_log_sigma[k] = (low_moment - high_moment) / shares[k];
        low = high;
        low_density = high_density;
        low_moment = high_moment;
    }
}

/* What the parameters behind mu and log sigma are multiplied by in eta of band k (from 0). */
static void slopes_of(double *out, enum bell_model model, size_t k, size_t bands)
{
    double half = ((double)bands - 1) / 2;
    double u = ((double)k - half) / half;
    bool first = k == 0, last = k + 1 == bands;
    out[0] = out[1] = 0;
    switch (model) {
    case BELL_NONE:
        break;
    case BELL_SLOPE:
        out[0] = fabs(u);
        break;
    case BELL_ENDS:
        out[0] = first ? 1 : 0;
        out[1] = last ? 1 : 0;
        break;
    case BELL_EVEN_ENDS:
        out[0] = first || last ? 1 : 0;
        break;
    case BELL_SLOPES:
        out[u < 0 ? 0 : 1] = fabs(u);
        break;
    }
}

/* q and log q from P and eta. */
static void answer(struct bell_point *point, const struct bell_data *data)
{
    double half = ((double)data->bands - 1) / 2;
    size_t own = bell_parameters(data->model) - 2;
    double greatest = (double)-INFINITY;
    for (size_t k = 0; k < data->bands; k++) {
        double slopes[2];
        slopes_of(slopes, data->model, k, data->bands);
        double eta = data->tilt * (((double)k - half) / half);
        for (size_t i = 0; i < own; i++)
            eta += point->theta[2 + i] * slopes[i];
        point->log_answered[k] = log(point->shares[k]) + eta;
        greatest = fmax(greatest, point->log_answered[k]);
    }
    double sum = 0;
    for (size_t k = 0; k < data->bands; k++) {
        point->answered[k] = exp(point->log_answered[k] - greatest);
        sum += point->answered[k];
    }
    for (size_t k = 0; k < data->bands; k++) {
        point->answered[k] /= sum;
        point->log_answered[k] -= greatest + log(sum);
    }
}

/* d log (P exp(eta)) of band k by the parameters. */
static void slopes_at(double *out, const struct bell_point *point, const struct bell_data *data,
                      size_t k)
{
    out[0] = point->by_mu[k];
    out[1] = point->by_log_sigma[k];
    slopes_of(out + 2, data->model, k, data->bands);
}

void bell_evaluate(struct bell_point *point, const struct bell_data *data, const double *theta)
{
    size_t p = bell_parameters(data->model);
    memmove(point->theta, theta, p * sizeof *theta);
    bell_shares(point->shares, point->by_mu, point->by_log_sigma, theta[0], theta[1], data->bands);
    answer(point, data);
    double mean[BELL_PARAMETERS_MAX] = {0};
    double g[BELL_PARAMETERS_MAX];
    point->n = 0;
    for (size_t k = 0; k < data->bands; k++) {
        slopes_at(g, point, data, k);
        for (size_t i = 0; i < p; i++)
            mean[i] += point->answered[k] * g[i];
        point->n += data->counts[k];
    }
    point->loglik = 0;
    memset(point->score, 0, sizeof point->score);
    memset(point->info, 0, sizeof point->info);
    for (size_t k = 0; k < data->bands; k++) {
        slopes_at(g, point, data, k);
        point->loglik += data->counts[k] * point->log_answered[k];
        double expected = point->n * point->answered[k];
        for (size_t i = 0; i < p; i++) {
            point->score[i] += data->counts[k] * (g[i] - mean[i]);
            for (size_t j = 0; j <= i; j++)
                point->info[i][j] += expected * (g[i] - mean[i]) * (g[j] - mean[j]);
        }
    }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < i; j++)
            point->info[j][i] = point->info[i][j];
}

double bell_mean(const struct bell_point *point, const double *x, size_t bands, double *gradient)
{
    double mean = 0, by_mu = 0, by_log_sigma = 0;
    for (size_t k = 0; k < bands; k++) {
        double part = (x == NULL ? (double)k + 1 : x[k]) * point->shares[k];
        mean += part;
        by_mu += part * point->by_mu[k];
        by_log_sigma += part * point->by_log_sigma[k];
    }
    if (gradient != NULL) {
        gradient[0] = by_mu;
        gradient[1] = by_log_sigma;
    }
    return mean;
}

double bell_misfit(const struct bell_point *point, const struct bell_data *data)
{
    double sum = 0;
    for (size_t k = 0; k < data->bands; k++) {
        double c = data->counts[k];
        if (c > 0)
            sum += c * (log(c / point->n) - point->log_answered[k]);
    }
    return fmax(2 * sum, 0);
}
