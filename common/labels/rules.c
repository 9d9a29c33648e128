/* rules.c - the labels of a study, made ready: see rules.h.  What is done to each record stands
 * in rules_apply.c. */
#include "labels/rules.h"

#include <inttypes.h>
#include <stdlib.h>

#include "labels/rules_plan.h"

enum status rules_new(struct rules **rules, struct error *err)
{
    *rules = calloc(1, sizeof(**rules));
    if (*rules == NULL)
        return error_no_memory(err);
    enum status s = phrases_new(&(*rules)->phrases, err);
    if (s != STATUS_OK) {
        free(*rules);
        *rules = NULL;
    }
    return s;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL)
        return;
    for (size_t l = 0; l < rules->label_count; l++) {
        for (size_t r = 0; r < rules->labels[l].rule_count; r++) {
            regex_free(rules->labels[l].rules[r].regex);
            conditions_free(rules->labels[l].rules[r].where);
        }
    }
    phrases_free(rules->phrases);
    free(rules->labels);
    arena_free(&rules->arena);
    free(rules);
}

size_t rules_label_count(const struct rules *rules)
{
    return rules->label_count;
}

static bool is_name(const char *name)
{
    if (name[0] == '\0')
        return false;
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            return false;
    return true;
}

/* A label that a rule or `else` gives. */
static enum status read_label(const struct node *node, bool set, struct slice *label,
                              struct error *err)
{
    if (node != NULL && node->kind != NODE_SCALAR)
        return node_error(node, err, "one label is wanted here");
    *label = slice_of(node_text(node));
    if (set && label->data != NULL && label->len == 0)
        return node_error(node, err, "a label of a set may not be empty");
    if (set && label->data != NULL && memchr(label->data, ',', label->len) != NULL)
        return node_error(node, err, "a label of a set may hold no comma");
    return STATUS_OK;
}

static enum status read_phrases(struct rules *rules, const struct node *node, const char *key,
                                struct phrase_list *list, struct error *err)
{
    if (node == NULL)
        return STATUS_OK;
    if (node->kind == NODE_MAP || node_list_count(node) == 0)
        return node_error(node, err, "%s: a word or phrase, or a list of them, is wanted here",
                          key);
    list->ids = arena_calloc(&rules->arena, node_list_count(node), sizeof(*list->ids));
    if (list->ids == NULL)
        return error_no_memory(err);
    for (size_t i = 0; i < node_list_count(node); i++) {
        const struct node *item = node_list_item(node, i);
        if (node_text(item) == NULL)
            return node_error(item, err, "%s: a word or phrase is wanted here", key);
        enum status s = phrases_add(rules->phrases, slice_of(node_text(item)), &list->ids[i], err);
        if (s != STATUS_OK) {
            error_at(err, item->file, item->line, item->column);
            return s;
        }
        list->count++;
    }
    return STATUS_OK;
}

static enum status read_where(struct rule *rule, const struct node *node, struct error *err)
{
    if (node == NULL)
        return STATUS_OK;
    enum status s = conditions_new(&rule->where, err);
    if (s == STATUS_OK)
        s = conditions_add_node(rule->where, node, err);
    if (s == STATUS_OK && conditions_count(rule->where) == 0)
        s = node_error(node, err,
                       "where: a condition is wanted here, for instance "
                       "{followers: \">= 100\"}");
    return s;
}

static enum status read_rule(struct rules *rules, struct label *label, const struct node *node,
                             struct rule *rule, struct error *err)
{
    enum status s;

    if (node->kind != NODE_MAP)
        return node_error(node, err, "a rule is a map, for instance {label: x, any: [y, z]}");
    rule->node = node;
    if (node_text(node_child(node, "label")) == NULL)
        return node_error(node, err, "the rule has no label; add one: {label: NAME, ...}");
    s = read_label(node_child(node, "label"), label->set, &rule->label, err);
    if (s != STATUS_OK)
        return s;
    s = read_phrases(rules, node_given(node, "any"), "any", &rule->any, err);
    if (s != STATUS_OK)
        return s;
    s = read_phrases(rules, node_given(node, "all"), "all", &rule->all, err);
    if (s != STATUS_OK)
        return s;
    const struct node *pattern = node_given(node, "regex");
    if (pattern != NULL) {
        s = regex_compile(&rule->regex, pattern, err);
        if (s != STATUS_OK)
            return s;
        rule->regex_node = pattern;
    }
    s = read_where(rule, node_given(node, "where"), err);
    if (s != STATUS_OK)
        return s;

    bool reads = rule->any.count > 0 || rule->all.count > 0 || rule->regex != NULL;
    if (!reads && rule->where == NULL)
        return node_error(node, err,
                          "the rule asks for nothing; give it any, all, regex or where, "
                          "or use else for what is left");
    if (reads && label->from == NULL)
        return node_error(label->node, err, "label '%s' has no from: which field is to be read?",
                          label->name);
    if (rule->where != NULL)
        label->remembers = false;
    return STATUS_OK;
}

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The labels that a set may hold, in byte order, and the place of each rule's among them. */
static enum status order_names(struct rules *rules, struct label *label, struct error *err)
{
    size_t count = 0;

    label->names = arena_calloc(&rules->arena, label->rule_count, sizeof(*label->names));
    if (label->names == NULL)
        return error_no_memory(err);
    for (size_t r = 0; r < label->rule_count; r++)
        label->names[r] = label->rules[r].label;
    qsort(label->names, label->rule_count, sizeof(*label->names), compare_slices);
    for (size_t i = 0; i < label->rule_count; i++)
        if (count == 0 || !slice_equal(label->names[count - 1], label->names[i]))
            label->names[count++] = label->names[i];
    label->name_count = count;
    for (size_t r = 0; r < label->rule_count; r++) {
        const struct slice *at = bsearch(&label->rules[r].label, label->names, count,
                                         sizeof(*label->names), compare_slices);
        label->rules[r].name = (size_t)(at - label->names);
    }
    return STATUS_OK;
}

static enum status read_rules(struct rules *rules, struct label *label, const struct node *list,
                              struct error *err)
{
    size_t count = list->kind == NODE_LIST ? list->count : 1;

    label->rules = arena_calloc(&rules->arena, count, sizeof(*label->rules));
    if (label->rules == NULL)
        return error_no_memory(err);
    for (size_t r = 0; r < count; r++) {
        label->rule_count++;
        enum status s = read_rule(rules, label, list->kind == NODE_LIST ? list->items[r] : list,
                                  &label->rules[r], err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

static struct label *add_entry(struct rules *rules)
{
    if (rules->label_count == rules->label_cap) {
        size_t cap = rules->label_cap == 0 ? 8 : rules->label_cap * 2;
        struct label *labels = realloc(rules->labels, cap * sizeof(*labels));
        if (labels == NULL)
            return NULL;
        rules->labels = labels;
        rules->label_cap = cap;
    }
    struct label *label = &rules->labels[rules->label_count++];
    *label = (struct label){.remembers = true};
    return label;
}

static enum status check_name(const struct rules *rules, const char *name, const struct node *node,
                              struct error *err)
{
    if (node->kind != NODE_MAP)
        return node_error(node, err, "label '%s': a map with from and rules is wanted here", name);
    if (!is_name(name))
        return node_error(node, err,
                          "a label is the name of a field: it may not be empty or hold "
                          "control characters");
    if (rules->label_count >= RULES_LABELS_MAX)
        return node_error(node, err, "more than %d labels", RULES_LABELS_MAX);
    for (size_t l = 0; l < rules->label_count; l++)
        if (strcmp(rules->labels[l].name, name) == 0)
            return node_error(node, err, "label '%s' stands already in %s:%" PRIu64, name,
                              rules->labels[l].node->file, rules->labels[l].node->line);
    return STATUS_OK;
}

enum status rules_add_label(struct rules *rules, const char *name, const struct node *node,
                            struct error *err)
{
    enum status s = check_name(rules, name, node, err);
    if (s != STATUS_OK)
        return s;

    struct label *label = add_entry(rules);
    if (label == NULL)
        return error_no_memory(err);
    label->name = name;
    label->node = node;
    label->from = node_given(node, "from");
    if (label->from != NULL && (label->from->kind == NODE_MAP || node_list_count(label->from) == 0))
        return node_error(label->from, err, "from: a field, or a list of fields, is wanted here");
    const struct node *all = node_given(node, "all");
    if (all != NULL && (node_text(all) == NULL || !key_parse_flag(node_text(all), &label->set)))
        return node_error(all, err, "all: true or false is wanted here");
    s = read_label(node_child(node, "else"), label->set, &label->otherwise, err);
    if (s != STATUS_OK)
        return s;
    const struct node *list = node_child(node, "rules");
    if (list == NULL || (list->kind == NODE_LIST && list->count == 0) ||
        (list->kind == NODE_SCALAR))
        return node_error(list == NULL ? node : list, err, "label '%s' has no rules", name);
    s = read_rules(rules, label, list, err);
    if (s == STATUS_OK && label->set)
        s = order_names(rules, label, err);
    return s;
}

enum status rules_add(struct rules *rules, const struct node *labels, struct error *err)
{
    if (labels->kind != NODE_MAP)
        return node_error(labels, err, "labels: a map of labels is wanted here");
    for (size_t i = 0; i < labels->count; i++) {
        enum status s = rules_add_label(rules, labels->keys[i], labels->items[i], err);
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

/* Labels that read the same field share one reading of it. */
static size_t add_text(struct rules *rules, size_t column, const char *name)
{
    size_t t = 0;
    while (t < rules->text_count && rules->texts[t].column != column)
        t++;
    if (t == rules->text_count)
        rules->texts[rules->text_count++] = (struct text){.column = column, .name = name};
    return t;
}

static enum status find_texts(struct rules *rules, struct label *label, const struct schema *schema,
                              struct error *err)
{
    label->text_count = node_list_count(label->from);
    label->texts = arena_calloc(&rules->arena, label->text_count, sizeof(*label->texts));
    struct text *texts =
        arena_calloc(&rules->arena, rules->text_count + label->text_count, sizeof(*texts));
    if (label->texts == NULL || texts == NULL)
        return error_no_memory(err);
    if (rules->text_count > 0)
        memcpy(texts, rules->texts, rules->text_count * sizeof(*texts));
    rules->texts = texts;
    for (size_t f = 0; f < label->text_count; f++) {
        const struct node *item = node_list_item(label->from, f);
        size_t column;
        if (node_text(item) == NULL)
            return node_error(item, err, "from: the name of a field is wanted here");
        enum status s = node_require_field(item, schema, node_text(item), &column, err);
        if (s != STATUS_OK)
            return s;
        label->texts[f] = add_text(rules, column, node_text(item));
    }
    label->remembers = label->remembers && label->text_count == 1;
    if (label->remembers)
        label->slot = rules->texts[label->texts[0]].slot_count++;
    return STATUS_OK;
}

static bool make_mask(struct rules *rules, struct phrase_list *list)
{
    list->mask = arena_calloc(&rules->arena, phrases_words(rules->phrases), sizeof(*list->mask));
    for (size_t i = 0; list->mask != NULL && i < list->count; i++)
        list->mask[list->ids[i] / 64] |= UINT64_C(1) << (list->ids[i] % 64);
    return list->mask != NULL;
}

static enum status list_choices(struct rules *rules, struct label *label, struct error *err)
{
    struct slice *values = arena_calloc(&rules->arena, label->rule_count + 1, sizeof(*values));
    if (values == NULL)
        return error_no_memory(err);
    for (size_t r = 0; r < label->rule_count; r++)
        values[r] = label->rules[r].label;
    values[label->rule_count] = label->otherwise;
    label->coded = !label->set && label->rule_count < DICTIONARY_MAX;
    label->choices =
        (struct dictionary){values, (uint32_t)label->rule_count + 1, dictionary_new_id()};
    return STATUS_OK;
}

static void look_at_rules(struct label *label, size_t words)
{
    label->by_phrases = true;
    label->any_only = true;
    for (size_t r = 0; r < label->rule_count; r++) {
        const struct rule *rule = &label->rules[r];
        label->by_phrases = label->by_phrases && rule->any.count + rule->all.count > 0;
        label->any_only = label->any_only && rule->any.count > 0 && rule->all.count == 0 &&
                          rule->regex == NULL && rule->where == NULL;
    }
    label->few = label->any_only && words == 1 && label->rule_count <= LABEL_FEW;
    for (size_t r = 0; label->few && r < label->rule_count; r++)
        label->few_masks[r] = label->rules[r].any.mask[0];
}

static enum status open_label(struct rules *rules, struct label *label, struct schema *schema,
                              struct error *err)
{
    enum status s = find_texts(rules, label, schema, err);

    for (size_t r = 0; s == STATUS_OK && r < label->rule_count; r++) {
        struct rule *rule = &label->rules[r];
        if (rule->where != NULL)
            s = conditions_bind(rule->where, schema, err);
        if (s == STATUS_OK && !(make_mask(rules, &rule->any) && make_mask(rules, &rule->all)))
            s = error_no_memory(err);
    }
    if (s == STATUS_OK)
        s = list_choices(rules, label, err);
    if (s != STATUS_OK)
        return s;
    look_at_rules(label, phrases_words(rules->phrases));
    if (schema_find(schema, label->name) != SCHEMA_NONE)
        return node_error(label->node, err,
                          "label '%s': the records have a field of that name already; "
                          "give the label another name",
                          label->name);
    return schema_add(schema, label->name, label->set ? FIELD_SET : FIELD_STR, &label->column, err);
}

enum status rules_open(struct rules *rules, struct schema *schema, struct error *err)
{
    rules->field_count = schema->count;
    enum status s = phrases_build(rules->phrases, err);
    for (size_t l = 0; s == STATUS_OK && l < rules->label_count; l++)
        s = open_label(rules, &rules->labels[l], schema, err);
    return s;
}

void rules_reads(const struct rules *rules, const bool *wanted, bool *fields)
{
    memcpy(fields, wanted, rules->field_count * sizeof(*fields));
    for (size_t t = 0; t < rules->text_count; t++)
        if (rules->texts[t].column < rules->field_count)
            fields[rules->texts[t].column] = true;
    for (size_t l = 0; l < rules->label_count; l++)
        for (size_t r = 0; r < rules->labels[l].rule_count; r++)
            if (rules->labels[l].rules[r].where != NULL)
                conditions_reads(rules->labels[l].rules[r].where, fields);
}
