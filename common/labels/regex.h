/* regex.h - regular expressions of rules: PCRE2 in UTF and UCP mode, case-sensitive, bounded.
 *
 *     regex_compile(&regex, node, err);          // node: the scalar with the pattern
 *     regex_scratch_new(&scratch, err);          // one a thread, for all patterns
 *     regex_match(regex, scratch, text, &result, err);
 *
 * A compiled regex is never changed and threads share it.  (?i) makes a pattern blind to case.
 * The work of one match is bounded (REGEX_MATCH_LIMIT steps, REGEX_HEAP_KIB of memory); where
 * PCRE2 has no compiler for the machine its interpreter is used under the same bounds.
 */
#ifndef BELL_LABELS_REGEX_H
#define BELL_LABELS_REGEX_H

#include "base/error.h"
#include "base/slice.h"
#include "study/node.h"

enum { REGEX_MATCH_LIMIT = 1000000, REGEX_DEPTH_LIMIT = 100000, REGEX_HEAP_KIB = 16 * 1024 };

enum regex_result {
    REGEX_NO,
    REGEX_YES,
    REGEX_LIMIT,   /* past a bound: nobody knows */
    REGEX_NOT_UTF8 /* the text is not UTF-8 */
};

struct regex;
struct regex_scratch;

/* A faulty pattern: STATUS_USAGE at the node's place, with PCRE2's words and the byte. */
enum status regex_compile(struct regex **regex, const struct node *node,
                          struct error *err) BELL_CHECK;
void regex_free(struct regex *regex);

enum status regex_scratch_new(struct regex_scratch **scratch, struct error *err) BELL_CHECK;
void regex_scratch_free(struct regex_scratch *scratch);

/* Whether the pattern matches anywhere in text; a missing text gives REGEX_NO.  Fails only if
 * memory is out. */
enum status regex_match(const struct regex *regex, struct regex_scratch *scratch, struct slice text,
                        enum regex_result *result, struct error *err) BELL_CHECK;

#endif
