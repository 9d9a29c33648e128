#include "estimates/estimate_plan.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "estimates/kept_table.h"
#include "estimates/reference.h"
#include "stats/confidence.h"
#include "study/keys.h"

enum { LIST_MAX = 100 };

struct reading {
    struct estimate_plan *plan;
    const struct node *section;
    struct error *err;
};

/* ---- values of the section, or their defaults ---- */

static const struct node *node_at(const struct reading *r, const char *path)
{
    const struct node *node = node_find(r->section, path);
    return node != NULL && node->kind == NODE_SCALAR && node_text(node) == NULL ? NULL : node;
}

static const char *text_at(const struct reading *r, const char *path)
{
    const char *text = node_text(node_at(r, path));
    const struct key *key = text == NULL ? key_find("estimate", path) : NULL;
    return text != NULL ? text : key == NULL ? NULL : key->fallback;
}

static bool flag_at(const struct reading *r, const char *path)
{
    bool value = false;
    const char *text = text_at(r, path);
    return text != NULL && key_parse_flag(text, &value) && value;
}

/* NaN: absent, without a default. */
static double number_at(const struct reading *r, const char *path)
{
    int64_t value = 0;
    const char *text = text_at(r, path);
    return text != NULL && decimal_parse(slice_of(text), &value) == DECIMAL_OK
               ? (double)value / DECIMAL_ONE
               : (double)NAN;
}

static bool parse_item(struct slice text, double *value)
{
    int64_t millionths = 0;
    if (decimal_parse(slice_trim(text), &millionths) != DECIMAL_OK)
        return false;
    *value = (double)millionths / DECIMAL_ONE;
    return true;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A list of numbers. */
struct list_rule {
    const char *path;
    double low, high;
    const char *words;
    double otherwise[5]; /* what it is if it is not given */
    size_t otherwise_count;
};
static const struct list_rule gammas = {
    "gammas", 1, 1e6, "ratios of readiness from 1 to 1000000", {1.5, 2, 3, 5, 10}, 5};
static const struct list_rule rhos = {
    "rhos", 1e-6, 1, "correlations above 0, at most 1", {0.001, 0.005, 0.05}, 3};
static const struct list_rule tilts = {
    "tilts", -20, 20, "tilts from -20 to 20", {-1, -0.5, 0, 0.5, 1}, 5};

/* Sorted, each number once. */
static enum status read_list(const struct reading *r, const struct list_rule *rule,
                             const double **list, size_t *count)
{
    const char *path = rule->path;
    const struct node *node = node_at(r, path);
    size_t given = node_list_count(node);
    double *made = arena_calloc(&r->plan->arena, LIST_MAX + 1, sizeof *made);
    if (made == NULL)
        return error_no_memory(r->err);
    if (given > LIST_MAX)
        return node_error(node, r->err, "%s: at most %d numbers", path, (int)LIST_MAX);
    if (node == NULL) {
        given = rule->otherwise_count;
        memcpy(made, rule->otherwise, given * sizeof *made);
    }
    for (size_t i = 0; node != NULL && i < given; i++) {
        const struct node *item = node_list_item(node, i);
        const char *text = node_text(item);
        char shown[TEXT_ESCAPED_MAX];
        if (text == NULL || !parse_item(slice_of(text), &made[i]) || made[i] < rule->low ||
            made[i] > rule->high)
            return node_error(item, r->err, "%s: %s, not '%s'", path, rule->words,
                              text_escape(shown, slice_of(text == NULL ? "" : text)));
    }
    qsort(made, given, sizeof *made, ascending);
    *count = 0;
    for (size_t i = 0; i < given; i++) {
        if (*count == 0 || made[i] != made[*count - 1])
            made[(*count)++] = made[i];
    }
    *list = made;
    return STATUS_OK;
}

/* ---- the parts ---- */

static enum status read_ratios(const struct reading *r)
{
    struct estimate_plan *plan = r->plan;
    const double *others = NULL;
    size_t count = 0;
    plan->yardstick = number_at(r, "yardstick");
    if (!(plan->yardstick >= 1 && plan->yardstick <= 1e6))
        return node_error(node_at(r, "yardstick"), r->err,
                          "yardstick: a ratio of readiness from 1 to 1000000, not '%s'",
                          text_at(r, "yardstick"));
    enum status s = read_list(r, &gammas, &others, &count);
    if (s != STATUS_OK)
        return s;
    double *all = arena_calloc(&plan->arena, count + 1, sizeof *all);
    if (all == NULL)
        return error_no_memory(r->err);
    all[plan->gamma_count++] = plan->yardstick;
    for (size_t i = 0; i < count; i++) {
        if (others[i] != plan->yardstick)
            all[plan->gamma_count++] = others[i];
    }
    plan->gammas = all;
    return STATUS_OK;
}

static enum status read_numbers(const struct reading *r)
{
    struct estimate_plan *plan = r->plan;
    plan->confidence = number_at(r, "confidence");
    plan->z = confidence_z(plan->confidence);
    if (!(plan->confidence >= 0.5 && plan->confidence < 1))
        return node_error(node_at(r, "confidence"), r->err,
                          "confidence: from 0.5 to below 1, not '%s'", text_at(r, "confidence"));
    plan->target = number_at(r, "target");
    plan->strict = flag_at(r, "strict");
    enum status s = read_ratios(r);
    return s == STATUS_OK ? read_list(r, &rhos, &plan->rhos, &plan->rho_count) : s;
}

static enum status read_bell(const struct reading *r)
{
    struct estimate_plan *plan = r->plan;
    const struct node *bell = node_at(r, "bell");
    plan->bell = bell != NULL ? flag_at(r, "bell")
                              : node_at(r, "tilts") != NULL || node_at(r, "model") != NULL;
    const char *model = text_at(r, "model");
    if (!bell_model_find(model, &plan->model) || plan->model == BELL_SLOPES)
        return node_error(node_at(r, "model"), r->err, "model: E, E1, S or N, not '%s'", model);
    return read_list(r, &tilts, &plan->tilts, &plan->tilt_count);
}

/* A file's name as it is to be opened. */
static enum status resolve(const struct reading *r, const char *path, const char **name)
{
    struct buffer full = BUFFER_INIT;
    const struct node *node = node_at(r, path);
    *name = NULL;
    if (node == NULL || node_text(node) == NULL)
        return STATUS_OK;
    enum status s = study_resolve_path(r->plan->study, node, &full, r->err);
    if (s == STATUS_OK) {
        *name = arena_copy(&r->plan->arena, full.data, full.len);
        s = *name == NULL ? error_no_memory(r->err) : STATUS_OK;
    }
    buffer_free(&full);
    return s;
}

static enum status read_shares(const struct reading *r, const struct node *shares)
{
    struct estimate_probe *probe = &r->plan->probe;
    const char **names = arena_calloc(&r->plan->arena, shares->count + 1, sizeof *names);
    double *list = arena_calloc(&r->plan->arena, shares->count + 1, sizeof *list);
    double sum = 0;
    if (names == NULL || list == NULL)
        return error_no_memory(r->err);
    for (size_t i = 0; i < shares->count; i++) {
        const char *text = node_text(shares->items[i]);
        names[i] = shares->keys[i];
        if (text == NULL || !parse_item(slice_of(text), &list[i]) || list[i] < 0 || list[i] > 1)
            return node_error(shares->items[i], r->err, "probe: a share is a number from 0 to 1");
        sum += list[i];
    }
    if (fabs(sum - 1) > 0.001)
        return node_error(shares, r->err, "probe: the shares add up to %g, not to 1", sum);
    for (size_t i = 0; i < shares->count; i++)
        list[i] /= sum; /* printed shares are rounded */
    probe->names = names;
    probe->shares = list;
    probe->share_count = shares->count;
    int64_t n = 0;
    const char *text = node_text(node_at(r, "probe.size"));
    if (text != NULL && number_parse_i64(slice_of(text), &n))
        probe->n = (double)n;
    if (!(probe->n > 0) && !probe->exact)
        return node_error(shares, r->err,
                          "probe: shares need size, the people in the sample that they are of, or "
                          "exact: true");
    return STATUS_OK;
}

static enum status read_probe(const struct reading *r)
{
    struct estimate_plan *plan = r->plan;
    const struct node *shares = node_at(r, "probe.shares");
    plan->probe.node = node_at(r, "probe");
    plan->probe.exact = flag_at(r, "probe.exact");
    enum status s = resolve(r, "probe.file", &plan->files.probe);
    if (s != STATUS_OK)
        return s;
    plan->probed = plan->files.probe != NULL || shares != NULL;
    if (plan->files.probe != NULL && shares != NULL)
        return node_error(shares, r->err, "probe: give a file or shares, not both");
    if (!plan->probed && plan->probe.node != NULL)
        return node_error(plan->probe.node, r->err, "probe: it needs a file, or shares");
    return shares == NULL ? STATUS_OK : read_shares(r, shares);
}

static enum status read_reference(const struct reading *r)
{
    static const char *const forms[] = {"saturated", "tilt", "ushape", "tilt+ushape"};
    struct estimate_plan *plan = r->plan;
    plan->reference_node = node_at(r, "reference");
    plan->reference_exact = flag_at(r, "reference.exact");
    plan->tau = number_at(r, "reference.tau");
    if (plan->tau < 0)
        return node_error(node_at(r, "reference.tau"), r->err, "tau: a number from 0, not '%s'",
                          text_at(r, "reference.tau"));
    const char *form = text_at(r, "reference.form");
    for (unsigned i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (form != NULL && strcmp(form, forms[i]) == 0)
            plan->form = (enum calibration_form)i;
    }
    enum status s = resolve(r, "reference.answers", &plan->files.answers);
    if (s == STATUS_OK)
        s = resolve(r, "reference.probe", &plan->files.reference_probe);
    if (s == STATUS_OK && plan->reference_node != NULL &&
        (plan->files.answers == NULL || plan->files.reference_probe == NULL))
        s = node_error(plan->reference_node, r->err,
                       "reference: it needs answers and probe, two tables of the same groups");
    return s;
}

static enum status read_population(const struct reading *r)
{
    struct estimate_plan *plan = r->plan;
    const struct node *own = node_at(r, "population");
    const struct node *aggregate = study_section(plan->study, "aggregate");
    const struct node *theirs = node_given(aggregate, "population");
    if (own != NULL)
        return population_read(plan->study, own, &plan->population, r->err);
    return theirs == NULL
               ? STATUS_OK
               : population_read(plan->study, theirs, &plan->aggregate_population, r->err);
}

static enum status read_table(const struct reading *r)
{
    struct estimate_plan *plan = r->plan;
    const struct node *aggregate = study_section(plan->study, "aggregate");
    const struct node *bands = node_at(r, "bands");
    plan->scale = text_at(r, "scale");
    const char *cell = text_at(r, "min_cell");
    if (cell == NULL)
        cell = node_text(node_given(aggregate, "min_cell"));
    if (cell != NULL)
        (void)number_parse_u64(slice_of(cell), &plan->min_cell); /* checked by the keys */
    return bands_read(bands != NULL ? bands : node_given(aggregate, "bands"), &plan->arena,
                      &plan->bands, r->err);
}

enum status estimate_plan_read(const struct study *study, const struct node *section,
                               struct estimate_plan **plan, struct error *err)
{
    struct estimate_plan *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(err);
    const struct reading r = {made, section, err};
    made->study = study;
    enum status s = read_numbers(&r);
    if (s == STATUS_OK)
        s = read_bell(&r);
    if (s == STATUS_OK)
        s = read_probe(&r);
    if (s == STATUS_OK)
        s = read_reference(&r);
    if (s == STATUS_OK)
        s = read_population(&r);
    if (s == STATUS_OK)
        s = read_table(&r);
    if (s != STATUS_OK) {
        estimate_plan_free(made);
        return s;
    }
    *plan = made;
    return STATUS_OK;
}

/* ---- with a table ---- */

struct table_reader_options estimate_plan_reading(const struct estimate_plan *plan,
                                                  struct budget *budget)
{
    return (struct table_reader_options){.study = plan->study,
                                         .scale = plan->scale,
                                         .bands = &plan->bands,
                                         .population = plan->population,
                                         .partials_population = plan->aggregate_population,
                                         .budget = budget};
}

/* Probes may say their scale themselves where the table does not, and the other way round. */
static struct table_reader_options side_reading(const struct estimate_plan *plan,
                                                struct budget *budget)
{
    struct table_reader_options reading = estimate_plan_reading(plan, budget);
    reading.scale_if_needed = true;
    return reading;
}

enum status estimate_plan_open(struct estimate_plan *plan, const struct table_names *names,
                               struct budget *budget, struct error *err)
{
    const struct table_reader_options reading = side_reading(plan, budget);
    enum status s = STATUS_OK;
    if (plan->probed && plan->files.probe == NULL && names->by_count > 0)
        return node_error(plan->probe.node, err,
                          "probe: shares written out are those of a table without group columns; "
                          "for groups give a file");
    if (plan->files.probe != NULL) {
        s = kept_table_read(&plan->probe.table, plan->files.probe, &reading, "the probe", err);
        if (s == STATUS_OK)
            s = kept_table_fit(plan->probe.table, names, err);
    }
    if (s == STATUS_OK && plan->files.answers != NULL)
        s = reference_open(&plan->reference, plan, &reading, err);
    return s;
}

double estimate_plan_target(const struct estimate_plan *plan, const struct table_group *group)
{
    return isnan(plan->target) ? question_middle(group, (struct question){QUESTION_MEAN, 0})
                               : plan->target;
}

static enum status named_shares(const struct estimate_probe *probe, const struct table_group *group,
                                double *counts, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    for (size_t b = 0; b < group->bands; b++) {
        size_t i = 0;
        while (i < probe->share_count && !slice_is(group->band[b].name, probe->names[i]))
            i++;
        if (i == probe->share_count)
            return node_error(probe->node, err, "probe: no share is given for band '%s'",
                              text_escape(shown, group->band[b].name));
        counts[b] = probe->shares[i] * (probe->exact ? 1 : probe->n);
    }
    if (probe->share_count != group->bands)
        return node_error(probe->node, err, "probe: %zu shares, but the table has %zu bands",
                          probe->share_count, group->bands);
    return STATUS_OK;
}

enum status estimate_plan_probe(const struct estimate_plan *plan, const struct table_group *group,
                                double *counts, double *n, struct error *err)
{
    const struct estimate_probe *probe = &plan->probe;
    const struct kept_row *row = NULL;
    *n = 0;
    if (!plan->probed)
        return STATUS_OK;
    if (probe->table == NULL) {
        *n = probe->exact ? 1 : probe->n;
        return named_shares(probe, group, counts, err);
    }
    enum status s = kept_table_find(probe->table, group, &row, err);
    if (s != STATUS_OK || row == NULL || !(row->n > 0))
        return s;
    *n = probe->exact ? 1 : row->n;
    for (size_t b = 0; b < group->bands; b++)
        counts[b] = row->counts[b] / row->n * *n;
    return STATUS_OK;
}

void estimate_plan_free(struct estimate_plan *plan)
{
    if (plan == NULL)
        return;
    population_free(plan->population);
    population_free(plan->aggregate_population);
    kept_table_free(plan->probe.table);
    reference_free(plan->reference);
    arena_free(&plan->arena);
    free(plan);
}
