#include "weights/weight_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "records/csv_writer.h"

struct report {
    struct csv_writer writer;
    const struct weight_margin *margin; /* NULL: figures of the whole */
    uint32_t level;
    bool good;
};

static void put_text(struct report *r, const char *quantity, struct slice value)
{
    const struct weight_margin *m = r->margin;
    r->good =
        r->good && csv_writer_cell(&r->writer, slice_of(quantity)) &&
        csv_writer_cell(&r->writer, m == NULL ? SLICE_MISSING : slice_of(m->name)) &&
        csv_writer_cell(&r->writer, m == NULL ? SLICE_MISSING : slice_of(m->labels[r->level])) &&
        csv_writer_cell(&r->writer, value) && csv_writer_end_row(&r->writer);
}

static void put(struct report *r, const char *quantity, double value)
{
    char text[DOUBLE_TEXT_MAX];
    const size_t len = double_format(text, value);
    put_text(r, quantity, (struct slice){text, len});
}

static void put_exact(struct report *r, const char *quantity, __int128 millionths)
{
    char text[INT128_TEXT_MAX];
    const size_t len = int128_decimal_format(text, millionths);
    put_text(r, quantity, (struct slice){text, len});
}

static const char *method(const struct weight_plan *plan)
{
    return plan->margin_count == 1 ? "post-stratification" : "raking";
}

static void put_whole(struct report *r, const struct weight_plan *plan,
                      const struct weight_solution *s)
{
    put_text(r, "method", slice_of(method(plan)));
    put(r, "n", s->kish.n);
    put(r, "n_eff", s->kish.n_eff);
    put(r, "design_effect", s->kish.n / s->kish.n_eff);
    put(r, "max_over_mean", s->kish.max_over_mean);
    put(r, "min_over_mean", s->lowest);
    put_exact(r, "total", s->sum);
    put(r, "zero_weights", (double)s->zero);
    put(r, "cells", (double)s->combinations);
    put(r, "sweeps", s->sweeps);
    put(r, "residual", s->off);
    put(r, "rounding", s->rounding);
    if (!plan->bounded)
        return;
    put(r, "trimmed_high", s->trim.rows_upper);
    put(r, "trimmed_low", s->trim.rows_lower);
    put(r, "weight_lost", s->trim.lost);
    put(r, "n_eff_untrimmed", s->trimmed ? s->trim.before.n_eff : s->kish.n_eff);
}

bool weight_report_csv(const struct weight_plan *plan, const struct weight_solution *solution,
                       struct buffer *out)
{
    struct report r = {.good = true};
    csv_writer_init(&r.writer, out, false);
    static const char *const names[] = {"quantity", "margin", "level", "value"};
    for (size_t i = 0; i < 4; i++)
        r.good = r.good && csv_writer_cell(&r.writer, slice_of(names[i]));
    r.good = r.good && csv_writer_end_row(&r.writer);
    put_whole(&r, plan, solution);
    for (size_t m = 0; m < plan->margin_count; m++) {
        r.margin = &plan->margins[m];
        for (r.level = 0; r.level < r.margin->levels.count; r.level++) {
            const struct weight_level *level = &solution->levels[m][r.level];
            put(&r, "rows", (double)level->rows);
            put(&r, "target", level->target);
            put_exact(&r, "achieved", level->rounded);
        }
    }
    return r.good;
}

bool weight_report_lines(const struct weight_plan *plan, const struct weight_solution *s,
                         const char *program, struct buffer *out)
{
    char sum[INT128_TEXT_MAX];
    int128_decimal_format(sum, s->sum);
    return buffer_appendf(out,
                          "%s: %s to %zu margin%s: n=%" PRIu64
                          " n_eff=%.1f, largest weight %.4g times the mean, total %s\n",
                          program, method(plan), plan->margin_count,
                          plan->margin_count == 1 ? "" : "s", s->rows, s->kish.n_eff,
                          s->kish.max_over_mean, sum) &&
           buffer_appendf(out,
                          "%s: %zu cells, %u sweep%s, worst level off by %.2g of the total; "
                          "rounding moved no level by more than %.2g\n",
                          program, s->combinations, s->sweeps, s->sweeps == 1 ? "" : "s", s->off,
                          s->rounding) &&
           (s->zero == 0 ||
            buffer_appendf(out,
                           "%s: %" PRIu64 " records have the weight 0, as their level has a target "
                           "of 0 or their base weight is 0\n",
                           program, s->zero));
}

/* The level that trimming took farthest from its target. */
static void farthest(const struct weight_plan *plan, const struct weight_solution *s,
                     size_t *margin, size_t *level)
{
    double most = -1;
    for (size_t m = 0; m < plan->margin_count; m++) {
        for (size_t l = 0; l < plan->margins[m].levels.count; l++) {
            const double off = fabs(s->levels[m][l].weighted - s->levels[m][l].target);
            if (!(off > most))
                continue;
            most = off;
            *margin = m;
            *level = l;
        }
    }
}

bool weight_report_trimming(const struct weight_plan *plan, const struct weight_solution *s,
                            const char *program, struct buffer *out)
{
    size_t m = 0, l = 0;
    if (!s->trimmed)
        return true;
    farthest(plan, s, &m, &l);
    const struct weight_level *level = &s->levels[m][l];
    const double total = (double)s->sum / DECIMAL_ONE;
    char shown[TEXT_ESCAPED_MAX];
    return buffer_appendf(
               out,
               "%s: trimmed to %g..%g times the mean: %.0f weights lowered, %.0f raised, "
               "%.3g %% of all weight cut off and spread; n_eff %.1f instead of %.1f\n",
               program, plan->lower, plan->upper, s->trim.rows_upper, s->trim.rows_lower,
               100 * s->trim.lost / total, s->kish.n_eff, s->trim.before.n_eff) &&
           buffer_appendf(
               out,
               "%s: trimming undoes a part of the weighting: margin '%s', level '%s' has "
               "%.4g %% of the weight and should have %.4g %%, the farthest off\n",
               program, text_escape(shown, slice_of(plan->margins[m].name)),
               plan->margins[m].names[l], 100 * level->weighted / total,
               100 * level->target / total);
}
