/* rejects.h - the file of refused records: a plain-text stream
 * `file line offset length field code reason raw`.
 *
 * It is written straight to its place, not by way of a temporary file, because it is kept when
 * the run fails; then it lacks #end.  One writer at a time.
 */
#ifndef BELL_RECORDS_REJECTS_H
#define BELL_RECORDS_REJECTS_H

#include "records/batch.h"

struct rejects;

/* Creates or empties the file.  STATUS_IO if it cannot be. */
enum status rejects_open(struct rejects **rejects, const char *path, struct error *err) BELL_CHECK;
/* file: name of the source, or missing; raw: the record's bytes, or missing. */
enum status rejects_write(struct rejects *rejects, struct slice file, const struct refusal *refusal,
                          struct slice raw, struct error *err) BELL_CHECK;
/* All is written: ends the stream with #end and closes the file, so that its faults are seen
 * before any other output takes its place.  Only rejects_close() may follow. */
enum status rejects_seal(struct rejects *rejects, struct error *err) BELL_CHECK;
/* Ends the stream with #end if complete, else leaves it cut; closes (unless sealed)
 * and frees. */
enum status rejects_close(struct rejects *rejects, bool complete, struct error *err) BELL_CHECK;

#endif
