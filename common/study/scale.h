/* scale.h - what an answer is worth: words and numerals to scores.
 *
 * Scores are in millionths and oriented: higher is better, whatever the answer's own direction
 * was (`reverse` maps x to min + max - x, and is applied by scale_read()).  A scale is read
 * only once made, and may be shared between threads.
 *
 * What is on a scale: its points, or the steps over its range; else the values of its words;
 * else every decimal of 6 places from min to max.
 */
#ifndef BELL_STUDY_SCALE_H
#define BELL_STUDY_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "study/node.h"

enum { SCALE_POINTS_MAX = 1001 };

struct scale_word {
    struct slice word; /* as answered */
    int64_t value;     /* oriented */
};

struct scale {
    const char *name;
    int64_t min; /* oriented, as all values below; min < max */
    int64_t max;
    int64_t step;             /* 0: none */
    uint64_t point_count;     /* 0: every decimal from min to max */
    const int64_t *points;    /* ascending; NULL if point_count is 0 or over SCALE_POINTS_MAX */
    const char *const *names; /* one a point (band names); NULL unless every point has one */
    bool reverse;             /* scale_read() turns answers round */
    const struct scale_word *words; /* in byte order of word */
    size_t word_count;
    const struct slice *missing; /* words that mean no answer, in byte order */
    size_t missing_count;
};

enum scale_reading { SCALE_SCORE, SCALE_MISSING, SCALE_OFF };

/* A built-in scale by name (stars5, likert5, likert7, nps, sentiment3, thumbs, percent); NULL
 * if there is none of that name. */
const struct scale *scale_builtin(const char *name);
/* The names of the built-in scales, *count of them. */
const char *const *scale_builtin_names(size_t *count);

/* Makes a scale from its map in a study (range, step, points, words, reverse, missing), in
 * the arena. */
enum status scale_make(const char *name, const struct node *map, struct arena *arena,
                       const struct scale **scale, struct error *err) BELL_CHECK;

/* The unnamed scale of `score: {range: [1, 5], step: 0.5, reverse: true}` or of --range, --step,
 * --reverse.  It is called by its range: "1..5", with a step "1..5/0.5". */
enum status scale_make_inline(const struct node *score, struct arena *arena,
                              const struct scale **scale, struct error *err) BELL_CHECK;

/* Reads an answer that is trimmed already.  A missing slice is SCALE_MISSING; an empty text is
 * SCALE_OFF unless the scale has it as a word or under missing.  *millionths only with
 * SCALE_SCORE. */
enum scale_reading scale_read(const struct scale *scale, struct slice answer, int64_t *millionths);
/* Is an oriented value on the scale? */
bool scale_holds(const struct scale *scale, int64_t millionths);

/* The text of a #scale line behind "#scale\t":
 *     stars5\tmin=1\tmax=5\tpoints=1,2,3,4,5
 * with step= instead of points= beyond SCALE_POINTS_MAX points, neither if any decimal counts,
 * and names= if every point has one.  false: out of memory. */
bool scale_to_line(const struct scale *scale, struct buffer *out) BELL_CHECK;
/* The reverse; such a scale has no words and is not reversed (its scores are oriented already).
 * A line that is not so: STATUS_DAMAGED. */
enum status scale_from_line(const char *line, struct arena *arena, const struct scale **scale,
                            struct error *err) BELL_CHECK;

#endif
