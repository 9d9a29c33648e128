/* What must hold in each row of a table, whatever it was read from. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/text.h"
#include "tables/table_reader_parts.h"

/* Tables for spreadsheets have 4 digits. */
static const double rounding = 6e-5;

static enum status refuse(const struct table_raw *raw, enum status s, struct error *err)
{
    error_at(err, raw->file, raw->line, 0);
    return s;
}

static const char *shown(double value, char text[DOUBLE_TEXT_MAX])
{
    (void)double_format(text, value);
    return text;
}

static double sum(const double *values, size_t count)
{
    double total = 0;
    for (size_t i = 0; values != NULL && i < count; i++)
        total += values[i];
    return total;
}

static bool close_to(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static enum status check_signs(const struct table_raw *raw, struct error *err)
{
    for (size_t f = 0; f < TABLE_FIGURES; f++) {
        bool count = f != TABLE_MEAN && f != TABLE_MEDIAN;
        if (count && raw->figure[f] < 0) {
            (void)error_set(err, STATUS_DATA, "%s is below 0", table_figure_names[f]);
            return refuse(raw, STATUS_DATA, err);
        }
    }
    return STATUS_OK;
}

/* With --vote person the bands hold persons, each with a score: no more than people. */
static enum status check_sums(const struct table_raw *raw, double in_bands, struct error *err)
{
    char a[DOUBLE_TEXT_MAX], b[DOUBLE_TEXT_MAX];
    const double *f = raw->figure;
    if (!isnan(f[TABLE_SCORED]) && !close_to(in_bands, f[TABLE_SCORED]) &&
        !(in_bands < f[TABLE_SCORED] && in_bands <= f[TABLE_PEOPLE] + rounding * 1000)) {
        (void)error_set(err, STATUS_DATA, "the counts of the bands add up to %s, but scored is %s",
                        shown(in_bands, a), shown(f[TABLE_SCORED], b));
        return refuse(raw, STATUS_DATA, err);
    }
    double all = f[TABLE_SCORED] + f[TABLE_MISSING] + f[TABLE_OFF_SCALE];
    if (!isnan(all) && !isnan(f[TABLE_RECORDS]) && !close_to(all, f[TABLE_RECORDS])) {
        (void)error_set(err, STATUS_DATA,
                        "scored, missing and off_scale add up to %s, but records is %s",
                        shown(all, a), shown(f[TABLE_RECORDS], b));
        return refuse(raw, STATUS_DATA, err);
    }
    if (f[TABLE_PEOPLE] > f[TABLE_RECORDS] || (f[TABLE_PEOPLE] == 0 && in_bands > 0)) {
        (void)error_set(err, STATUS_DATA, "%s people cannot be behind %s records",
                        shown(f[TABLE_PEOPLE], a),
                        shown(isnan(f[TABLE_RECORDS]) ? in_bands : f[TABLE_RECORDS], b));
        return refuse(raw, STATUS_DATA, err);
    }
    if (in_bands > f[TABLE_RECORDS] && !close_to(in_bands, f[TABLE_RECORDS])) {
        (void)error_set(err, STATUS_DATA, "%s scored records are more than the %s records",
                        shown(in_bands, a), shown(f[TABLE_RECORDS], b));
        return refuse(raw, STATUS_DATA, err);
    }
    if (raw->weights != NULL && sum(raw->weights, raw->scale->count) > 0 &&
        !(f[TABLE_N_EFF] <= in_bands * (1 + rounding))) {
        (void)error_set(err, STATUS_DATA,
                        "n_eff must say what the %s weighted answers are worth, at most as many; "
                        "write the table with all its columns",
                        shown(in_bands, a));
        return refuse(raw, STATUS_DATA, err);
    }
    if (raw->weights != NULL && !isnan(f[TABLE_WEIGHTED]) &&
        !close_to(sum(raw->weights, raw->scale->count), f[TABLE_WEIGHTED])) {
        (void)error_set(
            err, STATUS_DATA, "the weights of the bands add up to %s, but weighted is %s",
            shown(sum(raw->weights, raw->scale->count), a), shown(f[TABLE_WEIGHTED], b));
        return refuse(raw, STATUS_DATA, err);
    }
    return STATUS_OK;
}

/* The mean must be one that these counts can have. */
static enum status check_mean(const struct table_reader *reader, double total, struct error *err)
{
    const struct table_raw *raw = &reader->raw;
    const double *w = raw->weights != NULL ? raw->weights : raw->counts;
    double low = 0, high = 0, mean = raw->figure[TABLE_MEAN];
    if (isnan(mean) || total <= 0)
        return STATUS_OK;
    for (size_t b = 0; b < raw->scale->count; b++) {
        low += w[b] / total * raw->scale->band[b].low;
        high += w[b] / total * raw->scale->band[b].high;
    }
    double slack = rounding + 1e-9 * (fabs(low) + fabs(high));
    if (mean >= low - slack && mean <= high + slack)
        return STATUS_OK;
    char a[DOUBLE_TEXT_MAX], b[DOUBLE_TEXT_MAX], c[DOUBLE_TEXT_MAX];
    enum status s = STATUS_DATA;
    if (reader->by_names)
        s = error_set(err, STATUS_USAGE,
                      "the mean %s is not that of the bands if their names are their numbers (%s); "
                      "name the scale (--scale), or the study that the table is from (-s)",
                      shown(mean, a), shown(low, b));
    else
        s = error_set(err, STATUS_DATA,
                      "the mean %s is not that of the counts, which lies between %s and %s",
                      shown(mean, a), shown(low, b), shown(high, c));
    return refuse(raw, s, err);
}

static void fill_moments(const struct table_raw *raw, double total, struct table_group *group)
{
    const double *w = raw->weights != NULL ? raw->weights : raw->counts;
    const struct table_scale *scale = raw->scale;
    if (total <= 0 || (!isnan(group->mean) && !isnan(group->sd)))
        return;
    double mean = 0, square = 0;
    for (size_t b = 0; b < scale->count; b++)
        mean += w[b] * (scale->scores[b] - scale->scores[0]);
    mean = scale->scores[0] + mean / total; /* of whole numbers rounded once */
    for (size_t b = 0; b < scale->count; b++)
        square += w[b] * (scale->scores[b] - mean) * (scale->scores[b] - mean);
    if (isnan(group->mean))
        group->mean = mean;
    if (isnan(group->sd) && raw->weights == NULL && total > 1)
        group->sd = sqrt(square / (total - 1));
}

static enum status find_population(const struct table_reader *reader, double *population,
                                   struct error *err)
{
    const struct population *p = reader->options.population;
    const struct table_group *group = &reader->group;
    uint64_t count = 0;
    if (p == NULL)
        return STATUS_OK;
    enum status s = STATUS_OK;
    if (group->total || reader->population_total)
        count = p->total;
    else if (reader->population_map != NULL)
        s = population_find(p, group->key, reader->population_map, &count, err);
    *population = count == 0 ? (double)NAN : (double)count;
    return s;
}

static enum status check_population(const struct table_raw *raw, const struct table_group *group,
                                    struct error *err)
{
    char a[DOUBLE_TEXT_MAX], b[DOUBLE_TEXT_MAX];
    double present = isnan(group->people) ? group->scored : group->people;
    if (group->withheld || isnan(group->population) || present <= group->population)
        return STATUS_OK;
    (void)error_set(err, STATUS_DATA,
                    "%s %s, but the population is only %s; check the population, or whether one "
                    "person counts several times",
                    shown(present, a), isnan(group->people) ? "scored records" : "people",
                    shown(group->population, b));
    return refuse(raw, STATUS_DATA, err);
}

static bool is_total(const struct table_reader *reader)
{
    const struct table_names *names = &reader->names;
    bool all = names->by_count > 0 || names->window;
    for (size_t k = 0; all && k < names->count; k++) {
        bool scale = names->scale && k == names->by_count;
        all = scale || slice_is(reader->raw.key[k], "(all)");
    }
    return all;
}

enum status table_checked(struct table_reader *reader, struct error *err)
{
    const struct table_raw *raw = &reader->raw;
    const double *f = raw->figure;
    struct table_group *g = &reader->group;
    bool counted = raw->scale != NULL && raw->counts != NULL;
    size_t bands = counted ? raw->scale->count : 0;
    double in_bands = sum(raw->counts, bands);
    *g = (struct table_group){.key = raw->key,
                              .scale = raw->scale == NULL ? NULL : raw->scale->name,
                              .bands = bands,
                              .band = counted ? raw->scale->band : NULL,
                              .scores = counted ? raw->scale->scores : NULL,
                              .counts = raw->counts,
                              .weighted = raw->weights,
                              .lowest = raw->scale == NULL ? (double)NAN : raw->scale->lowest,
                              .highest = raw->scale == NULL ? (double)NAN : raw->scale->highest,
                              .scored = counted                  ? in_bands
                                        : isnan(f[TABLE_SCORED]) ? 0
                                                                 : f[TABLE_SCORED],
                              .missing = f[TABLE_MISSING],
                              .off_scale = f[TABLE_OFF_SCALE],
                              .records = f[TABLE_RECORDS],
                              .people = f[TABLE_PEOPLE],
                              .mean = f[TABLE_MEAN],
                              .sd = f[TABLE_SD],
                              .median = f[TABLE_MEDIAN],
                              .n_eff = raw->weights == NULL ? (double)NAN : f[TABLE_N_EFF],
                              .population = f[TABLE_POPULATION],
                              .votes = counted && !isnan(f[TABLE_SCORED]) &&
                                       !close_to(in_bands, f[TABLE_SCORED]),
                              .total = is_total(reader),
                              .withheld = raw->withheld,
                              .file = raw->file,
                              .line = raw->line};
    double weight = raw->weights == NULL ? in_bands : sum(raw->weights, bands);
    enum status s = check_signs(raw, err);
    if (s == STATUS_OK && counted)
        s = check_sums(raw, in_bands, err);
    if (s == STATUS_OK && counted)
        s = check_mean(reader, weight, err);
    if (s == STATUS_OK && !counted && !raw->withheld && g->scored > 0) {
        (void)error_set(err, STATUS_DATA, "scored records, but no counts of their bands");
        return refuse(raw, STATUS_DATA, err);
    }
    if (s == STATUS_OK && counted)
        fill_moments(raw, weight, g);
    if (s == STATUS_OK)
        s = find_population(reader, &g->population, err);
    return s == STATUS_OK ? check_population(raw, g, err) : s;
}
