#include "tables/table_columns.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "stats/ratio.h"

static enum status add(struct table_columns *columns, enum quantity quantity, size_t index,
                       const char *stem, const char *suffix, struct error *err)
{
    if (columns->count == columns->cap) {
        size_t cap = columns->cap == 0 ? 32 : columns->cap * 2;
        struct table_column *list = realloc(columns->list, cap * sizeof *list);
        if (list == NULL)
            return error_no_memory(err);
        columns->list = list;
        columns->cap = cap;
    }
    const char *name = stem;
    if (suffix != NULL) {
        size_t size = strlen(stem) + strlen(suffix) + 2;
        char *joined = arena_alloc(&columns->arena, size);
        if (joined == NULL)
            return error_no_memory(err);
        (void)snprintf(joined, size, "%s_%s", stem, suffix);
        name = joined;
    }
    columns->list[columns->count++] = (struct table_column){quantity, index, name, stem};
    return STATUS_OK;
}

struct simple_column {
    enum quantity quantity;
    const char *name;
};

static enum status add_list(struct table_columns *columns, const struct simple_column *list,
                            size_t count, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < count; i++)
        s = add(columns, list[i].quantity, 0, list[i].name, NULL, err);
    return s;
}

static enum status add_bands(struct table_columns *columns, enum quantity quantity,
                             const char *stem, struct error *err)
{
    enum status s = STATUS_OK;
    for (size_t b = 0; s == STATUS_OK && b < columns->band_count; b++)
        s = add(columns, quantity, b, stem, columns->band_names[b], err);
    return s;
}

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct simple_column counts[] = {
    {QUANTITY_SCORED, "scored"}, {QUANTITY_MISSING, "missing"}, {QUANTITY_OFF_SCALE, "off_scale"}};
static const struct simple_column weights[] = {{QUANTITY_WEIGHTED, "weighted"},
                                               {QUANTITY_N_EFF, "n_eff"}};
static const struct simple_column centre[] = {
    {QUANTITY_MEAN, "mean"},           {QUANTITY_SD, "sd"},   {QUANTITY_P10, "p10"},
    {QUANTITY_MEDIAN, "median"},       {QUANTITY_P90, "p90"}, {QUANTITY_EXTREME, "extreme_share"},
    {QUANTITY_MIDDLE, "middle_share"}, {QUANTITY_NET, "net"}};
static const struct simple_column forms[] = {
    {QUANTITY_SKEWNESS, "skewness"},   {QUANTITY_KURTOSIS, "kurtosis"},
    {QUANTITY_AGREEMENT, "agreement"}, {QUANTITY_BIMODALITY, "bimodality"},
    {QUANTITY_LEIK, "leik"},           {QUANTITY_ESTEBAN_RAY, "esteban_ray"}};
static const struct simple_column of_measure[] = {
    {QUANTITY_MEASURE_COUNT, "count"}, {QUANTITY_MEASURE_SUM, "sum"},
    {QUANTITY_MEASURE_MEAN, "mean"},   {QUANTITY_MEASURE_SD, "sd"},
    {QUANTITY_MEASURE_MIN, "min"},     {QUANTITY_MEASURE_MEDIAN, "median"},
    {QUANTITY_MEASURE_P90, "p90"},     {QUANTITY_MEASURE_MAX, "max"}};

static enum status add_keys(struct table_columns *columns, const struct distribution *plan,
                            bool scale_shown, struct error *err)
{
    enum status s = STATUS_OK;
    bool named = false;
    for (size_t i = 0; s == STATUS_OK && i < plan->by_count; i++) {
        named = named || strcmp(plan->by[i], "scale") == 0;
        s = add(columns, QUANTITY_KEY, i, plan->by[i], NULL, err);
    }
    /* The long layout has the window before the scale, and always a scale. */
    if (s == STATUS_OK && plan->long_layout && plan->windows)
        s = add(columns, QUANTITY_KEY, plan->by_count + 1, "window", NULL, err);
    if (s == STATUS_OK && (scale_shown || (plan->long_layout && !named)))
        s = add(columns, QUANTITY_KEY, plan->by_count, "scale", NULL, err);
    if (s == STATUS_OK && !plan->long_layout && plan->windows)
        s = add(columns, QUANTITY_KEY, plan->by_count + 1, "window", NULL, err);
    return s;
}

static enum status add_full(struct table_columns *columns, struct error *err)
{
    enum status s = add_list(columns, forms, LENGTH(forms), err);
    for (size_t b = 0; s == STATUS_OK && b < columns->band_count; b++) {
        s = add(columns, QUANTITY_NOISE_LOW, b, "noise_low", columns->band_names[b], err);
        if (s == STATUS_OK)
            s = add(columns, QUANTITY_NOISE_HIGH, b, "noise_high", columns->band_names[b], err);
    }
    return s == STATUS_OK ? add(columns, QUANTITY_SHAPE, 0, "shape", NULL, err) : s;
}

static enum status add_scores(struct table_columns *columns, bool weighted, bool nps,
                              struct error *err)
{
    enum status s = add_list(columns, counts, LENGTH(counts), err);
    if (s == STATUS_OK)
        s = add_bands(columns, QUANTITY_N, "n", err);
    if (s == STATUS_OK && weighted)
        s = add_list(columns, weights, LENGTH(weights), err);
    if (s == STATUS_OK && weighted)
        s = add_bands(columns, QUANTITY_W, "w", err);
    if (s == STATUS_OK)
        s = add_bands(columns, QUANTITY_SHARE, "share", err);
    if (s == STATUS_OK)
        s = add_list(columns, centre, LENGTH(centre), err);
    if (s == STATUS_OK && nps)
        s = add(columns, QUANTITY_NPS, 0, "nps", NULL, err);
    return s;
}

static enum status add_all(struct table_columns *columns, const struct distribution *plan,
                           bool scale_shown, bool nps, struct error *err)
{
    enum status s = add_keys(columns, plan, scale_shown, err);
    if (s == STATUS_OK)
        s = add(columns, QUANTITY_RECORDS, 0, "records", NULL, err);
    if (s == STATUS_OK && plan->people)
        s = add(columns, QUANTITY_PEOPLE, 0, "people", NULL, err);
    if (s == STATUS_OK && plan->scored)
        s = add_scores(columns, plan->weight != NULL, nps, err);
    if (s == STATUS_OK && plan->population != NULL) {
        s = add(columns, QUANTITY_POPULATION, 0, "population", NULL, err);
        if (s == STATUS_OK)
            s = add(columns, QUANTITY_PARTICIPATION, 0, "participation", NULL, err);
    }
    if (s == STATUS_OK)
        s = add(columns, QUANTITY_STATUS, 0, "status", NULL, err);
    if (s == STATUS_OK && plan->full && plan->scored)
        s = add_full(columns, err);
    for (size_t m = 0; m < plan->measure_count; m++) {
        for (size_t i = 0; s == STATUS_OK && i < LENGTH(of_measure); i++)
            s = add(columns, of_measure[i].quantity, m, plan->measures[m], of_measure[i].name, err);
    }
    return s;
}

static size_t find_name(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static enum status join_bands(struct table_columns *columns, const struct bands *const *bands,
                              size_t scale_count, struct error *err)
{
    size_t most = 1;
    for (size_t s = 0; s < scale_count; s++)
        most += bands[s] == NULL ? 0 : bands[s]->count;
    columns->band_names = arena_calloc(&columns->arena, most, sizeof *columns->band_names);
    if (columns->band_names == NULL)
        return error_no_memory(err);
    for (size_t s = 0; s < scale_count; s++) {
        for (size_t b = 0; bands[s] != NULL && b < bands[s]->count; b++) {
            const char *name = bands[s]->bands[b].name;
            if (find_name(columns->band_names, columns->band_count, name) == columns->band_count)
                columns->band_names[columns->band_count++] = name;
        }
    }
    size_t cells = scale_count * columns->band_count;
    columns->band_at =
        arena_calloc(&columns->arena, cells == 0 ? 1 : cells, sizeof *columns->band_at);
    if (columns->band_at == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < cells; i++)
        columns->band_at[i] = SIZE_MAX;
    for (size_t s = 0; s < scale_count; s++) {
        for (size_t b = 0; bands[s] != NULL && b < bands[s]->count; b++) {
            size_t at =
                find_name(columns->band_names, columns->band_count, bands[s]->bands[b].name);
            columns->band_at[s * columns->band_count + at] = b;
        }
    }
    return STATUS_OK;
}

static const struct table_column *find_column(const struct table_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->list[i].quantity != QUANTITY_KEY && strcmp(columns->list[i].name, name) == 0)
            return &columns->list[i];
    }
    return NULL;
}

static enum status no_such_column(const struct table_columns *columns, const char *name,
                                  struct error *err)
{
    const char **names = calloc(columns->count, sizeof *names);
    if (names == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < columns->count; i++)
        names[i] = columns->list[i].name;
    const char *near = text_nearest(name, names, columns->count);
    char shown[TEXT_ESCAPED_MAX];
    (void)text_escape(shown, slice_of(name));
    enum status s =
        near != NULL
            ? error_set(err, STATUS_USAGE,
                        "columns: the table has no column '%s'; did you mean '%s'?", shown, near)
            : error_set(err, STATUS_USAGE, "columns: the table has no column '%s'", shown);
    free(names);
    return s;
}

static bool is_group_column(const struct table_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count && columns->list[i].quantity == QUANTITY_KEY; i++) {
        if (strcmp(columns->list[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Keeps the group columns and those named, in the order named; with min_cell also the status,
 * since a withheld row must be known as one. */
static enum status select_columns(struct table_columns *columns, const struct distribution *plan,
                                  struct error *err)
{
    struct table_columns chosen = {.arena = ARENA_INIT};
    enum status s = STATUS_OK;
    bool status_named = plan->min_cell == 0;
    for (size_t i = 0; s == STATUS_OK && i < columns->count; i++) {
        const struct table_column *c = &columns->list[i];
        if (c->quantity == QUANTITY_KEY)
            s = add(&chosen, c->quantity, c->index, c->name, NULL, err);
    }
    for (size_t i = 0; s == STATUS_OK && i < plan->column_count; i++) {
        const char *name = plan->columns[i];
        const struct table_column *c = find_column(columns, name);
        if (c == NULL && is_group_column(columns, name))
            continue;
        if (c == NULL)
            s = no_such_column(columns, name, err);
        else if (find_column(&chosen, name) != NULL)
            continue;
        else
            s = add(&chosen, c->quantity, c->index, c->name, NULL, err);
        if (s == STATUS_OK) {
            chosen.list[chosen.count - 1].stem = c->stem;
            status_named = status_named || c->quantity == QUANTITY_STATUS;
        }
    }
    if (s == STATUS_OK && !status_named)
        s = add(&chosen, QUANTITY_STATUS, 0, "status", NULL, err);
    arena_free(&chosen.arena); /* names belong to columns->arena */
    if (s != STATUS_OK) {
        free(chosen.list);
        return s;
    }
    free(columns->list);
    columns->list = chosen.list;
    columns->count = chosen.count;
    columns->cap = chosen.cap;
    return STATUS_OK;
}

static bool of_scale(const struct distribution *plan, const char *name)
{
    return strncmp(name, "n_", 2) == 0 || (plan->weight != NULL && strncmp(name, "w_", 2) == 0) ||
           strncmp(name, "share_", 6) == 0 || strncmp(name, "noise_", 6) == 0 ||
           strcmp(name, "nps") == 0 || strcmp(name, "scale") == 0;
}

enum status table_columns_check(const struct distribution *plan, struct error *err)
{
    struct table_columns columns = {.arena = ARENA_INIT};
    enum status s = add_all(&columns, plan, false, true, err);
    for (size_t i = 0; s == STATUS_OK && i < plan->column_count; i++) {
        const char *name = plan->columns[i];
        if (!of_scale(plan, name) && find_column(&columns, name) == NULL &&
            !is_group_column(&columns, name))
            s = no_such_column(&columns, name, err);
    }
    table_columns_free(&columns);
    return s;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum status check_names(const struct table_columns *columns, struct error *err)
{
    const char **names = calloc(columns->count + 1, sizeof *names);
    if (names == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < columns->count; i++)
        names[i] = columns->list[i].name;
    qsort(names, columns->count, sizeof *names, by_name);
    enum status s = STATUS_OK;
    for (size_t i = 1; s == STATUS_OK && i < columns->count; i++) {
        char shown[TEXT_ESCAPED_MAX];
        if (strcmp(names[i], names[i - 1]) == 0)
            s = error_set(err, STATUS_USAGE,
                          "the table would have two columns named '%s'; "
                          "give the field another name in ingest",
                          text_escape(shown, slice_of(names[i])));
    }
    free(names);
    return s;
}

enum status table_columns_make(struct table_columns *columns, const struct distribution *plan,
                               bool scale_shown, const struct bands *const *bands,
                               size_t scale_count, struct error *err)
{
    *columns = (struct table_columns){.arena = ARENA_INIT};
    bool nps = false;
    for (size_t i = 0; i < scale_count; i++)
        nps = nps || (bands[i] != NULL && bands[i]->nps);
    enum status s = join_bands(columns, bands, scale_count, err);
    if (s == STATUS_OK)
        s = add_all(columns, plan, scale_shown, nps, err);
    if (s == STATUS_OK)
        s = check_names(columns, err);
    if (s == STATUS_OK && plan->column_count > 0)
        s = select_columns(columns, plan, err);
    return s;
}

void table_columns_free(struct table_columns *columns)
{
    free(columns->list);
    arena_free(&columns->arena);
    *columns = (struct table_columns){.arena = ARENA_INIT};
}

static struct slice show_count(uint64_t count, char room[TABLE_CELL_MAX])
{
    int len = snprintf(room, TABLE_CELL_MAX, "%" PRIu64, count);
    return (struct slice){room, (size_t)len};
}

/* Four digits behind the point are what a spreadsheet's reader wants to see. */
static size_t format_excel(double value, char room[TABLE_CELL_MAX])
{
    int len = fabs(value) < 1e15 ? snprintf(room, TABLE_CELL_MAX, "%.4f", value) : -1;
    if (len < 0)
        return double_format(room, value);
    while (room[len - 1] == '0')
        len--;
    if (room[len - 1] == '.')
        len--;
    if (len == 2 && room[0] == '-' && room[1] == '0') {
        room[0] = '0';
        len = 1;
    }
    return (size_t)len;
}

static struct slice show(double value, bool excel, char room[TABLE_CELL_MAX])
{
    if (isnan(value) || isinf(value))
        return SLICE_MISSING;
    if (value == 0) /* no "-0" */
        value = 0;
    size_t len = excel ? format_excel(value, room) : double_format(room, value);
    return (struct slice){room, len};
}

struct slice table_number(double value, const struct distribution *plan, char room[TABLE_CELL_MAX])
{
    return show(value, plan->excel, room);
}

static struct slice show_exact(__int128 millionths, bool excel, char room[TABLE_CELL_MAX])
{
    if (excel && millionths % 100 != 0)
        return show(ratio(millionths, DECIMAL_ONE), excel, room);
    return (struct slice){room, int128_decimal_format(room, millionths)};
}

static struct slice show_band(const struct table_column *column, const struct distribution *plan,
                              const struct table_row *row, char room[TABLE_CELL_MAX])
{
    const struct figures *f = row->figures;
    size_t band = row->bands == NULL ? SIZE_MAX : row->band_at[column->index];
    if (band == SIZE_MAX)
        return SLICE_MISSING;
    switch (column->quantity) {
    case QUANTITY_N:
        return plan->votes ? show(f->in_band[band], plan->excel, room)
                           : show_count((uint64_t)f->exact_in_band[band], room);
    case QUANTITY_SHARE:
        return show(f->share[band], plan->excel, room);
    case QUANTITY_W:
        return show_exact((__int128)f->weight_in_band[band], plan->excel, room);
    case QUANTITY_NOISE_LOW:
        return show(f->noise[band].low, plan->excel, room);
    default:
        return show(f->noise[band].high, plan->excel, room);
    }
}

static struct slice show_measure(const struct table_column *column, const struct distribution *plan,
                                 const struct table_row *row, char room[TABLE_CELL_MAX])
{
    const struct measure_figures *m = &row->figures->measures[column->index];
    switch (column->quantity) {
    case QUANTITY_MEASURE_COUNT:
        return show_count(m->count, room);
    case QUANTITY_MEASURE_SUM:
        return show_exact(m->sum, plan->excel, room);
    case QUANTITY_MEASURE_MEAN:
        return show(m->mean, plan->excel, room);
    case QUANTITY_MEASURE_SD:
        return show(m->sd, plan->excel, room);
    case QUANTITY_MEASURE_MIN:
        return m->count == 0 ? SLICE_MISSING : show_exact(m->min, plan->excel, room);
    case QUANTITY_MEASURE_MEDIAN:
        return show(m->median, plan->excel, room);
    case QUANTITY_MEASURE_P90:
        return show(m->p90, plan->excel, room);
    default:
        return m->count == 0 ? SLICE_MISSING : show_exact(m->max, plan->excel, room);
    }
}

static double figure(enum quantity quantity, const struct table_row *row)
{
    const struct figures *f = row->figures;
    switch (quantity) {
    case QUANTITY_N_EFF:
        return f->n_eff;
    case QUANTITY_MEAN:
        return f->mean;
    case QUANTITY_SD:
        return f->sd;
    case QUANTITY_P10:
        return f->p10;
    case QUANTITY_MEDIAN:
        return f->median;
    case QUANTITY_P90:
        return f->p90;
    case QUANTITY_EXTREME:
        return f->extreme_share;
    case QUANTITY_MIDDLE:
        return f->middle_share;
    case QUANTITY_NET:
        return f->net;
    case QUANTITY_NPS:
        return row->bands != NULL && row->bands->nps ? f->nps : (double)NAN;
    case QUANTITY_PARTICIPATION:
        return row->participation;
    case QUANTITY_SKEWNESS:
        return f->skewness;
    case QUANTITY_KURTOSIS:
        return f->kurtosis;
    case QUANTITY_AGREEMENT:
        return f->agreement;
    case QUANTITY_BIMODALITY:
        return f->bimodality;
    case QUANTITY_LEIK:
        return f->leik;
    default:
        return f->esteban_ray;
    }
}

static struct slice show_plain(const struct table_column *column, const struct distribution *plan,
                               const struct table_row *row, char room[TABLE_CELL_MAX])
{
    const struct figures *f = row->figures;
    switch (column->quantity) {
    case QUANTITY_RECORDS:
        return show_count(f->records, room);
    case QUANTITY_PEOPLE:
        return show_count(f->people, room);
    case QUANTITY_SCORED:
        return show_count(f->scored, room);
    case QUANTITY_MISSING:
        return show_count(f->missing, room);
    case QUANTITY_OFF_SCALE:
        return show_count(f->off_scale, room);
    case QUANTITY_WEIGHTED:
        return show_exact((__int128)f->weight, plan->excel, room);
    case QUANTITY_POPULATION:
        return row->population == 0 ? SLICE_MISSING : show_count(row->population, room);
    case QUANTITY_SHAPE:
        return f->shape[0] == '\0' ? SLICE_MISSING : slice_of(f->shape);
    default:
        return show(figure(column->quantity, row), plan->excel, room);
    }
}

struct slice table_cell(const struct table_column *column, const struct distribution *plan,
                        const struct table_row *row, char room[TABLE_CELL_MAX])
{
    if (column->quantity == QUANTITY_KEY)
        return row->key[column->index];
    if (column->quantity == QUANTITY_STATUS)
        return row->status[0] == '\0' ? SLICE_MISSING : slice_of(row->status);
    if (row->withheld == WITHHELD_ALL ||
        (row->withheld == WITHHELD_BUT_SCORED && column->quantity != QUANTITY_SCORED))
        return SLICE_MISSING;
    switch (column->quantity) {
    case QUANTITY_N:
    case QUANTITY_W:
    case QUANTITY_SHARE:
    case QUANTITY_NOISE_LOW:
    case QUANTITY_NOISE_HIGH:
        return show_band(column, plan, row, room);
    case QUANTITY_MEASURE_COUNT:
    case QUANTITY_MEASURE_SUM:
    case QUANTITY_MEASURE_MEAN:
    case QUANTITY_MEASURE_SD:
    case QUANTITY_MEASURE_MIN:
    case QUANTITY_MEASURE_MEDIAN:
    case QUANTITY_MEASURE_P90:
    case QUANTITY_MEASURE_MAX:
        return show_measure(column, plan, row, room);
    default:
        return show_plain(column, plan, row, room);
    }
}
