/* The main() of every program that is one filter: FILTER names it. */
#include "cli/program.h"

extern const struct filter FILTER;

int main(int argc, char **argv)
{
    return program_main(&FILTER, argc, argv);
}
