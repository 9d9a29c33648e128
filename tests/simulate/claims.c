#include "claims.h"

#include <math.h>
#include <string.h>

#include "draws.h"
#include "stats/bell_bootstrap.h"
#include "stats/calibration.h"
#include "stats/confidence.h"
#include "stats/coverage.h"
#include "stats/moments.h"
#include "stats/selection.h"
#include "stats/selection_noise.h"
#include "stats/transfer.h"

#define CONFIDENCE 0.95
#define GAMMA 3.0
#define GAMMA_USHAPE 5.0

enum { PROBE_SMALL = 200, PROBE_LARGE = 1000 };

static const struct {
    const char *words;
    double promise;
} names[CLAIM_COUNT] = {
    [CLAIM_RANDOM] = {"if this were a random sample: mean", CONFIDENCE},
    [CLAIM_WILSON] = {"if this were a random sample: each share (Wilson)", CONFIDENCE},
    [CLAIM_GOODMAN] = {"if this were a random sample: all shares at once (Goodman)", CONFIDENCE},
    [CLAIM_MANSKI] = {"whatever the silent think (Manski): mean", 1},
    [CLAIM_GAMMA] = {"nobody 3 times readier than another (Gamma 3): mean", 1},
    [CLAIM_GAMMA_NOISE] = {"the same with sampling noise (Gamma 3): mean", CONFIDENCE},
    [CLAIM_USHAPE] = {"the middle least ready, at most 5 times (U-shape, Gamma 5): mean", 1},
    [CLAIM_ENDS] = {"bell scenario E, no tilt: mean", CONFIDENCE},
    [CLAIM_ENDS_ANYWAY] = {"bell scenario E, refusals overlooked", CONFIDENCE},
    [CLAIM_ENDS_DRAWN] = {"bell scenario E, bootstrap of 200 draws", CONFIDENCE},
    [CLAIM_SLOPE] = {"bell scenario S, no tilt: mean", CONFIDENCE},
    [CLAIM_SLOPE_ANYWAY] = {"bell scenario S, refusals overlooked", CONFIDENCE},
    [CLAIM_SLOPE_DRAWN] = {"bell scenario S, bootstrap of 200 draws", CONFIDENCE},
    [CLAIM_CALIBRATED_200] = {"calibrated by a check sample of 200 elsewhere: mean", CONFIDENCE},
    [CLAIM_CALIBRATED_1000] = {"calibrated by a check sample of 1000 elsewhere: mean", CONFIDENCE},
    [CLAIM_PROBE_200] = {"that check sample of 200 alone, taken over: mean", CONFIDENCE},
    [CLAIM_PROBE_1000] = {"that check sample of 1000 alone, taken over: mean", CONFIDENCE},
    [CLAIM_CALIBRATED] = {"calibrated by 200 in each reference group, plain: mean", CONFIDENCE},
    [CLAIM_WIDENED] = {"calibrated by 200 in each reference group, with tau2: mean", CONFIDENCE},
    [CLAIM_PROBE] = {"those check samples alone, taken over: mean", CONFIDENCE},
    [CLAIM_OWN_PROBE] = {"check sample of 200 in the group itself: mean", CONFIDENCE},
    [CLAIM_STRATA] = {"post-stratified on platform x age: mean", CONFIDENCE},
    [CLAIM_RAKED] = {"raked to platforms and ages: mean", CONFIDENCE},
};

const char *claim_words(enum claim_id id)
{
    return names[id].words;
}

double claim_promise(enum claim_id id)
{
    return names[id].promise;
}

bool claim_is_entitled(enum claim_id id, const struct world *world)
{
    const struct readiness *ready = &world->readiness;
    const double ratio = world_ratio(world);
    const bool bell = world->shares == NULL && world->kind != WORLD_MARGINS;
    const bool plain = ready->times == NULL && ready->tilt == 0 && ready->step == 0;
    const bool random = ratio == 1 && world->differ == 0 && world->kind != WORLD_MARGINS;
    switch (id) {
    case CLAIM_RANDOM:
    case CLAIM_WILSON:
    case CLAIM_GOODMAN:
        return random;
    case CLAIM_GAMMA:
    case CLAIM_GAMMA_NOISE:
        return world->kind != WORLD_MARGINS && world->differ == 0 && ratio <= GAMMA * (1 + 1e-12);
    case CLAIM_USHAPE:
        return world->kind != WORLD_MARGINS && world->differ == 0 && ratio <= GAMMA_USHAPE &&
               world_is_ushaped(world);
    case CLAIM_ENDS:
    case CLAIM_ENDS_ANYWAY:
    case CLAIM_ENDS_DRAWN:
        return bell && plain && ready->below == 0 && ready->above == 0;
    case CLAIM_SLOPE:
    case CLAIM_SLOPE_ANYWAY:
    case CLAIM_SLOPE_DRAWN:
        return bell && plain && ready->first == 0 && ready->last == 0 &&
               ready->below == ready->above;
    case CLAIM_CALIBRATED:
        return world->differ == 0;
    case CLAIM_PROBE_200:
    case CLAIM_PROBE_1000:
    case CLAIM_PROBE:
        return false;
    case CLAIM_STRATA:
    case CLAIM_RAKED:
        return ratio == 1;
    default:
        return true;
    }
}

void claim_put(struct claim *claim, bool shown, double low, double high, double truth, size_t bands)
{
    const double length = (double)(bands - 1);
    *claim = (struct claim){.made = true,
                            .shown = shown,
                            .held = low <= truth && truth <= high ? 1 : 0,
                            .width = (high - low) / length,
                            .off = ((low + high) / 2 - truth) / length};
}

static void put_interval(struct claim *claim, const struct interval *interval,
                         const struct crowd *crowd)
{
    claim_put(claim, true, interval->low, interval->high, crowd->mean, crowd->bands);
}

static void put_shares(struct claim *claims, const struct crowd *crowd)
{
    struct interval together[WORLD_BANDS_MAX];
    double held = 0, width = 0, held_together = 0, width_together = 0;
    interval_goodman(together, crowd->counts, crowd->bands,
                     confidence_z_together(CONFIDENCE, crowd->bands));
    for (size_t k = 0; k < crowd->bands; k++) {
        const double truth = crowd->share[k];
        const struct interval one =
            interval_wilson(crowd->counts[k], crowd->n, confidence_z(CONFIDENCE));
        held += one.low <= truth && truth <= one.high ? 1 : 0;
        width += one.high - one.low;
        held_together += together[k].low <= truth && truth <= together[k].high ? 1 : 0;
        width_together += together[k].high - together[k].low;
    }
    const double bands = (double)crowd->bands;
    claims[CLAIM_WILSON] = (struct claim){true, true, held / bands, width / bands, (double)NAN};
    claims[CLAIM_GOODMAN] = (struct claim){true, true, held_together == bands ? 1 : 0,
                                           width_together / bands, (double)NAN};
}

static void points_of(double *x, size_t bands)
{
    for (size_t k = 0; k < bands; k++)
        x[k] = (double)(k + 1);
}

enum status claims_of_anyone(struct claim *claims, const struct crowd *crowd, double people,
                             struct facts *facts, struct error *err)
{
    double x[WORLD_BANDS_MAX];
    struct moments m;
    struct coverage coverage;
    points_of(x, crowd->bands);
    moments_about(&m, x, crowd->counts, crowd->bands, moments_mean(x, crowd->counts, crowd->bands));
    enum status s = coverage_of(&coverage, crowd->n, people, err);
    if (s != STATUS_OK)
        return s;
    const double margin = coverage_margin_mean(&coverage, moments_sd(&m), confidence_z(CONFIDENCE));
    struct interval bounds = coverage_bounds_mean(&coverage, m.mean, x[0], x[crowd->bands - 1]);
    claim_put(&claims[CLAIM_RANDOM], true, m.mean - margin, m.mean + margin, crowd->mean,
              crowd->bands);
    put_interval(&claims[CLAIM_MANSKI], &bounds, crowd);
    s = selection_bounds(&bounds, x, crowd->counts, crowd->bands, GAMMA, err);
    if (s != STATUS_OK)
        return s;
    put_interval(&claims[CLAIM_GAMMA], &bounds, crowd);
    const struct interval range = {x[0], x[crowd->bands - 1]};
    s = selection_noise(&bounds, x, crowd->counts, crowd->bands, GAMMA, range,
                        confidence_z(CONFIDENCE), err);
    if (s != STATUS_OK)
        return s;
    put_interval(&claims[CLAIM_GAMMA_NOISE], &bounds, crowd);
    facts->answers = crowd->n;
    facts->naive_off = (m.mean - crowd->mean) / (double)(crowd->bands - 1);
    return STATUS_OK;
}

static uint64_t next_of(void *state)
{
    return random_next(state);
}

/* The fit as it would be shown, the same with refusals overlooked, and its bootstrap; these are
 * three claims in a row. */
static enum status put_bell(struct claim *claims, enum bell_model model, const struct crowd *crowd,
                            bool bootstrap, struct random *r, struct error *err)
{
    const struct bell_data data = {crowd->counts, crowd->bands, model, 0};
    const struct bell_options options = {NULL, confidence_z(CONFIDENCE)};
    struct bell_fit fit;
    enum status s = bell_fit(&fit, &data, &options, err);
    if (s != STATUS_OK)
        return s;
    const bool shown = !bell_refused(fit.quality.reasons);
    claim_put(&claims[0], shown, fit.limits.low, fit.limits.high, crowd->mean, crowd->bands);
    claims[1] = claims[0];
    claims[1].shown = isfinite(fit.mean) && isfinite(fit.se_mean);
    if (!bootstrap)
        return STATUS_OK;
    struct bell_bootstrap boot;
    const struct bell_draws draws = {next_of, r, CLAIM_DRAWS};
    s = bell_bootstrap(&boot, &fit, &data, &options, &draws, err);
    if (s == STATUS_OK)
        claim_put(&claims[2], shown, boot.limits.low, boot.limits.high, crowd->mean, crowd->bands);
    return s;
}

/* A mean and its limits from a random sample: mean -+ z sd / sqrt(n). */
static void put_probe(struct claim *claim, const double *probe, const struct crowd *crowd)
{
    double x[WORLD_BANDS_MAX];
    struct moments m;
    points_of(x, crowd->bands);
    moments_about(&m, x, probe, crowd->bands, moments_mean(x, probe, crowd->bands));
    const double margin = confidence_z(CONFIDENCE) * moments_sd(&m) / sqrt(m.n);
    claim_put(claim, true, m.mean - margin, m.mean + margin, crowd->mean, crowd->bands);
}

static enum status put_calibrated(struct claim *claim, const struct crowd *reference,
                                  const double *probe, const struct crowd *target,
                                  struct error *err)
{
    double weights[WORLD_BANDS_MAX], share[WORLD_BANDS_MAX];
    struct calibrated out;
    const struct calibration_input in = {.reference = reference->counts,
                                         .probe = probe,
                                         .target = target->counts,
                                         .bands = target->bands,
                                         .form = CALIBRATION_SATURATED,
                                         .z = confidence_z(CONFIDENCE)};
    enum status s = calibrate(&in, weights, share, &out, err);
    if (s == STATUS_OK)
        claim_put(claim, out.flags == 0, out.low, out.high, target->mean, target->bands);
    return s;
}

static enum status claims_of_reference(struct claim *claims, const struct world *world,
                                       const struct crowd *target, struct random *r,
                                       struct error *err)
{
    struct crowd reference;
    double probe[WORLD_BANDS_MAX];
    world_draw(&reference, world, &world->readiness, world->reference_middle, world->people,
               world->answers, r);
    crowd_probe(probe, &reference, PROBE_SMALL, r);
    put_probe(&claims[CLAIM_PROBE_200], probe, target);
    enum status s = put_calibrated(&claims[CLAIM_CALIBRATED_200], &reference, probe, target, err);
    if (s != STATUS_OK)
        return s;
    crowd_probe(probe, &reference, PROBE_LARGE, r);
    put_probe(&claims[CLAIM_PROBE_1000], probe, target);
    return put_calibrated(&claims[CLAIM_CALIBRATED_1000], &reference, probe, target, err);
}

struct groups {
    double answers[WORLD_GROUPS_MAX * WORLD_BANDS_MAX];
    double probes[WORLD_GROUPS_MAX * WORLD_BANDS_MAX];
    double probe[WORLD_BANDS_MAX]; /* of all together */
};

/* Readiness as the world has it, leaning in a way of its own. */
static struct readiness lean(const struct world *world, struct random *r)
{
    struct readiness ready = world->readiness;
    ready.tilt += world->differ * draws_normal(r);
    return ready;
}

/* Middles of the bells of the groups lie evenly about that of the reference. */
static void draw_groups(struct groups *groups, const struct world *world, struct random *r)
{
    const size_t bands = world->bands;
    memset(groups, 0, sizeof *groups);
    for (size_t j = 0; j < world->groups; j++) {
        struct crowd crowd;
        const struct readiness ready = lean(world, r);
        const double place = ((double)j + 0.5) / (double)world->groups - 0.5;
        world_draw(&crowd, world, &ready, world->reference_middle + 0.2 * place, world->people,
                   world->answers, r);
        memcpy(groups->answers + j * bands, crowd.counts, bands * sizeof *crowd.counts);
        crowd_probe(groups->probes + j * bands, &crowd, PROBE_SMALL, r);
        for (size_t k = 0; k < bands; k++)
            groups->probe[k] += groups->probes[j * bands + k];
    }
}

static enum status claims_of_references(struct claim *claims, const struct world *world,
                                        const struct crowd *target, struct random *r,
                                        struct error *err)
{
    struct groups groups;
    double weights[WORLD_BANDS_MAX], share[WORLD_BANDS_MAX], probe[WORLD_BANDS_MAX];
    struct transferred out;
    draw_groups(&groups, world, r);
    const struct transfer_input in = {.reference = groups.answers,
                                      .probe = groups.probes,
                                      .target = target->counts,
                                      .groups = world->groups,
                                      .bands = world->bands,
                                      .form = CALIBRATION_SATURATED,
                                      .z = confidence_z(CONFIDENCE),
                                      .tau = (double)NAN};
    enum status s = transfer_calibrate(&in, weights, share, &out, err);
    if (s != STATUS_OK)
        return s;
    const struct calibrated *c = &out.calibrated;
    const double plain = in.z * out.se_plain;
    claim_put(&claims[CLAIM_CALIBRATED], c->flags == 0, c->mean - plain, c->mean + plain,
              target->mean, target->bands);
    claim_put(&claims[CLAIM_WIDENED], c->flags == 0, c->low, c->high, target->mean, target->bands);
    put_probe(&claims[CLAIM_PROBE], groups.probe, target);
    crowd_probe(probe, target, PROBE_SMALL, r);
    put_probe(&claims[CLAIM_OWN_PROBE], probe, target);
    return STATUS_OK;
}

static enum status claims_of_one(struct claim *claims, const struct world *world,
                                 const struct crowd *crowd, struct random *r, struct error *err)
{
    double x[WORLD_BANDS_MAX];
    struct interval bounds;
    points_of(x, crowd->bands);
    put_shares(claims, crowd);
    enum status s =
        selection_ushape_bounds(&bounds, x, crowd->counts, crowd->bands, GAMMA_USHAPE, err);
    if (s != STATUS_OK)
        return s;
    put_interval(&claims[CLAIM_USHAPE], &bounds, crowd);
    s = put_bell(&claims[CLAIM_ENDS], BELL_ENDS, crowd, world->bootstrap, r, err);
    if (s == STATUS_OK)
        s = put_bell(&claims[CLAIM_SLOPE], BELL_SLOPE, crowd, world->bootstrap, r, err);
    return s;
}

enum status claims_make(struct claim *claims, const struct world *world, uint64_t seed,
                        uint64_t number, struct facts *facts, struct error *err)
{
    struct random r;
    struct crowd crowd;
    world_seed(&r, world, seed, number);
    if (world->kind == WORLD_MARGINS)
        return claims_of_margins(claims, world, &r, facts, err);
    const struct readiness ready = lean(world, &r);
    world_draw(&crowd, world, &ready, world->middle, world->people, world->answers, &r);
    enum status s = claims_of_anyone(claims, &crowd, (double)world->people, facts, err);
    if (s == STATUS_OK && world->kind == WORLD_ALONE)
        s = claims_of_one(claims, world, &crowd, &r, err);
    if (s == STATUS_OK && world->kind == WORLD_REFERENCE)
        s = claims_of_reference(claims, world, &crowd, &r, err);
    if (s == STATUS_OK && world->kind == WORLD_REFERENCES)
        s = claims_of_references(claims, world, &crowd, &r, err);
    return s;
}
