/* weight_report.h - what weighting did, for people and for programs. */
#ifndef BELL_WEIGHTS_WEIGHT_REPORT_H
#define BELL_WEIGHTS_WEIGHT_REPORT_H

#include "base/buffer.h"
#include "weights/solve.h"

/* Appends a CSV `quantity,margin,level,value`: figures of the whole (margin and level empty), then
 * for each level of each margin its rows, its target and what its weights add up to. */
bool weight_report_csv(const struct weight_plan *plan, const struct weight_solution *solution,
                       struct buffer *out) BELL_CHECK;
/* Appends lines that begin with program and a colon: the figures of the whole. */
bool weight_report_lines(const struct weight_plan *plan, const struct weight_solution *solution,
                         const char *program, struct buffer *out) BELL_CHECK;
/* The same for what trimming did; nothing if no weight was trimmed. */
bool weight_report_trimming(const struct weight_plan *plan, const struct weight_solution *solution,
                            const char *program, struct buffer *out) BELL_CHECK;

#endif
