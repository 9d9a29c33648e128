/* input.h - bytes from a file or standard input, decompressed if they are gzip.
 *
 *     struct input *in;
 *     s = input_open(&in, path, threads, err);         // "-" is standard input
 *     while ((s = input_read(in, buf, sizeof buf, &got, err)) == STATUS_OK && got > 0)
 *         ...
 *     input_close(in);
 *
 * What it is shows by its first bytes, never by its name: BGZF, any other gzip (several
 * members, every header flag) or plain.  Checked, and STATUS_DAMAGED with the compressed
 * offset if it fails: CRC and size of each member, reserved flags, header CRC, cuts at any
 * byte, bytes behind the end (zero padding is allowed), and the end block that each run of
 * BGZF members must have before the file ends or something else begins.  The same from a pipe
 * as from a file.  An empty input is plain and has no bytes.
 *
 * A block of BGZF is handed out only after its CRC was right; other gzip is handed out as it
 * comes, and its fault is reported at the latest before the clean end.  So whoever has seen
 * *got == 0 has seen good data.  Memory does not depend on the input.
 *
 * With threads > 1, gzip is read and inflated ahead by threads of its own (read_ahead.h), started
 * at the first read: one for ordinary gzip, threads - 1 (at most 8) for BGZF; none for plain
 * input and small files.  What is read, and each error, is the same as without, to the byte.
 * input_close() ends them, at any time.
 *
 * Errors carry the name as their file.  STATUS_IO: it cannot be opened or read, or memory.
 * After an error each further read gives the same error.
 */
#ifndef BELL_IO_INPUT_H
#define BELL_IO_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

struct input;
struct reread;

enum { INPUT_DEFAULT = 1 }; /* no threads: all is done in the calls */
enum input_kind { INPUT_PLAIN, INPUT_GZIP, INPUT_BGZF };

/* Opens; reads nothing yet, so opening a pipe does not wait for it.  path is copied. */
enum status input_open(struct input **in, const char *path, unsigned threads,
                       struct error *err) BELL_CHECK;
/* The same for an input that is read twice (reread.h), by its number.  STATUS_DAMAGED, here or at
 * the latest instead of the clean end: the file is not what it was. */
enum status input_open_again(struct input **in, const char *path, unsigned threads,
                             struct reread *reread, size_t number, struct error *err) BELL_CHECK;
/* A way for any thread to end a wait for a pipe: after input_cancel() it and each later read fail
 * (STATUS_IO).  One can be given to several inputs, before they are read from.  -1: there is none,
 * and nothing is ended. */
int input_cancel_new(void);
void input_set_cancel(struct input *in, int cancel);
void input_cancel(int cancel);
void input_cancel_free(int cancel);
/* Up to cap (> 0) bytes; fewer are normal (what a pipe has, or the rest of a block).
 * *got == 0 is the clean end, and stays so. */
enum status input_read(struct input *in, void *buf, size_t cap, size_t *got,
                       struct error *err) BELL_CHECK;
/* The path, or "(standard input)"; lives as long as the input. */
const char *input_name(const struct input *in);
/* What the input is; reads its first bytes if nothing was read yet.  If they cannot be read,
 * INPUT_PLAIN, and the next input_read() says why. */
enum input_kind input_kind(struct input *in);
/* Does a BGZF block end at this decompressed offset, where a part of the text ends, without an end
 * block behind it?  (Inside a block a part may end: then the text was packed anew as a whole.)
 * Only for offsets that were handed out, of the latest 32,768 blocks at least.  An input that
 * mixes BGZF with other gzip is not judged. */
bool input_lacks_end_block(const struct input *in, uint64_t offset);
/* A regular file: no read waits for anybody. */
bool input_is_file(const struct input *in);
/* A thread inflates one stream ahead, as fast as it can. */
bool input_inflates_ahead(const struct input *in);
/* For progress, from any thread: bytes of the file used so far, and bytes of the file (0:
 * unknown). */
uint64_t input_compressed_done(const struct input *in);
uint64_t input_compressed_size(const struct input *in);
/* NULL is allowed. */
void input_close(struct input *in);

/* Bytes of a regular file, for the total of several operands; 0: unknown. */
uint64_t input_path_size(const char *path);

/* A whole side file, decompressed, appended to buf.  More than limit bytes: STATUS_DATA.  On
 * failure buf may hold a part. */
enum status input_read_all(const char *path, size_t limit, struct buffer *buf,
                           struct error *err) BELL_CHECK;

#endif
