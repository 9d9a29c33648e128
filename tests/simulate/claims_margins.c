/* Platforms and ages: strata whose sizes are known, weighted to them. */
#include "claims.h"

#include "draws.h"
#include "stats/confidence.h"
#include "stats/linearize.h"
#include "stats/poststratify.h"
#include "stats/rake.h"

enum { PLATFORMS = 3, AGES = 4, CELLS = PLATFORMS * AGES };

/* Shares of the population, how far the bell lies off the world's middle (in parts of the scale),
 * and readiness in times. */
static const struct margin_level {
    double share, shift, ready;
} platforms[PLATFORMS] = {{0.35, -0.08, 4}, {0.45, 0.02, 1}, {0.20, 0.06, 2}},
  ages[AGES] = {{0.2, -0.05, 3}, {0.3, 0, 2}, {0.3, 0.03, 1}, {0.2, 0.08, 0.5}};

struct table {
    struct crowd all;
    double people[CELLS]; /* of each platform and age */
    double rows[CELLS];
    double sum[CELLS];
    double squares[CELLS];
    double counts[CELLS * WORLD_BANDS_MAX];
    size_t platform[CELLS];
    size_t age[CELLS];
    double of_platform[PLATFORMS];
    double of_age[AGES];
};

/* One cell: its people and answers by band. */
static void draw_cell(struct table *table, const struct world *world, size_t c, double rate,
                      uint64_t people, struct random *r)
{
    double shares[WORLD_BANDS_MAX], times[WORLD_BANDS_MAX];
    uint64_t in_band[WORLD_BANDS_MAX];
    const struct margin_level *platform = &platforms[c / AGES], *age = &ages[c % AGES];
    world_shares(shares, world, world->middle + platform->shift + age->shift);
    world_times(times, &world->readiness, world->bands);
    draws_multinomial(r, in_band, shares, world->bands, people);
    for (size_t k = 0; k < world->bands; k++) {
        const double p = rate * platform->ready * age->ready * times[k];
        const uint64_t answers = draws_binomial(r, in_band[k], draws_parts(p));
        const double x = (double)(k + 1), n = (double)answers;
        table->all.people[k] += in_band[k];
        table->all.answers[k] += answers;
        table->counts[c * world->bands + k] = n;
        table->rows[c] += n;
        table->sum[c] += n * x;
        table->squares[c] += n * x * x;
    }
    table->people[c] = (double)people;
    table->platform[c] = c / AGES;
    table->age[c] = c % AGES;
    table->of_platform[c / AGES] += (double)people;
    table->of_age[c % AGES] += (double)people;
}

static void draw_table(struct table *table, const struct world *world, struct random *r)
{
    double share[CELLS];
    double expected = 0; /* answers, at a rate of 1 */
    uint64_t people[CELLS];
    double times[WORLD_BANDS_MAX];
    *table = (struct table){.all = {.bands = world->bands}};
    world_times(times, &world->readiness, world->bands);
    for (size_t c = 0; c < CELLS; c++) {
        const struct margin_level *platform = &platforms[c / AGES], *age = &ages[c % AGES];
        double shares[WORLD_BANDS_MAX];
        world_shares(shares, world, world->middle + platform->shift + age->shift);
        share[c] = platform->share * age->share;
        for (size_t k = 0; k < world->bands; k++)
            expected += (double)world->people * share[c] * shares[k] * times[k] * platform->ready *
                        age->ready;
    }
    draws_multinomial(r, people, share, CELLS, world->people);
    for (size_t c = 0; c < CELLS; c++)
        draw_cell(table, world, c, world->answers / expected, people[c], r);
    crowd_finish(&table->all);
}

static enum status put_strata(struct claim *claim, const struct table *table, double z,
                              struct error *err)
{
    double weights[CELLS], share[WORLD_BANDS_MAX];
    struct poststratified out;
    const struct poststratify_input in = {.counts = table->counts,
                                          .population = table->people,
                                          .strata = CELLS,
                                          .bands = table->all.bands};
    enum status s = poststratify(&in, weights, share, &out, err);
    if (s == STATUS_OK)
        claim_put(claim, true, out.mean - z * out.se, out.mean + z * out.se, table->all.mean,
                  table->all.bands);
    return s;
}

static enum status put_raked(struct claim *claim, const struct table *table, double people,
                             double z, struct error *err)
{
    double weights[CELLS];
    struct raked raked;
    struct linearized out;
    const struct rake_margin margins[] = {
        {.level = table->platform, .target = table->of_platform, .levels = PLATFORMS},
        {.level = table->age, .target = table->of_age, .levels = AGES}};
    const struct rake_input in = {
        .counts = table->rows, .margins = margins, .cells = CELLS, .margin_count = 2};
    enum status s = rake(&in, NULL, weights, &raked, err);
    if (s != STATUS_OK)
        return s;
    const struct linearize_input linear = {.rows = table->rows,
                                           .sum = table->sum,
                                           .sum_squares = table->squares,
                                           .weights = weights,
                                           .cells = CELLS,
                                           .margins = margins,
                                           .margin_count = 2,
                                           .method = LINEARIZE_RAKED,
                                           .population = people};
    s = linearize_mean(&linear, &out, err);
    if (s == STATUS_OK)
        claim_put(claim, true, out.mean - z * out.se, out.mean + z * out.se, table->all.mean,
                  table->all.bands);
    return s;
}

enum status claims_of_margins(struct claim *claims, const struct world *world, struct random *r,
                              struct facts *facts, struct error *err)
{
    struct table table;
    const double people = (double)world->people;
    const double z = confidence_z(claim_promise(CLAIM_RAKED));
    draw_table(&table, world, r);
    enum status s = claims_of_anyone(claims, &table.all, people, facts, err);
    if (s == STATUS_OK)
        s = put_strata(&claims[CLAIM_STRATA], &table, z, err);
    if (s == STATUS_OK)
        s = put_raked(&claims[CLAIM_RAKED], &table, people, z, err);
    return s;
}
