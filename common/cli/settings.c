#include "cli/settings.h"

#include "base/number.h"
#include "study/keys.h"

const struct node *settings_node(const struct settings *settings, const char *path)
{
    const struct node *node = node_find(settings->section, path);
    if (node != NULL && node->kind == NODE_SCALAR && node_text(node) == NULL)
        return NULL;
    return node;
}

const char *settings_text(const struct settings *settings, const char *path)
{
    const char *text = node_text(settings_node(settings, path));
    if (text != NULL)
        return text;
    const struct key *key = key_find(settings->section_name, path);
    return key != NULL ? key->fallback : NULL;
}

bool settings_flag(const struct settings *settings, const char *path)
{
    bool value = false;
    const char *text = settings_text(settings, path);
    return text != NULL && key_parse_flag(text, &value) && value;
}

int64_t settings_int(const struct settings *settings, const char *path)
{
    int64_t value = 0;
    const char *text = settings_text(settings, path);
    return text != NULL && number_parse_i64(slice_of(text), &value) ? value : 0;
}

bool settings_decimal(const struct settings *settings, const char *path, int64_t *millionths)
{
    const char *text = settings_text(settings, path);
    return text != NULL && decimal_parse(slice_of(text), millionths) == DECIMAL_OK;
}
