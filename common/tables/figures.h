/* figures.h - every number of one row, computed once from its merged and sorted state.
 *
 *     struct figures_space space = FIGURES_SPACE_INIT;   // or with a budget
 *     s = figures_compute(&request, &groups, group, bands, &space, &figures, err);
 *     figures_space_free(&space);
 *
 * With weights (groups->plan->weighted) all figures of scores are weighted; records, people,
 * scored, missing, off_scale and what is in a band stay counts.  W being a record's weight, M the
 * mean sum W x / sum W, and n the scored records whose weight is not 0:
 *
 *     sd         sqrt(sum W (x - M)^2 / sum W * n / (n - 1)), as svyvar of R's survey has it
 *     quantile   the smallest value with cumulative W >= p sum W, on equality the mean of it and
 *                the next (type 1: it alone), decided in whole numbers
 *     n_eff      (sum W)^2 / sum W^2 (Kish); instead of n in the limits of shares and for `shape`
 *
 * skewness and kurtosis take the weighted moments and n.  Nothing but the counts is defined where
 * all weights are 0.
 *
 * A figure that is not defined is NaN.  Arrays in struct figures belong to the space and live
 * until the next call.
 */
#ifndef BELL_TABLES_FIGURES_H
#define BELL_TABLES_FIGURES_H

#include "tables/bands.h"
#include "tables/groups.h"
#include "stats/interval.h"

struct figures_request {
    unsigned quantile_type; /* 7 or 1 */
    bool full;
    bool votes; /* one vote a person; a record without a person has none */
};

struct measure_figures {
    uint64_t count;
    __int128 sum; /* millionths */
    int64_t min;  /* millionths; count 0: not defined */
    int64_t max;
    double mean, sd, median, p90;
};

struct figures {
    uint64_t records, people, scored, missing, off_scale;
    double voices; /* what the shares are shares of: scored, persons scored, or weights */
    double base;   /* how many answers that is worth: voices, but n_eff with weights */
    unsigned __int128 weight; /* sum of the weights of scored records, in millionths */
    double n_eff;
    size_t band_count;
    const double *in_band;                   /* records in each band, or votes */
    const unsigned __int128 *exact_in_band;  /* the same, votes times VOTE_UNITS */
    const unsigned __int128 *weight_in_band; /* millionths; NULL: not weighted */
    const double *share;                     /* of each band */
    double mean, sd, p10, median, p90;
    double extreme_share, middle_share, net;
    double nps; /* 100 net, rounded once */
    double skewness, kurtosis, agreement, bimodality, leik, esteban_ray;
    const struct interval *noise; /* one a band */
    const char *shape;
    const struct measure_figures *measures;
    bool stray;          /* a score lies on no band: */
    int64_t stray_score; /* this one */
};

/* Growing work arrays, kept from row to row. */
struct figures_space {
    int64_t *values;
    uint64_t *counts;
    double *x;
    double *w;
    unsigned __int128 *exact;  /* records or votes, as exact_in_band */
    unsigned __int128 *weight; /* as weight_in_band */
    size_t cap;
    double *in_band;
    double *share;
    unsigned __int128 *exact_in_band;
    unsigned __int128 *weight_in_band;
    struct interval *noise;
    size_t band_cap;
    struct measure_figures *measures;
    size_t measure_cap;
    struct budget *budget;
    uint64_t charged;
};

#define FIGURES_SPACE_INIT                                                                         \
    {                                                                                              \
        .values = NULL                                                                             \
    }

/* bands NULL: the row has none.  The group's tables get sorted. */
enum status figures_compute(const struct figures_request *request, struct groups *groups,
                            struct group *group, const struct bands *bands,
                            struct figures_space *space, struct figures *figures,
                            struct error *err) BELL_CHECK;
void figures_space_free(struct figures_space *space);

#endif
