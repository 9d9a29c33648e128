/* sampler.h - makes feedback whose truth is known.
 *
 *     struct sampler *sampler;
 *     s = sampler_new(&(struct sampler_options){.seed = 1, .rows = 20000}, &sampler, err);
 *     s = sampler_write(sampler, out, err);        // the CSV, header and all rows
 *     s = sampler_write_truth(sampler, truth, err); // what stood behind it
 *     sampler_free(sampler);
 *
 * The model.  Every person of the population has an account of one kind on one platform, and
 * an opinion from 0 (worst) to 32 (best).  Opinions form a bell whose middle depends on the
 * kind; each platform shows them on a scale of its own.  Whether a person writes depends on
 * how strong the opinion is: from the middle one writes where sixty would from an end, and each
 * platform draws one end more than the other.  So the population is a bell, and what
 * comes in is a U or a J.  Some people write several times; a person's opinion stays.
 *
 * Persons are never held one by one.  They stand in cells (platform, kind, opinion) with exact
 * counts; whoever writes first from a cell is its next person, and all that is known of a
 * person is drawn again from seed and number when wanted.  Memory is a few kilobytes for any
 * population.
 *
 * The same options give the same bytes on every machine.  How the row of a given seed looks
 * may change between versions of bellpipe, which NEWS would say.
 */
#ifndef BELL_SAMPLING_SAMPLER_H
#define BELL_SAMPLING_SAMPLER_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "io/output.h"

/* Limits of what may be asked for: rows keep ids of 18 digits apart. */
#define SAMPLER_ROWS_MAX UINT64_C(1000000000000)
#define SAMPLER_POPULATION_MAX UINT64_C(1000000000000)

struct sampler_options {
    uint64_t seed;
    uint64_t rows;       /* records of the CSV, without its header */
    uint64_t population; /* persons; 0: 20 for each row, at least 1 */
};

struct sampler;

/* Out of limits: STATUS_USAGE. */
enum status sampler_new(const struct sampler_options *options, struct sampler **sampler,
                        struct error *err) BELL_CHECK;
void sampler_free(struct sampler *sampler);

/* The header line of the CSV, with its LF. */
const char *sampler_header(void);
/* Appends the next row; false if memory ran out.  May be called any number of times. */
bool sampler_append_row(struct sampler *sampler, struct buffer *csv) BELL_CHECK;
/* Appends the truth as CSV: platform, kind, scale, score, then the persons of that group
 * (population), those of them who wrote (respondents), what they wrote (records) and how many
 * of these carry a rating (rated).  Sums to the population and to the rows made so far. */
bool sampler_append_truth(const struct sampler *sampler, struct buffer *csv) BELL_CHECK;

/* The header and all rows.  Once a sampler. */
enum status sampler_write(struct sampler *sampler, struct output *out,
                          struct error *err) BELL_CHECK;
enum status sampler_write_truth(const struct sampler *sampler, struct output *out,
                                struct error *err) BELL_CHECK;

#endif
