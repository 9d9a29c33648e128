/* The sections of a page, but for its last two. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "estimates/explain_parts.h"
#include "stats/coverage.h"

/* ---- verdict ---- */

static const char *why_refused(const struct explained *e)
{
    switch (e->judgement.refusal) {
    case CLAIM_WITHHELD:
        return "The figures of this group are withheld, so that nobody in it can be made out.";
    case CLAIM_NO_SCORES:
        return "There are no scores in two or more bands.";
    case CLAIM_TOO_MANY:
        return "More people answered than there are, so one of the two numbers is wrong.";
    default:
        if (e->group->scored <= 0)
            return "Nobody gave a score.";
        return "Fewer than 30 scored answers came in, and what they show may be chance.";
    }
}

static void put_supported(struct plain_page *page, const struct explained *e)
{
    char times[PLAIN_MAX];
    if (isinf(e->judgement.ratio)) {
        page_add(page, "%s, however unequally ready people were to answer.", e->sentence);
        return;
    }
    page_add(page, "%s, unless some were more than %s times as ready to answer as others.",
             e->sentence, plain_ratio_down(times, e->judgement.ratio, e->options->rules.yardstick));
}

/* The line of the verdict, and behind it what it means. */
void explain_verdict(struct plain_page *page, const struct explained *e)
{
    static const char *const lines[] = {
        [CLAIM_REFUSED] = "nothing can be said of everyone.",
        [CLAIM_CERTAIN] = "settled.",
        [CLAIM_PROBED] = "settled by the random check sample.",
        [CLAIM_SUPPORTED] = "supported, not settled.",
        [CLAIM_UNSUPPORTED] = "not supported by self-selected data alone.",
        [CLAIM_PROBED_AGAINST] = "the answers mislead, as the random check sample shows.",
        [CLAIM_FALSE] = "open.",
    };
    const struct claim_judgement *j = &e->judgement;
    const struct claim_probe *probe = e->options->rules.probes[0];
    bool known = probe != NULL && probe->exact;
    if (known && j->verdict == CLAIM_PROBED)
        page_add(page, "Verdict: settled by what is known of everyone.");
    else if (known && j->verdict == CLAIM_PROBED_AGAINST)
        page_add(page, "Verdict: the answers mislead, as what is known of everyone shows.");
    else
        page_add(page, "Verdict: %s", lines[j->verdict]);
    page_end(page, 0);
    switch (j->verdict) {
    case CLAIM_REFUSED:
        page_add(page, "%s", why_refused(e));
        break;
    case CLAIM_CERTAIN:
        page_add(page, "%s%s.", e->sentence,
                 j->ground == CLAIM_BY_ALL ? ": everybody answered"
                                           : ", whatever the silent think");
        break;
    case CLAIM_PROBED:
        page_add(page, "%s.", e->sentence);
        break;
    case CLAIM_PROBED_AGAINST:
        if (e->even)
            page_add(page, "The answers stand at the target itself; everyone does not.");
        else
            page_add(page, "It is true of the answers that %s; it is not true of everyone.",
                     e->statement);
        break;
    case CLAIM_SUPPORTED:
        put_supported(page, e);
        break;
    default:
        if (e->even && explain_all(e->group))
            page_add(page, "Everybody answered, and stands at the target itself, on neither side.");
        else if (e->even)
            page_add(page, "The answers stand at the target itself and point to neither side.");
        else
            page_add(page,
                     "It is true of the answers that %s; whether it is true of everyone they do "
                     "not show.",
                     e->statement);
    }
    page_end(page, 0);
}

/* ---- who spoke ---- */

static void put_worth(struct plain_page *page, const struct explained *e,
                      const struct coverage *coverage)
{
    char n[PLAIN_MAX], worth[PLAIN_MAX], correlation[PLAIN_MAX];
    const double n_eff = coverage_n_eff(coverage, e->options->correlation);
    page_add(
        page,
        "If answering and opinion went together by a data-defect correlation of only %s (0: who "
        "answers has nothing to do with what they think; 1 is the most there can be),",
        plain_typed(correlation, e->options->correlation));
    if (table_group_repeats(e->group))
        page_add(page, "what %s sent", plain_many(n, coverage->n, "person", "people"));
    else
        page_add(page, "the %s", plain_many(n, coverage->n, "answer", "answers"));
    if (n_eff < 1)
        page_add(page, "would be worth less than one random person.");
    else if (n_eff >= coverage->n)
        page_add(page, "would still be worth as many random people.");
    else
        page_add(page, "would be worth %s.",
                 plain_many(worth, floor(n_eff + 0.5), "random person", "random people"));
}

/* "25,000 of 48,000,000 people took part (participation 0.05 %, 1 in 1,920)." */
static void put_participation(struct plain_page *page, double people, double population)
{
    char n[PLAIN_MAX], all[PLAIN_MAX], share[PLAIN_MAX], one[PLAIN_MAX];
    double part = people / population;
    plain_count(n, people);
    plain_many(all, population, "person", "people");
    plain_percent(share, part, (double)NAN, PLAIN_NEAREST);
    if (people <= 0)
        page_add(page, "None of %s gave a score.", all);
    else if (part < 0.1)
        page_add(page, "%s of %s took part (participation %s, %s).", n, all, share,
                 plain_one_in(one, part));
    else
        page_add(page, "%s of %s took part (participation %s).", n, all, share);
}

void explain_who(struct plain_page *page, const struct explained *e)
{
    const struct table_group *g = e->group;
    char n[PLAIN_MAX], all[PLAIN_MAX];
    double people = explain_people(g);
    struct coverage coverage;
    struct error ignored = ERROR_INIT;
    page_heading(page, "Who spoke, and for how many");
    if (table_group_repeats(g))
        page_add(page, "%s came in from %s; shares and means are of answers, not of people.",
                 plain_many(n, g->scored, "answer", "answers"),
                 plain_many(all, g->people, "person", "people"));
    else if (isnan(g->population))
        page_add(page, "%s came in.", plain_many(n, g->scored, "answer", "answers"));
    if (isnan(g->population)) {
        page_add(page, "How many people could have answered is not known here, and so neither is "
                       "participation.");
    } else if (explain_all(g)) {
        page_add(page, "All %s answered; nobody was silent.",
                 plain_many(all, g->population, "person", "people"));
    } else {
        put_participation(page, people, g->population);
        if (people > 0 && coverage_of(&coverage, people, g->population, &ignored) == STATUS_OK)
            put_worth(page, e, &coverage);
    }
    if (g->weighted != NULL)
        page_add(page, "The answers are weighted; where chance is concerned they are worth %s.",
                 plain_many(n, g->n_eff, "answer of equal weight", "answers of equal weight"));
    page_end(page, 2);
}

/* ---- neutral, no opinion, absent ---- */

static void put_neutral(struct plain_page *page, const struct table_group *g)
{
    char n[PLAIN_MAX];
    if (g->bands % 2 == 0)
        page_add(page, "Neutral: the scale has no middle to choose.");
    else if (g->counts[g->bands / 2] <= 0)
        page_add(page, "Neutral: no answer in the middle of the scale.");
    else
        page_add(page, "Neutral: %s in the middle of the scale, counted like any other.",
                 plain_many(n, g->counts[g->bands / 2], "answer", "answers"));
}

void explain_quiet(struct plain_page *page, const struct explained *e)
{
    const struct table_group *g = e->group;
    char n[PLAIN_MAX];
    double missing = isnan(g->missing) ? 0 : g->missing;
    double off = isnan(g->off_scale) ? 0 : g->off_scale;
    put_neutral(page, g);
    if (isnan(g->missing))
        page_add(page, "No opinion: this table does not say.");
    else if (missing <= 0)
        page_add(page, "No opinion: nobody who was heard.");
    else
        page_add(page, "No opinion: %s without a score.",
                 plain_many(n, missing, "record", "records"));
    if (off > 0)
        page_add(page, "Not on the scale: %s.", plain_many(n, off, "answer", "answers"));
    double heard = table_group_repeats(g) ? g->people : g->scored + missing + off;
    if (isnan(g->population))
        page_add(page, "Absent: not known.");
    else if (g->population <= heard)
        page_add(page, "Absent: nobody.");
    else
        page_add(page, "Absent: %s of whom nothing was heard.",
                 plain_many(n, g->population - heard, "person", "people"));
    page_add(page, "These are different things; none is counted as another.");
    page_end(page, 2);
}

/* ---- whatever the silent think ---- */

static bool has_ranges(const struct table_group *g)
{
    for (size_t i = 0; i < g->bands; i++)
        if (g->band[i].low < g->band[i].high)
            return true;
    return false;
}

static void put_interval(struct plain_page *page, const struct explained *e)
{
    char low[PLAIN_MAX], high[PLAIN_MAX], target[PLAIN_MAX];
    const struct claim_judgement *j = &e->judgement;
    double least = e->claim.op == CLAIM_ABOVE ? j->worst : j->opposite_worst;
    double most = e->claim.op == CLAIM_ABOVE ? j->opposite_worst : j->worst;
    explain_figure(low, e, least, PLAIN_DOWN);
    explain_figure(high, e, most, PLAIN_UP);
    page_add(page, "Wherever the silent stand, %s among everyone lies between %s and %s.",
             e->measure, low, high);
    if (j->verdict == CLAIM_CERTAIN)
        page_add(page, "That alone settles it.");
    else
        page_add(page, "%s lies between them as well: the answers alone settle nothing.",
                 explain_target(target, e));
    if (has_ranges(e->group) && !e->share)
        page_add(page, "(Bands are ranges here; where it matters, the unfavourable end is taken.)");
}

void explain_bounds(struct plain_page *page, const struct explained *e)
{
    const struct table_group *g = e->group;
    const struct claim_judgement *j = &e->judgement;
    char value[PLAIN_MAX];
    page_heading(page, "What holds whatever the silent think");
    if (g->scored <= 0)
        page_add(page, "Nothing: nobody gave a score. The answers alone settle nothing.");
    else if (explain_all(g) && j->verdict != CLAIM_REFUSED)
        page_add(page, "All of it: nobody was silent, and %s is %s.", e->measure,
                 explain_figure(value, e, j->observed, PLAIN_NEAREST));
    else if (table_group_repeats(g))
        page_add(page,
                 "This is not worked out, because some people sent several answers and a few of "
                 "them may be behind much of the picture. The answers alone settle nothing.");
    else if (isnan(g->population))
        page_add(page, "That cannot be worked out without the number of people. The answers alone "
                       "settle nothing.");
    else if (j->verdict == CLAIM_REFUSED)
        page_add(page, "Not worked out, for the reason given above. The answers alone settle "
                       "nothing.");
    else
        put_interval(page, e);
    page_end(page, 2);
}

/* ---- readiness ---- */

static void put_yardstick(struct plain_page *page, const struct explained *e)
{
    char mine[PLAIN_MAX];
    double yardstick = e->options->rules.yardstick;
    bool own = fabs(yardstick - CLAIM_YARDSTICK) > 1e-9;
    page_add(page, "The yardstick is %s:", plain_typed(mine, yardstick));
    page_add(page, own ? "a ratio that was set for this study. The usual one, 3, is a convention,"
                       : "a conclusion that turns at a lower ratio is not supported. This is a "
                         "convention,");
    page_add(page,
             "from four data sets whose truth is known: a ratio of 3 covered the truth in all 44 "
             "groups of one (clothes, rated; within the sampling error of their truth), in 50 "
             "of 51 states of another (votes) and in 9 of 11 ballot questions; in the fourth "
             "(vaccination surveys) 2.5 was enough in all 39 waves. It is no guarantee, and "
             "you may set another (--yardstick).");
}

/* Those on the side of the conclusion. */
static const char *who_stands(char out[TEXT_ESCAPED_MAX + 32], const struct explained *e)
{
    bool above = e->claim.op == CLAIM_ABOVE;
    char shown[TEXT_ESCAPED_MAX];
    if (e->share)
        (void)snprintf(out, TEXT_ESCAPED_MAX + 32, "chose %s",
                       text_escape(shown, e->group->band[above ? 1 : 0].name));
    else
        (void)snprintf(out, TEXT_ESCAPED_MAX + 32, "stand %s it", above ? "above" : "below");
    return out;
}

static void put_tip(struct plain_page *page, const struct explained *e)
{
    const struct claim_judgement *j = &e->judgement;
    char value[PLAIN_MAX], target[PLAIN_MAX], times[PLAIN_MAX], sure[PLAIN_MAX];
    double yardstick = e->options->rules.yardstick;
    const char *side = e->claim.op == CLAIM_ABOVE ? "above" : "below";
    char who[TEXT_ESCAPED_MAX + 32];
    page_add(page, "Among the answers %s is %s, %s %s.", e->measure,
             explain_figure(value, e, j->observed, PLAIN_NEAREST), side, explain_target(target, e));
    if (isinf(j->tip))
        page_add(page,
                 "No answer speaks against that, so no ratio of readiness turns what came in.");
    else if (j->tip >= 1)
        page_add(page,
                 "Among everyone it would no longer be, if those who %s were %s times as ready to "
                 "answer as the others.",
                 who_stands(who, e), plain_ratio_up(times, j->tip, yardstick));
    else {
        page_add(page,
                 "Bands are ranges here, and they are too wide to say more: were all scores at "
                 "the unfavourable ends of theirs, it would not even be so among the answers.");
        return;
    }
    if (isinf(j->ratio))
        page_add(page, "Chance changes nothing in that.");
    else if (j->ratio >= 1)
        page_add(page, "With chance allowed for (%s), the conclusion is safe up to %s times.",
                 explain_confidence(sure, e), plain_ratio_down(times, j->ratio, yardstick));
    else
        page_add(page,
                 "With chance allowed for (%s), it is not safe even if all were equally ready to "
                 "answer.",
                 explain_confidence(sure, e));
}

void explain_readiness(struct plain_page *page, const struct explained *e)
{
    /* Where it is settled, readiness cannot turn it. */
    if (e->judgement.verdict == CLAIM_REFUSED || explain_settled(e) || explain_all(e->group))
        return;
    page_heading(page, "How much readier to answer one side would have to be");
    if (e->even)
        page_add(page, "The answers stand at the target itself, so that the least difference in "
                       "readiness decides on which side everyone stands.");
    else
        put_tip(page, e);
    page_end(page, 2);
    if (!e->even)
        put_yardstick(page, e);
    page_end(page, 2);
    page_add(page, "Nothing here shows which way the silent lean.");
    page_end(page, 2);
}
