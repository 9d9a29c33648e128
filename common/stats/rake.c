#include "stats/rake.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/refuse.h"

/* What one run works with. */
struct raking {
    const struct rake_input *in;
    double *fitted;  /* of each cell */
    double *current; /* of each level of the margin at hand */
    double *scale;   /* of the targets of each margin */
    double total;
};

/* A level that is off, for a message. */
struct fault {
    size_t margin;
    size_t level;
    double current;
    double target;
    double off;
};

static const char *margin_name(char out[REFUSE_NAME_MAX], const struct rake_input *in, size_t m)
{
    const char *name = in->margins[m].name;
    return name == NULL ? refuse_name(out, "margin", NULL, m)
                        : refuse_name(out, "margin", &name, 0);
}

/* "margin 'age', level '18-24'" */
static const char *place(char out[2 * REFUSE_NAME_MAX], const struct rake_input *in, size_t m,
                         size_t level)
{
    char margin[REFUSE_NAME_MAX];
    char name[REFUSE_NAME_MAX];
    (void)snprintf(out, (size_t)2 * REFUSE_NAME_MAX, "%.190s, %.190s", margin_name(margin, in, m),
                   refuse_name(name, "level", in->margins[m].level_names, level));
    return out;
}

static enum status check_margin(const struct rake_input *in, size_t m, double *total,
                                struct error *err)
{
    const struct rake_margin *margin = &in->margins[m];
    char name[REFUSE_NAME_MAX];
    char kind[REFUSE_NAME_MAX + 8];
    (void)snprintf(kind, sizeof kind, "%s, level", margin_name(name, in, m));
    enum status s =
        refuse_counts(margin->target, margin->levels, "a target", kind, margin->level_names, err);
    if (s != STATUS_OK)
        return s;
    *total = 0;
    for (size_t l = 0; l < margin->levels; l++)
        *total += margin->target[l];
    if (!(*total > 0) || !isfinite(*total))
        return error_set(err, STATUS_DATA, "%s: its targets sum to %g; give numbers of people",
                         name, *total);
    for (size_t c = 0; c < in->cells; c++)
        if (margin->level[c] >= margin->levels)
            return error_set(err, STATUS_DATA, "%s: cell %zu has level %zu of %zu; list each level",
                             name, c + 1, margin->level[c] + 1, margin->levels);
    return STATUS_OK;
}

static enum status check_totals(struct raking *r, struct error *err)
{
    const struct rake_input *in = r->in;
    for (size_t m = 0; m < in->margin_count; m++) {
        double total = 0;
        enum status s = check_margin(in, m, &total, err);
        if (s != STATUS_OK)
            return s;
        if (m == 0)
            r->total = total;
        r->scale[m] = in->rescale ? r->total / total : 1;
        if (in->rescale || fabs(total - r->total) <= RAKE_SAME_TOTAL * r->total)
            continue;
        char first[REFUSE_NAME_MAX];
        char other[REFUSE_NAME_MAX];
        return error_set(err, STATUS_DATA,
                         "%s sums to %.15g, %s to %.15g; correct one of them, or ask for margins "
                         "to be rescaled to the first",
                         margin_name(first, in, 0), r->total, margin_name(other, in, m), total);
    }
    return STATUS_OK;
}

static enum status begin(struct raking *r, struct error *err)
{
    const struct rake_input *in = r->in;
    double rows = 0;
    if (in->margin_count < 1)
        return error_set(err, STATUS_DATA, "raking needs at least one margin");
    enum status s = refuse_counts(in->counts, in->cells, "rows", "cell", NULL, err);
    if (s == STATUS_OK && in->base_weights != NULL)
        s = refuse_counts(in->base_weights, in->cells, "a base weight", "cell", NULL, err);
    if (s == STATUS_OK)
        s = check_totals(r, err);
    if (s != STATUS_OK)
        return s;
    for (size_t c = 0; c < in->cells; c++) {
        r->fitted[c] = in->counts[c] * (in->base_weights == NULL ? 1 : in->base_weights[c]);
        rows += r->fitted[c];
    }
    if (!(rows > 0) || !isfinite(rows))
        return error_set(err, STATUS_DATA, "the rows to be raked have a total weight of %g", rows);
    return STATUS_OK;
}

static void sum_levels(struct raking *r, const struct rake_margin *margin)
{
    for (size_t l = 0; l < margin->levels; l++)
        r->current[l] = 0;
    for (size_t c = 0; c < r->in->cells; c++)
        r->current[margin->level[c]] += r->fitted[c];
}

static enum status adjust(struct raking *r, size_t m, struct error *err)
{
    const struct rake_margin *margin = &r->in->margins[m];
    sum_levels(r, margin);
    for (size_t l = 0; l < margin->levels; l++) {
        double target = margin->target[l] * r->scale[m];
        char where[2 * REFUSE_NAME_MAX];
        if (!(r->current[l] > 0) && target > 0)
            return error_set(err, STATUS_DATA,
                             "%s: a target of %.15g and no rows (or only rows that another margin "
                             "sets to 0); join it with another level, or leave the margin out",
                             place(where, r->in, m, l), target);
        r->current[l] = r->current[l] > 0 ? target / r->current[l] : 0;
    }
    for (size_t c = 0; c < r->in->cells; c++)
        r->fitted[c] *= r->current[margin->level[c]];
    return STATUS_OK;
}

static struct fault worst(struct raking *r)
{
    struct fault most = {.off = -1};
    for (size_t m = 0; m < r->in->margin_count; m++) {
        const struct rake_margin *margin = &r->in->margins[m];
        sum_levels(r, margin);
        for (size_t l = 0; l < margin->levels; l++) {
            double target = margin->target[l] * r->scale[m];
            double off = fabs(r->current[l] - target) / r->total;
            /* The other way round, so that a NaN is the worst. */
            if (!(off <= most.off))
                most = (struct fault){m, l, r->current[l], target, off};
        }
    }
    return most;
}

static enum status sweep(struct raking *r, struct raked *out, struct error *err)
{
    struct fault most = {.off = 1};
    for (out->sweeps = 0; out->sweeps < RAKE_SWEEPS_MAX && !(most.off < RAKE_TOLERANCE);
         out->sweeps++) {
        for (size_t m = 0; m < r->in->margin_count; m++) {
            enum status s = adjust(r, m, err);
            if (s != STATUS_OK)
                return s;
        }
        most = worst(r);
    }
    out->off = most.off;
    char where[2 * REFUSE_NAME_MAX];
    if (!(most.off < RAKE_TOLERANCE))
        return error_set(err, STATUS_DATA,
                         "raking does not converge in %d sweeps; %s is still %.6g for a target of "
                         "%.6g; cells without rows let no weights meet all margins: join levels, "
                         "or leave a margin out",
                         RAKE_SWEEPS_MAX, place(where, r->in, most.margin, most.level),
                         most.current, most.target);
    return STATUS_OK;
}

static void give(const struct raking *r, double *fitted, double *weights, struct raked *out)
{
    const struct rake_input *in = r->in;
    out->total = r->total;
    for (size_t c = 0; c < in->cells; c++) {
        if (fitted != NULL)
            fitted[c] = r->fitted[c];
        /* base * fitted / (counts * base) */
        r->fitted[c] = in->counts[c] > 0 ? r->fitted[c] / in->counts[c] : 0;
        if (weights != NULL)
            weights[c] = r->fitted[c];
    }
    out->kish = kish(r->fitted, in->counts, in->cells);
}

enum status rake(const struct rake_input *in, double *fitted, double *weights, struct raked *out,
                 struct error *err)
{
    size_t levels = 1;
    for (size_t m = 0; m < in->margin_count; m++)
        levels = in->margins[m].levels > levels ? in->margins[m].levels : levels;
    struct raking r = {.in = in};
    r.fitted = calloc(in->cells + 1, sizeof *r.fitted);
    r.current = calloc(levels, sizeof *r.current);
    r.scale = calloc(in->margin_count + 1, sizeof *r.scale);
    enum status s = STATUS_OK;
    if (r.fitted == NULL || r.current == NULL || r.scale == NULL)
        s = error_no_memory(err);
    if (s == STATUS_OK)
        s = begin(&r, err);
    if (s == STATUS_OK)
        s = sweep(&r, out, err);
    if (s == STATUS_OK)
        give(&r, fitted, weights, out);
    free(r.fitted);
    free(r.current);
    free(r.scale);
    return s;
}
