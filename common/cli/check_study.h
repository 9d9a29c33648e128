/* check_study.h - --check-study: all sections of a study, without touching data.
 *
 * For each filter whose section the study has, its stage is made and thrown away: that is what
 * checks values which only the filter understands (zones, regexes, scales, conditions).
 */
#ifndef BELL_CLI_CHECK_STUDY_H
#define BELL_CLI_CHECK_STUDY_H

#include "cli/filter.h"

/* study is open already, and so its form and keys are right.  */
enum status check_study(const struct study *study, const struct filter *const *filters,
                        size_t count, struct error *err) BELL_CHECK;

#endif
