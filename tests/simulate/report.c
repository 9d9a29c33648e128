#include "report.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "stats/interval.h"

/* A promise counts as kept unless chance would miss it by so much once in 1000 times. */
#define BY_CHANCE 3.0902323061678132
/* What is shown more seldom than this counts as refused in the overview. */
#define SHOWN_PART 0.05

/* What all trials of one world say of one claim. */
struct summary {
    double made, shown, held, width, off, squares;
    bool shares; /* it has no single middle that could be off */
};

static struct summary sum_up(const struct results *results, enum claim_id id)
{
    struct summary sum = {0};
    for (uint64_t i = 0; i < results->populations; i++) {
        const struct claim *claim = &results->trials[i].claims[id];
        sum.made += claim->made ? 1 : 0;
        if (!claim->made || !claim->shown)
            continue;
        sum.shown += 1;
        sum.held += claim->held;
        sum.width += claim->width;
        sum.off += claim->off;
        sum.squares += claim->off * claim->off;
        sum.shares = sum.shares || isnan(claim->off);
    }
    return sum;
}

/* Three places, and no minus before a nought. */
static double rounded(double value)
{
    return fabs(value) < 0.0005 ? 0 : value;
}

static bool is_anyway(enum claim_id id)
{
    return id == CLAIM_ENDS_ANYWAY || id == CLAIM_SLOPE_ANYWAY;
}

static void print_claim(const struct results *results, enum claim_id id)
{
    const struct summary sum = sum_up(results, id);
    const bool anyway = is_anyway(id);
    if (sum.made == 0)
        return;
    /* Nothing was refused: this would be the line before once more. */
    if (anyway && sum_up(results, (enum claim_id)(id - 1)).shown == sum.made)
        return;
    printf("| %s | %s | %s | %.0f %% |", results->world->name, claim_words(id),
           claim_is_entitled(id, results->world) ? "yes" : "no", 100 * claim_promise(id));
    if (sum.shown == 0) {
        printf(" - | - | - | - | - | %.1f %% |\n", 100.0);
        return;
    }
    const double held = sum.held / sum.shown;
    const struct interval chance = interval_wilson(sum.held, sum.shown, INTERVAL_Z95);
    printf(" %.1f %% | %.1f | %.3f |", 100 * held,
           100 * fmax(held - chance.low, chance.high - held), sum.width / sum.shown);
    if (sum.shares)
        printf(" | |");
    else
        printf(" %+.3f | %.3f |", rounded(sum.off / sum.shown), sqrt(sum.squares / sum.shown));
    if (anyway)
        printf(" overlooked |\n");
    else
        printf(" %.1f %% |\n", 100 * (1 - sum.shown / sum.made));
}

void report_head_of_worlds(void)
{
    puts("| scenario | population and readiness to answer | readiest over least ready | answers "
         "| error of the mean of the answers |");
    puts("|---|---|---:|---:|---:|");
}

void report_world(const struct results *results)
{
    double answers = 0, off = 0;
    char ratio[DOUBLE_TEXT_MAX];
    for (uint64_t i = 0; i < results->populations; i++) {
        answers += results->trials[i].facts.answers;
        off += results->trials[i].facts.naive_off;
    }
    if (results->world->kind == WORLD_MARGINS || results->world->differ > 0)
        (void)snprintf(ratio, sizeof ratio, "varies");
    else
        (void)snprintf(ratio, sizeof ratio, "%.1f", world_ratio(results->world));
    printf("| %s | %s | %s | %.0f | %+.3f |\n", results->world->name, results->world->words, ratio,
           answers / (double)results->populations, rounded(off / (double)results->populations));
}

/* Over scenarios of one sort: those where the assumption holds, or those where it does not. */
struct record {
    unsigned scenarios, kept;
    double least;
};

static void note(struct record *record, const struct summary *sum, double promise)
{
    const double held = sum->held / sum->shown;
    record->scenarios++;
    record->kept += interval_wilson(sum->held, sum->shown, BY_CHANCE).high >= promise ? 1 : 0;
    record->least = record->scenarios == 1 ? held : fmin(record->least, held);
}

static void print_record(const struct record *record)
{
    if (record->scenarios == 0)
        printf(" 0 | - | - |");
    else
        printf(" %u | %u | %.1f %% |", record->scenarios, record->kept, 100 * record->least);
}

static void print_overview(const struct results *all, size_t count, enum claim_id id)
{
    struct record good = {0}, bad = {0};
    unsigned refused = 0;
    for (size_t i = 0; i < count; i++) {
        const struct summary sum = sum_up(&all[i], id);
        if (sum.made == 0)
            continue;
        if (sum.shown < sum.made * SHOWN_PART)
            refused++;
        else
            note(claim_is_entitled(id, all[i].world) ? &good : &bad, &sum, claim_promise(id));
    }
    if (good.scenarios + bad.scenarios + refused == 0)
        return;
    printf("| %s | %.0f %% |", claim_words(id), 100 * claim_promise(id));
    print_record(&good);
    print_record(&bad);
    printf(" %u |\n", refused);
}

void report_claims(const struct results *all, size_t count)
{
    puts(
        "\n| interval | promised | its assumption holds in | kept there | least held | it fails in "
        "| kept there | least held | refused in |");
    puts("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (int id = 0; id < CLAIM_COUNT; id++)
        if (!is_anyway((enum claim_id)id))
            print_overview(all, count, (enum claim_id)id);
    puts("\n| scenario | interval | its assumption holds | promised | held | +- | width | error of "
         "its middle | typical error | refused |");
    puts("|---|---|---|---:|---:|---:|---:|---:|---:|---:|");
    for (size_t i = 0; i < count; i++)
        for (int id = 0; id < CLAIM_COUNT; id++)
            print_claim(&all[i], (enum claim_id)id);
}
