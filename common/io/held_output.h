/* held_output.h - an output that gets all or nothing, be it a pipe.
 *
 *     s = held_output_new(&held, out, err);              // out stays the caller's
 *     s = held_output_write(held, data, len, err);       // as often as wanted
 *     s = held_output_pass(held, err);                   // all is well: now it is handed on
 *     held_output_free(held);
 *
 * A file is written at once, since it appears only with output_commit().  What would go into a pipe
 * or a device is held back, in memory up to HELD_MEMORY bytes, then in a spool (spool.h), so that
 * whoever reads it never takes a part for the whole.
 */
#ifndef BELL_IO_HELD_OUTPUT_H
#define BELL_IO_HELD_OUTPUT_H

#include "io/output.h"

enum { HELD_MEMORY = 8 * 1024 * 1024 };

struct held_output;

enum status held_output_new(struct held_output **held, struct output *out,
                            struct error *err) BELL_CHECK;
enum status held_output_write(struct held_output *held, const void *data, size_t len,
                              struct error *err) BELL_CHECK;
enum status held_output_pass(struct held_output *held, struct error *err) BELL_CHECK;
void held_output_free(struct held_output *held); /* NULL is allowed */

#endif
