#include "stats/logistic.h"

#include <math.h>
#include <stdbool.h>

enum { P = LOGISTIC_PARAMETERS_MAX };

/* h = l l', l below the diagonal of h; false if h is not positive definite. */
static bool factor(double h[P][P], size_t p)
{
    for (size_t i = 0; i < p; i++) {
        double whole = h[i][i];
        for (size_t j = 0; j <= i; j++) {
            double rest = h[i][j];
            for (size_t k = 0; k < j; k++)
                rest -= h[i][k] * h[j][k];
            if (j < i)
                h[i][j] = rest / h[j][j];
            else if (rest > 1e-12 * whole)
                h[i][i] = sqrt(rest);
            else
                return false;
        }
    }
    return true;
}

static void solve(double l[P][P], size_t p, double *x)
{
    for (size_t i = 0; i < p; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (size_t i = p; i-- > 0;) {
        for (size_t k = i + 1; k < p; k++)
            x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
    }
}

struct table {
    const double *z;
    const double *yes;
    const double *no;
    size_t rows;
    size_t p;
};

static void score_and_information(const struct table *t, const double *b, double *score,
                                  double h[P][P])
{
    for (size_t i = 0; i < t->p; i++) {
        score[i] = 0;
        for (size_t j = 0; j < t->p; j++)
            h[i][j] = 0;
    }
    for (size_t r = 0; r < t->rows; r++) {
        const double *z = t->z + r * t->p;
        double eta = 0;
        for (size_t i = 0; i < t->p; i++)
            eta += z[i] * b[i];
        double yes = 1 / (1 + exp(-eta)), no = 1 / (1 + exp(eta));
        /* yes_i - n_i P, without the difference of two large numbers. */
        double residual = t->yes[r] * no - t->no[r] * yes;
        double weight = (t->yes[r] + t->no[r]) * yes * no;
        for (size_t i = 0; i < t->p; i++) {
            score[i] += z[i] * residual;
            for (size_t j = 0; j < t->p; j++)
                h[i][j] += z[i] * z[j] * weight;
        }
    }
}

/* Adds the step to b; its largest relative change.  No step above 2, so that none runs away. */
static double move(double *b, const double *step, size_t p)
{
    double most = 0, change = 0;
    for (size_t i = 0; i < p; i++)
        most = fabs(step[i]) > most ? fabs(step[i]) : most;
    double part = most > 2 ? 2 / most : 1;
    for (size_t i = 0; i < p; i++) {
        b[i] += part * step[i];
        double relative = fabs(part * step[i]) / (1 + fabs(b[i]));
        change = relative > change ? relative : change;
    }
    return change;
}

static void invert(double l[P][P], size_t p, double out[P][P])
{
    for (size_t j = 0; j < p; j++) {
        double column[P] = {0};
        column[j] = 1;
        solve(l, p, column);
        for (size_t i = 0; i < p; i++)
            out[i][j] = column[i];
    }
}

enum status logistic_fit(const double *z, const double *yes, const double *no, size_t rows,
                         size_t parameters, struct logistic_fit *out, struct error *err)
{
    struct table t = {z, yes, no, rows, parameters};
    double all_yes = 0, all_no = 0;
    *out = (struct logistic_fit){.steps = 0};
    for (size_t r = 0; r < rows; r++) {
        all_yes += yes[r];
        all_no += no[r];
    }
    out->b[0] = log(all_yes / all_no);
    for (double change = 1; change > 1e-12; out->steps++) {
        double step[P];
        double h[P][P];
        if (out->steps == LOGISTIC_STEPS_MAX)
            return error_set(err, STATUS_DATA,
                             "the smooth form finds no maximum in %d steps; use the saturated form",
                             LOGISTIC_STEPS_MAX);
        score_and_information(&t, out->b, step, h);
        if (parameters < 1 || parameters > P || !factor(h, parameters))
            return error_set(err, STATUS_DATA,
                             "the %zu parameters of the smooth form cannot be told apart over %zu "
                             "bands; use the saturated form",
                             parameters, rows);
        solve(h, parameters, step);
        change = move(out->b, step, parameters);
        invert(h, parameters, out->covariance);
    }
    return STATUS_OK;
}
