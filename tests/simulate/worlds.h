/* worlds.h - populations whose truth is known, and who of them answers.
 *
 *     for (const struct world *w = worlds; w->name != NULL; w++) {
 *         struct random r;
 *         world_seed(&r, w, seed, number);              // population `number` of this world
 *         struct crowd crowd;
 *         world_draw(&crowd, w, &w->readiness, w->middle, w->people, w->answers, &r);
 *     }
 *
 * A population is drawn from the shares of its world, then each person answers, or not, with a
 * probability that depends on the person's band.  Everything here is in bands 1..K, taken as the
 * points of a scale.
 */
#ifndef BELL_TESTS_SIMULATE_WORLDS_H
#define BELL_TESTS_SIMULATE_WORLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampling/random.h"

enum { WORLD_BANDS_MAX = 11, WORLD_GROUPS_MAX = 16 };

/* Logarithms of how many times readier to answer than the middle; u is -1 in the first band, 0 in
 * the middle, 1 in the last. */
struct readiness {
    double first, last;  /* of the end bands alone */
    double below, above; /* times |u| below and above the middle */
    double tilt;         /* times u */
    double step;         /* of all bands above the middle */
    const double *times; /* instead: how many times readier, band by band */
};

enum world_kind {
    WORLD_ALONE,      /* one group, and nothing else known */
    WORLD_REFERENCE,  /* and a reference group with a random check sample */
    WORLD_REFERENCES, /* and several such groups */
    WORLD_MARGINS     /* platforms and ages, whose sizes are known */
};

struct world {
    const char *name;
    const char *words; /* a sentence for the reader */
    enum world_kind kind;
    size_t bands;
    double middle, spread; /* of the bell, in parts of the scale */
    const double *shares;  /* instead of a bell */
    struct readiness readiness;
    uint64_t people;
    double answers;          /* as many are expected */
    double reference_middle; /* of the bell of the reference group */
    size_t groups;           /* reference groups, of WORLD_REFERENCES */
    double differ;           /* standard deviation of their tilts */
    bool bootstrap;
};

extern const struct world worlds[]; /* the last has no name */

struct crowd {
    size_t bands;
    double mean;                       /* the truth */
    uint64_t people[WORLD_BANDS_MAX];  /* in each band */
    uint64_t answers[WORLD_BANDS_MAX]; /* of them */
    double share[WORLD_BANDS_MAX];     /* the truth */
    double counts[WORLD_BANDS_MAX];    /* answers, for the functions of stats/ */
    double n;
};

void world_seed(struct random *r, const struct world *world, uint64_t seed, uint64_t number);

/* Shares of the bands from which populations are drawn; readiness of each band, in times. */
void world_shares(double *shares, const struct world *world, double middle);
void world_times(double *times, const struct readiness *readiness, size_t bands);
/* The greatest readiness over the smallest. */
double world_ratio(const struct world *world);
/* Is readiness one that never rises towards the middle? */
bool world_is_ushaped(const struct world *world);

void world_draw(struct crowd *crowd, const struct world *world, const struct readiness *readiness,
                double middle, uint64_t people, double answers, struct random *r);
/* share, mean, counts and n from people and answers. */
void crowd_finish(struct crowd *crowd);
/* A random sample of everyone. */
void crowd_probe(double *probe, const struct crowd *crowd, uint64_t size, struct random *r);

#endif
