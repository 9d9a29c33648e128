#include "cli/check_study.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

/* Makes the stage of one filter as `bell-FILTER --study=PATH [-O .]` would. */
static enum status check_section(const struct study *study, const struct filter *filter,
                                 bool tables, struct error *err)
{
    char study_option[] = "--study";
    char directory_option[] = "--output-directory";
    char here[] = ".";
    char *name = strdup(filter->name);
    char *path = strdup(study->path);
    char *argv[] = {name, study_option, path, directory_option, here, NULL};
    struct settings *settings = NULL;
    struct stage stage = {.ops = NULL};
    enum status s = STATUS_OK;
    if (name == NULL || path == NULL)
        s = error_no_memory(err);
    if (s == STATUS_OK)
        s = options_parse_step(filter, tables ? 5 : 3, argv, study, &settings, err);
    if (s == STATUS_OK)
        s = filter->make_stage(settings, &stage, err);
    if (s == STATUS_OK)
        stage.ops->free(stage.self);
    /* The settings' name of the program dies with them. */
    if (s != STATUS_OK && err != NULL)
        err->program = NULL;
    settings_free(settings);
    free(name);
    free(path);
    return s;
}

enum status check_study(const struct study *study, const struct filter *const *filters,
                        size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct filter *filter = filters[i];
        if (filter->make_stage == NULL)
            continue;
        enum status s = STATUS_OK;
        if (study_section(study, filter->name) != NULL)
            s = check_section(study, filter, false, err);
        if (s == STATUS_OK && filter->gathers && study_section(study, "tables") != NULL)
            s = check_section(study, filter, true, err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}
