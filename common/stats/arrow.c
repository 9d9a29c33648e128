#include "stats/arrow.h"

#include <math.h>
#include <string.h>

size_t arrow_rows(const struct arrow *matrix)
{
    return 2 * matrix->count + matrix->border;
}

double *arrow_diagonal(struct arrow *matrix, size_t row)
{
    if (row < 2 * matrix->count)
        return &matrix->blocks[row / 2].own[row % 2][row % 2];
    size_t at = row - 2 * matrix->count;
    return &matrix->corner[at][at];
}

static void copy(struct arrow *to, const struct arrow *from)
{
    struct arrow_block *blocks = to->blocks;
    *to = *from;
    to->blocks = blocks;
    memcpy(blocks, from->blocks, from->count * sizeof *blocks);
}

/* Lower Cholesky of a matrix of 0 to 2 rows, in place. */
static bool factor_small(double (*m)[2], size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        if (i == 1) {
            m[1][0] /= m[0][0];
            m[1][1] -= m[1][0] * m[1][0];
        }
        if (!(m[i][i] > 0) || !isfinite(m[i][i]))
            return false;
        m[i][i] = sqrt(m[i][i]);
    }
    return true;
}

static bool factor_in_place(struct arrow *m)
{
    for (size_t g = 0; g < m->count; g++) {
        struct arrow_block *block = &m->blocks[g];
        if (!factor_small(block->own, 2))
            return false;
        for (size_t j = 0; j < m->border; j++) {
            block->side[0][j] /= block->own[0][0];
            block->side[1][j] -= block->own[1][0] * block->side[0][j];
            block->side[1][j] /= block->own[1][1];
        }
        for (size_t i = 0; i < m->border; i++)
            for (size_t j = 0; j <= i; j++)
                m->corner[i][j] -=
                    block->side[0][i] * block->side[0][j] + block->side[1][i] * block->side[1][j];
    }
    return factor_small(m->corner, m->border);
}

bool arrow_factor(struct arrow *factor, const struct arrow *matrix, double damp, double least)
{
    copy(factor, matrix);
    for (size_t i = 0; i < arrow_rows(factor); i++) {
        double *at = arrow_diagonal(factor, i);
        *at += damp * fmax(*at, least);
    }
    return factor_in_place(factor);
}

/* v becomes L^-1 v. */
static void forward(const struct arrow *f, double *v)
{
    double *common = v + 2 * f->count;
    for (size_t g = 0; g < f->count; g++) {
        const struct arrow_block *block = &f->blocks[g];
        double *own = v + 2 * g;
        own[0] /= block->own[0][0];
        own[1] = (own[1] - block->own[1][0] * own[0]) / block->own[1][1];
        for (size_t j = 0; j < f->border; j++)
            common[j] -= block->side[0][j] * own[0] + block->side[1][j] * own[1];
    }
    for (size_t j = 0; j < f->border; j++) {
        for (size_t i = 0; i < j; i++)
            common[j] -= f->corner[j][i] * common[i];
        common[j] /= f->corner[j][j];
    }
}

/* v becomes L'^-1 v. */
static void backward(const struct arrow *f, double *v)
{
    double *common = v + 2 * f->count;
    for (size_t j = f->border; j-- > 0;) {
        for (size_t i = j + 1; i < f->border; i++)
            common[j] -= f->corner[i][j] * common[i];
        common[j] /= f->corner[j][j];
    }
    for (size_t g = 0; g < f->count; g++) {
        const struct arrow_block *block = &f->blocks[g];
        double *own = v + 2 * g;
        for (size_t j = 0; j < f->border; j++) {
            own[0] -= block->side[0][j] * common[j];
            own[1] -= block->side[1][j] * common[j];
        }
        own[1] /= block->own[1][1];
        own[0] = (own[0] - block->own[1][0] * own[1]) / block->own[0][0];
    }
}

void arrow_solve(const struct arrow *factor, double *v)
{
    forward(factor, v);
    backward(factor, v);
}

double arrow_quadratic(const struct arrow *factor, double *v)
{
    forward(factor, v);
    double sum = 0;
    for (size_t i = 0; i < arrow_rows(factor); i++)
        sum += v[i] * v[i];
    return sum;
}

/* False if a diagonal element is not above 0. */
static bool scale_to_ones(struct arrow *m)
{
    double common[ARROW_BORDER_MAX];
    for (size_t j = 0; j < m->border; j++) {
        if (!(m->corner[j][j] > 0))
            return false;
        common[j] = sqrt(m->corner[j][j]);
    }
    for (size_t g = 0; g < m->count; g++) {
        struct arrow_block *block = &m->blocks[g];
        if (!(block->own[0][0] > 0) || !(block->own[1][1] > 0))
            return false;
        const double own[2] = {sqrt(block->own[0][0]), sqrt(block->own[1][1])};
        for (size_t i = 0; i < 2; i++) {
            for (size_t j = 0; j < i; j++)
                block->own[i][j] /= own[i] * own[j];
            block->own[i][i] = 1;
            for (size_t j = 0; j < m->border; j++)
                block->side[i][j] /= own[i] * common[j];
        }
    }
    for (size_t i = 0; i < m->border; i++) {
        for (size_t j = 0; j < i; j++)
            m->corner[i][j] /= common[i] * common[j];
        m->corner[i][i] = 1;
    }
    return true;
}

/* Is sign * m + shift * 1 positive definite? */
static bool is_positive(struct arrow *scratch, const struct arrow *m, double sign, double shift)
{
    copy(scratch, m);
    for (size_t g = 0; g < scratch->count; g++) {
        struct arrow_block *block = &scratch->blocks[g];
        block->own[1][0] *= sign;
        for (size_t i = 0; i < 2; i++)
            for (size_t j = 0; j < scratch->border; j++)
                block->side[i][j] *= sign;
    }
    scratch->corner[1][0] *= sign;
    for (size_t i = 0; i < arrow_rows(scratch); i++) {
        double *at = arrow_diagonal(scratch, i);
        *at = sign * *at + shift;
    }
    return factor_in_place(scratch);
}

double arrow_condition(struct arrow *scratch, const struct arrow *matrix)
{
    enum { HALVINGS = 60 };
    struct arrow scaled = {.blocks = scratch->blocks + matrix->count};
    copy(&scaled, matrix);
    if (!scale_to_ones(&scaled) || !is_positive(scratch, &scaled, 1, 0))
        return (double)INFINITY;
    /* The eigenvalues are positive, and their mean is 1. */
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (is_positive(scratch, &scaled, 1, -middle))
            low = middle;
        else
            high = middle;
    }
    double smallest = high;
    low = 1;
    high = (double)arrow_rows(&scaled);
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (is_positive(scratch, &scaled, -1, middle))
            high = middle;
        else
            low = middle;
    }
    return high / smallest;
}
