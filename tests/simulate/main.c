/* simulate [OPTION...] - how often each interval holds the truth, where the truth is known.
 *
 *     --populations N   drawn in each scenario; 1000 if not given
 *     --seed N          20240601 if not given; printed
 *     --threads N       all processors if not given; the output is the same
 *     --scenario TEXT   only scenarios whose name holds TEXT
 *
 * Writes Markdown: what was done, then the three tables of report.h.  Which
 * population number i of a scenario is depends on the seed, its name and i, and on nothing else.
 */
#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "report.h"

enum { THREADS_MAX = 64 };
#define POPULATIONS_MAX UINT64_C(1000000)

struct job {
    struct results results;
    struct trial *trials; /* the same, to be filled */
    uint64_t seed;
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
        if (i >= job->results.populations || atomic_load(&job->failed))
            return NULL;
        struct trial *trial = &job->trials[i];
        *trial = (struct trial){0};
        if (claims_make(trial->claims, job->results.world, job->seed, i, &trial->facts, &err) !=
            STATUS_OK) {
            (void)fprintf(stderr, "simulate: %s, population %llu: %s\n", job->results.world->name,
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

static bool wanted(const struct plan *plan, const struct world *world)
{
    return plan->scenario == NULL || strstr(world->name, plan->scenario) != NULL;
}

/* Runs everything, and prints the table of the scenarios on the way; jobs keep the rest. */
static bool run_all(const struct plan *plan, struct job *jobs)
{
    printf("Seed %llu, %llu populations in each scenario, %d draws in each bootstrap.\n\n",
           (unsigned long long)plan->seed, (unsigned long long)plan->populations, CLAIM_DRAWS);
    report_head_of_worlds();
    for (size_t i = 0; worlds[i].name != NULL; i++) {
        if (!wanted(plan, &worlds[i]))
            continue;
        jobs[i].trials = calloc(plan->populations, sizeof *jobs[i].trials);
        jobs[i].seed = plan->seed;
        jobs[i].results = (struct results){&worlds[i], jobs[i].trials, plan->populations};
        if (jobs[i].trials == NULL) {
            (void)fprintf(stderr, "simulate: out of memory\n");
            return false;
        }
        if (!run_world(&jobs[i], plan->threads))
            return false;
        report_world(&jobs[i].results);
        (void)fflush(stdout);
    }
    return true;
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

/* The tables for which everything must be there. */
static bool report_rest(const struct job *jobs, size_t count)
{
    struct results *all = calloc(count, sizeof *all);
    size_t made = 0;
    if (all == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (jobs[i].trials != NULL)
            all[made++] = jobs[i].results;
    report_claims(all, made);
    free(all);
    return true;
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
        good = report_rest(jobs, count);
    for (size_t i = 0; jobs != NULL && i < count; i++)
        free(jobs[i].trials);
    free(jobs);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("simulate");
        good = false;
    }
    return good ? 0 : 4;
}
