#include "tables/distribution.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "tables/complete.h"
#include "tables/table_columns.h"
#include "records/csv_writer.h"

enum { STATUS_TEXT_MAX = 16, CHARGE_STEP = 1 << 20 };

struct table_writer {
    const struct distribution *plan;
    struct groups *groups;
    struct groups *totals;
    const struct scale *const *scales;
    size_t scale_count;
    const struct bands **bands; /* one a scale; with no scale, one for everything */
    size_t band_sets;
    bool scale_shown; /* a column of its own */
    bool scale_in_by; /* the study names it as a group column */
    struct table_columns columns;
    struct figures_space space;
    struct csv_writer csv;
    struct buffer *out;
    uint64_t charged;
    size_t *population_map; /* NULL: the population's groups are not those of the table */
    struct slice last_window;
    struct slice *key;
    struct slice *neighbour;
    struct arena arena;
};

enum status distribution_check(const struct distribution *plan, struct error *err)
{
    if (plan->min_cell > 0 && plan->total)
        return error_set(err, STATUS_USAGE,
                         "min_cell and total cannot go together: what a row withholds could be "
                         "had by subtracting the others from the total");
    if (plan->min_cell > 0 && plan->measure_count > 0)
        return error_set(err, STATUS_USAGE,
                         "min_cell and measures cannot go together: sums tell of single records");
    if (plan->votes && !plan->people)
        return error_set(err, STATUS_USAGE,
                         "vote: person needs people, the field that says who is one person");
    return STATUS_OK;
}

enum status distribution_check_columns(const struct distribution *plan, struct error *err)
{
    return table_columns_check(plan, err);
}

/* The number of a row's scale; scale_count if it has none. */
static size_t scale_of(const struct table_writer *w, struct slice name)
{
    if (w->scale_count == 1)
        return 0;
    size_t i = 0;
    while (i < w->scale_count && !slice_is(name, w->scales[i]->name))
        i++;
    return i;
}

static enum status make_bands(struct table_writer *w, struct error *err)
{
    w->band_sets = w->scale_count == 0 ? 1 : w->scale_count;
    w->bands = arena_calloc(&w->arena, w->band_sets, sizeof *w->bands);
    if (w->bands == NULL)
        return error_no_memory(err);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < w->band_sets; i++)
        s = bands_make(&w->plan->bands, i < w->scale_count ? w->scales[i] : NULL, &w->arena,
                       &w->bands[i], err);
    return s;
}

static enum status prepare(struct table_writer *w, struct error *err)
{
    const struct distribution *plan = w->plan;
    for (size_t i = 0; i < plan->by_count; i++)
        w->scale_in_by = w->scale_in_by || strcmp(plan->by[i], "scale") == 0;
    w->scale_shown = w->scale_count > 1 && !w->scale_in_by;
    w->key = arena_calloc(&w->arena, plan->by_count + 2, sizeof *w->key);
    w->neighbour = arena_calloc(&w->arena, plan->by_count + 2, sizeof *w->neighbour);
    if (w->key == NULL || w->neighbour == NULL)
        return error_no_memory(err);
    enum status s = make_bands(w, err);
    if (s == STATUS_OK)
        s = table_columns_make(&w->columns, plan, w->scale_shown, w->bands, w->band_sets, err);
    if (s != STATUS_OK || plan->population == NULL)
        return s;
    size_t *map = arena_calloc(&w->arena, plan->population->by_count + 1, sizeof *map);
    if (map == NULL)
        return error_no_memory(err);
    if (population_fits(plan->population, plan->by, plan->by_count, map))
        w->population_map = map;
    return STATUS_OK;
}

/* With one scale there is nothing to tell apart: records without a scale join the others. */
static enum status join_scales(const struct table_writer *w, struct groups *groups,
                               struct error *err)
{
    if (w->scale_count > 1 || groups == NULL)
        return STATUS_OK;
    struct slice name = w->scale_count == 1 ? slice_of(w->scales[0]->name) : SLICE_MISSING;
    return groups_unify_scale(groups, name, err);
}

static bool same_by(const struct table_writer *w, size_t other)
{
    groups_key(w->groups, other, w->neighbour);
    for (size_t i = 0; i < w->plan->by_count; i++) {
        if (!slice_equal(w->key[i], w->neighbour[i]))
            return false;
    }
    return true;
}

static enum status refuse_participation(const struct table_writer *w, uint64_t present,
                                        uint64_t population, struct error *err)
{
    struct buffer group = BUFFER_INIT;
    char shown[TEXT_ESCAPED_MAX];
    bool ok = true;
    for (size_t i = 0; ok && i < w->plan->by_count; i++) {
        struct slice cell = w->key[i];
        ok = buffer_appendf(&group, "%s%s '%s'", i == 0 ? "" : ", ", w->plan->by[i],
                            slice_missing(cell) ? "" : text_escape(shown, cell));
    }
    enum status s =
        !ok ? error_no_memory(err)
            : error_set(err, STATUS_DATA,
                        "%s%s: %" PRIu64 " %s, but its population is only %" PRIu64
                        "; check the population, or whether one person counts several times",
                        group.len == 0 ? "all records" : "group ", group.len == 0 ? "" : group.data,
                        present, w->plan->people ? "people" : "scored records", population);
    buffer_free(&group);
    return s;
}

/* What of a population's row stands in this one. */
static enum status participate(const struct table_writer *w, struct table_row *row,
                               uint64_t population, struct error *err)
{
    row->population = population;
    if (population == 0 || (!w->plan->people && !w->plan->scored))
        return STATUS_OK;
    uint64_t present = w->plan->people ? row->figures->people : row->figures->scored;
    if (present > population)
        return refuse_participation(w, present, population, err);
    row->participation = (double)present / (double)population;
    return STATUS_OK;
}

static enum status population_of(const struct table_writer *w, const size_t *order, size_t at,
                                 size_t count, uint64_t *population, struct error *err)
{
    const struct distribution *plan = w->plan;
    *population = 0;
    if (plan->population == NULL || plan->windows)
        return STATUS_OK;
    /* A group that lies on several scales is in parts here, and no part has a population. */
    if ((at > 0 && same_by(w, order[at - 1])) || (at + 1 < count && same_by(w, order[at + 1])))
        return STATUS_OK;
    if (plan->by_count == 0)
        *population = plan->population->total;
    else if (w->population_map != NULL)
        return population_find(plan->population, w->key, w->population_map, population, err);
    return STATUS_OK;
}

static void withhold(const struct table_writer *w, struct table_row *row)
{
    uint64_t least = w->plan->min_cell;
    const struct figures *f = row->figures;
    if (least == 0)
        return;
    if ((w->plan->scored ? f->scored : f->records) < least) {
        row->withheld = WITHHELD_ALL;
        return;
    }
    for (size_t b = 0; b < f->band_count; b++) {
        if (f->in_band[b] > 0 && f->in_band[b] < (double)least)
            row->withheld = WITHHELD_BUT_SCORED;
    }
}

static void set_status(const struct table_writer *w, struct table_row *row, bool total,
                       char text[STATUS_TEXT_MAX])
{
    bool few = w->plan->scored && row->figures->base < DISTRIBUTION_FEW;
    bool kept = row->withheld != WITHHELD_NOTHING;
    struct slice window = row->key[w->plan->by_count + 1];
    bool open =
        !total && w->plan->windows && !slice_missing(window) && slice_equal(window, w->last_window);
    /* A row that withholds everything shows nothing but that. */
    if (row->withheld == WITHHELD_ALL)
        few = open = false;
    (void)snprintf(text, STATUS_TEXT_MAX, "%s%s%s%s%s", few ? "u" : "", few && kept ? " " : "",
                   kept ? "c" : "", open && (few || kept) ? " " : "", open ? "o" : "");
    row->status = text;
}

static enum status charge(struct table_writer *w, bool end, struct error *err)
{
    uint64_t held = w->out->cap;
    if (held < w->charged + (end ? 1 : CHARGE_STEP))
        return STATUS_OK;
    enum status s = budget_take(w->groups->budget, held - w->charged, "rows of the table", err);
    if (s == STATUS_OK)
        w->charged = held;
    return s;
}

static enum status write_header(struct table_writer *w, struct error *err)
{
    static const char *const behind[] = {"quantity", "band", "low", "high", "value"};
    bool ok = true;
    for (size_t i = 0; ok && i < w->columns.count; i++) {
        const struct table_column *c = &w->columns.list[i];
        if (!w->plan->long_layout || c->quantity == QUANTITY_KEY)
            ok = csv_writer_cell(&w->csv, slice_of(c->name));
    }
    for (size_t i = 0; ok && w->plan->long_layout && i < sizeof behind / sizeof *behind; i++)
        ok = csv_writer_cell(&w->csv, slice_of(behind[i]));
    return ok && csv_writer_end_row(&w->csv) ? STATUS_OK : error_no_memory(err);
}

static enum status write_wide(struct table_writer *w, const struct table_row *row,
                              struct error *err)
{
    char room[TABLE_CELL_MAX];
    bool ok = true;
    for (size_t i = 0; ok && i < w->columns.count; i++)
        ok = csv_writer_cell(&w->csv, table_cell(&w->columns.list[i], w->plan, row, room));
    return ok && csv_writer_end_row(&w->csv) ? STATUS_OK : error_no_memory(err);
}

static bool has_band(enum quantity quantity)
{
    return quantity == QUANTITY_N || quantity == QUANTITY_W || quantity == QUANTITY_SHARE ||
           quantity == QUANTITY_NOISE_LOW || quantity == QUANTITY_NOISE_HIGH;
}

/* A row for each figure that is not blank. */
static enum status write_long(struct table_writer *w, const struct table_row *row,
                              struct error *err)
{
    char room[TABLE_CELL_MAX], low[TABLE_CELL_MAX], high[TABLE_CELL_MAX];
    bool ok = true;
    for (size_t i = 0; ok && i < w->columns.count; i++) {
        const struct table_column *c = &w->columns.list[i];
        struct slice value = table_cell(c, w->plan, row, room);
        if (c->quantity == QUANTITY_KEY || slice_missing(value))
            continue;
        for (size_t k = 0; ok && w->columns.list[k].quantity == QUANTITY_KEY; k++)
            ok = csv_writer_cell(&w->csv, row->key[w->columns.list[k].index]);
        const struct band *band = NULL;
        if (has_band(c->quantity))
            band = &row->bands->bands[row->band_at[c->index]];
        struct slice name = band == NULL ? SLICE_MISSING : slice_of(band->name);
        struct slice from = band == NULL ? SLICE_MISSING : table_number(band->low, w->plan, low);
        struct slice to = band == NULL ? SLICE_MISSING : table_number(band->high, w->plan, high);
        ok = ok && csv_writer_cell(&w->csv, slice_of(band == NULL ? c->name : c->stem)) &&
             csv_writer_cell(&w->csv, name) && csv_writer_cell(&w->csv, from) &&
             csv_writer_cell(&w->csv, to) && csv_writer_cell(&w->csv, value) &&
             csv_writer_end_row(&w->csv);
    }
    return ok ? STATUS_OK : error_no_memory(err);
}

static enum status check_scores(const struct table_writer *w, const struct figures *f, size_t scale,
                                struct error *err)
{
    if (!f->stray)
        return STATUS_OK;
    char text[DECIMAL_TEXT_MAX], shown[TEXT_ESCAPED_MAX];
    (void)decimal_format(text, f->stray_score);
    return error_set(err, STATUS_DATA,
                     "a record has the score %s, which is not on its scale %s; "
                     "bell-normalize gives scores that are",
                     text, text_escape(shown, slice_of(w->scales[scale]->name)));
}

static enum status write_row(struct table_writer *w, struct groups *groups, size_t index,
                             uint64_t population, bool total, struct error *err)
{
    const struct figures_request request = {
        .quantile_type = w->plan->quantile_type, .full = w->plan->full, .votes = w->plan->votes};
    char status[STATUS_TEXT_MAX];
    struct figures figures;
    size_t scale = scale_of(w, w->key[w->plan->by_count]);
    const struct bands *bands = scale < w->band_sets ? w->bands[scale] : NULL;
    enum status s =
        figures_compute(&request, groups, &groups->states[index], bands, &w->space, &figures, err);
    if (s == STATUS_OK)
        s = check_scores(w, &figures, scale, err);
    if (s != STATUS_OK)
        return s;
    struct table_row row = {
        .key = w->key,
        .figures = &figures,
        .bands = bands,
        .participation = (double)NAN,
        .band_at = bands == NULL ? NULL : w->columns.band_at + scale * w->columns.band_count};
    s = participate(w, &row, population, err);
    if (s != STATUS_OK)
        return s;
    withhold(w, &row);
    set_status(w, &row, total, status);
    s = w->plan->long_layout ? write_long(w, &row, err) : write_wide(w, &row, err);
    return s == STATUS_OK ? charge(w, false, err) : s;
}

/* Bytes rise with time but in an hour that is repeated: behind +01:00 comes +00:00. */
static bool later(struct slice window, struct slice than)
{
    const size_t local = sizeof "2015-10-25T01:00:00" - 1;
    if (window.len > local && than.len > local && memcmp(window.data, than.data, local) == 0 &&
        window.data[local] == '+' && than.data[local] == '+')
        return slice_compare(window, than) < 0;
    return slice_compare(window, than) > 0;
}

static void find_last_window(struct table_writer *w)
{
    w->last_window = SLICE_MISSING;
    for (size_t i = 0; w->plan->windows && i < groups_count(w->groups); i++) {
        groups_key(w->groups, i, w->neighbour);
        struct slice window = w->neighbour[w->plan->by_count + 1];
        if (later(window, w->last_window))
            w->last_window = window;
    }
}

static enum status write_rows(struct table_writer *w, struct error *err)
{
    size_t *order = NULL;
    size_t count = groups_count(w->groups);
    find_last_window(w);
    enum status s = groups_order(w->groups, w->plan->long_layout, &order, err);
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        uint64_t population = 0;
        groups_key(w->groups, order[i], w->key);
        s = population_of(w, order, i, count, &population, err);
        if (s == STATUS_OK)
            s = write_row(w, w->groups, order[i], population, false, err);
    }
    free(order);
    return s;
}

/* One row, or one a scale: scores of several scales are never mixed. */
static enum status write_totals(struct table_writer *w, struct error *err)
{
    const struct distribution *plan = w->plan;
    if (w->totals == NULL || (plan->by_count == 0 && !plan->windows))
        return STATUS_OK;
    size_t *order = NULL;
    size_t count = groups_count(w->totals);
    enum status s = groups_order(w->totals, false, &order, err);
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        struct slice key[2];
        groups_key(w->totals, order[i], key);
        for (size_t c = 0; c < plan->by_count; c++) {
            bool scale = w->scale_count > 1 && strcmp(plan->by[c], "scale") == 0;
            w->key[c] = scale ? key[0] : SLICE_LITERAL("(all)");
        }
        w->key[plan->by_count] = key[0];
        w->key[plan->by_count + 1] = plan->windows ? SLICE_LITERAL("(all)") : SLICE_MISSING;
        uint64_t all = plan->population == NULL || count > 1 ? 0 : plan->population->total;
        s = write_row(w, w->totals, order[i], all, true, err);
    }
    free(order);
    return s;
}

static enum status write_table(struct table_writer *w, struct error *err)
{
    enum status s =
        complete_groups(w->plan, w->groups,
                        w->scale_count == 1 ? slice_of(w->scales[0]->name) : SLICE_MISSING, err);
    if (s == STATUS_OK)
        s = write_header(w, err);
    if (s == STATUS_OK)
        s = write_rows(w, err);
    if (s == STATUS_OK)
        s = write_totals(w, err);
    return s == STATUS_OK ? charge(w, true, err) : s;
}

enum status distribution_write(const struct distribution *plan, struct groups *groups,
                               struct groups *totals, const struct scale *const *scales,
                               size_t scale_count, struct buffer *out, struct error *err)
{
    struct table_writer w = {.plan = plan,
                             .groups = groups,
                             .totals = totals,
                             .scales = scales,
                             .scale_count = scale_count,
                             .space = {.budget = groups->budget},
                             .out = out,
                             .charged = out->cap,
                             .arena = ARENA_INIT};
    uint64_t before = out->cap;
    csv_writer_init(&w.csv, out, plan->excel);
    enum status s = prepare(&w, err);
    if (s == STATUS_OK)
        s = join_scales(&w, groups, err);
    if (s == STATUS_OK)
        s = join_scales(&w, totals, err);
    if (s == STATUS_OK)
        s = write_table(&w, err);
    budget_give(groups->budget, w.charged - before);
    figures_space_free(&w.space);
    table_columns_free(&w.columns);
    arena_free(&w.arena);
    return s;
}
