/* bell-sample - makes feedback with a known population, opinions and readiness to answer. */
#include <string.h>

#include "cli/filter.h"
#include "sampling/sampler.h"
#include "io/output.h"

static bool to_stdout(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

static enum status write_both(struct sampler *sampler, struct output **out, struct output **truth,
                              struct error *err)
{
    enum status s = sampler_write(sampler, *out, err);
    if (s == STATUS_OK && *truth != NULL)
        s = sampler_write_truth(sampler, *truth, err);
    /* So that what fails late, a full disk or a closed pipe, leaves neither. */
    if (s == STATUS_OK)
        s = output_flush(*out, err);
    if (s == STATUS_OK && *truth != NULL) {
        struct output *done = *truth;
        *truth = NULL;
        s = output_commit(done, err);
    }
    if (s == STATUS_OK) {
        struct output *done = *out;
        *out = NULL;
        s = output_commit(done, err);
    }
    return s;
}

static enum status sample_run(struct settings *settings, struct error *err)
{
    const struct sampler_options options = {
        .seed = (uint64_t)settings_int(settings, "seed"),
        .rows = (uint64_t)settings_int(settings, "rows"),
        .population = settings_text(settings, "population") == NULL
                          ? 0
                          : (uint64_t)settings_int(settings, "population"),
    };
    const char *csv_path = settings->common.output;
    const char *truth_path = settings_text(settings, "truth");
    if (truth_path != NULL &&
        (to_stdout(csv_path) ? to_stdout(truth_path) : strcmp(csv_path, truth_path) == 0))
        return error_set(err, STATUS_USAGE,
                         "the sample and its truth cannot both go to '%s': give --truth FILE",
                         truth_path);
    struct sampler *sampler = NULL;
    struct output *out = NULL;
    struct output *truth = NULL;
    enum status s = sampler_new(&options, &sampler, err);
    if (s == STATUS_OK)
        s = output_open(&out, csv_path, OUTPUT_DEFAULT, err);
    if (s == STATUS_OK && truth_path != NULL)
        s = output_open(&truth, truth_path, OUTPUT_DEFAULT, err);
    if (s == STATUS_OK)
        s = write_both(sampler, &out, &truth, err);
    output_abort(truth);
    output_abort(out);
    sampler_free(sampler);
    return s;
}

const struct filter filter_sample = {
    .name = "sample",
    .args_doc = "",
    .summary = "make feedback whose truth is known",
    .doc = "Writes made-up feedback as CSV: three platforms, five kinds of account, ratings on "
           "three scales, times in three formats, untidy text.  Behind it stands a population "
           "whose opinions form a bell; the stronger an opinion, the more readily its owner "
           "writes.  The same seed gives the same bytes on every machine.  --truth writes what "
           "the population thinks and how many of each opinion wrote.",
    .input = FILTER_IN_NONE,
    .common = "output",
    .run = sample_run,
};
