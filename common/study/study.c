#include "study/study.h"

#include <sodium.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "study/keys.h"
#include "study/yaml.h"

#ifndef PKGDATADIR
#define PKGDATADIR "/usr/local/share/bellpipe/pipelines"
#endif

static enum status new_study(struct study **study, struct error *err)
{
    *study = calloc(1, sizeof **study);
    if (*study == NULL)
        return error_no_memory(err);
    (*study)->directory = ".";
    return STATUS_OK;
}

enum status study_empty(struct study **study, struct error *err)
{
    enum status s = new_study(study, err);
    if (s != STATUS_OK)
        return s;
    (*study)->root = node_new_map(&(*study)->arena, NULL);
    if ((*study)->root != NULL)
        return STATUS_OK;
    study_free(*study);
    *study = NULL;
    return error_no_memory(err);
}

void study_free(struct study *study)
{
    if (study == NULL)
        return;
    arena_free(&study->arena);
    free(study);
}

static bool split_path(struct study *study, const char *path)
{
    const char *slash = strrchr(path, '/');
    study->path = arena_copy(&study->arena, path, strlen(path));
    if (slash != NULL)
        study->directory =
            slash == path ? "/" : arena_copy(&study->arena, path, (size_t)(slash - path));
    return study->path != NULL && study->directory != NULL;
}

/* The name goes into a header line, so it may hold no control. */
static enum status read_name(struct study *study, struct error *err)
{
    const struct node *node = node_child(study->root, "study");
    study->name = node_text(node);
    if (study->name == NULL)
        return STATUS_OK;
    for (const char *c = study->name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f || *c == '\\')
            return node_error(node, err,
                              "the name of a study may hold no backslash, tab or "
                              "other control character");
    if (study->name[0] == '\0')
        return node_error(node, err, "the name of a study may not be empty");
    return STATUS_OK;
}

static enum status make_scales(struct study *study, struct error *err)
{
    const struct node *scales = node_child(study->root, "scales");
    size_t count = scales != NULL && scales->kind == NODE_MAP ? scales->count : 0;
    const struct scale **list = arena_calloc(&study->arena, count, sizeof(struct scale *));
    if (list == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (scale_builtin(scales->keys[i]) != NULL)
            return node_key_error(scales->items[i], err,
                                  "scale %s is built in; give yours another name", scales->keys[i]);
        enum status s = scale_make(scales->keys[i], scales->items[i], &study->arena, &list[i], err);
        if (s != STATUS_OK)
            return s;
    }
    study->scales = list;
    study->scale_count = count;
    return STATUS_OK;
}

static void checksum(struct study *study, const struct buffer *bytes)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const char *data = bytes->data != NULL ? bytes->data : "";
    (void)crypto_hash_sha256(hash, (const unsigned char *)data, bytes->len);
    (void)sodium_bin2hex(study->sha256, sizeof study->sha256, hash, sizeof hash);
}

/* Scales that normalize names must be there, so that --check-study finds a slip. */
static enum status check_scale_names(const struct study *study, struct error *err)
{
    const struct node *score = node_find(study_section(study, "normalize"), "score");
    const struct node *one = node_child(score, "scale");
    const struct node *many = node_child(score, "scales");
    const struct scale *found;
    enum status s = STATUS_OK;
    if (node_text(one) != NULL)
        s = study_scale(study, node_text(one), one, &found, err);
    for (size_t i = 0; s == STATUS_OK && many != NULL && i < many->count; i++)
        if (node_text(many->items[i]) != NULL)
            s = study_scale(study, node_text(many->items[i]), many->items[i], &found, err);
    return s;
}

static enum status fill(struct study *study, const char *path, struct buffer *bytes,
                        struct error *err)
{
    struct node *root;
    if (!split_path(study, path))
        return error_no_memory(err);
    enum status s = yaml_read_file(path, &study->arena, &root, bytes, err);
    if (s != STATUS_OK)
        return s;
    study->root = root;
    checksum(study, bytes);
    s = keys_check_study(root, err);
    if (s == STATUS_OK)
        s = read_name(study, err);
    if (s == STATUS_OK)
        s = make_scales(study, err);
    return s == STATUS_OK ? check_scale_names(study, err) : s;
}

enum status study_open(const char *path, struct study **study, struct error *err)
{
    struct buffer bytes = BUFFER_INIT;
    enum status s = new_study(study, err);
    if (s != STATUS_OK)
        return s;
    s = fill(*study, path, &bytes, err);
    buffer_free(&bytes);
    if (s != STATUS_OK) {
        study_free(*study);
        *study = NULL;
    }
    return s;
}

const struct node *study_section(const struct study *study, const char *name)
{
    static const struct node empty = {.kind = NODE_MAP};
    const struct node *section = node_child(study->root, name);
    if (section != NULL && section->kind == NODE_SCALAR)
        return &empty;
    return section;
}

enum status study_scale(const struct study *study, const char *name, const struct node *at,
                        const struct scale **scale, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    for (size_t i = 0; i < study->scale_count; i++)
        if (strcmp(study->scales[i]->name, name) == 0) {
            *scale = study->scales[i];
            return STATUS_OK;
        }
    *scale = scale_builtin(name);
    if (*scale != NULL)
        return STATUS_OK;
    size_t builtin_count;
    const char *const *builtin = scale_builtin_names(&builtin_count);
    size_t count = study->scale_count + builtin_count;
    const char **names = calloc(count, sizeof(char *));
    if (names == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < study->scale_count; i++)
        names[i] = study->scales[i]->name;
    memcpy(names + study->scale_count, builtin, builtin_count * sizeof(char *));
    const char *near = text_nearest(name, names, count);
    (void)text_escape(shown, slice_of(name));
    if (near != NULL)
        (void)node_error(at, err, "there is no scale '%s'; did you mean '%s'?", shown, near);
    else
        (void)node_error(at, err,
                         "there is no scale '%s'; built in are stars5, nps, likert5, likert7, "
                         "sentiment3, thumbs, percent, others stand under scales: of the study",
                         shown);
    free(names);
    return STATUS_USAGE;
}

bool study_line(const struct study *study, struct buffer *out)
{
    if (study->path == NULL)
        return true;
    const char *name = study->name;
    if (name != NULL)
        return buffer_append_text(out, name) && buffer_appendf(out, "\tsha256=%s", study->sha256);
    const char *slash = strrchr(study->path, '/');
    const char *base = slash != NULL ? slash + 1 : study->path;
    const char *dot = strrchr(base, '.');
    size_t len = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
    bool ok = true;
    for (size_t i = 0; i < len && ok; i++) {
        bool odd = (unsigned char)base[i] < 0x20 || base[i] == 0x7f || base[i] == '\\';
        ok = buffer_append_byte(out, odd ? '_' : base[i]);
    }
    return ok && buffer_appendf(out, "\tsha256=%s", study->sha256);
}

static enum status join(const char *directory, const char *name, struct buffer *path,
                        struct error *err)
{
    buffer_clear(path);
    bool ok = true;
    if (name[0] != '/' && strcmp(directory, ".") != 0)
        ok = buffer_append_text(path, directory) &&
             (directory[strlen(directory) - 1] == '/' || buffer_append_byte(path, '/'));
    ok = ok && buffer_append_text(path, name);
    return ok ? STATUS_OK : error_no_memory(err);
}

enum status study_resolve_path(const struct study *study, const struct node *name,
                               struct buffer *path, struct error *err)
{
    /* What stands in no file has no line. */
    const char *text = node_text(name) == NULL ? "" : node_text(name);
    return join(name->line == 0 ? "." : study->directory, text, path, err);
}

/* The pipelines directory of the installation that this program belongs to, wherever it was moved
 * (`make install prefix=`), or of the source tree around a build; false if there is none. */
static bool beside_program(char path[PATH_MAX])
{
    static const char *const places[] = {"/../share/bellpipe/pipelines", "/../pipelines",
                                         "/pipelines"};
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0)
        return false;
    program[len] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int n = snprintf(path, PATH_MAX, "%s%s", program, places[i]);
        if (n > 0 && n < PATH_MAX && access(path, F_OK) == 0)
            return true;
    }
    return false;
}

enum status study_resolve_pack(const struct study *study, const struct node *node,
                               struct buffer *path, struct error *err)
{
    const char *name = node_text(node) == NULL ? "" : node_text(node);
    enum status s = study_resolve_path(study, node, path, err);
    if (s != STATUS_OK || name[0] == '/' || access(path->data, F_OK) == 0)
        return s;
    char beside[PATH_MAX];
    const char *installed = getenv("BELL_DATADIR");
    if (installed == NULL)
        installed = beside_program(beside) ? beside : PKGDATADIR;
    struct buffer second = BUFFER_INIT;
    s = join(installed, name, &second, err);
    if (s == STATUS_OK && access(second.data, F_OK) != 0) {
        char one[TEXT_ESCAPED_MAX];
        char two[TEXT_ESCAPED_MAX];
        s = error_set(err, STATUS_USAGE, "there is no rule pack '%s', and none in '%s'",
                      text_escape(one, slice_of(path->data)),
                      text_escape(two, slice_of(installed)));
    }
    if (s == STATUS_OK) {
        buffer_free(path);
        *path = second;
        second = (struct buffer)BUFFER_INIT;
    }
    buffer_free(&second);
    return s;
}
