/* budget.h - how much memory a run may hold (--max-memory).
 *
 * Whatever grows with the data (groups, values, keys of unique, persons) takes from the
 * budget as it grows.  Safe from several threads.
 */
#ifndef BELL_BASE_BUDGET_H
#define BELL_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/error.h"

struct budget {
    _Atomic uint64_t used;
    uint64_t limit; /* bytes; 0: no limit */
};

/* Takes bytes; beyond the limit STATUS_IO and a message that names what grew (for instance
 * "groups") and --max-memory.  budget may be NULL (no limit). */
enum status budget_take(struct budget *budget, uint64_t bytes, const char *what,
                        struct error *err) BELL_CHECK;
void budget_give(struct budget *budget, uint64_t bytes);
/* Half of the memory of the cgroup, or of the machine. */
uint64_t budget_default(void);

#endif
