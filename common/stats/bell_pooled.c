#include "stats/bell_pooled.h"

#include <math.h>
#include <stdlib.h>

#include "stats/arrow.h"
#include "stats/bell_search.h"

#define DAMP_FIRST 1e-3
#define DAMP_LEAST 1e-14
#define DAMP_MOST 1e9
#define STEP_MOST 1.5
#define CHANGE_LEAST 1e-11

enum { ROUNDS = 300, ALONE_ROUNDS = 200 };

/* Where the climb stands: a point for each group, all with the same common parameters. */
struct place {
    struct bell_point *points;
    double loglik;
};

struct climb {
    const struct bell_pool *pool;
    size_t parameters; /* of one group */
    size_t rows;       /* of theta: 2 a group, then the common ones */
    double n;
    double *start; /* mu and log sigma of each group */
    double *step;  /* rows */
    struct place now, next, best;
    struct arrow matrix, factor; /* factor has room for twice the blocks */
};

static struct bell_data data_of(const struct bell_pool *pool, size_t g)
{
    return (struct bell_data){.counts = pool->counts + g * pool->bands,
                              .bands = pool->bands,
                              .model = pool->model,
                              .tilt = pool->tilt};
}

static void climb_free(struct climb *c)
{
    free(c->start);
    free(c->step);
    free(c->now.points);
    free(c->next.points);
    free(c->best.points);
    free(c->matrix.blocks);
    free(c->factor.blocks);
}

static bool climb_allocate(struct climb *c, const struct bell_pool *pool)
{
    size_t groups = pool->groups;
    *c = (struct climb){.pool = pool, .parameters = bell_parameters(pool->model)};
    c->rows = 2 * groups + c->parameters - 2;
    c->start = calloc(groups, 2 * sizeof *c->start);
    c->step = calloc(groups + 1, 2 * sizeof *c->step); /* at least rows */
    c->now.points = calloc(groups, sizeof *c->now.points);
    c->next.points = calloc(groups, sizeof *c->next.points);
    c->best.points = calloc(groups, sizeof *c->best.points);
    c->matrix.blocks = calloc(groups, sizeof *c->matrix.blocks);
    c->factor.blocks = calloc(groups, 2 * sizeof *c->factor.blocks);
    return c->start != NULL && c->step != NULL && c->now.points != NULL && c->next.points != NULL &&
           c->best.points != NULL && c->matrix.blocks != NULL && c->factor.blocks != NULL;
}

/* All groups at the theta that their points hold. */
static void evaluate(struct place *place, const struct bell_pool *pool)
{
    place->loglik = 0;
    for (size_t g = 0; g < pool->groups; g++) {
        struct bell_data data = data_of(pool, g);
        bell_evaluate(&place->points[g], &data, place->points[g].theta);
        place->loglik += place->points[g].loglik;
    }
}

static void swap(struct place *a, struct place *b)
{
    struct place kept = *a;
    *a = *b;
    *b = kept;
}

/* The bells without selection and tilt, drawn in from the ends of the box. */
static void find_start(struct climb *c)
{
    double length = (double)c->pool->bands - 1;
    const double middle[BELL_PARAMETERS_MAX] = {1 + length / 2, log(0.3 * length)};
    for (size_t g = 0; g < c->pool->groups; g++) {
        struct bell_data data = data_of(c->pool, g);
        struct bell_point point;
        data.model = BELL_NONE;
        data.tilt = 0;
        bell_climb(&point, &data, middle, ALONE_ROUNDS);
        double low = 1 - length / 2, high = (double)c->pool->bands + length / 2;
        c->start[2 * g] = fmax(low, fmin(high, point.theta[0]));
        low = log(0.1 * length);
        high = log(1.2 * length);
        c->start[2 * g + 1] = fmax(low, fmin(high, point.theta[1]));
    }
}

static void set_start(struct climb *c, double common)
{
    for (size_t g = 0; g < c->pool->groups; g++) {
        double *theta = c->now.points[g].theta;
        theta[0] = c->start[2 * g];
        theta[1] = c->start[2 * g + 1];
        for (size_t i = 2; i < c->parameters; i++)
            theta[i] = common;
    }
    evaluate(&c->now, c->pool);
}

/* The information and, in step, the score of all groups together. */
static void gather(struct climb *c, const struct place *place)
{
    size_t groups = c->pool->groups, common = c->parameters - 2;
    struct arrow *m = &c->matrix;
    double *score = c->step + 2 * groups;
    m->count = groups;
    m->border = common;
    for (size_t i = 0; i < common; i++) {
        score[i] = 0;
        for (size_t j = 0; j < common; j++)
            m->corner[i][j] = 0;
    }
    for (size_t g = 0; g < groups; g++) {
        const struct bell_point *point = &place->points[g];
        struct arrow one = {.blocks = m->blocks + g};
        bell_information(&one, point, c->parameters);
        c->step[2 * g] = point->score[0];
        c->step[2 * g + 1] = point->score[1];
        for (size_t i = 0; i < common; i++) {
            score[i] += point->score[2 + i];
            for (size_t j = 0; j < common; j++)
                m->corner[i][j] += one.corner[i][j];
        }
    }
}

/* Sets next to where the step leads, inside the box; gives the greatest change. */
static double walk(struct climb *c)
{
    double low[BELL_PARAMETERS_MAX], high[BELL_PARAMETERS_MAX];
    double most = 0;
    bell_box(low, high, c->parameters, c->pool->bands);
    for (size_t g = 0; g < c->pool->groups; g++) {
        const double *from = c->now.points[g].theta;
        double *to = c->next.points[g].theta;
        for (size_t i = 0; i < c->parameters; i++) {
            double step = c->step[i < 2 ? 2 * g + i : 2 * (c->pool->groups - 1) + i];
            step = fmax(-STEP_MOST, fmin(STEP_MOST, step));
            to[i] = fmax(low[i], fmin(high[i], from[i] + step));
            most = fmax(most, fabs(to[i] - from[i]));
        }
    }
    return most;
}

static void climb(struct climb *c)
{
    double damp = DAMP_FIRST;
    for (unsigned round = 0; round < ROUNDS && damp <= DAMP_MOST; round++) {
        double change = 0;
        gather(c, &c->now);
        bool up = arrow_factor(&c->factor, &c->matrix, damp, 1e-9 * c->n);
        if (up) {
            arrow_solve(&c->factor, c->step);
            change = walk(c);
            evaluate(&c->next, c->pool);
            up = isfinite(c->next.loglik) &&
                 c->next.loglik >= c->now.loglik - 1e-12 * fabs(c->now.loglik);
        }
        if (!up) {
            damp *= 8;
            continue;
        }
        swap(&c->now, &c->next);
        damp = fmax(damp / 5, DAMP_LEAST);
        if (change < CHANGE_LEAST)
            return;
    }
}

static void find_best(struct climb *c)
{
    static const double commons[] = {0, 1};
    find_start(c);
    for (size_t i = 0; i < sizeof commons / sizeof commons[0]; i++) {
        set_start(c, commons[i]);
        climb(c);
        /* From equally good ends the first, so that rounding does not choose. */
        if (i == 0 || c->now.loglik > c->best.loglik + 1e-9)
            swap(&c->now, &c->best);
    }
}

static bool is_settled(struct climb *c)
{
    for (size_t g = 0; g < c->pool->groups; g++) {
        if (!bell_settled(&c->best.points[g], 2))
            return false;
    }
    struct bell_point all = {.n = c->n}; /* the common ones, in the place of two */
    for (size_t i = 0; i < c->parameters - 2; i++)
        all.score[i] = c->step[2 * c->pool->groups + i];
    return bell_settled(&all, c->parameters - 2);
}

/* sqrt(v' I^-1 v), v being 0 but for two elements from `row` on (one if it is the last). */
static double error_of(struct climb *c, size_t row, double first, double second)
{
    for (size_t i = 0; i < c->rows; i++)
        c->step[i] = 0;
    c->step[row] = first;
    if (row + 1 < c->rows)
        c->step[row + 1] = second;
    return sqrt(arrow_quadratic(&c->factor, c->step));
}

static void describe_group(struct bell_group *out, const struct bell_pool *pool,
                           const struct bell_point *point, const struct bell_options *options)
{
    out->mu = point->theta[0];
    out->sigma = exp(point->theta[1]);
    out->mean = bell_mean(point, options->scores, pool->bands, NULL);
    for (size_t k = 0; k < pool->bands; k++) {
        out->shares[k] = point->shares[k];
        out->answered[k] = point->answered[k];
    }
}

static void find_errors(struct bell_pooled *fit, struct bell_group *out, struct climb *c,
                        const struct bell_options *options)
{
    fit->quality.condition = arrow_condition(&c->factor, &c->matrix);
    bool known = arrow_factor(&c->factor, &c->matrix, 0, 0);
    for (size_t i = 0; known && i < fit->common; i++)
        fit->se_lambda[i] = error_of(c, 2 * c->pool->groups + i, 1, 0);
    for (size_t g = 0; g < c->pool->groups; g++) {
        double gradient[2];
        (void)bell_mean(&c->best.points[g], options->scores, c->pool->bands, gradient);
        if (known)
            out[g].se_mean = error_of(c, 2 * g, gradient[0], gradient[1]);
        out[g].limits = (struct interval){out[g].mean - options->z * out[g].se_mean,
                                          out[g].mean + options->z * out[g].se_mean};
        if (bell_is_wide(out[g].se_mean, options, c->pool->bands))
            fit->quality.reasons |= BELL_WIDE;
    }
}

static void describe(struct bell_pooled *fit, struct bell_group *out, struct climb *c,
                     const struct bell_options *options)
{
    fit->loglik = c->best.loglik;
    fit->quality.g2 = 0;
    for (size_t g = 0; g < c->pool->groups; g++) {
        const struct bell_point *point = &c->best.points[g];
        struct bell_data data = data_of(c->pool, g);
        describe_group(&out[g], c->pool, point, options);
        fit->quality.g2 += bell_misfit(point, &data);
        fit->quality.reasons |= bell_reasons_before(&data);
        if (bell_at_bound(point->theta, c->parameters, c->pool->bands))
            fit->quality.reasons |= BELL_BOUND;
    }
    for (size_t i = 0; i < fit->common; i++)
        fit->lambda[i] = c->best.points[0].theta[2 + i];
    gather(c, &c->best);
    if (!is_settled(c))
        fit->quality.reasons |= BELL_NOCONV;
    find_errors(fit, out, c, options);
}

static void clear(struct bell_pooled *fit, struct bell_group *out, const struct bell_pool *pool)
{
    const double none = (double)NAN;
    size_t common = bell_parameters(pool->model) - 2;
    *fit = (struct bell_pooled){
        .common = common,
        .lambda = {none, none},
        .se_lambda = {none, none},
        .loglik = none,
        .quality = {.g2 = none,
                    .df = (long)pool->groups * ((long)pool->bands - 3) - (long)common,
                    .p_value = none,
                    .condition = none}};
    for (size_t g = 0; g < pool->groups; g++) {
        out[g] = (struct bell_group){
            .mu = none, .sigma = none, .mean = none, .se_mean = none, .limits = {none, none}};
        for (size_t k = 0; k < BELL_BANDS_MAX; k++)
            out[g].shares[k] = out[g].answered[k] = none;
    }
}

/* The sum of all counts in *n. */
static enum status check(const struct bell_pool *pool, const struct bell_options *options,
                         double *n, struct error *err)
{
    if (pool->groups == 0)
        return error_set(err, STATUS_DATA, "a pooled bell curve needs at least one group");
    *n = 0;
    for (size_t g = 0; g < pool->groups; g++) {
        struct bell_data data = data_of(pool, g);
        struct error inner = ERROR_INIT;
        double sum = 0;
        enum status s = bell_data_check(&data, &inner);
        if (s != STATUS_OK)
            return error_set(err, s, "group %zu: %s", g + 1, inner.text);
        for (size_t k = 0; k < pool->bands; k++)
            sum += data.counts[k];
        if (!(sum > 0))
            return error_set(err, STATUS_DATA, "group %zu has no answers: leave it out", g + 1);
        *n += sum;
    }
    return bell_options_check(options, pool->bands, err);
}

enum status bell_pooled(struct bell_pooled *fit, struct bell_group *out,
                        const struct bell_pool *pool, const struct bell_options *options,
                        struct error *err)
{
    double n = 0;
    enum status s = check(pool, options, &n, err);
    if (s != STATUS_OK)
        return s;
    clear(fit, out, pool);
    if (fit->quality.df < 0) {
        fit->quality.reasons = BELL_UNIDENT;
        return STATUS_OK;
    }
    struct climb c;
    if (!climb_allocate(&c, pool)) {
        climb_free(&c);
        return error_no_memory(err);
    }
    c.n = n;
    find_best(&c);
    describe(fit, out, &c, options);
    climb_free(&c);
    bell_judge(&fit->quality);
    return STATUS_OK;
}
