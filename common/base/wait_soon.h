/* wait_soon.h - waiting for another thread that is tens of microseconds away: less than it takes to
 * fall asleep and be woken.  So whoever waits looks again for about as long before it sleeps.
 */
#ifndef BELL_BASE_WAIT_SOON_H
#define BELL_BASE_WAIT_SOON_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* As pthread_mutex_lock(). */
void wait_soon_lock(pthread_mutex_t *mutex);
/* Returns when the flag is down, or after such a while. */
void wait_soon_down(const atomic_bool *flag);

#endif
