#include "study/scale.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "study/keys.h"

#define M(x) ((int64_t)(x)*DECIMAL_ONE)

static const int64_t one_to_seven[] = {M(1), M(2), M(3), M(4), M(5), M(6), M(7)};
static const int64_t zero_to_ten[] = {M(0), M(1), M(2), M(3), M(4), M(5),
                                      M(6), M(7), M(8), M(9), M(10)};
static const int64_t minus_to_plus[] = {M(-1), M(0), M(1)};
static const char *const sentiment_names[] = {"negative", "neutral", "positive"};
static const char *const thumb_names[] = {"down", "up"};
static const struct scale_word sentiment_words[] = {
    {{"negative", 8}, M(-1)}, {{"neutral", 7}, M(0)}, {{"positive", 8}, M(1)}};
static const struct scale_word thumb_words[] = {{{"down", 4}, M(0)}, {{"up", 2}, M(1)}};

static const struct scale builtins[] = {
    {.name = "stars5",
     .min = M(1),
     .max = M(5),
     .step = M(1),
     .point_count = 5,
     .points = one_to_seven},
    {.name = "nps",
     .min = M(0),
     .max = M(10),
     .step = M(1),
     .point_count = 11,
     .points = zero_to_ten},
    {.name = "likert5",
     .min = M(1),
     .max = M(5),
     .step = M(1),
     .point_count = 5,
     .points = one_to_seven},
    {.name = "likert7",
     .min = M(1),
     .max = M(7),
     .step = M(1),
     .point_count = 7,
     .points = one_to_seven},
    {.name = "sentiment3",
     .min = M(-1),
     .max = M(1),
     .step = M(1),
     .point_count = 3,
     .points = minus_to_plus,
     .names = sentiment_names,
     .words = sentiment_words,
     .word_count = 3},
    {.name = "thumbs",
     .min = M(0),
     .max = M(1),
     .step = M(1),
     .point_count = 2,
     .points = zero_to_ten,
     .names = thumb_names,
     .words = thumb_words,
     .word_count = 2},
    {.name = "percent", .min = M(0), .max = M(100)},
};
enum { BUILTIN_COUNT = sizeof builtins / sizeof builtins[0] };

const struct scale *scale_builtin(const char *name)
{
    for (size_t i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return &builtins[i];
    return NULL;
}

const char *const *scale_builtin_names(size_t *count)
{
    static const char *const names[] = {"stars5",     "nps",    "likert5", "likert7",
                                        "sentiment3", "thumbs", "percent"};
    _Static_assert(sizeof names / sizeof names[0] == BUILTIN_COUNT, "one name a scale");
    *count = BUILTIN_COUNT;
    return names;
}

static int64_t orient(const struct scale *scale, int64_t value)
{
    return scale->reverse ? scale->min + scale->max - value : value;
}

static int compare_values(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int compare_words(const void *a, const void *b)
{
    const struct scale_word *x = a;
    const struct scale_word *y = b;
    return slice_compare(x->word, y->word);
}

static int compare_slices(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

bool scale_holds(const struct scale *scale, int64_t value)
{
    if (value < scale->min || value > scale->max)
        return false;
    if (scale->points != NULL)
        return bsearch(&value, scale->points, (size_t)scale->point_count, sizeof value,
                       compare_values) != NULL;
    return scale->step == 0 || (value - scale->min) % scale->step == 0;
}

enum scale_reading scale_read(const struct scale *scale, struct slice answer, int64_t *millionths)
{
    if (slice_missing(answer))
        return SCALE_MISSING;
    if (scale->word_count > 0) {
        struct scale_word wanted = {.word = answer};
        const struct scale_word *word =
            bsearch(&wanted, scale->words, scale->word_count, sizeof *scale->words, compare_words);
        if (word != NULL) {
            *millionths = word->value;
            return SCALE_SCORE;
        }
    }
    if (scale->missing_count > 0 && bsearch(&answer, scale->missing, scale->missing_count,
                                            sizeof *scale->missing, compare_slices) != NULL)
        return SCALE_MISSING;
    int64_t value;
    if (decimal_parse(answer, &value) != DECIMAL_OK)
        return SCALE_OFF;
    value = orient(scale, value);
    if (!scale_holds(scale, value))
        return SCALE_OFF;
    *millionths = value;
    return SCALE_SCORE;
}

/* A scale in the making: what scale_make() and scale_make_inline() share. */
struct making {
    const char *name;
    const struct node *map;
    struct arena *arena;
    struct error *err;
    struct scale *scale;
    bool has_range;
    int64_t *points; /* as answered until turn_points() */
};

static enum status read_number(const struct making *m, const struct node *node, const char *what,
                               int64_t *value)
{
    char shown[TEXT_ESCAPED_MAX];
    const char *text = node_text(node);
    if (text == NULL)
        return node_error(node, m->err, "scale %s: %s must be a number", m->name, what);
    switch (decimal_parse(slice_of(text), value)) {
    case DECIMAL_OK:
        return STATUS_OK;
    case DECIMAL_TOO_FINE:
        return node_error(node, m->err, "scale %s: %s %s has more than 6 decimal places", m->name,
                          what, text_escape(shown, slice_of(text)));
    case DECIMAL_TOO_LARGE:
        return node_error(node, m->err, "scale %s: %s %s is too large (limit 10^12)", m->name, what,
                          text_escape(shown, slice_of(text)));
    default:
        return node_error(node, m->err, "scale %s: %s must be a number, not '%s'", m->name, what,
                          text_escape(shown, slice_of(text)));
    }
}

static enum status read_range(struct making *m)
{
    const struct node *range = node_child(m->map, "range");
    if (node_list_count(range) == 0)
        return STATUS_OK;
    if (node_list_count(range) != 2)
        return node_error(range, m->err, "scale %s: range must be two numbers, [lowest, highest]",
                          m->name);
    enum status s = read_number(m, node_list_item(range, 0), "range", &m->scale->min);
    if (s == STATUS_OK)
        s = read_number(m, node_list_item(range, 1), "range", &m->scale->max);
    if (s == STATUS_OK && m->scale->min >= m->scale->max)
        s = node_error(
            range, m->err, "scale %s: the first number of range must be below the second%s",
            m->name,
            m->scale->min > m->scale->max ? "; if low answers are good, add reverse: true" : "");
    m->has_range = true;
    return s;
}

static enum status read_step(struct making *m)
{
    const struct node *step = node_child(m->map, "step");
    struct scale *scale = m->scale;
    if (node_text(step) == NULL)
        return STATUS_OK;
    if (!m->has_range)
        return node_error(step, m->err, "scale %s: step needs a range", m->name);
    enum status s = read_number(m, step, "step", &scale->step);
    if (s != STATUS_OK)
        return s;
    if (scale->step <= 0)
        return node_error(step, m->err, "scale %s: step must be above 0", m->name);
    if ((scale->max - scale->min) % scale->step != 0)
        return node_error(step, m->err,
                          "scale %s: steps from the low end of range miss its high end", m->name);
    scale->point_count = (uint64_t)((scale->max - scale->min) / scale->step) + 1;
    if (scale->point_count > SCALE_POINTS_MAX)
        return STATUS_OK;
    m->points = arena_calloc(m->arena, (size_t)scale->point_count, sizeof *m->points);
    if (m->points == NULL)
        return error_no_memory(m->err);
    for (size_t i = 0; i < scale->point_count; i++)
        m->points[i] = scale->min + (int64_t)i * scale->step;
    return STATUS_OK;
}

/* Sorted values as the scale's points; min and max from them unless there is a range. */
static void take_points(struct making *m, int64_t *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_values);
    m->points = values;
    m->scale->point_count = count;
    if (!m->has_range) {
        m->scale->min = values[0];
        m->scale->max = values[count - 1];
    }
}

static enum status check_in_range(const struct making *m, const struct node *node, const char *what,
                                  int64_t value)
{
    char number[DECIMAL_TEXT_MAX];
    if (!m->has_range || (value >= m->scale->min && value <= m->scale->max))
        return STATUS_OK;
    number[decimal_format(number, value)] = '\0';
    return node_error(node, m->err, "scale %s: %s %s is outside the range", m->name, what, number);
}

static enum status read_points(struct making *m)
{
    const struct node *points = node_child(m->map, "points");
    size_t count = node_list_count(points);
    if (count == 0)
        return STATUS_OK;
    if (m->scale->step != 0)
        return node_error(points, m->err, "scale %s: give step or points, not both", m->name);
    if (count < 2 || count > SCALE_POINTS_MAX)
        return node_error(points, m->err, "scale %s: points must be 2 to %d numbers", m->name,
                          SCALE_POINTS_MAX);
    int64_t *values = arena_calloc(m->arena, count, sizeof *values);
    if (values == NULL)
        return error_no_memory(m->err);
    for (size_t i = 0; i < count; i++) {
        const struct node *item = node_list_item(points, i);
        enum status s = read_number(m, item, "point", &values[i]);
        if (s == STATUS_OK)
            s = check_in_range(m, item, "point", values[i]);
        if (s != STATUS_OK)
            return s;
    }
    take_points(m, values, count);
    for (size_t i = 1; i < count; i++)
        if (values[i] == values[i - 1])
            return node_error(points, m->err, "scale %s: a number stands twice in points", m->name);
    return STATUS_OK;
}

/* The values of the words are the points if nothing else says what is on the scale. */
static enum status points_from_words(struct making *m, const struct node *words)
{
    int64_t *values = arena_calloc(m->arena, words->count, sizeof *values);
    if (values == NULL)
        return error_no_memory(m->err);
    for (size_t i = 0; i < words->count; i++)
        values[i] = m->scale->words[i].value;
    qsort(values, words->count, sizeof *values, compare_values);
    size_t n = 0;
    for (size_t i = 0; i < words->count; i++)
        if (n == 0 || values[n - 1] != values[i])
            values[n++] = values[i];
    if (n > SCALE_POINTS_MAX)
        return node_error(words, m->err, "scale %s: words stand for more than %d numbers", m->name,
                          SCALE_POINTS_MAX);
    take_points(m, values, n);
    if (m->scale->min == m->scale->max)
        return node_error(words, m->err,
                          "scale %s: all words stand for one number; a scale needs two", m->name);
    return STATUS_OK;
}

static bool answer_is_point(const struct making *m, int64_t value)
{
    if (m->points != NULL)
        return bsearch(&value, m->points, (size_t)m->scale->point_count, sizeof value,
                       compare_values) != NULL;
    return m->scale->step == 0 || (value - m->scale->min) % m->scale->step == 0;
}

/* Answers are compared without blanks round them. */
static enum status check_blanks(const struct making *m, const struct node *node, const char *text)
{
    char shown[TEXT_ESCAPED_MAX];
    struct slice word = slice_of(text);
    if (slice_trim(word).len == word.len)
        return STATUS_OK;
    return node_error(node, m->err,
                      "scale %s: '%s' begins or ends with a blank, which answers never do; take it "
                      "out",
                      m->name, text_escape(shown, word));
}

static enum status read_words(struct making *m)
{
    const struct node *words = node_child(m->map, "words");
    if (words == NULL || (words->kind == NODE_SCALAR && node_text(words) == NULL))
        return STATUS_OK;
    if (words->kind != NODE_MAP || words->count == 0)
        return node_error(words, m->err, "scale %s: words must be a map {answer: number}", m->name);
    struct scale_word *list = arena_calloc(m->arena, words->count, sizeof *list);
    if (list == NULL)
        return error_no_memory(m->err);
    for (size_t i = 0; i < words->count; i++) {
        const struct node *value = words->items[i];
        char shown[TEXT_ESCAPED_MAX];
        list[i].word = slice_of(words->keys[i]);
        enum status s = check_blanks(m, value, words->keys[i]);
        if (s == STATUS_OK)
            s = read_number(m, value, "the number of a word", &list[i].value);
        if (s == STATUS_OK)
            s = check_in_range(m, value, "word", list[i].value);
        if (s == STATUS_OK && !answer_is_point(m, list[i].value))
            s = node_error(value, m->err, "scale %s: the number of '%s' is not one of its points",
                           m->name, text_escape(shown, list[i].word));
        if (s != STATUS_OK)
            return s;
    }
    m->scale->words = list;
    m->scale->word_count = words->count;
    return m->scale->point_count == 0 ? points_from_words(m, words) : STATUS_OK;
}

static enum status read_missing(struct making *m)
{
    const struct node *missing = node_child(m->map, "missing");
    size_t count = node_list_count(missing);
    struct slice *list = arena_calloc(m->arena, count, sizeof *list);
    if (list == NULL)
        return error_no_memory(m->err);
    for (size_t i = 0; i < count; i++) {
        const struct node *item = node_list_item(missing, i);
        enum status s = check_blanks(m, item, item->text);
        if (s != STATUS_OK)
            return s;
        list[i] = slice_of(item->text);
    }
    if (count > 1)
        qsort(list, count, sizeof *list, compare_slices);
    m->scale->missing = list;
    m->scale->missing_count = count;
    for (size_t i = 0; count > 0 && i < m->scale->word_count; i++) {
        char shown[TEXT_ESCAPED_MAX];
        const struct slice *word = &m->scale->words[i].word;
        if (bsearch(word, list, count, sizeof *list, compare_slices) == NULL)
            continue;
        size_t at = 0;
        while (!slice_is(*word, node_list_item(missing, at)->text))
            at++;
        return node_error(node_list_item(missing, at), m->err,
                          "scale %s: '%s' stands under words and under missing", m->name,
                          text_escape(shown, *word));
    }
    return STATUS_OK;
}

/* ASCII lower case, every other run one "_". */
static char *band_name(struct arena *arena, struct slice word)
{
    char *name = arena_copy(arena, word.data, word.len);
    size_t n = 0;
    for (size_t i = 0; name != NULL && i < word.len; i++) {
        char c = text_lower(word.data[i]);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            name[n++] = c;
        else if (n == 0 || name[n - 1] != '_')
            name[n++] = '_';
    }
    if (name != NULL)
        name[n] = '\0';
    return name;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two bands of one name would be two columns of one name. */
static bool names_differ(struct arena *arena, char *const *names, size_t count, bool *differ)
{
    char **sorted = arena_calloc(arena, count, sizeof(char *));
    if (sorted == NULL)
        return false;
    memcpy(sorted, names, count * sizeof(char *));
    qsort(sorted, count, sizeof(char *), compare_texts);
    *differ = true;
    for (size_t i = 0; i < count; i++)
        if (sorted[i][0] == '\0' || strcmp(sorted[i], "_") == 0 ||
            (i > 0 && strcmp(sorted[i], sorted[i - 1]) == 0))
            *differ = false;
    return true;
}

/* words are still in file order and as answered, points as answered, ascending. */
static enum status name_points(struct making *m, char ***names)
{
    const struct scale *scale = m->scale;
    size_t count = (size_t)scale->point_count;
    bool differ = false;
    *names = NULL;
    if (m->points == NULL || scale->word_count < count)
        return STATUS_OK;
    char **list = arena_calloc(m->arena, count, sizeof(char *));
    if (list == NULL)
        return error_no_memory(m->err);
    size_t named = 0;
    for (size_t i = 0; i < scale->word_count; i++) {
        const int64_t *point =
            bsearch(&scale->words[i].value, m->points, count, sizeof *point, compare_values);
        size_t at = (size_t)(point - m->points);
        if (list[at] != NULL)
            continue;
        list[at] = band_name(m->arena, scale->words[i].word);
        if (list[at] == NULL)
            return error_no_memory(m->err);
        named++;
    }
    if (named < count)
        return STATUS_OK;
    if (!names_differ(m->arena, list, count, &differ))
        return error_no_memory(m->err);
    if (differ)
        *names = list;
    return STATUS_OK;
}

static void turn_points(struct making *m, char **names)
{
    size_t count = m->points != NULL ? (size_t)m->scale->point_count : 0;
    for (size_t i = 0, j = count; m->scale->reverse && i + 1 < j; i++) {
        j--;
        int64_t value = m->points[i];
        m->points[i] = m->points[j];
        m->points[j] = value;
        if (names != NULL) {
            char *name = names[i];
            names[i] = names[j];
            names[j] = name;
        }
    }
    for (size_t i = 0; i < count; i++)
        m->points[i] = orient(m->scale, m->points[i]);
    m->scale->points = m->points;
    m->scale->names = (const char *const *)names;
}

static enum status read_all(struct making *m)
{
    enum status s = read_range(m);
    if (s == STATUS_OK)
        s = read_step(m);
    if (s == STATUS_OK)
        s = read_points(m);
    if (s == STATUS_OK)
        s = read_words(m);
    if (s == STATUS_OK)
        s = read_missing(m);
    if (s == STATUS_OK && !m->has_range && m->scale->point_count == 0)
        s = node_error(m->map, m->err, "scale %s: give it range, points or words", m->name);
    return s;
}

static enum status make(struct making *m, const struct scale **scale)
{
    char **names;
    m->scale = arena_calloc(m->arena, 1, sizeof *m->scale);
    if (m->scale == NULL)
        return error_no_memory(m->err);
    m->scale->name = m->name;
    enum status s = read_all(m);
    if (s == STATUS_OK)
        s = name_points(m, &names);
    if (s != STATUS_OK)
        return s;
    const char *reverse = node_text(node_child(m->map, "reverse"));
    bool flag = false;
    m->scale->reverse = reverse != NULL && key_parse_flag(reverse, &flag) && flag;
    turn_points(m, names);
    struct scale_word *words = (struct scale_word *)m->scale->words;
    for (size_t i = 0; i < m->scale->word_count; i++)
        words[i].value = orient(m->scale, words[i].value);
    if (m->scale->word_count > 1)
        qsort(words, m->scale->word_count, sizeof *words, compare_words);
    *scale = m->scale;
    return STATUS_OK;
}

enum status scale_make(const char *name, const struct node *map, struct arena *arena,
                       const struct scale **scale, struct error *err)
{
    char shown[TEXT_ESCAPED_MAX];
    *scale = NULL;
    if (map->kind != NODE_MAP)
        return node_error(map, err, "scale %s: give it range, points or words",
                          text_escape(shown, slice_of(name)));
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f || name[i] == '\\')
            len = 0;
    if (len == 0 || len > 100)
        return node_key_error(map, err,
                              "'%s' cannot be the name of a scale; use letters and digits",
                              text_escape(shown, slice_of(name)));
    struct making m = {.map = map, .arena = arena, .err = err};
    m.name = arena_copy(arena, name, len);
    if (m.name == NULL)
        return error_no_memory(err);
    return make(&m, scale);
}

enum status scale_make_inline(const struct node *score, struct arena *arena,
                              const struct scale **scale, struct error *err)
{
    char name[3 * DECIMAL_TEXT_MAX + 4];
    *scale = NULL;
    const struct node *range = node_child(score, "range");
    if (node_list_count(range) == 0) {
        const struct node *step = node_child(score, "step");
        return node_error(step != NULL ? step : score, err, "step and reverse need a range");
    }
    struct making m = {.name = "from range", .map = score, .arena = arena, .err = err};
    const struct scale *made;
    enum status s = make(&m, &made);
    if (s != STATUS_OK)
        return s;
    size_t n = decimal_format(name, made->min);
    name[n++] = '.';
    name[n++] = '.';
    n += decimal_format(name + n, made->max);
    if (made->step != 0) {
        name[n++] = '/';
        n += decimal_format(name + n, made->step);
    }
    m.scale->name = arena_copy(arena, name, n);
    if (m.scale->name == NULL)
        return error_no_memory(err);
    *scale = made;
    return STATUS_OK;
}
