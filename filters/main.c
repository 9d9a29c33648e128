/* The main() of every program that is one filter: FILTER names it. */
#include "cli/program.h"
#include "registry.h"

extern const struct filter FILTER;

int main(int argc, char **argv)
{
    return program_main(&FILTER, filter_list, filter_list_count, argc, argv);
}
