/* claim_judge.h - does a claim about everyone hold, given that people chose themselves to answer?
 *
 *     const struct claim_rules rules = {.yardstick = CLAIM_YARDSTICK, .z = INTERVAL_Z95};
 *     s = claim_judge(&judgement, &figures, claim.op, &rules, err);
 *     if (claim_holds(&judgement)) ...
 *
 * In this order:
 *
 *   refused    withheld; fewer than 30 scored (or 30 people); fewer than 2 bands; more who answered
 *              than there are people.
 *   certain    it holds whatever the silent think (Manski 1989): even if all of them stood at the
 *              worst end of the scale, or because the scale allows nothing else, or because all
 *              people answered.  Needs the number of people, and no sampling theory.
 *   probed     a random check sample of the group decides it beyond chance.
 *   supported  it is true of what came in, and stays true of everyone as long as nobody is more
 *              than `ratio` times as ready to answer as anybody else, chance allowed for
 *              (readiness.h); ratio >= yardstick.
 *   unsupported  the same with ratio < yardstick: not supported by self-selected data alone.
 *   false      it is not true of what came in.  Then the opposite is judged likewise.
 *
 * Where the very claim and its opposite are judged, never do both hold; a weaker number never holds
 * less than a stronger one; and knowing how many people there are changes nothing but `certain`.
 *
 * A person may stand behind several records.  Chance is then reckoned with as many answers as
 * there are people, and nothing is certain but what the scale itself makes so, because a few
 * busy people may be behind many of the scores.
 *
 * Between two groups the silent of each have a pattern of their own: one ratio binds both.
 */
#ifndef BELL_ESTIMATES_CLAIM_JUDGE_H
#define BELL_ESTIMATES_CLAIM_JUDGE_H

#include "estimates/claim.h"
#include "estimates/claim_bind.h"

/* A convention; where it comes from says explain.h. */
#define CLAIM_YARDSTICK 3.0
enum { CLAIM_FEW = 30 };

enum claim_verdict {
    CLAIM_REFUSED,
    CLAIM_CERTAIN,
    CLAIM_PROBED,
    CLAIM_SUPPORTED,
    CLAIM_UNSUPPORTED,
    CLAIM_PROBED_AGAINST,
    CLAIM_FALSE
};

enum claim_refusal {
    CLAIM_NOT_REFUSED,
    CLAIM_WITHHELD,
    CLAIM_NO_SCORES, /* no bands, or only one */
    CLAIM_TOO_FEW,
    CLAIM_TOO_MANY /* more answers than people */
};

/* Why a certain one is. */
enum claim_ground { CLAIM_BY_BOUND, CLAIM_BY_SCALE, CLAIM_BY_ALL };

struct claim_probe {
    const double *counts; /* of the bands of its group; exact: their shares */
    double n;             /* people; exact: 1 */
    bool exact;           /* published figures without sampling error */
};

struct claim_rules {
    double yardstick;
    double confidence;                   /* with which chance is allowed for: 0.95 */
    double z;                            /* that belongs to it, two-sided (confidence.h) */
    const struct claim_probe *probes[2]; /* of each group; NULL: none */
};

struct claim_judgement {
    enum claim_verdict verdict;
    enum claim_refusal refusal;
    size_t refused_group;     /* which of the figures */
    enum claim_ground ground; /* CLAIM_CERTAIN, or of an opposite that is */
    double observed;          /* of the answers; of two groups the difference */
    double worst;             /* if all the silent spoke against the claim; NaN: N unknown */
    double tip;   /* readiness ratio at which it turns, chance left out; below 1 false */
    double ratio; /* up to which it holds, chance allowed for; below 1: not even then */
    enum claim_verdict opposite; /* CLAIM_FALSE, CLAIM_PROBED_AGAINST: the verdict on it */
    double opposite_ratio;
    double opposite_worst;
    bool repeated; /* several records of one person: see above */
};

/* STATUS_DATA: a table that is none.  A refusal is STATUS_OK. */
enum status claim_judge(struct claim_judgement *judgement, const struct claim_figures *figures,
                        enum claim_op op, const struct claim_rules *rules,
                        struct error *err) BELL_CHECK;
/* Certain, probed or supported. */
bool claim_holds(const struct claim_judgement *judgement);

#endif
