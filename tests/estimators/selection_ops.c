#include "ops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/balance.h"
#include "stats/selection.h"
#include "stats/sensitivity.h"

/* counts, the scores of their bands, and room for a figure of each. */
struct answers {
    size_t bands;
    double *counts;
    double *x;
    double *room;
};

static enum status read_answers(struct answers *a, const json_t *input, struct error *err)
{
    a->counts = ops_numbers(input, "counts", &a->bands);
    a->x = ops_scores(input, a->bands);
    a->room = calloc(a->bands + 1, sizeof *a->room);
    return a->room == NULL ? error_no_memory(err) : STATUS_OK;
}

static void free_answers(struct answers *a)
{
    free(a->counts);
    free(a->x);
    free(a->room);
}

static json_t *bounds(const json_t *input, struct error *err)
{
    struct answers a;
    struct interval any, ushape;
    double gamma = ops_number(input, "Gamma");
    json_t *got = NULL;
    if (read_answers(&a, input, err) == STATUS_OK &&
        selection_bounds(&any, a.x, a.counts, a.bands, gamma, err) == STATUS_OK &&
        selection_ushape_bounds(&ushape, a.x, a.counts, a.bands, gamma, err) == STATUS_OK) {
        got = json_object();
        ops_put_pair(got, "aronow_lee", any.low, any.high);
        ops_put_pair(got, "ushape", ushape.low, ushape.high);
    }
    free_answers(&a);
    return got;
}

static enum extremes extremes_of(const json_t *input)
{
    const char *pattern = ops_text_or(input, "pattern", "both");
    return strcmp(pattern, "neg") == 0   ? EXTREMES_LOW
           : strcmp(pattern, "pos") == 0 ? EXTREMES_HIGH
                                         : EXTREMES_BOTH;
}

static enum status put_rows(json_t *rows, const struct answers *a, const json_t *input,
                            double limit, struct error *err)
{
    size_t count;
    double *gammas = ops_numbers(input, "gammas", &count);
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < count; i++) {
        struct sweep_row row;
        s = sweep_at(&row, a->room, a->x, a->counts, a->bands, extremes_of(input), gammas[i], limit,
                     err);
        if (s != STATUS_OK)
            break;
        json_t *one = json_object();
        ops_put(one, "gamma", row.gamma);
        ops_put(one, "mean", row.mean);
        ops_put(one, "net", row.net);
        ops_put_all(one, "share", a->room, a->bands);
        if (json_object_set_new(one, "feasible", json_boolean(row.feasible)) != 0 ||
            json_array_append_new(rows, one) != 0)
            s = error_no_memory(err);
    }
    free(gammas);
    return s;
}

static json_t *sweep(const json_t *input, struct error *err)
{
    struct answers a;
    double limit;
    json_t *got = json_object();
    json_t *rows = json_array();
    enum status s = read_answers(&a, input, err);
    if (s == STATUS_OK)
        s = sweep_limit(&limit, a.counts, a.bands, extremes_of(input), ops_number(input, "N"), err);
    if (s == STATUS_OK)
        s = put_rows(rows, &a, input, limit, err);
    if (s == STATUS_OK)
        ops_put(got, "gamma_max", limit);
    if (json_object_set_new(got, "rows", rows) != 0)
        s = error_no_memory(err);
    free_answers(&a);
    if (s == STATUS_OK)
        return got;
    json_decref(got);
    return NULL;
}

static enum status put_tipping(json_t *got, const char *key, const struct answers *a,
                               const double *scores, double t, struct error *err)
{
    double extremes, any;
    enum status s = tipping_extremes(&extremes, scores, a->counts, a->bands, EXTREMES_BOTH, t, err);
    if (s == STATUS_OK)
        s = tipping_any(&any, scores, a->counts, a->bands, t, err);
    if (s != STATUS_OK)
        return s;
    json_t *pair = json_object();
    ops_put(pair, "gamma_extremes", extremes);
    ops_put(pair, "Gamma_any", any);
    return json_object_set_new(got, key, pair) == 0 ? STATUS_OK : error_no_memory(err);
}

static json_t *tipping(const json_t *input, struct error *err)
{
    struct answers a;
    json_t *got = json_object();
    enum status s = read_answers(&a, input, err);
    if (s == STATUS_OK)
        s = put_tipping(got, "mean", &a, a.x, ops_number(input, "threshold"), err);
    if (s == STATUS_OK) {
        balance_scores(a.room, a.x, a.bands);
        s = put_tipping(got, "net", &a, a.room, 0, err);
    }
    free_answers(&a);
    if (s == STATUS_OK)
        return got;
    json_decref(got);
    return NULL;
}

const struct estimator_op selection_ops[] = {
    {"bounds", bounds}, {"sweep", sweep}, {"tipping", tipping}, {NULL, NULL}};
