/* coverage.h - what n answers out of a population of N can and cannot say.
 *
 * Calling sequence:
 *     struct coverage c;
 *     enum status s = coverage_of(&c, n, population, &err);
 *     if (s != STATUS_OK)
 *         return s;
 *     struct interval all = coverage_bounds_mean(&c, mean, x[0], x[bands - 1]);
 *
 * n and N count people, not messages.  All figures are in units of the score, or shares of 1.
 * With n = 0 nothing is defined: NaN throughout.  With n = N the answers are the population.
 */
#ifndef BELL_STATS_COVERAGE_H
#define BELL_STATS_COVERAGE_H

#include <stddef.h>

#include "base/error.h"
#include "stats/interval.h"
#include "stats/quantile.h"

struct coverage {
    double n;          /* those who answered */
    double population; /* N */
    double fraction;   /* f = n / N */
    double silent;     /* 1 - f */
    double odds;       /* (N - n) / n, silent against answering: D^2 of Meng (2018) */
};

/* STATUS_DATA if n or N is negative or not finite, or N < n. */
enum status coverage_of(struct coverage *coverage, double n, double population,
                        struct error *err) BELL_CHECK;

/* Margins of error IF THE ANSWERS WERE A RANDOM SAMPLE of the population, drawn without
 * replacement; never to be shown without these words.  z: confidence.h.  0 if n = N.
 *     share  z sqrt(p (1 - p) / n) sqrt((N - n) / (N - 1)), greatest at p = 1/2
 *     mean   z sd / sqrt(n) sqrt(1 - f), sd with divisor n - 1 */
double coverage_margin_share(const struct coverage *coverage, double share, double z);
double coverage_margin_worst_share(const struct coverage *coverage, double z);
double coverage_margin_mean(const struct coverage *coverage, double sd, double z);

/* Bounds without any assumption on those who are silent (Manski 1989, 2003): each of them may
 * have any score of the scale.  No sampling error: who answered is fully seen.
 *     mean      [f m + (1 - f) lowest, f m + (1 - f) highest]
 *     share     [f p, f p + 1 - f]
 *     quantile  [smallest x with f F(x) + 1 - f >= p, smallest x with f F(x) >= p, else the
 *               last], F being the cumulative share: nearest rank, as quantile_type1().  Decided
 *               exactly for whole counts while 1000 N < 2^53. */
struct interval coverage_bounds_mean(const struct coverage *coverage, double mean, double lowest,
                                     double highest);
struct interval coverage_bounds_share(const struct coverage *coverage, double share);
struct interval coverage_bounds_quantile(const struct coverage *coverage, const double *x,
                                         const double *counts, size_t bands, struct probability p);

/* Meng's (2018) identity: mean of the answers - mean of the population = rho sigma D, where rho
 * is the correlation, over the population, of answering with the score, sigma the population's
 * standard deviation (divisor N), and D = sqrt((N - n) / n). */
struct coverage_defect {
    double bias;         /* rho sigma D */
    double implied_mean; /* mean - bias; outside coverage_bounds_mean(), rho is impossible */
    double n_eff;        /* answers of a random sample with as large an error: n / ((N - n) rho^2),
                            at most n (Bradley et al. 2021) */
    double reduction;    /* 1 - n_eff / n */
};

/* For an assumed rho.  The answers' own standard deviation (divisor n) stands in for sigma where
 * that is unknown: say so beside the figure.  STATUS_USAGE unless -1 <= rho <= 1. */
enum status coverage_defect_of(struct coverage_defect *defect, const struct coverage *coverage,
                               double mean, double sigma, double rho, struct error *err) BELL_CHECK;
/* n_eff alone, for a rho that was found. */
double coverage_n_eff(const struct coverage *coverage, double rho);
/* rho from an estimate and the known truth; NaN if n = N or sigma is 0. */
double coverage_ddc(const struct coverage *coverage, double estimate, double truth, double sigma);
/* The population's share implied by a share of the answers and an assumed rho.  Exact: a share
 * has sigma = sqrt(mu (1 - mu)), so that the identity is a quadratic equation in mu.
 * STATUS_DATA unless 0 <= share <= 1 (NaN if n = 0), STATUS_USAGE unless -1 <= rho <= 1. */
enum status coverage_implied_share(double *implied, const struct coverage *coverage, double share,
                                   double rho, struct error *err) BELL_CHECK;

#endif
