/* bell_model.h - a bell-shaped population, and who of it answers: the likelihood.
 *
 * A SCENARIO, NEVER AN ESTIMATE.  It says what everyone's answers would look like if they were
 * bell-shaped and if people of extreme opinion answered more, or less, readily in just the form
 * assumed.  Neither can be seen in the answers.  Least of all can the tilt: a bell of mean
 * mu, tilted by exp(tilt * u), is a bell again, of mean mu + tilt sigma^2 / h, so that every
 * tilt fits nearly as well and gives another mean.  The tilt is therefore stated by the user,
 * never fitted, and what is shown is a row of tilts.  Nor does a good fit prove anything: a
 * wrong form of selection can fit perfectly.
 *
 * The population: an opinion Z ~ N(mu, sigma^2) on the scale of band numbers 1..K, cut at
 * k + 1/2.  All figures here (mu, sigma, cuts) are in bands, not in points of the study's scale.
 *     P_k = Phi((k + 1/2 - mu) / sigma) - Phi((k - 1/2 - mu) / sigma), the ends reaching to
 * infinity The answers: with M = (K + 1) / 2, h = (K - 1) / 2, u_k = (k - M) / h, q_k = P_k
 * exp(eta_k) / sum_j P_j exp(eta_j),   eta_k = tilt u_k + BELL_NONE      0 BELL_SLOPE     beta
 * |u_k| BELL_ENDS      lambda- [k = 1] + lambda+ [k = K] BELL_EVEN_ENDS lambda [k = 1 or k = K]
 *         BELL_SLOPES    beta- |u_k| [k < M] + beta+ |u_k| [k > M]; always refused, since it
 *                        holds the tilt
 * The parameters are theta = (mu, log sigma, and those of eta in this order).
 *
 * Calling sequence: fill a struct bell_data, bell_data_check() it once, then bell_evaluate() at
 * any theta; bell_fit.h finds the best.  Nothing is allocated; counts and scores stay the
 * caller's.
 *
 * Source of the formulas: the multinomial likelihood sum c_k log q_k; its score and expected
 * (Fisher) information by differentiation, with d log P / d mu = (phi(z_{k-1}) - phi(z_k)) / (sigma
 * P_k) and d log P / d log sigma = (z_{k-1} phi(z_{k-1}) - z_k phi(z_k)) / P_k.
 */
#ifndef BELL_STATS_BELL_MODEL_H
#define BELL_STATS_BELL_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { BELL_BANDS_MAX = 128, BELL_PARAMETERS_MAX = 4 };

enum bell_model { BELL_NONE, BELL_SLOPE, BELL_ENDS, BELL_EVEN_ENDS, BELL_SLOPES };

/* The models are written N, S, E, E1, A. */
const char *bell_model_name(enum bell_model model);
/* False if there is no such name. */
bool bell_model_find(const char *name, enum bell_model *model) BELL_CHECK;
/* All of theta: 2, 3 or 4. */
size_t bell_parameters(enum bell_model model);

struct bell_data {
    const double *counts; /* answers in bands 1..K, each >= 0 */
    size_t bands;         /* K */
    enum bell_model model;
    double tilt; /* log of how many times readier the upper end is than the middle; 0: no tilt */
};

/* STATUS_DATA: fewer than 2 bands (a single one has no shape), more than BELL_BANDS_MAX, a count
 * below 0 or not finite, a tilt that is not finite. */
enum status bell_data_check(const struct bell_data *data, struct error *err) BELL_CHECK;

/* Shares P of the bands, at least 1e-300 each, and their logarithmic derivatives by mu and log
 * sigma; each array has `bands` elements. */
void bell_shares(double *shares, double *by_mu, double *by_log_sigma, double mu, double log_sigma,
                 size_t bands);

/* What is known at one theta. */
struct bell_point {
    double theta[BELL_PARAMETERS_MAX];
    double n; /* sum of the counts */
    double loglik;
    double score[BELL_PARAMETERS_MAX];
    double info[BELL_PARAMETERS_MAX][BELL_PARAMETERS_MAX]; /* expected, symmetric */
    double shares[BELL_BANDS_MAX];                         /* P, population */
    double answered[BELL_BANDS_MAX];                       /* q, expected among the answers */
    double log_answered[BELL_BANDS_MAX];
    double by_mu[BELL_BANDS_MAX]; /* d log P / d mu */
    double by_log_sigma[BELL_BANDS_MAX];
};

/* theta has bell_parameters(data->model) elements and may be point->theta. */
void bell_evaluate(struct bell_point *point, const struct bell_data *data, const double *theta);

/* sum x_k P_k, the mean of the population, and its derivatives by mu and log sigma (NULL: not
 * wanted); x NULL: the band numbers. */
double bell_mean(const struct bell_point *point, const double *x, size_t bands, double *gradient);

/* Likelihood ratio against the shares as they came: G2 = 2 sum c_k log(c_k / (n q_k)), >= 0. */
double bell_misfit(const struct bell_point *point, const struct bell_data *data);

#endif
