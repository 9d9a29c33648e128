/* pack.h - rule packs: files with labels that many studies share.
 *
 * A pack is a YAML file with a map `labels:`, of the same form as that of a study's classify,
 * and `about:`, a text for its reader:
 *
 *     about: What kind of account writes, judged by its handle and bio.
 *     labels:
 *       account_kind: {from: [account, bio], rules: [...], else: individual}
 *
 * It is looked for beside the study file, then among the installed pipelines.  The same label
 * in two packs is an error, unless the study has its own, which is taken instead of both.
 */
#ifndef BELL_LABELS_PACK_H
#define BELL_LABELS_PACK_H

#include "base/arena.h"
#include "base/error.h"
#include "labels/rules.h"
#include "study/node.h"
#include "study/study.h"

/* Reads and checks a pack; its labels (a map) live in the arena.  name is a scalar: the pack as
 * the study or an option names it. */
enum status pack_read(const struct study *study, const struct node *name, struct arena *arena,
                      const struct node **labels, struct error *err) BELL_CHECK;

/* Adds the labels of a classify section: those of its packs in order, less those that it has
 * itself, then its own.  The arena outlives the rules. */
enum status pack_add_labels(struct rules *rules, const struct study *study,
                            const struct node *section, struct arena *arena,
                            struct error *err) BELL_CHECK;

#endif
