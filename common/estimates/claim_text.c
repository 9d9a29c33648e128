#include "estimates/claim_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "estimates/plain_number.h"

/* ---- the statement ---- */

static bool put_bands(struct buffer *out, const struct claim_side *side)
{
    bool ok = true;
    for (size_t i = 0; ok && i < side->band_count; i++) {
        char from[TEXT_ESCAPED_MAX], to[TEXT_ESCAPED_MAX];
        const struct claim_band *band = &side->bands[i];
        const char *join = i == 0 ? "" : i + 1 < side->band_count ? ", " : " and ";
        ok = buffer_appendf(out, "%s%s", join, text_escape(from, band->from));
        if (ok && !slice_missing(band->to))
            ok = buffer_appendf(out, " to %s", text_escape(to, band->to));
    }
    return ok;
}

static bool put_measure(struct buffer *out, const struct claim_side *side, const char *label)
{
    bool ok = true;
    switch (side->measure) {
    case CLAIM_MEAN:
        ok = buffer_append_text(out, "the mean score");
        break;
    case CLAIM_NET:
        ok = buffer_append_text(out, "the share above the middle less the share below it");
        break;
    default:
        ok = buffer_append_text(out, "the share of ") && put_bands(out, side);
    }
    return ok && (label[0] == '\0' || buffer_appendf(out, " (%s)", label));
}

/* "30 %" of a difference is "30 percentage points". */
static void name_points(char out[PLAIN_MAX], const struct claim *claim)
{
    size_t n = strlen(out);
    if (claim->side_count == 2 && n > 1 && out[n - 1] == '%')
        (void)snprintf(out + n - 1, PLAIN_MAX - n + 1, "percentage points");
}

/* A number of the measure as it was typed. */
static const char *typed(char out[PLAIN_MAX], const struct claim *claim)
{
    if (claim->sides[0].measure == CLAIM_MEAN) {
        (void)decimal_format(out, claim->number);
        return out;
    }
    size_t n = decimal_format(out, claim->number * 100);
    (void)snprintf(out + n, PLAIN_MAX - n, " %%");
    name_points(out, claim);
    return out;
}

/* A figure of it, kept apart from the number it is compared with. */
static const char *figure(char out[PLAIN_MAX], const struct claim *claim,
                          const struct claim_figures *f, double value, enum plain_way way)
{
    if (claim->sides[0].measure == CLAIM_MEAN)
        return plain_beside(out, value, f->range, f->number, way);
    plain_percent(out, value, f->number, way);
    name_points(out, claim);
    return out;
}

static bool put_statement(struct buffer *out, const struct claim *claim,
                          const struct claim_found *found, enum claim_op op)
{
    static const char *const words[] = {"above", "at least", "below", "at most"};
    char number[PLAIN_MAX];
    bool same = claim->side_count == 2 && found->groups[0] == found->groups[1];
    if (claim->side_count == 1)
        return put_measure(out, &claim->sides[0], found->labels[0]) &&
               buffer_appendf(out, " is %s %s", words[op], typed(number, claim));
    const char *first = same ? "" : found->labels[0];
    if (claim->number == 0)
        return put_measure(out, &claim->sides[0], first) &&
               buffer_appendf(out, " is %s ", words[op]) &&
               put_measure(out, &claim->sides[1], found->labels[1]);
    return put_measure(out, &claim->sides[0], first) && buffer_append_text(out, " less ") &&
           put_measure(out, &claim->sides[1], found->labels[1]) &&
           buffer_appendf(out, " is %s %s", words[op], typed(number, claim));
}

bool claim_statement(struct buffer *out, const struct claim *claim, const struct claim_found *found)
{
    return put_statement(out, claim, found, claim->op);
}

bool claim_counterstatement(struct buffer *out, const struct claim *claim,
                            const struct claim_found *found)
{
    static const enum claim_op opposite[] = {CLAIM_AT_MOST, CLAIM_BELOW, CLAIM_AT_LEAST,
                                             CLAIM_ABOVE};
    return put_statement(out, claim, found, opposite[claim->op]);
}

/* ---- who answered ---- */

/* "the 25,000 answers", "the 25,000 answers (9,000 people wrote, some
 * more than once; each answer counts)", "1,300 and 1,200 answers". */
static bool put_answers(struct buffer *out, const struct claim_figures *f)
{
    char first[PLAIN_MAX], many[PLAIN_MAX];
    const struct table_group *g = f->of[0].group;
    if (f->count == 2)
        return buffer_appendf(out, "%s and %s", plain_count(first, g->scored),
                              plain_many(many, f->of[1].group->scored, "answer", "answers"));
    bool weighted = g->weighted != NULL;
    bool ok = buffer_appendf(out, "the %s",
                             plain_many(many, g->scored, weighted ? "weighted answer" : "answer",
                                        weighted ? "weighted answers" : "answers"));
    if (ok && table_group_repeats(g))
        ok = buffer_appendf(out, " (%s wrote, some more than once; each answer counts)",
                            plain_many(many, g->people, "person", "people"));
    return ok;
}

/* " among 48,000,000 people (0.05 %)", nothing where their number is not known. */
static bool put_population(struct buffer *out, const struct claim_figures *f)
{
    char count[PLAIN_MAX], share[PLAIN_MAX];
    const struct table_group *g = f->of[0].group;
    if (f->count == 2 || isnan(g->population))
        return true;
    double n = !g->votes && g->people < g->scored ? g->people : g->scored;
    return buffer_appendf(out, " from a population of %s (%s)", plain_count(count, g->population),
                          plain_percent(share, n / g->population, (double)NAN, PLAIN_NEAREST));
}

/* "it is 3.9", "the difference is 0.4" */
static bool put_observed(struct buffer *out, const struct claim *claim,
                         const struct claim_figures *f, const struct claim_judgement *j)
{
    char value[PLAIN_MAX];
    return buffer_appendf(out, "%s %s", claim->side_count == 2 ? "the difference is" : "it is",
                          figure(value, claim, f, j->observed, PLAIN_NEAREST));
}

/* ---- the sentence ---- */

static double silent_of(const struct claim_figures *f)
{
    double silent = 0;
    for (size_t i = 0; i < f->count; i++)
        silent += f->of[i].group->population - f->of[i].group->scored;
    return silent;
}

/* Why a certain statement is certain: ", whatever ...".  up: it says "above". */
static bool put_ground(struct buffer *out, const struct claim *claim, const struct claim_figures *f,
                       const struct claim_judgement *j, double worst, bool up)
{
    char many[PLAIN_MAX], value[PLAIN_MAX];
    if (j->ground == CLAIM_BY_SCALE)
        return buffer_append_text(out, "; the scale allows nothing else.");
    if (j->ground == CLAIM_BY_ALL)
        return buffer_append_text(out, ". Everybody answered, and ") &&
               put_observed(out, claim, f, j) && buffer_append_byte(out, '.');
    double silent = silent_of(f);
    return buffer_appendf(out, ", whatever the %s who %s silent %s: %s is at %s %s.",
                          plain_many(many, silent, "person", "people"), silent > 1 ? "were" : "was",
                          silent > 1 ? "think" : "thinks",
                          claim->side_count == 2 ? "the difference" : "it", up ? "least" : "most",
                          figure(value, claim, f, worst, up ? PLAIN_DOWN : PLAIN_UP));
}

static bool put_as_long(struct buffer *out, double ratio, double yardstick)
{
    char times[PLAIN_MAX];
    if (isinf(ratio))
        return buffer_append_text(out, ", however unequally ready people were to answer");
    return buffer_appendf(out,
                          ", as long as nobody was more than %s times as ready to answer as "
                          "anybody else",
                          plain_ratio_down(times, ratio, yardstick));
}

static bool put_supported(struct buffer *out, const struct claim *claim,
                          const struct claim_figures *f, const struct claim_judgement *j,
                          const struct claim_rules *rules)
{
    return put_as_long(out, j->ratio, rules->yardstick) && buffer_append_text(out, ". In ") &&
           put_answers(out, f) && put_population(out, f) && buffer_append_text(out, ", ") &&
           put_observed(out, claim, f, j) && buffer_append_byte(out, '.');
}

static bool put_unsupported(struct buffer *out, const struct claim *claim,
                            const struct claim_figures *f, const struct claim_judgement *j,
                            const struct claim_rules *rules)
{
    char times[PLAIN_MAX], yardstick[PLAIN_MAX];
    bool ok = buffer_append_text(out, ". In ") && put_answers(out, f) && put_population(out, f) &&
              buffer_append_text(out, ", ") && put_observed(out, claim, f, j);
    if (!ok)
        return false;
    if (j->tip < 1)
        return buffer_append_text(out, "; the bands of this table are too wide to say more.");
    if (j->ratio < 1)
        return buffer_append_text(out, ", which may be chance.");
    return buffer_appendf(out,
                          ", but among all people it may be otherwise if some were %s times as "
                          "ready to answer as others (the yardstick is %s).",
                          plain_ratio_up(times, j->ratio, rules->yardstick),
                          plain_typed(yardstick, rules->yardstick));
}

static bool put_opposite(struct buffer *out, const struct claim *claim,
                         const struct claim_found *found, const struct claim_figures *f,
                         const struct claim_judgement *j, const struct claim_rules *rules)
{
    bool up = claim->op == CLAIM_BELOW || claim->op == CLAIM_AT_MOST;
    switch (j->opposite) {
    case CLAIM_CERTAIN:
        return buffer_append_text(out, " The opposite holds: ") &&
               claim_counterstatement(out, claim, found) &&
               put_ground(out, claim, f, j, j->opposite_worst, up);
    case CLAIM_SUPPORTED:
        return buffer_append_text(out, " The opposite is supported: ") &&
               claim_counterstatement(out, claim, found) &&
               put_as_long(out, j->opposite_ratio, rules->yardstick) &&
               buffer_append_byte(out, '.');
    default:
        return buffer_append_text(out,
                                  " Nor is the opposite supported by self-selected answers alone.");
    }
}

static bool put_false(struct buffer *out, const struct claim *claim,
                      const struct claim_found *found, const struct claim_figures *f,
                      const struct claim_judgement *j, const struct claim_rules *rules)
{
    /* Everybody's figure, or the scale, is said with the opposite. */
    bool said = j->opposite == CLAIM_CERTAIN && j->ground != CLAIM_BY_BOUND;
    bool ok = buffer_append_byte(out, '.');
    if (ok && !said)
        ok = buffer_append_text(out, " In ") && put_answers(out, f) && put_population(out, f) &&
             buffer_append_text(out, ", ") && put_observed(out, claim, f, j) &&
             buffer_append_byte(out, '.');
    return ok && put_opposite(out, claim, found, f, j, rules);
}

/* ", by a random check sample of 200 people" */
static bool put_probe(struct buffer *out, const struct claim_figures *f,
                      const struct claim_rules *rules)
{
    char many[PLAIN_MAX];
    const struct claim_probe *probe = rules->probes[0];
    if (f->count == 2)
        return buffer_append_text(out, "random check samples of both groups");
    if (probe->exact)
        return buffer_append_text(out, "figures that are known from elsewhere");
    return buffer_appendf(out, "a random check sample of %s",
                          plain_many(many, probe->n, "person", "people"));
}

static bool put_refused(struct buffer *out, const struct claim_figures *f,
                        const struct claim_judgement *j)
{
    static const char *const reasons[] = {
        [CLAIM_NOT_REFUSED] = "",
        [CLAIM_WITHHELD] = "the figures are withheld",
        [CLAIM_NO_SCORES] = "there are no scores in two or more bands",
        [CLAIM_TOO_FEW] = "fewer than 30 scored answers",
        [CLAIM_TOO_MANY] = "more answered than there are people, so one of the two is wrong",
    };
    const char *label = f->of[j->refused_group].label;
    return buffer_appendf(out, "Not judged%s%s%s: %s.", label[0] != '\0' ? " (" : "", label,
                          label[0] != '\0' ? ")" : "", reasons[j->refusal]);
}

bool claim_sentence(struct buffer *out, const struct claim *claim, const struct claim_found *found,
                    const struct claim_figures *f, const struct claim_judgement *j,
                    const struct claim_rules *rules)
{
    bool up = claim->op == CLAIM_ABOVE || claim->op == CLAIM_AT_LEAST;
    switch (j->verdict) {
    case CLAIM_CERTAIN:
        return buffer_append_text(out, "Holds: ") && claim_statement(out, claim, found) &&
               put_ground(out, claim, f, j, j->worst, up);
    case CLAIM_PROBED:
        return buffer_append_text(out, "Holds: ") && claim_statement(out, claim, found) &&
               buffer_append_text(out, ", by ") && put_probe(out, f, rules) &&
               buffer_append_byte(out, '.');
    case CLAIM_SUPPORTED:
        return buffer_append_text(out, "Supported: ") && claim_statement(out, claim, found) &&
               put_supported(out, claim, f, j, rules);
    case CLAIM_UNSUPPORTED:
        return buffer_append_text(out, "Not supported by self-selected answers alone: that ") &&
               claim_statement(out, claim, found) && put_unsupported(out, claim, f, j, rules);
    case CLAIM_PROBED_AGAINST:
        return buffer_append_text(out, "Not supported: that ") &&
               claim_statement(out, claim, found) &&
               buffer_append_text(out, ". The opposite holds, by ") && put_probe(out, f, rules) &&
               buffer_append_byte(out, '.');
    case CLAIM_FALSE:
        return buffer_append_text(out, "Not supported: that ") &&
               claim_statement(out, claim, found) && put_false(out, claim, found, f, j, rules);
    default:
        return put_refused(out, f, j);
    }
}

/* ---- the reasons ---- */

static bool put_worst(struct buffer *out, const struct claim *claim, const struct claim_figures *f,
                      const struct claim_judgement *j)
{
    char value[PLAIN_MAX];
    bool up = claim->op == CLAIM_ABOVE || claim->op == CLAIM_AT_LEAST;
    if (j->repeated)
        return buffer_append_text(out, "  whatever the silent think: not reckoned, since some "
                                       "people are behind several records\n");
    if (isnan(j->worst))
        return buffer_append_text(out, "  whatever the silent think: not known, as the number of "
                                       "people is not\n");
    return buffer_appendf(out, "  whatever the silent think: %s is at %s %s among all\n",
                          claim->side_count == 2 ? "the difference" : "the figure",
                          up ? "least" : "most",
                          figure(value, claim, f, j->worst, up ? PLAIN_DOWN : PLAIN_UP));
}

static bool put_ratio(struct buffer *out, const char *of, double ratio,
                      const struct claim_rules *rules)
{
    char times[PLAIN_MAX], sure[PLAIN_MAX];
    if (isinf(ratio))
        return buffer_appendf(out, "  readiness: %s at any ratio\n", of);
    if (ratio < 1)
        return buffer_appendf(out, "  readiness: %s at no ratio, once chance is allowed for\n", of);
    return buffer_appendf(out, "  readiness: %s up to a ratio of %s, chance allowed for (%s)\n", of,
                          plain_ratio_down(times, ratio, rules->yardstick),
                          plain_percent(sure, rules->confidence, (double)NAN, PLAIN_NEAREST));
}

bool claim_reasons(struct buffer *out, const struct claim *claim, const struct claim_found *found,
                   const struct claim_figures *f, const struct claim_judgement *j,
                   const struct claim_rules *rules)
{
    char times[PLAIN_MAX], yardstick[PLAIN_MAX];
    (void)found;
    if (j->verdict == CLAIM_REFUSED)
        return true;
    bool ok = buffer_append_text(out, "  what came in: ") && put_answers(out, f) &&
              put_population(out, f) && buffer_append_text(out, "; ") &&
              put_observed(out, claim, f, j) && buffer_append_byte(out, '\n') &&
              put_worst(out, claim, f, j);
    if (ok && j->tip >= 1 && !isinf(j->tip))
        ok = buffer_appendf(out, "  readiness: the claim turns at a ratio of %s, chance left out\n",
                            plain_ratio_up(times, j->tip, rules->yardstick));
    if (ok && j->tip >= 1)
        ok = put_ratio(out, "the claim holds", j->ratio, rules);
    else if (ok)
        ok = put_ratio(out, "the opposite holds", j->opposite_ratio, rules);
    return ok && buffer_appendf(out, "  yardstick: a ratio of %s or more counts as support\n",
                                plain_typed(yardstick, rules->yardstick));
}
