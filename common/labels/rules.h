/* rules.h - labels given to records by rules (the `labels:` of a study or a pack).
 *
 *     rules_new(&rules, err);
 *     rules_add(rules, labels, err);             // a map NAME -> {from, rules, else, all}
 *     rules_open(rules, schema, err);            // fields are found, a field a label is added
 *     // from here on never changed; threads share it
 *     rules_worker_new(rules, &worker, err);     // one a thread
 *     rules_apply(rules, worker, batch, err);    // adds and fills the columns
 *
 * A rule is {label, any, all, regex, where} with at least one of the last four, and holds when
 * every part that it has holds:
 *     any     one of the words or phrases is found (phrases.h)
 *     all     each of them is
 *     regex   the pattern matches (regex.h)
 *     where   the conditions on fields hold (condition.h)
 * With several fields in `from` each is a text of its own, and a part holds if it holds in any
 * of them; two parts need not hold in the same one.  A missing field holds no text.
 *
 * The first rule that holds gives the label, else `else`, else the value is missing.  With
 * `all: true` beside `from` every rule that holds gives its label: a set, in byte order; if none
 * does, the one label of `else`, else the empty set.  Labels are made in order, and a label may
 * use the ones before it in `from` and `where`.
 *
 * A regex past its bounds, or over text that is not UTF-8, refuses the record (codes "regex",
 * "utf8").
 *
 * The nodes given to rules_add() must outlive the rules.
 */
#ifndef BELL_LABELS_RULES_H
#define BELL_LABELS_RULES_H

#include "base/error.h"
#include "records/batch.h"
#include "records/schema.h"
#include "study/node.h"

enum { RULES_LABELS_MAX = 1000 };

struct rules;
struct rules_worker;

enum status rules_new(struct rules **rules, struct error *err) BELL_CHECK;
/* Compiles the labels of a map.  A faulty rule, or a name that was added before: STATUS_USAGE
 * at its place. */
enum status rules_add(struct rules *rules, const struct node *labels, struct error *err) BELL_CHECK;
/* Adds one label: a value of that map. */
enum status rules_add_label(struct rules *rules, const char *name, const struct node *node,
                            struct error *err) BELL_CHECK;
/* Finds the fields and conditions, and adds one field a label (FIELD_STR or FIELD_SET) behind
 * the others.  A label named as a field that exists: STATUS_USAGE. */
enum status rules_open(struct rules *rules, struct schema *schema, struct error *err) BELL_CHECK;
/* Sets a flag for each field of the input that is needed, given those that are needed behind the
 * rules; fields has room for the labels too. */
void rules_reads(const struct rules *rules, const bool *wanted, bool *fields);
void rules_free(struct rules *rules);
size_t rules_label_count(const struct rules *rules);

enum status rules_worker_new(const struct rules *rules, struct rules_worker **worker,
                             struct error *err) BELL_CHECK;
void rules_worker_free(struct rules_worker *worker);
/* Values of the new columns lie in the rules, the worker or the batch. */
enum status rules_apply(const struct rules *rules, struct rules_worker *worker, struct batch *batch,
                        struct error *err) BELL_CHECK;

#endif
