#include "worlds.h"

#include <math.h>
#include <string.h>

#include "draws.h"
#include "stats/bell_model.h"

static const double skewed[] = {0.03, 0.05, 0.08, 0.11, 0.17, 0.25, 0.31};
static const double coat[] = {0.40, 0.19, 0.22, 0.14, 0.05};
static const double coat_times[] = {1.0, 1.6, 1.7, 2.0, 2.8};

#define ONE_GROUP .kind = WORLD_ALONE, .people = 1000000, .answers = 6600
#define ENDS_BELL .middle = 0.5, .spread = 0.2
#define ENDS .readiness = {.first = 1.2, .last = 1.9}
#define BELL .middle = 0.58, .spread = 0.22
#define REFERENCE                                                                                  \
    .kind = WORLD_REFERENCE, .people = 1000000, .answers = 6600, .reference_middle = 0.45
#define REFERENCES                                                                                 \
    .kind = WORLD_REFERENCES, .people = 100000, .answers = 1000, .reference_middle = 0.45

#define MARGINS                                                                                    \
    .kind = WORLD_MARGINS, .people = 1000000, .answers = 6600, .bands = 5, .middle = 0.55,         \
    .spread = 0.22

static const char ends_words[] =
    "A bell; people at the two ends answer 3.3 and 6.7 times as readily as all others.";
static const char slope_words[] =
    "A bell; readiness grows evenly from the middle to 9 times at either end.";
static const char slopes_words[] =
    "A bell; readiness grows from the middle to 12 times at the low end, 3.3 times at the high.";
static const char random_words[] = "A bell; everybody answers as readily as anybody else.";

const struct world worlds[] = {
    {"no selection, 5 bands", random_words, ONE_GROUP, .bands = 5, BELL},
    {"no selection, 7 bands", random_words, ONE_GROUP, .bands = 7, BELL},
    {"no selection, 5 bands, 200 answers", random_words, .kind = WORLD_ALONE, .people = 1000000,
     .answers = 200, .bands = 5, BELL},
    {"ends, 5 bands", ends_words, ONE_GROUP, .bands = 5, ENDS_BELL, ENDS},
    {"ends, 7 bands", ends_words, ONE_GROUP, .bands = 7, ENDS_BELL, ENDS, .bootstrap = true},
    {"ends, 11 bands", ends_words, ONE_GROUP, .bands = 11, ENDS_BELL, ENDS},
    {"even slope, 5 bands", slope_words, ONE_GROUP, .bands = 5, BELL,
     .readiness = {0, 0, 2.2, 2.2}},
    {"even slope, 7 bands", slope_words, ONE_GROUP, .bands = 7, BELL, .readiness = {0, 0, 2.2, 2.2},
     .bootstrap = true},
    {"even slope, 11 bands", slope_words, ONE_GROUP, .bands = 11, BELL,
     .readiness = {0, 0, 2.2, 2.2}},
    {"uneven slopes, 5 bands", slopes_words, ONE_GROUP, .bands = 5, BELL,
     .readiness = {0, 0, 2.5, 1.2}},
    {"uneven slopes, 7 bands", slopes_words, ONE_GROUP, .bands = 7, BELL,
     .readiness = {0, 0, 2.5, 1.2}},
    {"uneven slopes, 11 bands", slopes_words, ONE_GROUP, .bands = 11, BELL,
     .readiness = {0, 0, 2.5, 1.2}},
    {"rising, 7 bands", "A bell; readiness rises from the low end to the high end, 7.4 times.",
     ONE_GROUP, .bands = 7, BELL, .readiness = {.tilt = 1}, .bootstrap = true},
    {"skewed opinions, 7 bands",
     "No bell: opinions crowd at the high end; readiness grows to 4.5 times at either end.",
     ONE_GROUP, .bands = 7, .shares = skewed, .readiness = {0, 0, 1.5, 1.5}},
    {"ratings of coats, 5 bands",
     "No bell, and readiness rises from 1 to 2.8, much as in a data set of ratings of coats.",
     ONE_GROUP, .bands = 5, .shares = coat, .readiness = {.times = coat_times}},
    {"upper side 3 times, 7 bands",
     "A bell; all above the middle answer just 3 times as readily: the worst that Gamma 3 allows.",
     ONE_GROUP, .bands = 7, BELL, .readiness = {.step = 1.0986122886681098}},
    {"calibration, no selection, 5 bands", random_words, REFERENCE, .bands = 5, BELL},
    {"calibration, ends, 5 bands", ends_words, REFERENCE, .bands = 5, BELL, ENDS},
    {"calibration, even slope, 7 bands", slope_words, REFERENCE, .bands = 7, BELL,
     .readiness = {0, 0, 2.2, 2.2}},
    {"calibration, rising, 7 bands",
     "A bell; readiness rises from the low end to the high end, 7.4 times.", REFERENCE, .bands = 7,
     BELL, .readiness = {.tilt = 1}},
    {"calibration, ratings of coats, 5 bands",
     "Readiness rises from 1 to 2.8, much as in a data set of ratings of coats.", REFERENCE,
     .bands = 5, BELL, .readiness = {.times = coat_times}},
    {"transfer, 16 groups alike, 5 bands",
     "16 reference groups and the target group, bells of their own; all answer alike.", REFERENCES,
     .groups = 16, .bands = 5, BELL, .readiness = {0, 0, 1.5, 1.5, .tilt = 0.5}},
    {"transfer, 16 groups that differ, 5 bands",
     "The same, but each group leans its own way when it answers.", REFERENCES, .groups = 16,
     .bands = 5, BELL, .readiness = {0, 0, 1.5, 1.5, .tilt = 0.5}, .differ = 0.4},
    {"transfer, 6 groups that differ, 5 bands",
     "The same with 6 reference groups, hardly enough to see how far groups differ.", REFERENCES,
     .groups = 6, .bands = 5, BELL, .readiness = {0, 0, 1.5, 1.5, .tilt = 0.5}, .differ = 0.4},
    {"margins explain, 5 bands",
     "3 platforms, 4 ages, of other opinions and readiness; within each of them all answer alike.",
     MARGINS},
    {"margins do not explain, 5 bands",
     "The same, and within each platform and age the dissatisfied answer more readily, 2.7 times.",
     MARGINS, .readiness = {.tilt = -0.5}},
    {"margins hide, 5 bands",
     "The same, but it is the satisfied who do: two errors that happen to cancel.", MARGINS,
     .readiness = {.tilt = 0.5}},
    {.name = NULL},
};

void world_seed(struct random *r, const struct world *world, uint64_t seed, uint64_t number)
{
    uint64_t mixed = seed;
    for (const char *c = world->name; *c != '\0'; c++)
        mixed = random_split(&mixed) ^ (unsigned char)*c;
    mixed = random_split(&mixed) ^ number;
    random_seed(r, random_split(&mixed));
}

void world_shares(double *shares, const struct world *world, double middle)
{
    const size_t bands = world->bands;
    if (world->shares != NULL) {
        memcpy(shares, world->shares, bands * sizeof *shares);
        return;
    }
    double by_mu[WORLD_BANDS_MAX], by_log_sigma[WORLD_BANDS_MAX];
    const double length = (double)(bands - 1);
    bell_shares(shares, by_mu, by_log_sigma, 1 + middle * length, log(world->spread * length),
                bands);
}

void world_times(double *times, const struct readiness *readiness, size_t bands)
{
    const double half = (double)(bands - 1) / 2;
    for (size_t k = 0; k < bands; k++) {
        const double u = ((double)k - half) / half;
        double eta = readiness->tilt * u;
        eta += u < 0 ? readiness->below * -u : readiness->above * u;
        eta += k == 0 ? readiness->first : k + 1 == bands ? readiness->last : 0;
        eta += u > 0 ? readiness->step : 0;
        times[k] = readiness->times != NULL ? readiness->times[k] : exp(eta);
    }
}

double world_ratio(const struct world *world)
{
    double times[WORLD_BANDS_MAX];
    world_times(times, &world->readiness, world->bands);
    double least = times[0], most = times[0];
    for (size_t k = 1; k < world->bands; k++) {
        least = fmin(least, times[k]);
        most = fmax(most, times[k]);
    }
    return most / least;
}

bool world_is_ushaped(const struct world *world)
{
    double times[WORLD_BANDS_MAX];
    world_times(times, &world->readiness, world->bands);
    for (size_t k = 1; k < world->bands; k++) {
        const bool towards = 2 * k <= world->bands - 1;
        if (towards ? times[k] > times[k - 1] : times[k] < times[k - 1])
            return false;
    }
    return true;
}

void world_draw(struct crowd *crowd, const struct world *world, const struct readiness *readiness,
                double middle, uint64_t people, double answers, struct random *r)
{
    double shares[WORLD_BANDS_MAX], times[WORLD_BANDS_MAX];
    double expected = 0;
    *crowd = (struct crowd){.bands = world->bands};
    world_shares(shares, world, middle);
    world_times(times, readiness, world->bands);
    for (size_t k = 0; k < world->bands; k++)
        expected += (double)people * shares[k] * times[k];
    draws_multinomial(r, crowd->people, shares, world->bands, people);
    for (size_t k = 0; k < world->bands; k++)
        crowd->answers[k] =
            draws_binomial(r, crowd->people[k], draws_parts(times[k] * answers / expected));
    crowd_finish(crowd);
}

void crowd_finish(struct crowd *crowd)
{
    uint64_t people = 0, sum = 0;
    crowd->n = 0;
    for (size_t k = 0; k < crowd->bands; k++) {
        people += crowd->people[k];
        sum += crowd->people[k] * (k + 1);
        crowd->counts[k] = (double)crowd->answers[k];
        crowd->n += crowd->counts[k];
    }
    crowd->mean = (double)sum / (double)people;
    for (size_t k = 0; k < crowd->bands; k++)
        crowd->share[k] = (double)crowd->people[k] / (double)people;
}

void crowd_probe(double *probe, const struct crowd *crowd, uint64_t size, struct random *r)
{
    uint64_t sample[WORLD_BANDS_MAX];
    draws_sample(r, sample, crowd->people, crowd->bands, size);
    for (size_t k = 0; k < crowd->bands; k++)
        probe[k] = (double)sample[k];
}
