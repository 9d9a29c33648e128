/* output.h - bytes to a file that appears whole or not at all, or to standard output.
 *
 *     struct output *out;
 *     s = output_open(&out, path, OUTPUT_DEFAULT, err);   // NULL or "-": standard output
 *     s = output_write(out, data, len, err);
 *     s = output_commit(out, err);    // or output_abort(out); either one frees out
 *
 * A file is written under another name beside it and takes its place in output_commit(),
 * after fsync; until then, and for ever if the run fails or is killed, what stood there stays.
 * So an output may be named like an input.  A link stays and the file behind it is replaced; a
 * replaced file's mode is kept, and a file that may not be written is refused.  Devices, FIFOs
 * and standard output are written straight; what went there before an abort stays there.
 *
 * Small writes are gathered up to 1 MiB, from 64 KiB on bytes are written where they lie.  Errors
 * are STATUS_IO with the name as their file; full or closed standard output is seen at the latest
 * by output_commit().  SIGPIPE kills as usual.
 */
#ifndef BELL_IO_OUTPUT_H
#define BELL_IO_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct output;

enum output_flags { OUTPUT_DEFAULT = 0 };

enum status output_open(struct output **out, const char *path, unsigned flags,
                        struct error *err) BELL_CHECK;
/* After an error each further write, and the commit, gives the same error. */
enum status output_write(struct output *out, const void *data, size_t len,
                         struct error *err) BELL_CHECK;
/* Hands all gathered bytes to the system. */
enum status output_flush(struct output *out, struct error *err) BELL_CHECK;
/* Makes the output final and frees out, also when it fails (then the temporary file is gone). */
enum status output_commit(struct output *out, struct error *err) BELL_CHECK;
/* Drops what is not yet written, removes the temporary file, frees out.  NULL is allowed. */
void output_abort(struct output *out);

/* The path, or "(standard output)". */
const char *output_name(const struct output *out);
bool output_is_terminal(const struct output *out);
bool output_is_pipe(const struct output *out);   /* pipe, FIFO or socket */
bool output_is_file(const struct output *out);   /* regular; standard output may be one */
uint64_t output_bytes(const struct output *out); /* handed to output_write() so far */

/* Two names for one regular file, be it there already or not. */
bool output_same_file(const char *a, const char *b);

#endif
