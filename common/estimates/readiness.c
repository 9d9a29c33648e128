#include "estimates/readiness.h"

#include <math.h>

#include "stats/counts.h"
#include "stats/interval.h"
#include "stats/selection.h"

enum { HALVINGS = 60, BANDS_MOST = 1001 };
#define GRID_STEP 1.05

/* ---- one part ---- */

/* Pull above and below t, and its squares, in answers. */
struct pull {
    double n;
    double up, down;
    double up2, down2;
};

static void add_pull(struct pull *pull, double score, double count, double t)
{
    double y = score - t;
    pull->n += count;
    if (y > 0) {
        pull->up += count * y;
        pull->up2 += count * y * y;
    } else {
        pull->down -= count * y;
        pull->down2 += count * y * y;
    }
}

/* The counts in units of answers that chance is reckoned with. */
static struct pull pull_of(const struct readiness_part *part, double n, double t)
{
    struct pull pull = {0, 0, 0, 0, 0};
    for (size_t i = 0; i < part->bands; i++)
        add_pull(&pull, part->scores[i], part->counts[i] / n * part->n_eff, t);
    return pull;
}

static double tip_of(const struct pull *pull)
{
    /* It stands at t, but for rounding. */
    if (fabs(pull->up - pull->down) <= 1e-12 * (pull->up + pull->down))
        return 1;
    if (pull->up <= 0)
        return 0;
    return pull->down > 0 ? pull->up / pull->down : (double)INFINITY;
}

/* The smaller root of (1 + k) (U - R D)^2 = k (U2 + R^2 D2), k = z^2 / (n - 1); between 0 and U / D
 * there is just one, since mean(Y)^2 / mean(Y^2) falls as R grows. */
static double fieller(const struct pull *pull, double z)
{
    double n = pull->n, k = z * z / (n - 1);
    double up = pull->up / n, down = pull->down / n;
    double up2 = pull->up2 / n, down2 = pull->down2 / n;
    double a = (1 + k) * down * down - k * down2;
    double b = (1 + k) * up * down;
    double c = (1 + k) * up * up - k * up2;
    if (!(n > 1) || up <= 0 || c <= 0)
        return 0;
    if (down <= 0)
        return (double)INFINITY;
    double under = b * b - a * c;
    return c / (b + sqrt(under > 0 ? under : 0));
}

/* ---- two parts ---- */

/* The least mean of a part at a ratio, and its variance. */
struct least {
    double mean;
    double variance;
};

static enum status least_at(struct least *least, const struct readiness_part *part, double ratio,
                            struct error *err)
{
    struct interval bounds;
    enum status s = selection_bounds(&bounds, part->scores, part->counts, part->bands, ratio, err);
    if (s != STATUS_OK)
        return s;
    double n = 0, weight = 0, squares = 0;
    for (size_t i = 0; i < part->bands; i++) {
        double away = part->scores[i] - bounds.low;
        double w = away < 0 ? 1 : 1 / ratio;
        n += part->counts[i];
        weight += part->counts[i] * w;
        squares += part->counts[i] * w * w * away * away;
    }
    least->mean = bounds.low;
    least->variance =
        part->n_eff > 1 ? squares * n / (weight * weight) / (part->n_eff - 1) : (double)INFINITY;
    return STATUS_OK;
}

struct pair {
    const struct readiness_part *parts;
    size_t count;
    double t;
    double z;
};

/* Does the statement still hold at this ratio? */
static enum status holds_at(bool *holds, const struct pair *pair, double ratio, struct error *err)
{
    double sum = 0, variance = 0;
    for (size_t i = 0; i < pair->count; i++) {
        struct least least;
        enum status s = least_at(&least, &pair->parts[i], ratio, err);
        if (s != STATUS_OK)
            return s;
        sum += least.mean;
        variance += least.variance;
    }
    double room = pair->z > 0 ? pair->z * sqrt(variance) : 0;
    *holds = sum - room - pair->t >= 0;
    return STATUS_OK;
}

static enum status find_limit(double *limit, const struct pair *pair, struct error *err)
{
    bool holds = false;
    double low = 0, high = 1;
    *limit = 0;
    enum status s = holds_at(&holds, pair, high, err);
    if (s != STATUS_OK || !holds)
        return s;
    while (s == STATUS_OK && holds && high < READINESS_MAX) {
        low = high;
        high *= GRID_STEP;
        s = holds_at(&holds, pair, high, err);
    }
    if (s == STATUS_OK && holds) {
        *limit = READINESS_MAX;
        return s;
    }
    for (int i = 0; s == STATUS_OK && i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        s = holds_at(&holds, pair, middle, err);
        if (holds)
            low = middle;
        else
            high = middle;
    }
    *limit = low;
    return s;
}

/* ---- both ---- */

static enum status check(const struct readiness_part *part, double *n, struct error *err)
{
    enum status s = counts_sum(part->counts, part->bands, n, err);
    if (s == STATUS_OK)
        s = counts_any_scores(part->scores, part->bands, err);
    if (s == STATUS_OK && part->bands > BANDS_MOST)
        s = error_set(err, STATUS_DATA, "more than %d bands", BANDS_MOST);
    if (s == STATUS_OK && !(*n > 0))
        s = error_set(err, STATUS_DATA, "there are no answers");
    return s;
}

enum status readiness_tip(double *tip, const struct readiness_part *parts, size_t part_count,
                          double t, struct error *err)
{
    for (size_t i = 0; i < part_count; i++) {
        double n;
        enum status s = check(&parts[i], &n, err);
        if (s != STATUS_OK)
            return s;
        if (part_count == 1) {
            struct pull pull = pull_of(&parts[i], n, t);
            *tip = tip_of(&pull);
            return STATUS_OK;
        }
    }
    const struct pair pair = {parts, part_count, t, 0};
    return find_limit(tip, &pair, err);
}

static enum status limit_of_two(double *limit, const struct readiness_part *parts, double t,
                                double z, struct error *err)
{
    double scores[2][BANDS_MOST + 1], counts[2][BANDS_MOST + 1];
    struct readiness_part padded[2];
    for (size_t i = 0; i < 2; i++) {
        const struct readiness_part *part = &parts[i];
        double n;
        enum status s = check(part, &n, err);
        if (s != STATUS_OK)
            return s;
        for (size_t k = 0; k < part->bands; k++) {
            scores[i][k] = part->scores[k];
            counts[i][k] = part->counts[k] / n * part->n_eff;
        }
        scores[i][part->bands] = part->worst;
        counts[i][part->bands] = z * z / 2;
        padded[i] = (struct readiness_part){scores[i], counts[i], part->bands + 1,
                                            part->n_eff + z * z / 2, part->worst};
    }
    const struct pair pair = {padded, 2, t, z};
    return find_limit(limit, &pair, err);
}

enum status readiness_limit(double *limit, const struct readiness_part *parts, size_t part_count,
                            double t, double z, struct error *err)
{
    if (part_count == 2)
        return limit_of_two(limit, parts, t, z, err);
    double n;
    enum status s = check(parts, &n, err);
    if (s != STATUS_OK)
        return s;
    struct pull pull = pull_of(parts, n, t);
    add_pull(&pull, parts->worst, z * z / 2, t);
    *limit = fieller(&pull, z);
    return STATUS_OK;
}
