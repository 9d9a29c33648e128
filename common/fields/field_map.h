/* field_map.h - rows of a delimited file to the fields of a study.
 *
 * Made once on the source's columns, read only after; each worker has a memo of its own.  For
 * each field of each row, in this order: blanks trimmed, missing spellings, type, pseudonym.
 * Cells that need no change stay slices of the source's bytes.
 *
 *     struct field_map *map;
 *     s = field_map_new(&spec, &header->schema, &map, err);
 *     s = field_map_schema(map, &fields, err);
 *     s = field_map_worker_new(map, &worker, err);
 *     s = field_map_apply(map, worker, batch, err);      // batch: columns in, fields out
 *
 * Bad values are refused with batch_refuse() (code "type", "time"), the number of the column
 * from 1 beside them.  With items the batch grows to rows x items; a refused row leaves one
 * refusal that weighs as many records as there are items, and so do refusals of the source.
 * Where any field is a pseudonym, raw is taken from every refusal, and no reason shows a value of
 * that column.
 */
#ifndef BELL_FIELDS_FIELD_MAP_H
#define BELL_FIELDS_FIELD_MAP_H

#include "base/error.h"
#include "records/batch.h"
#include "records/pseudonym.h"
#include "records/schema.h"
#include "study/node.h"

struct study;

/* Everything here is the caller's and outlives the map. */
struct field_map_spec {
    const struct node *fields;  /* NULL: every column (that is no item) is a str field */
    const struct node *items;   /* NULL: a row is a record */
    const struct node *missing; /* list of spellings; NULL: [""] */
    bool trim;
    bool drop_blank;                 /* rows whose every field is missing (constants set aside) */
    bool origin;                     /* a last field `origin`, FILE:LINE */
    const struct study *study;       /* where side files are looked up */
    const struct pseudonym_key *key; /* NULL: none was given */
    char *const *sources;            /* operands by origin.file; "-" and none: standard input */
    size_t source_count;
};

struct field_map;
struct field_map_worker;

/* STATUS_USAGE: an unknown column, a type without sense, a zone that is none, a pseudonym without
 * key, a column that is a pseudonym here and plain there. */
enum status field_map_new(const struct field_map_spec *spec, const struct schema *columns,
                          struct field_map **map, struct error *err) BELL_CHECK;
void field_map_free(struct field_map *map);

/* Checks all that can be checked before a source is there: everything but its columns and the
 * key.  STATUS_USAGE as above. */
enum status field_map_check(const struct field_map_spec *spec, struct error *err) BELL_CHECK;

/* The fields that come out, as a fresh schema. */
enum status field_map_schema(const struct field_map *map, struct schema *schema,
                             struct error *err) BELL_CHECK;

enum status field_map_worker_new(const struct field_map *map, struct field_map_worker **worker,
                                 struct error *err) BELL_CHECK;
void field_map_worker_free(struct field_map_worker *worker);

/* Which of the fields that come out are needed, one flag each: texts that are not stay behind.
 * Before the first field_map_apply(); without it all are needed. */
void field_map_wants(struct field_map *map, const bool *wanted);

/* Whether a field of the node `fields` is a pseudonym: then the source need not keep raw. */
bool field_map_private(const struct node *fields);

/* STATUS_USAGE if a time has neither offset nor zone (the error names the place), else only for
 * want of memory. */
enum status field_map_apply(const struct field_map *map, struct field_map_worker *worker,
                            struct batch *batch, struct error *err) BELL_CHECK;

#endif
