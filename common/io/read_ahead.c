#include "io/read_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/descriptor.h"

enum {
    TEXT_MAX = MEMBERS_PIECE,
    PACKED_MAX = TEXT_MAX, /* so that stored blocks fill both */
    BLOCKS_MAX = 64
};

/* EMPTY -> (one helper reads) -> PACKED -> (somebody inflates: BUSY) -> READY -> EMPTY; a stream
 * is READY when it was read.  Whoever reads or inflates a slot has it to himself. */
enum slot_state { SLOT_EMPTY, SLOT_PACKED, SLOT_BUSY, SLOT_READY };

struct slot {
    enum slot_state state;
    struct ahead_piece piece;
    unsigned char *text;
    unsigned char *packed; /* NULL until the first BGZF block */
    size_t packed_len;
    struct packed_block sources[BLOCKS_MAX]; /* one a block */
    struct ahead_block blocks[BLOCKS_MAX];
};

struct helper {
    struct read_ahead *ahead;
    pthread_t thread;
    struct codec *codec;
};

struct read_ahead {
    struct members *members; /* of the helper that reads */
    struct raw_reader *raw;
    struct codec *codec; /* of whoever asks */
    int wake;
    struct helper helpers[AHEAD_HELPERS_MAX];
    unsigned helper_count;
    struct slot *slots;
    size_t slot_count;

    pthread_mutex_t lock; /* for what follows, and the slots' states */
    pthread_cond_t changed;
    size_t head;      /* number of the piece that was asked for last, or comes first */
    bool head_given;  /* ... and it was given */
    size_t next_read; /* number of the piece that is read next, or now */
    bool reading;
    bool all_read; /* the end or an error was met */
    bool stop;
};

static struct slot *slot_of(struct read_ahead *ahead, size_t number)
{
    return &ahead->slots[number % ahead->slot_count];
}

/* ---- what is done with a slot, without the lock ---- */

static enum status add_block(struct slot *slot, struct members *members, struct error *err)
{
    if (slot->packed == NULL)
        slot->packed = malloc(PACKED_MAX);
    if (slot->packed == NULL)
        return error_no_memory(err);
    struct packed_block block;
    enum status s = members_read_block(members, &block, err);
    if (s != STATUS_OK)
        return s;
    unsigned char *copy = slot->packed + slot->packed_len;
    if (block.size > 0)
        memcpy(copy, block.data, block.size);
    block.data = copy;
    slot->packed_len += block.size;
    struct ahead_piece *piece = &slot->piece;
    slot->sources[piece->block_count] = block;
    slot->blocks[piece->block_count] = (struct ahead_block){piece->len, block.end};
    piece->block_count++;
    piece->len += block.len;
    return STATUS_OK;
}

static bool block_fits(const struct slot *slot)
{
    return slot->piece.block_count < BLOCKS_MAX &&
           slot->packed_len + BGZF_BLOCK_MAX <= PACKED_MAX &&
           slot->piece.len + BGZF_BLOCK_MAX <= TEXT_MAX;
}

/* One piece of a stream, or blocks as long as they fit and need not be waited for. */
static enum status read_piece(struct slot *slot, struct members *members, struct error *err)
{
    struct ahead_piece *piece = &slot->piece;
    for (;;) {
        enum members_what what;
        enum status s = members_next(members, &what, err);
        if (s != STATUS_OK)
            return s;
        if (what == MEMBERS_END) {
            piece->end = true;
            return STATUS_OK;
        }
        if (what == MEMBERS_STREAM && piece->block_count > 0)
            return STATUS_OK;
        if (what == MEMBERS_STREAM) {
            piece->stream = true;
            s = members_read_stream(members, slot->text, &piece->len, err);
            if (s != STATUS_OK || piece->len > 0)
                return s;
        } else {
            s = add_block(slot, members, err);
            if (s != STATUS_OK || !block_fits(slot) || !members_ready(members))
                return s;
        }
    }
}

static void read_slot(struct read_ahead *ahead, struct slot *slot)
{
    struct ahead_piece *piece = &slot->piece;
    *piece = (struct ahead_piece){.text = slot->text, .blocks = slot->blocks};
    slot->packed_len = 0;
    piece->status = read_piece(slot, ahead->members, &piece->error);
    piece->done = ahead->raw->offset;
}

static void inflate_slot(struct slot *slot, struct codec *codec)
{
    struct ahead_piece *piece = &slot->piece;
    for (size_t i = 0; i < piece->block_count; i++) {
        struct error err = ERROR_INIT;
        enum status s =
            packed_block_inflate(&slot->sources[i], codec, slot->text + slot->blocks[i].at, &err);
        if (s == STATUS_OK)
            continue;
        piece->status = s;
        piece->error = err;
        piece->len = slot->blocks[i].at;
        piece->block_count = i;
        return;
    }
}

/* ---- who does what, under the lock ---- */

static bool must_read(struct read_ahead *ahead)
{
    return !ahead->reading && !ahead->all_read &&
           slot_of(ahead, ahead->next_read)->state == SLOT_EMPTY;
}

static void read_next(struct read_ahead *ahead)
{
    struct slot *slot = slot_of(ahead, ahead->next_read);
    ahead->reading = true;
    pthread_mutex_unlock(&ahead->lock);
    read_slot(ahead, slot);
    pthread_mutex_lock(&ahead->lock);
    ahead->reading = false;
    ahead->next_read++;
    ahead->all_read = slot->piece.end || slot->piece.status != STATUS_OK;
    slot->state = slot->piece.block_count > 0 ? SLOT_PACKED : SLOT_READY;
    pthread_cond_broadcast(&ahead->changed);
}

static void inflate(struct read_ahead *ahead, struct slot *slot, struct codec *codec)
{
    slot->state = SLOT_BUSY;
    pthread_mutex_unlock(&ahead->lock);
    inflate_slot(slot, codec);
    pthread_mutex_lock(&ahead->lock);
    slot->state = SLOT_READY;
    pthread_cond_broadcast(&ahead->changed);
}

/* The first slot that nobody has begun to inflate; NULL: none. */
static struct slot *first_packed(struct read_ahead *ahead)
{
    for (size_t number = ahead->head; number < ahead->next_read; number++)
        if (slot_of(ahead, number)->state == SLOT_PACKED)
            return slot_of(ahead, number);
    return NULL;
}

static void *help(void *arg)
{
    struct helper *helper = arg;
    struct read_ahead *ahead = helper->ahead;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stop) {
        struct slot *packed = first_packed(ahead);
        if (must_read(ahead))
            read_next(ahead);
        else if (packed != NULL)
            inflate(ahead, packed, helper->codec);
        else
            pthread_cond_wait(&ahead->changed, &ahead->lock);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

const struct ahead_piece *read_ahead_next(struct read_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    if (ahead->head_given) {
        slot_of(ahead, ahead->head)->state = SLOT_EMPTY;
        ahead->head++;
        pthread_cond_broadcast(&ahead->changed);
    }
    struct slot *slot = slot_of(ahead, ahead->head);
    while (slot->state != SLOT_READY) {
        if (slot->state == SLOT_PACKED)
            inflate(ahead, slot, ahead->codec);
        else
            pthread_cond_wait(&ahead->changed, &ahead->lock);
    }
    ahead->head_given = true;
    pthread_mutex_unlock(&ahead->lock);
    return &slot->piece;
}

/* ---- life ---- */

static enum status make_slots(struct read_ahead *ahead, struct error *err)
{
    ahead->slots = calloc(ahead->slot_count, sizeof *ahead->slots);
    if (ahead->slots == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < ahead->slot_count; i++) {
        ahead->slots[i].text = malloc(TEXT_MAX);
        if (ahead->slots[i].text == NULL)
            return error_no_memory(err);
    }
    return STATUS_OK;
}

/* Starts so many helpers as can be; signals are for the threads that the program knows of. */
static enum status start_helpers(struct read_ahead *ahead, unsigned helpers, struct error *err)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = 0;
    enum status s = STATUS_OK;
    while (ahead->helper_count < helpers && failed == 0 && s == STATUS_OK) {
        struct helper *helper = &ahead->helpers[ahead->helper_count];
        helper->ahead = ahead;
        s = codec_new(&helper->codec, err);
        if (s == STATUS_OK)
            failed = pthread_create(&helper->thread, NULL, help, helper);
        if (s == STATUS_OK && failed == 0)
            ahead->helper_count++;
        else
            codec_free(helper->codec);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (ahead->helper_count > 0)
        return STATUS_OK;
    return s != STATUS_OK ? s : error_set_errno(err, STATUS_IO, failed, "cannot start a thread");
}

enum status read_ahead_start(struct read_ahead **result, struct members *members,
                             struct raw_reader *raw, unsigned helpers, struct error *err)
{
    *result = NULL;
    struct read_ahead *ahead = calloc(1, sizeof *ahead);
    if (ahead == NULL)
        return error_no_memory(err);
    ahead->members = members;
    ahead->raw = raw;
    ahead->slot_count = 2 * (size_t)helpers + 4;
    (void)pthread_mutex_init(&ahead->lock, NULL);
    (void)pthread_cond_init(&ahead->changed, NULL);
    ahead->wake = descriptor_new_wake();
    enum status s = STATUS_OK;
    if (ahead->wake < 0)
        s = error_set_errno(err, STATUS_IO, errno, "cannot start a thread");
    if (s == STATUS_OK)
        s = codec_new(&ahead->codec, err);
    if (s == STATUS_OK)
        s = make_slots(ahead, err);
    raw->wake = ahead->wake;
    if (s == STATUS_OK)
        s = start_helpers(ahead, helpers, err);
    if (s != STATUS_OK) {
        read_ahead_stop(ahead);
        return s;
    }
    *result = ahead;
    return STATUS_OK;
}

void read_ahead_stop(struct read_ahead *ahead)
{
    if (ahead == NULL)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    if (ahead->wake >= 0)
        descriptor_wake(ahead->wake);
    for (unsigned i = 0; i < ahead->helper_count; i++) {
        (void)pthread_join(ahead->helpers[i].thread, NULL);
        codec_free(ahead->helpers[i].codec);
    }
    ahead->raw->wake = -1;
    if (ahead->wake >= 0)
        (void)close(ahead->wake);
    codec_free(ahead->codec);
    for (size_t i = 0; ahead->slots != NULL && i < ahead->slot_count; i++) {
        free(ahead->slots[i].text);
        free(ahead->slots[i].packed);
    }
    free(ahead->slots);
    (void)pthread_mutex_destroy(&ahead->lock);
    (void)pthread_cond_destroy(&ahead->changed);
    free(ahead);
}
