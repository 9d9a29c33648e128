/* study.h - a study file, read and checked.
 *
 *     struct study *study;
 *     s = study_open("airline.yaml", &study, err);
 *     const struct node *ingest = study_section(study, "ingest");
 *     study_free(study);
 *
 * Everything handed out lives as long as the study, which is read only once open.
 */
#ifndef BELL_STUDY_STUDY_H
#define BELL_STUDY_STUDY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "study/node.h"
#include "study/scale.h"

enum { STUDY_SHA256_TEXT = 65 };

struct study {
    const char *path;                  /* as given; NULL for study_empty() */
    const char *directory;             /* of the file: "." if the path has none */
    const char *name;                  /* its `study:` key; NULL if absent */
    char sha256[STUDY_SHA256_TEXT];    /* of the file's bytes, in hex; "" for study_empty() */
    const struct node *root;           /* a map, never NULL */
    const struct scale *const *scales; /* those of `scales:`, in file order */
    size_t scale_count;
    struct arena arena;
};

/* Reads and checks the whole file: YAML, keys of every section, scales. */
enum status study_open(const char *path, struct study **study, struct error *err) BELL_CHECK;
/* A study without a file: no section, only the built-in scales. */
enum status study_empty(struct study **study, struct error *err) BELL_CHECK;
void study_free(struct study *study);

/* The map of a section (empty if nothing stands under it); NULL if the study has none. */
const struct node *study_section(const struct study *study, const char *name);

/* A scale by name: those of the study first, then the built-in ones.  at (may be NULL) is the
 * node that names it, for the place in the message.  Unknown: STATUS_USAGE with the nearest. */
enum status study_scale(const struct study *study, const char *name, const struct node *at,
                        const struct scale **scale, struct error *err) BELL_CHECK;

/* Appends the text of a #study line behind "#study\t": NAME\tsha256=...; nothing without a study
 * file.  A study without `study:` is called by the file's name without directory and extension.
 * false: out of memory. */
bool study_line(const struct study *study, struct buffer *out) BELL_CHECK;

/* Where the side file is that a text node names: an absolute path as it is; else beside the study
 * file (without one, or if the name is from the command line: in the working directory).  The path
 * goes to *path (emptied first). */
enum status study_resolve_path(const struct study *study, const struct node *name,
                               struct buffer *path, struct error *err) BELL_CHECK;
/* Where a rule pack is: as above if it is there, else in the installed pipelines directory
 * ($BELL_DATADIR; else that beside the program, wherever it is installed; else PKGDATADIR).  In
 * neither: STATUS_USAGE, both places named. */
enum status study_resolve_pack(const struct study *study, const struct node *name,
                               struct buffer *path, struct error *err) BELL_CHECK;

#endif
