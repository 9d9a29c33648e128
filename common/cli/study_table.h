/* study_table.h - the table of a study, made as `bell run` makes it, in a file that is gone
 * afterwards.
 *
 *     struct study_table *table;
 *     s = study_table_make(&table, &run, settings, err);
 *     ... reads study_table_path(table) ...
 *     study_table_free(table);
 *
 * It is the table of the section `aggregate`, with all its columns, to be read with the study.  It
 * lies in $TMPDIR (else /tmp), readable by its owner only, and goes with the program
 * even when that is killed by a signal.
 */
#ifndef BELL_CLI_STUDY_TABLE_H
#define BELL_CLI_STUDY_TABLE_H

#include "cli/study_plan.h"

struct study_table;

/* run->output and run->table_options are not looked at.  settings: threads and limits of the whole.
 * STATUS_USAGE: a study without that section; else as the run fails.  *table is to be freed also
 * after an error was printed (it may name a step). */
enum status study_table_make(struct study_table **table, const struct study_run *run,
                             const struct settings *settings, struct error *err) BELL_CHECK;
const char *study_table_path(const struct study_table *table);
/* NULL is allowed. */
void study_table_free(struct study_table *table);

#endif
