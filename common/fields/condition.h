/* condition.h - comparisons of fields with values: normalize.keep, rules' where, --where.
 *
 *     platform: twitter              the field's text is that
 *     platform: [twitter, facebook]  ... or one of these
 *     followers: ">= 100"            < <= > >= compare in order, = != for equality
 *
 * A list holds if one of its values does; so two != in one list are refused, which would always
 * hold.  A plain value without a sign is "=".
 *
 * Fields of type int and decimal are compared as numbers, of type time as instants (RFC 3339, or
 * a date: its first moment in UTC).  Texts (str, id) know only = and !=, since ">= 100" on a text
 * would answer wrongly without a word; a set is = LABEL if it holds the label.
 *
 * A missing value satisfies no comparison, != included.  An empty value asks for it: "" (or "=")
 * holds for a missing or empty value, "!=" for any other.  A value in the data that is no number
 * or time satisfies nothing.
 *
 *     struct conditions *all;
 *     s = conditions_new(&all, err);
 *     s = conditions_add_node(all, map, err);               // every entry of a map
 *     s = conditions_add_text(all, "followers>=100", err);  // from --where
 *     s = conditions_bind(all, &schema, err);               // field names to columns
 *     s = conditions_prepare(all, batch, err);              // once a batch: columns unescaped
 *     if (conditions_hold(all, batch, record)) ...
 *     conditions_free(all);
 *
 * Read only after bind; safe from several threads then.
 */
#ifndef BELL_FIELDS_CONDITION_H
#define BELL_FIELDS_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "records/batch.h"
#include "records/schema.h"
#include "study/node.h"

struct conditions;

enum status conditions_new(struct conditions **conditions, struct error *err) BELL_CHECK;
/* A map field: value | [values] | comparison, a text like those of conditions_add_text(), or a
 * list of such maps and texts; all must hold.  NULL adds nothing.  Errors carry the node's place.
 * The nodes outlive the conditions. */
enum status conditions_add_node(struct conditions *conditions, const struct node *node,
                                struct error *err) BELL_CHECK;
/* "field>=100", "platform=twitter", "platform!=x"; blanks round the sign are allowed. */
enum status conditions_add_text(struct conditions *conditions, const char *text,
                                struct error *err) BELL_CHECK;
enum condition_sign {
    CONDITION_EQUAL,
    CONDITION_NOT_EQUAL,
    CONDITION_LESS,
    CONDITION_LESS_EQUAL,
    CONDITION_GREATER,
    CONDITION_GREATER_EQUAL
};
/* One comparison, for --since and --until.  node gives the place for messages, may be NULL. */
enum status conditions_add(struct conditions *conditions, const char *field,
                           enum condition_sign sign, const char *value, const struct node *node,
                           struct error *err) BELL_CHECK;
/* STATUS_USAGE for a field that the schema lacks, a value or a sign that does not suit its type.
 * May be called again with another schema. */
enum status conditions_bind(struct conditions *conditions, const struct schema *schema,
                            struct error *err) BELL_CHECK;
size_t conditions_count(const struct conditions *conditions);
enum status conditions_prepare(const struct conditions *conditions, struct batch *batch,
                               struct error *err) BELL_CHECK;
/* Sets a flag for each field that is compared. */
void conditions_reads(const struct conditions *conditions, bool *fields);
/* True if all hold (an empty list always does). */
bool conditions_hold(const struct conditions *conditions, const struct batch *batch, size_t record);
void conditions_free(struct conditions *conditions); /* NULL is allowed */

#endif
