/* study-manual.c - makes bell-study(5): copies a template to standard output and puts the keys
 * of the table (study/keys.h) where a line says @KEYS@.
 *
 *     study-manual bell-study.5.in > bell-study.5
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "study/keys.h"

int main(int argc, char **argv)
{
    char line[4096];
    if (argc != 2) {
        (void)fputs("usage: study-manual TEMPLATE\n", stderr);
        return 2;
    }
    FILE *in = fopen(argv[1], "r");
    if (in == NULL) {
        (void)fprintf(stderr, "study-manual: %s: %s\n", argv[1], strerror(errno));
        return 4;
    }
    while (fgets(line, sizeof line, in) != NULL) {
        if (strcmp(line, "@KEYS@\n") == 0)
            keys_print_manual(stdout);
        else
            (void)fputs(line, stdout);
    }
    int failed = ferror(in);
    (void)fclose(in);
    if (fflush(stdout) != 0 || ferror(stdout) != 0 || failed != 0) {
        (void)fputs("study-manual: cannot read the template or write the page\n", stderr);
        return 4;
    }
    return 0;
}
