#include "records/csv_ahead.h"

#include <stdint.h>
#include <string.h>

#include "base/wait_soon.h"

/* FRONT: room for what is left of the text before, mostly less than a record.  Text begins at a
 * page's beginning, as it mostly does in the kernel's (raw_reader.c says why). */
enum { PAGE = 4096, FRONT = 16 * 1024 };

void csv_ahead_init(struct csv_ahead *ahead, size_t size, char delimiter, bool quotes, bool scans)
{
    *ahead =
        (struct csv_ahead){.size = size, .delimiter = delimiter, .quotes = quotes, .scans = scans};
    (void)pthread_mutex_init(&ahead->reading, NULL);
    (void)pthread_mutex_init(&ahead->lock, NULL);
    (void)pthread_cond_init(&ahead->idle, NULL);
}

static struct csv_piece *piece_at(struct csv_ahead *ahead, size_t waiting)
{
    return &ahead->pieces[(ahead->first + waiting) % CSV_AHEAD_MAX];
}

/* ---- under the lock ---- */

static void put_spare(struct csv_ahead *ahead, struct buffer *bytes)
{
    if (ahead->spare_count == sizeof ahead->spare / sizeof ahead->spare[0])
        buffer_free(bytes);
    else if (bytes->data != NULL)
        ahead->spare[ahead->spare_count++] = *bytes;
    *bytes = (struct buffer)BUFFER_INIT;
}

static void await_scan(struct csv_ahead *ahead, struct csv_piece *piece)
{
    if (!atomic_load(&piece->busy))
        return;
    pthread_mutex_unlock(&ahead->lock);
    wait_soon_down(&piece->busy);
    pthread_mutex_lock(&ahead->lock);
    while (atomic_load(&piece->busy))
        pthread_cond_wait(&ahead->idle, &ahead->lock);
}

static void pop(struct csv_ahead *ahead)
{
    ahead->first = (ahead->first + 1) % CSV_AHEAD_MAX;
    ahead->count--;
}

static void drop_pieces(struct csv_ahead *ahead)
{
    for (; ahead->count > 0; pop(ahead)) {
        struct csv_piece *piece = piece_at(ahead, 0);
        await_scan(ahead, piece);
        put_spare(ahead, &piece->bytes);
    }
}

/* ---- reading ---- */

void csv_ahead_set(struct csv_ahead *ahead, struct input *input)
{
    if (input != NULL && input == ahead->input)
        return;
    pthread_mutex_lock(&ahead->reading);
    pthread_mutex_lock(&ahead->lock);
    drop_pieces(ahead);
    ahead->input = input;
    ahead->over = false;
    ahead->place = (struct csv_place)CSV_PLACE_START;
    pthread_mutex_unlock(&ahead->lock);
    pthread_mutex_unlock(&ahead->reading);
}

/* Nothing in it but room, and an index' memory. */
static void clear_piece(struct csv_ahead *ahead, struct csv_piece *piece)
{
    piece->bytes = (struct buffer)BUFFER_INIT;
    piece->ended = false;
    piece->status = STATUS_OK;
    piece->error = (struct error)ERROR_INIT;
    piece->scanned = false;
    pthread_mutex_lock(&ahead->lock);
    if (ahead->spare_count > 0)
        piece->bytes = ahead->spare[--ahead->spare_count];
    pthread_mutex_unlock(&ahead->lock);
}

static bool make_room(struct csv_ahead *ahead, struct csv_piece *piece)
{
    buffer_clear(&piece->bytes);
    if (!buffer_reserve(&piece->bytes, FRONT + PAGE + ahead->size))
        return false;
    const uintptr_t front = (uintptr_t)piece->bytes.data + FRONT;
    piece->start = FRONT + (PAGE - front % PAGE) % PAGE;
    piece->bytes.len = piece->start;
    return true;
}

/* So many bytes, or the input's last, or a failure; `reading` is held. */
static void read_piece(struct csv_ahead *ahead, struct csv_piece *piece, size_t size)
{
    clear_piece(ahead, piece);
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

/* The piece, which begins where the one before it has ended; and with it where the next one does.
 * The lock is not held. */
static struct csv_text place_piece(struct csv_ahead *ahead, struct csv_piece *piece, bool waits)
{
    struct csv_text text = {.data = piece->bytes.data,
                            .from = piece->start,
                            .len = piece->bytes.len,
                            .delimiter = ahead->delimiter,
                            .quotes = ahead->quotes};
    struct csv_place behind = {.inside = false, .before = ahead->place.before};
    if (ahead->scans && piece->status == STATUS_OK)
        csv_place_pass(&behind, &text);
    pthread_mutex_lock(&ahead->lock);
    text.start = ahead->place;
    piece->place = ahead->place;
    piece->turned = false;
    ahead->place.inside ^= behind.inside;
    ahead->place.before = behind.before;
    ahead->count += waits;
    atomic_store(&piece->busy, waits);
    pthread_mutex_unlock(&ahead->lock);
    return text;
}

static void scan_piece(struct csv_ahead *ahead, struct csv_piece *piece,
                       const struct csv_text *text)
{
    struct error err = ERROR_INIT;
    const bool wanted = ahead->scans && piece->status == STATUS_OK;
    enum status s = STATUS_OK;
    if (wanted)
        s = csv_scan_text(text, &piece->index, &err);
    pthread_mutex_lock(&ahead->lock);
    piece->scanned = wanted && s == STATUS_OK && !piece->turned;
    atomic_store(&piece->busy, false);
    pthread_cond_broadcast(&ahead->idle);
    pthread_mutex_unlock(&ahead->lock);
}

/* Where the next piece goes; NULL: there is no room, or nothing to be read. */
static struct csv_piece *next_room(struct csv_ahead *ahead)
{
    struct csv_piece *piece = NULL;
    if (ahead->input == NULL || !input_is_file(ahead->input) || ahead->over)
        return NULL;
    pthread_mutex_lock(&ahead->lock);
    if (ahead->count < CSV_AHEAD_MAX)
        piece = piece_at(ahead, ahead->count);
    pthread_mutex_unlock(&ahead->lock);
    return piece;
}

static bool piece_is_ready(struct csv_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    const bool ready = ahead->count > 0 && !atomic_load(&piece_at(ahead, 0)->busy);
    pthread_mutex_unlock(&ahead->lock);
    return ready;
}

void csv_ahead_read(struct csv_ahead *ahead)
{
    struct csv_text text = {.data = NULL};
    if (pthread_mutex_trylock(&ahead->reading) != 0) {
        if (piece_is_ready(ahead))
            return;
        wait_soon_lock(&ahead->reading);
    }
    struct csv_piece *piece = next_room(ahead);
    if (piece != NULL) {
        read_piece(ahead, piece, ahead->size);
        text = place_piece(ahead, piece, true);
    }
    pthread_mutex_unlock(&ahead->reading);
    if (piece != NULL)
        scan_piece(ahead, piece, &text);
}

/* ---- taking ---- */

/* What is left of the text goes in front of the piece, or the piece behind it if that is much, and
 * *moved. */
static bool join(struct buffer *text, size_t *done, struct buffer *piece, size_t start, bool *moved)
{
    const size_t left = text->len - *done;
    *moved = left > start;
    if (*moved) {
        buffer_consume(text, *done);
        *done = 0;
        return buffer_append(text, piece->data + start, piece->len - start);
    }
    if (left > 0)
        memcpy(piece->data + start - left, text->data + *done, left);
    const struct buffer old = *text;
    *text = *piece;
    *piece = old;
    *done = start - left;
    return true;
}

/* The lock is held. */
static enum status hand_over(struct csv_ahead *ahead, struct csv_piece *piece, struct buffer *text,
                             size_t *done, struct csv_taken *taken, struct error *err)
{
    const struct csv_index spare = taken->index;
    enum status s = piece->status;
    bool moved = true;
    if (s != STATUS_OK)
        *err = piece->error;
    else if (!join(text, done, &piece->bytes, piece->start, &moved))
        s = error_no_memory(err);
    put_spare(ahead, &piece->bytes);
    *taken = (struct csv_taken){.ended = piece->ended,
                                .place = piece->place,
                                .from = moved ? 0 : piece->start,
                                .scanned = s == STATUS_OK && piece->scanned && !moved,
                                .index = piece->index};
    piece->index = spare;
    return s;
}

/* Nobody has read the next piece: `reading` is held, and the lock. */
static enum status read_and_take(struct csv_ahead *ahead, struct buffer *text, size_t *done,
                                 struct csv_taken *taken, struct error *err)
{
    struct csv_piece piece = {.scanned = false};
    const size_t left = text->len - *done;
    const bool all = input_is_file(ahead->input) || left >= ahead->size;
    pthread_mutex_unlock(&ahead->lock);
    read_piece(ahead, &piece, all ? ahead->size : ahead->size - left);
    (void)place_piece(ahead, &piece, false);
    pthread_mutex_lock(&ahead->lock);
    enum status s = hand_over(ahead, &piece, text, done, taken, err);
    /* It had no index, so now it has the caller's. */
    taken->index = piece.index;
    return s;
}

enum status csv_ahead_take(struct csv_ahead *ahead, struct buffer *text, size_t *done,
                           struct csv_taken *taken, struct error *err)
{
    enum status s;
    bool reading = false;
    pthread_mutex_lock(&ahead->lock);
    if (ahead->count == 0) { /* unless one is under way */
        pthread_mutex_unlock(&ahead->lock);
        wait_soon_lock(&ahead->reading);
        reading = true;
        pthread_mutex_lock(&ahead->lock);
    }
    if (ahead->count == 0) {
        s = read_and_take(ahead, text, done, taken, err);
    } else {
        struct csv_piece *piece = piece_at(ahead, 0);
        await_scan(ahead, piece);
        s = hand_over(ahead, piece, text, done, taken, err);
        pop(ahead);
    }
    pthread_mutex_unlock(&ahead->lock);
    if (reading)
        pthread_mutex_unlock(&ahead->reading);
    return s;
}

void csv_ahead_turn(struct csv_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->place.inside = !ahead->place.inside;
    for (size_t i = 0; i < ahead->count; i++) {
        struct csv_piece *piece = piece_at(ahead, i);
        piece->place.inside = !piece->place.inside;
        piece->turned = true;
        piece->scanned = false;
    }
    pthread_mutex_unlock(&ahead->lock);
}

void csv_ahead_free(struct csv_ahead *ahead)
{
    drop_pieces(ahead);
    while (ahead->spare_count > 0)
        buffer_free(&ahead->spare[--ahead->spare_count]);
    for (size_t i = 0; i < CSV_AHEAD_MAX; i++)
        csv_index_free(&ahead->pieces[i].index);
    (void)pthread_cond_destroy(&ahead->idle);
    (void)pthread_mutex_destroy(&ahead->lock);
    (void)pthread_mutex_destroy(&ahead->reading);
}
