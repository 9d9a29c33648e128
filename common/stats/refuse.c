#include "stats/refuse.h"

#include <math.h>
#include <stdio.h>

const char *refuse_name(char out[REFUSE_NAME_MAX], const char *kind, const char *const *names,
                        size_t index)
{
    if (names != NULL && names[index] != NULL)
        (void)snprintf(out, REFUSE_NAME_MAX, "%s '%s'", kind, names[index]);
    else
        (void)snprintf(out, REFUSE_NAME_MAX, "%s %zu", kind, index + 1);
    return out;
}

enum status refuse_counts(const double *values, size_t count, const char *what, const char *kind,
                          const char *const *names, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i]) && values[i] >= 0)
            continue;
        char name[REFUSE_NAME_MAX];
        return error_set(err, STATUS_DATA,
                         "%s: %s of %g; they must be finite and not below 0: correct the table",
                         refuse_name(name, kind, names, i), what, values[i]);
    }
    return STATUS_OK;
}
