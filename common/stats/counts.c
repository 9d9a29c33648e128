#include "stats/counts.h"

#include <math.h>

#include "stats/refuse.h"

static enum status enough_bands(size_t bands, struct error *err)
{
    if (bands < 2)
        return error_set(err, STATUS_DATA, "%zu band%s where at least 2 are needed", bands,
                         bands == 1 ? "" : "s");
    return STATUS_OK;
}

enum status counts_sum(const double *counts, size_t bands, double *n, struct error *err)
{
    *n = 0;
    enum status s = enough_bands(bands, err);
    if (s != STATUS_OK)
        return s;
    s = refuse_counts(counts, bands, "a count", "band", NULL, err);
    if (s != STATUS_OK)
        return s;
    for (size_t i = 0; i < bands; i++)
        *n += counts[i];
    if (!isfinite(*n))
        return error_set(err, STATUS_DATA, "the counts are too large to be added up");
    return STATUS_OK;
}

enum status counts_any_scores(const double *scores, size_t bands, struct error *err)
{
    for (size_t i = 0; i < bands; i++)
        if (!isfinite(scores[i]))
            return error_set(err, STATUS_DATA, "the score of band %zu is not a finite number",
                             i + 1);
    return enough_bands(bands, err);
}

enum status counts_scores(const double *x, size_t bands, struct error *err)
{
    enum status s = counts_any_scores(x, bands, err);
    for (size_t i = 1; s == STATUS_OK && i < bands; i++)
        if (!(x[i] > x[i - 1]))
            s = error_set(err, STATUS_DATA,
                          "the score of band %zu is %g, not above the %g of the band before", i + 1,
                          x[i], x[i - 1]);
    return s;
}
