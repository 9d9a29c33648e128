/* estimator-cases [--show] FILE.json ... - runs cases through the functions of stats/.
 *
 * --show prints a line of JSON for each case: its id and what came out (null: refused).
 *
 * A file has `cases`: each an id, an op, an input, what is expected of it, and tolerances rtol and
 * atol.  |got - expected| <= atol + rtol |expected|; null is a figure that is not defined.  An
 * `expected` of {"error": ...} is an input that must be refused.  Keys that begin with `truth` say
 * what was true where the case comes from, not what a function gives: they are passed over.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops.h"

static const struct estimator_op *const all_ops[] = {describe_ops,  coverage_ops, selection_ops,
                                                     weighting_ops, bell_ops,     calibration_ops};

static const struct estimator_op *find_op(const char *name)
{
    for (size_t list = 0; list < sizeof all_ops / sizeof all_ops[0]; list++)
        for (const struct estimator_op *op = all_ops[list]; op->name != NULL; op++)
            if (strcmp(op->name, name) == 0)
                return op;
    return NULL;
}

struct tolerance {
    double rtol;
    double atol;
};

struct place {
    char text[200];
};

static struct place inside(const struct place *place, const char *key)
{
    struct place longer = *place;
    size_t len = strlen(longer.text);
    (void)snprintf(longer.text + len, sizeof longer.text - len, "%s%s", len == 0 ? "" : ".", key);
    return longer;
}

static bool tell(const struct place *place, const json_t *got, const json_t *expected)
{
    char *have = got == NULL ? NULL : json_dumps(got, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    char *want = json_dumps(expected, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    printf("#   %s: %.300s, expected %.300s\n", place->text, have == NULL ? "nothing" : have,
           want == NULL ? "?" : want);
    free(have);
    free(want);
    return false;
}

static bool same_number(double got, double expected, const struct tolerance *t)
{
    return fabs(got - expected) <= t->atol + t->rtol * fabs(expected);
}

static bool agrees(const struct place *place, const json_t *got, const json_t *expected,
                   const struct tolerance *t);

static bool lists_agree(const struct place *place, const json_t *got, const json_t *expected,
                        const struct tolerance *t)
{
    if (!json_is_array(got) || json_array_size(got) != json_array_size(expected))
        return tell(place, got, expected);
    bool good = true;
    for (size_t i = 0; i < json_array_size(expected); i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%zu", i);
        struct place here = inside(place, number);
        good = agrees(&here, json_array_get(got, i), json_array_get(expected, i), t) && good;
    }
    return good;
}

static bool objects_agree(const struct place *place, const json_t *got, const json_t *expected,
                          const struct tolerance *t)
{
    const char *key;
    json_t *value;
    bool good = true;
    json_object_foreach((json_t *)expected, key, value)
    {
        struct place here = inside(place, key);
        if (strncmp(key, "truth", 5) != 0)
            good = agrees(&here, json_object_get(got, key), value, t) && good;
    }
    return good;
}

static bool agrees(const struct place *place, const json_t *got, const json_t *expected,
                   const struct tolerance *t)
{
    if (json_is_object(expected))
        return objects_agree(place, got, expected, t);
    if (json_is_array(expected))
        return lists_agree(place, got, expected, t);
    if (json_is_number(expected) && json_is_number(got) &&
        same_number(json_number_value(got), json_number_value(expected), t))
        return true;
    if (!json_is_number(expected) && got != NULL && json_equal(got, expected))
        return true;
    return tell(place, got, expected);
}

static void print_result(const json_t *one, json_t *got)
{
    json_t *line = json_pack("{s:O?, s:O?}", "id", json_object_get(one, "id"), "got", got);
    char *text = json_dumps(line, JSON_REAL_PRECISION(17));
    if (text != NULL)
        puts(text);
    free(text);
    json_decref(line);
}

static bool run_case(const json_t *one, bool show)
{
    const char *name = json_string_value(json_object_get(one, "op"));
    const json_t *expected = json_object_get(one, "expected");
    const struct estimator_op *op = name == NULL ? NULL : find_op(name);
    const struct tolerance t = {ops_number_or(one, "rtol", 1e-9),
                                ops_number_or(one, "atol", 1e-12)};
    struct error err = ERROR_INIT;
    struct place place = {""};
    if (op == NULL || expected == NULL) {
        printf("#   no op '%s'\n", name == NULL ? "" : name);
        return false;
    }
    json_t *got = op->run(json_object_get(one, "input"), &err);
    bool good;
    if (show)
        print_result(one, got);
    if (json_object_get(expected, "error") != NULL) {
        good = got == NULL;
        if (!good)
            printf("#   a result where an error is expected\n");
    } else if (got == NULL) {
        printf("#   refused: %s\n", err.text);
        good = false;
    } else {
        good = agrees(&place, got, expected, &t);
    }
    json_decref(got);
    return good;
}

static bool run_file(const char *path, bool show, unsigned *passed, unsigned *failed)
{
    json_error_t fault;
    json_t *file = json_load_file(path, 0, &fault);
    const json_t *cases = json_object_get(file, "cases");
    if (!json_is_array(cases)) {
        (void)fprintf(stderr, "estimator-cases: %s:%d: %s\n", path, file == NULL ? fault.line : 0,
                      file == NULL ? fault.text : "no cases");
        json_decref(file);
        return false;
    }
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *id = json_string_value(json_object_get(one, "id"));
        bool good = run_case(one, show);
        if (!good)
            printf("not ok - %s\n", id == NULL ? "?" : id);
        *passed += good;
        *failed += !good;
    }
    json_decref(file);
    return true;
}

int main(int argc, char **argv)
{
    unsigned passed = 0;
    unsigned failed = 0;
    const bool show = argc > 1 && strcmp(argv[1], "--show") == 0;
    if (argc < 2 + show) {
        (void)fprintf(stderr, "usage: estimator-cases [--show] FILE.json ...\n");
        return 2;
    }
    for (int i = 1 + show; i < argc; i++)
        if (!run_file(argv[i], show, &passed, &failed))
            return 2;
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
