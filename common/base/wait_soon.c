#include "base/wait_soon.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define RELAX() __builtin_ia32_pause()
#else
#define RELAX() ((void)0)
#endif

enum { LOOKS = 600 };

static void relax(void)
{
    for (unsigned i = 0; i < 8; i++)
        RELAX();
}

void wait_soon_lock(pthread_mutex_t *mutex)
{
    for (unsigned i = 0; i < LOOKS; i++) {
        if (pthread_mutex_trylock(mutex) == 0)
            return;
        relax();
    }
    pthread_mutex_lock(mutex);
}

void wait_soon_down(const atomic_bool *flag)
{
    for (unsigned i = 0; i < LOOKS && atomic_load(flag); i++)
        relax();
}
