/* wording.h - the sentences on a picture, the same from every renderer.
 *
 * Each text lives in the arena that it is given; NULL: out of memory.
 */
#ifndef BELL_PICTURES_WORDING_H
#define BELL_PICTURES_WORDING_H

#include "base/arena.h"
#include "pictures/picture.h"

enum { WORDING_FACTS = 6 };

/* What is known of a group: "24,950 of 48,000,000 scored: 0.0520 %", "120 without an answer, 3 off
 * the scale", its remark.  Returns how many; SIZE_MAX: out of memory. */
size_t wording_facts(struct arena *arena, const struct picture_panel *panel,
                     const char *facts[WORDING_FACTS]);
/* "47,975,050 silent: 99.9 %", brief "47,975,050 silent"; "" if the population is not known. */
const char *wording_silent(struct arena *arena, const struct picture_panel *panel, bool brief);
/* "stars5, 1 to 5; bars from 0 to 60 %"; "" if there is nothing to say. */
const char *wording_section(struct arena *arena, const struct picture_section *section);
/* All there is to say of one bar, or (name "mean") of the mean. */
const char *wording_figure(struct arena *arena, const struct picture *picture, const char *name,
                           const struct picture_figure *figure, bool percent);
/* "10.1 to 45.2 %"; "" if it is not known. */
const char *wording_range(struct arena *arena, const struct picture_range *range, bool percent);

/* The key: what each thing drawn is, and what it assumes. */
const char *wording_answers(struct arena *arena, const struct picture *picture);
const char *wording_silent_key(struct arena *arena, const struct picture *picture);
const char *wording_reach(struct arena *arena, const struct picture *picture,
                          enum picture_reach reach);
const char *wording_tilts(struct arena *arena, const struct picture *picture);
const char *wording_mark(struct arena *arena, const struct picture *picture,
                         enum picture_mark mark);
/* "3 more groups are not shown"; "" if all are. */
const char *wording_left_out(struct arena *arena, const struct picture *picture);
/* The picture in words, for those who cannot see it. */
const char *wording_description(struct arena *arena, const struct picture *picture);

#endif
