/* chi_square.h - the upper tail of the chi-squared distribution.
 *
 * P(X > x) for df degrees of freedom, from the GNU Scientific Library.  NaN unless df > 0 and x
 * is a number; 1 for x <= 0.
 *
 * GSL ends the program on an error of its own, even on underflow in a far tail.  The first
 * call turns that off for the whole process, and for good: the handler of GSL is one for all
 * threads, so setting and restoring it around each call would race.  Whatever else in bellpipe
 * calls GSL must look at the values and statuses it gets in any case.
 */
#ifndef BELL_STATS_CHI_SQUARE_H
#define BELL_STATS_CHI_SQUARE_H

double chi_square_tail(double x, double df);

#endif
