#include "records/text_ahead.h"

#include <stdint.h>
#include <string.h>

/* FRONT: room for what is left of the text before, mostly less than a record.  Text begins at a
 * page's beginning, as it mostly does in the kernel's (raw_reader.c says why). */
enum { PAGE = 4096, FRONT = 16 * 1024 };

void text_ahead_init(struct text_ahead *ahead, size_t size)
{
    *ahead = (struct text_ahead){.size = size};
    (void)pthread_mutex_init(&ahead->lock, NULL);
}

static void put_spare(struct text_ahead *ahead, struct buffer *bytes)
{
    if (ahead->spare_count == sizeof ahead->spare / sizeof ahead->spare[0])
        buffer_free(bytes);
    else if (bytes->data != NULL)
        ahead->spare[ahead->spare_count++] = *bytes;
    *bytes = (struct buffer)BUFFER_INIT;
}

static void drop_pieces(struct text_ahead *ahead)
{
    for (; ahead->count > 0; ahead->count--) {
        put_spare(ahead, &ahead->pieces[ahead->first].bytes);
        ahead->first = (ahead->first + 1) % TEXT_AHEAD_MAX;
    }
}

void text_ahead_set(struct text_ahead *ahead, struct input *input)
{
    if (input != NULL && input == ahead->input)
        return;
    pthread_mutex_lock(&ahead->lock);
    drop_pieces(ahead);
    ahead->input = input;
    ahead->over = false;
    pthread_mutex_unlock(&ahead->lock);
}

static bool make_room(struct text_ahead *ahead, struct text_piece *piece)
{
    piece->bytes = (struct buffer)BUFFER_INIT;
    if (ahead->spare_count > 0)
        piece->bytes = ahead->spare[--ahead->spare_count];
    buffer_clear(&piece->bytes);
    if (!buffer_reserve(&piece->bytes, FRONT + PAGE + ahead->size))
        return false;
    const uintptr_t front = (uintptr_t)piece->bytes.data + FRONT;
    piece->start = FRONT + (PAGE - front % PAGE) % PAGE;
    piece->bytes.len = piece->start;
    return true;
}

/* So many bytes, or the input's last, or a failure. */
static void read_piece(struct text_ahead *ahead, struct text_piece *piece, size_t size)
{
    *piece = (struct text_piece){.status = STATUS_OK, .error = ERROR_INIT};
    if (!make_room(ahead, piece))
        piece->status = error_no_memory(&piece->error);
    struct buffer *bytes = &piece->bytes;
    const size_t full = piece->start + size;
    while (piece->status == STATUS_OK && !piece->ended && bytes->len < full) {
        size_t got = 0;
        piece->status = input_read(ahead->input, bytes->data + bytes->len, full - bytes->len, &got,
                                   &piece->error);
        piece->ended = piece->status == STATUS_OK && got == 0;
        bytes->len += got;
    }
    ahead->over = piece->ended || piece->status != STATUS_OK;
}

void text_ahead_read(struct text_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    if (ahead->input != NULL && input_is_file(ahead->input) && !ahead->over &&
        ahead->count < TEXT_AHEAD_MAX) {
        read_piece(ahead, &ahead->pieces[(ahead->first + ahead->count) % TEXT_AHEAD_MAX],
                   ahead->size);
        ahead->count++;
    }
    pthread_mutex_unlock(&ahead->lock);
}

/* What is left of the text goes in front of the piece, or the piece behind it if that is much. */
static bool join(struct buffer *text, size_t *done, struct text_piece *piece)
{
    const size_t left = text->len - *done;
    if (left > piece->start) {
        buffer_consume(text, *done);
        *done = 0;
        return buffer_append(text, piece->bytes.data + piece->start,
                             piece->bytes.len - piece->start);
    }
    const size_t start = piece->start - left;
    if (left > 0)
        memcpy(piece->bytes.data + start, text->data + *done, left);
    const struct buffer old = *text;
    *text = piece->bytes;
    piece->bytes = old;
    *done = start;
    return true;
}

enum status text_ahead_take(struct text_ahead *ahead, struct buffer *text, size_t *done,
                            bool *ended, struct error *err)
{
    struct text_piece piece;
    pthread_mutex_lock(&ahead->lock);
    if (ahead->count > 0) {
        piece = ahead->pieces[ahead->first];
        ahead->first = (ahead->first + 1) % TEXT_AHEAD_MAX;
        ahead->count--;
    } else {
        const size_t left = text->len - *done;
        const bool all = input_is_file(ahead->input) || left >= ahead->size;
        read_piece(ahead, &piece, all ? ahead->size : ahead->size - left);
    }
    enum status s = piece.status;
    *ended = piece.ended;
    if (s != STATUS_OK)
        *err = piece.error;
    else if (!join(text, done, &piece))
        s = error_no_memory(err);
    put_spare(ahead, &piece.bytes);
    pthread_mutex_unlock(&ahead->lock);
    return s;
}

void text_ahead_free(struct text_ahead *ahead)
{
    drop_pieces(ahead);
    while (ahead->spare_count > 0)
        buffer_free(&ahead->spare[--ahead->spare_count]);
    (void)pthread_mutex_destroy(&ahead->lock);
}
