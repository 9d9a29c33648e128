#include "io/text_room.h"

#include <stdint.h>

/* FRONT: what is left of a text is mostly less than a record. */
enum { PAGE = 4096, FRONT = 16 * 1024 };

bool text_room_make(struct text_room *room, size_t size)
{
    buffer_clear(&room->bytes);
    room->start = 0;
    if (!buffer_reserve(&room->bytes, FRONT + PAGE + size))
        return false;
    const uintptr_t front = (uintptr_t)room->bytes.data + FRONT;
    room->start = FRONT + (PAGE - front % PAGE) % PAGE;
    room->bytes.len = room->start;
    return true;
}

bool text_room_has(const struct text_room *room, size_t size)
{
    return room->bytes.len + size < room->bytes.cap;
}
