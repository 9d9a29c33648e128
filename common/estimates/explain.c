#include "estimates/explain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "estimates/explain_parts.h"
#include "stats/moments.h"

double explain_people(const struct table_group *g)
{
    return table_group_repeats(g) ? g->people : g->scored;
}

bool explain_all(const struct table_group *g)
{
    return !table_group_repeats(g) && g->scored > 0 && g->scored >= g->population;
}

bool explain_settled(const struct explained *e)
{
    enum claim_verdict verdict = e->judgement.verdict;
    return verdict == CLAIM_CERTAIN || verdict == CLAIM_PROBED || verdict == CLAIM_PROBED_AGAINST;
}

const char *explain_figure(char out[PLAIN_MAX], const struct explained *e, double value,
                           enum plain_way way)
{
    return e->share ? plain_percent(out, value, e->target, way)
                    : plain_beside(out, value, e->range, e->target, way);
}

const char *explain_target(char out[PLAIN_MAX], const struct explained *e)
{
    return e->share ? plain_percent(out, e->target, (double)NAN, PLAIN_NEAREST)
                    : plain_typed(out, e->target);
}

const char *explain_confidence(char out[PLAIN_MAX], const struct explained *e)
{
    return plain_percent(out, e->options->rules.confidence, (double)NAN, PLAIN_NEAREST);
}

double explain_probe_size(double sd, double precision, double population, double z)
{
    double m = z * sd / precision;
    m *= m;
    if (!isnan(population))
        m = m / (1 + (m - 1) / population);
    m = ceil(m - 1e-9);
    return m > 1 ? m : 1;
}

/* ---- the conclusion ---- */

/* The number of people, not the numbers of a scale, is what a wrong target is about. */
static enum status set_target(struct explained *e, struct error *err)
{
    const struct table_group *g = e->group;
    double range = g->highest - g->lowest;
    double target = isnan(e->options->target) ? g->lowest + range / 2 : e->options->target;
    if (!(target >= g->lowest && target <= g->highest))
        return error_set(err, STATUS_USAGE,
                         "the target %g does not lie on the scale, which goes from %g to %g",
                         target, g->lowest, g->highest);
    double precision = isnan(e->options->precision) ? range / 40 : e->options->precision;
    if (!(precision > 0 && precision < range))
        return error_set(err, STATUS_USAGE,
                         "a precision of %g is none: it lies above 0 and below the length of the "
                         "scale, which is %g",
                         precision, range);
    e->range = e->share ? 1 : range;
    e->target = e->share ? (target - g->lowest) / range : target;
    e->precision = e->share ? precision / range : precision;
    return STATUS_OK;
}

static enum status set_side(struct explained *e, struct arena *arena, struct error *err)
{
    struct claim_band *band = arena_calloc(arena, 1, sizeof *band);
    if (band == NULL)
        return error_no_memory(err);
    struct claim_side *side = &e->claim.sides[0];
    side->measure = CLAIM_MEAN;
    e->claim.side_count = 1;
    e->claim.number = llround(e->target * DECIMAL_ONE);
    if (!e->share)
        return STATUS_OK;
    *band = (struct claim_band){.from = e->group->band[1].name, .to = SLICE_MISSING};
    side->measure = CLAIM_SHARE;
    side->bands = band;
    side->band_count = 1;
    return STATUS_OK;
}

static void set_direction(struct explained *e)
{
    double away = e->figures.of[0].observed - e->target;
    e->even = fabs(away) <= 1e-12 * (fabs(e->target) + e->range);
    e->claim.op = away > 0 || e->even ? CLAIM_ABOVE : CLAIM_BELOW;
    e->figures.number = e->target;
}

static void set_sd(struct explained *e)
{
    const struct table_group *g = e->group;
    e->sd = g->sd;
    if (e->share && g->scored > 1) {
        double p = e->figures.of[0].observed;
        e->sd = sqrt(p * (1 - p) * g->scored / (g->scored - 1));
    }
}

static enum status keep(const char **text, struct buffer *from, bool ok, struct arena *arena,
                        struct error *err)
{
    *text = ok ? arena_copy(arena, from->data, from->len) : NULL;
    buffer_free(from);
    return *text != NULL ? STATUS_OK : error_no_memory(err);
}

static enum status set_words(struct explained *e, struct arena *arena, struct error *err)
{
    struct buffer text = BUFFER_INIT;
    struct claim_found bare = {.groups = {e->group, NULL}, .labels = {"", NULL}};
    bool ok = claim_statement(&text, &e->claim, &bare);
    enum status s = keep(&e->statement, &text, ok, arena, err);
    if (s != STATUS_OK)
        return s;
    /* Up to " is above". */
    const char *end =
        strstr(e->statement, e->claim.op == CLAIM_ABOVE ? " is above " : " is below ");
    e->measure = arena_copy(arena, e->statement, (size_t)(end - e->statement));
    char *sentence = arena_copy(arena, e->statement, strlen(e->statement));
    if (sentence != NULL)
        sentence[0] = 'T'; /* each begins with "the" */
    e->sentence = sentence;
    return e->measure != NULL && sentence != NULL ? STATUS_OK : error_no_memory(err);
}

enum status explain_make(struct explained *e, const struct table_names *names,
                         const struct table_group *g, const struct explain_options *options,
                         struct arena *arena, struct error *err)
{
    *e = (struct explained){
        .group = g, .options = options, .share = g->bands == 2, .sd = (double)NAN};
    enum status s = claim_label(&e->label, names, g, arena, err);
    if (s != STATUS_OK)
        return s;
    e->found = (struct claim_found){.groups = {g, NULL}, .labels = {e->label, NULL}};
    if (g->withheld || g->bands < 2) {
        e->judgement = (struct claim_judgement){
            .verdict = CLAIM_REFUSED, .refusal = g->withheld ? CLAIM_WITHHELD : CLAIM_NO_SCORES};
        return STATUS_OK;
    }
    s = set_target(e, err);
    if (s == STATUS_OK)
        s = set_side(e, arena, err);
    if (s == STATUS_OK)
        s = claim_figures(&e->figures, &e->claim, &e->found, arena, err);
    if (s != STATUS_OK)
        return s;
    set_direction(e);
    set_sd(e);
    s = claim_judge(&e->judgement, &e->figures, e->claim.op, &options->rules, err);
    /* Weights may turn what is certain of everyone; then that is the conclusion. */
    if (s == STATUS_OK && !e->even && e->judgement.verdict == CLAIM_FALSE) {
        e->claim.op = e->claim.op == CLAIM_ABOVE ? CLAIM_BELOW : CLAIM_ABOVE;
        s = claim_judge(&e->judgement, &e->figures, e->claim.op, &options->rules, err);
    }
    return s == STATUS_OK ? set_words(e, arena, err) : s;
}

/* ---- pages and lists ---- */

bool explain_page(struct buffer *out, const struct explained *e)
{
    struct plain_page page = PLAIN_PAGE_INIT(out);
    page_title(&page, e->label[0] != '\0' ? e->label : "All answers", '=');
    explain_verdict(&page, e);
    if (e->judgement.refusal != CLAIM_WITHHELD && e->judgement.refusal != CLAIM_NO_SCORES) {
        explain_who(&page, e);
        explain_quiet(&page, e);
        explain_bounds(&page, e);
        explain_readiness(&page, e);
        explain_probe(&page, e);
        explain_settle(&page, e);
        explain_publish(&page, e);
    }
    return page_close(&page);
}

enum { LABEL_COLUMNS = 27 };

bool explain_head(struct buffer *out)
{
    return buffer_appendf(out, "%-*s %12s %9s %8s  %s\n", LABEL_COLUMNS, "group", "answers",
                          "figure", "holds to", "verdict");
}

static const char *verdict_word(const struct explained *e)
{
    switch (e->judgement.verdict) {
    case CLAIM_CERTAIN:
        return "settled";
    case CLAIM_PROBED:
    case CLAIM_PROBED_AGAINST:
        return "by probe";
    case CLAIM_SUPPORTED:
        return "supported";
    case CLAIM_REFUSED:
        return "none";
    default:
        return "open";
    }
}

/* Labels are characters of any size; what is too long ends in dots. */
static bool put_label(struct buffer *out, const char *label)
{
    size_t bytes = 0, columns = 0, cut = 0;
    for (; label[bytes] != '\0'; bytes++) {
        columns += ((unsigned char)label[bytes] & 0xc0) != 0x80;
        cut = columns <= LABEL_COLUMNS - 3 ? bytes + 1 : cut;
    }
    if (columns > LABEL_COLUMNS)
        return buffer_append(out, label, cut) && buffer_append_text(out, "...");
    return buffer_appendf(out, "%s%*s", label, (int)(LABEL_COLUMNS - columns), "");
}

bool explain_line(struct buffer *out, const struct explained *e)
{
    char answers[PLAIN_MAX] = "", value[PLAIN_MAX] = "", ratio[PLAIN_MAX] = "";
    const struct claim_judgement *j = &e->judgement;
    if (j->verdict != CLAIM_REFUSED) {
        plain_count(answers, e->group->scored);
        explain_figure(value, e, j->observed, PLAIN_NEAREST);
        if (j->verdict == CLAIM_CERTAIN || (isinf(j->ratio) && !explain_settled(e)))
            (void)snprintf(ratio, sizeof ratio, "any");
        else if (j->ratio >= 1 && !explain_settled(e))
            plain_ratio_down(ratio, j->ratio, e->options->rules.yardstick);
    }
    return put_label(out, e->label[0] != '\0' ? e->label : "all answers") &&
           buffer_appendf(out, " %12s %9s %8s  %s\n", answers, value, ratio, verdict_word(e));
}
