/* encoding.h - text of any encoding to UTF-8, fed in pieces.
 *
 * A byte order mark at the start decides (UTF-8, UTF-16 in either order), whatever the name
 * says, and is removed.  UTF-8 passes through unchecked and unchanged, so that offsets stay
 * those of the source; anything else goes through iconv, and offsets then count the UTF-8
 * bytes.  A byte that cannot be decoded becomes ENCODING_BAD_BYTE, which is no UTF-8: whoever
 * checks UTF-8 a record at a time refuses just that record.
 *
 *     struct encoding *enc;
 *     s = encoding_open("windows-1252", &enc, err);
 *     s = encoding_feed(enc, data, len, &out, err);      // appends to out
 *     s = encoding_finish(enc, &out, err);               // once, at the end
 *     encoding_close(enc);
 */
#ifndef BELL_IO_ENCODING_H
#define BELL_IO_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

#define ENCODING_BAD_BYTE '\xFF'

struct encoding;

/* STATUS_USAGE if iconv knows no such name. */
enum status encoding_open(const char *name, struct encoding **enc, struct error *err) BELL_CHECK;
enum status encoding_feed(struct encoding *enc, const char *data, size_t len, struct buffer *out,
                          struct error *err) BELL_CHECK;
enum status encoding_finish(struct encoding *enc, struct buffer *out, struct error *err) BELL_CHECK;
/* Bytes of source in front of the first byte of output: 3 after a UTF-8 mark, else 0.  Known
 * once there was output, or after encoding_finish(). */
size_t encoding_lead(const struct encoding *enc);
/* True if bytes are changed, so that offsets are those of the UTF-8 text. */
bool encoding_converts(const struct encoding *enc);
/* True once it is known that all further bytes come out as they go in: then whoever likes may stop
 * feeding them. */
bool encoding_passes(const struct encoding *enc);
/* The name in force: that of the mark, else the one given. */
const char *encoding_name(const struct encoding *enc);
void encoding_close(struct encoding *enc); /* NULL is allowed */

#endif
