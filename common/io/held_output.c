#include "io/held_output.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "io/spool.h"

enum { CHUNK = 256 * 1024 };

struct held_output {
    struct output *out;
    bool straight;
    struct buffer memory;
    struct spool *spool; /* NULL: memory is enough so far */
};

enum status held_output_new(struct held_output **held, struct output *out, struct error *err)
{
    struct held_output *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    made->out = out;
    made->straight = output_is_file(out);
    *held = made;
    return STATUS_OK;
}

static enum status to_spool(struct held_output *held, const void *data, size_t len,
                            struct error *err)
{
    if (len == 0 || spool_write(held->spool, data, len) == 0)
        return STATUS_OK;
    return spool_explain(held->spool, err);
}

static enum status begin_spool(struct held_output *held, struct error *err)
{
    enum status s = spool_new(&held->spool, err);
    if (s == STATUS_OK)
        s = to_spool(held, held->memory.data, held->memory.len, err);
    buffer_free(&held->memory);
    return s;
}

enum status held_output_write(struct held_output *held, const void *data, size_t len,
                              struct error *err)
{
    enum status s = STATUS_OK;
    if (held->straight)
        return output_write(held->out, data, len, err);
    if (held->spool == NULL && held->memory.len + len > HELD_MEMORY)
        s = begin_spool(held, err);
    if (s != STATUS_OK || held->spool != NULL)
        return s == STATUS_OK ? to_spool(held, data, len, err) : s;
    return buffer_append(&held->memory, data, len) ? STATUS_OK : error_no_memory(err);
}

enum status held_output_pass(struct held_output *held, struct error *err)
{
    if (held->spool == NULL)
        return held->memory.len == 0
                   ? STATUS_OK
                   : output_write(held->out, held->memory.data, held->memory.len, err);
    char *chunk = malloc(CHUNK);
    if (chunk == NULL)
        return error_no_memory(err);
    ssize_t got = 1;
    enum status s = spool_rewind(held->spool) == 0 ? STATUS_OK : spool_explain(held->spool, err);
    while (s == STATUS_OK && got > 0) {
        got = spool_read(held->spool, chunk, CHUNK);
        if (got < 0)
            s = spool_explain(held->spool, err);
        else if (got > 0)
            s = output_write(held->out, chunk, (size_t)got, err);
    }
    free(chunk);
    return s;
}

void held_output_free(struct held_output *held)
{
    if (held == NULL)
        return;
    spool_free(held->spool);
    buffer_free(&held->memory);
    free(held);
}
