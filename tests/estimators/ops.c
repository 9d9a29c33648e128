#include "ops.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void ops_stop(const char *what, const char *key)
{
    (void)fprintf(stderr, "estimator-cases: %s '%s'\n", what, key);
    exit(2);
}

static const json_t *need(const json_t *input, const char *key)
{
    const json_t *value = json_object_get(input, key);
    if (value == NULL)
        ops_stop("an input has no", key);
    return value;
}

static double number_of(const json_t *value, const char *key)
{
    if (json_is_null(value))
        return NAN;
    if (!json_is_number(value))
        ops_stop("no number in", key);
    return json_number_value(value);
}

static void gather(const json_t *value, const char *key, double *to, size_t *count)
{
    if (!json_is_array(value)) {
        double number = number_of(value, key);
        if (to != NULL)
            to[*count] = number;
        ++*count;
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++)
        gather(json_array_get(value, i), key, to, count);
}

double *ops_numbers(const json_t *input, const char *key, size_t *count)
{
    const json_t *value = need(input, key);
    *count = 0;
    gather(value, key, NULL, count);
    double *numbers = calloc(*count + 1, sizeof *numbers);
    if (numbers == NULL)
        ops_stop("no memory for", key);
    *count = 0;
    gather(value, key, numbers, count);
    return numbers;
}

double ops_number(const json_t *input, const char *key)
{
    return number_of(need(input, key), key);
}

double ops_number_or(const json_t *input, const char *key, double otherwise)
{
    const json_t *value = json_object_get(input, key);
    return value == NULL ? otherwise : number_of(value, key);
}

const char *ops_text(const json_t *input, const char *key)
{
    const char *text = json_string_value(need(input, key));
    if (text == NULL)
        ops_stop("no text in", key);
    return text;
}

const char *ops_text_or(const json_t *input, const char *key, const char *otherwise)
{
    return json_object_get(input, key) == NULL ? otherwise : ops_text(input, key);
}

double *ops_scores(const json_t *input, size_t bands)
{
    size_t count = bands;
    double *scores;
    if (json_object_get(input, "scores") != NULL) {
        scores = ops_numbers(input, "scores", &count);
        if (count != bands)
            ops_stop("as many as there are counts must stand in", "scores");
        return scores;
    }
    scores = calloc(bands + 1, sizeof *scores);
    if (scores == NULL)
        ops_stop("no memory for", "scores");
    for (size_t i = 0; i < bands; i++)
        scores[i] = (double)(i + 1);
    return scores;
}

size_t ops_length(const json_t *input, const char *key)
{
    return json_array_size(need(input, key));
}

static json_t *figure(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

void ops_put(json_t *result, const char *key, double value)
{
    if (json_object_set_new(result, key, figure(value)) != 0)
        ops_stop("cannot put", key);
}

static json_t *row_of(const double *values, size_t count)
{
    json_t *row = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(row, figure(values[i])) != 0)
            ops_stop("cannot put a", "row");
    return row;
}

void ops_put_all(json_t *result, const char *key, const double *values, size_t count)
{
    if (json_object_set_new(result, key, row_of(values, count)) != 0)
        ops_stop("cannot put", key);
}

void ops_put_pair(json_t *result, const char *key, double low, double high)
{
    ops_put_all(result, key, (const double[]){low, high}, 2);
}

void ops_put_rows(json_t *result, const char *key, const double *values, size_t rows,
                  size_t columns)
{
    json_t *all = json_array();
    for (size_t r = 0; r < rows; r++)
        if (json_array_append_new(all, row_of(values + r * columns, columns)) != 0)
            ops_stop("cannot put", key);
    if (json_object_set_new(result, key, all) != 0)
        ops_stop("cannot put", key);
}
