/* rewrite.h - one form for texts: the nfc, case and alias of normalize.
 *
 *     s = rewrites_new(nfc, cases, alias, &rewrites, err);       // nodes of the study, may be NULL
 *     s = rewrites_open(rewrites, schema, err);                  // fields are found
 *     s = rewrites_worker_new(rewrites, &worker, err);           // one a thread
 *     s = rewrites_apply(rewrites, worker, batch, err);
 *
 * Done in the order nfc, case, alias.  Only fields of type str and id can be rewritten.  A text
 * that is no UTF-8 refuses the record (code "utf8").  Values that repeat are rewritten once
 * (coder.h).
 */
#ifndef BELL_FIELDS_REWRITE_H
#define BELL_FIELDS_REWRITE_H

#include "base/error.h"
#include "records/batch.h"
#include "records/schema.h"
#include "study/node.h"

struct rewrites;
struct rewrites_worker;

/* The nodes outlive it.  STATUS_USAGE at a node's place. */
enum status rewrites_new(const struct node *nfc, const struct node *cases, const struct node *alias,
                         struct rewrites **rewrites, struct error *err) BELL_CHECK;
enum status rewrites_open(struct rewrites *rewrites, const struct schema *schema,
                          struct error *err) BELL_CHECK;
/* Sets a flag for each field that is rewritten. */
void rewrites_reads(const struct rewrites *rewrites, bool *fields);
void rewrites_free(struct rewrites *rewrites); /* NULL is allowed */

enum status rewrites_worker_new(const struct rewrites *rewrites, struct rewrites_worker **worker,
                                struct error *err) BELL_CHECK;
void rewrites_worker_free(struct rewrites_worker *worker); /* NULL is allowed */
/* Cells point into the batch, the worker or the rewrites. */
enum status rewrites_apply(const struct rewrites *rewrites, struct rewrites_worker *worker,
                           struct batch *batch, struct error *err) BELL_CHECK;

#endif
