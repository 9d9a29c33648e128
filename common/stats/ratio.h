/* ratio.h - one exact fraction as the nearest double. */
#ifndef BELL_STATS_RATIO_H
#define BELL_STATS_RATIO_H

/* num / den, rounded once, to even on a tie: dividing two rounded doubles can be off where
 * either is beyond 2^53 (10^12 in millionths is).  0 < den < 2^126. */
double ratio(__int128 num, __int128 den);
/* a * b / den, rounded once; the quotient is below 2^127, and 0 < den < 2^127. */
double ratio_of_product(unsigned __int128 a, unsigned __int128 b, unsigned __int128 den);

#endif
