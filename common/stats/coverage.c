#include "stats/coverage.h"

#include <math.h>
#include <stdbool.h>

static enum status a_count(double value, const char *what, struct error *err)
{
    if (!isfinite(value))
        return error_set(err, STATUS_DATA, "%s is not a finite number", what);
    if (value < 0)
        return error_set(err, STATUS_DATA, "%s is %.17g, below 0", what, value);
    return STATUS_OK;
}

enum status coverage_of(struct coverage *c, double n, double population, struct error *err)
{
    enum status s = a_count(n, "the number of answers", err);
    if (s == STATUS_OK)
        s = a_count(population, "the population", err);
    if (s != STATUS_OK)
        return s;
    if (population < n)
        return error_set(err, STATUS_DATA,
                         "a population of %.17g is smaller than the %.17g who answered", population,
                         n);
    double none = (double)NAN;
    *c = (struct coverage){n, population, none, none, none};
    if (n > 0) {
        c->fraction = n / population;
        c->silent = (population - n) / population;
        c->odds = (population - n) / n;
    }
    return STATUS_OK;
}

double coverage_margin_share(const struct coverage *c, double share, double z)
{
    if (!(c->n > 0))
        return (double)NAN;
    if (c->silent <= 0)
        return 0;
    double left = (c->population - c->n) / (c->population - 1);
    return z * sqrt(share * (1 - share) / c->n) * sqrt(left);
}

double coverage_margin_worst_share(const struct coverage *c, double z)
{
    return coverage_margin_share(c, 0.5, z);
}

double coverage_margin_mean(const struct coverage *c, double sd, double z)
{
    if (!(c->n > 0))
        return (double)NAN;
    /* Before sd is looked at: one answer of one has none. */
    if (c->silent <= 0)
        return 0;
    return z * sd / sqrt(c->n) * sqrt(c->silent);
}

struct interval coverage_bounds_mean(const struct coverage *c, double mean, double lowest,
                                     double highest)
{
    double seen = c->fraction * mean;
    return (struct interval){seen + c->silent * lowest, seen + c->silent * highest};
}

struct interval coverage_bounds_share(const struct coverage *c, double share)
{
    double seen = c->fraction * share;
    double high = seen + c->silent;
    return (struct interval){seen, high > 1 ? 1 : high};
}

struct interval coverage_bounds_quantile(const struct coverage *c, const double *x,
                                         const double *counts, size_t bands, struct probability p)
{
    if (!(c->n > 0) || bands == 0)
        return (struct interval){(double)NAN, (double)NAN};
    struct interval at = {x[bands - 1], x[bands - 1]};
    double wanted = c->population * p.num;
    double below = 0;
    bool low = false;
    for (size_t i = 0; i < bands; i++) {
        below += counts[i];
        if (!low && (below + (c->population - c->n)) * p.den >= wanted) {
            at.low = x[i];
            low = true;
        }
        if (below * p.den >= wanted) {
            at.high = x[i];
            break;
        }
    }
    return at;
}

static enum status a_correlation(double rho, struct error *err)
{
    if (!(rho >= -1 && rho <= 1))
        return error_set(err, STATUS_USAGE, "a correlation lies between -1 and 1, not at %g", rho);
    return STATUS_OK;
}

double coverage_n_eff(const struct coverage *c, double rho)
{
    if (!(c->n > 0) || isnan(rho))
        return (double)NAN;
    double inverse = c->odds * rho * rho;
    return inverse * c->n > 1 ? 1 / inverse : c->n;
}

enum status coverage_defect_of(struct coverage_defect *defect, const struct coverage *c,
                               double mean, double sigma, double rho, struct error *err)
{
    enum status s = a_correlation(rho, err);
    if (s != STATUS_OK)
        return s;
    defect->bias = rho * sigma * sqrt(c->odds);
    defect->implied_mean = mean - defect->bias;
    defect->n_eff = coverage_n_eff(c, rho);
    defect->reduction = 1 - defect->n_eff / c->n;
    return STATUS_OK;
}

double coverage_ddc(const struct coverage *c, double estimate, double truth, double sigma)
{
    if (!(c->odds > 0) || !(sigma > 0))
        return (double)NAN;
    return (estimate - truth) / (sigma * sqrt(c->odds));
}

enum status coverage_implied_share(double *implied, const struct coverage *c, double share,
                                   double rho, struct error *err)
{
    enum status s = a_correlation(rho, err);
    if (s != STATUS_OK)
        return s;
    *implied = (double)NAN;
    if (!(c->n > 0))
        return STATUS_OK;
    if (!(share >= 0 && share <= 1))
        return error_set(err, STATUS_DATA, "a share lies between 0 and 1, not at %g", share);
    /* (1 + t) mu^2 - (2 p + t) mu + p^2 = 0; the smaller root, below p, belongs to rho > 0. */
    double t = rho * rho * c->odds;
    double larger = 2 * share + t + sqrt(t) * sqrt(t + 4 * share * (1 - share));
    if (rho < 0)
        *implied = larger / (2 * (1 + t));
    else if (rho > 0 && larger > 0)
        *implied = 2 * share * share / larger; /* from the product: the difference cancels */
    else
        *implied = share;
    return STATUS_OK;
}
