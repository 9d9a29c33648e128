#include "stats/linearize.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/refuse.h"

enum { LINEARIZE_SWEEPS = 10 }; /* as survey:::svyrecvar */

struct linearizing {
    const struct linearize_input *in;
    double *a; /* of each cell */
    double *e;
    double *above; /* of each level: sums of a fraction */
    double *below;
    double rows;
    double population; /* Nhat */
};

static enum status check(struct linearizing *l, struct error *err)
{
    const struct linearize_input *in = l->in;
    enum status s = refuse_counts(in->rows, in->cells, "rows", "cell", NULL, err);
    if (s == STATUS_OK)
        s = refuse_counts(in->weights, in->cells, "a weight", "cell", NULL, err);
    if (s == STATUS_OK && in->untrimmed != NULL)
        s = refuse_counts(in->untrimmed, in->cells, "a weight", "cell", NULL, err);
    if (s == STATUS_OK && in->base_weights != NULL)
        s = refuse_counts(in->base_weights, in->cells, "a base weight", "cell", NULL, err);
    if (s != STATUS_OK)
        return s;
    for (size_t c = 0; c < in->cells; c++) {
        l->rows += in->rows[c];
        l->population += in->weights[c] * in->rows[c];
    }
    if (!(l->population > 0))
        return error_set(err, STATUS_DATA, "no rows with a weight above 0 to take a mean of");
    if (!(l->rows <= in->population))
        return error_set(err, STATUS_DATA,
                         "%.15g rows from a population of %.15g; give the number of people",
                         l->rows, in->population);
    if (in->method == LINEARIZE_POSTSTRATIFIED && in->margin_count != 1)
        return error_set(err, STATUS_DATA,
                         "a post-stratified mean has one margin, its strata, not %zu",
                         in->margin_count);
    return STATUS_OK;
}

static double untrimmed(const struct linearize_input *in, size_t cell)
{
    return in->untrimmed == NULL ? in->weights[cell] : in->untrimmed[cell];
}

/* r; any number will do where nothing was and nothing is. */
static double trimmed_part(const struct linearize_input *in, size_t cell)
{
    double g = untrimmed(in, cell), w = in->weights[cell];
    return g > 0 ? w / g : w > 0 && in->rows[cell] > 0 ? (double)NAN : 1;
}

/* Adds to a what is left of each level's mean: by base weights, or row by row. */
static void take_out(struct linearizing *l, const struct rake_margin *margin, bool weighted)
{
    const struct linearize_input *in = l->in;
    for (size_t i = 0; i < margin->levels; i++)
        l->above[i] = l->below[i] = 0;
    for (size_t c = 0; c < in->cells; c++) {
        double b = weighted && in->base_weights != NULL ? in->base_weights[c] : 1;
        l->above[margin->level[c]] += b * (l->e[c] - in->rows[c] * l->a[c]);
        l->below[margin->level[c]] += b * in->rows[c];
    }
    for (size_t c = 0; c < in->cells; c++) {
        size_t i = margin->level[c];
        if (l->below[i] > 0)
            l->a[c] += l->above[i] / l->below[i];
    }
}

static void estimate(struct linearizing *l, struct linearized *out)
{
    const struct linearize_input *in = l->in;
    double sum = 0;
    for (size_t c = 0; c < in->cells; c++)
        sum += in->weights[c] * in->sum[c];
    out->mean = sum / l->population;
    for (size_t c = 0; c < in->cells; c++)
        l->e[c] = trimmed_part(in, c) * (in->sum[c] - in->rows[c] * out->mean);
    if (in->method == LINEARIZE_POSTSTRATIFIED)
        take_out(l, &in->margins[0], true);
    for (int i = 0; in->method == LINEARIZE_RAKED && i < LINEARIZE_SWEEPS; i++)
        for (size_t m = 0; m < in->margin_count; m++)
            take_out(l, &in->margins[m], false);
    double s1 = 0, s2 = 0, m = out->mean;
    for (size_t c = 0; c < in->cells; c++) {
        double g = untrimmed(in, c), r = trimmed_part(in, c), a = l->a[c];
        double spread = in->sum_squares[c] - 2 * m * in->sum[c] + in->rows[c] * m * m;
        s1 += g * (l->e[c] - in->rows[c] * a);
        s2 += g * g * (r * r * spread - 2 * a * l->e[c] + in->rows[c] * a * a);
    }
    double n = l->rows;
    double squares = s2 - s1 * s1 / n;
    /* Rounding must not make a NaN of a spread of 0. */
    squares = squares < 0 ? 0 : squares;
    double variance = (1 - n / in->population) * n / (n - 1) * squares;
    out->se = n > 1 ? sqrt(variance) / l->population : (double)NAN;
}

enum status linearize_mean(const struct linearize_input *in, struct linearized *out,
                           struct error *err)
{
    size_t levels = 1;
    for (size_t m = 0; m < in->margin_count; m++)
        levels = in->margins[m].levels > levels ? in->margins[m].levels : levels;
    struct linearizing l = {.in = in};
    l.a = calloc(in->cells + 1, sizeof *l.a);
    l.e = calloc(in->cells + 1, sizeof *l.e);
    l.above = calloc(levels, sizeof *l.above);
    l.below = calloc(levels, sizeof *l.below);
    enum status s = STATUS_OK;
    if (l.a == NULL || l.e == NULL || l.above == NULL || l.below == NULL)
        s = error_no_memory(err);
    if (s == STATUS_OK)
        s = check(&l, err);
    if (s == STATUS_OK)
        estimate(&l, out);
    free(l.a);
    free(l.e);
    free(l.above);
    free(l.below);
    return s;
}
