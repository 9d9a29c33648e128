/* arrow.h - symmetric matrices in the form of an arrow, solved block by block.
 *
 * Blocks of 2 by 2 stand along the diagonal, bordered by 0 to ARROW_BORDER_MAX common rows and
 * columns: the information of groups that have two parameters each and share the others.  With
 * one block it is any symmetric matrix of 2 to 4 rows.  Rows are numbered block by block, the
 * border last.
 *
 *     struct arrow factor = {.blocks = room for as many blocks};
 *     if (arrow_factor(&factor, &matrix, 0, 0))   // L L' (Cholesky)
 *         arrow_solve(&factor, v);                // v becomes matrix^-1 v
 *
 * Time and memory grow as the number of blocks, not as its cube.  All arrays are the caller's;
 * nothing is allocated and nothing can fail but as said.
 */
#ifndef BELL_STATS_ARROW_H
#define BELL_STATS_ARROW_H

#include <stdbool.h>
#include <stddef.h>

enum { ARROW_BORDER_MAX = 2 };

struct arrow_block {
    double own[2][2];                 /* the lower triangle counts */
    double side[2][ARROW_BORDER_MAX]; /* its part of the border */
};

struct arrow {
    struct arrow_block *blocks;
    size_t count;  /* of blocks, at least 1 */
    size_t border; /* rows of the border */
    double corner[ARROW_BORDER_MAX][ARROW_BORDER_MAX];
};

/* Rows of the matrix. */
size_t arrow_rows(const struct arrow *matrix);
/* Where element (row, row) stands. */
double *arrow_diagonal(struct arrow *matrix, size_t row);

/* The Cholesky factor of matrix + damp * diag(max(diagonal, least)); factor->blocks has room for
 * matrix->count.  False, and factor of no use, if that matrix is not positive definite. */
bool arrow_factor(struct arrow *factor, const struct arrow *matrix, double damp, double least);
void arrow_solve(const struct arrow *factor, double *v);
/* v' matrix^-1 v as a sum of squares, never below 0; v is overwritten. */
double arrow_quadratic(const struct arrow *factor, double *v);
/* Greatest over smallest eigenvalue of the matrix scaled to a diagonal of 1, by bisection on
 * the sign of its pivots (Sylvester's law of inertia); INFINITY if it is not positive definite.
 * scratch->blocks has room for 2 * matrix->count. */
double arrow_condition(struct arrow *scratch, const struct arrow *matrix);

#endif
