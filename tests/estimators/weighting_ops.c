#include "ops.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/kish.h"
#include "stats/linearize.h"
#include "stats/poststratify.h"
#include "stats/rake.h"
#include "stats/trim.h"

enum { MARGINS_MAX = 8 };

static json_t *run_poststratify(const json_t *input, struct error *err)
{
    size_t cells = 0, strata = 0;
    double *counts = ops_numbers(input, "counts", &cells);
    double *population = ops_numbers(input, "N", &strata);
    size_t bands = strata == 0 ? 0 : cells / strata;
    struct poststratify_input in = {
        .counts = counts, .population = population, .strata = strata, .bands = bands};
    double *weights = calloc(strata + 1, sizeof *weights);
    double *share = calloc(bands + 1, sizeof *share);
    struct poststratified out;
    json_t *result = NULL;
    if (poststratify(&in, weights, share, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "share", share, bands);
        ops_put_all(result, "weights", weights, strata);
        ops_put(result, "mean", out.mean);
        ops_put(result, "se", out.se);
        ops_put(result, "n_eff", out.kish.n_eff);
        ops_put(result, "deff_kish", out.design_effect);
    }
    free(counts);
    free(population);
    free(weights);
    free(share);
    return result;
}

/* Margins with the arrays that they point to. */
struct margins {
    struct rake_margin margin[MARGINS_MAX];
    double *target[MARGINS_MAX];
    size_t *level[MARGINS_MAX];
    size_t count;
};

static double *numbers_of(json_t *array, size_t *count)
{
    json_t *holder = json_pack("{s:O}", "a", array);
    double *numbers = ops_numbers(holder, "a", count);
    json_decref(holder);
    return numbers;
}

static void read_targets(struct margins *margins, const json_t *input, const char *key,
                         size_t cells)
{
    json_t *all = json_object_get(input, key);
    margins->count = json_array_size(all) < MARGINS_MAX ? json_array_size(all) : MARGINS_MAX;
    for (size_t m = 0; m < margins->count; m++) {
        struct rake_margin *margin = &margins->margin[m];
        margins->target[m] = numbers_of(json_array_get(all, m), &margin->levels);
        margins->level[m] = calloc(cells + 1, sizeof *margins->level[m]);
        margin->target = margins->target[m];
        margin->level = margins->level[m];
    }
}

/* A full table, its last margin the fastest. */
static void cross_levels(struct margins *margins, size_t cells)
{
    for (size_t c = 0; c < cells; c++) {
        size_t rest = c;
        for (size_t m = margins->count; m-- > 0;) {
            margins->level[m][c] = rest % margins->margin[m].levels;
            rest /= margins->margin[m].levels;
        }
    }
}

static void free_margins(struct margins *margins)
{
    for (size_t m = 0; m < margins->count; m++) {
        free(margins->target[m]);
        free(margins->level[m]);
    }
}

/* Cells in the form of a table over the margins. */
static json_t *shaped(const double **values, const struct margins *margins, size_t m)
{
    json_t *row = json_array();
    for (size_t l = 0; l < margins->margin[m].levels; l++)
        (void)json_array_append_new(row, m + 1 < margins->count ? shaped(values, margins, m + 1)
                                                                : json_real(*(*values)++));
    return row;
}

static json_t *run_rake(const json_t *input, struct error *err)
{
    size_t cells = 0;
    struct margins margins = {.count = 0};
    double *counts = ops_numbers(input, "table", &cells);
    read_targets(&margins, input, "margins", cells);
    cross_levels(&margins, cells);
    double *fitted = calloc(cells + 1, sizeof *fitted);
    double *weights = calloc(cells + 1, sizeof *weights);
    struct rake_input in = {
        .counts = counts, .cells = cells, .margins = margins.margin, .margin_count = margins.count};
    struct raked out;
    json_t *result = NULL;
    if (rake(&in, fitted, weights, &out, err) == STATUS_OK) {
        const double *f = fitted, *w = weights;
        result = json_object();
        (void)json_object_set_new(result, "fitted", shaped(&f, &margins, 0));
        (void)json_object_set_new(result, "weights", shaped(&w, &margins, 0));
        (void)json_object_set_new(result, "converged", json_true());
        ops_put(result, "n_eff", out.kish.n_eff);
    }
    free(counts);
    free(fitted);
    free(weights);
    free_margins(&margins);
    return result;
}

static json_t *run_trim(const json_t *input, struct error *err)
{
    size_t count = 0;
    double *weights = ops_numbers(input, "weights", &count);
    double *counts = ops_numbers(input, "counts", &count);
    struct trim_input in = {.weights = weights,
                            .counts = counts,
                            .count = count,
                            .lower = ops_number_or(input, "lower", 0),
                            .upper = ops_number_or(input, "upper", (double)INFINITY)};
    struct trimmed out;
    json_t *result = NULL;
    if (trim(&in, weights, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put_all(result, "weights", weights, count);
        ops_put(result, "kish_before", out.before.n_eff);
        ops_put(result, "kish_after", out.after.n_eff);
        ops_put(result, "lost", out.lost);
        ops_put(result, "rows_upper", out.rows_upper);
    }
    free(weights);
    free(counts);
    return result;
}

static void read_levels(struct margins *margins, const json_t *input, size_t cells)
{
    size_t count = 0;
    double *levels = ops_numbers(input, "levels", &count);
    for (size_t m = 0; m < margins->count; m++)
        for (size_t c = 0; c < cells && m * cells + c < count; c++)
            margins->level[m][c] = (size_t)levels[m * cells + c];
    free(levels);
}

/* Weights as rake() gives them, and those trimmed if the input has `trim_upper`. */
static enum status weigh(const struct rake_input *in, const json_t *input, double *raked_weights,
                         double *weights, double *n_eff, struct error *err)
{
    struct raked raked;
    enum status s = rake(in, NULL, raked_weights, &raked, err);
    memcpy(weights, raked_weights, in->cells * sizeof *weights);
    *n_eff = raked.kish.n_eff;
    if (s != STATUS_OK || json_object_get(input, "trim_upper") == NULL)
        return s;
    struct trim_input cut = {.weights = weights,
                             .counts = in->counts,
                             .count = in->cells,
                             .upper = ops_number(input, "trim_upper")};
    struct trimmed trimmed;
    s = trim(&cut, weights, &trimmed, err);
    *n_eff = trimmed.after.n_eff;
    return s;
}

static json_t *run_survey_cells(const json_t *input, struct error *err)
{
    size_t cells = 0;
    double *rows = ops_numbers(input, "n", &cells);
    double *sum = ops_numbers(input, "sum_y", &cells);
    double *squares = ops_numbers(input, "sum_y2", &cells);
    double *base = ops_numbers(input, "base_weight", &cells);
    double *weights = calloc(cells + 1, sizeof *weights);
    double *raked = calloc(cells + 1, sizeof *raked);
    struct margins margins = {.count = 0};
    read_targets(&margins, input, "targets", cells);
    read_levels(&margins, input, cells);
    bool post = strcmp(ops_text(input, "method"), "post") == 0;
    struct rake_input table = {.counts = rows,
                               .base_weights = base,
                               .cells = cells,
                               .margins = margins.margin,
                               .margin_count = margins.count};
    struct linearize_input in = {.rows = rows,
                                 .sum = sum,
                                 .sum_squares = squares,
                                 .base_weights = base,
                                 .weights = weights,
                                 .untrimmed = raked,
                                 .cells = cells,
                                 .margins = margins.margin,
                                 .margin_count = margins.count,
                                 .method = post ? LINEARIZE_POSTSTRATIFIED : LINEARIZE_RAKED,
                                 .population = ops_number(input, "N")};
    struct linearized out;
    double n_eff = 0;
    json_t *result = NULL;
    if (weigh(&table, input, raked, weights, &n_eff, err) == STATUS_OK &&
        linearize_mean(&in, &out, err) == STATUS_OK) {
        result = json_object();
        ops_put(result, "mean", out.mean);
        ops_put(result, "se", out.se);
        ops_put(result, "n_eff", n_eff);
        ops_put_all(result, "weights", weights, cells);
    }
    free(rows);
    free(sum);
    free(squares);
    free(base);
    free(weights);
    free(raked);
    free_margins(&margins);
    return result;
}

const struct estimator_op weighting_ops[] = {{"poststratify", run_poststratify},
                                             {"rake", run_rake},
                                             {"trim", run_trim},
                                             {"survey_cells", run_survey_cells},
                                             {NULL, NULL}};
