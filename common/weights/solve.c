#include "weights/solve.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "stats/rake.h"

/* Of a bound: a weight that is on it must not be off by its last digit. */
#define BOUND_SLACK 1e-12

struct solving {
    const struct weight_plan *plan;
    struct weight_cell *cells;
    size_t count;
    struct weight_solution *out;
    size_t *first;   /* of each combination: its first cell; one more at the end */
    double *base;    /* of each combination: sum of base weights */
    size_t **level;  /* margin by margin, of each combination */
    double **target; /* margin by margin, of each level: scaled to total */
    double *factor;  /* of each combination */
    double *weights; /* of each cell, not rounded */
    double *rows;    /* of each cell */
    double total;
    struct error *err;
};

/* ---- names ---- */

enum { SHOWN_MAX = 400 };

/* "platform twitter, age 55+" */
static const char *show_cell(const struct solving *s, size_t cell, char out[SHOWN_MAX])
{
    const struct weight_plan *plan = s->plan;
    uint32_t *values = calloc(plan->field_count + 1, sizeof *values);
    size_t used = 0;
    out[0] = '\0';
    if (values == NULL)
        return out;
    cell_place_values(plan, s->cells[cell].key.place, values);
    for (size_t f = 0; f < plan->field_count && used < SHOWN_MAX - 1; f++) {
        char name[TEXT_ESCAPED_MAX];
        char value[TEXT_ESCAPED_MAX] = "";
        if (values[f] != WEIGHT_NO_VALUE)
            text_escape(value, plan->fields[f].values.keys[values[f]]);
        (void)snprintf(out + used, SHOWN_MAX - used, "%s%s '%.60s'", f == 0 ? "" : ", ",
                       text_escape(name, slice_of(plan->fields[f].name)), value);
        used += strlen(out + used);
    }
    if (plan->base != NULL && used < SHOWN_MAX - 1) {
        char number[DECIMAL_TEXT_MAX];
        decimal_format(number, s->cells[cell].key.base);
        (void)snprintf(out + used, SHOWN_MAX - used, ", base weight %s", number);
    }
    free(values);
    return out;
}

static const char *show_number(char out[DOUBLE_TEXT_MAX], double value)
{
    /* Four digits: a bound is judged, not reckoned with. */
    (void)snprintf(out, DOUBLE_TEXT_MAX, "%.4g", value);
    return out;
}

/* ---- combinations ---- */

static int by_key(const void *a, const void *b)
{
    const struct cell_key *x = &((const struct weight_cell *)a)->key;
    const struct cell_key *y = &((const struct weight_cell *)b)->key;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->base > y->base) - (x->base < y->base);
}

static enum status make_room(struct solving *s)
{
    const size_t margins = s->plan->margin_count;
    struct weight_solution *out = s->out;
    out->levels = calloc(margins, sizeof *out->levels);
    s->first = calloc(s->count + 1, sizeof *s->first);
    s->base = calloc(s->count + 1, sizeof *s->base);
    s->factor = calloc(s->count + 1, sizeof *s->factor);
    s->weights = calloc(s->count + 1, sizeof *s->weights);
    s->rows = calloc(s->count + 1, sizeof *s->rows);
    s->level = calloc(margins, sizeof *s->level);
    s->target = calloc(margins, sizeof *s->target);
    bool ok = out->levels != NULL && s->first != NULL && s->base != NULL && s->factor != NULL &&
              s->weights != NULL && s->rows != NULL && s->level != NULL && s->target != NULL;
    out->margin_count = ok ? margins : 0;
    for (size_t m = 0; ok && m < margins; m++) {
        const size_t levels = s->plan->margins[m].levels.count;
        out->levels[m] = calloc(levels, sizeof **out->levels);
        s->level[m] = calloc(s->count + 1, sizeof **s->level);
        s->target[m] = calloc(levels, sizeof **s->target);
        ok = out->levels[m] != NULL && s->level[m] != NULL && s->target[m] != NULL;
    }
    return ok ? STATUS_OK : error_no_memory(s->err);
}

static void free_room(struct solving *s)
{
    for (size_t m = 0; m < s->plan->margin_count; m++) {
        if (s->level != NULL)
            free(s->level[m]);
        if (s->target != NULL)
            free(s->target[m]);
    }
    free(s->first);
    free(s->base);
    free(s->factor);
    free(s->weights);
    free(s->rows);
    free(s->level);
    free(s->target);
}

/* Cells of one place are one combination; its sum of base weights is exact. */
static enum status combine(struct solving *s)
{
    const struct weight_plan *plan = s->plan;
    struct weight_solution *out = s->out;
    uint32_t *values = calloc(plan->field_count + 1, sizeof *values);
    if (values == NULL)
        return error_no_memory(s->err);
    size_t n = 0;
    for (size_t c = 0; c < s->count; n++) {
        const uint64_t place = s->cells[c].key.place;
        unsigned __int128 base = 0;
        uint64_t rows = 0;
        s->first[n] = c;
        for (; c < s->count && s->cells[c].key.place == place; c++) {
            base += (unsigned __int128)s->cells[c].key.base * s->cells[c].rows;
            rows += s->cells[c].rows;
            s->rows[c] = (double)s->cells[c].rows;
        }
        s->base[n] = (double)base / DECIMAL_ONE;
        out->rows += rows;
        cell_place_values(plan, place, values);
        for (size_t m = 0; m < plan->margin_count; m++) {
            s->level[m][n] = weight_plan_level(&plan->margins[m], values);
            out->levels[m][s->level[m][n]].rows += rows;
        }
    }
    s->first[n] = s->count;
    out->combinations = n;
    free(values);
    return STATUS_OK;
}

/* ---- targets ---- */

static void find_total(struct solving *s)
{
    const struct weight_plan *plan = s->plan;
    s->total = plan->total;
    for (size_t m = 0; m < plan->margin_count && !(s->total > 0); m++)
        s->total = plan->margins[m].shares ? 0 : plan->margins[m].sum;
    if (s->total > 0)
        return;
    for (size_t n = 0; n < s->out->combinations; n++)
        s->total += s->base[n];
}

static enum status empty_level(const struct solving *s, size_t m, size_t level, size_t others)
{
    const struct weight_margin *margin = &s->plan->margins[m];
    const uint64_t rows = s->out->levels[m][level].rows;
    char amount[DOUBLE_TEXT_MAX];
    char more[64] = "";
    char name[TEXT_ESCAPED_MAX];
    double_format(amount, margin->targets[level]);
    if (others > 0)
        (void)snprintf(more, sizeof more, " (and %zu level%s more)", others,
                       others == 1 ? "" : "s");
    return error_set(
        s->err, STATUS_DATA,
        "margin '%s', level '%s'%s: %s%s, and %s, so nothing can stand for %s; join it "
        "with another level (collapse), or leave the margin out",
        text_escape(name, slice_of(margin->name)), margin->names[level], more,
        margin->shares ? "a share of " : "", amount,
        rows == 0 ? "no record" : "only records of base weight 0",
        margin->shares ? "it" : "these people");
}

/* A level with a target needs records; the first that has none is named. */
static enum status check_empty(const struct solving *s, size_t m)
{
    const struct weight_margin *margin = &s->plan->margins[m];
    double *base = calloc(margin->levels.count, sizeof *base);
    size_t first = 0, empty = 0;
    if (base == NULL)
        return error_no_memory(s->err);
    for (size_t n = 0; n < s->out->combinations; n++)
        base[s->level[m][n]] += s->base[n];
    for (size_t l = 0; l < margin->levels.count; l++) {
        if (base[l] > 0 || !(margin->targets[l] > 0))
            continue;
        first = empty++ == 0 ? l : first;
    }
    free(base);
    return empty == 0 ? STATUS_OK : empty_level(s, m, first, empty - 1);
}

static enum status set_targets(struct solving *s, size_t m)
{
    const struct weight_margin *margin = &s->plan->margins[m];
    for (size_t l = 0; l < margin->levels.count; l++) {
        struct weight_level *level = &s->out->levels[m][l];
        char people[DOUBLE_TEXT_MAX];
        char name[TEXT_ESCAPED_MAX];
        if (!margin->shares && (double)level->rows > margin->targets[l]) {
            double_format(people, margin->targets[l]);
            return error_set(s->err, STATUS_DATA,
                             "margin '%s', level '%s': %" PRIu64 " records of %s people; %s",
                             text_escape(name, slice_of(margin->name)), margin->names[l],
                             level->rows, people,
                             margin->targets[l] > 0
                                 ? "give numbers of people, not of thousands, and each person "
                                   "once (unique), or give shares"
                                 : "leave these records out before (bell-normalize --keep), or "
                                   "give shares");
        }
        s->target[m][l] = margin->targets[l] * (s->total / margin->sum);
        level->target = s->target[m][l];
    }
    return check_empty(s, m);
}

static enum status prepare(struct solving *s)
{
    enum status st = combine(s);
    if (st != STATUS_OK)
        return st;
    if (s->out->rows == 0)
        return error_set(s->err, STATUS_DATA, "no records came in, so there is nothing to weight");
    find_total(s);
    for (size_t m = 0; st == STATUS_OK && m < s->plan->margin_count; m++)
        st = set_targets(s, m);
    return st;
}

/* ---- weights ---- */

/* The factor of each combination. */
static enum status find_factors(struct solving *s)
{
    const struct weight_plan *plan = s->plan;
    struct rake_margin *margins = calloc(plan->margin_count, sizeof *margins);
    struct raked raked = {.sweeps = 0};
    if (margins == NULL)
        return error_no_memory(s->err);
    for (size_t m = 0; m < plan->margin_count; m++)
        margins[m] = (struct rake_margin){.name = plan->margins[m].name,
                                          .level_names = plan->margins[m].names,
                                          .level = s->level[m],
                                          .target = s->target[m],
                                          .levels = plan->margins[m].levels.count};
    /* A combination's sum of base weights stands for its rows: then "weights" are factors. */
    const struct rake_input in = {.counts = s->base,
                                  .margins = margins,
                                  .cells = s->out->combinations,
                                  .margin_count = plan->margin_count};
    enum status st = rake(&in, NULL, s->factor, &raked, s->err);
    free(margins);
    s->out->sweeps = raked.sweeps;
    s->out->off = raked.off;
    return st;
}

static double mean_weight(const struct solving *s)
{
    double sum = 0;
    for (size_t c = 0; c < s->count; c++)
        sum += s->rows[c] * s->weights[c];
    return sum / (double)s->out->rows;
}

static enum status beyond_bounds(const struct solving *s, size_t cell, double mean)
{
    char shown[SHOWN_MAX];
    char multiple[DOUBLE_TEXT_MAX];
    char bound[DOUBLE_TEXT_MAX];
    const bool above = s->weights[cell] > mean;
    return error_set(s->err, STATUS_DATA,
                     "%s: %" PRIu64 " records with a weight of %s times the mean, %s the bound of "
                     "%s; join thin levels (collapse), set the bounds wider, or trim: true",
                     show_cell(s, cell, shown), s->cells[cell].rows,
                     show_number(multiple, s->weights[cell] / mean), above ? "above" : "below",
                     show_number(bound, above ? s->plan->upper : s->plan->lower));
}

/* The weight farthest beyond a bound; count: there is none. */
static size_t find_beyond(const struct solving *s, double lower, double upper)
{
    size_t worst = s->count;
    double most = 1;
    for (size_t c = 0; c < s->count; c++) {
        const double w = s->weights[c];
        double over = w > upper * (1 + BOUND_SLACK) ? w / upper : 1;
        if (w < lower * (1 - BOUND_SLACK))
            over = w > 0 ? lower / w : (double)INFINITY;
        if (!(over > most))
            continue;
        most = over;
        worst = c;
    }
    return worst;
}

static enum status keep_bounds(struct solving *s)
{
    const double mean = mean_weight(s);
    const double lower = s->plan->lower * mean;
    const double upper = s->plan->upper * mean;
    if (!s->plan->bounded)
        return STATUS_OK;
    const size_t worst = find_beyond(s, lower, upper);
    if (worst == s->count)
        return STATUS_OK;
    if (!s->plan->trim)
        return beyond_bounds(s, worst, mean);
    const struct trim_input in = {.weights = s->weights,
                                  .counts = s->rows,
                                  .count = s->count,
                                  .lower = lower,
                                  .upper = upper};
    s->out->trimmed = true;
    return trim(&in, s->weights, &s->out->trim, s->err);
}

int64_t weight_round(double weight)
{
    if (!(weight <= (double)WEIGHT_MAX))
        return -1;
    /* product + rest is weight * 10^6 exactly, so that a half is known from what is near it. */
    const double product = weight * DECIMAL_ONE;
    const double rest = fma(weight, DECIMAL_ONE, -product);
    int64_t down = (int64_t)product;
    double part = product - (double)down; /* exact below 2^53 */
    if (part == 0 && rest < 0) {
        down--;
        part = 1;
    }
    const double beyond = (part - 0.5) + rest;
    if (beyond > 0 || (beyond == 0 && down % 2 != 0))
        down++;
    return down;
}

static enum status unwritable(const struct solving *s, size_t cell, double weight)
{
    char shown[SHOWN_MAX];
    char text[DOUBLE_TEXT_MAX];
    show_number(text, weight);
    if (weight > (double)WEIGHT_MAX)
        return error_set(s->err, STATUS_DATA,
                         "%s: a weight of %s, where at most %" PRId64 " can be written; shares and "
                         "means depend on proportions only, so let weights be 1 in the mean "
                         "(total: %" PRIu64 ", the number of records)",
                         show_cell(s, cell, shown), text, WEIGHT_MAX, s->out->rows);
    return error_set(s->err, STATUS_DATA,
                     "%s: a weight of %s would be rounded to 0, as it has 6 decimal places; take a "
                     "larger total (total: %" PRIu64 ", the number of records, makes weights 1 in "
                     "the mean), or keep weights near each other (bounds and trim)",
                     show_cell(s, cell, shown), text, s->out->rows);
}

static enum status round_weights(struct solving *s)
{
    for (size_t c = 0; c < s->count; c++) {
        const double weight = s->weights[c];
        s->cells[c].weight = weight_round(weight);
        if (s->cells[c].weight < 0 || (s->cells[c].weight == 0 && weight > 0))
            return unwritable(s, c, weight);
    }
    return STATUS_OK;
}

/* ---- what came of it ---- */

static void sum_up(struct solving *s)
{
    struct weight_solution *out = s->out;
    unsigned __int128 squares = 0;
    int64_t most = 0, least = INT64_MAX;
    for (size_t n = 0; n < out->combinations; n++) {
        for (size_t c = s->first[n]; c < s->first[n + 1]; c++) {
            const struct weight_cell *cell = &s->cells[c];
            const __int128 weight = (__int128)cell->weight * cell->rows;
            out->sum += weight;
            squares += (unsigned __int128)weight * (unsigned __int128)cell->weight;
            out->zero += cell->weight == 0 ? cell->rows : 0;
            most = cell->weight > most ? cell->weight : most;
            least = cell->weight < least ? cell->weight : least;
            for (size_t m = 0; m < out->margin_count; m++) {
                struct weight_level *level = &out->levels[m][s->level[m][n]];
                level->weighted += s->weights[c] * s->rows[c];
                level->rounded += weight;
            }
        }
    }
    const double sum = (double)out->sum;
    out->kish = (struct kish){.n = (double)out->rows,
                              .n_eff = sum / (double)squares * sum,
                              .max_over_mean = (double)most / (sum / (double)out->rows)};
    out->lowest = (double)least / (sum / (double)out->rows);
    for (size_t m = 0; m < out->margin_count; m++) {
        for (size_t l = 0; l < s->plan->margins[m].levels.count; l++) {
            const struct weight_level *level = &out->levels[m][l];
            const double off = fabs((double)level->rounded / DECIMAL_ONE - level->weighted);
            out->rounding = off > out->rounding ? off : out->rounding;
        }
    }
}

static enum status solve(struct solving *s)
{
    enum status st = make_room(s);
    if (st == STATUS_OK)
        st = prepare(s);
    if (st == STATUS_OK)
        st = find_factors(s);
    if (st != STATUS_OK)
        return st;
    for (size_t n = 0; n < s->out->combinations; n++)
        for (size_t c = s->first[n]; c < s->first[n + 1]; c++)
            s->weights[c] = (double)s->cells[c].key.base / DECIMAL_ONE * s->factor[n];
    st = keep_bounds(s);
    if (st == STATUS_OK)
        st = round_weights(s);
    if (st == STATUS_OK)
        sum_up(s);
    return st;
}

enum status weight_solve(const struct weight_plan *plan, struct weight_cell *cells, size_t count,
                         struct weight_solution *solution, struct error *err)
{
    struct solving s = {.plan = plan, .cells = cells, .count = count, .out = solution, .err = err};
    *solution = (struct weight_solution){.rows = 0};
    if (count > 0)
        qsort(cells, count, sizeof *cells, by_key);
    enum status st = solve(&s);
    free_room(&s);
    if (st != STATUS_OK)
        weight_solution_free(solution);
    return st;
}

void weight_solution_free(struct weight_solution *solution)
{
    for (size_t m = 0; m < solution->margin_count; m++)
        free(solution->levels[m]);
    free(solution->levels);
    *solution = (struct weight_solution){.rows = 0};
}
