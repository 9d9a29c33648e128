#include "io/reread.h"

#include <stdlib.h>

struct reread {
    size_t count;
    struct reread_entry entries[];
};

enum status reread_new(struct reread **reread, size_t count, struct error *err)
{
    *reread = calloc(1, sizeof **reread + count * sizeof(*reread)->entries[0]);
    if (*reread == NULL)
        return error_no_memory(err);
    (*reread)->count = count;
    return STATUS_OK;
}

void reread_next(struct reread *reread)
{
    for (size_t i = 0; i < reread->count; i++)
        reread->entries[i].again = true;
}

void reread_free(struct reread *reread)
{
    for (size_t i = 0; reread != NULL && i < reread->count; i++)
        spool_free(reread->entries[i].spool);
    free(reread);
}

struct reread_entry *reread_at(struct reread *reread, size_t number)
{
    return &reread->entries[number];
}

void reread_note(struct reread_entry *entry, const struct stat *st, off_t start)
{
    entry->device = st->st_dev;
    entry->inode = st->st_ino;
    entry->size = st->st_size;
    entry->changed = st->st_mtim;
    entry->start = start;
}

enum status reread_compare(const struct reread_entry *entry, const struct stat *st,
                           struct error *err)
{
    if (S_ISREG(st->st_mode) && st->st_dev == entry->device && st->st_ino == entry->inode &&
        st->st_size == entry->size && st->st_mtim.tv_sec == entry->changed.tv_sec &&
        st->st_mtim.tv_nsec == entry->changed.tv_nsec)
        return STATUS_OK;
    return error_set(err, STATUS_DAMAGED,
                     "changed while it was read; it is read twice, so nothing may write to it "
                     "meanwhile (or give it through a pipe: cat FILE | ...)");
}
