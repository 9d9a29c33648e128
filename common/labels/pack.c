#include "labels/pack.h"

#include <string.h>

#include "base/text.h"
#include "study/keys.h"
#include "study/yaml.h"

/* What may stand in a pack: the two keys of its own, and labels as in a study. */
static enum status check_pack(const struct node *root, struct arena *arena, struct error *err)
{
    static const char *const known[] = {"about", "labels"};
    char shown[TEXT_ESCAPED_MAX];

    if (root->kind != NODE_MAP || node_child(root, "labels") == NULL)
        return node_error(root, err, "a rule pack is a map with labels; this has none");
    for (size_t i = 0; i < root->count; i++) {
        const char *key = root->keys[i];
        if (strcmp(key, known[0]) == 0 || strcmp(key, known[1]) == 0)
            continue;
        const char *nearest = text_nearest(key, known, sizeof(known) / sizeof(*known));
        return node_key_error(root->items[i], err, "a rule pack has no key '%s'%s%s%s",
                              text_escape(shown, slice_of(key)), nearest == NULL ? "" : "; is it '",
                              nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?");
    }
    const struct node *about = node_child(root, "about");
    if (about != NULL && about->kind != NODE_SCALAR)
        return node_error(about, err, "about: a text is wanted here");

    struct node *section = node_new_map(arena, root->file);
    struct node *labels = node_copy(arena, node_child(root, "labels"));
    if (section == NULL || labels == NULL || !node_put(arena, section, "labels", labels))
        return error_no_memory(err);
    return keys_check_section("classify", section, err);
}

enum status pack_read(const struct study *study, const struct node *name, struct arena *arena,
                      const struct node **labels, struct error *err)
{
    struct buffer path = BUFFER_INIT;
    struct node *root = NULL;
    enum status s;

    if (node_text(name) == NULL)
        return node_error(name, err, "packs: the name of a file is wanted here");
    s = study_resolve_pack(study, name, &path, err);
    if (s != STATUS_OK) {
        if (s == STATUS_USAGE)
            error_at(err, name->file, name->line, name->column);
        goto end;
    }
    s = yaml_read_file(path.data, arena, &root, NULL, err);
    if (s == STATUS_OK)
        s = check_pack(root, arena, err);
    if (s == STATUS_OK)
        *labels = node_child(root, "labels");
end:
    buffer_free(&path);
    return s;
}

enum status pack_add_labels(struct rules *rules, const struct study *study,
                            const struct node *section, struct arena *arena, struct error *err)
{
    const struct node *packs = node_child(section, "packs");
    const struct node *own = node_child(section, "labels");

    for (size_t p = 0; p < node_list_count(packs); p++) {
        const struct node *labels;
        enum status s = pack_read(study, node_list_item(packs, p), arena, &labels, err);
        if (s != STATUS_OK)
            return s;
        if (labels->kind != NODE_MAP) /* `labels:` with nothing behind */
            continue;
        for (size_t l = 0; s == STATUS_OK && l < labels->count; l++)
            if (node_child(own, labels->keys[l]) == NULL)
                s = rules_add_label(rules, labels->keys[l], labels->items[l], err);
        if (s != STATUS_OK)
            return s;
    }
    if (own == NULL || (own->kind == NODE_SCALAR && node_text(own) == NULL))
        return STATUS_OK;
    return rules_add(rules, own, err);
}
