/* simulate [OPTION...] - how often each interval holds the truth, where the truth is known.
 *
 *     --populations N   drawn in each scenario; 1000 if not given
 *     --seed N          20240601 if not given; printed
 *     --threads N       all processors if not given; the output is the same
 *     --scenario TEXT   only scenarios whose name holds TEXT
 *
 * Writes Markdown: what was done, a table of the scenarios, a table of the intervals.  Which
 * population number i of a scenario is depends on the seed, its name and i, and on nothing else.
 */
#include <getopt.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "claims.h"
#include "stats/interval.h"

enum { THREADS_MAX = 64 };
#define POPULATIONS_MAX UINT64_C(1000000)

struct trial {
    struct claim claims[CLAIM_COUNT];
    struct facts facts;
};

struct job {
    const struct world *world;
    uint64_t seed;
    uint64_t populations;
    struct trial *trials;
    atomic_uint_fast64_t next;
    atomic_bool failed;
};

struct plan {
    uint64_t populations;
    uint64_t seed;
    uint64_t threads;
    const char *scenario;
};

static void *work(void *argument)
{
    struct job *job = argument;
    for (;;) {
        const uint64_t i = atomic_fetch_add(&job->next, 1);
        struct error err = ERROR_INIT;
        if (i >= job->populations || atomic_load(&job->failed))
            return NULL;
        struct trial *trial = &job->trials[i];
        *trial = (struct trial){0};
        if (claims_make(trial->claims, job->world, job->seed, i, &trial->facts, &err) !=
            STATUS_OK) {
            (void)fprintf(stderr, "simulate: %s, population %llu: %s\n", job->world->name,
                          (unsigned long long)i, err.text);
            atomic_store(&job->failed, true);
        }
    }
}

static bool run_world(struct job *job, uint64_t threads)
{
    pthread_t others[THREADS_MAX];
    size_t started = 0;
    atomic_store(&job->next, 0);
    atomic_store(&job->failed, false);
    while (started + 1 < threads && pthread_create(&others[started], NULL, work, job) == 0)
        started++;
    (void)work(job);
    while (started > 0)
        (void)pthread_join(others[--started], NULL);
    return !atomic_load(&job->failed);
}

/* What all trials of one world say of one claim. */
struct summary {
    double made, shown, held, width, off, squares;
    bool shares; /* it has no single middle that could be off */
};

static struct summary sum_up(const struct job *job, enum claim_id id)
{
    struct summary sum = {0};
    for (uint64_t i = 0; i < job->populations; i++) {
        const struct claim *claim = &job->trials[i].claims[id];
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

static void print_claim(const struct job *job, enum claim_id id)
{
    const struct summary sum = sum_up(job, id);
    const bool anyway = id == CLAIM_ENDS_ANYWAY || id == CLAIM_SLOPE_ANYWAY;
    if (sum.made == 0)
        return;
    /* Nothing was refused: this would be the line before once more. */
    if (anyway && sum_up(job, (enum claim_id)(id - 1)).shown == sum.made)
        return;
    printf("| %s | %s | %s | %.0f %% |", job->world->name, claim_words(id),
           claim_is_entitled(id, job->world) ? "yes" : "no", 100 * claim_promise(id));
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

static void print_world(const struct job *job)
{
    double answers = 0, off = 0;
    char ratio[DOUBLE_TEXT_MAX];
    for (uint64_t i = 0; i < job->populations; i++) {
        answers += job->trials[i].facts.answers;
        off += job->trials[i].facts.naive_off;
    }
    if (job->world->kind == WORLD_MARGINS || job->world->differ > 0)
        (void)snprintf(ratio, sizeof ratio, "varies");
    else
        (void)snprintf(ratio, sizeof ratio, "%.1f", world_ratio(job->world));
    printf("| %s | %s | %s | %.0f | %+.3f |\n", job->world->name, job->world->words, ratio,
           answers / (double)job->populations, rounded(off / (double)job->populations));
}

static bool wanted(const struct plan *plan, const struct world *world)
{
    return plan->scenario == NULL || strstr(world->name, plan->scenario) != NULL;
}

/* Runs everything, and prints the table of the scenarios on the way; jobs keep the rest. */
static bool run_all(const struct plan *plan, struct job *jobs)
{
    printf("Seed %llu, %llu populations in each scenario, %d draws in each bootstrap.\n\n",
           (unsigned long long)plan->seed, (unsigned long long)plan->populations, CLAIM_DRAWS);
    puts("| scenario | population and readiness to answer | readiest over least ready | answers "
         "| error of the mean of the answers |");
    puts("|---|---|---:|---:|---:|");
    for (size_t i = 0; worlds[i].name != NULL; i++) {
        if (!wanted(plan, &worlds[i]))
            continue;
        jobs[i].world = &worlds[i];
        jobs[i].seed = plan->seed;
        jobs[i].populations = plan->populations;
        jobs[i].trials = calloc(plan->populations, sizeof *jobs[i].trials);
        if (jobs[i].trials == NULL) {
            (void)fprintf(stderr, "simulate: out of memory\n");
            return false;
        }
        if (!run_world(&jobs[i], plan->threads))
            return false;
        print_world(&jobs[i]);
        (void)fflush(stdout);
    }
    return true;
}

static void print_claims(const struct job *jobs)
{
    puts("\n| scenario | interval | its assumption holds | promised | held | +- | width | error of "
         "its middle | typical error | refused |");
    puts("|---|---|---|---:|---:|---:|---:|---:|---:|---:|");
    for (size_t i = 0; worlds[i].name != NULL; i++)
        for (int id = 0; id < CLAIM_COUNT && jobs[i].trials != NULL; id++)
            print_claim(&jobs[i], (enum claim_id)id);
}

static uint64_t number_of(const char *text, const char *option, uint64_t least, uint64_t most)
{
    uint64_t value = 0;
    if (!number_parse_u64(slice_of(text), &value) || value < least || value > most) {
        (void)fprintf(stderr, "simulate: --%s is a whole number from %llu to %llu\n", option,
                      (unsigned long long)least, (unsigned long long)most);
        exit(2);
    }
    return value;
}

static void read_options(int argc, char **argv, struct plan *plan)
{
    static const struct option options[] = {{"populations", required_argument, NULL, 'n'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"threads", required_argument, NULL, 'j'},
                                            {"scenario", required_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    int c;
    while ((c = getopt_long(argc, argv, "n:s:j:c:", options, NULL)) != -1) {
        if (c == 'n')
            plan->populations = number_of(optarg, "populations", 1, POPULATIONS_MAX);
        else if (c == 's')
            plan->seed = number_of(optarg, "seed", 0, UINT64_MAX);
        else if (c == 'j')
            plan->threads = number_of(optarg, "threads", 1, THREADS_MAX);
        else if (c == 'c')
            plan->scenario = optarg;
        else
            exit(2);
    }
    if (optind < argc) {
        (void)fprintf(stderr, "simulate: '%s' is no option\n", argv[optind]);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct plan plan = {.populations = 1000, .seed = 20240601, .threads = 1};
    if (processors > 1)
        plan.threads = processors < THREADS_MAX ? (uint64_t)processors : THREADS_MAX;
    read_options(argc, argv, &plan);
    size_t count = 0;
    while (worlds[count].name != NULL)
        count++;
    struct job *jobs = calloc(count, sizeof *jobs);
    bool good = jobs != NULL && run_all(&plan, jobs);
    if (good)
        print_claims(jobs);
    for (size_t i = 0; jobs != NULL && i < count; i++)
        free(jobs[i].trials);
    free(jobs);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("simulate");
        good = false;
    }
    return good ? 0 : 4;
}
