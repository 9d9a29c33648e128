/* bell_fit.h - the bell scenario for one table of counts, under a stated tilt.
 *
 * A SCENARIO, NEVER AN ESTIMATE: see bell_model.h, and print that line beside every figure.
 * Standard errors and limits speak of chance alone, given that the assumptions hold; they know
 * nothing of the tilt, which moves the mean further than they reach.
 *
 *     struct bell_fit fit;
 *     s = bell_fit(&fit, &data, &(struct bell_options){.z = INTERVAL_Z95}, err);
 *     if (s == STATUS_OK && !bell_refused(fit.quality.reasons))
 *         ... fit.mean ...
 *
 * One struct bell_data for each tilt of the row that is shown.  Nothing is allocated; the struct
 * is some kilobytes and owns nothing.
 *
 * Formulas: best likelihood (bell_search.h); standard errors from the inverse of the expected
 * information; that of the mean by the delta method; limits mean -+ z se.
 */
#ifndef BELL_STATS_BELL_FIT_H
#define BELL_STATS_BELL_FIT_H

#include "stats/bell_model.h"
#include "stats/bell_reasons.h"
#include "stats/interval.h"

struct bell_options {
    const double *scores; /* of the bands, ascending; NULL: 1..K */
    double z;             /* of the confidence, two-sided; > 0 */
};

struct bell_fit {
    size_t bands;
    size_t parameters;
    double theta[BELL_PARAMETERS_MAX];
    double se[BELL_PARAMETERS_MAX];
    double loglik;
    double mu;    /* of the bell, in bands */
    double sigma; /* in bands */
    double mean;  /* of the population, in the unit of the scores */
    double se_mean;
    struct interval limits;
    double shares[BELL_BANDS_MAX];   /* of the population */
    double answered[BELL_BANDS_MAX]; /* of the answers, as the model expects them */
    struct bell_quality quality;
};

/* STATUS_DATA: what bell_data_check() refuses, scores that do not ascend, z not above 0.  With
 * more parameters than bands to determine them (two bands always) or without any answer nothing
 * is fitted: STATUS_OK, the reasons set and every figure NaN. */
enum status bell_fit(struct bell_fit *fit, const struct bell_data *data,
                     const struct bell_options *options, struct error *err) BELL_CHECK;

/* Part of each band that answered, n q_k / (N P_k), if the population has N members.  False if
 * that is over 1 anywhere: then the scenario is impossible.  out has fit->bands elements; NaN
 * all, and false, unless n <= N and there is a fit. */
bool bell_fit_response(double *out, const struct bell_fit *fit, double n, double population);

/* STATUS_DATA as for bell_fit(). */
enum status bell_options_check(const struct bell_options *options, size_t bands,
                               struct error *err) BELL_CHECK;
/* Is a standard error of the mean over 1/8 of the scale, or not defined? */
bool bell_is_wide(double se_mean, const struct bell_options *options, size_t bands);

#endif
