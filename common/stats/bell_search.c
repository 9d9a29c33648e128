#include "stats/bell_search.h"

#include <math.h>

#define DAMP_FIRST 1e-3
#define DAMP_LEAST 1e-14
#define DAMP_MOST 1e8
#define STEP_MOST 2.0
#define CHANGE_LEAST 1e-11
#define NEAR_BOUND 1e-6
#define SCORE_FLAT 1e-7

enum { ROUNDS = 200 };

void bell_box(double *low, double *high, size_t parameters, size_t bands)
{
    double length = (double)bands - 1;
    low[0] = 1 - 2 * length;
    high[0] = (double)bands + 2 * length;
    low[1] = log(0.03 * length);
    high[1] = log(6 * length);
    for (size_t i = 2; i < parameters; i++) {
        low[i] = -12;
        high[i] = 12;
    }
}

bool bell_at_bound(const double *theta, size_t parameters, size_t bands)
{
    double low[BELL_PARAMETERS_MAX], high[BELL_PARAMETERS_MAX];
    bell_box(low, high, parameters, bands);
    for (size_t i = 0; i < parameters; i++) {
        if (theta[i] <= low[i] + NEAR_BOUND || theta[i] >= high[i] - NEAR_BOUND)
            return true;
    }
    return false;
}

bool bell_settled(const struct bell_point *point, size_t parameters)
{
    for (size_t i = 0; i < parameters; i++) {
        if (!(fabs(point->score[i]) / point->n < SCORE_FLAT))
            return false;
    }
    return true;
}

void bell_information(struct arrow *matrix, const struct bell_point *point, size_t parameters)
{
    matrix->count = 1;
    matrix->border = parameters - 2;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 2; j++)
            matrix->blocks[0].own[i][j] = point->info[i][j];
        for (size_t j = 0; j < matrix->border; j++)
            matrix->blocks[0].side[i][j] = point->info[i][2 + j];
    }
    for (size_t i = 0; i < matrix->border; i++)
        for (size_t j = 0; j < matrix->border; j++)
            matrix->corner[i][j] = point->info[2 + i][2 + j];
}

/* One damped step inside the box; false if its equations have no solution. */
static bool step_from(double *theta, const struct bell_point *point, double damp, size_t parameters,
                      size_t bands)
{
    struct arrow_block blocks[2];
    struct arrow matrix = {.blocks = &blocks[0]};
    struct arrow factor = {.blocks = &blocks[1]};
    double step[BELL_PARAMETERS_MAX];
    double low[BELL_PARAMETERS_MAX], high[BELL_PARAMETERS_MAX];
    bell_information(&matrix, point, parameters);
    if (!arrow_factor(&factor, &matrix, damp, 1e-10 * point->n))
        return false;
    for (size_t i = 0; i < parameters; i++)
        step[i] = point->score[i];
    arrow_solve(&factor, step);
    bell_box(low, high, parameters, bands);
    for (size_t i = 0; i < parameters; i++) {
        double next = point->theta[i] + fmax(-STEP_MOST, fmin(STEP_MOST, step[i]));
        theta[i] = fmax(low[i], fmin(high[i], next));
    }
    return true;
}

static double greatest_change(const double *from, const double *to, size_t parameters)
{
    double most = 0;
    for (size_t i = 0; i < parameters; i++)
        most = fmax(most, fabs(to[i] - from[i]) / (1 + fabs(to[i])));
    return most;
}

void bell_climb(struct bell_point *point, const struct bell_data *data, const double *start,
                unsigned rounds)
{
    size_t parameters = bell_parameters(data->model);
    double damp = DAMP_FIRST;
    bell_evaluate(point, data, start);
    for (unsigned round = 0; round < rounds && damp < DAMP_MOST; round++) {
        struct bell_point next;
        double theta[BELL_PARAMETERS_MAX];
        bool up = step_from(theta, point, damp, parameters, data->bands);
        if (up) {
            bell_evaluate(&next, data, theta);
            /* On the top the likelihood differs by rounding only. */
            up =
                isfinite(next.loglik) && next.loglik >= point->loglik - 1e-12 * fabs(point->loglik);
        }
        if (!up) {
            damp = fmin(damp * 8, DAMP_MOST);
            continue;
        }
        double change = greatest_change(point->theta, next.theta, parameters);
        *point = next;
        damp = fmax(damp / 5, DAMP_LEAST);
        if (change < CHANGE_LEAST)
            return;
    }
}

/* No theta can be likelier than the shares as they came. */
static double likelihood_most(const struct bell_data *data)
{
    double n = 0, sum = 0;
    for (size_t k = 0; k < data->bands; k++)
        n += data->counts[k];
    for (size_t k = 0; k < data->bands; k++)
        sum += data->counts[k] > 0 ? data->counts[k] * log(data->counts[k] / n) : 0;
    return sum;
}

void bell_search(struct bell_point *best, const struct bell_data *data)
{
    const double most = likelihood_most(data);
    static const double middles[] = {0, 0.15, 0.3, 0.5, 0.7, 0.85, 1};
    static const double widths[] = {0.12, 0.25, 0.5};
    static const double selections[] = {0, 1.5};
    double length = (double)data->bands - 1;
    size_t parameters = bell_parameters(data->model);
    size_t kinds = parameters > 2 ? 2 : 1;
    bool any = false;
    for (size_t m = 0; m < sizeof middles / sizeof middles[0]; m++) {
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            for (size_t s = 0; s < kinds; s++) {
                const double start[BELL_PARAMETERS_MAX] = {
                    1 + middles[m] * length, log(widths[w] * length), selections[s], selections[s]};
                struct bell_point point;
                bell_climb(&point, data, start, ROUNDS);
                if (!any || point.loglik > best->loglik)
                    *best = point;
                any = true;
                if (best->loglik >= most - 1e-13 * fabs(most) && bell_settled(best, parameters))
                    return;
            }
        }
    }
}
