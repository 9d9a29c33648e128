/* ops.h - what each operation of a file of estimator cases does with the functions of stats/.
 *
 * An operation takes a case's `input` and gives a new object with the figures, named as in
 * `expected`; NULL with an error set if the input is refused.  A figure that is not defined, or is
 * not finite, is null.
 */
#ifndef BELL_TESTS_ESTIMATORS_OPS_H
#define BELL_TESTS_ESTIMATORS_OPS_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"

struct estimator_op {
    const char *name; /* NULL: the end of a list */
    json_t *(*run)(const json_t *input, struct error *err);
};

extern const struct estimator_op describe_ops[];    /* describe, merge_moments */
extern const struct estimator_op coverage_ops[];    /* coverage, meng, meng_binary, ddc */
extern const struct estimator_op selection_ops[];   /* bounds, sweep, tipping */
extern const struct estimator_op weighting_ops[];   /* poststratify, rake, trim, survey_cells */
extern const struct estimator_op bell_ops[];        /* bell_eval, bell_fit, bell_pooled */
extern const struct estimator_op calibration_ops[]; /* calibrate, calibrate_dl, calibrate_cv */

/* The numbers of an array, null as NaN, nested arrays row by row; free() them.  They end the
 * program with a message where input has not such a key or memory is out: a case file is not
 * hostile. */
double *ops_numbers(const json_t *input, const char *key, size_t *count);
double ops_number(const json_t *input, const char *key);
double ops_number_or(const json_t *input, const char *key, double otherwise);
const char *ops_text(const json_t *input, const char *key);
const char *ops_text_or(const json_t *input, const char *key, const char *otherwise);
/* `scores`, as many as there are bands; 1, 2, ... where there are none. */
double *ops_scores(const json_t *input, size_t bands);
/* Length of the outer array. */
size_t ops_length(const json_t *input, const char *key);

/* Ends the program: what is wrong, and with which key. */
void ops_stop(const char *what, const char *key);

/* Puts a figure, or figures, into a result. */
void ops_put(json_t *result, const char *key, double value);
void ops_put_all(json_t *result, const char *key, const double *values, size_t count);
void ops_put_pair(json_t *result, const char *key, double low, double high);
/* rows by columns */
void ops_put_rows(json_t *result, const char *key, const double *values, size_t rows,
                  size_t columns);

#endif
