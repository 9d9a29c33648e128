/* estimate_plan.h - what the section `estimate:` of a study, and options over it, ask for.
 *
 *     struct estimate_plan *plan;
 *     s = estimate_plan_read(study, section, &plan, err);
 *     s = table_reader_open(&reader, paths, count, &(struct table_reader_options){...}, err);
 *     s = estimate_plan_open(plan, table_reader_names(reader), err);   // probe, reference
 *     estimate_plan_free(plan);
 *
 * section is the map under `estimate`, maybe empty, never NULL; values it does not have are the
 * defaults of the key table.  Whatever is wrong in it is STATUS_USAGE at its place.  bell-estimate,
 * its --explain and bell claim read the same plan.
 */
#ifndef BELL_ESTIMATES_ESTIMATE_PLAN_H
#define BELL_ESTIMATES_ESTIMATE_PLAN_H

#include "base/arena.h"
#include "estimates/question.h"
#include "stats/bell_model.h"
#include "stats/calibration.h"
#include "study/study.h"
#include "tables/population.h"
#include "tables/table_reader.h"

struct kept_table; /* kept_table.h */
struct reference;  /* reference.h */

/* A random check sample of the groups of the table, or the shares that are known of them. */
struct estimate_probe {
    struct kept_table *table; /* NULL: shares */
    const struct node *node;  /* where it stands, for messages */
    const char *const *names; /* of bands, share_count */
    const double *shares;
    size_t share_count;
    double n;   /* of the shares */
    bool exact; /* of the whole group, not of a sample: no sampling noise */
};

struct estimate_plan {
    const struct study *study;
    double confidence; /* 0.95 */
    double z;          /* that belongs to it, two-sided */
    double target;     /* of the mean, in the scale's own numbers; NaN: the middle of the scale */
    double yardstick;  /* the ratio that a conclusion should outlast: 3 */
    const double *gammas; /* the yardstick first, then the others, ascending */
    size_t gamma_count;
    const double *rhos; /* ascending, each above 0 */
    size_t rho_count;
    bool bell; /* the scenario is wanted: bell: true, or tilts or a model were named */
    const double *tilts;
    size_t tilt_count;
    enum bell_model model;
    struct population *population; /* NULL: the table's own column */
    /* For partials where the section names no population: that of `aggregate`; NULL: none. */
    struct population *aggregate_population;
    struct bands_spec bands; /* of the section; else of `aggregate` */
    const char *scale;       /* of a table without a column scale; NULL: see table_reader.h */
    uint64_t min_cell;       /* 0: withhold nothing */
    bool strict;             /* a refused estimate ends the run */
    bool probed;             /* there is a probe */
    struct estimate_probe probe;
    struct reference *reference; /* groups with answers and a check sample; NULL: none */
    struct estimate_files {      /* as they are named; NULL: not */
        const char *probe, *answers, *reference_probe;
    } files;
    const struct node *reference_node;
    double tau; /* NaN: measured */
    enum calibration_form form;
    bool reference_exact;
    struct arena arena;
};

enum status estimate_plan_read(const struct study *study, const struct node *section,
                               struct estimate_plan **plan, struct error *err) BELL_CHECK;
/* Reads probe and reference, which must go with the names of the table. */
enum status estimate_plan_open(struct estimate_plan *plan, const struct table_names *names,
                               struct budget *budget, struct error *err) BELL_CHECK;
/* How a table is to be read by this plan. */
struct table_reader_options estimate_plan_reading(const struct estimate_plan *plan,
                                                  struct budget *budget);
/* The target of a group's mean. */
double estimate_plan_target(const struct estimate_plan *plan, const struct table_group *group);
/* The check sample of a group: its counts in the bands of the group (room for group->bands; exact:
 * shares).  *n 0: it has none.  STATUS_USAGE: other bands. */
enum status estimate_plan_probe(const struct estimate_plan *plan, const struct table_group *group,
                                double *counts, double *n, struct error *err) BELL_CHECK;
void estimate_plan_free(struct estimate_plan *plan); /* NULL is allowed */

#endif
