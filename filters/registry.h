/* registry.h - the list of all filters, for the program `bell`. */
#ifndef BELL_FILTERS_REGISTRY_H
#define BELL_FILTERS_REGISTRY_H

#include "cli/filter.h"

/* In the order of a pipeline. */
extern const struct filter *const filter_list[];
extern const size_t filter_list_count;

/* NULL if there is none of that name ("ingest" or "bell-ingest"). */
const struct filter *filter_by_name(const char *name);

#endif
