#include "io/cleanup.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* A slot's path is written while it is SLOT_TAKEN and read by the handler only while it is
 * SLOT_ARMED.  The paths lie here and not on the heap, because the handler may run while
 * another thread removes one. */
enum { SLOT_FREE, SLOT_TAKEN, SLOT_ARMED };

static atomic_int states[CLEANUP_MAX];
static char paths[CLEANUP_MAX][PATH_MAX];
static pthread_once_t installed = PTHREAD_ONCE_INIT;

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "the handler may use no locks");

static void handle(int sig)
{
    for (int i = 0; i < CLEANUP_MAX; i++)
        if (atomic_load(&states[i]) == SLOT_ARMED)
            (void)unlink(paths[i]);
    /* SA_RESETHAND has put the default action back; it strikes when we return. */
    (void)raise(sig);
}

static void install(void)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXCPU, SIGXFSZ};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) != 0 || action.sa_handler != SIG_DFL)
            continue;
        memset(&action, 0, sizeof action);
        action.sa_handler = handle;
        action.sa_flags = (int)SA_RESETHAND;
        (void)sigfillset(&action.sa_mask);
        (void)sigaction(signals[i], &action, NULL);
    }
}

enum status cleanup_add(const char *path, int *slot, struct error *err)
{
    *slot = -1;
    const size_t len = strlen(path);
    if (len >= PATH_MAX)
        return error_set_errno(err, STATUS_IO, ENAMETOOLONG, "cannot write");
    (void)pthread_once(&installed, install);
    for (int i = 0; i < CLEANUP_MAX; i++) {
        int expected = SLOT_FREE;
        if (!atomic_compare_exchange_strong(&states[i], &expected, SLOT_TAKEN))
            continue;
        memcpy(paths[i], path, len + 1);
        atomic_store(&states[i], SLOT_ARMED);
        *slot = i;
        return STATUS_OK;
    }
    return error_set(err, STATUS_IO, "more than %d files are being written at once", CLEANUP_MAX);
}

void cleanup_remove(int slot)
{
    if (slot >= 0 && slot < CLEANUP_MAX)
        atomic_store(&states[slot], SLOT_FREE);
}
