#include "stats/kish.h"

#include <math.h>

struct kish kish(const double *weights, const double *counts, size_t count)
{
    double n = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        double c = counts == NULL ? 1 : counts[i];
        n += c;
        if (c > 0 && weights[i] > most)
            most = weights[i];
    }
    if (!(most > 0))
        return (struct kish){n, (double)NAN, (double)NAN};
    /* Over the largest: squares of weights such as 1e200 would not be finite. */
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double c = counts == NULL ? 1 : counts[i];
        double w = weights[i] / most;
        if (c > 0) {
            sum += c * w;
            squares += c * w * w;
        }
    }
    return (struct kish){n, sum * sum / squares, n / sum};
}
