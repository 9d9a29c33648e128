/* claim_text.h - a judgement in words: a sentence that may be published, and the reasons. */
#ifndef BELL_ESTIMATES_CLAIM_TEXT_H
#define BELL_ESTIMATES_CLAIM_TEXT_H

#include "base/buffer.h"
#include "estimates/claim_judge.h"

/* All of them append to out; false: out of memory.  found names the groups in the claim's order. */

/* "the mean score is above 3.5", with the group where the table has several. */
bool claim_statement(struct buffer *out, const struct claim *claim,
                     const struct claim_found *found) BELL_CHECK;
/* The opposite of it: "the mean score is at most 3.5". */
bool claim_counterstatement(struct buffer *out, const struct claim *claim,
                            const struct claim_found *found) BELL_CHECK;

/* One line that begins with Holds, Supported, Not supported or Not judged, and stands by itself.
 * A refusal has no figure of the group in it. */
bool claim_sentence(struct buffer *out, const struct claim *claim, const struct claim_found *found,
                    const struct claim_figures *figures, const struct claim_judgement *judgement,
                    const struct claim_rules *rules) BELL_CHECK;
/* Lines that say by what figures it was judged, each indented by two blanks. */
bool claim_reasons(struct buffer *out, const struct claim *claim, const struct claim_found *found,
                   const struct claim_figures *figures, const struct claim_judgement *judgement,
                   const struct claim_rules *rules) BELL_CHECK;

#endif
