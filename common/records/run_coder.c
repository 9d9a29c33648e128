/* run_coder.c - a run is coded as one text, and each of its columns gets a dictionary that is made
 * of the dictionary of these texts, under the same codes. */
#include "records/run_coder.h"

#include <stdlib.h>
#include <string.h>

#include "records/coder.h"

/* More columns side by side have too many values together. */
enum { RUN_MAX = 16, RUNS_MAX = 8, WANTED_MAX = 64 };

struct run {
    size_t first; /* row columns */
    size_t last;
    struct coder *coder;
    struct derived columns[RUN_MAX];
};

struct run_coder {
    struct run runs[RUNS_MAX];
    size_t count;
};

enum status run_coder_new(struct run_coder **coder, struct error *err)
{
    *coder = calloc(1, sizeof **coder);
    return *coder == NULL ? error_no_memory(err) : STATUS_OK;
}

void run_coder_free(struct run_coder *coder)
{
    if (coder == NULL)
        return;
    for (size_t r = 0; r < coder->count; r++) {
        coder_free(coder->runs[r].coder);
        for (size_t i = 0; i < RUN_MAX; i++)
            derived_free(&coder->runs[r].columns[i]);
    }
    free(coder);
}

static struct batch_column *codable(struct batch *batch, size_t column)
{
    struct batch_column *c = column < batch->column_count ? &batch->columns[column] : NULL;
    return c != NULL && c->in_rows && c->cells == NULL && c->codes == NULL && c->finish == NULL
               ? c
               : NULL;
}

/* The codable columns in the order of the rows, without doubles; their number. */
static size_t in_row_order(struct batch *batch, const size_t *columns, size_t count,
                           struct batch_column **list)
{
    size_t found = 0;
    for (size_t i = 0; i < count && found < WANTED_MAX; i++) {
        struct batch_column *column = codable(batch, columns[i]);
        size_t at = found;
        if (column == NULL)
            continue;
        while (at > 0 && list[at - 1]->row_column > column->row_column)
            at--;
        if (at > 0 && list[at - 1] == column)
            continue;
        memmove(&list[at + 1], &list[at], (found - at) * sizeof(struct batch_column *));
        list[at] = column;
        found++;
    }
    return found;
}

static enum status find_run(struct run_coder *coder, size_t first, size_t last, struct run **run,
                            struct error *err)
{
    *run = NULL;
    for (size_t r = 0; r < coder->count; r++)
        if (coder->runs[r].first == first && coder->runs[r].last == last)
            *run = &coder->runs[r];
    if (*run != NULL || coder->count == RUNS_MAX)
        return STATUS_OK;
    struct run *made = &coder->runs[coder->count];
    *made = (struct run){.first = first, .last = last};
    enum status s = coder_new(&made->coder, err);
    if (s == STATUS_OK) {
        coder->count++;
        *run = made;
    }
    return s;
}

/* The values of a run's columns in one of its texts. */
static bool add_values(struct run *run, const struct source_rows *rows, struct slice text)
{
    const size_t columns = run->last - run->first + 1;
    bool no_memory = false;
    for (size_t i = 0; i < columns; i++) {
        struct derived *d = &run->columns[i];
        const char *tab = i + 1 < columns ? memchr(text.data, '\t', text.len) : NULL;
        const size_t len = tab == NULL ? text.len : (size_t)(tab - text.data);
        struct slice value = rows->form->value(rows, (struct slice){text.data, len}, run->first + i,
                                               NULL, &d->arena, &no_memory);
        if (no_memory || !derived_add(d, value))
            return false;
        text = (struct slice){text.data + len + 1, tab == NULL ? 0 : text.len - len - 1};
    }
    return true;
}

static uint16_t *copy_codes(struct batch *batch, const uint16_t *codes)
{
    uint16_t *copy = arena_alloc(&batch->arena, batch->record_count * sizeof *copy);
    return copy == NULL ? NULL : memcpy(copy, codes, batch->record_count * sizeof *copy);
}

static enum status code_run(struct run *run, struct batch *batch, struct batch_column **columns,
                            struct error *err)
{
    const size_t width = run->last - run->first + 1;
    uint16_t *codes;
    enum status s = coder_code_rows(run->coder, batch, run->first, run->last, &codes, err);
    if (s != STATUS_OK || codes == NULL)
        return s;
    const struct dictionary *texts = coder_dictionary(run->coder);
    for (size_t i = 0; i < width; i++)
        derived_follow(&run->columns[i], texts);
    while (run->columns[0].own.count < texts->count)
        if (!add_values(run, &batch->rows, texts->values[run->columns[0].own.count]))
            return error_no_memory(err);
    for (size_t i = 0; i < width; i++) {
        /* Each column has codes of its own, since records may be taken out of it. */
        columns[i]->codes = i == 0 ? codes : copy_codes(batch, codes);
        if (columns[i]->codes == NULL)
            return error_no_memory(err);
        columns[i]->dictionary = &run->columns[i].own;
    }
    return STATUS_OK;
}

enum status run_coder_apply(struct run_coder *coder, struct batch *batch, const size_t *columns,
                            size_t count, struct error *err)
{
    enum status s = STATUS_OK;
    struct batch_column *list[WANTED_MAX];
    if (batch->record_count == 0 || batch->rows.form == NULL || !batch->rows.form->stream)
        return s;
    const size_t found = in_row_order(batch, columns, count, list);
    for (size_t at = 0, width; s == STATUS_OK && at < found; at += width) {
        const size_t first = list[at]->row_column;
        struct run *run = NULL;
        for (width = 1; at + width < found && width < RUN_MAX; width++)
            if (list[at + width]->row_column != first + width)
                break;
        if (width > 1)
            s = find_run(coder, first, first + width - 1, &run, err);
        if (s == STATUS_OK && run != NULL)
            s = code_run(run, batch, &list[at], err);
    }
    return s;
}
