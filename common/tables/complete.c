#include "tables/complete.h"

#include <stdlib.h>

struct completion {
    const struct distribution *plan;
    struct groups *groups;
    struct intern present;  /* keys without their scale */
    struct intern contexts; /* keys without their scale and the completed columns */
    struct buffer packed;
    struct slice *key;
    struct slice *context;
    size_t *digits; /* the value of each completed column, as an odometer */
    struct slice scale;
    uint64_t charged;
};

static bool pack(struct buffer *out, const struct slice *key, size_t count)
{
    buffer_clear(out);
    for (size_t i = 0; i < count; i++) {
        uint64_t len = slice_missing(key[i]) ? UINT64_MAX : key[i].len;
        if (!buffer_append(out, &len, sizeof len) ||
            (key[i].len > 0 && !buffer_append(out, key[i].data, key[i].len)))
            return false;
    }
    return true;
}

static void unpack(struct slice packed, struct slice *key, size_t count)
{
    const char *at = packed.data;
    for (size_t i = 0; i < count; i++) {
        uint64_t len;
        memcpy(&len, at, sizeof len);
        at += sizeof len;
        key[i] = len == UINT64_MAX ? SLICE_MISSING : (struct slice){at, (size_t)len};
        at += key[i].len;
    }
}

static enum status add_packed(struct completion *c, struct intern *intern, const struct slice *key,
                              struct error *err)
{
    if (!pack(&c->packed, key, c->plan->by_count + 2) ||
        intern_add(intern, (struct slice){c->packed.data, c->packed.len}, NULL) == INTERN_NONE)
        return error_no_memory(err);
    uint64_t held = intern_held(&c->present) + intern_held(&c->contexts);
    if (held <= c->charged)
        return STATUS_OK;
    enum status s = budget_take(c->groups->budget, held - c->charged, "groups", err);
    if (s == STATUS_OK)
        c->charged = held;
    return s;
}

static enum status survey(struct completion *c, struct error *err)
{
    size_t by = c->plan->by_count;
    enum status s = STATUS_OK;
    for (size_t i = 0; s == STATUS_OK && i < groups_count(c->groups); i++) {
        groups_key(c->groups, i, c->key);
        c->key[by] = SLICE_MISSING;
        s = add_packed(c, &c->present, c->key, err);
        for (size_t k = 0; k < c->plan->complete_count; k++)
            c->key[c->plan->complete[k].by] = SLICE_MISSING;
        if (s == STATUS_OK)
            s = add_packed(c, &c->contexts, c->key, err);
    }
    bool nothing_else = c->plan->complete_count == by && !c->plan->windows;
    if (s == STATUS_OK && nothing_else) {
        for (size_t i = 0; i < by + 2; i++)
            c->key[i] = SLICE_MISSING;
        s = add_packed(c, &c->contexts, c->key, err);
    }
    return s;
}

/* false: all combinations were seen. */
static bool turn(struct completion *c)
{
    for (size_t k = 0; k < c->plan->complete_count; k++) {
        if (++c->digits[k] < c->plan->complete[k].count)
            return true;
        c->digits[k] = 0;
    }
    return false;
}

static enum status fill_context(struct completion *c, struct slice context, struct error *err)
{
    size_t by = c->plan->by_count;
    enum status s = STATUS_OK;
    unpack(context, c->context, by + 2);
    do {
        for (size_t i = 0; i < by + 2; i++)
            c->key[i] = c->context[i];
        for (size_t k = 0; k < c->plan->complete_count; k++)
            c->key[c->plan->complete[k].by] = c->plan->complete[k].values[c->digits[k]];
        if (!pack(&c->packed, c->key, by + 2))
            return error_no_memory(err);
        struct slice packed = {c->packed.data, c->packed.len};
        if (intern_find(&c->present, packed) == INTERN_NONE) {
            struct group *group;
            c->key[by] = c->scale;
            s = groups_find(c->groups, c->key, &group, err);
        }
    } while (s == STATUS_OK && turn(c));
    return s;
}

enum status complete_groups(const struct distribution *plan, struct groups *groups,
                            struct slice scale, struct error *err)
{
    if (plan->complete_count == 0)
        return STATUS_OK;
    for (size_t k = 0; k < plan->complete_count; k++) {
        if (plan->complete[k].count == 0)
            return STATUS_OK;
    }
    struct completion c = {.plan = plan,
                           .groups = groups,
                           .present = INTERN_INIT,
                           .contexts = INTERN_INIT,
                           .packed = BUFFER_INIT,
                           .scale = scale};
    enum status s = STATUS_OK;
    c.key = calloc(plan->by_count + 2, sizeof *c.key);
    c.context = calloc(plan->by_count + 2, sizeof *c.context);
    c.digits = calloc(plan->complete_count, sizeof *c.digits);
    if (c.key == NULL || c.context == NULL || c.digits == NULL)
        s = error_no_memory(err);
    if (s == STATUS_OK)
        s = survey(&c, err);
    for (uint32_t i = 0; s == STATUS_OK && i < c.contexts.count; i++)
        s = fill_context(&c, c.contexts.keys[i], err);
    budget_give(groups->budget, c.charged);
    intern_free(&c.present);
    intern_free(&c.contexts);
    buffer_free(&c.packed);
    free(c.key);
    free(c.context);
    free(c.digits);
    return s;
}
