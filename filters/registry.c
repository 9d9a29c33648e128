#include "registry.h"

#include <string.h>

extern const struct filter filter_aggregate;
extern const struct filter filter_claim;
extern const struct filter filter_classify;
extern const struct filter filter_estimate;
extern const struct filter filter_ingest;
extern const struct filter filter_normalize;
extern const struct filter filter_plot;
extern const struct filter filter_sample;
extern const struct filter filter_view;
extern const struct filter filter_weight;

const struct filter *const filter_list[] = {
    &filter_ingest,   &filter_normalize, &filter_classify, &filter_weight, &filter_aggregate,
    &filter_estimate, &filter_claim,     &filter_plot,     &filter_view,   &filter_sample,
};
const size_t filter_list_count = sizeof filter_list / sizeof filter_list[0];

const struct filter *filter_by_name(const char *name)
{
    if (strncmp(name, "bell-", 5) == 0)
        name += 5;
    for (size_t i = 0; i < filter_list_count; i++)
        if (strcmp(filter_list[i]->name, name) == 0)
            return filter_list[i];
    return NULL;
}
