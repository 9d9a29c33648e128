/* figure_text.h - numbers as people read them in a picture: three digits that matter, groups of
 * thousands, "24,950" and "0.0520 %"; an exponent only below a millionth of a percent.
 *
 * Never for data: the tables hold the exact figures.  A number that is not known (NaN) is "".
 * Whatever the size, a part that is less than all is never shown as "100 %", and one that is more
 * than nothing never as "0 %".
 */
#ifndef BELL_PICTURES_FIGURE_TEXT_H
#define BELL_PICTURES_FIGURE_TEXT_H

enum { FIGURE_TEXT_MAX = 64 };

/* Each writes to out and returns it. */

/* A number of people or records: all its digits; a sum of weights, to the nearest whole from
 * 1,000 on. */
const char *figure_count(char out[FIGURE_TEXT_MAX], double value);
/* A mean or the like: three digits that matter. */
const char *figure_number(char out[FIGURE_TEXT_MAX], double value);
/* A share of 1 in percent, with the sign. */
const char *figure_percent(char out[FIGURE_TEXT_MAX], double share);
/* "10.1 to 45.2 %", "2.20 to 4.61". */
const char *figure_percents(char out[FIGURE_TEXT_MAX], double low, double high);
const char *figure_numbers(char out[FIGURE_TEXT_MAX], double low, double high);
/* The end of an axis: its digits and no more. */
const char *figure_short(char out[FIGURE_TEXT_MAX], double value);
const char *figure_short_percent(char out[FIGURE_TEXT_MAX], double share);

#endif
