#include "stats/bell_reasons.h"

#include <math.h>

#include "stats/chi_square.h"

#define CONDITION_MOST 1e4
#define P_LEAST 0.001
#define COUNT_LEAST 5

static const char *const names[] = {"UNIDENT", "DF0", "TILT", "BOUND", "NOCONV",
                                    "COND",    "GOF", "WIDE", "SPARSE"};

const char *bell_reason_name(size_t index)
{
    return index < sizeof names / sizeof names[0] ? names[index] : NULL;
}

bool bell_refused(unsigned reasons)
{
    return (reasons & ~(unsigned)BELL_DF0) != 0;
}

unsigned bell_reasons_before(const struct bell_data *data)
{
    unsigned reasons = data->model == BELL_SLOPES ? BELL_TILT : 0;
    for (size_t k = 0; k < data->bands; k++) {
        if (data->counts[k] < COUNT_LEAST)
            reasons |= BELL_SPARSE;
    }
    return reasons;
}

void bell_judge(struct bell_quality *quality)
{
    quality->p_value = chi_square_tail(quality->g2, (double)quality->df);
    if (quality->df < 0)
        quality->reasons |= BELL_UNIDENT;
    if (quality->df == 0)
        quality->reasons |= BELL_DF0;
    if (quality->condition > CONDITION_MOST)
        quality->reasons |= BELL_COND;
    if (quality->p_value < P_LEAST)
        quality->reasons |= BELL_GOF;
}
