/* yaml.h - a YAML text as a tree of nodes, and what a study file may not hold.
 *
 * Refused with STATUS_USAGE and file:line:column: a duplicate key (both lines are named), an
 * anchor, an alias, a merge key, a tag, a key that is no scalar, a second document, depth over
 * YAML_DEPTH_MAX, more than YAML_BYTES_MAX bytes, a NUL in a scalar, bytes that are no UTF-8.
 * An empty text is an empty map.  Work grows with the size of the text and no faster.
 */
#ifndef BELL_STUDY_YAML_H
#define BELL_STUDY_YAML_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "study/node.h"

enum { YAML_DEPTH_MAX = 32, YAML_BYTES_MAX = 1 << 20 };

/* Reads text into a tree that lives in the arena.  name is copied: it is the file's name in
 * messages and in node.file. */
enum status yaml_parse(const char *name, struct slice text, struct arena *arena, struct node **root,
                       struct error *err) BELL_CHECK;
/* The same for a file of that path; its bytes are left in *bytes (for a checksum) unless NULL. */
enum status yaml_read_file(const char *path, struct arena *arena, struct node **root,
                           struct buffer *bytes, struct error *err) BELL_CHECK;

/* The value of an option.  Text that begins with "[" or "{" is read as YAML; other text is one
 * quoted scalar.  option ("--keep") stands where the name of the file would. */
enum status yaml_parse_value(const char *option, const char *text, struct arena *arena,
                             struct node **value, struct error *err) BELL_CHECK;
/* The node as one line of YAML that yaml_parse_value() reads back to the same tree. */
bool yaml_write_flow(struct buffer *out, const struct node *node) BELL_CHECK;

#endif
