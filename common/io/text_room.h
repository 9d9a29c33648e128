/* text_room.h - memory for a piece of text, with room in front of it for what was left of the text
 * before; so pieces are handed on and exchanged, and only that little is copied.
 *
 *     struct text_room room = TEXT_ROOM_INIT;
 *     if (!text_room_make(&room, size))                  // empty: bytes.len == start
 *         s = error_no_memory(err);
 *     ... up to size bytes go behind bytes.len, which moves ...
 *     buffer_free(&room.bytes);
 */
#ifndef BELL_IO_TEXT_ROOM_H
#define BELL_IO_TEXT_ROOM_H

#include "base/buffer.h"

struct text_room {
    struct buffer bytes;
    size_t start; /* of the text in bytes */
};

#define TEXT_ROOM_INIT                                                                             \
    {                                                                                              \
        .bytes = BUFFER_INIT                                                                       \
    }

/* Empties it, with room for so many bytes; what it has is used.  Text begins at a page's
 * beginning, as it mostly does in the kernel's memory (raw_reader.c says why). */
bool text_room_make(struct text_room *room, size_t size) BELL_CHECK;
/* May so many bytes still go into it? */
bool text_room_has(const struct text_room *room, size_t size);

#endif
